//! From where to where, and how surely: what every method that gives limits shares.

use super::{Z_95, Z_998};

/// From a lower to an upper limit, in the unit of what was estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// How surely limits hold: in how many of a hundred cases in which chance alone is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 95 per cent, about two standard errors.
    Percent95,
    /// 99.8 per cent, about three standard errors.
    Percent998,
}

impl Level {
    /// How many standard errors to either side.
    pub fn z(self) -> f64 {
        match self {
            Level::Percent95 => Z_95,
            Level::Percent998 => Z_998,
        }
    }

    /// The probability beyond each of the two limits.
    pub fn tail(self) -> f64 {
        match self {
            Level::Percent95 => 0.025,
            Level::Percent998 => 0.001,
        }
    }
}

impl Interval {
    /// Both limits so many times as large: a count as a rate, a proportion in per cent.
    pub fn times(self, factor: f64) -> Interval {
        Interval { lower: self.lower * factor, upper: self.upper * factor }
    }

    /// Whether a number lies within, limits included.
    pub fn holds(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}
