//! The events files → records of codes that a fact asks for. Rows of other codes end here:
//! they are checked for columns, person and code only.

use super::census::Census;
use super::columns::{Column, optional, required};
use super::patient::{Episode, RawRecord, RowPlace};
use super::people::{Found, People, text};
use super::quality::{Quality, Quarantined, Reason, Unusable};
use super::rows::Rows;
use crate::framework::Amount;
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, ValueRule, form_problem, normal_code};
use crate::problem::Problem;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt;

/// The columns of an events file.
pub const COLUMNS: [Column; 9] = [
    required("patient_id"),
    optional("practice_code"),
    required("date"),
    required("code"),
    optional("scheme"),
    optional("value"),
    optional("unit"),
    optional("group"),
    optional("episode"),
];

const ID: usize = 0;
const PRACTICE: usize = 1;
const DATE: usize = 2;
const CODE: usize = 3;
const SCHEME: usize = 4;
const VALUE: usize = 5;
const UNIT: usize = 6;
const GROUP: usize = 7;
const EPISODE: usize = 8;

/// Schemes that an extract may name, for counting rows that no fact asks for.
const SCHEMES: [&str; 12] = ["snomed", "read2", "ctv3", "emis", "dmd", "loinc", "rxnorm", "cvx", "icd10", "opcs4", "local", "multilex"];

/// What any other word for a scheme is counted as.
const ANOTHER_SCHEME: &str = "another scheme";

/// How much to check of rows whose code is in no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Columns, person and code only: nothing else of them is used.
    RowsInUse,
    /// Everything that is checked of a row in use, but its value, which has no limits without a set.
    EveryRow,
    /// The same, and codes in no set are counted by practice.
    EveryCode,
}

/// Who wants every row that can be used.
pub type Keep<'s> = &'s mut dyn FnMut(&UsableRow<'_>);

/// A code in no set and its scheme, as the row has them.
pub type OtherCode = (Vec<u8>, Vec<u8>);

/// A row that can be used, whatever its code.
#[derive(Clone, Copy)]
pub struct UsableRow<'r> {
    /// Which person of the extract.
    pub person: u32,
    /// When.
    pub day: Day,
    /// Code, scheme, value, unit, group and episode, as they are written.
    pub cells: [&'r [u8]; 6],
}

/// A row cannot be printed by accident.
impl fmt::Debug for UsableRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of a person")
    }
}

/// Sifts events files into records by practice.
pub struct Sift<'s> {
    codes: &'s CodeBook,
    people: &'s People,
    check: Check,
    census: Option<&'s mut Census>,
    keep: Option<Keep<'s>>,
    scheme: String,
    /// Records by practice.
    pub records: Vec<Vec<RawRecord>>,
    written: Numbers,
    groups: Numbers,
    /// Rows of codes that no fact asks for, by scheme.
    pub in_no_set: BTreeMap<String, u64>,
    /// The same by practice, scheme and code, where every code is counted.
    pub other_codes: Vec<FxHashMap<OtherCode, u64>>,
}

/// Texts as numbers that are equal for equal texts; 0 is the empty text.
#[derive(Debug, Default)]
struct Numbers {
    known: FxHashMap<Vec<u8>, u32>,
}

impl Numbers {
    fn of(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = u32::try_from(self.known.len() + 1).unwrap_or(u32::MAX);
        self.known.insert(text.to_vec(), number);
        number
    }
}

