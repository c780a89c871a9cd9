//! A condition and one person → words: what holds of it or stands in its way, and what was found.
//! Windows are told as the days that they are.

use super::Answers;
use crate::framework::calendar::Day;
use crate::framework::{AmountTest, Asks, Clause, Compare, Condition, DayTest, Fact, FactId, Joined, Lines, Order, Outcome, Search, Sex};
use std::collections::BTreeMap;

/// The titles of code sets, by their names.
pub type Titles = BTreeMap<String, String>;

/// What a line concludes, for people.
pub fn verdict(outcome: Outcome) -> String {
    match outcome {
        Outcome::Selected => "On the register".to_owned(),
        Outcome::Rejected => "Not on the register".to_owned(),
        Outcome::Excluded => "Excluded, as the indicator is not about this person".to_owned(),
        Outcome::Achieved => "Achieved".to_owned(),
        Outcome::Excepted(reason) => format!("Excepted ({})", reason.word().replace('-', " ")),
        Outcome::NotAchieved => "Not achieved".to_owned(),
        Outcome::Pathway(status) => format!("In the pathway: {}", status.word()),
    }
}

/// What makes a condition hold, or what stands in its way; empty for `otherwise`.
pub fn condition_said(answers: &mut Answers<'_>, lines: &Lines, titles: &Titles, condition: &Condition) -> String {
    let holds = answers.holds(condition);
    let joint = match (condition.joined, holds) {
        (Joined::Any, false) => " or ",
        (Joined::Any, true) | (Joined::All, _) => " and ",
    };
    let telling: Vec<&Clause> = condition.clauses.iter().filter(|clause| answers.clause_holds(clause) == holds).collect();
    let mut saying = Saying { answers, lines, titles };
    let said: Vec<String> = telling.into_iter().map(|clause| saying.clause(clause)).collect();
    said.join(joint)
}

struct Saying<'s, 'a> {
    answers: &'s mut Answers<'a>,
    lines: &'s Lines,
    titles: &'s Titles,
}

impl Saying<'_, '_> {
    /// `care plan since 1 April 2016 (last found on 3 May 2015)`
    fn clause(&mut self, clause: &Clause) -> String {
        let framework = self.answers.framework;
        let no = if clause.no { "no " } else { "" };
        match &clause.asks {
            Asks::OnRegister(id) => {
                let register = framework.register(*id);
                let asked = format!("{}on the register {}", if clause.no { "not " } else { "" }, register.id);
                match (self.answers.clause_holds(clause), clause.no) {
                    (true, _) => asked,
                    (false, true) => format!("{asked} (on it)"),
                    (false, false) => format!("{asked} (not on it)"),
                }
            }
            Asks::Condition(id) => {
                let name = self.lines.condition_names.iter().find(|(condition, _)| condition == id).map_or("", |(_, name)| name);
                let name = spoken(name);
                let inner = condition_said(self.answers, self.lines, self.titles, framework.condition(*id));
                format!("{no}{name} [{inner}]")
            }
            Asks::Age(tests) => format!("{no}age{} (age {})", numbers(tests, ""), self.answers.age()),
            Asks::Sex(sex) => {
                let is = match self.answers.patient.about.sex {
                    Some(Sex::Female) => "female",
                    Some(Sex::Male) => "male",
                    None => "neither told",
                };
                let asked = match sex {
                    Sex::Female => "female",
                    Sex::Male => "male",
                };
                format!("{no}sex is {asked} ({is})")
            }
            Asks::Registered(tests) => {
                let registered = self.answers.patient.about.registered;
                format!("{no}registration{} (registered on {})", self.days(tests), registered.long())
            }
            Asks::Fact(id, days, amounts) => {
                let holds = self.answers.clause_holds(clause) != clause.no;
                let tests = format!("{}{}", self.days(days), self.amounts(*id, amounts));
                let no = if clause.no { "no record of " } else { "" };
                format!("{no}{}{tests} ({})", self.name(*id), self.found(*id, holds))
            }
            Asks::Count(id, tests) => {
                let found = self.answers.found(*id).count;
                let what = match framework.fact(*id) {
                    Fact::Registers(ids) => format!("on {found} of {} registers", ids.len()),
                    _ => format!("{found} found"),
                };
                format!("{no}{}{} ({what})", self.name(*id), numbers(tests, ""))
            }
        }
    }

