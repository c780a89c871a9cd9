//! A Parquet file of the canonical form whose columns are found by name, in any order; only those wanted are read.
//! In: a file of an extract. Out: rows by our columns, with the cells that the same file would have as CSV.

use super::columns::{Column, Reading, a_folder, find, holds_nhs_numbers, refuse_names, unreadable};
use super::dates::Dates;
use super::parquet_bytes::Source;
use super::parquet_cells::{Cells, Kind};
pub use super::parquet_rows::RowGroup;
use super::parquet_rows::{GroupRows, Layout, because};
use super::particulars::{Watch, names_people};
use super::patient::RowPlace;
use super::quality::Quality;
use super::rows::{Rows, WholeFile};
use super::store::{Entry, Store};
use crate::framework::calendar::Day;
use crate::problem::Problem;
use bytes::Bytes;
use csv::ByteRecord;
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::io;
use std::sync::Arc;

/// As many rows of every column as the watch may want to see.
const WATCHED: usize = 256;

/// Out of an archive a file is read into memory, as long as it is no larger than this.
const MOST_IN_MEMORY: u64 = 256 << 20;

/// The last bytes of a file whose list of columns is encrypted.
const ENCRYPTED: &[u8] = b"PARE";

/// An open Parquet file.
pub struct ParquetFile {
    layout: Arc<Layout>,
    source: Source,
    sha256: String,
    bytes: u64,
    /// Where each wanted column stands among the columns of the file.
    found: Vec<Option<usize>>,
    next_group: usize,
    rows: Option<GroupRows>,
    /// How many rows were given, and how many lie in the row groups up to the last that was gone to.
    rows_given: u64,
    rows_so_far: u64,
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
        let (metadata, source, sha256) = open(store, entry)?;
        let names: Vec<String> = roots(&metadata).map(|(name, _)| name).collect();
        let found = find(&names, wanted, reading, shown)?;
        if reading.of_people {
            refuse_names(&names, reading, shown)?;
            refuse_nested_names(&metadata, reading, shown)?;
        }
        let all_rows = u64::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
        let leaves = leaves_of(&metadata, &found, shown)?;
        let layout = Layout { shown: shown.to_owned(), number, wanted, dates: reading.dates, leaves, metadata };
        refuse_packing(&layout)?;
        let file = ParquetFile {
            layout: Arc::new(layout),
            source,
            sha256,
            bytes: entry.bytes,
            found,
            next_group: 0,
            rows: None,
            rows_given: 0,
            rows_so_far: 0,
            all_rows,
        };
        if reading.of_people {
            file.refuse_nhs_numbers(reading)?;
        }
        Ok(file)
    }

    /// Where a column stands among those of the file, the first being 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        let column = self.layout.wanted.iter().position(|wanted| wanted.name == column)?;
        self.found.get(column).copied().flatten()
    }

    /// Looks at the first rows of all columns that are not dropped, wanted or not.
    fn refuse_nhs_numbers(&self, reading: &Reading) -> Result<(), Problem> {
        let columns: Vec<Option<(usize, Kind)>> =
            roots(&self.layout.metadata).map(|(name, leaf)| leaf.filter(|_| !reading.drop.contains(&name))).collect();
        let mut watch = Watch::new(columns.iter().map(Option::is_none));
        'groups: for group in 0..self.layout.metadata.num_row_groups() {
            let group = self.group(group, 0)?;
            let rows = group.rows.min(WATCHED);
            let mut cells: Vec<Option<Cells>> = Vec::new();
            for leaf in &columns {
                // A column that cannot be read holds nothing that could get out; if it is wanted, reading it says so.
                let read = leaf.and_then(|leaf| group.cells(leaf).ok());
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
        Err(holds_nhs_numbers(at, self.found.contains(&Some(at)), &self.layout.shown))
    }

    fn group(&self, number: usize, before: u64) -> Result<RowGroup, Problem> {
        let rows = self.layout.rows_of(number)?;
        Ok(RowGroup { layout: Arc::clone(&self.layout), source: self.source.clone(), number, rows, before })
    }

    /// The next row group, whose rows are not read here then; `None` after the last.
    ///
    /// # Errors
    /// When the file does not say how many rows it has.
    pub fn next_group(&mut self) -> Result<Option<RowGroup>, Problem> {
        if self.next_group >= self.layout.metadata.num_row_groups() {
            return Ok(None);
        }
        let group = self.group(self.next_group, self.rows_so_far)?;
        self.next_group += 1;
        self.rows_so_far += group.rows as u64;
        Ok(Some(group))
    }

    /// How many bytes lie before the row group that comes next.
    pub fn bytes_gone_to(&self) -> u64 {
        self.bytes_of(self.rows_so_far)
    }

    /// How many bytes so many rows are: columns are read here and there, and the share of rows tells how far it is.
    fn bytes_of(&self, rows: u64) -> u64 {
        let share = u128::from(self.bytes) * u128::from(rows) / u128::from(self.all_rows.max(1));
        if rows >= self.all_rows { self.bytes } else { u64::try_from(share).unwrap_or(self.bytes) }
    }
}

