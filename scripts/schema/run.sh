#!/usr/bin/env bash
# Whether editors read rule files as the program does: every shipped file follows its schema in the linter that editors use,
# and so does every sound file of the tests; files whose form is wrong do not.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -c 'import ensurepip, venv' 2>/dev/null || {
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
}
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check tombi jsonschema
"$folder/python/bin/tombi" lint --offline --quiet business-rules
"$folder/python/bin/python" scripts/schema/compare.py
