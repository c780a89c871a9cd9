//! What an extract holds, counted while its events are read and only when asked for: records and values by code set,
//! units as they are stated, and where the history of each practice begins.
//! In: what `sift` tells of each row. Out: counts. Keeps no value and no person, and no result hangs on it.

use super::quality::Unusable;
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, SetId};
use std::collections::BTreeMap;

/// Counts of one extract.
#[derive(Clone, Debug)]
pub struct Census {
    first_events: Vec<Option<Day>>,
    codes: Vec<Records>,
    units: Vec<BTreeMap<Vec<u8>, u64>>,
}

/// The records of a code or a code set, and what became of their values. Values count only where the set has limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// All records of people and days that could be read.
    pub all: u64,
    /// With a value that is used.
    pub usable: u64,
    /// With something that is no plain number.
    pub not_a_number: u64,
    /// In a unit that is not that of the set.
    pub other_unit: u64,
    /// Outside the limits of the set.
    pub outside: u64,
}

impl Records {
    /// Without any value.
    pub fn empty(&self) -> u64 {
        self.all - self.usable - self.not_a_number - self.other_unit - self.outside
    }

    fn add(&mut self, other: &Records) {
        self.all += other.all;
        self.usable += other.usable;
        self.not_a_number += other.not_a_number;
        self.other_unit += other.other_unit;
        self.outside += other.outside;
    }
}

impl Census {
    /// Nothing counted yet, for so many practices and the codes of a framework.
    pub fn new(practices: usize, codes: &CodeBook) -> Census {
        let codes = codes.all().count();
        Census { first_events: vec![None; practices], codes: vec![Records::default(); codes], units: vec![BTreeMap::new(); codes] }
    }

    /// An event of a practice, whatever its code.
    pub(super) fn event(&mut self, practice: u16, day: Day) {
        if let Some(first) = self.first_events.get_mut(usize::from(practice)) {
            *first = Some(first.map_or(day, |first| first.min(day)));
        }
    }

    /// A record of a code that a fact asks for.
    pub(super) fn record(&mut self, code: CodeId) {
        if let Some(records) = self.codes.get_mut(code.0 as usize) {
            records.all += 1;
        }
    }

    /// The value of such a record, and the unit that it states.
    pub(super) fn value(&mut self, code: CodeId, unit: &[u8], used: Result<(), Unusable>) {
        if let Some(records) = self.codes.get_mut(code.0 as usize) {
            *match used {
                Ok(()) => &mut records.usable,
                Err(Unusable::NotANumber | Unusable::TooFine) => &mut records.not_a_number,
                Err(Unusable::OtherUnit) => &mut records.other_unit,
                Err(Unusable::OutsideLimits) => &mut records.outside,
            } += 1;
        }
        let Some(units) = self.units.get_mut(code.0 as usize) else { return };
        match units.get_mut(unit) {
            Some(rows) => *rows += 1,
            None => _ = units.insert(unit.to_vec(), 1),
        }
    }

    /// The day of a practice's first event; nothing when it has none.
    pub fn first_event(&self, practice: usize) -> Option<Day> {
        self.first_events.get(practice).copied().flatten()
    }

    /// The records of a code set.
    pub fn of_set(&self, codes: &CodeBook, set: SetId) -> Records {
        let mut sum = Records::default();
        for code in codes.all().filter(|code| codes.sets_of(*code).contains(&set)) {
            sum.add(self.codes.get(code.0 as usize).unwrap_or(&Records::default()));
        }
        sum
    }

    /// Values of a code set by the unit that they state; an empty one where none is stated.
    pub fn units(&self, codes: &CodeBook, set: SetId) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for code in codes.all().filter(|code| codes.sets_of(*code).contains(&set)) {
            for (unit, rows) in self.units.get(code.0 as usize).into_iter().flatten() {
                *sums.entry(String::from_utf8_lossy(unit).into_owned()).or_default() += rows;
            }
        }
        sums
    }
}
