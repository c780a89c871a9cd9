//! A framework's rules and a seed → a synthetic extract in the canonical form. Nobody in it exists.
//!
//! Ordinary people are made of a profile: how often people have what at which age, what they take, how practices work.
//! It names code sets, not rules: whatever the rules make of such people is what the results show.
//! Lines that then decide nobody get the people of their own examples.
//!
//! Same rules, same numbers, same bytes: nothing here depends on threads, on the order of a hash map or on a mathematical library.

mod cover;
pub mod emis;
mod patterns;
mod people;
mod plans;
mod practices;
mod profile;
mod records;
mod rows;
mod who;

use crate::framework::calendar::Day;
use crate::framework::{Rulebook, View};
use cover::{Reached, examples};
use patterns::Patterns;
use people::Maker;
use profile::Profile;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use std::io::{self, Write};

/// The extract is made so many days after the reporting day.
const EXTRACTED_AFTER: i32 = 5;
/// People of examples are numbered from here.
const FIRST_EXAMPLE: usize = 1001;
/// Ordinary people are numbered from here, or from further up when there are very many examples.
const FIRST_PERSON: usize = 10_001;
/// Which lines decide somebody is looked up for so many ordinary people; what all of these leave out has a person of an example.
const LOOKED_AT: usize = 3000;

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

/// Writes a synthetic extract.
///
/// # Errors
/// When a file cannot be written.
pub fn write<W: Write>(rulebook: &Rulebook, options: &Options, files: Files<W>) -> io::Result<Made> {
    let (profile, names) = Profile::read()?;
    let framework = rulebook.at(options.as_at, View::YearEnd).0;
    let patterns = Patterns::of(rulebook, &framework, &names);
    let extracted_on = options.as_at.plus(EXTRACTED_AFTER);
    let maker = Maker { patterns: &patterns, profile: &profile, framework: &framework, written: rulebook.period(), extracted_on };
    let all = examples(&patterns);
    // Where examples are few among the people all of them become people; otherwise only those of lines that would decide nobody:
    // figures should tell of practices, not of examples.
    let few = all.len() * 50 <= options.people;
    let for_examples = if few { all.len() } else { (options.people / 15).min(100) };
    let practices = practices::practices(options, &profile, options.people.saturating_sub(for_examples));
    let mut writer = rows::Writer::new(files, extracted_on, &practices)?;
    let mut reached = Reached::of(&framework);
    let first = FIRST_PERSON.max(FIRST_EXAMPLE + all.len());
    let mut number = first;
    let Some((of_examples, practices)) = practices.split_last() else { return Ok(Made::default()) };
    for practice in practices {
        for at in 0..practice.people {
            let (person, mut dice) = maker.ordinary(practice, dice(options.seed, number));
            // The same share of every practice.
            if at * options.people < LOOKED_AT * practice.people && !reached.everything() {
                reached.add(&maker.decided(&person), &person);
            }
            writer.person(number, practice, &person, &patterns)?;
            writer.oddities(number, practice, &person, framework.period.from, &patterns, &mut dice)?;
            number += 1;
        }
    }
    let people = cover::people_of_examples(&maker, of_examples, all, few, &mut reached, |at| dice(options.seed, FIRST_EXAMPLE + at));
    for (number, person) in (FIRST_EXAMPLE..).zip(&people) {
        writer.person(number, of_examples, person, &patterns)?;
    }
    let unreached = reached.missing(&framework);
    let (written, events) = writer.finish()?;
    Ok(Made { people: written, of_examples: people.len(), events, unreached })
}

/// Each person has dice of their own, so that a change of one does not change all.
fn dice(seed: u64, number: usize) -> Pcg64 {
    Pcg64::seed_from_u64(seed.wrapping_mul(1_000_000_007).wrapping_add(number as u64))
}
