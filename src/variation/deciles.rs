//! Where a tenth, two tenths and so on of all practices are: their places over time, which say nothing about chance.

use super::{Impossible, as_float, possible, quantile};

/// With fewer practices a tenth of them is none.
const FEWEST_PRACTICES: u64 = 10;

/// The deciles of the practices at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deciles {
    /// The first to the ninth; the fifth is the median.
    pub deciles: [f64; 9],
    /// Practices that they are of. Of 45, each tenth is four or five.
    pub practices: usize,
    /// Practices that counted nobody and are left out.
    pub left_out: usize,
}

/// The deciles of the proportions of practices, as achieved of how many, at one time. Ask once for each time.
///
/// Source: Bennett Institute, OpenPrescribing; type 7 of Hyndman and Fan (1996). Errors: fewer than ten practices that counted anybody, more achieved than counted.
/// Worked: practices with 0, 10, 20 … 100 per cent have these as deciles.
///
/// ```
/// let practices: Vec<(u64, u64)> = (0..=10).map(|tenth| (10 * tenth, 100)).collect();
/// let found = dqoh::variation::deciles(&practices).unwrap();
/// assert!(found.deciles.iter().zip(1..).all(|(decile, tenth)| (decile - 0.1 * f64::from(tenth)).abs() < 1e-12));
/// ```
pub fn deciles(practices: &[(u64, u64)]) -> Result<Deciles, Impossible> {
    let mut shares = Vec::with_capacity(practices.len());
    for (achieved, of) in practices.iter().filter(|(_, of)| *of > 0) {
        possible(*achieved, *of)?;
        shares.push(as_float(*achieved) / as_float(*of));
    }
    let got = shares.len() as u64;
    if got < FEWEST_PRACTICES {
        return Err(Impossible::TooFew { what: "practices", needed: FEWEST_PRACTICES, got });
    }
    let mut deciles = [0.0; 9];
    for (decile, tenth) in deciles.iter_mut().zip(1_u8..) {
        *decile = quantile(&shares, f64::from(tenth) / 10.0)?;
    }
    Ok(Deciles { deciles, practices: shares.len(), left_out: practices.len() - shares.len() })
}
