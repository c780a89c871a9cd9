//! The interval of the difference of two proportions: this period and the last, a practice and the others, two fifths of deprivation.

use super::{Impossible, Interval, Level, as_float, wilson};

/// A difference with its limits, as proportions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The first proportion less the second.
    pub difference: f64,
    /// Where it may lie. Without nothing in it, the two differ by more than chance.
    pub interval: Interval,
}

/// The first proportion less the second, from Wilson's limits of each; each pair is achieved and counted.
/// To be used for change: whether two intervals overlap is no test.
///
/// Source: Newcombe (1998), Statistics in Medicine 17:873, method 10. Assumes that the two groups are different people: for the same people
/// a year later it is too wide, for one practice and all practices with it among them it is too narrow.
/// Errors: nobody was counted in one of them, or more achieved than were counted.
/// Worked: 56 of 70 less 48 of 80 is 0.2, from 0.0524 to 0.3339.
///
/// ```
/// use dqoh::variation::{Level, newcombe};
/// let cases = [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926), (10, 10, 0, 20, 0.6791, 1.0)];
/// for (x1, n1, x2, n2, lower, upper) in cases {
///     let found = newcombe((x1, n1), (x2, n2), Level::Percent95).unwrap().interval;
///     assert!((found.lower - lower).abs() < 5e-5 && (found.upper - upper).abs() < 5e-5);
/// }
/// ```
pub fn newcombe(first: (u64, u64), second: (u64, u64), level: Level) -> Result<Difference, Impossible> {
    let proportion = |(achieved, of): (u64, u64)| as_float(achieved) / as_float(of);
    let (one, two) = (wilson(first.0, first.1, level.z())?, wilson(second.0, second.1, level.z())?);
    let (p1, p2) = (proportion(first), proportion(second));
    let difference = p1 - p2;
    let down = (p1 - one.lower).hypot(two.upper - p2);
    let up = (one.upper - p1).hypot(p2 - two.lower);
    Ok(Difference { difference, interval: Interval { lower: difference - down, upper: difference + up } })
}
