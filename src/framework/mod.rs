//! Rule files → [`Framework`]: ids instead of names, and **dates already worked out** for one reporting day.
//! Knows what rules mean; knows no person, no file system and no SQL.
//!
//! INVARIANT (ids belong): every id in a framework was made with it and points into its own lists.

pub mod calendar;
pub mod code_forms;
pub mod code_sets;

mod associations;
mod bands;
mod checks;
mod cycles;
mod earnings;
mod from_rules;
mod line_checks;
mod looks;
mod names;
mod outcomes;
pub mod own_measures;
mod pathway_checks;
pub mod pathways;
mod searches;

pub use crate::rules::phrase::{Compare, Joined, Order, Sex};
pub use crate::rules::places::{PathwayPlace, Status};
pub use crate::rules::syntax::CountOf;
pub use checks::values_looked_at;
pub use earnings::Earning;
pub use from_rules::{Rulebook, Rules};
pub use outcomes::{Outcome, Reason};

use crate::source::Span;
use calendar::{Day, DayTable, Period};
use code_sets::{CodeBook, SetId};
use pathways::Pathway;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;

/// How many values one reading may have.
pub const VALUES: usize = 4;

/// A value in whole millionths: compared exactly, never a binary float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub i64);

impl Amount {
    /// Exactly this number; `None` when it needs more than six decimals or is beyond nine million million.
    /// Worked: 7.5 is 7,500,000 millionths.
    pub fn from_decimal(number: Decimal) -> Option<Amount> {
        let millionths = number.checked_mul(Decimal::from(1_000_000))?;
        (millionths == millionths.trunc()).then(|| millionths.to_i64().map(Amount)).flatten()
    }

    /// Back to a number.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 6).normalize()
    }
}

/// Which of two ways to look at a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Windows count back from the end of the period, as the national rules do.
    YearEnd,
    /// Windows count back from the reporting day; the period is the twelve months that end on it.
    Rolling,
}

impl View {
    /// As it is written in options, examples and results.
    pub fn word(self) -> &'static str {
        match self {
            View::YearEnd => "year-end",
            View::Rolling => "rolling",
        }
    }
}

/// A stretch of time in which events are counted; it ends on the reporting day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stretch {
    /// Since the quarter of the framework's year began.
    Quarter,
    /// Since the framework's year began.
    YearToDate,
    /// After the same day twelve months before.
    Last12Months,
}

impl Stretch {
    /// As it is written in results.
    pub fn word(self) -> &'static str {
        match self {
            Stretch::Quarter => "quarter",
            Stretch::YearToDate => "year-to-date",
            Stretch::Last12Months => "last-12-months",
        }
    }
}

/// Which register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegisterId(pub u16);

/// Which fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// Which named condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionId(pub u32);

/// Which table of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayTableId(pub u16);

/// The number of a line, counted from 1 in the order of its file; 0 is the generated line of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineNumber(pub u16);

/// All rules of a framework, for one reporting day and one view.
#[derive(Clone, Debug)]
pub struct Framework {
    /// Short name.
    pub id: String,
    /// Long name.
    pub name: String,
    /// SHA-256 of the rule files and code sets.
    pub hash: String,
    /// Records after this day do not exist.
    pub reporting_day: Day,
    /// Which view.
    pub view: View,
    /// The year that is reported on.
    pub period: Period,
    /// The framework's own year that holds the reporting day, in both views: quarters and the year to date are of it.
    pub year: Period,
    /// Whether the period is another year than the framework was written for.
    pub moved: bool,
    /// The day that windows of indicators count back from.
    pub end: Day,
    /// Code sets in use, by name.
    pub sets: Vec<String>,
    /// The codes of those sets.
    pub codes: Arc<CodeBook>,
    /// Cycles of care, by id.
    pub pathways: Vec<Pathway>,
    /// In the order of their ids.
    pub registers: Vec<Register>,
    /// In report order: by domain, then by id.
    pub indicators: Vec<Indicator>,
    /// Everything that is looked for, each once.
    pub facts: Vec<Fact>,
    /// Named sentences.
    pub conditions: Vec<Condition>,
    /// Windows in months that hang on a record.
    pub day_tables: Vec<DayTable>,
    /// Money.
    pub payment: Payment,
    /// Folders of indicators, in report order.
    pub domains: Vec<Domain>,
    /// By what else people are counted.
    pub strata: Strata,
    /// Pairs of indicators whose people are counted together, by id.
    pub associations: Vec<Association>,
}

/// Two indicators whose people are counted together: those who are in the denominators of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The indicator whose numerator took something up, as an index of [`Framework::indicators`].
    pub uptake: usize,
    /// The indicator whose numerator reached an outcome, as an index of [`Framework::indicators`].
    pub outcome: usize,
}

/// A group of people.
#[derive(Clone, Debug)]
pub struct Register {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// What decides.
    pub lines: Lines,
    /// Reference counts for payment.
    pub reference: Option<Reference>,
}

