//! The interval of a mean of few numbers, by Student's t.

use super::{Impossible, Interval, Level, number};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean with its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with one number less in the divisor.
    pub deviation: f64,
    /// Where the mean may lie.
    pub interval: Interval,
}

/// The mean of some numbers, and its interval: mean ± t·s/√k.
///
/// Source: Student (1908). Assumes that the numbers are independent and not very skewed; each counts the same, whatever the size of its practice.
/// Errors: fewer than two numbers, or something that is not a number.
/// Worked: Student's own ten differences of sleep have the mean 1.58 hours, 0.7001 to 2.4599 at 95 per cent.
///
/// ```
/// use dqoh::variation::{Level, mean};
/// let sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
/// let found = mean(&sleep, Level::Percent95).unwrap().interval;
/// assert!((found.lower - 0.700_114).abs() < 1e-6 && (found.upper - 2.459_886).abs() < 1e-6);
/// ```
pub fn mean(numbers: &[f64], level: Level) -> Result<Mean, Impossible> {
    let count = numbers.len() as f64;
    let too_few = Impossible::TooFew { what: "numbers", needed: 2, got: numbers.len() as u64 };
    if numbers.len() < 2 {
        return Err(too_few);
    }
    let mut sum = 0.0;
    for value in numbers {
        sum += number("a value", *value)?;
    }
    let mean = sum / count;
    let deviation = (numbers.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    let student = StudentsT::new(0.0, 1.0, count - 1.0).map_err(|_| too_few)?;
    let half = student.inverse_cdf(1.0 - level.tail()) * deviation / count.sqrt();
    Ok(Mean { mean, deviation, interval: Interval { lower: mean - half, upper: mean + half } })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With one degree of freedom t is the cotangent of π times the tail: the farthest out that it is ever needed.
    #[test]
    fn two_numbers() {
        for level in [Level::Percent95, Level::Percent998] {
            let found = mean(&[0.0, 2.0], level).unwrap();
            let t = 1.0 / (std::f64::consts::PI * level.tail()).tan();
            assert!(((found.interval.upper - 1.0) / t - 1.0).abs() < 1e-9, "{found:?}, {t}");
        }
    }
}
