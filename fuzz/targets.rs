//! What is done with bytes of anybody's making, and what must hold whatever they are. The fuzzer calls these functions
//! with bytes it thinks of, `tests/fuzz.rs` with the files in `fuzz/seeds`: every case that was ever found is one of them.

use chrono::{Datelike, NaiveDate};
use dqoh::evaluate::examples::examine;
use dqoh::extract::{Check, Extract};
use dqoh::framework::calendar::{Day, after, age, before, birthday};
use dqoh::framework::code_sets::CodeBook;
use dqoh::framework::{Rules, View};
use dqoh::problem::{Place, Problem, render};
use dqoh::rules::phrase::{Length, Unit};
use dqoh::source::Sources;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Does something with bytes; panics when what must hold does not.
type Target = fn(&[u8]);

/// All targets, by the name of their folder of seeds.
pub const ALL: [(&str, Target); 6] =
    [("rules", rules), ("sentence", sentence), ("rows", rows), ("emis", emis), ("zip", zip), ("days", days)];

/// A framework that is sound, but for the file that the bytes are.
const FRAMEWORK: [(&str, &[u8]); 12] = [
    ("care/plan.toml", include_bytes!("../tests/problems/base/care/plan.toml")),
    ("care/target.toml", include_bytes!("../tests/problems/base/care/target.toml")),
    ("code-sets/CARE_PLAN.csv", include_bytes!("../tests/problems/base/code-sets/CARE_PLAN.csv")),
    ("code-sets/DECLINED.csv", include_bytes!("../tests/problems/base/code-sets/DECLINED.csv")),
    ("code-sets/DIASTOLIC.csv", include_bytes!("../tests/problems/base/code-sets/DIASTOLIC.csv")),
    ("code-sets/DMRES_COD.csv", include_bytes!("../tests/problems/base/code-sets/DMRES_COD.csv")),
    ("code-sets/DM_COD.csv", include_bytes!("../tests/problems/base/code-sets/DM_COD.csv")),
    ("code-sets/HBA1C.csv", include_bytes!("../tests/problems/base/code-sets/HBA1C.csv")),
    ("code-sets/SYSTOLIC.csv", include_bytes!("../tests/problems/base/code-sets/SYSTOLIC.csv")),
    ("framework.toml", include_bytes!("../tests/problems/base/framework.toml")),
    ("registers/dm.toml", include_bytes!("../tests/problems/base/registers/dm.toml")),
    ("registers/ltc.toml", include_bytes!("../tests/problems/base/registers/ltc.toml")),
];

/// The text of a rule file: every message points into a file, and what is sound can be laid over a person.
pub fn rules(data: &[u8]) {
    read_rules(data.to_vec());
}

/// A sentence of a line.
pub fn sentence(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let sentence = serde_json::to_string(text).unwrap_or_default();
    let file = format!(
        r#"[indicator]
id          = "FUZZ"
title       = "Any"
of          = "LTC"
points      = 1
pays        = {{ from = 35, to = 75 }}
standing    = "reconstructed"
source      = "Made up for tests"

[facts]
care-plan = {{ find = "latest", codes = "CARE_PLAN" }}
hba1c     = {{ find = "latest", codes = "HBA1C" }}

[rules]
in-order = [
  {{ achieved-if = {sentence} }},
  {{ otherwise   = "not achieved" }},
]
"#
    );
    read_rules(file.into_bytes());
}

fn read_rules(file: Vec<u8>) {
    let mut files: Vec<(String, Vec<u8>)> = FRAMEWORK.iter().map(|(name, text)| ((*name).to_owned(), text.to_vec())).collect();
    files.push(("care/FUZZ.toml".to_owned(), file));
    let rules = Rules::read(&files);
    let mut problems = rules.problems.clone();
    for problem in &problems {
        points_into_a_file(problem, &rules.sources);
    }
    if let Some(rulebook) = rules.sound() {
        problems.extend(examine(rulebook).problems);
        for view in [View::Rolling, View::YearEnd] {
            rulebook.at(rulebook.period().to, view);
        }
    }
    render(&problems, &rules.sources, false);
}

fn points_into_a_file(problem: &Problem, sources: &Sources) {
    let Place::Text(span) = &problem.place else { return };
    for span in problem.also.iter().map(|(span, _)| span).chain([span]) {
        let text = sources.get(span.file).map(|source| source.text.as_str());
        assert!(text.is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some()), "{} points nowhere", problem.code);
    }
}

/// Between the files of an extract in one row of bytes.
const NEXT_FILE: &[u8] = b"\n====\n";

