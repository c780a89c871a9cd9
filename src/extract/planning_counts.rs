//! What pathways count in files, as `dqoh run` writes it or SQL returns it → [`PlanningCounts`]: rows, their names not yet looked up.
//! Knows columns, no rule. As with counts by line, any mistake stops the reading.

use super::columns::{Column, CsvFile, required};
use super::counts::{Files, Names, cell_day, cell_text, cell_view};
use super::patient::RowPlace;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::path::PathBuf;

const COLUMNS: [Column; 13] = [
    required("framework_hash"),
    required("pathway"),
    required("measure"),
    required("practice_code"),
    required("interval_end"),
    required("view"),
    required("period"),
    required("unit"),
    required("stratum"),
    required("stratum_value"),
    required("number"),
    required("code"),
    required("value"),
];
/// The column of pathways.
pub const PATHWAY: usize = 1;
/// The column of measures.
pub const MEASURE: usize = 2;
/// The column of practices.
pub const PRACTICE: usize = 3;
/// The column of reporting days.
pub const DAY: usize = 4;
const VIEW: usize = 5;
/// The column of stretches of time.
pub const PERIOD: usize = 6;
const UNIT: usize = 7;
/// The column of what people are counted by.
pub const STRATUM: usize = 8;
const STRATUM_VALUE: usize = 9;
/// The column of lines, days and contact days.
pub const NUMBER: usize = 10;
/// The column of codes.
pub const CODE: usize = 11;
const VALUE: usize = 12;

/// What an item is called in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemName {
    /// The pathway.
    pub pathway: String,
    /// The measure.
    pub measure: String,
    /// The stretch of time.
    pub period: String,
    /// What is counted.
    pub unit: String,
}

/// One row; names are places in the lists of [`PlanningCounts`].
#[derive(Clone, Copy, Debug)]
pub struct PlanningRow {
    /// Where it stands.
    pub place: RowPlace,
    /// One of [`PlanningCounts::items`].
    pub item: usize,
    /// One of [`PlanningCounts::practices`].
    pub practice: usize,
    /// The reporting day.
    pub day: Day,
    /// One of [`PlanningCounts::strata`].
    pub stratum: usize,
    /// A line, days, or 0.
    pub number: i32,
    /// One of [`PlanningCounts::codes`].
    pub code: usize,
    /// How many.
    pub value: u64,
}

/// What pathways count, of all files.
#[derive(Debug)]
pub struct PlanningCounts {
    /// The files.
    pub files: Files,
    /// Items by name.
    pub items: Names<ItemName>,
    /// Practices by code.
    pub practices: Names<String>,
    /// Strata: by what, and which.
    pub strata: Names<(String, String)>,
    /// Scheme and code, or nothing.
    pub codes: Names<String>,
    /// The rows; none where nobody is on a pathway.
    pub rows: Vec<PlanningRow>,
}

/// Reads the files. `hash` is that of the rules that the counts must have been made by, `view` that of the counts by line.
///
/// # Errors
/// When a file cannot be read or any row is not right.
pub fn read(paths: &[PathBuf], hash: &str, view: View) -> Result<PlanningCounts, Vec<Problem>> {
    let files = Files::of(paths, &COLUMNS);
    let mut counts = PlanningCounts {
        files: files.clone(),
        items: Names::none(),
        practices: Names::none(),
        strata: Names::none(),
        codes: Names::none(),
        rows: Vec::new(),
    };
    files.read(paths, Some(hash), |file, place| {
        let row = counts.row(file, place, view)?;
        counts.rows.push(row);
        Ok(())
    })?;
    Ok(counts)
}

impl PlanningCounts {
    fn row(&mut self, file: &CsvFile, place: RowPlace, view: View) -> Result<PlanningRow, Box<Problem>> {
        let wrong = |column, says: &str, help: &str| Box::new(file.problem("D016", says, place, column).help(help));
        let text = |column| cell_text(file, column);
        let day = cell_day(file, place, DAY)?;
        let other = cell_view(file, place, VIEW)?;
        if other != view {
            let problem = file.problem("D018", "these counts are of two views", place, VIEW);
            return Err(Box::new(problem.help("report each view by itself, with the counts by line of the same view")));
        }
        let whole = "write it as a whole number, without separators";
        let number = text(NUMBER).parse::<i32>().map_err(|_| wrong(NUMBER, "this number is not a whole number", whole))?;
        let value = text(VALUE).parse::<u64>().map_err(|_| wrong(VALUE, "a count is a whole number, 0 or above", whole))?;
        let item = ItemName { pathway: text(PATHWAY), measure: text(MEASURE), period: text(PERIOD), unit: text(UNIT) };
        let (practice, stratum, code) = (text(PRACTICE), (text(STRATUM), text(STRATUM_VALUE)), text(CODE));
        Ok(PlanningRow {
            place,
            item: self.items.number(item, place),
            practice: self.practices.number(practice, place),
            day,
            stratum: self.strata.number(stratum, place),
            number,
            code: self.codes.number(code, place),
            value,
        })
    }
}
