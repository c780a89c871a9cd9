//! The canonical form: a folder with `extract.toml`, `practices.csv` and, together or by practice, patients and events files.
//! Files are found by name: whatever begins with `patients` or `events` and ends with `.csv`, `.csv.gz` or `.parquet`,
//! in the folder or one folder below.
//! The folder may be a `.zip`.

use super::block_rows::RowsOfBlock;
use super::census::Census;
use super::columns::{Column, CsvFile, Reading};
use super::emis::{self, Confidential};
use super::newcomers;
use super::parquet::ParquetFile;
use super::patient::{About, Patients, RawRecord};
use super::people::{Found, People};
use super::practices;
use super::quality::{Quality, Reason};
use super::rows::WholeFile;
use super::settings::{self, Settings};
use super::sift::{self, Check, Keep, Known, OtherCode, Progress, Sift, UsableRow};
use super::store::{Entry, Store};
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId};
use crate::practice::Practice;
use crate::problem::Problem;
use crate::threads::Threads;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// How a Parquet file's name ends.
const PARQUET: &str = ".parquet";

/// One file of an extract.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its path within the extract, with forward slashes.
    pub name: String,
    /// SHA-256 of its content; empty until it was read.
    pub sha256: String,
    /// How many rows it has, the header not among them; 0 until it was read.
    pub rows: u64,
    entry: Entry,
}

impl InputFile {
    /// A file that was not read yet.
    pub(super) fn of(entry: Entry) -> InputFile {
        InputFile { name: entry.name.clone(), sha256: String::new(), rows: 0, entry }
    }
}

/// Which form the files of an extract have.
#[derive(Debug)]
pub(super) enum Form {
    /// Our own.
    Canonical(Settings),
    /// The bulk extract of EMIS Web.
    Bulk(Box<emis::Bulk>),
}

/// An extract whose practices and people have been read; records are read by [`Extract::records`].
#[derive(Debug)]
pub struct Extract {
    /// The day of the extract.
    pub extracted_on: Day,
    /// The practice system, such as `EMIS Web`.
    pub system: String,
    /// The scheme of codes that name none.
    pub scheme: String,
    /// The practices, by code.
    pub practices: Vec<Practice>,
    /// The files, in the order in which places number them.
    pub files: Vec<InputFile>,
    /// What could not be used so far.
    pub quality: Quality,
    /// Practices listed without a single person.
    pub without_people: Vec<usize>,
    /// What whoever made the extract should know, although it could be read.
    pub warnings: Vec<Problem>,
    pub(super) people: People,
    pub(super) form: Form,
    pub(super) events: Vec<usize>,
    store: Store,
}

/// What one practice's people were read as.
#[derive(Debug)]
pub struct PracticeRecords {
    /// Which practice.
    pub practice: usize,
    people: Vec<(u32, About)>,
    raw: Vec<RawRecord>,
    other_codes: FxHashMap<OtherCode, u64>,
}

/// Who else hears of rows while they are sifted.
#[derive(Default)]
struct Also<'a> {
    census: Option<&'a mut Census>,
    keep: Option<Keep<'a>>,
}

impl PracticeRecords {
    /// How many rows each code in a set has.
    pub fn rows_by_code(&self) -> BTreeMap<CodeId, u64> {
        let mut rows = BTreeMap::new();
        for record in &self.raw {
            *rows.entry(record.code).or_default() += 1;
        }
        rows
    }

    /// How many rows each code in no set has, with its scheme. Empty unless the records were read with [`Check::EveryCode`].
    /// A code that cannot be one of its scheme is told as nothing, so that no particular of a person gets out by a column that slipped.
    pub fn rows_in_no_set(&self) -> BTreeMap<(String, String), u64> {
        // Whatever the order of the codes, sums are the same.
        self.other_codes.iter().fold(BTreeMap::new(), |mut rows, ((scheme, code), number)| {
            *rows.entry(sift::other_code(scheme, code)).or_default() += number;
            rows
        })
    }

