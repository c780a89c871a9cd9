#!/usr/bin/env bash
# scripts/spark/larger.sh [PEOPLE [PRACTICES]]: a synthetic extract on the Spark cluster of scripts/spark/run.sh, which loses one of its two workers
# in the middle of a task. Some task must have been done again, and the results must be those of `dqoh run`, byte for byte.
# Takes long; prints how long and how large.
set -euo pipefail
cd "$(dirname "$0")/../.."
people=${1:-1000000}
practices=${2:-300}
MEMORY=${MEMORY:-2g}
source scripts/databases.sh
source scripts/spark/cluster.sh

SECONDS=0
dqoh synth --people "$people" --practices "$practices" --records rules --out "$folder/extract"
echo "made in $SECONDS s: $(du -sh "$folder/extract" | cut -f1)"
SECONDS=0
both_ways larger "$folder/extract" spark
echo "counted natively and written as tables in $SECONDS s: $(du -sh "$folder/larger/tables" | cut -f1)"

start_cluster
ui=$(free_port)
SECONDS=0
submit larger &
statements=$!
processes+=("$statements")
python scripts/spark/lose_a_worker.py "http://127.0.0.1:$ui" "${processes[2]}" "$folder/worker-2" &
killer=$!
processes+=("$killer")
wait "$statements"
echo "counted on the cluster in $SECONDS s"

python scripts/spark/retries.py "$folder"/events/app-*
same_results larger
echo "Spark, with a worker lost: all the same."
