//! Random facts, sentences and people on awkward days: the engine must read them as [`naive`](super::naive) does.

use super::naive::{
    Amount, Bound, Clause, Clock, Companion, Compare, Date, Fact, Found, Length, Near, Of, Order, Person, Record, Search, Side, Test, Unit,
    find_all, holds,
};
use chrono::{NaiveDate, TimeDelta};
use dqoh::evaluate::Answers;
use dqoh::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
use dqoh::framework::calendar::Day;
use dqoh::framework::{Amount as Millionths, Framework, Lines, Rules, View};
use dqoh::problem::render;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Rules about some people, at some time.
#[derive(Clone, Debug)]
struct Case {
    facts: Vec<Fact>,
    clauses: Vec<Clause>,
    clock: Clock,
    /// Facts stand in the file in the order in which they depend on each other, or the other way round.
    turned: bool,
    people: Vec<Person>,
}

const PEOPLE: usize = 48;

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    /// Latest, earliest, pair, count, latest-of; windows, bounds, `where`, episodes, companions, readings; every test of a sentence.
    #[test]
    fn the_engine_reads_facts_as_they_are_meant(case in case()) {
        let (rules, framework) = made(&case);
        for person in &case.people {
            let expected = find_all(&case.facts, person, case.clock);
            let patients = patients(&framework, person);
            let mut answers = Answers::new(&framework, patients.patient(&patients.people()[0]));
            let lines = lines(&framework, case.clock);
            for (number, expected) in expected.iter().enumerate() {
                let name = fact_name(number);
                let (id, _) = lines.fact_names.iter().find(|(_, known)| *known == name).unwrap();
                let found = answers.found(*id);
                let found = Found {
                    day: found.day.map(Day::date),
                    values: [0, 1].map(|at| found.amounts[at].map(Millionths::to_decimal)),
                    count: usize::try_from(found.count).unwrap(),
                };
                prop_assert_eq!(found, expected.clone(), "{} of {:#?}\n{}", name, person, rules);
            }
            for (clause, line) in case.clauses.iter().zip(&lines.lines) {
                let expected = holds(clause, &case.facts, &expected, case.clock);
                prop_assert_eq!(answers.line_holds(line), expected, "line {} for {:#?}\n{}", line.number.0, person, rules);
            }
        }
    }
}

/// The test above would hold of nothing if nothing were found, or everything.
#[test]
fn random_people_reach_everything() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..150 {
        let case = case().new_tree(&mut runner).unwrap().current();
        for person in case.people.iter().take(8) {
            let found = find_all(&case.facts, person, case.clock);
            for (fact, found) in case.facts.iter().zip(&found) {
                let there = if found.day.is_some() || found.count > 0 { "there" } else { "absent" };
                reached.extend(features(fact).into_iter().map(|feature| format!("{feature}: {there}")));
            }
            for clause in &case.clauses {
                let answer = holds(clause, &case.facts, &found, case.clock);
                reached.extend(clause.tests.iter().map(|test| format!("{}: {answer}", kind_of_test(test))));
                reached.insert(format!("no {}: {answer}", clause.no));
            }
        }
        reached.insert(format!("rolling: {}", case.clock.rolling));
        reached.insert(format!("register: {}", case.clock.register));
    }
    let features = [
        "latest",
        "earliest",
        "pair",
        "count records",
        "count days",
        "count sets",
        "latest-of",
        "reading",
        "where",
        "episode",
        "own clock",
        "in",
        "since date",
        "since fact",
        "since age",
        "since end",
        "until date",
        "until fact",
        "until age",
        "until end",
        "same day",
        "either side",
        "before days",
        "before months",
        "after days",
        "after months",
        "several sets",
    ];
    let tests = ["in the last", "date", "fact", "within", "amount", "no true", "no false"];
    let of_facts = features.iter().flat_map(|feature| ["there", "absent"].map(|there| format!("{feature}: {there}")));
    let of_tests = tests.iter().flat_map(|test| ["true", "false"].map(|answer| format!("{test}: {answer}")));
    let clocks = ["rolling: true", "rolling: false", "register: true", "register: false"].map(str::to_owned);
    let missing: Vec<String> = of_facts.chain(of_tests).chain(clocks).filter(|wanted| !reached.contains(wanted)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}

