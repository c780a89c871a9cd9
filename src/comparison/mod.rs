//! Rows of results → what the methods of `variation` say of each measure on each reporting day, and of each practice, for one audience.
//! Whatever may not be shown is not in what comes out. Knows no file, and no person.

mod association;
mod change;
mod finer;
mod inequality;
mod practice;
mod standardised;
mod statistics;

pub use association::Associated;
pub use finer::{FinerComparison, finer_comparison};
pub use inequality::{GroupRate, Unequal, UnequalArea};
pub use practice::{ComparedPractice, NextThreshold, PracticeStatistics};
pub use standardised::{Events, Indirect, Rate, StandardisedArea, StandardisedMeasure};
pub use statistics::{Flagged, OfThreshold, Statistics};

use crate::achievement::{Area, Results, Row, Status};
use crate::disclosure::{Audience, Percentage, PracticeCounts, Shown, Table, areas};
use crate::framework::{Framework, Thresholds};
use crate::variation::{Interval, Level};
use change::Before;
use std::collections::BTreeMap;

/// How many achieved of how many.
type Pair = (u64, u64);

/// What rules say of a measure: its title, and what it pays for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// In words.
    pub title: String,
    /// From where to where it pays, in per cent.
    pub pays: Option<Thresholds>,
}

/// What rules say of their registers, indicators and associations, by id. Those of the last framework stand.
pub fn about(frameworks: &[Framework]) -> BTreeMap<String, About> {
    let mut about = BTreeMap::new();
    for framework in frameworks {
        let registers = framework.registers.iter().map(|one| (one.id.clone(), About { title: one.title.clone(), pays: None }));
        let indicators = framework.indicators.iter().map(|one| (one.id.clone(), About { title: one.title.clone(), pays: one.pays }));
        let associations = framework.associations.iter().map(|one| (one.id.clone(), About { title: one.title.clone(), pays: None }));
        about.extend(registers.chain(indicators).chain(associations));
    }
    about
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// For whom it is printed.
    pub audience: Audience,
    /// One measure, which may be a register; else all indicators. How many have an illness depends on how old they are: of registers
    /// nothing is said without being asked.
    pub measure: Option<&'a str>,
    /// What rules say of measures; nothing is known of those that are not there.
    pub about: &'a BTreeMap<String, About>,
}

/// One measure on one reporting day.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The measure's id.
    pub measure: String,
    /// What rules say of it.
    pub about: About,
    /// Whether it tells how many are on a register, of everyone on the list.
    pub of_a_register: bool,
    /// Which reporting day of the results.
    pub day: usize,
    /// For whom this is.
    pub audience: Audience,
    /// Every practice, by code.
    pub practices: Vec<ComparedPractice>,
    /// All who achieved.
    pub achieved: Shown,
    /// All who were counted.
    pub of: Shown,
    /// All together, from what is shown.
    pub percentage: Option<Percentage>,
    /// Where the rate of all may lie by chance alone; nothing where the counts are not shown exactly.
    pub interval: Option<Interval>,
    /// The same at 99.8 per cent.
    pub interval_998: Option<Interval>,
    /// Practices that counted somebody and are not in the statistics, as their counts are not shown to this audience.
    pub left_out: usize,
    /// What is worked out from all practices whose counts are shown; nothing where that is none.
    pub statistics: Option<Statistics>,
}

/// Compares practices, by measure, view and day.
pub fn comparisons(results: &Results<'_>, asked: &Asked<'_>) -> Vec<Comparison> {
    let mut all = Vec::new();
    let mut before: Option<(&str, &str, Before)> = None;
    for ((measure, view, _, day), rows) in by_measure(results, asked) {
        let last = before.take().filter(|(of, in_view, _)| (*of, *in_view) == (measure, view)).map(|(_, _, before)| before);
        let mut before_this = last.unwrap_or_default();
        if let Some(comparison) = compare(results, asked, day, &rows, &mut before_this) {
            all.push(comparison);
        }
        before = Some((measure, view, before_this));
    }
    all
}

/// By measure, view, day, and the place of the day in the results.
type Place<'r> = (&'r str, &'r str, crate::framework::calendar::Day, usize);

