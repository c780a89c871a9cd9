//! `dqoh worth`: the counts of a run → what more achieved people are worth, and what if.

use super::output::write_described;
use super::{Stop, counts, load, say};
use crate::achievement::{Achievement, achieve};
use crate::extract::{counts as counted, practices_of_run, read_practices};
use crate::framework::{Framework, View};
use crate::practice::Practice;
use crate::problem::{Problem, did_you_mean};
use crate::recall::{CanBeCompleted, read_two_views};
use crate::report::{Worths, files_of_worth, worth_by_indicator_table, worth_if_table, worth_of_practice_table};
use crate::tally::{Tally, from_counts};
use crate::worth::{WhatIf, with_more_achieved, worth, worth_of_all};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder that `dqoh run` or `dqoh report` wrote
    #[arg(value_name = "RESULTS", default_value = "out")]
    results: PathBuf,
    /// Only this practice, indicator by indicator
    #[arg(long, value_name = "CODE")]
    practice: Option<String>,
    /// What if so many more people achieved: "CP004 +40", or at one practice "CP004 P90003 +4"; may be given more than once
    #[arg(long = "if", value_name = "WHAT")]
    what_if: Vec<String>,
    /// Folder of the framework that counted; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// The practices, where the folder holds no results.csv and payment.csv that tell them
    #[arg(long, value_name = "FILE")]
    practices: Option<PathBuf>,
    /// Folder that `dqoh people` wrote as at the last reporting day: appointments stand beside people
    #[arg(long, value_name = "DIR")]
    people: Option<PathBuf>,
    /// Folder for worth.csv and worth-indicators.csv [default: none are written]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn worth_of_results(options: &Options) -> Result<(), Stop> {
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let read = counted::read(&[options.results.join("counts.csv")], &rulebook.hash).map_err(Stop::data)?;
    if read.view == View::Rolling {
        let says = "these counts are of the rolling view, which pays nothing";
        let problem = Problem::error("U042", says).in_data(options.results.display().to_string(), None, None);
        return Err(Stop::usage(problem.help("run again without --view rolling")));
    }
    let practices = match &options.practices {
        Some(file) => read_practices(file),
        None => practices_of_run(&options.results),
    };
    let practices = practices.map_err(Stop::data)?;
    let frameworks: Vec<Framework> = read.days.iter().map(|day| rulebook.at(*day, read.view).0).collect();
    let tally = from_counts(&read, &frameworks, &practices).map_err(Stop::data)?;
    let practice = options.practice.as_deref().map(|code| practice_called(&practices, code)).transpose()?;
    let can_be_completed =
        options.people.as_deref().map(|folder| lists(folder, &frameworks, &rulebook.hash, &options.results)).transpose()?;
    let then = what_if(options, &frameworks, &practices, &tally, practice)?;
    let achievement = achieve(&frameworks, &practices, &tally);
    let worth = worth(&frameworks, &achievement);
    let of_all = worth_of_all(&frameworks, &worth);
    let told = Worths {
        frameworks: &frameworks,
        practices: &practices,
        worth: &worth,
        of_all: &of_all,
        then: then.as_ref(),
        can_be_completed: can_be_completed.as_ref(),
    };
    heading(&frameworks, practice.and_then(|at| practices.get(at)));
    say(&practice.map_or_else(|| worth_by_indicator_table(&told), |at| worth_of_practice_table(&told, at)));
    if then.is_some() {
        say(&format!("\nIf {}:", options.what_if.join(", and ")));
        say(&worth_if_table(&told));
    }
    if can_be_completed.is_some() {
        say("Appointments are those to the upper threshold, by the fewest records that would count; one can complete several indicators.");
    }
    say("Pounds are indicative, not the payer's calculation. Who is worth most is not who needs care most.");
    if let Some(out) = &options.out {
        let written = write_described(out, &files_of_worth(&told))?;
        say(&format!("Written: {} and {}", out.join("worth.csv").display(), out.join("worth-indicators.csv").display()));
        written.say_what_is_too_long();
    }
    Ok(())
}

