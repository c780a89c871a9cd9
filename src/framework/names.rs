//! The sentences of one file → lines with ids: every name is looked up here, once.

use super::calendar::{Day, before};
use super::from_rules::Making;
use super::{
    Amount, AmountTest, Asks, Clause, Condition, ConditionId, DayTest, FactId, Joined, Line, LineNumber, Lines, Order, Outcome, Reason,
};
use crate::problem::{Problem, did_you_mean};
use crate::rules::phrase::{self, AmountText, Compare, Subject, Test};
use crate::rules::syntax::{Band, Codes, FactText, Find, NamedDate, RuleFile, Verb};
use crate::source::{At, Span};

/// Names of dates that every framework has.
pub(super) const OWN_DATES: [&str; 3] = ["period-start", "period-end", "reporting-day"];

/// One file (for one band, if it has bands) while its names are looked up.
pub(super) struct Scope<'m, 'r> {
    pub making: &'m mut Making<'r>,
    pub file: &'r RuleFile,
    pub band: Option<&'r Band>,
    /// The day that windows count back from.
    pub anchor: Day,
    facts: Vec<State>,
    conditions: Vec<Option<ConditionId>>,
}

/// How far a fact has come.
#[derive(Clone, Copy)]
enum State {
    New,
    Open,
    Done(Option<FactId>),
}

impl<'m, 'r> Scope<'m, 'r> {
    /// In a register, windows count back from the reporting day in both views.
    pub fn of_register(making: &'m mut Making<'r>, file: &'r RuleFile) -> Self {
        let anchor = making.framework.reporting_day;
        Scope::new(making, file, None, anchor)
    }

    /// In an indicator, windows count back from the end.
    pub fn of_indicator(making: &'m mut Making<'r>, file: &'r RuleFile, band: Option<&'r Band>) -> Self {
        let anchor = making.framework.end;
        Scope::new(making, file, band, anchor)
    }

    fn new(making: &'m mut Making<'r>, file: &'r RuleFile, band: Option<&'r Band>, anchor: Day) -> Self {
        Scope { making, file, band, anchor, facts: vec![State::New; file.facts.len()], conditions: vec![None; file.conditions.len()] }
    }

    pub fn note(&mut self, problem: Problem) {
        self.making.problems.push(problem);
    }

    /// All lines of the file, the generated line 0 of a band first.
    pub fn lines(mut self) -> Lines {
        for at in 0..self.file.facts.len() {
            self.fact_at(at);
        }
        for at in 0..self.file.conditions.len() {
            self.condition_at(at);
        }
        let mut lines: Vec<Line> = self.band.map(|band| self.line_zero(band)).into_iter().collect();
        for (at, line) in self.file.lines.iter().enumerate() {
            let condition = match &line.condition {
                Some(condition) => self.sentence(condition),
                None => Some(Condition { joined: Joined::All, clauses: Vec::new() }),
            };
            let outcome = outcome(line.verb.clone(), line.because.as_ref());
            let (Some(condition), Some(outcome)) = (condition, outcome) else { continue };
            lines.push(Line {
                number: LineNumber(u16::try_from(at + 1).unwrap_or(u16::MAX)),
                rule: line.rule.as_ref().map(|rule| rule.value),
                outcome,
                condition,
                words: words(&line.verb, &line.words.value),
                row: self.making.rulebook.row(line.span),
                span: line.span,
            });
        }
        let names = self.file.facts.iter().zip(&self.facts);
        let fact_names = names.filter_map(|(fact, state)| match state {
            State::Done(Some(id)) => Some((*id, fact.name.value.clone())),
            _ => None,
        });
        let conditions = self.file.conditions.iter().zip(&self.conditions);
        let condition_names = conditions.filter_map(|((name, _), id)| Some(((*id)?, name.value.clone())));
        Lines {
            lines,
            fact_names: fact_names.collect(),
            condition_names: condition_names.collect(),
            file: self.making.rulebook.path(self.file.file).to_owned(),
        }
    }

    /// Everybody outside the band is excluded.
    fn line_zero(&mut self, band: &'r Band) -> Line {
        let inside = self.sentence(&band.is.value).unwrap_or(Condition { joined: Joined::All, clauses: Vec::new() });
        let inside = self.making.condition(inside);
        Line {
            number: LineNumber(0),
            rule: None,
            outcome: Outcome::Excluded,
            condition: Condition { joined: Joined::All, clauses: vec![Clause { no: true, asks: Asks::Condition(inside) }] },
            words: format!("excluded if not in the band {}", band.id.value),
            row: self.making.rulebook.row(band.is.span),
            span: band.is.span,
        }
    }

