//! The parts of a sentence, and its grammar. `sentence.rs` reads it.
//!
//! ```text
//! condition = clause { "and" clause } | clause { "or" clause }        never both in one sentence
//! clause    = [ "no" ] subject [ "," ] [ test { "," test } ]          a comma goes on about the same subject
//!           | [ "not" ] "on" "the" REGISTER "register"
//! subject   = "age" | "sex" | "registered" | the name of a fact or of a condition
//! test      = "in" "the" "last" length
//!           | ( "after" | "on" "or" "after" | "before" | "on" "or" "before" | "on" "the" "same" "day" "as" ) ( fact | date )
//!           | "within" n "days" ( "after" | "before" | "of" ) fact
//!           | amount-test
//!           | "is" ( "female" | "male" )
//! amount-test = [ value ] "at" ( "most" | "least" ) amount | [ value ] ( "under" | "over" ) amount
//! amount    = number | a value of the band
//! length    = n ( "day" | "days" | "month" | "months" | "year" | "years" )
//! bound     = date | fact | n "days" ( "after" | "before" ) fact | "age" n | length "before" "the" "end"
//! window    = "last" length
//! companion = "same" "day" | n "days" [ "before" | "after" ] | length ( "before" | "after" )
//! ```

use crate::source::{At, Span};
use rust_decimal::Decimal;

/// Words that no fact, condition, date, companion or value may be called.
#[rustfmt::skip]
pub const RESERVED: &[&str] = &[
    "a", "after", "age", "and", "as", "at", "before", "day", "days", "end", "female", "if", "in", "is", "last", "least", "male",
    "month", "months", "most", "no", "not", "of", "on", "or", "otherwise", "over", "period-end", "period-start", "register",
    "registered", "reporting-day", "same", "sex", "since", "the", "to", "under", "until", "value", "with", "within", "years", "year",
    "list",
];

/// A unit of a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Days,
    /// Calendar months; the day of the month clamps.
    Months,
    /// Calendar years; 29 February clamps.
    Years,
}

/// A length of time, such as `12 months`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// How many.
    pub number: i32,
    /// Of what.
    pub unit: Unit,
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// Less than or equal to.
    AtMost,
    /// Greater than or equal to.
    AtLeast,
    /// Less than.
    Under,
    /// Greater than.
    Over,
}

/// How a day is compared with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Later than; its day excluded.
    After,
    /// Later than or on the day.
    OnOrAfter,
    /// Earlier than; its day excluded.
    Before,
    /// Earlier than or on the day.
    OnOrBefore,
    /// The same day.
    SameDay,
}

/// The two sexes that a sentence can ask for. A person of neither is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A number, or the name of a value of the band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmountText {
    /// Written as digits.
    Number(Decimal),
    /// A name from the band's `values`.
    Name(String),
}

/// `value at most 58`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountTest {
    /// `value`, or the name of one of a reading's values; nothing for an age or a count.
    pub value: Option<At<String>>,
    /// How.
    pub compare: Compare,
    /// With what.
    pub amount: At<AmountText>,
}

/// What a clause may ask of its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `in the last 12 months`
    InTheLast(Length),
    /// `after diagnosed`, `on or before education-from`
    Day {
        /// Which side.
        order: Order,
        /// The name of a fact or a date.
        to: At<String>,
    },
    /// `within 30 days of plan`: days from `from` to `to`, counted from the fact's day.
    Within {
        /// First day allowed, counted from the fact.
        from: i32,
        /// Last day allowed, counted from the fact.
        to: i32,
        /// The fact.
        of: At<String>,
    },
    /// `value at most 58`
    Amount(AmountTest),
    /// `is female`
    Is(Sex),
}

/// What a clause is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The person's age in full years on the reporting day.
    Age,
    /// The person's sex.
    Sex,
    /// The day the person registered with the practice.
    Registered,
    /// Membership of a register.
    Register(At<String>),
    /// A fact or a condition of the file.
    Named(At<String>),
}

/// One thing that holds or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// `no` or `not` stood before it: the whole clause, with its commas, is turned round.
    pub no: bool,
    /// What it is about.
    pub subject: Subject,
    /// What is asked.
    pub tests: Vec<At<Test>>,
    /// The clause's own words.
    pub span: Span,
}

/// Whether all clauses must hold, or any one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joined {
    /// `and`, or a single clause.
    All,
    /// `or`
    Any,
}

/// A whole sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `and` or `or`.
    pub joined: Joined,
    /// At least one.
    pub clauses: Vec<Clause>,
}

/// Where a search begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A date or a fact, by name.
    Name(String),
    /// So many days after (or, negative, before) a fact.
    Away {
        /// Days after the fact.
        days: i32,
        /// The fact.
        fact: At<String>,
    },
    /// The birthday on which the person reaches this age.
    Age(i32),
    /// So long before the day that windows count back from.
    BeforeEnd(Length),
}

/// How far a companion may lie from its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Apart {
    /// From so many days before (negative) to so many days after.
    Days(i32, i32),
    /// Up to so long before, the record's day included.
    Before(Length),
    /// Up to so long after, the record's day included.
    After(Length),
}

/// Where a sentence stands in its file, for pointing at its words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The sentence.
    pub text: &'a str,
    /// The place of the whole value.
    pub span: Span,
    /// Whether the text stands in the file letter for letter after one quotation mark.
    pub plain: bool,
}

/// Whether these letters could be a name: a letter, then letters, digits and hyphens.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
