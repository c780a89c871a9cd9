#!/usr/bin/env bash
# Thinks of bytes that could bring the program down: rule files, sentences, rows, archives, days.
# In: seconds for each target (20 unless told). What it finds is told at the end; put it into fuzz/seeds/<target>,
# where `cargo test` tries it for ever after, and mend the program.
# Needs Rust and a C++ compiler; installs cargo-fuzz when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-20}
shift || true
# The fuzzer's instructions to the compiler are not for everyday use, and it has to be asked for them.
export RUSTC_BOOTSTRAP=1
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked --quiet
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
# Extracts are written and read a thousand times a second: in memory, where there is such a place.
[ -w /dev/shm ] && export TMPDIR=/dev/shm

cargo fuzz build --sanitizer none
targets=${*:-$(ls fuzz/fuzz_targets | sed 's/\.rs$//')}
for target in $targets; do
  printf '\n== %s seconds of %s\n' "$seconds" "$target"
  mkdir -p "$found/$target"
  # There is no unsafe code to watch for, so no sanitiser: it is faster. Words of the field stand in fuzz/words.
  cargo fuzz run --sanitizer none "$target" "$found/$target" "fuzz/seeds/$target" -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -dict=fuzz/words -print_final_stats=1 2>"$found/said" || {
    tail -40 "$found/said"
    printf '\n%s came down. The bytes are in fuzz/artifacts/%s.\n' "$target" "$target"
    exit 1
  }
  grep -E 'number_of_executed_units|new_units_added|peak_rss' "$found/said" || tail -5 "$found/said"
done
