#!/usr/bin/env bash
# Whether the CSV files are what csv-metadata.json says of them, by a validator of others: CSV on the Web in Python. Every command that writes tables
# for its reader is run on the samples. Then files are damaged, one mistake at a time: the validator must see each, or its silence says nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -c 'import ensurepip, venv' 2>/dev/null || {
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
}
python="$target/csvw-python"
[ -x "$python/bin/csvwvalidate" ] || {
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet --disable-pip-version-check csvw==4.1.1
}
cargo build --release --quiet
dqoh() { "$target/release/dqoh" "$@" >/dev/null; }
validate() { "$python/bin/csvwvalidate" --verbose "$1"; }

run="$folder/run"
dqoh run sample-extracts --every quarter --layout qof --out "$run"
dqoh inspect sample-extracts --out "$run"
dqoh worth "$run" --if "CP004 +4" --out "$folder/worth"
dqoh variation "$run/results.csv" --cells "$run/cells.csv" --pairs "$run/pairs.csv" --audience publish --out "$folder/published"
dqoh run sample-extracts --rules business-rules/qof-2021-22-diabetes --view rolling --no-report --out "$folder/qof"
dqoh report --tally "$run/counts.csv" --practices sample-extracts/practices.csv --audience sharing --no-report --layout fingertips --out "$folder/profiles"
dqoh people sample-extracts --as-at 2016-12-31 --no-workbooks --out "$folder/people"
dqoh explain sample-extracts --practice P90002 --out "$folder/why/why.csv"
dqoh codes coverage sample-extracts --out "$folder/codes/coverage.csv"
for metadata in "$folder"/{run,worth,published,qof,profiles,people}/csv-metadata.json "$folder"/{why/why,codes/coverage}.csv-metadata.json; do
  printf '%-60s ' "${metadata#"$folder"/}"
  validate "$metadata"
done
# Given a table alone, it finds what is told of it.
printf '%-60s ' "worth/worth.csv, by itself"
validate "$folder/worth/worth.csv"

cat >"$folder/put.py" <<'END'
"""In the fourth row of a file, another cell in a column; in the header with `header`; `twice` repeats the row, `more` adds a cell to the header."""
import csv, sys
path, column, cell = sys.argv[1:]
rows = list(csv.reader(open(path, newline="", encoding="utf-8")))
match column:
    case "twice": rows.insert(4, rows[4])
    case "more": rows[0].append(cell)
    case "header": rows[0][0] = cell
    case _: rows[4][rows[0].index(column)] = cell
csv.writer(open(path, "w", newline="", encoding="utf-8"), lineterminator="\n").writerows(rows)
END
seen=0
damaged() { # what is wrong, the column, what is put into it
  rm -rf "$folder/damaged"
  cp -r "$folder/worth" "$folder/damaged"
  python3 "$folder/put.py" "$folder/damaged/worth.csv" "$2" "$3"
  if said=$(validate "$folder/damaged/csv-metadata.json" 2>&1); then
    echo "not seen: $1" >&2
    exit 1
  fi
  seen=$((seen + 1))
  printf 'seen: %-40s %s\n' "$1" "$(tail -n +2 <<<"$said" | head -1 | cut -c 1-90)"
}
damaged "a day that is none" interval_end 30.06.2016
damaged "a cell that must be filled is empty" practice_code ""
damaged "the same row twice" twice ""
damaged "another name of a column" header practice
damaged "one column more" more another
damaged "neither yes nor no" period_moved maybe
damaged "a word that is none of those listed" status adjustd
damaged "fewer than nobody" numerator -1
damaged "a number with a separator" payment 1,000.00
echo "$seen mistakes were seen"
