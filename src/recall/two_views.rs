//! `two-views.csv` → with how many people each indicator can still be completed, and at how many appointments: for what people are worth.
//! In: a name and bytes. Out: numbers by practice and indicator, or what was not understood.

use super::ByAppointments;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use crate::table::{decode, rows};
use std::collections::BTreeMap;

const COLUMNS: [&str; 6] =
    ["practice_code", "indicator", "reporting_day", "at_one_appointment", "at_two_appointments", "at_more_appointments"];

/// What the lists of a day say of practices and indicators.
#[derive(Clone, Debug, Default)]
pub struct CanBeCompleted {
    day: Option<Day>,
    by: BTreeMap<(String, String), ByAppointments>,
}

impl CanBeCompleted {
    /// The day on which the lists were made; nothing where they are of nobody.
    pub fn day(&self) -> Option<Day> {
        self.day
    }

    /// The people of a practice, by its code, and an indicator; nothing where the lists do not have them.
    pub fn of(&self, practice: &str, indicator: &str) -> Option<ByAppointments> {
        self.by.get(&(practice.to_owned(), indicator.to_owned())).copied()
    }
}

/// Reads the file.
///
/// # Errors
/// When a column is missing, a cell is not what it should be, or rows are of different days (D093).
pub fn read_two_views(name: &str, content: &[u8]) -> Result<CanBeCompleted, Problem> {
    let text = decode(content);
    let mut rows = rows(&text).rows;
    let header = rows.next().map(|row| row.cells).unwrap_or_default();
    let refused = |says: String, row: Option<u64>, column: Option<&str>| {
        let problem = Problem::error("D093", says).in_data(name.to_owned(), row, column);
        problem.help("name the folder that `dqoh people` of this version wrote, and leave the file as it is")
    };
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let at = header.iter().position(|cell| cell == column);
        *place = at.ok_or_else(|| refused(format!("this file has no column `{column}`"), Some(1), None))?;
    }
    let mut read = CanBeCompleted::default();
    for row in rows {
        let [practice, indicator, day, one, two, more] = places.map(|at| row.cell(at));
        let number =
            |cell: &str, column| cell.parse().map_err(|_| refused("this is no whole number".to_owned(), Some(row.number), Some(column)));
        let at = Day::parse(day.as_bytes()).filter(|day| read.day.is_none_or(|other| other == *day));
        let Some(at) = at else {
            return Err(refused("this is no day, or not that of the rows before it".to_owned(), Some(row.number), Some("reporting_day")));
        };
        read.day = Some(at);
        let [_, _, _, first, second, third] = COLUMNS;
        let by = ByAppointments { one: number(one, first)?, two: number(two, second)?, more: number(more, third)? };
        if read.by.insert((practice.to_owned(), indicator.to_owned()), by).is_some() {
            return Err(refused("a practice and indicator stand in this file twice".to_owned(), Some(row.number), Some("indicator")));
        }
    }
    Ok(read)
}
