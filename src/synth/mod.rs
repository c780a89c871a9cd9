//! A framework's rules and a seed → a synthetic extract in the canonical form. Nobody in it exists.
//!
//! The examples of the rule files are what people are made of: an ordinary person of a condition has the records of an
//! example that its register selects, and what their practice does for them is an example that ended so.
//! Every step is put to the engine, so that nothing drawn later undoes what was drawn before.
//! Whatever line decides nobody then gets the person of an example of its own.
//!
//! Same rules, same numbers, same bytes: nothing here depends on threads, on the order of a hash map or on a mathematical library.

mod patterns;
mod people;
mod practices;
mod records;
mod rows;
mod who;

pub use practices::Practice;

use crate::framework::calendar::{Day, before};
use crate::framework::{Framework, LineNumber, Rulebook, View};
use crate::rules::phrase::{Length, Unit};
use patterns::{Pattern, Patterns};
use people::{Decided, Maker, Person};
use rand::SeedableRng;
use rand_pcg::Pcg64;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many years of care people have behind them, the reported one included.
const YEARS: i32 = 3;
/// The extract is made so many days after the reporting day.
const EXTRACTED_AFTER: i32 = 5;
/// The first number of a person; the people of examples are numbered from here.
const FIRST_NUMBER: usize = 1001;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// About how many people.
    pub people: usize,
    /// How many practices.
    pub practices: usize,
    /// Another seed, other people.
    pub seed: u64,
    /// The reporting day.
    pub as_at: Day,
}

/// Where the files of an extract go.
#[derive(Debug)]
pub struct Files<W> {
    /// `extract.toml`
    pub extract: W,
    /// `practices.csv`
    pub practices: W,
    /// `patients.csv`
    pub patients: W,
    /// `events.csv`
    pub events: W,
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// People written.
    pub people: usize,
    /// How many of them are the people of examples.
    pub of_examples: usize,
    /// Rows of events.csv.
    pub events: usize,
    /// Lines that decide nobody: measure and line.
    pub unreached: Vec<(String, u16)>,
}

/// Which lines decide somebody: the measure's place among all measures, and the line.
type Reached = BTreeSet<(usize, LineNumber)>;

/// Writes a synthetic extract.
///
/// # Errors
/// When a file cannot be written.
pub fn write<W: Write>(rulebook: &Rulebook, options: &Options, files: Files<W>) -> io::Result<Made> {
    let frameworks: Vec<Framework> =
        (0..YEARS).rev().map(|years| rulebook.at(years_before(options.as_at, years), View::YearEnd).0).collect();
    let Some(framework) = frameworks.last() else { return Ok(Made::default()) };
    let patterns = Patterns::of(rulebook, framework);
    let maker = Maker::new(&patterns, &frameworks, framework, rulebook.period());
    let examples = examples(&patterns, options.people);
    let practices = practices::practices(options, framework, options.people.saturating_sub(examples.planned()));
    let extracted_on = options.as_at.plus(EXTRACTED_AFTER);
    let mut writer = rows::Writer::new(files, extracted_on, &practices)?;
    let mut reached = Reached::new();
    let mut number = FIRST_NUMBER + examples.all.len().div_ceil(1000) * 1000;
    for practice in &practices {
        for _ in 0..practice.people {
            let mut dice = dice(options.seed, number);
            let person = maker.ordinary(practice, extracted_on, &mut dice);
            reach(&mut reached, framework, &maker.decided(framework, &person), &person);
            writer.person(number, practice, &person, &patterns)?;
            writer.oddities(number, practice, &person, framework.period.from, &patterns, &mut dice)?;
            number += 1;
        }
    }
    let mut of_examples = 0;
    let mut guests = vec![0; practices.len()];
    for (measure, pattern, always) in examples.all {
        if !always && reached.contains(&(measure, pattern.line)) {
            continue;
        }
        // The practice that has fewest of them for its size.
        let share = |(practice, guests): &(&Practice, &mut usize)| (**guests + 1) * 1_000_000 / practice.people;
        let Some((practice, guests)) = practices.iter().zip(&mut guests).min_by_key(share) else { break };
        let number = FIRST_NUMBER + of_examples;
        let mut dice = dice(options.seed, number);
        let Some(person) = maker.of_example(measure, pattern, practice, &mut dice) else { continue };
        reach(&mut reached, framework, &maker.decided(framework, &person), &person);
        writer.person(number, practice, &person, &patterns)?;
        *guests += 1;
        of_examples += 1;
    }
    let (people, events) = writer.finish()?;
    Ok(Made { people, of_examples, events, unreached: unreached(framework, &reached) })
}

fn years_before(day: Day, years: i32) -> Day {
    before(day, Length { number: years, unit: Unit::Years })
}

/// Each person has dice of their own, so that a change of one does not change all.
fn dice(seed: u64, number: usize) -> Pcg64 {
    Pcg64::seed_from_u64(seed.wrapping_mul(1_000_000_007).wrapping_add(number as u64))
}

/// The examples that may become people, and whether they always do.
struct Examples<'p> {
    all: Vec<(usize, &'p Pattern, bool)>,
}

impl Examples<'_> {
    fn planned(&self) -> usize {
        self.all.iter().filter(|(_, _, always)| *always).count()
    }
}

/// Indicators first, in report order, then registers. Where examples are no more than a fiftieth of the people all of them become people;
/// otherwise the first of each measure, and those of lines that would decide nobody: figures should tell of practices, not of examples.
fn examples(patterns: &Patterns, people: usize) -> Examples<'_> {
    let registers = patterns.registers.len();
    let indicators = (registers..).zip(&patterns.indicators);
    let measures = indicators.chain((0..).zip(&patterns.registers));
    let all: Vec<_> =
        measures.flat_map(|(measure, patterns)| (0..).zip(patterns).map(move |(at, pattern)| (measure, pattern, at == 0))).collect();
    let few = all.len() * 50 <= people;
    Examples { all: all.into_iter().map(|(measure, pattern, first)| (measure, pattern, first || few)).collect() }
}

fn reach(reached: &mut Reached, framework: &Framework, decided: &Decided, person: &Person) {
    if person.about.on_the_list(framework.reporting_day) {
        reached.extend(decided.iter().enumerate().filter_map(|(measure, line)| Some((measure, (*line)?))));
    }
}

fn unreached(framework: &Framework, reached: &Reached) -> Vec<(String, u16)> {
    let measures = framework.measures().enumerate();
    let lines = measures.flat_map(|(measure, (id, lines))| lines.lines.iter().map(move |line| (measure, id, line.number)));
    lines.filter(|(measure, _, line)| !reached.contains(&(*measure, *line))).map(|(_, id, line)| (id.to_owned(), line.0)).collect()
}
