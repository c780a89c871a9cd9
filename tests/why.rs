//! Why each person is counted, or not. Everybody of the samples and every indicator has one readable sentence, with the line that the
//! engine counted, the row of the rules where it stands, and records that are in the extract at the row that is named.
//! A case is a folder of `why/`: the commands of its command.txt are run in a copy of it, and all they print and write stands in its
//! expected.txt. `UPDATE_WHY=1 cargo test --test why` writes what is expected anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

#[path = "support/cases.rs"]
mod cases;

use cases::{copy, dqoh, words};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Row = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).unwrap_or_else(|| panic!("there is no column {column}"))
}

/// Runs a command that must succeed, and gives all that it said.
fn said(folder: &Path, command: &str) -> String {
    let (exit, out, err) = dqoh(folder, &words(command));
    assert_eq!(exit, "0", "{command}: {err}");
    out + &err
}

/// The samples in a folder of their own.
fn samples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("sample-extracts"), &folder.path().join("extract"));
    folder
}

#[test]
fn every_case_prints_and_writes_what_is_expected() {
    cases::check(&root().join("tests/why"), "UPDATE_WHY", 1);
}

// ---- Everybody, every indicator ----

#[test]
fn everybody_has_one_sentence_for_every_indicator() {
    let folders = fs::read_dir(root().join("business-rules")).unwrap().map(|entry| entry.unwrap().path());
    let frameworks: Vec<_> = folders.filter(|folder| folder.join("framework.toml").is_file()).collect();
    assert!(frameworks.len() > 1, "the frameworks were not found");
    let told: Vec<[usize; 3]> = frameworks.iter().map(|rules| everybody_has_one_sentence(rules)).collect();
    let [indicators, places, records] = [0, 1, 2].map(|at| told.iter().filter_map(|told| told.get(at)).sum::<usize>());
    assert!(indicators > 60 && places > 350 && records > 3_000, "{indicators} indicators, {places} lines and {records} records are few");
}

/// Of one framework; how many indicators, lines and records were looked at.
fn everybody_has_one_sentence(rules: &Path) -> [usize; 3] {
    let folder = samples();
    copy(rules, &folder.path().join("rules"));
    let patients = rows(&folder.path().join("extract/patients.csv"));
    let ids: BTreeSet<&str> = patients.iter().map(|row| cell(row, "patient_id")).collect();
    fs::write(folder.path().join("everybody.txt"), ids.iter().copied().collect::<Vec<_>>().join("\n")).unwrap();
    said(folder.path(), "run extract --rules rules --out out");
    said(folder.path(), "explain extract --rules rules --people everybody.txt --out why.csv");
    let why = rows(&folder.path().join("why.csv"));
    let lines = rows(&folder.path().join("out/lines.csv"));
    let everybody = |row: &&Row| cell(row, "stratum").is_empty();
    let of_indicator = |row: &&Row| !["selected", "rejected"].contains(&cell(row, "outcome"));
    let indicators: BTreeSet<&str> = why.iter().map(|row| cell(row, "measure")).collect();
    assert_eq!(why.len(), ids.len() * indicators.len(), "one row a person and indicator");

    // The line is the one that was counted.
    let mut told: BTreeMap<[&str; 3], u64> = BTreeMap::new();
    for row in why.iter().filter(|row| cell(row, "line_of") == cell(row, "measure")) {
        *told.entry(["measure", "practice_code", "line"].map(|column| cell(row, column))).or_default() += 1;
    }
    let mut counted: BTreeMap<[&str; 3], u64> = BTreeMap::new();
    for row in lines.iter().filter(everybody).filter(of_indicator).filter(|row| indicators.contains(cell(row, "measure"))) {
        let people: u64 = cell(row, "people").parse().unwrap();
        if people > 0 {
            counted.insert(["measure", "practice_code", "line"].map(|column| cell(row, column)), people);
        }
    }
    assert_eq!(told, counted, "left: explain, right: lines.csv of a run");

    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut texts = |path: &Path| -> Vec<String> {
        let text = || fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
        files.entry(path.to_string_lossy().into_owned()).or_insert_with(text).clone()
    };
    let mut places: BTreeSet<(String, usize, String)> = BTreeSet::new();
    let mut records: BTreeSet<(String, String, String)> = BTreeSet::new();
    for row in &why {
        readable(row);
        let file = cell(row, "rule_file");
        assert_eq!(file.is_empty(), ["not-on-list", "set-aside"].contains(&cell(row, "outcome")), "{row:?}");
        if !file.is_empty() && cell(row, "line") != "0" {
            places.insert((file.to_owned(), cell(row, "rule_row").parse().unwrap(), cell(row, "words").to_owned()));
        }
        for (whats, wheres) in [("records", "record_places"), ("nearest_records", "nearest_record_places")] {
            let (whats, wheres) = (parts(cell(row, whats)), parts(cell(row, wheres)));
            assert_eq!(whats.len(), wheres.len(), "{row:?}");
            for (what, place) in whats.iter().zip(wheres) {
                records.insert((cell(row, "person").to_owned(), what.split(' ').next().unwrap().to_owned(), place.to_owned()));
            }
        }
    }
    let looked_at = [indicators.len(), places.len(), records.len()];
    // The line stands in the row of the rules that is named.
    for (file, row, words) in places {
        let text = texts(&rules.join(&file)).get(row - 1).cloned().unwrap_or_default();
        let asks = words.split_once(" if ").map_or("otherwise", |(_, asks)| asks);
        assert!(text.contains(asks), "{file} row {row} does not hold `{words}`: {text}");
    }
    // The records are in the extract in the row that is named: of this person, on this day.
    for (person, day, place) in records {
        let (file, row) = place.rsplit_once(" row ").unwrap();
        let text = texts(&folder.path().join("extract").join(file)).get(row.parse::<usize>().unwrap() - 1).cloned().unwrap_or_default();
        assert!(text.starts_with(&format!("{person},{day},")), "{place} is not of that person and day");
    }
    looked_at
}

