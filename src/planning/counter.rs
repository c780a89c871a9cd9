//! Counts the people of one practice on one reporting day. Dense where an item has one number, because most are reached.

use super::{About, Counts, Item, Key, MOST_CONDITIONS, Unit, items, strata};
use crate::framework::{Framework, Stretch};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What a person's records of one count come to in one stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventsOf {
    /// Records.
    pub events: u64,
    /// Days with a record.
    pub days: u64,
}

/// What is known of one person in one pathway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonOf {
    /// The strata of every measure, everybody first.
    pub strata: Vec<usize>,
    /// Which of the pathway's conditions the person has, in their order.
    pub conditions: Vec<bool>,
    /// The line that decided.
    pub line: u16,
    /// Stages missing before the furthest.
    pub missing: Vec<usize>,
    /// Whether a step lies before an earlier one.
    pub out_of_order: bool,
    /// Pairs of stages that are there, and the days between them.
    pub between: Vec<(usize, usize, i32)>,
    /// By count, then by stretch.
    pub counts: Vec<[EventsOf; 3]>,
    /// Plans that lapsed, by stretch.
    pub lapsed: [EventsOf; 3],
    /// Which of the sentences hold.
    pub holds: Vec<bool>,
    /// The codes of the records of the last 12 months, each record once.
    pub codes: Vec<i32>,
}

/// Counts people.
#[derive(Debug)]
pub struct Counter {
    items: Vec<Item>,
    /// Items of one pathway that follow each other and are of one count, or of none: most people have no record of most counts.
    runs: Vec<Run>,
    /// By pathway: how many strata, and how many of them are those of every measure.
    strata: Vec<(usize, usize)>,
    widest: usize,
    dense: Vec<u64>,
    sparse: FxHashMap<(u16, u16, i32), u64>,
}

/// Items that follow each other.
#[derive(Debug)]
struct Run {
    pathway: usize,
    /// Which count all of them are of.
    count: Option<usize>,
    items: Range<usize>,
}

impl Counter {
    /// Nothing counted yet.
    pub fn new(framework: &Framework) -> Counter {
        let items = items(framework);
        let of_everyone = crate::tally::strata(&framework.strata).len();
        let strata: Vec<(usize, usize)> =
            framework.pathways.iter().map(|pathway| (strata(framework, pathway).len(), of_everyone)).collect();
        let widest = strata.iter().map(|(all, _)| *all).max().unwrap_or(0);
        Counter { runs: runs(&items), dense: vec![0; items.len() * widest], items, strata, widest, sparse: FxHashMap::default() }
    }

    /// Counts one person of a pathway.
    pub fn person(&mut self, pathway: usize, person: &PersonOf) {
        let mine = self.strata_of(pathway, person);
        let Counter { items, runs, widest, dense, sparse, .. } = self;
        let has_any = |run: &&Run| run.count.is_none_or(|count| person.counts.get(count).is_some_and(|events| *events != NOTHING));
        let of_pathway = runs.iter().filter(|run| run.pathway == pathway).filter(has_any);
        for (at, item) in of_pathway.flat_map(|run| run.items.clone()).filter_map(|at| Some((at, items.get(at)?))) {
            let (numbered, everybody_only) = (item.is_numbered(), item.is_of_everybody_only());
            let strata = if everybody_only { mine.get(..1).unwrap_or(&[]) } else { &mine };
            numbers(item, person, |number, count| {
                if count == 0 {
                    return;
                }
                for stratum in strata {
                    if numbered {
                        *sparse.entry((narrow(at), narrow(*stratum), number)).or_default() += count;
                    } else if let Some(slot) = dense.get_mut(at * *widest + stratum) {
                        *slot += count;
                    }
                }
            });
        }
    }

