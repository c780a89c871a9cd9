//! Reads back what stands in files: names become numbers, and what can be added up must add up, with the counts by line too.

use super::{About, Counts, Item, Key, items, strata};
use crate::extract::counts::Mistakes;
use crate::extract::patient::RowPlace;
use crate::extract::planning_counts::{self, ItemName, PlanningCounts, PlanningRow};
use crate::framework::Framework;
use crate::framework::code_sets::CodeId;
use crate::framework::pathways::Pathway;
use crate::practice::Practice;
use crate::problem::{Problem, did_you_mean};
use crate::tally::{self, Tally, first_pathway};
use std::collections::BTreeMap;

const EXPORT_AGAIN: &str = "these are not the counts as they were made: export them again";

/// Makes counts of rows. `frameworks` and `tally` are those of the counts by line.
///
/// # Errors
/// When a name is not known, a count stands twice, or sums do not fit.
pub fn from_rows(rows: &PlanningCounts, frameworks: &[Framework], practices: &[Practice], tally: &Tally) -> Result<Counts, Vec<Problem>> {
    let mut numbers = Vec::new();
    if let Some(framework) = frameworks.first() {
        let mut mistakes = Mistakes::default();
        let known = Known::new(rows, framework, practices, &mut mistakes);
        let mut places: BTreeMap<Key, RowPlace> = BTreeMap::new();
        for row in &rows.rows {
            let Some(day) = frameworks.iter().position(|framework| framework.reporting_day == row.day) else {
                let problem = rows.files.problem("D016", "there are no counts by line of this day", row.place, Some(planning_counts::DAY));
                mistakes.add(problem.help("pass the counts by line of the same days, with --tally"));
                continue;
            };
            match known.key(row, narrow(day)) {
                Ok(None) => {}
                Ok(Some(key)) => {
                    if let Some(first) = places.insert(key, row.place) {
                        let problem = rows.files.problem("D017", "this count stands there twice", row.place, None);
                        mistakes.add(problem.help(format!("the first is {}: leave one out", rows.files.place(first))));
                    } else {
                        numbers.push((key, row.value));
                    }
                }
                Err((column, says)) => mistakes.add(rows.files.problem("D016", says, row.place, Some(column)).help(EXPORT_AGAIN)),
            }
        }
        mistakes.none()?;
    }
    let counts: Counts = numbers.into_iter().collect();
    let mut mistakes = Mistakes::default();
    unlike_lines(&counts, frameworks, practices, tally, |framework, practice, pathway| {
        let problem = Problem::error("D019", "these counts do not add up").in_data(rows.files.together(), None, None);
        let day = framework.reporting_day.long();
        let what = "the people at each place are not those of the lines, or not all on the register";
        mistakes.add(problem.help(format!("`{}` at {} on {day}: {what}; export all rows again", pathway.id, practice.code)));
    });
    mistakes.none()?;
    Ok(counts)
}

/// What the names in rows stand for; nothing where a name is not known.
struct Known {
    items: Vec<Item>,
    /// Lines of each pathway.
    places: Vec<usize>,
    /// By name: the items so called.
    called: Vec<Vec<usize>>,
    practices: Vec<Option<usize>>,
    /// By name and pathway.
    strata: Vec<Vec<Option<usize>>>,
    /// By name: no code at all, or which.
    codes: Vec<Option<Option<CodeId>>>,
}

impl Known {
    fn new(rows: &PlanningCounts, framework: &Framework, practices: &[Practice], mistakes: &mut Mistakes) -> Known {
        let items = items(framework);
        let strata: Vec<_> = framework.pathways.iter().map(|pathway| strata(framework, pathway)).collect();
        let mut unknown = |(column, says): (usize, &str), place: RowPlace, help: String| {
            mistakes.add(rows.files.problem("D016", says, place, Some(column)).help(help));
        };
        let called = rows.items.names.iter().map(|(name, place)| {
            let found = called(framework, &items, name);
            if found.is_empty() {
                let (what, help) = unknown_item(framework, &items, name);
                unknown(what, *place, help);
            }
            found
        });
        let called = called.collect();
        let numbers = rows.practices.names.iter().map(|(code, place)| {
            let found = practices.binary_search_by(|practice| practice.code.as_str().cmp(code)).ok();
            if found.is_none() {
                let help = "list it in the file of --practices, or pass the list that belongs to these counts".to_owned();
                unknown((planning_counts::PRACTICE, "this practice is not listed"), *place, help);
            }
            found
        });
        let practices = numbers.collect();
        let of_pathways = rows.strata.names.iter().map(|((kind, value), place)| {
            let of = |strata: &Vec<tally::Stratum>| strata.iter().position(|stratum| (stratum.kind, &stratum.value) == (kind, value));
            let found: Vec<Option<usize>> = strata.iter().map(of).collect();
            if found.iter().all(Option::is_none) {
                unknown((planning_counts::STRATUM, "these rules count nobody by this"), *place, EXPORT_AGAIN.to_owned());
            }
            found
        });
        let strata = of_pathways.collect();
        let codes = rows.codes.names.iter().map(|(name, place)| {
            if name.is_empty() {
                return Some(None);
            }
            let found = name.split_once(' ').and_then(|(scheme, code)| framework.codes.find(scheme, code.as_bytes()));
            if found.is_none() {
                unknown((planning_counts::CODE, "these rules have no such code"), *place, EXPORT_AGAIN.to_owned());
            }
            found.map(Some)
        });
        let codes = codes.collect();
        let places = framework.pathways.iter().map(|pathway| pathway.places.len()).collect();
        Known { items, places, called, practices, strata, codes }
    }

