//! What the columns of a CSV file hold: its [`Sheet`], which stands beside the code that writes the file. The header is written from it, and so is
//! what is said of the columns to people (docs/dictionary.md) and to programs (csv-metadata.json). Columns that many files have stand here.

/// A CSV file: what a row of it is, and what its columns hold.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Its name; `…-due.csv` where files of several practices are of the same kind.
    pub name: &'static str,
    /// What it is, in one line.
    pub title: &'static str,
    /// Which command writes it.
    pub written_by: &'static str,
    /// In the order in which they are written.
    pub columns: &'static [Column],
    /// The columns that tell every row from all others; none where two rows may be the same in all.
    pub key: &'static [&'static str],
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// As the header has it.
    pub name: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// Of what numbers are; empty where there is nothing to say.
    pub unit: &'static str,
    /// Whether a cell may be empty.
    pub may_be_empty: bool,
    /// What it holds, as a sentence without its full stop.
    pub says: &'static str,
}

/// What cells are.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of some words.
    Words(fn() -> Vec<&'static str>),
    /// A day, as 2017-03-31.
    Day,
    /// `yes` or `no`.
    YesNo,
    /// A whole number from 0.
    Count,
    /// A whole number that may be less than 0.
    Whole,
    /// A number from 0 to 1.
    Share,
    /// Any number.
    Number,
    /// A whole number from 0, or what stands in its place where it may not be shown.
    Shown,
}

impl Sheet {
    /// The names of its columns, as the header has them.
    pub fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }
}

impl Column {
    const fn of(name: &'static str, kind: Kind, says: &'static str) -> Column {
        Column { name, kind, unit: "", may_be_empty: false, says }
    }

    /// Any text.
    pub const fn text(name: &'static str, says: &'static str) -> Column {
        Column::of(name, Kind::Text, says)
    }

    /// One of some words.
    pub const fn words(name: &'static str, words: fn() -> Vec<&'static str>, says: &'static str) -> Column {
        Column::of(name, Kind::Words(words), says)
    }

    /// A day.
    pub const fn day(name: &'static str, says: &'static str) -> Column {
        Column::of(name, Kind::Day, says)
    }

    /// `yes` or `no`.
    pub const fn yes_no(name: &'static str, says: &'static str) -> Column {
        Column::of(name, Kind::YesNo, says)
    }

    /// How many people.
    pub const fn people(name: &'static str, says: &'static str) -> Column {
        Column::count(name, "people", says)
    }

    /// How many of something else.
    pub const fn count(name: &'static str, unit: &'static str, says: &'static str) -> Column {
        Column { unit, ..Column::of(name, Kind::Count, says) }
    }

    /// A whole number that may be less than 0.
    pub const fn whole(name: &'static str, unit: &'static str, says: &'static str) -> Column {
        Column { unit, ..Column::of(name, Kind::Whole, says) }
    }

    /// A number from 0 to 1.
    pub const fn share(name: &'static str, says: &'static str) -> Column {
        Column::of(name, Kind::Share, says)
    }

    /// Any number.
    pub const fn number(name: &'static str, unit: &'static str, says: &'static str) -> Column {
        Column { unit, ..Column::of(name, Kind::Number, says) }
    }

    /// How many people, where that may be shown.
    pub const fn shown(name: &'static str, says: &'static str) -> Column {
        Column { unit: "people", ..Column::of(name, Kind::Shown, says) }
    }

    /// The same column, whose cells may be empty.
    pub const fn or_empty(self) -> Column {
        Column { may_be_empty: true, ..self }
    }

    /// The same column, of which something else is said.
    pub const fn saying(self, says: &'static str) -> Column {
        Column { says, ..self }
    }
}

/// Which rules counted.
pub const FRAMEWORK_HASH: Column = Column::text("framework_hash", "Which rules counted: SHA-256 of the rule files and code sets");
/// An indicator or a register.
pub const MEASURE: Column = Column::text("measure", "The id of an indicator or of a register");
/// A practice.
pub const PRACTICE_CODE: Column = Column::text("practice_code", "The practice");
/// A practice, in files that have totals too.
pub const PRACTICE_OR_TOTAL: Column =
    Column::text("practice_code", "The practice; empty for a locality and for all practices together").or_empty();
/// Its name.
pub const PRACTICE_NAME: Column = Column::text("practice_name", "Its name").or_empty();
/// Its locality.
pub const LOCALITY: Column = Column::text("locality", "The practice's locality").or_empty();
/// Its locality, in files that have totals too.
pub const LOCALITY_OR_TOTAL: Column =
    Column::text("locality", "The practice's locality, or the locality itself; empty for all practices together").or_empty();
/// Where the period begins.
pub const INTERVAL_START: Column = Column::day("interval_start", "First day of the period");
/// Where it ends.
pub const INTERVAL_END: Column = Column::day("interval_end", "The reporting day");
/// What windows count back from.
pub const VIEW: Column = Column::words(
    "view",
    || vec!["year-end", "rolling"],
    "Whether windows count back from the end of the period (year-end) or from the reporting day (rolling)",
);
/// For whom a file is.
pub const AUDIENCE: Column =
    Column::words("audience", || vec!["internal", "sharing", "publish"], "For whom: internal, sharing with partners, or to be published");
/// By what people are told apart.
pub const STRATUM: Column =
    Column::words("stratum", || vec!["sex", "age", "imd_quintile"], "By what people are told apart; empty for everybody").or_empty();
/// Which of them.
pub const STRATUM_VALUE: Column = Column::text(
    "stratum_value",
    "Which of them, such as female, 18-39 or 1. Age is that of the reporting day; fifths of deprivation go from 1, the most deprived, to 5",
)
.or_empty();
/// The line that decided.
pub const LINE: Column =
    Column::count("line", "", "The number of the rule line in its file; 0 is the line that leaves out people of no band");
/// Whether the rules were written for another year.
pub const PERIOD_MOVED: Column = Column::yes_no("period_moved", "Whether the period is another year than the rules were written for");
