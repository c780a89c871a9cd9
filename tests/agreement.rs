//! Two witnesses: the engine and SQL that runs in SQLite must give every person the same line for every measure.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use dqoh::achievement::achieve;
use dqoh::cli::read_folder;
use dqoh::evaluate::Answers;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
use dqoh::framework::calendar::Day;
use dqoh::framework::code_sets::CodeId;
use dqoh::framework::{Amount, Framework, RegisterId, Rules, Sex, View};
use dqoh::practice::Practice;
use dqoh::report::{Outcomes, counts_csv};
use dqoh::sql::dialect::Sqlite;
use dqoh::sql::tables::{Table, of_framework, of_practice};
use dqoh::sql::{counts_query, statements};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;
use std::path::Path;

type Line = (String, u32, u16);

fn rules(folder: &str) -> Rules {
    Rules::read(&read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap())
}

fn load(connection: &Connection, table: &Table) {
    let columns: Vec<String> =
        table.columns.iter().map(|(name, whole)| format!("{name} {}", if *whole { "INTEGER" } else { "TEXT" })).collect();
    connection.execute_batch(&format!("CREATE TABLE IF NOT EXISTS {} ({})", table.name, columns.join(", "))).unwrap();
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name)).unwrap();
    for row in &table.rows {
        insert.execute(rusqlite::params_from_iter(row)).unwrap();
    }
}

/// Every decision of the SQL witness.
fn by_sql(framework: &Framework, patients: &Patients) -> Vec<Line> {
    let connection = Connection::open_in_memory().unwrap();
    let practice = Practice { code: "P90001".into(), ..Practice::default() };
    connection.execute_batch("BEGIN").unwrap();
    let [codes, calendar] = of_framework(framework);
    let [people, events] = of_practice(&practice, patients, &framework.codes, |number| number.to_string());
    for table in [codes, calendar, people, events] {
        load(&connection, &table);
    }
    connection.execute_batch("CREATE INDEX by_code ON codes (scheme, code); CREATE INDEX by_day ON calendar (shift, day);").unwrap();
    for statement in statements(framework, &Sqlite) {
        connection.execute_batch(&statement).unwrap_or_else(|error| panic!("{error}\n{statement}"));
    }
    let mut query =
        connection.prepare("SELECT measure, person, line FROM person_lines WHERE measure <> 'list' ORDER BY measure, person").unwrap();
    let lines = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    lines.map(Result::unwrap).collect()
}

/// Every decision of the engine.
fn by_engine(framework: &Framework, patients: &Patients) -> Vec<Line> {
    let mut lines = Vec::new();
    for person in patients.people().iter().filter(|person| person.about.on_the_list(framework.reporting_day)) {
        let mut answers = Answers::new(framework, patients.patient(person));
        for (at, register) in (0..).zip(&framework.registers) {
            lines.push((register.id.clone(), person.number, answers.register(RegisterId(at)).0));
        }
        for indicator in &framework.indicators {
            lines.extend(answers.indicator(indicator).map(|line| (indicator.id.clone(), person.number, line.0)));
        }
    }
    lines.sort();
    lines
}

const DAYS: [(i32, u32, u32); 6] = [(2016, 2, 29), (2017, 2, 28), (2017, 3, 31), (2016, 6, 30), (2017, 4, 1), (2016, 8, 1)];

struct Chance {
    rng: Pcg64,
    codes: Vec<CodeId>,
    anchors: Vec<Day>,
}

impl Chance {
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.random_range(0..all.len())]
    }

    /// Near an edge of some window, or near a day that the person already has.
    fn day(&mut self, own: &[Day]) -> Day {
        let from = if !own.is_empty() && self.rng.random_range(0..3) > 0 {
            self.of(own)
        } else {
            let anchors = self.anchors.clone();
            self.of(&anchors)
        };
        let away =
            self.of(&[0, 0, 0, 1, -1, 6, 7, -7, 30, 31, -30, 90, -93, 180, -185, 279, 280, -270, -366, -365, 366, -731, -640, -1826]);
        Day(from.0 + away + self.of(&[0, 0, 0, 0, 1, -1, 2, 40, -40]))
    }

    fn person(&mut self, number: u32) -> (About, Vec<RawRecord>) {
        let born = self.of(&[
            (1936, 4, 1),
            (1960, 2, 29),
            (1972, 2, 29),
            (1971, 4, 1),
            (1972, 3, 31),
            (1999, 6, 30),
            (2000, 2, 29),
            (2001, 1, 1),
            (1950, 8, 1),
        ]);
        let born = Day::from_ymd(born.0, born.1, born.2).unwrap();
        let sex = self.of(&[Some(Sex::Female), Some(Sex::Male), None]);
        let registered = self.day(&[Day(10_000), Day(12_000)]);
        let registered = if self.rng.random_range(0..3) > 0 { Day(11_000) } else { registered };
        let left = if self.rng.random_range(0..12) == 0 { Some(self.day(&[])) } else { None }.filter(|left| *left >= registered);
        let about = About { born, born_ymd: born.ymd(), sex, registered, left, died: None, imd_quintile: None };
        let mut own = Vec::new();
        let mut raw = Vec::new();
        // A person has something to do with few codes, so that facts meet.
        let few: Vec<CodeId> = (0..14)
            .map(|_| {
                let codes = self.codes.clone();
                self.of(&codes)
            })
            .collect();
        for _ in 0..self.rng.random_range(0..30) {
            let day = self.day(&own);
            if day < born {
                continue;
            }
            own.push(day);
            let code = self.of(&few);
            let amount = self.of(&[
                None,
                Some(5),
                Some(10),
                Some(58),
                Some(59),
                Some(60),
                Some(75),
                Some(76),
                Some(80),
                Some(81),
                Some(90),
                Some(140),
                Some(141),
                Some(150),
                Some(151),
            ]);
            raw.push(RawRecord {
                person: number,
                day,
                code,
                written: self.rng.random_range(0..3),
                group: self.of(&[0, 0, 1, 2]),
                episode: self.of(&[Episode::Untold, Episode::New, Episode::First, Episode::Review, Episode::Other]),
                amount: amount.map(|amount| Amount(amount * 1_000_000)),
                place: RowPlace::default(),
            });
        }
        (about, raw)
    }
}

