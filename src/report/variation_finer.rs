//! `standardised.csv`, `inequality.csv` and `associations.csv`: what follows from counts by age, sex and deprivation, and from people by
//! uptake and outcome. For the internal audience alone: for any other the files have a header and no row, so that none is left from before.

use super::csvw::{Column, metadata};
use super::variation::Cells;
use super::{csv_of, harmless};
use crate::achievement::{Area, Results};
use crate::comparison::{Associated, FinerComparison, Rate, StandardisedArea, StandardisedMeasure, Unequal, UnequalArea};
use crate::disclosure::Audience;
use crate::variation::{CAVEATS, Interval};

const MEASURE: [Column; 8] = [
    ("measure", "string", "The indicator"),
    ("practice_code", "string", "The practice; empty for a locality and for all together"),
    ("practice_name", "string", "Its name"),
    ("locality", "string", "The practice's locality, or the locality itself; empty for all together"),
    ("interval_start", "date", "First day of the period"),
    ("interval_end", "date", "The reporting day"),
    ("view", "string", "year-end or rolling"),
    ("audience", "string", "For whom: internal"),
];

const OF_STANDARDISED: [Column; 18] = [
    ("numerator", "integer", "Who achieved"),
    ("denominator", "integer", "Who was counted"),
    ("rate", "decimal", "One divided by the other: the crude rate, which is paid on"),
    ("lower_95", "decimal", "Where it may lie by chance alone: Wilson, 95 per cent, lower end"),
    ("upper_95", "decimal", "Upper end"),
    ("direct_rate", "decimal", "The rate with the ages of the European standard population of 2013"),
    ("direct_lower_95", "decimal", "Its interval (Dobson), lower end"),
    ("direct_upper_95", "decimal", "Upper end"),
    ("why_no_direct_rate", "string", "Why direct_rate is empty"),
    ("events", "string", "What the next five columns count: achieved, or where most people achieve, not achieved"),
    ("seen", "integer", "How many events there were"),
    ("expected", "decimal", "How many there would be if each age, sex and fifth of deprivation had the rate of all practices together"),
    ("ratio", "decimal", "Seen divided by expected; 1 is as all are"),
    ("ratio_lower_95", "decimal", "Its interval, lower end"),
    ("ratio_upper_95", "decimal", "Upper end"),
    ("indirect_rate", "decimal", "The rate of all, times the ratio: people who achieved"),
    ("indirect_lower_95", "decimal", "Its interval, lower end"),
    ("indirect_upper_95", "decimal", "Upper end"),
];

const OF_INEQUALITY: [Column; 17] = [
    ("by", "string", "By what people are told apart: imd_quintile, age_band, sex"),
    ("group", "string", "Which of them; all in the row of the indices, which is of people whose fifth is known"),
    ("numerator", "integer", "Who achieved"),
    ("denominator", "integer", "Who was counted"),
    ("rate", "decimal", "One divided by the other"),
    ("lower_95", "decimal", "Where it may lie by chance alone: Wilson, 95 per cent, lower end"),
    ("upper_95", "decimal", "Upper end"),
    ("slope_index", "decimal", "The rate of the least deprived less that of the most, on a line through all fifths; not of a practice"),
    ("slope_lower_95", "decimal", "Its interval, lower end"),
    ("slope_upper_95", "decimal", "Upper end"),
    ("relative_index", "decimal", "The rate of the least deprived divided by that of the most, on the same line"),
    ("relative_lower_95", "decimal", "Its interval, lower end"),
    ("relative_upper_95", "decimal", "Upper end"),
    ("gap", "decimal", "The rate of the least deprived fifth less that of the most; only where each has 20 people"),
    ("gap_lower_95", "decimal", "Its interval (Newcombe), lower end"),
    ("gap_upper_95", "decimal", "Upper end"),
    ("why_no_gap", "string", "Why gap is empty"),
];

