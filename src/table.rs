//! A file → rows of cells with their row numbers: text with commas or tabs in any of the usual encodings, or the
//! sheets of a workbook. Knows no column. What a workbook holds as a long number has lost digits, and is made to look so.

use calamine::{Data, Reader, Xlsx};
use csv::StringRecord;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;
use std::io::Cursor;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    /// Its number in the file or sheet, from 1.
    pub number: u64,
    /// Its cells, without white space around them.
    pub cells: Vec<String>,
    /// It goes on over several lines of the file: mostly a quotation mark that was not closed.
    pub several_lines: bool,
}

impl Row {
    /// A cell; empty when the row is too short.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The rows of a text or of one sheet.
pub struct Table<'b> {
    /// The sheet, in a workbook.
    pub sheet: Option<String>,
    /// In order; empty ones are left out.
    pub rows: Box<dyn Iterator<Item = Row> + 'b>,
}

/// Bytes as text: by the mark at their beginning, else UTF-8 if they can be, else the usual code page of Windows.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether these are the bytes of a workbook: a zip archive.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The sheets of a workbook; `None` when it cannot be read as one.
pub fn sheets(bytes: &[u8]) -> Option<Vec<Table<'static>>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).ok()?;
    let names = book.sheet_names();
    let mut tables = Vec::new();
    for name in names {
        // A chart sheet has no cells.
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let first = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
        let rows: Vec<Row> = (first..)
            .zip(range.rows())
            .map(|(number, cells)| Row { number, cells: cells.iter().map(text_of).collect(), several_lines: false })
            .filter(|row| !row.is_empty())
            .collect();
        tables.push(Table { sheet: Some(name), rows: Box::new(rows.into_iter()) });
    }
    Some(tables)
}

/// A cell of a workbook as text. Numbers beyond fifteen digits were rounded by the spreadsheet: they are written with an exponent.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => plain(text),
        Data::Int(number) => long_number(number.to_string()),
        Data::Float(number) if number.trunc() == *number => long_number(format!("{number:.0}")),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(error) => error.to_string(),
    }
}

fn long_number(digits: String) -> String {
    match digits.split_at_checked(1) {
        Some((first, rest)) if digits.len() > 15 => format!("{first}.{}E+{}", rest.trim_end_matches('0'), rest.len()),
        _ => digits,
    }
}

/// Whether a text is a number with an exponent, as a spreadsheet shows a long one: `1.09E+15`.
pub fn has_exponent(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(exponent.strip_prefix('+').unwrap_or(exponent))
        && number.starts_with(|first: char| first.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// A text with commas or tabs between its cells.
pub fn rows(text: &str) -> Table<'_> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    // Files with tabs quote nothing: a quotation mark in them belongs to a term.
    let rows: Box<dyn Iterator<Item = Row>> = if first.contains('\t') { Box::new(by_tabs(text)) } else { Box::new(quoted(text, b',')) };
    Table { sheet: None, rows }
}

fn by_tabs(text: &str) -> impl Iterator<Item = Row> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| Row { number, cells: line.split('\t').map(|cell| plain(unquoted(cell))).collect(), several_lines: false })
}

fn unquoted(cell: &str) -> &str {
    cell.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

/// The rows of a text whose cells may stand in quotation marks, and may then go on over several lines.
pub fn quoted(text: &str, delimiter: u8) -> impl Iterator<Item = Row> {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).comment(Some(b'#')).terminator(csv::Terminator::Any(b'\n'));
    let mut reader = builder.from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut lines = 1;
    let mut counted = 0;
    std::iter::from_fn(move || {
        // Text in memory is UTF-8 and rows may be of any length: reading does not fail.
        while reader.read_record(&mut record).ok()? {
            let start = usize::try_from(record.position().map_or(0, csv::Position::byte)).unwrap_or(usize::MAX);
            // Empty lines and comments may stand between the end of the row before and this row.
            let start = start + skipped(text.get(start..).unwrap_or_default());
            lines += text.get(counted..start).unwrap_or_default().matches('\n').count() as u64;
            counted = start;
            let row = Row {
                number: lines,
                several_lines: record.iter().any(|cell| cell.contains('\n')),
                cells: record.iter().map(plain).collect(),
            };
            if !row.is_empty() {
                return Some(row);
            }
        }
        None
    })
}

/// Bytes of empty lines and comment lines at the beginning.
fn skipped(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with('#') || line.trim().is_empty()).map(str::len).sum()
}

/// A cell on one line, without white space around it and without the ways in which text is kept from a spreadsheet: `="123"`, `'123`.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    let kept = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let kept = kept.or_else(|| cell.strip_prefix('\'').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())));
    kept.unwrap_or(cell).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(u64, Vec<String>)> {
        rows(text).rows.map(|row| (row.number, row.cells)).collect()
    }

    #[test]
    fn rows_keep_their_numbers() {
        let told = numbers("# a comment\n\ncode,term\r\n\r\n1,\"a, b\"\n# another\n2,c\n");
        assert_eq!(told.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 5, 7]);
        assert_eq!(told[1].1, ["1", "a, b"]);
        assert_eq!(numbers("a\tb\n\n1\t\"2\" in\n").last(), Some(&(3, vec!["1".to_owned(), "\"2\" in".to_owned()])));
    }

    #[test]
    fn long_numbers_show_that_they_are_rounded() {
        assert_eq!(text_of(&Data::Float(73_211_009.0)), "73211009");
        assert!(has_exponent(&text_of(&Data::Float(1_187_911_000_000_105.0))));
        assert!(has_exponent("1.09E+15") && has_exponent("1E15"));
        assert!(!has_exponent("C10E.") && !has_exponent("E+15") && !has_exponent("1E"));
    }

    #[test]
    fn windows_text_is_read() {
        assert_eq!(decode(b"Alzheimer\x92s"), "Alzheimer\u{2019}s");
        assert_eq!(decode(b"\xff\xfea\0b\0"), "ab");
        assert_eq!(decode("\u{feff}é".as_bytes()), "é");
    }
}
