//! Totals of areas from the Quality and Outcomes Framework, as tables of one number a row: registers and lists by group, and indicators.
//! A publication repeats the year before for the practices of its own year only: those rows are not comparable and are left out.

use super::cells::{Column, Columns, may, must, number, qof_id, whole};
use super::gather::Gather;
use super::{Figures, Key, Source, Whom, years};
use crate::framework::calendar::Day;
use crate::table::Row;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub(super) const GROUP_COLUMNS: [Column; 8] = [
    must(&["ccg", "ccg_code"]),
    must(&["group", "group_code", "indicator_group_code"]),
    must(&["section"]),
    must(&["measure"]),
    must(&["value"]),
    must(&["year"]),
    may(&["ccg_name"]),
    may(&["file_year"]),
];
pub(super) const INDICATOR_COLUMNS: [Column; 6] = [
    must(&["ccg", "ccg_code"]),
    must(&["indicator", "indicator_code"]),
    must(&["measure"]),
    must(&["value"]),
    may(&["ccg_name"]),
    may(&["file_year"]),
];

/// What is published of one register of an area, before it is known which list is its own.
#[derive(Default)]
struct Group {
    register: Option<Row>,
    prevalence: Option<Decimal>,
    lists: Vec<(String, Decimal)>,
}

/// Marks that stand where nothing is published.
fn is_mark(text: &str) -> bool {
    matches!(text, "" | "z" | ":" | "*" | "-" | "..")
}

pub(super) fn read_groups(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    let [ccg, group_code, section, measure_name, value_at, year, ccg_name, file_year] = [0, 1, 2, 3, 4, 5, 6, 7];
    let mut groups: BTreeMap<(Day, String, String), Group> = BTreeMap::new();
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let (told_in, measure) = (columns.cell(&row, section), columns.cell(&row, measure_name).to_lowercase());
        if !told_in.eq_ignore_ascii_case("prevalence") {
            gather.not_used("rows that are not of prevalence");
            continue;
        }
        let Some(own) = gather.day(columns, &row, file_year, name) else { continue };
        let Some(day) = years::year(columns.cell(&row, year)) else {
            gather.not_used("rows of changes between years");
            continue;
        };
        if day != own {
            gather.not_used("rows of the year before, which the publication repeats for the practices of its own year");
            continue;
        }
        let area = columns.cell(&row, ccg).to_owned();
        gather.area(&area, Some(day), columns.cell(&row, ccg_name));
        let value = columns.cell(&row, value_at);
        if is_mark(value) {
            gather.not_used("rows whose value is not published");
            continue;
        }
        let group = groups.entry((day, qof_id(columns.cell(&row, group_code)), area)).or_default();
        if measure == "register" {
            group.register = Some(row);
        } else if measure.starts_with("prevalence") {
            group.prevalence = number(value);
        } else if let Some(value) = number(value).filter(|_| measure.contains("list size")) {
            group.lists.push((measure, value));
        } else {
            gather.not_used("rows of prevalence that are no register and no list");
        }
    }
    for ((day, measure, area), group) in groups {
        let Some(row) = &group.register else { continue };
        match columns.whole(row, value_at) {
            Ok(register) => {
                let (list_type, list_size) = register.map(|register| group.own_list(register)).unwrap_or_default();
                let figures = Figures { register, list_type, list_size, ..Figures::default() };
                gather.count(columns, row, Source::QofPrevalence, Key { measure, day, whom: Whom::Area(area) }, figures);
            }
            Err(problem) => gather.wrong(*problem),
        }
    }
}

impl Group {
    /// The list that the prevalence was worked out with. One list is it; of several it is the one that gives the published percentage.
    fn own_list(&self, register: u64) -> (String, Option<u64>) {
        let near = |list: Decimal| {
            let percent = Decimal::from(register).checked_mul(Decimal::ONE_HUNDRED).and_then(|all| all.checked_div(list));
            percent.zip(self.prevalence).is_some_and(|(percent, published)| (percent - published).abs() < Decimal::new(1, 6))
        };
        let own = match self.lists.as_slice() {
            [one] => Some(one),
            several => several.iter().find(|(_, list)| near(*list)),
        };
        // Up to 2014/15 some lists were estimated, and are no whole numbers.
        own.and_then(|(name, list)| Some((list_type(name), Some(whole(&list.to_string())?)))).unwrap_or_default()
    }
}

/// Worked: `list size` is `TOTAL`, `list size ages 18+` is `18OV`, `list size ages 30-74` is `30_74`.
fn list_type(name: &str) -> String {
    let age = name.split(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-')).find(|part| part.len() > 1);
    age.map_or_else(|| "TOTAL".to_owned(), |age| age.replace('+', "OV").replace('-', "_"))
}

pub(super) fn read_indicators(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    let [ccg, indicator, measure_name, value_at, ccg_name, file_year] = [0, 1, 2, 3, 4, 5];
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let Some(day) = gather.day(columns, &row, file_year, name) else { continue };
        let area = columns.cell(&row, ccg).to_owned();
        gather.area(&area, Some(day), columns.cell(&row, ccg_name));
        if is_mark(columns.cell(&row, value_at)) {
            gather.not_used("rows whose value is not published");
            continue;
        }
        let mut figures = Figures::default();
        let read = match columns.cell(&row, measure_name).to_lowercase().as_str() {
            "numerator" => columns.whole(&row, value_at).map(|value| figures.numerator = value),
            "denominator" => columns.whole(&row, value_at).map(|value| figures.denominator = value),
            "exceptions" | "pcas" => columns.whole(&row, value_at).map(|value| figures.exceptions = value),
            measure if measure.starts_with("achievement score") => columns.number(&row, value_at).map(|value| figures.points = value),
            _ => {
                gather.not_used("rows of rates, which follow from the counts");
                continue;
            }
        };
        match read {
            Ok(()) => {
                let key = Key { measure: qof_id(columns.cell(&row, indicator)), day, whom: Whom::Area(area) };
                gather.count(columns, &row, Source::QofAchievement, key, figures);
            }
            Err(problem) => gather.wrong(*problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list_type;

    #[test]
    fn lists_of_an_age_have_a_short_name() {
        for (name, short) in [
            ("list size", "TOTAL"),
            ("list size ages 18+", "18OV"),
            ("estimated list size 30-74", "30_74"),
            ("list size ages 16+ (estimated)", "16OV"),
        ] {
            assert_eq!(list_type(name), short, "{name}");
        }
    }
}
