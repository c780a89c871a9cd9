//! `dqoh report`: counts by line, from a run or a database → results, counts, lines, payment; and what pathways count, if it is given.
//! Or counts that others published → results.

use super::output::{Output, group};
use super::pages::{self, PageOptions, WhoseOptions};
use super::read::threads;
use super::{Layout, Stop, counts as published, day, finer, load, run, say, say_error};
use crate::achievement::{Area, achieve};
use crate::book::Book;
use crate::briefing::Material;
use crate::cells::FinerRead;
use crate::comparison::{About, Asked, Comparison, about, comparisons};
use crate::disclosure::Audience;
use crate::extract::{counts, planning_counts, read_practices};
use crate::framework::calendar::Day;
use crate::planning::{self, from_rows};
use crate::published::results::{SumBy, reported};
use crate::report::{
    Outcomes, files_of_counts, files_of_finer, files_of_finer_variation, files_of_planning, files_of_qof, files_of_variation,
    fingertips_csv, results_csv,
};
use crate::tally::{LIST, from_counts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Counts, as counts.csv has them; may be given more than once
    #[arg(long, value_name = "FILE", required_unless_present = "counts", conflicts_with = "counts")]
    tally: Vec<PathBuf>,
    /// What pathways count, as planning-counts.csv has it; may be given more than once
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    planning: Vec<PathBuf>,
    /// Counts by age, sex and deprivation of the last reporting day, as cells.csv has them; may be given more than once
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    cells: Vec<PathBuf>,
    /// People by uptake and outcome on the last reporting day, as pairs.csv has them; may be given more than once
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    pairs: Vec<PathBuf>,
    /// Counts that others published, as `dqoh counts read` takes them: files, or folders with them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    counts: Vec<PathBuf>,
    /// What published counts are summed by
    #[arg(long, value_enum, default_value_t, requires = "counts")]
    sum_by: SumByOption,
    /// The day of published counts whose file names none
    #[arg(long, value_name = "DAY", value_parser = day, requires = "counts")]
    as_at: Option<Day>,
    /// The practices, as practices.csv of an extract has them; may be left out with --counts
    #[arg(long, value_name = "FILE", required_unless_present = "counts")]
    practices: Option<PathBuf>,
    /// Folder of the framework that counted; the Dudley framework of 2016/17 is built in
    #[arg(long, value_name = "DIR", conflicts_with = "counts")]
    rules: Option<PathBuf>,
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Also write the results in another layout
    #[arg(long, value_enum, conflicts_with = "counts")]
    layout: Option<Layout>,
    #[command(flatten)]
    pages: PageOptions,
    #[command(flatten)]
    whose: WhoseOptions,
}

/// `--sum-by`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum SumByOption {
    /// The area of the publication, such as a Clinical Commissioning Group; with --practices the locality
    #[default]
    Area,
    /// The primary care network
    Network,
}

