//! `manifest.json`: what was run on what, and what was not used; enough to run it again.

use serde::Serialize;
use std::collections::BTreeMap;

/// Everything about a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Manifest {
    /// Name and version of the program.
    pub program: String,
    /// The framework's short name.
    pub framework: String,
    /// Its long name.
    pub framework_name: String,
    /// SHA-256 of rules and code sets.
    pub framework_hash: String,
    /// `year-end` or `rolling`.
    pub view: String,
    /// The reporting days.
    pub reporting_days: Vec<ReportingDay>,
    /// The day of the extract.
    pub extracted_on: String,
    /// The practice system.
    pub system: String,
    /// The scheme of codes that name none.
    pub scheme: String,
    /// The files read, with their SHA-256.
    pub files: Vec<File>,
    /// Practices listed.
    pub practices: usize,
    /// Practices that sent nobody.
    pub practices_without_people: Vec<String>,
    /// People read, set aside or not.
    pub people: usize,
    /// Rows read, without headers.
    pub rows_read: u64,
    /// Rows of codes that no fact asks for; of these only columns, person and code were checked.
    pub rows_in_no_set: u64,
    /// The same, by scheme.
    pub rows_in_no_set_by_scheme: BTreeMap<String, u64>,
    /// What was checked of the rows in no set.
    pub rows_in_no_set_checked: String,
    /// Rows, or parts of rows, not used, by reason.
    pub not_used: BTreeMap<String, u64>,
    /// Rows that should have been usable.
    pub rejects: u64,
    /// The options of the run.
    pub options: BTreeMap<String, String>,
    /// Seconds, by step.
    pub seconds: BTreeMap<String, f64>,
    /// What must be said beside any money.
    pub note: String,
}

/// One reporting day.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReportingDay {
    /// The day.
    pub day: String,
    /// First day of the period.
    pub period_from: String,
    /// Last day of the period.
    pub period_to: String,
    /// Whether the period is another year than the framework was written for.
    pub period_moved: bool,
    /// People of the extract who are not on the list on that day.
    pub not_on_the_list: BTreeMap<String, u64>,
}

/// One file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct File {
    /// Its path within the extract.
    pub name: String,
    /// Of its content.
    pub sha256: String,
}

/// The file.
pub fn manifest_json(manifest: &Manifest) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}
