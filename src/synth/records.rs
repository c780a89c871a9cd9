//! A pattern → records on days of a year, with values and real codes.

use super::Practice;
use super::patterns::{Patterns, Piece};
use crate::extract::patient::{Episode, RawRecord, RowPlace};
use crate::framework::calendar::{Day, after, before};
use crate::framework::{Amount, Framework};
use crate::rules::phrase::{Length, Unit};
use rand::RngExt;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

/// A record of a person.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Its day.
    pub day: Day,
    /// Its code, by its number in [`Patterns`].
    pub code: usize,
    /// Its value.
    pub value: Option<Decimal>,
    /// Values of one reading share a group; 0 for none.
    pub group: u32,
    /// Its episode.
    pub episode: Episode,
}

/// When the records of a pattern are put.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// On the days that are written, with the values that are written.
    AsWritten,
    /// All together so many days earlier.
    Earlier(i32),
    /// All together earlier or later, none across the first day of the period or beyond the reporting day.
    Within,
}

/// Where the records of a pattern go.
#[derive(Clone, Copy, Debug)]
pub struct Going<'g> {
    /// The year.
    pub framework: &'g Framework,
    /// Years from the one the pattern was written for to this.
    pub years: i32,
    /// When in it.
    pub place: Place,
    /// Groups up to this number are taken.
    pub groups: u32,
    /// Whose codes and spellings are used.
    pub practice: &'g Practice,
}

impl Patterns {
    /// The records of pieces; nothing when they fit nowhere.
    pub fn records(&self, pieces: &[&Piece], going: &Going<'_>, dice: &mut Pcg64) -> Option<Vec<Record>> {
        let days: Vec<Day> = pieces.iter().map(|piece| moved(piece.day, going.years)).collect();
        let shift = match going.place {
            Place::AsWritten => 0,
            Place::Earlier(by) => -by,
            Place::Within => shift_within(&days, going.framework, dice)?,
        };
        let as_written = matches!(going.place, Place::AsWritten);
        let percent = if as_written || dice.random_ratio(1, 4) { 100 } else { dice.random_range(92..=110) };
        let mut made: Vec<Record> = Vec::new();
        for (piece, day) in pieces.iter().zip(days) {
            let group = if as_written { piece.group } else { piece.reading };
            let group = if group > 0 { going.groups + group } else { 0 };
            let value = piece.value.map(|value| if percent == 100 { value } else { (value * Decimal::new(percent, 2)).round() });
            let mut record = Record { day: day.plus(shift), code: 0, value, group, episode: piece.episode };
            let same = |other: &Record| other.day == record.day && other.value == value && other.group == group;
            let taken: Vec<usize> = made.iter().filter(|other| same(other)).map(|other| other.code).collect();
            match self.draw(piece, going.practice.schemes, &taken, dice) {
                Some(code) => record.code = code,
                // Two records that would read the same are two all the same: a group of its own tells them apart.
                None => {
                    record.code = self.draw(piece, going.practice.schemes, &[], dice)?;
                    record.group = going.groups + 50 + u32::try_from(made.len()).unwrap_or(0);
                }
            }
            made.push(record);
        }
        Some(made)
    }

    /// A record as the engine would read it from an extract.
    pub fn raw(&self, record: &Record, framework: &Framework) -> Option<RawRecord> {
        let code = self.code(record.code)?.id;
        let rule = framework.codes.value_rule(code);
        let amount = record.value.and_then(Amount::from_decimal).filter(|amount| rule.is_some_and(|rule| rule.accepts(*amount)));
        let Record { day, group, episode, .. } = *record;
        Some(RawRecord { person: 0, day, code, written: 0, group, episode, amount, place: RowPlace::default() })
    }
}

/// A shift for all of these days that takes none of them across the first day of the period or beyond the reporting day.
fn shift_within(days: &[Day], framework: &Framework, dice: &mut Pcg64) -> Option<i32> {
    let (start, end) = (framework.period.from, framework.reporting_day);
    let mut least = -365;
    let mut most = 365;
    for day in days {
        if *day >= start {
            least = least.max(start.0 - day.0);
            most = most.min(end.0 - day.0);
        } else {
            most = most.min(start.0 - 1 - day.0);
        }
    }
    (least <= most).then(|| dice.random_range(least..=most))
}

/// The same day in another year.
pub fn moved(day: Day, years: i32) -> Day {
    let length = Length { number: years.abs(), unit: Unit::Years };
    if years < 0 { before(day, length) } else { after(day, length) }
}
