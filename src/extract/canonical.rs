//! The canonical form: a folder with `extract.toml`, `practices.csv` and, together or by practice, patients and events files.
//! Files are found by name: whatever begins with `patients` or `events` and ends with `.csv` or `.csv.gz`, in the folder or one folder below.

use super::census::Census;
use super::columns::CsvFile;
use super::patient::{About, Patients, RawRecord};
use super::people::{self, People};
use super::practices;
use super::quality::{Quality, Reason};
use super::sift::{self, Check, OtherCode, Sift};
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId};
use crate::practice::Practice;
use crate::problem::Problem;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One file of an extract.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its path within the extract, with forward slashes.
    pub name: String,
    /// SHA-256 of its content; empty until it was read.
    pub sha256: String,
    path: PathBuf,
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
    people: People,
    events: Vec<usize>,
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

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ExtractToml {
    extracted_on: toml::Value,
    system: String,
    scheme: String,
}

impl Extract {
    /// Reads everything but the events of a folder.
    pub fn open(folder: &Path) -> Result<Extract, Vec<Problem>> {
        let shown = folder.display().to_string();
        if !folder.is_dir() {
            return Err(vec![
                Problem::error("D001", "this is not a folder").in_data(shown, None, None).help("name the folder that holds extract.toml"),
            ]);
        }
        let (extracted_on, about) = read_toml(folder).map_err(|problem| vec![problem])?;
        let mut files = vec![InputFile { name: "practices.csv".into(), sha256: String::new(), path: folder.join("practices.csv") }];
        if let Some(first) = files.first().filter(|first| !first.path.exists()) {
            return Err(vec![missing(&first.name)]);
        }
        let (practices, sha256) = practices::read(&folder.join("practices.csv"), "practices.csv", 0)?;
        if let Some(first) = files.first_mut() {
            first.sha256 = sha256;
        }
        let patients = find(folder, "patients", &mut files)?;
        let events = find(folder, "events", &mut files)?;
        let mut extract = Extract {
            extracted_on,
            system: about.system,
            scheme: about.scheme,
            people: People::of(&practices),
            practices,
            files,
            quality: Quality::default(),
            without_people: Vec::new(),
            events,
        };
        for at in patients {
            extract.read_people(at).map_err(|problem| vec![problem])?;
        }
        extract.people.settle(&mut extract.quality);
        extract.without_people = extract.empty_practices();
        Ok(extract)
    }

    fn open_csv(&self, at: usize, columns: &'static [super::columns::Column]) -> Result<Option<CsvFile>, Problem> {
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        self.files.get(at).map(|file| CsvFile::open(&file.path, &file.name, number, columns)).transpose()
    }

    fn keep_hash(&mut self, at: usize, file: CsvFile) {
        if let Some(input) = self.files.get_mut(at) {
            input.sha256 = file.sha256();
        }
    }

    fn read_people(&mut self, at: usize) -> Result<(), Problem> {
        let Some(mut file) = self.open_csv(at, &people::COLUMNS)? else { return Ok(()) };
        self.people.read(&mut file, &mut self.quality)?;
        self.keep_hash(at, file);
        Ok(())
    }

