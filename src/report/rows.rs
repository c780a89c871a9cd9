//! Rows of text in one piece of memory, to be sorted and written as CSV: a county's figures are hundreds of thousands of rows,
//! and memory for each of their cells would cost more than counting did. Knows no column.

use rustc_hash::FxHashMap;
use std::fmt::Display;
use std::hash::Hash;
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

    /// All cells of a row.
    fn cells(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let first = row * self.width;
        let mut from = first.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let ends = self.ends.get(first..first + self.width).unwrap_or(&[]);
        ends.iter().map(move |to| {
            let cell = self.text.get(from..*to).unwrap_or(&[]);
            from = *to;
            cell
        })
    }

    /// The rows in an order, with a header: RFC 4180, UTF-8, LF.
    pub fn into_csv(self, header: &[&str], order: &[By<'_>]) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::with_capacity(self.text.len() + self.ends.len()));
        // Writing to memory cannot fail, and all rows are made as long as the header.
        let _ = writer.write_record(header);
        for row in self.in_order(order) {
            let _ = writer.write_record(self.cells(row));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// The rows in an order. A column has few different cells: they are compared once; then, from the last column to the first, rows
    /// are put in piles by what place theirs have, so that at the end the first column orders before all others.
    fn in_order(&self, order: &[By<'_>]) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.len()).collect();
        for by in order.iter().rev() {
            let places = match by {
                By::Column(column) => places((0..self.len()).map(|row| self.cell(row, *column))),
                By::Number(numbers) => places(numbers.iter()),
            };
            // A column of one and the same cell orders nothing.
            if places.iter().any(|place| *place > 0) {
                rows = in_piles(&rows, &places);
            }
        }
        rows
    }
}

/// For each of some values, its place among the different ones.
fn places<T: Ord + Hash + Copy>(values: impl Iterator<Item = T>) -> Vec<u32> {
    let mut numbers: FxHashMap<T, u32> = FxHashMap::default();
    let mut last: Option<(T, u32)> = None;
    let number_of = |value: T| match last {
        // Rows that follow each other mostly have the same.
        Some((before, number)) if before == value => number,
        _ => {
            let next = narrow(numbers.len());
            let number = *numbers.entry(value).or_insert(next);
            last = Some((value, number));
            number
        }
    };
    let of_values: Vec<u32> = values.map(number_of).collect();
    let mut different: Vec<(T, u32)> = numbers.into_iter().collect();
    different.sort_unstable();
    let mut places = vec![0; different.len()];
    for ((_, number), place) in different.iter().zip(0..) {
        if let Some(slot) = places.get_mut(*number as usize) {
            *slot = place;
        }
    }
    of_values.iter().map(|number| places.get(*number as usize).copied().unwrap_or(0)).collect()
}

/// Rows by their places; those of one place as they came.
fn in_piles(rows: &[usize], places: &[u32]) -> Vec<usize> {
    let place = |row: usize| places.get(row).map_or(0, |place| *place as usize);
    let mut next = vec![0; places.iter().max().map_or(0, |most| *most as usize) + 2];
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

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What rows are ordered by.
pub(super) enum By<'n> {
    /// The text of a column.
    Column(usize),
    /// A number for each row.
    Number(&'n [i32]),
}

#[cfg(test)]
mod tests {
    use super::{By, Rows};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_in_the_order_of_their_cells(cells in prop::collection::vec(("[a-c]{0,2}", "[a-c]{0,2}", -3..3_i32), 0..40)) {
            let mut rows = Rows::new(3);
            for (one, other, number) in &cells {
                rows.texts([one.as_str(), other.as_str()]);
                rows.shown(number);
            }
            let numbers: Vec<i32> = cells.iter().map(|(_, _, number)| *number).collect();
            let mut expected: Vec<usize> = (0..cells.len()).collect();
            expected.sort_by_key(|row| cells.get(*row).map(|(one, other, number)| (other, *number, one)));
            prop_assert_eq!(rows.in_order(&[By::Column(1), By::Number(&numbers), By::Column(0)]), expected);
        }
    }
}
