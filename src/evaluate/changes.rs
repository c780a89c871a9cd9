//! The small changes of a rule file that its examples must notice. Each is one slip of an author's pen: a number one off,
//! a window a day longer, two lines in the other order, a clause turned round or forgotten.
//! In: a file as written, and its lines. Out: changes in words, and how each is made in a [`Framework`].

use crate::framework::{
    Amount, AmountTest, Asks, Clause, Condition, DayTest, Fact, FactId, Framework, Hang, Joined, LineNumber, Lines, Near, Order,
    RegisterId, Search,
};
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
    edit: Edit,
    /// Only in the indicator of this band.
    band: Option<String>,
}

/// How a change is made.
#[derive(Clone, Debug)]
enum Edit {
    Swap(LineNumber),
    LeaveOut(LineNumber),
    Clause(Spot, usize, Slip),
    Fact(String, FactSlip),
    Again(String, i32),
}

/// Which sentence.
#[derive(Clone, Debug)]
enum Spot {
    Line(LineNumber),
    Condition(String),
    People(String),
    Band,
}

/// What becomes of a clause. Tests are numbered among those of their kind.
#[derive(Clone, Copy, Debug)]
enum Slip {
    TurnedRound,
    LeftOut,
    Day(usize, Move),
    NoDay(usize),
    Amount(usize, i64),
    NoAmount(usize),
}

