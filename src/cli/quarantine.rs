//! `dqoh quarantine show`: which rows were not used, by file, reason and column, and what to do about them. Never a value.

use super::read::practice_of;
use super::{Stop, say};
use crate::extract::Extract;
use crate::extract::quarantine::{SetAside, columns_of, read_quarantine};
use crate::report::{quarantine_rows, quarantine_summary};
use clap::Subcommand;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Rows that were not used, or only in part: how many, where, what was done, what to do
    #[command(
        after_help = "Example: dqoh quarantine show out\nExample: dqoh quarantine show out sample-extracts --rows --practice P90003\nNo value of any row is shown: look the rows up in the extract itself."
    )]
    Show(ShowOptions),
}

#[derive(Debug, clap::Args)]
struct ShowOptions {
    /// Folder that holds quarantine.csv, or the file
    #[arg(value_name = "OUT_DIR_OR_FILE")]
    quarantine: PathBuf,
    /// The extract that it was written for: each row then has its cell, as a spreadsheet names it
    extract: Option<PathBuf>,
    /// Also every row
    #[arg(long)]
    rows: bool,
    /// Only rows that are known to be of this practice
    #[arg(long, value_name = "CODE")]
    practice: Option<String>,
}

pub(super) fn quarantine(options: &Options) -> Result<(), Stop> {
    match &options.command {
        Command::Show(options) => show(options),
    }
}

fn show(options: &ShowOptions) -> Result<(), Stop> {
    let one = |problem| Stop::data(vec![problem]);
    let mut rows = read_quarantine(&options.quarantine).map_err(one)?;
    let extract = options.extract.as_deref().map(Extract::open).transpose().map_err(Stop::data)?;
    let mut columns: BTreeMap<String, Vec<(&'static str, usize)>> = BTreeMap::new();
    if let Some(extract) = &extract {
        for row in rows.chunk_by(|a, b| a.file == b.file).filter_map(<[SetAside]>::first) {
            columns.insert(row.file.clone(), columns_of(extract, &row.file).map_err(one)?);
        }
    }
    if let Some(code) = &options.practice {
        if let Some(extract) = &extract {
            practice_of(extract, code)?;
        }
        let without = rows.iter().filter(|row| row.practice.is_empty()).count();
        rows.retain(|row| row.practice == *code);
        say(&format!("Only rows of {code}; {without} more do not tell of which practice they are."));
    }
    say(&quarantine_summary(&rows));
    if options.rows && !rows.is_empty() {
        say(&quarantine_rows(&rows, &columns));
    }
    Ok(())
}
