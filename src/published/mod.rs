//! Counts that others made, the practices' own system or a national publication, in files of several forms → [`Published`].
//! In: names and bytes. Out: counts of practices and areas, and all that was not understood. One file a form. Knows no person and touches no file.

pub mod compare;
pub mod pathway_file;
pub mod results;
pub mod results_file;
pub mod tidy;

mod achievement;
mod cells;
mod form;
mod gather;
mod indicators;
mod organisations;
mod prevalence;
mod search;
mod totals;
mod years;

pub use form::Form;
pub use gather::{FileRead, Reading, read};

use crate::framework::calendar::Day;
use crate::practice::Practice;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A file: its name as people should see it, and its bytes.
#[derive(Clone, Debug)]
pub struct File {
    /// The path as given.
    pub name: String,
    /// The bytes.
    pub content: Vec<u8>,
    /// Whether it was named by itself, and not found in a folder: then it must hold counts.
    pub named: bool,
}

/// What files do not say themselves.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The day of counts whose file names none.
    pub as_at: Option<Day>,
    /// The practices that are wanted, with their localities; all, when there are none.
    pub practices: Vec<Practice>,
}

/// Whom a published count is of, by code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    /// An area, such as a Clinical Commissioning Group.
    Area(String),
    /// A practice.
    Practice(String),
}

/// What a published count is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The register, indicator or search.
    pub measure: String,
    /// The day that it was counted for.
    pub day: Day,
    /// Whom it is of.
    pub whom: Whom,
}

/// Who counted, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A register in the prevalence of the Quality and Outcomes Framework.
    QofPrevalence,
    /// An indicator in its achievement.
    QofAchievement,
    /// A search of a practice system.
    Search,
}

impl Source {
    /// All sources.
    pub const ALL: [Source; 3] = [Source::QofPrevalence, Source::QofAchievement, Source::Search];

    /// As it is written in published.csv.
    pub fn word(self) -> &'static str {
        match self {
            Source::QofPrevalence => "qof-prevalence",
            Source::QofAchievement => "qof-achievement",
            Source::Search => "search",
        }
    }
}

/// The numbers of a published count; nothing where none was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// People on the register.
    pub register: Option<u64>,
    /// Whom the list size counts: `TOTAL`, or an age such as `18OV`; empty when it is not told.
    pub list_type: String,
    /// People on the list.
    pub list_size: Option<u64>,
    /// People who achieved, or whom the search found.
    pub numerator: Option<u64>,
    /// People who are counted on, or among whom was searched.
    pub denominator: Option<u64>,
    /// People left out of the denominator for a reason that is not told.
    pub exceptions: Option<u64>,
    /// People whom the search left out.
    pub excluded: Option<u64>,
    /// Points earned.
    pub points: Option<Decimal>,
    /// Men and boys found.
    pub males: Option<u64>,
    /// Women and girls found.
    pub females: Option<u64>,
}

/// A published count and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Who counted.
    pub source: Source,
    /// The numbers.
    pub figures: Figures,
    /// The place among the files that were read.
    pub file: usize,
    /// The row of that file.
    pub row: u64,
}

/// What is known of a practice in one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// The code of its area, such as a Clinical Commissioning Group.
    pub area: String,
    /// The code of its primary care network.
    pub network: String,
    /// The name of its primary care network.
    pub network_name: String,
    /// Its locality, where somebody told it.
    pub locality: String,
}

/// What is known of a measure in one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// In words.
    pub title: String,
    /// The register that it belongs to.
    pub group: String,
    /// Points that can be earned.
    pub max_points: Option<Decimal>,
}

/// Everything that was published.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The counts.
    pub counts: BTreeMap<Key, Count>,
    /// Practices by code and then day; without a day, of any.
    pub organisations: BTreeMap<(String, Option<Day>), Organisation>,
    /// The names of areas, by code and then day.
    pub areas: BTreeMap<(String, Option<Day>), String>,
    /// Measures by id and then day.
    pub measures: BTreeMap<(String, Option<Day>), Measure>,
}

/// What is known of a code on a day: what was told for that day, or else what was told last.
fn known<'m, T>(told: &'m BTreeMap<(String, Option<Day>), T>, code: &str, day: Day) -> Option<&'m T> {
    told.get(&(code.to_owned(), Some(day))).or_else(|| latest(told, code))
}

/// What was told last of a code.
fn latest<'m, T>(told: &'m BTreeMap<(String, Option<Day>), T>, code: &str) -> Option<&'m T> {
    let from = (code.to_owned(), None);
    told.range(from..).take_while(|((other, _), _)| other == code).map(|(_, told)| told).last()
}

impl Published {
    /// The practice on a day.
    pub fn organisation(&self, code: &str, day: Day) -> Option<&Organisation> {
        known(&self.organisations, code, day)
    }

    /// The name of an area, as it was last; its code where it has none.
    pub fn area_name<'p>(&'p self, code: &'p str) -> &'p str {
        latest(&self.areas, code).map_or(code, String::as_str)
    }

    /// The measure on a day.
    pub fn measure(&self, id: &str, day: Day) -> Option<&Measure> {
        known(&self.measures, id, day)
    }
}
