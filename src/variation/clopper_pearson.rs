//! The exact interval of a proportion.

use super::distributions::{binomial_at_least, binomial_at_most, root};
use super::{Impossible, Interval, Level, possible};

/// The exact interval of a proportion: never too narrow, mostly wider than need be. Results show [`wilson`](super::wilson()); this one is for when
/// a promise must hold at any size.
///
/// Source: Clopper and Pearson (1934), Biometrika 26:404. Assumes that people are independent and alike.
/// Errors: nobody was counted, or more achieved than were counted.
/// Worked: 81 of 263 at 95 per cent is 0.2527 to 0.3676 (Newcombe 1998, table I, method 5).
///
/// ```
/// use dqoh::variation::{Level, clopper_pearson};
/// for (x, n, lower, upper) in [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)] {
///     let found = clopper_pearson(x, n, Level::Percent95).unwrap();
///     assert!((found.lower - lower).abs() < 5e-5 && (found.upper - upper).abs() < 5e-5);
/// }
/// ```
pub fn clopper_pearson(achieved: u64, of: u64, level: Level) -> Result<Interval, Impossible> {
    possible(achieved, of)?;
    let tail = level.tail();
    let lower = if achieved == 0 { 0.0 } else { root(0.0, 1.0, |p| binomial_at_least(achieved, of, p) - tail) };
    let upper = if achieved == of { 1.0 } else { root(0.0, 1.0, |p| tail - binomial_at_most(achieved, of, p)) };
    Ok(Interval { lower, upper })
}
