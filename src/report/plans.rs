//! `care-planning.csv`, `pathway.csv` and `planning-counts.csv`: what pathways count.

use super::{Outcomes, csv_of, harmless, moved};
use crate::achievement::Area;
use crate::framework::{Framework, Status, Stretch};
use crate::planning::{About, COLUMNS, Figure, Item, Key, PlaceFigure, Unit, figures, items, place_figures, strata};
use crate::tally::Stratum;
use std::cmp::Ordering;

/// The columns of `care-planning.csv`.
pub const CARE_PLANNING: [&str; 18] = [
    "pathway",
    "measure",
    "title",
    "practice_code",
    "practice_name",
    "locality",
    "interval_end",
    "period",
    "interval_start",
    "unit",
    "stratum",
    "stratum_value",
    "value",
    "register",
    "ratio",
    "declined",
    "declined_ratio",
    "period_moved",
];

/// The columns of `pathway.csv`.
pub const PATHWAY: [&str; 13] = [
    "pathway",
    "practice_code",
    "practice_name",
    "locality",
    "interval_end",
    "status",
    "furthest_stage",
    "stratum",
    "stratum_value",
    "people",
    "register",
    "ratio",
    "period_moved",
];

/// How many people, events and contact days: one row a measure, unit, area, reporting day, period and stratum.
pub fn care_planning_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let figures = figures(outcomes.frameworks, outcomes.practices, outcomes.planning);
    let days: Vec<DayCells> = outcomes.frameworks.iter().map(DayCells::of).collect();
    let mut rows: Vec<Vec<String>> = figures.iter().filter_map(|figure| care_planning_row(outcomes, &days, figure)).collect();
    // By the columns that identify a row: all but titles and names, before the value.
    sort_by_columns(&mut rows, &[0, 1, 3, 5, 6, 7, 9, 10, 11]);
    csv_of(&CARE_PLANNING, rows)
}

/// The cells that all rows of a reporting day have.
struct DayCells {
    day: String,
    /// Where each stretch of time begins.
    starts: [(Stretch, String); 3],
    moved: String,
}

impl DayCells {
    fn of(framework: &Framework) -> DayCells {
        let starts = framework.stretches().map(|(stretch, day)| (stretch, day.to_string()));
        DayCells { day: framework.reporting_day.to_string(), starts, moved: moved(framework) }
    }
}

fn care_planning_row(outcomes: &Outcomes<'_>, days: &[DayCells], figure: &Figure) -> Option<Vec<String>> {
    let cells = days.get(figure.day)?;
    let [code, name, locality] = area(outcomes, &figure.area)?;
    let start = figure.stretch.and_then(|stretch| cells.starts.iter().find(|(other, _)| *other == stretch));
    // Of numbers of days a share of the register would say nothing.
    let shares = !figure.unit.starts_with("days,") && figure.unit != "codes used here only";
    Some(vec![
        figure.pathway.clone(),
        figure.measure.clone(),
        label(figure),
        code,
        name,
        locality,
        cells.day.clone(),
        figure.stretch.map_or("on-the-day", |stretch| stretch.word()).to_owned(),
        start.map_or(&cells.day, |(_, day)| day).clone(),
        figure.unit.clone(),
        figure.stratum.kind.to_owned(),
        figure.stratum.value.clone(),
        figure.value.to_string(),
        figure.register.to_string(),
        if shares { ratio(u64::try_from(figure.value).unwrap_or(0), figure.register) } else { String::new() },
        figure.declined.to_string(),
        ratio(figure.declined, figure.register),
        cells.moved.clone(),
    ])
}

/// The title, and what the value counts: nobody should read one unit for another, or of whom a share is.
fn label(figure: &Figure) -> String {
    let unit = &figure.unit;
    let of = if *unit == Unit::People.word() || unit.starts_with(&format!("{} ", Unit::People.word())) {
        ", of everyone on the register"
    } else if [Unit::Events, Unit::ContactDays].iter().any(|other| unit == other.word()) {
        ", and how many a person on the register"
    } else {
        ""
    };
    format!("{}: {unit}{of}", figure.title)
}

/// People at each status and furthest stage.
pub fn pathway_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let figures = place_figures(outcomes.frameworks, outcomes.practices, outcomes.planning);
    let mut rows: Vec<Vec<String>> = figures.iter().filter_map(|figure| pathway_row(outcomes, figure)).collect();
    sort_by_columns(&mut rows, &[0, 1, 3, 4, 7, 8, 5, 6]);
    csv_of(&PATHWAY, rows)
}