pub(super) fn report(options: &Options) -> Result<(), Stop> {
    let Some(practices) = options.practices.as_deref().filter(|_| options.counts.is_empty()) else { return of_published(options) };
    let threads = threads(None)?;
    let rules = load::sound_rules(options.rules.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    let practices = read_practices(practices).map_err(Stop::data)?;
    let counts = counts::read(&options.tally, &rulebook.hash).map_err(Stop::data)?;
    let frameworks: Vec<_> = counts.days.iter().map(|day| rulebook.at(*day, counts.view).0).collect();
    let earlier = pages::earlier(&options.pages, &frameworks)?;
    let tally = from_counts(&counts, &frameworks, &practices).map_err(Stop::data)?;
    let planning = if options.planning.is_empty() {
        planning::Counts::default()
    } else {
        let rows = planning_counts::read(&options.planning, &rulebook.hash, counts.view).map_err(Stop::data)?;
        from_rows(&rows, &frameworks, &practices, &tally).map_err(Stop::data)?
    };
    let achievement = achieve(&frameworks, &practices, &tally);
    let outcomes =
        Outcomes { frameworks: &frameworks, practices: &practices, tally: &tally, planning: &planning, achievement: &achievement };
    let results = outcomes.results();
    let names = frameworks.last().map(FinerRead::names);
    let finer = finer::read(&options.cells, &options.pairs, Some(&rulebook.hash), &results, names.as_ref())?;
    let finer_comparison = finer.as_ref().and_then(|finer| outcomes.finer_comparison(finer));
    let mut output = Output::into(&options.out)?;
    let audience = options.whose.audience();
    let compared = comparisons(&results, &Asked { audience, measure: None, about: &about(&frameworks) });
    // All other files hold small counts.
    let mut groups = Vec::new();
    if audience == Audience::Internal {
        let of_planning = files_of_planning(&frameworks).filter(|_| !options.planning.is_empty());
        groups = pages::groups_of_counts(&outcomes, files_of_counts().chain(of_planning));
        if let Some(finer) = &finer {
            groups.push(group(|| files_of_finer(&outcomes, finer)));
            groups.push(group(|| files_of_finer_variation(&results, finer_comparison.as_ref())));
        }
        if options.layout == Some(Layout::Qof) {
            groups.push(group(|| files_of_qof(&outcomes)));
        }
    }
    groups.push(group(|| files_of_variation(&results, &compared)));
    if options.layout == Some(Layout::Fingertips) {
        groups.push(group(|| [fingertips_csv(&results, &compared)]));
    }
    output.write_groups(&threads, groups)?;
    let (of, book) = ((compared.as_slice(), finer_comparison.as_ref()), Book::of(rulebook));
    pages::write_of_outcomes((&mut output, &threads), &outcomes, of, (&book, None), (&options.pages, &options.whose), earlier)?;
    output.describe()?;
    let written = output.complete()?;
    run::say_points(&outcomes);
    say(&format!("Read {} counts of {} practices.", counts.rows.len(), practices.len()));
    let nobody = without_counts(&outcomes);
    if !nobody.is_empty() {
        say_error(&format!("Note: nobody is counted at {}; they are reported as `no-data`.", nobody.join(", ")));
    }
    say(&format!("Results are in {}. Points and pounds are indicative, not the payer's calculation.", options.out.display()));
    written.say_what_is_too_long();
    Ok(())
}

/// Results of counts that others made: what follows from them without any rule.
fn of_published(options: &Options) -> Result<(), Stop> {
    let (counts, _) = published::read_all(&options.counts, options.as_at, options.practices.as_deref())?;
    let by = match options.sum_by {
        SumByOption::Area => SumBy::Area,
        SumByOption::Network => SumBy::Network,
    };
    let reported = reported(&counts, by);
    let results = reported.results();
    let audience = options.whose.audience();
    let about: BTreeMap<String, About> =
        counts.measures.iter().map(|((id, _), measure)| (id.clone(), About { title: measure.title.clone(), pays: None })).collect();
    let compared = comparisons(&results, &Asked { audience, measure: None, about: &about });
    let mut output = Output::into(&options.out)?;
    if audience == Audience::Internal {
        output.write("results.csv", &results_csv(&results))?;
    }
    for (name, content) in files_of_variation(&results, &compared) {
        output.write(name, &content)?;
    }
    let locality = options.whose.locality.as_deref();
    // Where nothing but registers was published, pages are of these: nobody else asks for them by name.
    let measures: BTreeSet<&str> = results.rows.iter().map(|row| row.measure.as_str()).collect();
    let of_registers = measures.into_iter().filter(|_| compared.is_empty());
    let of_registers: Vec<Comparison> =
        of_registers.flat_map(|id| comparisons(&results, &Asked { audience, measure: Some(id), about: &about })).collect();
    let told = if compared.is_empty() { &of_registers } else { &compared };
    let material = Material { locality, ..Material::of(&results, told, audience) };
    pages::write((&mut output, &threads(None)?), &material, &options.pages, &options.whose)?;
    output.describe()?;
    output.complete()?.say_what_is_too_long();
    let of_practices = results.rows.iter().filter(|row| matches!(row.area, Area::Practice(_))).count();
    say(&format!(
        "Results are in {}: {of_practices} rows of practices and {} of several together.",
        options.out.display(),
        results.rows.len() - of_practices
    ));
    Ok(())
}

/// The codes of practices without a single count.
fn without_counts<'o>(outcomes: &Outcomes<'o>) -> Vec<&'o str> {
    let counted: BTreeSet<u32> = outcomes.tally.iter().filter(|(key, _)| key.measure == LIST).map(|(key, _)| key.practice).collect();
    (0..).zip(outcomes.practices).filter(|(at, _)| !counted.contains(at)).map(|(_, practice)| practice.code.as_str()).collect()
}
