//! One number over time: which changes are more than its usual ups and downs. The XmR chart, as Making Data Count draws it.

use super::{Impossible, Interval, number};
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroUsize;

/// Limits are the mean plus and minus so many mean moving ranges: 3 / 1.128, as Making Data Count rounds it.
const RANGES_TO_LIMIT: f64 = 2.66;
/// A moving range of more than so many mean ones is no ordinary one.
const RANGES_TO_SCREEN: f64 = 3.267;
/// From the mean to the limits, so far are the lines beyond which two points of three say something.
const NEAR: f64 = 2.0 / 3.0;

/// With fewer points there is no chart.
pub const FEWEST_POINTS: usize = 12;

/// What the numbers of a series are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Each of its own time: a month, a quarter.
    Separate,
    /// Each of the twelve months before it.
    RollingTwelveMonths,
    /// Each of the year so far.
    YearToDate,
}

impl Span {
    /// Whether limits of a control chart mean anything for such numbers, and why not.
    ///
    /// Source: Wheeler and Chambers (1992), *Understanding statistical process control*; NHS England, *Making data count*.
    ///
    /// ```
    /// use dqoh::variation::Span;
    /// assert!(Span::Separate.may_be_charted().is_ok());
    /// let why = Span::RollingTwelveMonths.may_be_charted().unwrap_err().to_string();
    /// assert!(why.contains("share"), "{why}");
    /// ```
    pub fn may_be_charted(self) -> Result<(), Impossible> {
        let why = match self {
            Span::Separate => return Ok(()),
            Span::RollingTwelveMonths => {
                "figures of twelve months that follow each other share most of their months, so they move together and nearly every one would look like a signal: chart months or quarters, or show deciles over time"
            }
            Span::YearToDate => {
                "figures of the year so far grow and begin again in April, so limits around their mean say nothing: chart what each month or quarter added"
            }
        };
        Err(Impossible::Unsuitable { why })
    }
}

/// How long a run must be to say something, and how limits are made. Programs differ in these, so print them beside every chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartRules {
    /// So many points in a row on one side of the mean.
    pub shift: NonZeroUsize,
    /// So many points in a row, each above the one before, or each below.
    pub trend: NonZeroUsize,
    /// Whether moving ranges that are out of the ordinary are left out, once, when limits are made.
    pub screened: bool,
    /// Mean and limits are those of so many first points; of all where nothing is said.
    pub from_first: Option<usize>,
}

impl ChartRules {
    /// Seven and seven, screened, as NHSRplotthedots has them by default.
    pub const MAKING_DATA_COUNT: ChartRules = ChartRules { shift: SEVEN, trend: SEVEN, screened: true, from_first: None };
}

const SEVEN: NonZeroUsize = match NonZeroUsize::new(7) {
    Some(seven) => seven,
    None => NonZeroUsize::MIN,
};

impl fmt::Display for ChartRules {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "A point stands out when it is beyond a limit (the mean plus or minus {RANGES_TO_LIMIT} mean moving ranges), one of {} in a row on one side of the mean, one of {} in a row that rise or fall, or one of two out of three beyond two thirds of the way to a limit",
            self.shift, self.trend
        )?;
        if self.screened {
            write!(to, "; moving ranges of more than {RANGES_TO_SCREEN} mean ones were left out of the limits")?;
        }
        match self.from_first {
            Some(points) => write!(to, "; mean and limits are those of the first {points} points"),
            None => Ok(()),
        }
    }
}

/// Why a point stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Beyond a limit.
    Beyond,
    /// One of a run that rises or falls.
    Trend,
    /// One of two in three that are far from the mean, all on one side.
    TwoInThree,
    /// One of a run on one side of the mean.
    Shift,
}

/// A point of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartPoint {
    /// The number.
    pub value: f64,
    /// Why it stands out, by the first reason that holds, and whether up or down; nothing for the usual ups and downs.
    pub signal: Option<(Signal, Ordering)>,
    /// On which side of the mean it is.
    pub side: Ordering,
    /// Whether it is between the near line and the limit.
    pub near_limit: bool,
}

/// A stretch of time with one mean and one pair of limits.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlChart {
    /// The mean.
    pub mean: f64,
    /// Within these a number moves by its usual ups and downs.
    pub limits: Interval,
    /// In their order.
    pub points: Vec<ChartPoint>,
}

