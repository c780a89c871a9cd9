//! `standardised.csv`, `inequality.csv` and `associations.csv`: what follows from counts by age, sex and deprivation, and from people by
//! uptake and outcome. For the internal audience alone: for any other the files have a header and no row, so that none is left from before.

use super::variation::Cells;
use super::{csv_of, harmless};
use crate::achievement::{Area, Results};
use crate::comparison::{Associated, Events, FinerComparison, Rate, StandardisedArea, StandardisedMeasure, Unequal, UnequalArea};
use crate::dictionary::{
    AUDIENCE, Column, INTERVAL_END, INTERVAL_START, LOCALITY_OR_TOTAL, MEASURE, PRACTICE_NAME, PRACTICE_OR_TOTAL, Sheet, VIEW,
};
use crate::disclosure::Audience;
use crate::variation::{CAVEATS, Interval};

/// The columns of `standardised.csv`.
pub(super) static STANDARDISED: Sheet = Sheet {
    name: "standardised.csv",
    title: "Rates as they would be if the people of all areas were alike in age, sex and deprivation, beside the crude ones",
    written_by: "dqoh run, dqoh report, dqoh variation",
    columns: &[
        INDICATOR,
        PRACTICE_OR_TOTAL,
        PRACTICE_NAME,
        LOCALITY_OR_TOTAL,
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW,
        AUDIENCE,
        ACHIEVED,
        COUNTED,
        RATE.saying("Numerator divided by denominator: the crude rate, which is paid on"),
        LOWER,
        UPPER,
        Column::share("direct_rate", "The rate with the ages of the European standard population of 2013").or_empty(),
        Column::number("direct_lower_95", "", "Its interval (Dobson), lower end").or_empty(),
        Column::number("direct_upper_95", "", "The same interval, upper end").or_empty(),
        Column::text("why_no_direct_rate", "Why direct_rate is empty").or_empty(),
        Column::words(
            "events",
            || vec![Events::Achieved.word(), Events::NotAchieved.word()],
            "What the next five columns count: achieved, or where most people achieve, not achieved",
        ),
        Column::people("seen", "How many events there were").or_empty(),
        Column::number(
            "expected",
            "people",
            "How many there would be if each age, sex and fifth of deprivation had the rate of all practices together",
        )
        .or_empty(),
        Column::number("ratio", "", "Seen divided by expected; 1 is as all are").or_empty(),
        Column::number("ratio_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("ratio_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("indirect_rate", "", "The rate of all, times the ratio: people who achieved").or_empty(),
        Column::number("indirect_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("indirect_upper_95", "", "The same interval, upper end").or_empty(),
    ],
    key: &["measure", "practice_code", "locality"],
};

/// The columns of `inequality.csv`.
pub(super) static INEQUALITY: Sheet = Sheet {
    name: "inequality.csv",
    title: "Rates by deprivation, age and sex, and how far the most and the least deprived are apart",
    written_by: "dqoh run, dqoh report, dqoh variation",
    columns: &[
        INDICATOR,
        PRACTICE_OR_TOTAL,
        PRACTICE_NAME,
        LOCALITY_OR_TOTAL,
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW,
        AUDIENCE,
        Column::words("by", || vec!["imd_quintile", "age_band", "sex"], "By what people are told apart"),
        Column::text("group", "Which of them; all in the row of the indices, which is of people whose fifth is known"),
        ACHIEVED,
        COUNTED,
        RATE,
        LOWER,
        UPPER,
        Column::number(
            "slope_index",
            "",
            "The rate of the least deprived less that of the most, on a line through all fifths; not of a practice",
        )
        .or_empty(),
        Column::number("slope_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("slope_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("relative_index", "", "The rate of the least deprived divided by that of the most, on the same line").or_empty(),
        Column::number("relative_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("relative_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("gap", "", "The rate of the least deprived fifth less that of the most; only where each has 20 people").or_empty(),
        Column::number("gap_lower_95", "", "Its interval (Newcombe), lower end").or_empty(),
        Column::number("gap_upper_95", "", "The same interval, upper end").or_empty(),
        Column::text("why_no_gap", "Why gap is empty").or_empty(),
    ],
    key: &["measure", "practice_code", "locality", "by", "group"],
};

/// The columns of `associations.csv`.
pub(super) static ASSOCIATIONS: Sheet = Sheet {
    name: "associations.csv",
    title: "Whether uptake and outcome go together, across practices and within them; none of it shows a cause",
    written_by: "dqoh run, dqoh report, dqoh variation",
    columns: &[
        Column::text("association", "The id of the [[associate]] in the framework"),
        Column::text("title", "What it is called; empty where the rules are not known").or_empty(),
        Column::text("uptake", "The indicator that people took something up by"),
        Column::text("outcome", "The indicator that shows what came of it"),
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW,
        AUDIENCE,
        Column::count("practices", "practices", "Practices with anybody in the denominators of both"),
        Column::people("achieved_with", "Of people who took it up, those who achieved the outcome"),
        Column::people("people_with", "People who took it up"),
        Column::people("achieved_without", "Of people who did not, those who achieved the outcome"),
        Column::people("people_without", "People who did not take it up"),
        Column::number("rank_correlation", "", "Spearman's, of uptake and outcome across practices").or_empty(),
        Column::number("rank_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("rank_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("ten_points", "", "How many times the odds of the outcome are at practices whose uptake is ten points higher")
            .or_empty(),
        Column::number("ten_points_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("ten_points_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("explained", "", "The share of the true differences between practices that goes with uptake").or_empty(),
        Column::number("within", "", "How many times the odds are for people who took it up, against others of the same practice")
            .or_empty(),
        Column::number("within_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("within_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number("between", "", "As ten_points, with the effect within practices apart").or_empty(),
        Column::number("between_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("between_upper_95", "", "The same interval, upper end").or_empty(),
        Column::text("why_not", "Why figures are missing").or_empty(),
        Column::text("caveats", "What must be read with every figure of the row"),
    ],
    key: &["association"],
};

const INDICATOR: Column = MEASURE.saying("The indicator");
const ACHIEVED: Column = Column::people("numerator", "Who achieved");
const COUNTED: Column = Column::people("denominator", "Who was counted");
const RATE: Column = Column::share("rate", "Numerator divided by denominator").or_empty();
const LOWER: Column = Column::share("lower_95", "Where it may lie by chance alone: Wilson, 95 per cent, lower end").or_empty();
const UPPER: Column = Column::share("upper_95", "The same interval, upper end").or_empty();

/// The three files. Without a comparison there are no rows.
pub fn files_of_finer_variation(results: &Results<'_>, finer: Option<&FinerComparison>) -> Vec<(&'static str, Vec<u8>)> {
    let standardised = finer.into_iter().flat_map(|all| all.standardised.iter().map(move |one| (all, one)));
    let standardised =
        standardised.flat_map(|(all, one)| one.areas.iter().filter_map(move |area| standardised_cells(results, all, one, area)));
    let unequal = finer.into_iter().flat_map(|all| all.unequal.iter().map(move |one| (all, one)));
    let unequal = unequal.flat_map(|(all, one)| one.areas.iter().flat_map(move |area| unequal_rows(results, all, one, area)));
    let associations = finer.into_iter().flat_map(|all| all.associations.iter().map(move |one| (all, one)));
    let associations = associations.filter_map(|(all, one)| association_cells(results, all, one));
    vec![
        (STANDARDISED.name, csv_of(&STANDARDISED.names(), standardised)),
        (INEQUALITY.name, csv_of(&INEQUALITY.names(), unequal)),
        (ASSOCIATIONS.name, csv_of(&ASSOCIATIONS.names(), associations)),
    ]
}

/// The columns from the measure to the audience.
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
        cells.0.resize(INEQUALITY.columns.len(), String::new());
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
