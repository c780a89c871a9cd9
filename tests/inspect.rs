//! What `dqoh inspect` and `dqoh quarantine show` tell. A case is a folder of `inspect/`: the commands of its command.txt are run in
//! a copy of it, `RULES` being `problems/base`, and all that they print, with the quality.csv that they write, stands in its expected.txt.
//! `UPDATE_INSPECT=1 cargo test --test inspect` writes that anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use dqoh::cli::read_folder;
use dqoh::extract::Extract;
use dqoh::extract::census::Census;
use dqoh::extract::quality::Reason;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, Rules, View};
use dqoh::inspect::{Check, Entry, Inspection, Value, inspect};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set to anything, texts are written instead of compared.
const UPDATE: &str = "UPDATE_INSPECT";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder below `tests`.
fn folder(name: &str) -> PathBuf {
    root().join("tests").join(name)
}

/// The framework of a folder, for the end of its period.
fn framework(folder: &Path) -> Framework {
    let rules = Rules::read(&read_folder(folder).unwrap());
    let rulebook = rules.sound().unwrap();
    rulebook.at(rulebook.period().to, View::YearEnd).0
}

// ---- What is printed and written ----

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder("inspect")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 10, "the cases were not found");
    cases
}

/// What the commands of a case print, and the quality.csv that there is afterwards.
fn told(case: &Path) -> String {
    let place = tempfile::tempdir().unwrap();
    let there = place.path().join("extract");
    fs::create_dir(&there).unwrap();
    for entry in fs::read_dir(case.join("extract")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, there.join(path.file_name().unwrap())).unwrap();
    }
    let base = folder("problems").join("base");
    let mut text = String::new();
    for command in fs::read_to_string(case.join("command.txt")).unwrap().lines() {
        let arguments = command.split_whitespace().map(|word| if word == "RULES" { base.to_str().unwrap() } else { word });
        let mut dqoh = Command::new(env!("CARGO_BIN_EXE_dqoh"));
        let output = dqoh.current_dir(place.path()).args(arguments).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").output().unwrap();
        text += &format!("$ dqoh {command}\n");
        // What a run prints is for other tests, and it tells seconds.
        let printed = if command.starts_with("run ") { Vec::new() } else { output.stdout };
        for (mark, said) in [("", printed), ("! ", output.stderr)] {
            let said = String::from_utf8(said).unwrap().replace("\r\n", "\n").replace('\\', "/");
            text += &said.lines().map(|line| format!("{mark}{}", line.trim_end()).trim_end().to_owned() + "\n").collect::<String>();
        }
        text += &format!("exit code {}\n\n", output.status.code().unwrap());
    }
    if let Ok(quality) = fs::read_to_string(place.path().join("out").join("quality.csv")) {
        text += &format!("=== quality.csv\n{quality}");
    }
    text
}

