//! One person: what is due, why, and what would mend it.

use super::figures::{Figures, Standing};
use super::{Recall, sets_asked_for};
use crate::evaluate::next::{Action, Next, NextOf, Proposal};
use crate::evaluate::{Answers, Memory};
use crate::extract::patient::Patient;
use crate::framework::calendar::Day;
use crate::framework::code_sets::SetId;
use crate::framework::{Amount, Framework, Indicator, LineNumber, Outcome, RegisterId, Sex};

/// Why an indicator is named for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Not achieved at the end unless something is done, and it can be.
    Due,
    /// Counts today and would not at the end.
    Lapses,
    /// Not achieved today, and left out at the end for a reason that time brings; the care can still be given.
    WillBeExcepted,
    /// Left out today and at the end, but the care can still be given.
    Excepted,
    /// Not achieved at the end whatever is done.
    TooLate,
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Kind; 5] = [Kind::Due, Kind::Lapses, Kind::WillBeExcepted, Kind::Excepted, Kind::TooLate];

    /// As it is written in files.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Due => "due",
            Kind::Lapses => "lapses",
            Kind::WillBeExcepted => "will be excepted",
            Kind::Excepted => "excepted, care still due",
            Kind::TooLate => "too late",
        }
    }

    /// Whether doing it makes one more person achieved at the end who would not be otherwise, and is asked for.
    pub fn counts(self) -> bool {
        matches!(self, Kind::Due | Kind::Lapses)
    }
}

/// One indicator of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Which indicator, by its place in the framework.
    pub indicator: usize,
    /// Why it is named.
    pub kind: Kind,
    /// The line that decides today; nothing where the person is not of the indicator today.
    pub today: Option<LineNumber>,
    /// The line that would decide at the end if nothing were done.
    pub end: LineNumber,
    /// What can be done; nothing where it is too late.
    pub proposal: Option<Proposal>,
    /// Where nothing can be done: what could have been, and the days on which it would have counted.
    pub missed: Vec<Action>,
    /// The latest record of what the indicator asks for.
    pub last: Option<Last>,
    /// The first day on which it does not count any more.
    pub lapses: Option<Day>,
}

/// A record that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// Its day.
    pub day: Day,
    /// The set and value of each record of the day.
    pub records: Vec<(SetId, Option<Amount>)>,
}

/// A time at which several indicators can be completed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// How many.
    pub indicators: usize,
    /// The first day.
    pub from: Day,
    /// The last.
    pub to: Day,
}

/// One person for whom something is due.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRecall {
    /// Which person of the extract.
    pub number: u32,
    /// Age in full years on the reporting day.
    pub age: i64,
    /// The sex, where it is told.
    pub sex: Option<Sex>,
    /// The conditions that the person has today: the registers that pathways tell conditions by, without pathways all registers.
    pub conditions: Vec<RegisterId>,
    /// What is due, in the order of the indicators.
    pub due: Vec<Due>,
    /// When the most can be completed at once.
    pub appointment: Option<Appointment>,
}

impl PersonRecall {
    /// The first day on which something can no longer be completed.
    pub fn by(&self) -> Option<Day> {
        let counting = self.due.iter().filter(|due| due.kind.counts());
        counting.filter_map(|due| due.proposal.as_ref()?.by()).min()
    }

    /// How many indicators can still be completed.
    pub fn can_be_completed(&self) -> usize {
        self.due.iter().filter(|due| due.kind.counts() && due.proposal.is_some()).count()
    }
}

/// Asks person after person, in the same memory.
pub(super) struct Asking<'f> {
    pub recall: Recall<'f>,
    pub next: Next<'f>,
    pub today: Memory,
    pub between: Memory,
}

/// What both views say of an indicator.
struct Both {
    today: Option<LineNumber>,
    end: Option<LineNumber>,
}

impl Asking<'_> {
    /// One person on the list.
    pub fn person(&mut self, number: u32, patient: Patient<'_>, figures: &mut Figures) -> PersonRecall {
        let Asking { recall, next, today, between } = self;
        let mut answers = Answers::within(std::mem::take(today), recall.today, patient);
        let conditions: Vec<RegisterId> = recall.conditions.iter().copied().filter(|id| answers.on_register(*id)).collect();
        let lines_today: Vec<Option<LineNumber>> = recall.today.indicators.iter().map(|indicator| answers.indicator(indicator)).collect();
        let age = answers.age();
        *today = answers.into_memory();
        let mut next = next.of(patient);
        let both = lines_today.into_iter().zip(next.lines_at_end()).map(|(today, end)| Both { today, end });
        let due: Vec<Due> =
            both.enumerate().filter_map(|(indicator, both)| due(*recall, &mut next, between, indicator, &both, figures)).collect();
        figures.person(&due);
        let appointment = appointment(&due);
        PersonRecall { number, age, sex: patient.about.sex, conditions, due, appointment }
    }
}

