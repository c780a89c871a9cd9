//! Rates as they would be if the people of all areas were alike, beside the rates as they are.

use super::Pair;
use super::finer::{People, sum};
use crate::achievement::Area;
use crate::cells::{AGES, Who};
use crate::variation::{
    ESP_2013, Impossible, Interval, Level, ReferredStratum, WeightedStratum, directly_standardised, indirectly_standardised, quantile,
    wilson,
};
use std::collections::BTreeSet;

/// Neighbouring age bands are taken together until one in so many of all people is in each: a band without anybody has no rate.
const ONE_IN: u64 = 20;
/// With fewer practices there are no centiles of their rates.
const FEWEST_PRACTICES: usize = 10;

/// Whose number is held against what would be expected: the fewer of the two, since limits are those of rare events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// People who achieved.
    Achieved,
    /// People who did not.
    NotAchieved,
}

impl Events {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Events::Achieved => "achieved",
            Events::NotAchieved => "not achieved",
        }
    }

    fn of(self, (achieved, of): Pair) -> u64 {
        match self {
            Events::Achieved => achieved,
            Events::NotAchieved => of - achieved,
        }
    }

    /// A share of events as a share of people who achieved.
    fn as_rate(self, rate: f64, limits: Interval) -> Rate {
        let rate = match self {
            Events::Achieved => Rate { rate, limits },
            Events::NotAchieved => Rate { rate: 1.0 - rate, limits: Interval { lower: 1.0 - limits.upper, upper: 1.0 - limits.lower } },
        };
        let inside = |share: f64| share.clamp(0.0, 1.0);
        Rate { rate: inside(rate.rate), limits: Interval { lower: inside(rate.limits.lower), upper: inside(rate.limits.upper) } }
    }
}

/// A rate of people who achieved, and where it may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The rate.
    pub rate: f64,
    /// Its 95 per cent interval.
    pub limits: Interval,
}

/// What would be expected of an area's people if each group had the rate of all practices together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indirect {
    /// How many events were seen.
    pub seen: u64,
    /// How many would be expected.
    pub expected: f64,
    /// One divided by the other.
    pub ratio: f64,
    /// Its 95 per cent interval.
    pub limits: Interval,
    /// The ratio times the rate of all, as a rate of people who achieved.
    pub rate: Rate,
}

/// One area.
#[derive(Clone, Debug)]
pub struct StandardisedArea {
    /// Which.
    pub area: Area,
    /// Who achieved, of how many.
    pub counts: Pair,
    /// The rate as it is, which is paid on.
    pub crude: Option<Rate>,
    /// With the ages of the European standard population of 2013.
    pub direct: Result<Rate, Impossible>,
    /// With each group at the rate of all.
    pub indirect: Result<Indirect, Impossible>,
}

/// One measure.
#[derive(Clone, Debug)]
pub struct StandardisedMeasure {
    /// Its id.
    pub measure: String,
    /// What the ratios are of.
    pub events: Events,
    /// All together, localities, practices.
    pub areas: Vec<StandardisedArea>,
    /// The 10th and 90th centile of practices' crude rates, and of their indirectly standardised ones; nothing where they are few.
    pub centiles: Option<[Interval; 2]>,
}

/// Standardises a measure in all areas, of which the first is all together; nothing where nobody is counted.
pub(super) fn standardised(measure: &str, areas: &[(Area, People)]) -> Option<StandardisedMeasure> {
    let (_, whole) = areas.first()?;
    let (achieved, of) = sum(whole.values());
    let events = if 2 * achieved > of { Events::NotAchieved } else { Events::Achieved };
    let joined = joined_bands(whole);
    let areas: Vec<StandardisedArea> = areas.iter().map(|(area, people)| one_area(area, people, whole, events, &joined)).collect();
    let centiles = centiles(&areas);
    Some(StandardisedMeasure { measure: measure.to_owned(), events, areas, centiles })
}

fn one_area(area: &Area, people: &People, whole: &People, events: Events, joined: &[Vec<u8>]) -> StandardisedArea {
    let counts = sum(people.values());
    let crude = wilson(counts.0, counts.1, Level::Percent95.z()).ok();
    let crude = crude.map(|limits| Rate { rate: counts.0 as f64 / counts.1 as f64, limits });
    StandardisedArea {
        area: area.clone(),
        counts,
        crude,
        direct: direct(people, events, joined),
        indirect: indirect(people, whole, events),
    }
}

fn direct(people: &People, events: Events, joined: &[Vec<u8>]) -> Result<Rate, Impossible> {
    let strata = joined.iter().map(|bands| {
        let pair = sum(people.iter().filter(|(who, _)| bands.contains(&who.band)).map(|(_, pair)| pair));
        let weight = bands.iter().filter_map(|band| ESP_2013.get(usize::from(*band))).map(|weight| f64::from(*weight)).sum();
        WeightedStratum { events: events.of(pair), people: pair.1, weight }
    });
    let found = directly_standardised(&strata.collect::<Vec<_>>(), Level::Percent95)?;
    Ok(events.as_rate(found.rate, found.limits))
}

