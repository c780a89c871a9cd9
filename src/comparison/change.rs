//! One reporting day against the one before, for all together and for each practice.

use super::Pair;
use crate::achievement::Results;
use crate::framework::calendar::Day;
use crate::variation::{Difference, Level, Scored, SteadyChange, newcombe, steady_change};
use std::collections::BTreeMap;

/// What was counted on the days before of the same measure and view; only what is shown.
#[derive(Debug, Default)]
pub(super) struct Before {
    practices: BTreeMap<String, Pair>,
    whole: Option<Pair>,
    last: Option<Day>,
    /// All together on days whose periods do not overlap.
    apart: Vec<Pair>,
}

/// What has changed.
pub(super) struct Changes {
    /// In the order of the practices that are in the statistics.
    pub practices: Vec<Option<Difference>>,
    pub whole: Option<Difference>,
    pub trend: Option<SteadyChange>,
}

impl Before {
    /// Takes the next day. A practice that has moved to another locality is still the same one.
    pub(super) fn follow(&mut self, results: &Results<'_>, day: usize, whole: Option<Pair>, practices: &[(usize, Pair)]) -> Changes {
        let differ = |now: Pair, before: Option<Pair>| newcombe(now, before?, Level::Percent95).ok();
        let code = |at: usize| results.practices.get(at).map(|practice| practice.code.clone()).unwrap_or_default();
        let of_practices = practices.iter().map(|(at, now)| differ(*now, self.practices.get(&code(*at)).copied())).collect();
        let of_whole = whole.and_then(|now| differ(now, self.whole));
        let reported = results.days.get(day);
        let from = reported.and_then(|reported| reported.from);
        // Figures of a year so far, and of the last twelve months on several days of a year, hold the same people and months again.
        let apart = self.last.is_none_or(|last| from.is_some_and(|from| from > last));
        if !apart {
            self.apart.clear();
        }
        self.apart.extend(whole);
        let trend = apart.then(|| trend(&self.apart)).flatten();
        self.practices = practices.iter().map(|(at, now)| (code(*at), *now)).collect();
        self.whole = whole;
        self.last = reported.map(|reported| reported.day);
        Changes { practices: of_practices, whole: of_whole, trend }
    }
}

fn trend(days: &[Pair]) -> Option<SteadyChange> {
    let scored = |(at, (achieved, of)): (u32, &Pair)| Scored { score: f64::from(at), achieved: *achieved, of: *of };
    steady_change(&(0..).zip(days).map(scored).collect::<Vec<_>>()).ok()
}
