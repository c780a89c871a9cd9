//! Whether a practice differs from the centre by more than chance, in five words. At the practice's own size; never read off a drawn line.

use super::distributions::{binomial_at_least, binomial_at_most, poisson_at_least, poisson_at_most};
use super::funnel::chance;
use super::{Impossible, Level, as_float, number, possible};

/// So many must be expected on either side before the funnel's line is as good as exact probabilities.
const ENOUGH_FOR_LINE: f64 = 10.0;

/// How a practice compares with the centre. Not whether that is good: for some indicators lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Below the 99.8 per cent limit.
    Lower998,
    /// Below the 95 per cent limit, and no further.
    Lower95,
    /// Within both limits, or exactly on one.
    NoDifferent,
    /// Above the 95 per cent limit, and no further.
    Higher95,
    /// Above the 99.8 per cent limit.
    Higher998,
}

impl Flag {
    /// All of them, from low to high.
    pub const ALL: [Flag; 5] = [Flag::Lower998, Flag::Lower95, Flag::NoDifferent, Flag::Higher95, Flag::Higher998];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Flag::Lower998 => "lower 99.8",
            Flag::Lower95 => "lower 95",
            Flag::NoDifferent => "no different",
            Flag::Higher95 => "higher 95",
            Flag::Higher998 => "higher 99.8",
        }
    }
}

/// The flag of a proportion: from exact binomial probabilities where fewer than 10 are expected to achieve, or not to; else from the line.
///
/// Source: Spiegelhalter (2005), Statistics in Medicine 24:1185; the bound of ten is ours: below it the line calls up to nine in a hundred
/// practices "lower 95" which do not differ, where it should be two and a half. Assumes that people are independent.
/// Errors: nobody was counted, more achieved than were counted, or a centre outside 0 to 1.
/// Worked: 8 of 10 around 0.95 is below the line (0.8149), but two or more of ten miss with a chance of 0.0861, so it is no different.
///
/// ```
/// use dqoh::variation::{Flag, flag_proportion};
/// assert_eq!(flag_proportion(8, 10, 0.95), Ok(Flag::NoDifferent));
/// assert_eq!(flag_proportion(60, 100, 0.8), Ok(Flag::Lower998));
/// ```
pub fn flag_proportion(achieved: u64, of: u64, centre: f64) -> Result<Flag, Impossible> {
    possible(achieved, of)?;
    chance("the centre of the funnel", centre)?;
    let people = as_float(of);
    if people * centre.min(1.0 - centre) < ENOUGH_FOR_LINE {
        return Ok(by_tails(binomial_at_most(achieved, of, centre), binomial_at_least(achieved, of, centre)));
    }
    // Squares of counts instead of rates: a tie stays a tie.
    let away = as_float(achieved) - people * centre;
    let variance = people * centre * (1.0 - centre);
    let beyond = |level: Level| away * away > level.z() * level.z() * variance;
    Ok(match (away < 0.0, beyond(Level::Percent95), beyond(Level::Percent998)) {
        (true, _, true) => Flag::Lower998,
        (true, true, false) => Flag::Lower95,
        (false, _, true) => Flag::Higher998,
        (false, true, false) => Flag::Higher95,
        (_, false, false) => Flag::NoDifferent,
    })
}

/// The flag of a count of events where so many were expected: from exact Poisson probabilities at any size, which are the line of
/// [`ratio_place`](super::ratio_place).
///
/// Assumes that the expectation is known, and events independent. Errors: an expectation that is nothing, negative or no number.
/// Worked: 8 events where 3 were expected: so many or more have the chance 0.0119, so it is higher at 95 per cent.
///
/// ```
/// use dqoh::variation::{Flag, flag_ratio};
/// assert_eq!(flag_ratio(8, 3.0), Ok(Flag::Higher95));
/// ```
pub fn flag_ratio(observed: u64, expected: f64) -> Result<Flag, Impossible> {
    if number("the number of expected events", expected)? <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    Ok(by_tails(poisson_at_most(observed, expected), poisson_at_least(observed, expected)))
}

/// The flag of a rate: events among people, where all together have so many events for one person. See [`flag_ratio`].
///
/// Errors: those of [`flag_ratio`], where people times the rate are what is expected.
/// Worked: 8 events among 1,000 people at a rate of 0.003.
///
/// ```
/// use dqoh::variation::{Flag, flag_rate};
/// assert_eq!(flag_rate(8, 1000.0, 0.003), Ok(Flag::Higher95));
/// ```
pub fn flag_rate(events: u64, people: f64, rate: f64) -> Result<Flag, Impossible> {
    flag_ratio(events, people * rate)
}

/// The chance of a count at least as far from the centre, on either side: twice the smaller tail, 1 at most. For [`adjusted`](super::adjusted).
///
/// Source: the exact binomial test. Errors: those of [`flag_proportion`].
/// Worked: 8 of 10 where half were expected: 2 × 56/1024 = 0.1094.
///
/// ```
/// assert!((dqoh::variation::two_sided(8, 10, 0.5).unwrap() - 112.0 / 1024.0).abs() < 1e-14);
/// ```
pub fn two_sided(achieved: u64, of: u64, centre: f64) -> Result<f64, Impossible> {
    possible(achieved, of)?;
    chance("the centre of the funnel", centre)?;
    let smaller = binomial_at_most(achieved, of, centre).min(binomial_at_least(achieved, of, centre));
    Ok((2.0 * smaller).min(1.0))
}

fn by_tails(at_most: f64, at_least: f64) -> Flag {
    let (far, near) = (Level::Percent998.tail(), Level::Percent95.tail());
    if at_most < far {
        Flag::Lower998
    } else if at_least < far {
        Flag::Higher998
    } else if at_most < near {
        Flag::Lower95
    } else if at_least < near {
        Flag::Higher95
    } else {
        Flag::NoDifferent
    }
}
