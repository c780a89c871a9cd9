//! `fingertips.csv`: how practices compare, in the columns of the public health profiles of Fingertips, so that what draws the one draws the other.
//! All figures are those of variation.csv for the same audience; there is no row of England, and nothing is said of it.

use super::rows::ratio;
use super::{csv_of, harmless};
use crate::achievement::{ReportedDay, Results};
use crate::comparison::Comparison;
use crate::dictionary::{Column, Sheet};
use crate::disclosure::{Percentage, ROUNDED_TO, Shown};
use crate::framework::calendar::{Day, Month, Period};
use crate::variation::{Flag, Interval};

const NEVER: &str = "Always empty: Fingertips' own, which does not follow from these counts";

/// The file's columns: their names are those of Fingertips.
pub(super) static FINGERTIPS: Sheet = Sheet {
    name: "fingertips.csv",
    title: "In the layout of Fingertips: indicators of practices and of all together, in per cent, with intervals",
    written_by: "dqoh run --layout fingertips, dqoh report --layout fingertips",
    columns: &[
        Column::text("Indicator ID", "The indicator's id in the framework; Fingertips has numbers"),
        Column::text("Indicator Name", "Its title").or_empty(),
        Column::text("Parent Code", "Always empty: localities have no code").or_empty(),
        Column::text("Parent Name", "The practice's locality, or else All practices; empty for all practices together").or_empty(),
        Column::text("Area Code", "The practice; empty for all practices together").or_empty(),
        Column::text("Area Name", "Its name").or_empty(),
        Column::words("Area Type", || vec![PRACTICES, ALL_PRACTICES], "Whose figures the row has"),
        Column::words("Sex", || vec!["Persons"], "Both sexes together"),
        Column::words("Age", || vec!["All ages"], "Everybody whom the indicator is of; its limits of age are in its definition"),
        Column::text("Category Type", "Always empty: rates by deprivation are in inequality.csv").or_empty(),
        Column::text("Category", "Always empty").or_empty(),
        Column::text("Time period", "The period as Fingertips writes it, such as 2016/17, 2016/17 Q1-Q2 or 2015/16 Q3 - 2016/17 Q2"),
        Column::number("Value", "per cent", "Count divided by denominator; empty where it may not be shown or nobody was counted")
            .or_empty(),
        Column::number("Lower CI 95.0 limit", "per cent", "Where the value may lie by chance alone: Wilson, 95 per cent, lower end")
            .or_empty(),
        Column::number("Upper CI 95.0 limit", "per cent", "The same interval, upper end").or_empty(),
        Column::number("Lower CI 99.8 limit", "per cent", "The same at 99.8 per cent, lower end").or_empty(),
        Column::number("Upper CI 99.8 limit", "per cent", "The same interval, upper end").or_empty(),
        Column::people("Count", "Who achieved; empty where it may not be shown").or_empty(),
        Column::people("Denominator", "Who was counted; empty where it may not be shown").or_empty(),
        Column::text("Value note", "Why a value is missing or rounded").or_empty(),
        Column::text("Recent Trend", NEVER).or_empty(),
        Column::words("Compared to England value or percentiles", || vec![NOT_COMPARED], "England is not known"),
        Column::words(
            "Compared to all practices value or percentiles",
            || vec!["Lower", "Similar", "Higher", NOT_COMPARED],
            "Whether the practice lies outside the 95 per cent limits around all together: not whether that is good",
        ),
        Column::count(
            "Time period Sortable",
            "",
            "The period as a number that sorts: year, quarter and month in 2, 2 digits; of a year without them",
        ),
        Column::text("New data", NEVER).or_empty(),
        Column::text("Compared to goal", NEVER).or_empty(),
        Column::words("Time period range", || vec!["1y"], "1y for whole twelve months; empty for a part of a year").or_empty(),
    ],
    key: &["Indicator ID", "Area Type", "Area Code", "Time period"],
};

const PRACTICES: &str = "GPs";
const ALL_PRACTICES: &str = "All practices";
const NOT_COMPARED: &str = "Not compared";

/// The file: of each indicator and reporting day all practices together, then each.
pub fn fingertips_csv(results: &Results<'_>, comparisons: &[Comparison]) -> (&'static str, Vec<u8>) {
    let rows = comparisons.iter().filter_map(|one| rows(results, one)).flatten();
    (FINGERTIPS.name, csv_of(&FINGERTIPS.names(), rows))
}

