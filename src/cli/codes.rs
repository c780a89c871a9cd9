//! `dqoh codes`: bring in official code sets, compare two states of them, and see which codes an extract holds.

use super::read::{Ready, ready};
use super::{ConfidentialOption, Stop, ViewOption, When, complain, day, exit, output, say};
use crate::codes::changes::{SetChanges, between_folders, changes_csv, told};
use crate::codes::coverage::{COVERAGE, Coverage, coverage_csv, coverage_text};
use crate::codes::import::{self, import};
use crate::codes::set_file::SetFile;
use crate::extract::Check;
use crate::framework::calendar::Day;
use crate::problem::{Problem, any_error};
use crate::report::metadata_of_file;
use crate::source::Sources;
use clap::{Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// So many codes of a kind are shown for one set.
const SHOWN: usize = 10;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the codes of official files into code sets: reference sets of NHS England, OpenCodelists, SNOMED CT releases
    #[command(
        after_help = "Example: dqoh codes import 20240913_PCD_Refset_Content.txt --into business-rules/dudley-2016-17 --dry-run\nWith a problem in any file nothing is written."
    )]
    Import(ImportOptions),
    /// What differs between two code sets, folders of them, or frameworks
    #[command(after_help = "Example: dqoh codes diff business-rules/dudley-2016-17 business-rules/dudley-2017-18")]
    Diff(DiffOptions),
    /// Which codes of the rules an extract holds, at each practice: not done, or coded differently?
    #[command(after_help = "Example: dqoh codes coverage sample-extracts --out coverage.csv")]
    Coverage(CoverageOptions),
}

#[derive(Debug, clap::Args)]
struct ImportOptions {
    /// Published files: .csv, .txt or .xlsx
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder of a framework, or of code sets
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// The cluster, reference set or list that goes to a set of another name; may be given several times
    #[arg(long, value_name = "CLUSTER=SET", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Only these sets, with commas
    #[arg(long, value_name = "SET,…", value_delimiter = ',')]
    only: Vec<String>,
    /// Make a new set of every cluster, reference set and list that has none
    #[arg(long)]
    all: bool,
    /// The codes that were in force on this day
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<Day>,
    /// The scheme of codes that do not say it: snomed, read2, ctv3, dmd, …
    #[arg(long, value_name = "SCHEME", value_parser = scheme)]
    scheme: Option<String>,
    /// The release, where the file's name does not tell it
    #[arg(long, value_name = "WORDS")]
    release: Option<String>,
    /// Leave the terms of codes that are there as they are
    #[arg(long)]
    keep_terms: bool,
    /// Say what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct DiffOptions {
    /// A code set, a folder of them, or a framework
    before: PathBuf,
    /// The same, later
    after: PathBuf,
    /// How to tell it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// End with exit code 5 when there is one
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One row a difference
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any difference
    Difference,
}

#[derive(Debug, clap::Args)]
struct CoverageOptions {
    /// Folder of the extract
    extract: PathBuf,
    /// Folder of a framework; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Also write everything, by practice, into this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    confidential: ConfidentialOption,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').map(|(group, set)| (group.trim(), set.trim()));
    let usable = |set: &str| !set.is_empty() && set.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match parts {
        Some((group, set)) if !group.is_empty() && usable(set) => Ok((group.to_owned(), set.to_owned())),
        _ => Err("write it as CLUSTER=SET, such as \"CLUSTER_COD=MY_SET\"; a set's name is letters, digits and underscores".to_owned()),
    }
}

fn scheme(text: &str) -> Result<String, String> {
    let word = text.to_lowercase();
    let usable = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    usable.then_some(word).ok_or_else(|| "a scheme is one word, such as read2".to_owned())
}

pub(super) fn codes(options: &Options) -> Result<(), Stop> {
    match &options.command {
        Command::Import(options) => bring_in(options),
        Command::Diff(options) => diff(options),
        Command::Coverage(options) => coverage(options),
    }
}

fn bring_in(options: &ImportOptions) -> Result<(), Stop> {
    let folder = sets_folder(&options.into);
    let mut sources = Sources::default();
    let existing = if folder.exists() { read_sets(&folder, &mut sources)? } else { Vec::new() };
    let mut files = Vec::new();
    for path in &options.files {
        let content = std::fs::read(path).map_err(|error| {
            let problem = Problem::error("D007", format!("this file cannot be read: {}", error.kind()));
            Stop::data(vec![
                problem.in_data(path.display().to_string(), None, None).help("check that it is a file and that you may read it"),
            ])
        })?;
        files.push((path.display().to_string(), content));
    }
    let wanted = import::Options {
        map: options.map.clone(),
        only: options.only.clone(),
        all: options.all,
        on: options.on,
        scheme: options.scheme.clone(),
        release: options.release.clone(),
        keep_terms: options.keep_terms,
    };
    let found = import(&files, &existing, &wanted);
    if any_error(&found.problems) {
        let of_use = found.problems.iter().filter(|problem| problem.is_error()).all(|problem| problem.code.starts_with('U'));
        let exit = if of_use { exit::USAGE } else { exit::DATA };
        return Err(Stop { exit, problems: found.problems, sources });
    }
    complain(&found.problems, &sources);
    found.remarks.iter().for_each(|remark| say(remark));
    for set in &found.sets {
        say(&told(&set.changes, SHOWN));
        set.remarks.iter().for_each(|remark| say(&format!("  {remark}")));
    }
    let changed: Vec<(String, Vec<u8>)> =
        found.sets.iter().filter(|set| !set.changes.is_empty()).map(|set| (format!("{}.csv", set.file.name), set.file.write())).collect();
    let sets = if changed.len() == 1 { "1 code set".to_owned() } else { format!("{} code sets", changed.len()) };
    if changed.is_empty() {
        say("Nothing was written: there is nothing to change.");
        return Ok(());
    }
    if options.dry_run {
        say(&format!("Nothing was written; without --dry-run {sets} would be, in {}", folder.display()));
        return Ok(());
    }
    let named: Vec<(&str, Vec<u8>)> = changed.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
    output::write_all(&folder, &named)?;
    say(&format!("Written: {sets}, in {}", folder.display()));
    if folder != options.into {
        say(&format!("`dqoh check {}` says whether the rules are still sound.", options.into.display()));
    }
    Ok(())
}

