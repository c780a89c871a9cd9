//! What an extract is made of, and what a form of extract does with it: practices, people, rows of events, one after the other.
//! Knows no rule and draws nothing. A new form is a file beside `canonical.rs`.

use super::practices::Practice;
use crate::extract::patient::{About, Episode};
use crate::framework::calendar::Day;
use rust_decimal::Decimal;
use std::io;

/// Who somebody is.
#[derive(Debug)]
pub struct Who<'p> {
    /// Their number; no two people of an extract share one.
    pub number: usize,
    /// Birth, sex, registration, deprivation.
    pub about: &'p About,
    /// Of the birth only the month is told.
    pub month_only: bool,
}

/// How a day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As the form has it.
    Usually,
    /// As no form has it: day, month and year.
    DayFirst,
}

/// One row of an extract's events.
#[derive(Clone, Copy, Debug)]
pub struct Row<'c> {
    /// Whose; a few are of nobody in the extract.
    pub person: usize,
    /// When.
    pub day: Day,
    /// How the day is written.
    pub written: Written,
    /// The scheme of the code.
    pub scheme: &'c str,
    /// The code.
    pub code: &'c str,
    /// The value, with the decimals that it is written with.
    pub value: Option<Decimal>,
    /// The unit of the value; may be empty.
    pub unit: &'c str,
    /// Values of one reading share a group; 0 for none.
    pub group: u32,
    /// Its episode.
    pub episode: Episode,
}

/// One form of extract. Practice by practice comes each person once, and every row of events once.
pub trait Form {
    /// What is told of an extract before anybody in it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&mut self, extracted_on: Day, practices: &[Practice]) -> io::Result<()>;

    /// Somebody of a practice.
    ///
    /// # Errors
    /// When they cannot be written.
    fn person(&mut self, practice: &Practice, who: &Who<'_>) -> io::Result<()>;

    /// A row of somebody of a practice.
    ///
    /// # Errors
    /// When it cannot be written.
    fn event(&mut self, practice: &Practice, row: &Row<'_>) -> io::Result<()>;

    /// Nothing more will come.
    ///
    /// # Errors
    /// When something that was kept back cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}
