//! The score interval of a proportion.

use super::{Impossible, Interval, as_float, possible};

/// The normal quantile for 95 per cent.
pub const Z_95: f64 = 1.959_963_984_540_054;
/// The normal quantile for 99.8 per cent.
pub const Z_998: f64 = 3.090_232_306_167_813;

/// Wilson's (1927) score interval for `achieved` of `of` people, as proportions.
///
/// Errors: nobody was counted, or more achieved than were counted.
/// Assumes that people are independent and alike. Worked: 81 of 263 at 95 per cent is 0.2553 to 0.3662 (Newcombe 1998, table I, method 3).
pub fn wilson(achieved: u64, of: u64, z: f64) -> Result<Interval, Impossible> {
    possible(achieved, of)?;
    let (x, n) = (as_float(achieved), as_float(of));
    let centre = x + z * z / 2.0;
    let half = z * (x * (n - x) / n + z * z / 4.0).sqrt();
    let lower = if achieved == 0 { 0.0 } else { (centre - half) / (n + z * z) };
    let upper = if achieved == of { 1.0 } else { (centre + half) / (n + z * z) };
    Ok(Interval { lower, upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3.
    #[test]
    fn newcombe_1998() {
        for (x, n, lower, upper) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)] {
            let interval = wilson(x, n, Z_95).unwrap();
            assert!((interval.lower - lower).abs() < 5e-5 && (interval.upper - upper).abs() < 5e-5, "{x} of {n}: {interval:?}");
        }
    }

    #[test]
    fn impossible_input() {
        assert_eq!(wilson(0, 0, Z_95), Err(Impossible::NothingCounted));
        assert_eq!(wilson(3, 2, Z_95), Err(Impossible::MoreThanDenominator { counted: 3, of: 2 }));
    }
}
