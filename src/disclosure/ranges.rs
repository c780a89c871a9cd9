//! What can be concluded about counts from what is shown of them and what adds up: from least to most, narrowed until nothing narrows any more.

use super::{Cell, Table};
use std::collections::VecDeque;

/// From least to most; without a most, anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub least: i128,
    pub most: Option<i128>,
}

impl Range {
    const ANYTHING: Range = Range { least: 0, most: None };

    pub fn holds(self, people: i128) -> bool {
        self.least <= people && self.most.is_none_or(|most| people <= most)
    }

    /// Whether at least so many values are in it.
    pub fn has(self, values: u64) -> bool {
        self.most.is_none_or(|most| most - self.least + 1 >= i128::from(values))
    }

    /// What is in both.
    pub fn and(self, other: Range) -> Range {
        let most = match (self.most, other.most) {
            (Some(own), Some(most)) => Some(own.min(most)),
            (own, most) => own.or(most),
        };
        Range { least: self.least.max(other.least), most }
    }
}

/// The parts of a sum together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    least: i128,
    /// Of those that have a most.
    most: i128,
    boundless: usize,
}

impl Held {
    fn with(mut self, range: Range) -> Held {
        self.least += range.least;
        self.most += range.most.unwrap_or(0);
        self.boundless += usize::from(range.most.is_none());
        self
    }

    fn without(mut self, range: Range) -> Held {
        self.least -= range.least;
        self.most -= range.most.unwrap_or(0);
        self.boundless -= usize::from(range.most.is_none());
        self
    }

    fn all(self) -> Range {
        Range { least: self.least, most: (self.boundless == 0).then_some(self.most) }
    }
}

/// The ranges of all counts. What the parts of each sum come to is kept with them, as a whole may have thousands of parts.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    all: Vec<Range>,
    held: Vec<Held>,
}

impl Ranges {
    pub fn of(table: &Table, all: Vec<Range>) -> Ranges {
        let held = table.sums.iter().map(|sum| {
            let parts = sum.parts.iter().filter_map(|part| all.get(part.0));
            parts.fold(Held::default(), |held, part| held.with(*part))
        });
        Ranges { held: held.collect(), all }
    }

    pub fn get(&self, cell: Cell) -> Range {
        self.all.get(cell.0).copied().unwrap_or(Range::ANYTHING)
    }

    pub fn set(&mut self, table: &Table, cell: Cell, range: Range) {
        let before = self.get(cell);
        for at in table.sums_of(cell) {
            let total = table.sums.get(*at).map(|sum| sum.total);
            if let Some(held) = self.held.get_mut(*at).filter(|_| total != Some(cell)) {
                *held = held.without(before).with(range);
            }
        }
        self.all.get_mut(cell.0).into_iter().for_each(|own| *own = range);
    }

    /// What one sum says of a count in it, from what is known of the others.
    pub fn implied(&self, table: &Table, at: usize, cell: Cell) -> Range {
        let Some((sum, held)) = table.sums.get(at).zip(self.held.get(at)) else { return Range::ANYTHING };
        if sum.total == cell {
            return held.all();
        }
        let (total, others) = (self.get(sum.total), held.without(self.get(cell)).all());
        let least = others.most.map_or(0, |others| total.least - others);
        Range { least: least.max(0), most: total.most.map(|total| total - others.least) }
    }

    /// Narrows all by all sums, to a fixpoint, which is the same in whatever order. The true counts are always within, so it ends.
    pub fn narrow(&mut self, table: &Table) {
        let mut waiting = vec![true; table.sums.len()];
        let mut queue: VecDeque<usize> = (0..table.sums.len()).collect();
        while let Some(at) = queue.pop_front() {
            waiting.get_mut(at).into_iter().for_each(|waits| *waits = false);
            let Some(sum) = table.sums.get(at) else { continue };
            for cell in sum.parts.iter().chain([&sum.total]) {
                if self.narrow_one(table, at, *cell) {
                    for other in table.sums_of(*cell) {
                        if waiting.get_mut(*other).is_some_and(|waits| !std::mem::replace(waits, true)) {
                            queue.push_back(*other);
                        }
                    }
                }
            }
        }
    }

    /// Narrows these alone, and takes all others as they are.
    pub fn narrow_these(&mut self, table: &Table, cells: &[Cell]) {
        let mut narrower = true;
        while std::mem::take(&mut narrower) {
            for cell in cells {
                for at in table.sums_of(*cell) {
                    narrower |= self.narrow_one(table, *at, *cell);
                }
            }
        }
    }

    fn narrow_one(&mut self, table: &Table, at: usize, cell: Cell) -> bool {
        let own = self.get(cell);
        let narrowed = own.and(self.implied(table, at, cell));
        if narrowed == own {
            return false;
        }
        self.set(table, cell, narrowed);
        true
    }
}
