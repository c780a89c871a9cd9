//! Codes of rows → codes of the book, made to say no quickly: five rows in six have a code that is in no set.

use super::people::text;
use super::short::same;
use crate::framework::code_forms::normal_code;
use crate::framework::code_sets::{CodeBook, CodeId};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::Hasher;

/// Schemes that an extract may name, for counting rows that no fact asks for.
pub const SCHEMES: [&str; 12] = ["snomed", "read2", "ctv3", "emis", "dmd", "loinc", "rxnorm", "cvx", "icd10", "opcs4", "local", "multilex"];

/// What any other word for a scheme is counted as.
pub const ANOTHER_SCHEME: &str = "another scheme";

/// A scheme, as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SchemeId(u8);

/// One that neither the book has nor anybody counts.
const ANOTHER: SchemeId = SchemeId(u8::MAX);

/// A code of the book.
#[derive(Debug)]
struct Known {
    scheme: SchemeId,
    code: Box<[u8]>,
    id: CodeId,
}

/// Looks codes up.
#[derive(Debug)]
pub struct Lookup {
    /// All schemes, in small letters: those above, then others of the book.
    schemes: Vec<String>,
    /// The same as what short words are compared by.
    words: Vec<u64>,
    default: SchemeId,
    /// A bit for each of the places that a code of the book may have; where it is not set, the code is none of them.
    filter: Vec<u64>,
    codes: HashTable<Known>,
}

impl Lookup {
    /// The codes of a book. `scheme` is that of rows that name none.
    pub fn new(book: &CodeBook, scheme: &str) -> Lookup {
        let mut schemes: Vec<String> = SCHEMES.map(str::to_owned).to_vec();
        let mut enter = |scheme: &str| {
            let at = schemes.iter().position(|known| known == scheme).unwrap_or_else(|| {
                schemes.push(scheme.to_owned());
                schemes.len() - 1
            });
            u8::try_from(at).map_or(ANOTHER, SchemeId)
        };
        let default = enter(&scheme.to_lowercase());
        let mut codes = HashTable::new();
        let mut filter = vec![0; (book.all().count() * 16).next_power_of_two().max(64) / 64];
        for id in book.all() {
            let (scheme, code) = book.name_of(id);
            // A made-up code of an example is of no scheme that a row can name.
            if book.find(scheme, code.as_bytes()) != Some(id) {
                continue;
            }
            let known = Known { scheme: enter(scheme), code: code.as_bytes().into(), id };
            let hash = hash(&known.code);
            set(&mut filter, hash);
            codes.insert_unique(hash, known, |known| self::hash(&known.code));
        }
        let words = schemes.iter().map(|scheme| word(scheme.as_bytes())).collect();
        Lookup { schemes, words, default, filter, codes }
    }

    /// The scheme of a cell, in any case of letters.
    #[inline]
    pub fn scheme(&self, cell: &[u8]) -> SchemeId {
        if cell.is_empty() {
            return self.default;
        }
        if same(cell, SNOMED) {
            return SchemeId(0);
        }
        let wanted = word(cell);
        let found = self.words.iter().position(|word| *word == wanted).filter(|at| self.is(*at, cell));
        found.map_or_else(|| self.scheme_in_any_case(cell), number)
    }

    /// That of rows that name none.
    pub fn default_scheme(&self) -> &str {
        self.schemes.get(usize::from(self.default.0)).map_or("", String::as_str)
    }

    fn is(&self, at: usize, cell: &[u8]) -> bool {
        self.schemes.get(at).is_some_and(|scheme| same(scheme.as_bytes(), cell))
    }

    fn scheme_in_any_case(&self, cell: &[u8]) -> SchemeId {
        let lower = cell.to_ascii_lowercase();
        (0..self.schemes.len()).find(|at| self.is(*at, &lower)).map_or(ANOTHER, number)
    }

    /// The code, if it is in any set.
    #[inline]
    pub fn code(&self, scheme: SchemeId, code: &[u8]) -> Option<CodeId> {
        if code.len() < 5 && (scheme == READ2 || scheme == CTV3) {
            let name = self.schemes.get(usize::from(scheme.0)).map_or("", String::as_str);
            return self.find(scheme, normal_code(name, text(code)).as_bytes());
        }
        self.find(scheme, code)
    }

    #[inline]
    fn find(&self, scheme: SchemeId, code: &[u8]) -> Option<CodeId> {
        let hash = hash(code);
        if !is_set(&self.filter, hash) {
            return None;
        }
        self.codes.find(hash, |known| known.scheme == scheme && same(&known.code, code)).map(|known| known.id)
    }
}

/// The first of the schemes, and that of most rows.
const SNOMED: &[u8] = b"snomed";
const READ2: SchemeId = SchemeId(1);
const CTV3: SchemeId = SchemeId(2);

fn number(at: usize) -> SchemeId {
    u8::try_from(at).map_or(ANOTHER, SchemeId)
}

/// Rows by scheme.
#[derive(Clone, Debug)]
pub struct ByScheme {
    rows: [u64; 256],
}

impl Default for ByScheme {
    fn default() -> ByScheme {
        ByScheme { rows: [0; 256] }
    }
}

impl ByScheme {
    /// Counts one row.
    #[inline]
    pub fn count(&mut self, scheme: SchemeId) {
        if let Some(rows) = self.rows.get_mut(usize::from(scheme.0)) {
            *rows += 1;
        }
    }

    /// Both together.
    pub fn and(&mut self, other: &ByScheme) {
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            *mine += theirs;
        }
    }

    /// By the names that may be shown, those above 0: a shifted column must not bring a person's particulars into a manifest.
    pub fn named(&self) -> BTreeMap<String, u64> {
        let mut named = BTreeMap::new();
        for (at, rows) in self.rows.iter().enumerate().filter(|(_, rows)| **rows > 0) {
            *named.entry(shown(number(at)).to_owned()).or_default() += rows;
        }
        named
    }
}

/// The name of a scheme as it may be shown.
pub fn shown(scheme: SchemeId) -> &'static str {
    SCHEMES.get(usize::from(scheme.0)).copied().unwrap_or(ANOTHER_SCHEME)
}

/// What a word is compared by before it is compared whole: of up to eight bytes all, of others enough.
#[inline]
fn word(of: &[u8]) -> u64 {
    match (of.first_chunk::<4>(), of.last_chunk::<4>()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32,
        _ => of.iter().fold(1, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[inline]
fn hash(code: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(code);
    hasher.finish()
}

/// Where the bit of a hash lies; the length of a filter is a power of two.
#[inline]
fn place(filter: &[u64], hash: u64) -> (usize, u64) {
    // The table looks at the highest and the lowest bits.
    let bit = (hash >> 20) as usize & (filter.len() * 64 - 1);
    (bit / 64, 1 << (bit % 64))
}

fn set(filter: &mut [u64], hash: u64) {
    let (at, bit) = place(filter, hash);
    if let Some(bits) = filter.get_mut(at) {
        *bits |= bit;
    }
}

#[inline]
fn is_set(filter: &[u64], hash: u64) -> bool {
    let (at, bit) = place(filter, hash);
    filter.get(at).is_some_and(|bits| bits & bit != 0)
}
