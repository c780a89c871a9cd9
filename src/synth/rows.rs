//! People → rows of `practices.csv`, `patients.csv` and `events.csv`, and a few rows as real extracts have them:
//! codes of no set, identical rows, other units, readings that cannot be told apart, impossible dates.

use super::Files;
use super::patterns::Patterns;
use super::people::Person;
use super::practices::Practice;
use super::records::{Code, Record};
use crate::extract::patient::Episode;
use crate::framework::calendar::Day;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;
use std::io::{self, Write};

const PATIENTS: [&str; 8] =
    ["patient_id", "practice_code", "birth_date", "sex", "registered_on", "deregistered_on", "died_on", "imd_quintile"];
const EVENTS: [&str; 8] = ["patient_id", "date", "code", "scheme", "value", "unit", "group", "episode"];

/// Cough, headache, backache, pain in the throat: what people come with.
const OTHER_CODES: [(&str, &str); 7] = [
    ("snomed", "49727002"),
    ("snomed", "25064002"),
    ("snomed", "161891005"),
    ("snomed", "162397003"),
    ("read2", "171.."),
    ("read2", "1B1G."),
    ("read2", "16C2."),
];

/// Writes an extract.
pub struct Writer<W: Write> {
    patients: csv::Writer<W>,
    events: csv::Writer<W>,
    people: usize,
    rows: usize,
}

/// One row of events.csv.
#[derive(Clone)]
struct Row {
    date: String,
    code: String,
    scheme: String,
    value: String,
    unit: String,
    group: String,
    episode: &'static str,
}

impl<W: Write> Writer<W> {
    /// Writes the two small files and the headers.
    pub fn new(mut files: Files<W>, extracted_on: Day, practices: &[Practice]) -> io::Result<Writer<W>> {
        write!(
            files.extract,
            "# Synthetic: made by `dqoh synth`. Nobody in here exists.\nextracted-on = {extracted_on}\nsystem = \"synthetic\"\nscheme = \"snomed\"\n"
        )?;
        files.extract.flush()?;
        let mut listed = csv_writer(files.practices);
        listed.write_record(["practice_code", "name", "locality", "imd_decile"])?;
        for practice in practices {
            listed.write_record([&practice.code, &practice.name, practice.locality, &practice.ways.decile.to_string()])?;
        }
        listed.flush()?;
        let mut writer = Writer { patients: csv_writer(files.patients), events: csv_writer(files.events), people: 0, rows: 0 };
        writer.patients.write_record(PATIENTS)?;
        writer.events.write_record(EVENTS)?;
        Ok(writer)
    }

    /// One person and their records.
    pub fn person(&mut self, number: usize, practice: &Practice, person: &Person, patterns: &Patterns) -> io::Result<()> {
        let about = &person.about;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let sex = match about.sex {
            Some(crate::framework::Sex::Female) => "F",
            Some(crate::framework::Sex::Male) => "M",
            None => "U",
        };
        let mut born = about.born.to_string();
        if person.month_only {
            born.truncate(7);
        }
        let quintile = about.imd_quintile.map(|fifth| fifth.to_string()).unwrap_or_default();
        let cells =
            [&number.to_string(), &practice.code, &born, sex, &about.registered.to_string(), &day(about.left), &day(about.died), &quintile];
        self.patients.write_record(cells)?;
        self.people += 1;
        for record in &person.records {
            if let Some(row) = row(record, patterns, practice) {
                self.event(number, &row)?;
            }
        }
        Ok(())
    }

