//! `cells.csv` and `pairs.csv`, as `dqoh run` writes them or SQL returns them → [`CellRows`] and [`PairRows`]: their names not yet looked up.
//! Knows columns, no rule. As with counts by line, any mistake stops the reading.

use super::columns::{Column, CsvFile, required};
use super::counts::{Files, Names, cell_day, cell_text, cell_view};
use super::patient::RowPlace;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::path::PathBuf;

const CELL_COLUMNS: [Column; 10] = [
    required("framework_hash"),
    required("measure"),
    required("practice_code"),
    required("interval_end"),
    required("view"),
    required("age_band"),
    required("sex"),
    required("imd_quintile"),
    required("achieved"),
    required("denominator"),
];
/// The column of measures.
pub const MEASURE: usize = 1;
/// The column of practices.
pub const PRACTICE: usize = 2;
/// The column of reporting days.
pub const DAY: usize = 3;
const VIEW: usize = 4;
/// The column of ages, the first of three that say who is counted.
pub const AGE_BAND: usize = 5;
const SEX: usize = 6;
const IMD_QUINTILE: usize = 7;
/// The column of those who achieved.
pub const ACHIEVED: usize = 8;
const DENOMINATOR: usize = 9;

const PAIR_COLUMNS: [Column; 10] = [
    required("framework_hash"),
    required("association"),
    required("uptake"),
    required("outcome"),
    required("practice_code"),
    required("interval_end"),
    required("view"),
    required("taken_up"),
    required("achieved"),
    required("people"),
];
/// The column of associations.
pub const ASSOCIATION: usize = 1;
/// The column of practices in `pairs.csv`.
pub const PAIR_PRACTICE: usize = 4;
/// The column of reporting days in `pairs.csv`.
pub const PAIR_DAY: usize = 5;
const PAIR_VIEW: usize = 6;
const TAKEN_UP: usize = 7;
const PAIR_ACHIEVED: usize = 8;
const PEOPLE: usize = 9;

/// One row of `cells.csv`; names are places in the lists of [`CellRows`].
#[derive(Clone, Copy, Debug)]
pub struct CellRow {
    /// Where it stands.
    pub place: RowPlace,
    /// One of [`CellRows::measures`].
    pub measure: usize,
    /// One of [`CellRows::practices`].
    pub practice: usize,
    /// One of [`CellRows::who`].
    pub who: usize,
    /// How many achieved.
    pub achieved: u32,
    /// Of how many.
    pub of: u32,
}

/// The rows of `cells.csv`, of all files.
#[derive(Debug)]
pub struct CellRows {
    /// The files.
    pub files: Files,
    /// The day and view of all rows; nothing without a row.
    pub day: Option<(Day, View)>,
    /// Measures by name.
    pub measures: Names<String>,
    /// Practices by code.
    pub practices: Names<String>,
    /// Groups of people: age band, sex and fifth of deprivation.
    pub who: Names<[String; 3]>,
    /// The rows.
    pub rows: Vec<CellRow>,
}

/// One row of `pairs.csv`; names are places in the lists of [`PairRows`].
#[derive(Clone, Copy, Debug)]
pub struct PairRow {
    /// Where it stands.
    pub place: RowPlace,
    /// One of [`PairRows::associations`].
    pub association: usize,
    /// One of [`PairRows::practices`].
    pub practice: usize,
    /// Whether these people took it up.
    pub taken_up: bool,
    /// Whether they achieved the outcome.
    pub achieved: bool,
    /// How many they are.
    pub people: u32,
}

/// The rows of `pairs.csv`, of all files.
#[derive(Debug)]
pub struct PairRows {
    /// The files.
    pub files: Files,
    /// The day and view of all rows; nothing without a row.
    pub day: Option<(Day, View)>,
    /// Associations: id, uptake and outcome.
    pub associations: Names<[String; 3]>,
    /// Practices by code.
    pub practices: Names<String>,
    /// The rows.
    pub rows: Vec<PairRow>,
}

