//! Rates as they would be if all places had people alike in age, sex and deprivation. The crude rate stays the main one wherever payment is on it.

use super::{Impossible, Interval, Level, as_float, number, poisson};

/// The European standard population of 2013 (Eurostat), by five-year age bands from 0–4 to 90 and over; 100,000 in all.
pub const ESP_2013: [u32; 19] =
    [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000];

/// With fewer events a directly standardised rate says nothing: one event more in a small stratum would move it far.
pub const FEWEST_EVENTS: u64 = 10;

/// One stratum of a place, such as women of 60 to 64 in the most deprived fifth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedStratum {
    /// Events, or people who are counted.
    pub events: u64,
    /// People who could have one.
    pub people: u64,
    /// People of the stratum in the standard population.
    pub weight: f64,
}

/// One stratum of a place and of the reference that it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferredStratum {
    /// People of the place.
    pub people: u64,
    /// Events of the reference.
    pub reference_events: u64,
    /// People of the reference.
    pub reference_people: u64,
}

/// A directly standardised rate, as events a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardised {
    /// The rate that the place would have with people as the standard has them.
    pub rate: f64,
    /// From where to where.
    pub limits: Interval,
    /// Events that it is worked out from.
    pub events: u64,
}

/// An indirectly standardised ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Events that were seen for every one expected; 1 is as in the reference.
    pub ratio: f64,
    /// From where to where.
    pub limits: Interval,
    /// Events that would be expected if every stratum had the rate of the reference.
    pub expected: f64,
    /// The crude rate of the reference: times the ratio it is the indirectly standardised rate.
    pub reference_rate: f64,
}

/// The directly standardised rate: the rates of all strata, weighted as the standard population has them.
///
/// Source: Dobson et al. (1991), Statistics in Medicine 10:457, for the limits; Eayres, APHO Technical Briefing 3 (2008).
/// Assumes that events are independent and rare in each person. Of an indicator that most people achieve, standardise those who did not,
/// and take the result from 1: limits are then nearer to the truth.
/// Errors: fewer than [`FEWEST_EVENTS`] events; nobody in a stratum; no weight. Worked: 40 events of 1,000 people and 60 of 500, weighted 3 to 1,
/// are 60 of 1,000, from 48.6 to 73.2 at 95 per cent.
///
/// ```
/// use dqoh::variation::{Level, WeightedStratum, directly_standardised};
/// let young = WeightedStratum { events: 40, people: 1000, weight: 3.0 };
/// let old = WeightedStratum { events: 60, people: 500, weight: 1.0 };
/// let standardised = directly_standardised(&[young, old], Level::Percent95).unwrap();
/// assert!((standardised.rate - 0.06).abs() < 1e-12);
/// assert!((standardised.limits.lower - 0.0486).abs() < 5e-5 && (standardised.limits.upper - 0.0732).abs() < 5e-5);
/// ```
pub fn directly_standardised(strata: &[WeightedStratum], level: Level) -> Result<Standardised, Impossible> {
    let once: Vec<[u64; 1]> = strata.iter().map(|stratum| [stratum.events]).collect();
    let strata: Vec<RepeatedStratum> = strata
        .iter()
        .zip(&once)
        .map(|(stratum, once)| RepeatedStratum { people_by_events: once, people: stratum.people, weight: stratum.weight })
        .collect();
    directly_standardised_repeated(&strata, level)
}

/// One stratum in which people may have several events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RepeatedStratum<'a> {
    /// People with one event, with two, with three and so on.
    pub people_by_events: &'a [u64],
    /// People who could have one.
    pub people: u64,
    /// People of the stratum in the standard population.
    pub weight: f64,
}

