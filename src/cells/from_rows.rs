//! Reads `cells.csv` and `pairs.csv` back: names become numbers, and what can be added up must be what the results say.

use super::{AGES, Cell, Finer, Taken, Who, add_up, band_name, sex_name};
use crate::achievement::{Area, Results};
use crate::extract::counts::{Files, Mistakes};
use crate::extract::finer_counts::{AGE_BAND, ASSOCIATION, CellRows, DAY, MEASURE, PAIR_DAY, PAIR_PRACTICE, PRACTICE, PairRows};
use crate::extract::patient::RowPlace;
use crate::framework::calendar::Day;
use crate::framework::{Framework, Sex, View};
use crate::problem::{Problem, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};

const EXPORT_AGAIN: &str = "these are not the counts as they were made: export them again";

/// What an association is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationName {
    /// Its id.
    pub id: String,
    /// The indicator that people took something up by.
    pub uptake: String,
    /// The indicator that shows what came of it.
    pub outcome: String,
}

/// What is counted finer, with all that is needed to read it beside results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinerRead {
    /// The day: its place among those of the results.
    pub day: usize,
    /// The names of the measures that cells number.
    pub measures: Vec<String>,
    /// The associations that pairs number.
    pub associations: Vec<AssociationName>,
    /// The counts; practices are those of the results.
    pub finer: Finer,
}

impl FinerRead {
    /// What a run counted on its last reporting day.
    pub fn of(frameworks: &[Framework], finer: Finer) -> FinerRead {
        let Some(framework) = frameworks.last() else { return FinerRead::default() };
        FinerRead { day: frameworks.len() - 1, finer, ..FinerRead::names(framework) }
    }

    /// The names of a framework.
    pub fn names(framework: &Framework) -> FinerRead {
        let id = |at: usize| framework.indicators.get(at).map(|indicator| indicator.id.clone()).unwrap_or_default();
        let associations = framework.associations.iter();
        let associations = associations.map(|one| AssociationName { id: one.id.clone(), uptake: id(one.uptake), outcome: id(one.outcome) });
        FinerRead {
            measures: framework.indicators.iter().map(|indicator| indicator.id.clone()).collect(),
            associations: associations.collect(),
            ..FinerRead::default()
        }
    }
}

/// Makes counts of rows that belong to results. `names` are those of the rules, where they are known; else the measures are those of the results.
///
/// # Errors
/// When a name is not known, a count stands twice, or sums are not those of the results.
pub fn from_rows(
    cells: Option<&CellRows>,
    pairs: Option<&PairRows>,
    results: &Results<'_>,
    names: Option<&FinerRead>,
) -> Result<FinerRead, Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let mut read = names.cloned().unwrap_or_else(|| names_of(results, pairs));
    let days =
        [cells.and_then(|rows| Some((rows.day?, &rows.files, DAY))), pairs.and_then(|rows| Some((rows.day?, &rows.files, PAIR_DAY)))];
    let mut known = None;
    for (day, files, column) in days.into_iter().flatten() {
        let found = day_of(results, day);
        if found.is_none() || known.is_some_and(|other| other != found) {
            let place = RowPlace { file: 0, row: 2 };
            let problem = files.problem("D016", "there are no results of this day and view", place, Some(column));
            mistakes.add(problem.help("give results and counts of the same days, and cells and pairs of one"));
        }
        known = Some(found);
    }
    mistakes.none()?;
    read.day = known.flatten().unwrap_or(0);
    let said = Said::of(results, read.day);
    if let Some(rows) = cells {
        read_cells(rows, &said, &mut read)?;
    }
    if let Some(rows) = pairs {
        read_pairs(rows, &said, &mut read)?;
    }
    Ok(read)
}

fn names_of(results: &Results<'_>, pairs: Option<&PairRows>) -> FinerRead {
    let measures: BTreeSet<&str> = results.rows.iter().map(|row| row.measure.as_str()).collect();
    let associations = pairs.map(|rows| rows.associations.names.as_slice()).unwrap_or_default().iter();
    let mut associations: Vec<AssociationName> = associations
        .map(|([id, uptake, outcome], _)| AssociationName { id: id.clone(), uptake: uptake.clone(), outcome: outcome.clone() })
        .collect();
    associations.sort_by(|a, b| a.id.cmp(&b.id));
    FinerRead { measures: measures.into_iter().map(str::to_owned).collect(), associations, ..FinerRead::default() }
}

