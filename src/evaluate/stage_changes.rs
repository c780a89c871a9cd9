//! The small changes of `[stages]`: two steps in the other order, a window a month longer, a step that leaves its window a day
//! late, a refusal that a step of the same day overrides, another stage that lapses.
//! In: a pathway as written. Out: changes in words; and each is made in a pathway as it is compiled.

use super::edits::search_mut;
use super::pathway::Step;
use crate::framework::calendar::{DayTable, FIRST_DAY, before};
use crate::framework::{Asks, DayTableId, DayTest, FactId, Framework, Order, Status};
use crate::rules::phrase::{Length, Unit};
use crate::rules::syntax::{Find, PathwayHead, RuleFile};
use crate::source::{At, Span};

/// What becomes of the stages.
#[derive(Clone, Copy, Debug)]
pub(super) enum StageSlip {
    /// A stage and the next one in the other order.
    Swap(usize),
    /// A window of another length than the first.
    Window(Step, Length, Length),
    /// It leaves its window so many days later.
    Leaves(Step, i32),
    /// This stage overrides a refusal of the same day.
    SameDay(usize),
    /// This stage does not override a refusal.
    Overrides(usize),
    /// This stage, with the window that it has, is the one that lapses.
    Lapses(usize, Length),
}

/// All changes of the stages, in words, with their places.
pub(super) fn stage_slips(file: &RuleFile, head: &PathwayHead) -> Vec<(Span, String, StageSlip)> {
    let mut slips = Vec::new();
    let names: Vec<&At<String>> = head.stages.iter().map(|stage| &stage.fact).collect();
    for (at, (name, next)) in names.iter().zip(names.iter().skip(1)).enumerate() {
        slips.push((name.span, format!("stage {}: swapped with stage {}", name.value, next.value), StageSlip::Swap(at)));
    }
    for (at, name) in names.iter().enumerate() {
        slips.extend(window_slips(file, name, "stage", Step::Stage(at)));
    }
    slips.extend(window_slips(file, &head.declined, "refusal", Step::Refusal));
    for (at, name) in names.iter().enumerate() {
        let place = format!("refusal {}: `{}`", head.declined.value, name.value);
        slips.push((head.declined.span, format!("{place} on the same day overrides it"), StageSlip::SameDay(at)));
        slips.push((head.declined.span, format!("{place} does not override it"), StageSlip::Overrides(at)));
    }
    for (at, name) in names.iter().enumerate().filter(|(_, name)| name.value != head.lapses.value) {
        let Some(window) = window(file, &name.value) else { continue };
        slips.push((
            head.lapses.span,
            format!("lapses with {} for {}", name.value, head.lapses.value),
            StageSlip::Lapses(at, window.value),
        ));
    }
    slips
}

fn window_slips(file: &RuleFile, name: &At<String>, what: &str, step: Step) -> Vec<(Span, String, StageSlip)> {
    let Some(window) = window(file, &name.value) else { return Vec::new() };
    let place = format!("{what} {}", name.value);
    let (was, unit) = (window.value, unit_words(window.value.unit));
    let mut slips = Vec::new();
    for number in [was.number - 1, was.number + 1].into_iter().filter(|number| *number > 0) {
        let words = format!("{place}: {unit} of `in` with {number} for {}", was.number);
        slips.push((window.span, words, StageSlip::Window(step, was, Length { number, ..was })));
    }
    slips.push((name.span, format!("{place}: leaves its window a day earlier"), StageSlip::Leaves(step, -1)));
    slips.push((name.span, format!("{place}: leaves its window a day later"), StageSlip::Leaves(step, 1)));
    slips
}

/// The window of the latest record of a fact.
fn window<'f>(file: &'f RuleFile, name: &str) -> Option<&'f At<Length>> {
    let fact = file.facts.iter().find(|fact| fact.name.value == name)?;
    match &fact.find {
        Find::Latest(search) => search.inside.as_ref(),
        Find::Earliest(_) | Find::Count { .. } | Find::Pair { .. } | Find::LatestOf(_) | Find::Registers(_) => None,
    }
}

fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Years => "years",
    }
}

impl StageSlip {
    /// Makes the change in a pathway, by its place in the framework.
    pub(super) fn make(self, framework: &mut Framework, pathway: usize) {
        match self {
            StageSlip::Swap(at) => swap(framework, pathway, at),
            StageSlip::Window(step, was, is) => {
                if let Some((fact, _)) = parts_of(framework, pathway, step) {
                    move_window(framework, fact, was, is);
                    let table = framework.add_table(DayTable::leaves(is));
                    leave_by(framework, pathway, step, table);
                }
            }
            StageSlip::Leaves(step, days) => {
                if let Some((_, Some(table))) = parts_of(framework, pathway, step) {
                    let table = framework.moved_table(table, days);
                    leave_by(framework, pathway, step, table);
                }
            }
            StageSlip::SameDay(stage) => change_refusal(framework, pathway, stage, Some(Order::OnOrAfter)),
            StageSlip::Overrides(stage) => change_refusal(framework, pathway, stage, None),
            StageSlip::Lapses(stage, window) => lapse(framework, pathway, stage, window),
        }
    }
}

