//! Pathways counted by brute force: what the program writes about random extracts must be what plain loops over their rows come to,
//! cell for cell. And an extract that can be counted on paper, with the questions that a commissioner asks.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong; an index is of something that the test has just made"
)]

#[path = "planning/brute.rs"]
mod brute;
#[path = "planning/people.rs"]
mod people;

use brute::{Extract as Brute, Table};
use chrono::NaiveDate;
use dqoh::achievement::achieve;
use dqoh::cli::built_in;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, Rules, View};
use dqoh::report::{Outcomes, files_of_planning};
use people::{Rows, extracts};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

const REPORTING_DAYS: [&str; 4] = ["2016-06-30", "2016-12-31", "2017-02-28", "2017-03-31"];
const QUARTER_ENDS: [&str; 4] = ["2016-06-30", "2016-09-30", "2016-12-31", "2017-03-31"];

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::read(&built_in()));
static YEAR_END: LazyLock<Vec<Framework>> = LazyLock::new(|| frameworks(&REPORTING_DAYS, View::YearEnd));
static ROLLING: LazyLock<Vec<Framework>> = LazyLock::new(|| frameworks(&REPORTING_DAYS, View::Rolling));

fn frameworks(days: &[&str], view: View) -> Vec<Framework> {
    let rulebook = RULES.sound().unwrap();
    days.iter().map(|day| rulebook.at(Day::parse(day.as_bytes()).unwrap(), view).0).collect()
}

/// The files that the program writes about a folder, by name.
fn written(folder: &Path, frameworks: &[Framework]) -> BTreeMap<&'static str, Vec<u8>> {
    let codes = frameworks[0].codes.clone();
    let mut extract = Extract::open(folder).unwrap();
    let records = extract.records(&codes, &|_| {}).unwrap();
    let counted = run(frameworks, records, Some(1), |records| (records.practice as u32, records.patients(&codes))).unwrap();
    let achievement = achieve(frameworks, &extract.practices, &counted.tally);
    let outcomes = Outcomes {
        frameworks,
        practices: &extract.practices,
        tally: &counted.tally,
        planning: &counted.planning,
        achievement: &achievement,
    };
    files_of_planning(frameworks).map(|(name, make)| (name, make(&outcomes))).collect()
}

/// The rows of a file as (column, cell), without some columns.
fn rows(file: &[u8], without: &[&str]) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers().unwrap().clone();
    let named = |row: csv::StringRecord| {
        let cells = header.iter().zip(&row).filter(|(column, _)| !without.contains(column));
        cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|row| named(row.unwrap())).collect()
}

/// The rows of a file by all cells before a column. No row stands twice.
fn table(file: &[u8], without: &[&str], first_number: &str) -> Table {
    let mut table = Table::new();
    for row in rows(file, without) {
        let at = row.iter().position(|(column, _)| column == first_number).unwrap();
        let cells: Vec<String> = row.into_iter().map(|(_, cell)| cell).collect();
        let twice = table.insert(cells[..at].to_vec(), cells[at..].to_vec());
        assert_eq!(twice, None, "{:?} stands twice", &cells[..at]);
    }
    table
}

/// What is in one table only, or differs.
fn difference(written: &Table, counted: &Table) -> Vec<String> {
    let keys: BTreeSet<&Vec<String>> = written.keys().chain(counted.keys()).collect();
    let differ = keys.into_iter().filter(|key| written.get(*key) != counted.get(*key));
    differ.map(|key| format!("{}: written {:?}, counted {:?}", key.join("|"), written.get(key), counted.get(key))).collect()
}

/// The three files by brute force, of all reporting days.
fn by_brute_force(folder: &Path, days: &[&str]) -> [Table; 3] {
    let extract = Brute::read(folder);
    let mut all = [Table::new(), Table::new(), Table::new()];
    for day in days {
        let files = extract.files(day.parse::<NaiveDate>().unwrap());
        for (table, more) in all.iter_mut().zip([files.care_planning, files.pathway, files.counts]) {
            table.extend(more);
        }
    }
    all
}

