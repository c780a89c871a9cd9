//! Rows of an extract by the names of our columns, wherever they come from.

use super::dates::Dates;
use super::patient::RowPlace;
use super::quality::Quality;
use crate::framework::calendar::Day;
use crate::problem::Problem;

/// Rows of one file, one after the other. A form of extract is one implementation.
pub trait Rows {
    /// Goes to the next row that can be read; others are set aside. `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem>;

    /// A cell of the row, without white space around it; empty when there is no such column.
    fn cell(&self, column: usize) -> &[u8];

    /// The number of what stands in a cell: of two rows of one file, or one part of it, that are sifted together, equal numbers are
    /// equal cells. `None` where cells are not numbered.
    #[inline]
    fn entry(&self, _column: usize) -> Option<u32> {
        None
    }

    /// The numbers of a column's cells in some of the rows that come next; none where cells are not numbered, or no rows are at hand.
    #[inline]
    fn entries_ahead(&self, _column: usize) -> &[u32] {
        &[]
    }

    /// Passes over so many rows, no more than [`Rows::entries_ahead`] told of.
    #[inline]
    fn pass(&mut self, _rows: usize, _quality: &mut Quality) {}

    /// The day of a cell, if it is one.
    #[inline]
    fn day(&self, column: usize) -> Option<Day> {
        self.dates().day(self.cell(column))
    }

    /// The name of a column, for `quarantine.csv`.
    fn name(&self, column: usize) -> &'static str;

    /// How days are written.
    fn dates(&self) -> Dates;

    /// How many bytes have been read.
    fn bytes_read(&self) -> u64;
}

/// Rows that are all of one file, which is told of in `manifest.json`.
pub trait WholeFile: Rows {
    /// How many rows were read so far, the header not among them.
    fn rows(&self) -> u64;

    /// The SHA-256 of the whole file, once its end was reached.
    fn sha256(&self) -> String;

    /// What whoever exported the file should know, although it could be read.
    fn warning(&self) -> Option<Problem>;
}
