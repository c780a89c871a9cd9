//! A Parquet file of the canonical form whose columns are found by name, in any order; only those wanted are read.
//! In: a file of an extract. Out: rows by our columns, with the cells that the same file would have as CSV.

use super::columns::{Column, Reading, a_folder, find, holds_nhs_numbers, refuse_names, unreadable};
use super::dates::Dates;
use super::parquet_cells::{Cells, Kind, Numbers, Stopped, Wrong};
use super::particulars::{Watch, names_people};
use super::patient::RowPlace;
use super::quality::Quality;
use super::rows::{Rows, WholeFile};
use super::store::{Entry, Store};
use crate::problem::Problem;
use bytes::Bytes;
use csv::ByteRecord;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::io;

/// How many rows are read at once.
const BATCH: usize = 4096;

/// As many rows of every column as the watch may want to see.
const WATCHED: usize = 256;

/// Out of an archive a file is read into memory, as long as it is no larger than this.
const MOST_IN_MEMORY: u64 = 256 << 20;

/// The last bytes of a file whose list of columns is encrypted.
const ENCRYPTED: &[u8] = b"PARE";

/// The columns whose numbers measure something; those of all others name something.
const MEASURES: [&str; 1] = ["value"];

/// An open Parquet file.
pub struct ParquetFile {
    reader: Box<dyn FileReader>,
    shown: String,
    number: u16,
    wanted: &'static [Column],
    dates: Dates,
    sha256: String,
    bytes: u64,
    /// Where each wanted column stands among the columns of the file.
    found: Vec<Option<usize>>,
    /// The same among its columns of plain values, and what it holds.
    leaves: Vec<Option<(usize, Kind)>>,
    cells: Vec<Option<Cells>>,
    next_group: usize,
    left_in_group: usize,
    batch: usize,
    next_in_batch: usize,
    rows_given: u64,
    all_rows: u64,
}

impl ParquetFile {
    /// Opens a file of an extract.
    ///
    /// # Errors
    /// When it cannot be read, lacks a column that is needed, or names people.
    pub fn of_extract(
        store: &Store,
        entry: &Entry,
        number: u16,
        wanted: &'static [Column],
        reading: &Reading,
    ) -> Result<ParquetFile, Problem> {
        let shown = entry.name.as_str();
        if store.is_folder(entry) {
            return Err(a_folder(shown));
        }
        let (reader, sha256) = open(store, entry)?;
        let names: Vec<String> = roots(&*reader).map(|(name, _)| name).collect();
        let found = find(&names, wanted, reading, shown)?;
        if reading.of_people {
            refuse_names(&names, reading, shown)?;
            refuse_nested_names(&*reader, reading, shown)?;
        }
        let all_rows = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
        let (dates, bytes) = (reading.dates, entry.bytes);
        let mut file = ParquetFile {
            reader,
            shown: shown.to_owned(),
            number,
            wanted,
            dates,
            sha256,
            bytes,
            found,
            leaves: Vec::new(),
            cells: Vec::new(),
            next_group: 0,
            left_in_group: 0,
            batch: 0,
            next_in_batch: 0,
            rows_given: 0,
            all_rows,
        };
        file.leaves = file.leaves_of()?;
        file.refuse_packing()?;
        if reading.of_people {
            file.refuse_nhs_numbers(reading)?;
        }
        Ok(file)
    }

