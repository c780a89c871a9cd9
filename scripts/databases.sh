# What scripts/duckdb and scripts/spark have in common; they read this file with `source`, in the root of the repository.
# Makes a folder, which goes when the script ends; `dqoh` is built from what stands here.

folder=$(mktemp -d)
at_end() { :; } # a script that starts something says here how it is stopped
trap 'at_end; rm -rf "$folder"' EXIT

cargo build --release --quiet
program=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/dqoh
dqoh() { "$program" "$@"; }

# install PACKAGE…: with apt-get
install() {
  local as_root
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# python_with PACKAGE: afterwards `python` is one that has it
python_with() {
  python3 -c 'import ensurepip, venv' 2>/dev/null || install python3 python3-venv
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check "$1"
  PATH=$folder/python/bin:$PATH
  pip list --disable-pip-version-check 2>/dev/null | grep -i "^$1 "
}

# both_ways NAME EXTRACT DIALECT OPTION…: what a database needs, and what it must come to
#   NAME/tables: the extract as tables; NAME/sql: the statements; NAME/natively: the results of `dqoh run`
both_ways() {
  local name=$1 extract=$2 dialect=$3
  shift 3
  dqoh convert "$extract" "$@" --to "$folder/$name/tables" --tables >/dev/null
  dqoh sql --dialect "$dialect" "$@" --out "$folder/$name/sql" >/dev/null
  dqoh run "$extract" "$@" --out "$folder/$name/natively" >/dev/null
}

# same_results NAME [--rules DIR]: NAME/counts.csv, NAME/cells.csv and, where there are pathways, NAME/planning-counts.csv, and where there are
# associations, NAME/pairs.csv, which the database counted, come to the bytes of NAME/natively
same_results() {
  local name=$1 file files=(results counts lines payment cells standardised inequality associations) planning=() finer=(--cells "$folder/$1/cells.csv")
  shift
  if [ -e "$folder/$name/natively/planning-counts.csv" ]; then
    files+=(care-planning pathway planning-counts)
    planning=(--planning "$folder/$name/planning-counts.csv")
  fi
  if [ -e "$folder/$name/natively/pairs.csv" ]; then
    files+=(pairs)
    finer+=(--pairs "$folder/$name/pairs.csv")
  fi
  dqoh report --tally "$folder/$name/counts.csv" "${planning[@]}" "${finer[@]}" --practices "$folder/$name/tables/practices.csv" "$@" \
    --out "$folder/$name/reported" >/dev/null
  for file in "${files[@]}"; do
    cmp "$folder/$name/natively/$file.csv" "$folder/$name/reported/$file.csv"
  done
  echo "$name: ${files[*]} are those of \`dqoh run\`, byte for byte ($(($(wc -l <"$folder/$name/counts.csv") - 1)) counts by line)"
  if [ "${#planning[@]}" -gt 0 ]; then
    # Of several days the answers stand one below the other, so that the rows are compared, not their order.
    cmp <(sort "$folder/$name/natively/planning-counts.csv") <(sort "$folder/$name/planning-counts.csv")
    echo "$name: $(($(wc -l <"$folder/$name/planning-counts.csv") - 1)) counts of pathways, as the database gave them"
  fi
}
