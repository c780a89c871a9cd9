//! The people of the patients files: who is in which practice. A person is (practice_code, patient_id).
//! Identical rows count once; rows that differ are all set aside.

use super::newcomers::{ID, Newcomer, Newcomers, Practices};
use super::patient::{About, RowPlace};
use super::quality::{Quality, Quarantined, Reason};
use super::rows::Rows;
use super::short::same;
use crate::framework::Sex;
use crate::framework::calendar::Day;
use crate::practice::Practice;
use crate::problem::Problem;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// More people than this are several parts of a practice.
const MOST_IN_PART: u32 = 4096;

/// A day that never comes.
const NEVER: Day = Day(i32::MAX);

/// One person, in as little memory as a county's people may take.
#[derive(Clone, Copy, Debug)]
struct Row {
    born: Day,
    registered: Day,
    /// [`NEVER`] for a person who did not leave; `died` likewise.
    left: Day,
    died: Day,
    practice: u16,
    part: u16,
    sex: Option<Sex>,
    /// 0 where it is not told.
    imd_quintile: u8,
    set_aside: bool,
    month_only: bool,
}

impl Row {
    fn of(practice: u16, about: Option<About>, month_only: bool) -> Row {
        let kept =
            about.unwrap_or(About { born: Day(0), born_ymd: 0, sex: None, registered: Day(0), left: None, died: None, imd_quintile: None });
        Row {
            born: kept.born,
            registered: kept.registered,
            left: kept.left.unwrap_or(NEVER),
            died: kept.died.unwrap_or(NEVER),
            practice,
            part: 0,
            sex: kept.sex,
            imd_quintile: kept.imd_quintile.unwrap_or(0),
            set_aside: about.is_none(),
            month_only,
        }
    }

    fn about(&self) -> Option<About> {
        let maybe = |day: Day| (day != NEVER).then_some(day);
        (!self.set_aside).then(|| About {
            born: self.born,
            born_ymd: self.born.ymd(),
            sex: self.sex,
            registered: self.registered,
            left: maybe(self.left),
            died: maybe(self.died),
            imd_quintile: (self.imd_quintile > 0).then_some(self.imd_quintile),
        })
    }
}

/// Where a record goes.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// The practice of the person.
    pub practice: u16,
    /// The part of the practice.
    pub part: u16,
    /// The day of birth, before which nothing is recorded.
    pub born: Day,
}

/// Everybody in the patients files.
#[derive(Debug, Default)]
pub struct People {
    rows: Vec<Row>,
    /// All ids together, and where each of them ends.
    ids: Vec<u8>,
    ends: Vec<u32>,
    by_id: HashTable<u32>,
    /// The next person with the same id, in another practice.
    same_id: FxHashMap<u32, u32>,
    practices: Practices,
    /// Where rows stood, and further rows of people who were there before: until [`People::settle`].
    places: Vec<RowPlace>,
    repeated: Vec<(u32, Option<About>, RowPlace)>,
    /// The practice of each part.
    parts: Vec<u16>,
}

/// Which person a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This one.
    One(u32),
    /// Nobody.
    Nobody,
    /// Several, in several practices.
    Several,
}

impl People {
    /// Nobody yet, of these practices.
    pub fn of(practices: &[Practice]) -> People {
        let numbered = practices.iter().enumerate();
        let practices = numbered.map(|(at, practice)| (practice.code.clone().into_bytes(), u16::try_from(at).unwrap_or(u16::MAX)));
        People { practices: Practices(practices.collect()), ..People::default() }
    }

    /// Reads one patients file to its end.
    pub fn read(&mut self, file: &mut impl Rows, quality: &mut Quality) -> Result<(), Problem> {
        while let Some(place) = file.next_row(quality)? {
            if let Some(newcomer) = self.practices.newcomer(file, place, quality) {
                self.enter(file.cell(ID), newcomer);
            }
        }
        Ok(())
    }

    /// The practices that people may be of.
    pub fn practices(&self) -> Practices {
        self.practices.clone()
    }

    /// Adds the people of some rows.
    pub fn take_in(&mut self, newcomers: &Newcomers) {
        for (id, newcomer) in newcomers.each() {
            self.enter(id, newcomer);
        }
    }

