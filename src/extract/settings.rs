//! `extract.toml`: what the files of an extract do not tell themselves.

use super::columns::{Column, Reading};
use super::dates::Dates;
use super::{people, sift};
use crate::framework::calendar::Day;
use crate::problem::{Problem, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The name of the file.
pub const NAME: &str = "extract.toml";

/// What `extract.toml` says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The day of the extract.
    pub extracted_on: Day,
    /// The practice system, such as `EMIS Web`.
    pub system: String,
    /// The scheme of codes that name none.
    pub scheme: String,
    /// How the columns of patients files are named and days written.
    pub patients: Reading,
    /// The same of events files.
    pub events: Reading,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    extracted_on: toml::Value,
    system: String,
    scheme: String,
    dates: Option<String>,
    #[serde(default)]
    columns: Columns,
    #[serde(default)]
    drop: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    #[serde(default)]
    patients: BTreeMap<String, String>,
    #[serde(default)]
    events: BTreeMap<String, String>,
}

/// Reads the text of the file.
///
/// # Errors
/// When it is not TOML, lacks a key or has one that is not known.
pub fn parse(text: &str) -> Result<Settings, Problem> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let row = text.get(..start).unwrap_or("").matches('\n').count() as u64 + 1;
        wrong(row, format!("this cannot be understood: {}", error.message().replace(" field `", " key `")))
    })?;
    let day = written.extracted_on.as_datetime().filter(|moment| moment.time.is_none()).and_then(|moment| moment.date);
    let day = day.and_then(|date| Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
    let extracted_on =
        day.ok_or_else(|| wrong(1, "`extracted-on` is not a date such as 2017-04-05, without quotation marks".to_owned()))?;
    let dates = match written.dates.as_deref() {
        None => Dates::default(),
        Some(word) => Dates::from_word(word).ok_or_else(|| {
            wrong(row_of(text, "dates"), "`dates` is \"yyyy-MM-dd\" or \"dd/MM/yyyy\"".to_owned())
                .help("other ways of writing days are not read: export them as one of these two")
        })?,
    };
    let reading = |kind: &'static str, names: &BTreeMap<String, String>, columns: &'static [Column]| {
        let mut known = BTreeMap::new();
        for (name, theirs) in names {
            let Some(column) = columns.iter().find(|column| column.name == name) else {
                let near = did_you_mean(name, columns.iter().map(|column| column.name));
                let problem = wrong(row_of(text, name), format!("{kind} files have no column `{name}`"));
                return Err(problem
                    .help(near.unwrap_or_else(|| "left of the = stands one of our names, right of it the name in your file".to_owned())));
            };
            known.insert(column.name, theirs.clone());
        }
        Ok(Reading { names: known, drop: written.drop.clone(), dates, of_people: true })
    };
    let patients = reading("patients", &written.columns.patients, &people::COLUMNS)?;
    let events = reading("events", &written.columns.events, &sift::COLUMNS)?;
    Ok(Settings { extracted_on, system: written.system, scheme: written.scheme, patients, events })
}

impl Settings {
    /// `extract.toml` of the same extract in the canonical form.
    pub fn written(&self) -> String {
        // A text of JSON is one of TOML, but for the one character that JSON does not escape.
        let text = |text: &str| serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f");
        let (system, scheme) = (text(&self.system), text(&self.scheme));
        format!("extracted-on = {}\nsystem = {system}\nscheme = {scheme}\n", self.extracted_on)
    }
}

fn wrong(row: u64, says: String) -> Problem {
    Problem::error("D008", says)
        .in_data(NAME, Some(row), None)
        .help("it holds three lines: extracted-on = 2017-04-05, system = \"EMIS Web\", scheme = \"snomed\"")
}

/// The first row that begins with a key; the first row where none does.
fn row_of(text: &str, key: &str) -> u64 {
    let at = text.lines().position(|line| line.trim_start().starts_with(key));
    at.map_or(1, |at| at as u64 + 1)
}
