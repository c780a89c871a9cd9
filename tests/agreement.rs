//! Two witnesses: the engine and SQL that runs in SQLite must give every person the same line for every measure, and count
//! the same of every pathway.
//! `scripts/agreement.sh` asks them a million times; `DQOH_AGREEMENT` is how many times as much as here is asked.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on says why and fails; an index is of something that the test has just counted; how much was asked is shown"
)]

#[path = "agreement/chance.rs"]
mod chance;
#[path = "agreement/civil.rs"]
mod civil;
#[path = "agreement/people.rs"]
mod people;
#[path = "agreement/reach.rs"]
mod reach;
#[path = "agreement/rule_files.rs"]
mod rule_files;
#[path = "agreement/shrink.rs"]
mod shrink;
#[path = "agreement/witnesses.rs"]
mod witnesses;

use chance::Chance;
use dqoh::achievement::achieve;
use dqoh::cells::FinerRead;
use dqoh::cli::read_folder;
use dqoh::evaluate::examples::examine;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::extract::patient::Patients;
use dqoh::framework::calendar::Day;
use dqoh::framework::{DayTest, Framework, Order, Rulebook, Rules, View};
use dqoh::problem::render;
use dqoh::report::{Outcomes, counts_csv, files_of_finer, planning_counts_csv};
use dqoh::sql::dialect::Sqlite;
use dqoh::sql::tables::{of_framework, of_practice};
use dqoh::sql::{cells_query, counts_plans, counts_query, pairs_query, planning_query, statements};
use people::Someone;
use reach::Reach;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use witnesses::{Line, asked, csv, engine, engine_counts, load, sqlite};

