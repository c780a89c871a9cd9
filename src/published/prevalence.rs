//! PREVALENCE of the Quality and Outcomes Framework, and the same with the year as a column: one row a practice and register.
//! Up to 2018/19 the columns are INDICATOR_GROUP_CODE and PATIENT_LIST_SIZE, from 2019/20 GROUP_CODE and PRACTICE_LIST_SIZE.

use super::cells::{Column, Columns, may, must, qof_id};
use super::gather::Gather;
use super::{Figures, Key, Source, Whom};
use crate::table::Row;

pub(super) const COLUMNS: [Column; 6] = [
    must(&["practice_code", "practice"]),
    must(&["group_code", "indicator_group_code", "group"]),
    must(&["register"]),
    must(&["practice_list_size", "patient_list_size", "list_size"]),
    may(&["patient_list_type", "list_type"]),
    may(&["year"]),
];
const PRACTICE: usize = 0;
const GROUP: usize = 1;
const REGISTER: usize = 2;
const LIST_SIZE: usize = 3;
const LIST_TYPE: usize = 4;
const YEAR: usize = 5;

pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let Some(day) = gather.day(columns, &row, YEAR, name) else { continue };
        let numbers = columns.whole(&row, REGISTER).and_then(|register| Ok((register, columns.whole(&row, LIST_SIZE)?)));
        let (register, list_size) = match numbers {
            Ok(numbers) => numbers,
            Err(problem) => {
                gather.wrong(*problem);
                continue;
            }
        };
        // A register that is left empty is one of nobody; its practice has a list all the same.
        let register = register.unwrap_or(0);
        let figures =
            Figures { register: Some(register), list_size, list_type: columns.cell(&row, LIST_TYPE).to_uppercase(), ..Figures::default() };
        let whom = Whom::Practice(columns.cell(&row, PRACTICE).to_owned());
        let key = Key { measure: qof_id(columns.cell(&row, GROUP)), day, whom };
        gather.count(columns, &row, Source::QofPrevalence, key, figures);
    }
}