    fn empty_practices(&self) -> Vec<usize> {
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
    pub fn records(&mut self, codes: &CodeBook, progress: &dyn Fn(u64)) -> Result<Vec<PracticeRecords>, Problem> {
        self.records_checked(codes, Check::RowsInUse, progress)
    }

    /// The same, with a choice of how much to check of rows that no fact asks for.
    pub fn records_checked(&mut self, codes: &CodeBook, check: Check, progress: &dyn Fn(u64)) -> Result<Vec<PracticeRecords>, Problem> {
        self.with_people(|extract, people| extract.sift(codes, people, check, None, progress))
    }

    /// The same records, every row checked, and what the extract holds counted on the way.
    pub fn records_counted(
        &mut self,
        codes: &CodeBook,
        census: &mut Census,
        progress: &dyn Fn(u64),
    ) -> Result<Vec<PracticeRecords>, Problem> {
        self.with_people(|extract, people| extract.sift(codes, people, Check::EveryRow, Some(census), progress))
    }

    fn with_people<T>(&mut self, read: impl FnOnce(&mut Extract, &People) -> T) -> T {
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
        census: Option<&mut Census>,
        progress: &dyn Fn(u64),
    ) -> Result<Vec<PracticeRecords>, Problem> {
        let scheme = self.scheme.clone();
        let mut sift = Sift::new(codes, people, &scheme, self.practices.len(), check).counting(census);
        let mut before = 0;
        for at in self.events.clone() {
            let Some(mut file) = self.open_csv(at, &sift::COLUMNS)? else { continue };
            sift.read(&mut file, &mut self.quality, &|bytes| progress(before + bytes))?;
            before += file.bytes_read();
            self.keep_hash(at, file);
        }
        self.quality.sort();
        self.quality.in_no_set_by_scheme = std::mem::take(&mut sift.in_no_set);
        let numbered = sift.records.into_iter().zip(sift.other_codes).enumerate();
        let of_practice = |(practice, (raw, other_codes))| PracticeRecords { practice, people: Vec::new(), raw, other_codes };
        let mut all: Vec<PracticeRecords> = numbered.map(of_practice).collect();
        for (number, practice, about) in people.everyone() {
            if let Some(records) = all.get_mut(usize::from(practice)) {
                records.people.push((number, about));
            }
        }
        Ok(all)
    }

    /// Bytes of the events files, for a progress bar.
    pub fn bytes(&self) -> u64 {
        let files = self.events.iter().filter_map(|at| self.files.get(*at));
        files.filter_map(|file| std::fs::metadata(&file.path).ok()).map(|data| data.len()).sum()
    }

    /// The id of a person.
    pub fn id_of(&self, number: u32) -> &str {
        self.people.id_of(number)
    }

    /// Whether anybody has this id, set aside or not.
    pub fn knows(&self, id: &str) -> bool {
        self.people.find(id, None) != people::Found::Nobody
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

fn missing(name: &str) -> Problem {
    Problem::error("D002", "this file is missing")
        .in_data(name, None, None)
        .help("an extract holds extract.toml, practices.csv, patients*.csv and events*.csv")
}

fn read_toml(folder: &Path) -> Result<(Day, ExtractToml), Problem> {
    const NAME: &str = "extract.toml";
    let text = match std::fs::read_to_string(folder.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Problem::error("D001", "this folder is not an extract: it holds no extract.toml")
                .in_data(folder.display().to_string(), None, None)
                .help("name the folder that holds extract.toml, practices.csv, patients*.csv and events*.csv"));
        }
        Err(error) => return Err(Problem::error("D007", format!("this file cannot be read: {}", error.kind())).in_data(NAME, None, None)),
    };
    let wrong = |row: u64, says: String| {
        Problem::error("D008", says)
            .in_data(NAME, Some(row), None)
            .help("it holds three lines: extracted-on = 2017-04-05, system = \"EMIS Web\", scheme = \"snomed\"")
    };
    let about: ExtractToml = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let row = text.get(..start).unwrap_or("").matches('\n').count() as u64 + 1;
        wrong(row, format!("this cannot be understood: {}", error.message().replace(" field `", " key `")))
    })?;
    let day = about.extracted_on.as_datetime().filter(|moment| moment.time.is_none()).and_then(|moment| moment.date);
    let day = day.and_then(|date| Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
    Ok((day.ok_or_else(|| wrong(1, "`extracted-on` is not a date such as 2017-04-05, without quotation marks".to_owned()))?, about))
}

/// Adds the files of a kind to the list and gives their numbers.
fn find(folder: &Path, kind: &str, files: &mut Vec<InputFile>) -> Result<Vec<usize>, Vec<Problem>> {
    let is_kind = |name: &str| {
        let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        file.starts_with(kind) && (file.ends_with(".csv") || file.ends_with(".csv.gz"))
    };
    let mut names = Vec::new();
    for (path, name) in entries(folder, "")? {
        if path.is_dir() && !is_kind(&name) {
            let below = entries(&path, &format!("{name}/"))?;
            names.extend(below.into_iter().filter(|(path, _)| path.is_file()));
        } else {
            names.push((path, name));
        }
    }
    names.retain(|(_, name)| is_kind(name));
    names.sort_by(|a, b| a.1.cmp(&b.1));
    if names.is_empty() {
        return Err(vec![missing(&format!("{kind}.csv"))]);
    }
    let first = files.len();
    files.extend(names.into_iter().map(|(path, name)| InputFile { name, sha256: String::new(), path }));
    Ok((first..files.len()).collect())
}

fn entries(folder: &Path, before: &str) -> Result<Vec<(PathBuf, String)>, Vec<Problem>> {
    let unreadable = |error: std::io::Error| {
        vec![Problem::error("D007", format!("this folder cannot be read: {}", error.kind())).in_data(
            folder.display().to_string(),
            None,
            None,
        )]
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        all.push((entry.path(), format!("{before}{}", entry.file_name().to_string_lossy())));
    }
    Ok(all)
}
