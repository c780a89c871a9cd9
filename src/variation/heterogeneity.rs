//! Whether practices differ by more than chance, all of them together.

use super::dice::{Chance, CountsByChance, Simulation};
use super::distributions::chi_squared_beyond;
use super::{Impossible, as_float, pooled};

/// So many people must be expected to achieve, and not to, everywhere, for the chi-squared distribution to hold.
const ENOUGH: f64 = 5.0;

/// Whether practices differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heterogeneity {
    /// X²: squared differences from the centre, each as a multiple of what chance allows.
    pub chi_squared: f64,
    /// Practices less one.
    pub degrees: u64,
    /// The chance of an X² as large when no practice differs.
    pub p: f64,
    /// Where p comes from.
    pub by: ChanceFrom,
    /// I²: the share of X² that is more than chance. Grows with denominators, so it does not say how large differences are.
    pub i_squared: f64,
}

/// Where a probability comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChanceFrom {
    /// The chi-squared distribution.
    ChiSquared,
    /// Simulation, as some practices expect fewer than five.
    Simulation,
}

/// Whether practices differ by more than chance. Each practice is achieved and counted; those that counted nobody are left out.
///
/// Source: Pearson's X²; I² after Higgins and Thompson (2002), Statistics in Medicine 21:1539. Where fewer than five are expected to achieve, or not to,
/// at some practice, p is found by drawing every practice anew from the centre (parametric bootstrap, Davison and Hinkley 1997).
/// Errors: fewer than two practices that counted somebody, more achieved than counted, or everybody or nobody achieved.
/// Worked: 30 of 50 and 20 of 50: X² = 4, one degree, p = 0.0455, I² = 0.75.
///
/// ```
/// use dqoh::variation::{Simulation, heterogeneity};
/// let found = heterogeneity(&[(30, 50), (20, 50)], Simulation::USUAL).unwrap();
/// assert!((found.chi_squared - 4.0).abs() < 1e-12 && (found.p - 0.0455).abs() < 5e-5 && (found.i_squared - 0.75).abs() < 1e-12);
/// ```
pub fn heterogeneity(practices: &[(u64, u64)], simulation: Simulation) -> Result<Heterogeneity, Impossible> {
    let centre = pooled(practices)?;
    let used: Vec<(u64, u64)> = practices.iter().copied().filter(|(_, of)| *of > 0).collect();
    if used.len() < 2 {
        return Err(Impossible::TooFew { what: "practices", needed: 2, got: used.len() as u64 });
    }
    if centre <= 0.0 || centre >= 1.0 {
        return Err(Impossible::AllAlike);
    }
    let found = chi_squared(&used);
    let degrees = used.len() as u64 - 1;
    let enough = used.iter().all(|(_, of)| as_float(*of) * centre.min(1.0 - centre) >= ENOUGH);
    let (p, by) = if enough {
        (chi_squared_beyond(found, as_float(degrees)).ok_or(Impossible::NoAnswer)?, ChanceFrom::ChiSquared)
    } else {
        (by_simulation(&used, centre, found, simulation)?, ChanceFrom::Simulation)
    };
    let i_squared = if found > 0.0 { ((found - as_float(degrees)) / found).max(0.0) } else { 0.0 };
    Ok(Heterogeneity { chi_squared: found, degrees, p, by, i_squared })
}

/// Squared differences from their own centre; nothing where everybody or nobody achieved.
fn chi_squared(practices: &[(u64, u64)]) -> f64 {
    let (achieved, counted) = practices.iter().fold((0, 0), |(x, n), practice| (x + practice.0, n + practice.1));
    let centre = as_float(achieved) / as_float(counted);
    let variance = centre * (1.0 - centre);
    if variance <= 0.0 {
        return 0.0;
    }
    practices.iter().map(|(x, of)| (as_float(*x) - as_float(*of) * centre).powi(2) / (as_float(*of) * variance)).sum()
}

/// The share of simulated tables that differ at least as much, the real one among them.
fn by_simulation(practices: &[(u64, u64)], centre: f64, found: f64, simulation: Simulation) -> Result<f64, Impossible> {
    let counts: Vec<CountsByChance> = practices.iter().map(|(_, of)| CountsByChance::new(*of, centre)).collect();
    let mut chance = Chance::new(simulation.seed);
    let mut as_large = 1_u64;
    let mut drawn: Vec<(u64, u64)> = Vec::with_capacity(practices.len());
    for _ in 0..simulation.possible()? {
        drawn.clear();
        drawn.extend(counts.iter().zip(practices).map(|(count, (_, of))| (count.draw(&mut chance), *of)));
        // The same counts in another order add up to another last digit.
        as_large += u64::from(chi_squared(&drawn) >= found * (1.0 - 1e-12));
    }
    Ok(as_float(as_large) / as_float(u64::from(simulation.draws) + 1))
}
