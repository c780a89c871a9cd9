//! `dqoh synth`: a synthetic extract, made of the examples of the rules.

use super::{Stop, day, load, output, say, say_error};
use crate::canonical::FileForm;
use crate::framework::Rulebook;
use crate::framework::calendar::Day;
use crate::problem::Problem;
use crate::synth::emis::{self, Shape, Specification};
use crate::synth::{Canonical, Files, Ids, Made, Options as What, Order, Records, write};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek};
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
    /// By which version of its specification an extract of EMIS Web is made
    #[arg(long, value_name = "VERSION", value_enum, default_value_t = Version::V81)]
    specification: Version,
    /// The form of patient ids
    #[arg(long, value_name = "FORM", value_enum, default_value_t = FormOfIds::Numbers)]
    ids: FormOfIds,
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
    /// The bulk extract of EMIS Web in three batches, with all that is awkward in such extracts
    Emis,
}

/// A version of the specification of that extract, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Version {
    /// April 2016
    #[value(name = "5.2")]
    V52,
    /// September 2016
    #[value(name = "5.4")]
    V54,
    /// April 2021
    #[value(name = "7.1")]
    V71,
    /// April 2024
    #[value(name = "8.1")]
    V81,
}

impl From<Version> for Specification {
    fn from(version: Version) -> Specification {
        match version {
            Version::V52 => Specification::V52,
            Version::V54 => Specification::V54,
            Version::V71 => Specification::V71,
            Version::V81 => Specification::V81,
        }
    }
}

/// A form of patient ids, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FormOfIds {
    /// Counted from 1001
    Numbers,
    /// Ten digits, as NHS numbers have; they begin with 999, which no NHS number of a person does
    TenDigits,
    /// GUIDs of 36 characters, as many systems make them
    Guids,
}

impl From<FormOfIds> for Ids {
    fn from(form: FormOfIds) -> Ids {
        match form {
            FormOfIds::Numbers => Ids::Numbers,
            FormOfIds::TenDigits => Ids::TenDigits,
            FormOfIds::Guids => Ids::Guids,
        }
    }
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
    let made = match options.form {
        FormOfExtract::Canonical => as_tables(rulebook, &what, options, FileForm::Csv)?,
        FormOfExtract::Parquet => as_tables(rulebook, &what, options, FileForm::Parquet)?,
        FormOfExtract::Emis => as_emis(rulebook, &what, options).map_err(|error| failed(&options.out, &error))?,
    };
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

/// The canonical form.
fn as_tables(rulebook: &Rulebook, what: &What, options: &Options, form: FileForm) -> Result<Made, Stop> {
    let names = names(form);
    output::refuse_other_tables(&options.out, &names, "--out")?;
    let made =
        files(&options.out, &names).and_then(|files| write(rulebook, what, Canonical::new(files, form)?.with_ids(options.ids.into())));
    made.and_then(|made| complete(&options.out, &names).map(|()| made)).map_err(|error| failed(&options.out, &error))
}

/// The same people as an extract of EMIS Web, with the practices and their localities beside: made of the canonical form.
fn as_emis(rulebook: &Rulebook, what: &What, options: &Options) -> io::Result<Made> {
    std::fs::create_dir_all(&options.out)?;
    let [extract, practices, patients, events] = [(); 4].map(|()| tempfile::tempfile());
    let (extract, practices, patients, events) = (extract?, practices?, patients?, events?);
    let to = |file: &File| file.try_clone().map(BufWriter::new);
    let files = Files { extract: to(&extract)?, practices: to(&practices)?, patients: to(&patients)?, events: to(&events)? };
    let made = write(rulebook, what, Canonical::new(files, FileForm::Csv)?.with_ids(options.ids.into()))?;
    let again = |mut file: File| file.rewind().map(|()| BufReader::new(file));
    let mut listed = Vec::new();
    again(practices)?.read_to_end(&mut listed)?;
    std::fs::write(unfinished(&options.out, "practices.csv"), &listed)?;
    let from = emis::Canonical {
        practices: io::Cursor::new(listed),
        patients: again(patients)?,
        events: again(events)?,
        extracted_on: what.extracted_on(),
        scheme: "snomed".to_owned(),
    };
    let mut names = vec!["practices.csv".to_owned()];
    let shape = Shape { version: options.specification.into(), batches: 3, seed: what.seed };
    let turned = emis::write(from, &shape, |name| {
        names.push(name.to_owned());
        File::create(unfinished(&options.out, name)).map(BufWriter::new)
    })?;
    complete(&options.out, &names)?;
    if turned.left_out > 0 {
        say_error(&format!("Note: {} rows are of schemes that an extract of EMIS Web does not have; they are left out.", turned.left_out));
    }
    Ok(made)
}

fn complete(folder: &Path, names: &[impl AsRef<str>]) -> io::Result<()> {
    let mut names = names.iter().map(AsRef::as_ref);
    names.try_for_each(|name| std::fs::rename(unfinished(folder, name), folder.join(name)))
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
