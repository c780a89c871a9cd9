//! People and rows on their way into a form: one after the other, or mixed. Few rows are held at a time, however many there are.

use super::Made;
use super::form::{Form, Row, Who};
use super::people::Person;
use super::practices::Practice;
use crate::framework::calendar::Day;
use rand::RngExt;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use std::io;

/// So many rows are held to be mixed.
const HELD: usize = 200_000;

/// In which order rows of events come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By practice, then by person, then by day.
    #[default]
    Sorted,
    /// Anyhow: most rows stand some hundred thousand rows away from their place.
    Random,
}

/// Gives a form what belongs into an extract.
pub struct Writer<'c, F> {
    form: F,
    practices: &'c [Practice],
    order: Order,
    dice: Pcg64,
    /// Rows that are held to be mixed, with the place of their practice.
    held: Vec<(usize, Row<'c>)>,
    /// Rows of nobody, which stand behind those of all people of a practice.
    of_nobody: Vec<Row<'c>>,
    made: Made,
}

impl<'c, F: Form> Writer<'c, F> {
    /// Begins an extract.
    pub fn new(mut form: F, order: Order, seed: u64, extracted_on: Day, practices: &'c [Practice]) -> io::Result<Writer<'c, F>> {
        form.begin(extracted_on, practices)?;
        let dice = Pcg64::seed_from_u64(seed);
        Ok(Writer { form, practices, order, dice, held: Vec::new(), of_nobody: Vec::new(), made: Made::default() })
    }

    /// Somebody of the practice at a place, and all their rows; none is left.
    pub fn person(&mut self, place: usize, number: usize, person: &Person, rows: &mut Vec<Row<'c>>) -> io::Result<()> {
        let Some(practice) = self.practices.get(place) else { return Ok(()) };
        self.form.person(practice, &Who { number, about: &person.about, month_only: person.month_only })?;
        self.made.people += 1;
        rows.drain(..).try_for_each(|row| self.row(place, row))
    }

    /// Sorts a person's rows by day. Those of nobody wait for the end of the practice.
    pub fn sort(&mut self, rows: &mut Vec<Row<'c>>) {
        rows.sort_by_key(|row| row.day);
        self.of_nobody.extend(rows.extract_if(.., |row| row.is_of_nobody()));
    }

    /// Everybody of a practice was there.
    pub fn end_of_practice(&mut self, place: usize) -> io::Result<()> {
        std::mem::take(&mut self.of_nobody).into_iter().try_for_each(|row| self.row(place, row))
    }

    /// Nothing more will come.
    pub fn finish(mut self) -> io::Result<Made> {
        while !self.held.is_empty() {
            let at = self.dice.random_range(0..self.held.len());
            let (place, row) = self.held.swap_remove(at);
            self.event(place, &row)?;
        }
        self.form.finish()?;
        Ok(self.made)
    }

    /// A row, or in a random order another one in its place.
    fn row(&mut self, place: usize, row: Row<'c>) -> io::Result<()> {
        if self.order == Order::Sorted {
            return self.event(place, &row);
        }
        if self.held.len() < HELD {
            self.held.push((place, row));
            return Ok(());
        }
        let at = self.dice.random_range(0..HELD);
        let Some(held) = self.held.get_mut(at) else { return Ok(()) };
        let (place, row) = std::mem::replace(held, (place, row));
        self.event(place, &row)
    }

    fn event(&mut self, place: usize, row: &Row<'_>) -> io::Result<()> {
        let Some(practice) = self.practices.get(place) else { return Ok(()) };
        self.made.events += 1;
        self.form.event(practice, row)
    }
}
