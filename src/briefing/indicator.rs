//! One indicator: its rate, every practice, what the statistics say, and what is drawn of it. Plain data.

use super::{Definition, words};
use crate::achievement::Money;
use crate::comparison::{NextThreshold, Statistics};
use crate::disclosure::{Percentage, Shown};
use crate::framework::Thresholds;
use crate::framework::calendar::Day;
use crate::variation::{Difference, Flag, Interval, Z_95, wilson};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
/// How many achieved of how many.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Who achieved.
    pub achieved: Shown,
    /// Who was counted.
    pub of: Shown,
    /// The share.
    pub percentage: Option<Percentage>,
    /// Where it may lie by chance alone: 95 per cent.
    pub interval: Option<Interval>,
}

impl Rate {
    /// Of counts that may be shown as they are.
    pub(super) fn exact(achieved: u64, of: u64) -> Rate {
        let tenths = (of > 0).then(|| (u128::from(achieved) * 2000 + u128::from(of)) / (2 * u128::from(of)));
        Rate {
            achieved: Shown::Exactly(achieved),
            of: Shown::Exactly(of),
            percentage: tenths.and_then(|tenths| u64::try_from(tenths).ok()).map(Percentage::Tenths),
            interval: wilson(achieved, of, Z_95).ok(),
        }
    }

    /// The share as a number; nothing where counts are hidden.
    pub fn share(&self) -> Option<f64> {
        match self.percentage? {
            Percentage::Tenths(_) => Some(self.achieved.number()? as f64 / self.of.number().filter(|of| *of > 0)? as f64),
            Percentage::Whole(per_cent) => Some(per_cent as f64 / 100.0),
        }
    }
}

/// One practice and one indicator.
#[derive(Clone, Debug)]
pub struct OfPractice {
    /// Its rate.
    pub rate: Rate,
    /// Against all together.
    pub flag: Option<Flag>,
    /// The same beside the spread that all share.
    pub even_so: Option<Flag>,
    /// Whether a practice of its size can be told from the others, in a word.
    pub reliability: Option<&'static str>,
    /// The next threshold that it does not meet.
    pub next: Option<NextThreshold>,
    /// Against the reporting day before.
    pub change: Option<Difference>,
    /// Who was left out and why; only for the internal audience.
    pub exceptions: Option<Exceptions>,
    /// Points and pounds; only for the internal audience.
    pub money: Option<Money>,
}

/// Who was left out.
#[derive(Clone, Debug)]
pub struct Exceptions {
    /// People the indicator is of.
    pub population: u64,
    /// Whom it is not about.
    pub excluded: u64,
    /// Left out for a reason.
    pub excepted: u64,
    /// The reasons, and how many people of each.
    pub by_reason: Vec<(String, u64)>,
}

/// A step from everyone to those who achieved.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub label: String,
    /// People in it.
    pub people: u64,
    /// Whether these people leave here; else they are those who are left.
    pub leave: bool,
}

/// What a funnel shows.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// The rate of all practices together.
    pub centre: f64,
    /// The lines, from few people to many.
    pub curves: Vec<Curve>,
    /// Practices whose counts are shown: the place in the report's list, people, rate, flag.
    pub points: Vec<(usize, u64, f64, Flag)>,
    /// Practices that counted somebody and are not drawn.
    pub left_out: usize,
}

/// The limits for so many people.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// People.
    pub of: u64,
    /// Within which nineteen of twenty lie by chance.
    pub at_95: Interval,
    /// Within which nearly all lie.
    pub at_998: Interval,
    /// The same beside the spread that all share.
    pub wider: Option<(Interval, Interval)>,
}

/// A reporting day of a line over time.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The day.
    pub on: Day,
    /// The same in words.
    pub day: String,
    /// All together.
    pub rate: Rate,
    /// The share of each practice, in the report's order.
    pub practices: Vec<Option<f64>>,
    /// Where tenths of the practices are; nothing with fewer than ten.
    pub deciles: Option<[f64; 9]>,
}

/// A part of the people.
#[derive(Clone, Debug)]
pub struct OfStratum {
    /// `sex`, `age` or `deprivation`.
    pub kind: &'static str,
    /// Such as `female`, or `1, most deprived`.
    pub value: String,
    /// Their rate.
    pub rate: Rate,
}

/// One indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its title; empty where none is known.
    pub title: String,
    /// The title of its domain; empty where there is none.
    pub domain: String,
    /// How well its definition is known, in a word.
    pub standing: String,
    /// Whether it tells how many are on a register, of everyone on the list.
    pub of_a_register: bool,
    /// All practices together.
    pub all: Rate,
    /// Who achieved of everyone whom it is of, excepted and excluded people among them; only for the internal audience.
    pub of_register: Option<Rate>,
    /// Practices that counted somebody and are not in the statistics.
    pub left_out: usize,
    /// What the statistics say.
    pub statistics: Option<Statistics>,
    /// The same in a few words.
    pub finding: &'static str,
    /// Against the day before.
    pub change: Option<Difference>,
    /// From where to where it pays.
    pub pays: Option<Thresholds>,
    /// Points that it can earn at a practice.
    pub points: Decimal,
    /// Points and pounds of all practices.
    pub money: Option<Money>,
    /// What it asks.
    pub definition: Option<Definition>,
    /// One for each of the report's practices, in their order.
    pub practices: Vec<Option<OfPractice>>,
    /// By name; only for the internal audience.
    pub localities: Vec<(String, Rate)>,
    /// The funnel.
    pub funnel: Option<Funnel>,
    /// From everyone to those who achieved; only for the internal audience.
    pub steps: Vec<Step>,
    /// Over time, the first day first; empty where there is only one.
    pub moments: Vec<Moment>,
    /// By sex, age and deprivation; only for the internal audience.
    pub strata: Vec<OfStratum>,
}

impl Indicator {
    /// Its id and title.
    pub fn name(&self) -> String {
        format!("{} {}", self.id, self.title).trim_end().to_owned()
    }

    /// Whether all are counted with so few that nothing is said of practices.
    pub fn differ(&self) -> Option<bool> {
        self.statistics.as_ref().filter(|all| words::enough(all)).and_then(Statistics::differ)
    }

    /// The lowest and the highest rate of a practice whose counts are shown.
    pub fn ends(&self) -> Option<(f64, f64)> {
        let shares = || self.practices.iter().flatten().filter(|one| one.flag.is_some()).filter_map(|one| one.rate.share());
        Some((shares().reduce(f64::min)?, shares().reduce(f64::max)?))
    }

    /// Exceptions of all practices, by reason.
    pub fn exceptions(&self) -> Vec<(String, u64)> {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (reason, people) in self.practices.iter().flatten().filter_map(|one| one.exceptions.as_ref()).flat_map(|one| &one.by_reason) {
            *sums.entry(reason).or_default() += people;
        }
        sums.into_iter().map(|(reason, people)| (reason.to_owned(), people)).collect()
    }
}