    /// Whether anybody is at the practice.
    pub fn has_people(&self) -> bool {
        !self.people.is_empty()
    }

    /// The people and their records, ready for the engine.
    pub fn patients(self, codes: &CodeBook) -> Patients {
        Patients::new(self.people, self.raw, codes)
    }
}

impl Extract {
    /// Reads everything but the events of a folder or a `.zip`. The names of its files tell which form it has.
    pub fn open(path: &Path) -> Result<Extract, Vec<Problem>> {
        Extract::open_with(path, Confidential::Used, None)
    }

    /// The same, with a choice of what is done with confidential rows, and with threads where there are any.
    pub fn open_with(path: &Path, confidential: Confidential, threads: Option<&Threads>) -> Result<Extract, Vec<Problem>> {
        let store = Store::open(path).map_err(|problem| vec![problem])?;
        if emis::are_here(&store) {
            return emis::open(store, confidential);
        }
        if confidential == Confidential::LeftOut {
            return Err(vec![does_not_tell(&store)]);
        }
        let settings = read_settings(&store).map_err(|problem| vec![problem])?;
        let mut files = Vec::new();
        let listed = add(&store, &mut files, |name| name == "practices.csv").ok_or_else(|| vec![missing(&store, "practices.csv")])?;
        let patients = add(&store, &mut files, |name| is_kind(name, "patients")).ok_or_else(|| vec![missing(&store, "patients.csv")])?;
        let events = add(&store, &mut files, |name| is_kind(name, "events")).ok_or_else(|| vec![missing(&store, "events.csv")])?;
        let mut extract = Extract::nothing_read(store, files, events.collect(), settings.extracted_on, settings.scheme.clone());
        extract.system = settings.system.clone();
        extract.form = Form::Canonical(settings.clone());
        for at in listed {
            let Some(mut file) = extract.open_csv(at, &practices::COLUMNS, &Reading::default()).map_err(|problem| vec![problem])? else {
                continue;
            };
            extract.practices = practices::read(&mut file)?;
            extract.done(at, &file);
        }
        extract.people = People::of(&extract.practices);
        for at in patients {
            extract.read_people(at, &settings.patients, threads).map_err(|problem| vec![problem])?;
        }
        extract.people.settle(&mut extract.quality);
        extract.without_people = extract.empty_practices();
        Ok(extract)
    }

    pub(super) fn is_parquet(&self, at: usize) -> bool {
        self.files.get(at).is_some_and(|file| file.name.to_lowercase().ends_with(PARQUET))
    }

    pub(super) fn open_parquet(&self, at: usize, columns: &'static [Column], reading: &Reading) -> Result<Option<ParquetFile>, Problem> {
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        self.files.get(at).map(|file| ParquetFile::of_extract(&self.store, &file.entry, number, columns, reading)).transpose()
    }

    /// An extract of these files.
    pub(super) fn nothing_read(store: Store, files: Vec<InputFile>, events: Vec<usize>, extracted_on: Day, scheme: String) -> Extract {
        Extract {
            extracted_on,
            system: String::new(),
            scheme,
            practices: Vec::new(),
            files,
            quality: Quality::default(),
            without_people: Vec::new(),
            warnings: Vec::new(),
            people: People::default(),
            form: Form::Canonical(Settings::of(extracted_on)),
            events,
            store,
        }
    }

    pub(super) fn open_csv(&self, at: usize, columns: &'static [Column], reading: &Reading) -> Result<Option<CsvFile>, Problem> {
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        self.files.get(at).map(|file| CsvFile::of_extract(&self.store, &file.entry, number, columns, reading)).transpose()
    }

    /// Keeps what is known of a file once its end was reached.
    pub(super) fn done(&mut self, at: usize, file: &impl WholeFile) {
        self.read_whole(at, file.sha256(), file.rows(), file.warning());
    }

    pub(super) fn read_whole(&mut self, at: usize, sha256: String, rows: u64, warning: Option<Problem>) {
        if let Some(input) = self.files.get_mut(at) {
            input.sha256 = sha256;
            input.rows = rows;
        }
        self.warnings.extend(warning);
    }

