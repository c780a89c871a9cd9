"""The rows of the table: what is compared with what, and what was aimed at."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from cost import Cost

Costs = dict[str, list[Cost]]


@dataclass(frozen=True)
class Row:
    """One row. `of` makes its figure; a figure is good when it is at least, or at most, what was aimed at."""

    title: str
    goal: float
    must: float
    needs: list[str]
    of: Callable[[Costs], float]
    unit: str = "×"
    more_is_better: bool = False

    def verdict(self, figure: float) -> str:
        """Whether it is what was aimed at."""
        reaches = lambda aim: figure >= aim if self.more_is_better else figure <= aim
        return "goal met" if reaches(self.goal) else "must met" if reaches(self.must) else "**missed**"

    def shown(self, figure: float) -> str:
        """A figure with its unit."""
        return f"{figure:,.0f}{self.unit}" if self.unit == " MiB" else f"{figure:.2f}{self.unit}"


def times(more: str, less: str, what: str = "cpu") -> Callable[[Costs], float]:
    """How many times as much the first costs as the second: the median of the rounds, each compared with itself."""
    return lambda costs: median(getattr(a, what) / getattr(b, what) for a, b in zip(costs[more], costs[less], strict=True))


def highest(side: str) -> Callable[[Costs], float]:
    """The most memory of any round."""
    return lambda costs: max(cost.mebibytes for cost in costs[side])


def seconds(side: str) -> Callable[[Costs], float]:
    """Processor seconds."""
    return lambda costs: median(cost.cpu for cost in costs[side])


def against(title: str, goal: float, must: float, other: str, ours: str) -> Row:
    """A row that says how many times less we cost than another."""
    return Row(title, goal, must, [ours, other], times(other, ours), "× less", more_is_better=True)


def more(title: str, goal: float, must: float, ours: str, than: str) -> Row:
    """A row that says how many times more one thing costs than another."""
    return Row(title, goal, must, [ours, than], times(ours, than))


ROWS = {
    "csv": against("ten indicators, sorted CSV, against DuckDB from the same CSV", 10, 7, "duckdb-sorted-left-to-it", "dqoh-sorted"),
    "csv-told": against("the same, with the order of joins told to DuckDB", 10, 7, "duckdb-sorted", "dqoh-sorted"),
    "parquet": against("ten indicators, sorted CSV, against DuckDB from Parquet", 2.5, 1.8, "duckdb-parquet", "dqoh-sorted"),
    "memory": Row("peak memory, ten indicators, sorted CSV", 48, 96, ["dqoh-sorted"], highest("dqoh-sorted"), " MiB"),
    "order": more("rows in random order, against sorted", 1.4, 1.8, "dqoh-random", "dqoh-sorted"),
    "whole": more("the whole framework of Dudley, against ten", 1.3, 1.6, "dqoh-whole", "dqoh-sorted"),
    "days": more("thirteen reporting days in one pass, against one (rolling view)", 1.4, 2, "dqoh-13-days", "dqoh-rolling"),
    "own-parquet": against("ten indicators from Parquet, against DuckDB from the same Parquet", 4, 2.5, "duckdb-parquet", "dqoh-parquet"),
    "threads": Row(
        "two threads against one, by the clock", 1.9, 1.7, ["dqoh-one-thread", "dqoh-sorted"], times("dqoh-one-thread", "dqoh-sorted", "wall"),
        "× faster", more_is_better=True,
    ),
    "reports": Row("reports of the whole framework from its counts", 1, 3, ["dqoh-whole", "dqoh-whole-reports"], seconds("dqoh-whole-reports"), " s"),
}  # fmt: skip

# Reported beside: nothing was aimed at.
BESIDE = {
    "polars-csv": against("sorted CSV, against Polars from the same CSV", 0, 0, "polars-sorted", "dqoh-sorted"),
    "polars-parquet": against("sorted CSV, against Polars from Parquet", 0, 0, "polars-parquet", "dqoh-sorted"),
    "guids": against("sorted CSV with ids of 36 characters, against DuckDB from the same CSV, order of joins told", 0, 0, "duckdb-guids", "dqoh-guids"),
    "guids-polars": against("sorted CSV with ids of 36 characters, against Polars from the same CSV", 0, 0, "polars-guids", "dqoh-guids"),
    "guids-cost": more("ids of 36 characters, against ten digits", 0, 0, "dqoh-guids", "dqoh-sorted"),
    "strata": more("counted by sex, age and deprivation besides, against not", 0, 0, "dqoh-strata", "dqoh-sorted"),
    "whole-strata": more("the whole framework, counted by sex, age and deprivation besides, against the ten so counted", 0, 0, "dqoh-whole-strata", "dqoh-strata"),
    "reports-strata": Row(
        "reports of the whole framework, counted by sex, age and deprivation besides", 0, 0, ["dqoh-whole-strata", "dqoh-whole-strata-reports"],
        seconds("dqoh-whole-strata-reports"), " s",
    ),
}  # fmt: skip

# Peak memory of the larger extract, which `--large` measures.
LARGE = Row("peak memory, ten indicators, sorted CSV, the larger extract", 120, 240, ["dqoh-sorted"], highest("dqoh-sorted"), " MiB")
