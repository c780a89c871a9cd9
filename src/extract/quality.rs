//! What could not be used, and why: counts by reason, and the rows themselves by file, row and column.
//! Never holds a value of a person.

use super::patient::RowPlace;
use std::collections::BTreeMap;

/// Why a row, or a part of one, was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The person is in several practices and the row does not say in which.
    AmbiguousPerson,
    /// The record is dated before the person was born.
    BeforeBirth,
    /// A code id that the dictionary does not have.
    CodeUnknown,
    /// Marked as confidential or sensitive.
    Confidential,
    /// Marked as confidential or sensitive, and left out because that was asked for.
    ConfidentialLeftOut,
    /// Not a date, or none that data may hold.
    DateNotUnderstood,
    /// The person left before registering, or died before being born.
    DatesOutOfOrder,
    /// Deleted at the practice.
    Deleted,
    /// A record of a person who was deleted.
    DeletedPerson,
    /// The same record stood there before.
    DuplicateRecord,
    /// The same person, with the same particulars, stood there before.
    DuplicatePerson,
    /// A word for an episode that is not known.
    EpisodeNotUnderstood,
    /// Neither TRUE nor FALSE.
    FlagNotUnderstood,
    /// Not a GUID.
    GuidNotUnderstood,
    /// Born in a month, without a day: counted from the first of the month.
    MonthOnlyBirth,
    /// A cell that must be filled is empty.
    MissingValue,
    /// A person who is registered for something else than general medical services, or a record of theirs.
    OtherRegistration,
    /// Dated by its month or year only: counted from the first of it.
    PartialDate,
    /// Two rows tell different things of one person; all are set aside.
    PersonDiffers,
    /// A record of a person who was set aside.
    PersonSetAside,
    /// The header again.
    RepeatedHeader,
    /// A later batch has the row anew.
    Replaced,
    /// A word for a sex that is not known.
    SexNotUnderstood,
    /// Several values of a day, without a group, that cannot be told apart: the highest of each was taken.
    UngroupedReading,
    /// No such person in the patients files.
    UnknownPerson,
    /// No such practice in practices.csv.
    UnknownPractice,
    /// A record whose day is not known.
    Undated,
    /// The record was used without its value.
    ValueNotUsed,
    /// More or fewer cells than the header has.
    WrongNumberOfFields,
}

impl Reason {
    /// Every reason, by name.
    pub const ALL: [Reason; 29] = [
        Reason::AmbiguousPerson,
        Reason::BeforeBirth,
        Reason::CodeUnknown,
        Reason::Confidential,
        Reason::ConfidentialLeftOut,
        Reason::DateNotUnderstood,
        Reason::DatesOutOfOrder,
        Reason::Deleted,
        Reason::DeletedPerson,
        Reason::DuplicateRecord,
        Reason::DuplicatePerson,
        Reason::EpisodeNotUnderstood,
        Reason::FlagNotUnderstood,
        Reason::GuidNotUnderstood,
        Reason::MonthOnlyBirth,
        Reason::MissingValue,
        Reason::OtherRegistration,
        Reason::PartialDate,
        Reason::PersonDiffers,
        Reason::PersonSetAside,
        Reason::RepeatedHeader,
        Reason::Replaced,
        Reason::SexNotUnderstood,
        Reason::UngroupedReading,
        Reason::UnknownPerson,
        Reason::UnknownPractice,
        Reason::Undated,
        Reason::ValueNotUsed,
        Reason::WrongNumberOfFields,
    ];