const ASSOCIATIONS: [Column; 28] = [
    ("association", "string", "The [[associate]] of the framework"),
    ("title", "string", "What it is called; empty where the rules are not known"),
    ("uptake", "string", "The indicator that people took something up by"),
    ("outcome", "string", "The indicator that shows what came of it"),
    ("interval_start", "date", "First day of the period"),
    ("interval_end", "date", "The reporting day"),
    ("view", "string", "year-end or rolling"),
    ("audience", "string", "For whom: internal"),
    ("practices", "integer", "Practices with anybody in the denominators of both"),
    ("achieved_with", "integer", "Of people who took it up, those who achieved the outcome"),
    ("people_with", "integer", "People who took it up"),
    ("achieved_without", "integer", "Of people who did not, those who achieved the outcome"),
    ("people_without", "integer", "People who did not take it up"),
    ("rank_correlation", "decimal", "Spearman's, of uptake and outcome across practices"),
    ("rank_lower_95", "decimal", "Its interval, lower end"),
    ("rank_upper_95", "decimal", "Upper end"),
    ("ten_points", "decimal", "How many times the odds of the outcome are at practices whose uptake is ten points higher"),
    ("ten_points_lower_95", "decimal", "Its interval, lower end"),
    ("ten_points_upper_95", "decimal", "Upper end"),
    ("explained", "decimal", "The share of the true differences between practices that goes with uptake"),
    ("within", "decimal", "How many times the odds are for people who took it up, against others of the same practice"),
    ("within_lower_95", "decimal", "Its interval, lower end"),
    ("within_upper_95", "decimal", "Upper end"),
    ("between", "decimal", "As ten_points, with the effect within practices apart"),
    ("between_lower_95", "decimal", "Its interval, lower end"),
    ("between_upper_95", "decimal", "Upper end"),
    ("why_not", "string", "Why figures are missing"),
    ("caveats", "string", "What must be read with every figure of the row"),
];

/// The files and what their columns mean. Without a comparison there are no rows.
pub fn files_of_finer_variation(results: &Results<'_>, finer: Option<&FinerComparison>) -> Vec<(&'static str, Vec<u8>)> {
    let standardised = finer.into_iter().flat_map(|all| all.standardised.iter().map(move |one| (all, one)));
    let standardised =
        standardised.flat_map(|(all, one)| one.areas.iter().filter_map(move |area| standardised_cells(results, all, one, area)));
    let unequal = finer.into_iter().flat_map(|all| all.unequal.iter().map(move |one| (all, one)));
    let unequal = unequal.flat_map(|(all, one)| one.areas.iter().flat_map(move |area| unequal_rows(results, all, one, area)));
    let associations = finer.into_iter().flat_map(|all| all.associations.iter().map(move |one| (all, one)));
    let associations = associations.filter_map(|(all, one)| association_cells(results, all, one));
    let of = |columns: &[Column]| MEASURE.iter().chain(columns).copied().collect::<Vec<Column>>();
    let mut files = Vec::new();
    let mut add = |[name, metadata_name]: [&'static str; 2], title: &str, columns: &[Column], rows: Vec<Vec<String>>| {
        let names: Vec<&str> = columns.iter().map(|(name, _, _)| *name).collect();
        files.push((name, csv_of(&names, rows)));
        files.push((metadata_name, metadata(name, title, columns).into_bytes()));
    };
    let alike = "Rates as they would be if the people of all areas were alike in age, sex and deprivation, beside the crude ones";
    add(["standardised.csv", "standardised.csv-metadata.json"], alike, &of(&OF_STANDARDISED), standardised.collect());
    let apart = "Rates by deprivation, age and sex, and how far the most and the least deprived are apart";
    add(["inequality.csv", "inequality.csv-metadata.json"], apart, &of(&OF_INEQUALITY), unequal.collect());
    let together = "Whether uptake and outcome go together, across practices and within them";
    add(["associations.csv", "associations.csv-metadata.json"], together, &ASSOCIATIONS, associations.collect());
    files
}

/// The columns of [`MEASURE`].
fn begun(results: &Results<'_>, all: &FinerComparison, measure: &str, area: &Area) -> Option<Cells> {
    let mut cells = Cells::default();
    cells.text(measure);
    let [code, name, locality] = match area {
        Area::Whole => [String::new(), String::new(), String::new()],
        Area::Locality(locality) => [String::new(), String::new(), harmless(locality)],
        Area::Practice(at) => {
            let practice = results.practices.get(*at)?;
            [practice.code.clone(), harmless(&practice.name), harmless(&practice.locality)]
        }
    };
    cells.0.extend([code, name, locality]);
    cells.day(results, all.day, Audience::Internal)?;
    Some(cells)
}

