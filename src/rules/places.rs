//! The places of a pathway, which follow from the number of its stages: they are its lines.

/// Where a person is in a pathway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Declined, and took no step since.
    Declined,
    /// The last stage is reached.
    Complete,
    /// Some stage is reached.
    InProgress,
    /// No stage is in its window, but a plan once was.
    Lapsed,
    /// Nothing yet.
    NotStarted,
}

impl Status {
    /// All, in the order of a report.
    pub const ALL: [Status; 5] = [Status::NotStarted, Status::InProgress, Status::Complete, Status::Declined, Status::Lapsed];

    /// As it is written in examples and results.
    pub fn word(self) -> &'static str {
        match self {
            Status::Declined => "declined",
            Status::Complete => "complete",
            Status::InProgress => "in progress",
            Status::Lapsed => "lapsed",
            Status::NotStarted => "not started",
        }
    }
}

/// A place in a pathway: a status, and the furthest stage, counted from 1; 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathwayPlace {
    /// The status.
    pub status: Status,
    /// The furthest stage.
    pub furthest: usize,
}

/// All places of a pathway of so many stages, in the order in which they are looked for: its lines.
/// Worked: with 2 stages they are declined at 2, 1 and none, complete at 2, in progress at 1, lapsed, not started.
pub fn places(stages: usize) -> Vec<PathwayPlace> {
    let declined = (0..=stages).rev().map(|furthest| PathwayPlace { status: Status::Declined, furthest });
    let complete = [PathwayPlace { status: Status::Complete, furthest: stages }];
    let on_the_way = (1..stages).rev().map(|furthest| PathwayPlace { status: Status::InProgress, furthest });
    let rest = [Status::Lapsed, Status::NotStarted].map(|status| PathwayPlace { status, furthest: 0 });
    declined.chain(complete).chain(on_the_way).chain(rest).collect()
}
