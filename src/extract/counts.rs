//! Counts in files, as `dqoh run` writes them or SQL returns them → [`Counts`]: rows, their names not yet looked up.
//! Knows columns, no rule. Counts are all there or of no use: any mistake stops the reading.

use super::columns::{Column, CsvFile, required};
use super::patient::RowPlace;
use super::quality::Quality;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const COLUMNS: [Column; 9] = [
    required("framework_hash"),
    required("measure"),
    required("practice_code"),
    required("interval_end"),
    required("view"),
    required("stratum"),
    required("stratum_value"),
    required("line"),
    required("people"),
];
const HASH: usize = 0;
/// The column of measures.
pub const MEASURE: usize = 1;
/// The column of practices.
pub const PRACTICE: usize = 2;
const DAY: usize = 3;
const VIEW: usize = 4;
/// The column of what people are counted by.
pub const STRATUM: usize = 5;
/// The column of which stratum it is.
pub const STRATUM_VALUE: usize = 6;
/// The column of lines.
pub const LINE: usize = 7;
const PEOPLE: usize = 8;

/// The different names in a column, each with the row that named it first.
#[derive(Debug)]
pub struct Names<T> {
    numbers: BTreeMap<T, usize>,
    /// In the order of their first rows; a row holds the place in this list.
    pub names: Vec<(T, RowPlace)>,
}

impl<T: Ord + Clone> Names<T> {
    /// No name yet.
    pub(super) fn none() -> Names<T> {
        Names { numbers: BTreeMap::new(), names: Vec::new() }
    }

    /// The place of a name in the list, at its end when it is new.
    pub(super) fn number(&mut self, name: T, place: RowPlace) -> usize {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        self.numbers.insert(name.clone(), self.names.len());
        self.names.push((name, place));
        self.names.len() - 1
    }
}

/// Files of counts, of one kind: their names and columns, for reading and for messages.
#[derive(Clone, Debug)]
pub struct Files {
    names: Vec<String>,
    columns: &'static [Column],
}

impl Files {
    pub(super) fn of(paths: &[PathBuf], columns: &'static [Column]) -> Files {
        Files { names: paths.iter().map(|path| path.display().to_string()).collect(), columns }
    }

    /// All names, for a message about the files together.
    pub fn together(&self) -> String {
        self.names.join(" and ")
    }

    fn name(&self, place: RowPlace) -> &str {
        self.names.get(usize::from(place.file)).map_or("", String::as_str)
    }

    /// A problem with a row of the counts.
    pub fn problem(&self, code: &'static str, says: impl Into<String>, place: RowPlace, column: Option<usize>) -> Problem {
        let column = column.and_then(|column| self.columns.get(column)).map(|column| column.name);
        Problem::error(code, says).in_data(self.name(place), Some(u64::from(place.row)), column)
    }

    /// Where a row stands, for a message about another.
    pub fn place(&self, place: RowPlace) -> String {
        format!("{}, row {}", self.name(place), place.row)
    }

    /// Hands on every row; `hash`, the first column, is that of the rules that the counts must have been made by. Where it is not known,
    /// all rows have that of the first.
    pub(super) fn read(
        &self,
        paths: &[PathBuf],
        hash: Option<&str>,
        mut row: impl FnMut(&CsvFile, RowPlace) -> Result<(), Box<Problem>>,
    ) -> Result<(), Vec<Problem>> {
        let mut mistakes = Mistakes::default();
        let mut hash = hash.map(|hash| hash.as_bytes().to_vec());
        for (number, (path, shown)) in (0..).zip(paths.iter().zip(&self.names)) {
            let mut file = CsvFile::open(path, shown, number, self.columns).map_err(|problem| vec![problem])?;
            let mut quality = Quality::default();
            while let Some(place) = file.next_row(&mut quality).map_err(|problem| vec![problem])? {
                if file.cell(HASH) != hash.get_or_insert_with(|| file.cell(HASH).to_vec()).as_slice() {
                    let problem = file.problem("D015", "these counts were made by other rules", place, HASH);
                    return Err(vec![problem.help("pass the folder of the rules that they were made by, with --rules")]);
                }
                if let Err(problem) = row(&file, place) {
                    mistakes.add(*problem);
                }
            }
            for row in &quality.rows {
                mistakes.add(self.problem("D016", "this row of counts cannot be read", row.place, None).help(row.reason.rule()));
            }
        }
        mistakes.none()
    }
}

/// A cell as text.
pub(super) fn cell_text(file: &CsvFile, column: usize) -> String {
    super::people::text(file.cell(column)).to_owned()
}

/// A cell as a reporting day.
pub(super) fn cell_day(file: &CsvFile, place: RowPlace, column: usize) -> Result<Day, Box<Problem>> {
    Day::parse(file.cell(column)).ok_or_else(|| {
        let problem = file.problem("D016", "this is no reporting day", place, column);
        Box::new(problem.help("a day is written as 2017-03-31"))
    })
}

