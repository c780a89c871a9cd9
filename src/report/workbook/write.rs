//! Plain sheets → worksheets: a title, what must be said, the way back, and the table with its header in view.

use super::formats::{Formats, date};
use super::names::cut;
use super::sheet::{Cell, Sheet, Table};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Table as SheetTable, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;

/// Excel's longest text of a cell.
const LONGEST_TEXT: usize = 32_767;
/// A line of text above a table is not wrapped, so that it needs no column of its own: so many characters are seen on most screens.
const LINE: usize = 160;
/// Paper that is A4.
const A4: u8 = 9;
/// So many characters across are still read on it.
const PAPER: u16 = 200;
/// A header or footer has no more than 255 characters, marks among them.
const MOST_ON_PAPER: usize = 110;
/// A button that filters takes so many characters of a title.
const BUTTON: u16 = 3;

/// What stands on every sheet.
pub(super) struct Everywhere {
    /// For whom, of which day, in which view.
    pub who: String,
    /// For whom, on paper.
    pub audience: &'static str,
    /// The names of the indicators' sheets.
    pub indicators: Vec<String>,
    /// How cells look.
    pub formats: Formats,
}

/// Where a table stands.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// The row of its titles.
    pub header: u32,
    /// Its last row.
    pub last: u32,
    /// Its first column.
    pub column: u16,
    /// The first column after it.
    pub next_column: u16,
    /// Lines that its titles need.
    pub title_lines: u32,
}

/// A whole sheet. `notes` says which notes explain it.
pub(super) fn sheet<'w>(
    workbook: &'w mut Workbook,
    everywhere: &Everywhere,
    sheet: &Sheet<'_>,
    notes: Option<String>,
) -> Result<(&'w mut Worksheet, Placed), XlsxError> {
    let to = workbook.add_worksheet().set_name(&sheet.name)?;
    let formats = &everywhere.formats;
    to.write_string_with_format(0, 0, clipped(&sheet.title), &formats.heading)?;
    to.write_string(1, 0, clipped(&everywhere.who))?;
    let mut row = 2;
    for line in sheet.lines.iter().chain(&notes) {
        row = lines(to, row, line)?;
    }
    link(to, (row, 0), "Contents", &place("Contents", 0, 0), formats)?;
    let placed = table(to, everywhere, (row + 1, 0), &sheet.table)?;
    high(to, placed.header, placed.title_lines)?;
    to.set_freeze_panes(placed.header + 1, sheet.kept)?;
    paper(to, everywhere, &sheet.title);
    Ok((to, placed))
}

/// How a sheet with nothing but a table is printed: as few pages wide as can be read, titles and names on each of them.
pub(super) fn on_paper(to: &mut Worksheet, sheet: &Sheet<'_>, placed: Placed) -> Result<(), XlsxError> {
    let width: u16 = sheet.table.columns.iter().map(|column| column.width).sum();
    to.set_print_fit_to_pages(width.div_ceil(PAPER).max(1), 0);
    to.set_repeat_rows(placed.header, placed.header)?;
    if let Some(last) = sheet.kept.checked_sub(1) {
        to.set_repeat_columns(0, last)?;
    }
    Ok(())
}

/// How it is printed: A4 on its side, and on every page what it is and for whom.
pub(super) fn paper(to: &mut Worksheet, everywhere: &Everywhere, title: &str) {
    let plain = |text: &str| cut(text, MOST_ON_PAPER).replace('&', "&&");
    to.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    to.set_header(format!("&L{}", plain(title))).set_footer(format!("&L{}&R&P of &N", plain(everywhere.audience)));
}

/// A row of so many lines.
pub(super) fn high(to: &mut Worksheet, row: u32, lines: u32) -> Result<(), XlsxError> {
    if lines > 1 {
        // Programs differ in whether they do this by themselves.
        to.set_row_height(row, 15 * lines)?;
    }
    Ok(())
}

/// Lines that a text needs in a column.
pub(super) fn lines_of(text: &str, width: u16) -> u32 {
    let width = usize::from(width).max(1);
    let (mut lines, mut used) = (1, 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines += 1;
            used = 0;
        }
        used += length + usize::from(used > 0);
        // A word that is longer than the column is broken.
        lines += (used.saturating_sub(1) / width) as u32;
        used = used.min(width);
    }
    lines
}

/// Text in as many rows as it needs; the first row after it.
pub(super) fn lines(to: &mut Worksheet, first: u32, text: &str) -> Result<u32, XlsxError> {
    let mut row = first;
    for line in broken(text) {
        to.write_string(row, 0, line)?;
        row += 1;
    }
    Ok(row)
}

/// A text in lines that can be seen.
fn broken(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, LONGEST_TEXT)),
        }
    }
    lines
}

