//! `quality.csv`: everything that `dqoh inspect` found, one row a figure.

use super::{csv_of, harmless};
use crate::inspect::{Inspection, Value};

/// The columns of `quality.csv`.
pub const QUALITY: [&str; 8] = ["check", "practice_code", "subject", "detail", "measure", "value", "unit", "finding"];

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
    csv_of(&QUALITY, rows)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Share(millionths) => format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000),
        Value::Day(day) => day.to_string(),
        Value::Text(text) => harmless(text),
    }
}
