//! Rows of a CSV file in one piece of memory, to be put in order: a county's figures are hundreds of thousands of rows, and memory for
//! each of their cells would cost more than counting did. Knows no column.

use itoa::Integer;
use rustc_hash::FxHashMap;
use std::fmt::Display;
use std::io::Write;

/// Rows of so many cells.
pub(super) struct Rows {
    width: usize,
    /// All rows as they came, as they will stand in the file.
    text: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
    /// The column of the cell that comes next.
    column: usize,
    /// The columns that order the rows, the first before all others.
    order: Vec<Cells>,
    /// By column: which of these it is.
    ordering: Vec<Option<usize>>,
}

/// A column's cells.
#[derive(Default)]
struct Cells {
    /// The number of each different one, in the order in which they came.
    numbers: FxHashMap<Box<[u8]>, u32>,
    /// The number of each row's.
    of_rows: Vec<u32>,
    /// The last one and its number: rows that follow each other mostly have the same.
    last: Option<(Vec<u8>, u32)>,
}

impl Rows {
    /// No rows yet. They will be in the order of these columns, the first before all others.
    pub fn new(width: usize, order: &[usize]) -> Rows {
        let ordering = (0..width).map(|column| order.iter().position(|other| *other == column)).collect();
        let order = order.iter().map(|_| Cells::default()).collect();
        Rows { width, text: Vec::new(), ends: Vec::new(), column: 0, order, ordering }
    }

    /// Adds cells to the last row, or begins the next.
    pub fn texts<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) {
        for cell in cells {
            let from = self.text.len();
            self.text.extend_from_slice(cell.as_bytes());
            self.end_cell(from, None);
        }
    }

    /// Adds a cell that is not text yet.
    pub fn shown(&mut self, cell: impl Display) {
        let from = self.text.len();
        // Writing to memory cannot fail.
        let _ = write!(self.text, "{cell}");
        self.end_cell(from, None);
    }

    /// Adds a cell of a column that orders nothing, as [`as_written`] has made it.
    pub fn written(&mut self, cell: &str) {
        self.text.extend_from_slice(cell.as_bytes());
        self.end_column();
    }

    /// Adds a whole number; its column, if it orders, orders by text.
    pub fn whole(&mut self, number: impl Integer) {
        let from = self.text.len();
        self.text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.end_cell(from, None);
    }

    /// Adds a [`ratio`].
    pub fn ratio(&mut self, numerator: u64, denominator: u64) {
        let from = self.text.len();
        write_ratio(&mut self.text, numerator, denominator);
        self.end_cell(from, None);
    }

    /// Adds a number; a column of such is ordered by them.
    pub fn number(&mut self, number: i32) {
        let from = self.text.len();
        self.text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        // Bytes in the order of the numbers: those below 0 before all others.
        self.end_cell(from, Some((number ^ i32::MIN).to_be_bytes()));
    }

    /// Ends the cell that begins here, and with the last of a row the row.
    #[inline]
    fn end_cell(&mut self, from: usize, as_number: Option<[u8; 4]>) {
        let cell = self.text.get(from..).unwrap_or(&[]);
        let ordering = self.ordering.get(self.column).copied().flatten();
        if let Some(cells) = ordering.and_then(|at| self.order.get_mut(at)) {
            cells.add(as_number.as_ref().map_or(cell, |bytes| bytes));
        }
        if has_separators(cell) {
            let quoted = quoted(cell);
            self.text.truncate(from);
            self.text.extend_from_slice(&quoted);
        }
        self.end_column();
    }

    #[inline]
    fn end_column(&mut self) {
        self.column += 1;
        if self.column < self.width {
            self.text.push(b',');
        } else {
            self.text.push(b'\n');
            self.ends.push(self.text.len());
            self.column = 0;
        }
    }

    /// The rows in their order, with a header: RFC 4180, UTF-8, LF.
    pub fn into_csv(self, header: &[&str]) -> Vec<u8> {
        let mut first = Rows::new(self.width, &[]);
        first.texts(header.iter().copied());
        let mut all = first.text;
        all.reserve_exact(self.text.len());
        for row in self.in_order() {
            let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            all.extend_from_slice(self.ends.get(row).and_then(|to| self.text.get(from..*to)).unwrap_or(&[]));
        }
        all
    }

    /// The rows in their order. A column has few different cells: they are compared once; then, from the last column to the first, rows
    /// are put in piles by what place theirs have, so that at the end the first column orders before all others.
    fn in_order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.ends.len()).collect();
        for cells in self.order.iter().rev() {
            // A column of one and the same cell orders nothing.
            if cells.numbers.len() > 1 {
                rows = in_piles(&rows, &cells.places(), cells.numbers.len());
            }
        }
        rows
    }
}

impl Cells {
    #[inline]
    fn add(&mut self, cell: &[u8]) {
        let number = match &mut self.last {
            Some((last, number)) if last == cell => *number,
            last => {
                let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
                let known = self.numbers.get(cell).copied();
                let number = known.unwrap_or_else(|| *self.numbers.entry(cell.into()).or_insert(next));
                let (text, of_last) = last.get_or_insert_default();
                text.clear();
                text.extend_from_slice(cell);
                *of_last = number;
                number
            }
        };
        self.of_rows.push(number);
    }

