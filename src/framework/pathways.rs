//! `[pathway]` → [`Pathway`]: its stages and counts with ids, and **its lines, which follow from its stages**:
//! one line a place (status and furthest stage), in the order in which they are looked for.

use super::from_rules::{Making, Table};
use super::names::Scope;
use super::{
    Asks, Clause, Condition, DayTableId, DayTest, Fact, FactId, Joined, Line, LineNumber, Lines, Order, Outcome, PathwayPlace, RegisterId,
    Status,
};
use crate::problem::{Problem, did_you_mean};
use crate::rules::places::places;
use crate::rules::syntax::{CountText, Find, PathwayHead, PeopleText, RuleFile, SearchText};
use crate::source::At;

/// One cycle of care, of the people on a register.
#[derive(Clone, Debug)]
pub struct Pathway {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Whom it is of.
    pub of: RegisterId,
    /// What decides where a person is: line number n is place n - 1.
    pub lines: Lines,
    /// What each line means, in the order of the lines.
    pub places: Vec<PathwayPlace>,
    /// The steps, in order.
    pub stages: Vec<Stage>,
    /// The refusal.
    pub declined: FactId,
    /// For the day of a refusal, the first day on which it no longer stands; nothing when it has no window.
    pub declined_leaves: Option<DayTableId>,
    /// The stage that lapses, as an index of `stages`.
    pub lapses: usize,
    /// The latest record of that stage, whatever its age.
    pub plan: FactId,
    /// What to do next when the person declined.
    pub if_declined: String,
    /// What to do next when the plan lapsed.
    pub if_lapsed: String,
    /// What to do next when the cycle is complete.
    pub if_complete: String,
    /// The registers by which people are also counted.
    pub conditions: Vec<RegisterId>,
    /// What is counted by people, events and contact days.
    pub counts: Vec<EventCount>,
    /// What is counted by people only.
    pub people: Vec<PeopleCount>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name, which is that of its fact.
    pub name: String,
    /// For people.
    pub title: String,
    /// What to do when this is the next step.
    pub next: String,
    /// What shows it: the latest record within its window.
    pub fact: FactId,
    /// For the day of a record, the first day on which it is no longer within the window.
    pub leaves: DayTableId,
}

/// All records of a fact.
#[derive(Clone, Debug)]
pub struct EventCount {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: String,
    /// A count of records without bounds of its own.
    pub fact: FactId,
    /// Only records of a code that the person also has on one of so many days before, not on the day itself.
    pub again: Option<i32>,
    /// Also how many people have 1, 2, 3 … contact days.
    pub spread: bool,
}

/// People for whom a sentence holds on the reporting day.
#[derive(Clone, Debug)]
pub struct PeopleCount {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: String,
    /// The sentence.
    pub condition: Condition,
}

impl Pathway {
    /// The place that a line stands for.
    pub fn place(&self, line: LineNumber) -> Option<PathwayPlace> {
        self.places.get(usize::from(line.0).checked_sub(1)?).copied()
    }
}

