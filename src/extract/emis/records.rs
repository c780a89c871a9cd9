//! `CareRecord_Observation` and `Prescribing_IssueRecord` → rows as events files have them.
//! Rows that were replaced or deleted later, of people who are not counted, or without a day end here, each counted by its reason.

use super::dictionary::{Code, Dictionary};
use super::guid::{Guid, Key};
use super::people::Fate;
use super::{Bulk, Confidential, Delta, flag};
use crate::extract::columns::{Column, CsvFile, optional, required};
use crate::extract::dates::Dates;
use crate::extract::patient::RowPlace;
use crate::extract::quality::{Quality, Quarantined, Reason};
use crate::extract::rows::Rows;
use crate::problem::Problem;
use rustc_hash::FxHashSet;

/// The columns of observations that are read. Text beside them is not.
pub const OBSERVATIONS: [Column; 12] = [
    required("ObservationGuid"),
    required("PatientGuid"),
    required("OrganisationGuid"),
    required("EffectiveDate"),
    required("EffectiveDatePrecision"),
    required("CodeId"),
    required("Deleted"),
    required("IsConfidential"),
    required("ParentObservationGuid"),
    required("Value"),
    required("NumericUnit"),
    optional("Episode"),
];

/// The columns of issues that are read, in the same order. Dosages and messages are not.
pub const ISSUES: [Column; 8] = [
    required("IssueRecordGuid"),
    required("PatientGuid"),
    required("OrganisationGuid"),
    required("EffectiveDate"),
    required("EffectiveDatePrecision"),
    required("CodeId"),
    required("Deleted"),
    required("IsConfidential"),
];

const GUID: usize = 0;
const PATIENT: usize = 1;
const ORGANISATION: usize = 2;
const DATE: usize = 3;
const PRECISION: usize = 4;
const CODE: usize = 5;
const DELETED: usize = 6;
const CONFIDENTIAL: usize = 7;
const PARENT: usize = 8;
const VALUE: usize = 9;
const UNIT: usize = 10;
const EPISODE: usize = 11;

/// How exactly a day is known.
enum Precision {
    Day,
    MonthOrYear,
    Unknown,
}

/// The observations that others belong to, when these others are of a code in a set.
pub type Parents = FxHashSet<Key>;

/// Adds the parents that one file of observations names.
///
/// # Errors
/// When the file cannot be read to its end.
pub fn parents(file: &mut CsvFile, bulk: &Bulk, codes: &Dictionary, all: &mut Parents) -> Result<(), Problem> {
    // Rows are counted when they are read for their records.
    let mut elsewhere = Quality::default();
    while file.next_row(&mut elsewhere)?.is_some() {
        let Some(parent) = Guid::parse_some(file.cell(PARENT)) else { continue };
        let Some(organisation) = Guid::parse(file.cell(ORGANISATION)).and_then(|guid| bulk.organisations.number(guid)) else { continue };
        if codes.of(file.cell(CODE)).is_some_and(|code| code.in_a_set) {
            all.insert((organisation, parent));
        }
    }
    Ok(())
}

/// The rows of one file.
pub struct RecordRows<'x> {
    file: CsvFile,
    bulk: &'x Bulk,
    codes: &'x Dictionary,
    parents: &'x Parents,
    delta: &'x mut Delta,
    person: Option<Guid>,
    id: String,
    organisation: Option<u32>,
    code: Option<&'x Code>,
    group: Option<[u8; 16]>,
}

