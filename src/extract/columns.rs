//! A CSV file whose columns are found by name, in any order.
//! In: a path and the names wanted. Out: rows with their numbers. Knows no person.

use super::patient::RowPlace;
use super::quality::{Quality, Reason};
use crate::problem::{Problem, did_you_mean};
use csv::ByteRecord;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

const BUFFER: usize = 1 << 18;

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

/// Reads bytes and works out their SHA-256 on the way.
struct Hashing<R> {
    inner: R,
    sha: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sha.update(buffer.get(..read).unwrap_or(&[]));
        Ok(read)
    }
}

/// The bytes of a file, as they are or out of gzip.
enum Input {
    Plain(Hashing<File>),
    Gzip(Box<MultiGzDecoder<BufReader<Hashing<File>>>>),
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(file) => file.read(buffer),
            Input::Gzip(file) => file.read(buffer),
        }
    }
}

/// An open CSV file.
pub struct CsvFile {
    reader: csv::Reader<BufReader<Input>>,
    shown: String,
    number: u16,
    wanted: &'static [Column],
    at: Vec<Option<usize>>,
    header: ByteRecord,
    record: ByteRecord,
}

impl CsvFile {
    /// Opens a file and checks its header. `shown` is its name in messages, `number` its number in places.
    pub fn open(path: &Path, shown: &str, number: u16, wanted: &'static [Column]) -> Result<CsvFile, Problem> {
        let unreadable = |error: io::Error| {
            Problem::error("D007", format!("this file cannot be read: {}", error.kind()))
                .in_data(shown, None, None)
                .help("check that it is a file, that it is not open elsewhere, and that you may read it")
        };
        if path.is_dir() {
            return Err(Problem::error("D007", "this is a folder, where a file should be")
                .in_data(shown, None, None)
                .help("a folder may not have the name of a file: rename it, and put the file in its place"));
        }
        let file = File::open(path).map_err(unreadable)?;
        let file = Hashing { inner: file, sha: Sha256::new() };
        let input = if shown.ends_with(".gz") {
            Input::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, file))))
        } else {
            Input::Plain(file)
        };
        let mut input = BufReader::with_capacity(BUFFER, input);
        let start = input.fill_buf().map_err(unreadable)?;
        if start.is_empty() {
            return Err(Problem::error("D005", "this file is empty")
                .in_data(shown, None, None)
                .help("export it again: even a file without rows has a header"));
        }
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) || start.iter().take(64).any(|byte| *byte == 0) {
            return Err(Problem::error("D006", "this file is not UTF-8 text")
                .in_data(shown, None, None)
                .help("in Excel, save it as \"CSV UTF-8\""));
        }
        // Rows end at \n alone, so that the reader's count of lines is right; the \r of Windows is trimmed from the last cell.
        let rows_end = csv::Terminator::Any(b'\n');
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).terminator(rows_end).buffer_capacity(BUFFER);
        let reader = builder.from_reader(input);
        let mut file = CsvFile {
            reader,
            shown: shown.to_owned(),
            number,
            wanted,
            at: Vec::new(),
            header: ByteRecord::new(),
            record: ByteRecord::new(),
        };
        file.read_header()?;
        Ok(file)
    }

    fn read_header(&mut self) -> Result<(), Problem> {
        self.read_row()?;
        let mut header = std::mem::take(&mut self.record);
        header.trim();
        let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        for column in self.wanted {
            let found: Vec<usize> = names.iter().enumerate().filter(|(_, name)| *name == column.name).map(|(at, _)| at).collect();
            if found.len() > 1 {
                let says = format!("the header names the column `{}` twice", column.name);
                return Err(self.header_problem("D004", column.name, &says).help("take one of the two out, or rename it"));
            }
            let at = found.first().copied();
            if at.is_none() && column.required {
                let near = did_you_mean(column.name, names.iter().map(String::as_str));
                let help = match (near, names.as_slice()) {
                    (Some(_), _) => format!("rename the column that is nearly `{}`", column.name),
                    (None, [one]) if one.contains([';', '\t']) => {
                        "save it with commas between the cells, not semicolons or tabs".to_owned()
                    }
                    (None, _) => format!("the columns needed are {}", self.needed()),
                };
                let says = format!("the header has no column `{}`", column.name);
                return Err(self.header_problem("D003", column.name, &says).help(help));
            }
            self.at.push(at);
        }
        self.header = header;
        Ok(())
    }

    fn needed(&self) -> String {
        let names: Vec<&str> = self.wanted.iter().filter(|column| column.required).map(|column| column.name).collect();
        names.join(", ")
    }

    fn header_problem(&self, code: &'static str, column: &str, says: &str) -> Problem {
        Problem::error(code, says).in_data(self.shown.as_str(), Some(1), Some(column))
    }

    fn broken(&self, error: &csv::Error) -> Problem {
        let row = error.position().map(csv::Position::line);
        Problem::error("D007", "this file cannot be read to its end")
            .in_data(self.shown.as_str(), row, None)
            .help("the disk or the network broke off: copy the file again")
    }

    /// Goes to the next row that has the right number of cells; others are set aside. `None` at the end.
    pub fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        loop {
            if !self.read_row()? {
                return Ok(None);
            }
            quality.rows_read += 1;
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
            let more = self.reader.read_byte_record(&mut record);
            self.record = record;
            let more = more.map_err(|error| self.broken(&error))?;
            if !more || self.record.as_slice() != b"\r" {
                return Ok(more);
            }
        }
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

    /// How many bytes have been read.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The SHA-256 of the whole file, once its end was reached.
    pub fn sha256(self) -> String {
        let file = match self.reader.into_inner().into_inner() {
            Input::Plain(file) => file,
            Input::Gzip(file) => file.into_inner().into_inner(),
        };
        let hash = file.sha.finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A problem with this row.
    pub fn problem(&self, code: &'static str, says: &str, place: RowPlace, column: usize) -> Problem {
        Problem::error(code, says).in_data(self.shown.as_str(), Some(u64::from(place.row)), Some(self.name(column)))
    }
}