    /// As it is written in `quarantine.csv` and `manifest.json`.
    pub fn word(self) -> &'static str {
        match self {
            Reason::AmbiguousPerson => "ambiguous-person",
            Reason::BeforeBirth => "before-birth",
            Reason::CodeUnknown => "code-unknown",
            Reason::Confidential => "confidential",
            Reason::ConfidentialLeftOut => "confidential-left-out",
            Reason::DateNotUnderstood => "date-not-understood",
            Reason::DatesOutOfOrder => "dates-out-of-order",
            Reason::Deleted => "deleted",
            Reason::DeletedPerson => "deleted-person",
            Reason::DuplicateRecord => "duplicate-record",
            Reason::DuplicatePerson => "duplicate-person",
            Reason::EpisodeNotUnderstood => "episode-not-understood",
            Reason::FlagNotUnderstood => "flag-not-understood",
            Reason::GuidNotUnderstood => "guid-not-understood",
            Reason::MonthOnlyBirth => "month-only-birth",
            Reason::MissingValue => "missing-value",
            Reason::OtherRegistration => "other-registration",
            Reason::PartialDate => "partial-date",
            Reason::PersonDiffers => "person-differs",
            Reason::PersonSetAside => "person-set-aside",
            Reason::RepeatedHeader => "repeated-header",
            Reason::Replaced => "replaced",
            Reason::SexNotUnderstood => "sex-not-understood",
            Reason::UngroupedReading => "ungrouped-reading",
            Reason::UnknownPerson => "unknown-person",
            Reason::UnknownPractice => "unknown-practice",
            Reason::Undated => "undated",
            Reason::ValueNotUsed => "value-not-used",
            Reason::WrongNumberOfFields => "wrong-number-of-fields",
        }
    }

    /// The rule that the row broke, for people.
    pub fn rule(self) -> &'static str {
        match self {
            Reason::AmbiguousPerson => "a person who is in several practices needs the practice_code beside the patient_id",
            Reason::BeforeBirth => "nothing is recorded before birth",
            Reason::CodeUnknown => "every CodeId stands in Coding_ClinicalCode or Coding_DrugCode",
            Reason::Confidential => "a person or record marked as confidential counts unless asked otherwise",
            Reason::ConfidentialLeftOut => "a person or record marked as confidential does not count when that is asked for",
            Reason::DateNotUnderstood => "a date is written as 2016-04-01, or as extract.toml says, and lies in the years 1850 to 2100",
            Reason::DatesOutOfOrder => "nobody leaves before registering or dies before birth",
            Reason::Deleted => "what was deleted at the practice does not count",
            Reason::DeletedPerson => "records of a deleted person do not count, though they are not marked as deleted",
            Reason::DuplicateRecord => "an identical record counts once",
            Reason::DuplicatePerson => "an identical person counts once",
            Reason::EpisodeNotUnderstood => "an episode is first, new, review, other or empty",
            Reason::FlagNotUnderstood => "a mark is TRUE, FALSE or empty",
            Reason::GuidNotUnderstood => "a GUID has 32 hexadecimal digits, with or without hyphens and braces",
            Reason::MonthOnlyBirth => "a birth without a day counts from the first of the month",
            Reason::MissingValue => "this column may not be empty",
            Reason::OtherRegistration => "only people of the type Regular, and no dummies, are on the list",
            Reason::PartialDate => "a month or a year counts as the day that stands in the file",
            Reason::PersonDiffers => "all rows of one person say the same",
            Reason::PersonSetAside => "every record is of a person whose own row could be used",
            Reason::RepeatedHeader => "the header stands once, at the top",
            Reason::Replaced => "of several rows of one GUID that of the latest batch counts",
            Reason::SexNotUnderstood => "sex is F, M, or one of I, O, U, X or empty when it is neither or not known",
            Reason::UngroupedReading => "values of one reading share a group",
            Reason::UnknownPerson => "every record is of a person in the patients files",
            Reason::UnknownPractice => "every practice stands in practices.csv, or in Admin_Organisation",
            Reason::Undated => "a record without a day is never the latest of anything",
            Reason::ValueNotUsed => "a value has the unit of its code set and lies within its limits",
            Reason::WrongNumberOfFields => "every row has as many cells as the header",
        }
    }

    /// The rule, and what exactly broke it, as `quarantine.csv` says both.
    pub fn rule_in_detail(self, detail: &str) -> String {
        if detail.is_empty() { self.rule().to_owned() } else { format!("{}; this one is {detail}", self.rule()) }
    }

    /// What was done with the row.
    pub fn done(self) -> &'static str {
        match self {
            Reason::ValueNotUsed => "used without its value",
            Reason::EpisodeNotUnderstood => "used as an `other` episode",
            Reason::Confidential | Reason::MonthOnlyBirth | Reason::PartialDate | Reason::UngroupedReading => "used",
            Reason::AmbiguousPerson
            | Reason::BeforeBirth
            | Reason::DateNotUnderstood
            | Reason::DatesOutOfOrder
            | Reason::DuplicateRecord
            | Reason::DuplicatePerson
            | Reason::MissingValue
            | Reason::PersonDiffers
            | Reason::PersonSetAside
            | Reason::RepeatedHeader
            | Reason::SexNotUnderstood
            | Reason::UnknownPerson
            | Reason::UnknownPractice
            | Reason::CodeUnknown
            | Reason::ConfidentialLeftOut
            | Reason::Deleted
            | Reason::DeletedPerson
            | Reason::FlagNotUnderstood
            | Reason::GuidNotUnderstood
            | Reason::OtherRegistration
            | Reason::Replaced
            | Reason::Undated
            | Reason::WrongNumberOfFields => "left out",
        }
    }

    /// What whoever made the extract can do about it.
    pub fn mend(self) -> &'static str {
        match self {
            Reason::AmbiguousPerson => "export the practice_code with every event",
            Reason::BeforeBirth => "compare the birth dates with those of the practice system; a few are usual",
            Reason::CodeUnknown => "ask for the dictionaries of the same batch",
            Reason::Confidential => "nothing needs doing; --leave-out-confidential leaves them out",
            Reason::ConfidentialLeftOut => "nothing needs doing: it was asked for",
            Reason::DateNotUnderstood => "export days as 2016-04-01, or say in extract.toml how they are written",
            Reason::DatesOutOfOrder => "ask the practice to put the dates of these people right",
            Reason::Deleted => "nothing needs doing",
            Reason::DeletedPerson => "nothing needs doing: the extract keeps records of deleted people",
            Reason::DuplicateRecord => "nothing needs doing; if there are many, look whether a file was sent twice",
            Reason::DuplicatePerson => "nothing needs doing; if there are many, look whether a file was sent twice",
            Reason::EpisodeNotUnderstood => "export episodes as first, new, review or other",
            Reason::FlagNotUnderstood => "use the file as it was sent: columns may have slipped",
            Reason::GuidNotUnderstood => "use the file as it was sent: columns may have slipped",
            Reason::MonthOnlyBirth => "nothing needs doing, unless whole days of birth were asked for",
            Reason::MissingValue => "ask for the column to be filled, or look whether columns have slipped",
            Reason::OtherRegistration => "nothing needs doing; if there are many, ask the practice how it registers people",
            Reason::PartialDate => "nothing needs doing; for recent records ask the practice for the day",
            Reason::PersonDiffers => "send one row for each person and practice, the latest",
            Reason::PersonSetAside => "put the person's own row right: these follow from it",
            Reason::RepeatedHeader => "put files together without their headers",
            Reason::Replaced => "nothing needs doing",
            Reason::SexNotUnderstood => "export sex as F, M or U",
            Reason::UngroupedReading => "export a group for values that were measured together",
            Reason::UnknownPerson => "ask for the people and the events of the same day and the same practices",
            Reason::UnknownPractice => "put the practice into practices.csv, or leave its rows out",
            Reason::Undated => "ask the practice for the days of records that matter",
            Reason::ValueNotUsed => "export values as plain numbers in the unit of the code set: nothing is converted",
            Reason::WrongNumberOfFields => "export the file again: a comma in a cell needs quotation marks around it",
        }
    }

    /// The reason of a word in `quarantine.csv`.
    pub fn from_word(word: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// Whether the row counts against the limit of rejects: it should have been usable and was not.
    pub fn is_reject(self) -> bool {
        self.done() == "left out"
            && !matches!(
                self,
                Reason::BeforeBirth
                    | Reason::ConfidentialLeftOut
                    | Reason::Deleted
                    | Reason::DeletedPerson
                    | Reason::DuplicateRecord
                    | Reason::DuplicatePerson
                    | Reason::OtherRegistration
                    | Reason::Replaced
                    | Reason::Undated
            )
    }
}

