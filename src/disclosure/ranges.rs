//! What can be concluded about counts from what is shown of them and what adds up: from least to most, narrowed until nothing narrows any more.

use super::{Cell, Sum, Table};

/// From least to most; without a most, anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub least: i128,
    pub most: Option<i128>,
}

impl Range {
    pub fn holds(self, people: i128) -> bool {
        self.least <= people && self.most.is_none_or(|most| people <= most)
    }

    /// Whether at least so many values are in it.
    pub fn has(self, values: u64) -> bool {
        self.most.is_none_or(|most| most - self.least + 1 >= i128::from(values))
    }

    fn raise(&mut self, least: i128) -> bool {
        let narrower = least > self.least;
        self.least = self.least.max(least);
        narrower
    }

    fn lower(&mut self, most: i128) -> bool {
        let narrower = self.most.is_none_or(|own| most < own);
        self.most = Some(self.most.map_or(most, |own| own.min(most)));
        narrower
    }
}

/// Narrows ranges by all sums, to a fixpoint. The true counts are always within, so it ends.
pub(super) fn narrow(table: &Table, mut ranges: Vec<Range>) -> Vec<Range> {
    let mut waiting: Vec<bool> = vec![true; table.sums.len()];
    while waiting.contains(&true) {
        for (at, sum) in table.sums.iter().enumerate() {
            if !waiting.get_mut(at).is_some_and(std::mem::take) {
                continue;
            }
            for cell in by(sum, &mut ranges) {
                for other in table.sums_of(cell) {
                    waiting.get_mut(*other).into_iter().for_each(|waits| *waits = true);
                }
            }
        }
    }
    ranges
}

/// Narrows ranges by one sum, once; which became narrower.
fn by(sum: &Sum, ranges: &mut [Range]) -> Vec<Cell> {
    let of = |ranges: &[Range], cell: Cell| ranges.get(cell.0).copied().unwrap_or(Range { least: 0, most: None });
    let parts = sum.parts.iter().map(|part| of(ranges, *part));
    let least: i128 = parts.clone().map(|part| part.least).sum();
    let most: i128 = parts.clone().filter_map(|part| part.most).sum();
    let boundless = parts.filter(|part| part.most.is_none()).count();
    let mut narrower = Vec::new();
    let mut set = |ranges: &mut [Range], cell: Cell, from: Option<i128>, to: Option<i128>| {
        let Some(range) = ranges.get_mut(cell.0) else { return };
        let raised = from.is_some_and(|from| range.raise(from));
        let lowered = to.is_some_and(|to| range.lower(to));
        narrower.extend((raised || lowered).then_some(cell));
    };
    set(ranges, sum.total, Some(least), (boundless == 0).then_some(most));
    let total = of(ranges, sum.total);
    for cell in &sum.parts {
        let part = of(ranges, *cell);
        // The most that all other parts can be together, if there is one.
        let others = match (boundless, part.most) {
            (0, Some(own)) => Some(most - own),
            (1, None) => Some(most),
            _ => None,
        };
        let from = others.map(|others| total.least - others);
        let to = total.most.map(|total| total - (least - part.least));
        set(ranges, *cell, from, to);
    }
    narrower
}