/// extract.toml, practices.csv, patients.csv and events.csv, one after the other. Messages never hold a value that is
/// marked as a secret, and every row read is used, or in no set, or counted with its reason.
pub fn rows(data: &[u8]) {
    if split(data).take(2).any(tells_a_secret) {
        return;
    }
    let mut files = split(data);
    let folder = tempfile::tempdir().expect("a folder for a while");
    for name in ["extract.toml", "practices.csv", "patients.csv", "events.csv"] {
        std::fs::write(folder.path().join(name), files.next().unwrap_or_default()).expect("room on the disk");
    }
    read_extract(folder.path());
}

/// Two batches of the bulk extract of EMIS Web: six files of the first, then as many of the second as there are.
pub fn emis(data: &[u8]) {
    const TABLES: [&str; 6] = [
        "Admin_Organisation",
        "Admin_Patient",
        "CareRecord_Observation",
        "Coding_ClinicalCode",
        "Coding_DrugCode",
        "Prescribing_IssueRecord",
    ];
    if split(data).step_by(TABLES.len()).any(tells_a_secret) {
        return;
    }
    let mut files = split(data);
    let folder = tempfile::tempdir().expect("a folder for a while");
    for (batch, made_at) in [("1", "20170329063000"), ("2", "20170405063000")] {
        for table in TABLES {
            let Some(content) = files.next() else { continue };
            let name = format!("{batch}_{table}_{made_at}_00000000-0000-4000-8000-000000000001.csv");
            std::fs::write(folder.path().join(name), content).expect("room on the disk");
        }
    }
    read_extract(folder.path());
}

/// A zip archive of an extract.
pub fn zip(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let path = folder.path().join("extract.zip");
    std::fs::write(&path, data).expect("room on the disk");
    read_extract(&path);
}

/// Settings and names of practices may be shown; what is marked as a secret has no place there.
fn tells_a_secret(file: &[u8]) -> bool {
    file.windows(6).any(|window| window == b"SECRET")
}

fn split(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let data = rest?;
        let end = data.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE);
        rest = end.and_then(|end| data.get(end + NEXT_FILE.len()..));
        data.get(..end.unwrap_or(data.len()))
    })
}

fn read_extract(path: &Path) {
    // Read once: what is tried here are extracts.
    static CODES: OnceLock<Arc<CodeBook>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let files: Vec<(String, Vec<u8>)> = FRAMEWORK.iter().map(|(name, text)| ((*name).to_owned(), text.to_vec())).collect();
        let rules = Rules::read(&files);
        let Some(rulebook) = rules.sound() else { panic!("the framework is sound: {}", render(&rules.problems, &rules.sources, false)) };
        rulebook.at(rulebook.period().to, View::YearEnd).0.codes
    });
    for check in [Check::RowsInUse, Check::EveryRow] {
        let problems = match Extract::open(path) {
            Ok(mut extract) => match extract.records_checked(codes, check, &|_| {}) {
                Ok(records) => {
                    let used: u64 = records.iter().map(|records| records.rows_by_code().values().sum::<u64>()).sum();
                    let people = extract.number_of_people() as u64;
                    let quality = &extract.quality;
                    let told = quality.counts.values().sum::<u64>();
                    assert!(quality.rows_read <= used + quality.rows_in_no_set + people + told, "rows are lost in silence");
                    extract.warnings.clone()
                }
                Err(problem) => vec![problem],
            },
            Err(problems) => problems,
        };
        let text = render(&problems, &Sources::default(), false);
        assert!(!text.contains("SECRET"), "a message shows a value: {text}");
    }
}

/// A day as text, and lengths: a day that is read is that of the calendar, and lengths lead to days.
pub fn days(data: &[u8]) {
    let (text, numbers) = data.split_at(data.len().min(10));
    let plain =
        std::str::from_utf8(text).ok().filter(|text| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'));
    let theirs =
        plain.and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).filter(|date| (1850..=2100).contains(&date.year()));
    let ours = Day::parse(text);
    assert_eq!(ours.map(Day::date), theirs, "{text:?}");
    let Some(day) = ours else { return };
    let number = numbers.iter().fold(0_i32, |number, byte| (number * 31 + i32::from(*byte)) % 100_000);
    for unit in [Unit::Days, Unit::Months, Unit::Years] {
        let length = Length { number, unit };
        let (earlier, later) = (before(day, length), after(day, length));
        assert!(earlier <= day && day <= later, "{day:?} {number} {unit:?}");
    }
    let born = day;
    let years = number % 120;
    let on = birthday(born, years);
    assert_eq!(age(born.ymd(), on.ymd()), years, "born {born:?}, {years} on {on:?}");
    assert_eq!(age(born.ymd(), on.plus(-1).ymd()), years - 1, "born {born:?}, not yet {years}");
}
