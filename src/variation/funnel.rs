//! The lines of a funnel: between which limits practices of each size lie when they do not differ. Fingertips' lines.

use super::{Impossible, Interval, Level, as_float, exact_poisson, number};

/// How many places along the axis a drawn line has, as in Fingertips.
const PLACES: u32 = 100;

/// One place of the two lines of a ratio: the same observed count lies on the lower line where much was expected,
/// on the upper where little was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioPlace {
    /// Observed events.
    pub observed: u64,
    /// Where on the axis of expected events the lower line has this count.
    pub lower_expected: f64,
    /// The ratio there.
    pub lower: f64,
    /// Where on the axis the upper line has it.
    pub upper_expected: f64,
    /// The ratio there.
    pub upper: f64,
}

/// The centre of a funnel of proportions: all who achieved among all who were counted. Not the mean of the practices, and no target.
///
/// Errors: nobody at all, or more achieved than were counted somewhere.
/// Worked: 8 of 10 and 30 of 90 together are 0.38.
///
/// ```
/// assert_eq!(dqoh::variation::pooled(&[(8, 10), (30, 90)]), Ok(0.38));
/// ```
pub fn pooled(practices: &[(u64, u64)]) -> Result<f64, Impossible> {
    let (mut achieved, mut counted) = (0, 0);
    for (x, n) in practices {
        if x > n {
            return Err(Impossible::MoreThanDenominator { counted: *x, of: *n });
        }
        achieved += x;
        counted += n;
    }
    if counted == 0 { Err(Impossible::NothingCounted) } else { Ok(as_float(achieved) / as_float(counted)) }
}

/// The limits of a proportion among so many people when its true value is the centre: p₀ ± z√(p₀(1−p₀)/n), from 0 to 1.
///
/// Source: Fingertips' funnels (PHEindicatormethods 2.1.0), whose longer formula is the same; the inverse of [`wilson`](super::wilson()).
/// Assumes that practices do not differ but by chance. For flags where few are expected, [`flag_proportion`](super::flag_proportion) does not use it.
/// Errors: nobody, or a centre outside 0 to 1.
/// Worked: around 0.8, of 100 people, 0.7216 to 0.8784 at 95 per cent.
///
/// ```
/// use dqoh::variation::{Level, proportion_limits};
/// let limits = proportion_limits(0.8, 100.0, Level::Percent95).unwrap();
/// assert!((limits.lower - 0.7216).abs() < 5e-5 && (limits.upper - 0.8784).abs() < 5e-5);
/// ```
pub fn proportion_limits(centre: f64, of: f64, level: Level) -> Result<Interval, Impossible> {
    chance("the centre of the funnel", centre)?;
    if number("the denominator", of)? <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    let half = level.z() * (centre * (1.0 - centre) / of).sqrt();
    Ok(Interval { lower: (centre - half).max(0.0), upper: (centre + half).min(1.0) })
}

/// The lines of a ratio of observed to expected events, at one observed count of at least 1.
///
/// Source: Fingertips' funnels. The expectation at which so many events or more are just as likely as the tail is the count's exact lower limit, and
/// the other way round, so both lines are exact. Errors: no events, at which there is no line.
/// Worked: 1 event lies on the lower line where 5.5716 were expected, a ratio of 0.1795.
///
/// ```
/// use dqoh::variation::{Level, ratio_place};
/// let place = ratio_place(1, Level::Percent95).unwrap();
/// assert!((place.lower_expected - 5.5716).abs() < 5e-5 && (place.lower - 0.1795).abs() < 5e-5);
/// ```
pub fn ratio_place(observed: u64, level: Level) -> Result<RatioPlace, Impossible> {
    if observed == 0 {
        return Err(Impossible::TooFew { what: "events", needed: 1, got: 0 });
    }
    let exact = exact_poisson(observed, level);
    let count = as_float(observed);
    Ok(RatioPlace {
        observed,
        lower_expected: exact.upper,
        lower: count / exact.upper,
        upper_expected: exact.lower,
        upper: count / exact.lower,
    })
}

/// The places along the axis at which lines are drawn: a hundred whole denominators or counts of events, closer together where they are small.
/// Each is as much more than the one before as would lead to the end in the steps that are left, and one more at least.
///
/// Source: Fingertips' line tables, whose axis begins at 1 when the largest practice is more than twice the smallest.
/// Errors: an axis that ends before it begins. Worked: to 1,000 people, the first places are 1, 2, 3.
///
/// ```
/// assert_eq!(dqoh::variation::places(1, 1000).unwrap().get(..3), Some(&[1, 2, 3][..]));
/// ```
pub fn places(from: u64, to: u64) -> Result<Vec<u64>, Impossible> {
    if to == 0 {
        return Err(Impossible::NothingCounted);
    }
    if from > to {
        return Err(Impossible::MoreThanDenominator { counted: from, of: to });
    }
    let (end, mut place) = (as_float(to), as_float(from.max(1)));
    let mut all = vec![place];
    for step in 2..=PLACES {
        let left = f64::from(PLACES + 1 - step);
        let next = (end / place).powf(1.0 / left) * place;
        place = next.round().max(place + 1.0);
        all.push(place);
    }
    // Whole numbers, none of them much above the largest count: nothing is cut off.
    Ok(all.into_iter().map(|place| place as u64).collect())
}

/// Refuses what is no probability.
pub(super) fn chance(what: &'static str, value: f64) -> Result<f64, Impossible> {
    if (0.0..=1.0).contains(&number(what, value)?) { Ok(value) } else { Err(Impossible::Outside { what, from: 0.0, to: 1.0 }) }
}
