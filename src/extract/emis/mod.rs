//! The bulk extract of EMIS Web: a folder or zip of `…_Admin_Patient_…csv` and further tables, once or with later changes → the same
//! people and records as from the canonical form. Columns are found by name, whatever the version.
//!
//! A batch holds what changed since the batch before. Files are read newest first: the first row of a key is the one that counts,
//! and only the keys of all but the oldest file are remembered.

mod dictionary;
mod guid;
mod names;
mod organisations;
mod people;
mod records;
mod version;

pub use names::are_here;

use super::canonical::{Extract, Form, InputFile};
use super::columns::{Column, CsvFile, Reading};
use super::people::People;
use super::practices;
use super::quality::{Quality, Reason};
use super::rows::Rows;
use super::settings::{self, Beside};
use super::sift::{Progress, Sift};
use super::store::{Entry, Store};
use crate::framework::code_sets::CodeBook;
use crate::practice::Practice;
use crate::problem::Problem;
use dictionary::Dictionary;
use guid::{Guid, Key};
use names::{Batches, Table};
use organisations::Organisations;
use people::{Fates, PatientRows};
use records::{Parents, RecordRows};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use version::Version;

/// What is done with rows that are marked as confidential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidential {
    /// They are counted as any other.
    #[default]
    Used,
    /// They are left out.
    LeftOut,
}

impl Confidential {
    fn reason(self) -> Reason {
        match self {
            Confidential::Used => Reason::Confidential,
            Confidential::LeftOut => Reason::ConfidentialLeftOut,
        }
    }
}

/// What is known of an extract before its records are read.
#[derive(Debug)]
pub struct Bulk {
    organisations: Organisations,
    fates: Fates,
    confidential: Confidential,
    reading: Reading,
    scheme: String,
    patients: Vec<usize>,
    clinical: Vec<usize>,
    drugs: Vec<usize>,
    observations: Vec<usize>,
    issues: Vec<usize>,
    told: String,
}

/// The keys of files read before, which are newer.
#[derive(Debug, Default)]
pub struct Delta {
    newer: FxHashSet<Key>,
    here: Vec<Key>,
    is_oldest: bool,
}

impl Delta {
    /// A file begins; nothing need be remembered of the oldest.
    fn begin(&mut self, is_oldest: bool) {
        self.newer.extend(self.here.drain(..));
        self.is_oldest = is_oldest;
    }

    /// Whether no newer file has a row of this key.
    fn is_newest(&mut self, key: Key) -> bool {
        if self.newer.contains(&key) {
            return false;
        }
        if !self.is_oldest {
            self.here.push(key);
        }
        true
    }
}

impl Bulk {
    /// What this extract is, in a sentence.
    pub fn told(&self) -> &str {
        &self.told
    }

