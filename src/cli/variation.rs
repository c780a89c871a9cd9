//! `dqoh variation`: results of one or several reporting days → how much practices differ, in words and as tables.

use super::{Stop, finer, load, output, say, say_error};
use crate::achievement::Status;
use crate::comparison::{About, Asked, Comparison, about, comparisons, finer_comparison};
use crate::disclosure::Audience;
use crate::framework::View;
use crate::problem::{Problem, did_you_mean};
use crate::published::File;
use crate::published::results_file::read_results;
use crate::report::{
    associations_text, files_of_finer_variation, files_of_variation, finer_text, flags_in_all, practices_table, variation_text,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// results.csv of runs or of published counts: one, or several of other reporting days
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// One indicator or register, with every practice [default: all indicators]
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// Folder of the framework whose titles and thresholds apply; without it the Dudley framework of 2016/17, where the results are of it
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// For whom: small counts are hidden from all but the first
    #[arg(long, value_enum, default_value_t)]
    audience: AudienceOption,
    /// Counts by age, sex and deprivation, as cells.csv has them: for standardised rates and inequality
    #[arg(long, value_name = "FILE")]
    cells: Vec<PathBuf>,
    /// People by uptake and outcome, as pairs.csv has them: for what goes together
    #[arg(long, value_name = "FILE")]
    pairs: Vec<PathBuf>,
    /// Folder for variation.csv, practices-variation.csv and what follows from --cells and --pairs [default: none are written]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// `--audience`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum AudienceOption {
    /// The practices and those who pay them, under an agreement: everything as it is
    #[default]
    Internal,
    /// Organisations that work together: counts below 5 are not shown, nor what gives them away
    Sharing,
    /// Everybody: counts from 1 to 7 are not shown, others are rounded to 5
    Publish,
}

impl From<AudienceOption> for Audience {
    fn from(audience: AudienceOption) -> Audience {
        match audience {
            AudienceOption::Internal => Audience::Internal,
            AudienceOption::Sharing => Audience::Sharing,
            AudienceOption::Publish => Audience::Publish,
        }
    }
}

pub(super) fn variation(options: &Options) -> Result<(), Stop> {
    let files = options.results.iter().map(|path| super::counts::file(path, true)).collect::<Result<Vec<File>, Stop>>()?;
    let read = read_results(&files).map_err(Stop::data)?;
    let results = read.results();
    let measures: BTreeSet<&str> = results.rows.iter().map(|row| row.measure.as_str()).collect();
    if let Some(wanted) = options.indicator.as_deref().filter(|wanted| !measures.contains(wanted)) {
        let near = did_you_mean(wanted, measures.iter().copied());
        let problem = Problem::error("U006", format!("the results have no indicator or register `{wanted}`"));
        let help = near.unwrap_or_else(|| "take an id of the column `measure`".to_owned());
        return Err(Stop::usage(problem.help(help)));
    }
    let published = results.rows.iter().any(|row| row.status == Status::Published);
    let about = known(options.rules.as_deref(), &measures, published)?;
    let asked = Asked { audience: options.audience.into(), measure: options.indicator.as_deref(), about: &about };
    let compared = comparisons(&results, &asked);
    if compared.is_empty() {
        let shown = files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(" and ");
        let problem = Problem::error("D083", "there is no row of a practice to compare").in_data(shown, None, None);
        let help = "results need rows of practices for everybody; a register is compared when it is named with --indicator";
        return Err(Stop::data(vec![problem.help(help)]));
    }
    let finer_read = finer::read(&options.cells, &options.pairs, None, &results, None)?;
    let finer = finer_read.as_ref().and_then(|read| finer_comparison(&results, read, &asked));
    let last = last_days(&compared, |at| results.days.get(at).map(|day| (day.view.map_or("", View::word), day.day)));
    for (at, comparison) in last.iter().enumerate() {
        if at > 0 {
            say("");
        }
        say(&variation_text(&results, comparison));
        for line in finer.iter().filter(|finer| finer.day == comparison.day).flat_map(|finer| finer_text(finer, &comparison.measure)) {
            say(&format!("  {line}"));
        }
        if options.indicator.is_some() {
            say(&practices_table(&results, comparison));
        }
    }
    let last: Vec<Comparison> = last.into_iter().cloned().collect();
    if let Some(in_all) = flags_in_all(&last) {
        say(&format!("\n{in_all}"));
    }
    for text in finer.iter().flat_map(|finer| associations_text(&results, finer)) {
        say(&format!("\n{text}"));
    }
    if finer_read.is_some() && finer.is_none() {
        say("\nStandardised rates, inequality and what goes together are left out: nearly all of the counts behind them are small.");
    }
    say(
        "\nHigher is not better for every indicator, and a difference is a reason to ask, not an answer. docs/methods.md explains each figure.",
    );
    if about.is_empty() {
        say_error("Note: thresholds are not known, as these results may be of other rules; pass their folder with --rules.");
    }
    if let Some(out) = &options.out {
        let mut files = files_of_variation(&results, &compared).to_vec();
        if finer_read.is_some() {
            files.extend(files_of_finer_variation(&results, finer.as_ref()));
        }
        let written = output::write_described(out, &files)?;
        let tables = files.iter().map(|(name, _)| out.join(name)).filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
        let tables: Vec<String> = tables.map(|path| path.display().to_string()).collect();
        let (last, before) = tables.split_last().map_or(("", [].as_slice()), |(last, before)| (last.as_str(), before));
        say(&format!("Written: {} and {last}", before.join(", ")));
        written.say_what_is_too_long();
    }
    Ok(())
}

/// Titles and thresholds. Those of the built-in rules only where they have every measure of the results and these were not published by others:
/// other rules use the same ids, and have other thresholds.
fn known(rules: Option<&Path>, measures: &BTreeSet<&str>, published: bool) -> Result<BTreeMap<String, About>, Stop> {
    let read = load::sound_rules(rules)?;
    let Some(rulebook) = read.sound() else { return Ok(BTreeMap::new()) };
    let about = about(&[rulebook.at(rulebook.period().to, View::YearEnd).0]);
    let all = !published && measures.iter().all(|measure| about.contains_key(*measure));
    Ok(if rules.is_some() || all { about } else { BTreeMap::new() })
}

/// Of each measure and view the last day; files have them all.
fn last_days<D: Ord + Copy>(compared: &[Comparison], day: impl Fn(usize) -> Option<(&'static str, D)>) -> Vec<&Comparison> {
    let mut last: BTreeMap<(&str, &str), (D, &Comparison)> = BTreeMap::new();
    for comparison in compared {
        let Some((view, day)) = day(comparison.day) else { continue };
        let place = last.entry((&comparison.measure, view)).or_insert((day, comparison));
        if place.0 <= day {
            *place = (day, comparison);
        }
    }
    last.into_values().map(|(_, comparison)| comparison).collect()
}