/// A cell of a sheet, as links name it.
pub(super) fn place(sheet: &str, row: u32, column: u16) -> String {
    let cell = rust_xlsxwriter::utility::row_col_to_cell(row, column);
    format!("internal:'{}'!{cell}", sheet.replace('\'', "''"))
}

/// A text that leads to a place.
pub(super) fn link(to: &mut Worksheet, (row, column): (u32, u16), text: &str, place: &str, formats: &Formats) -> Result<(), XlsxError> {
    to.write_url_with_options(row, column, Url::new(place), text, "", Some(&formats.link))?;
    Ok(())
}

/// A table whose titles begin at a cell.
pub(super) fn table(
    to: &mut Worksheet,
    everywhere: &Everywhere,
    (header, column): (u32, u16),
    table: &Table<'_>,
) -> Result<Placed, XlsxError> {
    let title = |title: &String| TableColumn::new().set_header(title).set_header_format(&everywhere.formats.header);
    let columns: Vec<TableColumn> = table.columns.iter().map(|column| title(&column.title)).collect();
    for (at, wanted) in (column..).zip(&table.columns) {
        to.set_column_width(at, wanted.width)?;
    }
    // A table has at least one row below its titles.
    let nothing: Vec<Vec<Cell<'_>>> = vec![vec![Cell::NotApplicable; table.columns.len()]];
    let rows = if table.rows.is_empty() { &nothing } else { &table.rows };
    let mut last = header;
    for row in rows {
        last += 1;
        let mut lines = 1;
        for ((at, one), wanted) in (column..).zip(row).zip(&table.columns) {
            cell(to, everywhere, (last, at), one)?;
            if let Cell::Wrapped(words) = one {
                lines = lines.max(lines_of(words, wanted.width));
            }
        }
        high(to, last, lines)?;
    }
    let next_column = column.saturating_add(u16::try_from(table.columns.len()).unwrap_or(u16::MAX));
    let made = SheetTable::new().set_name(&table.name).set_columns(&columns).set_style(TableStyle::Light1);
    to.add_table(header, column, last, next_column.saturating_sub(1), &made)?;
    let title_lines = table.columns.iter().map(|column| lines_of(&column.title, column.width.saturating_sub(BUTTON)));
    Ok(Placed { header, last, column, next_column, title_lines: title_lines.max().unwrap_or(1) })
}

fn cell(to: &mut Worksheet, everywhere: &Everywhere, (row, column): (u32, u16), cell: &Cell<'_>) -> Result<(), XlsxError> {
    let formats = &everywhere.formats;
    let (number, format) = match cell {
        Cell::Text(words) => return to.write_string_with_format(row, column, clipped(words), &formats.text).map(|_| ()),
        Cell::Wrapped(words) => return to.write_string_with_format(row, column, clipped(words), &formats.wrapped).map(|_| ()),
        Cell::Indicator(at) => {
            let sheet = everywhere.indicators.get(*at).map(String::as_str).unwrap_or_default();
            return link(to, (row, column), sheet, &place(sheet, 0, 0), formats);
        }
        Cell::Link(sheet) => return link(to, (row, column), sheet, &place(sheet, 0, 0), formats),
        Cell::Hidden => return mark(to, formats, (row, column), "[c]"),
        Cell::NotAvailable => return mark(to, formats, (row, column), "[x]"),
        Cell::NotApplicable => return mark(to, formats, (row, column), "[z]"),
        Cell::Day(day) => return to.write_datetime_with_format(row, column, date(*day)?, &formats.day).map(|_| ()),
        Cell::Whole(number) => (*number as f64, &formats.whole),
        Cell::Share(share) => (*share, &formats.share),
        Cell::WholeShare(share) => (*share, &formats.whole_share),
        Cell::Change(difference) => (100.0 * difference, &formats.change),
        Cell::Tenths(number) => (*number, &formats.tenths),
        Cell::Thousandths(number) => (*number, &formats.thousandths),
        Cell::Points(points) => (points.to_f64().unwrap_or(f64::NAN), &formats.points),
        Cell::Pounds(pounds) => (pounds.to_f64().unwrap_or(f64::NAN), &formats.pounds),
    };
    // What is no number is no number of Excel either.
    if !number.is_finite() {
        return mark(to, formats, (row, column), "[x]");
    }
    to.write_number_with_format(row, column, number, format)?;
    Ok(())
}

fn mark(to: &mut Worksheet, formats: &Formats, (row, column): (u32, u16), mark: &str) -> Result<(), XlsxError> {
    to.write_string_with_format(row, column, mark, &formats.mark)?;
    Ok(())
}

/// No more than a cell holds.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    // A character takes at least as many bytes as Excel counts for it.
    if text.len() <= LONGEST_TEXT { Cow::Borrowed(text) } else { Cow::Owned(cut(text, LONGEST_TEXT)) }
}
