"""A Spark event log → how many stages and tasks there were, which were lost with a worker and done again. Fails where none was."""

import json
import sys
from collections import Counter

stages, why = set(), Counter()
lost, again = set(), set()
with open(sys.argv[1]) as log:
    for line in log:
        event = json.loads(line)
        if event["Event"] == "SparkListenerStageCompleted":
            stages.add((event["Stage Info"]["Stage ID"], event["Stage Info"]["Stage Attempt ID"]))
        elif event["Event"] == "SparkListenerTaskEnd":
            task = (event["Stage ID"], event["Task Info"]["Index"])
            reason = event["Task End Reason"]["Reason"]
            why[reason] += 1
            if reason == "Success":
                again |= {task} & lost
            else:
                lost.add(task)

print(f"{len(stages)} stages (or attempts at one) completed, {sum(why.values())} tasks: {', '.join(f'{n} {r}' for r, n in why.most_common())}")
print(f"{len(lost)} tasks were lost with the worker, {len(again)} of them were done again")
if not again:
    sys.exit("no task was done again: the worker was not missed")