    /// The columns that are read of a file of people, records or codes, and how.
    pub fn columns_of(&self, at: usize) -> Option<(&'static [Column], &Reading)> {
        let tables: [(&[usize], &'static [Column]); 5] = [
            (&self.patients, &people::COLUMNS),
            (&self.clinical, &dictionary::CLINICAL),
            (&self.drugs, &dictionary::DRUGS),
            (&self.observations, &records::OBSERVATIONS),
            (&self.issues, &records::ISSUES),
        ];
        let columns = tables.into_iter().find(|(numbers, _)| numbers.contains(&at)).map(|(_, columns)| columns);
        columns.map(|columns| (columns, &self.reading))
    }

    /// A person's GUID as it is kept, however it was typed.
    pub fn person_id(typed: &str) -> Option<String> {
        Guid::parse(typed.as_bytes()).map(Guid::text)
    }
}

/// Every column that a row of `quarantine.csv` may name.
pub fn columns() -> impl Iterator<Item = Column> {
    let of_people = people::COLUMNS.into_iter().chain(organisations::COLUMNS);
    of_people.chain(dictionary::CLINICAL).chain(dictionary::DRUGS).chain(records::OBSERVATIONS).chain(records::ISSUES)
}

/// TRUE or FALSE, in any case; empty is FALSE.
fn flag(cell: &[u8]) -> Option<bool> {
    match cell.to_ascii_lowercase().as_slice() {
        b"true" | b"1" => Some(true),
        b"false" | b"0" | b"" => Some(false),
        _ => None,
    }
}

/// Opens a file of a table; columns that are missing make its header one of no version.
fn open_table(extract: &Extract, at: usize, columns: &'static [Column], reading: &Reading) -> Result<CsvFile, Problem> {
    let opened = extract.open_csv(at, columns, reading);
    let opened = opened.map_err(|problem| match problem.code {
        "D003" => Problem {
            says: format!("this header is of no version of the extract: {}", problem.says),
            help: Some(
                "use the file as it was sent; versions 5.2 to 8.2 of the specification are read, whatever the order of columns".to_owned(),
            ),
            ..Problem { code: "D052", ..problem }
        },
        _ => problem,
    })?;
    // Every number was given out for a file that is there.
    opened.ok_or_else(|| Problem::error("D007", "this file is not there any more"))
}

/// Reads everything but the records.
///
/// # Errors
/// When the files are not a whole extract, or cannot be read.
pub fn open(store: Store, confidential: Confidential) -> Result<Extract, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let beside = store.entry(settings::NAME).map(|entry| settings::text_of(&store, entry).and_then(|text| settings::parse_beside(&text)));
    let beside = beside.transpose().map_err(one)?.unwrap_or_default();
    let batches = names::batches(&store, beside.gaps_known).map_err(one)?;
    let listed = store.entry("practices.csv").cloned();
    let mut files = Vec::new();
    let listed = listed.map(|entry| add(&mut files, &[entry])).unwrap_or_default();
    let newest_first = |files: &mut Vec<InputFile>, table: Table| {
        let mut numbers = add(files, batches.of(table));
        numbers.reverse();
        numbers
    };
    let organisations = newest_first(&mut files, Table::Organisation);
    let patients = newest_first(&mut files, Table::Patient);
    let clinical = add(&mut files, batches.of(Table::ClinicalCode));
    let drugs = add(&mut files, batches.of(Table::DrugCode));
    let observations = newest_first(&mut files, Table::Observation);
    let issues = newest_first(&mut files, Table::Issue);
    let Some(newest) = batches.newest() else { return Err(Vec::new()) };
    let events = observations.iter().chain(&issues).copied().collect();
    let bulk = Bulk {
        organisations: Organisations::default(),
        fates: Fates::default(),
        confidential: if beside.leave_out_confidential { Confidential::LeftOut } else { confidential },
        reading: Reading { drop: beside.drop.clone(), any_case: true, ..Reading::default() },
        scheme: beside.scheme.clone().unwrap_or_else(|| "snomed".to_owned()),
        patients,
        clinical,
        drugs,
        observations,
        issues,
        told: String::new(),
    };
    let extracted_on = beside.extracted_on.unwrap_or(newest);
    let mut extract = Extract::nothing_read(store, files, events, extracted_on, bulk.scheme.clone());
    let bulk = read_people(&mut extract, bulk, &beside, &batches, &organisations, &listed)?;
    extract.form = Form::Bulk(Box::new(bulk));
    Ok(extract)
}

fn add(files: &mut Vec<InputFile>, entries: &[Entry]) -> Vec<usize> {
    let first = files.len();
    files.extend(entries.iter().cloned().map(InputFile::of));
    (first..files.len()).collect()
}

fn read_people(
    extract: &mut Extract,
    mut bulk: Bulk,
    beside: &Beside,
    batches: &Batches,
    organisations: &[usize],
    listed: &[usize],
) -> Result<Bulk, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let patients = bulk.patients.clone();
    let version = version_of(extract, &bulk).map_err(one)?;
    extract.system = beside.system.clone().unwrap_or_else(|| format!("EMIS Web, extract specification {}", version.word()));
    bulk.told = told(batches, version);
    for at in organisations {
        let mut file = open_table(extract, *at, &organisations::COLUMNS, &bulk.reading).map_err(one)?;
        let rows = extract.quality.rows_read;
        bulk.organisations.read(&mut file, &mut extract.quality).map_err(one)?;
        // Rows of people and records are what is counted.
        extract.quality.rows_read = rows;
        extract.done(*at, &file);
    }
    extract.practices = practices(extract, &bulk, organisations, &patients, listed)?;
    bulk.organisations.place(&extract.practices);
    let mut people = People::of(&extract.practices);
    let mut delta = Delta::default();
    for at in &patients {
        delta.begin(Some(at) == patients.last());
        let file = open_table(extract, *at, &people::COLUMNS, &bulk.reading).map_err(one)?;
        let mut rows = PatientRows::new(file, &bulk.organisations, &mut delta, &mut bulk.fates, bulk.confidential);
        people.read(&mut rows, &mut extract.quality).map_err(one)?;
        let file = rows.into_file();
        extract.done(*at, &file);
    }
    people.settle(&mut extract.quality);
    extract.people = people;
    extract.without_people = extract.empty_practices();
    Ok(bulk)
}

