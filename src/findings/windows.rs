//! Days that rules look back to × where the events of each practice begin → windows longer than the history.
//! Goes by the days that the framework worked out; the file as written only says where each stands.

use super::people::{Counted, FileCount};
use super::{Evidence, Finding, Section, lines_in_words, listed};
use crate::framework::calendar::{Day, FIRST_DAY};
use crate::framework::{Asks, Clause, Condition, DayTest, Fact, FactId, Framework, Hang, LineNumber, Near, Order, Search};
use crate::problem::Problem;
use crate::rules::phrase::{self, Subject, Test};
use crate::rules::syntax::{Find, RuleFile, SearchText};
use crate::source::Span;
use crate::tally::{Key, LIST};
use std::collections::{BTreeMap, BTreeSet};

/// How many practices and facts a message names before it only says how many there are.
const NAMED: usize = 10;

/// Which end of a window needs events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    /// Records from a day on: what lies before the first event is missing.
    From(Day),
    /// Records up to a day only: a practice that begins later has none at all.
    UpTo(Day),
}

/// One window of a file.
struct Window<'e> {
    needs: Needs,
    span: Span,
    what: String,
    path: &'e str,
    id: &'e str,
    lines: Vec<LineNumber>,
}

/// A practice with people.
struct History<'e> {
    code: &'e str,
    people: u64,
    first: Day,
}

pub(super) fn findings(evidence: &Evidence<'_>, counted: &Counted<'_>) -> Vec<Finding> {
    let (histories, without_events) = histories(evidence);
    let mut by_day: BTreeMap<Needs, Vec<Window<'_>>> = BTreeMap::new();
    for count in &counted.files {
        for window in windows_of(evidence, count) {
            by_day.entry(window.needs).or_default().push(window);
        }
    }
    let found = by_day.into_iter().filter_map(|(needs, windows)| finding(needs, &windows, &histories));
    found.chain(without_events).collect()
}

/// Practices with people, and a finding of those that have no events at all.
fn histories<'e>(evidence: &Evidence<'e>) -> (Vec<History<'e>>, Option<Finding>) {
    let (mut histories, mut without, mut people_without) = (Vec::new(), Vec::new(), 0);
    for (at, practice) in evidence.practices.iter().enumerate() {
        let key = Key { practice: u32::try_from(at).unwrap_or(u32::MAX), day: 0, measure: LIST, stratum: 0, line: 1 };
        let people = u64::from(evidence.tally.get(key));
        match evidence.census.first_event(at) {
            _ if people == 0 => {}
            Some(first) => histories.push(History { code: &practice.code, people, first }),
            None => {
                without.push(practice.code.clone());
                people_without += people;
            }
        }
    }
    let practices = if without.len() == 1 { "a practice has".to_owned() } else { format!("{} practices have", without.len()) };
    let says = format!("{practices} people and not one event: {}", listed(without.clone(), NAMED));
    let problem = Problem::warning("R056", says)
        .in_data("practices.csv", None, None)
        .help("look whether their events files are in the folder, and whether the patient_id is written in the same way in both");
    let found = (!without.is_empty()).then(|| Finding::new(Section::Windows, problem, people_without));
    (histories, found)
}

/// Months are compared, not days: a first event in the month in which a window begins is no gap.
fn finding(needs: Needs, windows: &[Window<'_>], histories: &[History<'_>]) -> Option<Finding> {
    let (Needs::From(day) | Needs::UpTo(day)) = needs;
    let begins_later = |history: &&History<'_>| history.first.in_a_later_month_than(day);
    let later: Vec<&History<'_>> = histories.iter().filter(begins_later).collect();
    let (first, others) = windows.split_first()?;
    if later.is_empty() {
        return None;
    }
    let practices = match (later.len(), histories.len()) {
        (_, 1) => "the practice".to_owned(),
        (some, all) if some == all => format!("all {all} practices"),
        (some, all) => format!("{some} of {all} practices"),
    };
    let (says, label) = match needs {
        Needs::From(day) => (
            format!("this window begins on {}, before the events of {practices} do", day.long()),
            format!("`{}` looks back to {}", first.what, day.long()),
        ),
        Needs::UpTo(day) => (
            format!("only what lies up to {} is looked for, and the events of {practices} begin later", day.long()),
            format!("`{}` looks at nothing after {}", first.what, day.long()),
        ),
    };
    let mut by_month: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    for history in &later {
        let month = by_month.keys().find(|month| month.long_month() == history.first.long_month()).copied();
        by_month.entry(month.unwrap_or(history.first)).or_default().push(history.code.to_owned());
    }
    let begin = by_month.into_iter().map(|(month, practices)| {
        let has = if practices.len() == 1 { "has" } else { "have" };
        format!("{} {has} events from {} on", listed(practices, NAMED), month.long_month())
    });
    let mut help = format!(
        "{}: nobody there can have what lies before; ask for a longer history, or read their figures with that in mind",
        listed(begin.collect(), NAMED)
    );
    if !first.lines.is_empty() {
        help += &format!(". It concerns {} of {}", lines_in_words(&first.lines), first.id);
    }
    if !others.is_empty() {
        let facts = others.iter().map(|window| match window.lines.as_slice() {
            [] => format!("`{}` in {}", window.what, window.path),
            lines => format!("`{}` in {} of {}", window.what, lines_in_words(lines), window.id),
        });
        help += &format!(". The same day counts for {}", listed(facts.collect(), NAMED));
    }
    let people = later.iter().map(|history| history.people).sum();
    Some(Finding::new(Section::Windows, Problem::warning("R056", says).at(first.span, label).help(help), people))
}