/// What lists of people say; they must be of the same day, rules and extract.
fn lists(folder: &Path, frameworks: &[Framework], hash: &str, results: &Path) -> Result<CanBeCompleted, Stop> {
    let file = counts::file(&folder.join("two-views.csv"), true)?;
    let read = read_two_views(&file.name, &file.content).map_err(|problem| Stop::data(vec![problem]))?;
    let refused = |says: String, help: String| {
        let problem = Problem::error("U043", says).in_data(folder.display().to_string(), None, None);
        Err(Stop::usage(problem.help(help)))
    };
    let wanted = frameworks.last().map(|framework| framework.reporting_day);
    if let (Some(day), Some(wanted)) = (read.day(), wanted.filter(|wanted| read.day() != Some(*wanted))) {
        let says = format!("these lists of people are as at {}, and the results as at {}", day.long(), wanted.long());
        return refused(says, "make them anew with `dqoh people`, and --as-at the day of the results".to_owned());
    }
    let lists = manifest(folder)?;
    if lists.get("framework_hash").is_none_or(|by| by != hash) {
        return refused(
            "these lists of people were made by other rules than the results".to_owned(),
            "make both with the same --rules".to_owned(),
        );
    }
    let of_results = results.join("manifest.json");
    if of_results.exists() && manifest(results)?.get("files") != lists.get("read") {
        return refused(
            "these lists of people were made from another extract than the results".to_owned(),
            "make both from the same extract".to_owned(),
        );
    }
    Ok(read)
}

/// What a folder of files says of itself.
fn manifest(folder: &Path) -> Result<serde_json::Value, Stop> {
    let file = counts::file(&folder.join("manifest.json"), true)?;
    serde_json::from_slice(&file.content).map_err(|error| {
        let problem = Problem::error("D093", "this file is not as it was written".to_owned());
        let problem = problem.in_data(file.name.clone(), u64::try_from(error.line()).ok(), None);
        Stop::data(vec![problem.help("make the files anew, and leave them as they are")])
    })
}

fn heading(frameworks: &[Framework], practice: Option<&Practice>) {
    let Some(framework) = frameworks.last() else { return };
    let whose = practice.map_or_else(|| "all practices".to_owned(), |practice| format!("{} ({})", practice.name, practice.code));
    say(&format!("{} · {whose}, as at {}", framework.name, framework.reporting_day.long()));
    for remark in framework.remarks() {
        say(&remark);
    }
}

fn practice_called(practices: &[Practice], code: &str) -> Result<usize, Stop> {
    practices.iter().position(|practice| practice.code == code).ok_or_else(|| {
        let codes: Vec<&str> = practices.iter().map(|practice| practice.code.as_str()).collect();
        let problem = Problem::error("U002", format!("there is no practice `{code}` in these results"));
        Stop::usage(problem.help(format!("the practices are {}", codes.join(", "))))
    })
}

/// Achievement with more people achieved on the last reporting day; nothing where nothing was asked.
fn what_if(
    options: &Options,
    frameworks: &[Framework],
    practices: &[Practice],
    tally: &Tally,
    practice: Option<usize>,
) -> Result<Option<Achievement>, Stop> {
    let (Some(framework), false) = (frameworks.last(), options.what_if.is_empty()) else { return Ok(None) };
    let day = u16::try_from(frameworks.len() - 1).unwrap_or(u16::MAX);
    let mut tally = tally.clone();
    for text in &options.what_if {
        let asked = understood(text, framework, practices, practice)?;
        tally = with_more_achieved(&tally, framework, day, practices, &asked).map_err(|not| {
            let says = format!(
                "`{text}`: only {} of those who are counted are not achieved, so {} more cannot be",
                not.not_achieved, asked.people
            );
            Stop::usage(Problem::error("U041", says).help("ask for as many or fewer; each --if takes from what those before it left"))
        })?;
    }
    Ok(Some(achieve(frameworks, practices, &tally)))
}

/// `CP004 +40`, `CP004 P90003 +4`
fn understood(text: &str, framework: &Framework, practices: &[Practice], chosen: Option<usize>) -> Result<WhatIf, Stop> {
    let refused = |help: String| Err(Stop::usage(Problem::error("U040", format!("`{text}` is no what-if")).help(help)));
    let words: Vec<&str> = text.split_whitespace().collect();
    let (measure, practice, more) = match words.as_slice() {
        [measure, more] => (*measure, chosen, *more),
        [measure, code, more] => (*measure, Some(practice_called(practices, code)?), *more),
        _ => {
            return refused(
                "write an indicator and how many more people: \"CP004 +40\", or at one practice \"CP004 P90003 +4\"".to_owned(),
            );
        }
    };
    let people = more.strip_prefix('+').and_then(|number| number.parse::<u64>().ok()).filter(|people| *people > 0);
    let Some(people) = people else {
        return refused("end it with a plus and a whole number of people, as in \"CP004 +40\"".to_owned());
    };
    let indicators = || framework.indicators.iter().map(|indicator| indicator.id.as_str());
    if !indicators().any(|id| id == measure) {
        let near = did_you_mean(measure, indicators());
        let help = near.unwrap_or_else(|| format!("the indicators are {}", indicators().collect::<Vec<_>>().join(", ")));
        return Err(Stop::usage(Problem::error("U006", format!("there is no indicator `{measure}`")).help(help)));
    }
    Ok(WhatIf { measure: measure.to_owned(), practice, people })
}
