//! The events files → packed records by part of a practice, read by several threads; then, part by part, its people.
//! Takes little memory, whatever the number of rows, and in whatever order they come.

use super::block_rows::RowsOfBlock;
use super::canonical::{Extract, Form};
use super::columns::{CsvFile, Reading};
use super::emis;
use super::lookup::ByScheme;
use super::packed::Unpacking;
use super::parquet::RowGroup;
use super::parts::{self, IN_MEMORY, Parts};
use super::patient::Patients;
use super::quality::Quality;
use super::rows::WholeFile;
use super::sift::{self, Check, Known, Progress, Sift};
use crate::framework::code_sets::CodeBook;
use crate::problem::Problem;
use crate::threads::Threads;
use std::collections::VecDeque;

/// The records of an extract, without the places where they stood.
#[derive(Debug)]
pub struct PackedRecords {
    parts: Parts,
    /// The parts that are left: which, its practice, and its people.
    homes: VecDeque<(usize, u16, Vec<u32>)>,
}

/// The people and records of one part of a practice.
#[derive(Debug)]
pub struct PackedPart {
    practice: u16,
    people: Vec<u32>,
    records: Vec<u8>,
}

impl PackedRecords {
    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// When records that waited on the disk do not come back.
    pub fn next_part(&mut self) -> Result<Option<PackedPart>, Problem> {
        let Some((part, practice, people)) = self.homes.pop_front() else { return Ok(None) };
        let records = self.parts.take(part).map_err(|error| parts::cannot_be_kept(&error))?;
        Ok(Some(PackedPart { practice, people, records }))
    }

    /// All parts of the next practice, its number first; `None` after the last.
    ///
    /// # Errors
    /// As above.
    pub fn next_practice(&mut self) -> Result<Option<(u16, Vec<PackedPart>)>, Problem> {
        let Some(practice) = self.homes.iter().map(|(_, practice, _)| *practice).min() else { return Ok(None) };
        self.homes.make_contiguous().sort_by_key(|(part, of, _)| (*of != practice, *part));
        let mut parts = Vec::new();
        while self.homes.front().is_some_and(|(_, of, _)| *of == practice) {
            parts.extend(self.next_part()?);
        }
        Ok(Some((practice, parts)))
    }
}

/// Where packed records go, and what is counted on the way.
struct Packing<'p> {
    known: &'p Known<'p>,
    threads: &'p Threads,
    parts: Parts,
    in_no_set: ByScheme,
}

impl Packing<'_> {
    /// Rows of a form whose files are read one after the other.
    fn one_by_one<T>(&mut self, read: impl FnOnce(&mut Sift<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut sift = Sift::by_part(self.known, Some(&mut self.parts));
        let read = read(&mut sift)?;
        self.in_no_set.and(&sift.finish()?.in_no_set);
        Ok(read)
    }
}

impl Extract {
    /// Reads the events files for counting: records of codes in the book. Rows of other codes are checked for columns, person
    /// and code only. `progress` hears how many bytes were read.
    ///
    /// # Errors
    /// When a file cannot be read to its end, or what memory should not hold cannot be kept on the disk.
    pub fn packed(&mut self, codes: &CodeBook, threads: &Threads, progress: Progress<'_>) -> Result<PackedRecords, Problem> {
        self.packed_holding(IN_MEMORY, codes, threads, progress)
    }

    /// The same, holding no more than so many bytes of records in memory.
    ///
    /// # Errors
    /// As above.
    pub fn packed_holding(
        &mut self,
        most: usize,
        codes: &CodeBook,
        threads: &Threads,
        progress: Progress<'_>,
    ) -> Result<PackedRecords, Problem> {
        self.with_people(|extract, people| {
            let known = Known::new(codes, people, &extract.scheme, Check::RowsInUse);
            let parts = Parts::holding(people.parts().len(), most);
            let mut packing = Packing { known: &known, threads, parts, in_no_set: ByScheme::default() };
            extract.with_form(|extract, form| extract.pack(form, codes, &mut packing, progress))?;
            extract.quality.sort();
            extract.quality.in_no_set_by_scheme = packing.in_no_set.named();
            let homes = people.parts().iter().copied().zip(people.by_part()).enumerate();
            Ok(PackedRecords { parts: packing.parts, homes: homes.map(|(part, (practice, people))| (part, practice, people)).collect() })
        })
    }

