"""The schema and the reader, compared: what the reader takes without a word the schema takes; what is wrong in its form it refuses."""

import datetime
import json
import pathlib
import re
import sys
import tomllib

from jsonschema import Draft7Validator

# Mistakes of form, by the code that the reader gives them: a key, a missing key, a kind, a word, a sentence.
FORM = {"R002", "R003", "R004", "R005", "R006", "R015", "R046"}

# What no schema can see, and why.
BEYOND = {
    "r004-date-in-quotation-marks": "to an editor a date is a text",
    "r006-number-too-large": "how large a number of days may be is a matter of the calendar",
    "r037-record-not-understood": "records are rows of one text",
}


def as_json(value):
    """Dates as the text that an editor sees."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime, datetime.time)) else value


def validator(name):
    schema = json.loads(pathlib.Path("business-rules", name).read_text())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


rule_file, framework = validator("rule-file.schema.json"), validator("framework.schema.json")


def complaint(path, text):
    follows = framework if path.endswith("framework.toml") else rule_file
    errors = sorted(follows.iter_errors(as_json(tomllib.loads(text))), key=str)
    return f"{'/'.join(map(str, errors[0].absolute_path))}: {errors[0].message[:200]}" if errors else None


wrong, taken, refused = [], 0, 0
sound = [*pathlib.Path("business-rules").rglob("*.toml"), *pathlib.Path("tests/shapes").rglob("*.toml")]
sound += [path for path in pathlib.Path("tests/semantics").rglob("*.toml") if "rules" in path.parts]
sound += [*pathlib.Path("tests/mutants").glob("*.toml"), *pathlib.Path("tests/problems/base").rglob("*.toml")]
for path in sound:
    taken += 1
    if said := complaint(path.name, path.read_text()):
        wrong.append(f"{path} is sound, but its schema refuses it: {said}")

for path in sorted(pathlib.Path("tests/problems/rules").glob("*.toml")):
    raw = path.read_bytes()
    put = re.search(rb"^# put: (\S+)", raw, re.M)
    codes = set(re.findall(r"\[([RDU]\d{3})\]", path.with_suffix(".txt").read_text()))
    if "R001" in codes or not put:
        continue
    said = complaint(put[1].decode(), raw.decode())
    if codes & FORM and not said and path.stem not in BEYOND:
        wrong.append(f"{path} has a mistake of form ({', '.join(sorted(codes & FORM))}), but its schema takes it")
    refused += bool(said)
    if said and not codes:
        wrong.append(f"{path} is taken by the reader, but its schema refuses it: {said}")

print(f"{taken} sound files follow their schema; {refused} files with mistakes are refused")
if taken < 30 or refused < 10:
    wrong.append("too few files were looked at")
sys.exit("\n".join(wrong) or 0)