/// As [`directly_standardised`], where the same people have events again, such as admissions: limits are wider by as much.
///
/// Source: Eayres, APHO Technical Briefing 3 (2008): people with one, two, three events are independent counts; the variance of a count of events
/// is that of people times the square of their events. Errors: as [`directly_standardised`].
/// Worked: 20 people with one event and 10 with two are 40 events, and as uncertain as 60 that are independent, times 40/60 in size.
///
/// ```
/// use dqoh::variation::{Level, RepeatedStratum, directly_standardised_repeated};
/// let width = |people_by_events: &[u64]| {
///     let stratum = RepeatedStratum { people_by_events, people: 1000, weight: 1.0 };
///     let limits = directly_standardised_repeated(&[stratum], Level::Percent95).unwrap().limits;
///     limits.upper - limits.lower
/// };
/// assert!((width(&[20, 10]) / width(&[40]) - (60.0_f64 / 40.0).sqrt()).abs() < 1e-12);
/// ```
pub fn directly_standardised_repeated(strata: &[RepeatedStratum], level: Level) -> Result<Standardised, Impossible> {
    let (mut events, mut weights, mut rate, mut variance) = (0, 0.0, 0.0, 0.0);
    for stratum in strata {
        let weight = number("a weight", stratum.weight)?;
        if weight < 0.0 {
            return Err(Impossible::Outside { what: "a weight", from: 0.0, to: f64::MAX });
        }
        if stratum.people == 0 {
            return Err(Impossible::NothingCounted);
        }
        let people = as_float(stratum.people);
        weights += weight;
        for (times, having) in (1_u64..).zip(stratum.people_by_events) {
            events += times * having;
            rate += weight * as_float(times * having) / people;
            variance += as_float(times * times * having) * (weight / people).powi(2);
        }
    }
    if events < FEWEST_EVENTS {
        return Err(Impossible::TooFew { what: "events", needed: FEWEST_EVENTS, got: events });
    }
    if weights <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    let (rate, variance) = (rate / weights, variance / (weights * weights));
    let (count, of_count) = (as_float(events), poisson(events, level));
    let limit = |limit: f64| rate + (variance / count).sqrt() * (limit - count);
    Ok(Standardised { rate, limits: Interval { lower: limit(of_count.lower).max(0.0), upper: limit(of_count.upper) }, events })
}

/// The indirectly standardised ratio: events seen, for every one that would be expected if each stratum had the rate of the reference.
/// Better than the direct rate for practices, whose strata are small. Two ratios of places with different people can each be held against
/// the reference, but not strictly against each other.
///
/// Source: Breslow and Day (1987); limits of the observed count, exact below 10 events and Byar's from 10, divided by the expected.
/// Assumes that the rates of the reference are known without error. Errors: nobody in a stratum of the reference; nothing expected.
/// Worked: 30 seen, 24 expected: 1.25, from 0.84 to 1.78 at 95 per cent.
///
/// ```
/// use dqoh::variation::{Level, ReferredStratum, indirectly_standardised};
/// let young = ReferredStratum { people: 200, reference_events: 400, reference_people: 10_000 };
/// let old = ReferredStratum { people: 100, reference_events: 800, reference_people: 5_000 };
/// let ratio = indirectly_standardised(30, &[young, old], Level::Percent95).unwrap();
/// assert!((ratio.expected - 24.0).abs() < 1e-12 && (ratio.ratio - 1.25).abs() < 1e-12);
/// assert!((ratio.limits.lower - 0.843).abs() < 5e-4 && (ratio.limits.upper - 1.785).abs() < 5e-4);
/// ```
pub fn indirectly_standardised(observed: u64, strata: &[ReferredStratum], level: Level) -> Result<Ratio, Impossible> {
    let (mut expected, mut events, mut people) = (0.0, 0, 0);
    for stratum in strata {
        if stratum.reference_people == 0 {
            return Err(Impossible::NothingCounted);
        }
        expected += as_float(stratum.people) * (as_float(stratum.reference_events) / as_float(stratum.reference_people));
        events += stratum.reference_events;
        people += stratum.reference_people;
    }
    if expected <= 0.0 {
        return Err(Impossible::NothingCounted);
    }
    Ok(Ratio {
        ratio: as_float(observed) / expected,
        limits: poisson(observed, level).times(1.0 / expected),
        expected,
        reference_rate: as_float(events) / as_float(people),
    })
}
