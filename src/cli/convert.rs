//! `dqoh convert`: an extract of any form → the canonical form; or, with `--tables`, what the statements of `dqoh sql` read.

use super::output::{self, Output};
use super::read::{progress_bar, tell_warnings};
use super::tolerance::Tolerance;
use super::{Stop, ViewOption, When, say, tables};
use crate::canonical::{EVENTS, FileForm, PATIENTS, Sorting, Table};
use crate::extract::Extract;
use crate::problem::Problem;
use crate::report::{practices_csv, quarantine_csv};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder or .zip of the extract
    pub extract: PathBuf,
    /// Folder for what is written
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// Write patients and events as Parquet
    #[arg(long, conflicts_with = "tables")]
    parquet: bool,
    /// Write the tables that the statements of `dqoh sql` read
    #[arg(long)]
    tables: bool,
    #[command(flatten)]
    pub when: When,
    #[command(flatten)]
    pub tolerance: Tolerance,
}

pub(super) fn convert(options: &Options) -> Result<(), Stop> {
    if options.tables {
        return tables::tables(options);
    }
    refuse_rules(&options.when)?;
    let form = if options.parquet { FileForm::Parquet } else { FileForm::Csv };
    let [patients, events] = ["patients", "events"].map(|table| format!("{table}.{}", form.ending()));
    refuse_own_folder(options)?;
    output::refuse_other_tables(&options.to, &[patients.clone(), events.clone()], "--to")?;
    let failed = |error: io::Error| failed(options, &error);
    let mut extract = Extract::open_with(&options.extract, options.when.confidential.wanted(), None).map_err(Stop::data)?;
    let mut output = Output::into(&options.to)?;
    let bar = progress_bar(extract.bytes());
    // Such a file has no name, may be read by nobody else, and is gone with this program, however it ends.
    let spill = || tempfile::tempfile_in(&options.to);
    let sorting = Sorting::of(&mut extract, spill, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let sorting = sorting.map_err(|problem| Stop::data(vec![problem]))?;
    tell_warnings(&extract);
    options.tolerance.of(&extract, &options.extract, Some(&options.to))?;
    let mut small = |name: &str, content: &[u8]| output.file(name).and_then(|mut file| file.write_all(content));
    small("extract.toml", extract.settings_text().as_bytes()).map_err(failed)?;
    small("practices.csv", &practices_csv(&extract.practices)).map_err(failed)?;
    small("quarantine.csv", &quarantine_csv(&extract.files, &extract.practices, &extract.quality)).map_err(failed)?;
    let mut table =
        |name: &str, fields| -> io::Result<Table<BufWriter<File>>> { Table::new(form, fields, BufWriter::new(output.file(name)?)) };
    let [people_table, events_table] = [table(&patients, &PATIENTS), table(&events, &EVENTS)];
    let (people, rows) = sorting.write(&extract, people_table.map_err(failed)?, events_table.map_err(failed)?).map_err(failed)?;
    output.complete()?;
    say(&format!(
        "{people} people and {rows} rows of events of {} practices are in {}. They are people: treat them as you do the extract.\nCount it with: dqoh run {}",
        extract.practices.len(),
        options.to.display(),
        options.to.display()
    ));
    Ok(())
}

/// The canonical form hangs on no rules: who names some wants the tables.
fn refuse_rules(when: &When) -> Result<(), Stop> {
    let When { rules, as_at, every, view, confidential: _ } = when;
    if rules.is_none() && as_at.is_empty() && every.is_none() && *view == ViewOption::YearEnd {
        return Ok(());
    }
    Err(Stop::usage(
        Problem::error("U060", "an extract is converted without rules and reporting days")
            .help("leave out --rules, --as-at, --every and --view; or add --tables, to write what `dqoh sql` reads"),
    ))
}

fn refuse_own_folder(options: &Options) -> Result<(), Stop> {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    if whole(&options.to).is_none_or(|to| whole(&options.extract) != Some(to)) {
        return Ok(());
    }
    let problem = Problem::error("U061", "an extract is not converted into its own folder");
    Err(Stop::usage(problem.in_data(options.to.display().to_string(), None, None).help("name a new folder with --to")))
}

fn failed(options: &Options, error: &io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::Unsupported if options.parquet => output::without_parquet(),
        _ => output::failed(&options.to, error),
    }
}
