//! `care-planning.csv`, `pathway.csv` and `planning-counts.csv`: what pathways count.

use super::rows::{Rows, as_written};
use super::{Outcomes, harmless, moved};
use crate::achievement::Area;
use crate::dictionary::{Column, INTERVAL_END, INTERVAL_START, LOCALITY_OR_TOTAL, PERIOD_MOVED, PRACTICE_NAME, PRACTICE_OR_TOTAL, Sheet};
use crate::framework::{Framework, Status, Stretch};
use crate::planning::{
    About, COUNTS, Figure, Item, Key, PATHWAY_ID, PERIOD, STRATUM, STRATUM_VALUE, Unit, figures, items, place_figures,
    place_figures_of_everybody, strata,
};
use crate::tally::Stratum;
use std::borrow::Cow;

/// The columns of `care-planning.csv`.
pub(super) static CARE_PLANNING: Sheet = Sheet {
    name: "care-planning.csv",
    title: "Care plans and shared decisions, counted by people, events and contact days",
    written_by: "dqoh run, dqoh report",
    columns: &[
        PATHWAY_ID,
        Column::text("measure", "What is counted; docs/results.md lists it"),
        Column::text("title", "The same in words, with the unit, and of whom a share is"),
        PRACTICE_OR_TOTAL,
        PRACTICE_NAME,
        LOCALITY_OR_TOTAL,
        INTERVAL_END,
        PERIOD,
        INTERVAL_START,
        Column::text("unit", "What the value counts: people once, events are records, contact days are days on which a person has one; never add them"),
        STRATUM,
        STRATUM_VALUE,
        Column::whole("value", "as the column unit says", "The value; days between steps are below 0 where the steps are out of order"),
        REGISTER,
        Column::number(
            "ratio",
            "",
            "Value divided by register: of people a share of everyone on the register, of events and contact days a mean a person; empty where nobody is, and for days between steps",
        )
        .or_empty(),
        Column::people("declined", "Of everyone on the register, people whose status is declined on the reporting day"),
        Column::share("declined_ratio", "Declined divided by register").or_empty(),
        PERIOD_MOVED,
    ],
    key: &["pathway", "measure", "practice_code", "locality", "interval_end", "period", "unit", "stratum", "stratum_value"],
};

/// The columns of `pathway.csv`.
pub(super) static PATHWAY: Sheet = Sheet {
    name: "pathway.csv",
    title: "Where people are in the cycle of care planning",
    written_by: "dqoh run, dqoh report",
    columns: &[
        PATHWAY_ID,
        PRACTICE_OR_TOTAL,
        PRACTICE_NAME,
        LOCALITY_OR_TOTAL,
        INTERVAL_END,
        Column::words("status", || Status::ALL.map(Status::word).to_vec(), "Where people are; docs/results.md has what each word means"),
        Column::text("furthest_stage", "The furthest stage within its window, or none"),
        STRATUM,
        STRATUM_VALUE,
        Column::people("people", "People at this place; the places of one area and stratum together are everyone on the register"),
        REGISTER,
        Column::share("ratio", "People divided by register; empty where nobody is").or_empty(),
        PERIOD_MOVED,
    ],
    key: &["pathway", "practice_code", "locality", "interval_end", "status", "furthest_stage", "stratum", "stratum_value"],
};

const REGISTER: Column =
    Column::people("register", "Everyone on the register in this area and stratum on the reporting day, those who declined among them");

/// How many people, events and contact days: one row a measure, unit, area, reporting day, period and stratum.
pub fn care_planning_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let days: Vec<DayCells> = outcomes.frameworks.iter().map(DayCells::of).collect();
    // By the columns that identify a row: all but titles and names, before the value.
    let mut rows = Rows::new(CARE_PLANNING.columns.len(), &[0, 1, 3, 5, 6, 7, 9, 10, 11]);
    let mut titles = Titles::default();
    figures(outcomes.frameworks, outcomes.practices, outcomes.planning, |figure| {
        care_planning_row(outcomes, &days, &mut titles, figure, &mut rows);
    });
    rows.into_csv(&CARE_PLANNING.names())
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

/// The titles of figures as they will stand in the file, by item: each unit of it, and its title.
#[derive(Default)]
struct Titles(Vec<Vec<(String, String)>>);

impl Titles {
    fn of(&mut self, figure: &Figure<'_>) -> &str {
        if self.0.len() <= figure.item {
            self.0.resize(figure.item + 1, Vec::new());
        }
        let Some(of_item) = self.0.get_mut(figure.item) else { return "" };
        let at = of_item.iter().position(|(unit, _)| unit == figure.unit).unwrap_or_else(|| {
            let title = as_written(&format!("{}: {}{}", figure.title, figure.unit, of_whom(figure.unit)));
            of_item.push((figure.unit.to_owned(), title));
            of_item.len() - 1
        });
        of_item.get(at).map_or("", |(_, title)| title)
    }
}

fn care_planning_row(outcomes: &Outcomes<'_>, days: &[DayCells], titles: &mut Titles, figure: &Figure<'_>, rows: &mut Rows) {
    let Some((cells, area)) = days.get(figure.day).zip(area(outcomes, figure.area)) else { return };
    let start = figure.stretch.and_then(|stretch| cells.starts.iter().find(|(other, _)| *other == stretch));
    // Of numbers of days a share of the register would say nothing.
    let shares = !figure.unit.starts_with("days,") && figure.unit != "codes used here only";
    rows.texts([figure.pathway, figure.measure]);
    rows.written(titles.of(figure));
    rows.texts(area.iter().map(Cow::as_ref));
    rows.texts([cells.day.as_str(), figure.stretch.map_or("on-the-day", |stretch| stretch.word())]);
    rows.texts([start.map_or(cells.day.as_str(), |(_, day)| day), figure.unit, figure.stratum.kind, figure.stratum.value.as_str()]);
    rows.whole(figure.value);
    rows.whole(figure.register);
    match shares {
        true => rows.ratio(u64::try_from(figure.value).unwrap_or(0), figure.register),
        false => rows.texts([""]),
    }
    rows.whole(figure.declined);
    rows.ratio(figure.declined, figure.register);
    rows.texts([cells.moved.as_str()]);
}