impl<'s> Sift<'s> {
    /// Nothing sifted yet. `scheme` is that of rows that name none.
    pub fn new(codes: &'s CodeBook, people: &'s People, scheme: &str, practices: usize, check: Check) -> Sift<'s> {
        Sift {
            codes,
            people,
            check,
            census: None,
            keep: None,
            scheme: scheme.to_lowercase(),
            records: vec![Vec::new(); practices],
            written: Numbers::default(),
            groups: Numbers::default(),
            in_no_set: BTreeMap::new(),
            other_codes: vec![FxHashMap::default(); practices],
        }
    }

    /// The same, counting besides what the extract holds.
    pub fn counting(self, census: Option<&'s mut Census>) -> Sift<'s> {
        Sift { census, ..self }
    }

    /// The same, giving away besides every row that can be used.
    pub fn keeping(self, keep: Option<Keep<'s>>) -> Sift<'s> {
        Sift { keep, ..self }
    }

    /// Reads one events file to its end. `progress` hears how many bytes were read, now and then.
    pub fn read(&mut self, file: &mut impl Rows, quality: &mut Quality, progress: &dyn Fn(u64)) -> Result<(), Problem> {
        let mut rows: u64 = 0;
        while let Some(place) = file.next_row(quality)? {
            if let Err((column, reason)) = self.row(file, place, quality) {
                let practice = self.practice_of(file);
                quality.keep(Quarantined { place, column: file.name(column), reason, detail: "", practice });
            }
            rows += 1;
            if rows.is_multiple_of(65_536) {
                progress(file.bytes_read());
            }
        }
        progress(file.bytes_read());
        Ok(())
    }

    fn row(&mut self, file: &impl Rows, place: RowPlace, quality: &mut Quality) -> Result<(), (usize, Reason)> {
        let number = self.person(file)?;
        let Some(code) = self.code(file)? else {
            quality.rows_in_no_set += 1;
            let scheme = self.count_scheme(file.cell(SCHEME));
            match self.check {
                Check::RowsInUse => {}
                Check::EveryRow | Check::EveryCode => {
                    let (practice, day) = self.person_and_day(file, number)?;
                    if let Some(census) = &mut self.census {
                        census.event(practice, number, day, !file.cell(VALUE).is_empty());
                        census.in_no_set(practice, scheme);
                    }
                    self.episode(file, place, practice, quality);
                    self.count_code(practice, file);
                    self.give_away(file, number, day);
                }
            }
            return Ok(());
        };
        let (practice, day) = self.person_and_day(file, number)?;
        let value = self.codes.value_rule(code).map_or(Ok(None), |rule| amount(rule, file.cell(VALUE), file.cell(UNIT)));
        if let Some(census) = &mut self.census {
            census.event(practice, number, day, !file.cell(VALUE).is_empty());
            let used = value.map(|amount| amount.map(|_| ())).transpose();
            census.record(practice, code, used.map(|used| (file.cell(UNIT), used)));
        }
        let amount = value.unwrap_or_else(|why| {
            let column = if why == Unusable::OtherUnit { UNIT } else { VALUE };
            let (column, detail) = (file.name(column), why.detail());
            quality.keep(Quarantined { place, column, reason: Reason::ValueNotUsed, detail, practice: Some(practice) });
            None
        });
        let episode = self.episode(file, place, practice, quality);
        self.give_away(file, number, day);
        let written = self.written(file);
        let group = self.groups.of(file.cell(GROUP));
        if let Some(records) = self.records.get_mut(usize::from(practice)) {
            records.push(RawRecord { person: number, day, code, written, group, episode, amount, place });
        }
        Ok(())
    }

    fn give_away(&mut self, file: &impl Rows, person: u32, day: Day) {
        if let Some(keep) = &mut self.keep {
            keep(&UsableRow { person, day, cells: [CODE, SCHEME, VALUE, UNIT, GROUP, EPISODE].map(|column| file.cell(column)) });
        }
    }

    /// The practice of a person who was not set aside, and a day on which they lived.
    fn person_and_day(&self, file: &impl Rows, number: u32) -> Result<(u16, Day), (usize, Reason)> {
        let person = self.people.row_of(number).and_then(|row| Some((row.practice, row.about?)));
        let Some((practice, about)) = person else { return Err((ID, Reason::PersonSetAside)) };
        let date = file.cell(DATE);
        if date.is_empty() {
            return Err((DATE, Reason::MissingValue));
        }
        let day = file.dates().day(date).ok_or((DATE, Reason::DateNotUnderstood))?;
        if day < about.born { Err((DATE, Reason::BeforeBirth)) } else { Ok((practice, day)) }
    }

    /// The practice of a row that is set aside, where it tells it.
    fn practice_of(&self, file: &impl Rows) -> Option<u16> {
        match file.cell(PRACTICE) {
            [] => match self.people.find(text(file.cell(ID)), None) {
                Found::One(number) => self.people.row_of(number).map(|row| row.practice),
                Found::Nobody | Found::Several => None,
            },
            code => self.people.practice(code),
        }
    }

    fn episode(&self, file: &impl Rows, place: RowPlace, practice: u16, quality: &mut Quality) -> Episode {
        Episode::from_word(file.cell(EPISODE)).unwrap_or_else(|| {
            let (column, reason) = (file.name(EPISODE), Reason::EpisodeNotUnderstood);
            quality.keep(Quarantined { place, column, reason, detail: "", practice: Some(practice) });
            Episode::Other
        })
    }

    fn person(&self, file: &impl Rows) -> Result<u32, (usize, Reason)> {
        let id = text(file.cell(ID));
        if id.is_empty() {
            return Err((ID, Reason::MissingValue));
        }
        let practice = match file.cell(PRACTICE) {
            [] => None,
            code => Some(self.people.practice(code).ok_or((PRACTICE, Reason::UnknownPractice))?),
        };
        match self.people.find(id, practice) {
            Found::One(number) => Ok(number),
            Found::Nobody => Err((ID, Reason::UnknownPerson)),
            Found::Several => Err((PRACTICE, Reason::AmbiguousPerson)),
        }
    }

    fn code(&self, file: &impl Rows) -> Result<Option<CodeId>, (usize, Reason)> {
        let code = file.cell(CODE);
        if code.is_empty() {
            return Err((CODE, Reason::MissingValue));
        }
        let scheme = match file.cell(SCHEME) {
            [] => None,
            written => Some(text(written)),
        };
        let lower;
        let scheme = match scheme {
            None => self.scheme.as_str(),
            Some(scheme) if scheme.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                lower = scheme.to_ascii_lowercase();
                &lower
            }
            Some(scheme) => scheme,
        };
        if code.len() < 5 && matches!(scheme, "read2" | "ctv3") {
            return Ok(self.codes.find(scheme, normal_code(scheme, text(code)).as_bytes()));
        }
        Ok(self.codes.find(scheme, code))
    }

    /// Only words that can be schemes are kept: a shifted column must not bring a person's particulars into a manifest.
    fn count_scheme(&mut self, cell: &[u8]) -> &'static str {
        let lower = cell.to_ascii_lowercase();
        let word = if lower.is_empty() { self.scheme.as_bytes() } else { &lower };
        let scheme = SCHEMES.into_iter().find(|scheme| scheme.as_bytes() == word).unwrap_or(ANOTHER_SCHEME);
        match self.in_no_set.get_mut(scheme) {
            Some(count) => *count += 1,
            None => {
                self.in_no_set.insert(scheme.to_owned(), 1);
            }
        }
        scheme
    }

    fn count_code(&mut self, practice: u16, file: &impl Rows) {
        if self.check != Check::EveryCode {
            return;
        }
        let scheme = match file.cell(SCHEME) {
            [] => self.scheme.as_bytes().to_vec(),
            scheme => scheme.to_ascii_lowercase(),
        };
        if let Some(codes) = self.other_codes.get_mut(usize::from(practice)) {
            *codes.entry((scheme, file.cell(CODE).to_vec())).or_default() += 1;
        }
    }

    fn written(&mut self, file: &impl Rows) -> u32 {
        let (value, unit) = (file.cell(VALUE), file.cell(UNIT));
        if unit.is_empty() {
            return self.written.of(value);
        }
        let both: Vec<u8> = [value, b"\0", unit].concat();
        self.written.of(&both)
    }
}

