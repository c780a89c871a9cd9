//! A CSV file whose columns are found by name, in any order.
//! In: a path and the names wanted. Out: rows with their numbers. Knows no person.

use super::block_rows::{BlockRows, Seen};
use super::blocks::{Block, Cutter};
use super::content::Content;
use super::dates::Dates;
use super::particulars::{Watch, names_people};
use super::patient::RowPlace;
use super::quality::Quality;
use super::rows::{Rows, WholeFile};
use super::store::{Entry, Store};
use crate::problem::{Problem, did_you_mean};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

/// A column that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether the file is useless without it.
    pub required: bool,
}

/// A column that must be there.
pub const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column that may be there.
pub const fn optional(name: &'static str) -> Column {
    Column { name, required: false }
}

/// How the columns of a file are to be read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Our name of a column → its name in the file, where the two differ.
    pub names: BTreeMap<&'static str, String>,
    /// Columns of the file that are never used, although they name people.
    pub drop: Vec<String>,
    /// How days are written.
    pub dates: Dates,
    /// Whether a row is about a person: then columns that name people are refused.
    pub of_people: bool,
    /// Whether names of columns are the same in any case, and dropped ones are as if they were not there: forms that are not ours.
    pub any_case: bool,
}

impl Reading {
    /// Whether a name of the header is that of a column that may be used.
    fn calls(&self, name: &str, wanted: &str) -> bool {
        if !self.any_case {
            return name == wanted;
        }
        name.eq_ignore_ascii_case(wanted) && !self.drop.iter().any(|dropped| dropped.eq_ignore_ascii_case(name))
    }
}

/// What is known of a CSV file besides its rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name in messages.
    pub shown: String,
    /// Its number in places.
    pub number: u16,
    /// How it is to be read.
    pub reading: Reading,
    /// Where each wanted column stands, the first being 0.
    pub at: Vec<Option<usize>>,
    /// The names of all its columns.
    pub header: Vec<Vec<u8>>,
    wanted: &'static [Column],
}

impl Table {
    /// How many columns it has.
    #[inline]
    pub fn columns(&self) -> usize {
        self.header.len()
    }

    /// The name of a wanted column.
    pub fn name(&self, column: usize) -> &'static str {
        self.wanted.get(column).map_or("", |column| column.name)
    }

    /// What is said of a file whose bytes do not come: the line at which they break off.
    pub fn broken(&self, line: u64, error: &io::Error) -> Problem {
        if error.kind() == io::ErrorKind::FileTooLarge {
            return Problem::error("D009", "a row that begins here has no end: it is longer than 16 million bytes")
                .in_data(self.shown.as_str(), Some(line), None)
                .help("look for a quotation mark that is opened and not closed, or export the file again");
        }
        unreadable(&self.shown, Some(line), error)
    }

    /// What whoever exported the file should know, although it could be read.
    pub fn warning(&self, seen: &Seen) -> Option<Problem> {
        let foreign = seen.foreign?;
        let rows = if foreign.rows == 1 { "one row of this file is".to_owned() } else { format!("{} rows of this file are", foreign.rows) };
        let says = format!("{rows} not UTF-8: here, at the byte {:02X}; read as Windows-1252", foreign.first_byte);
        Some(
            Problem::warning("D020", says)
                .in_data(self.shown.as_str(), Some(foreign.first_row), None)
                .help("look whether names with accents came out right; in Excel, save the file as \"CSV UTF-8\""),
        )
    }
}

/// An open CSV file.
pub struct CsvFile {
    table: Table,
    cutter: Cutter,
    rows: BlockRows,
}

impl CsvFile {
    /// Opens a file that belongs to no extract. `shown` is its name in messages, `number` its number in places.
    pub fn open(path: &Path, shown: &str, number: u16, wanted: &'static [Column]) -> Result<CsvFile, Problem> {
        if path.is_dir() {
            return Err(a_folder(shown));
        }
        let open = || {
            let file = File::open(path)?;
            let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
            Ok(Content::new(file, shown, length))
        };
        CsvFile::new(open().map_err(|error| unreadable(shown, None, &error))?, shown, number, wanted, &Reading::default())
    }

    /// Opens a file of an extract.
    pub fn of_extract(store: &Store, entry: &Entry, number: u16, wanted: &'static [Column], reading: &Reading) -> Result<CsvFile, Problem> {
        if store.is_folder(entry) {
            return Err(a_folder(&entry.name));
        }
        let content = store.content(entry).map_err(|error| unreadable(&entry.name, None, &error))?;
        CsvFile::new(content, &entry.name, number, wanted, reading)
    }

