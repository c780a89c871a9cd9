//! The first sheet: what was measured, for whom, on which day, and whom to ask. And the second: which sheets there are.

use super::formats::date;
use super::sheet::{Cell, Columns, Sheet, wrapped};
use super::write::{Everywhere, clipped, high, lines_of, paper};
use crate::briefing::{Report, words};
use crate::framework::calendar::Day;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// What stands beside a name on the cover.
enum Told {
    Words(String),
    Day(Day),
}

/// Characters of a line.
const WIDTH: u16 = 110;

/// The title of the workbook.
pub(super) fn title(report: &Report) -> String {
    format!("{}: workbook as at {}", report.title, report.day)
}

/// Writes the cover. It is no table: it is read from the top.
pub(super) fn write(to: &mut Worksheet, everywhere: &Everywhere, report: &Report) -> Result<(), XlsxError> {
    let formats = &everywhere.formats;
    to.set_name("Cover")?.set_column_width(0, 24)?.set_column_width(1, WIDTH)?;
    to.write_string_with_format(0, 0, clipped(&title(report)), &formats.heading)?;
    for (row, (about, told)) in (2..).zip(told(report)) {
        to.write_string_with_format(row, 0, about, &formats.bold)?;
        match told {
            Told::Words(says) => {
                high(to, row, lines_of(&says, WIDTH))?;
                to.write_string_with_format(row, 1, clipped(&says), &formats.wrapped)?
            }
            Told::Day(day) => to.write_datetime_with_format(row, 1, date(day)?, &formats.day)?,
        };
    }
    paper(to, everywhere, &title(report));
    Ok(())
}

fn told(report: &Report) -> Vec<(&'static str, Told)> {
    let say = |words: &str| Told::Words(words.to_owned());
    let mut all = vec![
        ("For whom", say(words::audience(report.audience))),
        ("What", say(&report.headline.answer)),
        ("Reporting day", Told::Day(report.on)),
    ];
    all.extend(report.period.as_deref().map(|period| ("Period", say(period))));
    all.extend(report.view.map(|view| ("View", Told::Words(format!("{view}.")))));
    all.extend(report.remarks.iter().map(|remark| ("Beside every figure", say(remark))));
    all.extend(report.headline.then.iter().map(|sentence| ("To keep in mind", say(sentence))));
    if let Some(read) = &report.read {
        all.push(("Extract made on", Told::Day(read.extracted_on)));
    }
    all.extend(report.left_out.iter().map(|what| ("Left out", Told::Words(format!("{what}.")))));
    let practices = words::counted(report.practices.len() as u64, "practice");
    all.push(("Practices", Told::Words(format!("{practices}; the sheet Practices has their names."))));
    all.push(("Where to begin", say("The sheet Contents leads to every table. Indicators has all indicators on one page; each indicator has a sheet of its own, with charts.")));
    all.push((
        "How to read it",
        say("The sheet Notes explains every convention, abbreviation and mark; each table names the notes that it needs."),
    ));
    all.push(("Whom to ask", say("Whoever sent you this workbook. A practice finds out why a person is counted with `dqoh explain`; what an indicator asks stands on its sheet.")));
    all.extend(report.hash.as_deref().map(|hash| ("Rules", Told::Words(format!("The files of the rules have the SHA-256 hash {hash}.")))));
    all.push(("Made by", say(concat!("dqoh ", env!("CARGO_PKG_VERSION")))));
    all
}

/// The list of sheets: name, what it holds, and how many rows.
pub(super) fn contents<'r>(sheets: Vec<(String, String, usize)>) -> Sheet<'r> {
    let table = Columns::new()
        .and("Sheet", 34, |(name, _, _): &(String, String, usize)| Cell::Link(name.clone()))
        .and("What it holds", 100, |(_, title, _)| wrapped(title.clone()))
        .and("Rows", 10, |(_, _, rows)| Cell::Whole(*rows as u64))
        .table("contents", sheets);
    Sheet {
        name: "Contents".into(),
        title: "Contents: the sheets of this workbook".into(),
        lines: Vec::new(),
        notes: Vec::new(),
        kept: 0,
        table,
    }
}
