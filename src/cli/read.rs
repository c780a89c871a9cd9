//! Rules and an extract, read and ready: what all commands that read an extract by rules have in common.

use super::{Every, Stop, When, complain, load};
use crate::evaluate::run::{Counted, run_parts};
use crate::evaluate::sentence::Titles;
use crate::extract::canonical::PracticeRecords;
use crate::extract::{Check, Extract, PackedRecords, Progress};
use crate::framework::code_sets::CodeBook;
use crate::framework::{Framework, Rulebook, Rules};
use crate::problem::Problem;
use crate::source::Sources;
use crate::threads::Threads;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Frameworks for all reporting days, and the extract with its records.
pub(super) struct Ready {
    pub frameworks: Vec<Framework>,
    /// The titles of code sets, by their names.
    pub titles: Titles,
    pub extract: Extract,
    pub records: Vec<PracticeRecords>,
}

/// Frameworks for all reporting days, and the extract without its records.
pub(super) struct Opened {
    pub frameworks: Vec<Framework>,
    titles: Titles,
    pub extract: Extract,
    pub codes: Arc<CodeBook>,
    pub rules: Rules,
    pub seconds: Vec<(&'static str, f64)>,
    started: Instant,
}

/// Reads everything but the records. Rules are checked before any data is touched.
pub(super) fn opened(extract: &Path, when: &When, threads: Option<&Threads>) -> Result<Opened, Stop> {
    let started = Instant::now();
    let rules = load::sound_rules(when.rules.as_deref())?;
    let frameworks = rules.sound().map(|rulebook| frameworks(rulebook, when)).unwrap_or_default();
    let sets = rules.sound().map(|rulebook| rulebook.sets.as_slice()).unwrap_or_default();
    let titles = sets.iter().filter_map(|set| Some((set.name.clone(), set.about.title.clone()?))).collect();
    let seconds = vec![("rules", started.elapsed().as_secs_f64())];
    let started = Instant::now();
    let extract = Extract::open_with(extract, when.confidential.wanted(), threads).map_err(Stop::data)?;
    let codes = frameworks.first().map(|framework| framework.codes.clone()).unwrap_or_default();
    Ok(Opened { frameworks, titles, extract, codes, rules, seconds, started })
}

impl Opened {
    /// Reads the records in one of two ways.
    fn read<T>(&mut self, read: impl FnOnce(&mut Extract, &CodeBook, Progress<'_>) -> Result<T, Problem>) -> Result<T, Stop> {
        let bar = progress_bar(self.extract.bytes());
        let records = read(&mut self.extract, &self.codes, &|bytes| bar.set_position(bytes));
        bar.finish_and_clear();
        let records = records.map_err(|problem| Stop::data(vec![problem]))?;
        tell_warnings(&self.extract);
        self.seconds.push(("read", self.started.elapsed().as_secs_f64()));
        Ok(records)
    }

    /// The records for counting, in little memory.
    pub fn packed(&mut self, threads: &Threads) -> Result<PackedRecords, Stop> {
        self.read(|extract, codes, progress| extract.packed(codes, threads, progress))
    }

    /// Counts them.
    pub fn counted(&self, mut records: PackedRecords, threads: &Threads) -> Result<Counted, Stop> {
        let load = |part| self.extract.patients_of(part, &self.codes);
        run_parts(&self.frameworks, threads, move || records.next_part(), load).map_err(|problem| Stop::data(vec![problem]))
    }
}

/// So many threads.
pub(super) fn threads(number: Option<usize>) -> Result<Threads, Stop> {
    Threads::new(number).map_err(|error| Stop::unexpected(Problem::error("U003", format!("the threads cannot be started: {error}"))))
}

/// Reads everything, records with their places.
pub(super) fn ready(extract: &Path, when: &When, check: Check) -> Result<Ready, Stop> {
    let mut opened = opened(extract, when, None)?;
    let records = opened.read(|extract, codes, progress| extract.records_checked(codes, check, progress))?;
    Ok(Ready { frameworks: opened.frameworks, titles: opened.titles, extract: opened.extract, records })
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
