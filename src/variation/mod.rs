//! How much of a difference is more than chance. One method a file, each with its source and a worked number.
//! In: plain counts and numbers. Out: plain structs, or why there is no answer. Knows no file, no framework and no practice.

mod association;
mod clopper_pearson;
mod components;
mod control_chart;
mod deciles;
mod dice;
mod distributions;
mod exact_limits;
mod flags;
mod funnel;
mod heterogeneity;
mod inequality;
mod interval;
mod mean;
mod multiplicity;
mod newcombe;
mod overdispersion;
mod poisson;
mod quadrature;
mod quantiles;
mod random_intercept;
mod ranks;
mod rebase;
mod reliability;
mod share_chart;
mod shrinkage;
mod spread;
mod standardisation;
mod steady_change;
mod thresholds;
mod uptake;
mod wilson;

pub use association::{CAVEATS, RankCorrelation, rank_correlation};
pub use clopper_pearson::clopper_pearson;
pub use components::{Components, components, intraclass_correlation};
pub use control_chart::{
    Assurance, ChartPoint, ChartRules, ControlChart, FEWEST_POINTS, Signal, Span, assurance, beyond, control_chart, shift, trend,
    two_in_three,
};
pub use deciles::{Deciles, deciles};
pub use dice::Simulation;
pub use exact_limits::{exact_proportion_limits, exact_ratio_limits};
pub use flags::{Flag, flag_proportion, flag_rate, flag_ratio, two_sided};
pub use funnel::{RatioPlace, places, pooled, proportion_limits, ratio_place};
pub use heterogeneity::{ChanceFrom, Heterogeneity, heterogeneity};
pub use inequality::{FEWEST_IN_A_FIFTH, Group, Inequality, LineScale, gap_of_fifths, inequality};
pub use interval::{Interval, Level};
pub use mean::{Mean, mean};
pub use multiplicity::{FalseFlags, adjusted, expected_false_flags};
pub use newcombe::{Difference, newcombe};
pub use overdispersion::{Both, Overdispersion, Point, Scale, Trim, overdispersion};
pub use poisson::{exact_poisson, poisson, poisson_rate};
pub use quantiles::{groups_of_equal_size, quantile};
pub use random_intercept::{Cell, RandomIntercept, random_intercept};
pub use ranks::{Rank, ranks};
pub use rebase::{Because, Stretch, stretches};
pub use reliability::{Reliability, TrueSpread};
pub use share_chart::{ShareChart, laney_chart, share_chart};
pub use shrinkage::{NextPeriod, likely_ratios};
pub use spread::{Spread, spread, systematic_component};
pub use standardisation::{
    ESP_2013, FEWEST_EVENTS, Ratio, ReferredStratum, RepeatedStratum, Standardised, WeightedStratum, directly_standardised,
    directly_standardised_repeated, indirectly_standardised,
};
pub use steady_change::{Scored, SteadyChange, steady_change};
pub use thresholds::{HalfOfGap, PotentialGain, Threshold, chance_to_meet, half_of_gap, people_needed, potential_gain};
pub use uptake::{AcrossPractices, OddsRatio, PlanAndOutcome, UptakeAndOutcome, WithinAndBetween, across_practices, within_and_between};
pub use wilson::{Z_95, Z_998, wilson};

use std::fmt;

/// Why a statistic has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Impossible {
    /// Nobody, or no events expected: there is nothing to divide by.
    NothingCounted,
    /// More people achieved than were counted.
    MoreThanDenominator {
        /// How many achieved.
        counted: u64,
        /// How many could have.
        of: u64,
    },
    /// Too little for the method.
    TooFew {
        /// Of what, in the plural: `practices`, `events`.
        what: &'static str,
        /// How many there must be.
        needed: u64,
        /// How many there are.
        got: u64,
    },
    /// A number that is not one, or is endless.
    NotANumber {
        /// Which number.
        what: &'static str,
    },
    /// A number outside what it may be.
    Outside {
        /// Which number.
        what: &'static str,
        /// The least that it may be.
        from: f64,
        /// The most that it may be.
        to: f64,
    },
    /// Two lists that belong together have different lengths.
    DifferentLengths {
        /// Entries of the first.
        first: usize,
        /// Entries of the second.
        second: usize,
    },
    /// All achieved or none did, or all numbers are the same: nothing varies.
    AllAlike,
    /// The calculation came to no end.
    NoAnswer,
    /// The method is the wrong one for such numbers.
    Unsuitable {
        /// Why, and what to do instead.
        why: &'static str,
    },
}

impl fmt::Display for Impossible {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Impossible::NothingCounted => write!(to, "nobody was counted, or nothing expected: there is no rate"),
            Impossible::MoreThanDenominator { counted, of } => {
                write!(to, "{counted} achieved of {of}: there cannot be more than were counted")
            }
            Impossible::TooFew { what, needed, got } => write!(to, "too few {what}: {needed} are needed, there are {got}"),
            Impossible::NotANumber { what } => write!(to, "{what} is not a number"),
            Impossible::Outside { what, from, to: most } => write!(to, "{what} must be from {from} to {most}"),
            Impossible::DifferentLengths { first, second } => write!(to, "{first} entries cannot be matched with {second}"),
            Impossible::AllAlike => write!(to, "there is no difference between them at all"),
            Impossible::NoAnswer => write!(to, "the calculation came to no end"),
            Impossible::Unsuitable { why } => why.fmt(to),
        }
    }
}

impl std::error::Error for Impossible {}

/// A count as a number to reckon with. Counts of people are far below 2^53, up to which this is exact.
fn as_float(count: u64) -> f64 {
    count as f64
}

/// Refuses a rate of nobody, and one of more than all.
fn possible(counted: u64, of: u64) -> Result<(), Impossible> {
    if of == 0 {
        return Err(Impossible::NothingCounted);
    }
    if counted > of {
        return Err(Impossible::MoreThanDenominator { counted, of });
    }
    Ok(())
}

/// Refuses what is not a number.
fn number(what: &'static str, value: f64) -> Result<f64, Impossible> {
    if value.is_finite() { Ok(value) } else { Err(Impossible::NotANumber { what }) }
}