/// The windows of one file: each fact and each day once.
fn windows_of<'e>(evidence: &Evidence<'e>, count: &FileCount<'e>) -> Vec<Window<'e>> {
    let path = evidence.rulebook.path(count.file.file);
    let mut looking = Looking { framework: evidence.framework, count, windows: BTreeMap::new(), asked_from: BTreeMap::new() };
    for text in &count.file.facts {
        let id = count.lines.fact_names.iter().find(|(_, name)| *name == text.name.value).map(|(id, _)| *id);
        if let (Some(id), Some(search)) = (id, text.find.search()) {
            looking.search(&text.name.value, id, search);
        }
    }
    for (at, line) in (1..).zip(&count.file.lines) {
        let made = count.lines.line(LineNumber(at));
        if let Some((text, made)) = line.condition.as_ref().zip(made) {
            looking.sentence(text, &made.condition, &[LineNumber(at)]);
        }
    }
    for (name, text) in &count.file.conditions {
        let id = count.lines.condition_names.iter().find(|(_, other)| *other == name.value).map(|(id, _)| *id);
        if let Some(id) = id {
            looking.sentence(&text.value, evidence.framework.condition(id), &lines_naming(count.file, &name.value));
        }
    }
    for text in &count.file.facts {
        let id = count.lines.fact_names.iter().find(|(_, name)| *name == text.name.value).map(|(id, _)| *id);
        if let (Some(id), Some(search)) = (id, text.find.search()) {
            looking.companions(&text.name.value, id, search);
        }
    }
    looking
        .windows
        .into_iter()
        .map(|((needs, what), (span, lines))| Window { needs, span, what, path, id: &count.id().value, lines: lines.into_iter().collect() })
        .collect()
}

struct Looking<'c, 'e> {
    framework: &'e Framework,
    count: &'c FileCount<'e>,
    windows: BTreeMap<(Needs, String), (Span, BTreeSet<LineNumber>)>,
    /// The earliest day from which lines ask for a fact.
    asked_from: BTreeMap<FactId, Day>,
}

impl Looking<'_, '_> {
    fn add(&mut self, needs: Needs, what: &str, span: Span, lines: &[LineNumber]) {
        self.windows.entry((needs, what.to_owned())).or_insert_with(|| (span, BTreeSet::new())).1.extend(lines);
    }

    /// A fact's own window.
    fn search(&mut self, name: &str, id: FactId, text: &SearchText) {
        let Some(search) = search_of(self.framework.fact(id)) else { return };
        let since = text.since.as_ref().map(|since| since.span);
        let earlier = matches!(search.since, Some(Hang::Fact(_, days)) if days < 0);
        let from =
            self.from(id).zip(text.inside.as_ref().map(|inside| inside.span).or(since)).filter(|_| search.from > FIRST_DAY || earlier);
        let lines = lines_naming(self.count.file, name);
        if let Some((day, span)) = from {
            self.add(Needs::From(day), name, span, &lines);
        } else if let Some(until) = text.until.as_ref().filter(|_| search.to < self.framework.reporting_day) {
            self.add(Needs::UpTo(search.to), name, until.span, &lines);
        }
    }

    /// The first day that a fact looks at, when it does not look at all days.
    fn from(&self, id: FactId) -> Option<Day> {
        match self.framework.fact(id) {
            Fact::LatestOf(ids) => ids.iter().map(|id| self.from(*id)).collect::<Option<Vec<Day>>>()?.into_iter().min(),
            Fact::Registers(_) => None,
            other => {
                let search = search_of(other)?;
                let own = Some(search.from).filter(|from| *from > FIRST_DAY);
                let hang = match search.since {
                    Some(Hang::Fact(other, days)) => self.from(other).map(|day| day.plus(days)),
                    Some(Hang::Age(_)) | None => None,
                };
                own.max(hang)
            }
        }
    }

