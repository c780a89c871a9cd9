//! The result of a search or report of EMIS Web, saved as CSV: a preamble with the day that dates were counted back from, a table with one row an
//! organisation, and its total. Names may go on over several lines, and columns without a name stand at the end.

use super::cells::{Column, Columns, may, must};
use super::gather::Gather;
use super::{Figures, Key, Organisation, Source, Whom, years};
use crate::framework::calendar::Day;
use crate::practice::Practice;
use crate::problem::Problem;
use crate::table::Row;

pub(super) const COLUMNS: [Column; 8] = [
    must(&["organisation"]),
    must(&["population_count"]),
    must(&["parent"]),
    may(&["cdb"]),
    may(&["males"]),
    may(&["females"]),
    may(&["excluded"]),
    may(&["status"]),
];
const ORGANISATION: usize = 0;
const POPULATION: usize = 1;
const PARENT: usize = 2;
const CDB: usize = 3;
const MALES: usize = 4;
const FEMALES: usize = 5;
const EXCLUDED: usize = 6;

/// The columns of counts, which the row `Total` sums up.
const COUNTS: [usize; 5] = [POPULATION, PARENT, MALES, FEMALES, EXCLUDED];

/// `measure` is what the file is called: the search itself is not named in it.
pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, above: &[Row], rows: &mut dyn Iterator<Item = Row>, measure: &str) {
    let Some(day) = relative_date(gather, columns, above) else { return };
    let mut sums = [0_u64; 5];
    let mut organisations = 0;
    let (mut total, mut right) = (None, true);
    for row in rows {
        if total.is_some() {
            gather.not_used("rows below the total");
            continue;
        }
        if columns.cell(&row, ORGANISATION).eq_ignore_ascii_case("total") {
            total = Some(row);
            continue;
        }
        if !gather.row(columns, &row) {
            right = false;
            continue;
        }
        match counts(columns, &row) {
            Ok(counts) => {
                organisations += 1;
                for (sum, count) in sums.iter_mut().zip(counts) {
                    *sum += count.unwrap_or(0);
                }
                put(gather, columns, &row, (day, measure), counts);
            }
            Err(problem) => {
                right = false;
                gather.wrong(*problem);
            }
        }
    }
    match total {
        // Without a row that is not right nothing can come to the total.
        Some(_) if !right => {}
        Some(total) => compare(gather, columns, &total, sums),
        None if organisations < 2 => {}
        None => {
            let problem = Problem::error("D046", "the table has no row `Total`: it may have been cut off").in_data(
                columns.shown.as_str(),
                None,
                None,
            );
            gather.wrong(problem.help("close quotation marks that were left open, or export the search again and keep all its rows"));
        }
    }
}

/// The day that the search counted back from, out of the preamble: beside `Relative Date` in the row `Last Run`.
fn relative_date(gather: &mut Gather<'_>, columns: &Columns, above: &[Row]) -> Option<Day> {
    let is = |cell: &str, name: &str| cell.trim_end_matches(':').eq_ignore_ascii_case(name);
    let row = above.iter().find(|row| is(row.cell(0), "Last Run"));
    let after = row.and_then(|row| row.cells.iter().skip_while(|cell| !is(cell, "Relative Date")).skip(1).find(|cell| !cell.is_empty()));
    match after.map(|text| years::day(text)) {
        Some(Some(day)) => Some(day),
        _ if gather.options.as_at.is_some() => gather.options.as_at,
        found => {
            let says =
                if found.is_some() { "the relative date of this search is no day" } else { "this search does not say its relative date" };
            let problem = Problem::error("D043", says).in_data(columns.shown.as_str(), row.map(|row| row.number), None);
            let help = "it stands in the row `Last Run` beside `Relative Date`, as 31-Mar-2017: export the search with its heading, or pass the day with --as-at 2017-03-31";
            gather.wrong(problem.help(help));
            None
        }
    }
}

/// The counts of a row, in the order of [`COUNTS`].
fn counts(columns: &Columns, row: &Row) -> Result<[Option<u64>; 5], Box<Problem>> {
    let mut counts = [None; 5];
    for (count, column) in counts.iter_mut().zip(COUNTS) {
        *count = columns.whole(row, column)?;
    }
    Ok(counts)
}

fn put(gather: &mut Gather<'_>, columns: &Columns, row: &Row, (day, measure): (Day, &str), counts: [Option<u64>; 5]) {
    let name = columns.cell(row, ORGANISATION);
    let [numerator, denominator, males, females, excluded] = counts;
    if numerator.is_none() {
        let problem = columns.warning("D048", "this organisation has no count", row, POPULATION);
        gather.warn(problem.help("run the search at the practice again; until then the practice is not in the counts"));
        return;
    }
    let practice = gather.options.practices.iter().find(|practice| same_name(practice, name));
    let code = practice.map_or_else(|| own_code(columns.cell(row, CDB), name), |practice| practice.code.clone());
    if practice.is_none() && !gather.options.practices.is_empty() {
        let problem = columns.warning("D049", "this organisation is none of the practices that were passed", row, ORGANISATION);
        gather.warn(problem.help("write its name in the file of --practices as the search has it; until then it is left out"));
        return;
    }
    gather.organisation(&code, Some(day), Organisation { name: name.to_owned(), ..Organisation::default() });
    let figures = Figures { numerator, denominator, males, females, excluded, ..Figures::default() };
    gather.count(columns, row, Source::Search, Key { measure: measure.to_owned(), day, whom: Whom::Practice(code) }, figures);
}

/// Searches have no national code of a practice: it is found by its name.
fn same_name(practice: &Practice, name: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    plain(&practice.name) == plain(name)
}

/// Without a list of practices the number of its database stands for the code.
fn own_code(cdb: &str, name: &str) -> String {
    if cdb.is_empty() { name.to_owned() } else { format!("cdb-{cdb}") }
}

fn compare(gather: &mut Gather<'_>, columns: &Columns, total: &Row, sums: [u64; 5]) {
    for (column, sum) in COUNTS.into_iter().zip(sums) {
        let told = match columns.whole(total, column) {
            Ok(told) => told,
            Err(problem) => {
                gather.wrong(*problem);
                continue;
            }
        };
        if let Some(told) = told.filter(|told| *told != sum) {
            let says = format!("the total is {told}, and the rows above it come to {sum}");
            let problem = columns.warning("D045", says, total, column);
            gather.warn(problem.help("a row may be missing, or was changed after the export: export the search again"));
        }
    }
}
