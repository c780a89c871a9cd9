//! A CSV file whose columns are found by name, in any order.
//! In: a path and the names wanted. Out: rows with their numbers. Knows no person.

use super::content::{BUFFER, Content};
use super::dates::Dates;
use super::particulars::{Watch, names_people};
use super::patient::RowPlace;
use super::quality::{Quality, Reason};
use super::rows::{Rows, WholeFile};
use super::store::{Entry, Store};
use crate::problem::{Problem, did_you_mean};
use csv::ByteRecord;
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

/// A row that was read as Windows-1252, since it is not UTF-8.
#[derive(Clone, Copy, Debug)]
struct Foreign {
    first_row: u64,
    first_byte: u8,
    rows: u64,
}

/// An open CSV file.
pub struct CsvFile {
    reader: csv::Reader<Content>,
    shown: String,
    number: u16,
    wanted: &'static [Column],
    reading: Reading,
    at: Vec<Option<usize>>,
    header: ByteRecord,
    record: ByteRecord,
    watch: Option<Watch>,
    foreign: Option<Foreign>,
    rows: u64,
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
            Content::new(file, shown, length)
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
        // Rows end at \n alone, so that the reader's count of lines is right; the \r of Windows is trimmed from the last cell.
        let rows_end = csv::Terminator::Any(b'\n');
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).terminator(rows_end).buffer_capacity(BUFFER);
        let mut file = CsvFile {
            reader: builder.from_reader(content),
            shown: shown.to_owned(),
            number,
            wanted,
            reading: reading.clone(),
            at: Vec::new(),
            header: ByteRecord::new(),
            record: ByteRecord::new(),
            watch: None,
            foreign: None,
            rows: 0,
        };
        file.read_header()?;
        Ok(file)
    }

    fn read_header(&mut self) -> Result<(), Problem> {
        self.read_row()?;
        let mut header = std::mem::take(&mut self.record);
        header.trim();
        let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        self.at = find(&names, self.wanted, &self.reading, &self.shown)?;
        self.header = header;
        if self.reading.of_people {
            refuse_names(&names, &self.reading, &self.shown)?;
            self.watch = Some(Watch::new(names.iter().map(|name| self.reading.drop.contains(name))));
        }
        Ok(())
    }

    /// Whether the header has a column, in any case.
    pub fn has(&self, name: &str) -> bool {
        self.header.iter().any(|column| column.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Refuses a file that holds NHS numbers, once enough of its rows were seen.
    fn refuse_nhs_numbers(&mut self) -> Result<(), Problem> {
        let Some(at) = self.watch.take().and_then(|watch| watch.verdict()) else { return Ok(()) };
        Err(holds_nhs_numbers(at, self.at.contains(&Some(at)), &self.shown))
    }

    fn broken(&self, error: &csv::Error) -> Problem {
        let row = Some(self.reader.position().line());
        match error.kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                Problem::error("D009", "a row that begins here has no end: it is longer than 16 million bytes")
                    .in_data(self.shown.as_str(), row, None)
                    .help("look for a quotation mark that is opened and not closed, or export the file again")
            }
            csv::ErrorKind::Io(error) => unreadable(&self.shown, row, error),
            _ => unreadable(&self.shown, row, &io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Goes to the next row that has the right number of cells; others are set aside. `None` at the end.
    pub fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        loop {
            if !self.read_row()? {
                self.refuse_nhs_numbers()?;
                return Ok(None);
            }
            if self.watch.as_mut().is_some_and(|watch| watch.row(&self.record)) {
                self.refuse_nhs_numbers()?;
            }
            if self.record.as_slice().contains(&0) {
                let row = Some(self.row_and_lines().0);
                return Err(Problem::error("D006", "this row holds bytes of zero: the file is damaged, or no text")
                    .in_data(self.shown.as_str(), row, None)
                    .help("a disk that failed leaves zeros where rows were: copy or export the file again"));
            }
            self.decode();
            quality.rows_read += 1;
            self.rows += 1;
            let (row, lines) = self.row_and_lines();
            let place = RowPlace { file: self.number, row: u32::try_from(row).unwrap_or(u32::MAX) };
            let right_number = self.record.len() == self.header.len();
            if lines > 1 && (!right_number || self.holds_another_row()) {
                return Err(Problem::error("D009", "a quotation mark is opened in this row and not closed")
                    .in_data(self.shown.as_str(), Some(row), None)
                    .help("the rows after it would be lost: close the mark, or double it where it belongs to the text"));
            }
            if !right_number {
                quality.set_aside(place, "", Reason::WrongNumberOfFields, "");
                continue;
            }
            if self.is_header() {
                quality.set_aside(place, "", Reason::RepeatedHeader, "");
                continue;
            }
            return Ok(Some(place));
        }
    }

    /// Reads a row; `false` at the end. The reader passes over empty lines; one with Windows' line end is a lone \r to it.
    fn read_row(&mut self) -> Result<bool, Problem> {
        loop {
            let mut record = std::mem::take(&mut self.record);
            self.reader.get_mut().row_begins();
            let more = self.reader.read_byte_record(&mut record);
            self.record = record;
            let more = more.map_err(|error| self.broken(&error))?;
            if !more || self.record.as_slice() != b"\r" {
                return Ok(more);
            }
        }
    }

    /// Reads a row that is not UTF-8 as Windows-1252, which every sequence of bytes is.
    fn decode(&mut self) {
        if self.record.as_slice().is_ascii() {
            return;
        }
        let bad = self.record.iter().find_map(|cell| std::str::from_utf8(cell).err().map(|error| (cell, error.valid_up_to())));
        let Some((cell, at)) = bad else { return };
        let byte = cell.get(at).copied().unwrap_or_default();
        let row = self.row_and_lines().0;
        let foreign = self.foreign.get_or_insert(Foreign { first_row: row, first_byte: byte, rows: 0 });
        foreign.rows += 1;
        let cells = self.record.iter().map(|cell| encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0.into_owned());
        let decoded: ByteRecord = cells.map(String::into_bytes).collect();
        // The decoded row has no position; that of the row is asked for above and by the caller before the next is read.
        let position = self.record.position().cloned();
        self.record = decoded;
        self.record.set_position(position);
    }

    /// What whoever exported the file should know, although it could be read.
    pub fn warning(&self) -> Option<Problem> {
        let foreign = self.foreign?;
        let rows = if foreign.rows == 1 { "one row of this file is".to_owned() } else { format!("{} rows of this file are", foreign.rows) };
        let says = format!("{rows} not UTF-8: here, at the byte {:02X}; read as Windows-1252", foreign.first_byte);
        Some(
            Problem::warning("D020", says)
                .in_data(self.shown.as_str(), Some(foreign.first_row), None)
                .help("look whether names with accents came out right; in Excel, save the file as \"CSV UTF-8\""),
        )
    }

    /// The number of the row's first line, and how many lines it has. The reader counts from the end of the row before,
    /// so empty lines may stand in between.
    fn row_and_lines(&self) -> (u64, u64) {
        let from = self.record.position().map_or(0, csv::Position::line);
        let to = self.reader.position().line();
        let inside = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        (to.saturating_sub(1 + inside).max(from), 1 + inside)
    }

    /// Whether a cell goes on with a line of as many cells as the header has: a quotation mark swallowed it.
    fn holds_another_row(&self) -> bool {
        let commas = |line: &[u8]| line.iter().filter(|byte| **byte == b',').count();
        let second_lines = self.record.iter().filter_map(|cell| cell.split(|byte| *byte == b'\n').nth(1));
        second_lines.into_iter().any(|line| commas(line) + 1 == self.header.len())
    }

    fn is_header(&self) -> bool {
        self.record.get(0).map(<[u8]>::trim_ascii) == self.header.get(0)
            && self.record.iter().map(<[u8]>::trim_ascii).eq(self.header.iter())
    }

    /// A cell of the row, without white space around it; empty when the file has no such column.
    pub fn cell(&self, column: usize) -> &[u8] {
        let at = self.at.get(column).copied().flatten();
        at.and_then(|at| self.record.get(at)).map_or(&[], <[u8]>::trim_ascii)
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &'static str {
        self.wanted.get(column).map_or("", |column| column.name)
    }

    /// Its name in messages.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// How many rows were read so far, the header not among them.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Where a column stands among those of the file, the first being 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        let column = self.wanted.iter().position(|wanted| wanted.name == column)?;
        self.at.get(column).copied().flatten()
    }

    /// The SHA-256 of the whole file, once its end was reached.
    pub fn sha256(&self) -> String {
        self.reader.get_ref().sha256()
    }

    /// A problem with this row.
    pub fn problem(&self, code: &'static str, says: &str, place: RowPlace, column: usize) -> Problem {
        Problem::error(code, says).in_data(self.shown.as_str(), Some(u64::from(place.row)), Some(self.name(column)))
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
        self.reading.dates
    }

    fn bytes_read(&self) -> u64 {
        self.reader.get_ref().bytes_read()
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
