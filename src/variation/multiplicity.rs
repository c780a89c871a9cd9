//! What many comparisons do: flags that chance alone would raise, and p-values that allow for their number.

use super::funnel::chance;
use super::{Impossible, Level, as_float};

/// How many flags chance alone would raise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FalseFlags {
    /// Beyond the 95 per cent limits, with those beyond 99.8.
    pub at_95: f64,
    /// Beyond the 99.8 per cent limits.
    pub at_998: f64,
}

/// How many of so many comparisons would be flagged, on either side, if nobody differed: to be printed under each table of flags.
///
/// By what the limits promise; exact flags of small practices raise somewhat fewer. Worked: 45 practices × 10 indicators: 22.5 and 0.9.
///
/// ```
/// let by_chance = dqoh::variation::expected_false_flags(450);
/// assert!((by_chance.at_95 - 22.5).abs() < 1e-12 && (by_chance.at_998 - 0.9).abs() < 1e-12);
/// ```
pub fn expected_false_flags(comparisons: u64) -> FalseFlags {
    let both_sides = |level: Level| as_float(comparisons) * 2.0 * level.tail();
    FalseFlags { at_95: both_sides(Level::Percent95), at_998: both_sides(Level::Percent998) }
}

/// P-values that allow for their number, in the order given: who keeps those up to 0.05 has, among what is kept, about one in twenty by chance.
/// A second column beside the 99.8 per cent limits, not in their place.
///
/// Source: Benjamini and Hochberg (1995), JRSS B 57:289; for funnels Jones, Ohlssen and Spiegelhalter (2008). Assumes that the comparisons are
/// independent, or move together. Errors: something that is no probability.
/// Worked: of the fifteen of section 3.2 there, the first four are kept at 0.05: 0.0095 becomes 0.0095 × 15/4 = 0.0356.
///
/// ```
/// let p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0];
/// let kept = dqoh::variation::adjusted(&p).unwrap();
/// assert_eq!(kept.iter().filter(|p| **p <= 0.05).count(), 4);
/// assert!((kept[3] - 0.035_625).abs() < 1e-12);
/// ```
pub fn adjusted(p_values: &[f64]) -> Result<Vec<f64>, Impossible> {
    let mut ranked = Vec::with_capacity(p_values.len());
    for (place, p) in p_values.iter().enumerate() {
        ranked.push((chance("a p-value", *p)?, place));
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let all = ranked.len() as f64;
    let mut least: f64 = 1.0;
    let mut found = Vec::with_capacity(ranked.len());
    for (rank, (p, place)) in ranked.into_iter().enumerate().rev() {
        // At the last rank the factor is 1, and rounding must not make it less.
        least = least.min((p * all / (rank as f64 + 1.0)).max(p));
        found.push((place, least));
    }
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, p)| p).collect())
}
