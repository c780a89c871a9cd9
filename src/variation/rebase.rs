//! When a series has moved for good, so that its mean is worked out anew: by the rules of Dudley's own monitoring report.

use super::control_chart::{FEWEST_POINTS, mean_moving_range};
use super::{Impossible, Interval, Span, number};

/// Mean moving ranges of two numbers by chance, in standard deviations (Duncan's d₂).
const RANGE_OF_TWO: f64 = 1.128;
/// So many points in a row on one side of the mean.
const ON_ONE_SIDE: usize = 7;
/// So many of five in a row beyond one standard deviation, all on one side.
const FAR: usize = 4;
const OF: usize = 5;

/// Why a mean was worked out anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Seven points in a row were on one side of the mean.
    SevenOnOneSide,
    /// Four of five points in a row were more than one standard deviation from it, on one side.
    FourOfFiveFar,
}

/// A time with one mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first point that it holds for.
    pub from: usize,
    /// The mean of the first points of the stretch.
    pub mean: f64,
    /// One standard deviation to either side.
    pub usual: Interval,
    /// Why it begins; nothing for the first.
    pub because: Option<Because>,
}

/// The stretches of a series. Mean and standard deviation are those of the first twelve points of a stretch, or as many as there are, and hold until
/// seven points in a row are on one side of the mean, or four of five are beyond one standard deviation on one side;
/// with the first of these points the next stretch begins. Leave out recent months that are not complete.
///
/// Source: *Dudley Vanguard Metric Monitoring Report* (2017), whose first year makes the mean for the years after; the report does not say
/// that the four points must be on one side, Western Electric (1956), *Statistical quality control handbook*, does.
/// The standard deviation is the mean moving range over 1.128; a stretch of one number only keeps that of the stretch before.
/// Errors: numbers that overlap in time, fewer than twelve, something that is not a number. Worked: twelve months of 10 and 12 in turn,
/// then seven of 14: a new mean of 14 from the thirteenth.
///
/// ```
/// use dqoh::variation::{Because, Span, stretches};
/// let mut months: Vec<f64> = (0..12).map(|at| 10.0 + 2.0 * f64::from(at % 2)).collect();
/// months.extend([13.0, 14.0, 15.0, 14.0, 13.0, 15.0, 14.0]);
/// let found = stretches(&months, Span::Separate).unwrap();
/// assert_eq!(found.iter().map(|one| one.from).collect::<Vec<_>>(), [0, 12]);
/// assert_eq!((found[1].mean, found[1].because), (14.0, Some(Because::FourOfFiveFar)));
/// ```
pub fn stretches(values: &[f64], span: Span) -> Result<Vec<Stretch>, Impossible> {
    span.may_be_charted()?;
    for value in values {
        number("a value", *value)?;
    }
    if values.len() < FEWEST_POINTS {
        return Err(Impossible::TooFew { what: "points", needed: FEWEST_POINTS as u64, got: values.len() as u64 });
    }
    let mut all: Vec<Stretch> = Vec::new();
    let mut next = Some((0, None));
    while let Some((from, because)) = next {
        let first: Vec<f64> = values.iter().skip(from).take(FEWEST_POINTS).copied().collect();
        let mean = first.iter().sum::<f64>() / first.len() as f64;
        let deviation = mean_moving_range(&first, false) / RANGE_OF_TWO;
        all.push(Stretch { from, mean, usual: Interval { lower: mean - deviation, upper: mean + deviation }, because });
        // The points that made the mean do not speak against it.
        next = moved(values, from + first.len(), all.last()).map(|(from, because)| (from, Some(because)));
    }
    Ok(all)
}

/// The first point of the first run that a stretch cannot hold, and why.
fn moved(values: &[f64], from: usize, stretch: Option<&Stretch>) -> Option<(usize, Because)> {
    let Stretch { mean, usual, .. } = *stretch?;
    let later = values.get(from..)?;
    (1..=later.len()).find_map(|end| {
        let last = |points: usize| end.checked_sub(points).and_then(|start| Some((start, later.get(start..end)?)));
        if let Some((start, five)) = last(OF) {
            let far = |beyond: &dyn Fn(f64) -> bool| {
                let first = five.iter().position(|value| beyond(*value))?;
                (five.iter().filter(|value| beyond(**value)).count() >= FAR).then_some(from + start + first)
            };
            if let Some(start) = far(&|value| value > usual.upper).or_else(|| far(&|value| value < usual.lower)) {
                return Some((start, Because::FourOfFiveFar));
            }
        }
        let (start, seven) = last(ON_ONE_SIDE)?;
        let one_side = seven.iter().all(|value| *value > mean) || seven.iter().all(|value| *value < mean);
        one_side.then_some((from + start, Because::SevenOnOneSide))
    })
}