/// Where the program and the brute force differ.
fn differences(rows: &Rows, view: View) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    rows.write(folder.path());
    let counted = by_brute_force(folder.path(), &REPORTING_DAYS);
    let (word, frameworks) = match view {
        View::YearEnd => ("year-end", &*YEAR_END),
        View::Rolling => ("rolling", &*ROLLING),
    };
    let files = written(folder.path(), frameworks);
    let counts = &files["planning-counts.csv"];
    assert!(self::rows(counts, &[]).iter().flatten().all(|(column, cell)| column != "view" || cell == word));
    let tables = [
        table(&files["care-planning.csv"], &["title"], "value"),
        table(&files["pathway.csv"], &[], "people"),
        table(counts, &["framework_hash", "view"], "value"),
    ];
    tables.iter().zip(&counted).flat_map(|(written, counted)| difference(written, counted)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_program_counts_what_brute_force_counts(rows in extracts(), view in prop::sample::select(vec![View::YearEnd, View::Rolling])) {
        let differences = differences(&rows, view);
        prop_assert!(differences.is_empty(), "{} rows differ:\n{}", differences.len(), differences[..differences.len().min(20)].join("\n"));
    }

    #[test]
    fn records_after_the_reporting_day_change_nothing(rows in extracts(), view in prop::sample::select(vec![View::YearEnd, View::Rolling])) {
        let last = "2016-12-31";
        let frameworks = frameworks(&["2016-06-30", last], view);
        let [with, without] = [rows.clone(), rows.until(last)].map(|rows| {
            let folder = tempfile::tempdir().unwrap();
            rows.write(folder.path());
            written(folder.path(), &frameworks)
        });
        prop_assert_eq!(with, without);
    }
}

/// People on paper, in tests/planning/paper: the answers were worked out by hand from its few rows, and are read here from the
/// files alone, as a reader with a spreadsheet would.
#[test]
fn the_questions_of_a_commissioner() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/planning/paper");
    let files = written(&folder, &frameworks(&QUARTER_ENDS, View::YearEnd));
    let care_planning = rows(&files["care-planning.csv"], &[]);
    let pathway = rows(&files["pathway.csv"], &[]);
    // The cells of a column, of rows with these cells, in the order of the file: reporting days ascend.
    let cells = |file: &[Vec<(String, String)>], column: &str, with: &[(&str, &str)]| -> Vec<String> {
        let is = |row: &Vec<(String, String)>, name: &str, cell: &str| row.iter().any(|(column, own)| column == name && own == cell);
        let rows = file.iter().filter(|row| with.iter().all(|(name, cell)| is(row, name, cell)));
        rows.map(|row| row.iter().find(|(name, _)| name == column).unwrap().1.clone()).collect()
    };
    let figures = |measure: &str, practice: &str, more: &[(&str, &str)]| {
        let fixed = [("measure", measure), ("practice_code", practice), ("locality", if practice.is_empty() { "" } else { "North" })];
        cells(&care_planning, "value", &[&fixed[..], more].concat())
    };
    let plans = [("period", "last-12-months"), ("unit", "people"), ("stratum", "")];

    // How many people had a plan with goals in each practice at each quarter end? Dan's of March 2016 is too old at the last.
    assert_eq!(figures("plans-with-goals", "P90001", &plans), ["2", "2", "3", "2"]);
    assert_eq!(figures("plans-with-goals", "P90002", &plans), ["0", "1", "1", "1"]);
    // How many of those had a shared decision? Ann on the day, Eve ten days later.
    assert_eq!(figures("plans-with-goals-and-decision", "P90001", &plans), ["1", "1", "1", "1"]);
    assert_eq!(figures("plans-with-goals-and-decision", "P90002", &plans), ["0", "1", "1", "1"]);
    // Who declined? Cat in July; Fay in June, who came for the tests in December all the same.
    let declined = |practice| {
        let of = |day| {
            let with = [("practice_code", practice), ("interval_end", day), ("status", "declined"), ("stratum", "")];
            cells(&pathway, "people", &with).iter().map(|people| people.parse::<u64>().unwrap()).sum::<u64>()
        };
        QUARTER_ENDS.map(of)
    };
    assert_eq!(declined("P90001"), [0, 1, 1, 1]);
    assert_eq!(declined("P90002"), [1, 1, 0, 0]);
    // How long is it from preparation to plan? Ann 14 days and Bob 35, Eve 21.
    let last = ("interval_end", "2017-03-31");
    for (practice, quartiles) in [("P90001", ["14", "14", "35"]), ("P90002", ["21", "21", "21"]), ("", ["14", "21", "35"])] {
        let units = ["days, lower quartile", "days, median", "days, upper quartile"];
        let days = units.map(|unit| figures("prepared-to-agreed", practice, &[last, ("unit", unit)]));
        assert_eq!(days.concat(), quartiles, "{practice}");
    }
    // Are people with three conditions called three times? Of Ann, Bob and Eve, Bob is; the others were reviewed once for all.
    let three = [last, ("stratum", "conditions"), ("stratum_value", "3")];
    let reviews = |unit| [&three[..], &[("period", "last-12-months"), ("unit", unit)]].concat();
    assert_eq!(figures("register", "", &three), ["3"]);
    assert_eq!(figures("condition-reviews", "", &reviews("contact days")), ["4"]);
    assert_eq!(figures("condition-reviews", "", &reviews("people with 3 or more contact days")), ["1"]);
    assert_eq!(figures("reviewed-once", "", &three), ["2"]);
    let mean = [&reviews("contact days")[..], &[("measure", "condition-reviews"), ("practice_code", ""), ("locality", "")]].concat();
    assert_eq!(cells(&care_planning, "ratio", &mean), ["1.333333"]);
}

