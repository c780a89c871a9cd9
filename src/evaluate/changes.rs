//! The small changes of a rule file that its examples must notice. Each is one slip of an author's pen: a number one off,
//! a window a day longer, two lines in the other order, a clause turned round or forgotten.
//! In: a file as written, and its lines. Out: changes in words, and what `edits.rs` is to do.

use super::stage_changes::{StageSlip, stage_slips};
use crate::framework::{Amount, Asks, Clause, Condition, Joined, LineNumber, Lines, Order};
use crate::rules::phrase::{self, AmountText, Apart, Bound, Subject, Test};
use crate::rules::syntax::{Find, Head, RuleFile, SearchText};
use crate::source::{Sources, Span};
use rust_decimal::Decimal;

/// One small change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is changed, in words that no other change of the file has.
    pub words: String,
    /// The place of what is changed.
    pub span: Span,
    pub(super) edit: Edit,
    /// Only in the indicator of this band.
    pub(super) band: Option<String>,
}

/// How a change is made.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Swap(LineNumber),
    LeaveOut(LineNumber),
    Clause(Spot, usize, Slip),
    Fact(String, FactSlip),
    Again(String, i32),
    Stages(StageSlip),
}

/// Which sentence.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    Line(LineNumber),
    Condition(String),
    People(String),
    Band,
}

/// What becomes of a clause. Tests are numbered among those of their kind.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slip {
    TurnedRound,
    LeftOut,
    Day(usize, Move),
    NoDay(usize),
    Amount(usize, i64),
    NoAmount(usize),
}

/// What becomes of a comparison of days.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    /// The day it compares with, so many days later.
    By(i32),
    /// The day itself belongs to it, or no longer does.
    Flip,
    /// The first day of a `within`.
    First(i32),
    /// The last day of a `within`.
    Last(i32),
}

/// What becomes of a search.
#[derive(Clone, Copy, Debug)]
pub(super) enum FactSlip {
    From(i32),
    To(i32),
    Since(i32),
    Until(i32),
    Only(usize, i64),
    NoOnly(usize),
    Apart(i32),
    NoEpisode,
    Companion(usize, Move),
    NoCompanion(usize),
}

/// All changes of a file, in the order of the file. `lines` are those of one of its measures: two neighbours that
/// contradict each other are not swapped, because nobody can meet both.
pub fn changes(file: &RuleFile, sources: &Sources, lines: &Lines) -> Vec<Change> {
    let mut list = List { file, sources, changes: Vec::new() };
    for (at, line) in (1..).zip(&file.lines) {
        let Some(sentence) = &line.condition else { continue };
        let number = LineNumber(at);
        list.sentence(sentence, &Spot::Line(number), &format!("line {at}"));
        list.add(line.span, format!("line {at}: left out"), Edit::LeaveOut(number));
        let pair = lines.line(number).zip(lines.line(LineNumber(at + 1)));
        let both = pair.filter(|(_, next)| !next.condition.clauses.is_empty());
        if both.is_some_and(|(this, next)| !contradict(&this.condition, &next.condition)) {
            list.add(line.span, format!("line {at}: swapped with line {}", at + 1), Edit::Swap(number));
        }
    }
    for (name, sentence) in &file.conditions {
        list.sentence(&sentence.value, &Spot::Condition(name.value.clone()), &format!("condition {}", name.value));
    }
    for fact in &file.facts {
        list.fact(&fact.name.value, &fact.find);
    }
    if let Head::Pathway(head) = &file.head {
        for (span, words, slip) in stage_slips(file, head) {
            list.add(span, words, Edit::Stages(slip));
        }
        for count in &head.counts {
            let Some(again) = &count.again else { continue };
            for (read, by) in [(again.value - 1, -1), (again.value + 1, 1)] {
                let words = format!("count {}: again within {read} days for {}", count.id.value, again.value);
                list.add(again.span, words, Edit::Again(count.id.value.clone(), by));
            }
        }
        for people in &head.people {
            list.sentence(&people.is.value, &Spot::People(people.id.value.clone()), &format!("people {}", people.id.value));
        }
    }
    for band in &file.bands {
        let first = list.changes.len();
        list.sentence(&band.is.value, &Spot::Band, &format!("band {}", band.id.value));
        for change in list.changes.iter_mut().skip(first) {
            change.band = Some(band.id.value.clone());
        }
    }
    list.changes
}

struct List<'f> {
    file: &'f RuleFile,
    sources: &'f Sources,
    changes: Vec<Change>,
}

