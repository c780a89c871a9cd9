//! `results.csv`: one row a measure × area × reporting day × stratum.

use super::{csv_of, harmless};
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
        Column::share("upper_95", "Upper end").or_empty(),
        Column::share("lower_998", "The same at 99.8 per cent, lower end").or_empty(),
        Column::share("upper_998", "Upper end").or_empty(),
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
    let mut rows: Vec<Vec<String>> = results.rows.iter().filter_map(|row| cells(results, row)).collect();
    // By measure, practice, locality, day, view and stratum: the columns that identify a row.
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    csv_of(&RESULTS.names(), rows)
}

fn key(row: &[String]) -> [Option<&String>; 7] {
    [0, 1, 3, 5, 6, 7, 8].map(|column| row.get(column))
}

fn cells(results: &Results<'_>, row: &Row) -> Option<Vec<String>> {
    let day = results.days.get(row.day)?;
    let stratum = results.strata.get(row.stratum)?;
    let (code, name, locality) = match &row.area {
        Area::Whole => (String::new(), String::new(), String::new()),
        Area::Locality(locality) => (String::new(), String::new(), harmless(locality)),
        Area::Practice(at) => {
            let practice = results.practices.get(*at)?;
            (practice.code.clone(), harmless(&practice.name), harmless(&practice.locality))
        }
    };
    let counts = &row.counts;
    let reasons: Vec<String> = counts.excepted.iter().map(|(reason, people)| format!("{reason}={people}")).collect();
    let mut cells = vec![
        row.measure.clone(),
        code,
        name,
        locality,
        day.from.map(|from| from.to_string()).unwrap_or_default(),
        day.day.to_string(),
        day.view.map_or("", |view| view.word()).to_owned(),
        stratum.kind.to_owned(),
        stratum.value.clone(),
        counts.population.to_string(),
        counts.excluded.to_string(),
        counts.all_excepted().to_string(),
        reasons.join(";"),
        counts.numerator.to_string(),
        counts.denominator.to_string(),
        ratio(counts.numerator, counts.denominator),
    ];
    for z in [Z_95, Z_998] {
        match wilson(counts.numerator, counts.denominator, z) {
            Ok(interval) => cells.extend([format!("{:.6}", interval.lower), format!("{:.6}", interval.upper)]),
            Err(_) => cells.extend([String::new(), String::new()]),
        }
    }
    cells.extend(row.money.map(|money| money_cells(&money, row.status)).unwrap_or_default());
    cells.push(row.status.word().to_owned());
    cells.push(if day.moved { "yes" } else { "no" }.to_owned());
    Some(cells)
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

/// To six decimals, half up, from whole numbers; empty when nobody is in the denominator.
pub(super) fn ratio(numerator: u64, denominator: u64) -> String {
    if denominator == 0 {
        return String::new();
    }
    let (numerator, denominator) = (u128::from(numerator), u128::from(denominator));
    let millionths = (numerator * 2_000_000 + denominator) / (denominator * 2);
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn ratios_round_half_up() {
        assert_eq!(ratio(1, 3), "0.333333");
        assert_eq!(ratio(2, 3), "0.666667");
        assert_eq!(ratio(5, 5), "1.000000");
        assert_eq!(ratio(1, 2_000_000), "0.000001");
        assert_eq!(ratio(0, 0), "");
    }
}
