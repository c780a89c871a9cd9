//! Where labels find room: beside their point, or in a column at the end of lines. Never one over another.

use super::frame::{Anchor, Plot, SMALL, Spot, Words, width_of};

/// The places that are taken.
pub(super) struct Labels {
    within: Plot,
    taken: Vec<Plot>,
}

impl Labels {
    /// For labels inside of a plot.
    pub fn new(within: Plot) -> Labels {
        Labels { within, taken: Vec::new() }
    }

    /// Keeps labels away from a place, so far to either side.
    pub fn keep_off(&mut self, (x, y): Spot, size: f64) {
        let high = size.min(SMALL / 2.0);
        self.taken.push(Plot { left: x - size, right: x + size, top: y - high, bottom: y + high });
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
        let (found, place) = tries.into_iter().find_map(|(at, anchor)| {
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2.0,
                Anchor::End => at.0 - width,
            };
            let place = Plot { left, right: left + width, top: at.1 - half, bottom: at.1 + half };
            (self.inside(place) && !self.taken.iter().any(|taken| overlap(*taken, place))).then_some(((at, anchor), place))
        })?;
        self.taken.push(place);
        Some(found)
    }

    fn inside(&self, place: Plot) -> bool {
        let Plot { left, right, top, bottom } = self.within;
        place.left >= left && place.right <= right && place.top >= top && place.bottom <= bottom
    }
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