impl List<'_> {
    fn add(&mut self, span: Span, words: String, edit: Edit) {
        self.changes.push(Change { words, span, edit, band: None });
    }

    fn sentence(&mut self, sentence: &phrase::Condition, spot: &Spot, place: &str) {
        for (at, clause) in sentence.clauses.iter().enumerate() {
            let words = self.sources.words(clause.span).to_owned();
            let place = format!("{place}: `{words}`");
            let edit = |slip| Edit::Clause(spot.clone(), at, slip);
            self.add(clause.span, format!("{place} turned round"), edit(Slip::TurnedRound));
            if sentence.clauses.len() > 1 {
                self.add(clause.span, format!("{place} left out"), edit(Slip::LeftOut));
            }
            self.tests(clause, &place, &edit);
        }
    }

    fn tests(&mut self, clause: &phrase::Clause, place: &str, edit: &impl Fn(Slip) -> Edit) {
        let (mut days, mut amounts) = (0, 0);
        for test in &clause.tests {
            let words = match clause.tests.len() {
                1 => place.to_owned(),
                _ => format!("{place}, `{}`", self.sources.words(test.span)),
            };
            let needed = clause.tests.len() == 1 && (matches!(clause.subject, Subject::Age | Subject::Registered) || self.counts(clause));
            let left_out = |list: &mut Self, slip| {
                if !needed {
                    list.add(test.span, format!("{place} without `{}`", list.sources.words(test.span)), edit(slip));
                }
            };
            match &test.value {
                Test::InTheLast(_) => {
                    left_out(self, Slip::NoDay(days));
                    self.add(test.span, format!("{words} a day longer"), edit(Slip::Day(days, Move::By(-1))));
                    self.add(test.span, format!("{words} a day shorter"), edit(Slip::Day(days, Move::By(1))));
                    days += 1;
                }
                Test::Day { order, .. } => {
                    left_out(self, Slip::NoDay(days));
                    if let Some(flipped) = flipped(*order) {
                        let words = format!("{words} read as `{}`", order_words(flipped));
                        self.add(test.span, words, edit(Slip::Day(days, Move::Flip)));
                    }
                    days += 1;
                }
                Test::Within { .. } => {
                    left_out(self, Slip::NoDay(days));
                    for (end, earlier, later) in [("begins", Move::First(-1), Move::First(1)), ("ends", Move::Last(-1), Move::Last(1))] {
                        self.add(test.span, format!("{words} {end} a day earlier"), edit(Slip::Day(days, earlier)));
                        self.add(test.span, format!("{words} {end} a day later"), edit(Slip::Day(days, later)));
                    }
                    days += 1;
                }
                Test::Amount(amount) => {
                    left_out(self, Slip::NoAmount(amounts));
                    self.amount(amount, test.span, &words, &|step| edit(Slip::Amount(amounts, step)));
                    amounts += 1;
                }
                Test::Is(_) => {}
            }
        }
    }

    /// Whether the subject is a count, which always needs a test.
    fn counts(&self, clause: &phrase::Clause) -> bool {
        let Subject::Named(name) = &clause.subject else { return false };
        let mut facts = self.file.facts.iter().filter(|fact| fact.name.value == name.value);
        facts.any(|fact| matches!(fact.find, Find::Count { .. } | Find::Registers(_)))
    }

    /// The number one step up and down; a value of the bands in each of them.
    fn amount(&mut self, test: &phrase::AmountTest, span: Span, words: &str, edit: &impl Fn(i64) -> Edit) {
        let numbers: Vec<(Option<String>, Decimal)> = match &test.amount.value {
            AmountText::Number(number) => vec![(None, *number)],
            AmountText::Name(name) => {
                let bands = self.file.bands.iter();
                bands
                    .filter_map(|band| {
                        let (_, number) = band.values.iter().find(|(value, _)| value.value == *name)?;
                        Some((Some(band.id.value.clone()), number.value))
                    })
                    .collect()
            }
        };
        for (band, number) in numbers {
            let step = Decimal::new(1, number.scale());
            let Some(millionths) = Amount::from_decimal(step) else { continue };
            for (read, by) in [(number - step, -millionths.0), (number + step, millionths.0)] {
                let of = band.as_ref().map(|band| format!(" in band {band}")).unwrap_or_default();
                self.add(span, format!("{words} with {read} for {number}{of}"), edit(by));
                if let Some(change) = self.changes.last_mut() {
                    change.band = band.clone();
                }
            }
        }
    }

    fn fact(&mut self, name: &str, find: &Find) {
        let edit = |slip| Edit::Fact(name.to_owned(), slip);
        let search = match find {
            Find::Latest(search) | Find::Earliest(search) | Find::Count { search, .. } => search,
            Find::Pair { search, apart } => {
                for (read, by) in [(apart.value - 1, -1), (apart.value + 1, 1)] {
                    let words = format!("fact {name}: {read} days apart for {}", apart.value);
                    self.add(apart.span, words, edit(FactSlip::Apart(by)));
                }
                search
            }
            Find::LatestOf(_) | Find::Registers(_) => return,
        };
        self.bounds(name, search, &edit);
        for (at, test) in search.only.iter().enumerate() {
            let place = format!("fact {name}: `where`");
            self.add(test.amount.span, format!("{place} left out, test {}", at + 1), edit(FactSlip::NoOnly(at)));
            self.amount(test, test.amount.span, &format!("{place}, test {},", at + 1), &|step| edit(FactSlip::Only(at, step)));
        }
        if search.new_episode {
            let span = search.with.first().map_or_else(|| self.fact_span(name), |companion| companion.name.span);
            self.add(span, format!("fact {name}: any episode"), edit(FactSlip::NoEpisode));
        }
        for (at, companion) in search.with.iter().enumerate() {
            let place = format!("fact {name}: companion {}", companion.name.value);
            let span = companion.within.span;
            self.add(span, format!("{place} left out"), edit(FactSlip::NoCompanion(at)));
            for (words, by) in companion_moves(companion.within.value) {
                self.add(span, format!("{place} {words}"), edit(FactSlip::Companion(at, by)));
            }
        }
    }

    fn fact_span(&self, name: &str) -> Span {
        let fact = self.file.facts.iter().find(|fact| fact.name.value == name);
        fact.map_or_else(|| self.file.file.span(0..0), |fact| fact.name.span)
    }

    fn bounds(&mut self, name: &str, search: &SearchText, edit: &impl Fn(FactSlip) -> Edit) {
        if let Some(inside) = &search.inside {
            self.add(inside.span, format!("fact {name}: `in` a day longer"), edit(FactSlip::From(-1)));
            self.add(inside.span, format!("fact {name}: `in` a day shorter"), edit(FactSlip::From(1)));
        }
        type Slip = fn(i32) -> FactSlip;
        let first: (Slip, Slip) = (FactSlip::From, FactSlip::Since);
        let last: (Slip, Slip) = (FactSlip::To, FactSlip::Until);
        for (key, bound, (day, hang)) in [("since", &search.since, first), ("until", &search.until, last)] {
            let Some(bound) = bound else { continue };
            let place = format!("fact {name}: `{key}`");
            let slip = match &bound.value {
                Bound::Age(age) => {
                    for (read, by) in [(age - 1, -1), (age + 1, 1)] {
                        self.add(bound.span, format!("{place} with age {read} for {age}"), edit(hang(by)));
                    }
                    continue;
                }
                Bound::Name(name) if self.file.facts.iter().all(|fact| fact.name.value != *name) => day,
                Bound::BeforeEnd(_) => day,
                Bound::Name(_) | Bound::Away { .. } => hang,
            };
            self.add(bound.span, format!("{place} a day earlier"), edit(slip(-1)));
            self.add(bound.span, format!("{place} a day later"), edit(slip(1)));
        }
    }
}

