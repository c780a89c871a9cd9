//! A rule file as its author wrote it: names are strings, and everything has its place.
//! Nothing here is looked up, worked out or known to be right.

use super::phrase::{AmountTest, Apart, Bound, Condition, Length};
use crate::source::{At, FileId, Span};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// One register or indicator, with its facts, lines and examples.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// The file.
    pub file: FileId,
    /// The folder it lies in, relative to the framework; an indicator's domain.
    pub folder: String,
    /// The comment that the file begins with: a plain question or sentence.
    pub question: Option<String>,
    /// What the file is about.
    pub head: Head,
    /// What to look for in the record.
    pub facts: Vec<FactText>,
    /// Sentences with a name.
    pub conditions: Vec<(At<String>, At<Condition>)>,
    /// Groups of people with values of their own.
    pub bands: Vec<Band>,
    /// What to conclude, in order.
    pub lines: Vec<Line>,
    /// People and what must become of them.
    pub examples: Vec<Example>,
    /// Small changes that no example can notice, and why.
    pub mutants: Vec<Mutant>,
    /// Names of facts and conditions that are there but could not be read.
    pub unread: Vec<String>,
    /// Whether all of the file could be read: only then can something be missing from it, or unused.
    pub whole: bool,
}

/// What a file is about.
#[derive(Clone, Debug)]
pub enum Head {
    /// A group of people.
    Register(RegisterHead),
    /// A measure of care.
    Indicator(Box<IndicatorHead>),
    /// A cycle of care.
    Pathway(Box<PathwayHead>),
}

impl Head {
    /// The id of the register, indicator or pathway.
    pub fn id(&self) -> &At<String> {
        match self {
            Head::Register(head) => &head.id,
            Head::Indicator(head) => &head.id,
            Head::Pathway(head) => &head.id,
        }
    }
}

/// `[pathway]` with its `[stages]`, `[[count]]` and `[[people]]`
#[derive(Clone, Debug)]
pub struct PathwayHead {
    /// Its id, such as `PLANNING`.
    pub id: At<String>,
    /// Its title.
    pub title: At<String>,
    /// The register it is of.
    pub of: At<String>,
    /// Where it comes from.
    pub source: Option<At<String>>,
    /// More about it.
    pub description: Option<At<String>>,
    /// What it is for.
    pub goal: Option<At<String>>,
    /// The fact that counts registers: people are also counted by each of them, and by how many they are on.
    pub conditions: Option<At<String>>,
    /// The steps, in order.
    pub stages: Vec<Stage>,
    /// The fact of a refusal; any later step overrides it.
    pub declined: At<String>,
    /// The stage that lapses when its record leaves its window.
    pub lapses: At<String>,
    /// What to do next when the person declined.
    pub if_declined: At<String>,
    /// What to do next when the plan lapsed.
    pub if_lapsed: At<String>,
    /// What to do next when the cycle is complete.
    pub if_complete: At<String>,
    /// What is counted by people, events and contact days.
    pub counts: Vec<CountText>,
    /// What is counted by people only.
    pub people: Vec<PeopleText>,
}

/// One step of a pathway.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The fact that shows it; also its name.
    pub fact: At<String>,
    /// For people.
    pub title: At<String>,
    /// What to do when this is the next step.
    pub next: At<String>,
}

/// `[[count]]`: all records of a fact, by people, events and contact days.
#[derive(Clone, Debug)]
pub struct CountText {
    /// Its id.
    pub id: At<String>,
    /// For people.
    pub title: At<String>,
    /// The fact, which is a count of records.
    pub fact: At<String>,
    /// Only records of a code that the same person has on one of so many days before.
    pub again: Option<At<i32>>,
    /// Also how many people have 1, 2, 3 … contact days.
    pub spread: bool,
}

/// `[[people]]`: people for whom a sentence holds on the reporting day.
#[derive(Clone, Debug)]
pub struct PeopleText {
    /// Its id.
    pub id: At<String>,
    /// For people.
    pub title: At<String>,
    /// The sentence.
    pub is: At<Condition>,
}

/// `[register]`
#[derive(Clone, Debug)]
pub struct RegisterHead {
    /// Its id, such as `DM`.
    pub id: At<String>,
    /// Its title.
    pub title: At<String>,
    /// Where it comes from.
    pub source: Option<At<String>>,
    /// More about it.
    pub description: Option<At<String>>,
}

/// `[indicator]`
#[derive(Clone, Debug)]
pub struct IndicatorHead {
    /// Its id, such as `CP004`.
    pub id: At<String>,
    /// Its title.
    pub title: At<String>,
    /// A register, or `list`.
    pub of: At<String>,
    /// Points that can be earned.
    pub points: Option<At<Decimal>>,
    /// Thresholds in per cent.
    pub pays: Option<Pays>,
    /// The register whose prevalence adjusts the payment.
    pub adjusted_by: Option<At<String>>,
    /// How well the definition is known.
    pub standing: Option<At<String>>,
    /// Where it comes from.
    pub source: Option<At<String>>,
    /// More about it.
    pub description: Option<At<String>>,
    /// What it is for.
    pub goal: Option<At<String>>,
}

