"""The ten in DuckDB: an extract in the canonical form, as CSV or Parquet → counts by measure, practice and line, as CSV.

usage: duckdb_ten.py FOLDER csv|parquet RULES COUNTS [left-to-it]
With the last word the order of joins is left to DuckDB.
"""

import sys
from pathlib import Path

import duckdb

from rules import code_sets, values

folder, form, rules, answers = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
database = duckdb.connect()
database.execute("SET threads = 2; SET preserve_insertion_order = false")

sets = code_sets(rules)
names = ", ".join(f"'{name}'" for name in sets)
database.execute(f"CREATE TYPE code_set AS ENUM ({names})")
database.execute("CREATE TEMP TABLE codes (code VARCHAR, scheme VARCHAR, of_set code_set, units VARCHAR[], lowest DOUBLE, highest DOUBLE)")
limits = values(rules)
rows = [(code, scheme, name, *limits.get(name, (None, None, None))) for name, codes in sets.items() for scheme, code in codes]
columns = [list(column) for column in zip(*rows)]
database.execute("INSERT INTO codes SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)

if form == "csv":
    # All columns named and typed, so that nothing is guessed. A day and a number are only made of the rows that are kept.
    text = lambda *columns: "{" + ", ".join(f"'{column}': 'VARCHAR'" for column in columns) + "}"
    events = f"read_csv('{folder}/events.csv', header = true, auto_detect = false, columns = {text('patient_id', 'date', 'code', 'scheme', 'value', 'unit', 'group', 'episode')})"
    people = f"read_csv('{folder}/patients.csv', header = true, auto_detect = false, columns = {text('patient_id', 'practice_code', 'birth_date', 'sex', 'registered_on', 'deregistered_on', 'died_on', 'imd_quintile')})"
else:
    events, people = f"read_parquet('{folder}/events.parquet')", f"read_parquet('{folder}/patients.parquet')"
database.execute(f"""
    CREATE TEMP VIEW events AS
    SELECT patient_id, date, code, scheme, value, unit, "group" AS grouped FROM {events};
    CREATE TEMP VIEW patients AS
    SELECT patient_id, practice_code, CAST(CASE WHEN length(birth_date) = 7 THEN birth_date || '-01' ELSE birth_date END AS DATE) AS born, sex,
           CAST(registered_on AS DATE) AS registered, least(CAST(deregistered_on AS DATE), CAST(died_on AS DATE)) AS gone FROM {people};
""")
statements = (Path(__file__).parent / "ten.sql").read_text()
if "left-to-it" in sys.argv[5:]:
    statements = "".join(line for line in statements.splitlines(keepends=True) if "disabled_optimizers" not in line)
database.execute(statements)
database.execute(f"COPY (SELECT * FROM counts ORDER BY ALL) TO '{answers}' (HEADER)")
