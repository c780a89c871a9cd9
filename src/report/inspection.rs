//! What `dqoh inspect` prints: a table for each check that has something to say.

use super::terminal::thousands;
use crate::inspect::{Check, Entry, Figure, Inspection, Told, Value};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};

/// So many rows of a table are told of all practices together, and so many of single ones; a file holds all.
const MOST: usize = 20;

/// The tables, and which checks have nothing to say.
pub fn inspection_text(inspection: &Inspection) -> String {
    let mut parts = Vec::new();
    let mut silent = Vec::new();
    for check in Check::ALL {
        let told: Vec<&Entry> = inspection.of(check).filter(|entry| is_told(entry)).collect();
        match (check, told.as_slice()) {
            (Check::Extract, [entry, ..]) => parts.push(list(entry)),
            (_, []) => silent.push(check.heading().to_lowercase()),
            _ => parts.push(section(check, inspection.findings(check), &told)),
        }
    }
    if !silent.is_empty() {
        parts.push(format!("Nothing to say of: {}.", silent.join("; ")));
    }
    parts.push(conclusion(inspection));
    parts.join("\n\n")
}

fn is_told(entry: &Entry) -> bool {
    match entry.check.told() {
        Told::Everything => true,
        Told::TotalsAndFindings => entry.finding || entry.practice.is_empty(),
        Told::Findings => entry.finding,
    }
}

/// One entry, a line a figure.
fn list(entry: &Entry) -> String {
    let line = |figure: &Figure| format!("  {:<16} {}", words(figure.measure), shown(&figure.value));
    let lines = entry.figures.iter().map(line);
    std::iter::once(entry.check.heading().to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn section(check: Check, findings: usize, told: &[&Entry]) -> String {
    let mut text = check.heading().to_owned();
    match findings {
        0 => {}
        1 => text += ": 1 to look at",
        some => text += &format!(": {} to look at", thousands(&some.to_string())),
    }
    // Practices are told whole: who misses one must see that it is not there.
    let most = if matches!(check, Check::Practices | Check::History) { usize::MAX } else { MOST };
    let (totals, of_practices): (Vec<&Entry>, Vec<&Entry>) = told.iter().partition(|entry| entry.practice.is_empty());
    let shown: Vec<&Entry> = totals.iter().take(most).chain(of_practices.iter().take(most)).copied().collect();
    text += &format!("\n{}", table(check, &shown));
    let rest = told.len() - shown.len();
    if rest > 0 {
        text += &format!("\n{} more: `--out DIR` writes all of them into quality.csv.", thousands(&rest.to_string()));
    }
    if findings > 0 {
        text += &format!("\n{}", check.advice());
    }
    text
}

fn table(check: Check, entries: &[&Entry]) -> Table {
    let practices = entries.iter().any(|entry| !entry.practice.is_empty());
    let details = entries.iter().any(|entry| !entry.detail.is_empty());
    let subjects = entries.iter().any(|entry| !entry.subject.is_empty());
    let marks = entries.iter().any(|entry| entry.finding) && entries.iter().any(|entry| !entry.finding);
    let widest = entries.iter().max_by_key(|entry| entry.figures.len());
    let measures: Vec<&str> = widest.into_iter().flat_map(|entry| &entry.figures).map(|figure| figure.measure).collect();
    let named = [(practices, "practice"), (subjects, check.subject()), (details, check.detail())];
    let header = named.into_iter().filter(|(there, _)| *there).map(|(_, name)| words(name));
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header(header.chain(measures.iter().map(|measure| words(measure))).chain(marks.then(String::new)));
    for entry in entries {
        let practice = if entry.practice.is_empty() { "All" } else { &entry.practice };
        let named = [(practices, practice), (subjects, &entry.subject), (details, &entry.detail)];
        let mut cells: Vec<Cell> = named.into_iter().filter(|(there, _)| *there).map(|(_, name)| Cell::new(name)).collect();
        cells.extend(measures.iter().map(|measure| {
            let figure = entry.figures.iter().find(|figure| figure.measure == *measure);
            figure.map_or_else(|| Cell::new(""), |figure| cell(&figure.value))
        }));
        cells.extend(marks.then(|| Cell::new(if entry.finding { "◄" } else { "" })));
        table.add_row(cells);
    }
    table
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Number(_) | Value::Share(_) => Cell::new(shown(value)).set_alignment(CellAlignment::Right),
        Value::Day(_) | Value::Text(_) => Cell::new(shown(value)),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => thousands(&number.to_string()),
        Value::Share(millionths) => {
            let tenths = (millionths + 500) / 1000;
            format!("{}.{} %", thousands(&(tenths / 10).to_string()), tenths % 10)
        }
        Value::Day(day) => day.long(),
        Value::Text(text) => text.clone(),
    }
}

/// `of-these-without-events` → `Of these without events`
fn words(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().replace('-', " ")
}

fn conclusion(inspection: &Inspection) -> String {
    let found: Vec<&str> = Check::ALL.into_iter().filter(|check| inspection.findings(*check) > 0).map(Check::word).collect();
    if found.is_empty() {
        return "Nothing in this extract speaks against it.".to_owned();
    }
    format!("To look at: {}. What is marked is no mistake by itself: it says what to ask before money is counted on it.", found.join(", "))
}