    fn new(content: Content, shown: &str, number: u16, wanted: &'static [Column], reading: &Reading) -> Result<CsvFile, Problem> {
        let (content, start) = content.into_text().map_err(|error| unreadable(shown, None, &error))?;
        if start.is_empty() {
            return Err(Problem::error("D005", "this file is empty")
                .in_data(shown, None, None)
                .help("export it again: even a file without rows has a header"));
        }
        let marked = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
        if !marked && start.contains(&0) {
            return Err(Problem::error("D006", "this file is not text that is read here: UTF-8, Windows-1252, or UTF-16 with its mark")
                .in_data(shown, None, None)
                .help("in Excel, save it as \"CSV UTF-8\""));
        }
        let table = Table { shown: shown.to_owned(), number, reading: reading.clone(), wanted, ..Table::default() };
        let mut file = CsvFile { table, cutter: Cutter::new(content), rows: BlockRows::default() };
        file.read_header()?;
        file.refuse_nhs_numbers()?;
        Ok(file)
    }

    fn read_header(&mut self) -> Result<(), Problem> {
        loop {
            let more = self.next_block()?;
            if let Some(header) = self.rows.header() {
                self.table.header = header;
                break;
            }
            if !more {
                break;
            }
        }
        let names: Vec<String> = self.table.header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        self.table.at = find(&names, self.table.wanted, &self.table.reading, &self.table.shown)?;
        if self.table.reading.of_people {
            refuse_names(&names, &self.table.reading, &self.table.shown)?;
        }
        Ok(())
    }

    /// Refuses a file that holds NHS numbers in its first rows.
    fn refuse_nhs_numbers(&mut self) -> Result<(), Problem> {
        if !self.table.reading.of_people {
            return Ok(());
        }
        let drop = &self.table.reading.drop;
        let names = self.table.header.iter().map(|name| String::from_utf8_lossy(name));
        let mut watch = Watch::new(names.map(|name| drop.iter().any(|dropped| *dropped == name)));
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.rows.rest());
        for row in rows.byte_records().map_while(Result::ok) {
            if watch.row(&row) {
                break;
            }
        }
        let Some(at) = watch.verdict() else { return Ok(()) };
        Err(holds_nhs_numbers(at, self.table.at.contains(&Some(at)), &self.table.shown))
    }

    /// Goes on with the next block; `false` at the end.
    fn next_block(&mut self) -> Result<bool, Problem> {
        let memory = self.rows.restart(Block::default());
        let block = self.cutter.next_block(memory).map_err(|error| self.table.broken(self.cutter.line(), &error))?;
        let more = block.is_some();
        self.rows.restart(block.unwrap_or_default());
        Ok(more)
    }

    /// Goes to the next row that has the right number of cells; others are set aside. `None` at the end.
    pub fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        loop {
            if let Some(place) = self.rows.next_row(&self.table, quality)? {
                return Ok(Some(place));
            }
            if !self.next_block()? {
                return Ok(None);
            }
        }
    }

    /// What is known of the file, the rows of it that were read but not gone to, and what cuts the others.
    pub fn into_parts(self) -> (Table, Block, Cutter) {
        (self.table, self.rows.into_rest(), self.cutter)
    }

    /// Whether the header has a column, in any case.
    pub fn has(&self, name: &str) -> bool {
        self.table.header.iter().any(|column| column.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// A cell of the row, without white space around it; empty when the file has no such column.
    pub fn cell(&self, column: usize) -> &[u8] {
        self.rows.cell(&self.table, column)
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &'static str {
        self.table.name(column)
    }

    /// Its name in messages.
    pub fn shown(&self) -> &str {
        &self.table.shown
    }

    /// How many rows were read so far, the header not among them.
    pub fn rows(&self) -> u64 {
        self.rows.seen.rows
    }

    /// What whoever exported the file should know, although it could be read.
    pub fn warning(&self) -> Option<Problem> {
        self.table.warning(&self.rows.seen)
    }

    /// Where a column stands among those of the file, the first being 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        let column = self.table.wanted.iter().position(|wanted| wanted.name == column)?;
        self.table.at.get(column).copied().flatten()
    }

    /// The SHA-256 of the whole file, once its end was reached.
    pub fn sha256(&self) -> String {
        self.cutter.content().sha256()
    }

    /// A problem with this row.
    pub fn problem(&self, code: &'static str, says: &str, place: RowPlace, column: usize) -> Problem {
        Problem::error(code, says).in_data(self.table.shown.as_str(), Some(u64::from(place.row)), Some(self.name(column)))
    }
}

impl Rows for CsvFile {
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        CsvFile::next_row(self, quality)
    }

    fn cell(&self, column: usize) -> &[u8] {
        CsvFile::cell(self, column)
    }

    fn name(&self, column: usize) -> &'static str {
        CsvFile::name(self, column)
    }

    fn dates(&self) -> Dates {
        self.table.reading.dates
    }

    fn bytes_read(&self) -> u64 {
        self.cutter.content().bytes_read()
    }
}

