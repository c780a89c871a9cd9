//! An extract, read and counted → what it holds, and whether it can be trusted: entries of figures, each of one check.
//! Decides nobody by any rule. Tells how many and where, never who and never a value; units only where they can be no particular of a person.

mod coding;
mod holds;
mod months;
mod people;
mod rows;

use crate::extract::Extract;
use crate::extract::canonical::PracticeRecords;
use crate::extract::census::Census;
use crate::framework::Framework;
use crate::framework::calendar::{Day, Month};
use rows::Repeated;

/// What is looked at, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// What the extract is.
    Extract,
    /// Its files.
    Files,
    /// Its practices.
    Practices,
    /// From when to when the events of each practice are.
    History,
    /// Events by year.
    Years,
    /// Coding schemes.
    Schemes,
    /// Values of code sets.
    Values,
    /// Units that values are stated in.
    Units,
    /// Values outside the limits of their set.
    Implausible,
    /// Months in which a practice recorded far less than it does.
    Falls,
    /// People without any record.
    WithoutRecords,
    /// People of one id in two practices.
    DuplicatePeople,
    /// Days that cannot be.
    Dates,
    /// People counted, against the list that practices.csv states.
    ListSize,
    /// Rows, or parts of rows, that are not used.
    SetAside,
}

/// Which entries of a check are told on a terminal; a file holds all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// All.
    Everything,
    /// Those of all practices together, and findings.
    TotalsAndFindings,
    /// Findings only.
    Findings,
}

impl Check {
    /// All of them, in their order.
    pub const ALL: [Check; 15] = [
        Check::Extract,
        Check::Files,
        Check::Practices,
        Check::History,
        Check::Years,
        Check::Schemes,
        Check::Values,
        Check::Units,
        Check::Implausible,
        Check::Falls,
        Check::WithoutRecords,
        Check::DuplicatePeople,
        Check::Dates,
        Check::ListSize,
        Check::SetAside,
    ];

