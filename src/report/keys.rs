//! What a count by line is of, as the first cells of a row: the same in `counts.csv` and `lines.csv`.

use super::rows::Rows;
use super::{Outcomes, moved_word};
use crate::framework::{Framework, Lines};
use crate::tally::{Key, Stratum};

/// Everything that such cells say, looked up once.
pub(super) struct Keys<'o> {
    outcomes: &'o Outcomes<'o>,
    strata: Vec<Stratum>,
    days: Vec<OfDay<'o>>,
}

struct OfDay<'o> {
    framework: &'o Framework,
    day: String,
    measures: Vec<(&'o str, &'o Lines)>,
}

impl<'o> Keys<'o> {
    pub fn of(outcomes: &'o Outcomes<'o>) -> Keys<'o> {
        let of_day = |framework: &'o Framework| OfDay {
            framework,
            day: framework.reporting_day.to_string(),
            measures: framework.measures().collect(),
        };
        Keys { outcomes, strata: outcomes.strata(), days: outcomes.frameworks.iter().map(of_day).collect() }
    }

    /// The lines of a key's measure; nothing for the list, which has none.
    pub fn lines(&self, key: Key) -> Option<&'o Lines> {
        let at = usize::from(key.measure).checked_sub(1)?;
        self.days.get(usize::from(key.day))?.measures.get(at).map(|(_, lines)| *lines)
    }

    /// Adds some cells and those from the measure to the line, seven; none where a key is of nothing.
    pub fn cells(&self, before: &[&str], key: Key, rows: &mut Rows) -> Option<()> {
        let day = self.days.get(usize::from(key.day))?;
        let measure = match usize::from(key.measure).checked_sub(1) {
            None => "list",
            Some(at) => day.measures.get(at)?.0,
        };
        let stratum = self.strata.get(usize::from(key.stratum))?;
        let practice = self.outcomes.practices.get(key.practice as usize)?;
        rows.texts(before.iter().copied());
        rows.texts([measure, &practice.code, &day.day, day.framework.view.word(), stratum.kind, &stratum.value]);
        rows.number(i32::from(key.line));
        Some(())
    }

    /// Adds the last cell, whether the period is another year than the framework was written for.
    pub fn moved(&self, key: Key, rows: &mut Rows) {
        rows.texts([self.days.get(usize::from(key.day)).map_or("", |day| moved_word(day.framework))]);
    }
}

/// Nothing yet; rows of so many cells will be in the order of their key, whose first cell is in this column.
pub(super) fn rows(width: usize, first: usize) -> Rows {
    let order: Vec<usize> = (first..first + 7).collect();
    Rows::new(width, &order)
}