impl<'x> RecordRows<'x> {
    /// The rows of an open file; files come newest first.
    pub fn new(file: CsvFile, bulk: &'x Bulk, codes: &'x Dictionary, parents: &'x Parents, delta: &'x mut Delta) -> RecordRows<'x> {
        RecordRows { file, bulk, codes, parents, delta, person: None, id: String::new(), organisation: None, code: None, group: None }
    }

    /// The file, once its rows were read.
    pub fn into_file(self) -> CsvFile {
        self.file
    }

    /// Whether the row is a record that may count; what is wrong with it, by column, otherwise.
    fn row(&mut self, quality: &mut Quality) -> Result<bool, (usize, Reason)> {
        self.organisation = None;
        let file = &self.file;
        let guid_of = |column: usize| Guid::parse(file.cell(column)).ok_or((column, Reason::GuidNotUnderstood));
        let organisation = self.bulk.organisations.number(guid_of(ORGANISATION)?).ok_or((ORGANISATION, Reason::UnknownPractice))?;
        self.organisation = Some(organisation);
        let guid = guid_of(GUID)?;
        if !self.delta.is_newest((organisation, guid)) {
            quality.count(Reason::Replaced, 1);
            return Ok(false);
        }
        if flag(file.cell(DELETED)).ok_or((DELETED, Reason::FlagNotUnderstood))? {
            quality.count(Reason::Deleted, 1);
            return Ok(false);
        }
        let person = guid_of(PATIENT)?;
        if let Some(fate) = self.bulk.fates.get(&(organisation, person)) {
            let reason = match fate {
                Fate::Deleted => Reason::DeletedPerson,
                Fate::OtherRegistration => Reason::OtherRegistration,
                Fate::Confidential => Reason::ConfidentialLeftOut,
            };
            quality.count(reason, 1);
            return Ok(false);
        }
        if flag(file.cell(CONFIDENTIAL)).ok_or((CONFIDENTIAL, Reason::FlagNotUnderstood))? {
            quality.count(self.bulk.confidential.reason(), 1);
            if self.bulk.confidential == Confidential::LeftOut {
                return Ok(false);
            }
        }
        let code = self.codes.of(file.cell(CODE)).ok_or((CODE, Reason::CodeUnknown))?;
        match precision(file).ok_or((PRECISION, Reason::DateNotUnderstood))? {
            Precision::Day => {}
            Precision::MonthOrYear => quality.count(Reason::PartialDate, u64::from(code.in_a_set)),
            // Of a code that no fact asks for it is no loss, and needs no row in quarantine.csv.
            Precision::Unknown if code.in_a_set => return Err((DATE, Reason::Undated)),
            Precision::Unknown => {
                quality.count(Reason::Undated, 1);
                return Ok(false);
            }
        }
        let parent = Guid::parse_some(file.cell(PARENT));
        let own = Some(guid).filter(|guid| self.parents.contains(&(organisation, *guid)));
        self.group = parent.or(own).map(Guid::bytes);
        self.code = Some(code);
        if self.person.replace(person) != Some(person) {
            self.id = person.text();
        }
        Ok(true)
    }
}

/// How exactly the day of a row is known; nothing for a word that is not known either.
fn precision(file: &CsvFile) -> Option<Precision> {
    if file.cell(DATE).is_empty() {
        return Some(Precision::Unknown);
    }
    match file.cell(PRECISION).to_ascii_uppercase().as_slice() {
        b"U" => Some(Precision::Unknown),
        b"Y" | b"YM" => Some(Precision::MonthOrYear),
        b"" | b"YMD" | b"YMDT" => Some(Precision::Day),
        _ => None,
    }
}

/// Our word for an episode.
fn episode(cell: &[u8]) -> &'static [u8] {
    match cell.to_ascii_lowercase().as_slice() {
        b"" | b"none" => b"",
        b"first" => b"first",
        b"new" => b"new",
        b"review" => b"review",
        _ => b"other",
    }
}

impl Rows for RecordRows<'_> {
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        while let Some(place) = self.file.next_row(quality)? {
            match self.row(quality) {
                Ok(true) => return Ok(Some(place)),
                Ok(false) => {}
                Err((column, reason)) => {
                    let practice = self.bulk.organisations.practice(self.organisation);
                    quality.keep(Quarantined { place, column: self.file.name(column), reason, detail: "", practice });
                }
            }
        }
        Ok(None)
    }

    fn cell(&self, column: usize) -> &[u8] {
        match column {
            0 => self.id.as_bytes(),
            1 => self.bulk.organisations.code(self.organisation.unwrap_or(u32::MAX)).as_bytes(),
            2 => self.file.cell(DATE),
            3 => self.code.map_or(&[], |code| code.code.as_bytes()),
            4 => self.code.map_or(&[], |code| code.scheme.as_bytes()),
            5 => self.file.cell(VALUE),
            6 => self.file.cell(UNIT),
            7 => self.group.as_ref().map_or(&[], |group| group),
            8 => episode(self.file.cell(EPISODE)),
            _ => &[],
        }
    }

    fn name(&self, column: usize) -> &'static str {
        let theirs = [PATIENT, ORGANISATION, DATE, CODE, CODE, VALUE, UNIT, PARENT, EPISODE];
        theirs.get(column).map_or("", |column| self.file.name(*column))
    }

    fn dates(&self) -> Dates {
        Dates::YearFirst
    }

    fn bytes_read(&self) -> u64 {
        self.file.bytes_read()
    }
}