    /// As `quality.csv` and `--fail-on` name it.
    pub fn word(self) -> &'static str {
        match self {
            Check::Extract => "extract",
            Check::Files => "files",
            Check::Practices => "practices",
            Check::History => "history",
            Check::Years => "years",
            Check::Schemes => "schemes",
            Check::Values => "values",
            Check::Units => "units",
            Check::Implausible => "implausible",
            Check::Falls => "falls",
            Check::WithoutRecords => "without-records",
            Check::DuplicatePeople => "duplicate-people",
            Check::Dates => "dates",
            Check::ListSize => "list-size",
            Check::SetAside => "set-aside",
        }
    }

    /// For people.
    pub fn heading(self) -> &'static str {
        match self {
            Check::Extract => "The extract",
            Check::Files => "Files",
            Check::Practices => "Practices",
            Check::History => "From when to when",
            Check::Years => "Events by year",
            Check::Schemes => "Coding schemes",
            Check::Values => "Values that rules look at",
            Check::Units => "Values in other units",
            Check::Implausible => "Values that nobody believes",
            Check::Falls => "Months with under half of the usual events",
            Check::WithoutRecords => "Many people without any record",
            Check::DuplicatePeople => "The same id on the lists of two practices",
            Check::Dates => "Days that cannot be",
            Check::ListSize => "Lists that differ from practices.csv",
            Check::SetAside => "Rows that are not used, or only in part",
        }
    }

    /// What its subjects are; empty where it has none.
    pub fn subject(self) -> &'static str {
        match self {
            Check::Extract | Check::Practices | Check::History | Check::WithoutRecords | Check::ListSize => "",
            Check::Files => "file",
            Check::Years => "year",
            Check::Schemes => "scheme",
            Check::Values | Check::Units | Check::Implausible => "code set",
            Check::Falls => "month",
            Check::DuplicatePeople => "other practice",
            Check::Dates => "what",
            Check::SetAside => "reason",
        }
    }

    /// What the detail of its entries is; empty where they have none.
    pub fn detail(self) -> &'static str {
        match self {
            Check::Practices => "name",
            Check::History | Check::Schemes => "what is odd",
            Check::Units => "unit",
            Check::Implausible => "limits",
            Check::SetAside => "column",
            Check::Extract
            | Check::Files
            | Check::Years
            | Check::Values
            | Check::Falls
            | Check::WithoutRecords
            | Check::DuplicatePeople
            | Check::Dates
            | Check::ListSize => "",
        }
    }

    /// What to do about what it finds; empty where it finds nothing.
    pub fn advice(self) -> &'static str {
        match self {
            Check::Extract | Check::Files | Check::Years => "",
            Check::Practices => "A practice without people or without events did not send everything: ask for its files again.",
            Check::History => "Ask the practice for the years that are missing, or for an extract up to the day of the others.",
            Check::Schemes => "Look whether the code sets hold these codes: `dqoh codes coverage` shows them one by one.",
            Check::Values => "Records without values count for no target: ask the practice to export values with its results.",
            Check::Units => {
                "Nothing is converted: ask for the unit of the code set, or add the spelling to [values] if it is the same unit."
            }
            Check::Implausible => {
                "These records are used without their value. A few are slips of the hand; many mean another unit or a slipped column."
            }
            Check::Falls => "Ask the practice whether it was closed or changed its system; if neither, the extract lacks what it did.",
            Check::WithoutRecords => "Look whether the events of these people were left out of the extract.",
            Check::DuplicatePeople => {
                "If ids are the same for a person everywhere, these people count twice; if each practice numbers its own, this says nothing."
            }
            Check::Dates => {
                "Rows before birth or with impossible days are left out; events after the extract's day count for later days only."
            }
            Check::ListSize => "Payment uses the list of practices.csv. Look which of the two is right, and for which day.",
            Check::SetAside => "`--out DIR` lists every row in quarantine.csv; `dqoh quarantine show DIR` says what to do about each kind.",
        }
    }

    /// Which of its entries are told on a terminal.
    pub fn told(self) -> Told {
        match self {
            Check::Extract | Check::Files | Check::Practices | Check::History => Told::Everything,
            Check::Years | Check::Schemes | Check::Values | Check::SetAside => Told::TotalsAndFindings,
            Check::Units
            | Check::Implausible
            | Check::Falls
            | Check::WithoutRecords
            | Check::DuplicatePeople
            | Check::Dates
            | Check::ListSize => Told::Findings,
        }
    }
}

/// What was found of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which check.
    pub check: Check,
    /// The code of the practice; empty for all together.
    pub practice: String,
    /// Of what: a file, a year, a code set; see [`Check::subject`].
    pub subject: String,
    /// More of it; see [`Check::detail`].
    pub detail: String,
    /// Its figures; all entries of a check that are of one kind have the same ones.
    pub figures: Vec<Figure>,
    /// Whether it speaks against the extract.
    pub finding: bool,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is measured, such as `events`.
    pub measure: &'static str,
    /// What the value counts, such as `rows`.
    pub unit: &'static str,
    /// The value.
    pub value: Value,
}

/// The value of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number of something.
    Number(u64),
    /// A share, in millionths.
    Share(u64),
    /// A day.
    Day(Day),
    /// A word.
    Text(String),
}

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// By check, in the order of [`Check::ALL`].
    pub entries: Vec<Entry>,
}

impl Inspection {
    /// The entries of a check.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.check == check)
    }

    /// How many entries of a check speak against the extract.
    pub fn findings(&self, check: Check) -> usize {
        self.of(check).filter(|entry| entry.finding).count()
    }
}

impl Entry {
    fn new(check: Check, practice: &str, subject: impl Into<String>) -> Entry {
        let (practice, subject) = (practice.to_owned(), subject.into());
        Entry { check, practice, subject, detail: String::new(), figures: Vec::new(), finding: false }
    }

