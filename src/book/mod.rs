//! A framework as a book for people. In: a rulebook. Out: a [`Book`], plain data with nothing left to work out,
//! and what its two writers make of it: pages of Markdown, and one page of HTML.

mod facts;
mod from_rules;
mod html;
mod markdown;
mod measures;
mod sets;
mod words;

pub use html::page_of_html;
pub use markdown::pages_of_markdown;

use crate::framework::Outcome;

/// A whole framework.
#[derive(Clone, Debug)]
pub struct Book {
    /// The framework's long name.
    pub name: String,
    /// Its first and last day.
    pub period: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// SHA-256 of the rules and code sets.
    pub hash: String,
    /// How much of everything there is: number and word.
    pub totals: Vec<(String, &'static str)>,
    /// What a point is worth, in sentences.
    pub money: Vec<String>,
    /// How to read the pages: what it is about, and the explanation.
    pub reading: Vec<(&'static str, String)>,
    /// Dates that rules name: name, day, whether it moves.
    pub dates: Vec<[String; 3]>,
    /// In report order.
    pub domains: Vec<Domain>,
    /// In the order of their ids.
    pub registers: Vec<Measure>,
    /// Code sets that several indicators earn from.
    pub earnings: Vec<Earning>,
    /// Pairs of indicators whose people are counted together, by id.
    pub associations: Vec<Association>,
    /// All code sets, by name.
    pub sets: Vec<Set>,
}

/// A folder of indicators.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The folder.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How many indicators it has.
    pub number: String,
    /// All points of its indicators.
    pub points: String,
    /// One a row of the table of indicators; the bands of an indicator have a row each.
    pub indicators: Vec<Row>,
    /// One a page.
    pub measures: Vec<Measure>,
}

/// An indicator in a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id, and its page.
    pub id: Piece,
    /// Its title.
    pub title: String,
    /// Whom it is of.
    pub of: Piece,
    /// Points that can be earned.
    pub points: String,
    /// From which percentage to which.
    pub pays: String,
    /// How well it is known.
    pub standing: String,
}

/// A code set that several indicators earn from.
#[derive(Clone, Debug)]
pub struct Earning {
    /// The set.
    pub set: Piece,
    /// Its name.
    pub name: String,
    /// The indicators, in report order.
    pub indicators: Vec<Piece>,
    /// Their points together.
    pub points: String,
}

/// Two indicators whose people are counted together.
#[derive(Clone, Debug)]
pub struct Association {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The indicator that people took something up by.
    pub uptake: Piece,
    /// The indicator that shows what came of it.
    pub outcome: Piece,
}

/// Which page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A register.
    Register(String),
    /// An indicator, and the folder of its domain.
    Indicator {
        /// The folder.
        domain: String,
        /// Its id.
        id: String,
    },
    /// A code set.
    Set(String),
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// The name of a fact of the same page.
    Fact(String),
    /// The name of a condition of the same page.
    Condition(String),
    /// A name, such as that of a code set, letter for letter.
    Name(String),
    /// Words that lead to another page.
    To(Place, String),
}

/// The page of a register or an indicator.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Where it stands.
    pub place: Place,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it asks, in a plain question or sentence.
    pub question: Option<String>,
    /// Who, what and why.
    pub description: Option<String>,
    /// What it is meant to bring about.
    pub goal: Option<String>,
    /// Whom it is of, points, payment, standing, source: what, and in which words.
    pub about: Vec<(&'static str, Vec<Piece>)>,
    /// Groups of people with values of their own.
    pub bands: Vec<Band>,
    /// Whether lines have numbers of official rules.
    pub official: bool,
    /// Whether lines have reasons.
    pub reasons: bool,
    /// In order.
    pub lines: Vec<Line>,
    /// Sentences with a name.
    pub conditions: Vec<Condition>,
    /// What is looked for.
    pub facts: Vec<Fact>,
    /// The code sets that are looked for, as numbers of [`Book::sets`].
    pub sets: Vec<usize>,
    /// People and what becomes of them.
    pub examples: Vec<Example>,
}

/// A group of people with values of its own.
#[derive(Clone, Debug)]
pub struct Band {
    /// The indicator that it becomes.
    pub id: String,
    /// The title of that.
    pub title: String,
    /// Who is in it.
    pub who: Vec<Piece>,
    /// Its values: name and number.
    pub values: String,
    /// Points and thresholds.
    pub worth: String,
}

/// One line of a measure.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number.
    pub number: usize,
    /// The number of the official rule, or nothing.
    pub rule: String,
    /// When it holds.
    pub when: Vec<Piece>,
    /// The days that its windows and dates are.
    pub days: Vec<String>,
    /// What it concludes.
    pub outcome: Outcome,
    /// The outcome in a word or two.
    pub verdict: &'static str,
    /// What that does to the count.
    pub happens: &'static str,
    /// Why, for an exception.
    pub reason: &'static str,
}

/// A sentence with a name.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Its name.
    pub name: String,
    /// When it holds.
    pub when: Vec<Piece>,
    /// The days that its windows and dates are.
    pub days: Vec<String>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What is looked for.
    pub looks_for: Vec<Piece>,
    /// On which days.
    pub days: String,
}

/// A person and what becomes of them.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it is about.
    pub story: String,
    /// Who it is.
    pub who: String,
    /// What the record holds.
    pub records: Vec<Record>,
    /// Whether any record has a value.
    pub values: bool,
    /// What becomes of them.
    pub verdict: String,
    /// The line that decides.
    pub line: usize,
}

/// One record of an example.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its day.
    pub day: String,
    /// Titles of the code sets that its code is in.
    pub what: String,
    /// Names of these sets.
    pub names: String,
    /// Its value with the unit, or nothing.
    pub value: String,
    /// Episode and reading, or nothing.
    pub remark: String,
}

/// The page of a code set.
#[derive(Clone, Debug)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Its title; the name where it has none.
    pub title: String,
    /// Where its codes come from.
    pub source: String,
    /// Which release of that.
    pub release: String,
    /// How much of it is here.
    pub coverage: String,
    /// Its codes by scheme.
    pub counts: String,
    /// Who owns the codes, which values are believed, what else should be known.
    pub about: Vec<(&'static str, String)>,
    /// Measures that look for it.
    pub used_by: Vec<Piece>,
    /// Its codes: scheme, code, term.
    pub codes: Vec<[String; 3]>,
}

impl Book {
    /// The code sets that a measure looks for.
    fn sets_of(&self, measure: &Measure) -> impl Iterator<Item = &Set> {
        measure.sets.iter().filter_map(|at| self.sets.get(*at))
    }
}
