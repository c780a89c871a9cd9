//! Codes of any scheme → `CodeId`s, and the dictionary that tells what they stand for, as untidy as it really is:
//! Read codes without their dots or with the number of a synonym, SNOMED CT concepts beside codes of EMIS.

use rand::RngExt;
use rand_pcg::Pcg64;
use std::collections::BTreeMap;

/// The first `CodeId`.
const FIRST: u64 = 1_776_011_000_006_110;

/// Schemes that such an extract has.
const SCHEMES: [&str; 5] = ["snomed", "read2", "emis", "local", "dmd"];

/// A concept that no framework asks for: a cough.
const COUGH: &str = "49727002";

/// One row of the dictionary.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: u64,
    /// The Read code, or that of EMIS.
    pub read: String,
    /// The concept.
    pub snomed: String,
    /// The product, of a drug.
    pub product: String,
}

/// The codes used so far.
#[derive(Debug, Default)]
pub struct Codes {
    ids: BTreeMap<(&'static str, String, u8), u64>,
    /// The rows of the dictionary, in order of their ids.
    pub rows: Vec<Row>,
}

/// A scheme, if such an extract has it.
pub fn known(scheme: &str) -> Option<&'static str> {
    SCHEMES.into_iter().find(|known| *known == scheme)
}

impl Codes {
    /// The id of a code, in one of its spellings.
    pub fn id(&mut self, scheme: &'static str, code: &str, dice: &mut Pcg64) -> u64 {
        let spelling = if scheme == "read2" { dice.random_range(0..4_u8) } else { 0 };
        let next = FIRST + 10 * self.rows.len() as u64;
        let id = *self.ids.entry((scheme, code.to_owned(), spelling)).or_insert(next);
        if id == next {
            let (read, snomed, product) = match scheme {
                "snomed" => (format!("EMISNQ{}", id % 100_000), code.to_owned(), String::new()),
                "read2" => (spelt(code, spelling), if spelling == 0 { String::new() } else { id.to_string() }, String::new()),
                "dmd" => (String::new(), String::new(), code.to_owned()),
                _ => (code.to_owned(), id.to_string(), String::new()),
            };
            self.rows.push(Row { id, read, snomed, product });
        }
        id
    }
}

impl Row {
    /// As an earlier dictionary had the row: some concepts were mended since.
    pub fn earlier(&self) -> Row {
        let mut row = self.clone();
        if (self.id / 10).is_multiple_of(31) && !row.snomed.is_empty() {
            COUGH.clone_into(&mut row.snomed);
        }
        row
    }
}

fn spelt(code: &str, spelling: u8) -> String {
    match spelling {
        0 => code.to_owned(),
        1 => code.trim_end_matches('.').to_owned(),
        2 => format!("{code}-1"),
        _ => format!("{}-12", code.trim_end_matches('.')),
    }
}
