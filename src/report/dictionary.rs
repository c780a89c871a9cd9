//! Every CSV file that is written for a reader, and the data dictionary: what their columns hold, for people.

use super::{fingertips, lines, payment, plans, qof, quality, quarantine, recall, results, variation, variation_finer, why, worth};
use crate::dictionary::{Column, Kind, Sheet};
use crate::published::tidy;
use crate::{cells, planning, tally};

/// All of them; those of a run first.
static SHEETS: [&Sheet; 28] = [
    &results::RESULTS,
    &payment::PAYMENT,
    &lines::LINES,
    &tally::COUNTS,
    &plans::CARE_PLANNING,
    &plans::PATHWAY,
    &planning::COUNTS,
    &cells::CELLS,
    &cells::PAIRS,
    &variation::VARIATION,
    &variation::PRACTICES,
    &variation_finer::STANDARDISED,
    &variation_finer::INEQUALITY,
    &variation_finer::ASSOCIATIONS,
    &quarantine::QUARANTINE,
    &quality::QUALITY,
    &worth::WORTH,
    &worth::OF_ALL,
    &recall::PEOPLE,
    &recall::DUE,
    &recall::TWO_VIEWS,
    &why::WHY,
    &tidy::PUBLISHED,
    &fingertips::FINGERTIPS,
    &qof::ACHIEVEMENT,
    &qof::PREVALENCE,
    &qof::INDICATORS,
    &qof::ORGANISATIONS,
];

/// So many words are listed; of more the sentence tells where they stand.
const MOST_WORDS: usize = 12;

/// The file of that name.
pub fn sheet_called(name: &str) -> Option<&'static Sheet> {
    SHEETS.into_iter().find(|sheet| match sheet.name.strip_prefix('…') {
        Some(ending) => name.ends_with(ending),
        None => name == sheet.name,
    })
}

/// docs/dictionary.md, of all files and these others.
pub fn dictionary(others: &[&Sheet]) -> String {
    let sheets = SHEETS.into_iter().chain(others.iter().copied());
    let (contents, sections): (Vec<String>, Vec<String>) = sheets.map(|sheet| (content(sheet), section(sheet))).unzip();
    format!("{INTRODUCTION}\n\n{}\n\n{}\n", contents.join("\n"), sections.join("\n\n"))
}

const INTRODUCTION: &str = "# Data dictionary

What every column holds of every CSV file that is written for you. [What comes out](results.md) says what the files are for; this page is to look things up in.
It is written by the program from the same definitions that the headers of the files are written from, and so is the file `csv-metadata.json` that lies beside them:
the same for programs, as [CSV on the Web](https://www.w3.org/TR/tabular-metadata/) wants it.

| kind | what a cell is |
|---|---|
| text | Any text. |
| one of … | One of these words. |
| day | As `2017-03-31`. |
| `yes` or `no` | |
| whole number | From 0, without separators of thousands. |
| share | From 0 to 1, mostly with six decimals; 0.25 is 25 per cent. |
| number | With a decimal point; may be less than 0 where the sentence allows it. |
| number, or a mark | A whole number; where it may not be shown, `*` or such as `fewer than 5`. |

Where nothing stands under *may be empty*, every row has something there. “One row for each `measure`, `practice_code` and `interval_end`” says that no two rows have the same in all of these columns.";

fn content(sheet: &Sheet) -> String {
    let link: String = sheet.name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect();
    format!("- [{}](#{link}): {}", sheet.name, lower(sheet.title))
}

/// A title after a colon. Words that are written so stay.
fn lower(title: &str) -> String {
    let (first, rest) = title.split_once(' ').unwrap_or((title, ""));
    format!("{} {rest}", first.to_lowercase())
}

fn section(sheet: &Sheet) -> String {
    let commands: Vec<String> = sheet.written_by.split(", ").map(|command| format!("`{command}`")).collect();
    let key: Vec<String> = sheet.key.iter().map(|name| format!("`{name}`")).collect();
    let key = match key.split_last() {
        None => String::new(),
        Some((only, [])) => format!(" One row for each {only}."),
        Some((last, before)) => format!(" One row for each {} and {last}.", before.join(", ")),
    };
    let rows: Vec<String> = sheet.columns.iter().map(row).collect();
    format!(
        "## {}\n\n{}. Written by {}.{key}\n\n| column | kind | may be empty | what it holds |\n|---|---|---|---|\n{}",
        sheet.name,
        sheet.title,
        commands.join(", "),
        rows.join("\n")
    )
}

fn row(column: &Column) -> String {
    let kind = match column.kind {
        Kind::Text => "text".to_owned(),
        Kind::Words(words) => match words() {
            words if words.len() <= MOST_WORDS => {
                let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
                if words.len() == 1 { format!("always {}", words.concat()) } else { format!("one of {}", words.join(", ")) }
            }
            _ => "a word".to_owned(),
        },
        Kind::Day => "day".to_owned(),
        Kind::YesNo => "`yes` or `no`".to_owned(),
        Kind::Count | Kind::Whole => "whole number".to_owned(),
        Kind::Share => "share".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Shown => "number, or a mark".to_owned(),
    };
    let unit = if column.unit.is_empty() { String::new() } else { format!(" ({})", column.unit) };
    let empty = if column.may_be_empty { "yes" } else { "" };
    format!("| `{}` | {kind}{unit} | {empty} | {}. |", column.name, column.says)
}
