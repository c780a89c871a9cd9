//! What `dqoh quarantine show` prints: rows that were not used, or only in part, by file, reason and column, and one by one. Places, never values.

use super::terminal::thousands;
use crate::extract::quality::Reason;
use crate::extract::quarantine::SetAside;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};
use std::collections::{BTreeMap, BTreeSet};

/// So many rows of a kind are named.
const NAMED: usize = 5;

/// A table a file, then what to do about each reason. The rows are in the order of files.
pub fn quarantine_summary(rows: &[SetAside]) -> String {
    if rows.is_empty() {
        return "No row is set aside.".to_owned();
    }
    let mut parts = Vec::new();
    for of_file in rows.chunk_by(|a, b| a.file == b.file) {
        let name = of_file.first().map_or("", |row| row.file.as_str());
        parts.push(format!("{name}\n{}", table_of_file(of_file)));
    }
    let reasons: BTreeSet<Reason> = rows.iter().map(|row| row.reason).collect();
    let lines = reasons.into_iter().map(|reason| format!("  {}: {}.\n    {}.", reason.word(), reason.rule(), reason.mend()));
    parts.push(format!("What they should be like, and what to do\n{}", lines.collect::<Vec<_>>().join("\n")));
    parts.push("No value is shown here: look the rows up in the extract itself. The header is row 1.".to_owned());
    parts.join("\n\n")
}

fn table_of_file(rows: &[SetAside]) -> Table {
    let mut kinds: BTreeMap<(Reason, &str, &str), Vec<u32>> = BTreeMap::new();
    for row in rows {
        kinds.entry((row.reason, row.column, row.detail)).or_default().push(row.row);
    }
    let mut table = plain_table();
    table.set_header(["Reason", "Column", "Rows", "First rows", "What was done"]);
    for ((reason, column, detail), places) in kinds {
        let named: Vec<String> = places.iter().take(NAMED).map(|row| thousands(&row.to_string())).collect();
        let more = if places.len() > NAMED { " …" } else { "" };
        let reason_text = if detail.is_empty() { reason.word().to_owned() } else { format!("{}: {detail}", reason.word()) };
        table.add_row([
            Cell::new(reason_text),
            Cell::new(if column.is_empty() { "(the whole row)" } else { column }),
            Cell::new(thousands(&places.len().to_string())).set_alignment(CellAlignment::Right),
            Cell::new(named.join("; ") + more),
            Cell::new(reason.done()),
        ]);
    }
    table
}

/// Every row. Where the columns of a file are known, each has its cell as a spreadsheet names it.
pub fn quarantine_rows(rows: &[SetAside], columns: &BTreeMap<String, Vec<(&'static str, usize)>>) -> String {
    let mut table = plain_table();
    let cells = !columns.is_empty();
    table.set_header(["File", "Row"].into_iter().chain(cells.then_some("Cell")).chain(["Column", "Reason", "Practice"]));
    for row in rows {
        let at = columns.get(&row.file).and_then(|of_file| of_file.iter().find(|(name, _)| *name == row.column));
        let cell = at.map(|(_, at)| format!("{}{}", letters(*at), row.row)).unwrap_or_default();
        let first = [row.file.clone(), row.row.to_string()].into_iter().chain(cells.then_some(cell));
        table.add_row(first.chain([row.column.to_owned(), row.reason.word().to_owned(), row.practice.clone()]));
    }
    table.to_string()
}

fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table
}

/// The letters of a column. Worked: the first is A, the 26th Z, the 27th AA.
fn letters(mut at: usize) -> String {
    let mut text = String::new();
    loop {
        let letter = u8::try_from(at % 26).unwrap_or(0) + b'A';
        text.insert(0, char::from(letter));
        match (at / 26).checked_sub(1) {
            Some(rest) => at = rest,
            None => return text,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(super::letters).to_vec();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