/// What is said of a value besides its unit: nobody should read one unit for another, or of whom a share is.
fn of_whom(unit: &str) -> &'static str {
    if unit == Unit::People.word() || unit.strip_prefix(Unit::People.word()).is_some_and(|rest| rest.starts_with(' ')) {
        ", of everyone on the register"
    } else if [Unit::Events, Unit::ContactDays].iter().any(|other| unit == other.word()) {
        ", and how many a person on the register"
    } else {
        ""
    }
}

/// People at each status and furthest stage.
pub fn pathway_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let days: Vec<DayCells> = outcomes.frameworks.iter().map(DayCells::of).collect();
    let mut rows = Rows::new(PATHWAY.columns.len(), &[0, 1, 3, 4, 7, 8, 5, 6]);
    for figure in place_figures(outcomes.frameworks, outcomes.practices, outcomes.planning) {
        let Some((cells, area)) = days.get(figure.day).zip(area(outcomes, &figure.area)) else { continue };
        rows.texts([figure.pathway.as_str()]);
        rows.texts(area.iter().map(Cow::as_ref));
        rows.texts([
            cells.day.as_str(),
            figure.place.status.word(),
            figure.furthest.as_str(),
            figure.stratum.kind,
            figure.stratum.value.as_str(),
        ]);
        rows.whole(figure.people);
        rows.whole(figure.register);
        rows.ratio(figure.people, figure.register);
        rows.texts([cells.moved.as_str()]);
    }
    rows.into_csv(&PATHWAY.names())
}

/// The counts and nothing else; what any engine that runs the rules returns.
pub fn planning_counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let Some(first) = outcomes.frameworks.first() else { return Vec::new() };
    let items = items(first);
    // The same on every reporting day.
    let strata: Vec<Vec<Stratum>> = first.pathways.iter().map(|pathway| strata(first, pathway)).collect();
    let days: Vec<DayCells> = outcomes.frameworks.iter().map(DayCells::of).collect();
    let mut rows = Rows::new(COUNTS.columns.len(), &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (key, value) in outcomes.planning.iter() {
        let Some((number, code)) = counts_row(outcomes, (&items, &strata, &days), key, &mut rows) else { continue };
        rows.number(number);
        rows.texts([code.as_str()]);
        rows.whole(value);
        rows.texts([days.get(usize::from(key.day)).map_or("", |cells| cells.moved.as_str())]);
    }
    rows.into_csv(&COUNTS.names())
}

/// Adds the cells before the number; gives the number, and the code that comes after it.
fn counts_row(
    outcomes: &Outcomes<'_>,
    (items, strata, days): (&[Item], &[Vec<Stratum>], &[DayCells]),
    key: Key,
    rows: &mut Rows,
) -> Option<(i32, String)> {
    let framework = outcomes.frameworks.get(usize::from(key.day))?;
    let day = days.get(usize::from(key.day))?;
    let item = items.get(usize::from(key.item))?;
    let pathway = framework.pathways.get(item.pathway)?;
    let stratum = strata.get(item.pathway)?.get(usize::from(key.stratum))?;
    let practice = outcomes.practices.get(key.practice as usize)?;
    rows.texts([framework.hash.as_str(), pathway.id.as_str(), item.measure.as_str(), practice.code.as_str(), day.day.as_str()]);
    rows.texts([framework.view.word(), item.stretch().map_or("on-the-day", |stretch| stretch.word()), item.unit.word()]);
    rows.texts([stratum.kind, stratum.value.as_str()]);
    Some(match item.about {
        About::Codes => (0, code_name(framework, key.number)),
        _ => (key.number, String::new()),
    })
}

/// `snomed 1187911000000105`
fn code_name(framework: &Framework, number: i32) -> String {
    let id = crate::framework::code_sets::CodeId(u32::try_from(number).unwrap_or(u32::MAX));
    let (scheme, code) = framework.codes.name_of(id);
    format!("{scheme} {code}")
}

fn area<'o>(outcomes: &Outcomes<'o>, area: &'o Area) -> Option<[Cow<'o, str>; 3]> {
    let nothing = Cow::Borrowed("");
    Some(match area {
        Area::Whole => [nothing.clone(), nothing.clone(), nothing],
        Area::Locality(locality) => [nothing.clone(), nothing, harmless(locality).into()],
        Area::Practice(at) => {
            let practice = outcomes.practices.get(*at)?;
            [practice.code.as_str().into(), harmless(&practice.name).into(), harmless(&practice.locality).into()]
        }
    })
}

/// The people on the register and where they are, for the table that `dqoh run` prints: of each practice on the last reporting
/// day, and all together, how many are on the register and how many of each status, in the order of [`Status::ALL`].
pub fn planning_rows(outcomes: &Outcomes<'_>) -> Vec<(Area, u64, [u64; 5])> {
    let last = outcomes.frameworks.len().saturating_sub(1);
    let mut rows: Vec<(Area, u64, [u64; 5])> = Vec::new();
    let figures = place_figures_of_everybody(outcomes.frameworks, outcomes.practices, outcomes.planning);
    for figure in figures.into_iter().filter(|figure| figure.day == last) {
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
