//! Random people, with records where they matter: near the edges of windows, near each other, of few codes.

use super::chance::Chance;
use dqoh::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
use dqoh::framework::calendar::{Day, birthday};
use dqoh::framework::code_sets::{CodeId, SetId};
use dqoh::framework::{Amount, Fact, Framework, Hang, Sex};
use std::collections::BTreeMap;

/// One person and the rows of their record.
#[derive(Clone)]
pub struct Someone {
    pub about: About,
    pub records: Vec<RawRecord>,
}

/// People as the engine reads them; each has the number of their place.
pub fn patients(framework: &Framework, people: &[Someone]) -> Patients {
    let about: Vec<(u32, About)> = (0..).zip(people).map(|(number, someone)| (number, someone.about)).collect();
    let raw = (0..).zip(people).flat_map(|(person, someone)| someone.records.iter().map(move |record| RawRecord { person, ..*record }));
    Patients::new(about, raw.collect(), &framework.codes)
}

/// So many people for a framework.
pub fn random(framework: &Framework, people: u32, seed: u64) -> Vec<Someone> {
    // One or two codes of each combination of sets, so that every set is met as often as any other.
    let mut by_sets: BTreeMap<Vec<u16>, Vec<CodeId>> = BTreeMap::new();
    for code in framework.codes.all() {
        let sets: Vec<u16> = framework.codes.sets_of(code).iter().map(|set| set.0).collect();
        let codes = by_sets.entry(sets).or_default();
        if codes.len() < 2 {
            codes.push(code);
        }
    }
    let codes: Vec<CodeId> = by_sets.into_values().flatten().collect();
    let (day, end, from) = (framework.reporting_day, framework.end, framework.period.from);
    let anchors = [day, end, from, Day(end.0 - 365), Day(from.0 - 1)];
    let mut chance = Chance::new(seed);
    (0..people).map(|_| someone(framework, &mut chance, &codes, &anchors)).collect()
}

/// Near an edge of some window, or near a day that the person already has.
fn near(chance: &mut Chance, own: &[Day], anchors: &[Day]) -> Day {
    let from =
        if !own.is_empty() && chance.once_in(3) { chance.of(anchors) } else { chance.of(if own.is_empty() { anchors } else { own }) };
    let far = [0, 0, 0, 1, -1, 6, 7, -7, 30, 31, -30, 90, -93, 180, -185, 279, 280, -270, -366, -365, 366, -731, -640, -1826];
    Day(from.0 + chance.of(&far) + chance.of(&[0, 0, 0, 0, 1, -1, 2, 40, -40]))
}

const BIRTHS: [(i32, u32, u32); 9] =
    [(1936, 4, 1), (1960, 2, 29), (1972, 2, 29), (1971, 4, 1), (1972, 3, 31), (1999, 6, 30), (2000, 2, 29), (2001, 1, 1), (1950, 8, 1)];
const EPISODES: [Episode; 5] = [Episode::Untold, Episode::New, Episode::First, Episode::Review, Episode::Other];
/// In tenths.
const AMOUNTS: [i64; 17] = [-30, -25, 0, 50, 100, 580, 590, 600, 750, 760, 800, 810, 900, 1400, 1405, 1500, 1510];

/// Whether a record of this code may have this value: an extract gives no other.
pub fn believed(framework: &Framework, code: CodeId, amount: Amount) -> bool {
    framework.codes.value_rule(code).is_some_and(|rule| rule.accepts(amount))
}

fn someone(framework: &Framework, chance: &mut Chance, codes: &[CodeId], anchors: &[Day]) -> Someone {
    let (year, month, day) = chance.of(&BIRTHS);
    let born = Day::from_ymd(year, month, day).unwrap();
    let registered = if chance.once_in(3) { near(chance, &[Day(10_000), Day(12_000)], anchors) } else { Day(11_000) };
    let gone = |chance: &mut Chance| chance.once_in(16).then(|| near(chance, &[], anchors)).filter(|day| *day >= registered);
    let about = About {
        born,
        born_ymd: born.ymd(),
        sex: chance.of(&[Some(Sex::Female), Some(Sex::Male), None]),
        registered,
        left: gone(chance),
        died: gone(chance),
        imd_quintile: chance.of(&[None, Some(1), Some(5)]),
    };
    let mut someone = Someone { about, records: Vec::new() };
    if codes.is_empty() {
        return someone;
    }
    // A person has something to do with few codes, so that facts meet.
    let few: Vec<CodeId> = (0..chance.up_to(14)).map(|_| chance.of(codes)).collect();
    let mut own = Vec::new();
    for _ in 1..chance.up_to(30) {
        let day = near(chance, &own, anchors);
        if day < born {
            continue;
        }
        own.push(day);
        let code = chance.of(&few);
        let amount = if chance.once_in(5) { None } else { Some(Amount(chance.of(&AMOUNTS) * 100_000)) };
        someone.records.push(RawRecord {
            person: 0,
            day,
            code,
            written: u32::try_from(chance.up_to(3)).unwrap(),
            group: chance.of(&[0, 0, 1, 2]),
            episode: chance.of(&EPISODES),
            amount: amount.filter(|amount| believed(framework, code, *amount)),
            place: RowPlace::default(),
        });
    }
    let ages = ages(framework);
    if !ages.is_empty() && chance.once_in(2) {
        let (age, set) = chance.of(&ages);
        let day = birthday(born, age).plus(chance.of(&[0, 0, 1, -1]));
        someone.records.extend(reading(framework, chance, &[set], day));
    }
    let readings = readings(framework);
    if !readings.is_empty() && chance.once_in(2) {
        let sets = chance.of(&readings);
        let day = near(chance, &own, anchors);
        for _ in 0..chance.up_to(4) {
            someone.records.extend(reading(framework, chance, &sets, day));
        }
    }
    someone
}

/// The ages at which some fact begins or ends, and a set that it looks for.
fn ages(framework: &Framework) -> Vec<(i32, SetId)> {
    let searches = framework.facts.iter().filter_map(|fact| match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    });
    let hangs = searches.flat_map(|search| search.since.iter().chain(&search.until).map(|hang| (hang, search.sets[0])));
    hangs
        .filter_map(|(hang, set)| match hang {
            Hang::Age(age) => Some((*age, set)),
            Hang::Fact(..) => None,
        })
        .collect()
}

/// The sets of each reading of several values that a fact looks for.
fn readings(framework: &Framework) -> Vec<Vec<SetId>> {
    let searches = framework.facts.iter().filter_map(|fact| match fact {
        Fact::Latest(search) | Fact::Earliest(search) => Some(search),
        Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) | Fact::Registers(_) => None,
    });
    searches.filter(|search| search.reading).map(|search| search.sets.clone()).collect()
}

/// A value of each set, of one group or of none.
fn reading(framework: &Framework, chance: &mut Chance, sets: &[SetId], day: Day) -> Vec<RawRecord> {
    let group = chance.of(&[0, 0, 1, 2]);
    let codes = |set: SetId| framework.codes.all().find(|code| framework.codes.sets_of(*code).contains(&set));
    let values = sets.iter().enumerate().filter_map(|(at, set)| {
        let code = codes(*set)?;
        // Several readings of a day often have the same first value.
        let amount = if at == 0 { chance.of(&[580, 590]) } else { chance.of(&AMOUNTS) };
        let amount = Amount(amount * 100_000);
        let amount = Some(amount).filter(|amount| believed(framework, code, *amount));
        let place = RowPlace::default();
        Some(RawRecord { person: 0, day, code, written: 0, group, episode: Episode::Untold, amount, place })
    });
    values.collect()
}