/// The chart of individual numbers and their moving ranges. For a series that is made anew at some point, ask once for each stretch.
///
/// Source: Wheeler (1993), *Understanding variation*; rules as NHS England's *Making data count* has them, which NHSRplotthedots carries out.
/// Assumes that numbers are of times of equal length, in order, and do not depend on each other but by what there is to find.
/// With both rules at seven, one chart in twenty of 12 points of nothing but chance has a signal, one in six of 24, one in four of 36:
/// so a verdict is that of the last point. Errors: numbers that overlap in time, fewer than 12, something that is not a number.
/// Worked: twelve numbers that are 10 and 12 in turn have mean 11 and limits 11 ± 2.66 × 2 = 5.68 to 16.32.
///
/// ```
/// use dqoh::variation::{ChartRules, Span, control_chart};
/// let turns: Vec<f64> = (0..12).map(|at| 10.0 + 2.0 * f64::from(at % 2)).collect();
/// let chart = control_chart(&turns, Span::Separate, ChartRules::MAKING_DATA_COUNT).unwrap();
/// assert!((chart.limits.lower - 5.68).abs() < 1e-12 && (chart.limits.upper - 16.32).abs() < 1e-12);
/// assert!(chart.points.iter().all(|point| point.signal.is_none()));
/// ```
pub fn control_chart(values: &[f64], span: Span, rules: ChartRules) -> Result<ControlChart, Impossible> {
    span.may_be_charted()?;
    for value in values {
        number("a value", *value)?;
    }
    let first = values.get(..rules.from_first.unwrap_or(values.len()).min(values.len())).unwrap_or(values);
    if first.len() < FEWEST_POINTS {
        return Err(Impossible::TooFew { what: "points", needed: FEWEST_POINTS as u64, got: first.len() as u64 });
    }
    let mean = first.iter().sum::<f64>() / first.len() as f64;
    let half = RANGES_TO_LIMIT * mean_moving_range(first, rules.screened);
    let limits = Interval { lower: mean - half, upper: mean + half };
    let points = signals(values, &vec![mean; values.len()], &vec![limits; values.len()], rules);
    Ok(ControlChart { mean, limits, points })
}

/// The mean of the steps from each number to the next, without their signs.
pub(super) fn mean_moving_range(values: &[f64], screened: bool) -> f64 {
    let ranges: Vec<f64> = values.iter().zip(values.iter().skip(1)).map(|(one, next)| (next - one).abs()).collect();
    let mean_below = |most: f64| {
        let (sum, count) = ranges.iter().filter(|range| **range < most).fold((0.0, 0_u32), |(sum, count), range| (sum + range, count + 1));
        if count == 0 { 0.0 } else { sum / f64::from(count) }
    };
    let all = mean_below(f64::INFINITY);
    if screened && all > 0.0 { mean_below(RANGES_TO_SCREEN * all) } else { all }
}

/// Which points stand out, and why: beyond a limit before a trend, before two in three, before a shift.
pub(super) fn signals(values: &[f64], centres: &[f64], limits: &[Interval], rules: ChartRules) -> Vec<ChartPoint> {
    let places: Vec<(f64, f64, Interval)> =
        values.iter().zip(centres).zip(limits).map(|((value, centre), limits)| (*value, *centre, *limits)).collect();
    let sides: Vec<Ordering> = places.iter().map(|(value, centre, _)| compare(*value, *centre)).collect();
    let near: Vec<bool> = places.iter().map(|(value, centre, limits)| is_near(*value, *centre, *limits)).collect();
    let shifts = runs(&sides, rules.shift.get());
    let trends = trend(values, rules.trend);
    let pairs = two_in_three(&near, &sides);
    let all = places.iter().zip(&sides).zip(&near).zip(shifts.iter().zip(&trends).zip(&pairs));
    all.map(|((((value, _, limits), side), near), ((shift, trend), pair))| {
        let beyond = beyond(*value, *limits);
        let holds = [
            (Signal::Beyond, beyond),
            (Signal::Trend, *trend),
            (Signal::TwoInThree, if *pair && *near { *side } else { Ordering::Equal }),
            (Signal::Shift, *shift),
        ];
        let signal = holds.into_iter().find(|(_, way)| *way != Ordering::Equal);
        ChartPoint { value: *value, signal, side: *side, near_limit: *near }
    })
    .collect()
}