/// A property that never meets a lapse is worth nothing: every number must be above 0 somewhere.
#[test]
fn the_generator_reaches_everything() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    let mut never: BTreeSet<String> = BTreeSet::new();
    for _ in 0..45 {
        let folder = tempfile::tempdir().unwrap();
        extracts().new_tree(&mut runner).unwrap().current().write(folder.path());
        let [care_planning, pathway, counts] = by_brute_force(folder.path(), &REPORTING_DAYS);
        for (key, numbers) in care_planning {
            let what = format!("{} {} {}", key[1], key[6], key[8]);
            let stratum = format!("{} {}", key[9], key[10]);
            let day = format!("{} {}", key[1], key[5]);
            let words = if numbers[0] == "0" { &mut never } else { &mut met };
            words.extend([what, stratum, day]);
        }
        for (key, numbers) in pathway {
            let words = if numbers[0] == "0" { &mut never } else { &mut met };
            words.insert(format!("{} {}", key[5], key[6]));
        }
        // Steps out of order, by days, and codes.
        met.extend(counts.keys().filter(|key| key[8].starts_with('-')).map(|key| format!("{} before", key[1])));
    }
    // The last step cannot be missing before a later one.
    let never: Vec<&String> = never.difference(&met).filter(|what| !what.starts_with("missing-reviewed")).collect();
    assert!(never.is_empty(), "never above 0: {never:#?}");
    let strata = ["sex female", "sex male", "sex neither", "age 0-17", "age 18-39", "age 40-64", "age 65-79", "age 80+"];
    let fifths = ["imd_quintile 1", "imd_quintile 5", "imd_quintile unknown"];
    let conditions = ["condition DM", "condition HYP", "condition CHD", "condition CKD"];
    let how_many = ["conditions 1", "conditions 2", "conditions 3", "conditions 4+", "multimorbidity 2+"];
    for word in
        strata.iter().chain(&fifths).chain(&conditions).chain(&how_many).chain(&["prepared-to-agreed before", "agreed-to-reviewed before"])
    {
        assert!(met.contains(*word), "never {word}");
    }
}
