//! The names of the files of an EMIS Web extract → its batches and tables.
//! A name has five parts: `291_Admin_Patient_20170405063000_45E7CD20-EE37-41AB-90D6-DC9D4B03D102.csv` tells processing ids, schema,
//! table, time and sharing agreement. All files of one time are a batch: a bulk, or what changed since the batch before.

use super::guid::Guid;
use crate::extract::store::{Entry, Store};
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// A table that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `Admin_Organisation`
    Organisation,
    /// `Admin_Patient`
    Patient,
    /// `Coding_ClinicalCode`
    ClinicalCode,
    /// `Coding_DrugCode`
    DrugCode,
    /// `CareRecord_Observation`
    Observation,
    /// `Prescribing_IssueRecord`
    Issue,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 6] =
        [Table::Organisation, Table::Patient, Table::ClinicalCode, Table::DrugCode, Table::Observation, Table::Issue];

    /// As it stands in the names of files.
    pub fn word(self) -> &'static str {
        match self {
            Table::Organisation => "Admin_Organisation",
            Table::Patient => "Admin_Patient",
            Table::ClinicalCode => "Coding_ClinicalCode",
            Table::DrugCode => "Coding_DrugCode",
            Table::Observation => "CareRecord_Observation",
            Table::Issue => "Prescribing_IssueRecord",
        }
    }
}

/// The schemas that a name may have as its second part.
const SCHEMAS: [&str; 7] = ["admin", "agreements", "appointment", "audit", "carerecord", "coding", "prescribing"];

/// A name in its five parts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    ids: (u64, u64),
    table: String,
    time: String,
    agreement: Guid,
}

/// What the files of one time are.
struct Batch {
    tables: BTreeSet<&'static str>,
    ids: (u64, u64),
    /// The name of one of its files, for messages.
    first: String,
}

/// The files of an extract.
#[derive(Clone, Debug, Default)]
pub struct Batches {
    /// The times of the batches, oldest first.
    pub times: Vec<String>,
    /// The files of each table, oldest first.
    files: BTreeMap<Table, Vec<Entry>>,
}

impl Batches {
    /// The files of a table, oldest first.
    pub fn of(&self, table: Table) -> &[Entry] {
        self.files.get(&table).map_or(&[], Vec::as_slice)
    }

    /// The day of the newest batch.
    pub fn newest(&self) -> Option<Day> {
        self.times.last().and_then(|time| day_of(time))
    }
}

/// Whether any file has a name of this form.
pub fn are_here(store: &Store) -> bool {
    store.entries().iter().any(|entry| parse(&entry.name).is_some())
}

/// Sorts the files by table and time.
///
/// # Errors
/// When files of two sharing agreements lie together, when a batch lacks a table, or when a batch is not there.
pub fn batches(store: &Store, gaps_are_known: bool) -> Result<Batches, Problem> {
    let mut found = Batches::default();
    let mut times: BTreeMap<String, Batch> = BTreeMap::new();
    let mut agreement: Option<Guid> = None;
    for entry in store.entries() {
        let Some(name) = parse(&entry.name) else { continue };
        if *agreement.get_or_insert(name.agreement) != name.agreement {
            return Err(Problem::error(
                "D051",
                "files of two sharing agreements lie together: this one is of another than those before it",
            )
            .in_data(entry.name.as_str(), None, None)
            .help("put the files of each agreement into a folder of its own, and run each: their GUIDs may mean different people"));
        }
        let new = || Batch { tables: BTreeSet::new(), ids: name.ids, first: entry.name.clone() };
        let batch = times.entry(name.time.clone()).or_insert_with(new);
        batch.ids = (batch.ids.0.min(name.ids.0), batch.ids.1.max(name.ids.1));
        let Some(table) = Table::ALL.into_iter().find(|table| table.word().eq_ignore_ascii_case(&name.table)) else { continue };
        if !batch.tables.insert(table.word()) {
            return Err(Problem::error("D050", format!("there are two files of {} of one time", table.word()))
                .in_data(entry.name.as_str(), None, None)
                .help("keep one of them: a batch has one file for each table, plain or as .gz"));
        }
        found.files.entry(table).or_default().push(entry.clone());
    }
    for batch in times.values() {
        let missing: Vec<&str> = Table::ALL.iter().map(|table| table.word()).filter(|word| !batch.tables.contains(word)).collect();
        if !missing.is_empty() {
            let says = format!("the batch of this file is not whole: it has no {}", missing.join(", no "));
            return Err(Problem::error("D050", says)
                .in_data(batch.first.as_str(), None, None)
                .help("put all files of the batch there, as they were sent: a table without changes is sent with its header alone"));
        }
    }
    let order: Vec<&Batch> = times.values().collect();
    let gap = order.windows(2).find_map(|pair| match pair {
        [before, after] if after.ids.0 > before.ids.1.saturating_add(1) => Some((before.ids.1, after.ids.0, &after.first)),
        _ => None,
    });
    if let Some((before, after, first)) = gap.filter(|_| !gaps_are_known) {
        let says =
            format!("a batch is not there: the processing ids of this one begin with {after}, those of the one before end with {before}");
        return Err(Problem::error("D053", says)
            .in_data(first.as_str(), None, None)
            .help("add the files between them, or ask for a new bulk; write gaps = \"known\" into extract.toml when none were sent"));
    }
    found.times = times.into_keys().collect();
    for files in found.files.values_mut() {
        files.sort_by_cached_key(|entry| parse(&entry.name).map(|name| name.time));
    }
    Ok(found)
}

fn day_of(time: &str) -> Option<Day> {
    let part = |range: std::ops::Range<usize>| time.get(range).unwrap_or_default();
    Day::parse(format!("{}-{}-{}", part(0..4), part(4..6), part(6..8)).as_bytes())
}

/// The five parts of a path's last part, or nothing when it has another form.
fn parse(path: &str) -> Option<Name> {
    let file = path.rsplit('/').next()?.to_ascii_lowercase();
    let bare = file.strip_suffix(".csv").or_else(|| file.strip_suffix(".csv.gz"))?;
    let parts: Vec<&str> = bare.split('_').collect();
    let [ids, schema, table, time, agreement] = parts.as_slice() else { return None };
    let (from, to) = ids.split_once('-').unwrap_or((ids, ids));
    let ids = (from.parse().ok()?, to.parse().ok()?);
    let is_time = time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit()) && day_of(time).is_some();
    if !SCHEMAS.contains(schema) || table.is_empty() || !is_time {
        return None;
    }
    Some(Name { ids, table: format!("{schema}_{table}"), time: (*time).to_owned(), agreement: Guid::parse(agreement.as_bytes())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_parts() {
        let name = parse("folder/291-293_Admin_Patient_20170405063000_45E7CD20-EE37-41AB-90D6-DC9D4B03D102.csv.gz");
        let name = name.map(|name| (name.ids, name.table, day_of(&name.time).map(|day| day.to_string())));
        assert_eq!(name, Some(((291, 293), "admin_patient".to_owned(), Some("2017-04-05".to_owned()))));
        for other in [
            "patients.csv",
            "events_2017_04_05_all.csv",
            "291_Admin_Patient_20171305063000_45E7CD20-EE37-41AB-90D6-DC9D4B03D102.csv",
            "291_Admin_Patient_20170405063000_45E7CD20.csv",
            "291_Admin_Patient_20170405063000_45E7CD20-EE37-41AB-90D6-DC9D4B03D102.csv.gpg",
            "291_Admin_Patient_20170405063000_45E7CD20-EE37-41AB-90D6-DC9D4B03D102_2.csv",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