    fn read_people(&mut self, at: usize, reading: &Reading, threads: Option<&Threads>) -> Result<(), Problem> {
        if self.is_parquet(at) {
            let file = self.open_parquet(at, &newcomers::COLUMNS, reading)?;
            return self.read_people_of(at, file);
        }
        match (self.open_csv(at, &newcomers::COLUMNS, reading)?, threads) {
            (Some(file), Some(threads)) => {
                let mut people = std::mem::take(&mut self.people);
                let practices = people.practices();
                let newcomers = |rows: &mut RowsOfBlock<'_>, quality: &mut Quality| practices.newcomers(rows, quality);
                self.in_blocks((at, file), threads, &|_| {}, newcomers, |newcomers| {
                    people.take_in(&newcomers);
                    Ok(())
                })?;
                self.people = people;
                Ok(())
            }
            (file, _) => self.read_people_of(at, file),
        }
    }

    fn read_people_of(&mut self, at: usize, file: Option<impl WholeFile>) -> Result<(), Problem> {
        let Some(mut file) = file else { return Ok(()) };
        self.people.read(&mut file, &mut self.quality)?;
        self.done(at, &file);
        Ok(())
    }

    /// Sifts one events file and gives how many bytes it had.
    fn sift_file(&mut self, at: usize, file: Option<impl WholeFile>, sift: &mut Sift<'_>, progress: Progress<'_>) -> Result<u64, Problem> {
        let Some(mut file) = file else { return Ok(0) };
        sift.read(&mut file, &mut self.quality, progress)?;
        self.done(at, &file);
        Ok(file.bytes_read())
    }

    pub(super) fn empty_practices(&self) -> Vec<usize> {
        let mut empty: Vec<bool> = vec![true; self.practices.len()];
        for (_, practice, _) in self.people.everyone() {
            if let Some(empty) = empty.get_mut(usize::from(practice)) {
                *empty = false;
            }
        }
        empty.iter().enumerate().filter(|(_, empty)| **empty).map(|(at, _)| at).collect()
    }

    /// Reads the events files: for every practice its people, with the records of codes in the book.
    /// `progress` hears how many bytes were read.
    pub fn records(&mut self, codes: &CodeBook, progress: Progress<'_>) -> Result<Vec<PracticeRecords>, Problem> {
        self.records_checked(codes, Check::RowsInUse, progress)
    }

    /// The same, with a choice of how much to check of rows that no fact asks for.
    pub fn records_checked(&mut self, codes: &CodeBook, check: Check, progress: Progress<'_>) -> Result<Vec<PracticeRecords>, Problem> {
        self.with_people(|extract, people| extract.sift(codes, people, check, Also::default(), progress))
    }

    /// The same records, every row checked, and what the extract holds counted on the way.
    pub fn records_counted(
        &mut self,
        codes: &CodeBook,
        census: &mut Census,
        progress: Progress<'_>,
    ) -> Result<Vec<PracticeRecords>, Problem> {
        self.with_people(|extract, people| {
            extract.sift(codes, people, Check::EveryRow, Also { census: Some(census), keep: None }, progress)
        })
    }

    /// Reads the events files, checks every row, and gives away each that can be used, whatever its code.
    pub fn usable_rows(&mut self, keep: Keep<'_>, progress: Progress<'_>) -> Result<(), Problem> {
        let also = Also { census: None, keep: Some(keep) };
        self.with_people(|extract, people| extract.sift(&CodeBook::default(), people, Check::EveryRow, also, progress)).map(|_| ())
    }

    /// Whether no more is known of a person's birth than the month.
    pub fn month_only(&self, number: u32) -> bool {
        self.people.month_only(number)
    }

    /// `extract.toml` of this extract in the canonical form.
    pub fn settings_text(&self) -> String {
        settings::written(self.extracted_on, &self.system, &self.scheme)
    }

