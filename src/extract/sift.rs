//! The events files → records of codes that a fact asks for. Rows of other codes end here:
//! they are checked for columns, person and code only.

use super::amounts::amount;
use super::census::Census;
use super::columns::{Column, optional, required};
use super::found::{FoundCode, FoundEntries};
use super::lookup::{self, ANOTHER_SCHEME, ByScheme, Lookup, SCHEMES, SchemeId};
use super::packed::{Numbers, PackedParts, Record, Written};
use super::parts::{self, Parts};
use super::patient::{Episode, RawRecord, RowPlace};
use super::people::{Found, Home, People};
use super::quality::{Quality, Quarantined, Reason, Unusable};
use super::rows::Rows;
use super::short::same;
use crate::framework::calendar::Day;
use crate::framework::code_forms::{form_problem, normal_code};
use crate::framework::code_sets::{CodeBook, CodeId};
use crate::problem::Problem;
use rustc_hash::FxHashMap;
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

/// Who hears how many bytes were read, now and then.
pub type Progress<'p> = &'p (dyn Fn(u64) + Sync);

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

/// What rows are compared with.
pub struct Known<'s> {
    codes: &'s CodeBook,
    people: &'s People,
    check: Check,
    lookup: Lookup,
}

impl<'s> Known<'s> {
    /// These codes and people. `scheme` is that of rows that name none.
    pub fn new(codes: &'s CodeBook, people: &'s People, scheme: &str, check: Check) -> Known<'s> {
        Known { codes, people, check, lookup: Lookup::new(codes, scheme) }
    }
}

/// Where records go.
enum To<'s> {
    /// Into memory, by practice, with the places where they stood.
    Practices { records: Vec<Vec<RawRecord>>, written: Numbers, groups: Numbers },
    /// Packed, by part; now and then into the store of all parts, where there is one.
    Parts(PackedParts, Option<&'s mut Parts>),
}

/// Sifts rows of events into records.
pub struct Sift<'s> {
    known: &'s Known<'s>,
    census: Option<&'s mut Census>,
    keep: Option<Keep<'s>>,
    to: To<'s>,
    last: Last,
    found: FoundEntries,
    /// Rows of codes that no fact asks for, by scheme.
    in_no_set: ByScheme,
    /// The same by practice, scheme and code, where every code is counted.
    other_codes: Vec<FxHashMap<OtherCode, u64>>,
}

/// Whose the last row was: mostly the next is of the same person.
struct Last {
    id: Vec<u8>,
    practice: Vec<u8>,
    person: Result<u32, (usize, Reason)>,
}

/// What an events file, or a block of one, was sifted into.
pub struct Sifted {
    /// By practice; empty when the records were packed.
    pub records: Vec<Vec<RawRecord>>,
    /// By part; empty when they were not.
    pub parts: Vec<(u16, Vec<u8>)>,
    /// Rows of codes that no fact asks for, by scheme.
    pub in_no_set: ByScheme,
    /// The same by practice, scheme and code, where every code is counted.
    pub other_codes: Vec<FxHashMap<OtherCode, u64>>,
}

impl<'s> Sift<'s> {
    fn into(known: &'s Known<'s>, to: To<'s>) -> Sift<'s> {
        let last = Last { id: Vec::new(), practice: Vec::new(), person: Err((ID, Reason::MissingValue)) };
        let (found, in_no_set) = (FoundEntries::default(), ByScheme::default());
        Sift { known, census: None, keep: None, to, last, found, in_no_set, other_codes: Vec::new() }
    }

    /// Nothing sifted yet; records stay in memory, by practice, with their places.
    pub fn by_practice(known: &'s Known<'s>, practices: usize) -> Sift<'s> {
        let to = To::Practices { records: vec![Vec::new(); practices], written: Numbers::default(), groups: Numbers::default() };
        Sift { other_codes: vec![FxHashMap::default(); practices], ..Sift::into(known, to) }
    }

