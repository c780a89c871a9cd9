//! The pages of a report, for the commands that write them: which are asked for, what they are made of.

use super::output::{Group, Output, group};
use super::variation::AudienceOption;
use super::{Stop, counts};
use crate::achievement::Results;
use crate::book::Book;
use crate::briefing::{Material, Read, Report};
use crate::comparison::{Asked, Comparison, FinerComparison, about, comparisons};
use crate::disclosure::Audience;
use crate::framework::calendar::Day;
use crate::framework::{Framework, View};
use crate::problem::{Problem, did_you_mean};
use crate::published::File;
use crate::published::pathway_file::{Statuses, read_statuses};
use crate::published::results_file::{ResultsRead, read_results};
use crate::report::{Making, Outcomes, Pages, pages_of_report, results_csv, workbook_of_report};
use crate::threads::Threads;
use std::path::PathBuf;

/// What the commands that count and report have in common.
#[derive(Debug, Default, clap::Args)]
pub(super) struct PageOptions {
    /// Leave out what is for people: report.html, variation.html, practices/…, workbook.xlsx
    #[arg(long)]
    pub no_report: bool,
    /// Folder with the results of the last quarter, in the same view: pages say what has changed since
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
}

/// For whom pages are, and of whom.
#[derive(Debug, Default, clap::Args)]
pub(super) struct WhoseOptions {
    /// For whom: for others than the first only pages and variation files are written, without small counts
    #[arg(long, value_enum, default_value_t)]
    pub audience: AudienceOption,
    /// Only practices of this locality in the tables; the statistics are of all
    #[arg(long, value_name = "NAME")]
    pub locality: Option<String>,
    /// Only the pages of these practices, with commas
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub practice: Vec<String>,
}

impl WhoseOptions {
    pub fn audience(&self) -> Audience {
        self.audience.into()
    }
}

/// Files that are made of what was counted, each by itself.
pub(super) fn groups_of_counts<'o>(outcomes: &'o Outcomes<'_>, files: impl Iterator<Item = Making>) -> Vec<Group<'o>> {
    files.map(|(name, make)| group(move || [(name, make(outcomes))])).collect()
}

/// Writes the pages of what was counted by rules. `compared` are the comparisons of these results for the audience, and what follows from finer counts.
pub(super) fn write_of_outcomes(
    to: (&mut Output<'_>, &Threads),
    outcomes: &Outcomes<'_>,
    (compared, finer): (&[Comparison], Option<&FinerComparison>),
    (book, read): (&Book, Option<&Read>),
    (options, whose): (&PageOptions, &WhoseOptions),
    earlier: Option<Earlier>,
) -> Result<(), Stop> {
    let own = outcomes.results();
    let make = |results: &Results<'_>, compared: &[Comparison], statuses_before: Option<(Day, &Statuses)>| {
        let material = Material {
            results,
            comparisons: compared,
            audience: whose.audience(),
            counted: Some(outcomes.counted()),
            finer,
            book: Some(book),
            read,
            locality: whose.locality.as_deref(),
            statuses_before,
        };
        write(to, &material, options, whose)
    };
    let Some(earlier) = earlier else { return make(&own, compared, None) };
    let both = with_earlier(&own, earlier.results)?;
    let (results, about) = (both.results(), about(outcomes.frameworks));
    let compared = comparisons(&results, &Asked { audience: whose.audience(), measure: None, about: &about });
    make(&results, &compared, earlier.statuses.as_ref().map(|(day, statuses)| (*day, statuses)))
}