    /// Rows that real extracts have too. They say nothing new of the reported year.
    pub fn oddities(
        &mut self,
        number: usize,
        practice: &Practice,
        person: &Person,
        year: Day,
        patterns: &Patterns,
        dice: &mut Pcg64,
    ) -> io::Result<()> {
        let others: Vec<&(&str, &str)> =
            OTHER_CODES.iter().filter(|(scheme, _)| practice.schemes.first().is_some_and(|first| first == scheme)).collect();
        for _ in 0..dice.random_range(0..=3) {
            let day = year.plus(dice.random_range(-900..365));
            let Some((scheme, code)) = others.choose(dice).filter(|_| day > person.about.born) else { continue };
            self.event(number, &Row { date: day.to_string(), code: (*code).into(), scheme: (*scheme).into(), ..Row::empty() })?;
        }
        let Some(sample) = person.records.choose(dice).and_then(|record| row(record, patterns, practice)) else { return Ok(()) };
        if dice.random_ratio(6, 100) {
            self.event(number, &sample)?;
        }
        if dice.random_ratio(1, 100) {
            self.event(number, &Row { date: person.about.born.plus(-dice.random_range(20..400)).to_string(), ..sample.clone() })?;
        }
        if dice.random_ratio(4, 1000) {
            let date: String = sample.date.split('-').rev().collect::<Vec<&str>>().join("/");
            self.event(number, &Row { date, ..sample.clone() })?;
        }
        if dice.random_ratio(4, 1000) {
            self.event(number + 5_000_000, &sample)?;
        }
        let is_old = |record: &&Record| record.value.is_some() && record.day < year && record.day > person.about.born.plus(90);
        let Some(old) = person.records.iter().find(is_old) else { return Ok(()) };
        let earlier = Record { day: old.day.plus(-dice.random_range(30..80)), ..*old };
        if dice.random_ratio(8, 100)
            && let Some(row) = row(&earlier, patterns, practice).map(in_another_unit)
        {
            self.event(number, &row)?;
        }
        if old.group > 0 && dice.random_ratio(12, 100) {
            for value in person.records.iter().filter(|record| record.group == old.group && record.day == old.day) {
                for more in [0, 6] {
                    let value =
                        Record { day: earlier.day, group: 0, value: value.value.map(|value| value + Decimal::from(more)), ..*value };
                    if let Some(row) = row(&value, patterns, practice) {
                        self.event(number, &row)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn event(&mut self, number: usize, row: &Row) -> io::Result<()> {
        self.rows += 1;
        let number = number.to_string();
        self.events.write_record([&number, &row.date, &row.code, &row.scheme, &row.value, &row.unit, &row.group, row.episode])?;
        Ok(())
    }

    /// How many people and rows of events were written.
    pub fn finish(mut self) -> io::Result<(usize, usize)> {
        self.patients.flush()?;
        self.events.flush()?;
        Ok((self.people, self.rows))
    }
}

impl Row {
    fn empty() -> Row {
        let nothing = String::new;
        Row { date: nothing(), code: nothing(), scheme: nothing(), value: nothing(), unit: nothing(), group: nothing(), episode: "" }
    }
}

fn csv_writer<W: Write>(to: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(to)
}

fn row(record: &Record, patterns: &Patterns, practice: &Practice) -> Option<Row> {
    let day = record.day.to_string();
    let code = match record.code {
        Code::Listed(code) => patterns.code(code)?,
        Code::Own => {
            let own = practice.ways.own_code.as_ref()?;
            return Some(Row { date: day, code: own.code.clone(), scheme: "local".to_owned(), ..Row::empty() });
        }
    };
    let unit = code.units.get(practice.spelling).or(code.units.first()).filter(|_| record.value.is_some());
    Some(Row {
        date: day,
        code: code.code.clone(),
        scheme: code.scheme.clone(),
        value: record.value.map(|value| value.normalize().to_string()).unwrap_or_default(),
        unit: unit.cloned().unwrap_or_default(),
        group: if record.group > 0 { record.group.to_string() } else { String::new() },
        episode: match record.episode {
            Episode::Untold => "",
            Episode::First => "first",
            Episode::New => "new",
            Episode::Review => "review",
            Episode::Other => "other",
        },
    })
}

/// HbA1c in per cent, blood pressure in kilopascals; anything else in a unit that nobody knows.
fn in_another_unit(mut row: Row) -> Row {
    let value: Decimal = row.value.parse().unwrap_or_default();
    let (value, unit) = match row.unit.as_str() {
        "mmol/mol" => (value / Decimal::new(10_929, 3) + Decimal::new(215, 2), "%"),
        "mmHg" | "mm[Hg]" | "mm Hg" => (value * Decimal::new(1333, 4), "kPa"),
        _ => (value, "unit"),
    };
    row.value = value.round_dp(1).to_string();
    row.unit = unit.to_owned();
    row
}
