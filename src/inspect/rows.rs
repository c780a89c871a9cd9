//! Rows that are not used, or only in part: by reason and column, all practices together, then each where rows tell their practice.

use super::{Check, Entry, Evidence};
use crate::extract::canonical::PracticeRecords;
use crate::extract::quality::Reason;
use crate::framework::Framework;
use std::collections::BTreeMap;

/// What only shows once the records of a practice are put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeated {
    practice: usize,
    identical: u64,
    ungrouped: u64,
}

impl Repeated {
    /// Puts the records of a practice together.
    pub(super) fn of(framework: &Framework, records: PracticeRecords) -> Repeated {
        let practice = records.practice;
        let patients = records.patients(&framework.codes);
        let ungrouped = framework.readings().iter().map(|sets| patients.ungrouped_readings(sets)).sum();
        Repeated { practice, identical: patients.duplicates, ungrouped }
    }
}

pub(super) fn set_aside(evidence: Evidence<'_>, repeated: &[Repeated]) -> Vec<Entry> {
    let quality = &evidence.extract.quality;
    let mut all: BTreeMap<(Reason, &str), u64> = BTreeMap::new();
    let mut by_practice: BTreeMap<(usize, Reason, &str), u64> = BTreeMap::new();
    for row in &quality.rows {
        *all.entry((row.reason, row.column)).or_default() += 1;
        if let Some(practice) = row.practice {
            *by_practice.entry((usize::from(practice), row.reason, row.column)).or_default() += 1;
        }
    }
    // Of these there is a count and no row.
    for (reason, count) in &quality.counts {
        let listed = quality.rows.iter().filter(|row| row.reason == *reason).count() as u64;
        *all.entry((*reason, "")).or_default() += count.saturating_sub(listed);
    }
    for Repeated { practice, identical, ungrouped } in repeated.iter().copied() {
        for (reason, rows) in [(Reason::DuplicateRecord, identical), (Reason::UngroupedReading, ungrouped)] {
            *all.entry((reason, "")).or_default() += rows;
            *by_practice.entry((practice, reason, "")).or_default() += rows;
        }
    }
    let entry = |code: &str, reason: Reason, column: &str, rows: u64| {
        let entry = Entry::new(Check::SetAside, code, reason.word()).detail(column).number("rows", "rows", rows);
        entry.text("what-was-done", reason.done())
    };
    let total = |((reason, column), rows): ((Reason, &str), u64)| entry("", reason, column, rows).finding_when(reason.is_reject());
    let of_practice = |((at, reason, column), rows): ((usize, Reason, &str), u64)| entry(evidence.code(at), reason, column, rows);
    let totals = all.into_iter().filter(|(_, rows)| *rows > 0).map(total);
    totals.chain(by_practice.into_iter().filter(|(_, rows)| *rows > 0).map(of_practice)).collect()
}
