//! Both views counted: of each indicator how many, today and at the end, and for how many something can still be done.

use super::person::{Due, Kind};

/// How many in one view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Achieved.
    pub achieved: u64,
    /// Achieved or not achieved.
    pub denominator: u64,
    /// Left out for a reason.
    pub excepted: u64,
}

/// One indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// On the reporting day.
    pub today: Standing,
    /// At the end of the period, with the records of the reporting day.
    pub end: Standing,
    /// People by kind, in the order of [`Kind::ALL`].
    pub kinds: [u64; 5],
    /// Of those whom one more record or more would make achieved: at one appointment.
    pub at_one_appointment: u64,
    /// Things that would have to be done for all of them.
    pub actions: u64,
}

/// All indicators, in the order of the framework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// One an indicator.
    pub indicators: Vec<Figure>,
}

impl Figures {
    /// Nobody counted yet.
    pub fn new(indicators: usize) -> Figures {
        Figures { indicators: vec![Figure::default(); indicators] }
    }

    /// Both together.
    pub fn and(&mut self, other: &Figures) {
        if self.indicators.len() < other.indicators.len() {
            self.indicators.resize(other.indicators.len(), Figure::default());
        }
        for (mine, theirs) in self.indicators.iter_mut().zip(&other.indicators) {
            for (mine, theirs) in [(&mut mine.today, theirs.today), (&mut mine.end, theirs.end)] {
                mine.achieved += theirs.achieved;
                mine.denominator += theirs.denominator;
                mine.excepted += theirs.excepted;
            }
            for (mine, theirs) in mine.kinds.iter_mut().zip(theirs.kinds) {
                *mine += theirs;
            }
            mine.at_one_appointment += theirs.at_one_appointment;
            mine.actions += theirs.actions;
        }
    }

    /// Counts what is due for one person.
    pub(super) fn person(&mut self, due: &[Due]) {
        for one in due {
            let kind = Kind::ALL.iter().position(|kind| *kind == one.kind);
            let Some(figure) = self.indicators.get_mut(one.indicator) else { continue };
            if let Some(people) = kind.and_then(|kind| figure.kinds.get_mut(kind)) {
                *people += 1;
            }
            if let Some(proposal) = one.proposal.as_ref().filter(|_| one.kind.counts()) {
                figure.actions += proposal.actions.len() as u64;
                figure.at_one_appointment += u64::from(proposal.together.is_some());
            }
        }
    }
}
