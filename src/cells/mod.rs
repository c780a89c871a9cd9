//! What is counted finer on the last reporting day, for statistics: practice × indicator × [`Who`] → who achieved, of how many; and
//! practice × association → people by uptake and outcome. Sparse; merging is addition. Knows no record and no file.

mod counter;
mod from_rows;

pub use counter::Counter;
pub use from_rows::{AssociationName, FinerRead, from_rows};

use crate::dictionary::{Column, FRAMEWORK_HASH, INTERVAL_END, MEASURE, PERIOD_MOVED, PRACTICE_CODE, Sheet, VIEW};
use crate::framework::Sex;
use crate::framework::calendar::age;
use std::collections::BTreeMap;

/// The lower edges of the age bands, which are those of the European standard population.
pub const AGES: [u8; 19] = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90];
/// How many sexes are told apart.
const SEXES: usize = 3;
/// Fifths of deprivation, and nobody knows.
const FIFTHS: usize = 6;
/// How many groups of people there are.
const GROUPS: usize = AGES.len() * SEXES * FIFTHS;

/// The columns of `cells.csv`, whichever engine counted.
pub static CELLS: Sheet = Sheet {
    name: "cells.csv",
    title: "Counts of the last reporting day by age, sex and deprivation. Small numbers: not to be passed on",
    written_by: "dqoh run, dqoh report",
    columns: &[
        FRAMEWORK_HASH,
        MEASURE.saying("The indicator; registers are not in it"),
        PRACTICE_CODE,
        INTERVAL_END.saying("The last reporting day of the run"),
        VIEW,
        Column::text("age_band", "Five years of age on the reporting day: 0-4, 5-9 and so on to 90+"),
        Column::words("sex", || vec!["female", "male", "neither"], "Neither where the extract tells none of the two"),
        Column::count("imd_quintile", "", "Fifth of deprivation, 1 the most deprived; empty where the extract has none").or_empty(),
        Column::people("achieved", "How many achieved"),
        Column::people("denominator", "Of how many; never 0"),
        PERIOD_MOVED,
    ],
    key: &["measure", "practice_code", "interval_end", "view", "age_band", "sex", "imd_quintile"],
};

/// The columns of `pairs.csv`, whichever engine counted.
pub static PAIRS: Sheet = Sheet {
    name: "pairs.csv",
    title: "People by whether they took something up and whether they reached an outcome. Small numbers: not to be passed on",
    written_by: "dqoh run, dqoh report",
    columns: &[
        FRAMEWORK_HASH,
        Column::text("association", "The id of the [[associate]] in the framework"),
        Column::text("uptake", "The indicator that people took something up by, such as a care plan"),
        Column::text("outcome", "The indicator that shows what came of it"),
        PRACTICE_CODE,
        INTERVAL_END.saying("The last reporting day of the run"),
        VIEW,
        Column::yes_no("taken_up", "Whether these people are in the numerator of the uptake"),
        Column::yes_no("achieved", "Whether they are in the numerator of the outcome"),
        Column::people("people", "How many they are; never 0"),
        PERIOD_MOVED,
    ],
    key: &["association", "practice_code", "interval_end", "view", "taken_up", "achieved"],
};

/// A group of people: of an age, a sex and a fifth of deprivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Which of [`AGES`].
    pub band: u8,
    /// The sex, when it is one of the two that sentences ask for.
    pub sex: Option<Sex>,
    /// Fifth of deprivation, 1 the most deprived, where it is known.
    pub fifth: Option<u8>,
}

impl Who {
    /// The group of somebody born on a day, on a reporting day; both as [`crate::framework::calendar::Day::ymd`].
    pub fn of(born_ymd: i32, sex: Option<Sex>, fifth: Option<u8>, on_ymd: i32) -> Who {
        let years = age(born_ymd, on_ymd);
        let reached = AGES.iter().filter(|from| i32::from(**from) <= years).count();
        Who { band: u8::try_from(reached.saturating_sub(1)).unwrap_or(0), sex, fifth }
    }

    /// Its place among all groups.
    fn place(self) -> usize {
        let sex = match self.sex {
            Some(Sex::Female) => 0,
            Some(Sex::Male) => 1,
            None => 2,
        };
        (usize::from(self.band) * SEXES + sex) * FIFTHS + usize::from(self.fifth.unwrap_or(0))
    }

    /// The group of a place.
    fn at(place: usize) -> Who {
        let (rest, fifth) = (place / FIFTHS, place % FIFTHS);
        let sex = [Some(Sex::Female), Some(Sex::Male), None].get(rest % SEXES).copied().flatten();
        let narrow = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        Who { band: narrow(rest / SEXES), sex, fifth: Some(narrow(fifth)).filter(|fifth| *fifth > 0) }
    }
}

