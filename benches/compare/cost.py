"""What a process costs: processor seconds, seconds by the clock, memory at its highest. Of the process and all that it started."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Cost:
    """One process."""

    cpu: float
    wall: float
    mebibytes: float


def cost_of(command: list, said: Path) -> Cost:
    """Runs a command to its end. What it says goes into a file, which is shown where the command fails."""
    with open(said, "w") as says:
        began = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=says, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"This command failed with exit code {process.returncode}:\n  {' '.join(map(str, command))}\n{said.read_text()}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure, but of memory the highest."""
    return Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs), max(cost.mebibytes for cost in costs))
