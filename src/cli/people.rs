//! `dqoh people`: who to call, for what, by when: files of people, for their own practice alone.

use super::output::Output;
use super::read::{progress_bar, tell_warnings, threads};
use super::tolerance::Tolerance;
use super::{ConfidentialOption, Stop, counts, day, load, say, say_error};
use crate::extract::Extract;
use crate::framework::calendar::Day;
use crate::framework::{Framework, Rulebook, View};
use crate::problem::Problem;
use crate::recall::{Figures, Identifiers, Recall, Recalled, Words, conditions};
use crate::report::{PracticeRecall, RecallTables, files_of_recall, recall_workbook, two_views_csv};
use std::cmp::Reverse;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract
    extract: PathBuf,
    /// Folder for the files of people, not one that is shared
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only this practice
    #[arg(long, value_name = "CODE")]
    practice: Option<String>,
    /// Reporting day [default: the day of the extract, or the end of the framework's period where that is earlier]
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_at: Option<Day>,
    /// Folder of a framework; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A table with patient_id and the practice's own numbers, to stand beside
    #[arg(long, value_name = "FILE")]
    identifiers: Option<PathBuf>,
    /// Write the CSV files only: workbooks take a third of the time
    #[arg(long)]
    no_workbooks: bool,
    /// How many threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    confidential: ConfidentialOption,
    #[command(flatten)]
    tolerance: Tolerance,
}

/// One practice, ready to be written.
struct Made {
    practice: usize,
    people: usize,
    at_once: usize,
    known: usize,
    figures: Figures,
    files: Vec<(String, Vec<u8>)>,
}

