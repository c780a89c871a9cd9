#!/usr/bin/env bash
# Runs the statements of `dqoh sql` in DuckDB, for both frameworks and both views, and compares what comes out with `dqoh run`, byte for byte.
# Installs DuckDB with pip into a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/databases.sh

python_with duckdb

# in_duckdb NAME EXTRACT OPTION…
in_duckdb() {
  local name=$1
  both_ways "$1" "$2" duckdb "${@:3}"
  python scripts/duckdb/run_statements.py "$folder/$name/sql" "$folder/$name/tables" "$folder/$name/counts.csv"
}

in_duckdb year-end sample-extracts --as-at 2016-09-30,2017-03-31
same_results year-end
in_duckdb rolling sample-extracts --as-at 2016-09-30,2017-03-31 --view rolling
same_results rolling

qof=business-rules/qof-2021-22-diabetes
in_duckdb qof sample-extracts --rules "$qof" --every quarter
same_results qof --rules "$qof"

echo "DuckDB: all the same."
