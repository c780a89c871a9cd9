//! Numbers by chance, the same ones for the same seed, whatever the machine does beside.

use super::Impossible;
use super::distributions::binomial;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// How often something is tried by chance, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// How often.
    pub draws: u32,
    /// Where the chance starts: the same seed gives the same results.
    pub seed: u64,
}

impl Simulation {
    /// 9,999 draws: a probability of 0.05 is exact to about 0.004.
    pub const USUAL: Simulation = Simulation { draws: 9_999, seed: 20_160_401 };

    /// How often; fewer than a hundred say nothing.
    pub(super) fn possible(self) -> Result<u32, Impossible> {
        if self.draws < 100 {
            return Err(Impossible::TooFew { what: "draws", needed: 100, got: u64::from(self.draws) });
        }
        Ok(self.draws)
    }
}

/// The source of all chance here.
pub(super) struct Chance(Pcg64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Chance(Pcg64::seed_from_u64(seed))
    }

    /// Between nothing and one.
    pub fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// A normal number, by the polar method (Marsaglia and Bray 1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.share() - 1.0, 2.0 * self.share() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * square.ln() / square).sqrt();
            }
        }
    }

    /// A gamma number of a shape of at least a half (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let larger = self.gamma(shape + 1.0);
            return larger * self.share().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let normal = self.normal();
            let v = (1.0 + c * normal).powi(3);
            if v > 0.0 && self.share().ln() < 0.5 * normal * normal + d * (1.0 - v + v.ln()) {
                return d * v;
            }
        }
    }
}

/// Counts by chance of so many people, each achieving with the same chance: the probabilities added up once, then looked up.
pub(super) struct CountsByChance {
    first: u64,
    up_to: Vec<f64>,
    /// For each 256th of all chances, the first place whose sum is beyond where it begins: a draw has but few places to go from there.
    from: Vec<usize>,
}

/// As many parts as chances are looked up by.
const PARTS: f64 = 256.0;

impl CountsByChance {
    /// Counts so far out that they come once in 10^16 draws are left out.
    pub fn new(of: u64, p: f64) -> Self {
        let (mut first, mut up_to, mut sum) = (0, Vec::new(), 0.0);
        for count in 0..=of {
            let chance = binomial(count, of, p);
            if chance < 1e-16 && sum < 0.5 {
                first = count + 1;
                continue;
            }
            if chance < 1e-16 {
                break;
            }
            sum += chance;
            up_to.push(sum);
        }
        let parts = (0..256).map(|part| f64::from(part) / PARTS);
        let from = parts.map(|begins| up_to.partition_point(|sum| *sum <= begins)).collect();
        CountsByChance { first, up_to, from }
    }

    /// One count.
    pub fn draw(&self, chance: &mut Chance) -> u64 {
        let share = chance.share();
        self.first + self.place(share) as u64
    }

    /// The first place whose sum is beyond a share of all chances.
    fn place(&self, share: f64) -> usize {
        let from = self.from.get((share * PARTS) as usize).copied().unwrap_or(0);
        let before = self.up_to.get(from..).unwrap_or(&[]).iter().take_while(|sum| **sum <= share).count();
        (from + before).min(self.up_to.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_that_of_all_sums_looked_through() {
        for (of, p) in [(1, 0.5), (7, 0.01), (40, 0.3), (30_000, 0.2), (30_000, 0.000_01), (2, 0.999_9)] {
            let counts = CountsByChance::new(of, p);
            let mut chance = Chance::new(7);
            let shares = (0..5_000).map(|_| chance.share()).chain((0..256).map(|part| f64::from(part) / PARTS));
            for share in shares.chain(counts.up_to.iter().copied().filter(|sum| *sum < 1.0)) {
                let place = counts.up_to.partition_point(|sum| *sum <= share).min(counts.up_to.len() - 1);
                assert_eq!(counts.place(share), place, "{share} of {of} with {p}");
            }
        }
    }

    /// Means and variances of many draws are what they should be, within four standard errors.
    #[test]
    fn moments() {
        let draws = 40_000;
        let check = |name: &str, mean: f64, variance: f64, mut draw: Box<dyn FnMut(&mut Chance) -> f64>| {
            let mut chance = Chance::new(7);
            let all: Vec<f64> = (0..draws).map(|_| draw(&mut chance)).collect();
            let found = all.iter().sum::<f64>() / f64::from(draws);
            let spread = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(draws);
            assert!((found - mean).abs() < 4.0 * (variance / f64::from(draws)).sqrt(), "{name}: {found}");
            assert!((spread / variance - 1.0).abs() < 0.08, "{name}: {spread}");
        };
        check("normal", 0.0, 1.0, Box::new(Chance::normal));
        check("gamma", 3.5, 3.5, Box::new(|chance| chance.gamma(3.5)));
        check("small gamma", 0.5, 0.5, Box::new(|chance| chance.gamma(0.5)));
        let counts = CountsByChance::new(40, 0.3);
        check("counts", 12.0, 8.4, Box::new(move |chance| counts.draw(chance) as f64));
        let many = CountsByChance::new(30_000, 0.2);
        assert!(many.first > 4_000 && many.up_to.len() < 2_500);
    }
}