    pub(super) fn with_people<T>(&mut self, read: impl FnOnce(&mut Extract, &People) -> T) -> T {
        let people = std::mem::take(&mut self.people);
        let result = read(self, &people);
        self.people = people;
        result
    }

    fn sift(
        &mut self,
        codes: &CodeBook,
        people: &People,
        check: Check,
        also: Also<'_>,
        progress: Progress<'_>,
    ) -> Result<Vec<PracticeRecords>, Problem> {
        let known = Known::new(codes, people, &self.scheme, check);
        let mut keep = also.keep.map(|keep| move |row: &UsableRow<'_>| keep(row));
        let keep = keep.as_mut().map(|keep| keep as Keep<'_>);
        let mut sift = Sift::by_practice(&known, self.practices.len()).counting(also.census).keeping(keep);
        self.with_form(|extract, form| match form {
            Form::Canonical(settings) => extract.read_events(&settings.events, &mut sift, progress),
            Form::Bulk(bulk) => emis::records(extract, bulk, codes, &mut sift, progress),
        })?;
        let sifted = sift.finish()?;
        self.quality.sort();
        self.quality.in_no_set_by_scheme = sifted.in_no_set.named();
        let numbered = sifted.records.into_iter().zip(sifted.other_codes).enumerate();
        let of_practice = |(practice, (raw, other_codes))| PracticeRecords { practice, people: Vec::new(), raw, other_codes };
        let mut all: Vec<PracticeRecords> = numbered.map(of_practice).collect();
        for (number, practice, about) in people.everyone() {
            if let Some(records) = all.get_mut(usize::from(practice)) {
                records.people.push((number, about));
            }
        }
        Ok(all)
    }

    pub(super) fn with_form<T>(&mut self, read: impl FnOnce(&mut Extract, &Form) -> T) -> T {
        let form = std::mem::replace(&mut self.form, Form::Canonical(Settings::of(self.extracted_on)));
        let result = read(self, &form);
        self.form = form;
        result
    }

    fn read_events(&mut self, reading: &Reading, sift: &mut Sift<'_>, progress: Progress<'_>) -> Result<(), Problem> {
        let mut before = 0;
        for at in self.events.clone() {
            let so_far = |bytes: u64| progress(before + bytes);
            before += if self.is_parquet(at) {
                self.sift_parquet(at, reading, sift, &so_far)?
            } else {
                let file = self.open_csv(at, &sift::COLUMNS, reading)?;
                self.sift_file(at, file, sift, &so_far)?
            };
        }
        Ok(())
    }

    fn sift_parquet(&mut self, at: usize, reading: &Reading, sift: &mut Sift<'_>, progress: Progress<'_>) -> Result<u64, Problem> {
        let file = self.open_parquet(at, &sift::COLUMNS, reading)?;
        self.sift_file(at, file, sift, progress)
    }

    /// What an extract in another form than ours is, in a sentence.
    pub fn told(&self) -> Option<&str> {
        match &self.form {
            Form::Canonical(_) => None,
            Form::Bulk(bulk) => Some(bulk.told()),
        }
    }

    /// The id of a person as it is kept, however it was typed.
    pub fn person_id<'t>(&self, typed: &'t str) -> Cow<'t, str> {
        match &self.form {
            Form::Canonical(_) => typed.into(),
            Form::Bulk(_) => emis::Bulk::person_id(typed).map_or(typed.into(), Cow::from),
        }
    }

    /// Bytes of the events files, for a progress bar.
    pub fn bytes(&self) -> u64 {
        let files = self.events.iter().filter_map(|at| self.files.get(*at));
        files.map(|file| file.entry.bytes).sum()
    }

