"""The ten indicators here, in DuckDB and in Polars, in turns: are all counts the same, and what does each cost? Prints a table in Markdown.

Started by run.sh, which knows the program and installs what is compared with it.
"""

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from cost import Cost, cost_of, middle
from extracts import ROOT, Extracts
from rows import BESIDE, LARGE, ROWS, Costs
from sides import Side, sides

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: written by benches/compare/run.sh --write -->", "<!-- end of measured -->"
# Of 45 practices as many people as Dudley has, and of 185 practices as many in proportion.
USUAL, LARGER, SMALLER = (45, 318_000), (185, 1_264_000), (3, 6_000)
GROWTH = [(3, 16_000), (10, 65_000), (37, 262_000)]


def arguments() -> argparse.Namespace:
    reads = argparse.ArgumentParser(prog="benches/compare/run.sh", description="The ten indicators here, in DuckDB and in Polars: equal counts, and what they cost.")
    reads.add_argument("--practices", type=int, default=USUAL[0])
    reads.add_argument("--people", type=int, default=USUAL[1])
    reads.add_argument("--rounds", type=int, default=5, help="how often each is run, in turns; the median counts [default: 5]")
    reads.add_argument("--small", action="store_true", help="few people and one round: only whether all counts are the same")
    reads.add_argument("--large", action="store_true", help="also an extract of 185 practices, which needs 4 GB of disk")
    reads.add_argument("--growth", action="store_true", help="also extracts of 1, 4 and 16 million rows")
    reads.add_argument("--only", default="", metavar="ROW,…", help=f"only these rows: {', '.join([*ROWS, *BESIDE])}")
    reads.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    reads.add_argument("--keep", action="store_true", help="leave the extracts where they are")
    reads.add_argument("--program", type=Path, required=True, help=argparse.SUPPRESS)
    reads.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    return reads.parse_args()


def measure(chosen: list[Side], rounds: int, work: Path) -> Costs:
    """Each in turn, so many times; every round begins with another one. One run before it all makes what others read, and is not counted."""
    costs: Costs = {side.name: [] for side in chosen}
    if rounds > 1:
        for side in chosen:
            cost_of(side.command, work / "said.txt")
    for number in range(rounds):
        first = number % len(chosen)
        for side in chosen[first:] + chosen[:first]:
            side.bring_to_hand()
            costs[side.name].append(cost_of(side.command, work / "said.txt"))
            print(f"round {number + 1} of {rounds}: {side.name} {costs[side.name][-1].cpu:.2f} s", file=sys.stderr)
    return costs


def same_counts(chosen: list[Side]) -> str:
    """What was compared, in words; ends the program where two do not agree."""
    counted = {side.name: side.counted() for side in chosen if side.compared}
    if len(counted) < 2:
        return "No counts were compared: nothing that was asked for is counted twice."
    first, expected = next(iter(counted.items()))
    for name, counts in counted.items():
        wrong = [key for key in sorted(expected.keys() | counts.keys()) if expected.get(key) != counts.get(key)]
        for measure, practice, line in wrong[:20]:
            key = (measure, practice, line)
            print(f"{measure}, {practice}, line {line}: {expected.get(key)} people by {first}, {counts.get(key)} by {name}", file=sys.stderr)
        if wrong:
            raise SystemExit(f"{len(wrong)} counts of {name} are not those of {first}.")
    measures, practices = ({key[at] for key in expected} for at in (0, 1))
    return f"All {len(expected):,} counts by line, of {len(measures)} measures and {len(practices)} practices, are the same in {len(counted)} runs: {', '.join(counted)}."


def described(extracts: Extracts) -> str:
    rows, size = extracts.rows(), extracts.bytes() / 1e6
    return f"{extracts.practices} practices, {extracts.people:,} people, {rows:,} rows of events ({size:,.0f} MB of CSV)"


def git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()


def machine(program: Path) -> str:
    # Words may have changed since: what was measured is the program and this comparison.
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs", ":!*.md")
    commit = git("rev-parse", "--short", "HEAD") + (", changed" if changed else "")
    ours = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    others = ", ".join(f"{name} {version(package)}" for name, package in [("DuckDB", "duckdb"), ("Polars", "polars")])
    return f"{ours} ({commit}), {others}, Python {platform.python_version()}; {platform.system()}, {os.cpu_count()} cores, {model}, {memory:.0f} GiB of memory."


