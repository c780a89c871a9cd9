//! What was read of an extract, and what of it was set aside.

use crate::extract::Extract;
use crate::extract::quality::Reason;
use crate::framework::calendar::Day;
use std::collections::BTreeMap;

/// What was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The day on which the extract was made.
    pub extracted_on: Day,
    /// The practice system that it is from, where it says so.
    pub system: String,
    /// Practices in it.
    pub practices: u64,
    /// Codes of practices that sent nobody.
    pub without_people: Vec<String>,
    /// People in it.
    pub people: u64,
    /// Rows of records.
    pub rows: u64,
    /// Of these, rows of codes that no rule asks for.
    pub rows_in_no_set: u64,
    /// Rows that were not used or only in part, by reason.
    pub set_aside: Vec<SetAside>,
    /// The same of each practice, where the row tells it, by its code: the rule, what was done, and how many.
    pub by_practice: BTreeMap<String, Vec<(&'static str, &'static str, u64)>>,
    /// Why people are not on the list on the reporting day, and how many.
    pub off_the_list: Vec<(&'static str, u64)>,
    /// Whether the extract was made before the reporting day.
    pub too_early: bool,
}

/// Rows of one reason.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// The rule that they broke.
    pub rule: &'static str,
    /// What was done.
    pub done: &'static str,
    /// How many.
    pub rows: u64,
}

impl Read {
    /// What was read of an extract. `off_the_list` are people who left, died, and are not yet registered on the reporting day.
    pub fn of(extract: &Extract, off_the_list: [(&'static str, u64); 3], too_early: bool) -> Read {
        let quality = &extract.quality;
        let one = |(reason, rows): (&Reason, &u64)| SetAside { rule: reason.rule(), done: reason.done(), rows: *rows };
        let codes = extract.without_people.iter().filter_map(|at| extract.practices.get(*at));
        Read {
            extracted_on: extract.extracted_on,
            system: extract.system.clone(),
            practices: extract.practices.len() as u64,
            without_people: codes.map(|practice| practice.code.clone()).collect(),
            people: extract.number_of_people() as u64,
            rows: quality.rows_read,
            rows_in_no_set: quality.rows_in_no_set,
            set_aside: quality.counts.iter().map(one).collect(),
            by_practice: by_practice(extract),
            off_the_list: off_the_list.into(),
            too_early,
        }
    }
}

fn by_practice(extract: &Extract) -> BTreeMap<String, Vec<(&'static str, &'static str, u64)>> {
    let mut counts: BTreeMap<(u16, Reason), u64> = BTreeMap::new();
    for row in &extract.quality.rows {
        if let Some(practice) = row.practice {
            *counts.entry((practice, row.reason)).or_default() += 1;
        }
    }
    let mut all: BTreeMap<String, Vec<(&'static str, &'static str, u64)>> = BTreeMap::new();
    for ((practice, reason), rows) in counts {
        let code = extract.practices.get(usize::from(practice)).map(|practice| practice.code.clone()).unwrap_or_default();
        all.entry(code).or_default().push((reason.rule(), reason.done(), rows));
    }
    all
}
