//! A pattern → records with values and real codes; a record → what the engine reads.

use super::patterns::{Pattern, Patterns};
use super::practices::Practice;
use crate::extract::patient::{Episode, RawRecord, RowPlace};
use crate::framework::calendar::{Day, after, before};
use crate::framework::{Amount, Framework};
use crate::rules::phrase::{Length, Unit};
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

/// Which code a record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// One of a code set, by its number in [`Patterns`].
    Listed(usize),
    /// The practice's own, which is in no set.
    Own,
}

/// A record of a person.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Its day.
    pub day: Day,
    /// Its code.
    pub code: Code,
    /// Its value.
    pub value: Option<Decimal>,
    /// Values of one reading share a group; 0 for none.
    pub group: u32,
    /// Its episode.
    pub episode: Episode,
}

impl Patterns {
    /// The records of an example, so many years later, in a practice's codes.
    pub fn records(&self, pattern: &Pattern, years: i32, practice: &Practice, dice: &mut Pcg64) -> Option<Vec<Record>> {
        let mut made: Vec<Record> = Vec::new();
        for piece in &pattern.pieces {
            let (day, value, episode) = (moved(piece.day, years), piece.value, piece.episode);
            let mut record = Record { day, code: Code::Own, value, group: piece.group, episode };
            let same = |other: &&Record| other.day == day && other.value == value && other.group == piece.group;
            let taken: Vec<usize> = made
                .iter()
                .filter(same)
                .filter_map(|other| match other.code {
                    Code::Listed(code) => Some(code),
                    Code::Own => None,
                })
                .collect();
            match self.draw(piece, &practice.schemes, &taken, dice) {
                Some(code) => record.code = Code::Listed(code),
                // Two records that would read the same are two all the same: a group of its own tells them apart.
                None => {
                    record.code = Code::Listed(self.draw(piece, &practice.schemes, &[], dice)?);
                    record.group = 50 + u32::try_from(made.len()).unwrap_or(0);
                }
            }
            made.push(record);
        }
        Some(made)
    }

    /// A record as the engine would read it from an extract; nothing of a code that is in no set.
    pub fn raw(&self, record: &Record, framework: &Framework) -> Option<RawRecord> {
        let Code::Listed(code) = record.code else { return None };
        let code = self.code(code)?.id;
        let rule = framework.codes.value_rule(code);
        let amount = record.value.and_then(Amount::from_decimal).filter(|amount| rule.is_some_and(|rule| rule.accepts(*amount)));
        let Record { day, group, episode, .. } = *record;
        Some(RawRecord { person: 0, day, code, written: 0, group, episode, amount, place: RowPlace::default() })
    }
}

/// The same day in another year.
pub fn moved(day: Day, years: i32) -> Day {
    let length = Length { number: years.abs(), unit: Unit::Years };
    if years < 0 { before(day, length) } else { after(day, length) }
}
