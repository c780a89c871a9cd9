#!/usr/bin/env bash
# Runs the statements of `dqoh sql` on a Spark cluster of one master and two workers, for both frameworks, and compares what comes out
# with `dqoh run`, byte for byte. The cluster lives on this machine alone and goes when the script ends.
# Installs Spark with pip into a folder of its own, and Java with apt-get where there is none.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/databases.sh
source scripts/spark/cluster.sh

start_cluster

# One day: starting some hundred statements takes minutes, whatever the number of people; scripts/duckdb asks several days.
on_cluster year-end sample-extracts --as-at 2017-03-31
same_results year-end

qof=business-rules/qof-2021-22-diabetes
on_cluster qof sample-extracts --rules "$qof"
same_results qof --rules "$qof"

echo "Spark, a master and two workers: all the same."