/// What becomes of a comparison of days.
#[derive(Clone, Copy, Debug)]
enum Move {
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
enum FactSlip {
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

/// Which measures a file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A register.
    Register(RegisterId),
    /// An indicator, by its place in the framework.
    Indicator(usize),
    /// A pathway, by its place in the framework.
    Pathway(usize),
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
fn flipped(order: Order) -> Option<Order> {
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

// ---- Making a change ----

impl Change {
    /// Makes the change in all measures of the file.
    pub fn make(&self, framework: &mut Framework, measures: &[Measure]) {
        let concerned: Vec<Measure> = measures.iter().copied().filter(|measure| self.concerns(framework, *measure)).collect();
        match &self.edit {
            Edit::Fact(name, slip) => {
                let named = concerned.iter().filter_map(|measure| fact_called(lines_of(framework, *measure)?, name));
                let mut ids: Vec<FactId> = named.collect();
                ids.sort_unstable();
                ids.dedup();
                for id in ids {
                    change_fact(framework, id, *slip);
                }
            }
            Edit::Again(id, by) => {
                let counts = framework.pathways.iter_mut().flat_map(|pathway| &mut pathway.counts);
                counts.filter(|count| count.id == *id).for_each(|count| count.again = count.again.map(|days| days + by));
            }
            Edit::Swap(number) => {
                for measure in concerned {
                    let Some(lines) = lines_mut(framework, measure) else { continue };
                    if let Some(at) = lines.lines.iter().position(|line| line.number == *number).filter(|at| at + 1 < lines.lines.len()) {
                        lines.lines.swap(at, at + 1);
                    }
                }
            }
            Edit::LeaveOut(number) => {
                for measure in concerned {
                    if let Some(lines) = lines_mut(framework, measure) {
                        lines.lines.retain(|line| line.number != *number);
                    }
                }
            }
            Edit::Clause(spot, at, slip) => {
                for measure in concerned {
                    if let Some(condition) = sentence_mut(framework, measure, spot) {
                        change_clause(condition, *at, *slip);
                    }
                }
            }
        }
    }

    fn concerns(&self, framework: &Framework, measure: Measure) -> bool {
        let id = match measure {
            Measure::Register(_) | Measure::Pathway(_) => None,
            Measure::Indicator(at) => framework.indicators.get(at).map(|indicator| indicator.id.as_str()),
        };
        self.band.is_none() || self.band.as_deref() == id
    }
}

/// The lines of a measure.
pub fn lines_of(framework: &Framework, measure: Measure) -> Option<&Lines> {
    match measure {
        Measure::Register(id) => Some(&framework.register(id).lines),
        Measure::Indicator(at) => framework.indicators.get(at).map(|indicator| &indicator.lines),
        Measure::Pathway(at) => framework.pathways.get(at).map(|pathway| &pathway.lines),
    }
}

/// The lines of a measure, to be changed.
pub fn lines_mut(framework: &mut Framework, measure: Measure) -> Option<&mut Lines> {
    match measure {
        Measure::Register(id) => framework.registers.get_mut(usize::from(id.0)).map(|register| &mut register.lines),
        Measure::Indicator(at) => framework.indicators.get_mut(at).map(|indicator| &mut indicator.lines),
        Measure::Pathway(at) => framework.pathways.get_mut(at).map(|pathway| &mut pathway.lines),
    }
}

fn fact_called(lines: &Lines, name: &str) -> Option<FactId> {
    lines.fact_names.iter().find(|(_, other)| other == name).map(|(id, _)| *id)
}

fn sentence_mut<'f>(framework: &'f mut Framework, measure: Measure, spot: &Spot) -> Option<&'f mut Condition> {
    let lines = lines_of(framework, measure)?;
    let id = match spot {
        Spot::Line(number) => {
            let lines = lines_mut(framework, measure)?;
            return lines.lines.iter_mut().find(|line| line.number == *number).map(|line| &mut line.condition);
        }
        Spot::Condition(name) => lines.condition_names.iter().find(|(_, other)| other == name).map(|(id, _)| *id)?,
        Spot::People(id) => {
            let Measure::Pathway(at) = measure else { return None };
            let people = framework.pathways.get_mut(at)?.people.iter_mut().find(|people| people.id == *id)?;
            return Some(&mut people.condition);
        }
        Spot::Band => match lines.line(LineNumber(0))?.condition.clauses.first()?.asks {
            Asks::Condition(id) => id,
            _ => return None,
        },
    };
    framework.conditions.get_mut(id.0 as usize)
}

fn change_clause(condition: &mut Condition, at: usize, slip: Slip) {
    if let Slip::LeftOut = slip {
        condition.clauses.remove(at);
        return;
    }
    let Some(clause) = condition.clauses.get_mut(at) else { return };
    let mut none = Vec::new();
    let mut no_amounts = Vec::new();
    let (days, amounts): (&mut Vec<DayTest>, &mut Vec<AmountTest>) = match &mut clause.asks {
        Asks::Fact(_, days, amounts) => (days, amounts),
        Asks::Registered(days) => (days, &mut no_amounts),
        Asks::Age(amounts) | Asks::Count(_, amounts) => (&mut none, amounts),
        Asks::OnRegister(_) | Asks::Condition(_) | Asks::Sex(_) => (&mut none, &mut no_amounts),
    };
    match slip {
        Slip::TurnedRound => clause.no = !clause.no,
        Slip::Day(test, by) => days.iter_mut().skip(test).take(1).for_each(|test| move_day(test, by)),
        Slip::NoDay(test) => drop(days.remove(test)),
        Slip::Amount(test, by) => amounts.iter_mut().skip(test).take(1).for_each(|test| test.amount.0 += by),
        Slip::NoAmount(test) => drop(amounts.remove(test)),
        Slip::LeftOut => {}
    }
}

fn move_day(test: &mut DayTest, by: Move) {
    match (test, by) {
        (DayTest::Day(_, day), Move::By(days)) => *day = day.plus(days),
        (DayTest::Day(order, _) | DayTest::Fact(order, _), Move::Flip) => *order = flipped(*order).unwrap_or(*order),
        (DayTest::Within { from, .. }, Move::First(days)) => *from += days,
        (DayTest::Within { to, .. }, Move::Last(days)) => *to += days,
        _ => {}
    }
}

fn change_fact(framework: &mut Framework, id: FactId, slip: FactSlip) {
    let last_day = framework.reporting_day;
    if let FactSlip::Companion(at, by) = slip {
        return move_companion(framework, id, at, by);
    }
    let Some(fact) = framework.facts.get_mut(id.0 as usize) else { return };
    if let (Fact::Pair(_, apart), FactSlip::Apart(by)) = (&mut *fact, slip) {
        *apart += by;
        return;
    }
    let Some(search) = search_mut(fact) else { return };
    match slip {
        FactSlip::From(days) => search.from = search.from.plus(days),
        FactSlip::To(days) => search.to = search.to.plus(days).min(last_day),
        FactSlip::Since(by) => search.since = search.since.map(|hang| moved(hang, by)),
        FactSlip::Until(by) => search.until = search.until.map(|hang| moved(hang, by)),
        FactSlip::Only(at, by) => search.only.iter_mut().skip(at).take(1).for_each(|test| test.amount.0 += by),
        FactSlip::NoOnly(at) => drop(search.only.remove(at)),
        FactSlip::NoEpisode => search.new_episode = false,
        FactSlip::NoCompanion(at) => drop(search.with.remove(at)),
        FactSlip::Apart(_) | FactSlip::Companion(..) => {}
    }
}

fn search_mut(fact: &mut Fact) -> Option<&mut Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

fn moved(hang: Hang, by: i32) -> Hang {
    match hang {
        Hang::Fact(id, days) => Hang::Fact(id, days + by),
        Hang::Age(age) => Hang::Age(age + by),
    }
}

fn move_companion(framework: &mut Framework, id: FactId, at: usize, by: Move) {
    let near = framework.facts.get_mut(id.0 as usize).and_then(search_mut).and_then(|search| search.with.get(at)).map(|with| with.within);
    let (first, last) = match by {
        Move::First(days) => (days, 0),
        Move::Last(days) => (0, days),
        Move::By(_) | Move::Flip => (0, 0),
    };
    let changed = match near {
        Some(Near::Days(from, to)) => Near::Days(from + first, to + last),
        Some(Near::Since(table)) => Near::Since(framework.moved_table(table, first)),
        Some(Near::Until(table)) => Near::Until(framework.moved_table(table, last)),
        None => return,
    };
    if let Some(with) = framework.facts.get_mut(id.0 as usize).and_then(search_mut).and_then(|search| search.with.get_mut(at)) {
        with.within = changed;
    }
}
