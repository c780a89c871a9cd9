//! [`Counts`] → figures of practices, localities and all together: sums, shares of everyone on the register, means, medians.
//! Whole numbers are added first and divided once.

use super::{About, Counts, Item, Key, Unit, items, strata};
use crate::achievement::Area;
use crate::framework::pathways::Pathway;
use crate::framework::{Framework, PathwayPlace, Status, Stretch};
use crate::practice::Practice;
use crate::tally::Stratum;
use std::collections::{BTreeMap, BTreeSet};

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure<'f> {
    /// Whom it is about.
    pub area: &'f Area,
    /// Which reporting day.
    pub day: usize,
    /// Which pathway, by its id.
    pub pathway: &'f str,
    /// Which item: see [`items`].
    pub item: usize,
    /// What is counted.
    pub measure: &'f str,
    /// The same in words.
    pub title: &'f str,
    /// When; nothing for what is so on the reporting day.
    pub stretch: Option<Stretch>,
    /// What the value counts.
    pub unit: &'f str,
    /// Of whom.
    pub stratum: &'f Stratum,
    /// The value.
    pub value: i64,
    /// Everyone on the register in this area and stratum, decliners among them.
    pub register: u64,
    /// Of those, people who are declined on the reporting day.
    pub declined: u64,
}

/// People at one place of a pathway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFigure {
    /// Whom it is about.
    pub area: Area,
    /// Which reporting day.
    pub day: usize,
    /// Which pathway, by its id.
    pub pathway: String,
    /// Status and furthest stage.
    pub place: PathwayPlace,
    /// The name of the furthest stage, or `none`.
    pub furthest: String,
    /// Of whom.
    pub stratum: Stratum,
    /// How many.
    pub people: u64,
    /// Everyone on the register in this area and stratum, decliners among them.
    pub register: u64,
}

/// Counts of areas: the same keys with the area, by its place in [`AreaSums::areas`], instead of the practice.
type AreaKey = (usize, usize, u16, u16, i32);

/// Counts of practices, localities and all together.
struct AreaSums {
    areas: Vec<Area>,
    /// In the order of their keys.
    sums: Vec<(AreaKey, u64)>,
}

impl AreaSums {
    fn of(practices: &[Practice], counts: impl Iterator<Item = (Key, u64)>) -> AreaSums {
        let areas = areas(practices);
        let at = |area: &Area| areas.iter().position(|other| other == area);
        let of_practice: Vec<Vec<usize>> = (0..practices.len())
            .map(|number| {
                let locality = practices.get(number).map(|practice| Area::Locality(practice.locality.clone()));
                [Some(Area::Whole), locality, Some(Area::Practice(number))].iter().flatten().filter_map(at).collect()
            })
            .collect();
        let mut sums: Vec<(AreaKey, u64)> = Vec::new();
        for (Key { practice, day, item, stratum, number }, count) in counts {
            let areas = of_practice.get(practice as usize).into_iter().flatten();
            sums.extend(areas.map(|area| ((usize::from(day), *area, item, stratum, number), count)));
        }
        // Of practices the counts come in their order already, so that there is not much to sort.
        sums.sort_by_key(|(key, _)| *key);
        sums.dedup_by(|(key, count), (before, sum)| {
            let same = key == before;
            *sum += if same { *count } else { 0 };
            same
        });
        AreaSums { areas, sums }
    }

    /// Those of one area on one day.
    fn of_area(&self, day: usize, area: usize) -> OfArea<'_> {
        let of = |((at, of, ..), _): &(AreaKey, u64)| (*at, *of);
        let from = self.sums.partition_point(|sum| of(sum) < (day, area));
        let later = self.sums.get(from..).unwrap_or(&[]);
        OfArea(later.get(..later.partition_point(|sum| of(sum) == (day, area))).unwrap_or(&[]))
    }
}

/// Counts of one area on one day.
struct OfArea<'s>(&'s [(AreaKey, u64)]);

impl OfArea<'_> {
    fn get(&self, item: u16, stratum: u16, number: i32) -> u64 {
        let key = (item, stratum, number);
        let found = self.0.binary_search_by_key(&key, |((.., item, stratum, number), _)| (*item, *stratum, *number)).ok();
        found.and_then(|at| self.0.get(at)).map_or(0, |(_, count)| *count)
    }

    /// All numbers of an item, in order.
    fn numbers(&self, item: u16, stratum: u16) -> Vec<(i32, u64)> {
        let of = |((.., item, stratum, _), _): &(AreaKey, u64)| (*item, *stratum);
        let from = self.0.partition_point(|sum| of(sum) < (item, stratum));
        let later = self.0.get(from..).unwrap_or(&[]);
        later.iter().take_while(|sum| of(sum) == (item, stratum)).map(|((.., number), count)| (*number, *count)).collect()
    }
}