fn features(fact: &Fact) -> Vec<&'static str> {
    let (kind, search) = match fact {
        Fact::Latest(search) => ("latest", search),
        Fact::Earliest(search) => ("earliest", search),
        Fact::Pair(search, _) => ("pair", search),
        Fact::Count(search, Of::Records) => ("count records", search),
        Fact::Count(search, Of::Days) => ("count days", search),
        Fact::Count(search, Of::Sets) => ("count sets", search),
        Fact::LatestOf(_) => return vec!["latest-of"],
    };
    let bound = |bound: &Bound, words: [&'static str; 4]| match bound {
        Bound::Date(_) => words[0],
        Bound::Fact(..) => words[1],
        Bound::Age(_) => words[2],
        Bound::BeforeEnd(_) => words[3],
    };
    let mut all = vec![kind];
    all.extend(search.reading.then_some("reading"));
    all.extend((!search.only.is_empty()).then_some("where"));
    all.extend(search.new_episode.then_some("episode"));
    all.extend(search.own_clock.then_some("own clock"));
    all.extend(search.inside.map(|_| "in"));
    all.extend(search.since.as_ref().map(|at| bound(at, ["since date", "since fact", "since age", "since end"])));
    all.extend(search.until.as_ref().map(|at| bound(at, ["until date", "until fact", "until age", "until end"])));
    all.extend((search.sets.len() > 1 && !search.reading).then_some("several sets"));
    all.extend(search.with.iter().map(|companion| match companion.near {
        Near::SameDay => "same day",
        Near::EitherSide(_) => "either side",
        Near::Before(Length(_, Unit::Days)) => "before days",
        Near::Before(_) => "before months",
        Near::After(Length(_, Unit::Days)) => "after days",
        Near::After(_) => "after months",
    }));
    all
}

fn kind_of_test(test: &Test) -> &'static str {
    match test {
        Test::InTheLast(_) => "in the last",
        Test::Date(..) => "date",
        Test::Fact(..) => "fact",
        Test::Within(..) => "within",
        Test::Amount(_) => "amount",
    }
}

// ---- what may be: facts, sentences, people ----

const SETS: [char; 5] = ['A', 'B', 'C', 'S', 'D'];
const CODES: [&str; 7] = ["A", "B", "AB", "C", "S", "D", "CS"];
const AGES: [i32; 3] = [18, 21, 26];
const VALUES: [i64; 8] = [-25, -10, 0, 50, 75, 580, 590, 1400];

fn case() -> impl Strategy<Value = Case> {
    let facts = vec(any_fact(), 4..14).prop_map(settled);
    let clauses = vec((any::<prop::sample::Index>(), any::<bool>(), vec(any_test(), 0..3)), 6..14);
    let clock = (reporting_day(), any::<bool>(), prop::bool::weighted(0.3));
    let clock = clock.prop_map(|(reporting_day, rolling, register)| Clock { reporting_day, rolling, register });
    (facts, clauses, clock, any::<bool>(), vec(any_person(), PEOPLE)).prop_map(|(facts, clauses, clock, turned, people)| {
        // Every fact has a sentence, so that no fact is unused; then some more.
        let some = (0..facts.len()).map(|fact| (fact, false, Vec::new()));
        let more = clauses.into_iter().map(|(at, no, tests)| (at.index(facts.len()), no, tests));
        let clauses = some.chain(more).map(|(fact, no, tests)| fitting(&facts, fact, no, tests)).collect();
        let people = people.into_iter().map(|someone| someone.at(clock)).collect();
        Case { facts, clauses, clock, turned, people }
    })
}

/// A fact that may depend on any other; [`settled`] turns that into earlier ones.
fn any_fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        4 => any_search(true).prop_map(Fact::Latest),
        2 => any_search(true).prop_map(Fact::Earliest),
        2 => (any_search(false), select(vec![0u32, 1, 6, 7, 28, 31])).prop_map(|(search, apart)| Fact::Pair(search, apart)),
        2 => (any_search(false), select(vec![Of::Records, Of::Days, Of::Sets])).prop_map(|(search, of)| Fact::Count(search, of)),
        1 => vec(0usize..50, 1..4).prop_map(Fact::LatestOf),
    ]
}