fn day_of(results: &Results<'_>, (day, view): (Day, View)) -> Option<usize> {
    results.days.iter().position(|reported| reported.day == day && reported.view == Some(view))
}

/// What results say of everybody in each practice on one day.
struct Said<'r> {
    practices: BTreeMap<&'r str, u32>,
    /// Numerator and denominator.
    counts: BTreeMap<(&'r str, u32), (u64, u64)>,
    codes: BTreeMap<u32, &'r str>,
}

impl<'r> Said<'r> {
    fn of(results: &Results<'r>, day: usize) -> Said<'r> {
        let mut said = Said { practices: BTreeMap::new(), counts: BTreeMap::new(), codes: BTreeMap::new() };
        for row in results.rows.iter().filter(|row| row.day == day) {
            let Area::Practice(at) = row.area else { continue };
            let everybody = results.strata.get(row.stratum).is_some_and(|stratum| stratum.kind.is_empty());
            let Some(practice) = results.practices.get(at).filter(|_| everybody) else { continue };
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            said.practices.insert(&practice.code, number);
            said.codes.insert(number, &practice.code);
            said.counts.insert((&row.measure, number), (row.counts.numerator, row.counts.denominator));
        }
        said
    }

    /// The numbers of practices by their names in a file.
    fn numbers(&self, names: &[(String, RowPlace)], (files, column): (&Files, usize), mistakes: &mut Mistakes) -> Vec<Option<u32>> {
        let of = |(code, place): &(String, RowPlace)| {
            let found = self.practices.get(code.as_str()).copied();
            if found.is_none() {
                let problem = files.problem("D016", "the results have no such practice on this day", *place, Some(column));
                mistakes.add(problem.help("give the results of the same practices"));
            }
            found
        };
        names.iter().map(of).collect()
    }
}

fn twice(files: &Files, place: RowPlace, first: RowPlace) -> Problem {
    let problem = files.problem("D017", "this count stands there twice", place, None);
    problem.help(format!("the first is {}: leave one out", files.place(first)))
}

fn unlike(files: &Files, what: &str, practice: &str, says: &str) -> Problem {
    let problem = Problem::error("D019", "these counts do not add up").in_data(files.together(), None, None);
    problem.help(format!("`{what}` at {practice}: {says}; export all rows again"))
}

fn read_cells(rows: &CellRows, said: &Said<'_>, read: &mut FinerRead) -> Result<(), Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let measures = rows.measures.names.iter().map(|(name, place)| {
        let found = read.measures.iter().position(|measure| measure == name);
        if found.is_none() {
            let help = did_you_mean(name, read.measures.iter().map(String::as_str));
            let problem = rows.files.problem("D016", "there is no such indicator", *place, Some(MEASURE));
            mistakes.add(problem.help(help.unwrap_or_else(|| EXPORT_AGAIN.to_owned())));
        }
        found.and_then(|at| u16::try_from(at).ok())
    });
    let measures: Vec<Option<u16>> = measures.collect();
    let practices = said.numbers(&rows.practices.names, (&rows.files, PRACTICE), &mut mistakes);
    let who = rows.who.names.iter().map(|(names, place)| {
        let found = who_of(names);
        if found.is_none() {
            let problem = rows.files.problem("D016", "there is no such group of people", *place, Some(AGE_BAND));
            mistakes
                .add(problem.help("age is `0-4`, `5-9` and so on to `90+`, sex `female`, `male` or `neither`, the fifth 1 to 5 or empty"));
        }
        found
    });
    let who: Vec<Option<Who>> = who.collect();
    mistakes.none()?;
    let mut mistakes = Mistakes::default();
    let mut places: BTreeMap<(u32, u16, Who), RowPlace> = BTreeMap::new();
    let mut sums: BTreeMap<(u16, u32), (u64, u64)> = BTreeMap::new();
    for row in &rows.rows {
        let known = measures.get(row.measure).copied().flatten().zip(practices.get(row.practice).copied().flatten());
        let Some(((measure, practice), who)) = known.zip(who.get(row.who).copied().flatten()) else { continue };
        if let Some(first) = places.insert((practice, measure, who), row.place) {
            mistakes.add(twice(&rows.files, row.place, first));
        }
        let sum = sums.entry((measure, practice)).or_default();
        *sum = (sum.0 + u64::from(row.achieved), sum.1 + u64::from(row.of));
        read.finer.cells.entry(practice).or_default().push(Cell { measure, who, achieved: row.achieved, of: row.of });
    }
    mistakes.none()?;
    read.finer.cells.values_mut().for_each(add_up);
    let mut mistakes = Mistakes::default();
    for measure in sums.keys().map(|(measure, _)| *measure).collect::<BTreeSet<u16>>() {
        let name = read.measures.get(usize::from(measure)).map_or("", String::as_str);
        for (practice, code) in &said.codes {
            let counted = sums.get(&(measure, *practice)).copied().unwrap_or_default();
            if counted != said.counts.get(&(name, *practice)).copied().unwrap_or_default() {
                mistakes.add(unlike(&rows.files, name, code, "its people are not those of the results"));
            }
        }
    }
    mistakes.none()
}