/// `pays = { from = 35, to = 75 }`, per cent.
#[derive(Clone, Debug)]
pub struct Pays {
    /// Nothing at or below this.
    pub from: At<Decimal>,
    /// Everything at or above this.
    pub to: At<Decimal>,
}

/// One fact.
#[derive(Clone, Debug)]
pub struct FactText {
    /// Its name.
    pub name: At<String>,
    /// What to find.
    pub find: Find,
}

/// What to find.
#[derive(Clone, Debug)]
pub enum Find {
    /// The latest record or reading.
    Latest(SearchText),
    /// The earliest record or reading.
    Earliest(SearchText),
    /// The earliest record, and the earliest at least `apart` days after it.
    Pair {
        /// Among these.
        search: SearchText,
        /// Days.
        apart: At<i32>,
    },
    /// How many.
    Count {
        /// Among these.
        search: SearchText,
        /// Records, days or sets.
        of: CountOf,
    },
    /// The latest day of several facts.
    LatestOf(Vec<At<String>>),
    /// On how many of these registers the person is.
    Registers(Vec<At<String>>),
}

impl Find {
    /// Which records, unless it goes by other facts or by registers.
    pub fn search(&self) -> Option<&SearchText> {
        match self {
            Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } | Find::Count { search, .. } => Some(search),
            Find::LatestOf(_) | Find::Registers(_) => None,
        }
    }
}

impl SearchText {
    /// The names of its code sets.
    pub fn sets(&self) -> Vec<&At<String>> {
        match &self.codes {
            Codes::Sets(sets) => sets.iter().collect(),
            Codes::Values(values) => values.iter().map(|(_, set)| set).collect(),
        }
    }
}

/// What a count counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountOf {
    /// Records.
    Records,
    /// Days with a record.
    Days,
    /// Code sets with a record.
    Sets,
}

/// Which records.
#[derive(Clone, Debug)]
pub struct SearchText {
    /// The code sets.
    pub codes: Codes,
    /// `where`: only records whose value passes.
    pub only: Vec<AmountTest>,
    /// `episode = "new"`
    pub new_episode: bool,
    /// `clock = "reporting-day"`
    pub from_reporting_day: bool,
    /// `in = "last 3 months"`
    pub inside: Option<At<Length>>,
    /// First day.
    pub since: Option<At<Bound>>,
    /// Last day.
    pub until: Option<At<Bound>>,
    /// Records that must lie near.
    pub with: Vec<CompanionText>,
}

/// The code sets of a search.
#[derive(Clone, Debug)]
pub enum Codes {
    /// Any of these.
    Sets(Vec<At<String>>),
    /// Several values of one reading: name and set.
    Values(Vec<(At<String>, At<String>)>),
}

/// A record that must lie near another.
#[derive(Clone, Debug)]
pub struct CompanionText {
    /// Its name, for people.
    pub name: At<String>,
    /// Its code sets.
    pub codes: Vec<At<String>>,
    /// How near.
    pub within: At<Apart>,
}

/// `[[band]]`
#[derive(Clone, Debug)]
pub struct Band {
    /// The id of the indicator that the band becomes.
    pub id: At<String>,
    /// A title of its own.
    pub title: Option<At<String>>,
    /// Who is in it.
    pub is: At<Condition>,
    /// Values that lines and facts may name.
    pub values: Vec<(At<String>, At<Decimal>)>,
    /// Points of its own.
    pub points: Option<At<Decimal>>,
    /// Thresholds of its own.
    pub pays: Option<Pays>,
}

/// What a line concludes when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Not on the register.
    RejectedIf,
    /// On the register.
    SelectedIf,
    /// Not what the indicator is about.
    ExcludedIf,
    /// Done, or reached.
    AchievedIf,
    /// Left out of the denominator for a reason.
    ExceptedIf,
    /// What is left, with what it is called.
    Otherwise(At<String>),
}

/// One line of `in-order`.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it concludes.
    pub verb: Verb,
    /// When; nothing for `otherwise`, and for a sentence that could not be read.
    pub condition: Option<Condition>,
    /// Why, for an exception.
    pub because: Option<At<String>>,
    /// The number of the official rule.
    pub rule: Option<At<u32>>,
    /// The sentence, or what follows `otherwise`.
    pub words: At<String>,
    /// The whole line.
    pub span: Span,
}

/// `[[mutant]]`: a small change of the file that no example can notice.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The change, as `dqoh check --mutate` prints it.
    pub change: At<String>,
    /// Why nobody could tell the difference.
    pub survives_because: At<String>,
}

/// The birth day of an example's person, unless it says otherwise: year, month, day.
pub const BORN: (i32, u32, u32) = (1960, 1, 1);
/// The registration day of an example's person, unless it says otherwise: year, month, day.
pub const REGISTERED: (i32, u32, u32) = (2000, 1, 1);

