//! The interval of a count of events: exact below ten events, Byar's from ten.

use super::distributions::{poisson_at_least, poisson_at_most, root};
use super::{Impossible, Interval, Level, as_float};

/// From this many events on Byar's method is as good as the exact one.
const ENOUGH_FOR_BYAR: u64 = 10;

/// The interval of the number of events that would be expected, where so many were seen: exact below 10 events, Byar's from 10.
/// This is what Fingertips publishes. Divide by people, and multiply by 1,000 or 100,000, for the limits of a rate ([`Interval::times`]).
///
/// Source: Eayres, APHO Technical Briefing 3 (2008); Breslow and Day (1987), section 2.3.
/// Assumes that events are independent and each person has few: repeated admissions of the same people make true limits wider.
/// Worked: 5 events are 1.6235 to 11.6683 at 95 per cent, 65 events 50.163 to 82.849.
///
/// ```
/// use dqoh::variation::{Level, poisson};
/// let (few, many) = (poisson(5, Level::Percent95), poisson(65, Level::Percent95));
/// assert!((few.lower - 1.623_486).abs() < 1e-6 && (few.upper - 11.668_332).abs() < 1e-6);
/// assert!((many.lower - 50.163_188).abs() < 1e-6 && (many.upper - 82.849_139).abs() < 1e-6);
/// ```
pub fn poisson(events: u64, level: Level) -> Interval {
    if events < ENOUGH_FOR_BYAR { exact_poisson(events, level) } else { byar(as_float(events), level.z()) }
}

/// The exact interval at any count: the two expectations under which so many events, or more and less extreme ones, are just likely enough.
///
/// Source: Garwood (1936), Biometrika 28:437. Assumes as [`poisson`] does; covers at least what it says, mostly more.
/// Worked: no event at all is 0 to 3.6889 at 95 per cent: minus the logarithm of 0.025.
///
/// ```
/// use dqoh::variation::{Level, exact_poisson};
/// let none = exact_poisson(0, Level::Percent95);
/// assert_eq!(none.lower, 0.0);
/// assert!((none.upper + 0.025_f64.ln()).abs() < 1e-12);
/// ```
pub fn exact_poisson(events: u64, level: Level) -> Interval {
    let (count, tail) = (as_float(events), level.tail());
    let lower = if events == 0 { 0.0 } else { root(0.0, count, |expected| poisson_at_least(events, expected) - tail) };
    let upper = root(count, count + 20.0 + 10.0 * count.sqrt(), |expected| tail - poisson_at_most(events, expected));
    Interval { lower, upper }
}

/// The interval of a rate: events among so many people, or person-years, as a proportion of one.
///
/// Errors: nobody to have events. More events than people are possible. Worked: 5 events among 100 people are 0.0162 to 0.1167.
///
/// ```
/// use dqoh::variation::{Level, poisson_rate};
/// assert!((poisson_rate(5, 100.0, Level::Percent95).unwrap().upper - 0.116_683).abs() < 1e-6);
/// ```
pub fn poisson_rate(events: u64, people: f64, level: Level) -> Result<Interval, Impossible> {
    if super::number("the number of people", people)? <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    Ok(poisson(events, level).times(1.0 / people))
}

/// Byar's approximation; below ten events its lower limit can fall below nothing.
fn byar(events: f64, z: f64) -> Interval {
    let limit = |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    Interval { lower: limit(events, -z), upper: limit(events + 1.0, z) }
}
