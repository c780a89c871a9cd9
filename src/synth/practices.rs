//! Invented practices, and how each of them works: what the results should show.
//! Whole numbers only: shares are in a thousand, chances in ten thousand.

use super::Options;
use crate::framework::{Framework, Indicator};
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const NAMES: [&str; 12] = [
    "Teacup Lane Surgery",
    "Lanternfield Medical Centre",
    "Thimble Street Surgery",
    "Paper Moon Practice",
    "Marmalade Row Surgery",
    "Snowglobe Health Centre",
    "Clockwork Court Surgery",
    "Kitestring Medical Practice",
    "Umbrella Green Surgery",
    "Gingerbread Gate Practice",
    "Hatstand House Surgery",
    "Wishing Well Medical Centre",
];
const LOCALITIES: [&str; 3] = ["Sunrise", "Noonday", "Nightfall"];

const SNOMED_FIRST: [&str; 8] = ["snomed", "dmd", "emis", "read2", "ctv3", "local", "loinc", "icd10"];
const READ_FIRST: [&str; 8] = ["read2", "snomed", "dmd", "emis", "ctv3", "local", "loinc", "icd10"];

/// One practice. Of several practices each stands on a different step of every ladder.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Its code; no practice that we know of has one that begins with P90.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its locality.
    pub locality: &'static str,
    /// Tenth of deprivation, 1 the most deprived.
    pub imd_decile: u8,
    /// How many ordinary people it has.
    pub people: usize,
    /// How many old people it has for a thousand elsewhere.
    pub older: u32,
    /// The chance that a person is excepted from an indicator.
    pub excepts: u32,
    /// Schemes of codes, the usual one first.
    pub schemes: &'static [&'static str],
    /// Which spelling of a unit it uses.
    pub spelling: usize,
    /// By domain: how good it is at it, compared with the others.
    good_at: Vec<u32>,
}

/// The practices of an extract, by code.
pub fn practices(options: &Options, framework: &Framework, people: usize) -> Vec<Practice> {
    let mut dice = Pcg64::seed_from_u64(options.seed);
    let number = options.practices;
    let size = ladder(number, &mut dice);
    let wealth = ladder(number, &mut dice);
    let older = ladder(number, &mut dice);
    let excepts = ladder(number, &mut dice);
    let reads = ladder(number, &mut dice);
    let good_at: Vec<Vec<u32>> = framework.domains.iter().map(|domain| ladder(number, &mut dice_of(options.seed, &domain.id))).collect();
    let of = |ladder: &[u32], at: usize| ladder.get(at).copied().unwrap_or(500);
    let weight = |at: usize| 400 + 1200 * of(&size, at) as usize / 1000;
    let all: usize = (0..number).map(weight).sum();
    let one = |at: usize| Practice {
        code: format!("P9{:04}", at + 1),
        name: NAMES.get(at).map_or_else(|| format!("Invented Practice {}", at + 1), |name| (*name).to_owned()),
        locality: LOCALITIES.get(at % LOCALITIES.len()).copied().unwrap_or(""),
        imd_decile: u8::try_from(of(&wealth, at) / 100).unwrap_or(0) + 1,
        people: (people * weight(at) / all).max(1),
        older: 500 + 1100 * of(&older, at) / 1000,
        excepts: if of(&excepts, at) > 800 { 1700 } else { 50 + 200 * of(&excepts, at) / 1000 },
        schemes: if of(&reads, at) > 700 { &READ_FIRST } else { &SNOMED_FIRST },
        spelling: at % 3,
        good_at: good_at.iter().map(|ladder| of(ladder, at)).collect(),
    };
    (0..number).map(one).collect()
}

/// Evenly spread shares in a random order, so that even a few practices differ as many would.
fn ladder(steps: usize, dice: &mut Pcg64) -> Vec<u32> {
    let share = |step: usize| u32::try_from((step * 1000 + 500) / steps).unwrap_or(500);
    let mut shares: Vec<u32> = (0..steps).map(share).collect();
    shares.shuffle(dice);
    shares
}

/// A domain has dice of its own, so that a new domain leaves practices as good at the others as they were.
fn dice_of(seed: u64, domain: &str) -> Pcg64 {
    Pcg64::seed_from_u64(domain.bytes().fold(seed, |sum, letter| sum.wrapping_mul(257).wrapping_add(u64::from(letter))))
}

impl Practice {
    /// How much illness there is for a thousand in England: more in a borough such as this, and more where people are poorer.
    pub fn burden(&self) -> u64 {
        let poorer = 1000 + 30 * (11 - 2 * i64::from(self.imd_decile));
        u64::try_from(1250 * poorer / 1000).unwrap_or(1250)
    }

    /// The chance that a person reaches an indicator, so many years ago: around its thresholds.
    /// What a framework asks for the first time varies more than what everybody has done for years.
    pub fn reaches(&self, indicator: &Indicator, years_ago: i64) -> u32 {
        let good = i64::from(self.good_at.get(indicator.domain).copied().unwrap_or(500));
        let chance = |percent: Decimal| (percent * Decimal::ONE_HUNDRED).to_i64().unwrap_or(5000);
        let (from, to) = indicator.pays.map_or((4000, 8000), |pays| (chance(pays.from), chance(pays.to)));
        let new = matches!(indicator.standing.as_str(), "documented" | "reconstructed");
        let step = if new { -300 + 1500 * good / 1000 } else { 300 + 750 * good / 1000 };
        let richer = 20 * (2 * i64::from(self.imd_decile) - 11);
        let chance = from + (to - from) * step / 1000 + richer - 500 * years_ago;
        u32::try_from(chance.clamp(400, 9700)).unwrap_or(5000)
    }

    /// The fifth of deprivation of one of its people.
    pub fn imd_quintile(&self, dice: &mut Pcg64) -> u8 {
        (self.imd_decile.div_ceil(2) + dice.random_range(0..=2)).saturating_sub(1).clamp(1, 5)
    }
}
