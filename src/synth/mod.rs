//! A framework's rules and a seed → a synthetic extract in the canonical form. Nobody in it exists.
//!
//! Ordinary people are made of a profile: how often people have what at which age, what they take, how practices work.
//! It names code sets, not rules: whatever the rules make of such people is what the results show.
//! Lines that then decide nobody get the people of their own examples.
//!
//! Same rules, same numbers, same bytes: nothing here depends on threads, on the order of a hash map or on a mathematical library.

mod background;
mod canonical;
mod cover;
pub mod emis;
mod form;
mod ids;
mod invented;
mod order;
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
use background::Background;
use cover::{Reached, examples};
use order::Writer;
use patterns::Patterns;
use people::Maker;
use profile::Profile;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use std::io;

pub use canonical::{Canonical, Files};
pub use form::{Form, Row, Who, Written};
pub use ids::Ids;
pub use order::Order;

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
    /// How much of what practices record.
    pub records: Records,
    /// In which order rows of events come.
    pub order: Order,
}

impl Options {
    /// The day that the extract is made on.
    pub fn extracted_on(&self) -> Day {
        self.as_at.plus(EXTRACTED_AFTER)
    }
}

/// How much of what practices record an extract holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// What rules ask for, and very little besides: about 18 rows a person.
    Rules,
    /// Everything: about 60 rows a person, most of codes that are in no set.
    All,
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
/// When it cannot be written.
pub fn write<F: Form>(rulebook: &Rulebook, options: &Options, form: F) -> io::Result<Made> {
    let (profile, names) = Profile::read()?;
    let framework = rulebook.at(options.as_at, View::YearEnd).0;
    let patterns = Patterns::of(rulebook, &framework, &names);
    let extracted_on = options.extracted_on();
    let area = profile.area(options.practices);
    let maker = Maker { patterns: &patterns, profile: &profile, area, framework: &framework, written: rulebook.period(), extracted_on };
    let all = examples(&patterns);
    // Where examples are few among the people all of them become people; otherwise only those of lines that would decide nobody:
    // figures should tell of practices, not of examples.
    let few = all.len() * 50 <= options.people;
    let for_examples = if few { all.len() } else { (options.people / 15).min(100) };
    let practices = practices::practices(options, &profile, options.people.saturating_sub(for_examples));
    let background = (options.records == Records::All).then(|| Background::new(&profile, rulebook, extracted_on));
    let mut writer = Writer::new(form, options.order, options.seed, extracted_on, &practices)?;
    let mut reached = Reached::of(&framework);
    let Some((of_examples, ordinary)) = practices.split_last() else { return Ok(Made::default()) };
    let mut number = FIRST_PERSON.max(FIRST_EXAMPLE + all.len());
    let mut rows = Vec::new();
    for (place, practice) in ordinary.iter().enumerate() {
        for at in 0..practice.people {
            let (person, mut dice) = maker.ordinary(practice, dice(options.seed, number));
            // The same share of every practice.
            if at * options.people < LOOKED_AT * practice.people && !reached.everything() {
                reached.add(&maker.decided(&person), &person);
            }
            let of = rows::Of { number, practice, patterns: &patterns };
            of.records(&person, &mut rows);
            of.oddities(&person, framework.period.from, &mut dice, &mut rows);
            if let Some(background) = &background {
                background.rows(number, practice, &person, dice_beside(options.seed, number), &mut rows);
                writer.sort(&mut rows);
            }
            writer.person(place, number, &person, &mut rows)?;
            number += 1;
        }
        writer.end_of_practice(place)?;
    }
    let people = cover::people_of_examples(&maker, of_examples, all, few, &mut reached, |at| dice(options.seed, FIRST_EXAMPLE + at));
    for (number, person) in (FIRST_EXAMPLE..).zip(&people) {
        rows::Of { number, practice: of_examples, patterns: &patterns }.records(person, &mut rows);
        if background.is_some() {
            writer.sort(&mut rows);
        }
        writer.person(ordinary.len(), number, person, &mut rows)?;
    }
    let unreached = reached.missing(&framework);
    Ok(Made { of_examples: people.len(), unreached, ..writer.finish()? })
}

/// Each person has dice of their own, so that a change of one does not change all.
fn dice(seed: u64, number: usize) -> Pcg64 {
    Pcg64::seed_from_u64(seed.wrapping_mul(1_000_000_007).wrapping_add(number as u64))
}

/// Dice for what is recorded of a person besides, so that it changes nothing of what rules ask for.
fn dice_beside(seed: u64, number: usize) -> Pcg64 {
    Pcg64::seed_from_u64(!seed.wrapping_mul(1_000_000_007).wrapping_add(number as u64))
}