    fn sentence(&mut self, text: &phrase::Condition, made: &Condition, lines: &[LineNumber]) {
        for (text, made) in text.clauses.iter().zip(&made.clauses) {
            self.clause(text, made, lines);
        }
    }

    fn clause(&mut self, text: &phrase::Clause, made: &Clause, lines: &[LineNumber]) {
        let (Subject::Named(name), Asks::Fact(id, days, _)) = (&text.subject, &made.asks) else { return };
        let own = self.from(*id);
        let mut from = own;
        let texts = text.tests.iter().filter(|test| !matches!(test.value, Test::Amount(_) | Test::Is(_)));
        for (test, day) in texts.zip(days) {
            match self.needs(*day) {
                Some(needs @ Needs::From(day)) => {
                    from = from.max(Some(day));
                    // The fact's own window is the shorter one, and is told at the fact.
                    if own.is_none_or(|own| own < day) {
                        self.add(needs, &name.value, test.span, lines);
                    }
                }
                Some(needs @ Needs::UpTo(_)) => self.add(needs, &name.value, test.span, lines),
                None => {}
            }
        }
        if let Some(from) = from {
            let earliest = self.asked_from.entry(*id).or_insert(from);
            *earliest = from.min(*earliest);
        }
    }

    fn needs(&self, test: DayTest) -> Option<Needs> {
        match test {
            DayTest::Day(Order::After, day) => Some(Needs::From(day.plus(1))),
            DayTest::Day(Order::OnOrAfter | Order::SameDay, day) => Some(Needs::From(day)),
            DayTest::Day(Order::Before, day) => Some(Needs::UpTo(day.plus(-1))),
            DayTest::Day(Order::OnOrBefore, day) => Some(Needs::UpTo(day)),
            DayTest::Within { from, of, .. } if from < 0 => self.from(of).map(|day| Needs::From(day.plus(from))),
            DayTest::Within { .. } | DayTest::Fact(..) => None,
        }
    }

    /// Records that must lie near may lie before the window of the fact itself.
    fn companions(&mut self, name: &str, id: FactId, text: &SearchText) {
        let Some(search) = search_of(self.framework.fact(id)) else { return };
        let Some(from) = self.asked_from.get(&id).copied().or_else(|| self.from(id)) else { return };
        for (text, made) in text.with.iter().zip(&search.with) {
            let day = match made.within {
                Near::Days(first, _) if first < 0 => from.plus(first),
                Near::Since(table) => self.framework.day_table(table).of(from),
                Near::Days(..) | Near::Until(_) => continue,
            };
            let what = format!("{name} with {}", text.name.value);
            self.add(Needs::From(day), &what, text.within.span, &lines_naming(self.count.file, name));
        }
    }
}

fn search_of(fact: &Fact) -> Option<&Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

/// The lines that name a fact or a condition, themselves or by way of a condition or another fact.
fn lines_naming(file: &RuleFile, name: &str) -> Vec<LineNumber> {
    let mut names = BTreeSet::from([name]);
    loop {
        let before = names.len();
        for (condition, sentence) in &file.conditions {
            if names_any(&sentence.value, &names) {
                names.insert(&condition.value);
            }
        }
        for fact in &file.facts {
            if let Find::LatestOf(of) = &fact.find
                && of.iter().any(|other| names.contains(other.value.as_str()))
            {
                names.insert(&fact.name.value);
            }
        }
        if names.len() == before {
            break;
        }
    }
    let lines = (1..).zip(&file.lines).filter(|(_, line)| line.condition.as_ref().is_some_and(|condition| names_any(condition, &names)));
    lines.map(|(number, _)| LineNumber(number)).collect()
}

fn names_any(sentence: &phrase::Condition, names: &BTreeSet<&str>) -> bool {
    sentence.clauses.iter().any(|clause| {
        let subject = matches!(&clause.subject, Subject::Named(name) if names.contains(name.value.as_str()));
        subject
            || clause.tests.iter().any(|test| match &test.value {
                Test::Day { to, .. } => names.contains(to.value.as_str()),
                Test::Within { of, .. } => names.contains(of.value.as_str()),
                Test::InTheLast(_) | Test::Amount(_) | Test::Is(_) => false,
            })
    })
}
