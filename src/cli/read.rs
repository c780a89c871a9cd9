//! Rules and an extract, read and ready: what `run`, `explain` and `reference` have in common.

use super::{Every, Stop, When, complain, load};
use crate::extract::canonical::PracticeRecords;
use crate::extract::{Check, Extract};
use crate::framework::{Framework, Rulebook};
use crate::problem::Problem;
use crate::source::Sources;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;
use std::time::Instant;

/// Frameworks for all reporting days, and the extract with its records.
pub(super) struct Ready {
    pub frameworks: Vec<Framework>,
    pub extract: Extract,
    pub records: Vec<PracticeRecords>,
    pub seconds: Vec<(&'static str, f64)>,
}

/// Reads everything. Rules are checked before any data is touched.
pub(super) fn ready(extract: &Path, when: &When, check: Check) -> Result<Ready, Stop> {
    let started = Instant::now();
    let rules = load::sound_rules(when.rules.as_deref())?;
    let frameworks = rules.sound().map(|rulebook| frameworks(rulebook, when)).unwrap_or_default();
    let rules_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let mut extract = Extract::open_with(extract, when.confidential.wanted()).map_err(Stop::data)?;
    let bar = progress_bar(extract.bytes());
    let codes = frameworks.first().map(|framework| framework.codes.clone()).unwrap_or_default();
    let records = extract.records_checked(&codes, check, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let records = records.map_err(|problem| Stop::data(vec![problem]))?;
    tell_warnings(&extract);
    let seconds = vec![("rules", rules_seconds), ("read", started.elapsed().as_secs_f64())];
    Ok(Ready { frameworks, extract, records, seconds })
}

/// What could be read, but should be mended where the extract is made.
pub(super) fn tell_warnings(extract: &Extract) {
    complain(&extract.warnings, &Sources::default());
}

/// The frameworks of the reporting days asked for.
pub(super) fn frameworks(rulebook: &Rulebook, when: &When) -> Vec<Framework> {
    let mut days = when.as_at.clone();
    if when.every == Some(Every::Quarter) {
        days = rulebook.period().quarter_ends();
    }
    if days.is_empty() {
        days.push(rulebook.period().to);
    }
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(|day| rulebook.at(day, when.view.into()).0).collect()
}

/// Shows how far reading has come; hidden where nobody watches.
pub(super) fn progress_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("reading {bar:40} {bytes}/{total_bytes}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style)
}

/// The practice of a code.
pub(super) fn practice_of(extract: &Extract, code: &str) -> Result<usize, Stop> {
    let codes = extract.practices.iter().map(|practice| practice.code.as_str());
    extract.practices.iter().position(|practice| practice.code == code).ok_or_else(|| {
        Stop::usage(
            Problem::error("U002", format!("there is no practice `{code}` in this extract"))
                .help(format!("the practices are {}", codes.collect::<Vec<_>>().join(", "))),
        )
    })
}
