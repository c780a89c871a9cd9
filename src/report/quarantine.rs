//! `quarantine.csv`: every row that was not used, or only in part: where it stands, the rule it broke, what was done.

use super::csv_of;
use crate::dictionary::{Column, PRACTICE_CODE, Sheet};
use crate::extract::InputFile;
use crate::extract::quality::{Quality, Reason};
use crate::practice::Practice;

/// The file's columns.
pub(super) static QUARANTINE: Sheet = Sheet {
    name: "quarantine.csv",
    title: "Rows of the extract that were not used, or only in part: places, never content",
    written_by: "dqoh run, dqoh inspect",
    columns: &[
        Column::text("file", "The file, within the extract"),
        Column::count("row", "", "The row; the header is row 1"),
        Column::text("column", "The column to blame; empty where it is the whole row").or_empty(),
        Column::words("reason", || Reason::ALL.map(Reason::word).to_vec(), "Why; docs/results.md has what each word means"),
        Column::text("rule", "What the row should have been like"),
        Column::text("done", "What was done with it"),
        PRACTICE_CODE.saying("The practice; empty where the row does not tell it").or_empty(),
    ],
    // A row may be wrong twice in the same way.
    key: &[],
};

/// The file, in the order of files and rows.
pub fn quarantine_csv(files: &[InputFile], practices: &[Practice], quality: &Quality) -> Vec<u8> {
    let rows = quality.rows.iter().map(|row| {
        let file = files.get(usize::from(row.place.file)).map(|file| file.name.clone()).unwrap_or_default();
        let practice = row.practice.and_then(|at| practices.get(usize::from(at)));
        vec![
            file,
            row.place.row.to_string(),
            row.column.to_owned(),
            row.reason.word().to_owned(),
            row.reason.rule_in_detail(row.detail),
            row.reason.done().to_owned(),
            practice.map(|practice| practice.code.clone()).unwrap_or_default(),
        ]
    });
    csv_of(&QUARANTINE.names(), rows)
}