fn due(
    recall: Recall<'_>,
    next: &mut NextOf<'_, '_, '_>,
    memory: &mut Memory,
    at: usize,
    both: &Both,
    figures: &mut Figures,
) -> Option<Due> {
    let Recall { today, end, .. } = recall;
    let then = outcome(end, at, both.end);
    let now = outcome(today, at, both.today);
    figures.both(at, now, then);
    let (Some(line), Some(then)) = (both.end, then) else { return None };
    let kind = match (now, then) {
        (_, Outcome::Achieved | Outcome::Excluded) => return None,
        (Some(Outcome::Achieved), _) => Kind::Lapses,
        (_, Outcome::NotAchieved) => Kind::Due,
        (Some(Outcome::NotAchieved), _) => Kind::WillBeExcepted,
        _ => Kind::Excepted,
    };
    let indicator = end.indicators.get(at)?;
    let is_there_time = today.reporting_day < end.reporting_day;
    let proposal = if is_there_time { next.proposal(indicator) } else { None };
    let kind = match (&proposal, kind) {
        (None, Kind::Excepted | Kind::WillBeExcepted) => return None,
        (None, Kind::Due) => Kind::TooLate,
        (_, kind) => kind,
    };
    let missed = if proposal.is_none() && is_there_time { next.missed(indicator) } else { Vec::new() };
    let lapses = if kind == Kind::Lapses { lapses(recall, next.as_is(), memory, at) } else { None };
    let last = last(end, next.as_is(), indicator);
    Some(Due { indicator: at, kind, today: both.today, end: line, proposal, missed, last, lapses })
}

/// The first day on which an indicator that counts today does not count, if nothing is done.
fn lapses(recall: Recall<'_>, patient: Patient<'_>, memory: &mut Memory, at: usize) -> Option<Day> {
    recall.first_day(|framework| {
        let mut answers = Answers::within(std::mem::take(memory), framework, patient);
        let line = framework.indicators.get(at).and_then(|indicator| answers.indicator(indicator));
        *memory = answers.into_memory();
        outcome(framework, at, line) == Some(Outcome::Achieved)
    })
}

fn last(end: &Framework, patient: Patient<'_>, indicator: &Indicator) -> Option<Last> {
    let sets = sets_asked_for(end, indicator);
    let day = sets.iter().flat_map(|set| patient.of(*set)).map(|record| record.day).max()?;
    let of_day = sets.iter().flat_map(|set| patient.of(*set)).filter(|record| record.day == day);
    let mut records: Vec<(SetId, Option<Amount>)> = of_day.map(|record| (record.set, record.amount)).collect();
    records.dedup();
    Some(Last { day, records })
}

fn outcome(framework: &Framework, at: usize, line: Option<LineNumber>) -> Option<Outcome> {
    framework.indicators.get(at)?.lines.line(line?).map(|line| line.outcome)
}

/// The days on which the most of what counts can be completed at once: the earliest of several.
fn appointment(due: &[Due]) -> Option<Appointment> {
    let ranges: Vec<(Day, Day)> = due.iter().filter(|due| due.kind.counts()).filter_map(|due| due.proposal.as_ref()?.together).collect();
    let on = |day: Day| ranges.iter().filter(move |(from, to)| (*from..=*to).contains(&day));
    // Only where one begins can there be more than the day before.
    let best = ranges.iter().map(|(from, _)| (on(*from).count(), std::cmp::Reverse(*from))).max()?;
    let (indicators, std::cmp::Reverse(from)) = best;
    let to = on(from).map(|(_, to)| *to).min()?;
    Some(Appointment { indicators, from, to })
}

impl Figures {
    fn both(&mut self, at: usize, today: Option<Outcome>, end: Option<Outcome>) {
        let count = |standing: &mut Standing, outcome: Option<Outcome>| match outcome {
            Some(Outcome::Achieved) => {
                standing.achieved += 1;
                standing.denominator += 1;
            }
            Some(Outcome::NotAchieved) => standing.denominator += 1,
            Some(Outcome::Excepted(_)) => standing.excepted += 1,
            _ => {}
        };
        if let Some(figure) = self.indicators.get_mut(at) {
            count(&mut figure.today, today);
            count(&mut figure.end, end);
        }
    }
}
