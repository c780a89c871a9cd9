//! `results.csv`: one row a measure × area × reporting day × stratum.

use super::harmless;
use super::rows::Rows;
use crate::achievement::{Area, Money, Results, Row, Status};
use crate::dictionary::{
    Column, INTERVAL_END, INTERVAL_START, LOCALITY_OR_TOTAL, MEASURE, PERIOD_MOVED, PRACTICE_NAME, PRACTICE_OR_TOTAL, STRATUM,
    STRATUM_VALUE, Sheet, VIEW,
};
use crate::variation::{Z_95, Z_998, wilson};

/// The file's columns.
pub(super) static RESULTS: Sheet = Sheet {
    name: "results.csv",
    title: "Who achieved what",
    written_by: "dqoh run, dqoh report",
    columns: &[
        MEASURE,
        PRACTICE_OR_TOTAL,
        PRACTICE_NAME,
        LOCALITY_OR_TOTAL,
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW.or_empty(),
        STRATUM,
        STRATUM_VALUE,
        Column::people("register", "People the indicator is of: on its register, or on the list. For a register: people on it"),
        Column::people("excluded", "Of these, whom the indicator is not about"),
        Column::people("excepted", "Of these, left out for a reason"),
        Column::text("excepted_by_reason", "The same by reason, as declined=3;no-response=11; empty where nobody is").or_empty(),
        Column::people("numerator", "People who achieved. For a register: people on it"),
        Column::people("denominator", "Achieved and not achieved. For a register: the list"),
        RATIO,
        Column::share("lower_95", "Where the rate may lie by chance alone: Wilson's score interval, 95 per cent, lower end").or_empty(),
        Column::share("upper_95", "The same interval, upper end").or_empty(),
        Column::share("lower_998", "The same at 99.8 per cent, lower end").or_empty(),
        Column::share("upper_998", "The same interval, upper end").or_empty(),
        Column::number("points", "points", "Points earned, two decimals, half up; empty where nothing is paid for the row").or_empty(),
        Column::number("max_points", "points", "Points that could be earned").or_empty(),
        Column::number("payment", "pounds", "To the penny; indicative").or_empty(),
        STATUS,
        PERIOD_MOVED,
    ],
    key: &["measure", "practice_code", "locality", "interval_end", "view", "stratum", "stratum_value"],
};

const RATIO: Column = Column::share(
    "ratio",
    "Numerator divided by denominator, six decimals, half up. For a register: the prevalence. Empty where nobody is in the denominator",
)
.or_empty();

/// What must be known to read a row.
pub(super) const STATUS: Column = Column::words(
    "status",
    || Status::ALL.map(Status::word).to_vec(),
    "What must be known to read the row; docs/results.md has what each word means",
);

/// The file.
pub fn results_csv(results: &Results<'_>) -> Vec<u8> {
    // By measure, practice, locality, day, view and stratum: the columns that identify a row.
    let mut rows = Rows::new(RESULTS.columns.len(), &[0, 1, 3, 5, 6, 7, 8]);
    for row in results.rows {
        add(results, row, &mut rows);
    }
    rows.into_csv(&RESULTS.names())
}

/// Adds the cells of a row; none where it is of nothing.
fn add(results: &Results<'_>, row: &Row, rows: &mut Rows) {
    let practice = match &row.area {
        Area::Practice(at) => results.practices.get(*at),
        Area::Whole | Area::Locality(_) => None,
    };
    let (Some(day), Some(stratum)) = (results.days.get(row.day), results.strata.get(row.stratum)) else { return };
    let area = match (&row.area, practice) {
        (Area::Practice(_), None) => return,
        (Area::Practice(_), Some(practice)) => [practice.code.clone(), harmless(&practice.name), harmless(&practice.locality)],
        (Area::Locality(locality), _) => [String::new(), String::new(), harmless(locality)],
        (Area::Whole, _) => [const { String::new() }; 3],
    };
    let counts = &row.counts;
    rows.texts([row.measure.as_str()].into_iter().chain(area.iter().map(String::as_str)));
    rows.shown(day.from.map(|from| from.to_string()).unwrap_or_default());
    rows.shown(day.day);
    rows.texts([day.view.map_or("", |view| view.word()), stratum.kind, stratum.value.as_str()]);
    [counts.population, counts.excluded, counts.all_excepted()].into_iter().for_each(|people| rows.whole(people));
    let reasons: Vec<String> = counts.excepted.iter().map(|(reason, people)| format!("{reason}={people}")).collect();
    rows.shown(reasons.join(";"));
    [counts.numerator, counts.denominator].into_iter().for_each(|people| rows.whole(people));
    rows.ratio(counts.numerator, counts.denominator);
    for z in [Z_95, Z_998] {
        match wilson(counts.numerator, counts.denominator, z) {
            Ok(interval) => [interval.lower, interval.upper].into_iter().for_each(|limit| rows.shown(format_args!("{limit:.6}"))),
            Err(_) => rows.texts(["", ""]),
        }
    }
    let money = row.money.map(|money| money_cells(&money, row.status)).unwrap_or_default();
    rows.texts(money.iter().map(String::as_str));
    rows.texts([row.status.word(), if day.moved { "yes" } else { "no" }]);
}

/// Points, what they could be, and pounds. Others publish points, seldom what they could be, and no pounds.
fn money_cells(money: &Money, status: Status) -> [String; 3] {
    let max_points = money.max_points.normalize().to_string();
    match status {
        Status::Published if money.max_points.is_zero() => [money.points.to_string(), String::new(), String::new()],
        Status::Published => [money.points.to_string(), max_points, String::new()],
        _ => [money.points.to_string(), max_points, money.pounds.to_string()],
    }
}
