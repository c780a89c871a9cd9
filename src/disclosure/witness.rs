//! Proof that a hidden count could be another: other tables that add up and agree with everything that is shown.
//! Ranges only say what cannot be; a table says what can.

use super::ranges::Range;
use super::{Cell, Table};
use std::collections::BTreeSet;

/// A change of more counts at once is not looked for.
const MOST_CHANGES: usize = 16;
/// Nor longer than this; what is not found is taken as not there, and more is hidden.
const MOST_TRIES: usize = 2_000;

/// Whether at least so many consecutive values of a count agree with what is shown. Tables are made from the true one,
/// one person more or fewer at a time.
pub(super) fn could_be(table: &Table, ranges: &[Range], cell: Cell, values: u64) -> bool {
    let mut found = 1;
    for step in [1, -1] {
        let mut search = Search::new(table, ranges);
        while found < values && search.change(cell, step) {
            found += 1;
        }
    }
    found >= values
}

/// A table on its way to another one.
struct Search<'a> {
    table: &'a Table,
    ranges: &'a [Range],
    people: Vec<i128>,
    changed: Vec<bool>,
    /// By how much the parts of each sum are more than its total, and the sums where that is not 0.
    over: Vec<i128>,
    wrong: BTreeSet<usize>,
    tries: usize,
}

impl<'a> Search<'a> {
    fn new(table: &'a Table, ranges: &'a [Range]) -> Search<'a> {
        let people = table.counts.iter().map(|count| i128::from(count.people)).collect();
        let (changed, over) = (vec![false; table.counts.len()], vec![0; table.sums.len()]);
        Search { table, ranges, people, changed, over, wrong: BTreeSet::new(), tries: 0 }
    }

    /// Changes a count by one, and others by one each until everything adds up again: as few as will do.
    fn change(&mut self, cell: Cell, step: i128) -> bool {
        if !self.may(cell, step) {
            return false;
        }
        for most in [2, 4, 6, 8, 12, MOST_CHANGES] {
            self.tries = 0;
            self.take(cell, step);
            if self.mend(most - 1) {
                self.changed.fill(false);
                return true;
            }
            self.take_back(cell, step);
        }
        false
    }

    fn may(&self, cell: Cell, step: i128) -> bool {
        let people = self.people.get(cell.0).copied().unwrap_or(0) + step;
        self.changed.get(cell.0) == Some(&false) && self.ranges.get(cell.0).is_some_and(|range| range.holds(people))
    }

    fn take(&mut self, cell: Cell, step: i128) {
        self.shift(cell, step, true);
    }

    fn take_back(&mut self, cell: Cell, step: i128) {
        self.shift(cell, -step, false);
    }

    fn shift(&mut self, cell: Cell, by: i128, changed: bool) {
        self.people.get_mut(cell.0).into_iter().for_each(|people| *people += by);
        self.changed.get_mut(cell.0).into_iter().for_each(|own| *own = changed);
        let table = self.table;
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
    fn mend(&mut self, most: usize) -> bool {
        self.tries += 1;
        // The sum with the fewest ways to mend it.
        let Some(ways) = self.wrong.iter().map(|at| self.ways(*at)).min_by_key(Vec::len) else { return true };
        if most == 0 || self.tries > MOST_TRIES {
            return false;
        }
        for (cell, step) in ways {
            self.take(cell, step);
            if self.mend(most - 1) {
                return true;
            }
            self.take_back(cell, step);
        }
        false
    }

    /// The changes that bring a sum nearer, those first that are needed elsewhere too.
    fn ways(&self, at: usize) -> Vec<(Cell, i128)> {
        let Some((sum, over)) = self.table.sums.get(at).zip(self.over.get(at)) else { return Vec::new() };
        let step = -over.signum();
        let parts = sum.parts.iter().map(|part| (*part, step));
        let mut ways: Vec<(Cell, i128)> = parts.chain([(sum.total, -step)]).filter(|(cell, step)| self.may(*cell, *step)).collect();
        ways.sort_by_key(|(cell, step)| (self.left_wrong(*cell, *step), *cell));
        ways
    }

    /// How many sums a change would make wrong, less those that it would bring nearer.
    fn left_wrong(&self, cell: Cell, step: i128) -> i128 {
        let of = |at: &usize| {
            let (sum, over) = self.table.sums.get(*at).zip(self.over.get(*at))?;
            let by = if sum.total == cell { -step } else { step };
            Some((over + by).abs() - over.abs())
        };
        self.table.sums_of(cell).iter().filter_map(of).sum()
    }
}
