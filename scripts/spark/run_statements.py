"""Statements of `dqoh sql`, tables of `dqoh convert --tables` → the counts of all reporting days, as CSV, and beside them those of pathways, and of the last day cells and pairs. By Spark; run with spark-submit."""

import csv
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

statements, tables, counts = (Path(argument).resolve() for argument in sys.argv[1:4])
spark = SparkSession.builder.getOrCreate()


def run(text):
    """Runs statements that end with a semicolon at the end of a line, and gives the answer of the last."""
    answer = None
    for statement in text.split(";\n"):
        if statement.strip():
            answer = spark.sql(statement)
    return answer


def seconds():
    return f"{time.monotonic() - began:.1f} s"


began = time.monotonic()
run((statements / "tables.sql").read_text().replace("path '", f"path '{tables}/"))
print(f"Spark {spark.version}: tables loaded after {seconds()}", flush=True)
queries = [(statements / "counts.sql", counts), (statements / "planning-counts.sql", counts.with_name("planning-counts.csv"))]
queries = [(query.read_text(), answers) for query, answers in queries if query.exists()]  # the second only with a pathway
finer = [(statements / f"{name}.sql", counts.with_name(f"{name}.csv")) for name in ("cells", "pairs")]
finer = [(query.read_text(), answers) for query, answers in finer if query.exists()]


def write(query, answers, mode, header):
    answer = run(query)
    with open(answers, mode, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if header:
            writer.writerow(answer.columns)
        writer.writerows(answer.collect())


for number, day in enumerate(sorted(statements.glob("run-*.sql"))):
    run(day.read_text())
    for query, answers in queries:
        write(query, answers, "a" if number else "w", number == 0)
    print(f"{day.stem} counted after {seconds()}", flush=True)
for query, answers in finer:
    write(query, answers, "w", True)
spark.stop()
