//! Files in turn, each read by its form, put together: counts that stand twice must agree, and what cannot be used is told.

use super::cells::Columns;
use super::form::{Form, Header, header};
use super::{Count, Figures, File, Key, Measure, Options, Organisation, Published, Source, Whom, years};
use super::{achievement, indicators, organisations, prevalence, search, tidy, totals};
use crate::extract::counts::Mistakes;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use crate::table::{Row, decode, is_workbook, quoted, sheets};
use std::collections::{BTreeMap, BTreeSet};

/// What came of a file.
#[derive(Clone, Debug, Default)]
pub struct FileRead {
    /// The file, and the sheet of a workbook.
    pub name: String,
    /// Its form; nothing when it holds no counts that are known here.
    pub form: Option<Form>,
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that say what another row has said.
    pub repeated: u64,
    /// The days that its counts are of.
    pub days: BTreeSet<Day>,
    /// The practices that are in it.
    pub practices: BTreeSet<String>,
    /// What could not be used, in words, with how often.
    pub not_used: BTreeMap<String, u64>,
}

/// What came of all files.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The counts.
    pub published: Published,
    /// File by file, as they were given.
    pub files: Vec<FileRead>,
    /// What is wrong; with an error nothing may be made of the counts.
    pub problems: Vec<Problem>,
}

/// Reads files of counts.
pub fn read(files: &[File], options: &Options) -> Reading {
    let mut gather = Gather { options, mistakes: Mistakes::default(), reading: Reading::default() };
    for file in files {
        gather.file(file);
    }
    gather.impossible();
    if let Err(problems) = std::mem::take(&mut gather.mistakes).none() {
        gather.reading.problems.extend(problems);
    }
    gather.reading.published.only(options);
    gather.reading
}

/// What readers of a form put their rows into.
pub(super) struct Gather<'o> {
    pub options: &'o Options,
    mistakes: Mistakes,
    reading: Reading,
}

