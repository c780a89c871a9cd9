//! `dqoh check`: are the rules sound, does every example come out as it says, is every line reached?

use super::{ConfidentialOption, Stop, complain, day, exit, findings, load, say};
use crate::evaluate::examples::examine;
use crate::evaluate::mutants::{Score, mutate};
use crate::framework::calendar::Day;
use crate::framework::{Earning, Framework, Rulebook, View};
use crate::problem::any_error;
use rust_decimal::Decimal;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of a framework [default: the one built in]
    rules: Option<PathBuf>,
    /// Also name code sets that no source confirms, and take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Also make every small change of the rules, one at a time: some example must notice each
    #[arg(long)]
    mutate: bool,
    /// Also lay the rules over an extract: lines that decide nobody there, values and units that are not there, windows that are too long
    #[arg(long, value_name = "DIR")]
    extract: Option<PathBuf>,
    /// Reporting day of the extract [default: the last end of a quarter before it was made]
    #[arg(long, value_name = "DAY", value_parser = day, requires = "extract")]
    as_at: Option<Day>,
    #[command(flatten)]
    confidential: ConfidentialOption,
}

pub(super) fn check(options: &Options) -> Result<(), Stop> {
    let rules = load::rules(options.rules.as_deref())?;
    let mut problems = rules.problems.clone();
    if let Some(rulebook) = rules.sound() {
        let examined = examine(rulebook);
        problems.extend(examined.problems);
        if options.strict {
            problems.extend(rulebook.unverified());
        }
        if options.mutate && !any_error(&problems) {
            let mutated = mutate(rulebook, &rules.sources);
            say(&scores(&mutated.scores));
            problems.extend(mutated.problems);
        }
        let (framework, _) = rulebook.at(rulebook.period().to, View::YearEnd);
        say(&about(rulebook, &framework, examined.examples, examined.lines));
        for earning in framework.earn_in_several() {
            say(&at_stake(&earning));
        }
    }
    let failed = any_error(&problems) || (options.strict && !problems.is_empty());
    if failed {
        return Err(Stop { exit: exit::RULES, problems, sources: rules.sources });
    }
    complain(&problems, &rules.sources);
    say("Everything is sound: every example comes out as it says, and every line decides at least one.");
    let Some((rulebook, extract)) = rules.sound().zip(options.extract.as_deref()) else { return Ok(()) };
    let found = findings::print(rulebook, &rules.sources, extract, options.as_at, options.confidential.wanted())?;
    if options.strict && found > 0 {
        return Err(Stop { exit: exit::RULES, problems: Vec::new(), sources: rules.sources });
    }
    Ok(())
}

fn about(rulebook: &Rulebook, framework: &Framework, examples: usize, lines: usize) -> String {
    let points: Decimal = framework.indicators.iter().map(|indicator| indicator.points).sum();
    format!(
        "{}: {}, {}, {} points, {}, {}, {}\nhash {}",
        framework.name,
        number(framework.registers.len(), "register"),
        number(framework.indicators.len(), "indicator"),
        points.normalize(),
        number(rulebook.sets.len(), "code set"),
        number(lines, "line"),
        number(examples, "example"),
        framework.hash
    )
}

/// One row a file, and their sum.
fn scores(scores: &[Score]) -> String {
    let row = |id: &str, changes: usize, noticed: usize, explained: usize| {
        let silent = changes - noticed - explained;
        let rest = if silent > 0 { format!(", {silent} NOT NOTICED") } else { String::new() };
        format!("{id:<18} {changes:>5} small changes, {noticed:>5} noticed by an example, {explained:>3} explained{rest}")
    };
    let rows = scores.iter().map(|score| row(&score.id, score.changes, score.noticed, score.explained));
    let sum = |of: fn(&Score) -> usize| scores.iter().map(of).sum::<usize>();
    let all = row("in all", sum(|score| score.changes), sum(|score| score.noticed), sum(|score| score.explained));
    rows.chain([all]).collect::<Vec<_>>().join("\n")
}

/// A code set that is worth points in several indicators.
fn at_stake(earning: &Earning<'_>) -> String {
    let indicators: Vec<&str> = earning.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
    format!("{} earns in {}: {} points at stake", earning.set, indicators.join(", "), earning.points.normalize())
}

/// `1 line`, `3 lines`.
pub(super) fn number(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
