//! What rules show in one extract: the part of `dqoh check` that reads people.

use super::check::number;
use super::read::{progress_bar, tell_warnings};
use super::{Stop, say};
use crate::evaluate::run::run;
use crate::extract::census::Census;
use crate::extract::{Confidential, Extract};
use crate::findings::{Evidence, Finding, Section, findings};
use crate::framework::calendar::Day;
use crate::framework::{Framework, Rulebook, View};
use crate::problem::{Problem, render};
use crate::source::Sources;
use std::path::Path;

/// Reads the extract, counts it with all rules in the year-end view, and prints what they show; gives how many findings there are.
pub(super) fn print(
    rulebook: &Rulebook,
    sources: &Sources,
    folder: &Path,
    as_at: Option<Day>,
    wanted: Confidential,
) -> Result<usize, Stop> {
    let mut extract = Extract::open_with(folder, wanted, None).map_err(Stop::data)?;
    let day = as_at.unwrap_or_else(|| rulebook.period().quarter_end_by(extract.extracted_on));
    let framework = rulebook.at(day, View::YearEnd).0;
    let mut census = Census::new(extract.practices.len());
    let bar = progress_bar(extract.bytes());
    let records = extract.records_counted(&framework.codes, &mut census, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let records = records.map_err(|problem| Stop::data(vec![problem]))?;
    tell_warnings(&extract);
    let counted = run(std::slice::from_ref(&framework), records, None, |records| {
        (u32::try_from(records.practice).unwrap_or(u32::MAX), records.patients(&framework.codes))
    });
    let counted = counted.map_err(|error| Stop::unexpected(Problem::error("U003", format!("the threads cannot be started: {error}"))))?;
    let evidence = Evidence { rulebook, framework: &framework, practices: &extract.practices, tally: &counted.tally, census: &census };
    let findings = findings(&evidence, sources);
    say(&about(&framework, &extract, folder));
    for section in Section::ALL {
        say_section(section, &findings, sources);
    }
    say(&match findings.len() {
        0 => "\nNothing in this extract speaks against the rules: every line decides somebody, and what is tested is there.\n".to_owned(),
        some => format!(
            "\n{}. A finding is no mistake by itself: it says what to ask the practices, or the authors of the rules. `dqoh problems` with its code tells more.\n",
            number(some, "finding")
        ),
    });
    Ok(findings.len())
}

fn about(framework: &Framework, extract: &Extract, folder: &Path) -> String {
    let mut lines = vec![format!(
        "\nThe rules on the extract {}, made on {}: year-end view as at {}.\n{} and {}; {} could not be used.",
        folder.display(),
        extract.extracted_on.long(),
        framework.reporting_day.long(),
        number(extract.practices.len(), "practice"),
        number(usize::try_from(extract.quality.rows_read).unwrap_or(usize::MAX), "row"),
        extract.quality.rejects()
    )];
    lines.extend(framework.remarks());
    lines.join("\n")
}

fn say_section(section: Section, findings: &[Finding], sources: &Sources) {
    let here: Vec<&Finding> = findings.iter().filter(|finding| finding.section == section).collect();
    if here.is_empty() {
        return;
    }
    say(&format!("\n== {} ({}) ==", section.heading(), here.len()));
    for finding in here {
        say(&format!("\n{}", render(std::slice::from_ref(&finding.problem), sources, true)));
    }
}
