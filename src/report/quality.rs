//! `quality.csv`: everything that `dqoh inspect` found, one row a figure.

use super::{csv_of, harmless};
use crate::dictionary::{Column, PRACTICE_CODE, Sheet};
use crate::inspect::{Check, Inspection, Value};

/// The file's columns.
pub(super) static QUALITY: Sheet = Sheet {
    name: "quality.csv",
    title: "What an extract holds, and whether it can be trusted: one figure a row",
    written_by: "dqoh inspect",
    columns: &[
        Column::words("check", || Check::ALL.map(Check::word).to_vec(), "Which check; docs/inspecting.md tells how to read each"),
        PRACTICE_CODE.saying("The practice; empty for all together").or_empty(),
        Column::text("subject", "Of what: a file, a year, a scheme, a code set, a month, another practice, a reason").or_empty(),
        Column::text("detail", "More of it: a unit, the limits of a code set, a column").or_empty(),
        Column::text("measure", "What is measured"),
        Column::text("value", "The value: a whole number, a share with six decimals, a day, a month, or words").or_empty(),
        Column::text("unit", "What the value is: rows, people, practices, share, day, month, text"),
        Column::yes_no("finding", "Whether it speaks against the extract"),
    ],
    key: &["check", "practice_code", "subject", "detail", "measure"],
};

/// The file, in the order of checks and entries.
pub fn quality_csv(inspection: &Inspection) -> Vec<u8> {
    let rows = inspection.entries.iter().flat_map(|entry| {
        entry.figures.iter().map(|figure| {
            vec![
                entry.check.word().to_owned(),
                entry.practice.clone(),
                harmless(&entry.subject),
                harmless(&entry.detail),
                figure.measure.to_owned(),
                cell(&figure.value),
                figure.unit.to_owned(),
                if entry.finding { "yes" } else { "no" }.to_owned(),
            ]
        })
    });
    csv_of(&QUALITY.names(), rows)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Share(millionths) => format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000),
        Value::Day(day) => day.to_string(),
        Value::Text(text) => harmless(text),
    }
}