/// The fact of a step, and when it leaves its window.
fn parts_of(framework: &Framework, pathway: usize, step: Step) -> Option<(FactId, Option<DayTableId>)> {
    let pathway = framework.pathways.get(pathway)?;
    match step {
        Step::Stage(at) => pathway.stages.get(at).map(|stage| (stage.fact, Some(stage.leaves))),
        Step::Refusal => Some((pathway.declined, pathway.declined_leaves)),
    }
}

fn leave_by(framework: &mut Framework, pathway: usize, step: Step, table: DayTableId) {
    let Some(pathway) = framework.pathways.get_mut(pathway) else { return };
    match step {
        Step::Stage(at) => pathway.stages.iter_mut().skip(at).take(1).for_each(|stage| stage.leaves = table),
        Step::Refusal => pathway.declined_leaves = Some(table),
    }
}

/// Stages and the facts in the lines change places; what lapses stays the same stage.
fn swap(framework: &mut Framework, pathway: usize, at: usize) {
    let Some(pathway) = framework.pathways.get_mut(pathway) else { return };
    let facts = pathway.stages.get(at).zip(pathway.stages.get(at + 1)).map(|(first, second)| (first.fact, second.fact));
    let Some((first, second)) = facts else { return };
    pathway.stages.swap(at, at + 1);
    pathway.lapses = match pathway.lapses {
        lapses if lapses == at => at + 1,
        lapses if lapses == at + 1 => at,
        lapses => lapses,
    };
    for clause in pathway.lines.lines.iter_mut().flat_map(|line| &mut line.condition.clauses) {
        if let Asks::Fact(fact, ..) = &mut clause.asks {
            *fact = match *fact {
                fact if fact == first => second,
                fact if fact == second => first,
                fact => fact,
            };
        }
    }
}

/// A bound that is nearer than the window stays.
fn move_window(framework: &mut Framework, fact: FactId, was: Length, is: Length) {
    let day = framework.reporting_day;
    let first = |length| before(day, length).plus(1);
    if let Some(search) = framework.facts.get_mut(fact.0 as usize).and_then(search_mut) {
        search.from = if search.from == first(was) { first(is) } else { search.from.max(first(is)) };
    }
}

/// When a stage overrides a refusal: on which days, or never.
fn change_refusal(framework: &mut Framework, pathway: usize, stage: usize, order: Option<Order>) {
    let Some(pathway) = framework.pathways.get_mut(pathway) else { return };
    let Some(overrides) = pathway.stages.get(stage).map(|stage| stage.fact) else { return };
    let lines = pathway.lines.lines.iter_mut().zip(&pathway.places);
    for (line, _) in lines.filter(|(_, place)| place.status == Status::Declined) {
        let is_it = |asks: &Asks| matches!(asks, Asks::Fact(fact, days, _) if *fact == overrides && !days.is_empty());
        match order {
            None => line.condition.clauses.retain(|clause| !is_it(&clause.asks)),
            Some(order) => {
                for clause in line.condition.clauses.iter_mut().filter(|clause| is_it(&clause.asks)) {
                    if let Asks::Fact(_, days, _) = &mut clause.asks
                        && let Some(DayTest::Fact(after, _)) = days.first_mut()
                    {
                        *after = order;
                    }
                }
            }
        }
    }
}

/// The plan is the stage's record of whatever age: a fact of its own, because others may ask for the old one.
fn lapse(framework: &mut Framework, pathway: usize, stage: usize, window: Length) {
    let first = before(framework.reporting_day, window).plus(1);
    let Some(fact) = framework.pathways.get(pathway).and_then(|pathway| pathway.stages.get(stage)).map(|stage| stage.fact) else { return };
    let Some(mut fact) = framework.facts.get(fact.0 as usize).cloned() else { return };
    if let Some(search) = search_mut(&mut fact).filter(|search| search.from == first) {
        search.from = FIRST_DAY;
    }
    let plan = FactId(u32::try_from(framework.facts.len()).unwrap_or(u32::MAX));
    framework.facts.push(fact);
    let Some(pathway) = framework.pathways.get_mut(pathway) else { return };
    for clause in pathway.lines.lines.iter_mut().flat_map(|line| &mut line.condition.clauses) {
        match &mut clause.asks {
            Asks::Fact(fact, ..) if *fact == pathway.plan => *fact = plan,
            _ => {}
        }
    }
    pathway.plan = plan;
    pathway.lapses = stage;
}
