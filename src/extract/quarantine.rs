//! `quarantine.csv`, read back: which rows of an extract were not used, or only in part. Knows places and reasons, no value:
//! a file that holds anything else in their stead is refused.

use super::canonical::Extract;
use super::columns::{Column, CsvFile, required};
use super::newcomers::NO_QUINTILE;
use super::patient::RowPlace;
use super::people::text;
use super::quality::{Quality, Reason, Unusable};
use super::{emis, newcomers, sift};
use crate::problem::Problem;
use std::path::Path;

/// The name of the file.
pub const NAME: &str = "quarantine.csv";

const COLUMNS: [Column; 7] = [
    required("file"),
    required("row"),
    required("column"),
    required("reason"),
    required("rule"),
    required("done"),
    required("practice_code"),
];
const FILE: usize = 0;
const ROW: usize = 1;
const COLUMN: usize = 2;
const REASON: usize = 3;
const RULE: usize = 4;
const PRACTICE: usize = 6;

/// One row that was not used, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// The file, within the extract.
    pub file: String,
    /// The row, the header being row 1.
    pub row: u32,
    /// Which column; empty when the whole row is to blame.
    pub column: &'static str,
    /// Why.
    pub reason: Reason,
    /// More about it.
    pub detail: &'static str,
    /// The practice; empty where the row did not tell it.
    pub practice: String,
}

/// Reads the file, or that of the folder, in the order of files and rows.
///
/// # Errors
/// When it is not there, cannot be read, or is not as `dqoh` wrote it.
pub fn read_quarantine(path: &Path) -> Result<Vec<SetAside>, Problem> {
    let path = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
    let shown = path.display().to_string();
    if !path.exists() {
        return Err(Problem::error("D065", "there is no quarantine.csv here")
            .in_data(shown, None, None)
            .help("name the folder that `dqoh run` or `dqoh inspect` wrote into with --out, or the file itself"));
    }
    let mut file = CsvFile::open(&path, &shown, 0, &COLUMNS)?;
    let mut quality = Quality::default();
    let mut rows = Vec::new();
    while let Some(place) = file.next_row(&mut quality)? {
        rows.push(set_aside(&file, place)?);
    }
    if let Some(row) = quality.rows.first() {
        let problem = Problem::error("D066", "this row of quarantine.csv cannot be read");
        return Err(problem.in_data(shown, Some(u64::from(row.place.row)), None).help(row.reason.rule()));
    }
    rows.sort();
    Ok(rows)
}

fn set_aside(file: &CsvFile, place: RowPlace) -> Result<SetAside, Problem> {
    let wrong = |column: usize, says: &str| {
        file.problem("D066", says, place, column).help("write it again with `dqoh run` or `dqoh inspect`, and do not write in it by hand")
    };
    let row = text(file.cell(ROW)).parse::<u32>().map_err(|_| wrong(ROW, "this is no number of a row"))?;
    let reason = Reason::from_word(text(file.cell(REASON))).ok_or_else(|| wrong(REASON, "there is no such reason"))?;
    let column = known_column(text(file.cell(COLUMN))).ok_or_else(|| wrong(COLUMN, "no file of an extract has such a column"))?;
    let details = Unusable::ALL.into_iter().map(Unusable::detail).chain([NO_QUINTILE, ""]);
    let rule = text(file.cell(RULE));
    let detail = details.into_iter().find(|detail| reason.rule_in_detail(detail) == rule);
    let detail = detail.ok_or_else(|| wrong(RULE, "this is not the rule of the reason beside it"))?;
    Ok(SetAside { file: text(file.cell(FILE)).to_owned(), row, column, reason, detail, practice: text(file.cell(PRACTICE)).to_owned() })
}

fn known_column(name: &str) -> Option<&'static str> {
    let known = newcomers::COLUMNS.into_iter().chain(sift::COLUMNS).chain(emis::columns()).map(|column| column.name);
    known.chain([""]).find(|known| *known == name)
}

/// Where the columns of one file of an extract stand, the first being 0; the files of the quarantine must be those of the extract.
///
/// # Errors
/// When the extract has no such file, or it cannot be opened.
pub fn columns_of(extract: &Extract, file: &str) -> Result<Vec<(&'static str, usize)>, Problem> {
    extract.columns_of(file)?.ok_or_else(|| {
        Problem::error("D067", "quarantine.csv names a file that this extract does not have")
            .in_data(file, None, None)
            .help("name the extract that the quarantine was written for, as it was then")
    })
}
