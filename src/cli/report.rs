//! `dqoh report`: counts by line, from a run or a database → results, counts, lines, payment; and what pathways count, if it is given.

use super::{Stop, load, output, run, say, say_error};
use crate::achievement::achieve;
use crate::extract::{counts, planning_counts, read_practices};
use crate::planning::{self, from_rows};
use crate::report::{Outcomes, files_of_counts, files_of_planning};
use crate::tally::{LIST, from_counts};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Counts, as counts.csv has them; may be given more than once
    #[arg(long, value_name = "FILE", required = true)]
    tally: Vec<PathBuf>,
    /// What pathways count, as planning-counts.csv has it; may be given more than once
    #[arg(long, value_name = "FILE")]
    planning: Vec<PathBuf>,
    /// The practices, as practices.csv of an extract has them
    #[arg(long, value_name = "FILE")]
    practices: PathBuf,
    /// Folder of the framework that counted; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

pub(super) fn report(options: &Options) -> Result<(), Stop> {
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let practices = read_practices(&options.practices).map_err(Stop::data)?;
    let counts = counts::read(&options.tally, &rulebook.hash).map_err(Stop::data)?;
    let frameworks: Vec<_> = counts.days.iter().map(|day| rulebook.at(*day, counts.view).0).collect();
    let tally = from_counts(&counts, &frameworks, &practices).map_err(Stop::data)?;
    let planning = if options.planning.is_empty() {
        planning::Counts::default()
    } else {
        let rows = planning_counts::read(&options.planning, &rulebook.hash, counts.view).map_err(Stop::data)?;
        from_rows(&rows, &frameworks, &practices, &tally).map_err(Stop::data)?
    };
    let achievement = achieve(&frameworks, &practices, &tally);
    let outcomes =
        Outcomes { frameworks: &frameworks, practices: &practices, tally: &tally, planning: &planning, achievement: &achievement };
    let mut files = files_of_counts(&outcomes);
    if !options.planning.is_empty() {
        files.extend(files_of_planning(&outcomes));
    }
    output::write_all(&options.out, &files)?;
    run::say_points(&outcomes);
    say(&format!("Read {} counts of {} practices.", counts.rows.len(), practices.len()));
    let nobody = without_counts(&outcomes);
    if !nobody.is_empty() {
        say_error(&format!("Note: nobody is counted at {}; they are reported as `no-data`.", nobody.join(", ")));
    }
    say(&format!("Results are in {}. Points and pounds are indicative, not the payer's calculation.", options.out.display()));
    output::say_what_is_too_long(&files);
    Ok(())
}

/// The codes of practices without a single count.
fn without_counts<'o>(outcomes: &Outcomes<'o>) -> Vec<&'o str> {
    let counted: BTreeSet<u32> = outcomes.tally.iter().filter(|(key, _)| key.measure == LIST).map(|(key, _)| key.practice).collect();
    (0..).zip(outcomes.practices).filter(|(at, _)| !counted.contains(at)).map(|(_, practice)| practice.code.as_str()).collect()
}