/// How many times as much as usual is asked.
fn times() -> u64 {
    std::env::var("DQOH_AGREEMENT").ok().map_or(1, |times| times.parse().unwrap())
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Days at an edge of something: leap days, ends of months, beginnings and ends of years and seasons.
const DAYS: [(i32, u32, u32); 6] = [(2016, 2, 29), (2017, 2, 28), (2017, 3, 31), (2016, 6, 30), (2017, 4, 1), (2016, 8, 1)];

fn day((year, month, day): (i32, u32, u32)) -> Day {
    Day::from_ymd(year, month, day).unwrap()
}

/// Every awkward day in both views.
fn every_framework(rulebook: &Rulebook) -> impl Iterator<Item = Framework> {
    let moments = DAYS.into_iter().flat_map(|at| [View::YearEnd, View::Rolling].map(|view| (day(at), view)));
    moments.map(|(day, view)| rulebook.at(day, view).0)
}

/// Both must say the same of all these people; back come the decisions of the engine.
fn agree(framework: &Framework, people: &[Someone], what: &str) -> Vec<Line> {
    let patients = people::patients(framework, people);
    let decided = engine(framework, &patients);
    let (by_sql, counted_by_sql) = asked(framework, &patients, &statements(framework, &Sqlite));
    if decided != by_sql {
        let difference = shrink::smallest(framework, people, [&engine, &sqlite]).unwrap();
        panic!("engine and SQL differ: {what}\n\n{}", shrink::example(framework, &difference));
    }
    let counted = engine_counts(framework, &patients);
    assert!(counted == counted_by_sql, "engine and SQL count differently: {what}\n{}", only_in_one(&counted, &counted_by_sql));
    decided
}

/// The rows that are in one of two files only; where there is none, they are in another order.
fn only_in_one(native: &str, by_sql: &str) -> String {
    let [ours, theirs] = [native, by_sql].map(|csv| csv.lines().collect::<BTreeSet<_>>());
    let differ = ours.symmetric_difference(&theirs);
    differ.map(|row| format!("{} {row}\n", if ours.contains(row) { "engine" } else { "SQL   " })).collect()
}

#[test]
fn engine_and_sql_agree() {
    let mut decisions = 0;
    for folder in ["business-rules/dudley-2016-17", "business-rules/qof-2021-22-diabetes"] {
        let rules = Rules::read(&read_folder(&here(folder)).unwrap());
        let mut reached = BTreeSet::new();
        for (at, framework) in (0..).zip(every_framework(rules.sound().unwrap())) {
            for seed in 0..times() {
                let people = people::random(&framework, 200, seed * 100 + at);
                let decided = agree(&framework, &people, folder);
                decisions += decided.len();
                reached.extend(decided.into_iter().map(|(measure, _, line)| (measure, line)));
            }
        }
        assert!(reached.len() > 80, "{folder}: only {} lines reached", reached.len());
    }
    println!("{decisions} decisions agree");
    assert!(decisions >= 20_000, "{decisions}");
}

/// The frameworks that other tests hold: each is there for something awkward.
#[test]
fn engine_and_sql_agree_on_the_frameworks_of_other_tests() {
    let mut folders = Vec::new();
    frameworks_below(&here("tests"), &mut folders);
    let mut decisions = 0;
    let mut sound = 0;
    for folder in folders {
        let rules = Rules::read(&read_folder(&folder).unwrap());
        let Some(rulebook) = rules.sound() else { continue };
        sound += 1;
        for (at, framework) in (0..).zip(every_framework(rulebook)) {
            for seed in 0..times() {
                let people = people::random(&framework, 20, 10_000 + seed * 100 + at);
                decisions += agree(&framework, &people, &folder.display().to_string()).len();
            }
        }
    }
    println!("{decisions} decisions agree in {sound} frameworks");
    assert!(sound >= 10 && decisions >= 5_000, "{decisions} decisions in {sound} frameworks");
}

/// Folders with a framework.toml.
fn frameworks_below(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("framework.toml").is_file() {
        found.push(folder.to_owned());
        return;
    }
    let mut inside: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inside.sort();
    for folder in inside.iter().filter(|path| path.is_dir()) {
        frameworks_below(folder, found);
    }
}

/// Whatever the grammar can say: small frameworks that nobody would write, and a few people for each.
/// Rules and people must between them reach every kind of everything.
#[test]
fn engine_and_sql_agree_on_random_rules() {
    let mut reach = Reach::default();
    let mut decisions = 0;
    let frameworks = 90 * times();
    for seed in 0..frameworks {
        let files = rule_files::random(seed);
        let rules = Rules::read(&files);
        let Some(rulebook) = rules.sound() else {
            panic!("seed {seed}\n{}\n{}", text(&files), render(&rules.problems, &rules.sources, false));
        };
        let mut chance = Chance::new(seed);
        let (at, view) = (chance.of(&DAYS), chance.of(&[View::YearEnd, View::Rolling]));
        let framework = rulebook.at(day(at), view).0;
        let people = people::random(&framework, 40, seed);
        reach.rulebook(rulebook);
        reach.framework(&framework);
        reach.people(&framework, &people);
        decisions += agree(&framework, &people, &format!("random rules {seed}\n\n{}", text(&files))).len();
    }
    println!("{decisions} decisions agree in {frameworks} frameworks");
    assert!(reach.missing().is_empty(), "never reached: {:?}", reach.missing());
}

fn text(files: &[(String, Vec<u8>)]) -> String {
    files.iter().map(|(path, text)| format!("# ---- {path}\n{}\n", String::from_utf8_lossy(text))).collect()
}

/// A witness that reads `in the last …` a day short is found out, and the person it is found out by is as small as can be.
#[test]
fn a_difference_is_shown_as_the_smallest_example() {
    let a_day_short = |framework: &Framework, patients: &Patients| {
        let mut wrong = framework.clone();
        let lines = wrong.indicators.iter_mut().flat_map(|indicator| &mut indicator.lines.lines);
        for clause in lines.flat_map(|line| &mut line.condition.clauses) {
            if let dqoh::framework::Asks::Fact(_, days, _) = &mut clause.asks {
                for test in days {
                    if let DayTest::Day(Order::After, day) = test {
                        *day = day.plus(1);
                    }
                }
            }
        }
        sqlite(&wrong, patients)
    };
    let mut files = read_folder(&here("business-rules/qof-2021-22-diabetes")).unwrap();
    let rules = Rules::read(&files);
    let framework = rules.sound().unwrap().at(day((2022, 3, 31)), View::YearEnd).0;
    let found = (0..40).find_map(|seed| shrink::smallest(&framework, &people::random(&framework, 150, seed), [&engine, &a_day_short]));
    let difference = found.unwrap();
    let example = shrink::example(&framework, &difference);

    // A diagnosis and whatever lies on the first day of the window; nothing else is left of some thirty records.
    println!("{example}");
    assert!(difference.someone.records.len() <= 4, "{example}");
    assert!(example.contains("-01  "), "{example}");
    assert_eq!(example.matches("[[example]]").count(), 1);

    // Pasted into its file, it comes out as the engine says.
    let path = &framework.measures().find(|(id, _)| *id == difference.measure).unwrap().1.file;
    let (_, file) = files.iter_mut().find(|(name, _)| name == path).unwrap();
    file.extend(format!("\n{example}").into_bytes());
    let pasted = Rules::read(&files);
    assert!(pasted.problems.is_empty(), "{example}\n{}", render(&pasted.problems, &pasted.sources, false));
    let examined = examine(pasted.sound().unwrap());
    assert!(examined.problems.is_empty(), "{example}\n{}", render(&examined.problems, &pasted.sources, false));
}

/// Statements that are wrong in one place: what stands there, and what would be wrong.
const WRONG: [(&str, &str); 47] = [
    ("registered_day <=", "registered_day <"),
    ("COALESCE(left_day,", "COALESCE(NULL,"),
    ("COALESCE(died_day,", "COALESCE(NULL,"),
    ("AND r.new_episode = 1", ""),
    ("r.ymd >= p.born_ymd", "r.ymd > p.born_ymd"),
    ("r.ymd_before < p.born_ymd", "r.ymd < p.born_ymd"),
    ("THEN -day ELSE day END", "THEN day ELSE day END"),
    ("ungrouped, CASE WHEN amount_0 IS NULL THEN 1 ELSE 0 END", "CASE WHEN amount_0 IS NULL THEN 1 ELSE 0 END"),
    ("CASE WHEN amount_0 IS NULL THEN 1 ELSE 0 END", "0"),
    ("COALESCE(amount_0, 0)", "-COALESCE(amount_0, 0)"),
    ("COALESCE(amount_1, 0)", "0"),
    ("MAX(CASE WHEN value_number", "MIN(CASE WHEN value_number"),
    ("amount_1 IS NOT NULL", "1 = 1"),
    (" AND c.record <> f.record", ""),
    ("c.day >= f.day +", "c.day > f.day +"),
    ("COUNT(DISTINCT CASE", "COUNT(CASE"),
    ("HAVING COUNT(*) =", "HAVING COUNT(*) + 1 >="),
    ("SELECT DISTINCT c.fact", "SELECT c.fact"),
    ("k.day BETWEEN", "k.day + 1 BETWEEN"),
    ("GROUP BY fact, person, day, reading_group", "GROUP BY fact, person, day"),
    ("MAX(CASE WHEN fact", "MIN(CASE WHEN fact"),
    ("* 1000000", "* 1000001"),
    ("WHERE line IN", "WHERE line NOT IN"),
    ("_day < stage_", "_day <= stage_"),
    ("WHERE m.everybody_only = 0 OR s.stratum = ''", "WHERE 1 = 1"),
    ("has > 0", "has > 1"),
    ("WHERE condition_", "WHERE 1 - condition_"),
    ("WHERE holds_", "WHERE 1 - holds_"),
    ("by_age IS NOT NULL", "1 = 1"),
    ("AND 1 PRECEDING", "AND CURRENT ROW"),
    ("r.day_before >= r.day - w.again", "r.day_before > r.day - w.again"),
    ("PARTITION BY r.fact, r.person, e.scheme, e.code", "PARTITION BY r.fact, r.person"),
    ("AND e.record = r.record", ""),
    ("SELECT DISTINCT fact, person, record, day FROM", "SELECT fact, person, record, day FROM"),
    ("SELECT DISTINCT pathway, practice_code, person, record", "SELECT pathway, practice_code, person, record"),
    ("COUNT(*) AS events FROM", "1 AS events FROM"),
    ("SUM(CASE WHEN day >=", "SUM(CASE WHEN day >"),
    ("LEAD(day)", "LAG(day)"),
    ("c.other + 1) > c.other", "c.other + 1) >= c.other"),
    ("WHERE c.other <=", "WHERE c.other <"),
    ("events_quarter > 0", "events_quarter > 1"),
    ("m.days_year_to_date > 0 AND", "m.days_year_to_date > 1 AND"),
    ("WHERE reached >= 0", "WHERE reached > 0"),
    ("SUM(reached)", "COUNT(reached)"),
    ("ELSE '' END AS imd_quintile", "ELSE '5' END AS imd_quintile"),
    ("WHERE took >= 0 AND", "WHERE"),
    ("o.person = u.person", "o.person = u.person AND o.line = u.line"),
];

/// Random rules and people are good for something only if they find such mistakes out.
#[test]
fn every_wrong_statement_is_found_out() {
    let mut left: Vec<(&str, &str)> = WRONG.to_vec();
    for seed in 0..150 {
        let rules = Rules::read(&rule_files::random(seed));
        let mut chance = Chance::new(seed);
        let framework = rules.sound().unwrap().at(day(chance.of(&DAYS)), View::YearEnd).0;
        let right = statements(&framework, &Sqlite);
        let patients = people::patients(&framework, &people::random(&framework, 40, seed));
        let decided = (engine(&framework, &patients), engine_counts(&framework, &patients));
        left.retain(|(there, instead)| {
            let wrong: Vec<String> = right.iter().map(|statement| statement.replace(there, instead)).collect();
            wrong == right || asked(&framework, &patients, &wrong) == decided
        });
        if left.is_empty() {
            println!("all found out after {} frameworks", seed + 1);
            return;
        }
    }
    panic!("never found out: {left:?}");
}

/// The whole sample, counted by both.
#[test]
fn sql_returns_the_counts_of_a_run() {
    let rules = Rules::read(&read_folder(&here("business-rules/dudley-2016-17")).unwrap());
    let rulebook = rules.sound().unwrap();
    let moments =
        [((2016, 9, 30), View::Rolling), ((2019, 3, 31), View::YearEnd), ((2017, 2, 28), View::Rolling), ((2016, 6, 30), View::YearEnd)];
    for (at, view) in [((2017, 3, 31), View::YearEnd)].into_iter().chain(moments) {
        let frameworks = [rulebook.at(day(at), view).0];
        let framework = &frameworks[0];
        let mut extract = Extract::open(&here("sample-extracts")).unwrap();
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
        let outcomes = Outcomes {
            frameworks: &frameworks,
            practices: &extract.practices,
            tally: &counted.tally,
            planning: &counted.planning,
            achievement: &achievement,
        };
        let native = String::from_utf8(counts_csv(&outcomes)).unwrap();
        for table in of_framework(framework) {
            load(&connection, &table);
        }
        for statement in statements(framework, &Sqlite) {
            connection.execute_batch(&statement).unwrap();
        }
        assert_eq!(native, csv(&connection, &counts_query()), "{at:?}");
        assert!(counts_plans(framework, None));
        let counted_finer = counted.finer.clone();
        let native = String::from_utf8(planning_counts_csv(&outcomes)).unwrap();
        let counted = csv(&connection, &planning_query());
        assert!(native == counted, "{at:?}\n{}", only_in_one(&native, &counted));
        assert!(at == (2019, 3, 31) || native.lines().count() > 100, "{at:?}: {} rows", native.lines().count());
        let finer = FinerRead::of(&frameworks, counted_finer);
        let files = files_of_finer(&outcomes, &finer);
        assert_eq!(files.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["cells.csv", "pairs.csv"]);
        for ((name, native), query) in files.into_iter().zip([cells_query(), pairs_query()]) {
            let (native, counted) = (String::from_utf8(native).unwrap(), csv(&connection, &query));
            assert!(native == counted, "{name} {at:?}\n{}", only_in_one(&native, &counted));
            assert!(at == (2019, 3, 31) || native.lines().count() > 50, "{name} {at:?}: {} rows", native.lines().count());
        }
    }
}
