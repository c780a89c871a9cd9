//! `dqoh sql`: a framework → SQL for a database, with what an analyst needs to run it.

use super::{Stop, When, load, output, read, say};
use crate::framework::Framework;
use crate::sql::dialect::{Dialect, DuckDb, Spark, Sqlite};
use crate::sql::{cells_query, counts_plans, counts_query, loading, pairs_query, people_query, planning_query, statements, statements_of};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of a framework; the same as --rules
    #[arg(value_name = "FRAMEWORK", conflicts_with = "rules")]
    framework: Option<PathBuf>,
    /// For which database
    #[arg(long, value_enum)]
    dialect: Which,
    #[command(flatten)]
    when: When,
    /// Only this indicator, register or pathway
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// Also the query that gives every person's line
    #[arg(long)]
    people: bool,
    /// Folder for the statements
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// SQLite
    Sqlite,
    /// DuckDB
    Duckdb,
    /// Spark, Databricks, Foundry
    Spark,
}

impl Which {
    fn dialect(self) -> &'static dyn Dialect {
        match self {
            Which::Sqlite => &Sqlite,
            Which::Duckdb => &DuckDb,
            Which::Spark => &Spark,
        }
    }
}

pub(super) fn sql(options: &Options) -> Result<(), Stop> {
    let folder = options.framework.as_deref().or(options.when.rules.as_deref());
    let rules = load::sound_rules(folder)?;
    let frameworks = rules.sound().map(|rulebook| read::frameworks(rulebook, &options.when)).unwrap_or_default();
    let Some(first) = frameworks.first() else { return Ok(()) };
    let dialect = options.dialect.dialect();
    if let Some(wanted) = &options.indicator {
        super::explain::known_measure(first, wanted)?;
    }
    let mut files = vec![("tables.sql".to_owned(), loading(dialect).into_bytes())];
    for framework in &frameworks {
        let day = framework.reporting_day;
        let all = || statements(framework, dialect);
        let made = options.indicator.as_ref().and_then(|measure| statements_of(framework, measure, dialect)).unwrap_or_else(all);
        files.push((format!("run-{day}.sql"), made.concat().into_bytes()));
    }
    if options.people {
        files.push(("people.sql".to_owned(), format!("{};\n", people_query()).into_bytes()));
    }
    files.push(("counts.sql".to_owned(), format!("{};\n", counts_query()).into_bytes()));
    let plans = counts_plans(first, options.indicator.as_deref());
    if plans {
        files.push(("planning-counts.sql".to_owned(), format!("{};\n", planning_query()).into_bytes()));
    }
    files.push(("cells.sql".to_owned(), format!("{};\n", cells_query()).into_bytes()));
    if !first.associations.is_empty() {
        files.push(("pairs.sql".to_owned(), format!("{};\n", pairs_query()).into_bytes()));
    }
    files.push(("README.md".to_owned(), readme(first, &frameworks, dialect, plans).into_bytes()));
    let named: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    output::write_all(&options.out, &named)?;
    for (name, _) in &files {
        say(name);
    }
    say(&format!("Begin with {}.", options.out.join("README.md").display()));
    Ok(())
}

fn readme(first: &Framework, frameworks: &[Framework], dialect: &dyn Dialect, plans: bool) -> String {
    let runs: Vec<String> = frameworks
        .iter()
        .map(|framework| {
            let counts = if plans { "`counts.sql` and `planning-counts.sql`: keep each answer" } else { "`counts.sql`: keep its answer" };
            format!("   - `run-{}.sql`, then {counts} as CSV with a header", framework.reporting_day)
        })
        .collect();
    let pairs = !first.associations.is_empty();
    let finer = if pairs { "`cells.sql` and `pairs.sql`: keep each answer" } else { "`cells.sql`: keep its answer" };
    let with_pairs = if pairs { " --pairs PAIRS" } else { "" };
    let planning = if plans { " --planning PLANNING-COUNTS" } else { "" };
    format!(
        "# {}, as SQL for {}\n\n\
         Made by dqoh {} from the rules with the hash `{}`, in the {} view. Points and pounds are not worked out here.\n\n\
         1. `dqoh convert EXTRACT --to DIR --tables` writes the tables `people`, `events`, `codes` and `calendar` as CSV.\n\
         2. `tables.sql` makes the tables and loads them; set the folder in it first.\n\
         3. For each reporting day, the last one last:\n{}\n   - After the last one also {finer}. They are for statistics; their numbers are small.\n\
         4. `dqoh report --tally COUNTS{planning} --cells CELLS{with_pairs} --practices practices.csv` turns the answers into results and payment.\n\n\
         Every person's line for every measure stays in `person_lines` (person, measure, line) until the next day is run.\n\
         All numbers are whole: `day` counts from 1 January 1970, `amount` is in millionths.\n",
        first.name,
        dialect.name(),
        env!("CARGO_PKG_VERSION"),
        first.hash,
        first.view.word(),
        runs.join("\n"),
    )
}