/// Why a value is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Not a number in plain digits.
    NotANumber,
    /// A number that millionths cannot hold.
    TooFine,
    /// A number in another unit.
    OtherUnit,
    /// A number that is not believed.
    OutsideLimits,
}

impl Unusable {
    /// All of them.
    pub const ALL: [Unusable; 4] = [Unusable::NotANumber, Unusable::TooFine, Unusable::OtherUnit, Unusable::OutsideLimits];

    /// As `quarantine.csv` says it.
    pub fn detail(self) -> &'static str {
        match self {
            Unusable::NotANumber => "not a number in plain digits",
            Unusable::TooFine => "more than six decimals, or too large",
            Unusable::OtherUnit => "in another unit than that of the code set",
            Unusable::OutsideLimits => "outside the limits of the code set",
        }
    }
}

/// One row, or part of one, that was not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarantined {
    /// Which row of which file.
    pub place: RowPlace,
    /// Which column; empty when the whole row is to blame.
    pub column: &'static str,
    /// Why.
    pub reason: Reason,
    /// More about it, never a value.
    pub detail: &'static str,
    /// The practice, by its place in the extract's list, where the row tells it.
    pub practice: Option<u16>,
}

/// What could not be used of an extract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// How often each reason occurred.
    pub counts: BTreeMap<Reason, u64>,
    /// The rows; reasons that are only counted have none.
    pub rows: Vec<Quarantined>,
    /// Data rows read.
    pub rows_read: u64,
    /// Rows of codes that no fact asks for.
    pub rows_in_no_set: u64,
    /// The same, by scheme.
    pub in_no_set_by_scheme: BTreeMap<String, u64>,
}

impl Quality {
    /// Keeps a row whose practice is not known, and counts its reason.
    pub fn set_aside(&mut self, place: RowPlace, column: &'static str, reason: Reason, detail: &'static str) {
        self.keep(Quarantined { place, column, reason, detail, practice: None });
    }

    /// Keeps a row, and counts its reason.
    pub fn keep(&mut self, row: Quarantined) {
        self.count(row.reason, 1);
        self.rows.push(row);
    }

    /// Only counts.
    pub fn count(&mut self, reason: Reason, times: u64) {
        if times > 0 {
            *self.counts.entry(reason).or_default() += times;
        }
    }

    /// Adds what could not be used of a part of a file.
    pub fn and(&mut self, part: Quality) {
        for (reason, times) in part.counts {
            self.count(reason, times);
        }
        self.rows.extend(part.rows);
        self.rows_read += part.rows_read;
        self.rows_in_no_set += part.rows_in_no_set;
    }

    /// Rows that should have been usable and were not.
    pub fn rejects(&self) -> u64 {
        self.counts.iter().filter(|(reason, _)| reason.is_reject()).map(|(_, count)| count).sum()
    }

    /// The rows in the order of their places.
    pub fn sort(&mut self) {
        self.rows.sort_unstable();
    }
}
