//! One list of codes: the CSV files of OpenCodelists (`code,term`, and older ones with other names of columns), and our own code sets.
//! Such a file does not say what set it is; its name does.

use super::incoming::{Found, Group, Incoming, Place, Wanted, column, column_key};
use crate::table::Row;
use std::collections::BTreeSet;

/// The files of a publisher begin so.
const BEFORE_THE_NAME: [&str; 2] = ["nhsd-primary-care-domain-refsets-", "nhs-drug-refsets-"];

/// Columns that hold codes, and the scheme of which they are when the name says it.
const CODE: [(&str, Option<&str>); 24] = [
    ("code", None),
    ("snomedctid", Some("snomed")),
    ("snomedctconceptid", Some("snomed")),
    ("snomedct", Some("snomed")),
    ("snomedcode", Some("snomed")),
    ("snomedid", Some("snomed")),
    ("snomed", Some("snomed")),
    ("conceptid", Some("snomed")),
    ("ctv3id", Some("ctv3")),
    ("ctv3code", Some("ctv3")),
    ("ctv3", Some("ctv3")),
    ("read2code", Some("read2")),
    ("readv2code", Some("read2")),
    ("read2", Some("read2")),
    ("readv2", Some("read2")),
    ("dmdid", Some("dmd")),
    ("dmdcode", Some("dmd")),
    ("dmd", Some("dmd")),
    ("loinc", Some("loinc")),
    ("icd10code", Some("icd10")),
    ("icd10", Some("icd10")),
    ("icdcode", Some("icd10")),
    ("icd", Some("icd10")),
    ("id", None),
];

const TERM: [&str; 10] =
    ["term", "name", "description", "desc", "display", "nm", "meaning", "ctv3preferredtermdesc", "ctv3preferredterm", "dmdname"];

/// Columns that lists of codes never have: the file is one of people.
const OF_PEOPLE: [&str; 4] = ["patientid", "nhsnumber", "practicecode", "birthdate"];

/// Where the cells of a row stand.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    code: usize,
    code_name: String,
    of: Option<&'static str>,
    term: Option<usize>,
    scheme: Option<usize>,
    /// Columns that are not read, for saying so.
    pub unused: Vec<String>,
}

impl Columns {
    /// The columns, if this is the header of such a file. Of several columns of codes that of the scheme asked for is taken.
    pub fn of(header: &[String], asked: Option<&str>) -> Option<Columns> {
        if header.iter().any(|name| OF_PEOPLE.contains(&column_key(name).as_str())) {
            return None;
        }
        let there = |(name, of): &(&str, Option<&'static str>)| column(header, &[name]).map(|at| (at, *of));
        let all: Vec<(usize, Option<&str>)> = CODE.iter().filter_map(there).collect();
        let fits = all.iter().find(|(_, of)| of.is_some() && *of == asked);
        let (code, of) = *fits.or_else(|| all.first())?;
        let term = column(header, &TERM);
        let scheme = column(header, &["scheme"]);
        let used = [Some(code), term, scheme];
        let unused = header.iter().enumerate().filter(|(at, name)| !used.contains(&Some(*at)) && !name.is_empty());
        Some(Columns {
            code,
            code_name: header.get(code)?.clone(),
            of,
            term,
            scheme,
            unused: unused.map(|(_, name)| name.clone()).collect(),
        })
    }
}

/// The names under which a file of this name may be meant, the one without publisher and version first.
fn names(stem: &str) -> [String; 2] {
    let after = BEFORE_THE_NAME.iter().find_map(|before| stem.strip_prefix(before)).unwrap_or(stem);
    let version = |tag: &str| tag.len() == 8 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    let slug = after.rsplit_once('-').filter(|(_, tag)| version(tag)).map_or(after, |(slug, _)| slug);
    [slug.replace('-', "_"), stem.to_owned()]
}

/// Reads the list. `stem` is the file's name without its ending, or the sheet's.
pub(super) fn read(rows: impl Iterator<Item = Row>, columns: &Columns, stem: &str, place: &Place, wanted: Wanted<'_>) -> Incoming {
    let names = names(stem);
    let mut incoming = Incoming { names: names.iter().cloned().collect(), ..Incoming::default() };
    let sets = wanted.sets_of(&names.each_ref().map(String::as_str));
    if sets.is_empty() {
        incoming.others.insert(stem.to_owned());
        return incoming;
    }
    let mut group = Group { sets, ..Group::default() };
    let mut blank = BTreeSet::new();
    for row in rows {
        let code = row.cell(columns.code);
        if row.several_lines {
            group.problems.push(place.not_understood("a quotation mark is opened in this row and not closed", row.number, ""));
        } else if code.is_empty() {
            blank.insert(row.number);
        } else {
            let scheme = columns.scheme.map(|at| row.cell(at).to_lowercase()).filter(|scheme| !scheme.is_empty());
            group.codes.push(Found {
                scheme: scheme.or_else(|| columns.of.map(str::to_owned)),
                code: code.to_owned(),
                term: columns.term.map_or("", |at| row.cell(at)).to_owned(),
                row: row.number,
            });
        }
    }
    group.problems.extend(blank.into_iter().map(|row| place.not_understood("this row has no code", row, &columns.code_name)));
    incoming.groups.insert(stem.to_owned(), group);
    incoming
}

impl Columns {
    /// The name of the column of codes.
    pub fn code_name(&self) -> &str {
        &self.code_name
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_file_is_known_by_its_name() {
        assert_eq!(names("nhsd-primary-care-domain-refsets-dm_cod")[0], "dm_cod");
        assert_eq!(names("nhsd-primary-care-domain-refsets-dm_cod-20200812")[0], "dm_cod");
        assert_eq!(names("opensafely-asthma-diagnosis-4909d74a")[0], "opensafely_asthma_diagnosis");
        assert_eq!(names("AST_COD")[0], "AST_COD");
    }
}
