//! `Coding_ClinicalCode` and `Coding_DrugCode` → the code that each `CodeId` stands for.
//! A clinical code may be known as a SNOMED CT concept, a Read code and a code of EMIS: a record is looked up under the first of these that is in a code set.

use crate::extract::columns::{Column, CsvFile, required};
use crate::extract::quality::{Quality, Reason};
use crate::framework::code_forms::normal_code;
use crate::framework::code_sets::{CodeBook, CodeId};
use crate::problem::Problem;
use rustc_hash::FxHashMap;

/// The columns of `Coding_ClinicalCode` that are read.
pub const CLINICAL: [Column; 3] = [required("CodeId"), required("ReadTermId"), required("SnomedCTConceptId")];
/// The columns of `Coding_DrugCode` that are read.
pub const DRUGS: [Column; 2] = [required("CodeId"), required("DmdProductCodeId")];

const ID: usize = 0;
const READ: usize = 1;
const DMD: usize = 1;
const SNOMED: usize = 2;

/// Schemes in the order in which a record is looked up, unless extract.toml names another first.
const ORDER: [&str; 4] = ["snomed", "read2", "emis", "local"];

/// What a hyphen belongs to in codes of EMIS, however they end.
const OWN_PREFIXES: [&str; 5] = ["EMIS", "ESCT", "FUNDHC", "JHCC", "RAFME"];
/// Ends that belong to a code.
const OWN_ENDS: [&str; 2] = ["KC60", "SHHAPT"];

/// A code as records are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its scheme.
    pub scheme: &'static str,
    /// The code.
    pub code: Box<str>,
    /// Whether it is in any code set.
    pub in_a_set: bool,
}

/// The codes of one table.
#[derive(Debug, Default)]
pub struct Dictionary {
    codes: FxHashMap<i64, Code>,
}

/// Rows whose two codes lead to different code sets.
#[derive(Clone, Debug, Default)]
struct Conflicts {
    rows: u64,
    first: Option<(u64, String, String)>,
}

impl Dictionary {
    /// The code of a cell that holds a `CodeId`.
    pub fn of(&self, cell: &[u8]) -> Option<&Code> {
        self.codes.get(&number(cell)?)
    }

    /// Reads one file of clinical codes to its end; a row takes the place of an earlier one of the same id.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn clinical(
        &mut self,
        file: &mut CsvFile,
        book: &CodeBook,
        first: &str,
        quality: &mut Quality,
    ) -> Result<Option<Problem>, Problem> {
        let mut conflicts = Conflicts::default();
        while let Some(place) = file.next_row(quality)? {
            let Some(id) = number(file.cell(ID)) else {
                quality.set_aside(place, file.name(ID), Reason::CodeUnknown, "");
                continue;
            };
            let (snomed, written) = (text(file.cell(SNOMED)), text(file.cell(READ)));
            let read = read_code(written);
            let find =
                |scheme: &str, code: &str| Some(code).filter(|code| !code.is_empty()).and_then(|code| book.find(scheme, code.as_bytes()));
            conflicts.look(u64::from(place.row), snomed, &read, book, find("snomed", snomed), find("read2", &read));
            let code_of = |scheme: &'static str| match scheme {
                "snomed" => snomed,
                "read2" => read.as_ref(),
                _ => written,
            };
            let order = ORDER.into_iter().filter(|scheme| *scheme == first).chain(ORDER.into_iter().filter(|scheme| *scheme != first));
            let mut known = order.map(|scheme| (scheme, code_of(scheme))).filter(|(_, code)| !code.is_empty());
            let other = known.clone().next().unwrap_or(("emis", text(file.cell(ID))));
            let chosen = known.find(|(scheme, code)| find(scheme, code).is_some());
            let (scheme, code) = chosen.unwrap_or(other);
            self.codes.insert(id, Code { scheme, code: code.into(), in_a_set: chosen.is_some() });
        }
        Ok(conflicts.warning(file))
    }

    /// Reads one file of drugs to its end. A drug without a dm+d id keeps that of EMIS, which is in no code set.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn drugs(&mut self, file: &mut CsvFile, book: &CodeBook, quality: &mut Quality) -> Result<(), Problem> {
        while let Some(place) = file.next_row(quality)? {
            let Some(id) = number(file.cell(ID)) else {
                quality.set_aside(place, file.name(ID), Reason::CodeUnknown, "");
                continue;
            };
            let (scheme, code) = match file.cell(DMD) {
                [] => ("emis", text(file.cell(ID))),
                product => ("dmd", text(product)),
            };
            self.codes.insert(id, Code { scheme, code: code.into(), in_a_set: book.find(scheme, code.as_bytes()).is_some() });
        }
        Ok(())
    }
}

impl Conflicts {
    fn look(&mut self, row: u64, snomed: &str, read: &str, book: &CodeBook, of_snomed: Option<CodeId>, of_read: Option<CodeId>) {
        let (Some(of_snomed), Some(of_read)) = (of_snomed, of_read) else { return };
        let sets = |code: CodeId| {
            let mut sets = book.sets_of(code).to_vec();
            sets.sort_unstable();
            sets
        };
        if sets(of_snomed) != sets(of_read) {
            self.rows += 1;
            self.first.get_or_insert_with(|| (row, snomed.to_owned(), read.to_owned()));
        }
    }

    fn warning(self, file: &CsvFile) -> Option<Problem> {
        let (row, snomed, read) = self.first?;
        let rows = if self.rows == 1 { "one row".to_owned() } else { format!("{} rows", self.rows) };
        let says = format!("the SNOMED CT code and the Read code of {rows} are in different code sets; the first are {snomed} and {read}");
        let problem = Problem::warning("D054", says).in_data(file.shown(), Some(row), Some("SnomedCTConceptId"));
        Some(problem.help("records are looked up by SNOMED CT first; write scheme = \"read2\" into extract.toml to take Read first, or mend the code sets"))
    }
}

fn number(cell: &[u8]) -> Option<i64> {
    text(cell).parse().ok()
}

fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

/// The Read code of a `ReadTermId`, without the number of its synonym and with dots up to five; empty where it is none.
pub fn read_code(written: &str) -> std::borrow::Cow<'_, str> {
    let own = OWN_PREFIXES.iter().any(|prefix| written.starts_with(prefix)) || OWN_ENDS.iter().any(|end| written.ends_with(end));
    let code = match written.split_once('-') {
        _ if own => return "".into(),
        Some((code, synonym)) if !synonym.is_empty() && synonym.bytes().all(|byte| byte.is_ascii_digit()) => code,
        Some(_) => return "".into(),
        None => written,
    };
    let letters = code.trim_end_matches('.');
    let is_read = !letters.is_empty() && code.len() <= 5 && letters.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_read { normal_code("read2", code) } else { "".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_codes_of_what_is_written() {
        for (written, code) in [
            ("C10F.", "C10F."),
            ("C10F", "C10F."),
            ("C10", "C10.."),
            ("C10F.-1", "C10F."),
            ("C10F-12", "C10F."),
            ("H", "H...."),
            ("EMISNQAC724", ""),
            ("ESCTDI1", ""),
            ("EMIS1-2", ""),
            ("C10F.-KC60", ""),
            ("C4-SHHAPT", ""),
            ("TEST-DM", ""),
            ("ABTA18231NEMIS", ""),
            ("", ""),
        ] {
            assert_eq!(read_code(written), code, "{written}");
        }
    }
}
