//! What rules and people reach. Every kind of everything has a word here and an arm below: a new kind does not compile
//! until it has an arm, an arm fails until its word is listed, and a listed word fails until a generator reaches it.

use super::people::{Someone, patients};
use dqoh::evaluate::Answers;
use dqoh::framework::{
    Asks, Clause, Compare, CountOf, DayTest, Fact, FactId, Framework, Hang, Joined, Near, Order, Outcome, Population, Reason, RegisterId,
    Rulebook, Search, Sex, Status, View,
};
use dqoh::rules::phrase::{Apart, Bound, Length, Subject, Test, Unit};
use dqoh::rules::syntax::{Codes, Find, NamedDate, RuleFile, Verb};
use std::collections::BTreeSet;

#[rustfmt::skip]
const ALL: &[&str] = &[
    // facts, and what comes of them
    "latest there", "latest absent", "earliest there", "earliest absent", "pair there", "pair absent",
    "records none", "records some", "days none", "days some", "sets none", "sets some",
    "latest-of there", "latest-of absent", "registers none", "registers some",
    "a reading there", "a reading absent", "a fact without value",
    // searches
    "one set", "several sets", "two values", "three values", "four values", "where", "where twice", "new episode", "any episode", "own clock", "in",
    "since a date", "since a fact", "since days after a fact", "since days before a fact", "since an age", "since before the end",
    "until a date", "until a fact", "until days after a fact", "until days before a fact", "until an age", "until before the end",
    "hangs on a fact", "hangs on an age", "fixed date", "date of each period",
    "near in days", "near on the same day", "near up to the record", "near from the record", "two companions",
    // sentences
    "all", "any", "no", "yes", "on a register", "not on a register", "a condition", "age", "female", "male", "registered",
    "a fact", "a count", "a day", "day of a fact", "within", "a value", "in the last", "a named date", "a sex",
    "after", "on or after", "before", "on or before", "same day",
    "at most", "at least", "under", "over",
    "unit of days", "unit of months", "unit of years",
    // lines
    "selected-if", "rejected-if", "excluded-if", "achieved-if", "excepted-if", "otherwise",
    "selected", "rejected", "excluded", "achieved", "not achieved",
    "combination", "declined", "maximum-treatment", "newly-diagnosed", "newly-registered", "no-response", "service-unavailable",
    "unsuitable", "outside a band", "inside a band",
    // pathways
    "not on the pathway", "pathway declined", "pathway lapsed", "pathway complete", "pathway in progress", "pathway not started",
    "a stage missing", "no stage missing", "steps in order", "a step out of order", "steps on one day",
    "plans lapsed", "a plan in force", "events none", "events some", "events again", "no event again", "spread", "not spread",
    "a sentence holds", "a sentence does not hold", "no condition", "one condition", "several conditions", "two pathways",
    // people
    "of the list", "of a register", "nobody on a register", "everybody on a register", "some on a register", "not on the list",
    "a person without records", "neither sex", "born on 29 February", "a code in two sets", "year-end", "rolling", "a period that is over",
    "a period not yet over",
];