fn any_search(may_read: bool) -> impl Strategy<Value = Search> {
    let what = (vec(select(&SETS[..]), 1..4), prop::bool::weighted(if may_read { 0.35 } else { 0.0 }));
    let which = (vec((0usize..2, any_compare(), any_number()), 0..2), prop::bool::weighted(0.15), prop::bool::weighted(0.15));
    let when = (weighted(0.3, any_length()), weighted(0.3, any_bound()), weighted(0.3, any_bound()));
    (what, which, when, weighted(0.3, any_companions())).prop_map(
        |((mut sets, reading), (only, new_episode, own_clock), (inside, since, until), with)| {
            if reading {
                sets = vec!['S', 'D'];
            }
            sets.dedup();
            let only = only.into_iter().map(|(value, compare, number)| Amount { value: if reading { value } else { 0 }, compare, number });
            let only = only.collect();
            Search { sets, reading, only, new_episode, own_clock, inside, since, until, with: with.unwrap_or_default() }
        },
    )
}

fn any_length() -> impl Strategy<Value = Length> {
    prop_oneof![
        select(vec![0, 1, 7, 30, 365]).prop_map(|days| Length(days, Unit::Days)),
        select(vec![1, 2, 3, 6, 9, 12, 15, 21]).prop_map(|months| Length(months, Unit::Months)),
        (1u32..3).prop_map(|years| Length(years, Unit::Years)),
    ]
}

fn any_bound() -> impl Strategy<Value = Bound> {
    prop_oneof![
        2 => any_date().prop_map(Bound::Date),
        3 => (select(vec![0i64, 0, 1, 7, -1, -7, -31, 366, -366]), 0usize..50).prop_map(|(days, fact)| Bound::Fact(days, fact)),
        1 => select(&AGES[..]).prop_map(Bound::Age),
        1 => any_length().prop_map(Bound::BeforeEnd),
    ]
}

fn any_date() -> impl Strategy<Value = Date> {
    select(vec![Date::PeriodStart, Date::PeriodEnd, Date::ReportingDay, Date::Fixed, Date::Each])
}

fn any_companions() -> impl Strategy<Value = Vec<Companion>> {
    let days = |least: u32| select(vec![least, 1, 3, 7, 30]);
    // A month's window costs a table of all days, so it is rarer.
    let near = prop_oneof![
        5 => Just(Near::SameDay),
        5 => days(0).prop_map(Near::EitherSide),
        5 => days(0).prop_map(|days| Near::Before(Length(days, Unit::Days))),
        5 => days(0).prop_map(|days| Near::After(Length(days, Unit::Days))),
        1 => select(vec![1, 2, 12]).prop_map(|months| Near::Before(Length(months, Unit::Months))),
        1 => select(vec![1, 2, 12]).prop_map(|months| Near::After(Length(months, Unit::Months))),
    ];
    let companion = (vec(select(&SETS[..]), 1..3), near).prop_map(|(mut sets, near)| {
        sets.dedup();
        Companion { sets, near }
    });
    vec(companion, 1..3)
}

fn any_compare() -> impl Strategy<Value = Compare> {
    select(vec![Compare::AtMost, Compare::AtLeast, Compare::Under, Compare::Over])
}

fn any_number() -> impl Strategy<Value = Decimal> {
    select(&VALUES[..]).prop_map(|tenths| Decimal::new(tenths, 1))
}

fn any_test() -> impl Strategy<Value = Test> {
    let order = || select(vec![Order::After, Order::OnOrAfter, Order::Before, Order::OnOrBefore, Order::SameDay]);
    prop_oneof![
        any_length().prop_map(Test::InTheLast),
        (order(), any_date()).prop_map(|(order, date)| Test::Date(order, date)),
        (order(), 0usize..50).prop_map(|(order, fact)| Test::Fact(order, fact)),
        (select(vec![0u32, 1, 7, 31, 366]), select(vec![Side::After, Side::Before, Side::Of]), 0usize..50)
            .prop_map(|(days, side, fact)| Test::Within(days, side, fact)),
        (0usize..2, any_compare(), any_number()).prop_map(|(value, compare, number)| Test::Amount(Amount { value, compare, number })),
    ]
}

