//! A proportion over time, with limits that follow how many people were counted: p and Laney's p′ chart.

use super::control_chart::{FEWEST_POINTS, mean_moving_range, signals};
use super::{ChartPoint, ChartRules, Impossible, Interval, Span, as_float, possible};

/// Standard errors from the mean to a limit.
const TO_LIMIT: f64 = 3.0;
/// Mean moving ranges of two numbers by chance, in standard deviations (Duncan's d₂).
const RANGE_OF_TWO: f64 = 1.128;

/// A chart of proportions.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareChart {
    /// All achieved of all counted.
    pub mean: f64,
    /// How much more proportions move from one time to the next than chance alone would make them; 1 is chance alone.
    pub spread: f64,
    /// The limits of each point: narrow where many were counted.
    pub limits: Vec<Interval>,
    /// In their order.
    pub points: Vec<ChartPoint>,
}

/// The p chart: limits that chance alone keeps to. For counts of some hundred people; with thousands nearly every point is beyond,
/// and [`laney_chart`] is right.
///
/// Source: Shewhart (1931); Montgomery, *Introduction to statistical quality control*. Assumes that people are independent and alike over time.
/// Errors: as [`super::control_chart`]; nobody counted at a time, more achieved than counted.
/// Worked: 12 times 20 of 100: 0.2 ± 3 × √(0.2 × 0.8 / 100) = 0.08 to 0.32.
///
/// ```
/// use dqoh::variation::{ChartRules, Span, share_chart};
/// let chart = share_chart(&[(20, 100); 12], Span::Separate, ChartRules::MAKING_DATA_COUNT).unwrap();
/// assert!((chart.limits[0].lower - 0.08).abs() < 1e-12 && (chart.limits[0].upper - 0.32).abs() < 1e-12);
/// ```
pub fn share_chart(counts: &[(u64, u64)], span: Span, rules: ChartRules) -> Result<ShareChart, Impossible> {
    chart(counts, span, rules, Limits::Chance)
}

/// Laney's p′ chart: limits as wide as proportions really move from one time to the next, and not as chance alone would make them.
/// The right one where `spread` is well above 1, as it is for whole CCGs.
///
/// Source: Laney (2002), Quality Engineering 14:531. Assumes and errors as [`share_chart`].
/// Worked: 400 and 600 of 1,000 in turn move 11.4 times as much as chance would make them, so their limits are 11.4 times as wide.
///
/// ```
/// use dqoh::variation::{ChartRules, Span, laney_chart};
/// let turns: Vec<(u64, u64)> = (0..12).map(|at| (400 + 200 * (at % 2), 1000)).collect();
/// let chart = laney_chart(&turns, Span::Separate, ChartRules::MAKING_DATA_COUNT).unwrap();
/// assert!((chart.spread - 0.2 / (0.5 * 0.5 / 1000.0_f64).sqrt() / 1.128).abs() < 1e-9);
/// ```
pub fn laney_chart(counts: &[(u64, u64)], span: Span, rules: ChartRules) -> Result<ShareChart, Impossible> {
    chart(counts, span, rules, Limits::Real)
}

#[derive(Clone, Copy, PartialEq)]
enum Limits {
    Chance,
    Real,
}

fn chart(counts: &[(u64, u64)], span: Span, rules: ChartRules, limits: Limits) -> Result<ShareChart, Impossible> {
    span.may_be_charted()?;
    for (achieved, of) in counts {
        possible(*achieved, *of)?;
    }
    let first = counts.get(..rules.from_first.unwrap_or(counts.len()).min(counts.len())).unwrap_or(counts);
    if first.len() < FEWEST_POINTS {
        return Err(Impossible::TooFew { what: "points", needed: FEWEST_POINTS as u64, got: first.len() as u64 });
    }
    let (achieved, of) = first.iter().fold((0, 0), |(achieved, of), one| (achieved + one.0, of + one.1));
    if achieved == 0 || achieved == of {
        return Err(Impossible::AllAlike);
    }
    let mean = as_float(achieved) / as_float(of);
    let error = |of: u64| (mean * (1.0 - mean) / as_float(of)).sqrt();
    let values: Vec<f64> = counts.iter().map(|(achieved, of)| as_float(*achieved) / as_float(*of)).collect();
    let standard: Vec<f64> = first.iter().zip(&values).map(|((_, of), value)| (value - mean) / error(*of)).collect();
    let spread = mean_moving_range(&standard, rules.screened) / RANGE_OF_TWO;
    let width = if limits == Limits::Real { TO_LIMIT * spread } else { TO_LIMIT };
    let limits =
        counts.iter().map(|(_, of)| Interval { lower: (mean - width * error(*of)).max(0.0), upper: (mean + width * error(*of)).min(1.0) });
    let limits: Vec<Interval> = limits.collect();
    let points = signals(&values, &vec![mean; values.len()], &limits, rules);
    Ok(ShareChart { mean, spread, limits, points })
}
