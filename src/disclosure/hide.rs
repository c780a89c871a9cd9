//! Which counts are hidden from an audience: small ones first, then one more at a time until none can be worked out.

use super::ranges::{Range, Ranges};
use super::witness::{Search, Within};
use super::{Audience, Cell, ENOUGH, FEWEST_TO_PUBLISH, FEWEST_TO_SHARE, ROUNDED_TO, SMALL_GROUP, Shown, Table};
use std::collections::BTreeSet;

/// Around a count that is hidden ranges are widened in sums of no more parts than this; those of larger ones stay as narrow as they were.
const FEW_PARTS: usize = 8;

/// How every count is shown. Counts that no table prints are hidden.
pub(super) fn hide(table: &Table, audience: Audience) -> Vec<Shown> {
    let small: Vec<bool> = table.cells().map(|cell| is_small(table, cell, audience)).collect();
    let mut choice = Choice::new(table, audience, small);
    let mut unproven: BTreeSet<Cell> = table.cells().filter(|cell| Choice::is(&choice.hidden, *cell)).collect();
    while let Some(cell) = unproven.pop_first() {
        // Hiding more leaves more possible, so what is not given away now never will be.
        if choice.is_enough(cell) {
            continue;
        }
        match choice.one_more_for(cell) {
            Some(more) => {
                choice.hide(more, cell);
                unproven.extend([cell, more]);
            }
            // Nothing is left that could be hidden: all counts get the same mark, and none says that it is small.
            None => return vec![Shown::Hidden; table.counts.len()],
        }
    }
    table.cells().map(|cell| choice.shown(cell)).collect()
}

/// Whether a count must be hidden for its own sake.
fn is_small(table: &Table, cell: Cell, audience: Audience) -> bool {
    let people = table.people(cell);
    match audience {
        Audience::Internal => false,
        Audience::Sharing => people < FEWEST_TO_SHARE,
        Audience::Publish if people == 0 => {
            // None of a few people, which also is: all the others are the rest of them.
            let totals = table.sums_of(cell).iter().filter_map(|at| table.sums.get(*at)).map(|sum| sum.total);
            totals.filter(|total| *total != cell).any(|total| (1..SMALL_GROUP).contains(&table.people(total)))
        }
        Audience::Publish => people < FEWEST_TO_PUBLISH,
    }
}

/// What is hidden so far.
struct Choice<'a> {
    table: &'a Table,
    audience: Audience,
    small: Vec<bool>,
    hidden: Vec<bool>,
    /// What a reader knows of each count from how it is shown.
    known: Ranges,
    /// What follows from that; never wider than what does, and narrower where it has not been worked out anew since more was hidden.
    follows: Ranges,
    exact: bool,
    search: Search,
}

impl<'a> Choice<'a> {
    fn new(table: &'a Table, audience: Audience, small: Vec<bool>) -> Self {
        let nothing = Ranges::of(table, Vec::new());
        let search = Search::new(table);
        let mut choice =
            Choice { table, audience, hidden: small.clone(), small, known: nothing.clone(), follows: nothing, exact: true, search };
        choice.known = Ranges::of(table, table.cells().map(|cell| choice.known_of(cell)).collect());
        choice.follows = choice.all_that_follows();
        choice
    }

    fn is(flags: &[bool], cell: Cell) -> bool {
        flags.get(cell.0) == Some(&true)
    }