/// The ways in which a companion's window can be a day off.
fn companion_moves(within: Apart) -> Vec<(&'static str, Move)> {
    match within {
        Apart::Days(0, 0) => vec![("may lie a day before", Move::First(-1)), ("may lie a day after", Move::Last(1))],
        Apart::Days(_, _) => vec![
            ("begins a day earlier", Move::First(-1)),
            ("begins a day later", Move::First(1)),
            ("ends a day earlier", Move::Last(-1)),
            ("ends a day later", Move::Last(1)),
        ],
        Apart::Before(_) => vec![("begins a day earlier", Move::First(-1)), ("begins a day later", Move::First(1))],
        Apart::After(_) => vec![("ends a day earlier", Move::Last(-1)), ("ends a day later", Move::Last(1))],
    }
}

/// The same order with its day put in or taken out.
pub(super) fn flipped(order: Order) -> Option<Order> {
    match order {
        Order::After => Some(Order::OnOrAfter),
        Order::OnOrAfter => Some(Order::After),
        Order::Before => Some(Order::OnOrBefore),
        Order::OnOrBefore => Some(Order::Before),
        Order::SameDay => None,
    }
}

fn order_words(order: Order) -> &'static str {
    match order {
        Order::After => "after",
        Order::OnOrAfter => "on or after",
        Order::Before => "before",
        Order::OnOrBefore => "on or before",
        Order::SameDay => "on the same day as",
    }
}

/// Whether nobody can meet both: one asks for something, the other for the contrary or for less of it to be absent.
fn contradict(one: &Condition, other: &Condition) -> bool {
    let all = |condition: &Condition| condition.joined == Joined::All;
    let denies = |yes: &Clause, no: &Clause| !yes.no && no.no && implies(&yes.asks, &no.asks);
    let pairs = || one.clauses.iter().flat_map(|clause| other.clauses.iter().map(move |second| (clause, second)));
    all(one) && all(other) && pairs().any(|(a, b)| denies(a, b) || denies(b, a))
}

/// Whether the first can only hold together with the second: it asks the same, and perhaps more.
fn implies(first: &Asks, second: &Asks) -> bool {
    match (first, second) {
        (Asks::Fact(a, days, amounts), Asks::Fact(b, fewer_days, fewer_amounts)) => {
            a == b && fewer_days.iter().all(|test| days.contains(test)) && fewer_amounts.iter().all(|test| amounts.contains(test))
        }
        _ => first == second,
    }
}
