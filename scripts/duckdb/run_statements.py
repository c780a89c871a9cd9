"""Statements of `dqoh sql`, tables of `dqoh convert` → the counts of all reporting days, as CSV. By DuckDB."""

import csv
import os
import sys
from pathlib import Path

import duckdb

statements, tables, counts = (Path(argument).resolve() for argument in sys.argv[1:4])
database = duckdb.connect()
os.chdir(tables)  # where tables.sql looks for people.csv and the others
database.execute((statements / "tables.sql").read_text())

query = (statements / "counts.sql").read_text()
with open(counts, "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    for number, day in enumerate(sorted(statements.glob("run-*.sql"))):
        database.execute(day.read_text())
        answer = database.execute(query)
        if number == 0:
            writer.writerow(column[0] for column in answer.description)
        writer.writerows(answer.fetchall())
