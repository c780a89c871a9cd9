//! The commands, one a file. In: arguments. Out: files, text on the terminal, an exit code.
//! The only part that prints, and the only one besides `extract` that touches the file system.

mod check;
mod codes;
mod convert;
mod counts;
mod docs;
mod explain;
mod findings;
mod finer;
mod inspect;
mod load;
mod new;
mod output;
mod pages;
mod people;
mod problems;
mod quarantine;
mod read;
mod reference;
mod report;
mod run;
mod schema;
mod sql;
mod synth;
mod tables;
mod tolerance;
mod variation;
mod why;
mod worth;

pub use load::{built_in, read_folder};

use crate::extract::Confidential;
use crate::framework::View;
use crate::framework::calendar::Day;
use crate::problem::{Problem, render};
use crate::source::Sources;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Exit codes, as the handbook lists them.
pub mod exit {
    /// Everything went well.
    pub const OK: u8 = 0;
    /// Something unexpected, such as a disk that is full.
    pub const UNEXPECTED: u8 = 1;
    /// The command was not understood.
    pub const USAGE: u8 = 2;
    /// The rules are not sound.
    pub const RULES: u8 = 3;
    /// The data cannot be used, or too little of it.
    pub const DATA: u8 = 4;
    /// What `--fail-on` names has come about.
    pub const CONDITION: u8 = 5;
}

/// Counts what general practices achieved, and explains every number down to the record and the rule line.
///
/// Begin with `dqoh run sample-extracts`, then open out/results.csv.
/// Money is indicative: this is not the payer's calculation.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 all well · 1 unexpected · 2 the command was not understood · 3 the rules are not sound · 4 the data cannot be used · 5 what --fail-on names";

#[derive(Debug, Subcommand)]
enum Command {
    /// Count an extract: who achieved what, points and pounds
    #[command(
        after_help = "Example: dqoh run sample-extracts --as-at 2016-09-30,2017-03-31\nThe results are CSV files in the folder `out`; open results.csv with Excel."
    )]
    Run(run::Options),
    /// What an extract holds, and whether it can be trusted: read this before you count
    #[command(after_help = "Example: dqoh inspect sample-extracts --out quality\nFigures tell how many and where, never who.")]
    Inspect(inspect::Options),
    /// Rows that were not used
    Quarantine(quarantine::Options),
    /// Check rule files: every example, every line, every code
    #[command(after_help = "Example: dqoh check business-rules/dudley-2016-17\nExample: dqoh check --extract sample-extracts")]
    Check(check::Options),
    /// Write a framework as a book: every indicator, register, line, code and example
    #[command(
        after_help = "Example: dqoh docs --out book\nExample: dqoh docs business-rules/qof-2021-22-diabetes --out book --format html"
    )]
    Docs(docs::Options),
    /// Why is this person counted, or not?
    #[command(
        after_help = "Example: dqoh explain sample-extracts --person 1001 --indicator CP004\nExample: dqoh explain sample-extracts --practice P90002 --indicator CP004 --outcome not-achieved --out why.csv\nExample: dqoh explain sample-extracts --person 1001 --out person.html\nWithout --person and --out: how many people each line decided."
    )]
    Explain(explain::Options),
    /// Who to call, for what, by when: files of people, for their own practice alone
    #[command(
        after_help = "Example: dqoh people sample-extracts --as-at 2016-12-31 --out who-to-call\nOne workbook a practice. The files hold people's records: they are readable by you alone, and never part of results."
    )]
    People(people::Options),
    /// Write an indicator file to fill in
    #[command(
        after_help = "Example: dqoh new business-rules/dudley-2016-17/care-planning/cp008.toml --of LTC --title \"Plan shared with the family\""
    )]
    New(new::Options),
    /// What a problem's code means, and what to do about it
    #[command(after_help = "Example: dqoh problems R010")]
    Problems(problems::Options),
    /// Print the register and list counts of an extract, to paste under [reference]
    Reference(reference::Options),
    /// Make the results again from counts by line: those of a run, or of a database
    #[command(
        after_help = "Example: dqoh report --tally out/counts.csv --practices sample-extracts/practices.csv --out again\nThe same counts and rules give the same bytes as the run they came from."
    )]
    Report(report::Options),
    /// Make a synthetic extract from the rules themselves
    #[command(
        after_help = "Example: dqoh synth --out sample-extracts\nExample: dqoh synth --out large --people 318000 --practices 45 --seed 7\nSame rules, same options, same bytes."
    )]
    Synth(synth::Options),
    /// The form of rule files as JSON Schema, for editors
    #[command(
        after_help = "Example: dqoh schema > rule-file.schema.json\nThe first line of a rule file then names it: #:schema ../../rule-file.schema.json"
    )]
    Schema(schema::Options),
    /// Write the rules as SQL, to run them where the data lives
    #[command(after_help = "Example: dqoh sql --dialect duckdb --as-at 2017-03-31 --out sql")]
    Sql(sql::Options),
    /// Write an extract of any form in one form, sorted; or as tables that the SQL reads
    #[command(
        after_help = "Example: dqoh convert extract.zip --to sorted --parquet\nExample: dqoh convert sample-extracts --to tables --tables\nThe same rows in any order and form give the same bytes."
    )]
    Convert(convert::Options),
    /// Bring in official code sets, compare them, and see which codes an extract holds
    #[command(after_help = "Example: dqoh codes coverage sample-extracts")]
    Codes(codes::Options),
    /// Read counts that others made: searches of EMIS Web, the national QOF publication
    #[command(after_help = "Example: dqoh counts read QOF_1617 --out published")]
    Counts(counts::Options),
    /// How much practices differ, how much of it is more than chance, and what must not be concluded
    #[command(
        after_help = "Example: dqoh variation out/results.csv\nExample: dqoh variation out/results.csv --indicator CP004\nExample: dqoh variation june/results.csv september/results.csv --audience sharing --out shared\ndocs/methods.md explains each method."
    )]
    Variation(variation::Options),
    /// What more achieved people are worth: to the next point, to the upper threshold, and what if
    #[command(
        after_help = "Example: dqoh worth out --practice P90003\nExample: dqoh worth out --practice P90003 --if \"CP004 +4\"\nPounds are indicative."
    )]
    Worth(worth::Options),
    /// Print a script that completes commands in your shell
    #[command(after_help = "Example (PowerShell): dqoh completions powershell | Out-String | Invoke-Expression")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `--view`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ViewOption {
    /// Windows count back from the end of the period
    #[default]
    YearEnd,
    /// Windows count back from the reporting day; nothing is paid
    Rolling,
}

