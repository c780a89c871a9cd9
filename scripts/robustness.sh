#!/usr/bin/env bash
# What a disk, an archive or a mistake can do to a run: each case must end with its exit code and its message,
# without a panic, in little memory, and with nothing half-written. Needs Rust, python3 and Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet
dqoh=${CARGO_TARGET_DIR:-target}/release/dqoh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

# case NAME EXIT "WORDS OF THE MESSAGE" COMMAND…: at most a gigabyte of memory, 64 open files.
case_() {
  local name=$1 wanted=$2 words=$3 code=0
  shift 3
  (ulimit -v 1500000 && ulimit -n 64 && "$@") >"$work/said" 2>&1 || code=$?
  if [ "$code" != "$wanted" ] || ! grep -qF -- "$words" "$work/said" || grep -q panicked "$work/said"; then
    printf 'FAILED %s: exit code %s, wanted %s and "%s"\n' "$name" "$code" "$wanted" "$words"
    head -20 "$work/said"
    exit 1
  fi
  printf 'ok      %s\n' "$name"
  passed=$((passed + 1))
}

nothing_in() {
  local left
  left=$(find "$1" -type f 2>/dev/null | head -3 || true)
  [ -z "$left" ] || { printf 'FAILED: half-written: %s\n' "$left"; exit 1; }
}

copy() { mkdir -p "$work/$1" && cp sample-extracts/{extract.toml,practices.csv,patients.csv,events.csv} "$work/$1/"; }

# ---- Files that are not what they seem ----
copy line
rm "$work/line/events.csv"
python3 - "$work/line/events.csv.gz" <<'PY'
import gzip, sys
with gzip.open(sys.argv[1], "wb", 1) as file:
    file.write(b"patient_id,practice_code,date,code\n")
    for _ in range(2048):
        file.write(b"a" * (1 << 20))
PY
case_ "a line of 2 GB" 4 "D009" "$dqoh" run "$work/line" --out "$work/out-line"
nothing_in "$work/out-line"

copy quote
python3 - "$work/quote/events.csv" <<'PY'
import sys
text = open(sys.argv[1]).read()
rows = text.split("\n", 1)
with open(sys.argv[1], "w") as file:
    file.write(rows[0] + '\n"' + rows[1])
    for _ in range(30):
        file.write(rows[1].replace('"', ""))
PY
case_ "a quotation mark that swallows the file" 4 "D009" "$dqoh" run "$work/quote" --out "$work/out-quote"
nothing_in "$work/out-quote"

copy cut
gzip -k "$work/cut/events.csv" && truncate -s 20000 "$work/cut/events.csv.gz"
rm "$work/cut/events.csv"
case_ "gzip that breaks off" 4 "D007" "$dqoh" run "$work/cut" --out "$work/out-cut"
nothing_in "$work/out-cut"

copy zeros
truncate -s +1M "$work/zeros/events.csv"
case_ "a file that ends in zeros" 4 "D006" "$dqoh" run "$work/zeros" --out "$work/out-zeros"

# ---- Many files ----
copy many
python3 - "$work/many" <<'PY'
import os, sys
folder = sys.argv[1]
header, *rows = open(folder + "/events.csv").read().splitlines()
os.remove(folder + "/events.csv")
os.mkdir(folder + "/parts")
for part in range(10_000):
    with open(f"{folder}/parts/events-{part:05}.csv", "w") as file:
        file.write("\n".join([header, *rows[part::10_000]]) + "\n")
PY
case_ "events in 10,000 files" 0 "Results are in" "$dqoh" run "$work/many" --out "$work/out-many"
case_ "events in one file" 0 "Results are in" "$dqoh" run sample-extracts --out "$work/out-one"
cmp "$work/out-many/results.csv" "$work/out-one/results.csv"
mkdir "$work/crowd"
python3 -c "
import sys
for number in range(60_001): open(f'{sys.argv[1]}/{number}.txt', 'w').close()" "$work/crowd"
case_ "a folder of 60,001 files" 4 "D021" "$dqoh" run "$work/crowd" --out "$work/out-crowd"

# ---- Disks ----
touch "$work/a-file"
case_ "results into a file" 1 "U001" "$dqoh" run sample-extracts --out "$work/a-file"
mkdir "$work/small" "$work/readonly"
if unshare --mount --map-root-user true 2>/dev/null; then
  # Mounted for the command alone.
  on_disk() { unshare --mount --map-root-user bash -c 'mount -t tmpfs -o "$0" none "$1" && shift && "$@"' "$@"; }
  full() { on_disk size=256k "$work/small" bash -c '"$0" "$@"; code=$?; find "$OUT" -type f; exit $code' "$dqoh" run sample-extracts --out "$work/small/out"; }
  OUT="$work/small" case_ "a disk that is full" 1 "U001" full
  if grep -q "^$work/small" "$work/said"; then printf 'FAILED: half-written on the full disk\n'; cat "$work/said"; exit 1; fi
  readonly_() { on_disk ro "$work/readonly" "$dqoh" run sample-extracts --out "$work/readonly/out"; }
  case_ "a disk that is read-only" 1 "U001" readonly_
else
  printf 'skipped a full and a read-only disk: this system mounts none for a command\n'
fi

printf '%s passed, 0 failed\n' "$passed"
