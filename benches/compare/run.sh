#!/usr/bin/env bash
# The ten indicators of benches/ten here, in DuckDB and in Polars: are all counts the same, and what does each cost?
# Makes its extracts with `dqoh synth` and installs DuckDB and Polars with pip, all below target/; the extracts go when it is done.
#   benches/compare/run.sh                 45 practices, 318,000 people, five rounds: about half an hour
#   benches/compare/run.sh --small         are all counts the same? A minute
#   benches/compare/run.sh --large --growth --write    all that docs/performance.md tells, written into it
#   benches/compare/run.sh --only csv,days one or two rows; --help names them
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --release --quiet
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
work=$target/compare
mkdir -p "$work"
if ! "$work/python/bin/python" -c 'import duckdb, polars' 2>/dev/null; then
  if ! python3 -c 'import ensurepip, venv, tomllib' 2>/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
  fi
  python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet --disable-pip-version-check duckdb polars
fi
exec "$work/python/bin/python" -B benches/compare/compare.py --program "$target/release/dqoh" --work "$work" "$@"