    /// A sentence; `None` when a name in it is unknown.
    pub fn sentence(&mut self, condition: &phrase::Condition) -> Option<Condition> {
        let clauses: Vec<Option<Clause>> = condition.clauses.iter().map(|clause| self.clause(clause)).collect();
        Some(Condition { joined: condition.joined, clauses: clauses.into_iter().collect::<Option<Vec<_>>>()? })
    }

    fn clause(&mut self, clause: &phrase::Clause) -> Option<Clause> {
        let asks = match &clause.subject {
            Subject::Register(id) => Asks::OnRegister(self.making.register(id)?),
            Subject::Age => Asks::Age(self.age_tests(clause)?),
            Subject::Sex => self.sex(clause)?,
            Subject::Registered if clause.tests.is_empty() => {
                return self
                    .misfit(clause.span, "everybody on the list is registered: say when, such as `registered in the last 3 months`");
            }
            Subject::Registered => Asks::Registered(self.day_tests(clause)?),
            Subject::Named(name) => self.named(name, clause)?,
        };
        Some(Clause { no: clause.no, asks })
    }

    fn age_tests(&mut self, clause: &phrase::Clause) -> Option<Vec<AmountTest>> {
        let mut tests = Vec::new();
        for test in &clause.tests {
            match &test.value {
                Test::Amount(amount) if amount.value.is_none() => tests.push(self.amount_test(0, amount)?),
                _ => return self.misfit(test.span, "an age has only tests such as `under 80` and `at least 17`"),
            }
        }
        if tests.is_empty() {
            return self.misfit(clause.span, "say which age: `age under 80`");
        }
        Some(tests)
    }

    fn sex(&mut self, clause: &phrase::Clause) -> Option<Asks> {
        match clause.tests.as_slice() {
            [At { value: Test::Is(sex), .. }] => Some(Asks::Sex(*sex)),
            _ => self.misfit(clause.span, "write `sex is female` or `sex is male`"),
        }
    }

    fn day_tests(&mut self, clause: &phrase::Clause) -> Option<Vec<DayTest>> {
        let mut tests = Vec::new();
        for test in &clause.tests {
            match self.day_test(test, self.anchor)? {
                Some(day) => tests.push(day),
                None => return self.misfit(test.span, "this subject has a day but no value and no sex"),
            }
        }
        Some(tests)
    }

    /// A test of a day; `Some(None)` when it is a test of something else.
    fn day_test(&mut self, test: &At<Test>, anchor: Day) -> Option<Option<DayTest>> {
        Some(match &test.value {
            Test::InTheLast(length) => Some(DayTest::Day(Order::After, before(anchor, *length))),
            Test::Day { order, to } => Some(match self.date(&to.value) {
                Some(day) => DayTest::Day(*order, day),
                None => DayTest::Fact(*order, self.fact_with_a_day(to)?),
            }),
            Test::Within { from, to, of } => Some(DayTest::Within { from: *from, to: *to, of: self.fact_with_a_day(of)? }),
            Test::Amount(_) | Test::Is(_) => None,
        })
    }

    /// A date that the framework names, or one that every framework has.
    pub fn date(&self, name: &str) -> Option<Day> {
        let framework = &self.making.framework;
        match name {
            "period-start" => return Some(framework.period.from),
            "period-end" => return Some(framework.period.to),
            "reporting-day" => return Some(framework.reporting_day),
            _ => {}
        }
        let (_, date) = self.making.rulebook.file.dates.iter().find(|(date, _)| date.value == name)?;
        Some(match date.value {
            NamedDate::Fixed(day) => Day::from(day),
            NamedDate::EachPeriod(month, day) => framework.period.day_of(month, day),
        })
    }

