#!/usr/bin/env bash
# Asks both witnesses, the engine and SQL in SQLite, a million times and more: random people on the frameworks of the
# repository and of its tests, and on random rules. A difference stops it with the smallest person as an example to paste.
#
#   scripts/agreement.sh        as much as 20 times `cargo test --test agreement`
#   scripts/agreement.sh 100    as much as 100 times
#
# Measured: `scripts/agreement.sh`, once built, made 1,063,637 decisions (1,800 random frameworks among them) in 52 seconds
# on two busy cores, 65 seconds of work, without a difference.
set -euo pipefail
cd "$(dirname "$0")/.."

export DQOH_AGREEMENT=${1:-20}
cargo test --release --test agreement -- engine_and_sql --nocapture
