"""Statements of `dqoh sql`, tables of `dqoh convert --tables` → the counts of all reporting days, as CSV, and beside them those of pathways. By Spark; run with spark-submit."""

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
for number, day in enumerate(sorted(statements.glob("run-*.sql"))):
    run(day.read_text())
    for query, answers in queries:
        answer = run(query)
        with open(answers, "a" if number else "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if number == 0:
                writer.writerow(answer.columns)
            writer.writerows(answer.collect())
    print(f"{day.stem} counted after {seconds()}", flush=True)
spark.stop()
