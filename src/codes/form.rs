//! What kind of file this is, by the header of its table; and what scheme codes have that do not say it, by their looks.

use super::incoming::Found;
use super::{clusters, descriptions, list, members};
use crate::table::{Row, Table, has_exponent};

/// A header stands in one of the first rows: a sheet may have a title above it.
const ROWS_BEFORE_THE_HEADER: usize = 20;

/// What kind of file codes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Content of NHS Primary Care Domain reference sets.
    Clusters,
    /// Reference sets of a SNOMED CT release.
    Members,
    /// One list.
    List,
}

impl Kind {
    /// What a code set's header says of where its codes come from.
    pub fn source(self, name: &str, file: &str) -> String {
        match self {
            Kind::Clusters => format!("NHS Primary Care Domain reference set {name}, from {file}"),
            Kind::Members => format!("SNOMED CT reference set {name}, from {file}"),
            Kind::List => format!("list of codes {file}"),
        }
    }
}

/// The form of a table, with the places of its columns.
pub(super) enum Form {
    /// Content of Primary Care Domain reference sets.
    Clusters(clusters::Columns),
    /// A simple reference set.
    Members,
    /// Descriptions of concepts.
    Descriptions,
    /// One list.
    List(list::Columns),
}

/// The scheme that codes have by their looks; `None` where several are possible.
pub(super) fn likely_scheme(codes: &[Found]) -> Option<String> {
    let number = |code: &str| has_exponent(code) || (code.len() >= 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    // Ids that the NHS dictionary of medicines and devices has given out: its namespace, the partition, a check digit.
    let medicine = |code: &str| code.len() > 10 && code.get(code.len() - 10..).is_some_and(|end| end.starts_with("100000110"));
    let read = |code: &str| code.len() <= 5 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let share = |is: &dyn Fn(&str) -> bool| codes.iter().filter(|found| is(&found.code)).count() * 2 > codes.len();
    let scheme = if share(&number) {
        if codes.iter().any(|found| medicine(&found.code)) { "dmd" } else { "snomed" }
    } else if codes.iter().all(|found| read(&found.code)) && codes.iter().any(|found| found.code.starts_with(['X', 'Y'])) {
        // Only the third version of the Read codes has these chapters.
        "ctv3"
    } else {
        return None;
    };
    Some(scheme.to_owned())
}

/// The form of a table, by its header; the rows below it are left in the table.
pub(super) fn header(table: &mut Table<'_>, scheme: Option<&str>) -> Option<Form> {
    table.rows.by_ref().take(ROWS_BEFORE_THE_HEADER).find_map(|row| form(&row, scheme))
}

fn form(row: &Row, scheme: Option<&str>) -> Option<Form> {
    let is = |columns: &[&str]| row.cells.len() == columns.len() && row.cells.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b));
    if is(&members::COLUMNS) {
        return Some(Form::Members);
    }
    if is(&descriptions::COLUMNS) {
        return Some(Form::Descriptions);
    }
    if row.cells.iter().any(|cell| cell.eq_ignore_ascii_case("effectiveTime")) {
        // Another file of release format 2: its `id` is none of a code.
        return None;
    }
    clusters::Columns::of(&row.cells).map(Form::Clusters).or_else(|| list::Columns::of(&row.cells, scheme).map(Form::List))
}
