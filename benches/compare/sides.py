"""Who runs what: each side is a command that reads an extract and leaves counts behind."""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from extracts import TEN, WHOLE, Extracts, ten_with_strata, whole_without_strata

HERE = Path(__file__).resolve().parent
MONTH_ENDS = [
    "2016-03-31", "2016-04-30", "2016-05-31", "2016-06-30", "2016-07-31", "2016-08-31", "2016-09-30",
    "2016-10-31", "2016-11-30", "2016-12-31", "2017-01-31", "2017-02-28", "2017-03-31",
]  # fmt: skip
THREADS = 2

Counts = dict[tuple[str, str, int], int]


@dataclass
class Side:
    """One command, and where its counts will be."""

    name: str
    words: str
    command: list
    reads: Path
    counts: Path
    compared: bool = True

    def bring_to_hand(self) -> None:
        """Reads all that it will read, so that nobody is charged for what the operating system, or a machine that is shared, had put away meanwhile."""
        for file in filter(Path.is_file, self.reads.glob("*")):
            with open(file, "rb") as opened:
                while opened.read(1 << 20):
                    pass

    def counted(self) -> Counts:
        """People by measure, practice and line, on the last day and of no stratum."""
        with open(self.counts, newline="") as file:
            rows = [row for row in csv.DictReader(file) if not row.get("stratum")]
        last = max((row.get("interval_end", "") for row in rows), default="")
        return {(row["measure"], row["practice_code"], int(row["line"])): int(row["people"]) for row in rows if row.get("interval_end", "") == last}


def sides(program: Path, extracts: Extracts, out: Path) -> dict[str, callable]:
    """All of them by name; each is made, and its extract with it, when it is called."""

    def dqoh(name: str, words: str, form: str = "sorted", rules: Path | None = None, threads: int = THREADS, *options: str, compared: bool = True):
        def make() -> Side:
            folder = out / name
            command = [program, "run", extracts.get(form), "--rules", rules or TEN, "--threads", threads, "--no-report", "--out", folder, *options]
            return Side(name, words, command, extracts.get(form), folder / "counts.csv", compared)

        return make

    def other(engine: str, words: str, form: str, kind: str, *options: str):
        def make() -> Side:
            name = "-".join([engine, form, *options])
            counts = out / f"{name}.csv"
            command = [sys.executable, "-B", HERE / f"{engine}_ten.py", extracts.get(form), kind, TEN, counts, *options]
            return Side(name, words, command, extracts.get(form), counts)

        return make

    def reports(of: str, words: str, rules: Path):
        def make() -> Side:
            made = out / of
            command = [program, "report", "--tally", made / "counts.csv", "--planning", made / "planning-counts.csv"]
            command += ["--practices", extracts.get("sorted") / "practices.csv", "--rules", rules, "--out", out / f"{of}-reports"]
            return Side(f"{of}-reports", words, command, made, made / "counts.csv", False)

        return make

    by_strata = "by sex, age and deprivation besides"
    strata = lambda: dqoh("dqoh-strata", f"dqoh, CSV, {by_strata}", "sorted", ten_with_strata(out / "ten-with-strata"))()
    without = lambda: whole_without_strata(out / "whole-without-strata")
    return {
        "dqoh-sorted": dqoh("dqoh-sorted", "dqoh, CSV"),
        "duckdb-sorted-left-to-it": other("duckdb", "DuckDB, CSV", "sorted", "csv", "left-to-it"),
        "duckdb-sorted": other("duckdb", "DuckDB, CSV, order of joins told", "sorted", "csv"),
        "polars-sorted": other("polars", "Polars, CSV", "sorted", "csv"),
        "dqoh-parquet": dqoh("dqoh-parquet", "dqoh, Parquet", "parquet"),
        "duckdb-parquet": other("duckdb", "DuckDB, Parquet", "parquet", "parquet"),
        "polars-parquet": other("polars", "Polars, Parquet", "parquet", "parquet"),
        "dqoh-random": dqoh("dqoh-random", "dqoh, CSV in random order", "random"),
        "dqoh-guids": dqoh("dqoh-guids", "dqoh, CSV, ids of 36 characters", "guids"),
        "duckdb-guids": other("duckdb", "DuckDB, CSV, ids of 36 characters, order of joins told", "guids", "csv"),
        "polars-guids": other("polars", "Polars, CSV, ids of 36 characters", "guids", "csv"),
        "dqoh-strata": strata,
        "dqoh-one-thread": dqoh("dqoh-one-thread", "dqoh, CSV, one thread", "sorted", None, 1),
        "dqoh-rolling": dqoh("dqoh-rolling", "dqoh, CSV, rolling view", "sorted", None, THREADS, "--view", "rolling"),
        "dqoh-13-days": dqoh(
            "dqoh-13-days", "dqoh, CSV, rolling view on thirteen ends of months", "sorted", None, THREADS, "--view", "rolling", "--as-at", ",".join(MONTH_ENDS)
        ),
        "dqoh-whole": lambda: dqoh("dqoh-whole", "dqoh, CSV, the whole framework of Dudley", "sorted", without(), compared=False)(),
        "dqoh-whole-reports": lambda: reports("dqoh-whole", "dqoh, reports of the whole framework from counts", without())(),
        "dqoh-whole-strata": dqoh("dqoh-whole-strata", f"dqoh, CSV, the whole framework, {by_strata}", "sorted", WHOLE, compared=False),
        "dqoh-whole-strata-reports": reports("dqoh-whole-strata", f"dqoh, reports of the whole framework from counts, {by_strata}", WHOLE),
    }