/// Several records in one cell; titles may hold a semicolon of their own, which no day follows.
fn parts(cell: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = cell;
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) || text.starts_with("events");
    while !rest.is_empty() {
        let ends = rest.match_indices("; ").find(|(at, _)| begins(rest.get(at + 2..).unwrap()));
        let (first, later) = ends.map_or((rest, ""), |(at, _)| (rest.get(..at).unwrap(), rest.get(at + 2..).unwrap()));
        all.push(first);
        rest = later;
    }
    all
}

/// One sentence: whole, and without what only a program would say.
fn readable(row: &Row) {
    for column in ["sentence", "nearest"] {
        let sentence = cell(row, column);
        if column == "nearest" && sentence.is_empty() {
            continue;
        }
        let begins = sentence.starts_with(|c: char| c.is_ascii_uppercase());
        let odd = ["  ", "()", "[]", "_COD", "Some(", " .", " ,", "None", ": .", ":."];
        assert!(begins && sentence.ends_with('.') && sentence.len() > 20, "`{sentence}` in {row:?}");
        assert!(!odd.iter().any(|odd| sentence.contains(odd)), "`{sentence}` in {row:?}");
        assert_eq!(sentence.matches(['(', '[']).count(), sentence.matches([')', ']']).count(), "`{sentence}`");
    }
}

// ---- Files that hold records of persons ----

#[test]
fn a_page_asks_nothing_of_anybody_and_names_nobody() {
    let folder = samples();
    let printed = said(folder.path(), "explain extract --person 1005 --every quarter --out person.html");
    assert!(!printed.contains("1005"), "{printed}");
    let page = fs::read_to_string(folder.path().join("person.html")).unwrap();
    assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"));
    for asks in ["http:", "https:", "<script", "<img", "<link", "<iframe", "url(", "@import", " src="] {
        assert!(!page.contains(asks), "the page holds `{asks}`");
    }
    let body = page.split_once("<body>").unwrap().1;
    let (warning, after) = body.split_once("<h1>").unwrap();
    assert!(warning.contains("This page contains a person's record"), "the warning stands at the top");
    assert!(after.contains("events.csv row ") && after.contains("by line "), "records and lines are told");
    assert_eq!(body.matches("<h2 ").count(), 4, "four reporting days");
    let opened = body.matches("<section").count();
    assert_eq!(opened, body.matches("</section>").count());
    // The birth day of the extract is nowhere: the page knows a pseudonym.
    let patients = rows(&folder.path().join("extract/patients.csv"));
    let person = patients.iter().find(|row| cell(row, "patient_id") == "1005").unwrap();
    assert!(!page.contains(cell(person, "birth_date")));
}

#[test]
fn files_of_persons_are_their_owners_alone() {
    let folder = samples();
    said(folder.path(), "explain extract --practice P90003 --indicator CP004 --out why.csv");
    said(folder.path(), "explain extract --person 1005 --out person.html");
    for name in ["why.csv", "person.html"] {
        let path = folder.path().join(name);
        assert!(path.is_file());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
}

/// The order of rows in the extract changes nothing but the rows that are named.
#[test]
fn the_order_of_people_does_not_matter() {
    let folder = samples();
    let command = "explain extract --indicator DM007 --out why.csv";
    said(folder.path(), command);
    let before = fs::read_to_string(folder.path().join("why.csv")).unwrap();
    let path = folder.path().join("extract/patients.csv");
    let text = fs::read_to_string(&path).unwrap();
    let (header, people) = text.split_once('\n').unwrap();
    let turned: Vec<&str> = people.lines().rev().collect();
    fs::write(&path, format!("{header}\n{}\n", turned.join("\n"))).unwrap();
    said(folder.path(), command);
    assert_eq!(before, fs::read_to_string(folder.path().join("why.csv")).unwrap());
}
