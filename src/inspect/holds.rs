//! What an extract is: its form and days, its files, its practices, its years. Only a practice that sent nothing is a finding.

use super::people::{Members, members};
use super::{Check, Entry, Evidence};
use std::collections::BTreeMap;

pub(super) fn extract(evidence: Evidence<'_>) -> Vec<Entry> {
    let Evidence { framework, extract, census } = evidence;
    let of_practices = || evidence.practices().filter_map(|(at, _)| census.of_practice(at));
    let entry = Entry::new(Check::Extract, "", "")
        .text("form", extract.form())
        .text("system", &extract.system)
        .text("scheme-of-codes", &extract.scheme)
        .day("made-on", extract.extracted_on)
        .number("practices", "practices", extract.practices.len() as u64)
        .number("people", "people", extract.number_of_people() as u64)
        .number("rows", "rows", extract.quality.rows_read)
        .number("events", "rows", of_practices().map(|practice| practice.events()).sum())
        .month("first-event", of_practices().filter_map(|practice| practice.days.keys().next().copied()).min())
        .month("last-event", of_practices().filter_map(|practice| practice.days.keys().next_back().copied()).max())
        .text("looked-at-with", &framework.name);
    vec![entry]
}

pub(super) fn files(evidence: Evidence<'_>) -> Vec<Entry> {
    let files = evidence.extract.files.iter();
    files.map(|file| Entry::new(Check::Files, "", &file.name).number("rows", "rows", file.rows)).collect()
}

pub(super) fn practices(evidence: Evidence<'_>) -> Vec<Entry> {
    let members = members(evidence);
    let entry = |(at, code): (usize, &str)| {
        let Members { people, on_the_list, without_records } = members.get(at).copied().unwrap_or_default();
        let census = evidence.census.of_practice(at);
        let events = census.map_or(0, |census| census.events());
        let in_no_set = census.map_or(0, |census| census.in_no_set.values().sum());
        Entry::new(Check::Practices, code, "")
            .detail(evidence.extract.practices.get(at).map_or("", |practice| practice.name.as_str()))
            .number("people", "people", people)
            .number("on-the-list", "people", on_the_list)
            .number("of-these-without-events", "people", without_records)
            .number("events", "rows", events)
            .share("with-a-value", census.map_or(0, |census| census.with_value), events)
            .share("of-codes-in-use", events - in_no_set, events)
            .finding_when(people == 0 || events == 0)
    };
    evidence.practices().map(entry).collect()
}

/// All practices together first, then each; the latest year first.
pub(super) fn years(evidence: Evidence<'_>) -> Vec<Entry> {
    let mut all: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
    let mut entries = Vec::new();
    for (at, code) in evidence.practices() {
        let mut years: BTreeMap<i32, u64> = BTreeMap::new();
        for (day, events) in evidence.census.of_practice(at).into_iter().flat_map(|census| &census.days) {
            *years.entry(day.ymd() / 10_000).or_default() += events;
        }
        for (year, events) in years.into_iter().rev() {
            let sum = all.entry(year).or_default();
            *sum = (sum.0 + events, sum.1 + 1);
            entries.push(Entry::new(Check::Years, code, year.to_string()).number("events", "rows", events));
        }
    }
    let total = |(year, (events, practices)): (i32, (u64, u64))| {
        let entry = Entry::new(Check::Years, "", year.to_string()).number("events", "rows", events);
        entry.number("practices-with-events", "practices", practices)
    };
    all.into_iter().rev().map(total).chain(entries).collect()
}
