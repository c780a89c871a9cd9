//! The folder of a run → its [`Practice`]s: their names from results.csv, the list that payment used from payment.csv.

use super::columns::{Column, CsvFile, required};
use super::people::text;
use super::quality::Quality;
use crate::practice::Practice;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RESULTS: [Column; 3] = [required("practice_code"), required("practice_name"), required("locality")];
const PAYMENT: [Column; 2] = [required("practice_code"), required("list")];

/// Reads the practices of a run, by code.
///
/// # Errors
/// When one of the two files cannot be read, or a row of it.
pub fn practices_of_run(folder: &Path) -> Result<Vec<Practice>, Vec<Problem>> {
    let mut practices: BTreeMap<String, Practice> = BTreeMap::new();
    rows(&folder.join("results.csv"), &RESULTS, |[code, name, locality]: [&str; 3]| {
        if !code.is_empty() && !practices.contains_key(code) {
            let (name, locality) = (as_it_was(name), as_it_was(locality));
            practices.insert(code.to_owned(), Practice { code: code.to_owned(), name, locality, list_size: None });
        }
    })?;
    let mut lists: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    rows(&folder.join("payment.csv"), &PAYMENT, |[code, list]: [&str; 2]| {
        lists.entry(code.to_owned()).or_default().extend(list.parse::<u64>().ok());
    })?;
    for (code, lists) in lists {
        // A list that was stated is the same on every day. Lists that differ were counted, and are counted again.
        if let (Some(practice), 1) = (practices.get_mut(&code), lists.len()) {
            practice.list_size = lists.first().copied().filter(|list| *list > 0);
        }
    }
    Ok(practices.into_values().collect())
}

/// A name without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn as_it_was(name: &str) -> String {
    name.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(name).to_owned()
}

fn rows<const N: usize>(path: &Path, columns: &'static [Column; N], mut row: impl FnMut([&str; N])) -> Result<(), Vec<Problem>> {
    let shown = path.display().to_string();
    let mut file = CsvFile::open(path, &shown, 0, columns).map_err(|problem| vec![not_of_a_run(problem)])?;
    let mut quality = Quality::default();
    while file.next_row(&mut quality).map_err(|problem| vec![problem])?.is_some() {
        let mut column = 0..;
        row([(); N].map(|()| column.next().map_or("", |column| text(file.cell(column)))));
    }
    let wrong = |row: &super::quality::Quarantined| {
        Problem::error("D081", "this row of results cannot be read")
            .in_data(shown.clone(), Some(u64::from(row.place.row)), None)
            .help("name the folder of a run as it was written")
    };
    let problems: Vec<Problem> = quality.rows.iter().map(wrong).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn not_of_a_run(problem: Problem) -> Problem {
    problem.help("name the folder that `dqoh run` or `dqoh report` wrote; or give the practices with --practices")
}
