//! Quantiles of a list of numbers.

use super::funnel::chance;
use super::{Impossible, number};

/// The value below which such a share of the numbers lies, in a straight line between the two that are next to it: type 7, as R and Excel's PERCENTILE.INC do.
///
/// Source: Hyndman and Fan (1996). Errors: no numbers, something that is not a number, or a share outside 0 to 1.
/// Worked: a quarter of the way through 1, 2, 3, 10 is 1.75.
///
/// ```
/// assert_eq!(dqoh::variation::quantile(&[10.0, 2.0, 1.0, 3.0], 0.25), Ok(1.75));
/// ```
pub fn quantile(numbers: &[f64], share: f64) -> Result<f64, Impossible> {
    chance("the share", share)?;
    let mut sorted = Vec::with_capacity(numbers.len());
    for value in numbers {
        sorted.push(number("a value", *value)?);
    }
    sorted.sort_by(f64::total_cmp);
    let place = share * (sorted.len().saturating_sub(1)) as f64;
    // A place in the list: at least nothing, at most its length.
    let below = place.floor() as usize;
    let low = sorted.get(below).ok_or(Impossible::TooFew { what: "numbers", needed: 1, got: 0 })?;
    let high = sorted.get(below + 1).unwrap_or(low);
    Ok(low + (place - place.floor()) * (high - low))
}