    fn strata_of(&self, pathway: usize, person: &PersonOf) -> Vec<usize> {
        let mut mine = person.strata.clone();
        let (_, of_everyone) = self.strata.get(pathway).copied().unwrap_or_default();
        let conditions = person.conditions.len();
        mine.extend(person.conditions.iter().enumerate().filter(|(_, has)| **has).map(|(at, _)| of_everyone + at));
        let number = person.conditions.iter().filter(|has| **has).count();
        if number > 0 {
            mine.push(of_everyone + conditions + number.min(MOST_CONDITIONS) - 1);
        }
        if number > 1 {
            mine.push(of_everyone + conditions + MOST_CONDITIONS);
        }
        mine
    }

    /// What was counted.
    pub fn counts(&self, practice: u32, day: u16) -> Counts {
        let dense = (0..self.items.len()).flat_map(|at| {
            let row = self.dense.get(at * self.widest..(at + 1) * self.widest).unwrap_or(&[]);
            let key = move |stratum| Key { practice, day, item: narrow(at), stratum: narrow(stratum), number: 0 };
            row.iter().enumerate().map(move |(stratum, number)| (key(stratum), *number))
        });
        let sparse = self.sparse.iter();
        let sparse =
            sparse.map(|((item, stratum, number), count)| (Key { practice, day, item: *item, stratum: *stratum, number: *number }, *count));
        dense.chain(sparse).collect()
    }
}

/// No record in any stretch of time.
const NOTHING: [EventsOf; 3] = [EventsOf { events: 0, days: 0 }; 3];

fn runs(items: &[Item]) -> Vec<Run> {
    let of = |item: &Item| match item.about {
        About::Count(count, _) | About::Spread(count, _) => (item.pathway, Some(count)),
        _ => (item.pathway, None),
    };
    let mut runs: Vec<Run> = Vec::new();
    for alike in items.chunk_by(|one, next| of(one) == of(next)) {
        let Some((pathway, count)) = alike.first().map(of) else { continue };
        let from = runs.last().map_or(0, |run| run.items.end);
        runs.push(Run { pathway, count, items: from..from + alike.len() });
    }
    runs
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// What a person adds to an item: numbers, and how many of each.
fn numbers(item: &Item, person: &PersonOf, mut add: impl FnMut(i32, u64)) {
    let events_of =
        |count: usize, stretch: Stretch| person.counts.get(count).map_or(EventsOf::default(), |counts| of_stretch(counts, stretch));
    match &item.about {
        About::Register => add(0, 1),
        About::Place => add(i32::from(person.line), 1),
        About::Missing(stage) => add(0, u64::from(person.missing.contains(stage))),
        About::OutOfOrder => add(0, u64::from(person.out_of_order)),
        About::Between(from, to) => {
            for (_, _, days) in person.between.iter().filter(|(first, last, _)| first == from && last == to) {
                add(*days, 1);
            }
        }
        About::Count(count, stretch) => add(0, in_unit(item.unit, events_of(*count, *stretch))),
        About::Spread(count, stretch) => {
            let events = events_of(*count, *stretch);
            if events.days > 0 {
                add(i32::try_from(events.days).unwrap_or(i32::MAX), 1);
            }
        }
        About::Lapsed(stretch) => add(0, in_unit(item.unit, of_stretch(&person.lapsed, *stretch))),
        About::Holds(people) => add(0, u64::from(person.holds.get(*people).copied().unwrap_or(false))),
        About::Codes => person.codes.iter().for_each(|code| add(*code, 1)),
    }
}

fn of_stretch(of: &[EventsOf; 3], stretch: Stretch) -> EventsOf {
    let [quarter, year, months] = of;
    match stretch {
        Stretch::Quarter => *quarter,
        Stretch::YearToDate => *year,
        Stretch::Last12Months => *months,
    }
}

fn in_unit(unit: Unit, events: EventsOf) -> u64 {
    match unit {
        Unit::People => u64::from(events.events > 0),
        Unit::Events => events.events,
        Unit::ContactDays => events.days,
    }
}
