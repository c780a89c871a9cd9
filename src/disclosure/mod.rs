//! Counts of people, and which of them add up to which → what of it may be shown to whom.
//! Plain numbers: knows no practice, no file and no report; whoever prints asks here, for tables, charts and texts alike.
//!
//! A small count is hidden, and then whatever would give it away: the people who are left when it is taken from a shown total,
//! totals of localities, the same count in another table. Percentages and differences are worked out from what is shown, so they tell nothing new.
//! What holds: of every hidden count at least [`ENOUGH`] consecutive values agree with everything that is shown, and that is not believed but
//! proven by tables that do agree. What does not: whoever knows some of the people can take them out, and a reader who knows how the choice is made
//! may guess better than evenly.

mod areas;
mod hide;
mod ranges;
mod witness;

pub use areas::{AreaCells, Areas, PracticeCounts, areas};

use std::fmt;

/// So many consecutive values must remain possible for a hidden count.
pub const ENOUGH: u64 = 4;
/// In sharing, counts below this are hidden.
pub const FEWEST_TO_SHARE: u64 = 5;
/// In publishing, counts below this are hidden, 0 excepted.
pub const FEWEST_TO_PUBLISH: u64 = 8;
/// In publishing, all other counts are rounded to a multiple of this.
pub const ROUNDED_TO: u64 = 5;
/// In publishing, none or all of a group smaller than this is hidden: it would tell something of everybody in it.
pub const SMALL_GROUP: u64 = 20;

/// For whom something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The practices and those who pay them, under an agreement: everything as it is.
    Internal,
    /// Organisations that work together: counts below [`FEWEST_TO_SHARE`], 0 among them, are "fewer than 5".
    Sharing,
    /// Everybody: 1 to 7 are hidden, all other counts rounded to the nearest 5, as NHS Digital does below national level since 2018.
    Publish,
}

/// A count of a [`Table`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(usize);

/// How a count may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Exactly(u64),
    /// To the nearest [`ROUNDED_TO`].
    Rounded(u64),
    /// As fewer than this, which may be none.
    FewerThan(u64),
    /// Not at all: it is small, or would give a small one away.
    Hidden,
}

impl Shown {
    /// The number that is printed, where one is.
    pub fn number(self) -> Option<u64> {
        match self {
            Shown::Exactly(people) | Shown::Rounded(people) => Some(people),
            Shown::FewerThan(_) | Shown::Hidden => None,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Exactly(people) | Shown::Rounded(people) => people.fmt(to),
            Shown::FewerThan(people) => write!(to, "fewer than {people}"),
            Shown::Hidden => "*".fmt(to),
        }
    }
}

/// A percentage that may be shown, in tenths of a per cent where the counts beside it are exact, else in whole ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentage {
    /// Tenths of a per cent, half up.
    Tenths(u64),
    /// Per cent, half up, of rounded counts.
    Whole(u64),
}

/// Counts that were said to add up, and do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoesNotAddUp {
    /// The total.
    pub total: u64,
    /// What its parts come to; nothing where that is more than can be counted.
    pub parts: Option<u64>,
}

impl fmt::Display for DoesNotAddUp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        "a total is not the sum of its parts".fmt(to)
    }
}

impl std::error::Error for DoesNotAddUp {}

/// One count.
#[derive(Clone, Copy, Debug)]
struct Count {
    people: u64,
    /// Counts that no table prints must still not be given away.
    printed: bool,
}

/// total = all parts together.
#[derive(Clone, Debug)]
struct Sum {
    total: Cell,
    parts: Vec<Cell>,
}

/// Everything that is printed of something, and what adds up in it. Several reports that one reader has belong in one table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    counts: Vec<Count>,
    sums: Vec<Sum>,
    /// The sums that each count is in.
    sums_of: Vec<Vec<usize>>,
}

impl Table {
    /// A count of people that is printed.
    pub fn count(&mut self, people: u64) -> Cell {
        self.add(people, true)
    }

    /// What must be added to the parts for the total: people that no table prints but every reader can work out.
    /// For people who were asked about and did not achieve; for what a count that only grows has grown by since the last report.
    pub fn rest(&mut self, total: Cell, parts: &[Cell]) -> Result<Cell, DoesNotAddUp> {
        let (whole, sum) = (self.people(total), self.sum_of(parts));
        let rest = sum.and_then(|sum| whole.checked_sub(sum)).ok_or(DoesNotAddUp { total: whole, parts: sum })?;
        let rest = self.add(rest, false);
        self.adds_up(total, &[parts, &[rest]].concat())?;
        Ok(rest)
    }