/// Scheme and code as they may be shown: only known schemes, and only codes that can be of their scheme.
pub(super) fn other_code(scheme: &[u8], code: &[u8]) -> (String, String) {
    let known = std::str::from_utf8(scheme).ok().filter(|scheme| SCHEMES.contains(scheme));
    let Some(scheme) = known else { return (ANOTHER_SCHEME.to_owned(), String::new()) };
    let can_be_shown = |code: &&str| {
        code.len() <= 18 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'^'))
    };
    let code = std::str::from_utf8(code).ok().filter(can_be_shown).map(|code| normal_code(scheme, code));
    let code = code.filter(|code| form_problem(scheme, code).is_none());
    (scheme.to_owned(), code.unwrap_or_default().into_owned())
}

/// The value of a cell, if it may be used: none when the cell is empty, a complaint when it is not usable.
fn amount(rule: &ValueRule, value: &[u8], unit: &[u8]) -> Result<Option<Amount>, Unusable> {
    if value.is_empty() {
        return Ok(None);
    }
    let number = std::str::from_utf8(value).ok().and_then(|value| Decimal::from_str_exact(value).ok()).ok_or(Unusable::NotANumber)?;
    let amount = Amount::from_decimal(number).ok_or(Unusable::TooFine)?;
    let unit = std::str::from_utf8(unit).unwrap_or("?");
    if !rule.accepts_unit(unit) {
        return Err(Unusable::OtherUnit);
    }
    if rule.accepts(amount) { Ok(Some(amount)) } else { Err(Unusable::OutsideLimits) }
}
