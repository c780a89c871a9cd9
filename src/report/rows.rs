//! Rows of text in one piece of memory, to be sorted and written as CSV: a county's figures are hundreds of thousands of rows,
//! and memory for each of their cells would cost more than counting did. Knows no column.

use std::cmp::Ordering;
use std::fmt::Display;
use std::io::Write;

/// Rows of so many cells.
pub(super) struct Rows {
    width: usize,
    text: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Rows {
    /// No rows yet.
    pub fn new(width: usize) -> Rows {
        Rows { width, text: Vec::new(), ends: Vec::new() }
    }

    /// Adds cells to the last row, or begins the next.
    pub fn texts<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) {
        for cell in cells {
            self.text.extend_from_slice(cell.as_bytes());
            self.ends.push(self.text.len());
        }
    }

    /// Adds a cell that is not text yet.
    pub fn shown(&mut self, cell: impl Display) {
        // Writing to memory cannot fail.
        let _ = write!(self.text, "{cell}");
        self.ends.push(self.text.len());
    }

    /// How many rows are complete.
    pub fn len(&self) -> usize {
        self.ends.len() / self.width
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> &[u8] {
        let at = row * self.width + column;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|to| self.text.get(from..*to)).unwrap_or(&[])
    }

    /// How two rows follow each other by some columns, the first of them first.
    pub fn by(&self, columns: &[usize], one: usize, other: usize) -> Ordering {
        let mut orders = columns.iter().map(|column| self.cell(one, *column).cmp(self.cell(other, *column)));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The rows in an order, with a header: RFC 4180, UTF-8, LF.
    pub fn into_csv(self, header: &[&str], order: impl Fn(&Rows, usize, usize) -> Ordering) -> Vec<u8> {
        let mut rows: Vec<usize> = (0..self.len()).collect();
        rows.sort_by(|one, other| order(&self, *one, *other));
        let mut writer = csv::Writer::from_writer(Vec::with_capacity(self.text.len() + self.ends.len()));
        // Writing to memory cannot fail, and all rows are made as long as the header.
        let _ = writer.write_record(header);
        for row in rows {
            let _ = writer.write_record((0..self.width).map(|column| self.cell(row, column)));
        }
        writer.into_inner().unwrap_or_default()
    }
}
