//! What must be known to read a workbook, numbered: every convention, abbreviation and mark. Sheets name the notes that explain them.

use super::sheet::{Cell, Columns, Sheet, wrapped};
use crate::briefing::{Report, words};
use crate::disclosure::Audience;

/// A note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    Audience,
    LeftOut,
    Hidden,
    NotAvailable,
    NotApplicable,
    Numbers,
    Codes,
    Day,
    Counted,
    Locality,
    Change,
    /// One of those that pages have too, by what it is about.
    Method(&'static str),
    Matching,
    Associations,
    Indicative,
    Statuses,
    TwoRates,
    Cycle,
    Charts,
}

impl Note {
    /// What it is about, and what it says; nothing where this report has nothing of it.
    fn said(self, report: &Report) -> Option<(String, String)> {
        let (about, says) = match self {
            Note::Audience => ("For whom this is", format!("{}.", words::audience(report.audience))),
            Note::LeftOut => ("What is left out", Some(&report.left_out).filter(|all| !all.is_empty())?.join(". ") + "."),
            Note::Hidden => ("[c] in a cell", hidden(report.audience)?),
            Note::NotAvailable => (
                "[x] in a cell",
                "Not available: it is not known, or not worked out, mostly because too few people or practices are counted to say it.".into(),
            ),
            Note::NotApplicable => (
                "[z] in a cell",
                "Not applicable: there can be no such figure, as where nobody is counted, or nothing is paid.".into(),
            ),
            Note::Numbers => (
                "Numbers",
                "Per cents are shares shown as per cents: 62.4% is the number 0.624, and may have more decimals than are shown. Changes are in percentage points. No cell is merged, and none is empty without a mark.".into(),
            ),
            Note::Codes => (
                "Codes",
                "Codes of practices and ids of indicators, such as CP004, are texts, so that no spreadsheet shortens or changes them. An id is the name of the indicator in its rules; its sheet has its definition.".into(),
            ),
            Note::Day => ("Reporting day and view", day(report)),
            Note::Counted => (
                "Who is counted",
                "Register: people whom the indicator is of. Excluded: of these, whom it is not about. Excepted: of these, left out for a reason, such as having declined. Denominator: who is left. Numerator: of these, who achieved. Register = excluded + excepted + denominator.".into(),
            ),
            Note::Locality => (
                "Localities",
                "Practices stand by locality and code, never by how good they are. Where a workbook is made for one locality, its tables have the practices of that locality, and statistics are of all practices.".into(),
            ),
            Note::Change => ("Change", Some(&report.change_note).filter(|note| !note.is_empty())?.clone()),
            Note::Method(about) => {
                let (about, says) = words::METHODS.iter().find(|(of, _)| *of == about)?;
                (*about, (*says).to_owned())
            }
            Note::Matching => (
                "Spread",
                "Seen centiles: a tenth of practices lie below the 10th and above the 90th as they are seen, with chance among it. I² is the share of what sets practices apart that is more than chance. Odds at the better of two: how many times the odds of achieving are at the better of two practices drawn at random. Between localities: the share of what truly differs that lies between localities; the rest lies between practices of one locality. To match the top quarter is no forecast, as some are there by luck.".into(),
            ),
            Note::Associations => {
                let some = !report.associations.is_empty();
                ("What goes together", some.then(|| crate::variation::CAVEATS.join(" "))?)
            }
            Note::Indicative => {
                let payment = report.payment.as_ref()?;
                let not_adjusted = match payment.not_adjusted.as_slice() {
                    [] => String::new(),
                    all => format!(" Not adjusted for prevalence, as the framework has no reference for their registers: {}.", all.join(", ")),
                };
                let says = format!(
                    "Points and pounds are indicative: they are not the payer's calculation. {} for a point at a practice with {} people and average prevalence.{not_adjusted}",
                    crate::numerals::pounds(payment.pounds_per_point),
                    crate::numerals::number(payment.average_list)
                );
                ("Points and pounds", says)
            }
            Note::Statuses => {
                report.payment.as_ref()?;
                (
                    "How a payment came about",
                    "adjusted: paid by list size and prevalence. not-adjusted: should be adjusted for prevalence, but there is no reference, so the factor is 1. list-size-only: paid by list size. no-one-to-count: nobody is in the denominator. no-data: the practice has nobody on its list. counted-only: worth no points. Still to be had: what more points would bring, all else equal.".into(),
                )
            }
            Note::TwoRates => {
                report.planning.as_ref()?;
                (
                    "Two rates of care planning",
                    "The rate of the register tells how many of all people have it; the rate of the payment denominator leaves out whoever declined, did not answer, or is excepted otherwise. Payment follows the second.".into(),
                )
            }
            Note::Cycle => {
                report.planning.as_ref()?;
                (
                    "The cycle of care planning",
                    "Complete: the last stage is within its window. Declined: and no step on a later day. Lapsed: no step within its window, but a plan before. Who has 2, 3, 4 or more conditions is also among those with 2 or more.".into(),
                )
            }
            Note::Charts => {
                report.indicators.iter().any(|indicator| indicator.funnel.is_some()).then_some(())?;
                (
                    "Charts",
                    "The numbers that charts are drawn from stand on the same sheet, to the right of them, and every chart is told in words for those who cannot see it. To filter the table of practices does not change the charts.".into(),
                )
            }
        };
        Some((about.to_owned(), says))
    }
}