    /// The key of a row; nothing when a name in it is not known, which is noted already.
    fn key(&self, row: &PlanningRow, day: u16) -> Result<Option<Key>, (usize, &'static str)> {
        let called = self.called.get(row.item).map(Vec::as_slice).unwrap_or_default();
        let practice = self.practices.get(row.practice).copied().flatten();
        let (Some(first), Some(practice), Some(code)) =
            (called.first().and_then(|at| self.items.get(*at)), practice, self.codes.get(row.code).copied().flatten())
        else {
            return Ok(None);
        };
        let strata = self.strata.get(row.stratum).map(Vec::as_slice).unwrap_or_default();
        if strata.iter().all(Option::is_none) {
            return Ok(None);
        }
        let fits = |at: &&usize| self.items.get(**at).is_some_and(|item| self.has_number(item, row.number));
        let Some((at, item)) = called.iter().find(fits).and_then(|at| Some((*at, self.items.get(*at)?))) else {
            return Err((planning_counts::NUMBER, "the measure has no such number"));
        };
        let stratum = strata.get(first.pathway).copied().flatten().filter(|stratum| *stratum == 0 || !item.is_of_everybody_only());
        let stratum = stratum.ok_or((planning_counts::STRATUM, "the measure is not counted by this"))?;
        let number = match (&item.about, code) {
            (About::Codes, Some(code)) => i32::try_from(code.0).unwrap_or(i32::MAX),
            (About::Codes, None) => return Err((planning_counts::CODE, "a code is missing")),
            (_, Some(_)) => return Err((planning_counts::CODE, "the measure is not of one code")),
            (_, None) => row.number,
        };
        Ok(Some(Key { practice: u32::try_from(practice).unwrap_or(u32::MAX), day, item: narrow(at), stratum: narrow(stratum), number }))
    }

    fn has_number(&self, item: &Item, number: i32) -> bool {
        match item.about {
            About::Place => {
                let places = self.places.get(item.pathway).copied().unwrap_or(0);
                usize::try_from(number).is_ok_and(|line| (1..=places).contains(&line))
            }
            About::Between(..) => true,
            About::Spread(..) => number > 0,
            About::Register
            | About::Missing(_)
            | About::OutOfOrder
            | About::Count(..)
            | About::Lapsed(_)
            | About::Holds(_)
            | About::Codes => number == 0,
        }
    }
}

/// The items of a name: a count and the people by its contact days have the same.
fn called(framework: &Framework, items: &[Item], name: &ItemName) -> Vec<usize> {
    let so_called = |item: &Item| {
        let pathway = framework.pathways.get(item.pathway).is_some_and(|pathway| pathway.id == name.pathway);
        pathway && item.measure == name.measure && period(item) == name.period && item.unit.word() == name.unit
    };
    items.iter().enumerate().filter(|(_, item)| so_called(item)).map(|(at, _)| at).collect()
}

fn period(item: &Item) -> &'static str {
    item.stretch().map_or("on-the-day", |stretch| stretch.word())
}

/// Which column names what is not known, what to say of it, and a way out.
fn unknown_item(framework: &Framework, items: &[Item], name: &ItemName) -> ((usize, &'static str), String) {
    let Some(pathway) = framework.pathways.iter().position(|pathway| pathway.id == name.pathway) else {
        let ids = framework.pathways.iter().map(|pathway| pathway.id.as_str());
        let help =
            did_you_mean(&name.pathway, ids.clone()).unwrap_or_else(|| format!("the pathways are {}", ids.collect::<Vec<_>>().join(", ")));
        return ((planning_counts::PATHWAY, "these rules have no such pathway"), help);
    };
    let of_pathway = || items.iter().filter(move |item| item.pathway == pathway);
    if of_pathway().all(|item| item.measure != name.measure) {
        let help = did_you_mean(&name.measure, of_pathway().map(|item| item.measure.as_str())).unwrap_or_else(|| EXPORT_AGAIN.to_owned());
        return ((planning_counts::MEASURE, "these rules have no such measure"), help);
    }
    let says = "the measure is not counted in this period and unit";
    ((planning_counts::PERIOD, says), EXPORT_AGAIN.to_owned())
}

/// Finds pathways whose people at each place are not those of the lines, or whose register is not all of them.
fn unlike_lines(
    counts: &Counts,
    frameworks: &[Framework],
    practices: &[Practice],
    tally: &Tally,
    mut found: impl FnMut(&Framework, &Practice, &Pathway),
) {
    for (day, framework) in (0..).zip(frameworks) {
        let items = items(framework);
        let of_everyone = tally::strata(&framework.strata).len();
        for (at, (measure, pathway)) in (first_pathway(framework)..).zip(&framework.pathways).enumerate() {
            let find = |about: &About| items.iter().position(|item| item.pathway == at && item.about == *about).map(narrow);
            let (Some(register), Some(place)) = (find(&About::Register), find(&About::Place)) else { continue };
            let strata = strata(framework, pathway).len();
            for (number, practice) in (0..).zip(practices) {
                let fits = |stratum: usize| {
                    let key = Key { practice: number, day, item: place, stratum: narrow(stratum), number: 0 };
                    let mut all = 0;
                    for line in &pathway.lines.lines {
                        let line = line.number.0;
                        let people = counts.get(Key { number: i32::from(line), ..key });
                        let of_line = tally::Key { practice: number, day, measure, stratum: narrow(stratum), line };
                        if stratum < of_everyone && people != u64::from(tally.get(of_line)) {
                            return false;
                        }
                        all += people;
                    }
                    all == counts.get(Key { item: register, ..key })
                };
                if !(0..strata).all(fits) {
                    found(framework, practice, pathway);
                }
            }
        }
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
