#!/usr/bin/env bash
# Whether pages are what they promise, in a browser without a window: axe finds nothing against WCAG 2.0 to 2.2 A and AA or good practice,
# nothing is asked of anybody, nothing is logged, everything is there without JavaScript, the keyboard reaches every control, nothing moves
# sideways at 320 and 1280 pixels, no words stick out of a chart, printing works, and it opens in time.
#   scripts/browser.sh [PAGE.html|FOLDER …] [--most-seconds 3] [--most-bytes 6000000]
# Without pages: those of a run of the sample extracts; where it makes none, the framework as a book. Pictures and printed pages are kept where the last line says.
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
  find "$folder" -name '*.html' | grep -q . || dqoh docs --format html --out "$folder/book" >/dev/null
  pages=("$folder")
fi
NODE_PATH=$tools/node_modules node scripts/browser/check.cjs --keep "$tools/pages" "${limits[@]}" "${pages[@]}"
