//! What is said of one practice.

use super::statistics::{OfOne, threshold_of};
use super::{About, Pair, Statistics};
use crate::disclosure::{AreaCells, Disclosed, Percentage, Shown};
use crate::variation::{Difference, Flag, Interval, Level, Reliability, chance_to_meet, people_needed, wilson};
use rust_decimal::Decimal;

/// One practice. It has no rank.
#[derive(Clone, Debug)]
pub struct ComparedPractice {
    /// Its place among the results' practices.
    pub practice: usize,
    /// Who achieved.
    pub achieved: Shown,
    /// Who was counted.
    pub of: Shown,
    /// The share, from what is shown.
    pub percentage: Option<Percentage>,
    /// Everything else; nothing where nobody was counted, or the counts are not shown exactly.
    pub statistics: Option<PracticeStatistics>,
}

/// What is worked out for a practice.
#[derive(Clone, Debug)]
pub struct PracticeStatistics {
    /// Where its rate may lie by chance alone: 95 and 99.8 per cent.
    pub intervals: [Interval; 2],
    /// Whether it differs from all together by more than chance.
    pub flag: Flag,
    /// Whether it does so even beside the spread that all share; nothing where practices differ by no more than chance.
    pub even_so: Option<Flag>,
    /// The chance of a rate as far from that of all.
    pub p: f64,
    /// The same, allowing for how many practices are compared.
    pub adjusted_p: f64,
    /// The share of what sets practices of this size apart that is not chance.
    pub reliability: Option<f64>,
    /// What its rate most likely is in truth. For planning only.
    pub likely_rate: Option<f64>,
    /// The next threshold that it does not meet; nothing where it meets all or there is none.
    pub next: Option<NextThreshold>,
    /// Against the reporting day before.
    pub change: Option<Difference>,
}

/// A threshold ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextThreshold {
    /// In per cent.
    pub per_cent: Decimal,
    /// How many more people must achieve.
    pub people: u64,
    /// How likely a practice of its likely rate meets it.
    pub chance: Option<f64>,
}

impl PracticeStatistics {
    /// Its reliability in a word.
    pub fn reliability_word(&self) -> Option<&'static str> {
        self.reliability.map(|reliability| Reliability::of(reliability).word())
    }
}

/// All practices, in their order. `changes` are of those in the statistics.
pub(super) fn all(
    practices: &[(usize, Pair)],
    cells: &[AreaCells],
    shown: &Disclosed,
    statistics: Option<&Statistics>,
    changes: &[Option<Difference>],
    about: &About,
) -> Vec<ComparedPractice> {
    let mut worked_out = statistics.into_iter().flat_map(|all| all.of_practices.iter().map(move |one| (all, one))).zip(changes);
    let one = |((practice, pair), cells): (&(usize, Pair), &AreaCells)| {
        let used = pair.1 > 0 && shown.all_exact(&[cells.achieved, cells.of]);
        let next = if used { worked_out.next() } else { None };
        ComparedPractice {
            practice: *practice,
            achieved: shown.count(cells.achieved),
            of: shown.count(cells.of),
            percentage: shown.percentage(cells.achieved, cells.of),
            statistics: next.and_then(|((all, one), change)| of(*pair, all, one, *change, about)),
        }
    };
    practices.iter().zip(cells).map(one).collect()
}

fn of(pair: Pair, all: &Statistics, one: &OfOne, change: Option<Difference>, about: &About) -> Option<PracticeStatistics> {
    let (achieved, of) = pair;
    let interval = |level: Level| wilson(achieved, of, level.z()).ok();
    let spread = all.true_spread.as_ref().ok();
    let likely_rate = spread.and_then(|spread| spread.likely_rate(achieved, of).ok());
    Some(PracticeStatistics {
        intervals: [interval(Level::Percent95)?, interval(Level::Percent998)?],
        flag: one.flag,
        even_so: one.even_so,
        p: one.p,
        adjusted_p: one.adjusted_p,
        reliability: spread.and_then(|spread| spread.reliability(of).ok()),
        likely_rate,
        next: next_threshold(pair, about, likely_rate),
        change,
    })
}

/// The first threshold that asks for more people.
fn next_threshold((achieved, of): Pair, about: &About, likely_rate: Option<f64>) -> Option<NextThreshold> {
    let pays = about.pays?;
    [pays.from, pays.to].into_iter().find_map(|per_cent| {
        let threshold = threshold_of(per_cent)?;
        let people = people_needed(achieved, of, threshold).ok().filter(|people| *people > 0)?;
        let chance = likely_rate.and_then(|rate| chance_to_meet(rate, of, threshold).ok());
        Some(NextThreshold { per_cent, people, chance })
    })
}