/// A measure of care.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whom it is of.
    pub of: Population,
    /// What decides.
    pub lines: Lines,
    /// Points that can be earned.
    pub points: Decimal,
    /// Thresholds, when points can be earned.
    pub pays: Option<Thresholds>,
    /// The register whose prevalence adjusts the payment.
    pub adjusted_by: Option<RegisterId>,
    /// How well the definition is known.
    pub standing: String,
    /// Where it comes from.
    pub source: String,
    /// The domain, as an index of [`Framework::domains`].
    pub domain: usize,
}

/// Per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Nothing at or below.
    pub from: Decimal,
    /// Everything at or above.
    pub to: Decimal,
}

/// Whom an indicator is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// Everyone on the list.
    List,
    /// Everyone on a register.
    Register(RegisterId),
}

/// The ordered lines of a register or indicator, and the names of its facts.
#[derive(Clone, Debug)]
pub struct Lines {
    /// In order; the first that holds decides.
    pub lines: Vec<Line>,
    /// The names of the facts in this file, for explaining.
    pub fact_names: Vec<(FactId, String)>,
    /// The names of the conditions in this file.
    pub condition_names: Vec<(ConditionId, String)>,
    /// The file, as people should see it.
    pub file: String,
}

impl Lines {
    /// The line of a number.
    pub fn line(&self, number: LineNumber) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// The name of a fact in this file.
    pub fn fact_name(&self, id: FactId) -> &str {
        self.fact_names.iter().find(|(fact, _)| *fact == id).map_or("", |(_, name)| name)
    }
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number.
    pub number: LineNumber,
    /// The number of the official rule.
    pub rule: Option<u32>,
    /// What it concludes.
    pub outcome: Outcome,
    /// When.
    pub condition: Condition,
    /// Its own words.
    pub words: String,
    /// The row of its file.
    pub row: usize,
    /// Its place.
    pub span: Span,
}

/// When a line holds: all or any of its clauses. No clause and `All` always holds (`otherwise`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// All, or any.
    pub joined: Joined,
    /// The clauses.
    pub clauses: Vec<Clause>,
}

/// One thing that holds or does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Turns the whole clause round.
    pub no: bool,
    /// What is asked.
    pub asks: Asks,
}

/// What a clause asks. All tests of one clause must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Asks {
    /// Is the person on the register?
    OnRegister(RegisterId),
    /// Does the named condition hold?
    Condition(ConditionId),
    /// Is the age in full years, in millionths, so?
    Age(Vec<AmountTest>),
    /// Is the person of this sex?
    Sex(Sex),
    /// Is the registration day so?
    Registered(Vec<DayTest>),
    /// Is there such a record, and is it so?
    Fact(FactId, Vec<DayTest>, Vec<AmountTest>),
    /// Is the count so, or, without a test, at least 1?
    Count(FactId, Vec<AmountTest>),
}

/// A comparison of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayTest {
    /// With a day that is known before any person is read.
    Day(Order, Day),
    /// With the day of another fact; false when it is absent.
    Fact(Order, FactId),
    /// From so many days after (negative: before) another fact to so many; false when it is absent.
    Within {
        /// First day allowed.
        from: i32,
        /// Last day allowed.
        to: i32,
        /// Counted from this fact's day.
        of: FactId,
    },
}

/// A comparison of one of a fact's values (or of an age or a count) with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AmountTest {
    /// Which of the fact's values.
    pub value: u8,
    /// How.
    pub compare: Compare,
    /// With what.
    pub amount: Amount,
}

impl AmountTest {
    /// Whether an amount passes.
    pub fn passes(self, amount: Amount) -> bool {
        match self.compare {
            Compare::AtMost => amount <= self.amount,
            Compare::AtLeast => amount >= self.amount,
            Compare::Under => amount < self.amount,
            Compare::Over => amount > self.amount,
        }
    }
}

/// What is looked for in a person's records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The latest record or reading.
    Latest(Search),
    /// The earliest record or reading.
    Earliest(Search),
    /// The earliest record, and the earliest one at least so many days after it.
    Pair(Search, i32),
    /// How many.
    Count(Search, CountOf),
    /// The latest day of several facts.
    LatestOf(Vec<FactId>),
    /// On how many of these registers the person is.
    Registers(Vec<RegisterId>),
}

/// Which records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    /// The code sets. When `reading`, each holds one value of a reading, and all must be there.
    pub sets: Vec<SetId>,
    /// The sets are the values of one reading.
    pub reading: bool,
    /// First day, included.
    pub from: Day,
    /// Last day, included; never after the reporting day.
    pub to: Day,
    /// First day, when it hangs on the person; included.
    pub since: Option<Hang>,
    /// Last day, when it hangs on the person; included.
    pub until: Option<Hang>,
    /// Only records whose values pass.
    pub only: Vec<AmountTest>,
    /// Only first, new and untold episodes.
    pub new_episode: bool,
    /// Records that must lie near.
    pub with: Vec<Companion>,
}

