//! The bulk extract of EMIS Web: the same people in it as in the canonical form give the same results to the byte, by every version
//! of its specification, in one batch and in three, as a folder and as a zip, with everything in it that must not change them.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

#[path = "emis/random.rs"]
mod random;

use dqoh::cli::built_in;
use dqoh::extract::quality::Reason;
use dqoh::extract::{Confidential, Extract};
use dqoh::framework::{Rules, View};
use dqoh::synth::emis::{Canonical, Shape, Specification, write};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What must be the same.
const RESULTS: [&str; 5] = ["results.csv", "counts.csv", "payment.csv", "care-planning.csv", "pathway.csv"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A canonical extract in memory, without what the other form has no place for.
#[derive(Clone)]
pub struct Small {
    practices: String,
    patients: String,
    events: String,
    /// The day of the extract.
    extracted_on: String,
}

/// The rows of a file with some columns emptied, and those rows left out whose scheme an EMIS extract does not have.
fn without(text: &str, columns: &[&str]) -> String {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records().map(Result::unwrap) {
        writer.write_record(header.iter().zip(&row).map(|(name, cell)| if columns.contains(&name) { "" } else { cell })).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

impl Small {
    fn of(folder: &Path) -> Small {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap().replace('\r', "");
        let day = read("extract.toml").lines().find_map(|line| line.strip_prefix("extracted-on = ").map(str::to_owned)).unwrap();
        Small { practices: read("practices.csv"), patients: read("patients.csv"), events: read("events.csv"), extracted_on: day }
    }

    /// What this version of an EMIS extract can tell.
    fn as_told_by(&self, version: Specification) -> Small {
        let episodes: &[&str] = if version == Specification::V81 { &[] } else { &["episode"] };
        Small { patients: without(&self.patients, &["imd_quintile"]), events: without(&self.events, episodes), ..self.clone() }
    }

    fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let toml = format!("extracted-on = {}\nsystem = \"synthetic\"\nscheme = \"snomed\"\n", self.extracted_on);
        for (name, text) in
            [("extract.toml", &toml), ("practices.csv", &self.practices), ("patients.csv", &self.patients), ("events.csv", &self.events)]
        {
            fs::write(folder.join(name), text).unwrap();
        }
    }

    /// The same as an EMIS extract; gives how many rows have no place in it.
    fn write_emis(&self, folder: &Path, shape: &Shape) -> u64 {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("practices.csv"), &self.practices).unwrap();
        let from = Canonical {
            practices: self.practices.as_bytes(),
            patients: self.patients.as_bytes(),
            events: self.events.as_bytes(),
            extracted_on: dqoh::framework::calendar::Day::parse(self.extracted_on.as_bytes()).unwrap(),
            scheme: "snomed".to_owned(),
        };
        write(from, shape, |name| File::create(folder.join(name))).unwrap().left_out
    }
}

fn zip(folder: &Path, to: &Path) {
    let mut archive = zip::ZipWriter::new(File::create(to).unwrap());
    for path in files(folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&fs::read(&path).unwrap()).unwrap();
    }
    archive.finish().unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

fn dqoh(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(root()).args(arguments).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{}{}", said(&output.stdout), said(&output.stderr));
    said(&output.stdout)
}

/// The results of an extract.
fn results(extract: &Path, rules: Option<&Path>, out: &Path) -> Vec<(&'static str, String)> {
    let mut arguments = vec!["run", extract.to_str().unwrap(), "--out", out.to_str().unwrap(), "--max-rejects", "100%", "--allow-missing"];
    arguments.extend(rules.iter().flat_map(|rules| ["--rules", rules.to_str().unwrap()]));
    dqoh(&arguments);
    let of = |name: &'static str| Some((name, fs::read_to_string(out.join(name)).ok()?));
    let all: Vec<(&'static str, String)> = RESULTS.into_iter().filter_map(of).collect();
    assert!(all.len() >= 3, "{}: results are missing", out.display());
    all
}

/// Two sets of results must be the same, byte for byte.
fn same(canonical: &[(&str, String)], emis: &[(&str, String)], what: &str) {
    assert_eq!(canonical.len(), emis.len(), "{what}: other files");
    for ((name, one), (_, other)) in canonical.iter().zip(emis) {
        let row = one.lines().zip(other.lines()).position(|(one, other)| one != other);
        let line = |text: &str| row.and_then(|row| text.lines().nth(row)).unwrap_or("(the end)").to_owned();
        assert!(one == other, "{what}, {name}: row {row:?}\n  canonical {}\n  emis      {}", line(one), line(other));
    }
}

/// Everything as one person reads it: canonical and EMIS, as a folder and as a zip.
fn check(small: &Small, folder_of_rules: Option<&Path>, shape: &Shape, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let told = small.as_told_by(shape.version);
    told.write(&at("canonical"));
    let left_out = told.write_emis(&at("emis"), shape);
    assert_eq!(left_out, 0, "{what}: rows that have no place in an EMIS extract");
    let wanted = results(&at("canonical"), folder_of_rules, &at("out"));
    same(&wanted, &results(&at("emis"), folder_of_rules, &at("out-emis")), what);
    zip(&at("emis"), &at("emis.zip"));
    same(&wanted, &results(&at("emis.zip"), folder_of_rules, &at("out-zip")), &format!("{what}, as a zip"));
}

#[test]
fn the_sample_counts_the_same() {
    let mut small = Small::of(&root().join("sample-extracts"));
    // Codes of other systems have no place in the other form.
    let is_there = |row: &&str| row.split(',').nth(3).is_some_and(|scheme| !["ctv3", "loinc"].contains(&scheme));
    let rows: Vec<&str> = small.events.lines().filter(is_there).collect();
    assert!(rows.len() * 100 > small.events.lines().count() * 99, "too much has no place in the other form");
    small.events = rows.iter().map(|row| format!("{row}\n")).collect();
    for (version, batches) in Specification::ALL.into_iter().zip([1, 3, 2, 3]) {
        let shape = Shape { version, batches, seed: 11 + batches as u64 };
        check(&small, None, &shape, &format!("version {} in {batches} batches", version.word()));
    }
}

#[test]
fn everything_awkward_is_counted() {
    let rules = Rules::read(&built_in());
    let folder = tempfile::tempdir().unwrap();
    let shape = Shape { version: Specification::V81, batches: 3, seed: 5 };
    Small::of(&root().join("sample-extracts")).write_emis(folder.path(), &shape);
    let counted = |confidential| {
        let mut extract = Extract::open_with(folder.path(), confidential, None).unwrap_or_else(|problems| panic!("{problems:?}"));
        let (framework, _) = rules.sound().unwrap().at(rules.sound().unwrap().period().to, View::YearEnd);
        extract.records(&framework.codes, &|_| {}).unwrap();
        (extract.number_of_people(), extract.quality.counts.clone(), extract.told().unwrap().to_owned())
    };
    let (people, counts, told) = counted(Confidential::Used);
    assert_eq!(told, "An extract of EMIS Web of 3 batches, the newest of 5 April 2017, by version 8.0 or 8.1 of its specification.");
    for reason in [
        Reason::CodeUnknown,
        Reason::Confidential,
        Reason::Deleted,
        Reason::DeletedPerson,
        Reason::OtherRegistration,
        Reason::PartialDate,
        Reason::Replaced,
        Reason::Undated,
        Reason::UnknownPerson,
        Reason::BeforeBirth,
    ] {
        assert!(counts.get(&reason).is_some_and(|count| *count > 1), "nothing to show for {reason:?}: {counts:?}");
    }
    let (fewer, counts, _) = counted(Confidential::LeftOut);
    assert!(fewer < people && counts.contains_key(&Reason::ConfidentialLeftOut) && !counts.contains_key(&Reason::Confidential));
}

#[test]
fn random_people_count_the_same() {
    let folder = root().join("tests").join("problems").join("base");
    for seed in 0..6 {
        let small = random::small(seed);
        let versions = Specification::ALL;
        let version = versions.into_iter().cycle().nth(usize::try_from(seed).unwrap()).unwrap();
        let shape = Shape { version, batches: 1 + usize::try_from(seed).unwrap() % 3, seed };
        check(&small, Some(&folder), &shape, &format!("random people {seed}"));
    }
}

/// Without practices.csv the practices are the organisations that have people, with the same codes and names.
#[test]
fn practices_are_told_by_the_extract_itself() {
    let folder = tempfile::tempdir().unwrap();
    let shape = Shape { version: Specification::V54, batches: 2, seed: 3 };
    let small = Small::of(&root().join("sample-extracts"));
    small.write_emis(folder.path(), &shape);
    let told = |extract: &Extract| extract.practices.iter().map(|one| (one.code.clone(), one.name.clone())).collect::<Vec<_>>();
    let listed = told(&Extract::open(folder.path()).unwrap_or_else(|problems| panic!("{problems:?}")));
    fs::remove_file(folder.path().join("practices.csv")).unwrap();
    let own = Extract::open(folder.path()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(listed, told(&own));
    assert!(own.practices.iter().all(|practice| practice.locality.is_empty()) && own.without_people.is_empty());
}

/// Every command that reads an extract reads this one, and a person is found however the GUID is typed.
#[test]
fn every_command_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let extract = folder.path().join("emis");
    let shape = Shape { version: Specification::V71, batches: 2, seed: 4 };
    Small::of(&root().join("sample-extracts")).write_emis(&extract, &shape);
    let path = extract.to_str().unwrap();
    let tables = folder.path().join("tables");
    assert!(dqoh(&["convert", path, "--tables", "--to", tables.to_str().unwrap()]).contains("people.csv: "));
    let people = fs::read_to_string(tables.join("people.csv")).unwrap();
    let id = people.split([',', '\n']).find(|cell| cell.len() == 36 && cell.matches('-').count() == 4).unwrap().to_owned();
    let explained = |typed: &str| dqoh(&["explain", path, "--person", typed]);
    let as_kept = explained(&id);
    assert!(as_kept.contains("year-end view"), "{as_kept}");
    assert_eq!(as_kept, explained(&format!("{{{}}}", id.to_lowercase())));
    assert!(dqoh(&["inspect", path]).contains("deleted-person"));
    assert!(dqoh(&["codes", "coverage", path]).contains("practice"));
    assert!(dqoh(&["check", "--extract", path]).contains("The rules on the extract"));
}

/// The same seed gives the same bytes.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let small = Small::of(&root().join("sample-extracts"));
    let shape = Shape { version: Specification::V81, batches: 3, seed: 8 };
    let made = |shape: &Shape| {
        let folder = tempfile::tempdir().unwrap();
        small.write_emis(folder.path(), shape);
        files(folder.path()).iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let first = made(&shape);
    assert!(first == made(&shape) && first != made(&Shape { seed: 9, ..shape }));
}
