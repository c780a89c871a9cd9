//! `dqoh explain --out`: why, for many people as CSV, or for one as a page. Holds records of persons: written for its owner alone.

use super::explain::{Options, no_such_person};
use super::output::Output;
use super::read::Ready;
use super::{Stop, say};
use crate::evaluate::Answers;
use crate::evaluate::explain::Seen;
use crate::evaluate::why::{Became, Measure, Why, measures, why};
use crate::extract::Extract;
use crate::extract::patient::{Patients, Person};
use crate::framework::{Framework, RegisterId};
use crate::problem::Problem;
use crate::report::{Behind, PersonDay, WhyRow, page_of_person, why_cells, why_header, why_metadata};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One row a person and measure.
    Csv,
    /// One page for one person.
    Html,
}

impl Form {
    /// By the ending of the file's name.
    pub fn of(out: &Path, person: Option<&str>) -> Result<Form, Stop> {
        let ending = out.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        let says = match (ending.as_deref(), person) {
            (Some("csv"), _) => return Ok(Form::Csv),
            (Some("html"), Some(_)) => return Ok(Form::Html),
            (Some("html"), None) => "a page is of one person, and none is named",
            _ => "the name of this file does not tell what to write",
        };
        let help = "end it with .csv for many people; with .html, and --person, for one";
        Err(Stop::usage(Problem::error("U031", says).in_data(out.display().to_string(), None, None).help(help)))
    }
}

/// The people of a list: one patient_id a line.
pub(super) fn listed(path: &Path, extract: &Extract) -> Result<BTreeSet<String>, Stop> {
    let refused = |says: &str| {
        let help = "a text file with one patient_id a line, as the extract writes them";
        Stop::usage(Problem::error("U030", says).in_data(path.display().to_string(), None, None).help(help))
    };
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => refused("there is no such list of people"),
        _ => refused("this list of people cannot be read"),
    })?;
    // A column copied out of a spreadsheet brings its header, quotation marks and a mark of the encoding.
    let ids = text.trim_start_matches('\u{feff}').lines().map(|line| line.trim().trim_matches('"').trim());
    let ids = ids.filter(|id| !id.is_empty() && !id.eq_ignore_ascii_case("patient_id"));
    let ids: BTreeSet<String> = ids.map(|id| extract.person_id(id).into_owned()).collect();
    if ids.is_empty() { Err(refused("this list of people names nobody")) } else { Ok(ids) }
}

/// Writes the file of `--out`. `practice` is the one that was asked for.
pub(super) fn write(options: &Options, out: &Path, form: Form, ready: Ready, practice: Option<usize>) -> Result<(), Stop> {
    let person = options.person.as_deref().map(|typed| ready.extract.person_id(typed).into_owned());
    let wanted = match (&options.people, &person) {
        (Some(path), _) => Some(listed(path, &ready.extract)?),
        (None, Some(person)) => Some(BTreeSet::from([person.clone()])),
        (None, None) => None,
    };
    let Ready { frameworks, titles, extract, records } = ready;
    let codes = frameworks.first().map(|framework| framework.codes.clone()).unwrap_or_default();
    let chosen = records.into_iter().filter(|records| practice.is_none_or(|practice| practice == records.practice));
    let practices = chosen.map(|records| (records.practice, records.patients(&codes))).collect();
    let telling = Telling { options, extract: &extract, titles: &titles, practices, wanted };
    if let Some(person) = &person
        && telling.nobody_here(person)
    {
        return Err(no_such_person(&extract, person));
    }
    match form {
        Form::Csv => telling.csv(&frameworks, out),
        Form::Html => telling.page(&frameworks, out, person.as_deref().unwrap_or_default()),
    }
}

struct Telling<'a> {
    options: &'a Options,
    extract: &'a Extract,
    titles: &'a crate::evaluate::sentence::Titles,
    practices: Vec<(usize, Patients)>,
    /// Those who were asked for; nothing for everybody.
    wanted: Option<BTreeSet<String>>,
}