/// Reads `cells.csv`. `hash` is that of the rules that the counts must have been made by, where it is known.
///
/// # Errors
/// When a file cannot be read or any row is not right.
pub fn read_cells(paths: &[PathBuf], hash: Option<&str>) -> Result<CellRows, Vec<Problem>> {
    let files = Files::of(paths, &CELL_COLUMNS);
    let mut all = CellRows {
        files: files.clone(),
        day: None,
        measures: Names::none(),
        practices: Names::none(),
        who: Names::none(),
        rows: Vec::new(),
    };
    files.read(paths, hash, |file, place| {
        same_day(file, place, (DAY, VIEW), &mut all.day)?;
        let (achieved, of) = (people(file, place, ACHIEVED)?, people(file, place, DENOMINATOR)?);
        if achieved > of || of == 0 {
            let problem = file.problem("D016", "more achieved than are in the denominator, or nobody is", place, ACHIEVED);
            return Err(Box::new(problem.help("columns may have been shifted: take the file as it was written")));
        }
        let row = CellRow {
            place,
            measure: all.measures.number(cell_text(file, MEASURE), place),
            practice: all.practices.number(cell_text(file, PRACTICE), place),
            who: all.who.number([AGE_BAND, SEX, IMD_QUINTILE].map(|column| cell_text(file, column)), place),
            achieved,
            of,
        };
        all.rows.push(row);
        Ok(())
    })?;
    Ok(all)
}

/// Reads `pairs.csv`. `hash` is that of the rules that the counts must have been made by, where it is known.
///
/// # Errors
/// When a file cannot be read or any row is not right.
pub fn read_pairs(paths: &[PathBuf], hash: Option<&str>) -> Result<PairRows, Vec<Problem>> {
    let files = Files::of(paths, &PAIR_COLUMNS);
    let mut all = PairRows { files: files.clone(), day: None, associations: Names::none(), practices: Names::none(), rows: Vec::new() };
    files.read(paths, hash, |file, place| {
        same_day(file, place, (PAIR_DAY, PAIR_VIEW), &mut all.day)?;
        let row = PairRow {
            place,
            association: all.associations.number([1, 2, 3].map(|column| cell_text(file, column)), place),
            practice: all.practices.number(cell_text(file, PAIR_PRACTICE), place),
            taken_up: yes(file, place, TAKEN_UP)?,
            achieved: yes(file, place, PAIR_ACHIEVED)?,
            people: people(file, place, PEOPLE)?,
        };
        all.rows.push(row);
        Ok(())
    })?;
    Ok(all)
}

/// Refuses rows of another day or view than those before.
fn same_day(file: &CsvFile, place: RowPlace, columns: (usize, usize), first: &mut Option<(Day, View)>) -> Result<(), Box<Problem>> {
    let day = (cell_day(file, place, columns.0)?, cell_view(file, place, columns.1)?);
    if *first.get_or_insert(day) != day {
        let problem = file.problem("D018", "these counts are of two days or views", place, columns.0);
        return Err(Box::new(problem.help("give those of the last reporting day alone: of no other they are counted")));
    }
    Ok(())
}

fn people(file: &CsvFile, place: RowPlace, column: usize) -> Result<u32, Box<Problem>> {
    cell_text(file, column).parse().map_err(|_| {
        let problem = file.problem("D016", "a number of people is a whole number, 0 or above", place, column);
        Box::new(problem.help("write it without separators"))
    })
}

fn yes(file: &CsvFile, place: RowPlace, column: usize) -> Result<bool, Box<Problem>> {
    match file.cell(column) {
        b"yes" => Ok(true),
        b"no" => Ok(false),
        _ => Err(Box::new(file.problem("D016", "this is neither `yes` nor `no`", place, column).help("take the file as it was written"))),
    }
}