/// Above both limits, below both, or neither. On a limit is within.
///
/// ```
/// # use std::cmp::Ordering::{Equal, Greater};
/// use dqoh::variation::{Interval, beyond};
/// let limits = Interval { lower: 0.0, upper: 10.0 };
/// assert_eq!([10.0, 10.5].map(|value| beyond(value, limits)), [Equal, Greater]);
/// ```
pub fn beyond(value: f64, limits: Interval) -> Ordering {
    match (value < limits.lower, value > limits.upper) {
        (true, _) => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// Numbers of a chart are finite: `total_cmp` would put minus nought below nought, and a point on the middle onto a side of it.
fn compare(one: f64, other: f64) -> Ordering {
    one.partial_cmp(&other).unwrap_or(Ordering::Equal)
}

fn is_near(value: f64, centre: f64, limits: Interval) -> bool {
    let line = |limit: f64| centre + NEAR * (limit - centre);
    let low = value > limits.lower && value < line(limits.lower);
    let high = value < limits.upper && value > line(limits.upper);
    low || high
}

/// Runs of so many points in a row on one side of the middle, whole: points of longer runs too. A point on the middle ends a run.
///
/// ```
/// # use std::cmp::Ordering::{Equal, Greater};
/// # use std::num::NonZeroUsize;
/// let three = NonZeroUsize::new(3).unwrap();
/// assert_eq!(dqoh::variation::shift(&[6.0, 7.0, 6.0, 5.0, 9.0], &[5.0; 5], three), [Greater, Greater, Greater, Equal, Equal]);
/// assert_eq!(dqoh::variation::shift(&[-1.0, -0.0, -1.0], &[0.0; 3], three), [Equal; 3]);
/// ```
pub fn shift(values: &[f64], middle: &[f64], length: NonZeroUsize) -> Vec<Ordering> {
    let sides: Vec<Ordering> = values.iter().zip(middle).map(|(value, middle)| compare(*value, *middle)).collect();
    runs(&sides, length.get())
}

/// Runs of so many points in a row that rise, or fall, whole. A point that ends one and begins another belongs to the later.
///
/// ```
/// # use std::cmp::Ordering::{Equal, Less};
/// # use std::num::NonZeroUsize;
/// let three = NonZeroUsize::new(3).unwrap();
/// assert_eq!(dqoh::variation::trend(&[5.0, 4.0, 3.0, 3.0], three), [Less, Less, Less, Equal]);
/// ```
pub fn trend(values: &[f64], points: NonZeroUsize) -> Vec<Ordering> {
    let steps: Vec<Ordering> = values.iter().zip(values.iter().skip(1)).map(|(one, next)| compare(*next, *one)).collect();
    let runs = runs(&steps, points.get().saturating_sub(1).max(1));
    // Each step has two points; the step to the right of a point comes first.
    let before = std::iter::once(Ordering::Equal).chain(runs.iter().copied());
    let after = runs.iter().copied().chain([Ordering::Equal]);
    before.zip(after).take(values.len()).map(|(before, after)| if after == Ordering::Equal { before } else { after }).collect()
}

/// The points of each three in a row of which at least two are near a limit and all on one side of the mean.
///
/// ```
/// # use std::cmp::Ordering::Greater;
/// let near = [false, true, true, false, false];
/// assert_eq!(dqoh::variation::two_in_three(&near, &[Greater; 5]), [true, true, true, true, false]);
/// ```
pub fn two_in_three(near: &[bool], sides: &[Ordering]) -> Vec<bool> {
    let mut found = vec![false; near.len()];
    for (at, (near, sides)) in near.windows(3).zip(sides.windows(3)).enumerate() {
        let one_side = sides.first().is_some_and(|side| *side != Ordering::Equal && sides.iter().all(|other| other == side));
        if one_side && near.iter().filter(|near| **near).count() >= 2 {
            found.iter_mut().skip(at).take(3).for_each(|found| *found = true);
        }
    }
    found
}

/// Entries of runs of the same that are so long; all others are none of it.
fn runs(sides: &[Ordering], length: usize) -> Vec<Ordering> {
    let of = |run: &[Ordering]| {
        let side = run.first().copied().filter(|_| run.len() >= length).unwrap_or(Ordering::Equal);
        vec![side; run.len()]
    };
    sides.chunk_by(|one, next| one == next).flat_map(of).collect()
}

/// Whether a target is reached whatever the usual ups and downs do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// The target is reached always.
    Passes,
    /// It is never reached.
    Fails,
    /// Sometimes the one and sometimes the other.
    HitAndMiss,
}

/// Whether a target is reached whatever the usual ups and downs do: it lies outside the limits. `better` says which way is better;
/// without a better way there is no target.
///
/// Source: NHS England, *Making data count*. Worked: limits of 5 to 7 and a target of 4, more is better: always reached.
///
/// ```
/// # use std::cmp::Ordering::{Greater, Less};
/// use dqoh::variation::{Assurance, Interval, assurance};
/// let limits = Interval { lower: 5.0, upper: 7.0 };
/// assert_eq!(assurance(limits, 4.0, Greater), Some(Assurance::Passes));
/// assert_eq!(assurance(limits, 6.0, Less), Some(Assurance::HitAndMiss));
/// ```
pub fn assurance(limits: Interval, target: f64, better: Ordering) -> Option<Assurance> {
    let beyond = match (target > limits.upper, target < limits.lower) {
        (true, _) => Ordering::Greater,
        (_, true) => Ordering::Less,
        _ => return (better != Ordering::Equal).then_some(Assurance::HitAndMiss),
    };
    match better {
        Ordering::Equal => None,
        _ if beyond == better => Some(Assurance::Fails),
        _ => Some(Assurance::Passes),
    }
}