    fn pack(&mut self, form: &Form, codes: &CodeBook, packing: &mut Packing<'_>, progress: Progress<'_>) -> Result<(), Problem> {
        let settings = match form {
            Form::Canonical(settings) => settings,
            Form::Bulk(bulk) => return packing.one_by_one(|sift| emis::records(self, bulk, codes, sift, progress)),
        };
        let mut before = 0;
        for at in self.events.clone() {
            let so_far = |bytes: u64| progress(before + bytes);
            if self.is_parquet(at) {
                before += self.pack_parquet(at, &settings.events, packing, &so_far)?;
            } else if let Some(file) = self.open_csv(at, &sift::COLUMNS, &settings.events)? {
                before += self.pack_csv(at, file, packing, &so_far)?;
            }
        }
        Ok(())
    }

    /// Sifts a CSV file, several blocks at once, and gives how many bytes it had.
    fn pack_csv(&mut self, at: usize, file: CsvFile, packing: &mut Packing<'_>, progress: Progress<'_>) -> Result<u64, Problem> {
        let Packing { known, threads, parts, in_no_set } = packing;
        let known = *known;
        let sift = |rows: &mut RowsOfBlock<'_>, quality: &mut Quality| {
            let mut sift = Sift::by_part(known, None);
            sift.block(rows, quality)?;
            sift.finish()
        };
        self.in_blocks((at, file), threads, progress, sift, |sifted| {
            in_no_set.and(&sifted.in_no_set);
            for (part, bytes) in sifted.parts {
                parts.add(part, bytes).map_err(|error| parts::cannot_be_kept(&error))?;
            }
            Ok(())
        })
    }

    /// Sifts a Parquet file, several row groups at once, and gives how many bytes it had.
    fn pack_parquet(&mut self, at: usize, reading: &Reading, packing: &mut Packing<'_>, progress: Progress<'_>) -> Result<u64, Problem> {
        let Some(mut file) = self.open_parquet(at, &sift::COLUMNS, reading)? else { return Ok(0) };
        let Packing { known, threads, parts, in_no_set } = packing;
        let (quality, known, groups) = (&mut self.quality, *known, &mut file);
        let mut rows = 0;
        let next = move || {
            progress(groups.bytes_gone_to());
            groups.next_group()
        };
        let sift = |group: RowGroup| {
            let mut quality = Quality::default();
            let mut sift = Sift::by_part(known, None);
            sift.block(&mut group.open()?, &mut quality)?;
            Ok((sift.finish()?, quality))
        };
        threads.in_turns(next, sift, |(sifted, of_group)| {
            rows += of_group.rows_read;
            quality.and(of_group);
            in_no_set.and(&sifted.in_no_set);
            for (part, bytes) in sifted.parts {
                parts.add(part, bytes).map_err(|error| parts::cannot_be_kept(&error))?;
            }
            Ok(())
        })?;
        self.read_whole(at, file.sha256(), rows, None);
        Ok(file.bytes_gone_to())
    }

    /// The people of a part and their records, ready for the engine, and the number of their practice.
    pub fn patients_of(&self, part: PackedPart, codes: &CodeBook) -> (u32, Patients) {
        // Few records take fewer bytes than that; what is not filled costs nothing.
        let mut records = Vec::with_capacity(part.records.len() / 8);
        Unpacking::default().unpack(&part.records, &mut records);
        let people = part.people.iter().filter_map(|number| Some((*number, self.about(*number)?)));
        (u32::from(part.practice), Patients::new(people, records, codes))
    }
}
