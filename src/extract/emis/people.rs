//! `Admin_Patient` → rows as patients files have them, of people who are registered for general medical services.
//! Who was deleted, or is there for something else, is remembered, so that their records can be told from those of nobody.
//! Names, addresses and NHS numbers stand in columns that are never looked at.

use super::guid::{Guid, Key};
use super::organisations::Organisations;
use super::{Confidential, Delta, flag};
use crate::extract::columns::{Column, CsvFile, required};
use crate::extract::dates::Dates;
use crate::extract::patient::RowPlace;
use crate::extract::quality::{Quality, Quarantined, Reason};
use crate::extract::rows::Rows;
use crate::problem::Problem;
use rustc_hash::FxHashMap;

/// The columns that are read.
pub const COLUMNS: [Column; 12] = [
    required("PatientGuid"),
    required("OrganisationGuid"),
    required("DateOfBirth"),
    required("Sex"),
    required("DateOfRegistration"),
    required("DateOfDeactivation"),
    required("DateOfDeath"),
    required("PatientTypeDescription"),
    required("DummyType"),
    required("Deleted"),
    required("SpineSensitive"),
    required("IsConfidential"),
];

const PATIENT: usize = 0;
const ORGANISATION: usize = 1;
/// Birth, sex, registration, leaving and death stand in the order that patients files have them.
const LAST_OF_OURS: usize = 6;
const TYPE: usize = 7;
const DUMMY: usize = 8;
const DELETED: usize = 9;
const SENSITIVE: usize = 10;
const CONFIDENTIAL: usize = 11;

/// The only kind of registration that is counted.
const REGULAR: &[u8] = b"regular";

/// Why a person of the extract is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Deleted. Their records stay in the extract.
    Deleted,
    /// Registered for something else, or no person at all.
    OtherRegistration,
    /// Left out as confidential.
    Confidential,
}

/// People who are not counted.
pub type Fates = FxHashMap<Key, Fate>;

/// The rows of one file.
pub struct PatientRows<'x> {
    file: CsvFile,
    organisations: &'x Organisations,
    delta: &'x mut Delta,
    fates: &'x mut Fates,
    confidential: Confidential,
    id: String,
    organisation: Option<u32>,
}

impl<'x> PatientRows<'x> {
    /// The rows of an open file; files come newest first.
    pub fn new(
        file: CsvFile,
        organisations: &'x Organisations,
        delta: &'x mut Delta,
        fates: &'x mut Fates,
        confidential: Confidential,
    ) -> PatientRows<'x> {
        PatientRows { file, organisations, delta, fates, confidential, id: String::new(), organisation: None }
    }

    /// The file, once its rows were read.
    pub fn into_file(self) -> CsvFile {
        self.file
    }

    /// The number of the organisation of the row.
    pub fn organisation(&self) -> Option<u32> {
        self.organisation
    }

    /// Whether the row is of a person who may count; what is wrong with it, by column, otherwise.
    fn row(&mut self, quality: &mut Quality) -> Result<bool, (usize, Reason)> {
        self.organisation = None;
        let file = &self.file;
        let guid = Guid::parse(file.cell(PATIENT)).ok_or((PATIENT, Reason::GuidNotUnderstood))?;
        let organisation = Guid::parse(file.cell(ORGANISATION)).ok_or((ORGANISATION, Reason::GuidNotUnderstood))?;
        self.organisation = self.organisations.number(organisation);
        let key = (self.organisation.ok_or((ORGANISATION, Reason::UnknownPractice))?, guid);
        if !self.delta.is_newest(key) {
            quality.count(Reason::Replaced, 1);
            return Ok(false);
        }
        if flag(file.cell(DELETED)).ok_or((DELETED, Reason::FlagNotUnderstood))? {
            quality.count(Reason::Deleted, 1);
            self.fates.insert(key, Fate::Deleted);
            return Ok(false);
        }
        let kind = file.cell(TYPE);
        if kind.is_empty() {
            return Err((TYPE, Reason::MissingValue));
        }
        let dummy = flag(file.cell(DUMMY)).ok_or((DUMMY, Reason::FlagNotUnderstood))?;
        if dummy || !kind.eq_ignore_ascii_case(REGULAR) {
            quality.count(Reason::OtherRegistration, 1);
            self.fates.insert(key, Fate::OtherRegistration);
            return Ok(false);
        }
        let sensitive = flag(file.cell(SENSITIVE)).ok_or((SENSITIVE, Reason::FlagNotUnderstood))?;
        if sensitive || flag(file.cell(CONFIDENTIAL)).ok_or((CONFIDENTIAL, Reason::FlagNotUnderstood))? {
            quality.count(self.confidential.reason(), 1);
            if self.confidential == Confidential::LeftOut {
                self.fates.insert(key, Fate::Confidential);
                return Ok(false);
            }
        }
        self.id = guid.text();
        Ok(true)
    }
}

impl Rows for PatientRows<'_> {
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        while let Some(place) = self.file.next_row(quality)? {
            match self.row(quality) {
                Ok(true) => return Ok(Some(place)),
                Ok(false) => {}
                Err((column, reason)) => {
                    let practice = self.organisations.practice(self.organisation);
                    quality.keep(Quarantined { place, column: self.file.name(column), reason, detail: "", practice });
                }
            }
        }
        Ok(None)
    }

    fn cell(&self, column: usize) -> &[u8] {
        match column {
            PATIENT => self.id.as_bytes(),
            ORGANISATION => self.organisations.code(self.organisation.unwrap_or(u32::MAX)).as_bytes(),
            2..=LAST_OF_OURS => self.file.cell(column),
            _ => &[],
        }
    }

    fn name(&self, column: usize) -> &'static str {
        self.file.name(column)
    }

    fn dates(&self) -> Dates {
        Dates::YearFirst
    }

    fn bytes_read(&self) -> u64 {
        self.file.bytes_read()
    }
}
