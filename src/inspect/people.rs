//! People and their days: who has no record, who is in two practices, what lies before birth or after the extract, how long the lists are.
//! People are counted, never named.

use super::{Check, Entry, Evidence};
use crate::extract::quality::Reason;
use std::collections::BTreeMap;

/// More than one person in so many without any event is not usual.
const ONE_IN: u64 = 3;

/// With fewer people without events than this, nothing is said.
const FEWEST: u64 = 10;

/// A list differs when it does by more than one person in so many.
const DIFFERS: u64 = 20;

/// How many people a practice has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Members {
    /// Everybody who was not set aside.
    pub people: u64,
    /// On the list on the day of the extract.
    pub on_the_list: u64,
    /// Of these, without a single event.
    pub without_records: u64,
}

/// The people of every practice.
pub(super) fn members(evidence: Evidence<'_>) -> Vec<Members> {
    let mut members = vec![Members::default(); evidence.extract.practices.len()];
    for (number, practice, about) in evidence.extract.everyone() {
        let Some(members) = members.get_mut(practice) else { continue };
        members.people += 1;
        if about.on_the_list(evidence.extract.extracted_on) {
            members.on_the_list += 1;
            members.without_records += u64::from(!evidence.census.has_records(number));
        }
    }
    members
}

pub(super) fn without_records(evidence: Evidence<'_>) -> Vec<Entry> {
    let entry = |((_, code), members): ((usize, &str), Members)| {
        let Members { on_the_list, without_records, .. } = members;
        Entry::new(Check::WithoutRecords, code, "")
            .number("on-the-list", "people", on_the_list)
            .number("without-events", "people", without_records)
            .share("share-without", without_records, on_the_list)
            .finding_when(without_records >= FEWEST && without_records * ONE_IN > on_the_list)
    };
    evidence.practices().zip(members(evidence)).map(entry).collect()
}

/// Two practices at a time, the one whose code comes first under `practice`.
pub(super) fn duplicates(evidence: Evidence<'_>) -> Vec<Entry> {
    let today = evidence.extract.extracted_on;
    let who: BTreeMap<u32, (usize, bool)> =
        evidence.extract.everyone().map(|(number, practice, about)| (number, (practice, about.on_the_list(today)))).collect();
    let mut pairs: BTreeMap<(usize, usize), (u64, u64)> = BTreeMap::new();
    for (one, other) in evidence.extract.same_ids() {
        let Some((one, other)) = who.get(&one).zip(who.get(&other)) else { continue };
        let sum = pairs.entry((one.0.min(other.0), one.0.max(other.0))).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(one.1 && other.1));
    }
    let entry = |((one, other), (people, both)): ((usize, usize), (u64, u64))| {
        Entry::new(Check::DuplicatePeople, evidence.code(one), evidence.code(other))
            .number("same-id", "people", people)
            .number("on-both-lists", "people", both)
            .finding_when(both > 0)
    };
    pairs.into_iter().map(entry).collect()
}

pub(super) fn dates(evidence: Evidence<'_>) -> Vec<Entry> {
    let today = evidence.extract.extracted_on;
    let mut odd: BTreeMap<(usize, Odd), u64> = BTreeMap::new();
    for row in &evidence.extract.quality.rows {
        let what = match (row.reason, row.column) {
            (Reason::BeforeBirth, _) => Odd::BeforeBirth,
            (Reason::DatesOutOfOrder, "died_on" | "DateOfDeath") => Odd::DeathBeforeBirth,
            (Reason::DatesOutOfOrder, _) => Odd::LeftBeforeRegistering,
            _ => continue,
        };
        // A row that is set aside for its days has told its practice.
        let Some(practice) = row.practice else { continue };
        *odd.entry((usize::from(practice), what)).or_default() += 1;
    }
    for (_, practice, about) in evidence.extract.everyone() {
        let days = [Some(about.born), Some(about.registered), about.left, about.died];
        if days.into_iter().flatten().any(|day| day > today) {
            *odd.entry((practice, Odd::PersonAfterExtract)).or_default() += 1;
        }
    }
    for (at, _) in evidence.practices() {
        let days = evidence.census.of_practice(at).into_iter().flat_map(|census| census.days.range(today.plus(1)..));
        let events: u64 = days.map(|(_, events)| events).sum();
        if events > 0 {
            odd.insert((at, Odd::EventAfterExtract), events);
        }
    }
    let entry = |((practice, what), rows): ((usize, Odd), u64)| {
        Entry::new(Check::Dates, evidence.code(practice), what.words()).number("rows", "rows", rows).finding_when(true)
    };
    odd.into_iter().map(entry).collect()
}

/// A day that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Odd {
    BeforeBirth,
    EventAfterExtract,
    DeathBeforeBirth,
    LeftBeforeRegistering,
    PersonAfterExtract,
}

impl Odd {
    fn words(self) -> &'static str {
        match self {
            Odd::BeforeBirth => "event before birth",
            Odd::EventAfterExtract => "event after the extract's day",
            Odd::DeathBeforeBirth => "death before birth",
            Odd::LeftBeforeRegistering => "left before registering",
            Odd::PersonAfterExtract => "birth, registration, leaving or death after the extract's day",
        }
    }
}

/// Only practices whose list is stated.
pub(super) fn list_sizes(evidence: Evidence<'_>) -> Vec<Entry> {
    let entry = |(practice, members): (&crate::practice::Practice, Members)| {
        let (counted, stated) = (members.on_the_list, practice.list_size?);
        Some(
            Entry::new(Check::ListSize, &practice.code, "")
                .number("counted", "people", counted)
                .number("stated", "people", stated)
                .share("counted-of-stated", counted, stated)
                .finding_when(counted.abs_diff(stated) * DIFFERS > stated),
        )
    };
    evidence.extract.practices.iter().zip(members(evidence)).filter_map(entry).collect()
}
