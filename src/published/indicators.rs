//! MAPPING_INDICATORS of the Quality and Outcomes Framework, up to 2018/19 INDICATOR_MAPPINGS: what indicators there are, and what they are worth.

use super::Measure;
use super::cells::{Column, Columns, may, must, qof_id};
use super::gather::Gather;
use crate::table::Row;

pub(super) const COLUMNS: [Column; 6] = [
    must(&["indicator_code"]),
    must(&["indicator_point_value"]),
    may(&["indicator_description"]),
    may(&["group_code", "indicator_group_code"]),
    may(&["group_description", "indicator_group_description"]),
    may(&["year"]),
];
const INDICATOR: usize = 0;
const POINTS: usize = 1;
const TITLE: usize = 2;
const GROUP: usize = 3;
const GROUP_TITLE: usize = 4;
const YEAR: usize = 5;

pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let Some(day) = gather.day_if_any(columns, &row, YEAR, name) else { continue };
        let max_points = match columns.number(&row, POINTS) {
            Ok(points) => points,
            Err(problem) => {
                gather.wrong(*problem);
                continue;
            }
        };
        let group = qof_id(columns.cell(&row, GROUP));
        let title = columns.cell(&row, GROUP_TITLE).to_owned();
        gather.measure(&group, day, Measure { title, group: group.clone(), max_points: None });
        let told = Measure { title: columns.cell(&row, TITLE).to_owned(), group, max_points };
        gather.measure(&qof_id(columns.cell(&row, INDICATOR)), day, told);
    }
}