fn indirect(people: &People, whole: &People, events: Events) -> Result<Indirect, Impossible> {
    let strata = whole.iter().map(|(who, pair)| ReferredStratum {
        people: people.get(who).map_or(0, |(_, of)| *of),
        reference_events: events.of(*pair),
        reference_people: pair.1,
    });
    let seen = events.of(sum(people.values()));
    let found = indirectly_standardised(seen, &strata.collect::<Vec<_>>(), Level::Percent95)?;
    let rate = events.as_rate(found.ratio * found.reference_rate, found.limits.times(found.reference_rate));
    Ok(Indirect { seen, expected: found.expected, ratio: found.ratio, limits: found.limits, rate })
}

/// The age bands from the youngest to the oldest that anybody is of, neighbours together where few people are in them.
fn joined_bands(whole: &People) -> Vec<Vec<u8>> {
    let (_, all) = sum(whole.values());
    let bands: BTreeSet<u8> = whole.keys().map(|who: &Who| who.band).collect();
    let (Some(first), Some(last)) = (bands.first(), bands.last()) else { return Vec::new() };
    debug_assert!(usize::from(*last) < AGES.len());
    let mut joined: Vec<Vec<u8>> = Vec::new();
    let (mut bands, mut people) = (Vec::new(), 0);
    for band in *first..=*last {
        bands.push(band);
        people += sum(whole.iter().filter(|(who, _)| who.band == band).map(|(_, pair)| pair)).1;
        if people * ONE_IN >= all {
            joined.push(std::mem::take(&mut bands));
            people = 0;
        }
    }
    // What is left at the old end belongs to the band before.
    match joined.last_mut() {
        Some(oldest) => oldest.extend(bands),
        None => joined.push(bands),
    }
    joined
}

fn centiles(areas: &[StandardisedArea]) -> Option<[Interval; 2]> {
    let practices = areas.iter().filter(|area| matches!(area.area, Area::Practice(_)));
    let rates: Vec<(f64, f64)> = practices.filter_map(|area| Some((area.crude?.rate, area.indirect.as_ref().ok()?.rate.rate))).collect();
    if rates.len() < FEWEST_PRACTICES {
        return None;
    }
    let (crude, alike): (Vec<f64>, Vec<f64>) = rates.into_iter().unzip();
    let between = |rates: &[f64]| Some(Interval { lower: quantile(rates, 0.1).ok()?, upper: quantile(rates, 0.9).ok()? });
    Some([between(&crude)?, between(&alike)?])
}

#[cfg(test)]
mod tests {
    use super::{Area, Events, People, Who, joined_bands, standardised};

    fn people(cells: &[(u8, u64, u64)]) -> People {
        cells.iter().map(|(band, achieved, of)| (Who { band: *band, sex: None, fifth: None }, (*achieved, *of))).collect()
    }

    #[test]
    fn bands_of_few_people_join_their_neighbours() {
        // One of 17 to 19 years and two of 90 and over, of 100.
        let whole = people(&[(3, 0, 1), (8, 10, 40), (10, 10, 57), (18, 0, 2)]);
        let expected: Vec<Vec<u8>> = vec![(3..=8).collect(), (9..=18).collect()];
        assert_eq!(joined_bands(&whole), expected);
        assert_eq!(joined_bands(&People::new()), Vec::<Vec<u8>>::new());
    }

    /// A practice of old people does as well as all do at each age: standardised, it is as all are. Worked by hand: of the young one in ten
    /// achieves and of the old one in two; the practice has 20 young and 80 old, of whom 2 and 40 achieve.
    #[test]
    fn a_practice_of_old_people_is_as_all_are() {
        let (young, old) = (8, 14);
        let whole = people(&[(young, 100, 1000), (old, 500, 1000)]);
        let practice = people(&[(young, 2, 20), (old, 40, 80)]);
        let found = standardised("X", &[(Area::Whole, whole), (Area::Practice(0), practice)]).unwrap();
        assert_eq!(found.events, Events::Achieved);
        let [all, practice] = &found.areas[..] else { panic!("two areas") };
        assert!((practice.crude.unwrap().rate - 0.42).abs() < 1e-12);
        let indirect = practice.indirect.unwrap();
        assert!((indirect.expected - 42.0).abs() < 1e-9 && (indirect.rate.rate - 0.3).abs() < 1e-9);
        assert!((practice.direct.unwrap().rate - all.direct.unwrap().rate).abs() < 1e-12);
        // Weighted as in Europe: 40 to 44 are 7,000, 45 to 69 with 70 to 74 33,000 more.
        let weights = (7000.0, 7000.0 + 7000.0 + 6500.0 + 6000.0 + 5500.0 + 5000.0);
        let rate = (0.1 * weights.0 + 0.5 * weights.1) / (weights.0 + weights.1);
        assert!((all.direct.unwrap().rate - rate).abs() < 1e-12);
    }

    #[test]
    fn where_most_achieve_those_who_do_not_are_standardised() {
        let whole = people(&[(8, 90, 100), (14, 60, 100)]);
        let few = people(&[(8, 9, 10), (14, 3, 5)]);
        let found = standardised("X", &[(Area::Whole, whole), (Area::Practice(0), few)]).unwrap();
        assert_eq!(found.events, Events::NotAchieved);
        let practice = &found.areas[1];
        assert_eq!(practice.indirect.unwrap().seen, 3);
        assert!((practice.indirect.unwrap().rate.rate - 0.75).abs() < 1e-9);
        // Three did not achieve: too few to standardise directly.
        assert!(practice.direct.is_err());
        let rate = practice.indirect.unwrap().rate;
        assert!(rate.limits.lower >= 0.0 && rate.limits.upper <= 1.0 && rate.limits.holds(rate.rate));
    }
}
