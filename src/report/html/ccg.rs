//! `report.html`: for those who commission.

use super::page::Shell;
use super::table::Table;
use super::{figures, tables};
use crate::briefing::{Indicator, Payment, Planning, Report, sentences, words};
use askama::Template;

/// The whole page.
pub(super) fn page(report: &Report) -> Result<String, askama::Error> {
    let domains = domains(report);
    Page { shell: Shell::new(), audience: words::audience(report.audience), report, domains }.render()
}

/// Indicators that belong together: title, and the first and the next after the last.
fn domains(report: &Report) -> Vec<(&str, Vec<&Indicator>)> {
    let mut domains: Vec<(&str, Vec<&Indicator>)> = Vec::new();
    for indicator in &report.indicators {
        match domains.last_mut() {
            Some((title, indicators)) if *title == indicator.domain => indicators.push(indicator),
            _ => domains.push((&indicator.domain, vec![indicator])),
        }
    }
    domains
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    shell: Shell,
    audience: &'static str,
    report: &'r Report,
    domains: Vec<(&'r str, Vec<&'r Indicator>)>,
}

impl Page<'_> {
    fn summary(&self) -> Table {
        tables::summary(self.report)
    }

    fn who(&self) -> Table {
        tables::who(self.report)
    }

    fn heatmap(&self, domain: &str) -> String {
        figures::heatmap_of(self.report, domain, None).unwrap_or_default()
    }

    fn pathway_chart(&self, planning: &Planning) -> String {
        figures::pathway_of(self.report, planning, &planning.whole, "all practices", "all").unwrap_or_default()
    }

    fn payment(&self, payment: &Payment) -> Table {
        tables::payment(self.report, payment)
    }

    fn funnel(&self, indicator: &Indicator) -> String {
        figures::funnel_of(self.report, indicator, None).unwrap_or_default()
    }

    fn waterfall(&self, indicator: &Indicator) -> String {
        figures::waterfall_of(self.report, indicator).unwrap_or_default()
    }

    fn practices(&self, indicator: &Indicator) -> Table {
        tables::practices(self.report, indicator)
    }
}