    fn detail(self, detail: impl Into<String>) -> Entry {
        Entry { detail: detail.into(), ..self }
    }

    fn number(mut self, measure: &'static str, unit: &'static str, number: u64) -> Entry {
        self.figures.push(Figure { measure, unit, value: Value::Number(number) });
        self
    }

    /// A part of a whole; a share of nothing is none.
    fn share(mut self, measure: &'static str, part: u64, whole: u64) -> Entry {
        self.figures.push(Figure { measure, unit: "share", value: Value::Share(millionths(part, whole)) });
        self
    }

    /// A day that is no person's.
    fn day(mut self, measure: &'static str, day: Day) -> Entry {
        self.figures.push(Figure { measure, unit: "day", value: Value::Day(day) });
        self
    }

    /// The month of an event, whose day would be a person's; nothing where there is none.
    fn month(mut self, measure: &'static str, day: Option<Day>) -> Entry {
        let month = day.map(|day| Month::of(day).to_string()).unwrap_or_default();
        self.figures.push(Figure { measure, unit: "month", value: Value::Text(month) });
        self
    }

    fn text(mut self, measure: &'static str, text: impl Into<String>) -> Entry {
        self.figures.push(Figure { measure, unit: "text", value: Value::Text(text.into()) });
        self
    }

    fn finding_when(self, finding: bool) -> Entry {
        Entry { finding, ..self }
    }
}

/// Half up, in whole numbers: the same on every machine. Worked: 1 of 3 is 333333 millionths, 2 of 3 are 666667.
fn millionths(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        return 0;
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    u64::try_from((part * 2_000_000 + whole) / (2 * whole)).unwrap_or(u64::MAX)
}

/// What checks are made of.
#[derive(Clone, Copy)]
struct Evidence<'e> {
    framework: &'e Framework,
    extract: &'e Extract,
    census: &'e Census,
}

impl<'e> Evidence<'e> {
    /// The practices: number and code.
    fn practices(self) -> impl Iterator<Item = (usize, &'e str)> {
        self.extract.practices.iter().enumerate().map(|(at, practice)| (at, practice.code.as_str()))
    }

    fn code(self, practice: usize) -> &'e str {
        self.extract.practices.get(practice).map_or("", |practice| practice.code.as_str())
    }
}

/// Looks at everything. The census and the records are those of the extract, read with the code sets of the framework;
/// records are given up, practice by practice. The order of rows and the way they are split into files change nothing
/// but the entries of [`Check::Files`].
pub fn inspect(framework: &Framework, extract: &Extract, census: &Census, records: Vec<PracticeRecords>) -> Inspection {
    let evidence = Evidence { framework, extract, census };
    let repeated: Vec<Repeated> = records.into_iter().map(|records| Repeated::of(framework, records)).collect();
    let mut entries = Vec::new();
    for check in Check::ALL {
        entries.extend(match check {
            Check::Extract => holds::extract(evidence),
            Check::Files => holds::files(evidence),
            Check::Practices => holds::practices(evidence),
            Check::History => months::history(evidence),
            Check::Years => holds::years(evidence),
            Check::Schemes => coding::schemes(evidence),
            Check::Values => coding::values(evidence),
            Check::Units => coding::units(evidence),
            Check::Implausible => coding::implausible(evidence),
            Check::Falls => months::falls(evidence),
            Check::WithoutRecords => people::without_records(evidence),
            Check::DuplicatePeople => people::duplicates(evidence),
            Check::Dates => people::dates(evidence),
            Check::ListSize => people::list_sizes(evidence),
            Check::SetAside => rows::set_aside(evidence, &repeated),
        });
    }
    Inspection { entries }
}

#[cfg(test)]
mod tests {
    #[test]
    fn shares_are_rounded_half_up() {
        let share = super::millionths;
        assert_eq!((share(1, 3), share(2, 3), share(0, 0), share(21, 20)), (333_333, 666_667, 0, 1_050_000));
    }
}
