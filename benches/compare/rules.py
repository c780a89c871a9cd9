"""Code sets and limits of values of a framework's folder, for the engines that dqoh is compared with."""

import csv
import tomllib
from pathlib import Path


def code_sets(rules: Path) -> dict[str, list[tuple[str, str]]]:
    """By name, scheme and code of each code."""
    sets = {}
    for file in sorted((rules / "code-sets").glob("*.csv")):
        lines = (line for line in file.read_text().splitlines() if not line.startswith("#"))
        sets[file.stem] = sorted({(row["scheme"], row["code"]) for row in csv.DictReader(lines)})
    return sets


def values(rules: Path) -> dict[str, tuple[list[str], float, float]]:
    """By name of a set, the units that its values may have, in small letters, and the lowest and the highest of them."""
    framework = tomllib.loads((rules / "framework.toml").read_text())
    return {
        name: ([unit.lower() for unit in [value["unit"], *value.get("spellings", [])]], value["from"], value["to"])
        for name, value in framework["values"].items()
    }
