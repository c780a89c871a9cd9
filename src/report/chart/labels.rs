//! Where labels find room: beside their point, or in a column at the end of lines. Never one over another.

use super::frame::{Anchor, Plot, SMALL, Spot, Words, width_of};

/// The places that are taken.
pub(super) struct Labels {
    within: Plot,
    /// Never written over.
    taken: Vec<Plot>,
    /// Written over where there is no other place.
    better_free: Vec<Plot>,
}

impl Labels {
    /// For labels inside of a plot.
    pub fn new(within: Plot) -> Labels {
        Labels { within, taken: Vec::new(), better_free: Vec::new() }
    }

    /// Keeps labels away from a place, so far to either side.
    pub fn keep_off(&mut self, at: Spot, size: f64) {
        self.taken.push(around(at, size));
    }

    /// Keeps labels away from a place if there is another.
    pub fn rather_not(&mut self, at: Spot, size: f64) {
        self.better_free.push(around(at, size));
    }

    /// The first place beside a point that is free: right, left, above, below.
    pub fn beside(&mut self, (x, y): Spot, words: &str, away: f64, look: Words) -> Option<(Spot, Anchor)> {
        let (width, half) = (width_of(words, look), SMALL / 2.0 + 1.0);
        let above = y - away - half;
        let below = y + away + half;
        let tries = [
            ((x + away, y), Anchor::Start),
            ((x - away, y), Anchor::End),
            ((x, above), Anchor::Middle),
            ((x, below), Anchor::Middle),
            ((x + away, above + 3.0), Anchor::Start),
            ((x + away, below - 3.0), Anchor::Start),
            ((x - away, above + 3.0), Anchor::End),
            ((x - away, below - 3.0), Anchor::End),
        ];
        let places = tries.map(|(at, anchor)| {
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2.0,
                Anchor::End => at.0 - width,
            };
            let place = Plot { left, right: left + width, top: at.1 - half, bottom: at.1 + half };
            (at, anchor, place)
        });
        let possible = |place: &Plot| self.inside(*place) && !self.taken.iter().any(|taken| overlap(*taken, *place));
        let free = |place: &Plot| !self.better_free.iter().any(|taken| overlap(*taken, *place));
        let best = places.iter().find(|(.., place)| possible(place) && free(place));
        let (at, anchor, place) = *best.or_else(|| places.iter().find(|(.., place)| possible(place)))?;
        self.taken.push(place);
        Some((at, anchor))
    }

    fn inside(&self, place: Plot) -> bool {
        let Plot { left, right, top, bottom } = self.within;
        place.left >= left && place.right <= right && place.top >= top && place.bottom <= bottom
    }
}

fn around((x, y): Spot, size: f64) -> Plot {
    let high = size.min(SMALL / 2.0);
    Plot { left: x - size, right: x + size, top: y - high, bottom: y + high }
}

fn overlap(one: Plot, other: Plot) -> bool {
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

/// Heights as near to the wanted ones as goes when each is so far from the next, between two ends.
pub(super) fn apart(wanted: &[f64], gap: f64, (from, to): (f64, f64)) -> Vec<f64> {
    let gap = gap.min((to - from) / wanted.len().max(1) as f64);
    let mut order: Vec<(usize, f64)> = wanted.iter().copied().enumerate().collect();
    order.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut least = from;
    for (_, height) in &mut order {
        *height = height.max(least);
        least = *height + gap;
    }
    let mut most = to;
    for (_, height) in order.iter_mut().rev() {
        *height = height.min(most);
        most = *height - gap;
    }
    order.sort_by_key(|(at, _)| *at);
    order.into_iter().map(|(_, height)| height).collect()
}