/// Every area that has a row, also without a single count: all together, the localities, and all practices.
fn areas(practices: &[Practice]) -> Vec<Area> {
    let localities: BTreeSet<&str> = practices.iter().map(|practice| practice.locality.as_str()).filter(|name| !name.is_empty()).collect();
    let localities = localities.into_iter().map(|name| Area::Locality(name.to_owned()));
    let own = (0..practices.len()).map(Area::Practice);
    std::iter::once(Area::Whole).chain(localities).chain(own).collect()
}

/// The items of a pathway that others are told beside.
struct Beside {
    register: u16,
    place: u16,
    /// The lines of people who declined.
    declined: Vec<i32>,
}

impl Beside {
    fn of(items: &[Item], at: usize, pathway: &Pathway) -> Option<Beside> {
        let find = |about: &About| items.iter().position(|item| item.pathway == at && item.about == *about).map(narrow);
        let lines = (1..).zip(&pathway.places).filter(|(_, place)| place.status == Status::Declined);
        Some(Beside { register: find(&About::Register)?, place: find(&About::Place)?, declined: lines.map(|(line, _)| line).collect() })
    }
}

/// The figures of `care-planning.csv`, one after the other: for everybody each measure has a row, also with 0; in a stratum only
/// where there is something. A county has hundreds of thousands, so that they are told rather than kept.
pub fn figures(frameworks: &[Framework], practices: &[Practice], counts: &Counts, mut tell: impl FnMut(&Figure<'_>)) {
    let sums = AreaSums::of(practices, counts.iter());
    let only_here = codes_of_one_practice(frameworks, counts);
    for (day, framework) in frameworks.iter().enumerate() {
        let items = items(framework);
        for (pathway_at, pathway) in framework.pathways.iter().enumerate() {
            let Some(beside) = Beside::of(&items, pathway_at, pathway) else { continue };
            let own: Vec<(u16, &Item)> = (0_u16..).zip(&items).filter(|(_, item)| item.pathway == pathway_at).collect();
            let strata = strata(framework, pathway);
            for (area_at, area) in sums.areas.iter().enumerate() {
                let of_area = sums.of_area(day, area_at);
                for (stratum_at, stratum) in (0_u16..).zip(&strata) {
                    let of = |item: u16, number: i32| of_area.get(item, stratum_at, number);
                    let register = of(beside.register, 0);
                    if register == 0 && stratum_at > 0 {
                        continue;
                    }
                    let declined = beside.declined.iter().map(|line| of(beside.place, *line)).sum();
                    for (at, item) in own.iter().filter(|(_, item)| stratum_at == 0 || !item.is_of_everybody_only()) {
                        let mut add = |unit: &str, value: i64| {
                            tell(&Figure {
                                area,
                                day,
                                pathway: &pathway.id,
                                item: usize::from(*at),
                                measure: &item.measure,
                                title: &item.title,
                                stretch: item.stretch(),
                                unit,
                                stratum,
                                value,
                                register,
                                declined,
                            });
                        };
                        match &item.about {
                            About::Place => {}
                            About::Between(..) => days_between(&of_area.numbers(*at, stratum_at), &mut add),
                            About::Spread(..) => spread(&of_area.numbers(*at, stratum_at), stratum_at, &mut add),
                            About::Codes => {
                                if let Area::Practice(practice) = area {
                                    add("codes used here only", only_here.get(&(day, pathway_at, *practice)).copied().unwrap_or(0));
                                }
                            }
                            About::Register
                            | About::Missing(_)
                            | About::OutOfOrder
                            | About::Count(..)
                            | About::Lapsed(_)
                            | About::Holds(_) => {
                                let value = i64::try_from(of(*at, 0)).unwrap_or(i64::MAX);
                                if stratum_at == 0 || value > 0 {
                                    add(item.unit.word(), value);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// People with both steps, and the median and quartiles of the days between them.
fn days_between(numbers: &[(i32, u64)], add: &mut impl FnMut(&str, i64)) {
    let people: u64 = numbers.iter().map(|(_, count)| count).sum();
    add(Unit::People.word(), i64::try_from(people).unwrap_or(i64::MAX));
    for (unit, quarters) in [("days, lower quartile", 1), ("days, median", 2), ("days, upper quartile", 3)] {
        if let Some(days) = quantile(numbers, quarters) {
            add(unit, i64::from(days));
        }
    }
}

/// The fewest days within which at least so many quarters of the people took the step. A whole number that somebody really
/// took, so that sums of practices give it exactly (the inverse of the distribution, type 1 of Hyndman and Fan 1996).
/// Worked: of people with 3, 5, 5 and 30 days the median is 5 and the upper quartile 5; the lower quartile is 3.
pub(super) fn quantile(numbers: &[(i32, u64)], quarters: u64) -> Option<i32> {
    let people: u64 = numbers.iter().map(|(_, count)| count).sum();
    let mut so_far = 0;
    let reached = numbers.iter().find(|(_, count)| {
        so_far += count;
        so_far * 4 >= people * quarters
    });
    reached.filter(|_| people > 0).map(|(days, _)| *days)
}

/// People with 1, with 2, and with 3 or more contact days.
fn spread(numbers: &[(i32, u64)], stratum: u16, add: &mut impl FnMut(&str, i64)) {
    let people = |wanted: &dyn Fn(i32) -> bool| -> i64 {
        let sum: u64 = numbers.iter().filter(|(days, _)| wanted(*days)).map(|(_, count)| count).sum();
        i64::try_from(sum).unwrap_or(i64::MAX)
    };
    let groups: [(&str, &dyn Fn(i32) -> bool); 3] = [
        ("people with 1 contact day", &|days| days == 1),
        ("people with 2 contact days", &|days| days == 2),
        ("people with 3 or more contact days", &|days| days >= 3),
    ];
    for (unit, wanted) in groups {
        let value = people(wanted);
        if stratum == 0 || value > 0 {
            add(unit, value);
        }
    }
}

/// By day, pathway and practice: how many codes that practice alone used.
fn codes_of_one_practice(frameworks: &[Framework], counts: &Counts) -> BTreeMap<(usize, usize, usize), i64> {
    let mut users: BTreeMap<(usize, usize, i32), BTreeSet<usize>> = BTreeMap::new();
    for (day, framework) in frameworks.iter().enumerate() {
        let items = items(framework);
        for (key, _) in counts.iter().filter(|(key, _)| usize::from(key.day) == day) {
            let Some(item) = items.get(usize::from(key.item)).filter(|item| item.about == About::Codes) else { continue };
            users.entry((day, item.pathway, key.number)).or_default().insert(key.practice as usize);
        }
    }
    let mut only: BTreeMap<(usize, usize, usize), i64> = BTreeMap::new();
    for ((day, pathway, _), practices) in users {
        if let (Some(practice), 1) = (practices.first(), practices.len()) {
            *only.entry((day, pathway, *practice)).or_default() += 1;
        }
    }
    only
}

/// The figures of `pathway.csv`: people at each place; for everybody every place, in a stratum only where somebody is.
pub fn place_figures(frameworks: &[Framework], practices: &[Practice], counts: &Counts) -> Vec<PlaceFigure> {
    places_in(frameworks, practices, counts, usize::MAX)
}

/// Those of them that are of everybody.
pub fn place_figures_of_everybody(frameworks: &[Framework], practices: &[Practice], counts: &Counts) -> Vec<PlaceFigure> {
    places_in(frameworks, practices, counts, 1)
}

/// Those of the first so many strata.
fn places_in(frameworks: &[Framework], practices: &[Practice], counts: &Counts, first: usize) -> Vec<PlaceFigure> {
    // Of all that is counted only the places and who is on the register.
    let items_of_days: Vec<Vec<Item>> = frameworks.iter().map(items).collect();
    let is_wanted = |key: &Key| {
        let item = items_of_days.get(usize::from(key.day)).and_then(|items| items.get(usize::from(key.item)));
        usize::from(key.stratum) < first && item.is_some_and(|item| matches!(item.about, About::Place | About::Register))
    };
    let sums = AreaSums::of(practices, counts.iter().filter(|(key, _)| is_wanted(key)));
    let mut figures = Vec::new();
    for (day, (framework, items)) in frameworks.iter().zip(&items_of_days).enumerate() {
        for (pathway_at, pathway) in framework.pathways.iter().enumerate() {
            let Some(beside) = Beside::of(items, pathway_at, pathway) else { continue };
            let strata = strata(framework, pathway);
            for (area_at, area) in sums.areas.iter().enumerate() {
                let of_area = sums.of_area(day, area_at);
                for (stratum_at, stratum) in (0_u16..).zip(&strata).take(first) {
                    let of = |item: u16, number: i32| of_area.get(item, stratum_at, number);
                    for (line, place) in (1..).zip(&pathway.places) {
                        let people = of(beside.place, line);
                        if people == 0 && stratum_at > 0 {
                            continue;
                        }
                        let furthest = place.furthest.checked_sub(1).and_then(|at| pathway.stages.get(at));
                        figures.push(PlaceFigure {
                            area: area.clone(),
                            day,
                            pathway: pathway.id.clone(),
                            place: *place,
                            furthest: furthest.map_or_else(|| "none".to_owned(), |stage| stage.name.clone()),
                            stratum: stratum.clone(),
                            people,
                            register: of(beside.register, 0),
                        });
                    }
                }
            }
        }
    }
    figures
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quartiles_are_days_that_somebody_took() {
        let days = [(3, 1), (5, 2), (30, 1)];
        assert_eq!([1, 2, 3].map(|quarters| quantile(&days, quarters)), [Some(3), Some(5), Some(5)]);
        assert_eq!(quantile(&[], 2), None);
        assert_eq!(quantile(&[(-4, 1)], 2), Some(-4));
        // Two practices apart and together.
        assert_eq!(quantile(&[(10, 3), (20, 1)], 2), Some(10));
        assert_eq!(quantile(&[(10, 3), (20, 5)], 2), Some(20));
    }
}
