"""Compares the sheets of workbook.xlsx, as LibreOffice wrote them as CSV, with the files beside it: compare.py SHEETS RUN. Ends with 1 where they differ."""

import csv
import os
import sys

sheets, run = sys.argv[1:]
wrong = []


def sheet(name):
    """All rows of a sheet."""
    path = os.path.join(sheets, f"workbook-{name}.csv")
    if not os.path.exists(path):
        wrong.append(f"there is no sheet {name}")
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def table(name):
    """The rows of a sheet's table, by title. Its titles stand under the way back to the contents."""
    rows = sheet(name)
    at = next((at for at, row in enumerate(rows) if row and row[0] == "Contents"), None)
    if at is None:
        wrong.append(f"{name}: no way back to the contents")
        return []
    titles = rows[at + 1]
    return [dict(zip(titles, row)) for row in rows[at + 2 :]]


def file(name):
    with open(os.path.join(run, name), encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def number(text):
    """A number; LibreOffice writes a share as per cent, with all its decimals."""
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def compare(name, keys, columns, rows):
    """Every number of a sheet, against the row of a file with the same key; how many were looked at."""
    own = {tuple(row[title] for title in keys): row for row in table(name)}
    looked_at = 0
    if len(own) != len(rows):
        wrong.append(f"{name} has {len(own)} rows, not {len(rows)}")
    for row in rows:
        key = tuple(row[column] for column in keys.values())
        cells = own.get(key)
        if cells is None:
            wrong.append(f"{name}: {key} is not there")
            continue
        for title, column in columns.items():
            read, wanted = number(cells[title]), number(row[column])
            # What is worth nothing has no points, and no cell is empty.
            if read is None:
                if cells[title] not in ("[x]", "[z]") or wanted:
                    wrong.append(f"{name}: {key} {title} is {cells[title]!r}, not {row[column]!r}")
            elif wanted is None or abs(read - wanted) > 1e-6:
                wrong.append(f"{name}: {key} {title} is {read}, not {row[column]!r}")
            looked_at += 1
    return looked_at


results = file("results.csv")
registers = {row["measure"] for row in results if row["status"] == "register"}
practices = [row for row in results if row["practice_code"] and not row["stratum"] and row["measure"] not in registers]
looked_at = compare(
    "Results",
    {"Indicator": "measure", "Practice code": "practice_code"},
    {
        "Register": "register",
        "Excluded": "excluded",
        "Excepted": "excepted",
        "Denominator": "denominator",
        "Numerator": "numerator",
        "Rate": "ratio",
        "95% interval, lower end": "lower_95",
        "95% interval, upper end": "upper_95",
        "Points": "points",
        "Points that could be earned": "max_points",
        "Pounds, indicative": "payment",
    },
    practices,
)
looked_at += compare(
    "Payment by indicator",
    {"Practice code": "practice_code", "Indicator": "measure"},
    {"Points": "points", "Points that could be earned": "max_points", "Prevalence factor": "prevalence_factor", "Pounds": "payment"},
    file("payment.csv"),
)

listed = [row["Sheet"] for row in table("Contents")]
for name in ["Cover"] + listed:
    rows = sheet(name)
    if not any(cell for row in rows for cell in row):
        wrong.append(f"{name} says nothing")
    failed = [cell for row in rows for cell in row if cell.startswith(("#REF", "#NAME", "#VALUE", "#DIV", "#N/A", "Err:"))]
    if failed:
        wrong.append(f"{name}: {failed[0]}")

if wrong:
    print("\n".join(wrong[:20]), file=sys.stderr)
    sys.exit(f"{len(wrong)} differences")
print(f"LibreOffice reads {len(listed) + 1} sheets; {looked_at} cells are those of the files.")
