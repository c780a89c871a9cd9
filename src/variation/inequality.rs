//! How far apart the most and the least deprived are.

use super::{Difference, Impossible, Interval, Level, as_float, newcombe, number, possible, wilson};

/// With fewer people in a group its percentage says too little to be set against another.
pub const FEWEST_IN_A_FIFTH: u64 = 20;

const MOST_GROUPS: usize = 100;
const FEWEST_GROUPS: usize = 5;

/// On which scale values lie on a straight line from the most to the least deprived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineScale {
    /// As they are: life expectancy.
    Plain,
    /// Their logarithms: rates.
    Log,
    /// The logarithms of their odds: proportions.
    Odds,
}

/// A group of people, such as a fifth by deprivation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// How many people.
    pub people: u64,
    /// Their rate, proportion or mean.
    pub value: f64,
    /// Its standard error, on the scale that is chosen.
    pub standard_error: f64,
}

impl Group {
    /// A proportion on the scale of odds; its standard error is what Wilson's interval is wide there.
    pub fn proportion(achieved: u64, of: u64) -> Result<Group, Impossible> {
        let limits = wilson(achieved, of, Level::Percent95.z())?;
        let z = Level::Percent95.z();
        // None or all have no odds: the middle of the interval stands for them.
        let inner = |share: f64| share.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        let value = match achieved {
            none_or_all if none_or_all == 0 || none_or_all == of => (limits.lower + limits.upper) / 2.0,
            _ => as_float(achieved) / as_float(of),
        };
        let odds = |share: f64| LineScale::Odds.to(share);
        let standard_error = match achieved {
            0 => (odds(inner(limits.upper)) - odds(value)) / z,
            all if all == of => (odds(value) - odds(inner(limits.lower))) / z,
            _ => (odds(limits.upper) - odds(limits.lower)) / (2.0 * z),
        };
        Ok(Group { people: of, value, standard_error })
    }
}

/// How values change from the most deprived person to the least deprived one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inequality {
    /// The slope index: the value of the least deprived less that of the most deprived, on the fitted line.
    pub slope_index: f64,
    /// Its limits.
    pub slope_limits: Interval,
    /// The relative index: the same two, one divided by the other.
    pub relative_index: f64,
    /// Its limits.
    pub relative_limits: Interval,
    /// The value of the most deprived person on the line.
    pub most_deprived: f64,
    /// The value of the least deprived person on the line.
    pub least_deprived: f64,
}

impl LineScale {
    fn to(self, value: f64) -> f64 {
        match self {
            LineScale::Plain => value,
            LineScale::Log => value.ln(),
            LineScale::Odds => (value / (1.0 - value)).ln(),
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            LineScale::Plain => value,
            LineScale::Log => value.exp(),
            LineScale::Odds => 1.0 / (1.0 + (-value).exp()),
        }
    }

    /// How fast a value changes with its place on the scale.
    fn slope(self, value: f64) -> f64 {
        match self {
            LineScale::Plain => 1.0,
            LineScale::Log => value,
            LineScale::Odds => value * (1.0 - value),
        }
    }

    fn takes(self, value: f64) -> Result<(), Impossible> {
        let (from, to) = match self {
            LineScale::Plain => return Ok(()),
            LineScale::Log => (0.0, f64::MAX),
            LineScale::Odds => (0.0, 1.0),
        };
        if value <= from || value >= to { Err(Impossible::Outside { what: "a value", from, to }) } else { Ok(()) }
    }
}