    /// Nothing sifted yet; records are packed, by part. Those of a whole file need a store.
    pub fn by_part(known: &'s Known<'s>, store: Option<&'s mut Parts>) -> Sift<'s> {
        Sift::into(known, To::Parts(PackedParts::default(), store))
    }

    /// The same, counting besides what the extract holds.
    pub fn counting(self, census: Option<&'s mut Census>) -> Sift<'s> {
        Sift { census, ..self }
    }

    /// The same, giving away besides every row that can be used.
    pub fn keeping(self, keep: Option<Keep<'s>>) -> Sift<'s> {
        Sift { keep, ..self }
    }

    /// What was sifted. What went into a store is there.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish(mut self) -> Result<Sifted, Problem> {
        self.put_away()?;
        let (records, parts) = match self.to {
            To::Practices { records, .. } => (records, Vec::new()),
            To::Parts(packed, _) => (Vec::new(), packed.into_parts()),
        };
        Ok(Sifted { records, parts, in_no_set: self.in_no_set, other_codes: self.other_codes })
    }

    /// Hands what was packed so far to the store, if there is one.
    fn put_away(&mut self) -> Result<(), Problem> {
        let To::Parts(packed, Some(store)) = &mut self.to else { return Ok(()) };
        for (part, bytes) in std::mem::take(packed).into_parts() {
            store.add(part, bytes).map_err(|error| parts::cannot_be_kept(&error))?;
        }
        Ok(())
    }

    /// Reads one events file to its end. `progress` hears how many bytes were read, now and then.
    pub fn read(&mut self, file: &mut impl Rows, quality: &mut Quality, progress: Progress<'_>) -> Result<(), Problem> {
        let mut rows: u64 = 0;
        while let Some(place) = file.next_row(quality)? {
            self.one(file, place, quality);
            rows += 1;
            if rows.is_multiple_of(65_536) {
                self.put_away()?;
                progress(file.bytes_read());
            }
        }
        progress(file.bytes_read());
        Ok(())
    }

    /// Sifts all rows of a block, or of a row group.
    pub fn block(&mut self, rows: &mut impl Rows, quality: &mut Quality) -> Result<(), Problem> {
        while let Some(place) = rows.next_row(quality)? {
            self.one(rows, place, quality);
            if self.known.check == Check::RowsInUse {
                // Most rows need nothing but to be counted.
                let (ids, practices) = (rows.entries_ahead(ID), rows.entries_ahead(PRACTICE));
                let (codes, schemes) = (rows.entries_ahead(CODE), rows.entries_ahead(SCHEME));
                let passed = self.found.count_in_no_set([ids, practices, codes, schemes], &mut self.in_no_set);
                quality.rows_in_no_set += passed as u64;
                rows.pass(passed, quality);
            }
        }
        Ok(())
    }

    #[inline]
    fn one(&mut self, file: &impl Rows, place: RowPlace, quality: &mut Quality) {
        if let Err((column, reason)) = self.row(file, place, quality) {
            let practice = self.practice_of(file);
            quality.keep(Quarantined { place, column: file.name(column), reason, detail: "", practice });
        }
    }

    #[inline]
    fn row(&mut self, file: &impl Rows, place: RowPlace, quality: &mut Quality) -> Result<(), (usize, Reason)> {
        let number = self.person(file)?;
        match self.code(file) {
            FoundCode::Missing => Err((CODE, Reason::MissingValue)),
            FoundCode::InNoSet(scheme) => {
                quality.rows_in_no_set += 1;
                self.in_no_set.count(scheme);
                if self.known.check == Check::RowsInUse { Ok(()) } else { self.in_no_set(file, place, number, scheme, quality) }
            }
            FoundCode::InUse(code) => self.in_use(file, place, number, code, quality),
        }
    }

    #[inline]
    fn code(&mut self, file: &impl Rows) -> FoundCode {
        let lookup = &self.known.lookup;
        let look = || match file.cell(CODE) {
            [] => FoundCode::Missing,
            code => {
                let scheme = lookup.scheme(file.cell(SCHEME));
                lookup.code(scheme, code).map_or(FoundCode::InNoSet(scheme), FoundCode::InUse)
            }
        };
        match (file.entry(CODE), file.entry(SCHEME)) {
            (Some(code), Some(scheme)) => self.found.code(code, scheme, look),
            _ => look(),
        }
    }

    fn in_no_set(
        &mut self,
        file: &impl Rows,
        place: RowPlace,
        number: u32,
        scheme: SchemeId,
        quality: &mut Quality,
    ) -> Result<(), (usize, Reason)> {
        let (home, day) = self.home_and_day(file, number)?;
        if let Some(census) = &mut self.census {
            census.event(home.practice, number, day, !file.cell(VALUE).is_empty());
            census.in_no_set(home.practice, lookup::shown(scheme));
        }
        episode(file, place, home.practice, quality);
        self.count_code(home.practice, file);
        self.give_away(file, number, day);
        Ok(())
    }

    fn in_use(
        &mut self,
        file: &impl Rows,
        place: RowPlace,
        number: u32,
        code: CodeId,
        quality: &mut Quality,
    ) -> Result<(), (usize, Reason)> {
        let (home, day) = self.home_and_day(file, number)?;
        let (value, unit) = (file.cell(VALUE), file.cell(UNIT));
        let read = self.known.codes.value_rule(code).map_or(Ok(None), |rule| amount(rule, value, unit));
        if let Some(census) = &mut self.census {
            census.event(home.practice, number, day, !value.is_empty());
            let used = read.map(|read| read.map(|_| ())).transpose();
            census.record(home.practice, code, used.map(|used| (unit, used)));
        }
        let read = read.unwrap_or_else(|why| {
            let column = if why == Unusable::OtherUnit { UNIT } else { VALUE };
            let (column, detail) = (file.name(column), why.detail());
            quality.keep(Quarantined { place, column, reason: Reason::ValueNotUsed, detail, practice: Some(home.practice) });
            None
        });
        let episode = episode(file, place, home.practice, quality);
        self.give_away(file, number, day);
        let amount = read.map(|(amount, _)| amount);
        let group = file.cell(GROUP);
        match &mut self.to {
            To::Practices { records, written, groups } => {
                let written = match unit {
                    [] => written.of(&[value]),
                    unit => written.of(&[value, b"\0", unit]),
                };
                let group = groups.of(&[group]);
                if let Some(records) = records.get_mut(usize::from(home.practice)) {
                    records.push(RawRecord { person: number, day, code, written, group, episode, amount, place });
                }
            }
            To::Parts(packed, _) => {
                let written = match read {
                    _ if value.is_empty() && unit.is_empty() => Written::Nothing,
                    Some((_, Some(spelling))) => Written::Plain(spelling),
                    _ => Written::Text(value, unit),
                };
                packed.add(home.part, &Record { person: number, day, code, episode, amount, written, group });
            }
        }
        Ok(())
    }

    fn give_away(&mut self, file: &impl Rows, person: u32, day: Day) {
        if let Some(keep) = &mut self.keep {
            keep(&UsableRow { person, day, cells: [CODE, SCHEME, VALUE, UNIT, GROUP, EPISODE].map(|column| file.cell(column)) });
        }
    }

    /// The practice of a person who was not set aside, and a day on which they lived.
    fn home_and_day(&self, file: &impl Rows, number: u32) -> Result<(Home, Day), (usize, Reason)> {
        let home = self.known.people.home(number).ok_or((ID, Reason::PersonSetAside))?;
        let why_not = || if file.cell(DATE).is_empty() { Reason::MissingValue } else { Reason::DateNotUnderstood };
        let day = file.day(DATE).ok_or_else(|| (DATE, why_not()))?;
        if day < home.born { Err((DATE, Reason::BeforeBirth)) } else { Ok((home, day)) }
    }

    /// The practice of a row that is set aside, where it tells it.
    fn practice_of(&self, file: &impl Rows) -> Option<u16> {
        match file.cell(PRACTICE) {
            [] => match self.known.people.find(file.cell(ID), None) {
                Found::One(number) => self.known.people.practice_of(number),
                Found::Nobody | Found::Several => None,
            },
            code => self.known.people.practice(code),
        }
    }

    #[inline]
    fn person(&mut self, file: &impl Rows) -> Result<u32, (usize, Reason)> {
        if let (Some(id), Some(practice)) = (file.entry(ID), file.entry(PRACTICE)) {
            if let Some(person) = self.found.person(id, practice) {
                return person;
            }
            let person = self.look_for_person(self.found.next_person(), file.cell(ID), file.cell(PRACTICE));
            self.found.keep_person(id, practice, person);
            return person;
        }
        let (id, practice) = (file.cell(ID), file.cell(PRACTICE));
        if !(same(&self.last.id, id) && same(&self.last.practice, practice)) {
            let next = self.last.person.map_or(0, |last| last + 1);
            self.last.person = self.look_for_person(next, id, practice);
            self.last.id.clear();
            self.last.id.extend_from_slice(id);
            self.last.practice.clear();
            self.last.practice.extend_from_slice(practice);
        }
        self.last.person
    }

    /// Looks at the next person first: files of events mostly follow the order of the people.
    fn look_for_person(&self, next: u32, id: &[u8], practice: &[u8]) -> Result<u32, (usize, Reason)> {
        if id.is_empty() {
            return Err((ID, Reason::MissingValue));
        }
        let people = self.known.people;
        if practice.is_empty() && people.is(next, id) {
            return Ok(next);
        }
        let practice = match practice {
            [] => None,
            code => Some(people.practice(code).ok_or((PRACTICE, Reason::UnknownPractice))?),
        };
        if practice.is_some_and(|practice| people.is_in(next, id, practice)) {
            return Ok(next);
        }
        match people.find(id, practice) {
            Found::One(number) => Ok(number),
            Found::Nobody => Err((ID, Reason::UnknownPerson)),
            Found::Several => Err((PRACTICE, Reason::AmbiguousPerson)),
        }
    }

    fn count_code(&mut self, practice: u16, file: &impl Rows) {
        if self.known.check != Check::EveryCode {
            return;
        }
        let scheme = match file.cell(SCHEME) {
            [] => self.known.lookup.default_scheme().as_bytes().to_vec(),
            scheme => scheme.to_ascii_lowercase(),
        };
        if let Some(codes) = self.other_codes.get_mut(usize::from(practice)) {
            *codes.entry((scheme, file.cell(CODE).to_vec())).or_default() += 1;
        }
    }
}

fn episode(file: &impl Rows, place: RowPlace, practice: u16, quality: &mut Quality) -> Episode {
    Episode::from_word(file.cell(EPISODE)).unwrap_or_else(|| {
        let (column, reason) = (file.name(EPISODE), Reason::EpisodeNotUnderstood);
        quality.keep(Quarantined { place, column, reason, detail: "", practice: Some(practice) });
        Episode::Other
    })
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
