//! Achievement and tally → files. One writer a format; a writer does not calculate.

pub mod chart;
mod counts;
mod csvw;
mod dictionary;
mod finer;
mod fingertips;
mod html;
mod inspection;
mod keys;
mod lines;
mod manifest;
mod payment;
mod person_page;
mod plans;
mod practices;
mod published;
mod qof;
mod quality;
mod quarantine;
mod recall;
mod recall_workbook;
mod results;
mod rows;
mod set_aside;
mod spreadsheet;
mod terminal;
mod variation;
mod variation_finer;
mod variation_finer_text;
mod variation_text;
mod why;
mod workbook;
mod worth;

pub use counts::counts_csv;
pub use csvw::{METADATA, Tables, metadata_of_file};
pub use dictionary::{dictionary, sheet_called};
pub use finer::{cells_csv, files_of_finer, pairs_csv};
pub use fingertips::fingertips_csv;
pub use html::{Page, Pages, pages_of_report};
pub use inspection::inspection_text;
pub use lines::lines_csv;
pub use manifest::{File, Manifest, ReportingDay, manifest_json};
pub use payment::payment_csv;
pub use person_page::{PersonDay, page_of_person};
pub use plans::{care_planning_csv, pathway_csv, planning_counts_csv, planning_rows};
pub use practices::practices_csv;
pub use published::published_csv;
pub use qof::files_of_qof;
pub use quality::quality_csv;
pub use quarantine::quarantine_csv;
pub use recall::{PracticeRecall, RecallTables, files_of_recall, two_views_csv};
pub use recall_workbook::recall_workbook;
pub use results::results_csv;
pub use set_aside::{quarantine_rows, quarantine_summary};
pub use spreadsheet::{spreadsheet_rows, too_long_for_a_spreadsheet};
pub use terminal::{planning_table, points_table};
pub use variation::files_of_variation;
pub use variation_finer::files_of_finer_variation;
pub use variation_finer_text::{associations_text, finer_text};
pub use variation_text::{flags_in_all, practices_table, variation_text};
pub use why::{Behind, WhyRow, why_cells, why_header, why_metadata};
pub use workbook::workbook_of_report;
pub use worth::{Worths, files_of_worth, worth_by_indicator_table, worth_if_table, worth_of_practice_table};

use crate::achievement::{Achievement, ReportedDay, Results};
use crate::briefing::Counted;
use crate::cells::FinerRead;
use crate::comparison::{Asked, Comparison, FinerComparison, about, comparisons, finer_comparison};
use crate::disclosure::Audience;
use crate::framework::Framework;
use crate::planning;
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
    /// What pathways count.
    pub planning: &'a planning::Counts,
    /// Achievement and payment.
    pub achievement: &'a Achievement,
}

/// A file, and what makes it.
pub type Making = (&'static str, fn(&Outcomes<'_>) -> Vec<u8>);

/// The files that follow from counts alone, whichever way people were counted.
pub fn files_of_counts() -> impl Iterator<Item = Making> {
    let files: [Making; 4] = [
        ("results.csv", |outcomes| results_csv(&outcomes.results())),
        ("counts.csv", counts_csv),
        ("lines.csv", lines_csv),
        ("payment.csv", payment_csv),
    ];
    files.into_iter()
}

/// The files that follow from what pathways count; none without a pathway.
pub fn files_of_planning(frameworks: &[Framework]) -> impl Iterator<Item = Making> {
    let files: [Making; 3] =
        [("care-planning.csv", care_planning_csv), ("pathway.csv", pathway_csv), ("planning-counts.csv", planning_counts_csv)];
    let some = frameworks.iter().any(|framework| !framework.pathways.is_empty());
    files.into_iter().filter(move |_| some)
}

impl<'a> Outcomes<'a> {
    /// How practices compare, in everything that was counted.
    pub fn comparisons(&self) -> Vec<Comparison> {
        comparisons(&self.results(), &Asked { audience: Audience::Internal, measure: None, about: &about(self.frameworks) })
    }

    /// The same, as reports for people are made of it.
    pub fn counted(&self) -> Counted<'a> {
        Counted {
            frameworks: self.frameworks,
            practices: self.practices,
            tally: self.tally,
            planning: self.planning,
            achievement: self.achievement,
        }
    }

    /// What follows from counts that are finer than those by line.
    pub fn finer_comparison(&self, finer: &FinerRead) -> Option<FinerComparison> {
        finer_comparison(&self.results(), finer, &Asked { audience: Audience::Internal, measure: None, about: &about(self.frameworks) })
    }

    /// The rows and what is needed to read them: what a report of numbers starts from, whoever counted.
    pub fn results(&self) -> Results<'a> {
        let days = self.frameworks.iter().map(|framework| ReportedDay {
            from: Some(framework.period.from),
            day: framework.reporting_day,
            view: Some(framework.view),
            moved: framework.moved,
        });
        Results { practices: self.practices, days: days.collect(), strata: self.strata(), rows: &self.achievement.rows }
    }

    /// The strata, which are the same on every reporting day.
    fn strata(&self) -> Vec<Stratum> {
        self.frameworks.first().map(|framework| strata(&framework.strata)).unwrap_or_default()
    }
}

/// Rows of text as CSV: RFC 4180, UTF-8, LF, sorted as given.
fn csv_of(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    csv_of_cells(header, rows)
}

fn csv_of_cells<Row: IntoIterator<Item: AsRef<[u8]>>>(header: &[&str], rows: impl IntoIterator<Item = Row>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and all rows are made as long as the header.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

/// Whether the period is another year than the framework was written for: every file says so.
fn moved(framework: &Framework) -> String {
    moved_word(framework).to_owned()
}

fn moved_word(framework: &Framework) -> &'static str {
    if framework.moved { "yes" } else { "no" }
}

/// A name from the extract: a spreadsheet must not take it for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
