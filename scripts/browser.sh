#!/usr/bin/env bash
# Whether pages are what they promise, in a browser without a window: axe finds nothing against WCAG 2.0 to 2.2 A and AA or good practice,
# nothing is asked of anybody, nothing is logged, everything is there without JavaScript, the keyboard reaches every control, nothing moves
# sideways at 320 and 1280 pixels, no words stick out of a chart, printing works, and it opens in time.
#   scripts/browser.sh [PAGE.html|FOLDER …] [--most-seconds 3] [--most-bytes 6000000]
# Without pages: those of a run of the sample extracts, and the largest that are promised, of 150 practices. Pictures and printed pages are kept where the last line says.
# Installs what it needs where it is missing: Chromium and Node with apt-get, playwright-core and axe-core with npm into the target folder.
set -euo pipefail
started=$PWD
cd "$(dirname "$0")/.."
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
tools=$target/browser

# install PACKAGE…: with apt-get
install() {
  local as_root
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

pages=() limits=()
while [ $# -gt 0 ]; do
  case $1 in
    --most-seconds | --most-bytes)
      limits+=("$1" "${2:?"$1 needs a number"}")
      shift
      ;;
    -*)
      echo "scripts/browser.sh does not know $1; it knows --most-seconds and --most-bytes" >&2
      exit 2
      ;;
    *) pages+=("$(cd "$started" && realpath "$1")") ;;
  esac
  shift
done

command -v chromium >/dev/null || install chromium fonts-liberation
command -v npm >/dev/null || install nodejs npm
if [ ! -d "$tools/node_modules/axe-core" ] || [ ! -d "$tools/node_modules/playwright-core" ]; then
  mkdir -p "$tools"
  npm install --silent --no-save --no-audit --no-fund --prefix "$tools" playwright-core@1.65.1 axe-core@4.14.1
fi

if [ "${#pages[@]}" = 0 ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  dqoh() { cargo run --release --quiet -- "$@"; }
  dqoh run sample-extracts --out "$folder/run" >/dev/null
  # Control charts are drawn of twelve quarters or more.
  ends=2017-03-31
  for year in 2014 2015 2016; do ends+=,$year-03-31,$year-06-30,$year-09-30,$year-12-31; done
  dqoh run sample-extracts --view rolling --as-at "$ends" --out "$folder/quarters" >/dev/null
  # The most that is promised: 150 practices and some 60 indicators. What pages and workbook cost is what a run without them does not.
  dqoh synth --practices 150 --people 60000 --seed 7 --out "$folder/extract" >/dev/null
  cost() {
    local TIMEFORMAT=%U
    { time dqoh run "$folder/extract" "$@" >/dev/null; } 2>&1
  }
  with=$(cost --out "$folder/wide")
  without=$(cost --no-report --out "$folder/bare")
  made=$(awk "BEGIN { print $with - $without }")
  echo "150 practices: pages and workbook made in $made processor seconds; 5 are allowed"
  awk "BEGIN { exit !($made < 5) }"
  pages=("$folder/run" "$folder/quarters/variation.html" "$folder/wide/report.html" "$folder/wide/variation.html")
fi
NODE_PATH=$tools/node_modules node scripts/browser/check.cjs --keep "$tools/pages" "${limits[@]}" "${pages[@]}"
