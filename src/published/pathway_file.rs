//! pathway.csv of an earlier run → how many people had each status, for a report that says what has changed.
//! In: a name and bytes. Out: numbers, or what was not understood.

use super::File;
use super::cells::{Column, Columns, heading, must, whole};
use crate::extract::counts::Mistakes;
use crate::framework::Status;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use crate::table::{decode, quoted};
use std::collections::BTreeMap;

const COLUMNS: [Column; 7] = [
    must(&["pathway"]),
    must(&["practice_code"]),
    must(&["locality"]),
    must(&["interval_end"]),
    must(&["status"]),
    must(&["stratum"]),
    must(&["people"]),
];

/// People by status, in the order of [`Status::ALL`], of a pathway and a practice's code, empty for all together.
pub type Statuses = BTreeMap<(String, String), [u64; 5]>;

/// The last day in the file, and those of everybody on it; nothing where no row is there.
///
/// # Errors
/// When a column is missing (D080), or a row is not right (D081).
pub fn read_statuses(file: &File) -> Result<Option<(Day, Statuses)>, Vec<Problem>> {
    let text = decode(&file.content);
    let mut rows = quoted(&text, super::gather::delimiter(&text));
    let mut mistakes = Mistakes::default();
    let header = rows.next().unwrap_or_default();
    let names: Vec<String> = header.cells.iter().map(|cell| heading(cell)).collect();
    let lacks = COLUMNS.iter().filter_map(|column| column.names.first()).find(|column| !names.iter().any(|name| name == *column));
    if let Some(column) = lacks {
        let problem = Problem::error("D080", format!("this is no pathway.csv: it has no column `{column}`"));
        return Err(vec![
            problem.in_data(file.name.as_str(), Some(1), None).help("name the folder of a run, and leave its files as they are"),
        ]);
    }
    let columns = Columns::of(&header, &COLUMNS, &file.name, 0);
    let mut of_days: BTreeMap<Day, Statuses> = BTreeMap::new();
    for row in rows {
        let [pathway, practice, locality, day, status, stratum, people] = [0, 1, 2, 3, 4, 5, 6].map(|column| columns.cell(&row, column));
        let mut wrong = |says: &str, column: usize| {
            mistakes.add(
                columns
                    .problem("D081", says, &row, Some(column))
                    .help("take the file as it was written; a spreadsheet may have changed it"),
            );
        };
        let Some(day) = Day::parse(day.as_bytes()) else {
            wrong("this is no day", 3);
            continue;
        };
        let Some(at) = Status::ALL.iter().position(|one| one.word() == status) else {
            wrong("there is no such status", 4);
            continue;
        };
        let Some(people) = whole(people) else {
            wrong("this is no count of people", 6);
            continue;
        };
        if stratum.is_empty() && (locality.is_empty() || !practice.is_empty()) {
            let all = of_days.entry(day).or_default().entry((pathway.to_owned(), practice.to_owned())).or_default();
            if let Some(slot) = all.get_mut(at) {
                *slot += people;
            }
        }
    }
    mistakes.none()?;
    Ok(of_days.pop_last())
}
