//! Examples as people: as few as will do, so that every line of every measure decides somebody.

use super::patterns::{Pattern, Patterns};
use super::people::{Decided, Maker, Person};
use super::practices::Practice;
use crate::framework::calendar::Day;
use crate::framework::{Framework, LineNumber};
use rand_pcg::Pcg64;
use std::collections::BTreeSet;

/// An example: its measure's place among all measures, and itself.
pub type Example<'p> = (usize, &'p Pattern);

/// All examples, those of indicators first.
pub fn examples(patterns: &Patterns) -> Vec<Example<'_>> {
    let registers = patterns.registers.len();
    let measures = (registers..).zip(&patterns.indicators).chain((0..).zip(&patterns.registers));
    measures.flat_map(|(measure, patterns)| patterns.iter().map(move |pattern| (measure, pattern))).collect()
}

/// Which lines decide nobody yet.
pub struct Reached {
    missing: BTreeSet<(usize, LineNumber)>,
    on: Day,
}

impl Reached {
    /// None decides anybody.
    pub fn of(framework: &Framework) -> Reached {
        let measures = framework.measures().enumerate();
        let missing = measures.flat_map(|(measure, (_, lines))| lines.lines.iter().map(move |line| (measure, line.number))).collect();
        Reached { missing, on: framework.reporting_day }
    }

    /// Whether every line decides somebody.
    pub fn everything(&self) -> bool {
        self.missing.is_empty()
    }

    /// The lines that decide this person.
    pub fn add(&mut self, decided: &Decided, person: &Person) {
        if person.about.on_the_list(self.on) {
            lines(decided).for_each(|line| {
                self.missing.remove(&line);
            });
        }
    }

    /// How many lines this would add.
    fn worth(&self, decided: &Decided) -> usize {
        lines(decided).filter(|line| self.missing.contains(line)).count()
    }

    /// What decides nobody: measure and line.
    pub fn missing(&self, framework: &Framework) -> Vec<(String, u16)> {
        let ids: Vec<&str> = framework.measures().map(|(id, _)| id).collect();
        self.missing.iter().filter_map(|(measure, line)| Some(((*ids.get(*measure)?).to_owned(), line.0))).collect()
    }
}

fn lines(decided: &Decided) -> impl Iterator<Item = (usize, LineNumber)> {
    decided.iter().enumerate().filter_map(|(measure, line)| Some((measure, (*line)?)))
}

/// The people of examples that are needed, or of all examples. The one whose example reaches most lines comes first.
pub fn people_of_examples(
    maker: &Maker<'_>,
    practice: &Practice,
    examples: Vec<Example<'_>>,
    all: bool,
    reached: &mut Reached,
    dice: impl Fn(usize) -> Pcg64,
) -> Vec<Person> {
    let person = |at: usize, (measure, pattern): Example<'_>| maker.of_example(measure, pattern, practice, &mut dice(at));
    let mut people = Vec::new();
    let mut useful: Vec<(Person, Decided)> = Vec::new();
    for (at, example) in examples.into_iter().enumerate() {
        let wanted = all || reached.missing.contains(&(example.0, example.1.line));
        let Some((person, decided)) = wanted.then(|| person(at, example)).flatten() else { continue };
        if all {
            reached.add(&decided, &person);
            people.push(person);
        } else {
            useful.push((person, decided));
        }
    }
    // Of equals the first.
    while let Some(best) = (0..useful.len()).rev().max_by_key(|at| useful.get(*at).map_or(0, |(_, decided)| reached.worth(decided))) {
        let (person, decided) = useful.remove(best);
        if reached.worth(&decided) == 0 {
            break;
        }
        reached.add(&decided, &person);
        people.push(person);
    }
    people
}