    fn named(&mut self, name: &At<String>, clause: &phrase::Clause) -> Option<Asks> {
        if let Some(at) = self.file.conditions.iter().position(|(condition, _)| condition.value == name.value) {
            if let Some(test) = clause.tests.first() {
                return self.misfit(test.span, "a condition takes no test: it is a sentence of its own");
            }
            return self.condition_at(at).map(Asks::Condition);
        }
        let id = self.fact_called(name)?;
        let text = self.file.facts.iter().find(|fact| fact.name.value == name.value)?;
        if matches!(text.find, Find::Count { .. } | Find::Registers(_)) {
            return self.count(id, clause);
        }
        let anchor = match &text.find {
            Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } => self.anchor_of(search),
            Find::Count { .. } | Find::LatestOf(_) | Find::Registers(_) => self.anchor,
        };
        let mut days = Vec::new();
        let mut amounts = Vec::new();
        for test in &clause.tests {
            match (&test.value, self.day_test(test, anchor)?) {
                (_, Some(day)) => days.push(day),
                (Test::Amount(amount), None) => amounts.push(self.value_test(text, amount, test.span)?),
                _ => return self.misfit(test.span, "only `sex` can be female or male"),
            }
        }
        Some(Asks::Fact(id, days, amounts))
    }

    fn count(&mut self, id: FactId, clause: &phrase::Clause) -> Option<Asks> {
        let mut tests = Vec::new();
        for test in &clause.tests {
            match &test.value {
                Test::Amount(amount) if amount.value.is_none() => tests.push(self.amount_test(0, amount)?),
                _ => return self.misfit(test.span, "a count has no day and no named value: write `at least 2`"),
            }
        }
        if tests.is_empty() {
            return self.misfit(clause.span, "a count is never absent: say how many, such as `at least 1`");
        }
        Some(Asks::Count(id, tests))
    }

    /// `value at most 58` of a fact with values.
    pub fn value_test(&mut self, fact: &FactText, test: &phrase::AmountTest, span: Span) -> Option<AmountTest> {
        let (Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } | Find::Count { search, .. }) = &fact.find else {
            return self.misfit(span, "this fact has no value");
        };
        let Some(value) = &test.value else {
            return self.misfit(span, "say which value: `value at most 58`");
        };
        let at = match &search.codes {
            Codes::Sets(_) if value.value == "value" => Some(0),
            Codes::Sets(_) => None,
            Codes::Values(values) => values.iter().position(|(name, _)| name.value == value.value),
        };
        let Some(at) = at else {
            let help = match &search.codes {
                Codes::Sets(_) => "this fact has one value, called `value`".to_owned(),
                Codes::Values(values) => {
                    format!("its values are {}", values.iter().map(|(name, _)| name.value.as_str()).collect::<Vec<_>>().join(", "))
                }
            };
            self.note(
                Problem::error("R026", format!("`{}` has no value called `{}`", fact.name.value, value.value))
                    .at(value.span, "unknown value")
                    .help(help),
            );
            return None;
        };
        self.amount_test(u8::try_from(at).unwrap_or(u8::MAX), test)
    }

    fn amount_test(&mut self, value: u8, test: &phrase::AmountTest) -> Option<AmountTest> {
        let number = match &test.amount.value {
            AmountText::Number(number) => *number,
            AmountText::Name(name) => {
                let values = self.band.map_or(&[][..], |band| band.values.as_slice());
                match values.iter().find(|(value, _)| value.value == *name) {
                    Some((_, number)) => number.value,
                    None => {
                        let help = did_you_mean(name, values.iter().map(|(value, _)| value.value.as_str()));
                        let help = help.unwrap_or_else(|| "write a number, or give every [[band]] a value of this name".to_owned());
                        self.note(
                            Problem::error("R010", format!("there is no value called `{name}`"))
                                .at(test.amount.span, "unknown value")
                                .help(help),
                        );
                        return None;
                    }
                }
            }
        };
        let Some(amount) = Amount::from_decimal(number) else {
            self.note(
                Problem::error("R048", "this number has more than six decimals or is too large")
                    .at(test.amount.span, "this number")
                    .help("round it: values are compared in millionths"),
            );
            return None;
        };
        Some(AmountTest { value, compare: test.compare, amount })
    }

    fn misfit<T>(&mut self, span: Span, help: &str) -> Option<T> {
        self.note(Problem::error("R026", "this cannot be asked here").at(span, "does not fit").help(help));
        None
    }

    /// The fact of a name that must have a day.
    pub fn fact_with_a_day(&mut self, name: &At<String>) -> Option<FactId> {
        let id = self.fact_called(name)?;
        let text = self.file.facts.iter().find(|fact| fact.name.value == name.value)?;
        if matches!(text.find, Find::Count { .. } | Find::Registers(_)) {
            return self.misfit(name.span, "a count has no day");
        }
        Some(id)
    }

    /// The fact of a name.
    pub fn fact_called(&mut self, name: &At<String>) -> Option<FactId> {
        if let Some(at) = self.file.facts.iter().position(|fact| fact.name.value == name.value) {
            return self.fact_at(at);
        }
        if self.file.unread.contains(&name.value) {
            return None;
        }
        let facts = self.file.facts.iter().map(|fact| fact.name.value.as_str());
        let conditions = self.file.conditions.iter().map(|(name, _)| name.value.as_str());
        let dates = self.making.rulebook.file.dates.iter().map(|(name, _)| name.value.as_str());
        let help = did_you_mean(&name.value, facts.clone().chain(conditions).chain(dates).chain(OWN_DATES));
        let help = help.unwrap_or_else(|| match facts.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "this file has no fact that could be meant: add one under [facts]".to_owned(),
            names => format!("the facts of this file are {names}"),
        });
        self.note(Problem::error("R010", format!("there is no fact called `{}`", name.value)).at(name.span, "unknown fact").help(help));
        None
    }

    fn fact_at(&mut self, at: usize) -> Option<FactId> {
        let text = self.file.facts.get(at)?;
        match self.facts.get(at)? {
            State::Done(id) => return *id,
            State::Open => {
                self.note(
                    Problem::error("R022", format!("the fact `{}` depends on itself", text.name.value))
                        .at(text.name.span, "this fact")
                        .help("follow `since`, `until` and `of` from here: one of them leads back"),
                );
                return None;
            }
            State::New => {}
        }
        self.set_state(at, State::Open);
        let fact = self.find(text);
        let id = fact.map(|fact| self.making.fact(fact));
        self.set_state(at, State::Done(id));
        id
    }

    fn set_state(&mut self, at: usize, state: State) {
        if let Some(slot) = self.facts.get_mut(at) {
            *slot = state;
        }
    }

    fn condition_at(&mut self, at: usize) -> Option<ConditionId> {
        if let Some(Some(id)) = self.conditions.get(at) {
            return Some(*id);
        }
        let (_, sentence) = self.file.conditions.get(at)?;
        for clause in &sentence.value.clauses {
            if let Subject::Named(name) = &clause.subject
                && self.file.conditions.iter().any(|(other, _)| other.value == name.value)
            {
                return self.misfit(name.span, "a condition names facts, never another condition");
            }
        }
        let condition = self.sentence(&sentence.value)?;
        let id = self.making.condition(condition);
        if let Some(slot) = self.conditions.get_mut(at) {
            *slot = Some(id);
        }
        Some(id)
    }
}

