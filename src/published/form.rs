//! Which form a table has, by its header: names of columns drift from year to year, what they hold does not.

use super::cells::{Column, Columns, heading};
use super::{achievement, indicators, organisations, prevalence, search, tidy, totals};
use crate::problem::Problem;
use crate::table::Row;

/// A header stands in one of the first rows: searches have a preamble above it.
const ROWS_BEFORE_THE_HEADER: usize = 40;

/// The form of a table of counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// What `dqoh counts read` writes.
    Tidy,
    /// A search of EMIS Web.
    Search,
    /// Registers and lists of practices.
    Prevalence,
    /// Indicators of practices.
    Achievement,
    /// Registers of an area.
    GroupTotals,
    /// Indicators of an area.
    IndicatorTotals,
    /// What indicators there are.
    Indicators,
    /// What practices there are.
    Organisations,
}

impl Form {
    /// In this order a header is looked at: the first that it fits is its form.
    const ALL: [Form; 8] = [
        Form::Tidy,
        Form::Search,
        Form::Prevalence,
        Form::Achievement,
        Form::GroupTotals,
        Form::IndicatorTotals,
        Form::Indicators,
        Form::Organisations,
    ];

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Form::Tidy => "published counts",
            Form::Search => "EMIS Web search",
            Form::Prevalence => "QOF prevalence",
            Form::Achievement => "QOF achievement",
            Form::GroupTotals => "QOF registers of an area",
            Form::IndicatorTotals => "QOF indicators of an area",
            Form::Indicators => "QOF indicators, described",
            Form::Organisations => "practices",
        }
    }

    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Form::Tidy => &tidy::COLUMNS,
            Form::Search => &search::COLUMNS,
            Form::Prevalence => &prevalence::COLUMNS,
            Form::Achievement => &achievement::COLUMNS,
            Form::GroupTotals => &totals::GROUP_COLUMNS,
            Form::IndicatorTotals => &totals::INDICATOR_COLUMNS,
            Form::Indicators => &indicators::COLUMNS,
            Form::Organisations => &organisations::COLUMNS,
        }
    }

    /// Whether a header is of something else although it has all columns: results name practices too.
    fn is_not(self, header: &[String]) -> bool {
        self == Form::Organisations && header.iter().any(|cell| matches!(cell.as_str(), "measure" | "pathway"))
    }

    /// Which of the columns that must be there are missing.
    fn missing(self, header: &[String]) -> Vec<&'static Column> {
        let required = self.columns().iter().filter(|column| column.required);
        required.filter(|column| !column.names.iter().any(|name| header.iter().any(|cell| cell == name))).collect()
    }
}

/// The header of a table: its form and columns. The rows above it are handed back, those below are left.
pub(super) struct Header {
    pub form: Form,
    pub columns: Columns,
    pub above: Vec<Row>,
}

/// Finds the header; a problem when there is one that is nearly right, nothing when there is none.
pub(super) fn header(rows: &mut dyn Iterator<Item = Row>, shown: &str, file: usize) -> Result<Option<Header>, Box<Problem>> {
    let mut above = Vec::new();
    let mut near = None;
    for row in rows.take(ROWS_BEFORE_THE_HEADER) {
        let names: Vec<String> = row.cells.iter().map(|cell| heading(cell)).collect();
        for form in Form::ALL.into_iter().filter(|form| !form.is_not(&names)) {
            let missing = form.missing(&names);
            let required = form.columns().iter().filter(|column| column.required).count();
            match missing.as_slice() {
                [] => {
                    let columns = Columns::of(&row, form.columns(), shown, file);
                    named_once(form, &names, shown, &row)?;
                    return Ok(Some(Header { form, columns, above }));
                }
                [column] if required > 2 && near.is_none() => near = Some(lacks(form, column, shown, &row)),
                _ => {}
            }
        }
        above.push(row);
    }
    near.map_or(Ok(None), |problem| Err(Box::new(problem)))
}

fn lacks(form: Form, column: &Column, shown: &str, row: &Row) -> Problem {
    let name = column.names.first().copied().unwrap_or_default();
    let needed: Vec<&str> =
        form.columns().iter().filter(|column| column.required).filter_map(|column| column.names.first().copied()).collect();
    Problem::error("D041", format!("this looks like {}, and has no column `{name}`", form.words()))
        .in_data(shown, Some(row.number), Some(name))
        .help(format!("take the file as it was published or exported; the columns needed are {}", needed.join(", ")))
}

fn named_once(form: Form, header: &[String], shown: &str, row: &Row) -> Result<(), Box<Problem>> {
    let twice = form.columns().iter().flat_map(|column| column.names).find(|name| header.iter().filter(|cell| cell == *name).count() > 1);
    twice.map_or(Ok(()), |name| {
        let problem = Problem::error("D041", format!("the header names the column `{name}` twice"));
        Err(Box::new(problem.in_data(shown, Some(row.number), Some(name)).help("take one of the two out, or export the file again")))
    })
}
