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

/// People with whom an indicator can still be completed, by how many appointments that takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByAppointments {
    /// One.
    pub one: u64,
    /// Two.
    pub two: u64,
    /// Three or more.
    pub more: u64,
}

impl ByAppointments {
    /// How many people there are.
    pub fn people(self) -> u64 {
        self.one + self.two + self.more
    }

    /// The fewest appointments after which so many people have completed it, those first who need the fewest; nothing where there are not
    /// so many people, or some of them would need three or more.
    /// Worked: of 5 who need one and 3 who need two, 7 take 5 × 1 + 2 × 2 = 9.
    ///
    /// ```
    /// use dqoh::recall::ByAppointments;
    /// let people = ByAppointments { one: 5, two: 3, more: 4 };
    /// assert_eq!([0, 4, 7, 8, 9].map(|number| people.for_people(number)), [Some(0), Some(4), Some(9), Some(11), None]);
    /// ```
    pub fn for_people(self, people: u64) -> Option<u64> {
        (people <= self.one + self.two).then(|| people + people.saturating_sub(self.one))
    }

    fn person(&mut self, appointments: usize) {
        *match appointments {
            0 | 1 => &mut self.one,
            2 => &mut self.two,
            _ => &mut self.more,
        } += 1;
    }

    fn and(&mut self, other: ByAppointments) {
        self.one += other.one;
        self.two += other.two;
        self.more += other.more;
    }
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
    /// Those whom one more record or more would make achieved, and are asked for.
    pub appointments: ByAppointments,
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
            mine.appointments.and(theirs.appointments);
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
                figure.appointments.person(proposal.appointments);
            }
        }
    }
}
