//! results.csv, of a run or of published counts, of one day or of several files → the rows that it was written from, without money.
//! In: names and bytes. Out: rows, and all that was not understood: a row too few would be a wrong comparison, so any mistake stops the reading.

use super::File;
use super::cells::{Column, Columns, heading, may, must, whole};
use super::results::NOT_TOLD;
use crate::achievement::{Area, Counts, ReportedDay, Results, Row, Status};
use crate::extract::counts::Mistakes;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::practice::Practice;
use crate::problem::Problem;
use crate::table::{self, decode, quoted};
use crate::tally::Stratum;
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: [Column; 15] = [
    must(&["measure"]),
    must(&["practice_code"]),
    must(&["practice_name"]),
    must(&["locality"]),
    must(&["interval_start"]),
    must(&["interval_end"]),
    must(&["view"]),
    must(&["stratum"]),
    must(&["stratum_value"]),
    must(&["register"]),
    must(&["excluded"]),
    must(&["excepted"]),
    must(&["numerator"]),
    must(&["denominator"]),
    must(&["status"]),
];
/// Not in the list above: results of an older program may lack it.
const PERIOD_MOVED: Column = may(&["period_moved"]);

/// What people are told apart by in results.
const STRATA: [&str; 4] = ["", "sex", "age", "imd_quintile"];

/// The rows of all files.
#[derive(Clone, Debug, Default)]
pub struct ResultsRead {
    practices: Vec<Practice>,
    days: Vec<ReportedDay>,
    strata: Vec<Stratum>,
    rows: Vec<Row>,
}

impl ResultsRead {
    /// As every report takes them.
    pub fn results(&self) -> Results<'_> {
        Results { practices: &self.practices, days: self.days.clone(), strata: self.strata.clone(), rows: &self.rows }
    }
}

/// Reads the files. A row that stands in two of them counts once.
///
/// # Errors
/// When a file has not the columns of results.csv, a row is not right, or two rows differ in what they say of the same.
pub fn read_results(files: &[File]) -> Result<ResultsRead, Vec<Problem>> {
    let mut gather = Gather::default();
    let mut mistakes = Mistakes::default();
    for (number, file) in files.iter().enumerate() {
        let text = decode(&file.content);
        let mut rows = quoted(&text, super::gather::delimiter(&text));
        let Some(header) = rows.next() else {
            let problem = Problem::error("D080", "this file is empty").in_data(file.name.as_str(), None, None);
            mistakes.add(problem.help("name a results.csv, as `dqoh run` and `dqoh report` write it"));
            continue;
        };
        match columns(&header, &file.name, number) {
            Ok(columns) => rows.for_each(|row| gather.row(&columns, &row).unwrap_or_else(|problem| mistakes.add(*problem))),
            Err(problem) => mistakes.add(*problem),
        }
    }
    mistakes.none()?;
    Ok(gather.together())
}

fn columns(header: &table::Row, shown: &str, file: usize) -> Result<Columns, Box<Problem>> {
    let names: Vec<String> = header.cells.iter().map(|cell| heading(cell)).collect();
    let name = |column: &Column| column.names.first().copied().unwrap_or_default();
    let lacks = COLUMNS.iter().map(name).find(|column| !names.iter().any(|name| name == column));
    if let Some(column) = lacks {
        let problem = Problem::error("D080", format!("this is no results.csv: it has no column `{column}`"));
        let help = "name a results.csv, as `dqoh run` and `dqoh report` write it; published counts become one by `dqoh report --counts`";
        return Err(Box::new(problem.in_data(shown, Some(header.number), None).help(help)));
    }
    let all: Vec<Column> = COLUMNS.into_iter().chain([PERIOD_MOVED]).collect();
    Ok(Columns::of(header, &all, shown, file))
}

/// The place of a column.
fn at(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.names.contains(&name)).unwrap_or(COLUMNS.len())
}