#[test]
fn every_case_tells_what_stands_beside_it_and_shows_nobody() {
    let mut wrong = Vec::new();
    for case in cases() {
        let text = told(&case);
        let beside = case.join("expected.txt");
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&beside, &text).unwrap();
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default().replace('\r', "");
        wrong.extend((text != wanted).then(|| format!("{} differs; now it is\n{text}", beside.display())));
        wrong.extend(
            particulars(&case).into_iter().filter(|cell| text.contains(cell)).map(|cell| format!("{}: shows {cell}", case.display())),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// Cells of people and records that would tell of somebody: ids, days, and what was written where a unit should be.
fn particulars(case: &Path) -> BTreeSet<String> {
    let texts = ["patients.csv", "events.csv"].map(|name| fs::read_to_string(case.join("extract").join(name)).unwrap());
    let cells = texts.iter().flat_map(|text| text.lines().skip(1)).flat_map(|row| row.split(','));
    let is_day = |cell: &str| cell.len() == 10 && cell.contains(['-', '/']);
    cells.filter(|cell| cell.starts_with("PERSON-") || is_day(cell)).map(str::to_owned).chain(["Robert".to_owned()]).collect()
}

/// Every check that can find something does so in some case, and nothing in the clean one.
#[test]
fn every_check_finds_something_somewhere_and_nothing_in_a_clean_extract() {
    let framework = base();
    let mut found = BTreeSet::new();
    for case in cases() {
        let inspection = inspected(&framework, &case.join("extract"));
        let here: BTreeSet<Check> = Check::ALL.into_iter().filter(|check| inspection.findings(*check) > 0).collect();
        if case.ends_with("nothing-to-find") {
            assert_eq!(here, BTreeSet::new());
        }
        for entry in inspection.entries.iter().filter(|entry| entry.finding) {
            assert!(!entry.check.advice().is_empty(), "{:?} finds something and says not what to do", entry.check);
        }
        found.extend(here);
    }
    let can: BTreeSet<Check> = Check::ALL.into_iter().filter(|check| !check.advice().is_empty()).collect();
    assert_eq!(found, can, "left: checks with a case; right: checks that can find something");
}

// ---- What is found ----

fn base() -> Framework {
    framework(&folder("problems").join("base"))
}

fn inspected(framework: &Framework, path: &Path) -> Inspection {
    let mut extract = Extract::open(path).unwrap();
    let mut census = Census::new(extract.practices.len());
    let records = extract.records_counted(&framework.codes, &mut census, &|_| {}).unwrap();
    inspect(framework, &extract, &census, records)
}

fn number(entry: &Entry, measure: &str) -> u64 {
    match entry.figures.iter().find(|figure| figure.measure == measure).map(|figure| &figure.value) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    }
}

/// Sums that must be the same whichever way they are made.
fn sums_agree(inspection: &Inspection) {
    let sum = |check: Check, measure: &str, of: &dyn Fn(&&Entry) -> bool| -> u64 {
        inspection.of(check).filter(of).map(|entry| number(entry, measure)).sum()
    };
    let total = |entry: &&Entry| entry.practice.is_empty();
    let events = sum(Check::Extract, "events", &total);
    for (check, of_practices) in [(Check::Years, true), (Check::Schemes, true), (Check::Practices, false)] {
        assert_eq!(sum(check, "events", &|entry| !total(entry)), events, "{check:?} by practice");
        assert!(!of_practices || sum(check, "events", &total) == events, "{check:?} of all together");
    }
    for entry in inspection.of(Check::Values) {
        let parts = ["with-a-value-in-use", "without-a-value", "no-plain-number", "in-another-unit", "outside-limits"];
        assert_eq!(parts.map(|part| number(entry, part)).iter().sum::<u64>(), number(entry, "records"), "{entry:?}");
    }
    for measure in ["records", "with-a-value-in-use", "in-another-unit", "outside-limits"] {
        let [all, practices] = [true, false].map(|all| sum(Check::Values, measure, &|entry| total(entry) == all));
        assert_eq!(all, practices, "{measure} of code sets");
    }
}

/// What the README of the sample says is hidden in it, as far as it shows before anything is counted.
#[test]
fn the_flaws_of_the_sample_are_found() {
    let framework = framework(&root().join("business-rules").join("dudley-2016-17"));
    let inspection = inspected(&framework, &root().join("sample-extracts"));
    sums_agree(&inspection);
    let schemes: BTreeSet<(&str, &str)> = inspection
        .of(Check::Schemes)
        .filter(|entry| entry.finding)
        .map(|entry| (entry.practice.as_str(), entry.subject.as_str()))
        .collect();
    assert_eq!(schemes, BTreeSet::from([("P90003", "read2"), ("P90008", "local")]), "Read v2 at one practice, own codes at another");
    let reasons: BTreeSet<&str> = inspection.of(Check::SetAside).map(|entry| entry.subject.as_str()).collect();
    let hidden = [
        Reason::BeforeBirth,
        Reason::DateNotUnderstood,
        Reason::DuplicateRecord,
        Reason::MonthOnlyBirth,
        Reason::UngroupedReading,
        Reason::UnknownPerson,
        Reason::ValueNotUsed,
    ];
    assert_eq!(reasons, hidden.map(Reason::word).into());
    assert!(inspection.findings(Check::Units) > 0, "values in other units");
    let before_birth = inspection.of(Check::Dates).filter(|entry| entry.subject == "event before birth").count();
    assert!(before_birth > 0, "records before birth");
}

/// Records of synthetic people that others published: no practice of theirs is odd in a way that they do not say.
#[test]
fn extracts_of_others_are_read_whole() {
    let path = root().join("../shared/data/synthea");
    if !path.is_dir() {
        println!("skipped: the extract of Synthea is not here");
        return;
    }
    let framework = framework(&root().join("business-rules").join("qof-2021-22-diabetes"));
    let inspection = inspected(&framework, &path);
    sums_agree(&inspection);
    let read = inspection.of(Check::Extract).next().unwrap();
    let rows: u64 = inspection.of(Check::Files).map(|entry| number(entry, "rows")).sum();
    assert!(number(read, "events") > 100_000 && number(read, "events") < rows, "{read:?}");
}

// ---- The order of rows and the way they are split ----

/// An event of anybody: who, days before the extract, which code, which value, which unit.
type Event = (prop::sample::Index, i32, &'static str, u16, &'static str);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let codes = prop::sample::select(vec!["TEST-DM", "TEST-HBA1C", "TEST-HBA1C", "TEST-SYS", "TEST-DIA", "OWN-1", ""]);
    let units = prop::sample::select(vec!["", "mmol/mol", "%", "mmHg"]);
    let event = (any::<prop::sample::Index>(), -40..1500_i32, codes, 0..400_u16, units);
    prop::collection::vec(event, 0..200)
}

