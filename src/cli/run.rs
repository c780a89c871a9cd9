//! `dqoh run`: an extract → results, counts, lines, payment, quarantine, manifest, and pages for people.

use super::output::{Output, group};
use super::pages::{self, PageOptions, WhoseOptions};
use super::read::{Opened, opened, threads};
use super::tolerance::{Tolerance, without_people};
use super::{Layout, Stop, When, say, say_error};
use crate::achievement::achieve;
use crate::book::Book;
use crate::briefing::Read;
use crate::cells::FinerRead;
use crate::evaluate::run::Counted;
use crate::extract::Extract;
use crate::extract::quality::Reason;
use crate::framework::Framework;
use crate::report::{
    Manifest, Outcomes, files_of_counts, files_of_finer, files_of_finer_variation, files_of_planning, files_of_qof, files_of_variation,
    fingertips_csv, manifest_json, planning_table, points_table, quarantine_csv,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract
    extract: PathBuf,
    #[command(flatten)]
    when: When,
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// How many threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    tolerance: Tolerance,
    /// Also write the results in another layout
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    #[command(flatten)]
    pages: PageOptions,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let threads = threads(options.threads.map(usize::from))?;
    let mut opened = opened(&options.extract, &options.when, Some(&threads))?;
    let earlier = pages::earlier(&options.pages, &opened.frameworks)?;
    let records = opened.packed(&threads)?;
    options.tolerance.of(&opened.extract, &options.extract, Some(&options.out))?;
    let started = Instant::now();
    let mut counted = opened.counted(records, &threads)?;
    let Opened { frameworks, mut extract, rules, mut seconds, .. } = opened;
    extract.count(Reason::DuplicateRecord, counted.duplicate_records);
    extract.count(Reason::UngroupedReading, counted.ungrouped_readings);
    seconds.push(("evaluate", started.elapsed().as_secs_f64()));
    let started = Instant::now();
    let achievement = achieve(&frameworks, &extract.practices, &counted.tally);
    let finer = FinerRead::of(&frameworks, std::mem::take(&mut counted.finer));
    let outcomes = Outcomes {
        frameworks: &frameworks,
        practices: &extract.practices,
        tally: &counted.tally,
        planning: &counted.planning,
        achievement: &achievement,
    };
    let mut output = Output::into(&options.out)?;
    let mut groups = pages::groups_of_counts(&outcomes, files_of_counts().chain(files_of_planning(&frameworks)));
    groups.push(group(|| files_of_finer(&outcomes, &finer)));
    groups.push(group(|| [("quarantine.csv", quarantine_csv(&extract.files, &extract.practices, &extract.quality))]));
    if options.layout == Some(Layout::Qof) {
        groups.push(group(|| files_of_qof(&outcomes)));
    }
    let compare = || (outcomes.comparisons(), outcomes.finer_comparison(&finer));
    let (written, (comparisons, finer_comparison)) = threads.both(|| output.write_groups(&threads, groups), compare);
    written?;
    let results = outcomes.results();
    let mut groups =
        vec![group(|| files_of_variation(&results, &comparisons)), group(|| files_of_finer_variation(&results, finer_comparison.as_ref()))];
    if options.layout == Some(Layout::Fingertips) {
        groups.push(group(|| [fingertips_csv(&results, &comparisons)]));
    }
    output.write_groups(&threads, groups)?;
    seconds.push(("report", started.elapsed().as_secs_f64()));
    if let Some(rulebook) = rules.sound().filter(|_| !options.pages.no_report) {
        let started = Instant::now();
        let read = (&Book::of(rulebook), Some(&read(&frameworks, &extract, &counted)));
        let compared = (comparisons.as_slice(), finer_comparison.as_ref());
        let whose = WhoseOptions::default();
        pages::write_of_outcomes((&mut output, &threads), &outcomes, compared, read, (&options.pages, &whose), earlier)?;
        seconds.push(("pages", started.elapsed().as_secs_f64()));
    }
    output.write("manifest.json", &manifest_json(&manifest(&frameworks, &extract, &counted, options, &seconds)))?;
    output.describe()?;
    let written = output.complete()?;
    summary(&outcomes, &extract, &counted, options, &seconds);
    written.say_what_is_too_long();
    Ok(())
}

/// What pages tell of the extract.
fn read(frameworks: &[Framework], extract: &Extract, counted: &Counted) -> Read {
    let off = counted.off_the_list.last().copied().unwrap_or_default();
    let too_early = frameworks.last().is_some_and(|last| extract.extracted_on < last.reporting_day);
    Read::of(extract, [("left", off.left), ("died", off.died), ("not yet registered", off.not_yet_registered)], too_early)
}