/// A reporting day in one view: days of two views are not compared.
type DayKey = (Day, &'static str);
/// Whom a row is of: practice code and locality; both empty for all together.
type AreaKey = (String, String);
/// What a row is of.
type Key = (String, DayKey, (&'static str, String), AreaKey);

/// What a row says, and where.
struct Said {
    counts: Counts,
    status: Status,
    place: String,
}

#[derive(Default)]
struct Gather {
    rows: BTreeMap<Key, Said>,
    days: BTreeMap<DayKey, ReportedDay>,
    /// By code and locality: one that has moved stands there once for each.
    practices: BTreeMap<AreaKey, String>,
}

impl Gather {
    fn row(&mut self, columns: &Columns, row: &table::Row) -> Result<(), Box<Problem>> {
        let cell = |name: &str| columns.cell(row, at(name));
        let wrong = |says: &str, name: &str, help: &str| Box::new(columns.problem("D081", says, row, Some(at(name))).help(help.to_owned()));
        if !columns.fits(row) || row.several_lines {
            let problem = columns.problem("D081", "this row has more or fewer cells than the header", row, None);
            return Err(Box::new(problem.help("take the file as it was written; a quotation mark may not be closed")));
        }
        let day_of = |name: &str| {
            let problem = || wrong("this is no day", name, "a day is written as 2017-03-31; a spreadsheet may have changed it");
            Day::parse(cell(name).as_bytes()).ok_or_else(problem)
        };
        let day = day_of("interval_end")?;
        let from = if cell("interval_start").is_empty() { None } else { Some(day_of("interval_start")?) };
        let view = [View::YearEnd, View::Rolling].into_iter().find(|view| view.word() == cell("view"));
        if view.is_none() && !cell("view").is_empty() {
            return Err(wrong("there is no such view", "view", "it is `year-end`, `rolling`, or empty for searches"));
        }
        let Some(kind) = STRATA.into_iter().find(|kind| *kind == cell("stratum")) else {
            return Err(wrong("results count nobody by this", "stratum", "it is `sex`, `age`, `imd_quintile`, or empty for everybody"));
        };
        let Some(status) = Status::ALL.into_iter().find(|status| status.word() == cell("status")) else {
            return Err(wrong("there is no such status", "status", "leave the file as it was written"));
        };
        let count = |name: &str| {
            let help = "write it without separators, and take results of which no small numbers were hidden";
            whole(cell(name)).ok_or_else(|| wrong("this is no count of people", name, help))
        };
        let counts = Counts {
            population: count("register")?,
            excluded: count("excluded")?,
            excepted: Some(count("excepted")?).filter(|people| *people > 0).map(|people| (NOT_TOLD, people)).into_iter().collect(),
            numerator: count("numerator")?,
            denominator: count("denominator")?,
        };
        if counts.numerator > counts.denominator {
            return Err(wrong(
                "more achieved than were counted",
                "numerator",
                "columns may have been shifted: take the file as it was written",
            ));
        }
        let day_key = (day, view.map_or("", View::word));
        let moved = columns.cell(row, COLUMNS.len()) == "yes";
        self.days.entry(day_key).or_insert(ReportedDay { from, day, view, moved });
        let area = (cell("practice_code").to_owned(), as_it_was(cell("locality")).to_owned());
        if !area.0.is_empty() {
            self.practices.insert(area.clone(), as_it_was(cell("practice_name")).to_owned());
        }
        let key = (cell("measure").to_owned(), day_key, (kind, cell("stratum_value").to_owned()), area);
        let said = Said { counts, status, place: format!("{}, row {}", columns.shown, row.number) };
        match self.rows.get(&key) {
            Some(first) if first.counts == said.counts => {}
            Some(first) => {
                let problem = columns.problem("D082", "two rows tell different things of the same practice, day and measure", row, None);
                let help = format!("the first is {}: leave out the older of the two files", first.place);
                return Err(Box::new(problem.help(help)));
            }
            None => _ = self.rows.insert(key, said),
        }
        Ok(())
    }

    /// Names become places in lists.
    fn together(self) -> ResultsRead {
        let mut strata: BTreeSet<(&'static str, String)> = self.rows.keys().map(|(_, _, stratum, _)| stratum.clone()).collect();
        strata.insert(("", String::new()));
        let strata: Vec<(&'static str, String)> = strata.into_iter().collect();
        let areas: Vec<&AreaKey> = self.practices.keys().collect();
        let days: Vec<&DayKey> = self.days.keys().collect();
        let rows = self.rows.iter().filter_map(|((measure, day, stratum, area), said)| {
            let area = match (area.0.is_empty(), area.1.is_empty()) {
                (true, true) => Area::Whole,
                (true, false) => Area::Locality(area.1.clone()),
                (false, _) => Area::Practice(areas.binary_search(&area).ok()?),
            };
            Some(Row {
                measure: measure.clone(),
                day: days.binary_search(&day).ok()?,
                area,
                stratum: strata.binary_search(stratum).ok()?,
                counts: said.counts.clone(),
                money: None,
                status: said.status,
            })
        });
        let rows = rows.collect();
        let practice = |((code, locality), name): (AreaKey, String)| Practice { code, name, locality, list_size: None };
        ResultsRead {
            rows,
            days: self.days.into_values().collect(),
            strata: strata.into_iter().map(|(kind, value)| Stratum { kind, value }).collect(),
            practices: self.practices.into_iter().map(practice).collect(),
        }
    }
}

/// A name without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn as_it_was(name: &str) -> &str {
    name.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(name)
}
