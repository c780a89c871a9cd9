//! The patients files → who is in which practice. A person is (practice_code, patient_id).
//! Identical rows count once; rows that differ are all set aside.

use super::columns::{Column, optional, required};
use super::dates::Dates;
use super::patient::{About, RowPlace};
use super::quality::{Quality, Quarantined, Reason};
use super::rows::Rows;
use crate::framework::Sex;
use crate::framework::calendar::Day;
use crate::practice::Practice;
use crate::problem::Problem;
use rustc_hash::FxHashMap;

/// The columns of a patients file.
pub const COLUMNS: [Column; 8] = [
    required("patient_id"),
    required("practice_code"),
    required("birth_date"),
    required("sex"),
    required("registered_on"),
    required("deregistered_on"),
    required("died_on"),
    optional("imd_quintile"),
];

const ID: usize = 0;
const PRACTICE: usize = 1;
const BORN: usize = 2;
const SEX: usize = 3;
const REGISTERED: usize = 4;
const LEFT: usize = 5;
const DIED: usize = 6;
const QUINTILE: usize = 7;

/// What is said of a fifth of deprivation that is none.
pub const NO_QUINTILE: &str = "not a whole number from 1 to 5";

/// One person, or the place of one who was set aside.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which practice.
    pub practice: u16,
    /// What is known; nothing for a person who was set aside.
    pub about: Option<About>,
    /// Whether no row of the person told more than the month of birth.
    pub month_only: bool,
    place: RowPlace,
    /// The next person with the same id, in another practice.
    same_id: Option<u32>,
}

/// Everybody in the patients files.
#[derive(Debug, Default)]
pub struct People {
    rows: Vec<Row>,
    ids: Vec<Box<str>>,
    by_id: FxHashMap<Box<str>, u32>,
    practices: FxHashMap<Vec<u8>, u16>,
    /// Further rows of people who were there before, until [`People::settle`].
    repeated: Vec<(u32, Option<About>, RowPlace)>,
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
        People { practices: practices.collect(), ..People::default() }
    }

    /// Reads one patients file to its end.
    pub fn read(&mut self, file: &mut impl Rows, quality: &mut Quality) -> Result<(), Problem> {
        while let Some(place) = file.next_row(quality)? {
            self.row(file, place, quality);
        }
        Ok(())
    }

    fn row(&mut self, file: &impl Rows, place: RowPlace, quality: &mut Quality) {
        let id = text(file.cell(ID));
        if id.is_empty() {
            return quality.set_aside(place, file.name(ID), Reason::MissingValue, "");
        }
        let Some(practice) = self.practice(file.cell(PRACTICE)) else {
            return quality.set_aside(place, file.name(PRACTICE), Reason::UnknownPractice, "");
        };
        let mut month_only = true;
        let about = match about(file) {
            Ok((about, only)) => {
                month_only = only;
                quality.count(Reason::MonthOnlyBirth, u64::from(month_only));
                if !file.cell(QUINTILE).is_empty() && about.imd_quintile.is_none() {
                    let (column, detail) = (file.name(QUINTILE), NO_QUINTILE);
                    quality.keep(Quarantined { place, column, reason: Reason::ValueNotUsed, detail, practice: Some(practice) });
                }
                Some(about)
            }
            Err((column, reason)) => {
                quality.keep(Quarantined { place, column: file.name(column), reason, detail: "", practice: Some(practice) });
                None
            }
        };
        self.enter(id, Row { practice, about, month_only, place, same_id: None });
    }

    /// Adds a person, unless somebody of the same practice and id is there.
    fn enter(&mut self, id: &str, row: Row) {
        let mut at = self.by_id.get(id).copied();
        let mut last = None;
        while let Some(number) = at {
            let Some(there) = self.rows.get_mut(number as usize) else { break };
            if there.practice == row.practice {
                there.month_only &= row.month_only;
                return self.repeated.push((number, row.about, row.place));
            }
            last = Some(number);
            at = there.same_id;
        }
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(row);
        self.ids.push(id.into());
        match last.and_then(|last| self.rows.get_mut(last as usize)) {
            Some(last) => last.same_id = Some(number),
            None => {
                self.by_id.insert(id.into(), number);
            }
        }
    }

    /// Once all files are read: people whose rows all tell the same count once, others are set aside with all their rows,
    /// whatever the order of the rows. A row that was set aside for a reason of its own contradicts every other.
    pub fn settle(&mut self, quality: &mut Quality) {
        let mut repeated = std::mem::take(&mut self.repeated);
        repeated.sort_unstable_by_key(|(number, _, place)| (*number, *place));
        for rows in repeated.chunk_by(|a, b| a.0 == b.0) {
            let Some(first) = rows.first().and_then(|(number, ..)| self.rows.get_mut(*number as usize)) else { continue };
            if first.about.is_some() && rows.iter().all(|(_, about, _)| *about == first.about) {
                quality.count(Reason::DuplicatePerson, rows.len() as u64);
                continue;
            }
            let practice = Some(first.practice);
            let own = std::iter::once((first.about.take(), first.place));
            for (about, place) in own.chain(rows.iter().map(|(_, about, place)| (*about, *place))) {
                if about.is_some() {
                    quality.keep(Quarantined { place, column: "", reason: Reason::PersonDiffers, detail: "", practice });
                }
            }
        }
    }

    /// The number of a practice.
    pub fn practice(&self, code: &[u8]) -> Option<u16> {
        self.practices.get(code).copied()
    }

    /// The person of an id, in a practice where the record names one.
    pub fn find(&self, id: &str, practice: Option<u16>) -> Found {
        let Some(first) = self.by_id.get(id).copied() else { return Found::Nobody };
        let Some(practice) = practice else {
            let alone = self.row_of(first).is_none_or(|row| row.same_id.is_none());
            return if alone { Found::One(first) } else { Found::Several };
        };
        let mut at = Some(first);
        while let Some(number) = at {
            let Some(row) = self.row_of(number) else { break };
            if row.practice == practice {
                return Found::One(number);
            }
            at = row.same_id;
        }
        Found::Nobody
    }

    /// What is known of a person.
    pub fn row_of(&self, number: u32) -> Option<&Row> {
        self.rows.get(number as usize)
    }

    /// The id of a person.
    pub fn id_of(&self, number: u32) -> &str {
        self.ids.get(number as usize).map_or("", |id| id)
    }

    /// The same ids in different practices, two at a time, of people who were not set aside.
    pub fn same_ids(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (row, number) in self.rows.iter().zip(0_u32..).filter(|(row, _)| row.about.is_some()) {
            let mut at = row.same_id;
            while let Some(other) = at.and_then(|at| Some((at, self.row_of(at)?))) {
                pairs.extend(other.1.about.map(|_| (number, other.0)));
                at = other.1.same_id;
            }
        }
        pairs
    }

    /// Everybody who was not set aside, with number and practice.
    pub fn everyone(&self) -> impl Iterator<Item = (u32, u16, About)> {
        self.rows.iter().zip(0..).filter_map(|(row, number)| Some((number, row.practice, row.about?)))
    }

    /// How many people were read.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

