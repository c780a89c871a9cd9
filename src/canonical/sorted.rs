//! Rows in any order → the same rows in the order of their bytes, however many there are.
//! As many as memory should hold are sorted at a time and written to a place outside of it; then all places are merged.
//! Knows no file: the caller gives the places.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// Rows on the way to their order.
pub(super) struct Sorter<S, N> {
    most: usize,
    bytes: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
    spill: N,
    spilled: Vec<S>,
    /// The first thing that went wrong; rows after it are not kept.
    failed: Option<io::Error>,
}

/// Rows in order.
pub(super) struct Sorted<S> {
    /// The next row of each place, the first on top.
    next: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    places: Vec<Place<S>>,
    row: Vec<u8>,
}

enum Place<S> {
    Memory { bytes: Vec<u8>, rows: std::vec::IntoIter<(usize, usize)> },
    Outside(BufReader<S>),
}

impl<S: Read + Write + Seek, N: FnMut() -> io::Result<S>> Sorter<S, N> {
    /// No rows yet. `spill` gives an empty place as soon as there are more than `most` bytes of rows.
    pub(super) fn new(most: usize, spill: N) -> Sorter<S, N> {
        Sorter { most, bytes: Vec::new(), ends: Vec::new(), spill, spilled: Vec::new(), failed: None }
    }

    /// Adds a row. What goes wrong is told by [`Sorter::sorted`].
    pub(super) fn push(&mut self, row: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let beside = self.ends.len() * size_of::<usize>();
        if !self.ends.is_empty() && self.bytes.len() + beside + row.len() > self.most {
            self.failed = self.spill_rows().err();
        }
        self.bytes.extend_from_slice(row);
        self.ends.push(self.bytes.len());
    }

    /// All rows in order.
    ///
    /// # Errors
    /// When a place could not be written or cannot be read.
    pub(super) fn sorted(mut self) -> io::Result<Sorted<S>> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let rows = self.in_order();
        let mut places = vec![Place::Memory { bytes: self.bytes, rows: rows.into_iter() }];
        for mut place in self.spilled {
            place.rewind()?;
            places.push(Place::Outside(BufReader::new(place)));
        }
        let mut next = BinaryHeap::new();
        for (at, place) in places.iter_mut().enumerate() {
            next.extend(place.next_row()?.map(|row| Reverse((row, at))));
        }
        Ok(Sorted { next, places, row: Vec::new() })
    }

    /// From where to where the rows in memory lie, in their order.
    fn in_order(&mut self) -> Vec<(usize, usize)> {
        let ends = std::mem::take(&mut self.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let mut rows: Vec<(usize, usize)> = starts.zip(ends.iter().copied()).collect();
        rows.sort_unstable_by_key(|(from, to)| self.bytes.get(*from..*to).unwrap_or(&[]));
        rows
    }

    fn spill_rows(&mut self) -> io::Result<()> {
        let rows = self.in_order();
        let mut place = BufWriter::new((self.spill)()?);
        for (from, to) in rows {
            let row = self.bytes.get(from..to).unwrap_or(&[]);
            place.write_all(&u32::try_from(row.len()).map_err(io::Error::other)?.to_be_bytes())?;
            place.write_all(row)?;
        }
        self.spilled.push(place.into_inner().map_err(io::IntoInnerError::into_error)?);
        self.bytes.clear();
        Ok(())
    }
}

impl<S: Read> Sorted<S> {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When a place cannot be read.
    pub(super) fn next_row(&mut self) -> io::Result<Option<&[u8]>> {
        let Some(Reverse((row, at))) = self.next.pop() else { return Ok(None) };
        self.row = row;
        if let Some(place) = self.places.get_mut(at) {
            self.next.extend(place.next_row()?.map(|row| Reverse((row, at))));
        }
        Ok(Some(&self.row))
    }
}

impl<S: Read> Place<S> {
    fn next_row(&mut self) -> io::Result<Option<Vec<u8>>> {
        match self {
            Place::Memory { bytes, rows } => Ok(rows.next().map(|(from, to)| bytes.get(from..to).unwrap_or(&[]).to_vec())),
            Place::Outside(place) => {
                let mut length = [0; 4];
                match place.read_exact(&mut length) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                    read => read?,
                }
                let mut row = vec![0; u32::from_be_bytes(length) as usize];
                place.read_exact(&mut row)?;
                Ok(Some(row))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Sorts rows with so much memory; gives them and how many places were needed.
    fn sort(rows: &[&[u8]], most: usize) -> (Vec<Vec<u8>>, usize) {
        let mut places = 0;
        let mut sorter = Sorter::new(most, || {
            places += 1;
            Ok(Cursor::new(Vec::new()))
        });
        for row in rows {
            sorter.push(row);
        }
        let mut sorted = sorter.sorted().unwrap();
        let mut all = Vec::new();
        while let Some(row) = sorted.next_row().unwrap() {
            all.push(row.to_vec());
        }
        drop(sorted);
        (all, places)
    }

    #[test]
    fn rows_are_sorted_whether_memory_holds_them_or_not() {
        let texts: Vec<String> = (0..500).map(|number| format!("{:x}", number * 7919 % 499)).collect();
        let rows: Vec<&[u8]> = texts.iter().map(String::as_bytes).chain([&b""[..]]).collect();
        let mut wanted: Vec<Vec<u8>> = rows.iter().map(|row| row.to_vec()).collect();
        wanted.sort();
        for (most, spilled) in [(1 << 20, false), (1000, true), (1, true)] {
            let (sorted, places) = sort(&rows, most);
            assert_eq!(sorted, wanted, "{most}");
            assert_eq!(places > 0, spilled, "{most}");
        }
    }

    #[test]
    fn a_full_disk_is_told() {
        let mut sorter = Sorter::new(1, || Err::<Cursor<Vec<u8>>, _>(io::ErrorKind::StorageFull.into()));
        for row in [b"a", b"b", b"c"] {
            sorter.push(row);
        }
        assert_eq!(sorter.sorted().err().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
    }
}