fn manifest(
    frameworks: &[Framework],
    extract: &Extract,
    counted: &Counted,
    options: &Options,
    seconds: &[(&'static str, f64)],
) -> Manifest {
    let days = frameworks.iter().zip(&counted.off_the_list).map(|(framework, off)| crate::report::ReportingDay {
        day: framework.reporting_day.to_string(),
        period_from: framework.period.from.to_string(),
        period_to: framework.period.to.to_string(),
        period_moved: framework.moved,
        not_on_the_list: [("died", off.died), ("left", off.left), ("not-yet-registered", off.not_yet_registered)]
            .into_iter()
            .map(|(word, people)| (word.to_owned(), people))
            .collect(),
    });
    let files = extract.files.iter().map(|file| crate::report::File { name: file.name.clone(), sha256: file.sha256.clone() });
    let first = frameworks.first();
    Manifest {
        program: format!("dqoh {}", env!("CARGO_PKG_VERSION")),
        framework: first.map(|framework| framework.id.clone()).unwrap_or_default(),
        framework_name: first.map(|framework| framework.name.clone()).unwrap_or_default(),
        framework_hash: first.map(|framework| framework.hash.clone()).unwrap_or_default(),
        view: first.map(|framework| framework.view.word().to_owned()).unwrap_or_default(),
        reporting_days: days.collect(),
        extracted_on: extract.extracted_on.to_string(),
        system: extract.system.clone(),
        scheme: extract.scheme.clone(),
        files: files.collect(),
        practices: extract.practices.len(),
        practices_without_people: without_people(extract),
        people: extract.number_of_people(),
        rows_read: extract.quality.rows_read,
        rows_in_no_set: extract.quality.rows_in_no_set,
        rows_in_no_set_by_scheme: extract.quality.in_no_set_by_scheme.clone(),
        rows_in_no_set_checked: "columns, person and code only".to_owned(),
        not_used: extract.quality.counts.iter().map(|(reason, count)| (reason.word().to_owned(), *count)).collect(),
        rejects: extract.quality.rejects(),
        options: options_of(options),
        seconds: seconds.iter().map(|(step, seconds)| ((*step).to_owned(), (seconds * 1000.0).round() / 1000.0)).collect(),
        note: "Points and pounds are indicative; they are not the payer's calculation.".to_owned(),
    }
}

fn options_of(options: &Options) -> BTreeMap<String, String> {
    let rules = options.when.rules.as_ref().map_or_else(|| "built in".to_owned(), |rules| rules.display().to_string());
    [
        ("extract", options.extract.display().to_string()),
        ("rules", rules),
        ("threads", options.threads.map_or_else(|| "all".to_owned(), |threads| threads.to_string())),
        ("leave-out-confidential", options.when.confidential.leave_out_confidential.to_string()),
        ("allow-missing", options.tolerance.allow_missing.to_string()),
        ("strict", options.tolerance.strict.to_string()),
        ("max-rejects", format!("{}%", options.tolerance.max_rejects)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// What every summary begins with: the framework, its days, and the points of the practices.
pub(super) fn say_points(outcomes: &Outcomes<'_>) {
    let name = outcomes.frameworks.last().map_or("", |framework| framework.name.as_str());
    say(&format!("{name} · {}", days(outcomes.frameworks)));
    for remark in outcomes.frameworks.iter().flat_map(Framework::remarks) {
        say(&remark);
    }
    say(&points_table(outcomes));
    let planning = planning_table(outcomes);
    if let Some(last) = outcomes.frameworks.last().filter(|_| !planning.is_empty()) {
        say(&format!("Care planning: people on the register by where they are on {}, decliners among them", last.reporting_day.long()));
        say(&planning);
    }
}

fn summary(outcomes: &Outcomes<'_>, extract: &Extract, counted: &Counted, options: &Options, seconds: &[(&'static str, f64)]) {
    let Some(last) = outcomes.frameworks.last() else { return };
    say_points(outcomes);
    let quality = &extract.quality;
    if let Some(told) = extract.told() {
        say(told);
    }
    say(&format!(
        "Read {} people and {} rows of {} practices; {} rows are of codes that no fact asks for{}.",
        extract.number_of_people(),
        quality.rows_read,
        extract.practices.len(),
        quality.rows_in_no_set,
        by_scheme(&quality.in_no_set_by_scheme)
    ));
    let set_aside: Vec<String> = quality.counts.iter().map(|(reason, count)| format!("{} {count}", reason.word())).collect();
    say(&if set_aside.is_empty() {
        "Every row could be used.".to_owned()
    } else {
        format!("Set aside or used in part: {}.", set_aside.join(", "))
    });
    if let Some(off) = counted.off_the_list.last() {
        say(&format!(
            "Not on the list on {}: {} left, {} died, {} not yet registered.",
            last.reporting_day.long(),
            off.left,
            off.died,
            off.not_yet_registered
        ));
    }
    if extract.extracted_on < last.reporting_day {
        say_error(&format!(
            "Note: the extract was made on {}, before the reporting day {}; later records are not in it.",
            extract.extracted_on.long(),
            last.reporting_day.long()
        ));
    }
    let all: f64 = seconds.iter().map(|(_, seconds)| seconds).sum();
    say(&format!("Results are in {} ({all:.2} s). Points and pounds are indicative, not the payer's calculation.", options.out.display()));
}

/// ` (loinc 20, snomed 30)`
fn by_scheme(counts: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = counts.iter().map(|(scheme, count)| format!("{scheme} {count}")).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn days(frameworks: &[Framework]) -> String {
    let days: Vec<String> = frameworks.iter().map(|framework| framework.reporting_day.long()).collect();
    let view = frameworks.first().map_or("", |framework| framework.view.word());
    format!("{view} view as at {}", days.join(", "))
}