/// A cell as a view.
pub(super) fn cell_view(file: &CsvFile, place: RowPlace, column: usize) -> Result<View, Box<Problem>> {
    [View::YearEnd, View::Rolling].into_iter().find(|view| file.cell(column) == view.word().as_bytes()).ok_or_else(|| {
        let problem = file.problem("D016", "there is no such view", place, column);
        Box::new(problem.help("it is `year-end` or `rolling`"))
    })
}

/// One row; names are places in the lists of [`Counts`].
#[derive(Clone, Copy, Debug)]
pub struct CountRow {
    /// Where it stands.
    pub place: RowPlace,
    /// One of [`Counts::measures`].
    pub measure: usize,
    /// One of [`Counts::practices`].
    pub practice: usize,
    /// The reporting day.
    pub day: Day,
    /// One of [`Counts::strata`].
    pub stratum: usize,
    /// The number of a line.
    pub line: u16,
    /// How many people.
    pub people: u32,
}

/// The counts of all files.
#[derive(Debug)]
pub struct Counts {
    /// The files.
    pub files: Files,
    /// The view of all rows.
    pub view: View,
    /// The reporting days.
    pub days: BTreeSet<Day>,
    /// Measures by name.
    pub measures: Names<String>,
    /// Practices by code.
    pub practices: Names<String>,
    /// Strata: by what, and which.
    pub strata: Names<(String, String)>,
    /// The rows.
    pub rows: Vec<CountRow>,
}

/// Reads the files; `hash` is that of the rules that the counts must have been made by.
///
/// # Errors
/// When a file cannot be read or any row is not right.
pub fn read(paths: &[PathBuf], hash: &str) -> Result<Counts, Vec<Problem>> {
    let files = Files::of(paths, &COLUMNS);
    let mut counts = Counts {
        files: files.clone(),
        view: View::YearEnd,
        days: BTreeSet::new(),
        measures: Names::none(),
        practices: Names::none(),
        strata: Names::none(),
        rows: Vec::new(),
    };
    files.read(paths, Some(hash), |file, place| {
        let row = counts.row(file, place)?;
        counts.rows.push(row);
        Ok(())
    })?;
    if counts.rows.is_empty() {
        return Err(vec![
            Problem::error("D005", "there is no count in this file")
                .in_data(files.together(), None, None)
                .help("export it again: everybody on the list of each practice is counted, so counts have rows"),
        ]);
    }
    Ok(counts)
}

impl Counts {
    fn row(&mut self, file: &CsvFile, place: RowPlace) -> Result<CountRow, Box<Problem>> {
        let wrong = |column, says: &str, help: &str| Box::new(file.problem("D016", says, place, column).help(help));
        let text = |column| cell_text(file, column);
        let day = cell_day(file, place, DAY)?;
        let view = cell_view(file, place, VIEW)?;
        if self.rows.is_empty() {
            self.view = view;
        }
        if view != self.view {
            let problem = file.problem("D018", "these counts are of two views", place, VIEW);
            return Err(Box::new(problem.help("report each view by itself, into a folder of its own")));
        }
        let line = text(LINE).parse::<u16>();
        let line = line.map_err(|_| wrong(LINE, "a line is a whole number", "write the number that the line has in its file"))?;
        let people = text(PEOPLE);
        let people = people.parse::<u32>().map_err(|_| match people.bytes().all(|digit| digit.is_ascii_digit()) && !people.is_empty() {
            true => {
                wrong(PEOPLE, "these are more people than there can be", "a line of a practice decides fewer than 4,294,967,296 people")
            }
            false => wrong(PEOPLE, "a number of people is a whole number, 0 or above", "write it without separators"),
        })?;
        let (measure, practice) = (text(MEASURE), text(PRACTICE));
        let stratum = (text(STRATUM), text(STRATUM_VALUE));
        self.days.insert(day);
        let measure = self.measures.number(measure, place);
        let practice = self.practices.number(practice, place);
        let stratum = self.strata.number(stratum, place);
        Ok(CountRow { place, measure, practice, day, stratum, line, people })
    }
}

/// Mistakes, each kind once: what it is, where it was made first, and how often.
#[derive(Debug, Default)]
pub struct Mistakes {
    kinds: Vec<(Problem, u64)>,
}

impl Mistakes {
    /// One more mistake; of those with the same code and words only the first is shown.
    pub fn add(&mut self, problem: Problem) {
        match self.kinds.iter_mut().find(|(first, _)| (first.code, &first.says) == (problem.code, &problem.says)) {
            Some((_, times)) => *times += 1,
            None => self.kinds.push((problem, 1)),
        }
    }

    /// Goes on when there are none.
    ///
    /// # Errors
    /// With all of them.
    pub fn none(self) -> Result<(), Vec<Problem>> {
        let counted = |(mut problem, times): (Problem, u64)| {
            if times > 1 {
                problem.says += &format!(" (the first of {times})");
            }
            problem
        };
        let problems: Vec<Problem> = self.kinds.into_iter().map(counted).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}