/// What differs from row to row.
struct Cells<'r> {
    area: [&'r str; 4],
    counts: (Shown, Shown, Option<Percentage>),
    intervals: [Option<Interval>; 2],
    compared: &'static str,
}

fn rows(results: &Results<'_>, comparison: &Comparison) -> Option<Vec<Vec<String>>> {
    let time = TimePeriod::of(results.days.get(comparison.day)?);
    let whole = Cells {
        area: ["", "", ALL_PRACTICES, ALL_PRACTICES],
        counts: (comparison.achieved, comparison.of, comparison.percentage),
        intervals: [comparison.interval, comparison.interval_998],
        compared: NOT_COMPARED,
    };
    let practices = comparison.practices.iter().filter_map(|compared| {
        let practice = results.practices.get(compared.practice)?;
        let statistics = compared.statistics.as_ref();
        Some(Cells {
            area: [
                if practice.locality.is_empty() { ALL_PRACTICES } else { &practice.locality },
                &practice.code,
                &practice.name,
                PRACTICES,
            ],
            counts: (compared.achieved, compared.of, compared.percentage),
            intervals: statistics.map_or([None; 2], |one| one.intervals.map(Some)),
            compared: statistics.map_or(NOT_COMPARED, |one| word(one.flag)),
        })
    });
    Some(std::iter::once(whole).chain(practices).map(|cells| row(comparison, &cells, &time)).collect())
}

fn row(comparison: &Comparison, cells: &Cells<'_>, time: &TimePeriod) -> Vec<String> {
    let (achieved, of, percentage) = cells.counts;
    let [parent, code, name, kind] = cells.area;
    let value = match (achieved, of, percentage) {
        // A ratio has six decimals.
        (Shown::Exactly(achieved), Shown::Exactly(of), _) => ratio(achieved.saturating_mul(100), of),
        (_, _, Some(Percentage::Whole(per_cent))) => per_cent.to_string(),
        _ => String::new(),
    };
    let per_cent = |interval: Interval| [interval.lower, interval.upper].map(|share| format!("{:.6}", share * 100.0));
    let limits = cells.intervals.map(|interval| interval.map(per_cent));
    let number = |shown: Shown| shown.number().map(|people| people.to_string()).unwrap_or_default();
    let mut row = vec![comparison.measure.clone(), harmless(&comparison.about.title), String::new()];
    row.extend([harmless(parent), code.to_owned(), harmless(name)]);
    row.extend([kind, "Persons", "All ages", "", "", &time.text].map(str::to_owned));
    row.push(value);
    row.extend(limits.into_iter().flat_map(Option::unwrap_or_default));
    row.extend([number(achieved), number(of), note(achieved, of), String::new()]);
    row.extend([NOT_COMPARED, cells.compared].map(str::to_owned));
    row.extend([time.sortable.to_string(), String::new(), String::new(), time.range.to_owned()]);
    row
}

/// The words of Fingertips where it has any.
fn note(achieved: Shown, of: Shown) -> String {
    let hidden = achieved.number().is_none() || of.number().is_none();
    match (achieved, of) {
        (_, Shown::Exactly(0)) => "Value cannot be calculated as nobody is in the denominator".to_owned(),
        _ if hidden => "Value suppressed for disclosure control due to small count".to_owned(),
        (Shown::Exactly(_), Shown::Exactly(_)) => String::new(),
        _ => format!("Counts are rounded to the nearest {ROUNDED_TO}, and the value is of rounded counts"),
    }
}

fn word(flag: Flag) -> &'static str {
    match flag {
        Flag::Lower998 | Flag::Lower95 => "Lower",
        Flag::NoDifferent => "Similar",
        Flag::Higher95 | Flag::Higher998 => "Higher",
    }
}

/// A period as Fingertips writes it. Financial years have their quarters; of twelve months that end within a quarter the months are told.
struct TimePeriod {
    text: String,
    /// Year, quarter in two digits, month in two digits, of where it begins; of a part of a year, of where it ends.
    sortable: i32,
    range: &'static str,
}