impl Rows for ParquetFile {
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        loop {
            if let Some(rows) = &mut self.rows
                && let Some(place) = rows.next_row(quality)?
            {
                self.rows_given += 1;
                return Ok(Some(place));
            }
            let Some(group) = self.next_group()? else { return Ok(None) };
            self.rows = Some(group.open()?);
        }
    }

    fn cell(&self, column: usize) -> &[u8] {
        self.rows.as_ref().map_or(&[], |rows| rows.cell(column))
    }

    fn day(&self, column: usize) -> Option<Day> {
        self.rows.as_ref().and_then(|rows| rows.day(column))
    }

    fn name(&self, column: usize) -> &'static str {
        self.layout.wanted.get(column).map_or("", |column| column.name)
    }

    fn dates(&self) -> Dates {
        self.layout.dates
    }

    fn bytes_read(&self) -> u64 {
        self.bytes_of(self.rows_given)
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
fn open(store: &Store, entry: &Entry) -> Result<(ParquetMetaData, Source, String), Problem> {
    let shown = entry.name.as_str();
    let failed = |error: io::Error| unreadable(shown, None, &error);
    let on_disk = entry.file().map_err(failed)?;
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
    let read = match on_disk {
        Some(file) => SerializedFileReader::new(file).map(|reader| (reader.metadata().clone(), Source::Disk(entry.clone()))),
        None => {
            let bytes = Bytes::from(kept);
            SerializedFileReader::new(bytes.clone()).map(|reader| (reader.metadata().clone(), Source::Memory(bytes)))
        }
    };
    let (metadata, source) = read.map_err(|error| because(shown, None, &error))?;
    Ok((metadata, source, sha256))
}

/// The columns of a file by name, and where those that can be read stand.
fn roots(metadata: &ParquetMetaData) -> impl Iterator<Item = (String, Option<(usize, Kind)>)> {
    let schema = metadata.file_metadata().schema_descr();
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

/// Where the wanted columns of a file stand among its columns of plain values.
fn leaves_of(metadata: &ParquetMetaData, found: &[Option<usize>], shown: &str) -> Result<Vec<Option<(usize, Kind)>>, Problem> {
    let roots: Vec<(String, Option<(usize, Kind)>)> = roots(metadata).collect();
    let leaf = |at: usize| -> Result<(usize, Kind), Problem> {
        let (name, leaf) = roots.get(at).map_or(("", None), |(name, leaf)| (name.as_str(), *leaf));
        leaf.ok_or_else(|| {
            Problem::error("D062", "this column is of a type that is not read here")
                .in_data(shown, None, Some(name))
                .help("make it text, a date, a whole number or a decimal before the file is written")
        })
    };
    found.iter().map(|at| at.map(leaf).transpose()).collect()
}

/// Refuses columns that are packed in a way that this program does not unpack.
fn refuse_packing(layout: &Layout) -> Result<(), Problem> {
    for group in layout.metadata.row_groups() {
        for (column, leaf) in layout.wanted.iter().zip(&layout.leaves) {
            let packed = leaf.and_then(|(at, _)| group.columns().get(at)).map(|chunk| chunk.compression());
            let name = match packed {
                Some(Compression::ZSTD(_)) => "zstd",
                Some(Compression::BROTLI(_)) => "brotli",
                Some(Compression::LZO) => "lzo",
                Some(Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::LZ4 | Compression::LZ4_RAW)
                | None => continue,
            };
            return Err(Problem::error("D064", format!("this column is packed with {name}, which is not unpacked here"))
                .in_data(layout.shown.as_str(), None, Some(column.name))
                .help("write the file with snappy, gzip or lz4, or without compression"));
        }
    }
    Ok(())
}

/// Refuses columns within columns that name people, unless the whole is dropped.
fn refuse_nested_names(metadata: &ParquetMetaData, reading: &Reading, shown: &str) -> Result<(), Problem> {
    let schema = metadata.file_metadata().schema_descr();
    let parts = schema.columns().iter().map(|column| column.path().parts());
    let named = parts.filter(|parts| parts.iter().skip(1).any(|part| names_people(part)));
    let roots: Vec<String> = named.filter_map(|parts| parts.first().cloned()).filter(|root| !reading.drop.contains(root)).collect();
    let Some(root) = roots.first() else { return Ok(()) };
    Err(Problem::error("D022", "a part of this column names people, or where they live")
        .in_data(shown, Some(1), Some(root))
        .help(format!("export it without the column; or write drop = [\"{root}\"] into extract.toml, and it is never used")))
}
