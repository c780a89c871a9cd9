//! The two witnesses: the engine, and the statements run in SQLite. Both give every decision, and what pathways count.

use dqoh::achievement::Achievement;
use dqoh::cells::FinerRead;
use dqoh::evaluate::Answers;
use dqoh::evaluate::run::run;
use dqoh::extract::patient::Patients;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, RegisterId};
use dqoh::practice::Practice;
use dqoh::report::{Outcomes, files_of_finer, planning_counts_csv};
use dqoh::sql::dialect::Sqlite;
use dqoh::sql::tables::{CALENDAR, Table, of_framework, of_practice};
use dqoh::sql::{cells_query, counts_plans, pairs_query, planning_query, statements};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::BTreeSet;

/// Measure, person, deciding line.
pub type Line = (String, u32, u16);

/// Whoever can say of every person which line decides.
pub type Witness<'w> = &'w dyn Fn(&Framework, &Patients) -> Vec<Line>;

/// Every decision of the engine.
pub fn engine(framework: &Framework, patients: &Patients) -> Vec<Line> {
    let mut lines = Vec::new();
    for person in patients.people().iter().filter(|person| person.about.on_the_list(framework.reporting_day)) {
        let mut answers = Answers::new(framework, patients.patient(person));
        for (at, register) in (0..).zip(&framework.registers) {
            lines.push((register.id.clone(), person.number, answers.register(RegisterId(at)).0));
        }
        for indicator in &framework.indicators {
            lines.extend(answers.indicator(indicator).map(|line| (indicator.id.clone(), person.number, line.0)));
        }
        for pathway in &framework.pathways {
            lines.extend(answers.pathway(pathway).map(|standing| (pathway.id.clone(), person.number, standing.line.0)));
        }
    }
    lines.sort();
    lines
}

/// The one practice of all these people.
fn practice() -> Practice {
    Practice { code: "P90001".into(), ..Practice::default() }
}

/// What a run of the engine counts besides lines: `planning-counts.csv`, nothing without a pathway; `cells.csv`; and `pairs.csv`,
/// nothing without an association.
pub fn engine_counts(framework: &Framework, patients: &Patients) -> String {
    let frameworks = [framework.clone()];
    let counted = run(&frameworks, vec![patients.clone()], Some(1), |patients| (0, patients)).unwrap();
    let (practices, achievement) = ([practice()], Achievement::default());
    let outcomes = Outcomes {
        frameworks: &frameworks,
        practices: &practices,
        tally: &counted.tally,
        planning: &counted.planning,
        achievement: &achievement,
    };
    let finer = FinerRead::of(&frameworks, counted.finer.clone());
    let planning = if framework.pathways.is_empty() { Vec::new() } else { planning_counts_csv(&outcomes) };
    let finer = files_of_finer(&outcomes, &finer).into_iter().flat_map(|(_, content)| content);
    String::from_utf8(planning.into_iter().chain(finer).collect()).unwrap()
}

/// Every decision of the statements.
pub fn sqlite(framework: &Framework, patients: &Patients) -> Vec<Line> {
    asked(framework, patients, &statements(framework, &Sqlite)).0
}

/// Every decision of statements, which may be wrong ones, and what they count besides, as [`engine_counts`]: the answers with their headers.
pub fn asked(framework: &Framework, patients: &Patients, statements: &[String]) -> (Vec<Line>, String) {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("BEGIN").unwrap();
    let [codes, _] = of_framework(&Framework { day_tables: Vec::new(), ..framework.clone() });
    let [people, events] = of_practice(&practice(), patients, &framework.codes, |number| number.to_string());
    for table in [codes, calendar(framework, patients), people, events] {
        load(&connection, &table);
    }
    connection.execute_batch("CREATE INDEX by_code ON codes (scheme, code); CREATE INDEX by_day ON calendar (shift, day);").unwrap();
    for statement in statements {
        connection.execute_batch(statement).unwrap_or_else(|error| panic!("{error}\n{statement}"));
    }
    let query = "SELECT measure, person, line FROM person_lines WHERE measure <> 'list'";
    let mut query = connection.prepare(query).unwrap();
    let lines = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let mut lines: Vec<Line> = lines.map(Result::unwrap).collect();
    lines.sort();
    let planning = counts_plans(framework, None).then(planning_query);
    let pairs = (!framework.associations.is_empty()).then(pairs_query);
    let queries = planning.into_iter().chain([cells_query()]).chain(pairs);
    (lines, queries.map(|query| csv(&connection, &query)).collect())
}

/// The answer to a query as CSV with a header.
pub fn csv(connection: &Connection, query: &str) -> String {
    let mut query = connection.prepare(query).unwrap();
    let columns = query.column_count();
    let mut csv = query.column_names().join(",") + "\n";
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let cells: Vec<String> = (0..columns)
            .map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Null => "nothing".to_owned(),
                other => other.as_str().unwrap().to_owned(),
            })
            .collect();
        csv += &(cells.join(",") + "\n");
    }
    csv
}

/// The calendar at the days of records: it is looked up at no others, and the whole of it takes a while.
fn calendar(framework: &Framework, patients: &Patients) -> Table {
    let records = patients.people().iter().flat_map(|person| patients.records(person));
    let days: BTreeSet<i32> = records.map(|record| record.day.0).collect();
    let cell = |number: i32| Some(number.to_string());
    let tables = (0..).zip(&framework.day_tables);
    let rows = tables.flat_map(|(shift, table)| days.iter().map(move |day| vec![cell(shift), cell(*day), cell(table.of(Day(*day)).0)]));
    Table { name: "calendar", columns: CALENDAR, rows: rows.collect() }
}

/// Puts a table into a database.
pub fn load(connection: &Connection, table: &Table) {
    let columns: Vec<String> =
        table.columns.iter().map(|(name, whole)| format!("{name} {}", if *whole { "INTEGER" } else { "TEXT" })).collect();
    connection.execute_batch(&format!("CREATE TABLE IF NOT EXISTS {} ({})", table.name, columns.join(", "))).unwrap();
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name)).unwrap();
    for row in &table.rows {
        insert.execute(rusqlite::params_from_iter(row)).unwrap();
    }
}