/// What a row tells of a person, and whether the birth is a month only.
fn about(file: &impl Rows) -> Result<(About, bool), (usize, Reason)> {
    let dates = file.dates();
    let (born, month_only) = dates.birth(file.cell(BORN)).ok_or((BORN, empty_or(file.cell(BORN))))?;
    let sex = sex(file.cell(SEX)).ok_or((SEX, Reason::SexNotUnderstood))?;
    let registered = dates.day(file.cell(REGISTERED)).ok_or((REGISTERED, empty_or(file.cell(REGISTERED))))?;
    let left = maybe_day(dates, file.cell(LEFT)).ok_or((LEFT, Reason::DateNotUnderstood))?;
    let died = maybe_day(dates, file.cell(DIED)).ok_or((DIED, Reason::DateNotUnderstood))?;
    if left.is_some_and(|left| left < registered) {
        return Err((LEFT, Reason::DatesOutOfOrder));
    }
    if died.is_some_and(|died| died < born) {
        return Err((DIED, Reason::DatesOutOfOrder));
    }
    let imd_quintile = match file.cell(QUINTILE) {
        [digit @ b'1'..=b'5'] => Some(digit - b'0'),
        _ => None,
    };
    Ok((About { born, born_ymd: born.ymd(), sex, registered, left, died, imd_quintile }, month_only))
}

/// A cell as text; every form gives UTF-8.
pub(super) fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

fn empty_or(cell: &[u8]) -> Reason {
    if cell.is_empty() { Reason::MissingValue } else { Reason::DateNotUnderstood }
}

/// Nothing, or a day.
fn maybe_day(dates: Dates, cell: &[u8]) -> Option<Option<Day>> {
    if cell.is_empty() { Some(None) } else { dates.day(cell).map(Some) }
}

/// Female, male, or neither told: indeterminate, other, unknown.
fn sex(cell: &[u8]) -> Option<Option<Sex>> {
    match cell.to_ascii_lowercase().as_slice() {
        b"f" | b"female" => Some(Some(Sex::Female)),
        b"m" | b"male" => Some(Some(Sex::Male)),
        b"" | b"i" | b"o" | b"u" | b"x" | b"indeterminate" | b"other" | b"unknown" => Some(None),
        _ => None,
    }
}
