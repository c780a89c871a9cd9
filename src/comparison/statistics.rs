//! What is worked out from all practices of a measure together.

use super::{About, Pair};
use crate::achievement::{Area, Results, Row};
use crate::variation::{
    Cell, Difference, FalseFlags, Flag, Group, HalfOfGap, Heterogeneity, Impossible, Inequality, Interval, Level, LineScale,
    Overdispersion, Point, PotentialGain, RandomIntercept, Scale, Simulation, Spread, SteadyChange, Threshold, Trim, TrueSpread, adjusted,
    components, expected_false_flags, flag_proportion, half_of_gap, heterogeneity, inequality, overdispersion, people_needed, pooled,
    potential_gain, random_intercept, spread, two_sided, wilson,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;

/// Below this a p-value is taken for more than chance.
const ONE_IN_TWENTY: f64 = 0.05;
/// So many practices times draws are enough: of thousands of practices fewer draws tell as much.
const MOST_DRAWN: usize = 5_000_000;
const FEWEST_DRAWS: u32 = 199;
/// With fewer practices their localities cannot be told apart.
const FEWEST_FOR_LOCALITIES: usize = 10;

/// How many practices are flagged, lower or higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flagged {
    /// Beyond the 95 per cent limits, with those beyond 99.8.
    pub at_95: usize,
    /// Beyond the 99.8 per cent limits.
    pub at_998: usize,
}

impl Flagged {
    fn count<'f>(flags: impl Iterator<Item = &'f Flag>) -> Flagged {
        let mut flagged = Flagged::default();
        for flag in flags {
            match flag {
                Flag::Lower998 | Flag::Higher998 => {
                    flagged.at_95 += 1;
                    flagged.at_998 += 1;
                }
                Flag::Lower95 | Flag::Higher95 => flagged.at_95 += 1,
                Flag::NoDifferent => {}
            }
        }
        flagged
    }
}

/// What the upper threshold of a measure asks of all practices together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfThreshold {
    /// Practices that meet it.
    pub met: usize,
    /// More people who would have to achieve for every practice to meet it.
    pub people: u64,
    /// How few practices hold half of these; nothing where nobody is needed.
    pub half: Option<HalfOfGap>,
}

/// All practices of one measure on one day. Where a method has no answer, it says why.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Practices that are in it: those that counted somebody and whose counts are shown.
    pub practices: usize,
    /// People counted there.
    pub people: u64,
    /// All who achieved of all counted there: the centre of the funnel.
    pub centre: f64,
    /// Rates as they are seen.
    pub spread: Result<Spread, Impossible>,
    /// Whether practices differ at all.
    pub heterogeneity: Result<Heterogeneity, Impossible>,
    /// How often the chance of that was tried, where it was tried.
    pub draws: u32,
    /// How much more than chance practices differ.
    pub overdispersion: Result<Overdispersion, Impossible>,
    /// How far apart practices truly are.
    pub model: Result<RandomIntercept, Impossible>,
    /// The same by moments, for reliability and likely values.
    pub true_spread: Result<TrueSpread, Impossible>,
    /// People needed at a practice for a reliability of 0.7, and of 0.8.
    pub people_for: [Result<u64, Impossible>; 2],
    /// Practices that count as many as the first of these.
    pub reliable: usize,
    /// The share of what truly differs between practices that lies between their localities; from ten practices on, which all have one.
    pub locality_share: Option<f64>,
    /// Flags by chance alone.
    pub flagged: Flagged,
    /// Flags that allow for the spread all share; nothing where practices differ by no more than chance.
    pub flagged_even_so: Option<Flagged>,
    /// Flags that chance would raise if nobody differed.
    pub by_chance: FalseFlags,
    /// Practices whose adjusted p-value is 0.05 or less.
    pub kept: usize,
    /// If everyone matched the top quarter; nothing for a register, which is none the better for being long.
    pub gain: Option<PotentialGain>,
    /// How few practices hold half of that.
    pub half_of_gain: Option<HalfOfGap>,
    /// What the upper threshold asks; nothing where there is none.
    pub threshold: Option<OfThreshold>,
    /// All together against the reporting day before, in the same view; nothing on the first.
    pub change: Option<Difference>,
    /// A steady rise or fall, from three reporting days on whose periods do not overlap.
    pub trend: Option<SteadyChange>,
    /// The least deprived against the most; nothing where fifths are not told.
    pub inequality: Option<Inequality>,
    /// The flag, the flag even so, the p-value and the adjusted p-value of every practice, in their order.
    pub(super) of_practices: Vec<OfOne>,
}

/// What follows for one practice from all.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfOne {
    pub flag: Flag,
    pub even_so: Option<Flag>,
    pub p: f64,
    pub adjusted_p: f64,
}

impl Statistics {
    /// How many people are counted at a practice on average, rounded down.
    pub fn people_a_practice(&self) -> u64 {
        self.people / (self.practices as u64).max(1)
    }

    /// Whether practices differ by more than chance: chance alone would do as much less than once in twenty times.
    pub fn differ(&self) -> Option<bool> {
        self.heterogeneity.as_ref().ok().map(|found| found.p < ONE_IN_TWENTY)
    }
}