/// The slope and the relative index of inequality, over all groups from the most to the least deprived and not the two ends alone.
/// A positive slope index says that the least deprived have more. Of something good, that is the inequality; of something bad, its contrary.
///
/// Source: Mackenbach and Kunst (1997), Soc Sci Med 44:757; least squares weighted by people, as Public Health England does. Limits by the delta method,
/// those of the relative index on its logarithm. Assumes that values lie on a line over people ranked by deprivation, and that groups are independent.
/// For a CCG or a locality; a practice is too small. Errors: fewer than 5 or more than 100 groups, a group of nobody, a value that the scale cannot hold,
/// a relative index of values that are not positive. Worked: fifths of 100 people with 60, 65, 70, 75 and 80 per cent: plain, 25 points, from 57.5 to 82.5.
///
/// ```
/// use dqoh::variation::{Group, Level, LineScale, inequality};
/// let fifths = [0.60, 0.65, 0.70, 0.75, 0.80].map(|value| Group { people: 100, value, standard_error: 0.04 });
/// let inequality = inequality(&fifths, LineScale::Plain, Level::Percent95).unwrap();
/// assert!((inequality.slope_index - 0.25).abs() < 1e-12);
/// assert!((inequality.relative_index - 82.5 / 57.5).abs() < 1e-12);
/// assert!((inequality.slope_limits.lower - 0.126).abs() < 5e-4);
/// ```
pub fn inequality(groups: &[Group], scale: LineScale, level: Level) -> Result<Inequality, Impossible> {
    let got = groups.len();
    if got < FEWEST_GROUPS {
        return Err(Impossible::TooFew { what: "groups", needed: FEWEST_GROUPS as u64, got: got as u64 });
    }
    if got > MOST_GROUPS {
        return Err(Impossible::Outside { what: "the number of groups", from: FEWEST_GROUPS as f64, to: MOST_GROUPS as f64 });
    }
    let all = as_float(groups.iter().map(|group| group.people).sum());
    let mut points = Vec::with_capacity(got);
    let mut before = 0.0;
    for group in groups {
        if group.people == 0 {
            return Err(Impossible::NothingCounted);
        }
        scale.takes(number("a value", group.value)?)?;
        let error = number("a standard error", group.standard_error)?;
        let share = as_float(group.people) / all;
        points.push(Point { share, place: before + share / 2.0, value: scale.to(group.value), error });
        before += share;
    }
    let line = Line::through(&points);
    let (most, least) = (scale.back(line.start), scale.back(line.start + line.slope));
    let (at_most, at_least) = (scale.slope(most), scale.slope(least));
    // The end of the line is start + slope.
    let end = line.var_start + line.var_slope + 2.0 * line.covariance;
    let both = line.var_start + line.covariance;
    let var_difference = at_least * at_least * end + at_most * at_most * line.var_start - 2.0 * at_least * at_most * both;
    if most <= 0.0 || least <= 0.0 {
        return Err(Impossible::Outside { what: "a value on the line", from: 0.0, to: f64::MAX });
    }
    let (log_least, log_most) = (at_least / least, at_most / most);
    let var_ratio = log_least * log_least * end + log_most * log_most * line.var_start - 2.0 * log_least * log_most * both;
    let (half, factor) = (level.z() * var_difference.max(0.0).sqrt(), (level.z() * var_ratio.max(0.0).sqrt()).exp());
    let (slope_index, relative_index) = (least - most, least / most);
    Ok(Inequality {
        slope_index,
        slope_limits: Interval { lower: slope_index - half, upper: slope_index + half },
        relative_index,
        relative_limits: Interval { lower: relative_index / factor, upper: relative_index * factor },
        most_deprived: most,
        least_deprived: least,
    })
}

/// The least deprived fifth less the most deprived one, with Newcombe's interval: for a practice, where more is not to be had.
///
/// Source: Newcombe (1998), Statistics in Medicine 17:873, method 10. Errors: fewer than [`FEWEST_IN_A_FIFTH`] people in one of the two.
/// Worked: 48 of 80 of the most deprived and 56 of 70 of the least: 20 points, from 5.2 to 33.4 at 95 per cent.
///
/// ```
/// use dqoh::variation::{Level, gap_of_fifths};
/// let gap = gap_of_fifths((48, 80), (56, 70), Level::Percent95).unwrap();
/// assert!((gap.difference - 0.2).abs() < 1e-12);
/// assert!((gap.interval.lower - 0.052).abs() < 1e-3 && (gap.interval.upper - 0.334).abs() < 1e-3);
/// assert!(gap_of_fifths((9, 19), (56, 70), Level::Percent95).is_err());
/// ```
pub fn gap_of_fifths(most_deprived: (u64, u64), least_deprived: (u64, u64), level: Level) -> Result<Difference, Impossible> {
    for (achieved, of) in [most_deprived, least_deprived] {
        possible(achieved, of)?;
        if of < FEWEST_IN_A_FIFTH {
            return Err(Impossible::TooFew { what: "people in a fifth", needed: FEWEST_IN_A_FIFTH, got: of });
        }
    }
    newcombe(least_deprived, most_deprived, level)
}

/// A group on its scale: how much of all people it is, where its middle stands among them.
struct Point {
    share: f64,
    place: f64,
    value: f64,
    error: f64,
}

/// A line through points, and how uncertain it is.
struct Line {
    start: f64,
    slope: f64,
    var_start: f64,
    var_slope: f64,
    covariance: f64,
}

impl Line {
    /// Least squares, weighted by people.
    fn through(points: &[Point]) -> Line {
        let middle: f64 = points.iter().map(|point| point.share * point.place).sum();
        let spread: f64 = points.iter().map(|point| point.share * (point.place - middle).powi(2)).sum();
        let mut line = Line { start: 0.0, slope: 0.0, var_start: 0.0, var_slope: 0.0, covariance: 0.0 };
        for point in points {
            let in_slope = point.share * (point.place - middle) / spread;
            let in_start = point.share - in_slope * middle;
            let variance = point.error * point.error;
            line.slope += in_slope * point.value;
            line.start += in_start * point.value;
            line.var_slope += in_slope * in_slope * variance;
            line.var_start += in_start * in_start * variance;
            line.covariance += in_slope * in_start * variance;
        }
        line
    }
}
