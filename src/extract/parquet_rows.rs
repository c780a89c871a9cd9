//! The rows of one row group of a Parquet file. Row groups can be read by several threads, each by one.

use super::columns::{Column, unreadable};
use super::dates::Dates;
use super::parquet_bytes::{ColumnBytes, Source};
use super::parquet_cells::{Cells, Kind, Numbers, Stopped, Wrong};
use super::parquet_entries::EntryColumn;
use super::patient::RowPlace;
use super::quality::Quality;
use super::rows::Rows;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use parquet::column::reader::get_column_reader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::io;
use std::sync::Arc;

/// How many rows are read at once.
const BATCH: usize = 4096;

/// The numbers of cells that are all alike: those of a column that the file does not have.
const ALIKE: [u32; BATCH] = [0; BATCH];

/// The columns whose numbers measure something; those of all others name something.
const MEASURES: [&str; 1] = ["value"];

/// What all row groups of a file share.
pub struct Layout {
    /// Its name in messages.
    pub shown: String,
    /// Its number in places.
    pub number: u16,
    /// The columns that are looked for.
    pub wanted: &'static [Column],
    /// How days would be written.
    pub dates: Dates,
    /// Where each wanted column stands among the columns of plain values, and what it holds.
    pub leaves: Vec<Option<(usize, Kind)>>,
    /// What stands at the end of the file.
    pub metadata: ParquetMetaData,
}

/// A row group that is not open.
pub struct RowGroup {
    /// The file.
    pub layout: Arc<Layout>,
    /// Its bytes.
    pub source: Source,
    /// Which row group.
    pub number: usize,
    /// How many rows it has.
    pub rows: usize,
    /// How many rows lie before it.
    pub before: u64,
}

/// A wanted column.
enum Reader {
    /// The file has none of this name.
    Absent,
    /// Rows are entries of a dictionary, as long as they are; what reads all else can be made of the bytes.
    Entries(Box<EntryColumn>, ColumnBytes),
    /// Whatever it is.
    Cells(Box<Cells>),
}

/// The rows of a row group.
pub struct GroupRows {
    layout: Arc<Layout>,
    group: usize,
    columns: Vec<Reader>,
    before: u64,
    given: usize,
    rows: usize,
    batch: usize,
    next_in_batch: usize,
}

impl RowGroup {
    /// Opens it.
    ///
    /// # Errors
    /// When a column cannot be read.
    pub fn open(&self) -> Result<GroupRows, Problem> {
        let layout = Arc::clone(&self.layout);
        let mut rows = GroupRows {
            layout,
            group: self.number,
            columns: Vec::new(),
            before: self.before,
            given: 0,
            rows: self.rows,
            batch: 0,
            next_in_batch: 0,
        };
        let mut file = self.source.open().map_err(|error| unreadable(&self.layout.shown, None, &error))?;
        for (column, leaf) in self.layout.wanted.iter().zip(&self.layout.leaves) {
            let reader = leaf.map_or(Ok(Reader::Absent), |(at, kind)| {
                let bytes = file.column(rows.layout.chunk(self.number, at)?)?;
                rows.layout.reader(self.number, at, kind, numbers(column), bytes)
            });
            rows.columns.push(reader.map_err(|error| rows.stopped(column, &Stopped::Broken(error)))?);
        }
        Ok(rows)
    }

    /// The cells of any column, wanted or not.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn cells(&self, (at, kind): (usize, Kind)) -> Result<Cells, ParquetError> {
        let bytes = self.source.open()?.column(self.layout.chunk(self.number, at)?)?;
        self.layout.cells(self.number, at, kind, Numbers::Measures, &bytes)
    }
}

fn numbers(column: &Column) -> Numbers {
    if MEASURES.contains(&column.name) { Numbers::Measures } else { Numbers::Names }
}

impl Layout {
    fn chunk(&self, group: usize, at: usize) -> Result<&ColumnChunkMetaData, ParquetError> {
        let chunk = self.metadata.row_groups().get(group).and_then(|group| group.columns().get(at));
        chunk.ok_or_else(|| ParquetError::EOF("fewer columns than promised".to_owned()))
    }

    /// How many rows a row group has.
    ///
    /// # Errors
    /// When the number makes no sense.
    pub fn rows_of(&self, group: usize) -> Result<usize, Problem> {
        let rows = self.metadata.row_groups().get(group).and_then(|group| usize::try_from(group.num_rows()).ok());
        rows.ok_or_else(|| broken(&self.shown, None))
    }

    fn reader(&self, group: usize, at: usize, kind: Kind, numbers: Numbers, bytes: ColumnBytes) -> Result<Reader, ParquetError> {
        let chunk = self.chunk(group, at)?;
        let pages = bytes.pages(chunk, self.rows_of(group).unwrap_or(0))?;
        match EntryColumn::new(Box::new(pages), chunk.column_descr(), kind, numbers, self.dates) {
            Some(column) => Ok(Reader::Entries(Box::new(column), bytes)),
            None => self.cells(group, at, kind, numbers, &bytes).map(Box::new).map(Reader::Cells),
        }
    }