impl Gather<'_> {
    fn file(&mut self, file: &File) {
        if is_workbook(&file.content) {
            let before = self.reading.files.iter().filter(|read| read.form.is_some()).count();
            for mut table in sheets(&file.content).unwrap_or_default() {
                let sheet = table.sheet.unwrap_or_default();
                self.table(file, &format!("{}, sheet {sheet}", file.name), &mut table.rows);
            }
            let after = self.reading.files.iter().filter(|read| read.form.is_some()).count();
            // A workbook has sheets of notes: one with counts is enough.
            if before == after {
                self.no_form(file);
            }
            return;
        }
        let text = decode(&file.content);
        if !self.table(file, &file.name, &mut quoted(&text, delimiter(&text))) {
            self.no_form(file);
        }
    }

    /// Reads a table; `false` when it is none of counts.
    fn table(&mut self, file: &File, shown: &str, rows: &mut dyn Iterator<Item = Row>) -> bool {
        let number = self.reading.files.len();
        let Header { form, columns, above } = match header(rows, shown, number) {
            Ok(Some(header)) => header,
            Ok(None) => return false,
            Err(problem) if file.named => {
                self.mistakes.add(*problem);
                return true;
            }
            Err(problem) => {
                // In a folder there may be other files that look a little like counts.
                let read = FileRead { name: shown.to_owned(), not_used: BTreeMap::from([(problem.says, 1)]), ..FileRead::default() };
                self.reading.files.push(read);
                return true;
            }
        };
        self.reading.files.push(FileRead { name: shown.to_owned(), form: Some(form), ..FileRead::default() });
        match form {
            Form::Tidy => tidy::read(self, &columns, rows),
            Form::Search => search::read(self, &columns, &above, rows, &stem(&file.name)),
            Form::Prevalence => prevalence::read(self, &columns, rows, &file.name),
            Form::Achievement => achievement::read(self, &columns, rows, &file.name),
            Form::GroupTotals => totals::read_groups(self, &columns, rows, &file.name),
            Form::IndicatorTotals => totals::read_indicators(self, &columns, rows, &file.name),
            Form::Indicators => indicators::read(self, &columns, rows, &file.name),
            Form::Organisations => organisations::read(self, &columns, rows, &file.name),
        }
        true
    }

    /// Counts whose parts are more than the whole. The numbers of a count stand in several rows, so that this is known in the end only.
    fn impossible(&mut self) {
        let more = |part: Option<u64>, whole: Option<u64>| part.zip(whole).is_some_and(|(part, whole)| part > whole);
        for (key, count) in &self.reading.published.counts {
            let figures = &count.figures;
            let sexes = figures.males.zip(figures.females).map(|(males, females)| males.saturating_add(females));
            let says = if more(figures.register, figures.list_size) {
                "more people are on the register than on the list"
            } else if more(figures.numerator, figures.denominator) {
                "more people are counted than there are to count"
            } else if more(sexes, figures.numerator) {
                "more males and females are counted than people"
            } else {
                continue;
            };
            let file = self.reading.files.get(count.file).map_or("", |file| file.name.as_str());
            let help = format!("it is {} on {}; take the file from where it came from again", key.measure, key.day.long());
            self.mistakes.add(Problem::error("D047", says).in_data(file, Some(count.row), None).help(help));
        }
    }

    fn no_form(&mut self, file: &File) {
        if file.named {
            let problem = Problem::error("D040", "no row at the top of this file names columns of counts that are known here");
            self.mistakes.add(problem.in_data(file.name.as_str(), None, None).help(
                "known are searches of EMIS Web with the column Organisation, the files of the QOF publication with PRACTICE_CODE, and published.csv; docs/published-counts.md shows each",
            ));
        }
        let not_used = BTreeMap::from([("it holds no counts that are known here".to_owned(), 1)]);
        self.reading.files.push(FileRead { name: file.name.clone(), not_used, ..FileRead::default() });
    }

    /// What has come of the file that is being read.
    pub fn this_file(&mut self) -> Option<&mut FileRead> {
        self.reading.files.last_mut()
    }

    /// Something that could not be used.
    pub fn not_used(&mut self, what: impl Into<String>) {
        if let Some(file) = self.this_file() {
            *file.not_used.entry(what.into()).or_default() += 1;
        }
    }

    /// Something that is wrong, once for each kind of mistake.
    pub fn wrong(&mut self, problem: Problem) {
        self.mistakes.add(problem);
    }

    /// Something that looks wrong.
    pub fn warn(&mut self, problem: Problem) {
        self.reading.problems.push(problem);
    }

    /// Counts a row, and says whether it has the cells that it should have.
    pub fn row(&mut self, columns: &Columns, row: &Row) -> bool {
        if let Some(file) = self.this_file() {
            file.rows += 1;
        }
        if columns.fits(row) {
            return true;
        }
        let problem = columns.problem("D046", "this row has fewer or more cells than the header", row, None);
        self.wrong(
            problem.help(
                "a comma in a name needs quotation marks around the name, and a quotation mark must be closed: export the file again",
            ),
        );
        false
    }

    /// The day of a row: its own year, else that of the file's name, else the one that was passed.
    pub fn day(&mut self, columns: &Columns, row: &Row, year: usize, name: &str) -> Option<Day> {
        let text = columns.cell(row, year);
        if !text.is_empty() {
            let day = years::year(text);
            if day.is_none() {
                let problem = columns.problem("D043", "this is no year", row, Some(year));
                self.wrong(problem.help("a year is written as 1617 or 2016-17"));
            }
            return day;
        }
        let day = years::in_name(name).or(self.options.as_at);
        if day.is_none() {
            let problem = Problem::error("D043", "nothing says which year these counts are of").in_data(columns.shown.as_str(), None, None);
            self.wrong(problem.help(
                "keep the name that the file was published under, such as PREVALENCE_1617.csv, or pass the day with --as-at 2017-03-31",
            ));
        }
        day
    }

    /// The same of what may be of all years: `None` is a mistake, `Some(None)` all years.
    pub fn day_if_any(&mut self, columns: &Columns, row: &Row, year: usize, name: &str) -> Option<Option<Day>> {
        if columns.cell(row, year).is_empty() {
            return Some(years::in_name(name).or(self.options.as_at));
        }
        self.day(columns, row, year, name).map(Some)
    }

    /// Puts a count in; what another row has said already must agree.
    pub fn count(&mut self, columns: &Columns, row: &Row, source: Source, key: Key, figures: Figures) {
        if let Some(file) = self.this_file() {
            file.days.insert(key.day);
            if let Whom::Practice(code) = &key.whom {
                file.practices.insert(code.clone());
            }
        }
        let new = Count { source, figures, file: columns.file, row: row.number };
        let Some(there) = self.reading.published.counts.get_mut(&key) else {
            self.reading.published.counts.insert(key, new);
            return;
        };
        match there.figures.together(&new.figures) {
            Together::Added(figures) => there.figures = figures,
            Together::Same => {
                if let Some(file) = self.reading.files.last_mut() {
                    file.repeated += 1;
                }
            }
            Together::Differs => {
                let first = self.reading.files.get(there.file).map_or("", |file| file.name.as_str());
                let help = format!(
                    "the first stands in {first}, row {}: leave one of the two files out, such as the older of two editions",
                    there.row
                );
                let problem = columns.problem("D044", "this count stands there twice, and differs", row, None).help(help);
                self.wrong(problem);
            }
        }
    }

    /// Tells of a practice; what was told first stays, and gaps are filled.
    pub fn organisation(&mut self, code: &str, day: Option<Day>, told: Organisation) {
        let there = self.reading.published.organisations.entry((code.to_owned(), day)).or_default();
        for (cell, told) in [
            (&mut there.name, told.name),
            (&mut there.area, told.area),
            (&mut there.network, told.network),
            (&mut there.network_name, told.network_name),
            (&mut there.locality, told.locality),
        ] {
            if cell.is_empty() {
                *cell = told;
            }
        }
    }

    /// Tells the name of an area.
    pub fn area(&mut self, code: &str, day: Option<Day>, name: &str) {
        if !name.is_empty() {
            self.reading.published.areas.entry((code.to_owned(), day)).or_insert_with(|| name.to_owned());
        }
    }

    /// Tells of a measure; what was told first stays, and gaps are filled.
    pub fn measure(&mut self, id: &str, day: Option<Day>, told: Measure) {
        let there = self.reading.published.measures.entry((id.to_owned(), day)).or_default();
        for (cell, told) in [(&mut there.title, told.title), (&mut there.group, told.group)] {
            if cell.is_empty() {
                *cell = told;
            }
        }
        there.max_points = there.max_points.or(told.max_points);
    }
}

