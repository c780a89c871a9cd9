//! Proof that a hidden count could be another: other tables that add up and agree with everything that is shown.
//! Ranges only say what cannot be; a table says what can.

use super::ranges::Ranges;
use super::{Cell, Table};
use std::collections::BTreeSet;

/// A change of more counts at once is not looked for.
const MOST_CHANGES: usize = 16;
/// Nor longer than this; what is not found is taken as not there, and more is hidden.
const MOST_TRIES: usize = 2_000;
/// Of a sum with thousands of parts so many are tried: where many could change, any will do.
const MOST_WAYS: usize = 64;

/// What must hold for other tables.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    pub table: &'a Table,
    pub ranges: &'a Ranges,
}

/// A table on its way to another one; between searches it is the true one.
pub(super) struct Search {
    people: Vec<i128>,
    changed: Vec<bool>,
    /// By how much the parts of each sum are more than its total, and the sums where that is not 0.
    over: Vec<i128>,
    wrong: BTreeSet<usize>,
    /// Every change that stands.
    taken: Vec<(Cell, i128)>,
    tries: usize,
}

impl Search {
    pub fn new(table: &Table) -> Search {
        Search {
            people: table.counts.iter().map(|count| i128::from(count.people)).collect(),
            changed: vec![false; table.counts.len()],
            over: vec![0; table.sums.len()],
            wrong: BTreeSet::new(),
            taken: Vec::new(),
            tries: 0,
        }
    }

    /// Whether at least so many consecutive values of a count agree with what is shown. Tables are made from the true one,
    /// one person more or fewer at a time.
    pub fn could_be(&mut self, within: Within<'_>, cell: Cell, values: u64) -> bool {
        let mut found = 1;
        for step in [1, -1] {
            while found < values && self.change(within, cell, step) {
                found += 1;
            }
            while !self.taken.is_empty() {
                self.take_back(within.table);
            }
        }
        found >= values
    }

    /// Changes a count by one, and others by one each until everything adds up again: as few as will do.
    fn change(&mut self, within: Within<'_>, cell: Cell, step: i128) -> bool {
        if !self.may(within, cell, step) {
            return false;
        }
        for most in [2, 4, 6, 8, 12, MOST_CHANGES] {
            self.tries = 0;
            let before = self.taken.len();
            self.take(within.table, cell, step);
            if self.mend(within, most - 1) {
                for (cell, _) in self.taken.get(before..).unwrap_or(&[]) {
                    self.changed.get_mut(cell.0).into_iter().for_each(|changed| *changed = false);
                }
                return true;
            }
            self.take_back(within.table);
        }
        false
    }

    fn may(&self, within: Within<'_>, cell: Cell, step: i128) -> bool {
        let people = self.people.get(cell.0).copied().unwrap_or(0) + step;
        self.changed.get(cell.0) == Some(&false) && within.ranges.get(cell).holds(people)
    }

    fn take(&mut self, table: &Table, cell: Cell, step: i128) {
        self.taken.push((cell, step));
        self.shift(table, cell, step, true);
    }

    /// Takes back the last change.
    fn take_back(&mut self, table: &Table) {
        if let Some((cell, step)) = self.taken.pop() {
            self.shift(table, cell, -step, false);
        }
    }

    fn shift(&mut self, table: &Table, cell: Cell, by: i128, changed: bool) {
        self.people.get_mut(cell.0).into_iter().for_each(|people| *people += by);
        self.changed.get_mut(cell.0).into_iter().for_each(|own| *own = changed);
        for at in table.sums_of(cell) {
            let Some((sum, over)) = table.sums.get(*at).zip(self.over.get_mut(*at)) else { continue };
            *over += if sum.total == cell { -by } else { by };
            if *over == 0 {
                self.wrong.remove(at);
            } else {
                self.wrong.insert(*at);
            }
        }
    }

    /// Makes everything add up by changing at most so many counts more. What cannot be mended is taken back.
    fn mend(&mut self, within: Within<'_>, most: usize) -> bool {
        self.tries += 1;
        let Some(ways) = self.fewest_ways(within) else { return true };
        if most == 0 || self.tries > MOST_TRIES {
            return false;
        }
        for (cell, step) in ways {
            self.take(within.table, cell, step);
            if self.mend(within, most - 1) {
                return true;
            }
            self.take_back(within.table);
        }
        false
    }

    /// The changes that bring a sum nearer, of the sum that has the fewest; those first that are needed elsewhere too. Nothing where all add up.
    fn fewest_ways(&self, within: Within<'_>) -> Option<Vec<(Cell, i128)>> {
        let mut fewest: Option<Vec<(Cell, i128)>> = None;
        for at in &self.wrong {
            let most = fewest.as_ref().map_or(MOST_WAYS, Vec::len);
            let ways: Vec<(Cell, i128)> = self.ways(within, *at).take(most).collect();
            if fewest.is_none() || ways.len() < most {
                fewest = Some(ways);
            }
        }
        if let Some(ways) = &mut fewest {
            ways.sort_by_key(|(cell, step)| (self.left_wrong(within.table, *cell, *step), *cell));
        }
        fewest
    }

    fn ways<'w>(&'w self, within: Within<'w>, at: usize) -> impl Iterator<Item = (Cell, i128)> + 'w {
        let step = self.over.get(at).map_or(0, |over| -over.signum());
        let sum = within.table.sums.get(at);
        let parts = sum.into_iter().flat_map(|sum| &sum.parts).map(move |part| (*part, step));
        let total = sum.map(move |sum| (sum.total, -step));
        parts.chain(total).filter(move |(cell, step)| self.may(within, *cell, *step))
    }

    /// How many sums a change would make wrong, less those that it would bring nearer.
    fn left_wrong(&self, table: &Table, cell: Cell, step: i128) -> i128 {
        let of = |at: &usize| {
            let (sum, over) = table.sums.get(*at).zip(self.over.get(*at))?;
            let by = if sum.total == cell { -step } else { step };
            Some((over + by).abs() - over.abs())
        };
        table.sums_of(cell).iter().filter_map(of).sum()
    }
}
