//! A [`Report`] as a workbook in the layout that the Analysis Function asks of spreadsheets: a cover, the list of sheets, notes, then one table
//! a sheet, and one sheet an indicator with charts. Decides and calculates nothing: what stands in it is in the report, small counts hidden already.

mod charts;
mod cover;
mod formats;
mod indicator;
mod names;
mod notes;
mod payment;
mod planning;
mod practices;
mod results;
mod sheet;
mod variation;
mod write;

pub(super) use formats::{heading, properties, wrapped};

use crate::briefing::{Report, words};
use formats::Formats;
use indicator::IndicatorNames;
use names::Names;
use notes::Notes;
use rust_xlsxwriter::{Workbook, XlsxError};
use sheet::Sheet;
use write::Everywhere;

/// Sheets that every workbook has before its tables. No indicator may take their names, nor those of tables.
const FIRST: [&str; 3] = ["Cover", "Contents", "Notes"];

/// The workbook. The same report gives the same bytes: its day of making is the reporting day.
///
/// # Errors
/// When a sheet cannot be made: more rows than a sheet has.
pub fn workbook_of_report(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let tables = tables(report);
    let own = names_of_indicators(report, &tables);
    let indicators: Vec<String> = own.iter().map(|names| names.sheet.clone()).collect();
    let notes = Notes::of(report);
    let everywhere = Everywhere { who: who(report), audience: words::audience(report.audience), indicators, formats: Formats::new() };
    let mut workbook = Workbook::new();
    // Packing harder would make it a twelfth smaller, and reports a twentieth dearer.
    workbook.set_zip_compression_level(3);
    workbook.set_properties(&formats::properties(&cover::title(report), report.on)?.set_comment(everywhere.audience));
    cover::write(workbook.add_worksheet(), &everywhere, report)?;
    let mut sheets: Vec<&Sheet<'_>> = Vec::new();
    let of_notes = notes.sheet();
    sheets.push(&of_notes);
    sheets.extend(&tables);
    let mut contents: Vec<(String, String, usize)> =
        sheets.iter().map(|sheet| (sheet.name.clone(), sheet.title.clone(), sheet.table.rows.len())).collect();
    let rows = report.listed().count();
    contents.extend(own.iter().zip(&report.indicators).map(|(names, one)| (names.sheet.clone(), indicator::title(one), rows)));
    let contents = cover::contents(contents);
    for sheet in std::iter::once(&contents).chain(sheets) {
        let (to, placed) = write::sheet(&mut workbook, &everywhere, sheet, notes.line(&sheet.notes))?;
        write::on_paper(to, sheet, placed)?;
    }
    for (names, one) in own.iter().zip(&report.indicators) {
        indicator::write(&mut workbook, &everywhere, (report, &notes), one, names)?;
    }
    workbook.save_to_buffer()
}

/// Every table that is not of one indicator.
fn tables(report: &Report) -> Vec<Sheet<'_>> {
    let mut sheets = vec![results::indicators(report), results::results(report)];
    if let Some(payment) = &report.payment {
        sheets.extend([payment::schedule(report, payment), payment::by_indicator(report, payment)]);
    }
    if let Some(planning) = &report.planning {
        sheets.extend(planning::sheets(report, planning));
    }
    sheets.push(variation::spread(report));
    let more = [variation::localities(report), variation::strata(report), variation::over_time(report), variation::associations(report)];
    sheets.extend(more.into_iter().flatten());
    sheets.push(practices::practices(report));
    sheets.extend(report.read.iter().flat_map(|read| practices::read(report, read)));
    sheets
}

/// Ids of published indicators may be anything; names of sheets and tables may not.
fn names_of_indicators(report: &Report, tables: &[Sheet<'_>]) -> Vec<IndicatorNames> {
    let (mut sheets, mut of_tables) = (Names::default(), Names::default());
    for taken in FIRST.iter().copied().chain(tables.iter().map(|sheet| sheet.name.as_str())) {
        sheets.sheet(taken);
    }
    let one = |id: &str| IndicatorNames {
        sheet: sheets.sheet(id),
        practices: of_tables.table("practices", id),
        left_out: of_tables.table("left_out", id),
        drawn: of_tables.table("drawn", id),
        limits: of_tables.table("limits", id),
    };
    report.indicators.iter().map(|indicator| indicator.id.as_str()).map(one).collect()
}

/// For whom, of which day, in which view: under the title of each sheet.
fn who(report: &Report) -> String {
    let mut parts = vec![words::audience(report.audience).to_owned(), format!("as at {}", report.day)];
    parts.extend(notes::view(report).map(str::to_owned));
    parts.join(" · ")
}
