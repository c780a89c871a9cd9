//! Whether a single practice's rate can be told from the others': the share of what is seen that is not chance.

use super::{Impossible, as_float, number, pooled};

/// Practices as a whole: where they lie, and how far apart in truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueSpread {
    /// The common rate.
    pub centre: f64,
    /// τ²: the variance of true rates.
    pub variance: f64,
}

/// In words, how reliable a rate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reliability {
    /// Below 0.7: do not compare single practices.
    Low,
    /// From 0.7.
    Fair,
    /// From 0.8.
    High,
}

impl Reliability {
    /// In words. Bounds after Abel and others (2018), BMJ Qual Saf 27:21. Worked: 0.7 is fair.
    ///
    /// ```
    /// use dqoh::variation::Reliability;
    /// assert_eq!(Reliability::of(0.7), Reliability::Fair);
    /// ```
    pub fn of(reliability: f64) -> Self {
        match reliability {
            high if high >= 0.8 => Reliability::High,
            fair if fair >= 0.7 => Reliability::Fair,
            _ => Reliability::Low,
        }
    }

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Reliability::Low => "low",
            Reliability::Fair => "fair",
            Reliability::High => "high",
        }
    }
}

impl TrueSpread {
    /// The spread of practices, each achieved and counted, by moments; those that counted nobody are left out.
    ///
    /// Source: DerSimonian and Laird (1986), Control Clin Trials 7:177, with weights n/(p₀(1−p₀)). Assumes that true rates do not depend on size.
    /// Errors: fewer than three practices, more achieved than counted, everybody or nobody achieved.
    /// Worked: 60, 70, 80 and 90 of 100: X² = 26.67, τ² = (26.67 − 3) × 0.1875/300 = 0.01479.
    ///
    /// ```
    /// use dqoh::variation::TrueSpread;
    /// let found = TrueSpread::of(&[(60, 100), (70, 100), (80, 100), (90, 100)]).unwrap();
    /// assert!((found.variance - 0.014_792).abs() < 5e-7 && found.centre == 0.75);
    /// ```
    pub fn of(practices: &[(u64, u64)]) -> Result<Self, Impossible> {
        let centre = pooled(practices)?;
        let used: Vec<(f64, f64)> = practices.iter().filter(|(_, of)| *of > 0).map(|(x, of)| (as_float(*x), as_float(*of))).collect();
        if used.len() < 3 {
            return Err(Impossible::TooFew { what: "practices", needed: 3, got: used.len() as u64 });
        }
        let one = centre * (1.0 - centre);
        if one <= 0.0 {
            return Err(Impossible::AllAlike);
        }
        let (mut chi_squared, mut people, mut squares) = (0.0, 0.0, 0.0);
        for (x, of) in &used {
            chi_squared += (x - of * centre).powi(2) / (of * one);
            people += of;
            squares += of * of;
        }
        let weights = (people - squares / people) / one;
        Ok(TrueSpread { centre, variance: ((chi_squared - (used.len() as f64 - 1.0)) / weights).max(0.0) })
    }

    /// The reliability of a rate of so many people: τ²/(τ² + p₀(1−p₀)/n), from 0 to 1. The share of the variance of such rates that is not chance.
    ///
    /// Source: Adams (2009), RAND TR-653. Errors: nobody was counted. Worked: a centre of 0.8 and a true standard deviation of 5 points: 0.5 for 64 people.
    ///
    /// ```
    /// use dqoh::variation::TrueSpread;
    /// let practices = TrueSpread { centre: 0.8, variance: 0.0025 };
    /// assert!((practices.reliability(64).unwrap() - 0.5).abs() < 1e-12);
    /// ```
    pub fn reliability(&self, of: u64) -> Result<f64, Impossible> {
        if of == 0 {
            return Err(Impossible::NothingCounted);
        }
        Ok(if self.variance > 0.0 { self.variance / (self.variance + self.centre * (1.0 - self.centre) / as_float(of)) } else { 0.0 })
    }

    /// How many people a practice must count for such a reliability: p₀(1−p₀)/τ² · r/(1−r), rounded up.
    ///
    /// Errors: a reliability that is not between 0 and 1; no spread, with which no number is enough.
    /// Worked: a centre of 0.8 and a true standard deviation of 5 points: 150 people for 0.7, 256 for 0.8.
    ///
    /// ```
    /// use dqoh::variation::TrueSpread;
    /// let practices = TrueSpread { centre: 0.8, variance: 0.0025 };
    /// assert_eq!((practices.people_needed(0.7), practices.people_needed(0.8)), (Ok(150), Ok(256)));
    /// ```
    pub fn people_needed(&self, reliability: f64) -> Result<u64, Impossible> {
        if !(0.0..1.0).contains(&number("the reliability", reliability)?) {
            return Err(Impossible::Outside { what: "the reliability", from: 0.0, to: 1.0 });
        }
        if self.variance <= 0.0 {
            return Err(Impossible::AllAlike);
        }
        let needed = self.centre * (1.0 - self.centre) / self.variance * reliability / (1.0 - reliability);
        // What binary floats add to a whole number is no further person.
        Ok((needed * (1.0 - 1e-12)).ceil() as u64)
    }
}