    /// What form it has, in words.
    pub fn form(&self) -> &'static str {
        self.store.form()
    }

    /// Everybody who was not set aside: number, practice and what is known.
    pub fn everyone(&self) -> impl Iterator<Item = (u32, usize, About)> {
        self.people.everyone().map(|(number, practice, about)| (number, usize::from(practice), about))
    }

    /// The same ids in different practices, two people at a time.
    pub fn same_ids(&self) -> Vec<(u32, u32)> {
        self.people.same_ids()
    }

    /// Where the known columns of a file with people or events stand, the first being 0; nothing where there is no such file.
    pub(super) fn columns_of(&self, name: &str) -> Result<Option<Vec<(&'static str, usize)>>, Problem> {
        let Some(at) = self.files.iter().position(|file| file.name == name) else { return Ok(None) };
        let (columns, reading): (&'static [Column], &Reading) = match &self.form {
            Form::Canonical(settings) if is_kind(name, "patients") => (&newcomers::COLUMNS, &settings.patients),
            Form::Canonical(settings) if is_kind(name, "events") => (&sift::COLUMNS, &settings.events),
            Form::Canonical(_) => return Ok(None),
            Form::Bulk(bulk) => match bulk.columns_of(at) {
                Some(columns) => columns,
                None => return Ok(None),
            },
        };
        if self.is_parquet(at) {
            let file = self.open_parquet(at, columns, reading)?;
            return Ok(file.map(|file| columns.iter().filter_map(|column| Some((column.name, file.position(column.name)?))).collect()));
        }
        let file = self.open_csv(at, columns, reading)?;
        Ok(file.map(|file| columns.iter().filter_map(|column| Some((column.name, file.position(column.name)?))).collect()))
    }

    /// What is known of a person; nothing of one who was set aside.
    pub fn about(&self, number: u32) -> Option<About> {
        self.people.about(number)
    }

    /// The id of a person.
    pub fn id_of(&self, number: u32) -> &str {
        self.people.id_of(number)
    }

    /// Whether anybody has this id, set aside or not.
    pub fn knows(&self, id: &str) -> bool {
        self.people.find(id.as_bytes(), None) != Found::Nobody
    }

    /// How many people were read, set aside or not.
    pub fn number_of_people(&self) -> usize {
        self.people.len()
    }

    /// Counts what building and reading the people showed.
    pub fn count(&mut self, reason: Reason, times: u64) {
        self.quality.count(reason, times);
    }
}

/// The patients and events files of a folder; none when there is no such folder.
pub fn tables_in(folder: &Path) -> Vec<String> {
    let entries = Store::open(folder).map(|store| store.entries().to_vec()).unwrap_or_default();
    let names = entries.into_iter().map(|entry| entry.name);
    names.filter(|name| is_kind(name, "patients") || is_kind(name, "events")).collect()
}

fn missing(store: &Store, name: &str) -> Problem {
    let problem = Problem::error("D002", "this file is missing").in_data(name, None, None);
    match store.nearly(name) {
        Some(nearly) => problem.help(format!("rename `{nearly}`: small letters only")),
        None => problem.help("an extract holds extract.toml, practices.csv, patients*.csv and events*.csv"),
    }
}

fn does_not_tell(store: &Store) -> Problem {
    Problem::error("D056", "this extract does not tell which of its rows are confidential")
        .in_data(store.shown(), None, None)
        .help("leave them out where it is made, and run it without asking for it here; only the bulk extract of EMIS Web tells")
}

fn read_settings(store: &Store) -> Result<Settings, Problem> {
    let Some(entry) = store.entry(settings::NAME) else {
        return Err(Problem::error("D001", "this folder is not an extract: it holds no extract.toml")
            .in_data(store.shown(), None, None)
            .help("name the folder that holds extract.toml, practices.csv, patients*.csv and events*.csv"));
    };
    settings::parse(&settings::text_of(store, entry)?)
}

/// Adds the files whose names fit to the list and gives their numbers; none when there is no such file.
fn add(store: &Store, files: &mut Vec<InputFile>, fits: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let first = files.len();
    let fitting = store.entries().iter().filter(|entry| fits(&entry.name));
    files.extend(fitting.cloned().map(InputFile::of));
    (files.len() > first).then_some(first..files.len())
}

fn is_kind(name: &str, kind: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    file.starts_with(kind) && [".csv", ".csv.gz", PARQUET].iter().any(|end| file.ends_with(end))
}
