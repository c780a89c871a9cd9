//! One fact and one person → what was found: a day, values, a count. Find first, then test.
//! By INVARIANT (records sorted) in `extract::patient`, the records of a set are a slice ordered by day.

use super::Answers;
use crate::extract::patient::Record;
use crate::framework::calendar::{Day, birthday};
use crate::framework::{Amount, Companion, CountOf, Fact, FactId, Hang, Near, Search};
use std::cmp::{Ordering, Reverse};

/// How many values a reading may have.
pub const VALUES: usize = crate::framework::VALUES;

/// What was found for a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The day; nothing when the fact is absent, and for a count.
    pub day: Option<Day>,
    /// The values, in the order of the fact's sets.
    pub amounts: [Option<Amount>; VALUES],
    /// The count, for a count.
    pub count: i64,
    /// The records behind it, as many as there are: of a reading one a value, of a pair both.
    pub records: [Option<u32>; VALUES],
}

/// Nothing.
const ABSENT: Found = Found { day: None, amounts: [None; VALUES], count: 0, records: [None; VALUES] };

impl<'a> Answers<'a> {
    /// What was found; looked for once a person.
    pub fn found(&mut self, id: FactId) -> Found {
        let framework = self.framework;
        let fact = framework.fact(id);
        // Most people have no record of most sets: then nothing else need be known, not even what was found before.
        if let Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) = fact
            && !self.by_set.has(&search.sets)
        {
            return ABSENT;
        }
        if let Some((person, found)) = self.facts.get(id.0 as usize)
            && *person == self.person
        {
            return *found;
        }
        let found = match fact {
            Fact::Latest(search) => self.best(search, true),
            Fact::Earliest(search) => self.best(search, false),
            Fact::Pair(search, apart) => self.pair(search, *apart),
            Fact::Count(search, of) => self.count(search, *of),
            Fact::LatestOf(ids) => {
                let latest = ids.iter().map(|id| self.found(*id)).max_by_key(|found| found.day).unwrap_or(ABSENT);
                Found { day: latest.day, records: latest.records, ..ABSENT }
            }
            Fact::Registers(ids) => {
                let on = ids.iter().filter(|id| self.on_register(**id)).count();
                Found { count: i64::try_from(on).unwrap_or(i64::MAX), ..ABSENT }
            }
        };
        if let Some(slot) = self.facts.get_mut(id.0 as usize) {
            *slot = (self.person, found);
        }
        found
    }

    /// First and last day of a search for this person; nothing when it hangs on something absent.
    pub(super) fn bounds(&mut self, search: &Search) -> Option<(Day, Day)> {
        let from = match search.since {
            Some(hang) => self.hang(hang)?.max(search.from),
            None => search.from,
        };
        let to = match search.until {
            Some(hang) => self.hang(hang)?.min(search.to),
            None => search.to,
        };
        Some((from, to))
    }

    fn hang(&mut self, hang: Hang) -> Option<Day> {
        match hang {
            Hang::Fact(id, days) => self.found(id).day.map(|day| day.plus(days)),
            Hang::Age(age) => Some(birthday(self.patient.about.born, age)),
        }
    }

    /// The records of a search (not a reading) within its bounds.
    pub(super) fn records<'s>(&'s mut self, search: &'s Search) -> impl Iterator<Item = &'a Record> + use<'s, 'a> {
        let bounds = if self.by_set.has(&search.sets) { self.bounds(search) } else { None };
        let answers = &*self;
        let sets = if bounds.is_some() { search.sets.as_slice() } else { &[] };
        let (from, to) = bounds.unwrap_or((Day(0), Day(0)));
        sets.iter().flat_map(move |set| between(answers.of(*set), from, to)).filter(move |record| answers.passes(search, record))
    }

    /// The days on which a search finds something, each once, in their order: for a reading, those of whole ones.
    pub(super) fn days(&mut self, search: &Search) -> Vec<Day> {
        let mut days: Vec<Day> = if search.reading {
            let bounds = self.bounds(search).zip(search.sets.first());
            let records = bounds.map_or(&[][..], |((from, to), first)| between(self.of(*first), from, to));
            records.iter().map(|record| record.day).filter(|day| self.reading_on(search, *day).is_some()).collect()
        } else {
            self.records(search).map(|record| record.day).collect()
        };
        days.sort_unstable();
        days.dedup();
        days
    }

    fn best(&mut self, search: &Search, latest: bool) -> Found {
        if search.reading {
            return self.reading(search, latest);
        }
        let Some((from, to)) = self.bounds(search) else { return ABSENT };
        let mut best: Option<&Record> = None;
        for set in &search.sets {
            let records = between(self.of(*set), from, to);
            let passing = |record: &&Record| self.passes(search, record);
            // Only the first day that has any, from the end that is wanted, can decide.
            let found = if latest { records.iter().rev().find(passing) } else { records.iter().find(passing) };
            let Some(day) = found.map(|record| record.day) else { continue };
            let of_day = between(records, day, day).iter().filter(passing);
            let first = of_day.min_by_key(|record| among_one_day(record));
            let better = |than: &Record| match (day.cmp(&than.day), latest) {
                (Ordering::Equal, _) => first.is_some_and(|first| among_one_day(first) < among_one_day(than)),
                (order, latest) => (order == Ordering::Greater) == latest,
            };
            if best.is_none_or(better) {
                best = first;
            }
        }
        best.map_or(ABSENT, one)
    }

    /// Whether a record within the bounds of a search is one of those that it looks for.
    fn passes(&self, search: &Search, record: &Record) -> bool {
        (!search.new_episode || record.episode.is_new())
            && search.only.iter().all(|test| record.amount.is_some_and(|amount| test.passes(amount)))
            && self.has_companions(search, record.day)
    }

    /// Several values of one reading stay together.
    fn reading(&mut self, search: &Search, latest: bool) -> Found {
        let Some((from, to)) = self.bounds(search) else { return ABSENT };
        let Some(first) = search.sets.first() else { return ABSENT };
        let mut days = between(self.of(*first), from, to).chunk_by(|one, next| one.day == next.day);
        let on = |of_day: &[Record]| of_day.first().and_then(|record| self.reading_on(search, record.day));
        let found = if latest { days.by_ref().rev().find_map(on) } else { days.find_map(on) };
        found.unwrap_or(ABSENT)
    }

    /// The reading of a day: grouped ones before one without a group; of several the lowest first value, then the lowest second.
    fn reading_on(&self, search: &Search, day: Day) -> Option<Found> {
        if !self.has_companions(search, day) {
            return None;
        }
        let first = search.sets.first()?;
        let of_day = between(self.of(*first), day, day);
        // Each group once; a day has hardly ever more than one.
        let is_first = |at: usize, group: u32| of_day.iter().take(at).all(|before| before.group != group);
        let groups = of_day.iter().enumerate().filter(|(at, record)| is_first(*at, record.group)).map(|(_, record)| record.group);
        let whole = groups.filter_map(|group| Some((group == 0, self.reading_of(search, day, group)?)));
        let passing = whole.filter(|(_, found)| {
            search
                .only
                .iter()
                .all(|test| found.amounts.get(usize::from(test.value)).copied().flatten().is_some_and(|amount| test.passes(amount)))
        });
        passing.min_by_key(|(ungrouped, found)| (*ungrouped, found.amounts)).map(|(_, found)| found)
    }

    /// The reading of one group of one day, if each of its sets has a value: the highest where a set has several.
    fn reading_of(&self, search: &Search, day: Day, group: u32) -> Option<Found> {
        let mut found = Found { day: Some(day), ..ABSENT };
        for (at, set) in search.sets.iter().enumerate() {
            let records = between(self.of(*set), day, day).iter();
            let usable = records.filter(|record| record.group == group && (!search.new_episode || record.episode.is_new()));
            let highest = usable.filter(|record| record.amount.is_some()).max_by_key(|record| (record.amount, Reverse(record.record)))?;
            *found.amounts.get_mut(at)? = highest.amount;
            *found.records.get_mut(at)? = Some(highest.record);
        }
        Some(found)
    }

    /// The earliest record, and the earliest at least so many days after it: the pair's day is that of the second.
    fn pair(&mut self, search: &Search, apart: i32) -> Found {
        let key = |record: &&Record| (record.day, among_one_day(record));
        let Some(first) = self.records(search).min_by_key(key) else { return ABSENT };
        let later = self.records(search).filter(|record| record.day >= first.day.plus(apart) && record.record != first.record);
        let Some(second) = later.min_by_key(key) else { return ABSENT };
        let mut found = one(second);
        found.records = [None; VALUES];
        for (slot, record) in found.records.iter_mut().zip([first.record, second.record]) {
            *slot = Some(record);
        }
        found
    }

    fn count(&mut self, search: &Search, of: CountOf) -> Found {
        let number = |record: &Record| match of {
            CountOf::Records => i64::from(record.record),
            CountOf::Days => i64::from(record.day.0),
            CountOf::Sets => i64::from(record.set.0),
        };
        let mut different: Vec<i64> = self.records(search).map(number).collect();
        different.sort_unstable();
        different.dedup();
        Found { count: i64::try_from(different.len()).unwrap_or(i64::MAX), ..ABSENT }
    }

    /// Whether every companion of a search has a record near a day.
    fn has_companions(&self, search: &Search, day: Day) -> bool {
        search.with.iter().all(|companion| self.companion(companion, day).is_some())
    }

    /// A companion's record near a day: the nearest before or after, of several the earliest read. A record may be its own companion.
    pub(super) fn companion(&self, companion: &Companion, day: Day) -> Option<&'a Record> {
        let (from, to) = match companion.within {
            Near::Days(from, to) => (day.plus(from), day.plus(to)),
            Near::Since(table) => (self.framework.day_table(table).of(day), day),
            Near::Until(table) => (day, self.framework.day_table(table).of(day)),
        };
        let to = to.min(self.framework.reporting_day);
        let near = companion.sets.iter().flat_map(|set| between(self.of(*set), from, to));
        near.min_by_key(|record| ((record.day.0 - day.0).abs(), record.record))
    }
}

/// On one day a record with a value precedes one without, and a lower value a higher one.
fn among_one_day(record: &Record) -> (bool, Option<Amount>, u32) {
    (record.amount.is_none(), record.amount, record.record)
}

fn one(record: &Record) -> Found {
    let mut found = Found { day: Some(record.day), ..ABSENT };
    let [amount, ..] = &mut found.amounts;
    *amount = record.amount;
    let [first, ..] = &mut found.records;
    *first = Some(record.record);
    found
}

/// The part of a slice ordered by day that lies between two days, both included.
fn between(records: &[Record], from: Day, to: Day) -> &[Record] {
    let start = records.partition_point(|record| record.day < from);
    let end = records.partition_point(|record| record.day <= to);
    records.get(start..end).unwrap_or(&[])
}
