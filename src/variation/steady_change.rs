//! Whether a proportion rises or falls steadily over years.

use super::distributions::chi_squared_beyond;
use super::{Impossible, as_float, number, possible};

/// How a proportion changes over times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SteadyChange {
    /// How much it changes from one score to the next, on the straight line through all.
    pub a_step: f64,
    /// How far that is from no change, squared and in standard errors.
    pub chi_squared: f64,
    /// How likely chance alone would make one so large.
    pub p: f64,
}

/// A time, or any other group in an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// When: a year, or the number of the quarter.
    pub score: f64,
    /// People who achieved.
    pub achieved: u64,
    /// People who were counted.
    pub of: u64,
}

/// The Cochran–Armitage test for trend in proportions. For times that do not overlap and people who are not the same each time;
/// with the same people every year it finds less than there is.
///
/// Source: Armitage (1955), Biometrics 11:375. Errors: fewer than three times, nobody counted, all or none achieved, one score for all.
/// Worked: 10, 20 and 30 of 100 are ten points a year, χ² = 12.5, p = 0.0004.
///
/// ```
/// use dqoh::variation::{Scored, steady_change};
/// let years = [(2015.0, 10), (2016.0, 20), (2017.0, 30)].map(|(score, achieved)| Scored { score, achieved, of: 100 });
/// let change = steady_change(&years).unwrap();
/// assert!((change.a_step - 0.1).abs() < 1e-12 && (change.chi_squared - 12.5).abs() < 1e-9);
/// assert!((change.p - 0.000_407).abs() < 1e-6);
/// ```
pub fn steady_change(times: &[Scored]) -> Result<SteadyChange, Impossible> {
    if times.len() < 3 {
        return Err(Impossible::TooFew { what: "times", needed: 3, got: times.len() as u64 });
    }
    let (mut achieved, mut people, mut scores) = (0, 0, 0.0);
    for time in times {
        possible(time.achieved, time.of)?;
        achieved += time.achieved;
        people += time.of;
        scores += as_float(time.of) * number("a score", time.score)?;
    }
    let (all, mean) = (as_float(people), as_float(achieved) / as_float(people));
    let middle = scores / all;
    let (mut together, mut spread) = (0.0, 0.0);
    for time in times {
        let from_middle = time.score - middle;
        together += from_middle * (as_float(time.achieved) - as_float(time.of) * mean);
        spread += as_float(time.of) * from_middle * from_middle;
    }
    if achieved == 0 || achieved == people || spread <= 0.0 {
        return Err(Impossible::AllAlike);
    }
    let chi_squared = together * together / (mean * (1.0 - mean) * spread);
    let p = chi_squared_beyond(chi_squared, 1.0).ok_or(Impossible::NoAnswer)?;
    Ok(SteadyChange { a_step: together / spread, chi_squared, p })
}