    fn shown(&self, cell: Cell) -> Shown {
        let people = self.table.people(cell);
        let (small, hidden) = (Self::is(&self.small, cell), Self::is(&self.hidden, cell));
        match self.audience {
            _ if !self.table.printed(cell) => Shown::Hidden,
            Audience::Internal => Shown::Exactly(people),
            Audience::Sharing if small => Shown::FewerThan(FEWEST_TO_SHARE),
            Audience::Sharing | Audience::Publish if hidden => Shown::Hidden,
            Audience::Sharing => Shown::Exactly(people),
            Audience::Publish if people == 0 => Shown::Exactly(0),
            Audience::Publish => Shown::Rounded(people.saturating_add(ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO),
        }
    }

    fn known_of(&self, cell: Cell) -> Range {
        let within = |least: u64, most: u64| Range { least: i128::from(least), most: Some(i128::from(most)) };
        match self.shown(cell) {
            _ if !self.table.printed(cell) => Range { least: 0, most: None },
            Shown::Exactly(people) => within(people, people),
            Shown::Rounded(people) => {
                within(people.saturating_sub(ROUNDED_TO / 2).max(FEWEST_TO_PUBLISH), people.saturating_add(ROUNDED_TO / 2))
            }
            Shown::FewerThan(people) => within(0, people.saturating_sub(1)),
            // In sharing, what is hidden and not "fewer than 5" is 5 or more.
            Shown::Hidden if self.audience == Audience::Sharing => Range { least: i128::from(FEWEST_TO_SHARE), most: None },
            Shown::Hidden => Range { least: 0, most: None },
        }
    }

    fn all_that_follows(&self) -> Ranges {
        let mut follows = self.known.clone();
        follows.narrow(self.table);
        follows
    }

    /// Whether a hidden count, printed or not, cannot be worked out too nearly.
    fn is_enough(&mut self, cell: Cell) -> bool {
        if self.audience == Audience::Internal || self.enough(cell) {
            return true;
        }
        if self.exact || !self.pins(cell).is_empty() {
            return false;
        }
        self.follows = self.all_that_follows();
        self.exact = true;
        self.enough(cell)
    }

    /// The same, from ranges that may be too narrow: what is enough there is enough.
    fn enough(&mut self, cell: Cell) -> bool {
        let within = Within { table: self.table, ranges: &self.follows };
        self.follows.get(cell).has(ENOUGH) && self.search.could_be(within, cell, ENOUGH)
    }

    /// The sums each of which alone gives a count away, whatever follows from others: only hiding more in all of them can help.
    fn pins(&self, cell: Cell) -> Vec<usize> {
        let own = self.known.get(cell);
        let pins = |at: &&usize| !own.and(self.known.implied(self.table, **at, cell)).has(ENOUGH);
        self.table.sums_of(cell).iter().filter(pins).copied().collect()
    }

    /// Hides one more, for the sake of another.
    fn hide(&mut self, cell: Cell, sake: Cell) {
        self.hidden.get_mut(cell.0).into_iter().for_each(|hidden| *hidden = true);
        self.known.set(self.table, cell, self.known_of(cell));
        self.exact = false;
        self.widen(self.around(&[cell, sake]));
    }

    /// These counts, and those in small sums with them.
    fn around(&self, cells: &[Cell]) -> Vec<Cell> {
        let sums = cells.iter().flat_map(|cell| self.table.sums_of(*cell)).filter_map(|at| self.table.sums.get(*at));
        let few = sums.filter(|sum| sum.parts.len() <= FEW_PARTS);
        let mut around: Vec<Cell> = few.flat_map(|sum| sum.parts.iter().chain([&sum.total])).chain(cells).copied().collect();
        around.sort_unstable();
        around.dedup();
        around
    }

    /// Works out anew what follows for these. As all others stay as narrow as they were, nothing comes out too wide.
    fn widen(&mut self, cells: Vec<Cell>) {
        for cell in &cells {
            self.follows.set(self.table, *cell, self.known.get(*cell));
        }
        self.follows.narrow_these(self.table, &cells);
    }

    /// Whether a count would not be given away any more if another were hidden too.
    fn would_do(&mut self, cell: Cell, other: Cell) -> bool {
        let around = self.around(&[cell, other]);
        let before: Vec<(Cell, Range)> = around.iter().map(|cell| (*cell, self.follows.get(*cell))).collect();
        let (known, exact) = (self.known.get(other), self.exact);
        self.hidden.get_mut(other.0).into_iter().for_each(|hidden| *hidden = true);
        self.known.set(self.table, other, self.known_of(other));
        self.widen(around);
        let enough = self.enough(cell) || (self.pins(cell).is_empty() && self.enough_exactly(cell));
        self.hidden.get_mut(other.0).into_iter().for_each(|hidden| *hidden = false);
        self.known.set(self.table, other, known);
        for (cell, range) in before {
            self.follows.set(self.table, cell, range);
        }
        self.exact = exact;
        enough
    }

    fn enough_exactly(&mut self, cell: Cell) -> bool {
        let exactly = self.all_that_follows();
        let as_it_was = std::mem::replace(&mut self.follows, exactly);
        let enough = self.enough(cell);
        self.follows = as_it_was;
        enough
    }

    /// Which count to hide next so that this one is not given away: the smallest that is enough alone, else the smallest of the nearest.
    fn one_more_for(&mut self, cell: Cell) -> Option<Cell> {
        let mut smallest = match self.pins(cell).split_first() {
            None => self.near(cell),
            Some((first, others)) => {
                let members = |at: &usize| self.table.sums.get(*at).into_iter().flat_map(|sum| sum.parts.iter().chain([&sum.total]));
                let in_all = |other: &&Cell| others.iter().all(|at| members(at).any(|member| member == *other));
                members(first).filter(in_all).copied().filter(|other| *other != cell && self.may_hide(*other)).collect()
            }
        };
        smallest.sort_by_key(|other| (self.table.people(*other), *other));
        if let Some(other) = smallest.into_iter().find(|other| self.would_do(cell, *other)) {
            return Some(other);
        }
        let nearest = self.rings(cell).find(|ring| !ring.is_empty())?;
        nearest.into_iter().min_by_key(|other| (self.table.people(*other), *other))
    }

    fn may_hide(&self, cell: Cell) -> bool {
        self.table.printed(cell) && !Self::is(&self.hidden, cell)
    }

    fn near(&self, cell: Cell) -> Vec<Cell> {
        self.rings(cell).flatten().collect()
    }

    /// Counts that are shown and could be hidden for the sake of one, in rings: those in its own sums, those in sums of what is not known there, and on.
    fn rings(&self, cell: Cell) -> impl Iterator<Item = Vec<Cell>> + '_ {
        let mut seen = vec![false; self.table.counts.len()];
        let mut ring = vec![cell];
        std::iter::from_fn(move || {
            if ring.is_empty() {
                return None;
            }
            let mut next = Vec::new();
            for from in &ring {
                let sums = self.table.sums_of(*from).iter().filter_map(|at| self.table.sums.get(*at));
                for other in sums.flat_map(|sum| sum.parts.iter().chain([&sum.total])) {
                    let known = seen.get_mut(other.0).is_none_or(|seen| std::mem::replace(seen, true));
                    next.extend((!known).then_some(*other));
                }
            }
            let shown = next.iter().copied().filter(|other| *other != cell && self.may_hide(*other)).collect();
            // What is known exactly passes nothing on.
            ring = next.into_iter().filter(|other| self.known_of(*other).has(2)).collect();
            Some(shown)
        })
    }
}