/// The group of three names.
fn who_of([age, sex, fifth]: &[String; 3]) -> Option<Who> {
    let band = (0..AGES.len()).filter_map(|band| u8::try_from(band).ok()).find(|band| band_name(*band) == *age)?;
    let sex = [Some(Sex::Female), Some(Sex::Male), None].into_iter().find(|one| sex_name(*one) == sex)?;
    let fifth = match fifth.as_str() {
        "" => None,
        text => Some(text.parse::<u8>().ok().filter(|fifth| (1..=5).contains(fifth))?),
    };
    Some(Who { band, sex, fifth })
}

fn read_pairs(rows: &PairRows, said: &Said<'_>, read: &mut FinerRead) -> Result<(), Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let associations = rows.associations.names.iter().map(|([id, uptake, outcome], place)| {
        let found = read.associations.iter().position(|one| (&one.id, &one.uptake, &one.outcome) == (id, uptake, outcome));
        if found.is_none() {
            let help = did_you_mean(id, read.associations.iter().map(|one| one.id.as_str()));
            let problem = rows.files.problem("D016", "these rules have no such [[associate]]", *place, Some(ASSOCIATION));
            mistakes.add(problem.help(help.unwrap_or_else(|| EXPORT_AGAIN.to_owned())));
        }
        found.and_then(|at| u16::try_from(at).ok())
    });
    let associations: Vec<Option<u16>> = associations.collect();
    let practices = said.numbers(&rows.practices.names, (&rows.files, PAIR_PRACTICE), &mut mistakes);
    mistakes.none()?;
    let mut mistakes = Mistakes::default();
    let mut places: BTreeMap<(u32, u16, bool, bool), RowPlace> = BTreeMap::new();
    for row in &rows.rows {
        let known = associations.get(row.association).copied().flatten().zip(practices.get(row.practice).copied().flatten());
        let Some((association, practice)) = known else { continue };
        if let Some(first) = places.insert((practice, association, row.taken_up, row.achieved), row.place) {
            mistakes.add(twice(&rows.files, row.place, first));
        }
        let word = |yes: bool| if yes { Taken::Yes } else { Taken::No };
        *read.finer.pairs.entry((practice, association)).or_default().slot(word(row.taken_up), word(row.achieved)) += u64::from(row.people);
    }
    mistakes.none()?;
    let mut mistakes = Mistakes::default();
    for ((practice, association), pair) in &read.finer.pairs {
        let Some(names) = read.associations.get(usize::from(*association)) else { continue };
        let (taken_up, achieved, all) = pair.sums();
        let fits = |measure: &str, counted: u64| {
            said.counts.get(&(measure, *practice)).is_none_or(|(numerator, denominator)| counted <= *numerator && all <= *denominator)
        };
        if !fits(&names.uptake, taken_up) || !fits(&names.outcome, achieved) {
            let code = said.codes.get(practice).copied().unwrap_or_default();
            mistakes.add(unlike(&rows.files, &names.id, code, "there are more people than the results have"));
        }
    }
    mistakes.none()
}
