//! The canonical form: `extract.toml`, `practices.csv`, patients and events, as CSV or Parquet.

use super::form::{Form, Row, Who, Written};
use super::ids::Ids;
use super::practices::Practice;
use crate::canonical::{Field, FileForm, PATIENTS, Table, day, text};
use crate::extract::patient::Episode;
use crate::framework::Sex;
use crate::framework::calendar::Day;
use std::io::{self, Write};

/// No two people share a number, so that events need no practice.
const EVENTS: [Field; 8] =
    [text("patient_id"), day("date"), text("code"), text("scheme"), text("value"), text("unit"), text("group"), text("episode")];
/// So many days before the extract are kept as texts: writing one anew takes longer than all else in a row.
const DAYS: i32 = 120 * 366;

/// Where the files of an extract go.
#[derive(Debug)]
pub struct Files<W> {
    /// `extract.toml`
    pub extract: W,
    /// `practices.csv`
    pub practices: W,
    /// `patients.csv` or `patients.parquet`
    pub patients: W,
    /// `events.csv` or `events.parquet`
    pub events: W,
}

/// Writes the canonical form.
pub struct Canonical<W: Write + Send> {
    extract: W,
    practices: csv::Writer<W>,
    patients: Table<W>,
    events: Table<W>,
    days: Days,
    ids: Ids,
    /// The person of the last row, and their id.
    person: (usize, String),
}

/// Days as texts.
struct Days {
    first: Day,
    texts: Vec<String>,
    other: String,
}

impl<W: Write + Send> Canonical<W> {
    /// Writes it into these files, patients and events as one or the other.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn new(files: Files<W>, form: FileForm) -> io::Result<Canonical<W>> {
        Ok(Canonical {
            extract: files.extract,
            practices: csv_writer(files.practices),
            patients: Table::new(form, &PATIENTS, files.patients)?,
            events: Table::new(form, &EVENTS, files.events)?,
            days: Days { first: Day(0), texts: Vec::new(), other: String::new() },
            ids: Ids::default(),
            person: (0, Ids::default().of(0)),
        })
    }

    /// The same with another form of patient ids.
    pub fn with_ids(self, ids: Ids) -> Canonical<W> {
        Canonical { ids, person: (0, ids.of(0)), ..self }
    }
}

impl<W: Write + Send> Form for Canonical<W> {
    fn begin(&mut self, extracted_on: Day, practices: &[Practice]) -> io::Result<()> {
        let first = extracted_on.plus(-DAYS);
        self.days = Days { first, texts: (0..=DAYS).map(|days| first.plus(days).to_string()).collect(), other: String::new() };
        write!(
            self.extract,
            "# Synthetic: made by `dqoh synth`. Nobody in here exists.\nextracted-on = {extracted_on}\nsystem = \"synthetic\"\nscheme = \"snomed\"\n"
        )?;
        self.practices.write_record(["practice_code", "name", "locality", "imd_decile"])?;
        for practice in practices {
            self.practices.write_record([&practice.code, &practice.name, &practice.locality, &practice.ways.decile.to_string()])?;
        }
        Ok(())
    }

    fn person(&mut self, practice: &Practice, who: &Who<'_>) -> io::Result<()> {
        let about = who.about;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let sex = match about.sex {
            Some(Sex::Female) => "F",
            Some(Sex::Male) => "M",
            None => "U",
        };
        let mut born = about.born.to_string();
        if who.month_only {
            born.truncate(7);
        }
        let quintile = about.imd_quintile.map(|fifth| fifth.to_string()).unwrap_or_default();
        let number = self.ids.of(who.number);
        let cells = [&number, &practice.code, &born, sex, &about.registered.to_string(), &day(about.left), &day(about.died), &quintile];
        self.patients.row(&cells.map(str::as_bytes))
    }

    fn event(&mut self, _: &Practice, row: &Row<'_>) -> io::Result<()> {
        if self.person.0 != row.person {
            self.person = (row.person, self.ids.of(row.person));
        }
        let date = self.days.text(row.day, row.written);
        let value = row.value.map(|value| value.to_string()).unwrap_or_default();
        let group = if row.group > 0 { row.group.to_string() } else { String::new() };
        let episode = match row.episode {
            Episode::Untold => "",
            Episode::First => "first",
            Episode::New => "new",
            Episode::Review => "review",
            Episode::Other => "other",
        };
        let cells = [&self.person.1, date, row.code, row.scheme, &value, row.unit, &group, episode];
        self.events.row(&cells.map(str::as_bytes))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.extract.flush()?;
        self.practices.flush()?;
        self.patients.finish()?;
        self.events.finish()
    }
}

impl Days {
    fn text(&mut self, day: Day, written: Written) -> &str {
        let known = usize::try_from(day.0 - self.first.0).ok().and_then(|at| self.texts.get(at));
        match (written, known) {
            (Written::Usually, Some(text)) => text,
            (Written::Usually, None) => {
                self.other = day.to_string();
                &self.other
            }
            (Written::DayFirst, _) => {
                self.other = day.to_string().split('-').rev().collect::<Vec<&str>>().join("/");
                &self.other
            }
        }
    }
}

fn csv_writer<W: Write>(to: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(to)
}
