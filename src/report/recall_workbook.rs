//! Who to call as a workbook of one practice: what it is, everybody, and a sheet an indicator. Codes and pseudonyms are texts, so that no
//! spreadsheet shortens them; the day of making is that of the reporting day, so that the same people give the same bytes.

use super::recall::{PracticeRecall, RecallTables, Table};
use super::workbook::{heading, properties, wrapped};
use rust_xlsxwriter::{Format, Table as SheetTable, TableColumn, Workbook, Worksheet, XlsxError};

/// Columns of a sheet of one indicator that the sheet does not need: those that are the same in all its rows.
const NOT_ON_SHEETS: [&str; 4] = ["indicator", "title", "today_line", "at_end_line"];

/// What stands on the first sheet besides the practice and the days.
const ABOUT: [&str; 9] = [
    "Contains people's records. Keep it in the practice; do not send it on.",
    "One row a person on the sheet People, those first with whom the most can be completed at one appointment; then a sheet an indicator.",
    "due: not achieved at the end of the period unless something is done, and it still can be.",
    "lapses: counts today, and will not at the end of the period.",
    "will be excepted: left out at the end for a reason that time brings. The care can still be given.",
    "excepted, care still due: left out of the count, but not of the care.",
    "too late: nothing that can still be recorded would count.",
    "What to do is found in the rules: the fewest records after which the person counts. Whether it is right for the person is for those who care for them.",
    "Indicative: not the payer's calculation, and not a medical device.",
];

/// The workbook.
///
/// # Errors
/// When a sheet cannot be made: more rows than a sheet has.
pub fn recall_workbook(of: &PracticeRecall<'_>, tables: &RecallTables) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // There is one for every practice: with the least effort they are nearly twice as large, and all files made in four fifths of the time.
    workbook.set_zip_compression_level(1);
    workbook.set_properties(&properties("Who to call, for what, by when", of.recall.today().reporting_day)?);
    about(workbook.add_worksheet(), of)?;
    let wrapped = wrapped();
    sheet(workbook.add_worksheet().set_name("People")?, "people", &tables.people, tables.people.rows.iter(), &wrapped)?;
    for (at, indicator) in of.recall.end().indicators.iter().enumerate() {
        let mut mine = tables.due.rows.iter().zip(&tables.indicators).filter(|(_, of)| **of == at).map(|(row, _)| row).peekable();
        if mine.peek().is_some() {
            sheet(workbook.add_worksheet().set_name(&indicator.id)?, &format!("due_{at}"), &tables.due, mine, &wrapped)?;
        }
    }
    workbook.save_to_buffer()
}

fn about(sheet: &mut Worksheet, of: &PracticeRecall<'_>) -> Result<(), XlsxError> {
    let (today, end) = (of.recall.today().reporting_day, of.recall.end().reporting_day);
    sheet.set_name("About")?.set_column_width(0, 110)?;
    let wrapped = wrapped();
    sheet.write_string_with_format(
        0,
        0,
        format!("{} ({}): who to call, for what, by when", of.practice.name, of.practice.code),
        &heading(),
    )?;
    sheet.write_string_with_format(1, 0, format!("As at {}; the period ends on {}.", today.long(), end.long()), &wrapped)?;
    for (row, words) in (3..).zip(ABOUT) {
        sheet.write_string_with_format(row, 0, words, &wrapped)?;
    }
    Ok(())
}

/// A sheet of some rows of a table, without the columns that no sheet needs.
fn sheet<'t>(
    sheet: &mut Worksheet,
    name: &str,
    table: &Table,
    rows: impl Iterator<Item = &'t Vec<String>>,
    wrapped: &Format,
) -> Result<(), XlsxError> {
    let kept: Vec<(u16, usize, &String)> = (0..)
        .zip(table.columns.iter().enumerate().filter(|(_, name)| !NOT_ON_SHEETS.contains(&name.as_str())))
        .map(|(column, (at, name))| (column, at, name))
        .collect();
    let columns: Vec<TableColumn> = kept.iter().map(|(_, _, name)| TableColumn::new().set_header(*name)).collect();
    for (column, _, name) in &kept {
        sheet.set_column_width(*column, width(name))?;
        sheet.set_column_format(*column, wrapped)?;
    }
    let mut last = 0;
    for (row, cells) in (1..).zip(rows) {
        for (column, at, name) in &kept {
            let cell = cells.get(*at).map_or("", String::as_str);
            match cell.parse::<u32>().ok().filter(|_| is_a_number(name)) {
                Some(number) => sheet.write_number(row, *column, number)?,
                None if cell.is_empty() => continue,
                None => sheet.write_string(row, *column, cell)?,
            };
        }
        last = row;
    }
    let last_column = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
    // A table has at least one row below its header.
    sheet.add_table(0, 0, last.max(1), last_column, &SheetTable::new().set_name(name).set_columns(&columns))?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn is_a_number(column: &str) -> bool {
    matches!(column, "age" | "number_of_conditions" | "can_be_completed" | "at_one_appointment" | "actions" | "appointments")
}

fn width(column: &str) -> u16 {
    match column {
        "what_to_do" | "what_next" | "why" => 60,
        "counts_now_and_lapses" | "care_due_although_excepted" | "last_recorded" | "title" => 36,
        "conditions" => 24,
        _ => 14,
    }
}
