//! What rules show in an extract. A case is a folder in `findings/` with an `extract`, and `rules` of its own where those of
//! `problems/base` will not do; what `dqoh check --extract` prints stands beside them.
//! `UPDATE_FINDINGS=1 cargo test --test findings` writes that anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod support;

use dqoh::evaluate::run::{Counted, run};
use dqoh::extract::Extract;
use dqoh::extract::canonical::PracticeRecords;
use dqoh::extract::census::Census;
use dqoh::findings::{Evidence, FEW, Finding, findings};
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, LineNumber, Outcome, Rules, View};
use dqoh::tally::FIRST_REGISTER;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{check_examples, folder, rulebook, rules};

/// Set to anything, texts are written instead of compared.
const UPDATE: &str = "UPDATE_FINDINGS";

// ---- What is printed ----

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder("findings")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn rules_of(case: &Path) -> PathBuf {
    let own = case.join("rules");
    if own.is_dir() { own } else { folder("problems").join("base") }
}

/// What a case's command prints from the name of the extract on; what stands above is of the rules alone.
fn printed(case: &Path) -> String {
    let rules = rules_of(case);
    let command = fs::read_to_string(case.join("command.txt")).unwrap_or_else(|_| "check RULES --extract extract".to_owned());
    let command = command.trim();
    let arguments = command.split_whitespace().map(|word| if word == "RULES" { rules.to_str().unwrap() } else { word });
    let mut dqoh = Command::new(env!("CARGO_BIN_EXE_dqoh"));
    let output = dqoh.current_dir(case).args(arguments).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let (told, complaint) = (said(&output.stdout), said(&output.stderr));
    let from = told.find("The rules on the extract").unwrap_or(0);
    format!("$ dqoh {command}\nexit code {}\n\n{}{complaint}", output.status.code().unwrap(), told.get(from..).unwrap())
}

#[test]
fn the_rules_of_every_case_are_sound() {
    for rules_folder in cases().into_iter().map(|case| case.join("rules")).filter(|rules| rules.is_dir()) {
        check_examples(&rules(&rules_folder), &rules_folder);
    }
}

#[test]
fn every_case_shows_what_stands_beside_it() {
    let mut wrong = Vec::new();
    for case in cases() {
        let text = printed(&case);
        let beside = case.join("expected.txt");
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&beside, &text).unwrap();
        }
        let there = fs::read_to_string(&beside).unwrap_or_default().replace("\r\n", "\n");
        wrong.extend((there != text).then(|| format!("{} differs; now it is\n{text}", beside.display())));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn nobody_is_shown() {
    for case in cases() {
        let text = printed(&case);
        for file in ["patients.csv", "events.csv"] {
            let cells = fs::read_to_string(case.join("extract").join(file)).unwrap();
            let telling = |cell: &&str| cell.len() >= 4 && cell.bytes().any(|byte| byte.is_ascii_digit()) && !cell.starts_with("TEST-");
            let shown = cells.split([',', '\n']).filter(telling).find(|cell| text.contains(cell));
            assert_eq!(shown, None, "{} shows a cell of {file}", case.display());
        }
        assert!(!text.contains("Robert"), "{} shows a unit that one row states", case.display());
        // A number of people or rows stands beside what it counts.
        for few in 1..FEW {
            for what in ["people", "records", "values"] {
                assert!(!text.contains(&format!(" {few} {what}")), "{} tells of {few} {what}", case.display());
            }
        }
    }
}

// ---- What is found ----

/// A line, what it concludes, and its people.
type OfLine = (LineNumber, Outcome, u64);

/// One extract, laid under rules: everything that findings are made of.
struct Laid {
    rules: Rules,
    framework: Framework,
    extract: Extract,
    census: Census,
    counted: Counted,
}

