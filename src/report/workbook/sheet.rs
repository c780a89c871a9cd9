//! Sheets as plain data: a title, what must be said, and one table whose cells know what kind of number they are. Knows no workbook.

use super::names::Names;
use super::notes::Note;
use crate::briefing::Rate;
use crate::disclosure::{Percentage, Shown};
use crate::framework::calendar::Day;
use crate::variation::Interval;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// A sheet with one table.
pub(super) struct Sheet<'r> {
    /// On its tab.
    pub name: String,
    /// In its first cell.
    pub title: String,
    /// What must be known to read it.
    pub lines: Vec<String>,
    /// The notes that explain it.
    pub notes: Vec<Note>,
    /// How many columns stay when the table is moved sideways.
    pub kept: u16,
    /// The table.
    pub table: Table<'r>,
}

/// A table.
pub(super) struct Table<'r> {
    /// What formulas call it.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// As many cells a row as columns.
    pub rows: Vec<Vec<Cell<'r>>>,
}

/// A column.
pub(super) struct Column {
    /// Its title.
    pub title: String,
    /// In characters.
    pub width: u16,
}

/// A cell. None is ever empty.
#[derive(Clone)]
pub(super) enum Cell<'r> {
    /// Words or a code.
    Text(Cow<'r, str>),
    /// Words that go on in a second line where there is no room.
    Wrapped(Cow<'r, str>),
    /// The name of a sheet, which leads there.
    Link(String),
    /// An indicator by its place, which leads to its sheet.
    Indicator(usize),
    /// People, practices, rows.
    Whole(u64),
    /// A share, to a tenth of a per cent.
    Share(f64),
    /// A share of rounded counts, to a per cent.
    WholeShare(f64),
    /// A difference of two shares, in percentage points.
    Change(f64),
    /// To one decimal.
    Tenths(f64),
    /// To three decimals.
    Thousandths(f64),
    /// Points.
    Points(Decimal),
    /// Money.
    Pounds(Decimal),
    /// A day.
    Day(Day),
    /// Not shown to this audience.
    Hidden,
    /// Not worked out, or not known.
    NotAvailable,
    /// There can be none.
    NotApplicable,
}

/// How a cell comes from a row.
type Making<'r, R> = Box<dyn Fn(&R) -> Cell<'r> + 'r>;

/// Columns of a table and how each cell of them comes from a row: title and cell stand together, so none is ever under another's title.
pub(super) struct Columns<'r, R> {
    titles: Names,
    columns: Vec<Column>,
    cells: Vec<Making<'r, R>>,
}

impl<'r, R> Columns<'r, R> {
    pub fn new() -> Columns<'r, R> {
        Columns { titles: Names::default(), columns: Vec::new(), cells: Vec::new() }
    }

    /// One more.
    pub fn and(mut self, title: &str, width: u16, cell: impl Fn(&R) -> Cell<'r> + 'r) -> Columns<'r, R> {
        self.columns.push(Column { title: self.titles.title(title), width });
        self.cells.push(Box::new(cell));
        self
    }

    /// The table.
    pub fn table(self, name: impl Into<String>, rows: impl IntoIterator<Item = R>) -> Table<'r> {
        let rows = rows.into_iter().map(|row| self.cells.iter().map(|cell| cell(&row)).collect()).collect();
        Table { name: name.into(), columns: self.columns, rows }
    }
}

/// Words, or that there are none.
pub(super) fn text<'r>(words: impl Into<Cow<'r, str>>) -> Cell<'r> {
    let words = words.into();
    if words.is_empty() { Cell::NotAvailable } else { Cell::Text(words) }
}

/// Words that may need several lines, or that there are none.
pub(super) fn wrapped<'r>(words: impl Into<Cow<'r, str>>) -> Cell<'r> {
    let words = words.into();
    if words.is_empty() { Cell::NotAvailable } else { Cell::Wrapped(words) }
}

/// What is there, or that it is not worked out.
pub(super) fn known<'r, T>(found: Option<T>, cell: impl Fn(T) -> Cell<'r>) -> Cell<'r> {
    found.map_or(Cell::NotAvailable, cell)
}

/// What is there, or that there can be none.
pub(super) fn where_it_applies<'r, T>(found: Option<T>, cell: impl Fn(T) -> Cell<'r>) -> Cell<'r> {
    found.map_or(Cell::NotApplicable, cell)
}

/// A number of something.
pub(super) fn number<'r>(number: usize) -> Cell<'r> {
    Cell::Whole(number as u64)
}

/// A count as it may be shown.
pub(super) fn count<'r>(count: Shown) -> Cell<'r> {
    match count {
        Shown::Exactly(people) | Shown::Rounded(people) => Cell::Whole(people),
        Shown::FewerThan(_) => Cell::Text(count.to_string().into()),
        Shown::Hidden => Cell::Hidden,
    }
}

/// A share as it may be shown.
pub(super) fn share<'r>(rate: &Rate) -> Cell<'r> {
    match (rate.percentage, rate.share()) {
        (Some(Percentage::Tenths(_)), Some(share)) => Cell::Share(share),
        (Some(Percentage::Whole(_)), Some(share)) => Cell::WholeShare(share),
        _ if nobody(rate) => Cell::NotApplicable,
        _ => Cell::Hidden,
    }
}

/// One end of the interval of a share.
pub(super) fn end<'r>(rate: &Rate, end: fn(&Interval) -> f64) -> Cell<'r> {
    match &rate.interval {
        Some(interval) => Cell::Share(end(interval)),
        None if nobody(rate) => Cell::NotApplicable,
        None if matches!((rate.achieved, rate.of), (Shown::Exactly(_), Shown::Exactly(_))) => Cell::NotAvailable,
        None => Cell::Hidden,
    }
}

/// The lower end of an interval.
pub(super) fn lower(interval: &Interval) -> f64 {
    interval.lower
}

/// The upper end.
pub(super) fn upper(interval: &Interval) -> f64 {
    interval.upper
}

/// What is said of a practice beside its counts: where it is not, its counts are hidden, or nobody was counted.
pub(super) fn said<'r, T>(rate: &Rate, found: Option<T>, cell: impl Fn(T) -> Cell<'r>) -> Cell<'r> {
    match found {
        Some(found) => cell(found),
        None if nobody(rate) => Cell::NotApplicable,
        None if matches!((rate.achieved, rate.of), (Shown::Exactly(_), Shown::Exactly(_))) => Cell::NotAvailable,
        None => Cell::Hidden,
    }
}

fn nobody(rate: &Rate) -> bool {
    rate.of == Shown::Exactly(0)
}
