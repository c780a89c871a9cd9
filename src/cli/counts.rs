//! `dqoh counts`: counts that others made → one table; and what was read, file by file.

use super::{Stop, complain, day, output, say, say_error};
use crate::extract::read_practices;
use crate::framework::calendar::Day;
use crate::problem::{Problem, any_error};
use crate::published::compare::compare;
use crate::published::{File, FileRead, Options as Told, Published, Whom, read};
use crate::report::published_csv;
use crate::source::Sources;
use clap::Subcommand;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read searches of EMIS Web and files of the national QOF publication into one table
    #[command(
        after_help = "Example: dqoh counts read QOF_1617 \"DM007 numerator.csv\" --out out\nThe form of each file is found from its header. docs/published-counts.md tells where to get them, and what every column is."
    )]
    Read(ReadOptions),
}

#[derive(Debug, clap::Args)]
struct ReadOptions {
    /// Files of counts, or folders with them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    told: WhatFilesDoNotSay,
    /// Folder for published.csv
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// What files of counts do not say themselves.
#[derive(Debug, clap::Args)]
struct WhatFilesDoNotSay {
    /// The day of counts whose file names none
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_at: Option<Day>,
    /// Only these practices, with their localities, as practices.csv of an extract has them; searches are matched by the practice's name
    #[arg(long, value_name = "FILE")]
    practices: Option<PathBuf>,
}

pub(super) fn counts(options: &Options) -> Result<(), Stop> {
    let Command::Read(options) = &options.command;
    let (published, names) = read_all(&options.paths, options.told.as_at, options.told.practices.as_deref())?;
    output::write_described(&options.out, &[("published.csv", published_csv(&published, &names))])?;
    say(&format!("Written: {}", options.out.join("published.csv").display()));
    Ok(())
}

/// Reads files and folders of counts, says what was read, and stops where a file is not right. The names are those of the files.
pub(super) fn read_all(paths: &[PathBuf], as_at: Option<Day>, practices: Option<&Path>) -> Result<(Published, Vec<String>), Stop> {
    let practices = practices.map(read_practices).transpose().map_err(Stop::data)?.unwrap_or_default();
    let given = !practices.is_empty();
    let reading = read(&files(paths)?, &Told { as_at, practices });
    for file in &reading.files {
        say(&told(file));
    }
    if any_error(&reading.problems) {
        return Err(Stop::data(reading.problems));
    }
    complain(&reading.problems, &Sources::default());
    let names: Vec<String> = reading.files.iter().map(|file| file.name.clone()).collect();
    if reading.published.counts.is_empty() {
        let problem = Problem::error("D040", "there is no published count in what was named");
        let place = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" and ");
        let help = if given {
            "the practices of --practices may have none, or other codes"
        } else {
            "name the files themselves, to be told what each of them lacks"
        };
        return Err(Stop::data(vec![problem.in_data(place, None, None).help(help)]));
    }
    // Totals are of all practices of an area: a part of them comes to less.
    if !given {
        let compared = compare(&reading.published, &names);
        if compared.same > 0 {
            let days: Vec<String> = compared.days.iter().map(|day| day.long()).collect();
            say(&format!("{} published totals are the sums of their practices ({}).", compared.same, days.join(", ")));
        }
        complain(&compared.problems, &Sources::default());
    }
    say(&sum(&reading.published));
    let unnamed = unnamed(&reading.published);
    if unnamed > 0 {
        say_error(&format!(
            "Note: organisations of searches without a national code: {unnamed}; `cdb-` and the number of the database stands for it. Pass --practices with their names and codes."
        ));
    }
    Ok((reading.published, names))
}

/// The files, those of a folder in the order of their names and one folder deep.
fn files(paths: &[PathBuf]) -> Result<Vec<File>, Stop> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(file(path, true)?);
            continue;
        }
        for inside in entries(path)? {
            if inside.is_dir() {
                for deeper in entries(&inside)?.into_iter().filter(|deeper| deeper.is_file() && may_hold_counts(deeper)) {
                    files.push(file(&deeper, false)?);
                }
            } else if may_hold_counts(&inside) {
                files.push(file(&inside, false)?);
            }
        }
    }
    Ok(files)
}

/// Other files of a folder, such as documents, are passed over.
fn may_hold_counts(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| matches!(ending.as_str(), "csv" | "txt" | "xlsx"))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let read = || -> std::io::Result<Vec<PathBuf>> { std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let mut entries = read().map_err(|error| unreadable(folder, &error))?;
    entries.sort();
    Ok(entries)
}

pub(super) fn file(path: &Path, named: bool) -> Result<File, Stop> {
    let content = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok(File { name: path.display().to_string(), content, named })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Stop {
    let problem =
        Problem::error("D007", format!("this file cannot be read: {}", error.kind())).in_data(path.display().to_string(), None, None);
    Stop::data(vec![problem.help("check that it is there, that it is not open elsewhere, and that you may read it")])
}

/// One line for a file, and one for each thing that could not be used.
fn told(file: &FileRead) -> String {
    let Some(form) = file.form else {
        let why: Vec<&str> = file.not_used.keys().map(String::as_str).collect();
        return format!("{}: not read; {}", file.name, why.join("; "));
    };
    let mut parts = vec![form.words().to_owned(), number(file.rows, "row")];
    if !file.practices.is_empty() {
        parts.push(number(file.practices.len() as u64, "practice"));
    }
    if !file.days.is_empty() {
        parts.push(file.days.iter().map(|day| day.to_string()).collect::<Vec<_>>().join(", "));
    }
    let mut text = format!("{}: {}", file.name, parts.join(" · "));
    if file.repeated > 0 {
        text += &format!("\n  said already by another: {}", number(file.repeated, "row"));
    }
    for (what, times) in &file.not_used {
        text += &format!("\n  not used: {what}: {times}");
    }
    text
}

fn number(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn sum(published: &Published) -> String {
    let keys = || published.counts.keys();
    let practices: BTreeSet<&Whom> = keys().map(|key| &key.whom).filter(|whom| matches!(whom, Whom::Practice(_))).collect();
    let areas: BTreeSet<&Whom> = keys().map(|key| &key.whom).filter(|whom| matches!(whom, Whom::Area(_))).collect();
    let measures: BTreeSet<&str> = keys().map(|key| key.measure.as_str()).collect();
    let days: BTreeSet<Day> = keys().map(|key| key.day).collect();
    let mut parts =
        vec![number(measures.len() as u64, "measure"), number(days.len() as u64, "day"), number(practices.len() as u64, "practice")];
    if !areas.is_empty() {
        parts.push(number(areas.len() as u64, "area"));
    }
    format!("{} of {}.", number(published.counts.len() as u64, "count"), parts.join(", "))
}

/// How many practices have no national code.
fn unnamed(published: &Published) -> usize {
    let codes = published.counts.keys().filter_map(|key| if let Whom::Practice(code) = &key.whom { Some(code) } else { None });
    codes.filter(|code| code.starts_with("cdb-")).collect::<BTreeSet<_>>().len()
}