/// Facts that depend on earlier facts with a day only.
fn settled(facts: Vec<Fact>) -> Vec<Fact> {
    let mut settled: Vec<Fact> = Vec::new();
    for mut fact in facts {
        let with_a_day: Vec<usize> = (0..settled.len()).filter(|at| !matches!(settled[*at], Fact::Count(..))).collect();
        let earlier = |fact: usize| with_a_day.get(fact % with_a_day.len().max(1)).copied();
        match &mut fact {
            Fact::LatestOf(of) => {
                *of = of.iter().filter_map(|fact| earlier(*fact)).collect();
                if of.is_empty() {
                    continue;
                }
            }
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => {
                for bound in [&mut search.since, &mut search.until] {
                    if let Some(Bound::Fact(days, fact)) = bound {
                        *bound = earlier(*fact).map(|fact| Bound::Fact(*days, fact));
                    }
                }
            }
        }
        settled.push(fact);
    }
    // Every set is looked for by one fact at least.
    let sets = SETS.to_vec();
    let everything = Search {
        sets,
        reading: false,
        only: Vec::new(),
        new_episode: false,
        own_clock: false,
        inside: None,
        since: None,
        until: None,
        with: Vec::new(),
    };
    settled.push(Fact::Latest(everything));
    settled
}

/// A sentence whose tests fit its fact.
fn fitting(facts: &[Fact], fact: usize, no: bool, tests: Vec<Test>) -> Clause {
    let with_a_day: Vec<usize> = (0..facts.len()).filter(|at| !matches!(facts[*at], Fact::Count(..))).collect();
    let other = |at: usize| with_a_day[at % with_a_day.len()];
    let mut fitting: Vec<Test> = Vec::new();
    for test in tests {
        fitting.extend(match (&facts[fact], test) {
            (Fact::Count(..), Test::Amount(test)) => {
                let number = test.number.trunc().abs().min(Decimal::from(3));
                Some(Test::Amount(Amount { value: 0, number, ..test }))
            }
            (Fact::Count(..), _) | (Fact::LatestOf(_), Test::Amount(_)) => None,
            (Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _), Test::Amount(test)) => {
                Some(Test::Amount(Amount { value: if search.reading { test.value } else { 0 }, ..test }))
            }
            (_, Test::Fact(order, at)) => Some(Test::Fact(order, other(at))),
            (_, Test::Within(days, side, at)) => Some(Test::Within(days, side, other(at))),
            (_, test) => Some(test),
        });
    }
    if matches!(facts[fact], Fact::Count(..)) && fitting.is_empty() {
        fitting.push(Test::Amount(Amount { value: 0, compare: Compare::AtLeast, number: Decimal::ONE }));
    }
    Clause { no, fact, tests: fitting }
}

/// Days around which calendars differ, of some years.
fn awkward_day(years: std::ops::Range<i32>) -> impl Strategy<Value = NaiveDate> {
    let ends = vec![(2, 28), (3, 1), (3, 30), (3, 31), (4, 1), (6, 30), (7, 1), (7, 31), (8, 1), (9, 30), (10, 1), (12, 31), (1, 1)];
    prop_oneof![
        4 => (years.clone(), select(ends)).prop_map(|(year, (month, day))| NaiveDate::from_ymd_opt(year, month, day).unwrap()),
        1 => years.clone().prop_map(|year| NaiveDate::from_ymd_opt(year / 4 * 4, 2, 29).unwrap()),
        2 => (years, 1u32..366).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).unwrap()),
    ]
}

fn reporting_day() -> impl Strategy<Value = NaiveDate> {
    awkward_day(2016..2019)
}

fn any_person() -> impl Strategy<Value = Someone> {
    let copy = (any::<prop::sample::Index>(), select(vec![0i64, 0, 0, 1, 6, 7, -1]), any_record(), any::<[bool; 3]>());
    let records = (vec(any_record(), 0..12), vec(any_readings(), 0..3));
    (awkward_day(1992..1999), records, vec(copy, 0..8)).prop_map(|(born, (mut records, readings), copies)| {
        records.extend(readings.into_iter().flatten());
        // Records on the day of another one, or some days from it, in part the same.
        for (at, days, other, [code, value, group]) in copies {
            if records.is_empty() {
                break;
            }
            let (day, copied) = at.get(&records).clone();
            records.push((
                day.later(days),
                Record {
                    code: if code { other.1.code } else { copied.code },
                    value: if value { other.1.value } else { copied.value },
                    group: if group { other.1.group } else { copied.group },
                    ..copied
                },
            ));
        }
        Someone { born, records }
    })
}

