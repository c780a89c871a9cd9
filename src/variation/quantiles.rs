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

/// In which of some groups of equal size each number lies, as Public Health England's tools put areas into tenths or fifths: 1 is the
/// group with the highest numbers (`highest_first`) or with the lowest. Equal numbers lie in one group. A number that is missing lies in
/// none; with fewer numbers than groups none lies in any.
///
/// Source: `phe_quantile` of PHEindicatormethods: of n numbers that of rank r (equal ones share the lowest rank) lies in group
/// g + 1 − ⌈(n + 1 − r) · g / n⌉, and no lower than 1. Errors: no groups, or something that is not a number.
/// Worked: of 8, 6, nothing, 4 and 2 in halves, highest first, 8 and 6 lie in the first half.
///
/// ```
/// let halves = dqoh::variation::groups_of_equal_size(&[Some(8.0), Some(6.0), None, Some(4.0), Some(2.0)], 2, true);
/// assert_eq!(halves, Ok(vec![Some(1), Some(1), None, Some(2), Some(2)]));
/// ```
pub fn groups_of_equal_size(numbers: &[Option<f64>], groups: u32, highest_first: bool) -> Result<Vec<Option<u32>>, Impossible> {
    if groups == 0 {
        return Err(Impossible::TooFew { what: "groups", needed: 1, got: 0 });
    }
    let mut sorted = Vec::with_capacity(numbers.len());
    for value in numbers.iter().flatten() {
        sorted.push(number("a value", *value)?);
    }
    sorted.sort_by(f64::total_cmp);
    let (all, groups) = (sorted.len() as u64, u64::from(groups));
    let group = |value: &f64| {
        let before = if highest_first {
            sorted.len() - sorted.partition_point(|other| other <= value)
        } else {
            sorted.partition_point(|other| other < value)
        };
        let from_the_end = ((all - before as u64) * groups).div_ceil(all);
        u32::try_from((groups + 1).saturating_sub(from_the_end).max(1)).unwrap_or(u32::MAX)
    };
    Ok(numbers.iter().map(|value| value.as_ref().filter(|_| all >= groups).map(group)).collect())
}