fn random_people(framework: &Framework, people: u32, seed: u64) -> Patients {
    // One or two codes of each set, so that every set is met as often as any other.
    let mut by_sets: BTreeMap<Vec<u16>, Vec<CodeId>> = BTreeMap::new();
    for code in framework.codes.all() {
        let sets: Vec<u16> = framework.codes.sets_of(code).iter().map(|set| set.0).collect();
        let codes = by_sets.entry(sets).or_default();
        if codes.len() < 2 {
            codes.push(code);
        }
    }
    let anchors =
        vec![framework.reporting_day, framework.end, framework.period.from, Day(framework.end.0 - 365), Day(framework.period.from.0 - 1)];
    let mut chance = Chance { rng: Pcg64::seed_from_u64(seed), codes: by_sets.into_values().flatten().collect(), anchors };
    let mut about = Vec::new();
    let mut raw = Vec::new();
    for number in 0..people {
        let (person, records) = chance.person(number);
        about.push((number, person));
        raw.extend(records);
    }
    Patients::new(about, raw, &framework.codes)
}

fn agree(folder: &str, people: u32, seeds: std::ops::Range<u64>) -> (usize, BTreeMap<(String, u16), usize>) {
    let rules = rules(folder);
    let rulebook = rules.sound().unwrap();
    let mut decisions = 0;
    let mut reached = BTreeMap::new();
    for (at, (year, month, day)) in (0..).zip(DAYS) {
        for view in [View::YearEnd, View::Rolling] {
            let framework = rulebook.at(Day::from_ymd(year, month, day).unwrap(), view).0;
            for seed in seeds.clone() {
                let patients = random_people(&framework, people, seed * 100 + at);
                let engine = by_engine(&framework, &patients);
                let sql = by_sql(&framework, &patients);
                for (a, b) in engine.iter().zip(&sql) {
                    assert_eq!(a, b, "engine and SQL differ: {folder} {} {view:?} seed {seed}", framework.reporting_day);
                }
                assert_eq!(engine.len(), sql.len());
                decisions += engine.len();
                for (measure, _, line) in engine {
                    *reached.entry((measure, line)).or_default() += 1;
                }
            }
        }
    }
    (decisions, reached)
}

#[test]
fn engine_and_sql_agree() {
    let mut decisions = 0;
    for folder in ["business-rules/dudley-2016-17", "business-rules/qof-2021-22-diabetes"] {
        let (more, reached) = agree(folder, 200, 1..2);
        decisions += more;
        assert!(reached.len() > 80, "{folder}: only {} lines reached", reached.len());
    }
    assert!(decisions >= 20_000, "{decisions}");
}

/// The whole sample, counted by both.
#[test]
fn sql_returns_the_counts_of_a_run() {
    let rules = rules("business-rules/dudley-2016-17");
    let rulebook = rules.sound().unwrap();
    for (day, view) in [((2017, 3, 31), View::YearEnd), ((2016, 9, 30), View::Rolling), ((2019, 3, 31), View::YearEnd)] {
        let frameworks = [rulebook.at(Day::from_ymd(day.0, day.1, day.2).unwrap(), view).0];
        let framework = &frameworks[0];
        let mut extract = Extract::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-extracts")).unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("BEGIN").unwrap();
        let records = extract.records(&framework.codes, &|_| {}).unwrap();
        for records in records {
            let practice = extract.practices[records.practice].clone();
            let patients = records.patients(&framework.codes);
            for table in of_practice(&practice, &patients, &framework.codes, |number| extract.id_of(number).to_owned()) {
                load(&connection, &table);
            }
        }
        let counted = run(&frameworks, extract.records(&framework.codes, &|_| {}).unwrap(), None, |records| {
            (u32::try_from(records.practice).unwrap(), records.patients(&framework.codes))
        });
        let counted = counted.unwrap();
        let achievement = achieve(&frameworks, &extract.practices, &counted.tally);
        let outcomes =
            Outcomes { frameworks: &frameworks, practices: &extract.practices, tally: &counted.tally, achievement: &achievement };
        let native = String::from_utf8(counts_csv(&outcomes)).unwrap();
        for table in of_framework(framework) {
            load(&connection, &table);
        }
        for statement in statements(framework, &Sqlite) {
            connection.execute_batch(&statement).unwrap();
        }
        let mut query = connection.prepare(&counts_query()).unwrap();
        let mut csv = query.column_names().join(",") + "\n";
        let rows = query.query_map([], |row| {
            let cells: Vec<String> = (0..10)
                .map(|at| match row.get_ref(at).unwrap() {
                    ValueRef::Integer(number) => number.to_string(),
                    other => other.as_str().unwrap().to_owned(),
                })
                .collect();
            Ok(cells.join(","))
        });
        for row in rows.unwrap() {
            csv.push_str(&row.unwrap());
            csv.push('\n');
        }
        assert_eq!(native, csv, "{day:?}");
    }
}