    /// For each row, the place of its cell among the different ones.
    fn places(&self) -> Vec<u32> {
        let mut different: Vec<(&[u8], u32)> = self.numbers.iter().map(|(cell, number)| (cell.as_ref(), *number)).collect();
        different.sort_unstable();
        let mut places = vec![0; different.len()];
        for ((_, number), place) in different.iter().zip(0..) {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
            }
        }
        self.of_rows.iter().map(|number| places.get(*number as usize).copied().unwrap_or(0)).collect()
    }
}

/// To six decimals, half up, from whole numbers, so that it is the same on every machine; empty when nobody is in the denominator.
/// Worked: 2 of 3 is 0.666667, 0 of 0 is empty.
pub(super) fn ratio(numerator: u64, denominator: u64) -> String {
    let mut text = Vec::new();
    write_ratio(&mut text, numerator, denominator);
    String::from_utf8(text).unwrap_or_default()
}

fn write_ratio(text: &mut Vec<u8>, numerator: u64, denominator: u64) {
    if denominator == 0 {
        return;
    }
    let (numerator, denominator) = (u128::from(numerator), u128::from(denominator));
    let millionths = (numerator * 2_000_000 + denominator) / (denominator * 2);
    let mut digits = itoa::Buffer::new();
    text.extend_from_slice(digits.format(millionths / 1_000_000).as_bytes());
    text.push(b'.');
    // With a one before them all six decimals are written.
    let decimals = digits.format(1_000_000 + millionths % 1_000_000).as_bytes();
    text.extend_from_slice(decimals.get(1..).unwrap_or(&[]));
}

/// A cell as it will stand in a file, for [`Rows::written`]: made once where many rows have it.
pub(super) fn as_written(cell: &str) -> String {
    match has_separators(cell.as_bytes()) {
        true => String::from_utf8_lossy(&quoted(cell.as_bytes())).into_owned(),
        false => cell.to_owned(),
    }
}

fn has_separators(cell: &[u8]) -> bool {
    cell.iter().fold(false, |odd, byte| odd | matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

/// A cell with a separator in it, as CSV has it.
fn quoted(cell: &[u8]) -> Vec<u8> {
    let mut writer = csv_core::Writer::new();
    let mut quoted = vec![0; 2 * cell.len() + 2];
    let (_, _, most) = writer.field(cell, &mut quoted);
    let (_, end) = writer.finish(quoted.get_mut(most..).unwrap_or(&mut []));
    quoted.truncate(most + end);
    quoted
}

/// Rows by their places, of which there are so many; those of one place as they came.
fn in_piles(rows: &[usize], places: &[u32], different: usize) -> Vec<usize> {
    let place = |row: usize| places.get(row).map_or(0, |place| *place as usize);
    let mut next = vec![0; different + 1];
    for row in rows {
        if let Some(size) = next.get_mut(place(*row) + 1) {
            *size += 1;
        }
    }
    let mut so_far = 0;
    for begin in &mut next {
        so_far += *begin;
        *begin = so_far;
    }
    let mut sorted = vec![0; rows.len()];
    for row in rows {
        let Some(at) = next.get_mut(place(*row)) else { continue };
        if let Some(slot) = sorted.get_mut(*at) {
            *slot = *row;
        }
        *at += 1;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::{Rows, as_written, ratio};
    use proptest::prelude::*;

    #[test]
    fn ratios_round_half_up() {
        assert_eq!(ratio(1, 3), "0.333333");
        assert_eq!(ratio(2, 3), "0.666667");
        assert_eq!(ratio(5, 5), "1.000000");
        assert_eq!(ratio(7, 2), "3.500000");
        assert_eq!(ratio(1, 2_000_000), "0.000001");
        assert_eq!(ratio(u64::MAX, 1), "18446744073709551615.000000");
        assert_eq!(ratio(0, 0), "");
    }

    proptest! {
        #[test]
        fn rows_are_in_the_order_of_their_cells(cells in prop::collection::vec(("[a-c,\"\n\r]{0,3}", "[a-c]{0,2}", -3..3_i32), 0..40)) {
            let mut rows = Rows::new(5, &[1, 2, 0]);
            for (one, other, number) in &cells {
                rows.texts([one.as_str()]);
                rows.shown(other);
                rows.number(*number);
                rows.written(&as_written(one));
                rows.whole(u64::from(number.unsigned_abs()));
            }
            let mut expected = cells.clone();
            expected.sort_by_key(|(one, other, number)| (other.clone(), *number, one.clone()));
            let mut writer = csv::Writer::from_writer(Vec::new());
            let header = ["one", "other", "number, of all", "again", "size"];
            writer.write_record(header).unwrap();
            for (one, other, number) in expected {
                writer.write_record([one.clone(), other, number.to_string(), one, number.abs().to_string()]).unwrap();
            }
            let written = rows.into_csv(&header);
            prop_assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(writer.into_inner().unwrap()).unwrap());
        }
    }
}
