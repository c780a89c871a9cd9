//! Who to call, for what, by when: for every person of a practice what is so on the reporting day and what will be at the end of the
//! period, and what can still be done. Plain data, and the words of it; knows no file.
//!
//! Two views stand side by side. **Today** looks back from the reporting day (the rolling view): what a practice sees. **At the end**
//! looks back from the end of the period (the year-end view), with the records that are there today: what would be paid for if nothing
//! more were done.

mod figures;
mod identifiers;
mod person;
mod two_views;
mod words;

pub use figures::{ByAppointments, Figure, Figures, Standing};
pub use identifiers::Identifiers;
pub use person::{Appointment, Due, Kind, Last, PersonRecall};
pub use two_views::{CanBeCompleted, read_two_views};
pub use words::Words;

use crate::evaluate::Memory;
use crate::evaluate::next::Next;
use crate::extract::patient::Patients;
use crate::framework::calendar::Day;
use crate::framework::code_sets::SetId;
use crate::framework::{FactId, Framework, Indicator, Outcome, RegisterId};

/// What people are asked about: the rules of today, of the end, and of the days between.
#[derive(Clone, Copy, Debug)]
pub struct Recall<'f> {
    today: &'f Framework,
    end: &'f Framework,
    /// The rules of every day after the reporting day, up to the end of the period.
    between: &'f [Framework],
    /// The registers that are conditions of people.
    conditions: &'f [RegisterId],
}

/// What was found out about the people of a part of a practice.
#[derive(Clone, Debug, Default)]
pub struct Recalled {
    /// Everybody for whom something is due, or would be, by number.
    pub people: Vec<PersonRecall>,
    /// Everybody on the list, counted in both views.
    pub figures: Figures,
}

impl<'f> Recall<'f> {
    /// `today` is the rolling view on the reporting day, `end` the year-end view on the last day of the period, and `between` the rolling
    /// view on each day after the reporting day; `conditions` are the registers to name as a person's conditions.
    pub fn new(today: &'f Framework, end: &'f Framework, between: &'f [Framework], conditions: &'f [RegisterId]) -> Recall<'f> {
        Recall { today, end, between, conditions }
    }

    /// The rules as at the reporting day.
    pub fn today(&self) -> &'f Framework {
        self.today
    }

    /// The rules as at the end of the period.
    pub fn end(&self) -> &'f Framework {
        self.end
    }

    /// Everybody of a part of a practice.
    pub fn of(&self, patients: &Patients) -> Recalled {
        let mut asking = person::Asking {
            recall: *self,
            next: Next::new(self.today.reporting_day, self.end),
            today: Memory::default(),
            between: Memory::default(),
        };
        let mut recalled = Recalled { figures: Figures::new(self.end.indicators.len()), ..Recalled::default() };
        for person in patients.people() {
            if person.about.on_the_list(self.today.reporting_day) {
                let found = asking.person(person.number, patients.patient(person), &mut recalled.figures);
                if !found.due.is_empty() {
                    recalled.people.push(found);
                }
            }
        }
        recalled
    }

    /// The first day on which something that holds today does not, when asked on any day after.
    fn first_day(&self, mut holds: impl FnMut(&Framework) -> bool) -> Option<Day> {
        let at = self.between.partition_point(|framework| holds(framework));
        self.between.get(at).map(|framework| framework.reporting_day)
    }
}

/// The registers that a framework's pathways tell conditions by; without a pathway all registers.
pub fn conditions(framework: &Framework) -> Vec<RegisterId> {
    let mut all: Vec<RegisterId> = framework.pathways.iter().flat_map(|pathway| pathway.conditions.iter().copied()).collect();
    if framework.pathways.is_empty() {
        all = (0..).zip(&framework.registers).map(|(at, _)| RegisterId(at)).collect();
    }
    all.sort_unstable_by_key(|id| id.0);
    all.dedup();
    all
}

/// The sets that the achieved lines of an indicator look at themselves.
fn sets_asked_for(framework: &Framework, indicator: &Indicator) -> Vec<SetId> {
    let achieved = indicator.lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved);
    let facts: Vec<FactId> = achieved.flat_map(|line| framework.facts_of(&line.condition)).collect();
    let mut sets: Vec<SetId> = facts.into_iter().flat_map(|id| framework.sets_of(id)).collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}