pub(super) fn people(options: &Options) -> Result<(), Stop> {
    refuse_shared(&options.out)?;
    let threads = threads(options.threads.map(usize::from))?;
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let identifiers = match &options.identifiers {
        Some(path) => {
            let file = counts::file(path, true)?;
            Identifiers::read(&file.name, &file.content).map_err(|problem| Stop::data(vec![problem]))?
        }
        None => Identifiers::default(),
    };
    let mut extract = Extract::open_with(&options.extract, options.confidential.wanted(), Some(&threads)).map_err(Stop::data)?;
    let wanted = options.practice.as_ref().map(|code| super::read::practice_of(&extract, code)).transpose()?;
    let reporting_day = options.as_at.unwrap_or_else(|| extract.extracted_on.min(rulebook.period().to));
    let (today, end, between) = frameworks(rulebook, reporting_day);
    let codes = today.codes.clone();
    let bar = progress_bar(extract.bytes());
    let records = extract.packed(&codes, &threads, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let mut records = records.map_err(|problem| Stop::data(vec![problem]))?;
    tell_warnings(&extract);
    options.tolerance.of(&extract, &options.extract, None)?;

    let conditions = conditions(&today);
    let recall = Recall::new(&today, &end, &between, &conditions);
    let words = Words::of(rulebook, &end);
    let mut output = Output::for_the_owner_alone(&options.out)?;
    let mut names = Vec::new();
    // A practice without anybody is counted too; one that was not asked for is not.
    let asked_for = |at: usize| wanted.is_none_or(|wanted| wanted == at);
    let nobody = || Figures::new(end.indicators.len());
    let mut figures: Vec<Option<Figures>> = (0..extract.practices.len()).map(|at| asked_for(at).then(nobody)).collect();
    let (mut people, mut at_once, mut known) = (0, 0, 0);
    let make = |(practice, parts): (u16, Vec<_>)| {
        let practice = usize::from(practice);
        if !asked_for(practice) {
            return Ok(None);
        }
        let mut all = Recalled::default();
        for part in parts {
            let recalled = recall.of(&extract.patients_of(part, &codes).1);
            all.people.extend(recalled.people);
            all.figures.and(&recalled.figures);
        }
        made(&extract, &recall, &words, &identifiers, practice, all, !options.no_workbooks).map(Some)
    };
    let next = || records.next_practice().map_err(|problem| Stop::data(vec![problem]));
    threads.in_turns(next, make, |made: Option<Made>| {
        let Some(made) = made else { return Ok(()) };
        people += made.people;
        at_once += made.at_once;
        known += made.known;
        if let Some(slot) = figures.get_mut(made.practice) {
            *slot = Some(made.figures);
        }
        for (name, content) in made.files {
            output.write(&name, &content)?;
            names.push(name);
        }
        Ok(())
    })?;
    output.write("two-views.csv", &two_views_csv(&recall, &extract.practices, &figures))?;
    names.push("two-views.csv".to_owned());
    output.write("manifest.json", &manifest(&recall, &extract, &names))?;
    output.describe()?;
    output.complete()?.say_what_is_too_long();
    summary(options, &recall, [people, at_once]);
    if options.identifiers.is_some() {
        say(&format!("The practice's own numbers stand beside {known} of them; the file has {} people.", identifiers.people()));
    }
    Ok(())
}

/// The rules of today, of the end of the period, and of every day between.
fn frameworks(rulebook: &Rulebook, reporting_day: Day) -> (Framework, Framework, Vec<Framework>) {
    let today = rulebook.at(reporting_day, View::Rolling).0;
    let end = rulebook.at(rulebook.period().moved_to(reporting_day).to, View::YearEnd).0;
    let days = (reporting_day.0 + 1..=end.reporting_day.0).map(Day);
    let between = days.map(|day| rulebook.at(day, View::Rolling).0).collect();
    (today, end, between)
}

fn made(
    extract: &Extract,
    recall: &Recall<'_>,
    words: &Words<'_>,
    identifiers: &Identifiers,
    at: usize,
    recalled: Recalled,
    with_workbook: bool,
) -> Result<Made, Stop> {
    let Some(practice) = extract.practices.get(at) else {
        return Ok(Made { practice: at, people: 0, at_once: 0, known: 0, figures: recalled.figures, files: Vec::new() });
    };
    let mut people: Vec<_> = recalled.people.into_iter().map(|person| (extract.id_of(person.number).to_owned(), person)).collect();
    // Those first with whom the most can be completed at once; then who has the most to do, and the nearest deadline.
    people.sort_by(|(one_id, one), (other_id, other)| {
        let at_once = |person: &crate::recall::PersonRecall| Reverse(person.appointment.map_or(0, |appointment| appointment.indicators));
        let key = |person: &crate::recall::PersonRecall| {
            (at_once(person), Reverse(person.can_be_completed()), person.by().is_none(), person.by())
        };
        key(one).cmp(&key(other)).then_with(|| one_id.cmp(other_id))
    });
    let of = PracticeRecall { practice, recall: *recall, words, identifiers, people: &people };
    let tables = RecallTables::of(&of);
    let mut files: Vec<(String, Vec<u8>)> = files_of_recall(practice, &tables).into();
    if with_workbook {
        let workbook = recall_workbook(&of, &tables).map_err(|error| {
            let problem = Problem::error("U081", format!("the workbook of practice {} cannot be made: {error}", practice.code));
            Stop::unexpected(problem.help("the CSV files hold the same: leave workbooks out with --no-workbooks"))
        })?;
        files.push((format!("{}.xlsx", practice.code), workbook));
    }
    Ok(Made {
        practice: at,
        people: people.len(),
        at_once: people.iter().filter(|(_, person)| person.appointment.is_some_and(|appointment| appointment.indicators > 1)).count(),
        known: people.iter().filter(|(id, _)| identifiers.knows(&practice.code, id)).count(),
        figures: recalled.figures,
        files,
    })
}

/// Files of people must not lie where results are shared from.
fn refuse_shared(folder: &Path) -> Result<(), Stop> {
    let shared = ["results.csv", "report.html", "workbook.xlsx", "variation.csv"];
    let Some(name) = shared.into_iter().find(|name| folder.join(name).exists()) else { return Ok(()) };
    let says = format!("this folder holds `{name}`: files of people must not lie beside results that are shared");
    let problem = Problem::error("U080", says).in_data(folder.display().to_string(), None, None);
    Err(Stop::usage(problem.help("name a folder of their own with --out, which only the practice can open")))
}

fn manifest(recall: &Recall<'_>, extract: &Extract, files: &[String]) -> Vec<u8> {
    let read: Vec<_> = extract.files.iter().map(|file| serde_json::json!({ "name": file.name, "sha256": file.sha256 })).collect();
    let manifest = serde_json::json!({
        "program": format!("dqoh {}", env!("CARGO_PKG_VERSION")),
        "holds": "Records of people. For their own practice alone; do not send it on.",
        "framework": recall.today().id,
        "framework_hash": recall.today().hash,
        "reporting_day": recall.today().reporting_day.to_string(),
        "end_of_period": recall.end().reporting_day.to_string(),
        "extracted_on": extract.extracted_on.to_string(),
        "read": read,
        "files_of_people": files,
    });
    let mut text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    text.push(b'\n');
    text
}

fn summary(options: &Options, recall: &Recall<'_>, [people, at_once]: [usize; 2]) {
    let (day, end) = (recall.today().reporting_day, recall.end().reporting_day);
    say(&format!("{} · as at {}; the period ends on {}", recall.today().name, day.long(), end.long()));
    say(&format!(
        "Something is due for {people} people; with {at_once} of them two indicators or more can be completed at one appointment."
    ));
    if day >= end {
        say(
            "The period is over: nothing that is recorded from now on counts for it. Name an earlier day with --as-at to see what was due then.",
        );
    }
    say(&format!("Files of people are in {}, readable by you alone. They hold records: keep them in the practice.", options.out.display()));
    if cfg!(not(unix)) {
        say_error("Note: on this system the files are as readable as their folder is; choose one of your own.");
    }
}
