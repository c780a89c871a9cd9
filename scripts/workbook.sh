#!/usr/bin/env bash
# Whether LibreOffice reads workbook.xlsx as it was meant: it opens, every sheet that Contents lists is there and says something, no formula
# failed, and every number of the sheets Results and Payment by indicator is that of results.csv and payment.csv.
#   scripts/workbook.sh [FOLDER]
# Without a folder: that of a run of the sample extracts. The sheets as LibreOffice reads them, and as it prints them, are kept where the last line says.
# Installs what it needs where it is missing: LibreOffice Calc without a window and Python, with apt-get.
set -euo pipefail
started=$PWD
cd "$(dirname "$0")/.."
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
kept=$target/workbook

# install PACKAGE…: with apt-get
install() {
  local as_root
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v soffice >/dev/null || install libreoffice-calc-nogui fonts-liberation
command -v python3 >/dev/null || install python3-minimal

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
if [ $# -gt 0 ]; then
  folder=$(cd "$started" && realpath "$1")
else
  folder=$temporary/run
  cargo run --release --quiet -- run sample-extracts --out "$folder" >/dev/null
fi
[ -f "$folder/workbook.xlsx" ] || { echo "there is no workbook.xlsx in $folder" >&2; exit 2; }

rm -rf "$kept"
mkdir -p "$kept"
# A profile of its own, so that a LibreOffice that is open does not matter. The numbers of the filter: commas, quotation marks, UTF-8, from
# the first row, no formats of columns, English of Britain, all texts quoted, numbers as they are and not as they are shown, no formulas,
# nothing trimmed, every sheet in a file of its own.
office() { timeout 300 soffice "-env:UserInstallation=file://$temporary/profile" --headless "$@" >"$temporary/said" 2>&1 || { cat "$temporary/said" >&2; exit 1; }; }
office --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,2057,true,false,false,false,false,-1' --outdir "$kept" "$folder/workbook.xlsx"
office --convert-to pdf --outdir "$kept" "$folder/workbook.xlsx"
[ -s "$kept/workbook.pdf" ] || { echo "LibreOffice printed nothing" >&2; cat "$temporary/said" >&2; exit 1; }
python3 scripts/workbook/compare.py "$kept" "$folder"
echo "The sheets as LibreOffice reads and prints them are in $kept"