impl WholeFile for CsvFile {
    fn rows(&self) -> u64 {
        CsvFile::rows(self)
    }

    fn sha256(&self) -> String {
        CsvFile::sha256(self)
    }

    fn warning(&self) -> Option<Problem> {
        CsvFile::warning(self)
    }
}

/// Where each wanted column stands among the names of a file.
///
/// # Errors
/// When one that is needed is not there, or a wanted one is there twice.
pub fn find(names: &[String], wanted: &[Column], reading: &Reading, shown: &str) -> Result<Vec<Option<usize>>, Problem> {
    let mut all = Vec::new();
    for column in wanted {
        let told = reading.names.get(column.name);
        let theirs = told.map_or(column.name, String::as_str);
        let found: Vec<usize> = names.iter().enumerate().filter(|(_, name)| reading.calls(name, theirs)).map(|(at, _)| at).collect();
        if found.len() > 1 {
            let says = format!("the header names the column `{theirs}` twice");
            return Err(header_problem(shown, "D004", theirs, &says).help("take one of the two out, or rename it"));
        }
        let at = found.first().copied();
        if at.is_none() && (column.required || told.is_some()) {
            let near = did_you_mean(theirs, names.iter().map(String::as_str));
            let help = match (near, names) {
                _ if told.is_some() => {
                    format!("extract.toml says that `{}` is called so: write there what the header has", column.name)
                }
                (Some(_), _) => format!("rename the column that is nearly `{}`", column.name),
                (None, [one]) if one.contains([';', '\t']) => "save it with commas between the cells, not semicolons or tabs".to_owned(),
                (None, _) => format!("the columns needed are {}", needed(wanted)),
            };
            let says = format!("the header has no column `{theirs}`");
            return Err(header_problem(shown, "D003", theirs, &says).help(help));
        }
        all.push(at);
    }
    Ok(all)
}

fn needed(wanted: &[Column]) -> String {
    let names: Vec<&str> = wanted.iter().filter(|column| column.required).map(|column| column.name).collect();
    names.join(", ")
}

/// Refuses a file one of whose columns names people, unless it is dropped.
///
/// # Errors
/// When it is so.
pub fn refuse_names(names: &[String], reading: &Reading, shown: &str) -> Result<(), Problem> {
    let mut named = names.iter().enumerate().filter(|(_, name)| names_people(name) && !reading.drop.contains(name));
    let Some((at, name)) = named.next() else { return Ok(()) };
    let says = format!("column {} of this file names people, or where they live", at + 1);
    Err(header_problem(shown, "D022", name, &says)
        .help(format!("export it without the column; or write drop = [\"{name}\"] into extract.toml, and it is never used")))
}

/// What is said of a column of NHS numbers. `used` tells whether one of our columns is read from it.
pub fn holds_nhs_numbers(at: usize, used: bool, shown: &str) -> Problem {
    // Its header is not shown: where the first row runs on, a value stands in it.
    let says = format!("column {} of this file holds NHS numbers", at + 1);
    let help = if used {
        "export pseudonyms in their place: the same for the same person in every file"
    } else {
        "export it without the column; or write the column's name into extract.toml, such as drop = [\"...\"], and it is never used"
    };
    Problem::error("D022", says).in_data(shown, Some(1), None).help(help)
}

fn header_problem(shown: &str, code: &'static str, column: &str, says: &str) -> Problem {
    Problem::error(code, says).in_data(shown, Some(1), Some(column))
}

/// What is said of a file that does not open, or whose bytes do not come.
pub fn unreadable(shown: &str, row: Option<u64>, error: &io::Error) -> Problem {
    let (says, help) = match error.kind() {
        io::ErrorKind::UnexpectedEof => (
            "this file cannot be read to its end".to_owned(),
            "it broke off, or changed while it was read: copy the file again, and leave it alone until the command is done",
        ),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            ("this file is damaged: what it was packed from does not come out again".to_owned(), "copy or download it again")
        }
        kind => (
            format!("this file cannot be read: {kind}"),
            "check that it is a file, that it is not open elsewhere, that you may read it, and that the disk or the network is there",
        ),
    };
    Problem::error("D007", says).in_data(shown, row, None).help(help)
}

/// What is said of a folder that has the name of a file.
pub fn a_folder(shown: &str) -> Problem {
    Problem::error("D007", "this is a folder, where a file should be")
        .in_data(shown, None, None)
        .help("a folder may not have the name of a file: rename it, and put the file in its place")
}
