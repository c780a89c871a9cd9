"""Extracts to measure with, made by `dqoh synth` where they are not there yet, and the rules that they are made of."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEN = ROOT / "benches" / "ten"
WHOLE = ROOT / "business-rules" / "dudley-2016-17"
SEED = 7

# What makes each of them differ from the first.
FORMS = {
    "sorted": [],
    "random": ["--order", "random"],
    "guids": ["--ids", "guids"],
    "parquet": ["--as", "parquet"],
}


class Extracts:
    """Extracts of so many people, each made when it is first asked for."""

    def __init__(self, program: Path, work: Path, practices: int, people: int):
        self.program, self.practices, self.people = program, practices, people
        self.work = work
        self.folder = work / f"{practices}-practices-{people}-people"

    def get(self, form: str) -> Path:
        """The folder of an extract."""
        folder = self.folder / form
        if not (folder / "practices.csv").exists():
            rules = rules_for_data(self.work / "rules")
            size = ["--practices", self.practices, "--people", self.people, "--seed", SEED, "--records", "all"]
            ids = [] if "--ids" in FORMS[form] else ["--ids", "ten-digits"]
            command = [self.program, "synth", "--rules", rules, *size, *ids, *FORMS[form], "--out", folder]
            subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        return folder

    def rows(self) -> int:
        """How many events the sorted one has."""
        with open(self.get("sorted") / "events.csv", "rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1

    def bytes(self, form: str = "sorted") -> int:
        """How large the events are."""
        return sum(file.stat().st_size for file in self.get(form).glob("events.*"))

    def remove(self) -> None:
        """Takes them away again: they are large."""
        shutil.rmtree(self.folder, ignore_errors=True)


def rules_for_data(out: Path) -> Path:
    """The rules of Dudley, and of the ten what Dudley does not ask for: so the same extract has rows for ten indicators and for a whole framework."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(WHOLE, out)
    domain = out / "only-in-ten"
    domain.mkdir()
    new = [file for file in (TEN / "code-sets").glob("*.csv") if not (out / "code-sets" / file.name).exists()]
    for file in new:
        shutil.copy(file, out / "code-sets")
    for name in ["registers/chd-or-stroke.toml", "indicators/lipids.toml", "indicators/smear.toml"]:
        shutil.copy(TEN / name, out / "registers" if name.startswith("registers") else domain)
    limits = re.findall(rf"^(?:{'|'.join(file.stem for file in new)})\s*=.*$", (TEN / "framework.toml").read_text(), re.MULTILINE)
    framework = out / "framework.toml"
    with_limits = framework.read_text().replace("[values]\n", "\n".join(["[values]", *limits, ""]), 1)
    framework.write_text(with_limits + '\n[[domain]]\nid = "only-in-ten"\ntitle = "Only in the ten"\n')
    return out


def ten_with_strata(out: Path) -> Path:
    """The ten, counted besides by sex, age and deprivation."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(TEN, out)
    with open(out / "framework.toml", "a") as file:
        file.write("\n[strata]\nsex = true\nage = [0, 18, 40, 65, 80]\nimd-quintile = true\n")
    return out


def whole_without_strata(out: Path) -> Path:
    """The framework of Dudley, counted by nothing but practices, as the ten are."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(WHOLE, out)
    framework = out / "framework.toml"
    text, taken_out = re.subn(r"^\[strata\]\n(?:(?!\[).*\n)*", "", framework.read_text(), flags=re.MULTILINE)
    if taken_out != 1:
        raise SystemExit(f"{WHOLE.name} has no [strata] that could be taken out.")
    framework.write_text(text)
    return out
