#!/usr/bin/env bash
# How many instructions a row costs: a run of the ten indicators of benches/ten over an extract of a fixed seed, on one thread, counted by valgrind,
# without those that hash the input. Instructions hardly differ from machine to machine, seconds do. Fails above the limit in benches/instructions.toml.
# Installs valgrind where it is missing. With a file name, leaves there what each function cost: see it with callgrind_annotate.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
profile=${1:-$folder/callgrind.out}

if ! command -v valgrind >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends valgrind >/dev/null
fi
CARGO_PROFILE_RELEASE_DEBUG=0 cargo build --release --quiet
program=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/dqoh

"$program" synth --rules benches/ten --practices 3 --people 3900 --seed 7 --records all --ids ten-digits --out "$folder/extract" >/dev/null 2>&1
rows=$(($(wc -l <"$folder/extract/events.csv") - 1))
valgrind --tool=callgrind --callgrind-out-file="$profile" "$program" run "$folder/extract" --rules benches/ten --threads 1 --no-report --out "$folder/out" \
  >"$folder/said.txt" 2>&1 || { cat "$folder/said.txt"; exit 1; }
instructions=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$folder/said.txt")
most=$(sed -n 's/^most-a-row = \([0-9]*\)$/\1/p' benches/instructions.toml)
# Processors have instructions of their own for SHA-256, which valgrind may not know: how that is reckoned here says nothing of how it is in earnest.
hashing=$(callgrind_annotate "$profile" | awk '/sha2::/ { gsub(",", "", $1); sum += $1 } END { print sum + 0 }')
a_row=$(((instructions - hashing) / rows))
echo "$a_row instructions a row, at most $most ($instructions for $rows rows, $hashing of them for SHA-256 left out)"
if [ "$a_row" -gt "$most" ]; then
  echo "That is more than benches/instructions.toml allows. What costs most:"
  callgrind_annotate "$profile" | grep -v 'sha2::' | grep -A 12 'file:function' | cut -c 1-150
  echo "Make it cheaper again, or raise the limit and say in the commit what it buys."
  exit 1
fi