/// `[[example]]`
#[derive(Clone, Debug)]
pub struct Example {
    /// What it is about.
    pub story: At<String>,
    /// Birth day; without one, [`BORN`].
    pub born: Option<At<NaiveDate>>,
    /// `female` or `male`.
    pub sex: Option<At<String>>,
    /// Registration day; without one, [`REGISTERED`].
    pub registered: Option<At<NaiveDate>>,
    /// Reporting day.
    pub at: Option<At<NaiveDate>>,
    /// `year-end` or `rolling`.
    pub view: Option<At<String>>,
    /// The records.
    pub records: Vec<ExampleRecord>,
    /// What becomes of the person.
    pub then: At<String>,
    /// The line that must decide; in a pathway it follows from `then` and `furthest`.
    pub line: At<u32>,
    /// In a pathway: stages missing before the furthest.
    pub missing: Option<At<Vec<String>>>,
    /// In a pathway: events of the last 12 months, by count.
    pub counts: Vec<(At<String>, At<u64>)>,
    /// In a pathway: which of its sentences hold.
    pub holds: Option<At<Vec<String>>>,
    /// In a pathway: the day on which the plan lapses or lapsed.
    pub lapses: Option<At<NaiveDate>>,
    /// In a pathway: the first day on which something will have dropped out of its window.
    pub drops: Option<At<NaiveDate>>,
    /// The whole example.
    pub span: Span,
}

/// One record of an example: `2016-06-10 HBA1C 58 group=a`.
#[derive(Clone, Debug)]
pub struct ExampleRecord {
    /// Its day.
    pub date: At<NaiveDate>,
    /// The code sets that its code is in.
    pub sets: Vec<At<String>>,
    /// Its value.
    pub value: Option<At<Decimal>>,
    /// Values of one reading share a group.
    pub group: Option<String>,
    /// `first`, `new`, `review`, `other`.
    pub episode: Option<At<String>>,
    /// The record's words.
    pub span: Span,
}

/// `framework.toml`
#[derive(Clone, Debug)]
pub struct FrameworkFile {
    /// The file.
    pub file: FileId,
    /// Short name, such as `dudley-2016-17`.
    pub id: At<String>,
    /// Long name.
    pub name: At<String>,
    /// Where it comes from.
    pub source: Option<At<String>>,
    /// First day of the period.
    pub from: At<NaiveDate>,
    /// Last day of the period.
    pub to: At<NaiveDate>,
    /// Named dates.
    pub dates: Vec<(At<String>, At<NamedDate>)>,
    /// What values a set may hold.
    pub values: Vec<ValueText>,
    /// People are also counted by sex.
    pub by_sex: bool,
    /// People are also counted by age: lower edges of the bands.
    pub by_age: Vec<At<i32>>,
    /// People are also counted by fifth of deprivation.
    pub by_imd_quintile: bool,
    /// Money.
    pub payment: PaymentText,
    /// Reference counts of registers.
    pub reference: Vec<ReferenceText>,
    /// Folders of indicators, in report order: id and title.
    pub domains: Vec<(At<String>, At<String>)>,
    /// What is held against what.
    pub associations: Vec<AssociateText>,
}

/// One `[[associate]]`: whether people who took something up reach an outcome more often.
#[derive(Clone, Debug)]
pub struct AssociateText {
    /// Its id.
    pub id: At<String>,
    /// For people.
    pub title: At<String>,
    /// The indicator whose numerator took it up.
    pub uptake: At<String>,
    /// The indicator whose numerator reached it.
    pub outcome: At<String>,
}

/// A named date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedDate {
    /// Always this day.
    Fixed(NaiveDate),
    /// This month and day within the period.
    EachPeriod(u32, u32),
}

/// What values the records of a set may hold.
#[derive(Clone, Debug)]
pub struct ValueText {
    /// The set.
    pub set: At<String>,
    /// The unit.
    pub unit: At<String>,
    /// Other spellings of the same unit.
    pub spellings: Vec<At<String>>,
    /// The lowest that is believed.
    pub from: At<Decimal>,
    /// The highest that is believed.
    pub to: At<Decimal>,
}

/// `[payment]`
#[derive(Clone, Debug)]
pub struct PaymentText {
    /// Pounds for one point, for a practice of average size and prevalence.
    pub pounds_per_point: Option<At<Decimal>>,
    /// People on the average list.
    pub average_list: Option<At<Decimal>>,
    /// `exact` or `two-decimals`.
    pub factors: Option<At<String>>,
    /// `exact` or `two-decimals`.
    pub points: Option<At<String>>,
    /// `out-of-maximum` or `in-maximum`.
    pub nobody_to_count: Option<At<String>>,
}

/// `DM = { register = 3116399, list = 58029147 }`
#[derive(Clone, Debug)]
pub struct ReferenceText {
    /// The register.
    pub id: At<String>,
    /// People on it.
    pub register: At<u64>,
    /// People on the lists.
    pub list: At<u64>,
}
