//! What becomes of a person, and why.

use super::Status;

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// On the register.
    Selected,
    /// Not on the register.
    Rejected,
    /// An exclusion: not what the indicator is about.
    Excluded,
    /// In denominator and numerator.
    Achieved,
    /// Left out of the denominator, for a reason.
    Excepted(Reason),
    /// In the denominator only.
    NotAchieved,
    /// A place in a pathway.
    Pathway(Status),
}

impl Outcome {
    /// As it is written in results and examples.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Selected => "selected",
            Outcome::Rejected => "rejected",
            Outcome::Excluded => "excluded",
            Outcome::Achieved => "achieved",
            Outcome::Excepted(_) => "excepted",
            Outcome::NotAchieved => "not achieved",
            Outcome::Pathway(status) => status.word(),
        }
    }
}

/// Why a person is excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Each element of a bundle is met, unsuitable or declined, and one at least is not met.
    Combination,
    /// The person declined.
    Declined,
    /// As much treatment as can be borne.
    MaximumTreatment,
    /// Diagnosed a short time ago.
    NewlyDiagnosed,
    /// Registered a short time ago.
    NewlyRegistered,
    /// Did not answer two invitations.
    NoResponse,
    /// The service does not exist here.
    ServiceUnavailable,
    /// Not suitable for this person.
    Unsuitable,
}

impl Reason {
    /// All reasons, by their words.
    pub const ALL: [Reason; 8] = [
        Reason::Combination,
        Reason::Declined,
        Reason::MaximumTreatment,
        Reason::NewlyDiagnosed,
        Reason::NewlyRegistered,
        Reason::NoResponse,
        Reason::ServiceUnavailable,
        Reason::Unsuitable,
    ];

    /// As it is written in rules and results.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Combination => "combination",
            Reason::Declined => "declined",
            Reason::MaximumTreatment => "maximum-treatment",
            Reason::NewlyDiagnosed => "newly-diagnosed",
            Reason::NewlyRegistered => "newly-registered",
            Reason::NoResponse => "no-response",
            Reason::ServiceUnavailable => "service-unavailable",
            Reason::Unsuitable => "unsuitable",
        }
    }
}