/// What was reached so far.
#[derive(Default)]
pub struct Reach(BTreeSet<&'static str>);

impl Reach {
    fn add(&mut self, what: &'static str) {
        assert!(ALL.contains(&what), "list {what:?}, so that it must be reached");
        self.0.insert(what);
    }

    fn add_if(&mut self, holds: bool, what: &'static str) {
        if holds {
            self.add(what);
        }
    }

    pub fn missing(&self) -> Vec<&'static str> {
        ALL.iter().copied().filter(|what| !self.0.contains(what)).collect()
    }

    /// What the files of a rulebook say.
    pub fn rulebook(&mut self, rulebook: &Rulebook) {
        for (_, date) in &rulebook.file.dates {
            self.add(match date.value {
                NamedDate::Fixed(_) => "fixed date",
                NamedDate::EachPeriod(..) => "date of each period",
            });
        }
        for file in &rulebook.files {
            self.file(file);
        }
    }

    fn file(&mut self, file: &RuleFile) {
        let dates = ["period-start", "period-end", "reporting-day", "fixed-day", "each-august"];
        for fact in &file.facts {
            let search = match &fact.find {
                Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } | Find::Count { search, .. } => search,
                Find::LatestOf(_) | Find::Registers(_) => continue,
            };
            self.add(match &search.codes {
                Codes::Sets(sets) if sets.len() == 1 => "one set",
                Codes::Sets(_) => "several sets",
                Codes::Values(values) if values.len() == 2 => "two values",
                Codes::Values(values) if values.len() == 3 => "three values",
                Codes::Values(_) => "four values",
            });
            self.add_if(search.from_reporting_day, "own clock");
            if let Some(inside) = &search.inside {
                self.add("in");
                self.unit(inside.value);
            }
            let ends = [
                (&search.since, ["since a date", "since a fact", "since days after a fact", "since days before a fact"]),
                (&search.until, ["until a date", "until a fact", "until days after a fact", "until days before a fact"]),
            ];
            for (bound, [date, of_fact, days_after, days_before]) in ends {
                let Some(bound) = bound else { continue };
                let since = date.starts_with("since");
                match &bound.value {
                    Bound::Name(name) => self.add(if dates.contains(&name.as_str()) { date } else { of_fact }),
                    Bound::Away { days, .. } => self.add(if *days < 0 { days_before } else { days_after }),
                    Bound::Age(_) => self.add(if since { "since an age" } else { "until an age" }),
                    Bound::BeforeEnd(length) => {
                        self.unit(*length);
                        self.add(if since { "since before the end" } else { "until before the end" });
                    }
                }
            }
            for companion in &search.with {
                match companion.within.value {
                    Apart::Days(..) => {}
                    Apart::Before(length) | Apart::After(length) => self.unit(length),
                }
            }
        }
        let sentences = file.lines.iter().filter_map(|line| line.condition.as_ref());
        for clause in sentences.flat_map(|sentence| &sentence.clauses) {
            match clause.subject {
                Subject::Register(_) => self.add(if clause.no { "not on a register" } else { "on a register" }),
                Subject::Age | Subject::Sex | Subject::Registered | Subject::Named(_) => {}
            }
            for test in &clause.tests {
                match &test.value {
                    Test::InTheLast(length) => {
                        self.unit(*length);
                        self.add("in the last");
                    }
                    Test::Day { to, .. } => self.add_if(dates.contains(&to.value.as_str()), "a named date"),
                    Test::Within { .. } | Test::Amount(_) => {}
                    Test::Is(_) => self.add("a sex"),
                }
            }
        }
        for line in &file.lines {
            self.add(match line.verb {
                Verb::RejectedIf => "rejected-if",
                Verb::SelectedIf => "selected-if",
                Verb::ExcludedIf => "excluded-if",
                Verb::AchievedIf => "achieved-if",
                Verb::ExceptedIf => "excepted-if",
                Verb::Otherwise(_) => "otherwise",
            });
        }
    }

    fn unit(&mut self, length: Length) {
        self.add(match length.unit {
            Unit::Days => "unit of days",
            Unit::Months => "unit of months",
            Unit::Years => "unit of years",
        });
    }

    /// What the framework asks.
    pub fn framework(&mut self, framework: &Framework) {
        self.add(match framework.view {
            View::YearEnd => "year-end",
            View::Rolling => "rolling",
        });
        self.add(if framework.so_far() { "a period not yet over" } else { "a period that is over" });
        for fact in &framework.facts {
            match fact {
                Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => self.search(search),
                Fact::LatestOf(_) | Fact::Registers(_) => {}
            }
        }
        let lines = framework.measures().flat_map(|(_, lines)| &lines.lines).map(|line| &line.condition);
        for condition in lines.chain(&framework.conditions) {
            if condition.clauses.len() > 1 {
                self.add(match condition.joined {
                    Joined::All => "all",
                    Joined::Any => "any",
                });
            }
            for clause in &condition.clauses {
                self.clause(clause);
            }
        }
        for indicator in &framework.indicators {
            self.add(match indicator.of {
                Population::List => "of the list",
                Population::Register(_) => "of a register",
            });
        }
    }

    fn search(&mut self, search: &Search) {
        self.add(if search.new_episode { "new episode" } else { "any episode" });
        self.add_if(!search.only.is_empty(), "where");
        self.add_if(search.only.len() > 1, "where twice");
        for test in &search.only {
            self.compare(test.compare);
        }
        for hang in search.since.iter().chain(&search.until) {
            self.add(match hang {
                Hang::Fact(..) => "hangs on a fact",
                Hang::Age(_) => "hangs on an age",
            });
        }
        self.add_if(search.with.len() > 1, "two companions");
        for companion in &search.with {
            self.add(match companion.within {
                Near::Days(0, 0) => "near on the same day",
                Near::Days(..) => "near in days",
                Near::Since(_) => "near up to the record",
                Near::Until(_) => "near from the record",
            });
        }
    }

    fn clause(&mut self, clause: &Clause) {
        self.add(if clause.no { "no" } else { "yes" });
        let (days, amounts) = match &clause.asks {
            Asks::OnRegister(_) => return,
            Asks::Condition(_) => return self.add("a condition"),
            Asks::Sex(Sex::Female) => return self.add("female"),
            Asks::Sex(Sex::Male) => return self.add("male"),
            Asks::Age(tests) => {
                self.add("age");
                (&[][..], tests.as_slice())
            }
            Asks::Registered(tests) => {
                self.add("registered");
                (tests.as_slice(), &[][..])
            }
            Asks::Fact(_, days, amounts) => {
                self.add("a fact");
                self.add_if(!amounts.is_empty(), "a value");
                (days.as_slice(), amounts.as_slice())
            }
            Asks::Count(_, tests) => {
                self.add("a count");
                (&[][..], tests.as_slice())
            }
        };
        for test in days {
            match test {
                DayTest::Day(order, _) => {
                    self.add("a day");
                    self.order(*order);
                }
                DayTest::Fact(order, _) => {
                    self.add("day of a fact");
                    self.order(*order);
                }
                DayTest::Within { .. } => self.add("within"),
            }
        }
        for test in amounts {
            self.compare(test.compare);
        }
    }

    fn order(&mut self, order: Order) {
        self.add(match order {
            Order::After => "after",
            Order::OnOrAfter => "on or after",
            Order::Before => "before",
            Order::OnOrBefore => "on or before",
            Order::SameDay => "same day",
        });
    }

    fn compare(&mut self, compare: Compare) {
        self.add(match compare {
            Compare::AtMost => "at most",
            Compare::AtLeast => "at least",
            Compare::Under => "under",
            Compare::Over => "over",
        });
    }

    /// What becomes of people.
    pub fn people(&mut self, framework: &Framework, people: &[Someone]) {
        let patients = patients(framework, people);
        let mut on = vec![(0, 0); framework.registers.len()];
        for (person, someone) in patients.people().iter().zip(people) {
            if !person.about.on_the_list(framework.reporting_day) {
                self.add("not on the list");
                continue;
            }
            self.add_if(someone.records.is_empty(), "a person without records");
            self.add_if(person.about.sex.is_none(), "neither sex");
            self.add_if(person.about.born_ymd % 10_000 == 229, "born on 29 February");
            self.add_if(someone.records.iter().any(|record| framework.codes.sets_of(record.code).len() > 1), "a code in two sets");
            let mut answers = Answers::new(framework, patients.patient(person));
            for at in 0..framework.facts.len() {
                self.found(framework, &mut answers, FactId(u32::try_from(at).unwrap()));
            }
            for (at, count) in on.iter_mut().enumerate() {
                let id = RegisterId(u16::try_from(at).unwrap());
                let line = answers.register(id);
                self.outcome(framework.register(id).lines.line(line).unwrap().outcome);
                if answers.on_register(id) { count.0 += 1 } else { count.1 += 1 }
            }
            for indicator in &framework.indicators {
                let Some(line) = answers.indicator(indicator) else { continue };
                let banded = indicator.lines.lines[0].number.0 == 0;
                self.add_if(banded, if line.0 == 0 { "outside a band" } else { "inside a band" });
                self.outcome(indicator.lines.line(line).unwrap().outcome);
            }
        }
        self.pathways(framework, people);
        for count in on {
            self.add(match count {
                (0, _) => "nobody on a register",
                (_, 0) => "everybody on a register",
                _ => "some on a register",
            });
        }
    }

    /// Where people are in pathways, and what is counted of them.
    fn pathways(&mut self, framework: &Framework, people: &[Someone]) {
        self.add_if(framework.pathways.len() > 1, "two pathways");
        let patients = patients(framework, people);
        for person in patients.people().iter().filter(|person| person.about.on_the_list(framework.reporting_day)) {
            let mut answers = Answers::new(framework, patients.patient(person));
            for pathway in &framework.pathways {
                let Some(standing) = answers.pathway(pathway) else {
                    self.add("not on the pathway");
                    continue;
                };
                self.add(match standing.place.status {
                    Status::Declined => "pathway declined",
                    Status::Lapsed => "pathway lapsed",
                    Status::Complete => "pathway complete",
                    Status::InProgress => "pathway in progress",
                    Status::NotStarted => "pathway not started",
                });
                self.add(if standing.missing.is_empty() { "no stage missing" } else { "a stage missing" });
                self.add(if standing.out_of_order() { "a step out of order" } else { "steps in order" });
                self.add_if(standing.between().any(|(_, _, days)| days == 0), "steps on one day");
                let lapses = answers.lapses(pathway).len();
                self.add_if(lapses > 0, "plans lapsed");
                self.add_if(standing.lapses.is_some_and(|day| day > framework.reporting_day), "a plan in force");
                for count in &pathway.counts {
                    let some = !answers.events(count).is_empty();
                    self.add(match count.again {
                        Some(_) if some => "events again",
                        Some(_) => "no event again",
                        None if some => "events some",
                        None => "events none",
                    });
                    self.add(if count.spread { "spread" } else { "not spread" });
                }
                for count in &pathway.people {
                    self.add(if answers.people_count_holds(count) { "a sentence holds" } else { "a sentence does not hold" });
                }
                let conditions = pathway.conditions.iter().filter(|id| answers.on_register(**id)).count();
                if !pathway.conditions.is_empty() {
                    self.add(match conditions {
                        0 => "no condition",
                        1 => "one condition",
                        _ => "several conditions",
                    });
                }
            }
        }
    }

    fn found(&mut self, framework: &Framework, answers: &mut Answers<'_>, id: FactId) {
        let found = answers.found(id);
        let there = found.day.is_some();
        let some = found.count > 0;
        self.add(match framework.fact(id) {
            Fact::Latest(_) if there => "latest there",
            Fact::Latest(_) => "latest absent",
            Fact::Earliest(_) if there => "earliest there",
            Fact::Earliest(_) => "earliest absent",
            Fact::Pair(..) if there => "pair there",
            Fact::Pair(..) => "pair absent",
            Fact::Count(_, CountOf::Records) if some => "records some",
            Fact::Count(_, CountOf::Records) => "records none",
            Fact::Count(_, CountOf::Days) if some => "days some",
            Fact::Count(_, CountOf::Days) => "days none",
            Fact::Count(_, CountOf::Sets) if some => "sets some",
            Fact::Count(_, CountOf::Sets) => "sets none",
            Fact::LatestOf(_) if there => "latest-of there",
            Fact::LatestOf(_) => "latest-of absent",
            Fact::Registers(_) if some => "registers some",
            Fact::Registers(_) => "registers none",
        });
        if let Fact::Latest(search) | Fact::Earliest(search) = framework.fact(id) {
            self.add_if(search.reading, if there { "a reading there" } else { "a reading absent" });
            self.add_if(there && found.amounts[0].is_none(), "a fact without value");
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.add(match outcome {
            Outcome::Selected => "selected",
            Outcome::Rejected => "rejected",
            Outcome::Excluded => "excluded",
            Outcome::Achieved => "achieved",
            Outcome::NotAchieved => "not achieved",
            Outcome::Pathway(_) => panic!("no register and no indicator has this outcome"),
            Outcome::Excepted(Reason::Combination) => "combination",
            Outcome::Excepted(Reason::Declined) => "declined",
            Outcome::Excepted(Reason::MaximumTreatment) => "maximum-treatment",
            Outcome::Excepted(Reason::NewlyDiagnosed) => "newly-diagnosed",
            Outcome::Excepted(Reason::NewlyRegistered) => "newly-registered",
            Outcome::Excepted(Reason::NoResponse) => "no-response",
            Outcome::Excepted(Reason::ServiceUnavailable) => "service-unavailable",
            Outcome::Excepted(Reason::Unsuitable) => "unsuitable",
        });
    }
}
