//! All practices, in parallel: the people of one part of a practice in memory at a time per thread.

use super::Answers;
use super::planning::person_of;
use crate::cells::{self, Finer};
use crate::extract::patient::Patients;
use crate::framework::code_sets::SetId;
use crate::framework::{Framework, Indicator, LineNumber, Population, RegisterId};
use crate::planning;
use crate::tally::{Counter, FIRST_REGISTER, Tally, first_indicator, first_pathway, strata_of};
use crate::threads::{Threads, ThreadsNotStarted};
use std::convert::Infallible;

/// What a run counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// People by line.
    pub tally: Tally,
    /// What pathways count.
    pub planning: planning::Counts,
    /// What is counted finer, on the last reporting day.
    pub finer: Finer,
    /// Identical records that were left out.
    pub duplicate_records: u64,
    /// Days whose values could not be told apart.
    pub ungrouped_readings: u64,
    /// People not on the list, by reporting day.
    pub off_the_list: Vec<OffTheList>,
}

/// People who are in the extract but not on the list on a reporting day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OffTheList {
    /// Registered later.
    pub not_yet_registered: u64,
    /// Left on or before the day.
    pub left: u64,
    /// Died on or before the day.
    pub died: u64,
}

impl Counted {
    fn merged(mut self, other: Counted) -> Counted {
        self.tally = self.tally.merged(other.tally);
        self.planning = self.planning.merged(other.planning);
        self.finer = self.finer.merged(other.finer);
        self.duplicate_records += other.duplicate_records;
        self.ungrouped_readings += other.ungrouped_readings;
        self.off_the_list.resize(self.off_the_list.len().max(other.off_the_list.len()), OffTheList::default());
        for (mine, theirs) in self.off_the_list.iter_mut().zip(other.off_the_list) {
            mine.not_yet_registered += theirs.not_yet_registered;
            mine.left += theirs.left;
            mine.died += theirs.died;
        }
        self
    }
}

/// Evaluates every part of every practice for every framework (one a reporting day).
/// `next` reads a part; `load` makes its people and gives the number of their practice.
///
/// # Errors
/// Those of `next`.
pub fn run_parts<P: Send, E: Send>(
    frameworks: &[Framework],
    threads: &Threads,
    next: impl FnMut() -> Result<Option<P>, E> + Send,
    load: impl Fn(P) -> (u32, Patients) + Sync,
) -> Result<Counted, E> {
    let readings = readings(frameworks);
    let one = |part: P| {
        let (number, patients) = load(part);
        Ok(practice_counts(frameworks, number, &patients, &readings))
    };
    // Where nobody is at all, every day has its row all the same.
    let mut all = Counted { off_the_list: vec![OffTheList::default(); frameworks.len()], ..Counted::default() };
    threads.in_turns(next, one, |counted| {
        all = std::mem::take(&mut all).merged(counted);
        Ok(())
    })?;
    Ok(all)
}

/// The same for practices that are all in memory, with as many threads as there are.
///
/// # Errors
/// When the threads cannot be started.
pub fn run<P: Send>(
    frameworks: &[Framework],
    practices: Vec<P>,
    threads: Option<usize>,
    load: impl Fn(P) -> (u32, Patients) + Sync,
) -> Result<Counted, ThreadsNotStarted> {
    let mut practices = practices.into_iter();
    let next = move || Ok::<_, Infallible>(practices.next());
    run_parts(frameworks, &Threads::new(threads)?, next, load).map_err(|never| match never {})
}

/// The kinds of readings that any fact looks for.
fn readings(frameworks: &[Framework]) -> Vec<Vec<SetId>> {
    let mut kinds: Vec<Vec<SetId>> = frameworks.iter().flat_map(Framework::readings).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn practice_counts(frameworks: &[Framework], number: u32, patients: &Patients, readings: &[Vec<SetId>]) -> Counted {
    let mut counted = Counted {
        duplicate_records: patients.duplicates,
        ungrouped_readings: readings.iter().map(|sets| patients.ungrouped_readings(sets)).sum(),
        ..Counted::default()
    };
    let mut finer = frameworks.last().map(cells::Counter::new);
    for (day, framework) in frameworks.iter().enumerate() {
        let finer = finer.as_mut().filter(|_| day + 1 == frameworks.len());
        let (tally, planning, off) = day_counts(framework, number, u16::try_from(day).unwrap_or(u16::MAX), patients, finer);
        counted.tally = counted.tally.merged(tally);
        counted.planning = counted.planning.merged(planning);
        counted.off_the_list.push(off);
    }
    counted.finer = finer.map(|finer| finer.counts(number)).unwrap_or_default();
    counted
}

fn day_counts(
    framework: &Framework,
    number: u32,
    day: u16,
    patients: &Patients,
    mut finer: Option<&mut cells::Counter<'_>>,
) -> (Tally, planning::Counts, OffTheList) {
    let mut counter = Counter::new(framework);
    let mut planned = planning::Counter::new(framework);
    let mut strata = Vec::new();
    let mut off = OffTheList::default();
    let populations = populations(framework);
    let mut answers: Option<Answers<'_>> = None;
    for person in patients.people() {
        let patient = patients.patient(person);
        if !person.about.on_the_list(framework.reporting_day) {
            off_the_list(framework, &person.about, &mut off);
            continue;
        }
        let answers = match &mut answers {
            Some(answers) => {
                answers.restart(patient);
                answers
            }
            None => answers.insert(Answers::new(framework, patient)),
        };
        counter.person(&person.about);
        if let Some(finer) = &mut finer {
            finer.person(&person.about);
        }
        for register in 0..framework.registers.len() {
            let register = u16::try_from(register).unwrap_or(u16::MAX);
            counter.count(FIRST_REGISTER + register, answers.register(RegisterId(register)));
        }
        for (of, indicators) in &populations {
            if answers.is_in(*of) {
                for (measure, indicator) in indicators {
                    let line = answers.decide(&indicator.lines);
                    counter.count(*measure, line);
                    if let Some(finer) = &mut finer {
                        finer.count(*measure, line);
                    }
                }
            }
        }
        for (at, (measure, pathway)) in (first_pathway(framework)..).zip(&framework.pathways).enumerate() {
            strata_of(framework, &person.about, &mut strata);
            if let Some(person) = person_of(answers, pathway, &strata) {
                counter.count(measure, LineNumber(person.line));
                planned.person(at, &person);
            }
        }
    }
    (counter.tally(number, day), planned.counts(number, day), off)
}

/// The indicators of each population, with the numbers of their measures: whoever is not in it is asked once, not once an indicator.
fn populations(framework: &Framework) -> Vec<(Population, Vec<(u16, &Indicator)>)> {
    let mut all: Vec<(Population, Vec<(u16, &Indicator)>)> = Vec::new();
    for (measure, indicator) in (first_indicator(framework)..).zip(&framework.indicators) {
        match all.iter_mut().find(|(of, _)| *of == indicator.of) {
            Some((_, indicators)) => indicators.push((measure, indicator)),
            None => all.push((indicator.of, vec![(measure, indicator)])),
        }
    }
    all
}

fn off_the_list(framework: &Framework, about: &crate::extract::patient::About, off: &mut OffTheList) {
    let day = framework.reporting_day;
    if about.died.is_some_and(|died| died <= day) {
        off.died += 1;
    } else if about.registered > day {
        off.not_yet_registered += 1;
    } else {
        off.left += 1;
    }
}