/// `0-4`, `85-89`, `90+`
pub fn band_name(band: u8) -> String {
    let edge = |at: usize| AGES.get(at).copied();
    match (edge(usize::from(band)), edge(usize::from(band) + 1)) {
        (Some(from), Some(next)) => format!("{from}-{}", next - 1),
        (Some(from), None) => format!("{from}+"),
        (None, _) => String::new(),
    }
}

/// As in the strata of results: whoever is neither is counted too.
pub fn sex_name(sex: Option<Sex>) -> &'static str {
    match sex {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        None => "neither",
    }
}

/// The people of a group for whom an indicator has a denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Which indicator, in report order.
    pub measure: u16,
    /// Who they are.
    pub who: Who,
    /// How many achieved.
    pub achieved: u32,
    /// Of how many.
    pub of: u32,
}

/// People of an association in one practice: in the denominators of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Of those who took it up: who achieved, and who did not.
    pub with: [u64; 2],
    /// Of those who did not.
    pub without: [u64; 2],
}

impl Pair {
    /// The people of one of the four groups.
    fn slot(&mut self, taken_up: Taken, achieved: Taken) -> &mut u64 {
        let half = if taken_up == Taken::Yes { &mut self.with } else { &mut self.without };
        let [yes, no] = half;
        if achieved == Taken::Yes { yes } else { no }
    }

    /// All people: those who took it up, who achieved, and everybody.
    pub fn sums(&self) -> (u64, u64, u64) {
        let ([with_yes, with_no], [without_yes, without_no]) = (self.with, self.without);
        (with_yes + with_no, with_yes + without_yes, with_yes + with_no + without_yes + without_no)
    }
}

/// Yes or no, as `pairs.csv` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    No,
}

/// Everything that is counted finer, on one reporting day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finer {
    /// By practice: cells with somebody in the denominator, in the order of indicators and groups.
    cells: BTreeMap<u32, Vec<Cell>>,
    /// By practice and association.
    pairs: BTreeMap<(u32, u16), Pair>,
}

impl Finer {
    /// All cells, with their practices.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.iter().flat_map(|(practice, cells)| cells.iter().map(|cell| (*practice, cell)))
    }

    /// All pairs, with their practices and associations.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u16, &Pair)> {
        self.pairs.iter().map(|((practice, association), pair)| (*practice, *association, pair))
    }

    /// Both together.
    pub fn merged(mut self, other: Finer) -> Finer {
        for (practice, more) in other.cells {
            let cells = self.cells.entry(practice).or_default();
            let known = !cells.is_empty();
            cells.extend(more);
            if known {
                add_up(cells);
            }
        }
        for (place, more) in other.pairs {
            let pair = self.pairs.entry(place).or_default();
            for (mine, theirs) in pair.with.iter_mut().chain(&mut pair.without).zip(more.with.iter().chain(&more.without)) {
                *mine += theirs;
            }
        }
        self
    }
}

/// Makes one cell of those of the same indicator and group.
fn add_up(cells: &mut Vec<Cell>) {
    cells.sort_unstable();
    cells.dedup_by(|next, kept| {
        let same = (next.measure, next.who) == (kept.measure, kept.who);
        if same {
            kept.achieved += next.achieved;
            kept.of += next.of;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::{AGES, Cell, Finer, GROUPS, Pair, Sex, Who, band_name};
    use std::collections::BTreeMap;

    #[test]
    fn every_place_is_a_group_and_back() {
        for place in 0..GROUPS {
            assert_eq!(Who::at(place).place(), place);
        }
    }

    #[test]
    fn bands_begin_on_birthdays() {
        let band = |born| band_name(Who::of(born, None, None, 20_170_331).band);
        assert_eq!(["0-4", "0-4", "5-9"], [20_170_331, 20_120_401, 20_120_331].map(band));
        assert_eq!(["85-89", "90+", "90+"], [19_270_401, 19_270_331, 19_100_101].map(band));
        // Registered before they are born: nobody should be, and they are counted all the same.
        assert_eq!(band(20_170_401), "0-4");
        assert_eq!(AGES.len(), 19);
    }

    #[test]
    fn merging_is_addition() {
        let who = Who { band: 3, sex: Some(Sex::Male), fifth: None };
        let finer = |measure, achieved| Finer {
            cells: BTreeMap::from([(7, vec![Cell { measure, who, achieved, of: 2 }])]),
            pairs: BTreeMap::from([((7, 0), Pair { with: [1, 2], without: [3, 4] })]),
        };
        let (one, other) = (finer(1, 1).merged(finer(0, 2)), finer(1, 0));
        let together = one.clone().merged(other.clone());
        assert_eq!(together, other.merged(one));
        let cells: Vec<(u16, u32, u32)> = together.cells().map(|(_, cell)| (cell.measure, cell.achieved, cell.of)).collect();
        assert_eq!(cells, [(0, 2, 2), (1, 1, 4)]);
        assert_eq!(together.pairs().next().unwrap().2, &Pair { with: [3, 6], without: [9, 12] });
    }
}
