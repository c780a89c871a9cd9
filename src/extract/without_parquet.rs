//! What stands in the place of `parquet.rs` where the program was built without it: every Parquet file is refused.

use super::columns::{Column, Reading};
use super::dates::Dates;
use super::patient::RowPlace;
use super::quality::Quality;
use super::rows::{Rows, WholeFile};
use super::store::{Entry, Store};
use crate::problem::Problem;

/// A Parquet file, of which there is none here.
pub enum ParquetFile {}

impl ParquetFile {
    /// Refuses a file of an extract.
    ///
    /// # Errors
    /// Always.
    pub fn of_extract(_: &Store, entry: &Entry, _: u16, _: &'static [Column], _: &Reading) -> Result<ParquetFile, Problem> {
        Err(Problem::error("D064", "this program was built without the part that reads Parquet")
            .in_data(entry.name.as_str(), None, None)
            .help("export the file as CSV, or take the program as it is published"))
    }

    /// The next row group.
    ///
    /// # Errors
    /// Never: there is no file.
    pub fn next_group(&mut self) -> Result<Option<RowGroup>, Problem> {
        match *self {}
    }

    /// How many bytes lie before the row group that comes next.
    pub fn bytes_gone_to(&self) -> u64 {
        match *self {}
    }

    /// Where a column stands.
    pub fn position(&self, _: &str) -> Option<usize> {
        match *self {}
    }
}

/// A row group, of which there is none here.
pub enum RowGroup {}

impl RowGroup {
    /// Opens it.
    ///
    /// # Errors
    /// Never: there is none.
    pub fn open(&self) -> Result<ParquetFile, Problem> {
        match *self {}
    }
}

impl Rows for ParquetFile {
    fn next_row(&mut self, _: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        match *self {}
    }

    fn cell(&self, _: usize) -> &[u8] {
        match *self {}
    }

    fn name(&self, _: usize) -> &'static str {
        match *self {}
    }

    fn dates(&self) -> Dates {
        match *self {}
    }

    fn bytes_read(&self) -> u64 {
        match *self {}
    }
}

impl WholeFile for ParquetFile {
    fn rows(&self) -> u64 {
        match *self {}
    }

    fn sha256(&self) -> String {
        match *self {}
    }

    fn warning(&self) -> Option<Problem> {
        match *self {}
    }
}
