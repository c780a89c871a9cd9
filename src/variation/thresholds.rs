//! What a threshold asks of a practice, in people, and what chance has to do with meeting it.

use super::distributions::binomial_at_least;
use super::funnel::chance;
use super::{Impossible, Interval, Level, as_float, possible, wilson};

/// A threshold in hundredths of a per cent, so that it is exact: 75 % is 7,500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u64);

/// All, in hundredths of a per cent.
const ALL: u64 = 10_000;

impl Threshold {
    /// From hundredths of a per cent. Errors: more than 100 per cent.
    pub fn hundredths(hundredths: u64) -> Result<Threshold, Impossible> {
        if hundredths > ALL {
            return Err(Impossible::Outside { what: "a threshold in per cent", from: 0.0, to: 100.0 });
        }
        Ok(Threshold(hundredths))
    }

    /// How many of so many people must achieve: the threshold of them, or the next whole person.
    fn of(self, people: u64) -> u64 {
        share_of(people, self.0, ALL)
    }
}

/// So many `of_all` of people, rounded up, in whole numbers.
fn share_of(people: u64, part: u64, of_all: u64) -> u64 {
    let exact = (u128::from(people) * u128::from(part)).div_ceil(u128::from(of_all.max(1)));
    u64::try_from(exact).unwrap_or(people).min(people)
}

/// How many more people must achieve for the threshold to be met.
///
/// Worked in whole numbers only: in binary fractions 55 per cent of 100 is a little more than 55, and one person too many would be asked for.
/// Errors: nobody counted, more achieved than counted. Worked: 55 per cent of 100 with 44 is 11 more.
///
/// ```
/// use dqoh::variation::{Threshold, people_needed};
/// let threshold = Threshold::hundredths(5_500).unwrap();
/// assert_eq!(people_needed(44, 100, threshold), Ok(11));
/// assert_eq!(people_needed(60, 100, threshold), Ok(0));
/// ```
pub fn people_needed(achieved: u64, of: u64, threshold: Threshold) -> Result<u64, Impossible> {
    possible(achieved, of)?;
    Ok(threshold.of(of).saturating_sub(achieved))
}

/// How likely a practice that truly reaches such a share is seen to meet the threshold, with so many people. Of money and chance.
///
/// Source: the binomial distribution. Assumes that people are independent and alike. Errors: nobody counted, a rate outside 0 to 1.
/// Worked: of 20 people, a practice at 70 per cent meets 75 with probability 0.42, and one at 80 misses it with 0.20.
///
/// ```
/// use dqoh::variation::{Threshold, chance_to_meet};
/// let threshold = Threshold::hundredths(7_500).unwrap();
/// assert!((chance_to_meet(0.70, 20, threshold).unwrap() - 0.416).abs() < 1e-3);
/// assert!((chance_to_meet(0.80, 20, threshold).unwrap() - 0.804).abs() < 1e-3);
/// ```
pub fn chance_to_meet(true_rate: f64, of: u64, threshold: Threshold) -> Result<f64, Impossible> {
    if of == 0 {
        return Err(Impossible::NothingCounted);
    }
    chance("the true rate", true_rate)?;
    let needed = threshold.of(of);
    Ok(match true_rate {
        rate if rate <= 0.0 => f64::from(u8::from(needed == 0)),
        rate if rate >= 1.0 => 1.0,
        rate => binomial_at_least(needed, of, rate),
    })
}

/// How many more people would achieve if everyone matched the top quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct PotentialGain {
    /// All achieved of all counted in the top quarter of practices.
    pub top_quarter: f64,
    /// How many practices that are.
    pub practices: usize,
    /// More people, in each practice; none where it does as well already.
    pub more: Vec<u64>,
    /// More people, in all.
    pub in_all: u64,
    /// The same with the lower and with the upper 95 per cent limit of the top quarter's rate.
    pub from: u64,
    /// See `from`.
    pub to: u64,
}

/// How many more people would achieve if everyone matched the top quarter of practices, with a range.
/// The range has the uncertainty of the quarter's rate; that some are in it by luck makes the gain larger than it is in truth, most where practices are small.
///
/// Source: the form of Public Health England's CVD packs; Dropkin (2017) on what comes of leaving the uncertainty out. Wilson's limits.
/// Errors: fewer than four practices that counted anybody, more achieved than counted. Worked: 90, 70, 60 and 50 of 100: 90 is matched by 20 + 30 + 40 = 90 more.
///
/// ```
/// use dqoh::variation::potential_gain;
/// let gain = potential_gain(&[(90, 100), (70, 100), (60, 100), (50, 100)]).unwrap();
/// assert_eq!((gain.practices, gain.in_all), (1, 90));
/// assert!(gain.from < 90 && 90 < gain.to);
/// ```
pub fn potential_gain(practices: &[(u64, u64)]) -> Result<PotentialGain, Impossible> {
    let mut counted: Vec<(u64, u64)> = practices.iter().copied().filter(|(_, of)| *of > 0).collect();
    for (achieved, of) in &counted {
        possible(*achieved, *of)?;
    }
    if counted.len() < 4 {
        return Err(Impossible::TooFew { what: "practices", needed: 4, got: counted.len() as u64 });
    }
    // The highest rates first, compared as fractions; of equal ones those of more people, so that the order of practices does not matter.
    let times = |one: u64, other: u64| u128::from(one) * u128::from(other);
    counted.sort_by(|one, other| times(other.0, one.1).cmp(&times(one.0, other.1)).then(other.1.cmp(&one.1)));
    let top = counted.len().div_ceil(4);
    let (achieved, of) = counted.iter().take(top).fold((0, 0), |(achieved, of), one| (achieved + one.0, of + one.1));
    let more: Vec<u64> = practices.iter().map(|one| share_of(one.1, achieved, of).saturating_sub(one.0)).collect();
    let Interval { lower, upper } = wilson(achieved, of, Level::Percent95.z())?;
    let at = |rate: f64| practices.iter().map(|one| ((rate * as_float(one.1)).ceil() as u64).saturating_sub(one.0)).sum();
    let in_all = more.iter().sum();
    Ok(PotentialGain { top_quarter: as_float(achieved) / as_float(of), practices: top, in_all, from: at(lower), to: at(upper), more })
}

/// How few practices hold half of the gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfOfGap {
    /// So few practices hold at least half of it.
    pub practices: usize,
    /// People whom these would have to reach.
    pub people: u64,
    /// All people whom all would have to reach.
    pub of: u64,
}

/// How few practices hold half of the gap, given how many more people each of them needs. Large practices come first: so this says
/// where most people are, and not who does badly.
///
/// Errors: there is no gap. Worked: gaps of 30, 5, 10, 4 and 0: one practice holds 30 of 49.
///
/// ```
/// use dqoh::variation::half_of_gap;
/// let half = half_of_gap(&[30, 5, 10, 4, 0]).unwrap();
/// assert_eq!((half.practices, half.people, half.of), (1, 30, 49));
/// ```
pub fn half_of_gap(needed: &[u64]) -> Result<HalfOfGap, Impossible> {
    let of: u64 = needed.iter().sum();
    if of == 0 {
        return Err(Impossible::AllAlike);
    }
    let mut largest = needed.to_vec();
    largest.sort_unstable_by(|one, other| other.cmp(one));
    let (mut people, mut practices) = (0_u64, 0);
    for gap in largest {
        if u128::from(people) * 2 >= u128::from(of) {
            break;
        }
        people += gap;
        practices += 1;
    }
    Ok(HalfOfGap { practices, people, of })
}
