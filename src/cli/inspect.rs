//! `dqoh inspect`: what an extract holds, and whether it can be trusted.

use super::read::{progress_bar, tell_warnings};
use super::tolerance::Tolerance;
use super::{ConfidentialOption, Stop, exit, load, output, say};
use crate::extract::Extract;
use crate::extract::census::Census;
use crate::framework::View;
use crate::inspect::{Check, Inspection, inspect};
use crate::problem::did_you_mean;
use crate::report::{inspection_text, quality_csv, quarantine_csv};
use crate::source::Sources;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract, or a .zip of it
    extract: PathBuf,
    /// Folder of a framework; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Also write everything into this folder: quality.csv, and quarantine.csv with the rows that are not used
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// End with exit code 5 when one of these checks, with commas, finds something; `any` is all of them
    #[arg(long, value_name = "CHECK,…", value_delimiter = ',', value_parser = fail_on)]
    fail_on: Vec<FailOn>,
    #[command(flatten)]
    confidential: ConfidentialOption,
    #[command(flatten)]
    tolerance: Tolerance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    Any,
    One(Check),
}

fn fail_on(word: &str) -> Result<FailOn, String> {
    if word == "any" {
        return Ok(FailOn::Any);
    }
    let words: Vec<&str> = Check::ALL.into_iter().filter(|check| !check.advice().is_empty()).map(Check::word).collect();
    let check = Check::ALL.into_iter().find(|check| check.word() == word && words.contains(&word));
    check.map(FailOn::One).ok_or_else(|| {
        let near = did_you_mean(word, words.iter().copied()).map(|near| format!("{near}; ")).unwrap_or_default();
        format!("{near}the checks are any, {}", words.join(", "))
    })
}

pub(super) fn inspect_extract(options: &Options) -> Result<(), Stop> {
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let framework = rulebook.at(rulebook.period().to, View::YearEnd).0;
    let mut extract = Extract::open_with(&options.extract, options.confidential.wanted(), None).map_err(Stop::data)?;
    let mut census = Census::new(extract.practices.len());
    let bar = progress_bar(extract.bytes());
    let records = extract.records_counted(&framework.codes, &mut census, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let records = records.map_err(|problem| Stop::data(vec![problem]))?;
    tell_warnings(&extract);
    let inspection = inspect(&framework, &extract, &census, records);
    say(&inspection_text(&inspection));
    if let Some(out) = &options.out {
        let files = [
            ("quality.csv", quality_csv(&inspection)),
            ("quarantine.csv", quarantine_csv(&extract.files, &extract.practices, &extract.quality)),
        ];
        let written = output::write_described(out, &files)?;
        say(&format!("Written: quality.csv and quarantine.csv, in {}.", out.display()));
        written.say_what_is_too_long();
    }
    options.tolerance.of(&extract, &options.extract, options.out.as_deref())?;
    condition(&inspection, &options.fail_on)
}

/// Stops when a check that was named finds something.
fn condition(inspection: &Inspection, fail_on: &[FailOn]) -> Result<(), Stop> {
    let named = |check: Check| fail_on.iter().any(|name| matches!(name, FailOn::Any) || *name == FailOn::One(check));
    let found: Vec<&str> =
        Check::ALL.into_iter().filter(|check| named(*check) && inspection.findings(*check) > 0).map(Check::word).collect();
    if found.is_empty() {
        return Ok(());
    }
    say(&format!("Exit code {}: --fail-on names {}.", exit::CONDITION, found.join(", ")));
    Err(Stop { exit: exit::CONDITION, problems: Vec::new(), sources: Sources::default() })
}