    /// Where a column stands among those of the file, the first being 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        let column = self.wanted.iter().position(|wanted| wanted.name == column)?;
        self.found.get(column).copied().flatten()
    }

    fn leaves_of(&self) -> Result<Vec<Option<(usize, Kind)>>, Problem> {
        let roots: Vec<(String, Option<(usize, Kind)>)> = roots(&*self.reader).collect();
        let leaf = |at: usize| -> Result<(usize, Kind), Problem> {
            let (name, leaf) = roots.get(at).map_or(("", None), |(name, leaf)| (name.as_str(), *leaf));
            leaf.ok_or_else(|| {
                Problem::error("D062", "this column is of a type that is not read here")
                    .in_data(self.shown.as_str(), None, Some(name))
                    .help("make it text, a date, a whole number or a decimal before the file is written")
            })
        };
        self.found.iter().map(|at| at.map(leaf).transpose()).collect()
    }

    /// Refuses columns that are packed in a way that this program does not unpack.
    fn refuse_packing(&self) -> Result<(), Problem> {
        for group in self.reader.metadata().row_groups() {
            for (column, leaf) in self.wanted.iter().zip(&self.leaves) {
                let packed = leaf.and_then(|(at, _)| group.columns().get(at)).map(|chunk| chunk.compression());
                let name = match packed {
                    Some(Compression::ZSTD(_)) => "zstd",
                    Some(Compression::BROTLI(_)) => "brotli",
                    Some(Compression::LZO) => "lzo",
                    Some(
                        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::LZ4 | Compression::LZ4_RAW,
                    )
                    | None => continue,
                };
                return Err(Problem::error("D064", format!("this column is packed with {name}, which is not unpacked here"))
                    .in_data(self.shown.as_str(), None, Some(column.name))
                    .help("write the file with snappy, gzip or lz4, or without compression"));
            }
        }
        Ok(())
    }

    /// Looks at the first rows of all columns that are not dropped, wanted or not.
    fn refuse_nhs_numbers(&self, reading: &Reading) -> Result<(), Problem> {
        let columns: Vec<Option<(usize, Kind)>> =
            roots(&*self.reader).map(|(name, leaf)| leaf.filter(|_| !reading.drop.contains(&name))).collect();
        let mut watch = Watch::new(columns.iter().map(Option::is_none));
        'groups: for group in 0..self.reader.num_row_groups() {
            let rows = self.rows_of(group)?.min(WATCHED);
            let mut cells: Vec<Option<Cells>> = Vec::new();
            for leaf in &columns {
                // A column that cannot be read holds nothing that could get out; if it is wanted, reading it says so.
                let read = leaf.and_then(|leaf| self.cells_of(group, leaf, Numbers::Measures).ok());
                cells.push(read.and_then(|mut cells| cells.fill(rows).is_ok().then_some(cells)));
            }
            for row in 0..rows {
                let record: ByteRecord = cells.iter().map(|cells| cells.as_ref().map_or(&[][..], |cells| cells.cell(row))).collect();
                if watch.row(&record) {
                    break 'groups;
                }
            }
        }
        let Some(at) = watch.verdict() else { return Ok(()) };
        Err(holds_nhs_numbers(at, self.found.contains(&Some(at)), &self.shown))
    }

    fn rows_of(&self, group: usize) -> Result<usize, Problem> {
        let rows = self.reader.metadata().row_groups().get(group).and_then(|group| usize::try_from(group.num_rows()).ok());
        rows.ok_or_else(|| broken(&self.shown, None))
    }

    fn cells_of(&self, group: usize, (at, kind): (usize, Kind), numbers: Numbers) -> Result<Cells, ParquetError> {
        let group = self.reader.get_row_group(group)?;
        let column = group.metadata().schema_descr().column(at);
        Ok(Cells::new(group.get_column_reader(at)?, &column, kind, numbers, self.dates))
    }

    /// Reads the next batch; `false` at the end.
    fn next_batch(&mut self) -> Result<bool, Problem> {
        while self.left_in_group == 0 {
            if self.next_group >= self.reader.num_row_groups() {
                return Ok(false);
            }
            self.left_in_group = self.rows_of(self.next_group)?;
            let mut cells = Vec::new();
            for (column, leaf) in self.wanted.iter().zip(&self.leaves) {
                let numbers = if MEASURES.contains(&column.name) { Numbers::Measures } else { Numbers::Names };
                let of_group = leaf.map(|leaf| self.cells_of(self.next_group, leaf, numbers)).transpose();
                cells.push(of_group.map_err(|error| self.stopped(column, &Stopped::Broken(error)))?);
            }
            self.cells = cells;
            self.next_group += 1;
        }
        let rows = self.left_in_group.min(BATCH);
        let mut cells = std::mem::take(&mut self.cells);
        for (column, cells) in self.wanted.iter().zip(&mut cells) {
            let filled = cells.as_mut().map_or(Ok(()), |cells| cells.fill(rows));
            filled.map_err(|stopped| self.stopped(column, &stopped))?;
        }
        self.cells = cells;
        (self.batch, self.next_in_batch) = (rows, 0);
        self.left_in_group -= rows;
        Ok(true)
    }

    fn stopped(&self, column: &Column, stopped: &Stopped) -> Problem {
        let (row, wrong) = match stopped {
            Stopped::Broken(error) => return because(&self.shown, Some(self.row(1)), error),
            Stopped::Cell(at, wrong) => (self.row(*at as u64 + 1), *wrong),
        };
        let (says, help) = match wrong {
            Wrong::TimeOfDay => (
                "this column holds times of day, where a day is needed",
                "make it a date, or the beginning of the day in the time zone of the practice, before the file is written",
            ),
            Wrong::Rounded => (
                "this column holds numbers with a binary fraction, which may have been rounded and then name another",
                "make it text or whole numbers before the file is written",
            ),
            Wrong::NotText => ("this column should hold text, and holds bytes that are not UTF-8", "write it as text in UTF-8"),
        };
        Problem::error("D063", says).in_data(self.shown.as_str(), Some(row), Some(column.name)).help(help)
    }

    /// The number of a row so many after the last that was given, as if the file were CSV with a header.
    fn row(&self, after: u64) -> u64 {
        self.rows_given + after + 1
    }
}

