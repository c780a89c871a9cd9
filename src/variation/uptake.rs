//! What uptake, such as of care plans, has to do with an outcome: across practices, and among the people of each practice.

use super::{Cell, Impossible, Interval, Level, as_float, possible, random_intercept};

/// With fewer practices nothing can be said across them.
const FEWEST_PRACTICES: u64 = 10;
/// Uptake that is more by ten of a hundred people: what odds ratios across practices are for.
const TEN_POINTS: f64 = 0.1;

/// A practice whose people are counted twice over: by uptake and by outcome, without knowing who is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UptakeAndOutcome {
    /// People who took it up, of how many.
    pub uptake: (u64, u64),
    /// People who achieved the outcome, of how many.
    pub outcome: (u64, u64),
}

/// A practice whose people are counted by both: those with a plan and those without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanAndOutcome {
    /// Of those with a plan: who achieved the outcome, of how many.
    pub with: (u64, u64),
    /// Of those without one.
    pub without: (u64, u64),
}

/// An odds ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OddsRatio {
    /// How many times the odds; 1 is no difference.
    pub ratio: f64,
    /// From where to where.
    pub limits: Interval,
}

impl OddsRatio {
    fn of(slope: Option<&f64>, error: Option<&f64>, step: f64, level: Level) -> Result<OddsRatio, Impossible> {
        let (slope, error) = slope.zip(error).ok_or(Impossible::NoAnswer)?;
        let at = |log_odds: f64| (step * log_odds).exp();
        let half = level.z() * error;
        Ok(OddsRatio { ratio: at(*slope), limits: Interval { lower: at(slope - half), upper: at(slope + half) } })
    }
}

/// What uptake has to do with the outcome across practices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AcrossPractices {
    /// For practices whose uptake is ten percentage points higher.
    pub ten_points: OddsRatio,
    /// The share of the true variance between practices that goes away when uptake is known; nothing where practices do not truly differ.
    pub explained: Option<f64>,
    /// How many practices.
    pub practices: usize,
}

/// Uptake against outcome across practices: a logistic model with a level of each practice's own and its uptake as covariate, not a line through percentages,
/// which would count a practice of ten like one of a thousand. Print [`super::CAVEATS`] beside it: this is about practices and not about people.
///
/// Source: Abel and Elliott (2019), BMJ Qual Saf 28:851; share explained as (V₀ − V₁)/V₀, which is not a proportion of what any person's outcome depends on.
/// Where uptake fits a little worse than nothing the share is 0. Errors: fewer than ten practices that counted anybody, more than were counted,
/// one uptake everywhere, and those of [`random_intercept`]. Worked: twelve practices whose log odds follow their uptake: all is explained.
///
/// ```
/// use dqoh::variation::{Level, UptakeAndOutcome, across_practices};
/// let practice = |at: u32| UptakeAndOutcome { uptake: (u64::from(5 * at + 20), 100), outcome: (u64::from(30 * at + 200), 1000) };
/// let practices: Vec<UptakeAndOutcome> = (0..12).map(practice).collect();
/// let found = across_practices(&practices, Level::Percent95).unwrap();
/// assert!((found.ten_points.ratio - 1.31).abs() < 0.01 && found.explained.unwrap() > 0.99);
/// ```
pub fn across_practices(practices: &[UptakeAndOutcome], level: Level) -> Result<AcrossPractices, Impossible> {
    let counted: Vec<&UptakeAndOutcome> = practices.iter().filter(|one| one.uptake.1 > 0 && one.outcome.1 > 0).collect();
    let mut shares = Vec::with_capacity(counted.len());
    for one in &counted {
        possible(one.uptake.0, one.uptake.1)?;
        shares.push(as_float(one.uptake.0) / as_float(one.uptake.1));
    }
    enough(&shares)?;
    let cells = |covariates: &dyn Fn(f64) -> Vec<f64>| -> Vec<Vec<Cell>> {
        let cell = |(one, share): (&&UptakeAndOutcome, &f64)| {
            vec![Cell { achieved: one.outcome.0, of: one.outcome.1, covariates: covariates(*share) }]
        };
        counted.iter().zip(&shares).map(cell).collect()
    };
    let without = random_intercept(&cells(&|_| Vec::new()))?;
    let with = random_intercept(&cells(&|share| vec![share]))?;
    let ten_points = OddsRatio::of(with.slopes.first(), with.errors.get(1), TEN_POINTS, level)?;
    let explained = (without.variance > 0.0).then(|| (1.0 - with.variance / without.variance).max(0.0));
    Ok(AcrossPractices { ten_points, explained, practices: counted.len() })
}