fn pathway_row(outcomes: &Outcomes<'_>, figure: &PlaceFigure) -> Option<Vec<String>> {
    let framework = outcomes.frameworks.get(figure.day)?;
    let [code, name, locality] = area(outcomes, &figure.area)?;
    Some(vec![
        figure.pathway.clone(),
        code,
        name,
        locality,
        framework.reporting_day.to_string(),
        figure.place.status.word().to_owned(),
        figure.furthest.clone(),
        figure.stratum.kind.to_owned(),
        figure.stratum.value.clone(),
        figure.people.to_string(),
        figure.register.to_string(),
        ratio(figure.people, figure.register),
        moved(framework),
    ])
}

/// The counts and nothing else; what any engine that runs the rules returns.
pub fn planning_counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let Some(first) = outcomes.frameworks.first() else { return Vec::new() };
    let items = items(first);
    // The same on every reporting day.
    let strata: Vec<Vec<Stratum>> = first.pathways.iter().map(|pathway| strata(first, pathway)).collect();
    let mut rows: Vec<(Vec<String>, i32, [String; 3])> =
        outcomes.planning.iter().filter_map(|(key, value)| counts_row(outcomes, (&items, &strata), key, value)).collect();
    rows.sort();
    let rows = rows.into_iter().map(|(mut cells, number, rest)| {
        cells.insert(0, first.hash.clone());
        cells.push(number.to_string());
        cells.extend(rest);
        cells
    });
    csv_of(&COLUMNS, rows)
}

/// The cells before the number, the number, and the cells after it.
fn counts_row(
    outcomes: &Outcomes<'_>,
    (items, strata): (&[Item], &[Vec<Stratum>]),
    key: Key,
    value: u64,
) -> Option<(Vec<String>, i32, [String; 3])> {
    let framework = outcomes.frameworks.get(usize::from(key.day))?;
    let item = items.get(usize::from(key.item))?;
    let pathway = framework.pathways.get(item.pathway)?;
    let stratum = strata.get(item.pathway)?.get(usize::from(key.stratum))?;
    let (number, code) = match item.about {
        About::Codes => (0, code_name(framework, key.number)),
        _ => (key.number, String::new()),
    };
    let cells = vec![
        pathway.id.clone(),
        item.measure.clone(),
        outcomes.practices.get(key.practice as usize)?.code.clone(),
        framework.reporting_day.to_string(),
        framework.view.word().to_owned(),
        item.stretch().map_or("on-the-day", |stretch| stretch.word()).to_owned(),
        item.unit.word().to_owned(),
        stratum.kind.to_owned(),
        stratum.value.clone(),
    ];
    Some((cells, number, [code, value.to_string(), moved(framework)]))
}

/// `snomed 1187911000000105`
fn code_name(framework: &Framework, number: i32) -> String {
    let id = crate::framework::code_sets::CodeId(u32::try_from(number).unwrap_or(u32::MAX));
    let (scheme, code) = framework.codes.name_of(id);
    format!("{scheme} {code}")
}

fn area(outcomes: &Outcomes<'_>, area: &Area) -> Option<[String; 3]> {
    Some(match area {
        Area::Whole => [String::new(), String::new(), String::new()],
        Area::Locality(locality) => [String::new(), String::new(), harmless(locality)],
        Area::Practice(at) => {
            let practice = outcomes.practices.get(*at)?;
            [practice.code.clone(), harmless(&practice.name), harmless(&practice.locality)]
        }
    })
}

/// To six decimals; empty where there is nobody.
fn ratio(value: u64, register: u64) -> String {
    if register == 0 {
        return String::new();
    }
    // Half up in whole numbers: the same on every machine.
    let millionths = (u128::from(value) * 2_000_000 + u128::from(register)) / (2 * u128::from(register));
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

fn sort_by_columns(rows: &mut [Vec<String>], columns: &[usize]) {
    rows.sort_by(|one, other| {
        columns.iter().map(|column| one.get(*column).cmp(&other.get(*column))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

/// The people on the register and where they are, for the table that `dqoh run` prints: of each practice on the last reporting
/// day, and all together, how many are on the register and how many of each status, in the order of [`Status::ALL`].
pub fn planning_rows(outcomes: &Outcomes<'_>) -> Vec<(Area, u64, [u64; 5])> {
    let last = outcomes.frameworks.len().saturating_sub(1);
    let mut rows: Vec<(Area, u64, [u64; 5])> = Vec::new();
    for figure in place_figures(outcomes.frameworks, outcomes.practices, outcomes.planning) {
        if figure.day != last || !figure.stratum.kind.is_empty() {
            continue;
        }
        let at = rows.iter().position(|(area, _, _)| *area == figure.area).unwrap_or_else(|| {
            rows.push((figure.area.clone(), figure.register, [0; 5]));
            rows.len() - 1
        });
        let status = Status::ALL.iter().position(|status| *status == figure.place.status);
        if let Some(slot) = rows.get_mut(at).zip(status).and_then(|((_, _, people), status)| people.get_mut(status)) {
            *slot += figure.people;
        }
    }
    rows
}