impl Rows for ParquetFile {
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        while self.next_in_batch >= self.batch {
            if !self.next_batch()? {
                return Ok(None);
            }
        }
        self.next_in_batch += 1;
        self.rows_given += 1;
        quality.rows_read += 1;
        Ok(Some(RowPlace { file: self.number, row: u32::try_from(self.row(0)).unwrap_or(u32::MAX) }))
    }

    fn cell(&self, column: usize) -> &[u8] {
        let row = self.next_in_batch.saturating_sub(1);
        self.cells.get(column).and_then(Option::as_ref).map_or(&[], |cells| cells.cell(row))
    }

    fn name(&self, column: usize) -> &'static str {
        self.wanted.get(column).map_or("", |column| column.name)
    }

    fn dates(&self) -> Dates {
        self.dates
    }

    fn bytes_read(&self) -> u64 {
        // Columns are read here and there: the share of rows tells how far it is.
        let share = u128::from(self.bytes) * u128::from(self.rows_given) / u128::from(self.all_rows.max(1));
        if self.rows_given >= self.all_rows { self.bytes } else { u64::try_from(share).unwrap_or(self.bytes) }
    }
}

impl WholeFile for ParquetFile {
    fn rows(&self) -> u64 {
        self.rows_given
    }

    fn sha256(&self) -> String {
        self.sha256.clone()
    }

    fn warning(&self) -> Option<Problem> {
        None
    }
}

/// Opens the file where it lies, or in memory when it lies in an archive; gives its SHA-256 too.
fn open(store: &Store, entry: &Entry) -> Result<(Box<dyn FileReader>, String), Problem> {
    let shown = entry.name.as_str();
    let failed = |error: io::Error| unreadable(shown, None, &error);
    let on_disk = store.file(entry).map_err(failed)?;
    if on_disk.is_none() && entry.bytes > MOST_IN_MEMORY {
        let most = MOST_IN_MEMORY >> 20;
        return Err(Problem::error("D064", format!("this file is too large to be read out of an archive: more than {most} MB"))
            .in_data(shown, None, None)
            .help("unpack the archive into a folder, and name the folder"));
    }
    let mut kept = Vec::new();
    let mut last: Vec<u8> = Vec::new();
    let sha256 = store.content(entry).and_then(|content| {
        content.whole(|piece| {
            if on_disk.is_none() {
                kept.extend_from_slice(piece);
            }
            last.extend_from_slice(piece.get(piece.len().saturating_sub(ENCRYPTED.len())..).unwrap_or(&[]));
            last.drain(..last.len().saturating_sub(ENCRYPTED.len()));
        })
    });
    let sha256 = sha256.map_err(failed)?;
    if last == ENCRYPTED {
        return Err(Problem::error("D061", "this file is encrypted")
            .in_data(shown, None, None)
            .help("write it without encryption into a folder that only you may read"));
    }
    let reader: Result<Box<dyn FileReader>, ParquetError> = match on_disk {
        Some(file) => SerializedFileReader::new(file).map(|reader| Box::new(reader) as _),
        None => SerializedFileReader::new(Bytes::from(kept)).map(|reader| Box::new(reader) as _),
    };
    Ok((reader.map_err(|error| because(shown, None, &error))?, sha256))
}

/// The columns of a file by name, and where those that can be read stand.
fn roots(reader: &dyn FileReader) -> impl Iterator<Item = (String, Option<(usize, Kind)>)> {
    let schema = reader.metadata().file_metadata().schema_descr();
    let leaf_of = |root: usize| {
        let mut leaves = (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == root);
        let leaf = leaves.next()?;
        let column = schema.column(leaf);
        let is_flat = column.max_rep_level() == 0 && column.path().parts().len() == 1;
        Kind::of(&column).filter(|_| is_flat).map(|kind| (leaf, kind))
    };
    let names = schema.root_schema().get_fields().iter().map(|field| field.name().to_owned());
    names.enumerate().map(move |(at, name)| (name, leaf_of(at)))
}

/// Refuses columns within columns that name people, unless the whole is dropped.
fn refuse_nested_names(reader: &dyn FileReader, reading: &Reading, shown: &str) -> Result<(), Problem> {
    let schema = reader.metadata().file_metadata().schema_descr();
    let parts = schema.columns().iter().map(|column| column.path().parts());
    let named = parts.filter(|parts| parts.iter().skip(1).any(|part| names_people(part)));
    let roots: Vec<String> = named.filter_map(|parts| parts.first().cloned()).filter(|root| !reading.drop.contains(root)).collect();
    let Some(root) = roots.first() else { return Ok(()) };
    Err(Problem::error("D022", "a part of this column names people, or where they live")
        .in_data(shown, Some(1), Some(root))
        .help(format!("export it without the column; or write drop = [\"{root}\"] into extract.toml, and it is never used")))
}

fn because(shown: &str, row: Option<u64>, error: &ParquetError) -> Problem {
    match error {
        ParquetError::External(error) => match error.downcast_ref::<io::Error>() {
            Some(error) if error.kind() != io::ErrorKind::UnexpectedEof => unreadable(shown, row, error),
            _ => broken(shown, row),
        },
        _ => broken(shown, row),
    }
}

fn broken(shown: &str, row: Option<u64>) -> Problem {
    Problem::error("D060", "this is not a whole Parquet file that can be read here")
        .in_data(shown, row, None)
        .help("it broke off, is damaged, holds encrypted columns, or is something else: write or copy it again")
}