/// Writes the same people and events, in an order and in as many files as told.
fn write(folder: &Path, people: usize, events: &[Event], turned: bool) {
    let made_on = Day::parse(b"2017-04-05").unwrap();
    let file = |name: &str, header: &str, mut rows: Vec<String>| {
        if turned {
            rows.reverse();
        }
        fs::write(folder.join(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    };
    file("extract.toml", "extracted-on = 2017-04-05\nsystem = \"synthetic\"\nscheme = \"local\"", Vec::new());
    let practices = ["P1,Elm Tree Surgery,North,9", "P2,Oak Tree Surgery,South,", "P3,Ash Tree Surgery,South,12"];
    file("practices.csv", "practice_code,name,locality,list_size", practices.map(str::to_owned).to_vec());
    // Every seventh person has the id of the one before, at another practice.
    let id = |at: usize| if at % 7 == 6 { at - 1 } else { at };
    let person = |at: usize| {
        let died = if at % 11 == 10 { "1930-01-01" } else { "" };
        format!("N{},P{},{}-02-03,F,2005-01-01,,{died}", id(at), at % 3 + 1, 1950 + at % 60)
    };
    let people_rows: Vec<String> = (0..people).chain((0..people).filter(|at| at % 13 == 12)).map(person).collect();
    let header = "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on";
    let event = |(who, before, code, value, unit): &Event| {
        let at = who.index(people + 1);
        format!("N{},P{},{},{code},{value},{unit}", id(at), at % 3 + 1, made_on.plus(-before))
    };
    let event_rows: Vec<String> = events.iter().map(event).collect();
    let of_events = "patient_id,practice_code,date,code,value,unit";
    if !turned {
        file("patients.csv", header, people_rows);
        return file("events.csv", of_events, event_rows);
    }
    let (first, second) = people_rows.split_at(people / 2);
    file("patients-b.csv", header, first.to_vec());
    file("patients-a.csv", header, second.to_vec());
    for (at, part) in event_rows.chunks(17).rev().enumerate() {
        file(&format!("events-{at}.csv"), of_events, part.to_vec());
    }
    file("events-last.csv", of_events, Vec::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_and_their_files_change_nothing(people in 2..40_usize, events in events()) {
        let framework = base();
        let of = |turned: bool| {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), people, &events, turned);
            inspected(&framework, folder.path())
        };
        let (one, other) = (of(false), of(true));
        sums_agree(&one);
        let but_files = |inspection: &Inspection| -> BTreeMap<Check, Vec<Entry>> {
            let checks = Check::ALL.into_iter().filter(|check| *check != Check::Files);
            checks.map(|check| (check, inspection.of(check).cloned().collect())).collect()
        };
        prop_assert_eq!(but_files(&one), but_files(&other));
    }
}
