//! ACHIEVEMENT of the Quality and Outcomes Framework: one row a practice, indicator and number. In 2015/16 the file is called
//! ACHIEVEMENT_EXCEPTIONS; later it is split by region. Exceptions are called personalised care adjustments from 2019/20 on.

use super::cells::{Column, Columns, may, must, qof_id};
use super::gather::Gather;
use super::{Figures, Key, Source, Whom};
use crate::problem::Problem;
use crate::table::Row;

pub(super) const COLUMNS: [Column; 5] =
    [must(&["practice_code", "practice"]), must(&["indicator_code", "indicator"]), must(&["measure"]), must(&["value"]), may(&["year"])];
const PRACTICE: usize = 0;
const INDICATOR: usize = 1;
const MEASURE: usize = 2;
const VALUE: usize = 3;
const YEAR: usize = 4;

pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let Some(day) = gather.day(columns, &row, YEAR, name) else { continue };
        match figures(columns, &row) {
            Ok(Some(figures)) => {
                let whom = Whom::Practice(columns.cell(&row, PRACTICE).to_owned());
                let key = Key { measure: qof_id(columns.cell(&row, INDICATOR)), day, whom };
                gather.count(columns, &row, Source::QofAchievement, key, figures);
            }
            Ok(None) if columns.cell(&row, VALUE).is_empty() => gather.not_used("rows without a value"),
            Ok(None) => {
                let measure = columns.cell(&row, MEASURE).to_owned();
                gather.not_used(format!("rows of the measure {measure}, which is not known here"));
            }
            Err(problem) => gather.wrong(*problem),
        }
    }
}

/// The one number of a row; nothing when it is empty or called something that is not known.
fn figures(columns: &Columns, row: &Row) -> Result<Option<Figures>, Box<Problem>> {
    let mut figures = Figures::default();
    let slot = match columns.cell(row, MEASURE).to_uppercase().as_str() {
        "ACHIEVED_POINTS" => {
            figures.points = columns.number(row, VALUE)?;
            return Ok(figures.points.is_some().then_some(figures));
        }
        "NUMERATOR" => &mut figures.numerator,
        "DENOMINATOR" => &mut figures.denominator,
        "EXCEPTIONS" | "PCAS" => &mut figures.exceptions,
        "REGISTER" | "NEWLY_DIAGNOSED" => &mut figures.register,
        _ => return Ok(None),
    };
    *slot = columns.whole(row, VALUE)?;
    Ok(slot.is_some().then_some(figures))
}