/// A framework keeps its code sets in a folder of their own.
fn sets_folder(folder: &Path) -> PathBuf {
    let own = folder.join("code-sets");
    if own.is_dir() || folder.join("framework.toml").exists() { own } else { folder.to_owned() }
}

/// All code sets of a folder, by name. An empty one is no problem here: it may be there to be filled.
fn read_sets(folder: &Path, sources: &mut Sources) -> Result<Vec<SetFile>, Stop> {
    let unreadable = |error: std::io::Error| unreadable(folder, &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".csv").map(str::to_owned));
    }
    names.sort();
    let mut sets = Vec::new();
    for name in names {
        sets.push(read_set(&folder.join(format!("{name}.csv")), &name, sources)?);
    }
    Ok(sets)
}

fn read_set(path: &Path, name: &str, sources: &mut Sources) -> Result<SetFile, Stop> {
    let content = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let (set, problems) = SetFile::read(name, &path.display().to_string(), &content, sources);
    let problems: Vec<Problem> = problems.into_iter().filter(|problem| problem.is_error() && problem.code != "R031").collect();
    if problems.is_empty() { Ok(set) } else { Err(Stop { exit: exit::RULES, problems, sources: std::mem::take(sources) }) }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Stop {
    let problem = Problem::error("U022", format!("this is no code set and no folder of them: {}", error.kind()));
    Stop::usage(
        problem
            .in_data(path.display().to_string(), None, None)
            .help("name the .csv file of a code set, a folder of such files, or a framework"),
    )
}

fn diff(options: &DiffOptions) -> Result<(), Stop> {
    let mut sources = Sources::default();
    let mut side = |path: &Path| {
        if path.is_dir() {
            return read_sets(&sets_folder(path), &mut sources);
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        read_set(path, &name, &mut sources).map(|set| vec![set])
    };
    let (before, after) = (side(&options.before)?, side(&options.after)?);
    let changes = match (options.before.is_dir() || options.after.is_dir(), before.as_slice(), after.as_slice()) {
        // Two files are two states of one set, whatever they are called.
        (false, [before], [after]) => {
            vec![SetChanges::between(Some(before), Some(after))].into_iter().filter(|changes| !changes.is_empty()).collect()
        }
        _ => between_folders(&before, &after),
    };
    match options.format {
        Format::Text if changes.is_empty() => say("No difference."),
        Format::Text => changes.iter().for_each(|changes| say(&told(changes, usize::MAX))),
        Format::Csv => say(String::from_utf8_lossy(&changes_csv(&changes)).trim_end()),
    }
    match options.fail_on {
        Some(FailOn::Difference) if !changes.is_empty() => {
            Err(Stop { exit: exit::CONDITION, problems: Vec::new(), sources: Sources::default() })
        }
        _ => Ok(()),
    }
}

fn coverage(options: &CoverageOptions) -> Result<(), Stop> {
    let when = When {
        rules: options.rules.clone(),
        as_at: Vec::new(),
        every: None,
        view: ViewOption::YearEnd,
        confidential: options.confidential,
    };
    let Ready { frameworks, extract, records, .. } = ready(&options.extract, &when, Check::EveryCode)?;
    let Some(framework) = frameworks.first() else { return Ok(()) };
    let coverage = Coverage::of(framework, &extract.practices, &records);
    say(&coverage_text(&coverage));
    let rejects = extract.quality.rejects();
    if rejects > 0 {
        let rows =
            if rejects == 1 { "1 row could not be used and is".to_owned() } else { format!("{rejects} rows could not be used and are") };
        say(&format!("\n{rows} not counted; `dqoh run` lists what is left out in quarantine.csv"));
    }
    if let Some(out) = &options.out {
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let metadata = metadata_of_file(&COVERAGE, &name);
        output::write_all(folder, &[(name.as_str(), coverage_csv(&coverage)), (&format!("{name}-metadata.json"), metadata)])?;
        say(&format!("\nWritten: {}", out.display()));
    }
    Ok(())
}
