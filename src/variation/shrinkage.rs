//! What a practice's rate most likely is in truth, given what practices are like: for planning, and for finding where to look. Never for payment, and
//! never in the place of what the practice achieved.

use super::{Impossible, TrueSpread, as_float, number, possible};

/// What to expect of practices that were chosen by their rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextPeriod {
    /// Their rate now, all together.
    pub now: f64,
    /// Their rate next period if nothing is done and nothing changes.
    pub expected: f64,
}

impl TrueSpread {
    /// A practice's rate, drawn towards the common one by what of it is chance: p₀ + λ(p − p₀), where λ is its reliability.
    ///
    /// Source: empirical Bayes; Morris (1983), JASA 78:47. Assumes true rates spread evenly about the common one. Where nobody was counted it is the
    /// common one. Errors: more achieved than counted.
    /// Worked: 32 of 64 among practices of 0.8 with a true standard deviation of 5 points: half way, 0.65.
    ///
    /// ```
    /// use dqoh::variation::TrueSpread;
    /// let practices = TrueSpread { centre: 0.8, variance: 0.0025 };
    /// assert!((practices.likely_rate(32, 64).unwrap() - 0.65).abs() < 1e-12);
    /// ```
    pub fn likely_rate(&self, achieved: u64, of: u64) -> Result<f64, Impossible> {
        if (achieved, of) == (0, 0) {
            return Ok(self.centre);
        }
        possible(achieved, of)?;
        Ok(self.centre + self.reliability(of)? * (as_float(achieved) / as_float(of) - self.centre))
    }

    /// What practices chosen for being low, or high, will show next period when nothing changes: a part of what set them apart was chance, and
    /// chance does not come again. What they gain beyond that may be credited to what was done.
    ///
    /// Source: regression to the mean; Galton (1886). Errors: nobody chosen or counted, more achieved than counted.
    /// Worked: one practice with 32 of 64, as in [`TrueSpread::likely_rate`]: from 0.5 to 0.65 by itself.
    ///
    /// ```
    /// use dqoh::variation::TrueSpread;
    /// let chosen = TrueSpread { centre: 0.8, variance: 0.0025 }.next_period(&[(32, 64)]).unwrap();
    /// assert!(chosen.now == 0.5 && (chosen.expected - 0.65).abs() < 1e-12);
    /// ```
    pub fn next_period(&self, chosen: &[(u64, u64)]) -> Result<NextPeriod, Impossible> {
        let (mut achieved, mut people, mut expected) = (0.0, 0.0, 0.0);
        for (x, of) in chosen {
            expected += self.likely_rate(*x, *of)? * as_float(*of);
            achieved += as_float(*x);
            people += as_float(*of);
        }
        if people <= 0.0 {
            return Err(Impossible::NothingCounted);
        }
        Ok(NextPeriod { now: achieved / people, expected: expected / people })
    }
}

/// Ratios of observed to expected events, each drawn towards the common one by what of it is chance, in the order given.
///
/// Source: Marshall (1991), Applied Statistics 40:283: m = ΣO/ΣE, A = max(0, ΣE(r−m)²/ΣE − m/Ē), and m + A/(A + m/E)·(r − m).
/// Assumes that the spread is the same everywhere. Errors: fewer than three practices, an expectation that is not above 0, no events at all.
/// Worked: 4, 20 and 36 where 20 each were expected: m = 1, A = 0.4267 − 0.05 = 0.3767, so 0.2 becomes 0.2937.
///
/// ```
/// let found = dqoh::variation::likely_ratios(&[(4, 20.0), (20, 20.0), (36, 20.0)]).unwrap();
/// assert!((found[0] - 0.29375).abs() < 5e-6 && found[1] == 1.0);
/// ```
pub fn likely_ratios(practices: &[(u64, f64)]) -> Result<Vec<f64>, Impossible> {
    let count = practices.len() as f64;
    if practices.len() < 3 {
        return Err(Impossible::TooFew { what: "practices", needed: 3, got: practices.len() as u64 });
    }
    let (mut observed, mut expected) = (0.0, 0.0);
    for (events, of) in practices {
        if number("the number of expected events", *of)? <= 0.0 {
            return Err(Impossible::NothingCounted);
        }
        observed += as_float(*events);
        expected += of;
    }
    if observed <= 0.0 {
        return Err(Impossible::AllAlike);
    }
    let common = observed / expected;
    let apart: f64 = practices.iter().map(|(events, of)| of * (as_float(*events) / of - common).powi(2)).sum();
    let spread = (apart / expected - common / (expected / count)).max(0.0);
    let likely = |(events, of): &(u64, f64)| common + spread / (spread + common / of) * (as_float(*events) / of - common);
    Ok(practices.iter().map(likely).collect())
}
