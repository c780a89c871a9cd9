//! One person in a pathway: besides the line that says status and furthest stage, everything that follows from the same facts.

use super::Answers;
use crate::extract::patient::Record;
use crate::framework::calendar::Day;
use crate::framework::code_sets::CodeId;
use crate::framework::pathways::{EventCount, Pathway, PeopleCount};
use crate::framework::{Fact, LineNumber, PathwayPlace, Status};

/// Where a person is in a pathway, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'f> {
    /// The line that decided.
    pub line: LineNumber,
    /// Status and furthest stage.
    pub place: PathwayPlace,
    /// The day of each stage, in the order of the stages; nothing where the stage is not within its window.
    pub days: Vec<Option<Day>>,
    /// Stages (as indices) before the furthest that are not there.
    pub missing: Vec<usize>,
    /// What to do next.
    pub next: &'f str,
    /// The day on which the plan lapses, or lapsed; nothing without a plan.
    pub lapses: Option<Day>,
    /// What drops out of its window first, and when; nothing without a stage.
    pub drops: Option<Drops>,
}

/// Something that drops out of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drops {
    /// The first day on which it has left it.
    pub on: Day,
    /// What drops out.
    pub what: Step,
}

/// What has a window in a pathway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A stage, as an index.
    Stage(usize),
    /// The refusal of somebody who is declined.
    Refusal,
}

impl Standing<'_> {
    /// Every pair of stages that are both there: which, and how many days the later stage lies after the earlier one;
    /// a negative number is a step out of order.
    pub fn between(&self) -> impl Iterator<Item = (usize, usize, i32)> {
        let there = || self.days.iter().enumerate().filter_map(|(at, day)| Some((at, (*day)?)));
        there().flat_map(move |(from, first)| there().filter(move |(to, _)| *to > from).map(move |(to, last)| (from, to, last.0 - first.0)))
    }

    /// Whether some step lies before an earlier one.
    pub fn out_of_order(&self) -> bool {
        self.between().any(|(_, _, days)| days < 0)
    }
}

impl<'a> Answers<'a> {
    /// Where the person is in a pathway; nothing when it is not of this person.
    pub fn pathway(&mut self, pathway: &'a Pathway) -> Option<Standing<'a>> {
        if !self.on_register(pathway.of) {
            return None;
        }
        let line = self.decide(&pathway.lines);
        let place = pathway.place(line)?;
        let days: Vec<Option<Day>> = pathway.stages.iter().map(|stage| self.found(stage.fact).day).collect();
        let before = days.iter().take(place.furthest).enumerate();
        let missing = before.filter(|(_, day)| day.is_none()).map(|(at, _)| at).collect();
        let framework = self.framework;
        let stages = pathway.stages.iter().zip(&days).enumerate();
        let left = stages.filter_map(|(at, (stage, day))| Some((Step::Stage(at), stage.leaves, (*day)?)));
        // A refusal that a step has overridden decides nothing any more.
        let refused = if place.status == Status::Declined { self.found(pathway.declined).day } else { None };
        let refusal = pathway.declined_leaves.zip(refused).map(|(leaves, day)| (Step::Refusal, leaves, day));
        let drops = left.chain(refusal).map(|(what, leaves, day)| Drops { on: framework.day_table(leaves).of(day), what });
        let drops = drops.min();
        let plan = pathway.stages.get(pathway.lapses).zip(self.found(pathway.plan).day);
        let lapses = plan.map(|(stage, day)| framework.day_table(stage.leaves).of(day));
        Some(Standing { line, place, missing, next: next(pathway, place), lapses, drops, days })
    }
}

impl Answers<'_> {
    /// All events of a count up to the reporting day, by day: each record once, whatever the number of its sets.
    pub fn events(&mut self, count: &EventCount) -> Vec<Event> {
        let framework = self.framework;
        let Fact::Count(search, _) = framework.fact(count.fact) else { return Vec::new() };
        let mut records: Vec<&Record> = self.records(search).collect();
        if records.is_empty() {
            return Vec::new();
        }
        records.sort_unstable_by_key(|record| (record.day, record.record));
        records.dedup_by_key(|record| record.record);
        let patient = self.patient;
        let event = |record: &&Record| Event { day: record.day, record: record.record, code: patient.code(record) };
        let all: Vec<Event> = records.iter().map(event).collect();
        match count.again {
            Some(days) => all.iter().filter(|event| event.is_again(&all, days)).copied().collect(),
            None => all,
        }
    }

    /// The days up to the reporting day on which a plan lapsed: it left its window, and no other had been made by then.
    pub fn lapses(&mut self, pathway: &Pathway) -> Vec<Day> {
        let framework = self.framework;
        let Some(stage) = pathway.stages.get(pathway.lapses) else { return Vec::new() };
        let Fact::Latest(search) = framework.fact(pathway.plan) else { return Vec::new() };
        let days = self.days(search);
        let lapse = |day: &Day| framework.day_table(stage.leaves).of(*day);
        let renewed = |day: &Day| days.iter().any(|later| *later > *day && *later <= lapse(day));
        days.iter().filter(|day| !renewed(day)).map(lapse).filter(|lapse| *lapse <= framework.reporting_day).collect()
    }

    /// Whether the sentence of a count of people holds.
    pub fn people_count_holds(&mut self, count: &PeopleCount) -> bool {
        self.holds(&count.condition)
    }
}

/// One record of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its day.
    pub day: Day,
    /// Which record of the practice.
    pub record: u32,
    /// Its code.
    pub code: Option<CodeId>,
}

impl Event {
    /// Whether the same code stands on one of so many days before, the day itself not among them.
    fn is_again(&self, all: &[Event], days: i32) -> bool {
        let window = self.day.plus(-days)..self.day;
        all.iter().any(|other| other.code == self.code && window.contains(&other.day))
    }
}

/// The step after the furthest one, or what a person who is not on the way needs.
fn next(pathway: &Pathway, place: PathwayPlace) -> &str {
    match place.status {
        Status::Declined => &pathway.if_declined,
        Status::Lapsed => &pathway.if_lapsed,
        Status::Complete => &pathway.if_complete,
        Status::InProgress | Status::NotStarted => pathway.stages.get(place.furthest).map_or("", |stage| stage.next.as_str()),
    }
}
