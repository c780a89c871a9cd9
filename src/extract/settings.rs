//! `extract.toml`: what the files of an extract do not tell themselves.

use super::columns::{Column, Reading};
use super::dates::Dates;
use super::store::{Entry, Store};
use super::{newcomers, sift};
use crate::framework::calendar::Day;
use crate::problem::{Problem, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;

/// The name of the file.
pub const NAME: &str = "extract.toml";

/// It has a few lines.
const LONGEST: u64 = 1 << 20;

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

/// What `extract.toml` says beside files of another form, which tell the rest themselves.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The day of the extract, where it is not that of the newest file.
    pub extracted_on: Option<Day>,
    /// The practice system.
    pub system: Option<String>,
    /// The scheme that records are looked up in first.
    pub scheme: Option<String>,
    /// Columns that are never used.
    pub drop: Vec<String>,
    /// Whether confidential rows are left out.
    pub leave_out_confidential: bool,
    /// Whether it is known that batches were never sent.
    pub gaps_known: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenBeside {
    extracted_on: Option<toml::Value>,
    system: Option<String>,
    scheme: Option<String>,
    #[serde(default)]
    drop: Vec<String>,
    confidential: Option<String>,
    gaps: Option<String>,
}

impl Settings {
    /// Nothing but the day.
    pub fn of(extracted_on: Day) -> Settings {
        let reading = Reading::default();
        Settings { extracted_on, system: String::new(), scheme: String::new(), patients: reading.clone(), events: reading }
    }
}

/// The text of the file.
///
/// # Errors
/// When it cannot be read.
pub fn text_of(store: &Store, entry: &Entry) -> Result<String, Problem> {
    let mut text = Vec::new();
    let read = store.content(entry).and_then(|content| content.take(LONGEST).read_to_end(&mut text));
    read.map_err(|error| Problem::error("D007", format!("this file cannot be read: {}", error.kind())).in_data(NAME, None, None))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Reads the text of a file that lies beside files of another form.
///
/// # Errors
/// When it is not TOML, or has a key or a word that is not known.
pub fn parse_beside(text: &str) -> Result<Beside, Problem> {
    const KEYS: &str =
        "beside an EMIS Web extract it may hold extracted-on, system, scheme, drop, confidential = \"leave-out\" and gaps = \"known\"";
    let written: WrittenBeside = toml::from_str(text).map_err(|error| not_understood(text, &error).help(KEYS))?;
    let only = |key: &str, word: &str, found: Option<String>| match found {
        None => Ok(false),
        Some(found) if found == word => Ok(true),
        Some(_) => Err(wrong(row_of(text, key), format!("`{key}` is \"{word}\", or is left out")).help(KEYS)),
    };
    let scheme = written.scheme.map(|scheme| scheme.to_lowercase());
    if scheme.as_deref().is_some_and(|scheme| !["snomed", "read2", "emis", "local"].contains(&scheme)) {
        return Err(wrong(row_of(text, "scheme"), "`scheme` is the one that is looked up first: snomed, read2, emis or local".to_owned())
            .help(KEYS));
    }
    Ok(Beside {
        extracted_on: written.extracted_on.as_ref().map(day_of).transpose()?,
        system: written.system,
        scheme,
        drop: written.drop,
        leave_out_confidential: only("confidential", "leave-out", written.confidential)?,
        gaps_known: only("gaps", "known", written.gaps)?,
    })
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
    let written: Written = toml::from_str(text).map_err(|error| not_understood(text, &error))?;
    let extracted_on = day_of(&written.extracted_on)?;
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
        Ok(Reading { names: known, drop: written.drop.clone(), dates, of_people: true, any_case: false })
    };
    let patients = reading("patients", &written.columns.patients, &newcomers::COLUMNS)?;
    let events = reading("events", &written.columns.events, &sift::COLUMNS)?;
    Ok(Settings { extracted_on, system: written.system, scheme: written.scheme, patients, events })
}

/// `extract.toml` of an extract in the canonical form.
pub fn written(extracted_on: Day, system: &str, scheme: &str) -> String {
    // A text of JSON is one of TOML, but for the one character that JSON does not escape.
    let text = |text: &str| serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    format!("extracted-on = {extracted_on}\nsystem = {}\nscheme = {}\n", text(system), text(scheme))
}

fn not_understood(text: &str, error: &toml::de::Error) -> Problem {
    let start = error.span().map_or(0, |span| span.start);
    let row = text.get(..start).unwrap_or("").matches('\n').count() as u64 + 1;
    wrong(row, format!("this cannot be understood: {}", error.message().replace(" field `", " key `")))
}

fn day_of(value: &toml::Value) -> Result<Day, Problem> {
    let day = value.as_datetime().filter(|moment| moment.time.is_none()).and_then(|moment| moment.date);
    let day = day.and_then(|date| Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
    day.ok_or_else(|| wrong(1, "`extracted-on` is not a date such as 2017-04-05, without quotation marks".to_owned()))
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