/// What a verb concludes; `None` when it is no verb of any file, which `checks` says.
fn outcome(verb: Verb, because: Option<&At<String>>) -> Option<Outcome> {
    match verb {
        Verb::RejectedIf => Some(Outcome::Rejected),
        Verb::SelectedIf => Some(Outcome::Selected),
        Verb::ExcludedIf => Some(Outcome::Excluded),
        Verb::AchievedIf => Some(Outcome::Achieved),
        Verb::ExceptedIf => {
            let because = because?;
            Reason::ALL.into_iter().find(|reason| reason.word() == because.value).map(Outcome::Excepted)
        }
        Verb::Otherwise(word) => match word.value.as_str() {
            "selected" => Some(Outcome::Selected),
            "rejected" => Some(Outcome::Rejected),
            "not achieved" => Some(Outcome::NotAchieved),
            _ => None,
        },
    }
}

/// A line's words as people read them.
fn words(verb: &Verb, sentence: &str) -> String {
    match verb {
        Verb::RejectedIf => format!("rejected if {sentence}"),
        Verb::SelectedIf => format!("selected if {sentence}"),
        Verb::ExcludedIf => format!("excluded if {sentence}"),
        Verb::AchievedIf => format!("achieved if {sentence}"),
        Verb::ExceptedIf => format!("excepted if {sentence}"),
        Verb::Otherwise(word) => format!("otherwise {}", word.value),
    }
}

/// The compare words are needed by `bands` too.
pub(super) fn holds(compare: Compare, left: i64, right: i64) -> bool {
    AmountTest { value: 0, compare, amount: Amount(right) }.passes(Amount(left))
}
