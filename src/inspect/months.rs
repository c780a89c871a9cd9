//! Events over time, practice by practice: from when to when, and months in which a practice recorded far less than it does.

use super::{Check, Entry, Evidence};
use crate::extract::census::PracticeCensus;
use crate::framework::calendar::{Day, Month};
use std::collections::BTreeMap;

/// A practice's history begins late when it does so many months after that of the practice in the middle.
const LATE: i32 = 24;

/// It ends early when its last event lies so many days before the extract was made.
const EARLY: i32 = 31;

/// So many practices are needed for one to be in the middle.
const TO_COMPARE: usize = 3;

/// A month is compared with so many before it.
const MONTHS: i32 = 12;

/// Where fewer events a month are usual, chance alone halves them now and then.
const FEWEST: u64 = 20;

pub(super) fn history(evidence: Evidence<'_>) -> Vec<Entry> {
    let since: Vec<Option<Day>> = evidence.practices().map(|(at, _)| evidence.census.of_practice(at).and_then(nine_in_ten_since)).collect();
    let mut known: Vec<Day> = since.iter().copied().flatten().collect();
    known.sort_unstable();
    let middle = known.get(known.len().saturating_sub(1) / 2).filter(|_| known.len() >= TO_COMPARE).copied();
    let entry = |((at, code), since): ((usize, &str), Option<Day>)| {
        let days = evidence.census.of_practice(at).map(|census| &census.days);
        let (first, last) = (days.and_then(|days| days.keys().next()), days.and_then(|days| days.keys().next_back()));
        let late = middle.zip(since).is_some_and(|(middle, since)| Month::of(since) > Month::of(middle).plus(LATE));
        let early = last.is_some_and(|last| last.plus(EARLY) < evidence.extract.extracted_on);
        let odd = [(late, "begins late"), (early, "ends early")];
        let odd: Vec<&str> = odd.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect();
        Entry::new(Check::History, code, "")
            .detail(odd.join(", "))
            .month("first-event", first.copied())
            .month("nine-in-ten-since", since)
            .month("last-event", last.copied())
            .finding_when(late || early)
    };
    evidence.practices().zip(since.iter().copied()).map(entry).collect()
}

/// The latest day on or after which nine in ten events lie: a few old ones do not make a history long.
fn nine_in_ten_since(census: &PracticeCensus) -> Option<Day> {
    let old = census.events() / 10;
    let mut before = 0;
    census.days.iter().find_map(|(day, events)| {
        before += events;
        (before > old).then_some(*day)
    })
}

pub(super) fn falls(evidence: Evidence<'_>) -> Vec<Entry> {
    let of_practice = |(at, code)| {
        let days = evidence.census.of_practice(at).map(|census| &census.days);
        let falls = days.map(|days| falls_of(days, evidence.extract.extracted_on)).unwrap_or_default();
        falls.into_iter().map(move |fall| {
            Entry::new(Check::Falls, code, fall.month.to_string())
                .number("events", "rows", fall.events)
                .number("usual", "rows", fall.twice_usual.div_ceil(2))
                .share("of-the-usual", 2 * fall.events, fall.twice_usual)
                .finding_when(true)
        })
    };
    evidence.practices().flat_map(of_practice).collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Fall {
    month: Month,
    events: u64,
    /// The median of twelve numbers lies between two of them; twice of it is whole.
    twice_usual: u64,
}

/// Whole months, from the thirteenth of the history on, with under half of the median of the twelve before.
fn falls_of(days: &BTreeMap<Day, u64>, extracted_on: Day) -> Vec<Fall> {
    let mut by_month: BTreeMap<Month, u64> = BTreeMap::new();
    for (day, events) in days {
        *by_month.entry(Month::of(*day)).or_default() += events;
    }
    let Some(first) = by_month.keys().next().copied() else { return Vec::new() };
    let events_of = |month: Month| by_month.get(&month).copied().unwrap_or(0);
    let judged = (MONTHS..).map(|after| first.plus(after)).take_while(|month| month.last_day() <= extracted_on);
    let falls = judged.filter_map(|month| {
        let mut before: Vec<u64> = (1..=MONTHS).map(|back| events_of(month.plus(-back))).collect();
        before.sort_unstable();
        let half = before.len() / 2;
        let twice_usual = before.get(half - 1)? + before.get(half)?;
        let events = events_of(month);
        (twice_usual >= 2 * FEWEST && 4 * events < twice_usual).then_some(Fall { month, events, twice_usual })
    });
    falls.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked: six months of 20 and six of 30 make 25 usual; 12 is under half of it, 13 is not.
    #[test]
    fn a_month_under_half_of_the_median_is_a_fall() {
        let day = |text: &str| Day::parse(text.as_bytes()).unwrap();
        let first = Month::of(day("2015-01-01"));
        let days = |last: u64| -> BTreeMap<Day, u64> {
            let before = (0..12).map(|month| (first.plus(month).last_day(), if month % 2 == 0 { 20 } else { 30 }));
            before.chain([(day("2016-01-10"), last)]).collect()
        };
        let fall = |events| Fall { month: first.plus(12), events, twice_usual: 50 };
        assert_eq!(falls_of(&days(12), day("2016-01-31")), [fall(12)]);
        assert_eq!(falls_of(&days(13), day("2016-01-31")), []);
        assert_eq!(falls_of(&days(12), day("2016-01-30")), [], "the month of the extract is not over");
        assert_eq!(falls_of(&days(0), day("2016-02-29")).len(), 2, "the month after has nothing either");
    }
}
