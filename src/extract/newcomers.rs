//! Rows of a patients file → what each tells of a person, and of whom. Knows no other row.

use super::columns::{Column, optional, required};
use super::patient::{About, RowPlace};
use super::quality::{Quality, Quarantined, Reason};
use super::rows::Rows;
use crate::framework::Sex;
use crate::framework::calendar::Day;
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

pub(super) const ID: usize = 0;
const PRACTICE: usize = 1;
const BORN: usize = 2;
const SEX: usize = 3;
const REGISTERED: usize = 4;
const LEFT: usize = 5;
const DIED: usize = 6;
const QUINTILE: usize = 7;

/// What is said of a fifth of deprivation that is none.
pub const NO_QUINTILE: &str = "not a whole number from 1 to 5";

/// The practices that people may be of, by code.
#[derive(Clone, Debug, Default)]
pub struct Practices(pub(super) FxHashMap<Vec<u8>, u16>);

/// Somebody of a patients file; nothing is known of one whose row cannot be used.
#[derive(Clone, Copy)]
pub struct Newcomer {
    /// Where the row stood.
    pub place: RowPlace,
    /// The practice, by its number.
    pub practice: u16,
    /// What the row tells.
    pub about: Option<About>,
    /// Whether it tells no more of the birth than the month.
    pub month_only: bool,
}

/// The people of some rows, in their order, and where the id of each ends.
#[derive(Default)]
pub struct Newcomers {
    ids: Vec<u8>,
    all: Vec<(Newcomer, usize)>,
}

impl Newcomers {
    /// Each with its id.
    pub fn each(&self) -> impl Iterator<Item = (&[u8], Newcomer)> {
        let mut from = 0;
        self.all.iter().map(move |(newcomer, to)| (self.ids.get(std::mem::replace(&mut from, *to)..*to).unwrap_or(&[]), *newcomer))
    }
}

impl Practices {
    /// The people of all rows.
    ///
    /// # Errors
    /// When the rows cannot be read to their end.
    pub fn newcomers(&self, rows: &mut impl Rows, quality: &mut Quality) -> Result<Newcomers, Problem> {
        let mut newcomers = Newcomers::default();
        while let Some(place) = rows.next_row(quality)? {
            if let Some(newcomer) = self.newcomer(rows, place, quality) {
                newcomers.ids.extend_from_slice(rows.cell(ID));
                newcomers.all.push((newcomer, newcomers.ids.len()));
            }
        }
        Ok(newcomers)
    }

    /// Whoever a row is of; `None` where it does not tell.
    pub fn newcomer(&self, file: &impl Rows, place: RowPlace, quality: &mut Quality) -> Option<Newcomer> {
        if file.cell(ID).is_empty() {
            quality.set_aside(place, file.name(ID), Reason::MissingValue, "");
            return None;
        }
        let Some(practice) = self.number(file.cell(PRACTICE)) else {
            quality.set_aside(place, file.name(PRACTICE), Reason::UnknownPractice, "");
            return None;
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
        Some(Newcomer { place, practice, about, month_only })
    }

    /// The number of a practice.
    pub fn number(&self, code: &[u8]) -> Option<u16> {
        self.0.get(code).copied()
    }
}

/// What a row tells of a person, and whether the birth is a month only.
fn about(file: &impl Rows) -> Result<(About, bool), (usize, Reason)> {
    let dates = file.dates();
    let (born, month_only) = dates.birth(file.cell(BORN)).ok_or((BORN, empty_or(file.cell(BORN))))?;
    let sex = sex(file.cell(SEX)).ok_or((SEX, Reason::SexNotUnderstood))?;
    let registered = file.day(REGISTERED).ok_or_else(|| (REGISTERED, empty_or(file.cell(REGISTERED))))?;
    let left = maybe_day(file, LEFT).ok_or((LEFT, Reason::DateNotUnderstood))?;
    let died = maybe_day(file, DIED).ok_or((DIED, Reason::DateNotUnderstood))?;
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

fn empty_or(cell: &[u8]) -> Reason {
    if cell.is_empty() { Reason::MissingValue } else { Reason::DateNotUnderstood }
}

/// Nothing, or a day.
fn maybe_day(file: &impl Rows, column: usize) -> Option<Option<Day>> {
    let day = file.day(column);
    if day.is_some() || file.cell(column).is_empty() { Some(day) } else { None }
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
