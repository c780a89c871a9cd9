//! What an extract holds, counted while its events are read and only when asked for, practice by practice: events by day,
//! records and values by code, units as they are stated, codes in no set by scheme, and who has any record.
//! In: what `sift` tells of each row. Out: counts. Keeps no value, and of people only that there is a record; no result hangs on it.

use super::quality::Unusable;
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, SetId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Counts of one extract.
#[derive(Clone, Debug)]
pub struct Census {
    practices: Vec<PracticeCensus>,
    with_records: FxHashSet<u32>,
}

/// Counts of one practice.
#[derive(Clone, Debug, Default)]
pub struct PracticeCensus {
    /// Events by day, whatever their codes.
    pub days: BTreeMap<Day, u64>,
    /// Events that hold something for a value, whatever their codes.
    pub with_value: u64,
    /// Events of codes that no fact asks for, by scheme.
    pub in_no_set: BTreeMap<&'static str, u64>,
    codes: FxHashMap<CodeId, OfCode>,
}

#[derive(Clone, Debug, Default)]
struct OfCode {
    records: Records,
    units: BTreeMap<Vec<u8>, u64>,
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

    /// The records of both.
    pub fn add(&mut self, other: &Records) {
        self.all += other.all;
        self.usable += other.usable;
        self.not_a_number += other.not_a_number;
        self.other_unit += other.other_unit;
        self.outside += other.outside;
    }
}

impl Census {
    /// Nothing counted yet, for so many practices.
    pub fn new(practices: usize) -> Census {
        Census { practices: vec![PracticeCensus::default(); practices], with_records: FxHashSet::default() }
    }

    /// An event of a person on a day, whatever its code.
    pub(super) fn event(&mut self, practice: u16, person: u32, day: Day, has_value: bool) {
        self.with_records.insert(person);
        if let Some(practice) = self.practices.get_mut(usize::from(practice)) {
            *practice.days.entry(day).or_default() += 1;
            practice.with_value += u64::from(has_value);
        }
    }

    /// That its code is in no set.
    pub(super) fn in_no_set(&mut self, practice: u16, scheme: &'static str) {
        if let Some(practice) = self.practices.get_mut(usize::from(practice)) {
            *practice.in_no_set.entry(scheme).or_default() += 1;
        }
    }

    /// That its code is one that a fact asks for; where the code has limits and the record a value, the unit that it states
    /// and whether the value is used.
    pub(super) fn record(&mut self, practice: u16, code: CodeId, value: Option<(&[u8], Result<(), Unusable>)>) {
        let Some(practice) = self.practices.get_mut(usize::from(practice)) else { return };
        let OfCode { records, units } = practice.codes.entry(code).or_default();
        records.all += 1;
        let Some((unit, used)) = value else { return };
        *match used {
            Ok(()) => &mut records.usable,
            Err(Unusable::NotANumber | Unusable::TooFine) => &mut records.not_a_number,
            Err(Unusable::OtherUnit) => &mut records.other_unit,
            Err(Unusable::OutsideLimits) => &mut records.outside,
        } += 1;
        match units.get_mut(unit) {
            Some(rows) => *rows += 1,
            None => _ = units.insert(unit.to_vec(), 1),
        }
    }

    /// The counts of a practice.
    pub fn of_practice(&self, practice: usize) -> Option<&PracticeCensus> {
        self.practices.get(practice)
    }

    /// Whether a person has any record that could be read.
    pub fn has_records(&self, person: u32) -> bool {
        self.with_records.contains(&person)
    }

    /// The day of a practice's first event; nothing when it has none.
    pub fn first_event(&self, practice: usize) -> Option<Day> {
        self.of_practice(practice)?.days.keys().next().copied()
    }

    /// The records of a code set.
    pub fn of_set(&self, codes: &CodeBook, set: SetId) -> Records {
        let mut sum = Records::default();
        for code in codes.all().filter(|code| codes.sets_of(*code).contains(&set)) {
            self.practices.iter().filter_map(|practice| practice.codes.get(&code)).for_each(|of_code| sum.add(&of_code.records));
        }
        sum
    }

    /// Values of a code set by the unit that they state; an empty one where none is stated.
    pub fn units(&self, codes: &CodeBook, set: SetId) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for practice in &self.practices {
            for (unit, rows) in practice.units(codes, set) {
                *sums.entry(unit).or_default() += rows;
            }
        }
        sums
    }
}

impl PracticeCensus {
    /// How many events there are.
    pub fn events(&self) -> u64 {
        self.days.values().sum()
    }

    /// Events by scheme: of all codes, and of codes that no fact asks for.
    pub fn schemes(&self, codes: &CodeBook) -> BTreeMap<String, (u64, u64)> {
        let mut schemes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (scheme, rows) in &self.in_no_set {
            schemes.insert((*scheme).to_owned(), (*rows, *rows));
        }
        for code in codes.all() {
            let Some(of_code) = self.codes.get(&code) else { continue };
            schemes.entry(codes.name_of(code).0.to_owned()).or_default().0 += of_code.records.all;
        }
        schemes
    }

    /// The records of every set whose values have limits, and that has any.
    pub fn sets_with_limits(&self, codes: &CodeBook) -> BTreeMap<SetId, Records> {
        let mut sets: BTreeMap<SetId, Records> = BTreeMap::new();
        for code in codes.all().filter(|code| codes.value_rule(*code).is_some()) {
            let Some(of_code) = self.codes.get(&code) else { continue };
            codes.sets_of(code).iter().for_each(|set| sets.entry(*set).or_default().add(&of_code.records));
        }
        sets
    }

    /// Values of a code set by the unit that they state; an empty one where none is stated.
    pub fn units(&self, codes: &CodeBook, set: SetId) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for code in codes.all().filter(|code| codes.sets_of(*code).contains(&set)) {
            for (unit, rows) in self.codes.get(&code).map(|of_code| &of_code.units).into_iter().flatten() {
                *sums.entry(String::from_utf8_lossy(unit).into_owned()).or_default() += rows;
            }
        }
        sums
    }
}