/// Writes the pages of any results, several at once.
pub(super) fn write(
    (output, threads): (&mut Output<'_>, &Threads),
    material: &Material<'_>,
    options: &PageOptions,
    whose: &WhoseOptions,
) -> Result<(), Stop> {
    if options.no_report {
        return Ok(());
    }
    let report = Report::of(material);
    let Some(report) = report else { return Ok(()) };
    if let Some(wanted) = whose.locality.as_ref().filter(|wanted| !report.localities.contains(wanted)) {
        let near = did_you_mean(wanted, report.localities.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| format!("the localities are {}", report.localities.join(", ")));
        return Err(Stop::usage(Problem::error("U072", format!("there is no locality `{wanted}` in these counts")).help(help)));
    }
    let known: Vec<&str> = report.practices.iter().map(|practice| practice.code.as_str()).collect();
    if let Some(wanted) = whose.practice.iter().find(|wanted| !known.contains(&wanted.as_str())) {
        let problem = Problem::error("U002", format!("there is no practice `{wanted}` in these counts"));
        return Err(Stop::usage(problem.help(format!("the practices are {}", known.join(", ")))));
    }
    let cannot = &|what: &str, error: &dyn std::error::Error| {
        let problem = Problem::error("U001", format!("{what} cannot be written: {error}"));
        Stop::unexpected(problem.help("this should not happen: please report it"))
    };
    let mut groups: Vec<Group<'_>> = Vec::new();
    // Who asks for the pages of some practices asks for nothing else. The workbook takes longest, and begins first.
    if whose.practice.is_empty() {
        groups.push(Box::new(|| {
            let content = workbook_of_report(&report).map_err(|error| cannot("the workbook", &error))?;
            Ok(vec![("workbook.xlsx".to_owned(), content)])
        }));
    }
    for page in pages_of_report(&report, &Pages { practices: whose.practice.clone() }) {
        groups.push(Box::new(move || Ok(vec![page.made().map_err(|error| cannot("the pages", &error))?])));
    }
    output.write_groups(threads, groups)
}

/// What the last quarter's folder says.
pub(super) struct Earlier {
    results: File,
    /// Where people were in care planning; nothing where nothing was counted of it.
    statuses: Option<(Day, Statuses)>,
}

/// The results of the last quarter, looked at before anything is counted; nothing where none are named.
pub(super) fn earlier(options: &PageOptions, frameworks: &[Framework]) -> Result<Option<Earlier>, Stop> {
    let Some(folder) = options.previous.as_deref().filter(|_| !options.no_report) else { return Ok(None) };
    let earlier = counts::file(&folder.join("results.csv"), true)?;
    let before = read_results(std::slice::from_ref(&earlier)).map_err(Stop::data)?;
    let days = before.results().days;
    let problem = |code, says: &str, help: String| {
        let problem = Problem::error(code, says).in_data(earlier.name.as_str(), None, None);
        Err(Stop::data(vec![problem.help(help)]))
    };
    let first = frameworks.iter().map(|framework| framework.reporting_day).min();
    let last = days.iter().map(|day| day.day).max();
    if let Some((last, first)) = last.zip(first).filter(|(last, first)| last >= first) {
        let help = format!("they go to {} and what is reported begins on {}; name the folder of an earlier run", last.long(), first.long());
        return problem("U070", "these results are not of earlier days", help);
    }
    let view = frameworks.first().map(|framework| framework.view);
    if !days.iter().any(|day| day.view == view) {
        let word = view.map_or("same", View::word);
        let help = format!("name results of the {word} view, made by a run with --view {word}");
        return problem("U071", "these results are of the other view", help);
    }
    let pathway = folder.join("pathway.csv");
    let pathway = if pathway.exists() { Some(counts::file(&pathway, true)?) } else { None };
    let statuses = pathway.as_ref().map(read_statuses).transpose().map_err(Stop::data)?.flatten();
    Ok(Some(Earlier { results: earlier, statuses }))
}

/// Earlier results and those of now, as one.
fn with_earlier(own: &Results<'_>, earlier: File) -> Result<ResultsRead, Stop> {
    let now = File { name: "what is reported now".to_owned(), content: results_csv(own), named: true };
    read_results(&[earlier, now]).map_err(Stop::data)
}
