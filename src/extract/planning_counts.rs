//! What pathways count in files, as `dqoh run` writes it or SQL returns it → [`PlanningCounts`]: rows, their names not yet looked up.
//! Knows columns, no rule. As with counts by line, any mistake stops the reading.

use super::columns::{Column, CsvFile, required};
use super::counts::{Mistakes, Names};
use super::patient::RowPlace;
use super::quality::Quality;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::path::{Path, PathBuf};

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
const HASH: usize = 0;
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
    /// The files, as they were named.
    pub files: Vec<String>,
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
    let mut counts = PlanningCounts {
        files: paths.iter().map(|path| path.display().to_string()).collect(),
        items: Names::none(),
        practices: Names::none(),
        strata: Names::none(),
        codes: Names::none(),
        rows: Vec::new(),
    };
    let mut mistakes = Mistakes::default();
    for (number, path) in (0..).zip(paths) {
        counts.read_file(path, number, (hash, view), &mut mistakes).map_err(|problem| vec![problem])?;
    }
    mistakes.none()?;
    Ok(counts)
}

impl PlanningCounts {
    /// A problem with a row.
    pub fn problem(&self, code: &'static str, says: impl Into<String>, place: RowPlace, column: Option<usize>) -> Problem {
        let file = self.files.get(usize::from(place.file)).cloned().unwrap_or_default();
        let column = column.and_then(|column| COLUMNS.get(column)).map(|column| column.name);
        Problem::error(code, says).in_data(file, Some(u64::from(place.row)), column)
    }

    /// Where a row stands, for a message about another.
    pub fn place(&self, place: RowPlace) -> String {
        format!("{}, row {}", self.files.get(usize::from(place.file)).map_or("", String::as_str), place.row)
    }

    fn read_file(&mut self, path: &Path, number: u16, made_by: (&str, View), mistakes: &mut Mistakes) -> Result<(), Problem> {
        let (hash, view) = made_by;
        let shown = self.files.get(usize::from(number)).cloned().unwrap_or_default();
        let mut file = CsvFile::open(path, &shown, number, &COLUMNS)?;
        let mut quality = Quality::default();
        while let Some(place) = file.next_row(&mut quality)? {
            if file.cell(HASH) != hash.as_bytes() {
                return Err(file
                    .problem("D015", "these counts were made by other rules", place, HASH)
                    .help("pass the folder of the rules that they were made by, with --rules"));
            }
            match self.row(&file, place, view) {
                Ok(row) => self.rows.push(row),
                Err(problem) => mistakes.add(*problem),
            }
        }
        for row in &quality.rows {
            mistakes.add(self.problem("D016", "this row of counts cannot be read", row.place, None).help(row.reason.rule()));
        }
        Ok(())
    }

    fn row(&mut self, file: &CsvFile, place: RowPlace, view: View) -> Result<PlanningRow, Box<Problem>> {
        let wrong = |column, says: &str, help: &str| Box::new(file.problem("D016", says, place, column).help(help));
        let text = |column| {
            std::str::from_utf8(file.cell(column)).map(str::to_owned).map_err(|_| {
                let problem = file.problem("D006", "this cell is not UTF-8 text", place, column);
                Box::new(problem.help("in Excel, save the file as \"CSV UTF-8\""))
            })
        };
        let day = Day::parse(file.cell(DAY));
        let day = day.ok_or_else(|| wrong(DAY, "this is no reporting day", "a day is written as 2017-03-31"))?;
        let other = [View::YearEnd, View::Rolling].into_iter().find(|view| file.cell(VIEW) == view.word().as_bytes());
        let other = other.ok_or_else(|| wrong(VIEW, "there is no such view", "it is `year-end` or `rolling`"))?;
        if other != view {
            let problem = file.problem("D018", "these counts are of two views", place, VIEW);
            return Err(Box::new(problem.help("report each view by itself, with the counts by line of the same view")));
        }
        let whole = "write it as a whole number, without separators";
        let number = text(NUMBER)?.parse::<i32>().map_err(|_| wrong(NUMBER, "this number is not a whole number", whole))?;
        let value = text(VALUE)?.parse::<u64>().map_err(|_| wrong(VALUE, "a count is a whole number, 0 or above", whole))?;
        let item = ItemName { pathway: text(PATHWAY)?, measure: text(MEASURE)?, period: text(PERIOD)?, unit: text(UNIT)? };
        let (practice, stratum, code) = (text(PRACTICE)?, (text(STRATUM)?, text(STRATUM_VALUE)?), text(CODE)?);
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
