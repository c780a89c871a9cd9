//! Input that nobody of this project wrote: registers counted by the program against counts taken straight from the CSV.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use dqoh::achievement::{Area, achieve};
use dqoh::cli::read_folder;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::extract::quality::Reason;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Rules, View};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

const DAY: &str = "2019-03-31";

fn outside() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/synthea");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no ../shared/data/synthea");
    None
}

fn rules(framework: &str) -> Rules {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("business-rules").join(framework);
    Rules::read(&read_folder(&folder).unwrap())
}

/// The SNOMED codes of a set, read without the program.
fn snomed(set: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("business-rules/dudley-2016-17/code-sets").join(format!("{set}.csv"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter_map(|line| line.strip_prefix("snomed,")).map(|rest| rest.split(',').next().unwrap().to_owned()).collect()
}

/// People alive and registered on the day, by id, with their birth year, month and day as one number.
fn people(folder: &Path) -> BTreeMap<String, i64> {
    let text = std::fs::read_to_string(folder.join("patients.csv")).unwrap();
    let mut people = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, _, born, _, registered, left, died] = cells.as_slice() else { continue };
        let gone = |day: &str| !day.is_empty() && day <= DAY;
        if *registered <= DAY && !gone(left) && !gone(died) {
            people.insert((*id).to_owned(), born.replace('-', "").parse().unwrap());
        }
    }
    people
}

/// Latest day of a code of the set, by person, up to the reporting day and not before birth.
fn latest(folder: &Path, people: &BTreeMap<String, i64>, set: &str) -> BTreeMap<String, String> {
    let codes = snomed(set);
    let mut text = String::new();
    let file = std::fs::File::open(folder.join("events.csv.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut latest: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, date, scheme, code, ..] = cells.as_slice() else { continue };
        let Some(born) = people.get(*id) else { continue };
        let day: i64 = date.replace('-', "").parse().unwrap();
        if *scheme == "snomed" && codes.contains(*code) && *date <= DAY && day >= *born {
            let entry = latest.entry((*id).to_owned()).or_default();
            if entry.as_str() < *date {
                *entry = (*date).to_owned();
            }
        }
    }
    latest
}

/// Registers as the framework says them, read independently.
fn expected(folder: &Path) -> BTreeMap<&'static str, usize> {
    let people = people(folder);
    let unresolved = |set: &str, resolved: &str| {
        let resolved = latest(folder, &people, resolved);
        let mut diagnosed = latest(folder, &people, set);
        diagnosed.retain(|id, day| resolved.get(id).is_none_or(|resolved| resolved <= day));
        diagnosed
    };
    let mut diabetes = unresolved("DM_COD", "DMRES_COD");
    diabetes.retain(|id, _| people.get(id).is_some_and(|born| (20_190_331 - born) / 10_000 >= 17));
    let hypertension = unresolved("HYP_COD", "HYPRES_COD");
    let heart = latest(folder, &people, "CHD_COD");
    BTreeMap::from([("DM", diabetes.len()), ("HYP", hypertension.len()), ("CHD", heart.len())])
}

#[test]
fn registers_agree_with_an_independent_reading() {
    let Some(folder) = outside() else { return };
    let rules = rules("dudley-2016-17");
    let frameworks = [rules.sound().unwrap().at(Day::parse(DAY.as_bytes()).unwrap(), View::YearEnd).0];
    let codes = frameworks.first().unwrap().codes.clone();
    let mut extract = Extract::open(&folder).unwrap();
    let records = extract.records(&codes, &|_| {}).unwrap();
    let counted = run(&frameworks, records, None, |records| (records.practice as u32, records.patients(&codes))).unwrap();
    let achievement = achieve(&frameworks, &extract.practices, &counted.tally);
    let found = achievement.rows.iter().filter(|row| row.area == Area::Whole && row.stratum == 0);
    let found: BTreeMap<&str, u64> = found.map(|row| (row.measure.as_str(), row.counts.numerator)).collect();
    for (register, people) in expected(&folder) {
        assert!(people > 20, "{register}: the independent reading finds only {people}");
        assert_eq!(found.get(register).copied(), Some(people as u64), "{register}");
    }
}

#[test]
fn both_frameworks_finish_and_say_what_they_could_not_use() {
    let Some(folder) = outside() else { return };
    for framework in ["dudley-2016-17", "qof-2021-22-diabetes"] {
        let rules = rules(framework);
        let frameworks = [rules.sound().unwrap().at(Day::parse(DAY.as_bytes()).unwrap(), View::YearEnd).0];
        let codes = frameworks.first().unwrap().codes.clone();
        let mut extract = Extract::open(&folder).unwrap();
        let records = extract.records(&codes, &|_| {}).unwrap();
        run(&frameworks, records, None, |records| (records.practice as u32, records.patients(&codes))).unwrap();
        let quality = &extract.quality;
        for scheme in ["loinc", "rxnorm", "cvx"] {
            assert!(quality.in_no_set_by_scheme.get(scheme).is_some_and(|rows| *rows > 0), "{framework}: {scheme}");
        }
        // Blood sugar is in per cent here: another unit, so no value.
        let without_value = quality.counts.get(&Reason::ValueNotUsed).copied().unwrap_or(0);
        assert_eq!(without_value > 1_000, framework == "dudley-2016-17", "{framework}: {without_value}");
    }
}