impl TimePeriod {
    fn of(day: &ReportedDay) -> TimePeriod {
        let end = Parts::of(day.day);
        let Some(from) = day.from else { return TimePeriod { text: day.day.long(), sortable: end.year * 10_000 + end.month, range: "" } };
        let begin = Parts::of(from);
        let a_year = Period { from, to: day.day }.is_a_year();
        let whole_months = Month::of(day.day).last_day() == day.day && Month::of(from).plus(-1).last_day().plus(1) == from;
        let whole_quarters = whole_months && end.month % 3 == 0;
        let of_a_financial_year = begin.month == 4 && whole_months && begin.financial_year() == end.financial_year();
        match (of_a_financial_year, a_year, whole_quarters) {
            (true, true, _) => TimePeriod { text: begin.year_text(), sortable: begin.year * 10_000, range: "1y" },
            (true, false, true) => TimePeriod {
                text: match end.quarter() {
                    1 => end.quarter_text(),
                    quarter => format!("{} Q1-Q{quarter}", end.year_text()),
                },
                sortable: end.financial_year() * 10_000 + end.quarter() * 100,
                range: "",
            },
            (_, true, true) => TimePeriod {
                text: format!("{} - {}", begin.quarter_text(), end.quarter_text()),
                sortable: begin.financial_year() * 10_000 + begin.quarter() * 100,
                range: "1y",
            },
            (_, true, false) if whole_months => TimePeriod {
                text: format!("{} - {}", short_month(from), short_month(day.day)),
                sortable: begin.year * 10_000 + begin.month,
                range: "1y",
            },
            // Fingertips has no such period.
            _ => TimePeriod {
                text: format!("{} - {}", from.long(), day.day.long()),
                sortable: end.financial_year() * 10_000 + (end.quarter() - 1) * 100 + (end.month + 8) % 12 + 1,
                range: if a_year { "1y" } else { "" },
            },
        }
    }
}

/// Year and month of a day.
struct Parts {
    year: i32,
    month: i32,
}

impl Parts {
    fn of(day: Day) -> Parts {
        let year_and_month = day.ymd() / 100;
        Parts { year: year_and_month / 100, month: year_and_month % 100 }
    }

    /// The year in which its financial year, April to March, begins.
    fn financial_year(&self) -> i32 {
        if self.month < 4 { self.year - 1 } else { self.year }
    }

    /// The quarter of that year.
    fn quarter(&self) -> i32 {
        (self.month + 8) % 12 / 3 + 1
    }

    fn year_text(&self) -> String {
        let year = self.financial_year();
        format!("{year}/{:02}", (year + 1) % 100)
    }

    fn quarter_text(&self) -> String {
        format!("{} Q{}", self.year_text(), self.quarter())
    }
}

/// `Nov 2016`
fn short_month(day: Day) -> String {
    let long = day.long_month();
    let (month, year) = long.split_once(' ').unwrap_or((&long, ""));
    format!("{} {year}", month.get(..3).unwrap_or(month))
}

#[cfg(test)]
mod tests {
    use super::{ReportedDay, TimePeriod};
    use crate::framework::calendar::Day;

    #[test]
    fn periods_are_as_fingertips_writes_them() {
        let day = |text: &str| Day::parse(text.as_bytes()).unwrap();
        for (from, to, text, sortable, range) in [
            ("2016-04-01", "2017-03-31", "2016/17", 20_160_000, "1y"),
            ("1999-04-01", "2000-03-31", "1999/00", 19_990_000, "1y"),
            ("2016-04-01", "2016-06-30", "2016/17 Q1", 20_160_100, ""),
            ("2016-04-01", "2016-09-30", "2016/17 Q1-Q2", 20_160_200, ""),
            ("2016-04-01", "2016-12-31", "2016/17 Q1-Q3", 20_160_300, ""),
            ("2015-10-01", "2016-09-30", "2015/16 Q3 - 2016/17 Q2", 20_150_300, "1y"),
            ("2016-01-01", "2016-12-31", "2015/16 Q4 - 2016/17 Q3", 20_150_400, "1y"),
            ("2015-11-01", "2016-10-31", "Nov 2015 - Oct 2016", 20_150_011, "1y"),
            ("2015-03-01", "2016-02-29", "Mar 2015 - Feb 2016", 20_150_003, "1y"),
            ("2016-04-01", "2016-11-15", "1 April 2016 - 15 November 2016", 20_160_208, ""),
            ("2015-11-16", "2016-11-15", "16 November 2015 - 15 November 2016", 20_160_208, "1y"),
        ] {
            let period = TimePeriod::of(&ReportedDay { from: Some(day(from)), day: day(to), view: None, moved: false });
            assert_eq!((period.text.as_str(), period.sortable, period.range), (text, sortable, range), "{from} to {to}");
        }
        let unknown = TimePeriod::of(&ReportedDay { from: None, day: day("2017-03-31"), view: None, moved: false });
        assert_eq!((unknown.text.as_str(), unknown.sortable), ("31 March 2017", 20_170_003));
    }
}