impl Laid {
    fn new(rules_folder: &Path, extract: &Path) -> Laid {
        let rules = rules(rules_folder);
        let mut extract = Extract::open(extract).unwrap();
        let period = rulebook(&rules).period();
        let framework = rulebook(&rules).at(period.quarter_end_by(extract.extracted_on), View::YearEnd).0;
        let mut census = Census::new(extract.practices.len());
        let records = extract.records_counted(&framework.codes, &mut census, &|_| {}).unwrap();
        let counted = decided(&framework, records);
        Laid { rules, framework, extract, census, counted }
    }

    fn findings(&self) -> Vec<Finding> {
        let evidence = Evidence {
            rulebook: rulebook(&self.rules),
            framework: &self.framework,
            practices: &self.extract.practices,
            tally: &self.counted.tally,
            census: &self.census,
        };
        findings(&evidence, &self.rules.sources)
    }

    /// People of every line, counted here once more: each file with the id that its author gave it, and its lines.
    /// Those outside a band are not of the file.
    fn people(&self) -> Vec<(String, Vec<OfLine>)> {
        let mut all = Vec::new();
        for file in &rulebook(&self.rules).files {
            let id = file.head.id().value.clone();
            let path = rulebook(&self.rules).path(file.file);
            let mut of_file: BTreeMap<LineNumber, (Outcome, u64)> = BTreeMap::new();
            for (measure, (_, lines)) in (FIRST_REGISTER..).zip(self.framework.measures()).filter(|(_, (_, lines))| lines.file == path) {
                for line in lines.lines.iter().filter(|line| line.number != LineNumber(0)) {
                    let counts = self.counted.tally.iter();
                    let mine = counts.filter(|(key, _)| key.stratum == 0 && key.measure == measure && key.line == line.number.0);
                    of_file.entry(line.number).or_insert((line.outcome, 0)).1 += mine.map(|(_, people)| u64::from(people)).sum::<u64>();
                }
            }
            all.push((id, of_file.into_iter().map(|(line, (outcome, people))| (line, outcome, people)).collect()));
        }
        all
    }
}

fn decided(framework: &Framework, records: Vec<PracticeRecords>) -> Counted {
    let load = |records: PracticeRecords| (u32::try_from(records.practice).unwrap(), records.patients(&framework.codes));
    run(std::slice::from_ref(framework), records, Some(2), load).unwrap()
}

/// Every line without people is found once and no other; a line that takes everybody who is left is found, and no other.
fn findings_are_those_of_the_tally(laid: &Laid) {
    let found = laid.findings();
    let nobody: Vec<(String, LineNumber)> = found.iter().flat_map(|finding| finding.deciding_nobody.clone()).collect();
    let everybody: BTreeSet<(String, LineNumber)> = found.iter().flat_map(|finding| finding.deciding_everybody.clone()).collect();
    assert_eq!(nobody.len(), nobody.iter().collect::<BTreeSet<_>>().len(), "a line is found twice: {nobody:?}");
    let (mut without, mut taking_all) = (BTreeSet::new(), BTreeSet::new());
    for (id, lines) in laid.people() {
        let of: u64 = lines.iter().map(|(_, _, people)| people).sum();
        if of < FEW {
            continue;
        }
        without.extend(lines.iter().filter(|(_, _, people)| *people == 0).map(|(line, ..)| (id.clone(), *line)));
        let is_register = lines.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Selected | Outcome::Rejected));
        let selected = lines.iter().filter(|(_, outcome, _)| *outcome == Outcome::Selected).map(|(.., people)| people).sum::<u64>();
        if is_register && selected == 0 {
            continue;
        }
        let mut left = of;
        for (at, (line, _, people)) in lines.iter().enumerate() {
            let last = at + 1 == lines.len();
            if *people == left && left >= FEW && (!last || left == of) {
                taking_all.insert((id.clone(), *line));
                break;
            }
            left -= people;
        }
    }
    assert_eq!(nobody.into_iter().collect::<BTreeSet<_>>(), without, "left: found to decide nobody; right: without people in the tally");
    assert_eq!(everybody, taking_all, "left: found to decide everybody; right: by the tally");
}