/// A day that hangs on the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hang {
    /// So many days after (negative: before) a fact's day.
    Fact(FactId, i32),
    /// The birthday on which this age is reached.
    Age(i32),
}

/// A record that must lie near another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Companion {
    /// Its code sets.
    pub sets: Vec<SetId>,
    /// How near.
    pub within: Near,
}

/// How near a companion must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Near {
    /// From so many days after (negative: before) to so many.
    Days(i32, i32),
    /// From the table's day up to the record's day.
    Since(DayTableId),
    /// From the record's day up to the table's day.
    Until(DayTableId),
}

/// Money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Pounds for one point; nothing when the framework pays nothing.
    pub pounds_per_point: Option<Decimal>,
    /// People on the average list.
    pub average_list: Option<Decimal>,
    /// Round the list and prevalence factors to two decimals before multiplying.
    pub factors: Rounding,
    /// Round the points to two decimals before multiplying.
    pub points: Rounding,
    /// Take the points of an indicator without anyone to count out of the maximum.
    pub nobody_out_of_maximum: bool,
}

/// Whether a step of the payment is rounded before the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Carried on exactly.
    Exact,
    /// Half up to two decimals.
    TwoDecimals,
}

/// Reference counts of a register: whole lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// People on the register.
    pub register: u64,
    /// People on the lists.
    pub list: u64,
}

/// A folder of indicators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The folder.
    pub id: String,
    /// For people.
    pub title: String,
}

/// By what else people are counted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Strata {
    /// By sex.
    pub sex: bool,
    /// By age: lower edges of the bands.
    pub age: Vec<i32>,
    /// By fifth of deprivation.
    pub imd_quintile: bool,
}

#[expect(clippy::indexing_slicing, reason = "INVARIANT (ids belong)")]
impl Framework {
    /// The fact of an id.
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    /// The register of an id.
    pub fn register(&self, id: RegisterId) -> &Register {
        &self.registers[usize::from(id.0)]
    }

    /// The named condition of an id.
    pub fn condition(&self, id: ConditionId) -> &Condition {
        &self.conditions[id.0 as usize]
    }

    /// The table of an id.
    pub fn day_table(&self, id: DayTableId) -> &DayTable {
        &self.day_tables[usize::from(id.0)]
    }

    /// The kinds of readings that any fact looks for, each once.
    pub fn readings(&self) -> Vec<Vec<SetId>> {
        let searches = self.facts.iter().filter_map(|fact| match fact {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
            Fact::LatestOf(_) | Fact::Registers(_) => None,
        });
        let mut kinds: Vec<Vec<SetId>> = searches.filter(|search| search.reading).map(|search| search.sets.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// The name of a code set.
    pub fn set_name(&self, id: SetId) -> &str {
        &self.sets[usize::from(id.0)]
    }
}

impl Framework {
    /// A table of days like another, its entries so many days later.
    pub fn moved_table(&mut self, id: DayTableId, days: i32) -> DayTableId {
        self.add_table(self.day_table(id).moved(days))
    }

    /// One more table of days.
    pub fn add_table(&mut self, table: DayTable) -> DayTableId {
        self.day_tables.push(table);
        DayTableId(u16::try_from(self.day_tables.len() - 1).unwrap_or(u16::MAX))
    }

    /// The lines of every measure, in the order in which measures are counted: registers, then indicators, then pathways.
    pub fn measures(&self) -> impl Iterator<Item = (&str, &Lines)> {
        let registers = self.registers.iter().map(|register| (register.id.as_str(), &register.lines));
        let indicators = self.indicators.iter().map(|indicator| (indicator.id.as_str(), &indicator.lines));
        registers.chain(indicators).chain(self.pathways.iter().map(|pathway| (pathway.id.as_str(), &pathway.lines)))
    }

    /// What must be said beside every figure: that the period was moved, that it is not yet over.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.moved {
            let (from, to) = (self.period.from.long(), self.period.to.long());
            remarks.push(format!("The period was moved to {from} – {to} to hold {}; fixed dates stay.", self.reporting_day.long()));
        }
        if self.so_far() {
            remarks.push(format!("So far; windows end {}.", self.end.long()));
        }
        remarks
    }

    /// The stretches of time in which events are counted, each up to the reporting day.
    /// Worked: on 31 December 2016 they begin on 1 October, on 1 April, and on 1 January 2016.
    pub fn stretches(&self) -> [(Stretch, Day); 3] {
        let day = self.reporting_day;
        let ended = self.year.quarter_ends().into_iter().filter(|end| *end < day).max();
        let quarter = ended.map_or(self.year.from, |end| end.plus(1));
        [(Stretch::Quarter, quarter), (Stretch::YearToDate, self.year.from), (Stretch::Last12Months, Period::ending(day).from)]
    }

    /// Whether the reporting day lies before the end that windows count back from: the figures are of a year not yet over.
    pub fn so_far(&self) -> bool {
        self.reporting_day < self.end
    }
}
