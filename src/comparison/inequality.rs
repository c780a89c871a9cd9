//! Rates by fifth of deprivation, age and sex, and how far the most and the least deprived are apart.

use super::Pair;
use super::finer::{People, sum};
use super::standardised::Rate;
use crate::achievement::Area;
use crate::cells::{Who, band_name, sex_name};
use crate::variation::{Difference, Group, Impossible, Inequality, Level, LineScale, gap_of_fifths, inequality, wilson};
use std::collections::BTreeMap;

/// People of one fifth, age band or sex.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRate {
    /// By what: `imd_quintile`, `age_band`, `sex`.
    pub by: &'static str,
    /// Which: `1`, `60-64`, `female`; `unknown` where the fifth is.
    pub group: String,
    /// Who achieved, of how many.
    pub counts: Pair,
    /// Their rate, and where it may lie.
    pub rate: Option<Rate>,
}

/// One area.
#[derive(Clone, Debug)]
pub struct UnequalArea {
    /// Which.
    pub area: Area,
    /// Everybody whose fifth is known: who achieved, of how many.
    pub known: Pair,
    /// The groups; none of a practice, where they are small.
    pub groups: Vec<GroupRate>,
    /// Over all fifths; not of a practice.
    pub indices: Result<Inequality, Impossible>,
    /// The least deprived fifth less the most deprived.
    pub gap: Result<Difference, Impossible>,
}

/// One measure.
#[derive(Clone, Debug)]
pub struct Unequal {
    /// Its id.
    pub measure: String,
    /// All together, localities, practices.
    pub areas: Vec<UnequalArea>,
}

const NOT_OF_A_PRACTICE: Impossible = Impossible::Unsuitable { why: "a practice is too small for a line through its fifths" };

pub(super) fn unequal(measure: &str, areas: &[(Area, People)]) -> Unequal {
    Unequal { measure: measure.to_owned(), areas: areas.iter().map(|(area, people)| one_area(area, people)).collect() }
}

fn one_area(area: &Area, people: &People) -> UnequalArea {
    let fifths = [1, 2, 3, 4, 5].map(|fifth| sum(people.iter().filter(|(who, _)| who.fifth == Some(fifth)).map(|(_, pair)| pair)));
    let of_a_practice = matches!(area, Area::Practice(_));
    let [most, .., least] = fifths;
    UnequalArea {
        area: area.clone(),
        known: sum(&fifths),
        groups: if of_a_practice { Vec::new() } else { groups(people) },
        indices: if of_a_practice { Err(NOT_OF_A_PRACTICE) } else { indices(&fifths) },
        gap: gap_of_fifths(most, least, Level::Percent95),
    }
}

fn indices(fifths: &[Pair; 5]) -> Result<Inequality, Impossible> {
    let groups: Vec<Group> = fifths.iter().map(|(achieved, of)| Group::proportion(*achieved, *of)).collect::<Result<_, _>>()?;
    inequality(&groups, LineScale::Odds, Level::Percent95)
}

/// Everybody by fifth, then by age, then by sex.
fn groups(people: &People) -> Vec<GroupRate> {
    let fifth = |who: &Who| who.fifth.map_or("unknown".to_owned(), |fifth| fifth.to_string());
    let mut all = by("imd_quintile", people, |who| (who.fifth.unwrap_or(u8::MAX), fifth(who)));
    all.extend(by("age_band", people, |who| (who.band, band_name(who.band))));
    all.extend(by("sex", people, |who| (0, sex_name(who.sex).to_owned())));
    all
}

fn by(by: &'static str, people: &People, group_of: impl Fn(&Who) -> (u8, String)) -> Vec<GroupRate> {
    let mut groups: BTreeMap<(u8, String), Pair> = BTreeMap::new();
    for (who, (achieved, of)) in people {
        let sum = groups.entry(group_of(who)).or_default();
        *sum = (sum.0 + achieved, sum.1 + of);
    }
    let group = |((_, group), counts): ((u8, String), Pair)| {
        let limits = wilson(counts.0, counts.1, Level::Percent95.z()).ok();
        let rate = limits.map(|limits| Rate { rate: counts.0 as f64 / counts.1 as f64, limits });
        GroupRate { by, group, counts, rate }
    };
    groups.into_iter().map(group).collect()
}