/// A person whose days are not settled before the reporting day is known.
#[derive(Clone, Debug)]
struct Someone {
    born: NaiveDate,
    records: Vec<(When, Record)>,
}

#[derive(Clone, Copy, Debug)]
enum When {
    On(NaiveDate),
    /// So many days after one of the days at which something begins or ends.
    Near(usize, i64),
}

impl When {
    fn later(self, days: i64) -> When {
        match self {
            When::On(day) => When::On(day + TimeDelta::days(days)),
            When::Near(edge, before) => When::Near(edge, before + days),
        }
    }
}

impl Someone {
    fn at(self, clock: Clock) -> Person {
        let edges = clock.edges(self.born, &AGES);
        let mut kept: Vec<Record> = Vec::new();
        for (when, record) in self.records {
            let day = match when {
                When::On(day) => day,
                When::Near(edge, days) => edges[edge % edges.len()] + TimeDelta::days(days),
            };
            let record = Record { day, ..record };
            // Two values of one set in one group are no reading that anybody means.
            let twice = kept.iter().any(|other| {
                record.group.is_some()
                    && (other.day, other.group) == (record.day, record.group)
                    && other.code.chars().any(|set| record.code.contains(set))
                    && *other != record
            });
            if !twice {
                kept.push(record);
            }
        }
        Person { born: self.born, records: kept }
    }
}

/// Several readings of one day, each with a group or without.
fn any_readings() -> impl Strategy<Value = Vec<(When, Record)>> {
    let reading = (weighted(0.5, 1u8..3), weighted(0.9, any_number()), weighted(0.9, any_number()));
    (any_record(), vec(reading, 1..4)).prop_map(|((when, record), readings)| {
        let both = |(group, first, second)| {
            let value = |code, value| (when, Record { code, value, group, ..record.clone() });
            [value("S", first), value("D", second)]
        };
        readings.into_iter().flat_map(both).collect()
    })
}

fn any_record() -> impl Strategy<Value = (When, Record)> {
    let code = select(vec!["A", "A", "B", "B", "AB", "C", "S", "S", "S", "D", "D", "D", "CS"]);
    let value = weighted(0.8, any_number());
    let group = weighted(0.4, 1u8..3);
    let episode = weighted(0.3, select(vec!["first", "new", "review", "other"]));
    let when =
        prop_oneof![awkward_day(2014..2019).prop_map(When::On), (0usize..50, -1i64..2).prop_map(|(edge, days)| When::Near(edge, days))];
    (when, code, value, group, episode).prop_map(|(when, code, value, group, episode)| {
        let day = NaiveDate::default();
        (when, Record { day, code, value, group, episode })
    })
}

// ---- to the engine: rules as text, people as they are read ----

fn fact_name(number: usize) -> String {
    format!("f{number}")
}

/// The rules as text, and what the engine makes of them.
fn made(case: &Case) -> (String, Framework) {
    let text = rule_file(case);
    let path = if case.clock.register { "registers/r.toml" } else { "cases/i.toml" };
    let mut files = vec![("framework.toml".to_owned(), framework_file().into_bytes()), (path.to_owned(), text.clone().into_bytes())];
    for set in SETS {
        let codes: Vec<String> = CODES.iter().filter(|code| code.contains(set)).map(|code| format!("local,DQOH-{code},made up")).collect();
        let text = format!("# source: made up\n# licence: none\n# coverage: unverified\nscheme,code,term\n{}\n", codes.join("\n"));
        files.push((format!("code-sets/{set}.csv"), text.into_bytes()));
    }
    let rules = Rules::read(&files);
    // A code of two sets is a diagnosis and its end in a register, by R032; here no set means anything.
    let problems: Vec<_> = rules.problems.iter().filter(|problem| problem.code != "R032").cloned().collect();
    assert!(problems.is_empty(), "{}\n{text}", render(&problems, &rules.sources, false));
    let view = if case.clock.rolling { View::Rolling } else { View::YearEnd };
    let framework = rules.rulebook.unwrap().at(Day::from(case.clock.reporting_day), view).0;
    (text, framework)
}