fn by_measure<'r>(results: &'r Results<'_>, asked: &Asked<'_>) -> BTreeMap<Place<'r>, Vec<&'r Row>> {
    let mut by_measure: BTreeMap<Place<'_>, Vec<&Row>> = BTreeMap::new();
    for row in results.rows.iter().filter(|row| asked.measure.is_none_or(|measure| row.measure == measure)) {
        let Some(day) = results.days.get(row.day) else { continue };
        let view = day.view.map_or("", |view| view.word());
        by_measure.entry((&row.measure, view, day.day, row.day)).or_default().push(row);
    }
    // Asked for by name, a register is compared too.
    by_measure.retain(|_, rows| asked.measure.is_some() || !rows.iter().any(|row| is_of_a_register(row)));
    by_measure
}

/// Whether a row tells how many are on a register. Published rows do not say so, but of a register the list is counted, not the people on it.
fn is_of_a_register(row: &Row) -> bool {
    let counts = &row.counts;
    match row.status {
        Status::Register => true,
        Status::Published => counts.denominator > 0 && counts.population != counts.excluded + counts.all_excepted() + counts.denominator,
        _ => false,
    }
}

fn compare(results: &Results<'_>, asked: &Asked<'_>, day: usize, rows: &[&Row], before: &mut Before) -> Option<Comparison> {
    let everybody = |row: &&&Row| results.strata.get(row.stratum).is_some_and(|stratum| stratum.kind.is_empty());
    let mut of_practices: Vec<(usize, Pair)> = Vec::new();
    for row in rows.iter().filter(everybody) {
        let Area::Practice(at) = row.area else { continue };
        of_practices.push((at, (row.counts.numerator, row.counts.denominator)));
    }
    of_practices.sort_unstable();
    let measure = rows.first().filter(|_| !of_practices.is_empty())?.measure.clone();
    let about = asked.about.get(&measure).cloned().unwrap_or_default();
    // Localities are not printed here.
    let counts = of_practices.iter().map(|(_, (achieved, of))| PracticeCounts { locality: None, achieved: *achieved, of: *of });
    let mut table = Table::default();
    // Whoever reads results has refused more achieved than counted, which alone does not add up.
    let cells = areas(&mut table, &counts.collect::<Vec<_>>()).ok()?;
    let shown = table.for_audience(asked.audience);
    let used: Vec<bool> = cells
        .practices
        .iter()
        .zip(&of_practices)
        .map(|(cells, (_, (_, of)))| *of > 0 && shown.all_exact(&[cells.achieved, cells.of]))
        .collect();
    let counted = of_practices.iter().filter(|(_, (_, of))| *of > 0).count();
    let in_statistics: Vec<(usize, Pair)> = of_practices.iter().zip(&used).filter(|(_, used)| **used).map(|(one, _)| *one).collect();
    let whole_shown = shown.all_exact(&[cells.whole.achieved, cells.whole.of]);
    let whole = of_practices.iter().fold((0, 0), |sum, (_, one)| (sum.0 + one.0, sum.1 + one.1));
    let of_a_register = rows.iter().any(|row| is_of_a_register(row));
    let statistics = statistics::of(results, &about, &in_statistics, of_a_register);
    let changes = before.follow(results, day, whole_shown.then_some(whole), &in_statistics);
    let statistics = statistics.map(|mut statistics| {
        statistics.change = changes.whole;
        statistics.trend = changes.trend;
        if asked.audience == Audience::Internal {
            statistics.inequality = statistics::inequality_of(results, rows);
        }
        statistics
    });
    let interval = |level| Some(whole).filter(|_| whole_shown).and_then(|whole| statistics::interval_of(whole, level));
    let practices = practice::all(&of_practices, &cells.practices, &shown, statistics.as_ref(), &changes.practices, &about);
    Some(Comparison {
        measure,
        of_a_register,
        about,
        day,
        audience: asked.audience,
        practices,
        achieved: shown.count(cells.whole.achieved),
        of: shown.count(cells.whole.of),
        percentage: shown.percentage(cells.whole.achieved, cells.whole.of),
        interval: interval(Level::Percent95),
        interval_998: interval(Level::Percent998),
        left_out: counted - in_statistics.len(),
        statistics,
    })
}