def table(headings: list[str], cells: list[list[str]]) -> list[str]:
    numbers = ["---"] + ["--:"] * (len(headings) - 1)
    return ["| " + " | ".join(row) + " |" for row in [headings, numbers, *cells]]


def of_aims(costs: Costs, names: list[str], more: list[list[str]]) -> list[str]:
    cells = [[row.title, row.shown(row.goal), row.shown(row.must), row.shown(row.of(costs)), row.verdict(row.of(costs))] for row in (ROWS[name] for name in names)]
    return table(["", "goal", "must", "measured", ""], cells + more) if cells + more else []


def of_costs(costs: Costs, chosen: list[Side]) -> list[str]:
    def cells(side: Side) -> list[str]:
        all_cpu, of_side = [cost.cpu for cost in costs[side.name]], middle(costs[side.name])
        return [side.words, f"{of_side.cpu:.2f}", f"{min(all_cpu):.2f}–{max(all_cpu):.2f}", f"{of_side.wall:.2f}", f"{of_side.mebibytes:,.0f}"]

    return table(["", "CPU s", "least–most", "clock s", "peak MiB"], [cells(side) for side in chosen])


def growth(program: Path, work: Path, sizes: list[tuple[int, int]], rounds: int, keep: bool) -> tuple[list[str], dict[int, Cost]]:
    """Time and memory of the ten by the number of rows."""
    cells, by_people = [], {}
    for practices, people in sizes:
        extracts = Extracts(program, work, practices, people)
        side = sides(program, extracts, work)["dqoh-sorted"]()
        cost = middle(measure([side], rounds, work)["dqoh-sorted"])
        by_people[people] = cost
        rows = extracts.rows()
        cells.append([f"{rows:,}", f"{people:,}", f"{cost.cpu:.2f}", f"{cost.cpu * 1e9 / rows:.0f}", f"{cost.mebibytes:,.0f}"])
        if not keep:
            extracts.remove()
    return table(["rows", "people", "CPU s", "ns a row", "peak MiB"], cells), by_people


def main() -> None:
    asked = arguments()
    if asked.small:
        (asked.practices, asked.people), asked.rounds = SMALLER, 1
    names = [name for name in asked.only.split(",") if name] or [*ROWS, *BESIDE]
    unknown = [name for name in names if name not in ROWS and name not in BESIDE]
    if unknown:
        raise SystemExit(f"There is no row {', '.join(unknown)}; there are {', '.join([*ROWS, *BESIDE])}.")
    asked.work.mkdir(parents=True, exist_ok=True)
    extracts = Extracts(asked.program, asked.work, asked.practices, asked.people)
    known = sides(asked.program, extracts, asked.work)
    needed = [need for name in names for need in (ROWS.get(name) or BESIDE[name]).needs]
    chosen = [make() for name, make in known.items() if name in needed]
    # What the reports are made of has to be there before them.
    costs = measure(chosen, asked.rounds, asked.work)
    told = [f"Measured on {described(extracts)}; {asked.rounds} rounds. {machine(asked.program)}", "", same_counts(chosen)]
    if not asked.keep:
        extracts.remove()

    sizes = (GROWTH if asked.growth else []) + ([LARGER] if asked.large else [])
    grown, by_people = growth(asked.program, asked.work, sizes, min(asked.rounds, 3), asked.keep) if sizes else ([], {})
    large = by_people.get(LARGER[1])
    more = []
    if large:
        figure = large.mebibytes
        more = [[LARGE.title, LARGE.shown(LARGE.goal), LARGE.shown(LARGE.must), LARGE.shown(figure), LARGE.verdict(figure)]]
    beside = [[BESIDE[name].title, BESIDE[name].shown(BESIDE[name].of(costs))] for name in names if name in BESIDE]
    if asked.small:
        told += ["", "Too few rows to compare costs: most of them are those of starting."]
    else:
        told += ["", *of_aims(costs, [name for name in names if name in ROWS], more)]
        told += ["", "Beside:", "", *table(["", "measured"], beside)] if beside else []
    told += ["", "What each costs (the medians of the rounds; of memory the highest):", "", *of_costs(costs, chosen)]
    if grown:
        told += ["", "How it grows:", "", *grown]
    print("\n".join(told))
    if asked.write:
        write(told)


def write(told: list[str]) -> None:
    """Puts the table between its two marks."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{DOCUMENT.name} has lost the marks that the table stands between: {BEGIN} and {END}.")
    DOCUMENT.write_text("\n".join([before + BEGIN, "", *told, "", end + after]))


if __name__ == "__main__":
    main()
