//! An extract of any form → the canonical form: its people by practice and id, its records by person, day, code and value.
//! Every row that can be used is there, whatever its code; the same rows in another order give the same bytes.
//! Knows no rule, and touches no file: it is given where rows go, and where they wait until they are sorted.

mod sorted;
mod table;

#[cfg(feature = "parquet")]
mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "without_parquet.rs"]
mod parquet;

pub use table::{EVENTS, Field, FileForm, Kind, PATIENTS, Table, day, text};

use crate::extract::patient::About;
use crate::extract::{Extract, Progress, UsableRow};
use crate::framework::Sex;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use sorted::Sorter;
use std::io::{self, Read, Seek, Write};

/// So many bytes of rows are sorted in memory; more wait outside of it.
const MOST_IN_MEMORY: usize = 64 << 20;

/// People are numbered in their order, and this is nobody.
const NOBODY: u32 = u32::MAX;

/// Everything of an extract, on the way to its order.
pub struct Sorting<S, N> {
    /// Numbers of people as the extract has them, in the order in which they are written.
    order: Vec<u32>,
    events: Sorter<S, N>,
}

impl<S: Read + Write + Seek, N: FnMut() -> io::Result<S>> Sorting<S, N> {
    /// Reads all events of an extract. `spill` gives an empty place for rows that memory should not hold, as often as it is asked.
    ///
    /// # Errors
    /// When the extract cannot be read to its end.
    pub fn of(extract: &mut Extract, spill: N, progress: Progress<'_>) -> Result<Sorting<S, N>, Problem> {
        let mut order: Vec<(usize, u32)> = extract.everyone().map(|(number, practice, _)| (practice, number)).collect();
        order.sort_unstable_by(|a, b| (a.0, extract.id_of(a.1)).cmp(&(b.0, extract.id_of(b.1))));
        let order: Vec<u32> = order.into_iter().map(|(_, number)| number).collect();
        let mut ranks = vec![NOBODY; extract.number_of_people()];
        for (rank, number) in (0..).zip(&order) {
            if let Some(place) = ranks.get_mut(*number as usize) {
                *place = rank;
            }
        }
        let mut events = Sorter::new(MOST_IN_MEMORY, spill);
        let mut bytes = Vec::new();
        let mut keep = |row: &UsableRow<'_>| {
            let rank = ranks.get(row.person as usize).copied().unwrap_or(NOBODY);
            pack(rank, row, &mut bytes);
            events.push(&bytes);
        };
        extract.usable_rows(&mut keep, progress)?;
        Ok(Sorting { order, events })
    }

    /// Writes both tables and gives how many rows they have.
    ///
    /// # Errors
    /// When they cannot be written, or what waited outside of memory cannot be read.
    pub fn write<W: Write + Send>(self, extract: &Extract, mut patients: Table<W>, mut events: Table<W>) -> io::Result<(usize, usize)> {
        let mut whose: Vec<(&str, usize)> = vec![("", 0); extract.number_of_people()];
        let mut people: Vec<Option<(About, bool)>> = vec![None; extract.number_of_people()];
        for (number, practice, about) in extract.everyone() {
            let at = number as usize;
            if let (Some(whose), Some(known)) = (whose.get_mut(at), people.get_mut(at)) {
                *whose = (extract.id_of(number), practice);
                *known = Some((about, extract.month_only(number)));
            }
        }
        let of_rank = |rank: u32| -> Option<(&str, &str)> {
            let (id, practice) = whose.get(*self.order.get(rank as usize)? as usize)?;
            Some((id, extract.practices.get(*practice)?.code.as_str()))
        };
        for (rank, number) in (0..).zip(&self.order) {
            let about = people.get(*number as usize).copied().flatten();
            if let (Some((id, practice)), Some((about, month_only))) = (of_rank(rank), about) {
                patients.row(&person(id, practice, &about, month_only).each_ref().map(String::as_bytes))?;
            }
        }
        patients.finish()?;
        let (people, mut rows) = (self.order.len(), 0);
        let mut sorted = self.events.sorted()?;
        while let Some(row) = sorted.next_row()? {
            let Some((rank, day, cells)) = unpack(row) else { continue };
            let Some((id, practice)) = of_rank(rank) else { continue };
            let day = day.to_string();
            let [code, scheme, value, unit, group, episode] = cells.each_ref().map(Vec::as_slice);
            events.row(&[id.as_bytes(), practice.as_bytes(), day.as_bytes(), code, scheme, value, unit, group, episode])?;
            rows += 1;
        }
        events.finish()?;
        Ok((people, rows))
    }
}

/// The cells of a person.
fn person(id: &str, practice: &str, about: &About, month_only: bool) -> [String; 8] {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let sex = match about.sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        None => "U",
    };
    let mut born = about.born.to_string();
    if month_only {
        born.truncate("2016-04".len());
    }
    let quintile = about.imd_quintile.map(|fifth| fifth.to_string()).unwrap_or_default();
    let (registered, left, died) = (about.registered.to_string(), day(about.left), day(about.died));
    [id.to_owned(), practice.to_owned(), born, sex.to_owned(), registered, left, died, quintile]
}

/// After each cell.
const END: u8 = 0;
/// After a byte in a cell that looks like its end. No byte of UTF-8 is like it, so that it is never the beginning of a cell.
const NOT_THE_END: u8 = 0xff;

/// A row as bytes that are in the order of rows: person, day, then the cells as text.
fn pack(rank: u32, row: &UsableRow<'_>, bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.extend(rank.to_be_bytes());
    bytes.extend((row.day.0.cast_unsigned() ^ (1 << 31)).to_be_bytes());
    for cell in row.cells {
        for byte in cell {
            bytes.push(*byte);
            if *byte == END {
                bytes.push(NOT_THE_END);
            }
        }
        bytes.push(END);
    }
}

/// The person, the day and the cells of a row.
fn unpack(row: &[u8]) -> Option<(u32, Day, [Vec<u8>; 6])> {
    let (rank, rest) = row.split_first_chunk::<4>()?;
    let (day, mut rest) = rest.split_first_chunk::<4>()?;
    let mut cells = [const { Vec::new() }; 6];
    for cell in &mut cells {
        loop {
            let (byte, after) = rest.split_first()?;
            rest = after;
            match (*byte, rest.first()) {
                (END, Some(&NOT_THE_END)) => {
                    rest = rest.get(1..)?;
                    cell.push(END);
                }
                (END, _) => break,
                (byte, _) => cell.push(byte),
            }
        }
    }
    let day = Day((u32::from_be_bytes(*day) ^ (1 << 31)).cast_signed());
    Some((u32::from_be_bytes(*rank), day, cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_packed_in_their_order() {
        let days = [Day(-43_829), Day(-1), Day(0), Day(17_259)];
        let codes: [&[u8]; 6] = [b"", b"\0", b"\0a", b"a", b"a\0", b"ab"];
        let mut packed = Vec::new();
        for rank in [0, 1, 256, 70_000] {
            for day in days {
                for code in codes {
                    for scheme in codes {
                        let row = UsableRow { person: 9, day, cells: [code, scheme, b"7.5", b"", "Ä".as_bytes(), b"new"] };
                        let mut bytes = Vec::new();
                        pack(rank, &row, &mut bytes);
                        let (of, on, cells) = unpack(&bytes).unwrap();
                        assert_eq!((of, on), (rank, day));
                        assert!(cells.iter().map(Vec::as_slice).eq(row.cells));
                        packed.push(bytes);
                    }
                }
            }
        }
        assert!(packed.is_sorted());
    }
}