/// Those of practices.csv, or the organisations that have people.
fn practices(
    extract: &mut Extract,
    bulk: &Bulk,
    organisations: &[usize],
    patients: &[usize],
    listed: &[usize],
) -> Result<Vec<Practice>, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    if let Some(at) = listed.first() {
        let Some(mut file) = extract.open_csv(*at, &practices::COLUMNS, &Reading::default()).map_err(one)? else { return Ok(Vec::new()) };
        let practices = practices::read(&mut file)?;
        extract.done(*at, &file);
        return Ok(practices);
    }
    let mut used = BTreeSet::new();
    let mut delta = Delta::default();
    let (mut fates, mut elsewhere) = (Fates::default(), Quality::default());
    for at in patients {
        delta.begin(Some(at) == patients.last());
        let file = open_table(extract, *at, &people::COLUMNS, &bulk.reading).map_err(one)?;
        let mut rows = PatientRows::new(file, &bulk.organisations, &mut delta, &mut fates, bulk.confidential);
        while rows.next_row(&mut elsewhere).map_err(one)?.is_some() {
            used.extend(rows.organisation());
        }
    }
    let file = organisations.first().and_then(|at| extract.files.get(*at)).map(|file| file.name.clone()).unwrap_or_default();
    let practices = bulk.organisations.practices(&used, &file)?;
    if practices.is_empty() {
        let file = patients.first().and_then(|at| extract.files.get(*at)).map(|file| file.name.clone()).unwrap_or_default();
        return Err(vec![
            Problem::error("D005", "there is no regular patient of any practice in these files")
                .in_data(file, None, Some("PatientTypeDescription"))
                .help("only people registered as `Regular` are counted; later batches alone, without the bulk that came first, do not do"),
        ]);
    }
    Ok(practices)
}

/// The version of the newest batch.
fn version_of(extract: &Extract, bulk: &Bulk) -> Result<Version, Problem> {
    let open = |numbers: Option<&usize>, columns| {
        let at = numbers.copied().ok_or_else(|| Problem::error("D050", "the batch is not whole"))?;
        open_table(extract, at, columns, &bulk.reading)
    };
    let observations = open(bulk.observations.first(), &records::OBSERVATIONS)?;
    let codes = open(bulk.clinical.last(), &dictionary::CLINICAL)?;
    let issues = open(bulk.issues.first(), &records::ISSUES)?;
    Version::of(&observations, &codes, &issues)
}

fn told(batches: &Batches, version: Version) -> String {
    let day = batches.newest().map(|day| day.long()).unwrap_or_default();
    let batches = match batches.times.len() {
        1 => format!("of one batch, of {day}"),
        several => format!("of {several} batches, the newest of {day}"),
    };
    format!("An extract of EMIS Web {batches}, by version {} of its specification.", version.word())
}

/// Reads the records.
///
/// # Errors
/// When a file cannot be read to its end.
pub fn records(extract: &mut Extract, bulk: &Bulk, book: &CodeBook, sift: &mut Sift<'_>, progress: Progress<'_>) -> Result<(), Problem> {
    let (mut codes, mut drugs) = (Dictionary::default(), Dictionary::default());
    let rows = extract.quality.rows_read;
    for at in &bulk.clinical {
        let mut file = open_table(extract, *at, &dictionary::CLINICAL, &bulk.reading)?;
        let warning = codes.clinical(&mut file, book, &bulk.scheme, &mut extract.quality)?;
        extract.warnings.extend(warning);
        extract.done(*at, &file);
    }
    for at in &bulk.drugs {
        let mut file = open_table(extract, *at, &dictionary::DRUGS, &bulk.reading)?;
        drugs.drugs(&mut file, book, &mut extract.quality)?;
        extract.done(*at, &file);
    }
    extract.quality.rows_read = rows;
    let mut parents = Parents::default();
    for at in &bulk.observations {
        let mut file = open_table(extract, *at, &records::OBSERVATIONS, &bulk.reading)?;
        records::parents(&mut file, bulk, &codes, &mut parents)?;
    }
    let mut before = 0;
    let tables: [(&[usize], &'static [Column], &Dictionary); 2] =
        [(&bulk.observations, &records::OBSERVATIONS, &codes), (&bulk.issues, &records::ISSUES, &drugs)];
    for (numbers, columns, codes) in tables {
        let mut delta = Delta::default();
        for at in numbers {
            delta.begin(Some(at) == numbers.last());
            let file = open_table(extract, *at, columns, &bulk.reading)?;
            let mut rows = RecordRows::new(file, bulk, codes, &parents, &mut delta);
            sift.read(&mut rows, &mut extract.quality, &|bytes| progress(before + bytes))?;
            before += rows.bytes_read();
            let file = rows.into_file();
            extract.done(*at, &file);
        }
    }
    Ok(())
}
