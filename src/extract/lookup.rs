//! Codes of rows → codes of the book, made to say no quickly: five rows in six have a code that is in no set.

use super::people::text;
use super::short::same;
use crate::framework::code_forms::normal_code;
use crate::framework::code_sets::{CodeBook, CodeId};
use hashbrown::HashTable;
use std::collections::BTreeMap;

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
        let mut filter = vec![0; (book.all().count() * 32).next_power_of_two().max(64) / 64];
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
        Lookup { schemes, default, filter, codes }
    }

    /// The scheme of a cell, in any case of letters.
    #[inline]
    pub fn scheme(&self, cell: &[u8]) -> SchemeId {
        // Those that most rows have are told apart by their length and then all at once.
        match cell {
            b"snomed" => SNOMED,
            b"dmd" => DMD,
            b"read2" => READ2,
            b"ctv3" => CTV3,
            _ => self.other_scheme(cell),
        }
    }

    #[inline(never)]
    fn other_scheme(&self, cell: &[u8]) -> SchemeId {
        if cell.is_empty() {
            return self.default;
        }
        let lower = cell.to_ascii_lowercase();
        (0..self.schemes.len()).find(|at| self.is(*at, &lower)).map_or(ANOTHER, number)
    }

    /// That of rows that name none.
    pub fn default_scheme(&self) -> &str {
        self.schemes.get(usize::from(self.default.0)).map_or("", String::as_str)
    }

    fn is(&self, at: usize, cell: &[u8]) -> bool {
        self.schemes.get(at).is_some_and(|scheme| same(scheme.as_bytes(), cell))
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

/// Places among the schemes.
const SNOMED: SchemeId = SchemeId(0);
const READ2: SchemeId = SchemeId(1);
const CTV3: SchemeId = SchemeId(2);
const DMD: SchemeId = SchemeId(4);

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

/// A number that is equal for equal codes. Of a code of 8 to 24 bytes it knows all: its first eight, its last, and those in the middle.
#[inline]
fn hash(code: &[u8]) -> u64 {
    const ODD: u64 = 0xf135_7aea_2e62_a9c5;
    let ends = code.first_chunk::<8>().zip(code.last_chunk::<8>());
    let middle = code.get(code.len().saturating_sub(8) / 2..).and_then(<[u8]>::first_chunk::<8>);
    let mixed = match ends.zip(middle) {
        Some(((first, last), middle)) => {
            let [first, middle, last] = [first, middle, last].map(|eight| u64::from_le_bytes(*eight));
            first.wrapping_mul(ODD) ^ middle.rotate_left(29).wrapping_mul(ODD) ^ last
        }
        None => match code.first_chunk::<4>().zip(code.last_chunk::<4>()) {
            Some((first, last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32,
            None => code.iter().fold(1, |all, byte| all << 8 | u64::from(*byte)),
        },
    };
    // The higher bits know of all; they go below as well.
    let spread = mixed.wrapping_mul(ODD);
    (spread ^ spread >> 32).wrapping_mul(ODD)
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

#[cfg(test)]
mod tests {
    use super::{CTV3, DMD, Lookup, READ2, SCHEMES, SNOMED, SchemeId, number};
    use crate::framework::code_sets::CodeBook;

    #[test]
    fn schemes_are_known_in_any_case() {
        let lookup = Lookup::new(&CodeBook::default(), "Ours");
        for (at, scheme) in SCHEMES.iter().enumerate() {
            let cells = [(*scheme).to_owned(), scheme.to_uppercase(), format!("{}{}", scheme[..1].to_uppercase(), &scheme[1..])];
            assert!(cells.iter().all(|cell| lookup.scheme(cell.as_bytes()) == number(at)), "{scheme}");
        }
        assert_eq!([SNOMED, READ2, CTV3, DMD].map(|SchemeId(at)| SCHEMES[usize::from(at)]), ["snomed", "read2", "ctv3", "dmd"]);
        assert_eq!(lookup.scheme(b""), lookup.scheme(b"OURS"));
        assert_ne!(lookup.scheme(b"ours"), lookup.scheme(b"theirs"));
    }
}
