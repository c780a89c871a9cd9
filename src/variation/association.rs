//! Whether practices that do more of one thing reach more of another, by their ranks.

use super::{Impossible, Interval, Level, number};

/// With fewer practices nothing can be said of how two things go together.
const FEWEST_PRACTICES: u64 = 10;

/// What must stand beside every figure of how two things go together.
pub const CAVEATS: [&str; 5] = [
    "This compares practices, not people: what holds between practices need not hold for anybody in them.",
    "Practices with more of the one may differ in other ways as well, such as deprivation, age and how they record.",
    "With 45 practices a correlation of less than about 0.3 is no more than chance.",
    "What comes later cannot have been the cause: the first must have been measured before the second.",
    "What is paid for is recorded more, and that alone makes figures rise together.",
];

/// How two lists go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankCorrelation {
    /// Spearman's ρ: 1 where both put practices in the same order, −1 in the contrary one, 0 where one says nothing of the other.
    pub rho: f64,
    /// From where to where.
    pub limits: Interval,
    /// How many practices.
    pub practices: usize,
}

/// Spearman's rank correlation with its interval. Equal numbers share the mean of their ranks. Does not allow for how many people each practice has;
/// small ones blur what there is. Print [`CAVEATS`] beside it.
///
/// Source: Spearman (1904); interval by Fisher's z with the standard error of Bonett and Wright (2000), Psychometrika 65:23.
/// Errors: lists of different lengths, fewer than ten practices, something that is not a number, all the same.
/// Worked: ten practices in order, with the two ends changed: ρ = 1 − 6 × 162 / 990 = 0.018.
///
/// ```
/// use dqoh::variation::{Level, rank_correlation};
/// let first: Vec<f64> = (1..=10).map(f64::from).collect();
/// let mut second = first.clone();
/// second.swap(0, 9);
/// let found = rank_correlation(&first, &second, Level::Percent95).unwrap();
/// assert!((found.rho - (1.0 - 6.0 * 162.0 / 990.0)).abs() < 1e-12 && found.limits.holds(0.0));
/// ```
pub fn rank_correlation(first: &[f64], second: &[f64], level: Level) -> Result<RankCorrelation, Impossible> {
    if first.len() != second.len() {
        return Err(Impossible::DifferentLengths { first: first.len(), second: second.len() });
    }
    let got = first.len() as u64;
    if got < FEWEST_PRACTICES {
        return Err(Impossible::TooFew { what: "practices", needed: FEWEST_PRACTICES, got });
    }
    for value in first.iter().chain(second) {
        number("a value", *value)?;
    }
    let (one, two) = (ranks(first), ranks(second));
    let middle = (first.len() as f64 + 1.0) / 2.0;
    let products = |one: &[f64], two: &[f64]| one.iter().zip(two).map(|(one, two)| (one - middle) * (two - middle)).sum::<f64>();
    let (both, of_one, of_two) = (products(&one, &two), products(&one, &one), products(&two, &two));
    if of_one <= 0.0 || of_two <= 0.0 {
        return Err(Impossible::AllAlike);
    }
    let rho = (both / (of_one * of_two).sqrt()).clamp(-1.0, 1.0);
    let half = level.z() * ((1.0 + rho * rho / 2.0) / (first.len() as f64 - 3.0)).sqrt();
    let limits = Interval { lower: (rho.atanh() - half).tanh(), upper: (rho.atanh() + half).tanh() };
    Ok(RankCorrelation { rho, limits, practices: first.len() })
}

/// The rank of each number from the smallest, 1; equal ones share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let (below, same) =
            values.iter().fold((0_u32, 0_u32), |(below, same), other| (below + u32::from(other < value), same + u32::from(other == value)));
        f64::from(below) + (f64::from(same) + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}