/// What a plan has to do with the outcome among the people of a practice, and what the share of people with plans has to do with it across practices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WithinAndBetween {
    /// For a person with a plan against one without, in the same practice.
    pub within: OddsRatio,
    /// For practices with ten percentage points more plans.
    pub between: OddsRatio,
    /// How many practices.
    pub practices: usize,
}

/// The two apart, from people with and without a plan in each practice. The first comes nearer to what a plan does than anything across practices:
/// whatever holds for a whole practice is taken out. People with plans still differ from those without. Where the two disagree,
/// practices with many plans differ in other ways.
///
/// Source: Neuhaus and Kalbfleisch (1998), Biometrics 54:638: a covariate as its practice's mean and the distance from it. Assumes and errors as [`across_practices`].
/// Worked: in every one of twelve practices 60 of 100 with a plan and 40 of 100 to 60 without achieve: within, the odds are more than twice as high.
///
/// ```
/// use dqoh::variation::{Level, PlanAndOutcome, within_and_between};
/// let practice = |at: u64| PlanAndOutcome { with: (60, 100), without: (4 * (10 + at), 10 * (10 + at)) };
/// let practices: Vec<PlanAndOutcome> = (0..12).map(practice).collect();
/// let found = within_and_between(&practices, Level::Percent95).unwrap();
/// assert!((found.within.ratio - 2.25).abs() < 0.01 && found.within.limits.lower > 1.0);
/// ```
pub fn within_and_between(practices: &[PlanAndOutcome], level: Level) -> Result<WithinAndBetween, Impossible> {
    let counted: Vec<&PlanAndOutcome> = practices.iter().filter(|one| one.with.1 > 0 || one.without.1 > 0).collect();
    let shares: Vec<f64> = counted.iter().map(|one| as_float(one.with.1) / (as_float(one.with.1) + as_float(one.without.1))).collect();
    enough(&shares)?;
    let cells = |(one, share): (&&PlanAndOutcome, &f64)| {
        let cell = |(achieved, of): (u64, u64), plan: f64| Cell { achieved, of, covariates: vec![plan - share, *share] };
        vec![cell(one.with, 1.0), cell(one.without, 0.0)]
    };
    let cells: Vec<Vec<Cell>> = counted.iter().zip(&shares).map(cells).collect();
    let fit = random_intercept(&cells)?;
    Ok(WithinAndBetween {
        within: OddsRatio::of(fit.slopes.first(), fit.errors.get(1), 1.0, level)?,
        between: OddsRatio::of(fit.slopes.get(1), fit.errors.get(2), TEN_POINTS, level)?,
        practices: counted.len(),
    })
}

/// Refuses too few practices, and a share that is the same at all of them.
fn enough(shares: &[f64]) -> Result<(), Impossible> {
    let got = shares.len() as u64;
    if got < FEWEST_PRACTICES {
        return Err(Impossible::TooFew { what: "practices", needed: FEWEST_PRACTICES, got });
    }
    let first = shares.first().copied().unwrap_or(0.0);
    if shares.iter().all(|share| (share - first).abs() < 1e-12) { Err(Impossible::AllAlike) } else { Ok(()) }
}