fn rate_cells(cells: &mut Cells, rate: Option<Rate>) {
    cells.six(rate.map(|rate| rate.rate));
    cells.both(rate.map(|rate| rate.limits));
}

fn standardised_cells(
    results: &Results<'_>,
    all: &FinerComparison,
    one: &StandardisedMeasure,
    area: &StandardisedArea,
) -> Option<Vec<String>> {
    let mut cells = begun(results, all, &one.measure, &area.area)?;
    cells.text(area.counts.0);
    cells.text(area.counts.1);
    rate_cells(&mut cells, area.crude);
    rate_cells(&mut cells, area.direct.ok());
    cells.whole(area.direct.err());
    cells.text(one.events.word());
    let indirect = area.indirect.ok();
    cells.whole(indirect.map(|found| found.seen));
    cells.six(indirect.map(|found| found.expected));
    cells.six(indirect.map(|found| found.ratio));
    cells.both(indirect.map(|found| found.limits));
    rate_cells(&mut cells, indirect.map(|found| found.rate));
    Some(cells.0)
}

fn unequal_rows(results: &Results<'_>, all: &FinerComparison, one: &Unequal, area: &UnequalArea) -> Vec<Vec<String>> {
    let Some(mut cells) = begun(results, all, &one.measure, &area.area) else { return Vec::new() };
    let begin = cells.0.clone();
    cells.text("imd_quintile");
    cells.text("all");
    cells.text(area.known.0);
    cells.text(area.known.1);
    cells.0.extend(["", "", ""].map(str::to_owned));
    let indices = area.indices.ok();
    cells.six(indices.map(|found| found.slope_index));
    cells.both(indices.map(|found| found.slope_limits));
    cells.six(indices.map(|found| found.relative_index));
    cells.both(indices.map(|found| found.relative_limits));
    cells.six(area.gap.ok().map(|gap| gap.difference));
    cells.both(area.gap.ok().map(|gap| gap.interval));
    cells.whole(area.gap.err());
    let mut rows = vec![cells.0];
    for group in &area.groups {
        let mut cells = Cells(begin.clone());
        cells.text(group.by);
        cells.text(&group.group);
        cells.text(group.counts.0);
        cells.text(group.counts.1);
        rate_cells(&mut cells, group.rate);
        cells.0.resize(MEASURE.len() + OF_INEQUALITY.len(), String::new());
        rows.push(cells.0);
    }
    rows
}

fn association_cells(results: &Results<'_>, all: &FinerComparison, one: &Associated) -> Option<Vec<String>> {
    let mut cells = Cells::default();
    for text in [&one.id, &one.title, &one.uptake, &one.outcome] {
        cells.text(text);
    }
    cells.day(results, all.day, Audience::Internal)?;
    cells.text(one.practices);
    for count in [one.with.0, one.with.1, one.without.0, one.without.1] {
        cells.text(count);
    }
    let ranks = one.ranks.ok();
    cells.six(ranks.map(|found| found.rho));
    cells.both(ranks.map(|found| found.limits));
    let across = one.across.ok();
    let odds = |cells: &mut Cells, ratio: Option<(_, Interval)>| {
        cells.six(ratio.map(|(ratio, _)| ratio));
        cells.both(ratio.map(|(_, limits)| limits));
    };
    odds(&mut cells, across.map(|found| (found.ten_points.ratio, found.ten_points.limits)));
    cells.six(across.and_then(|found| found.explained));
    let apart = one.apart.ok();
    odds(&mut cells, apart.map(|found| (found.within.ratio, found.within.limits)));
    odds(&mut cells, apart.map(|found| (found.between.ratio, found.between.limits)));
    cells.whole(one.ranks.err().or(one.across.err()).or(one.apart.err()));
    cells.text(CAVEATS.join(" "));
    Some(cells.0)
}