/// What comes of two tellings of one count.
enum Together {
    Added(Figures),
    Same,
    Differs,
}

impl Figures {
    /// Both tellings in one, when no number differs.
    fn together(&self, other: &Figures) -> Together {
        fn one<T: Copy + PartialEq>(a: Option<T>, b: Option<T>, differs: &mut bool) -> Option<T> {
            *differs |= a.is_some() && b.is_some() && a != b;
            a.or(b)
        }
        let mut differs = !self.list_type.is_empty() && !other.list_type.is_empty() && self.list_type != other.list_type;
        let figures = Figures {
            register: one(self.register, other.register, &mut differs),
            list_type: if self.list_type.is_empty() { other.list_type.clone() } else { self.list_type.clone() },
            list_size: one(self.list_size, other.list_size, &mut differs),
            numerator: one(self.numerator, other.numerator, &mut differs),
            denominator: one(self.denominator, other.denominator, &mut differs),
            exceptions: one(self.exceptions, other.exceptions, &mut differs),
            excluded: one(self.excluded, other.excluded, &mut differs),
            points: one(self.points, other.points, &mut differs),
            males: one(self.males, other.males, &mut differs),
            females: one(self.females, other.females, &mut differs),
        };
        match differs {
            true => Together::Differs,
            false if figures == *self => Together::Same,
            false => Together::Added(figures),
        }
    }
}

impl Published {
    /// Leaves the practices that are wanted, and gives them the names and localities that were passed.
    fn only(&mut self, options: &Options) {
        if options.practices.is_empty() {
            return;
        }
        let wanted: BTreeSet<&str> = options.practices.iter().map(|practice| practice.code.as_str()).collect();
        self.counts.retain(|key, _| match &key.whom {
            Whom::Practice(code) => wanted.contains(code.as_str()),
            Whom::Area(_) => true,
        });
        self.organisations.retain(|(code, _), _| wanted.contains(code.as_str()));
        for practice in &options.practices {
            let told = self.organisations.iter_mut().filter(|((code, _), _)| *code == practice.code);
            let mut any = false;
            for (_, organisation) in told {
                organisation.locality.clone_from(&practice.locality);
                any = true;
            }
            if !any {
                let organisation =
                    Organisation { name: practice.name.clone(), locality: practice.locality.clone(), ..Organisation::default() };
                self.organisations.insert((practice.code.clone(), None), organisation);
            }
        }
    }
}

/// A file's name without folder and ending: what a search is called.
fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// What stands between cells: a comma, a tab or a semicolon, whichever is more at the top of the text.
pub(super) fn delimiter(text: &str) -> u8 {
    let top: String = text.chars().take(4096).collect();
    let most = [',', '\t', ';'].into_iter().rev().max_by_key(|mark| top.matches(*mark).count());
    most.and_then(|mark| u8::try_from(mark).ok()).unwrap_or(b',')
}
