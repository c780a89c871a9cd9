//! Smooth exact limits of a funnel, for drawing where denominators are small.

use super::distributions::{binomial, binomial_at_most, poisson, poisson_at_most};
use super::funnel::chance;
use super::{Impossible, Interval, Level, as_float, number};

/// The limits of a proportion among so many people, from exact probabilities, and between two counts in proportion: the lower is
/// (r − a)/n, where r is the smallest count with F(r) ≥ α and a = (F(r) − α)/(F(r) − F(r−1)); the upper is its mirror image.
///
/// Source: Spiegelhalter (2005), Statistics in Medicine 24:1185, appendix A. There the upper limit is found from F as well, which puts it one person
/// lower, so that a practice above it need not be beyond chance. Here counts outside are just those that [`flag_proportion`](super::flag_proportion)
/// flags from exact probabilities. Assumes that people are independent.
/// Errors: nobody, or a centre outside 0 to 1.
/// Worked: of 10 people around a half, F(1) = 0.0107 and F(2) = 0.0547, so the lower 95 per cent limit is at 1.324 people, 0.1324; the upper at 0.8676.
///
/// ```
/// use dqoh::variation::{Level, exact_proportion_limits};
/// let limits = exact_proportion_limits(0.5, 10, Level::Percent95).unwrap();
/// assert!((limits.lower - 0.1324).abs() < 5e-5 && (limits.upper - 0.8676).abs() < 5e-5);
/// ```
pub fn exact_proportion_limits(centre: f64, of: u64, level: Level) -> Result<Interval, Impossible> {
    chance("the centre of the funnel", centre)?;
    if of == 0 {
        return Err(Impossible::NothingCounted);
    }
    let count = |share| crossing(share, of, |x| binomial_at_most(x, of, centre), |x| binomial(x, of, centre));
    Ok(between(count(level.tail()), count(1.0 - level.tail()), as_float(of), 1.0))
}

/// The limits of a ratio where so many events are expected, in the same way from Poisson probabilities.
///
/// Errors: an expectation that is nothing, negative or no number.
/// Worked: where 3 are expected, F(7) = 0.9881 and F(6) = 0.9665, so the upper 95 per cent limit is at 7.394 events, a ratio of 2.465.
///
/// ```
/// use dqoh::variation::{Level, exact_ratio_limits};
/// assert!((exact_ratio_limits(3.0, Level::Percent95).unwrap().upper - 2.465).abs() < 5e-4);
/// ```
pub fn exact_ratio_limits(expected: f64, level: Level) -> Result<Interval, Impossible> {
    if number("the number of expected events", expected)? <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    let most = (expected + 20.0 + 10.0 * expected.sqrt()).ceil() as u64;
    let count = |share| crossing(share, most, |x| poisson_at_most(x, expected), |x| poisson(x, expected));
    Ok(between(count(level.tail()), count(1.0 - level.tail()), expected, f64::INFINITY))
}

/// Counts as rates. What must be reached from above is one more than what is reached from below.
fn between(lower: f64, upper: f64, of: f64, most: f64) -> Interval {
    Interval { lower: (lower / of).max(0.0), upper: ((upper + 1.0) / of).min(most) }
}

/// Where between whole counts, none of them above `most`, the share is reached.
fn crossing(share: f64, most: u64, at_most: impl Fn(u64) -> f64, exactly: impl Fn(u64) -> f64) -> f64 {
    let (mut below, mut reached) = (0, most);
    while below < reached {
        let middle = below + (reached - below) / 2;
        if at_most(middle) >= share { reached = middle } else { below = middle + 1 }
    }
    let step = exactly(reached);
    let back = if step > 0.0 { (at_most(reached) - share) / step } else { 0.0 };
    as_float(reached) - back
}