    /// Says that a total is the sum of its parts.
    pub fn adds_up(&mut self, total: Cell, parts: &[Cell]) -> Result<(), DoesNotAddUp> {
        let (whole, sum) = (self.people(total), self.sum_of(parts));
        if sum != Some(whole) {
            return Err(DoesNotAddUp { total: whole, parts: sum });
        }
        let at = self.sums.len();
        self.sums.push(Sum { total, parts: parts.to_vec() });
        for cell in parts.iter().chain([&total]) {
            self.sums_of.get_mut(cell.0).into_iter().for_each(|sums| sums.push(at));
        }
        Ok(())
    }

    /// What may be shown to an audience.
    ///
    /// ```
    /// # use dqoh::disclosure::{Audience, Shown, Table};
    /// // 38 of 40 achieved, so 2 did not: the 38 would give them away.
    /// let mut table = Table::default();
    /// let (achieved, of) = (table.count(38), table.count(40));
    /// table.rest(of, &[achieved])?;
    /// let shown = table.for_audience(Audience::Sharing);
    /// assert_eq!(shown.count(achieved), Shown::Hidden);
    /// assert_eq!(shown.count(of), Shown::Exactly(40));
    /// assert_eq!(shown.percentage(achieved, of), None);
    /// # Ok::<(), dqoh::disclosure::DoesNotAddUp>(())
    /// ```
    pub fn for_audience(&self, audience: Audience) -> Disclosed {
        Disclosed { shown: hide::hide(self, audience) }
    }

    fn add(&mut self, people: u64, printed: bool) -> Cell {
        let cell = Cell(self.counts.len());
        self.counts.push(Count { people, printed });
        self.sums_of.push(Vec::new());
        cell
    }

    fn people(&self, cell: Cell) -> u64 {
        self.counts.get(cell.0).map_or(0, |count| count.people)
    }

    fn sum_of(&self, cells: &[Cell]) -> Option<u64> {
        cells.iter().try_fold(0_u64, |sum, cell| sum.checked_add(self.people(*cell)))
    }

    fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        (0..self.counts.len()).map(Cell)
    }

    fn printed(&self, cell: Cell) -> bool {
        self.counts.get(cell.0).is_some_and(|count| count.printed)
    }

    /// The sums that a count is in, as their places in [`Table::sums`].
    fn sums_of(&self, cell: Cell) -> &[usize] {
        self.sums_of.get(cell.0).map_or(&[], Vec::as_slice)
    }
}

/// What may be shown of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    shown: Vec<Shown>,
}

impl Disclosed {
    /// One count.
    pub fn count(&self, cell: Cell) -> Shown {
        self.shown.get(cell.0).copied().unwrap_or(Shown::Hidden)
    }

    /// The share of a count in another, from what is shown of both; nothing where one of them is hidden or nobody is counted.
    pub fn percentage(&self, numerator: Cell, denominator: Cell) -> Option<Percentage> {
        let (part, whole) = (self.count(numerator), self.count(denominator));
        let (achieved, of) = (u128::from(part.number()?), u128::from(whole.number()?));
        let per = |all: u128| u64::try_from((2 * all * achieved + of) / (2 * of)).ok();
        let exact = matches!((part, whole), (Shown::Exactly(_), Shown::Exactly(_)));
        match (of, exact) {
            (0, _) => None,
            (_, true) => per(1000).map(Percentage::Tenths),
            (_, false) => per(100).map(Percentage::Whole),
        }
    }

    /// How much a count differs from another, from what is shown of both. Where the count can only grow, what it grew by is a count
    /// of people itself: it belongs in the table, see [`Table::rest`].
    pub fn difference(&self, now: Cell, before: Cell) -> Option<i128> {
        Some(i128::from(self.count(now).number()?) - i128::from(self.count(before).number()?))
    }

    /// Whether something that is worked out from these counts, such as an interval or a flag, may be shown: all of them are, exactly.
    pub fn all_exact(&self, cells: &[Cell]) -> bool {
        cells.iter().all(|cell| matches!(self.count(*cell), Shown::Exactly(_)))
    }
}
