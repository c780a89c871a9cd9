//! `practices.csv` → [`Practice`]s, in the order of their codes. This file is small and must be right: any mistake stops the run.

use super::columns::{Column, CsvFile, optional, required};
use super::people::text;
use super::quality::Quality;
use crate::practice::Practice;
use crate::problem::Problem;
use std::path::Path;

/// The columns of practices.csv.
pub const COLUMNS: [Column; 4] = [required("practice_code"), required("name"), required("locality"), optional("list_size")];

/// Reads the practices of a file that belongs to no extract.
///
/// # Errors
/// When the file cannot be read or anything in it is not right.
pub fn read_practices(path: &Path) -> Result<Vec<Practice>, Vec<Problem>> {
    let mut file = CsvFile::open(path, &path.display().to_string(), 0, &COLUMNS).map_err(|problem| vec![problem])?;
    read(&mut file)
}

/// Reads the practices of an open file.
pub fn read(file: &mut CsvFile) -> Result<Vec<Practice>, Vec<Problem>> {
    let mut practices: Vec<Practice> = Vec::new();
    let mut problems = Vec::new();
    let mut quality = Quality::default();
    while let Some(place) = file.next_row(&mut quality).map_err(|problem| vec![problem])? {
        let mut cells = [const { String::new() }; 4];
        for (column, cell) in cells.iter_mut().enumerate() {
            text(file.cell(column)).clone_into(cell);
        }
        let [code, name, locality, list_size] = cells;
        if code.is_empty() {
            problems.push(file.problem("D014", "a practice needs a code", place, 0).help("fill the cell, or take the row out"));
            continue;
        }
        if practices.iter().any(|other| other.code == code) {
            problems.push(file.problem("D010", "this practice is listed twice", place, 0).help("keep one row for each practice"));
            continue;
        }
        let size = if list_size.is_empty() { Ok(None) } else { list_size.parse::<u64>().map(Some) };
        match size {
            Ok(list_size) if list_size != Some(0) => practices.push(Practice { code, name, locality, list_size }),
            _ => problems.push(
                file.problem("D014", "a list size is a whole number above 0", place, 3)
                    .help("write it without separators, or leave it empty"),
            ),
        }
    }
    for row in &quality.rows {
        problems.push(
            Problem::error("D014", "this row of practices cannot be read")
                .in_data(file.shown(), Some(u64::from(row.place.row)), None)
                .help(row.reason.rule()),
        );
    }
    if practices.is_empty() && problems.is_empty() {
        problems.push(
            Problem::error("D005", "this file names no practice")
                .in_data(file.shown(), None, None)
                .help("one row a practice: practice_code,name,locality"),
        );
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    practices.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(practices)
}
