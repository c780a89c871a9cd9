//! Ranks, with how little they say. Not shown unless asked for.

use super::dice::{Chance, Simulation};
use super::{Impossible, as_float, possible};

/// The places that a practice may have in truth; 1 is the highest rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The place by the rates as they are seen; equal rates share the best of their places.
    pub seen: u64,
    /// The best place that is likely: in one draw of forty it is better.
    pub best: u64,
    /// The middle one.
    pub middle: u64,
    /// The worst place that is likely: in one draw of forty it is worse.
    pub worst: u64,
}

/// The rank of each practice with its 95 per cent interval, in the order given; each is achieved and counted.
/// Every practice's true rate is drawn anew, given its own counts alone, and all are ranked, time and again.
///
/// Source: Goldstein and Spiegelhalter (1996), JRSS A 159:385; Marshall and Spiegelhalter (1998), BMJ 316:1701. Rates are drawn from Jeffreys' beta
/// distribution, achieved + ½ and not achieved + ½. Assumes nothing of what practices are like, so that intervals are rather too wide than too narrow.
/// Each practice has a chance of its own: its draws depend on the seed and on its place in the list.
/// Errors: fewer than two practices, nobody counted in one of them, more achieved than counted, fewer than a hundred draws.
/// Worked: 90, 50 and 52 of 100: the first is surely first, the others may be second or third.
///
/// ```
/// use dqoh::variation::{Rank, Simulation, ranks};
/// let found = ranks(&[(90, 100), (50, 100), (52, 100)], Simulation::USUAL).unwrap();
/// assert_eq!(found[0], Rank { seen: 1, best: 1, middle: 1, worst: 1 });
/// assert_eq!((found[1].seen, found[1].best, found[1].worst), (3, 2, 3));
/// ```
pub fn ranks(practices: &[(u64, u64)], simulation: Simulation) -> Result<Vec<Rank>, Impossible> {
    if practices.len() < 2 {
        return Err(Impossible::TooFew { what: "practices", needed: 2, got: practices.len() as u64 });
    }
    for (achieved, of) in practices {
        possible(*achieved, *of)?;
    }
    let draws = simulation.possible()?;
    let rates: Vec<f64> = practices.iter().map(|(x, of)| as_float(*x) / as_float(*of)).collect();
    let mut chance = Chance::new(simulation.seed);
    let mut places: Vec<Vec<u64>> = practices.iter().map(|_| Vec::new()).collect();
    for _ in 0..draws {
        let drawn: Vec<f64> = practices.iter().map(|(x, of)| true_rate(*x, *of, &mut chance)).collect();
        for (places, place) in places.iter_mut().zip(ranked(&drawn)) {
            places.push(place);
        }
    }
    let rank = |(mut places, seen): (Vec<u64>, u64)| {
        places.sort_unstable();
        let at = |share: f64| places.get((share * f64::from(draws - 1)).round() as usize).copied().ok_or(Impossible::NoAnswer);
        Ok(Rank { seen, best: at(0.025)?, middle: at(0.5)?, worst: at(0.975)? })
    };
    places.into_iter().zip(ranked(&rates)).map(rank).collect()
}

/// A true rate that may lie behind such counts.
fn true_rate(achieved: u64, of: u64, chance: &mut Chance) -> f64 {
    let (yes, no) = (chance.gamma(as_float(achieved) + 0.5), chance.gamma(as_float(of - achieved) + 0.5));
    yes / (yes + no)
}

/// Each rate's place from the highest: one more than there are higher ones.
fn ranked(rates: &[f64]) -> Vec<u64> {
    let mut sorted = rates.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    rates.iter().map(|rate| sorted.partition_point(|other| other > rate) as u64 + 1).collect()
}
