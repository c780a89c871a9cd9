//! Which counts are hidden from an audience: small ones first, then one more at a time until none can be worked out.

use super::ranges::{Range, narrow};
use super::witness::could_be;
use super::{Audience, Cell, ENOUGH, FEWEST_TO_PUBLISH, FEWEST_TO_SHARE, ROUNDED_TO, SMALL_GROUP, Shown, Table};

/// How every count is shown. Counts that no table prints are hidden.
pub(super) fn hide(table: &Table, audience: Audience) -> Vec<Shown> {
    let small: Vec<bool> = table.cells().map(|cell| is_small(table, cell, audience)).collect();
    let mut choice =
        Choice { table, audience, hidden: small.clone(), small, safe: vec![audience == Audience::Internal; table.counts.len()] };
    while let Some(cell) = choice.given_away() {
        match choice.one_more_for(cell) {
            Some(more) => choice.hidden.get_mut(more.0).into_iter().for_each(|hidden| *hidden = true),
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
    /// Proven not to be given away. Hiding more leaves more possible, so what is safe stays safe.
    safe: Vec<bool>,
}

impl Choice<'_> {
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

    /// What a reader knows of each count from how it is shown.
    fn known(&self) -> Vec<Range> {
        self.table.cells().map(|cell| self.known_of(cell)).collect()
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

    /// The first count that is hidden, or small and not printed, and can be worked out too nearly.
    fn given_away(&mut self) -> Option<Cell> {
        let ranges = narrow(self.table, self.known());
        for cell in self.table.cells() {
            let protect = Self::is(&self.hidden, cell);
            if protect && !Self::is(&self.safe, cell) {
                if !self.enough(&ranges, cell) {
                    return Some(cell);
                }
                self.safe.get_mut(cell.0).into_iter().for_each(|safe| *safe = true);
            }
        }
        None
    }

    fn enough(&self, ranges: &[Range], cell: Cell) -> bool {
        ranges.get(cell.0).is_some_and(|range| range.has(ENOUGH)) && could_be(self.table, ranges, cell, ENOUGH)
    }

    /// Which count to hide next so that this one is not given away: the smallest that is enough alone, else the smallest of the nearest.
    fn one_more_for(&mut self, cell: Cell) -> Option<Cell> {
        let near = self.near(cell);
        let mut smallest: Vec<Cell> = near.iter().flatten().copied().collect();
        smallest.sort_by_key(|other| (self.table.people(*other), *other));
        for other in &smallest {
            self.hidden.get_mut(other.0).into_iter().for_each(|hidden| *hidden = true);
            let enough = self.enough(&narrow(self.table, self.known()), cell);
            self.hidden.get_mut(other.0).into_iter().for_each(|hidden| *hidden = false);
            if enough {
                return Some(*other);
            }
        }
        let nearest = near.iter().find(|ring| !ring.is_empty())?;
        nearest.iter().min_by_key(|other| (self.table.people(**other), **other)).copied()
    }

    /// Counts that are shown and could be hidden for the sake of one, in rings: those in its own sums, those in sums of what is not known there, and on.
    fn near(&self, cell: Cell) -> Vec<Vec<Cell>> {
        let mut seen = vec![false; self.table.counts.len()];
        let mut rings = Vec::new();
        let mut ring = vec![cell];
        while !ring.is_empty() {
            let mut next = Vec::new();
            for from in &ring {
                let sums = self.table.sums_of(*from).iter().filter_map(|at| self.table.sums.get(*at));
                for other in sums.flat_map(|sum| sum.parts.iter().chain([&sum.total])) {
                    let known = seen.get_mut(other.0).is_none_or(|seen| std::mem::replace(seen, true));
                    next.extend((!known).then_some(*other));
                }
            }
            let shown = |other: &Cell| *other != cell && self.table.printed(*other) && !Self::is(&self.hidden, *other);
            rings.push(next.iter().copied().filter(shown).collect());
            // What is known exactly passes nothing on.
            ring = next.into_iter().filter(|other| self.known_of(*other).has(2)).collect();
        }
        rings
    }
}