impl From<ViewOption> for View {
    fn from(view: ViewOption) -> View {
        match view {
            ViewOption::YearEnd => View::YearEnd,
            ViewOption::Rolling => View::Rolling,
        }
    }
}

/// Which rules, on which days.
#[derive(Debug, clap::Args)]
struct When {
    /// Folder of a framework; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Reporting days, with commas [default: the end of the framework's period]
    #[arg(long, value_name = "DAY,…", value_delimiter = ',', value_parser = day, conflicts_with = "every")]
    as_at: Vec<Day>,
    /// Report at the end of every quarter of the framework's period
    #[arg(long, value_enum)]
    every: Option<Every>,
    /// What windows count back from
    #[arg(long, value_enum, default_value_t)]
    view: ViewOption,
    #[command(flatten)]
    confidential: ConfidentialOption,
}

/// What is done with confidential rows.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
struct ConfidentialOption {
    /// Leave out people and records that are marked as confidential or sensitive
    #[arg(long)]
    leave_out_confidential: bool,
}

impl ConfidentialOption {
    fn wanted(self) -> Confidential {
        if self.leave_out_confidential { Confidential::LeftOut } else { Confidential::Used }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Every {
    /// Four reporting days
    Quarter,
}

/// `--layout`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// The files of the national QOF publication, of the last reporting day: ACHIEVEMENT, PREVALENCE, MAPPING_INDICATORS, ORGANISATION_REFERENCE
    Qof,
    /// fingertips.csv, in the columns of the public health profiles of Fingertips; every reporting day
    Fingertips,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text.as_bytes()).ok_or_else(|| "a day is written as 2017-03-31".to_owned())
}

/// Why a command stopped.
#[derive(Debug)]
struct Stop {
    exit: u8,
    problems: Vec<Problem>,
    sources: Sources,
}

impl Stop {
    fn data(problems: Vec<Problem>) -> Stop {
        Stop { exit: exit::DATA, problems, sources: Sources::default() }
    }

    fn usage(problem: Problem) -> Stop {
        Stop { exit: exit::USAGE, problems: vec![problem], sources: Sources::default() }
    }

    fn unexpected(problem: Problem) -> Stop {
        Stop { exit: exit::UNEXPECTED, problems: vec![problem], sources: Sources::default() }
    }
}

/// Runs a command and gives its exit code.
pub fn run(arguments: Arguments) -> u8 {
    let result = match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Inspect(options) => inspect::inspect_extract(&options),
        Command::Quarantine(options) => quarantine::quarantine(&options),
        Command::Check(options) => check::check(&options),
        Command::Docs(options) => docs::docs(&options),
        Command::Explain(options) => explain::explain(&options),
        Command::People(options) => people::people(&options),
        Command::New(options) => new::new(&options),
        Command::Problems(options) => problems::problems(&options),
        Command::Reference(options) => reference::reference(&options),
        Command::Report(options) => report::report(&options),
        Command::Synth(options) => synth::synth(&options),
        Command::Schema(options) => schema::schema(&options),
        Command::Sql(options) => sql::sql(&options),
        Command::Convert(options) => convert::convert(&options),
        Command::Codes(options) => codes::codes(&options),
        Command::Counts(options) => counts::counts(&options),
        Command::Variation(options) => variation::variation(&options),
        Command::Worth(options) => worth::worth_of_results(&options),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "dqoh", &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => exit::OK,
        Err(stop) => {
            complain(&stop.problems, &stop.sources);
            stop.exit
        }
    }
}

/// Problems go to the error stream, in colour on a terminal.
fn complain(problems: &[Problem], sources: &Sources) {
    if !problems.is_empty() {
        say_error(&render(problems, sources, true));
    }
}

/// One line or text for people; colours are taken out where nobody sees them.
fn say_error(text: &str) {
    anstream::eprintln!("{text}");
}

/// The same, to the output stream. A reader that went away (as `head` does) is no mistake.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(anstream::stdout(), "{text}");
}