/// Makes the pathway of a file; nothing when a name in it is unknown or of the wrong kind, which is noted.
pub(super) fn pathway<'r>(making: &mut Making<'r>, file: &'r RuleFile, head: &'r PathwayHead) -> Option<Pathway> {
    let of = making.register(&head.of);
    let mut scope = Scope::of_register(making, file);
    let stages: Vec<Option<Stage>> =
        head.stages.iter().map(|stage| self::stage(&mut scope, &stage.fact, &stage.title, &stage.next)).collect();
    let refusal = found(&mut scope, &head.declined).flatten();
    let declined = refusal.and_then(|_| scope.fact_called(&head.declined));
    let declined_window = refusal.and_then(|search| search.inside.as_ref());
    let declined_leaves = declined_window.map(|window| scope.making.day_table(Table::Leaves, window.value));
    let lapses = head.stages.iter().position(|stage| stage.fact.value == head.lapses.value);
    if lapses.is_none() {
        let names = head.stages.iter().map(|stage| stage.fact.value.as_str());
        let help = did_you_mean(&head.lapses.value, names).unwrap_or_else(|| "name one of the stages".to_owned());
        scope.note(
            Problem::error("R060", format!("there is no stage called `{}`", head.lapses.value)).at(head.lapses.span, "no stage").help(help),
        );
    }
    let plan = plan(&mut scope, &head.lapses);
    let conditions = head.conditions.as_ref().map(|name| registers(&mut scope, name));
    let counts: Vec<Option<EventCount>> = head.counts.iter().map(|count| event_count(&mut scope, count)).collect();
    let people: Vec<Option<PeopleCount>> = head.people.iter().map(|people| people_count(&mut scope, people)).collect();
    let mut lines = scope.lines();
    let stages = stages.into_iter().collect::<Option<Vec<Stage>>>()?;
    let (declined, plan) = (declined?, plan?);
    let places = places(stages.len());
    let row = making.rulebook.row(head.id.span);
    lines.lines = (1..).zip(&places).map(|(number, place)| line(number, *place, &stages, declined, plan, row, head)).collect();
    Some(Pathway {
        id: head.id.value.clone(),
        title: head.title.value.clone(),
        source: head.source.as_ref().map(|source| source.value.clone()).unwrap_or_default(),
        of: of?,
        lines,
        places,
        stages,
        declined,
        declined_leaves,
        lapses: lapses?,
        plan,
        if_declined: head.if_declined.value.clone(),
        if_lapsed: head.if_lapsed.value.clone(),
        if_complete: head.if_complete.value.clone(),
        conditions: match conditions {
            Some(conditions) => conditions?,
            None => Vec::new(),
        },
        counts: counts.into_iter().collect::<Option<Vec<_>>>()?,
        people: people.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

fn stage(scope: &mut Scope<'_, '_>, fact: &At<String>, title: &At<String>, next: &At<String>) -> Option<Stage> {
    let search = found(scope, fact)??;
    let Some(window) = &search.inside else {
        let help = "add in = \"last 12 months\": a stage counts as long as its record lies within its window";
        scope.note(Problem::error("R060", format!("the stage `{}` has no window", fact.value)).at(fact.span, "this stage").help(help));
        return None;
    };
    let leaves = scope.making.day_table(Table::Leaves, window.value);
    Some(Stage { name: fact.value.clone(), title: title.value.clone(), next: next.value.clone(), fact: scope.fact_called(fact)?, leaves })
}

/// The search of a fact that finds the latest record: `Some(None)` is never given; nothing when it is unknown or of another kind.
fn found<'r>(scope: &mut Scope<'_, 'r>, name: &At<String>) -> Option<Option<&'r SearchText>> {
    scope.fact_called(name)?;
    let file = scope.file;
    let text = file.facts.iter().find(|fact| fact.name.value == name.value)?;
    if let Find::Latest(search) = &text.find {
        return Some(Some(search));
    }
    let help = "a step and a refusal are facts with find = \"latest\"";
    scope.note(Problem::error("R060", format!("`{}` does not find the latest record", name.value)).at(name.span, "this fact").help(help));
    None
}

/// The stage's fact without its window.
fn plan(scope: &mut Scope<'_, '_>, stage: &At<String>) -> Option<FactId> {
    let file = scope.file;
    let text = file.facts.iter().find(|fact| fact.name.value == stage.value)?;
    let Find::Latest(search) = &text.find else { return None };
    let mut text = text.clone();
    text.find = Find::Latest(SearchText { inside: None, ..search.clone() });
    let fact = scope.find(&text)?;
    Some(scope.making.fact(fact))
}

fn registers(scope: &mut Scope<'_, '_>, name: &At<String>) -> Option<Vec<RegisterId>> {
    let id = scope.fact_called(name)?;
    if let Some(Fact::Registers(ids)) = scope.making.framework.facts.get(id.0 as usize) {
        return Some(ids.clone());
    }
    let help = "name a fact with find = \"registers\"";
    scope.note(Problem::error("R061", format!("`{}` does not count registers", name.value)).at(name.span, "this fact").help(help));
    None
}

fn event_count(scope: &mut Scope<'_, '_>, count: &CountText) -> Option<EventCount> {
    let id = scope.fact_called(&count.fact)?;
    let file = scope.file;
    let text = file.facts.iter().find(|fact| fact.name.value == count.fact.value)?;
    let fits = match &text.find {
        Find::Count { search, .. } => search.inside.is_none() && search.since.is_none() && search.until.is_none(),
        Find::Latest(_) | Find::Earliest(_) | Find::Pair { .. } | Find::LatestOf(_) | Find::Registers(_) => false,
    };
    if !fits {
        let help = "a count takes a fact with find = \"count\" and without in, since and until: the periods are added";
        scope.note(Problem::error("R061", format!("`{}` cannot be counted", count.fact.value)).at(count.fact.span, "this fact").help(help));
        return None;
    }
    Some(EventCount {
        id: count.id.value.clone(),
        title: count.title.value.clone(),
        fact: id,
        again: count.again.as_ref().map(|days| days.value),
        spread: count.spread,
    })
}

fn people_count(scope: &mut Scope<'_, '_>, people: &PeopleText) -> Option<PeopleCount> {
    let condition = scope.sentence(&people.is.value)?;
    Some(PeopleCount { id: people.id.value.clone(), title: people.title.value.clone(), condition })
}

/// The line of one place. Places stand in an order in which the first whose line holds is the right one:
/// the furthest stage first, and a refusal before everything else.
fn line(number: u16, place: PathwayPlace, stages: &[Stage], declined: FactId, plan: FactId, row: usize, head: &PathwayHead) -> Line {
    let there = |fact: FactId| Clause { no: false, asks: Asks::Fact(fact, Vec::new(), Vec::new()) };
    let since_declined =
        |stage: &Stage| Clause { no: true, asks: Asks::Fact(stage.fact, vec![DayTest::Fact(Order::After, declined)], Vec::new()) };
    let furthest = place.furthest.checked_sub(1).and_then(|at| stages.get(at));
    let mut clauses = match place.status {
        Status::Declined => std::iter::once(there(declined)).chain(stages.iter().map(since_declined)).collect(),
        Status::Lapsed => vec![there(plan)],
        Status::Complete | Status::InProgress | Status::NotStarted => Vec::new(),
    };
    clauses.extend(furthest.map(|stage| there(stage.fact)));
    let words = match furthest {
        Some(stage) => format!("{}; furthest stage: {}", place.status.word(), stage.title),
        None => format!("{}; no stage", place.status.word()),
    };
    Line {
        number: LineNumber(number),
        rule: None,
        outcome: Outcome::Pathway(place.status),
        condition: Condition { joined: Joined::All, clauses },
        words,
        row,
        span: head.id.span,
    }
}