fn lines(framework: &Framework, clock: Clock) -> &Lines {
    if clock.register { &framework.registers[0].lines } else { &framework.indicators[0].lines }
}

fn framework_file() -> String {
    let values: Vec<String> = SETS.iter().map(|set| format!("{set} = {{ unit = \"x\", from = -1000, to = 1000 }}")).collect();
    format!(
        "id = \"random\"\nname = \"Random\"\n[period]\nfrom = 2016-04-01\nto = 2017-03-31\n[dates]\nfixed-day = {{ fixed = 2015-04-01 }}\n\
         each-year = {{ each-period = \"08-01\" }}\n[values]\n{}\n[[domain]]\nid = \"cases\"\ntitle = \"Cases\"\n",
        values.join("\n")
    )
}

fn rule_file(case: &Case) -> String {
    let head = if case.clock.register {
        "[register]\nid = \"R\"\ntitle = \"R\"\n"
    } else {
        "[indicator]\nid = \"I\"\ntitle = \"I\"\nof = \"list\"\npoints = 0\nstanding = \"documented\"\nsource = \"made up\"\n"
    };
    let mut facts: Vec<String> =
        case.facts.iter().enumerate().map(|(at, fact)| format!("{} = {}", fact_name(at), fact_text(fact))).collect();
    if case.turned {
        facts.reverse();
    }
    let (verb, last) = if case.clock.register { ("selected-if", "rejected") } else { ("achieved-if", "not achieved") };
    let lines: Vec<String> = case.clauses.iter().map(|clause| format!("  {{ {verb} = \"{}\" }},", sentence(clause, &case.facts))).collect();
    format!("{head}[facts]\n{}\n[rules]\nin-order = [\n{}\n  {{ otherwise = \"{last}\" }},\n]\n", facts.join("\n"), lines.join("\n"))
}

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Latest(search) => format!("{{ find = \"latest\", {} }}", search_text(search)),
        Fact::Earliest(search) => format!("{{ find = \"earliest\", {} }}", search_text(search)),
        Fact::Pair(search, apart) => format!("{{ find = \"pair\", {}, apart = \"{apart} days\" }}", search_text(search)),
        Fact::Count(search, of) => {
            let of = match of {
                Of::Records => "records",
                Of::Days => "days",
                Of::Sets => "sets",
            };
            format!("{{ find = \"count\", {}, of = \"{of}\" }}", search_text(search))
        }
        Fact::LatestOf(facts) => {
            let names: Vec<String> = facts.iter().map(|fact| format!("\"{}\"", fact_name(*fact))).collect();
            format!("{{ find = \"latest-of\", of = [{}] }}", names.join(", "))
        }
    }
}

fn search_text(search: &Search) -> String {
    let mut text = if search.reading {
        format!("codes = {{ first-value = \"{}\", second-value = \"{}\" }}", search.sets[0], search.sets[1])
    } else {
        format!("codes = {}", sets_text(&search.sets))
    };
    if !search.only.is_empty() {
        let only: Vec<String> = search.only.iter().map(|test| amount_text(test, Some(search))).collect();
        text += &format!(", where = \"{}\"", only.join(", "));
    }
    if search.new_episode {
        text += ", episode = \"new\"";
    }
    if search.own_clock {
        text += ", clock = \"reporting-day\"";
    }
    if let Some(length) = search.inside {
        text += &format!(", in = \"last {}\"", length_text(length));
    }
    if let Some(bound) = search.since {
        text += &format!(", since = \"{}\"", bound_text(bound));
    }
    if let Some(bound) = search.until {
        text += &format!(", until = \"{}\"", bound_text(bound));
    }
    if !search.with.is_empty() {
        let with = search.with.iter().enumerate().map(|(at, companion)| {
            let near = match companion.near {
                Near::SameDay => "same day".to_owned(),
                Near::EitherSide(days) => format!("{days} days"),
                Near::Before(length) => format!("{} before", length_text(length)),
                Near::After(length) => format!("{} after", length_text(length)),
            };
            format!("c{at} = {{ codes = {}, within = \"{near}\" }}", sets_text(&companion.sets))
        });
        text += &format!(", with = {{ {} }}", with.collect::<Vec<_>>().join(", "));
    }
    text
}

