"""A running Spark application's status interface, a worker's process and folder → that worker and its executor are killed in the middle of a task."""

import json
import os
import signal
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

interface, worker, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
COMPLETED_BEFORE = 12  # stages; those that load the tables are among them


def ask(path):
    with urlopen(f"{interface}/api/v1/applications{path}", timeout=5) as answer:
        return json.load(answer)


def children(process):
    return [int(child) for tasks in Path(f"/proc/{process}/task").glob("*/children") for child in tasks.read_text().split()]


def in_the_middle():
    """The same unfinished task twice, a moment apart, on an executor of this worker: what it is, and how many stages are complete."""
    before = None
    while True:
        time.sleep(0.1)
        try:
            application = ask("")[0]["id"]
            complete = len(ask(f"/{application}/stages?status=complete"))
            mine = {path.name for path in folder.glob(f"{application}/*")}
            busy = [e for e in ask(f"/{application}/executors") if e["id"] in mine and e["isActive"] and e["activeTasks"] > 0]
        except (URLError, OSError, ValueError, IndexError, KeyError):
            continue  # not begun yet
        now = [(e["id"], e["totalTasks"]) for e in busy]
        if complete >= COMPLETED_BEFORE and now and now == before:
            return now[0][0], complete
        before = now


executor, complete = in_the_middle()
for process in [*children(worker), worker]:
    os.kill(process, signal.SIGKILL)
print(f"killed a worker with its executor {executor} in the middle of a task, after {complete} completed stages", flush=True)
