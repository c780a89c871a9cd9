//! One row of a table of counts: cells by what they hold, numbers, and problems with their places.

use crate::problem::{Problem, Severity};
use crate::table::Row;
use rust_decimal::Decimal;
use std::str::FromStr;

/// The names that a column goes by, in this program's own order of preference, and whether a file is useless without it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// As headers have it, lower case, `_` between words. The first is that of messages.
    pub names: &'static [&'static str],
    /// Whether it must be there.
    pub required: bool,
}

/// A column that must be there.
pub(super) const fn must(names: &'static [&'static str]) -> Column {
    Column { names, required: true }
}

/// A column that may be there.
pub(super) const fn may(names: &'static [&'static str]) -> Column {
    Column { names, required: false }
}

/// A cell of a header, as names of columns are written here. Worked: `Population Count` is `population_count`.
pub(super) fn heading(cell: &str) -> String {
    cell.trim_start_matches('\u{feff}').to_lowercase().replace(' ', "_")
}

/// Where the columns of a form stand in a table, and what is needed to say where a cell is.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// The file, and the sheet of a workbook.
    pub shown: String,
    /// Which file.
    pub file: usize,
    header: Vec<String>,
    at: Vec<Option<usize>>,
    /// The last column with a name: cells behind it may be missing or empty.
    last: usize,
}

impl Columns {
    /// Finds them in a header.
    pub fn of(header: &Row, columns: &[Column], shown: &str, file: usize) -> Columns {
        let names: Vec<String> = header.cells.iter().map(|cell| heading(cell)).collect();
        let place = |column: &Column| column.names.iter().find_map(|name| names.iter().position(|cell| cell == name));
        let last = names.iter().rposition(|name| !name.is_empty() && !name.starts_with("unnamed")).unwrap_or(0);
        Columns { shown: shown.to_owned(), file, at: columns.iter().map(place).collect(), header: header.cells.clone(), last }
    }

    /// A cell; empty where the table has no such column.
    pub fn cell<'r>(&self, row: &'r Row, column: usize) -> &'r str {
        self.at.get(column).copied().flatten().map_or("", |at| row.cell(at))
    }

    /// Whether a row has a cell for every column with a name, and nothing behind them.
    pub fn fits(&self, row: &Row) -> bool {
        row.cells.len() > self.last && row.cells.iter().skip(self.header.len().max(self.last + 1)).all(String::is_empty)
    }

    /// A problem with a row, or one of its cells.
    pub fn problem(&self, code: &'static str, says: impl Into<String>, row: &Row, column: Option<usize>) -> Problem {
        let name = column.and_then(|column| self.at.get(column).copied().flatten()).and_then(|at| self.header.get(at));
        Problem::error(code, says).in_data(self.shown.as_str(), Some(row.number), name.map(String::as_str))
    }

    /// The same, where counts can be used all the same.
    pub fn warning(&self, code: &'static str, says: impl Into<String>, row: &Row, column: usize) -> Problem {
        Problem { severity: Severity::Warning, ..self.problem(code, says, row, Some(column)) }
    }

    /// A whole number; `112.0` is one, and an empty cell none.
    pub fn whole(&self, row: &Row, column: usize) -> Result<Option<u64>, Box<Problem>> {
        let text = self.cell(row, column);
        if text.is_empty() {
            return Ok(None);
        }
        whole(text).map(Some).ok_or_else(|| {
            let problem = self.problem("D042", "this is no count of people", row, Some(column));
            Box::new(problem.help("a count is a whole number, 0 or above, without separators; leave the cell empty where there is none"))
        })
    }

    /// A number with a decimal point, 0 or above; an empty cell is none.
    pub fn number(&self, row: &Row, column: usize) -> Result<Option<Decimal>, Box<Problem>> {
        let text = self.cell(row, column);
        if text.is_empty() {
            return Ok(None);
        }
        number(text).map(Some).ok_or_else(|| {
            let problem = self.problem("D042", "this is no number of points", row, Some(column));
            Box::new(problem.help("points are a number such as 12.5, 0 or above"))
        })
    }
}

/// A whole number; `112.0` is 112.
pub(super) fn whole(text: &str) -> Option<u64> {
    let whole =
        text.split_once('.').filter(|(_, rest)| !rest.is_empty() && rest.bytes().all(|byte| byte == b'0')).map_or(text, |(whole, _)| whole);
    Some(whole).filter(|whole| !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit())).and_then(|whole| whole.parse().ok())
}

/// A number, 0 or above.
pub(super) fn number(text: &str) -> Option<Decimal> {
    Some(text).filter(|text| text.starts_with(|first: char| first.is_ascii_digit())).and_then(|text| Decimal::from_str(text).ok())
}

/// An id of the Quality and Outcomes Framework; `CVD-PP` and `CVDPP` are one. Other frameworks in its layout may have hyphens of their own.
pub(super) fn qof_id(text: &str) -> String {
    let id = text.to_uppercase();
    id.strip_prefix("CVD-PP").map_or_else(|| id.clone(), |rest| format!("CVDPP{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole() {
        assert_eq!(whole("112.0"), Some(112));
        assert_eq!(whole("112"), Some(112));
        for text in ["112.5", "-1", "1,234", "112.", "", "*", "1e3"] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(number("9.90").map(|number| number.to_string()).as_deref(), Some("9.90"));
        assert_eq!(number("-1"), None);
        assert_eq!([qof_id("CVD-PP001"), qof_id("Dm-CP")], ["CVDPP001", "DM-CP"]);
    }
}
