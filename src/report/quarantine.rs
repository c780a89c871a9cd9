//! `quarantine.csv`: every row that was not used, or only in part: where it stands, the rule it broke, what was done.

use super::csv_of;
use crate::extract::InputFile;
use crate::extract::quality::Quality;
use crate::practice::Practice;

const HEADER: [&str; 7] = ["file", "row", "column", "reason", "rule", "done", "practice_code"];

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
    csv_of(&HEADER, rows)
}
