//! Published counts → the rows that a run of the rules gives too: practices, areas and all together.

use super::{Count, Key, Published, Source, Whom};
use crate::achievement::{Area, Counts, Money, ReportedDay, Results, Row, Status};
use crate::framework::View;
use crate::framework::calendar::{Day, Period};
use crate::practice::Practice;
use crate::tally::Stratum;
use std::collections::{BTreeMap, BTreeSet};

/// The reason of exceptions whose reasons are not published.
pub const NOT_TOLD: &str = "not-told";

/// What practices are summed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SumBy {
    /// The area, such as a Clinical Commissioning Group; the locality where one was passed.
    #[default]
    Area,
    /// The primary care network.
    Network,
}

/// The rows, and what they name.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    practices: Vec<Practice>,
    days: Vec<ReportedDay>,
    rows: Vec<Row>,
}

impl Reported {
    /// As every report takes them.
    pub fn results(&self) -> Results<'_> {
        Results { practices: &self.practices, days: self.days.clone(), strata: vec![Stratum::default()], rows: &self.rows }
    }
}

/// Makes the rows. Totals that are published stand where there are no practices to sum up.
pub fn reported(published: &Published, by: SumBy) -> Reported {
    let mut reported = Reported { practices: practices(published, by), days: days(published), rows: Vec::new() };
    let mut together: BTreeMap<(&str, Day), Vec<(&Key, &Count)>> = BTreeMap::new();
    for (key, count) in &published.counts {
        together.entry((&key.measure, key.day)).or_default().push((key, count));
    }
    for ((measure, day), counts) in together {
        let Some(at) = reported.days.iter().position(|reported| reported.day == day) else { continue };
        let row = |area, (counts, money): (Counts, Option<Money>)| Row {
            measure: measure.to_owned(),
            day: at,
            area,
            stratum: 0,
            counts,
            money,
            status: Status::Published,
        };
        let mut sums: BTreeMap<Area, Sum> = BTreeMap::new();
        for (key, count) in &counts {
            let Whom::Practice(code) = &key.whom else { continue };
            let locality = locality(published, code, day, by);
            let at = reported.practices.binary_search_by(|practice| (&practice.code, &practice.locality).cmp(&(code, &locality)));
            let Ok(practice) = at else { continue };
            let one = numbers(published, key, count);
            let locality = Some(locality).filter(|locality| !locality.is_empty());
            for area in [Some(Area::Whole), locality.map(Area::Locality)].into_iter().flatten() {
                sums.entry(area).or_default().add(&one);
            }
            reported.rows.push(row(Area::Practice(practice), one));
        }
        if sums.is_empty() {
            for (key, count) in &counts {
                let Whom::Area(code) = &key.whom else { continue };
                reported.rows.push(row(Area::Locality(published.area_name(code).to_owned()), numbers(published, key, count)));
            }
        }
        reported.rows.extend(sums.into_iter().map(|(area, sum)| row(area, (sum.counts, sum.money.flatten()))));
    }
    reported
}

/// Counts of several practices; points only where every one of them has some.
#[derive(Default)]
struct Sum {
    counts: Counts,
    money: Option<Option<Money>>,
}

impl Sum {
    fn add(&mut self, (counts, money): &(Counts, Option<Money>)) {
        self.counts.add(counts);
        let together =
            |sum: Money, money: Money| Money { points: sum.points + money.points, max_points: sum.max_points + money.max_points, ..sum };
        self.money = Some(match self.money {
            None => *money,
            Some(sum) => sum.zip(*money).map(|(sum, money)| together(sum, money)),
        });
    }
}

/// The practices by code, each named as it was last. One that has moved to another area stands there once for each, so that sums are
/// of those who belonged to an area in that year.
fn practices(published: &Published, by: SumBy) -> Vec<Practice> {
    let practices = published.counts.keys().filter_map(|key| match &key.whom {
        Whom::Practice(code) => Some((code, locality(published, code, key.day, by))),
        Whom::Area(_) => None,
    });
    let practices: BTreeSet<(&String, String)> = practices.collect();
    let named = |(code, locality): (&String, String)| {
        let name = super::latest(&published.organisations, code).map(|told| told.name.clone()).unwrap_or_default();
        Practice { code: code.clone(), name, locality, list_size: None }
    };
    practices.into_iter().map(named).collect()
}

/// What a practice is summed by on a day; may be empty.
fn locality(published: &Published, code: &str, day: Day, by: SumBy) -> String {
    let Some(told) = published.organisation(code, day) else { return String::new() };
    match by {
        SumBy::Area if !told.locality.is_empty() || told.area.is_empty() => told.locality.clone(),
        SumBy::Area => published.area_name(&told.area).to_owned(),
        SumBy::Network if told.network_name.is_empty() => told.network.clone(),
        SumBy::Network => told.network_name.clone(),
    }
}

/// The days. Those of the Quality and Outcomes Framework end a year; a search knows its last day only.
fn days(published: &Published) -> Vec<ReportedDay> {
    let mut days: BTreeMap<Day, bool> = BTreeMap::new();
    for (key, count) in &published.counts {
        *days.entry(key.day).or_default() |= count.source != Source::Search;
    }
    let reported = |(day, year): (Day, bool)| ReportedDay {
        from: year.then(|| Period::ending(day).from),
        day,
        view: year.then_some(View::YearEnd),
        moved: false,
    };
    days.into_iter().map(reported).collect()
}

fn numbers(published: &Published, key: &Key, count: &Count) -> (Counts, Option<Money>) {
    let figures = &count.figures;
    let counts = match count.source {
        Source::QofPrevalence => {
            let register = figures.register.unwrap_or(0);
            Counts { population: register, numerator: register, denominator: figures.list_size.unwrap_or(0), ..Counts::default() }
        }
        Source::QofAchievement | Source::Search => {
            let (denominator, exceptions) = (figures.denominator.unwrap_or(0), figures.exceptions.unwrap_or(0));
            let excluded = figures.excluded.unwrap_or(0);
            // An indicator of a register or of newly diagnosed people has them, and nobody to count.
            let counted = figures.denominator.map(|_| denominator + exceptions + excluded);
            Counts {
                population: counted.or(figures.register).unwrap_or(0),
                excluded,
                excepted: (exceptions > 0).then_some((NOT_TOLD, exceptions)).into_iter().collect(),
                numerator: figures.numerator.unwrap_or(0),
                denominator,
            }
        }
    };
    let max_points = published.measure(&key.measure, key.day).and_then(|measure| measure.max_points).unwrap_or_default();
    // What an area could earn hangs on how many practices it has, which is not told.
    let max_points = if matches!(key.whom, Whom::Area(_)) { Default::default() } else { max_points };
    (counts, figures.points.map(|points| Money { points, max_points, ..Money::default() }))
}
