//! `dqoh synth`: a synthetic extract, made of the examples of the rules.

use super::{Stop, day, load, output, say, say_error};
use crate::canonical::FileForm;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use crate::synth::{Canonical, Files, Made, Options as What, Order, Records, write};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// An extract of so many people is as large as a real one, if nothing else is asked for.
const WHOLE_FROM: u32 = 20_000;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder for the extract
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of a framework; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// About how many people
    #[arg(long, value_name = "N", default_value_t = 1500, value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    people: u32,
    /// How many practices; one more has the people who are examples of the rules
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=999))]
    practices: u16,
    /// Another number, other people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How much of what practices record [default: all from 20,000 people on, otherwise rules]
    #[arg(long, value_name = "WHICH", value_enum)]
    records: Option<Recorded>,
    /// The form of the extract
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = FormOfExtract::Canonical)]
    form: FormOfExtract,
    /// The order of rows of events
    #[arg(long, value_name = "ORDER", value_enum, default_value_t = Rows::Sorted)]
    order: Rows,
    /// The reporting day [default: the end of the framework's period]
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_at: Option<Day>,
}

/// How much is recorded, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Recorded {
    /// What rules ask for, and very little besides: about 18 rows a person
    Rules,
    /// Everything, most of it of codes that no rule asks for: about 60 rows a person
    All,
}

/// A form, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FormOfExtract {
    /// CSV files as the README describes them
    Canonical,
    /// The same, patients and events as Parquet
    Parquet,
}

/// An order, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Rows {
    /// By practice, person and day
    Sorted,
    /// Mixed, to see what unsorted rows cost
    Random,
}

pub(super) fn synth(options: &Options) -> Result<(), Stop> {
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let what = What {
        people: options.people as usize,
        practices: usize::from(options.practices),
        seed: options.seed,
        as_at: options.as_at.unwrap_or_else(|| rulebook.period().to),
        records: match options.records {
            Some(Recorded::Rules) => Records::Rules,
            Some(Recorded::All) => Records::All,
            None if options.people >= WHOLE_FROM => Records::All,
            None => Records::Rules,
        },
        order: match options.order {
            Rows::Sorted => Order::Sorted,
            Rows::Random => Order::Random,
        },
    };
    let form = match options.form {
        FormOfExtract::Canonical => FileForm::Csv,
        FormOfExtract::Parquet => FileForm::Parquet,
    };
    let names = names(form);
    output::refuse_other_tables(&options.out, &names, "--out")?;
    let made = files(&options.out, &names).and_then(|files| write(rulebook, &what, Canonical::new(files, form)?));
    let made = made.and_then(|made| complete(&options.out, &names).map(|()| made)).map_err(|error| failed(&options.out, &error))?;
    tell(&made, options);
    Ok(())
}

/// Under names that no extract is read from, until all is written.
fn unfinished(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

fn names(form: FileForm) -> [String; 4] {
    let table = |name: &str| format!("{name}.{}", form.ending());
    ["extract.toml".to_owned(), "practices.csv".to_owned(), table("patients"), table("events")]
}

fn files(folder: &Path, names: &[String; 4]) -> io::Result<Files<BufWriter<File>>> {
    std::fs::create_dir_all(folder)?;
    let [extract, practices, patients, events] = names.each_ref().map(|name| File::create(unfinished(folder, name)).map(BufWriter::new));
    Ok(Files { extract: extract?, practices: practices?, patients: patients?, events: events? })
}

fn complete(folder: &Path, names: &[String]) -> io::Result<()> {
    names.iter().try_for_each(|name| std::fs::rename(unfinished(folder, name), folder.join(name)))
}

fn failed(folder: &Path, error: &io::Error) -> Stop {
    if error.kind() == io::ErrorKind::Unsupported {
        return output::without_parquet();
    }
    Stop::unexpected(
        Problem::error("U001", format!("the extract cannot be written: {}", error.kind()))
            .in_data(folder.display().to_string(), None, None)
            .help("choose another folder with --out, close files that Excel holds open, and look whether the disk is full"),
    )
}

fn tell(made: &Made, options: &Options) {
    say(&format!(
        "Made {} people with {} rows of events in {} practices and one more of {} people who are examples of the rules, numbered from 1001. Nobody in it exists.",
        made.people, made.events, options.practices, made.of_examples
    ));
    if !made.unreached.is_empty() {
        let lines: Vec<String> = made.unreached.iter().map(|(measure, line)| format!("{measure} line {line}")).collect();
        say_error(&format!("Note: these lines decide nobody on this day: {}.", lines.join(", ")));
    }
    say(&format!("Count it with: dqoh run {}", options.out.display()));
}