    /// Adds a person, unless somebody of the same practice and id is there.
    fn enter(&mut self, id: &[u8], Newcomer { place, practice, about, month_only }: Newcomer) {
        let mut at = self.first_of(id);
        let mut last = None;
        while let Some(number) = at {
            let Some(there) = self.rows.get_mut(number as usize) else { break };
            if there.practice == practice {
                there.month_only &= month_only;
                return self.repeated.push((number, about, place));
            }
            last = Some(number);
            at = self.same_id.get(&number).copied();
        }
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(Row::of(practice, about, month_only));
        self.places.push(place);
        self.ids.extend_from_slice(id);
        self.ends.push(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        match last {
            Some(last) => {
                self.same_id.insert(last, number);
            }
            None => {
                let (ids, ends) = (&self.ids, &self.ends);
                self.by_id.insert_unique(hash(id), number, |number| hash(id_in(ids, ends, *number)));
            }
        }
    }

    /// Once all files are read: people whose rows all tell the same count once, others are set aside with all their rows,
    /// whatever the order of the rows. A row that was set aside for a reason of its own contradicts every other.
    pub fn settle(&mut self, quality: &mut Quality) {
        let mut repeated = std::mem::take(&mut self.repeated);
        let places = std::mem::take(&mut self.places);
        repeated.sort_unstable_by_key(|(number, _, place)| (*number, *place));
        for rows in repeated.chunk_by(|a, b| a.0 == b.0) {
            let Some((number, ..)) = rows.first() else { continue };
            let first = self.rows.get_mut(*number as usize).zip(places.get(*number as usize));
            let Some((first, first_place)) = first else { continue };
            let about = first.about();
            if about.is_some() && rows.iter().all(|(_, other, _)| *other == about) {
                quality.count(Reason::DuplicatePerson, rows.len() as u64);
                continue;
            }
            first.set_aside = true;
            let practice = Some(first.practice);
            let own = std::iter::once((about, *first_place));
            for (about, place) in own.chain(rows.iter().map(|(_, about, place)| (*about, *place))) {
                if about.is_some() {
                    quality.keep(Quarantined { place, column: "", reason: Reason::PersonDiffers, detail: "", practice });
                }
            }
        }
        self.part();
    }

    /// Puts everybody into a part of their practice.
    fn part(&mut self) {
        let mut open: FxHashMap<u16, (u16, u32)> = FxHashMap::default();
        for row in &mut self.rows {
            let (part, people) = open.entry(row.practice).or_insert((0, MOST_IN_PART));
            if *people == MOST_IN_PART {
                *part = u16::try_from(self.parts.len()).unwrap_or(u16::MAX);
                *people = 0;
                self.parts.push(row.practice);
            }
            *people += 1;
            row.part = *part;
        }
    }

    /// The practice of each part; a part is some thousands of people of one practice.
    pub fn parts(&self) -> &[u16] {
        &self.parts
    }

    /// The people of each part who were not set aside, in the order of their numbers.
    pub fn by_part(&self) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new(); self.parts.len()];
        for (row, number) in self.rows.iter().zip(0_u32..).filter(|(row, _)| !row.set_aside) {
            if let Some(part) = all.get_mut(usize::from(row.part)) {
                part.push(number);
            }
        }
        all
    }

    /// The number of a practice.
    pub fn practice(&self, code: &[u8]) -> Option<u16> {
        self.practices.number(code)
    }

    /// The first person of an id.
    fn first_of(&self, id: &[u8]) -> Option<u32> {
        self.by_id.find(hash(id), |number| same(self.id_bytes(*number), id)).copied()
    }

    fn id_bytes(&self, number: u32) -> &[u8] {
        id_in(&self.ids, &self.ends, number)
    }

    /// Whether this person has this id, and nobody else: files of events mostly follow the order of the people.
    pub fn is(&self, number: u32, id: &[u8]) -> bool {
        self.same_id.is_empty() && same(self.id_bytes(number), id)
    }

    /// Whether this person has this id in this practice.
    pub fn is_in(&self, number: u32, id: &[u8], practice: u16) -> bool {
        self.practice_of(number) == Some(practice) && same(self.id_bytes(number), id)
    }

    /// The person of an id, in a practice where the record names one.
    pub fn find(&self, id: &[u8], practice: Option<u16>) -> Found {
        let Some(first) = self.first_of(id) else { return Found::Nobody };
        let Some(practice) = practice else {
            return if self.same_id.contains_key(&first) { Found::Several } else { Found::One(first) };
        };
        let mut at = Some(first);
        while let Some(number) = at {
            if self.practice_of(number) == Some(practice) {
                return Found::One(number);
            }
            at = self.same_id.get(&number).copied();
        }
        Found::Nobody
    }

    fn row_of(&self, number: u32) -> Option<&Row> {
        self.rows.get(number as usize)
    }

    /// The practice of a person.
    pub fn practice_of(&self, number: u32) -> Option<u16> {
        self.row_of(number).map(|row| row.practice)
    }

    /// Where the records of a person go; nothing for one who was set aside.
    pub fn home(&self, number: u32) -> Option<Home> {
        let row = self.row_of(number).filter(|row| !row.set_aside)?;
        Some(Home { practice: row.practice, part: row.part, born: row.born })
    }

    /// What is known of a person; nothing of one who was set aside.
    pub fn about(&self, number: u32) -> Option<About> {
        self.row_of(number).and_then(Row::about)
    }

    /// Whether no row of a person told more than the month of birth.
    pub fn month_only(&self, number: u32) -> bool {
        self.row_of(number).is_some_and(|row| row.month_only)
    }

    /// The id of a person.
    pub fn id_of(&self, number: u32) -> &str {
        text(self.id_bytes(number))
    }

    /// The same ids in different practices, two at a time, of people who were not set aside.
    pub fn same_ids(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (_, number) in self.rows.iter().zip(0_u32..).filter(|(row, _)| !row.set_aside) {
            let mut at = self.same_id.get(&number);
            while let Some(other) = at {
                if self.home(*other).is_some() {
                    pairs.push((number, *other));
                }
                at = self.same_id.get(other);
            }
        }
        pairs
    }

    /// Everybody who was not set aside, with number and practice.
    pub fn everyone(&self) -> impl Iterator<Item = (u32, u16, About)> {
        self.rows.iter().zip(0..).filter_map(|(row, number)| Some((number, row.practice, row.about()?)))
    }

    /// How many people were read.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

fn hash(id: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(id);
    hasher.finish()
}

fn id_in<'i>(ids: &'i [u8], ends: &[u32], number: u32) -> &'i [u8] {
    let at = number as usize;
    let from = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(at).and_then(|to| ids.get(from as usize..*to as usize)).unwrap_or(&[])
}

/// A cell as text; every form gives UTF-8.
pub(super) fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}