/// Of practices, each with its place among the results' practices; nothing where nobody is counted.
pub(super) fn of(results: &Results<'_>, about: &About, practices: &[(usize, Pair)], of_a_register: bool) -> Option<Statistics> {
    let pairs: Vec<Pair> = practices.iter().map(|(_, pair)| *pair).collect();
    let centre = pooled(&pairs).ok()?;
    let points: Result<Vec<Point>, Impossible> = pairs.iter().map(|(x, of)| Scale::Arcsine.point(*x, *of as f64)).collect();
    let dispersion = points.clone().and_then(|points| overdispersion(Scale::Arcsine, centre, &points, Trim::USUAL));
    let of_practices = of_each(&pairs, centre, points.as_ref().ok().zip(dispersion.as_ref().ok()));
    let simulation = simulation(pairs.len());
    let cells: Vec<Vec<Cell>> = pairs.iter().map(|(achieved, of)| vec![Cell::plain(*achieved, *of)]).collect();
    let true_spread = TrueSpread::of(&pairs);
    let people_for = [0.7, 0.8].map(|reliability| true_spread.and_then(|spread| spread.people_needed(reliability)));
    let reliable =
        people_for.first().and_then(|needed| needed.ok()).map_or(0, |needed| pairs.iter().filter(|(_, of)| *of >= needed).count());
    let gain = if of_a_register { None } else { potential_gain(&pairs).ok() };
    let widened = dispersion.as_ref().is_ok_and(|found| found.phi > 1.0);
    Some(Statistics {
        practices: pairs.len(),
        people: pairs.iter().map(|(_, of)| of).sum(),
        centre,
        spread: spread(&pairs),
        heterogeneity: heterogeneity(&pairs, simulation),
        draws: simulation.draws,
        overdispersion: dispersion,
        model: random_intercept(&cells),
        true_spread,
        people_for,
        reliable,
        locality_share: locality_share(results, practices),
        flagged: Flagged::count(of_practices.iter().map(|one| &one.flag)),
        flagged_even_so: widened.then(|| Flagged::count(of_practices.iter().filter_map(|one| one.even_so.as_ref()))),
        by_chance: expected_false_flags(pairs.len() as u64),
        kept: of_practices.iter().filter(|one| one.adjusted_p <= ONE_IN_TWENTY).count(),
        half_of_gain: gain.as_ref().and_then(|gain| half_of_gap(&gain.more).ok()),
        gain,
        threshold: threshold(about.pays.and_then(|pays| threshold_of(pays.to)), &pairs),
        change: None,
        trend: None,
        inequality: None,
        of_practices,
    })
}

/// Flags and p-values, in the order of the practices.
fn of_each(pairs: &[Pair], centre: f64, spread: Option<(&Vec<Point>, &Overdispersion)>) -> Vec<OfOne> {
    let flags = pairs.iter().map(|(x, of)| flag_proportion(*x, *of, centre).unwrap_or(Flag::NoDifferent));
    let p: Vec<f64> = pairs.iter().map(|(x, of)| two_sided(*x, *of, centre).unwrap_or(1.0)).collect();
    let adjusted = adjusted(&p).unwrap_or_default();
    let even_so = |at: usize| {
        let (points, found) = spread.filter(|(_, found)| found.phi > 1.0)?;
        found.flag(*points.get(at)?).ok()
    };
    let one = |(at, ((flag, p), adjusted_p)): (usize, ((Flag, &f64), f64))| OfOne { flag, even_so: even_so(at), p: *p, adjusted_p };
    flags.zip(&p).zip(adjusted).enumerate().map(one).collect()
}

/// As many draws as tell enough: fewer where practices are many.
fn simulation(practices: usize) -> Simulation {
    let draws = u32::try_from(MOST_DRAWN / practices.max(1)).unwrap_or(u32::MAX);
    Simulation { draws: draws.clamp(FEWEST_DRAWS, Simulation::USUAL.draws), ..Simulation::USUAL }
}

fn locality_share(results: &Results<'_>, practices: &[(usize, Pair)]) -> Option<f64> {
    if practices.len() < FEWEST_FOR_LOCALITIES {
        return None;
    }
    let mut localities: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
    for (at, pair) in practices {
        let locality = results.practices.get(*at).map(|practice| practice.locality.as_str()).filter(|locality| !locality.is_empty());
        localities.entry(locality?).or_default().push(*pair);
    }
    components(&localities.into_values().collect::<Vec<_>>()).ok()?.locality_share
}

fn threshold(upper: Option<Threshold>, pairs: &[Pair]) -> Option<OfThreshold> {
    let upper = upper?;
    let needed: Vec<u64> = pairs.iter().filter_map(|(achieved, of)| people_needed(*achieved, *of, upper).ok()).collect();
    let met = needed.iter().filter(|people| **people == 0).count();
    Some(OfThreshold { met, people: needed.iter().sum(), half: half_of_gap(&needed).ok() })
}

/// A threshold in per cent; one with more than two decimals is not known to the law.
pub(super) fn threshold_of(per_cent: Decimal) -> Option<Threshold> {
    Threshold::hundredths((per_cent * Decimal::ONE_HUNDRED).to_u64()?).ok()
}

/// Where the rate of all may lie.
pub(super) fn interval_of(whole: Pair, level: Level) -> Option<Interval> {
    wilson(whole.0, whole.1, level.z()).ok()
}

/// From the rows of all practices together, by fifth of deprivation.
pub(super) fn inequality_of(results: &Results<'_>, rows: &[&Row]) -> Option<Inequality> {
    let mut fifths: BTreeMap<&str, Pair> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.area == Area::Whole) {
        let stratum = results.strata.get(row.stratum).filter(|stratum| stratum.kind == "imd_quintile" && stratum.value != "unknown");
        let Some(stratum) = stratum else { continue };
        fifths.insert(&stratum.value, (row.counts.numerator, row.counts.denominator));
    }
    let groups: Vec<Group> = fifths.values().map(|(achieved, of)| Group::proportion(*achieved, *of)).collect::<Result<_, _>>().ok()?;
    inequality(&groups, LineScale::Odds, Level::Percent95).ok()
}
