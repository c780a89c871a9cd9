//! What follows from counts by age, sex and deprivation, and from people by uptake and outcome. For the internal audience alone:
//! nearly all of these counts are small, and what is worked out from them is not hidden from anybody else but left out.

use super::association::{Associated, associated};
use super::inequality::{Unequal, unequal};
use super::standardised::{StandardisedMeasure, standardised};
use super::{Asked, Pair};
use crate::achievement::{Area, Results};
use crate::cells::{FinerRead, Who};
use crate::disclosure::Audience;
use std::collections::BTreeMap;

/// People of an area by who they are: how many achieved of how many.
pub(super) type People = BTreeMap<Who, Pair>;

/// Everything that follows, on one reporting day.
#[derive(Clone, Debug, Default)]
pub struct FinerComparison {
    /// The reporting day: its place among those of the results.
    pub day: usize,
    /// By measure, in the order of their ids.
    pub standardised: Vec<StandardisedMeasure>,
    /// The same measures.
    pub unequal: Vec<Unequal>,
    /// By id.
    pub associations: Vec<Associated>,
}

/// Works it out; nothing for any but the internal audience.
pub fn finer_comparison(results: &Results<'_>, read: &FinerRead, asked: &Asked<'_>) -> Option<FinerComparison> {
    if asked.audience != Audience::Internal {
        return None;
    }
    let mut all = FinerComparison { day: read.day, ..FinerComparison::default() };
    let mut by_measure: BTreeMap<&str, BTreeMap<u32, People>> = BTreeMap::new();
    for (practice, cell) in read.finer.cells() {
        let measure = read.measures.get(usize::from(cell.measure)).map(String::as_str);
        let Some(measure) = measure.filter(|measure| asked.measure.is_none_or(|wanted| wanted == *measure)) else { continue };
        let people = by_measure.entry(measure).or_default().entry(practice).or_default();
        people.insert(cell.who, (u64::from(cell.achieved), u64::from(cell.of)));
    }
    for (measure, practices) in by_measure {
        let areas = areas(results, practices);
        all.standardised.extend(standardised(measure, &areas));
        all.unequal.push(unequal(measure, &areas));
    }
    all.associations = associated(read, asked);
    Some(all)
}

/// All practices together first, then localities by name, then practices by their places.
fn areas(results: &Results<'_>, practices: BTreeMap<u32, People>) -> Vec<(Area, People)> {
    let mut whole = People::new();
    let mut localities: BTreeMap<&str, People> = BTreeMap::new();
    for (practice, people) in &practices {
        add(&mut whole, people);
        let locality = results.practices.get(*practice as usize).map(|practice| practice.locality.as_str());
        if let Some(locality) = locality.filter(|name| !name.is_empty()) {
            add(localities.entry(locality).or_default(), people);
        }
    }
    let localities = localities.into_iter().map(|(name, people)| (Area::Locality(name.to_owned()), people));
    let practices = practices.into_iter().map(|(practice, people)| (Area::Practice(practice as usize), people));
    std::iter::once((Area::Whole, whole)).chain(localities).chain(practices).collect()
}

fn add(to: &mut People, people: &People) {
    for (who, (achieved, of)) in people {
        let sum = to.entry(*who).or_default();
        *sum = (sum.0 + achieved, sum.1 + of);
    }
}

/// All of some people together.
pub(super) fn sum<'p>(people: impl IntoIterator<Item = &'p Pair>) -> Pair {
    people.into_iter().fold((0, 0), |sum, (achieved, of)| (sum.0 + achieved, sum.1 + of))
}
