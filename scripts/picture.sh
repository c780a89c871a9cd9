#!/usr/bin/env bash
# Makes the README's pictures: docs/report.png, how the report begins, and docs/picture.png, what two commands print on the sample extracts.
# Installs what it needs (Chromium and a font) with apt-get where it is missing. Look at the picture before you keep it.
set -euo pipefail
cd "$(dirname "$0")/.."

person=${1:-1011}
indicator=${2:-CP004}
width=1200

if ! command -v chromium >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

dqoh() { cargo run --release --quiet -- "$@"; }

{
  echo '$ dqoh run sample-extracts'
  # The table without the rules between its rows, which a terminal draws and a small picture does not need.
  dqoh run sample-extracts --out "$folder/out" | grep -v '^─' | sed "s|$folder/||"
  echo
  echo "\$ dqoh explain sample-extracts --person $person --indicator $indicator"
  dqoh explain sample-extracts --person "$person" --indicator "$indicator"
} >"$folder/text"

{
  cat <<HTML
<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; background: #14202b; color: #dfe6ec; }
  pre { margin: 0; padding: 28px 36px; font: 14px/19px "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
  .command { color: #7fd1ff; font-weight: bold; }
  .decides { color: #ffd479; font-weight: bold; }
</style>
<pre>
HTML
  sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' \
    -e 's|^\(\$ .*\)$|<span class="command">\1</span>|' -e 's|^\(►.*\)$|<span class="decides">\1</span>|' "$folder/text"
  echo '</pre><script>document.title = document.querySelector("pre").offsetHeight</script>'
} >"$folder/page.html"

chromium() {
  command chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
    --user-data-dir="$folder/profile" "$@" 2>/dev/null
}
page="file://$folder/page.html"

height=$(chromium --window-size="$width,900" --dump-dom "$page" | sed -n 's|.*<title>\([0-9]*\)</title>.*|\1|p')
chromium --window-size="$width,$height" --screenshot="$folder/picture.png" "$page"
chromium --window-size=1280,1000 --screenshot="$folder/report.png" "file://$folder/out/report.html"

for picture in picture report; do
  mv "$folder/$picture.png" "docs/$picture.png"
  echo "docs/$picture.png: $(($(wc -c <"docs/$picture.png") / 1024)) kB"
done