fn sets_text(sets: &[char]) -> String {
    let quoted: Vec<String> = sets.iter().map(|set| format!("\"{set}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

fn length_text(Length(number, unit): Length) -> String {
    let unit = match unit {
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Years => "years",
    };
    format!("{number} {unit}")
}

fn bound_text(bound: Bound) -> String {
    match bound {
        Bound::Date(date) => date_text(date).to_owned(),
        Bound::Fact(0, fact) => fact_name(fact),
        Bound::Fact(days, fact) if days > 0 => format!("{days} days after {}", fact_name(fact)),
        Bound::Fact(days, fact) => format!("{} days before {}", -days, fact_name(fact)),
        Bound::Age(age) => format!("age {age}"),
        Bound::BeforeEnd(length) => format!("{} before the end", length_text(length)),
    }
}

fn date_text(date: Date) -> &'static str {
    match date {
        Date::PeriodStart => "period-start",
        Date::PeriodEnd => "period-end",
        Date::ReportingDay => "reporting-day",
        Date::Fixed => "fixed-day",
        Date::Each => "each-year",
    }
}

/// With the name of the value where a fact has one.
fn amount_text(test: &Amount, of: Option<&Search>) -> String {
    let value = match of {
        None => "",
        Some(search) if !search.reading => "value ",
        Some(_) if test.value == 0 => "first-value ",
        Some(_) => "second-value ",
    };
    let compare = match test.compare {
        Compare::AtMost => "at most",
        Compare::AtLeast => "at least",
        Compare::Under => "under",
        Compare::Over => "over",
    };
    format!("{value}{compare} {}", test.number)
}

fn sentence(clause: &Clause, facts: &[Fact]) -> String {
    let search = match &facts[clause.fact] {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) => Some(search),
        Fact::Count(..) | Fact::LatestOf(_) => None,
    };
    let order = |order: &Order| match order {
        Order::After => "after",
        Order::OnOrAfter => "on or after",
        Order::Before => "before",
        Order::OnOrBefore => "on or before",
        Order::SameDay => "on the same day as",
    };
    let tests = clause.tests.iter().map(|test| match test {
        Test::InTheLast(length) => format!("in the last {}", length_text(*length)),
        Test::Date(side, date) => format!("{} {}", order(side), date_text(*date)),
        Test::Fact(side, fact) => format!("{} {}", order(side), fact_name(*fact)),
        Test::Within(days, side, fact) => {
            let side = match side {
                Side::After => "after",
                Side::Before => "before",
                Side::Of => "of",
            };
            format!("within {days} days {side} {}", fact_name(*fact))
        }
        Test::Amount(test) => amount_text(test, search),
    });
    let no = if clause.no { "no " } else { "" };
    format!("{no}{} {}", fact_name(clause.fact), tests.collect::<Vec<_>>().join(", ")).trim_end().to_owned()
}

fn patients(framework: &Framework, person: &Person) -> Patients {
    let born = Day::from(person.born);
    let about = About { born, born_ymd: born.ymd(), sex: None, registered: born, left: None, died: None, imd_quintile: None };
    let raw = (2..).zip(&person.records).map(|(row, record)| {
        let written = record.value.map_or(0, |value| VALUES.iter().position(|tenths| Decimal::new(*tenths, 1) == value).unwrap() + 1);
        RawRecord {
            person: 0,
            day: Day::from(record.day),
            code: framework.codes.find("local", format!("DQOH-{}", record.code).as_bytes()).unwrap(),
            written: u32::try_from(written).unwrap(),
            group: u32::from(record.group.unwrap_or(0)),
            episode: match record.episode {
                Some("first") => Episode::First,
                Some("new") => Episode::New,
                Some("review") => Episode::Review,
                Some(_) => Episode::Other,
                None => Episode::Untold,
            },
            amount: record.value.and_then(Millionths::from_decimal),
            place: RowPlace { file: 0, row },
        }
    });
    Patients::new([(0, about)], raw.collect(), &framework.codes)
}