    /// A fact that follows from a pathway has no name of its own: it is called what its code sets are.
    fn name(&self, id: FactId) -> String {
        let name = self.lines.fact_name(id);
        if !name.is_empty() {
            return spoken(name);
        }
        let framework = self.answers.framework;
        let sets = search_of(framework.fact(id)).map(|search| search.sets.as_slice()).unwrap_or_default();
        let titles: Vec<String> = sets.iter().map(|set| self.title(framework.set_name(*set))).collect();
        titles.join(" or ")
    }

    fn found(&mut self, id: FactId, passes: bool) -> String {
        let found = self.answers.found(id);
        let fact = self.answers.framework.fact(id);
        let Some(day) = found.day else {
            return match fact {
                Fact::Pair(..) => "no such pair found".to_owned(),
                _ => "none found".to_owned(),
            };
        };
        let which = match fact {
            Fact::Pair(..) => "the second found",
            _ if passes => "found",
            Fact::Earliest(_) => "first found",
            _ => "last found",
        };
        let values: Vec<String> = found.amounts.iter().flatten().map(|amount| amount.to_decimal().to_string()).collect();
        let values = if values.is_empty() { String::new() } else { format!(" with {}", values.join(" and ")) };
        format!("{which} on {}{values}", day.long())
    }

    fn days(&mut self, tests: &[DayTest]) -> String {
        let words = tests.iter().map(|test| match test {
            DayTest::Day(order, day) => day_in_words(*order, *day),
            DayTest::Fact(order, id) => {
                let order = match order {
                    Order::After => "after",
                    Order::OnOrAfter => "on or after",
                    Order::Before => "before",
                    Order::OnOrBefore => "on or before",
                    Order::SameDay => "on the day of",
                };
                format!(" {order} {}", self.name_and_day(*id))
            }
            DayTest::Within { from, to, of } => {
                let of = self.name_and_day(*of);
                match (*from, *to) {
                    (0, to) => format!(" within {to} days after {of}"),
                    (from, 0) => format!(" within {} days before {of}", -from),
                    (_, to) => format!(" within {to} days of {of}"),
                }
            }
        });
        words.collect::<Vec<_>>().join(",")
    }

    /// `diagnosed on 4 May 2016`, or the name alone.
    fn name_and_day(&mut self, id: FactId) -> String {
        let day = self.answers.found(id).day.map_or_else(String::new, |day| format!(" on {}", day.long()));
        format!("{}{day}", self.name(id))
    }

    /// The values of a reading are named after their code sets.
    fn amounts(&self, id: FactId, tests: &[AmountTest]) -> String {
        let framework = self.answers.framework;
        let reading = search_of(framework.fact(id)).filter(|search| search.reading);
        let name = |test: &AmountTest| {
            let set = reading.and_then(|search| search.sets.get(usize::from(test.value)));
            set.map_or_else(|| "value".to_owned(), |set| self.title(framework.set_name(*set)))
        };
        tests.iter().map(|test| numbers(std::slice::from_ref(test), &name(test))).collect()
    }

    /// The title of a code set, to go on with a sentence.
    fn title(&self, set: &str) -> String {
        let title = self.titles.get(set).map_or(set, String::as_str);
        let title = title.strip_suffix(" with a value").unwrap_or(title);
        in_small(title.trim_end_matches(','))
    }
}

/// With a small first letter, to go on with a sentence.
pub fn in_small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What a fact that looks for records looks for.
fn search_of(fact: &Fact) -> Option<&Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

/// `care-plan` → `care plan`
fn spoken(name: &str) -> String {
    name.replace('-', " ")
}

fn day_in_words(order: Order, day: Day) -> String {
    match order {
        Order::After => format!(" since {}", day.plus(1).long()),
        Order::OnOrAfter => format!(" since {}", day.long()),
        Order::Before => format!(" before {}", day.long()),
        Order::OnOrBefore => format!(" up to {}", day.long()),
        Order::SameDay => format!(" on {}", day.long()),
    }
}

/// ` at most 58`, `, value at most 58`
fn numbers(tests: &[AmountTest], name: &str) -> String {
    let words = tests.iter().map(|test| {
        let compare = match test.compare {
            Compare::AtMost => "at most",
            Compare::AtLeast => "at least",
            Compare::Under => "under",
            Compare::Over => "over",
        };
        let number = test.amount.to_decimal();
        if name.is_empty() { format!(" {compare} {number}") } else { format!(", {name} {compare} {number}") }
    });
    words.collect::<Vec<_>>().join(if name.is_empty() { "," } else { "" })
}
