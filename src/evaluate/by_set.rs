//! Where the records of each code set lie among those of one person. Facts ask for a set far more often than there are sets with a record,
//! so they are found once a person and not once a question.

use crate::extract::patient::{Patient, Record};
use crate::framework::code_sets::SetId;

/// The places of one person's sets, in memory that is used again for the next person.
#[derive(Debug, Default)]
pub struct BySet {
    /// Which person it is since this was made.
    person: u64,
    /// By set: for whom, and from where to where. What is of another person does not count.
    places: Vec<(u64, u32, u32)>,
}

impl BySet {
    /// It is of this person from now on.
    pub fn begin(&mut self, patient: Patient<'_>) {
        self.person += 1;
        let mut from = 0;
        for records in patient.by_set() {
            let Some(set) = records.first().map(|record| usize::from(record.set.0)) else { continue };
            let to = from + u32::try_from(records.len()).unwrap_or(u32::MAX);
            if set >= self.places.len() {
                self.places.resize(set + 1, (0, 0, 0));
            }
            if let Some(place) = self.places.get_mut(set) {
                *place = (self.person, from, to);
            }
            from = to;
        }
    }

    /// Whether there is a record of any of these sets.
    pub fn has(&self, sets: &[SetId]) -> bool {
        sets.iter().any(|set| self.places.get(usize::from(set.0)).is_some_and(|(person, ..)| *person == self.person))
    }

    /// The records of one set, by day; `patient` is the person whom this is of.
    pub fn of<'p>(&self, set: SetId, patient: Patient<'p>) -> &'p [Record] {
        let place = self.places.get(usize::from(set.0)).filter(|(person, ..)| *person == self.person);
        place.map_or(&[], |(_, from, to)| patient.between(*from as usize..*to as usize))
    }
}