    fn cells(&self, group: usize, at: usize, kind: Kind, numbers: Numbers, bytes: &ColumnBytes) -> Result<Cells, ParquetError> {
        let chunk = self.chunk(group, at)?;
        let pages = bytes.pages(chunk, self.rows_of(group).unwrap_or(0))?;
        let reader = get_column_reader(chunk.column_descr_ptr(), Box::new(pages));
        Ok(Cells::new(reader, chunk.column_descr(), kind, numbers, self.dates))
    }
}

impl GroupRows {
    /// Reads the next batch; `false` at the end.
    fn next_batch(&mut self) -> Result<bool, Problem> {
        let rows = (self.rows - self.given).min(BATCH);
        if rows == 0 {
            return Ok(false);
        }
        let mut columns = std::mem::take(&mut self.columns);
        let layout = Arc::clone(&self.layout);
        for ((column, leaf), reader) in layout.wanted.iter().zip(&layout.leaves).zip(&mut columns) {
            self.fill(column, *leaf, reader, rows).map_err(|stopped| self.stopped(column, &stopped))?;
        }
        self.columns = columns;
        (self.batch, self.next_in_batch) = (rows, 0);
        Ok(true)
    }

    fn fill(&self, column: &Column, leaf: Option<(usize, Kind)>, reader: &mut Reader, rows: usize) -> Result<(), Stopped> {
        match (&mut *reader, leaf) {
            (Reader::Absent, _) | (_, None) => Ok(()),
            (Reader::Cells(cells), _) => cells.fill(rows),
            (Reader::Entries(entries, bytes), Some((at, kind))) => {
                if entries.fill(rows).is_some() {
                    return Ok(());
                }
                // From here on values are not in the dictionary, or something is wrong; what reads everything can tell.
                let mut cells = self.layout.cells(self.group, at, kind, numbers(column), bytes)?;
                cells.pass(self.given)?;
                let filled = cells.fill(rows);
                *reader = Reader::Cells(Box::new(cells));
                filled
            }
        }
    }

    fn stopped(&self, column: &Column, stopped: &Stopped) -> Problem {
        let shown = self.layout.shown.as_str();
        let (row, wrong) = match stopped {
            Stopped::Broken(error) => return because(shown, Some(self.row(1)), error),
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
        Problem::error("D063", says).in_data(shown, Some(row), Some(column.name)).help(help)
    }

    /// The number of a row so many after the last that was given, as if the file were CSV with a header.
    #[inline]
    fn row(&self, after: u64) -> u64 {
        self.before + self.given as u64 + after + 1
    }

    #[inline]
    fn at(&self) -> usize {
        self.next_in_batch.saturating_sub(1)
    }
}

impl Rows for GroupRows {
    #[inline]
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        if self.next_in_batch >= self.batch && !self.next_batch()? {
            return Ok(None);
        }
        self.next_in_batch += 1;
        self.given += 1;
        quality.rows_read += 1;
        Ok(Some(RowPlace { file: self.layout.number, row: u32::try_from(self.row(0)).unwrap_or(u32::MAX) }))
    }

    #[inline]
    fn cell(&self, column: usize) -> &[u8] {
        match self.columns.get(column) {
            Some(Reader::Entries(entries, _)) => entries.cell(self.at()),
            Some(Reader::Cells(cells)) => cells.cell(self.at()),
            Some(Reader::Absent) | None => &[],
        }
    }

    #[inline]
    fn entry(&self, column: usize) -> Option<u32> {
        match self.columns.get(column) {
            Some(Reader::Entries(entries, _)) => Some(entries.entry(self.at())),
            Some(Reader::Cells(_)) => None,
            Some(Reader::Absent) | None => Some(0),
        }
    }

    #[inline]
    fn entries_ahead(&self, column: usize) -> &[u32] {
        let entries = match self.columns.get(column) {
            Some(Reader::Entries(entries, _)) => entries.batch(),
            Some(Reader::Cells(_)) => &[],
            Some(Reader::Absent) | None => &ALIKE,
        };
        entries.get(self.next_in_batch..self.batch).unwrap_or(&[])
    }

    #[inline]
    fn pass(&mut self, rows: usize, quality: &mut Quality) {
        self.next_in_batch += rows;
        self.given += rows;
        quality.rows_read += rows as u64;
    }

    #[inline]
    fn day(&self, column: usize) -> Option<Day> {
        match self.columns.get(column) {
            Some(Reader::Entries(entries, _)) => entries.day(self.at()).unwrap_or_else(|| self.layout.dates.day(entries.cell(self.at()))),
            _ => self.layout.dates.day(self.cell(column)),
        }
    }

    fn name(&self, column: usize) -> &'static str {
        self.layout.wanted.get(column).map_or("", |column| column.name)
    }

    fn dates(&self) -> Dates {
        self.layout.dates
    }

    fn bytes_read(&self) -> u64 {
        0
    }
}

/// What is said of a file that the crate cannot read.
pub fn because(shown: &str, row: Option<u64>, error: &ParquetError) -> Problem {
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
