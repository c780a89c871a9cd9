"""Statements of `dqoh sql`, tables of `dqoh convert --tables` → the counts of all reporting days, as CSV, and beside them those of pathways, and of the last day cells and pairs. By DuckDB."""

import csv
import os
import sys
from pathlib import Path

import duckdb

statements, tables, counts = (Path(argument).resolve() for argument in sys.argv[1:4])
database = duckdb.connect()
os.chdir(tables)  # where tables.sql looks for people.csv and the others
database.execute((statements / "tables.sql").read_text())

queries = [(statements / "counts.sql", counts), (statements / "planning-counts.sql", counts.with_name("planning-counts.csv"))]
queries = [(query.read_text(), answers) for query, answers in queries if query.exists()]  # the second only with a pathway
finer = [(statements / f"{name}.sql", counts.with_name(f"{name}.csv")) for name in ("cells", "pairs")]
finer = [(query.read_text(), answers) for query, answers in finer if query.exists()]


def write(query, answers, mode, header):
    answer = database.execute(query)
    with open(answers, mode, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if header:
            writer.writerow(column[0] for column in answer.description)
        writer.writerows(answer.fetchall())


for number, day in enumerate(sorted(statements.glob("run-*.sql"))):
    database.execute(day.read_text())
    for query, answers in queries:
        write(query, answers, "a" if number else "w", number == 0)
for query, answers in finer:
    write(query, answers, "w", True)