#[test]
fn what_is_found_in_every_case_agrees_with_the_tally() {
    for case in cases() {
        findings_are_those_of_the_tally(&Laid::new(&rules_of(&case), &case.join("extract")));
    }
}

#[test]
fn what_is_found_in_the_sample_agrees_with_the_tally() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let laid = Laid::new(&root.join("business-rules").join("dudley-2016-17"), &root.join("sample-extracts"));
    findings_are_those_of_the_tally(&laid);
}

/// Counting what an extract holds changes nothing of what is read.
#[test]
fn the_census_changes_no_result() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let laid = Laid::new(&root.join("business-rules").join("dudley-2016-17"), &root.join("sample-extracts"));
    let mut plain = Extract::open(&root.join("sample-extracts")).unwrap();
    let records = plain.records(&laid.framework.codes, &|_| {}).unwrap();
    assert_eq!(decided(&laid.framework, records), laid.counted);
    let rows = |extract: &Extract| extract.quality.rows.clone();
    let all: BTreeSet<_> = rows(&laid.extract).into_iter().collect();
    assert!(rows(&plain).into_iter().all(|row| all.contains(&row)), "every row set aside without the census is so with it");
}

// ---- Extracts of any people ----

/// A record of anybody: who, days before the end of the period, which code, which value.
type Event = (prop::sample::Index, i32, &'static str, u16);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let codes = ["TEST-DM", "TEST-DM", "TEST-DMRES", "TEST-PLAN", "TEST-DECLINED", "TEST-HBA1C", "TEST-SYS", "TEST-DIA"];
    // Some codes are left out altogether, so that sets without a record are common.
    (1..=codes.len()).prop_flat_map(move |known| {
        let event = (
            any::<prop::sample::Index>(),
            0..800_i32,
            prop::sample::select(codes.into_iter().take(known).collect::<Vec<_>>()),
            30..170_u16,
        );
        prop::collection::vec(event, 0..120)
    })
}

fn write(folder: &Path, people: usize, events: &[Event]) {
    let end = Day::parse(b"2017-03-31").unwrap();
    let file = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    file("extract.toml", "extracted-on = 2017-04-05\nsystem = \"synthetic\"\nscheme = \"local\"\n".to_owned());
    file("practices.csv", "practice_code,name,locality\nP1,Elm Tree Surgery,North\nP2,Oak Tree Surgery,South\n".to_owned());
    let rows = (0..people).map(|at| format!("P{at},P{},{}-02-03,F,2005-01-01,,\n", at % 2 + 1, 1950 + at % 60));
    file(
        "patients.csv",
        "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on\n".to_owned() + &rows.collect::<String>(),
    );
    let row = |(who, before, code, value): &Event| {
        let value = if matches!(*code, "TEST-HBA1C" | "TEST-SYS" | "TEST-DIA") { value.to_string() } else { String::new() };
        format!("P{},{},{code},{value}\n", who.index(people), end.plus(-before))
    };
    file("events.csv", "patient_id,date,code,value\n".to_owned() + &events.iter().map(row).collect::<String>());
}

fn texts(laid: &Laid) -> Vec<String> {
    laid.findings().iter().map(|finding| format!("{:?} {:?}", finding.section, finding.problem)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_decides_nobody_is_what_the_tally_says(people in 1..40_usize, events in events()) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), people, &events);
        let base = support::folder("problems").join("base");
        let laid = Laid::new(&base, folder.path());
        findings_are_those_of_the_tally(&laid);
        let turned: Vec<Event> = events.into_iter().rev().collect();
        write(folder.path(), people, &turned);
        prop_assert_eq!(texts(&laid), texts(&Laid::new(&base, folder.path())), "the order of rows does not matter");
    }
}
