//! `quarantine.csv`: every row that was not used, or only in part: where it stands, the rule it broke, what was done.

use super::csv_of;
use crate::extract::InputFile;
use crate::extract::quality::Quality;

const HEADER: [&str; 6] = ["file", "row", "column", "reason", "rule", "done"];

/// The file, in the order of files and rows.
pub fn quarantine_csv(files: &[InputFile], quality: &Quality) -> Vec<u8> {
    let rows = quality.rows.iter().map(|row| {
        let file = files.get(usize::from(row.place.file)).map(|file| file.name.clone()).unwrap_or_default();
        let rule =
            if row.detail.is_empty() { row.reason.rule().to_owned() } else { format!("{}; this one is {}", row.reason.rule(), row.detail) };
        vec![file, row.place.row.to_string(), row.column.to_owned(), row.reason.word().to_owned(), rule, row.reason.done().to_owned()]
    });
    csv_of(&HEADER, rows)
}
