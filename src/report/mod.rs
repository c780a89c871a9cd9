//! Achievement and tally → files. One writer a format; a writer does not calculate.

mod counts;
mod lines;
mod manifest;
mod payment;
mod quarantine;
mod results;
mod terminal;

pub use counts::counts_csv;
pub use lines::lines_csv;
pub use manifest::{File, Manifest, ReportingDay, manifest_json};
pub use payment::payment_csv;
pub use quarantine::quarantine_csv;
pub use results::results_csv;
pub use terminal::points_table;

use crate::achievement::Achievement;
use crate::framework::Framework;
use crate::practice::Practice;
use crate::tally::{Stratum, Tally, strata};

/// Everything that a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Outcomes<'a> {
    /// One a reporting day.
    pub frameworks: &'a [Framework],
    /// By code.
    pub practices: &'a [Practice],
    /// Counts by line.
    pub tally: &'a Tally,
    /// Achievement and payment.
    pub achievement: &'a Achievement,
}

impl Outcomes<'_> {
    /// The strata, which are the same on every reporting day.
    fn strata(&self) -> Vec<Stratum> {
        self.frameworks.first().map(|framework| strata(&framework.strata)).unwrap_or_default()
    }
}

/// Rows of text as CSV: RFC 4180, UTF-8, LF, sorted as given.
fn csv_of(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and all rows are made as long as the header.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(&row);
    }
    writer.into_inner().unwrap_or_default()
}

/// Whether the period is another year than the framework was written for: every file says so.
fn moved(framework: &Framework) -> String {
    if framework.moved { "yes" } else { "no" }.to_owned()
}

/// A name from the extract: a spreadsheet must not take it for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
