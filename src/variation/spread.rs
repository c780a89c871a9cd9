//! The spread of rates as they are seen, chance and all: to stand beside the true one, never in its place.

use super::{Impossible, as_float, number, pooled, quantile};

/// How far rates lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A tenth of the practices have a lower rate.
    pub p10: f64,
    /// A quarter have a lower rate.
    pub p25: f64,
    /// Half have a lower rate.
    pub median: f64,
    /// Three quarters have a lower rate.
    pub p75: f64,
    /// Nine tenths have a lower rate.
    pub p90: f64,
    /// From the lower to the upper quarter: the interquartile range.
    pub middle_half: f64,
    /// p90 over p10; nothing where p10 is nothing.
    pub ratio: Option<f64>,
    /// The standard deviation of rates, with one practice less in the divisor.
    pub deviation: f64,
    /// The standard deviation that chance alone would give practices of these sizes.
    pub by_chance: f64,
    /// The share of the variance of rates that chance explains, 1 at most.
    pub chance_share: f64,
}

/// The spread of rates; each practice is achieved and counted, and stands for one whatever its size. Those that counted nobody are left out.
///
/// Quantiles are of type 7. Chance by the binomial variance at the common rate; its share after Abel and others (2018), BMJ Qual Saf 27:21, where it was
/// 7 to 85 per cent for sixteen indicators of English practices. Every number here but the last grows as practices get smaller.
/// Errors: fewer than three practices, more achieved than counted.
/// Worked: 30, 40 and 50 of 100 have a standard deviation of 0.1, chance gives 0.049: 24 per cent of the variance.
///
/// ```
/// let found = dqoh::variation::spread(&[(30, 100), (40, 100), (50, 100)]).unwrap();
/// assert!((found.deviation - 0.1).abs() < 1e-12 && (found.chance_share - 0.24).abs() < 1e-12 && found.median == 0.4);
/// ```
pub fn spread(practices: &[(u64, u64)]) -> Result<Spread, Impossible> {
    let centre = pooled(practices)?;
    let used = || practices.iter().filter(|(_, of)| *of > 0);
    let rates: Vec<f64> = used().map(|(x, of)| as_float(*x) / as_float(*of)).collect();
    if rates.len() < 3 {
        return Err(Impossible::TooFew { what: "practices", needed: 3, got: rates.len() as u64 });
    }
    let count = rates.len() as f64;
    let mean = rates.iter().sum::<f64>() / count;
    let variance = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let by_chance = used().map(|(_, of)| centre * (1.0 - centre) / as_float(*of)).sum::<f64>() / count;
    let at = |share| quantile(&rates, share);
    let (p10, p25, p75, p90) = (at(0.1)?, at(0.25)?, at(0.75)?, at(0.9)?);
    Ok(Spread {
        p10,
        p25,
        median: at(0.5)?,
        p75,
        p90,
        middle_half: p75 - p25,
        ratio: (p10 > 0.0).then(|| p90 / p10),
        deviation: variance.sqrt(),
        by_chance: by_chance.sqrt(),
        chance_share: if by_chance < variance { by_chance / variance } else { 1.0 },
    })
}

/// The systematic component of variation of observed against expected events, times a hundred: [Σ((O−E)²/E²) − Σ(1/E)]/K × 100.
/// Less than nothing is possible, and means that there is no more than chance: print 0.
///
/// Source: McPherson and others (1982), N Engl J Med 307:1310. Assumes events by the Poisson distribution: what people have again and again inflates it.
/// Errors: fewer than two practices, an expectation that is not above 0.
/// Worked: 12, 8 and 25 where 10 each and 20 were expected: (0.04 + 0.04 + 0.0625 − 0.25)/3 × 100 = −3.58.
///
/// ```
/// let found = dqoh::variation::systematic_component(&[(12, 10.0), (8, 10.0), (25, 20.0)]).unwrap();
/// assert!((found + 3.5833).abs() < 5e-5);
/// ```
pub fn systematic_component(practices: &[(u64, f64)]) -> Result<f64, Impossible> {
    if practices.len() < 2 {
        return Err(Impossible::TooFew { what: "practices", needed: 2, got: practices.len() as u64 });
    }
    let mut sum = 0.0;
    for (observed, expected) in practices {
        if number("the number of expected events", *expected)? <= 0.0 {
            return Err(Impossible::NothingCounted);
        }
        sum += ((as_float(*observed) - expected) / expected).powi(2) - 1.0 / expected;
    }
    Ok(sum / practices.len() as f64 * 100.0)
}
