//! `Admin_Organisation` → which practice an organisation's GUID means.

use super::guid::Guid;
use crate::extract::columns::{Column, CsvFile, required};
use crate::extract::quality::{Quality, Reason};
use crate::practice::Practice;
use crate::problem::Problem;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The columns that are read.
pub const COLUMNS: [Column; 3] = [required("OrganisationGuid"), required("OrganisationName"), required("ODSCode")];

const GUID: usize = 0;
const NAME: usize = 1;
const ODS_CODE: usize = 2;

/// One organisation.
#[derive(Clone, Debug)]
struct Organisation {
    code: String,
    name: String,
    row: u32,
    practice: Option<u16>,
}

/// Organisations by GUID, numbered so that keys are short.
#[derive(Debug, Default)]
pub struct Organisations {
    numbers: FxHashMap<Guid, u32>,
    all: Vec<Organisation>,
}

impl Organisations {
    /// Reads one file to its end. Files come newest first: of several rows of one organisation the first counts.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn read(&mut self, file: &mut CsvFile, quality: &mut Quality) -> Result<(), Problem> {
        while let Some(place) = file.next_row(quality)? {
            let Some(guid) = Guid::parse(file.cell(GUID)) else {
                quality.set_aside(place, file.name(GUID), Reason::GuidNotUnderstood, "");
                continue;
            };
            if self.numbers.contains_key(&guid) {
                continue;
            }
            self.numbers.insert(guid, u32::try_from(self.all.len()).unwrap_or(u32::MAX));
            let cell = |column: usize| String::from_utf8_lossy(file.cell(column)).into_owned();
            self.all.push(Organisation { code: cell(ODS_CODE), name: cell(NAME), row: place.row, practice: None });
        }
        Ok(())
    }

    /// The number of an organisation.
    pub fn number(&self, guid: Guid) -> Option<u32> {
        self.numbers.get(&guid).copied()
    }

    /// Its ODS code; empty when it has none.
    pub fn code(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", |organisation| organisation.code.as_str())
    }

    /// Keeps which of the practices each organisation is.
    pub fn place(&mut self, practices: &[Practice]) {
        for organisation in &mut self.all {
            let at = practices.iter().position(|practice| practice.code == organisation.code);
            organisation.practice = at.and_then(|at| u16::try_from(at).ok());
        }
    }

    /// Which practice an organisation is.
    pub fn practice(&self, number: Option<u32>) -> Option<u16> {
        self.all.get(number? as usize)?.practice
    }

    /// The practices that these organisations are, in the order of their codes.
    ///
    /// # Errors
    /// When one has no ODS code, or when two have the same.
    pub fn practices(&self, used: &BTreeSet<u32>, file: &str) -> Result<Vec<Practice>, Vec<Problem>> {
        let mut practices: BTreeMap<&str, Practice> = BTreeMap::new();
        let mut problems = Vec::new();
        for organisation in used.iter().filter_map(|number| self.all.get(*number as usize)) {
            let place = |says: &str| Problem::error("D055", says).in_data(file, Some(u64::from(organisation.row)), Some("ODSCode"));
            if organisation.code.is_empty() {
                problems.push(
                    place("an organisation that has patients has no ODS code")
                        .help("ask the sender for its code: practices are told apart by it, and named by it in the results"),
                );
                continue;
            }
            let practice =
                Practice { code: organisation.code.clone(), name: organisation.name.clone(), locality: String::new(), list_size: None };
            if practices.insert(&organisation.code, practice).is_some() {
                problems.push(
                    place("two organisations that have patients have the same ODS code")
                        .help("ask the sender which of them is the practice: their GUIDs may mean different people"),
                );
            }
        }
        if problems.is_empty() { Ok(practices.into_values().collect()) } else { Err(problems) }
    }
}