impl Telling<'_> {
    fn nobody_here(&self, id: &str) -> bool {
        !self.practices.iter().any(|(_, patients)| patients.people().iter().any(|person| self.extract.id_of(person.number) == id))
    }

    /// The people of a practice who were asked for, by their ids, so that the order of rows in the extract does not matter.
    fn people<'p>(&self, patients: &'p Patients) -> Vec<&'p Person> {
        let asked_for = |person: &&Person| self.wanted.as_ref().is_none_or(|wanted| wanted.contains(self.extract.id_of(person.number)));
        let mut people: Vec<&Person> = patients.people().iter().filter(asked_for).collect();
        people.sort_by_key(|person| (self.extract.id_of(person.number), person.number));
        people
    }

    fn practice_code(&self, at: usize) -> &str {
        self.extract.practices.get(at).map_or("", |practice| practice.code.as_str())
    }

    /// One person in all measures, as far as they were asked for.
    fn rows<'r>(
        &'r self,
        framework: &'r Framework,
        measures: &[Measure<'r>],
        (at, patients): (usize, &'r Patients),
        person: &'r Person,
    ) -> Vec<WhyRow<'r>> {
        let mut answers = Answers::new(framework, patients.patient(person));
        let row = |answers: &mut Answers<'r>, measure: &Measure<'r>| {
            let why = why(answers, *measure, self.titles);
            WhyRow {
                practice: self.practice_code(at),
                person: self.extract.id_of(person.number),
                framework,
                measure: *measure,
                records: self.behind(patients, why.records()),
                nearest_records: self.behind(patients, why.nearest.as_ref().map_or(&[], |nearest| &nearest.records)),
                why,
            }
        };
        // Most people are on few registers: of the others nothing need be told unless it was asked for.
        let off_too = self.wanted.is_some() || !self.options.outcome.is_empty();
        let on_the_list = person.about.on_the_list(framework.reporting_day);
        let told: Vec<&Measure<'r>> = match (off_too, on_the_list) {
            (true, _) => measures.iter().collect(),
            (false, true) => measures.iter().filter(|measure| answers.is_in(measure.of)).collect(),
            (false, false) => Vec::new(),
        };
        told.into_iter().map(|measure| row(&mut answers, measure)).filter(|row| self.is_wanted(&row.why)).collect()
    }

    fn behind(&self, patients: &Patients, records: &[Seen]) -> Vec<Behind> {
        let one = |seen: &Seen| {
            let place = patients.place(seen.record).map(|(place, _)| place).unwrap_or_default();
            let file = self.extract.files.get(usize::from(place.file)).map_or("", |file| file.name.as_str());
            let title = self.titles.get(&seen.set).unwrap_or(&seen.set).clone();
            Behind { day: seen.day, title, amount: seen.amount, file: file.to_owned(), row: place.row }
        };
        records.iter().map(one).collect()
    }

    fn is_wanted(&self, why: &Why<'_>) -> bool {
        let word = why.became.word();
        let outcome = match self.options.outcome.as_slice() {
            [] => self.wanted.is_some() || why.became.is_of(),
            wanted => wanted.iter().any(|one| one == word),
        };
        let number = why.line.as_ref().filter(|_| why.became.is_of()).map(|told| told.line.number.0);
        outcome && (self.options.line.is_empty() || number.is_some_and(|number| self.options.line.contains(&number)))
    }

    fn csv(&self, frameworks: &[Framework], out: &Path) -> Result<(), Stop> {
        let (folder, name) = parts(out);
        let mut output = Output::for_the_owner_alone(folder)?;
        let failed = |error: io::Error| super::output::failed(folder, &error);
        let writer = csv::Writer::from_writer(output.file(&name).map_err(failed)?);
        let mut written = Sheet { writer, rows: 0, people: BTreeSet::new(), last: Default::default() };
        let done = self.sheet(frameworks, &mut written).and_then(|()| written.writer.flush());
        done.map_err(failed)?;
        let (rows, people) = (written.rows, written.people.len());
        output.has_rows(&name, rows + 1);
        output.write(&format!("{name}-metadata.json"), &why_metadata(&name))?;
        let written = output.complete()?;
        let (rows, people) = (counted(rows, "row", "rows"), counted(people, "person", "people"));
        say(&format!("Wrote {rows} of {people}: {}. It holds records of persons: keep it as you keep those.", out.display()));
        written.say_what_is_too_long();
        Ok(())
    }

    fn sheet(&self, frameworks: &[Framework], sheet: &mut Sheet) -> io::Result<()> {
        sheet.writer.write_record(why_header())?;
        for framework in frameworks {
            let measures = measures(framework, self.options.indicator.as_deref());
            for (at, patients) in &self.practices {
                for person in self.people(patients) {
                    for row in self.rows(framework, &measures, (*at, patients), person) {
                        sheet.row(&row)?;
                    }
                }
            }
            for (person, became) in self.without_records() {
                for measure in &measures {
                    let why = Why::without_line(became, framework.reporting_day);
                    let row = WhyRow {
                        practice: "",
                        person,
                        framework,
                        measure: *measure,
                        why,
                        records: Vec::new(),
                        nearest_records: Vec::new(),
                    };
                    if self.is_wanted(&row.why) {
                        sheet.row(&row)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Those who were asked for and have no records here, and why.
    fn without_records(&self) -> Vec<(&str, Became<'_>)> {
        let Some(wanted) = &self.wanted else { return Vec::new() };
        let everyone = || self.extract.everyone().map(|(number, practice, _)| (self.extract.id_of(number), practice));
        let here = |at: usize| self.practices.iter().any(|(practice, _)| *practice == at);
        let found: BTreeSet<&str> = everyone().filter(|(_, practice)| here(*practice)).map(|(id, _)| id).collect();
        let elsewhere: BTreeSet<&str> = everyone().filter(|(_, practice)| !here(*practice)).map(|(id, _)| id).collect();
        let missing = wanted.iter().map(String::as_str).filter(|id| !found.contains(id));
        let told = missing.map(|id| match (elsewhere.contains(id), self.extract.knows(id)) {
            (true, _) => (id, Became::Elsewhere),
            (false, true) => (id, Became::SetAside),
            (false, false) => (id, Became::Unknown),
        });
        told.collect()
    }

    fn page(&self, frameworks: &[Framework], out: &Path, id: &str) -> Result<(), Stop> {
        let mut days = Vec::new();
        for framework in frameworks {
            let measures = measures(framework, self.options.indicator.as_deref());
            for (at, patients) in &self.practices {
                for person in self.people(patients) {
                    let name = self.extract.practices.get(*at).map_or("", |practice| practice.name.as_str());
                    days.push(PersonDay {
                        framework,
                        practice: format!("{name} ({})", self.practice_code(*at)),
                        registers: registers(framework, patients, person),
                        rows: self.rows(framework, &measures, (*at, patients), person),
                    });
                }
            }
        }
        let page = page_of_person(id, &days).map_err(|error| {
            Stop::unexpected(Problem::error("U001", format!("the page cannot be written: {error}")).help("please report it"))
        })?;
        let (folder, name) = parts(out);
        let mut output = Output::for_the_owner_alone(folder)?;
        output.write(&name, page.as_bytes())?;
        output.complete()?;
        say(&format!("Wrote {}. It holds a person's record: keep it as you keep that.", out.display()));
        Ok(())
    }
}

/// A file while it is written.
struct Sheet {
    writer: csv::Writer<std::fs::File>,
    rows: usize,
    people: BTreeSet<(String, String)>,
    /// Practice and person of the row before.
    last: (String, String),
}

impl Sheet {
    fn row(&mut self, row: &WhyRow<'_>) -> io::Result<()> {
        self.rows += 1;
        let (practice, person) = &self.last;
        if (practice.as_str(), person.as_str()) != (row.practice, row.person) {
            self.last = (row.practice.to_owned(), row.person.to_owned());
            self.people.insert(self.last.clone());
        }
        Ok(self.writer.write_record(why_cells(row))?)
    }
}

/// The registers that somebody on the list is on.
fn registers<'f>(framework: &'f Framework, patients: &Patients, person: &Person) -> Vec<(&'f str, &'f str)> {
    if !person.about.on_the_list(framework.reporting_day) {
        return Vec::new();
    }
    let mut answers = Answers::new(framework, patients.patient(person));
    let on = (0..).zip(&framework.registers).filter(|(at, _)| answers.on_register(RegisterId(*at)));
    on.map(|(_, register)| (register.id.as_str(), register.title.as_str())).collect()
}

/// The folder and the name of a file.
fn parts(out: &Path) -> (&Path, String) {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder, out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