/// In their order: conventions, then methods.
const ALL: [Note; 27] = [
    Note::Audience,
    Note::LeftOut,
    Note::Hidden,
    Note::NotAvailable,
    Note::NotApplicable,
    Note::Numbers,
    Note::Codes,
    Note::Day,
    Note::Counted,
    Note::Locality,
    Note::Change,
    Note::Method("95% interval"),
    Note::Method("Above, below"),
    Note::Method("By chance"),
    Note::Method("Reliability"),
    Note::Method("No ranks"),
    Note::Method("φ"),
    Note::Method("True centiles"),
    Note::Method("Funnel"),
    Note::Method("Regression to the mean"),
    Note::Matching,
    Note::Associations,
    Note::TwoRates,
    Note::Cycle,
    Note::Indicative,
    Note::Statuses,
    Note::Charts,
];

/// The notes of a report.
pub(super) struct Notes {
    all: Vec<(Note, String, String)>,
}

impl Notes {
    pub fn of(report: &Report) -> Notes {
        let one = |note: Note| note.said(report).map(|(about, says)| (note, about, says));
        Notes { all: ALL.into_iter().filter_map(one).collect() }
    }

    /// `Notes 2, 5 and 9 explain it.`
    pub fn line(&self, wanted: &[Note]) -> Option<String> {
        let number = |note: &Note| self.all.iter().position(|(one, _, _)| one == note).map(|at| at + 1);
        let mut numbers: Vec<usize> = wanted.iter().filter_map(number).collect();
        numbers.sort_unstable();
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        let (last, before) = numbers.split_last()?;
        Some(match before {
            [] => format!("Note {last} on the sheet Notes explains it."),
            before => format!("Notes {} and {last} on the sheet Notes explain it.", before.join(", ")),
        })
    }

    pub fn sheet(&self) -> Sheet<'_> {
        let table = Columns::new()
            .and("Note", 8, |(at, _): &(u64, &(Note, String, String))| Cell::Whole(*at))
            .and("About", 28, |(_, (_, about, _))| wrapped(about))
            .and("What must be known", 110, |(_, (_, _, says))| wrapped(says))
            .table("notes", (1..).zip(&self.all));
        Sheet { name: "Notes".into(), title: "Notes: how to read the tables".into(), lines: Vec::new(), notes: Vec::new(), kept: 0, table }
    }
}

fn hidden(audience: Audience) -> Option<String> {
    match audience {
        Audience::Internal => None,
        Audience::Sharing => Some(
            "Not shown: it is a small count, or would give one away, or follows from one. Counts below 5 are told as “fewer than 5”, which may be none.".to_owned(),
        ),
        Audience::Publish => Some(
            "Not shown: it is a small count, or would give one away, or follows from one. All other counts are rounded to the nearest 5, and shares are worked out from these.".to_owned(),
        ),
    }
}

fn day(report: &Report) -> String {
    let mut parts = vec![format!("All figures are as at {}", report.day)];
    parts.extend(report.period.iter().map(|period| format!("the period is {period}")));
    let mut says = parts.join("; ") + ".";
    let more = report.view.iter().map(|view| format!("{view}.")).chain(report.remarks.iter().cloned());
    for sentence in more {
        says += &format!(" {sentence}");
    }
    says
}

/// The view in a word or two, for the line under each title.
pub(super) fn view(report: &Report) -> Option<&'static str> {
    report.view.and_then(|view| view.split(':').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_pages_is_a_note() {
        for (about, _) in words::METHODS {
            assert!(ALL.contains(&Note::Method(about)), "{about}");
        }
        let methods = ALL.iter().filter(|note| matches!(note, Note::Method(_))).count();
        assert_eq!(methods, words::METHODS.len());
    }
}
