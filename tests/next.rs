//! What next: whatever is proposed really counts, on its first day and on its last, and nothing shorter does. What was missed would have
//! counted on its last day, and not a day later.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use dqoh::cli::built_in;
use dqoh::evaluate::Answers;
use dqoh::evaluate::next::{Action, Next};
use dqoh::extract::Extract;
use dqoh::extract::patient::{Patients, Person, RawRecord, RowPlace};
use dqoh::framework::calendar::Day;
use dqoh::framework::code_sets::{CodeBook, CodeId, SetId};
use dqoh::framework::{Amount, AmountTest, Asks, Condition, Fact, FactId, Framework, Indicator, Lines, Outcome, Rules, Search, View};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A record, or a reading, that somebody might make: sets and values.
type Made = Vec<(SetId, Option<Amount>)>;

/// Plays actions by another way than they were found: as records of an extract.
struct Replay<'f> {
    end: &'f Framework,
    codes: CodeBook,
    /// A code that is in one set only.
    own: Vec<CodeId>,
}

impl<'f> Replay<'f> {
    fn new(end: &'f Framework) -> Replay<'f> {
        let mut codes = CodeBook::clone(&end.codes);
        let own = (0..end.sets.len()).map(|set| codes.enter_sets(vec![SetId(u16::try_from(set).unwrap())], &end.codes)).collect();
        Replay { end, codes, own }
    }

    fn outcome(&self, patients: &Patients, person: &Person, until: Day, made: &[(Day, Made)], indicator: &Indicator) -> Option<Outcome> {
        let mut raw: Vec<RawRecord> = Vec::new();
        for record in patients.records(person).into_iter().filter(|record| record.day <= until) {
            let (place, code) = patients.place(record.record).unwrap();
            let written = u32::try_from(raw.len() + 1).unwrap();
            raw.push(RawRecord {
                person: 0,
                day: record.day,
                code,
                written,
                group: record.group,
                episode: record.episode,
                amount: record.amount,
                place,
            });
        }
        for (at, (day, made)) in made.iter().enumerate() {
            let group = if made.len() > 1 { 1_000_000_000 + u32::try_from(at).unwrap() } else { 0 };
            for (set, amount) in made {
                let place = RowPlace { file: 9, row: u32::try_from(raw.len()).unwrap() };
                let written = u32::try_from(raw.len() + 1).unwrap();
                let code = self.own[usize::from(set.0)];
                raw.push(RawRecord { person: 0, day: *day, code, written, group, episode: Default::default(), amount: *amount, place });
            }
        }
        let patients = Patients::new([(0, person.about)], raw, &self.codes);
        let mut answers = Answers::new(self.end, patients.patient(&patients.people()[0]));
        let line = answers.indicator(indicator)?;
        indicator.lines.line(line).map(|line| line.outcome)
    }
}

/// An action as records: any value that its tests allow.
fn made(action: &Action) -> Made {
    let sets = if action.reading { &action.sets[..] } else { &action.sets[..1] };
    let value = |at: usize| {
        let tests: Vec<AmountTest> = action.values.iter().filter(|test| usize::from(test.value) == at).copied().collect();
        let near = tests.iter().flat_map(|test| [-1, 0, 1].map(|more| Amount(test.amount.0 + more)));
        let fits = near.into_iter().find(|amount| tests.iter().all(|test| test.passes(*amount)));
        fits.or(action.reading.then_some(Amount(70_000_000)))
    };
    sets.iter().enumerate().map(|(at, set)| (*set, value(at))).collect()
}

fn search_of(fact: &Fact) -> Option<&Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

fn sets_of(framework: &Framework, lines: &Lines) -> BTreeSet<SetId> {
    let searches = lines.fact_names.iter().filter_map(|(id, _)| search_of(framework.fact(*id)));
    searches.flat_map(|search| search.sets.iter().chain(search.with.iter().flat_map(|with| &with.sets))).copied().collect()
}

fn tests_of(framework: &Framework, condition: &Condition, tests: &mut BTreeMap<FactId, Vec<AmountTest>>) {
    for clause in &condition.clauses {
        match &clause.asks {
            Asks::Fact(id, _, amounts) => tests.entry(*id).or_default().extend(amounts),
            Asks::Condition(id) => tests_of(framework, framework.condition(*id), tests),
            _ => {}
        }
    }
}

/// Everything that somebody might record for an indicator, but what registers ask for: every set, values beside every bound.
fn universe(framework: &Framework, indicator: &Indicator, of_registers: &BTreeSet<SetId>) -> Vec<Made> {
    let mut tests = BTreeMap::new();
    for line in &indicator.lines.lines {
        tests_of(framework, &line.condition, &mut tests);
    }
    let mut all: BTreeSet<Made> = BTreeSet::new();
    // Nobody is diagnosed again for an indicator's sake; but what it asks for itself may be what a register asks for too.
    let achieved = indicator.lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved);
    let facts = achieved.flat_map(|line| framework.facts_of(&line.condition));
    let asked_for: BTreeSet<SetId> = facts.flat_map(|id| framework.sets_of(id)).collect();
    let allowed = |set: &SetId| asked_for.contains(set) || !of_registers.contains(set);
    for set in sets_of(framework, &indicator.lines).into_iter().filter(allowed) {
        all.insert(vec![(set, None)]);
    }
    for (id, _) in &indicator.lines.fact_names {
        let Some(search) = search_of(framework.fact(*id)) else { continue };
        let tests: Vec<AmountTest> = search.only.iter().chain(tests.get(id).into_iter().flatten()).copied().collect();
        let bounds = |value: usize| -> Vec<Amount> {
            let of = tests.iter().filter(|test| usize::from(test.value) == value);
            let mut near: Vec<Amount> = of.flat_map(|test| [-1_000_000, 0, 1_000_000].map(|more| Amount(test.amount.0 + more))).collect();
            near.push(Amount(70_000_000));
            near
        };
        if search.reading {
            for first in bounds(0) {
                for second in bounds(1) {
                    all.insert(vec![(search.sets[0], Some(first)), (search.sets[1], Some(second))]);
                }
            }
        } else {
            for set in search.sets.iter().filter(|set| allowed(set)) {
                all.extend(bounds(0).into_iter().map(|value| vec![(*set, Some(value))]));
            }
        }
    }
    all.into_iter().collect()
}

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn what_is_proposed_counts_and_nothing_shorter_does() {
    let rules = Rules::read(&built_in());
    let rulebook = rules.sound().unwrap();
    let end = rulebook.at(rulebook.period().to, View::YearEnd).0;
    let replay = Replay::new(&end);
    let of_registers: BTreeSet<SetId> = end.registers.iter().flat_map(|register| sets_of(&end, &register.lines)).collect();
    let mut extract = Extract::open(&here("sample-extracts")).unwrap();
    let records = extract.records(&end.codes, &|_| {}).unwrap();
    let until = Day::from_ymd(2016, 12, 15).unwrap();
    let days = [until.plus(1), until.plus(50), end.reporting_day];
    let mut asking = Next::new(until, &end);
    let (mut proposals, mut none, mut closed, mut forced, mut pairs, mut by_length) = (0, 0, 0, 0, 0, BTreeMap::<usize, usize>::new());
    let universes: Vec<Vec<Made>> = end.indicators.iter().map(|indicator| universe(&end, indicator, &of_registers)).collect();
    let mut at = 0_usize;
    for practice in records {
        let patients = practice.patients(&end.codes);
        for person in patients.people() {
            let mut next = asking.of(patients.patient(person));
            for (indicator, universe) in end.indicators.iter().zip(&universes) {
                let now = replay.outcome(&patients, person, until, &[], indicator);
                if !matches!(now, Some(Outcome::NotAchieved | Outcome::Excepted(_))) {
                    continue;
                }
                at += 1;
                let outcome = |made: &[(Day, Made)]| replay.outcome(&patients, person, until, made, indicator);
                let proposal = next.proposal(indicator);
                let length = proposal.as_ref().map_or(3, |proposal| proposal.actions.len());
                match &proposal {
                    None => {
                        none += 1;
                        // What was missed would have counted on its last day, and not on the day after it.
                        if let [missed] = next.missed(indicator).as_slice() {
                            closed += 1;
                            let on = |day: Day| outcome(&[(day, made(missed))]);
                            assert!(missed.to <= until, "{} of {}: {missed:?}", indicator.id, person.number);
                            assert_eq!(on(missed.to), Some(Outcome::Achieved), "{} of {}: {missed:?}", indicator.id, person.number);
                            assert_ne!(on(missed.to.plus(1)), Some(Outcome::Achieved), "{} of {}: {missed:?}", indicator.id, person.number);
                        }
                    }
                    Some(proposal) => {
                        proposals += 1;
                        *by_length.entry(length).or_default() += 1;
                        assert!(!proposal.actions.is_empty(), "{} of {}", indicator.id, person.number);
                        let told =
                            |actions: &[Action]| -> Vec<(Day, Made)> { actions.iter().map(|action| (action.day, made(action))).collect() };
                        let achieved = |made: &[(Day, Made)], how: &str| {
                            assert_eq!(outcome(made), Some(Outcome::Achieved), "{} of {} {how}: {proposal:?}", indicator.id, person.number);
                        };
                        achieved(&told(&proposal.actions), "as proposed");
                        for (at, first) in proposal.actions.iter().enumerate().filter(|(_, action)| !action.beside) {
                            let group = 1 + proposal.actions[at + 1..].iter().take_while(|action| action.beside).count();
                            for end in [first.from, first.to] {
                                let mut moved = proposal.actions.clone();
                                for action in &mut moved[at..at + group] {
                                    action.day = action.day.plus(end.0 - first.day.0);
                                }
                                achieved(&told(&moved), "with one on its first or last day");
                            }
                        }
                        for day in proposal.together.into_iter().flat_map(<[Day; 2]>::from) {
                            let all: Vec<(Day, Made)> = proposal.actions.iter().map(|action| (day, made(action))).collect();
                            achieved(&all, "at one appointment");
                        }
                        let days: BTreeSet<Day> = proposal.actions.iter().map(|action| action.day).collect();
                        assert_eq!(proposal.appointments == 1, proposal.together.is_some(), "{proposal:?}");
                        assert!(proposal.together.is_some() || proposal.appointments <= days.len(), "{proposal:?}");
                        // One less is not enough.
                        for without in 0..length {
                            let mut fewer = proposal.actions.clone();
                            fewer.remove(without);
                            assert_ne!(
                                outcome(&told(&fewer)),
                                Some(Outcome::Achieved),
                                "{} of {}: {proposal:?}",
                                indicator.id,
                                person.number
                            );
                        }
                    }
                }
                // Nothing shorter: everything is tried for some.
                let alone = |day: &Day, one: &Made| (*day, one.clone());
                let singles: Vec<(Day, Made)> = days.iter().flat_map(|day| universe.iter().map(move |one| alone(day, one))).collect();
                if length > 1 && at.is_multiple_of(7) {
                    forced += 1;
                    for one in &singles {
                        let made = std::slice::from_ref(one);
                        assert_ne!(
                            outcome(made),
                            Some(Outcome::Achieved),
                            "{} of {}: {made:?}, not {proposal:?}",
                            indicator.id,
                            person.number
                        );
                    }
                }
                if length > 2 && at.is_multiple_of(11) && singles.len() < 200 {
                    pairs += 1;
                    for (at, one) in singles.iter().enumerate() {
                        for other in &singles[..at] {
                            let made = [one.clone(), other.clone()];
                            assert_ne!(
                                outcome(&made),
                                Some(Outcome::Achieved),
                                "{} of {}: {made:?}, not {proposal:?}",
                                indicator.id,
                                person.number
                            );
                        }
                    }
                }
            }
        }
    }
    assert!(
        proposals > 3000 && none > 50 && closed > 30 && forced > 50 && pairs > 4 && by_length.len() > 4,
        "{proposals} {none} {closed} {forced} {pairs} {by_length:?}"
    );
}
