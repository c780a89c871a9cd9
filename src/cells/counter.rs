//! Counts the people of one practice on the last reporting day: one addition a person and indicator, in a table with a place for each group.

use super::{Cell, Finer, GROUPS, Pair, Taken, Who};
use crate::extract::patient::About;
use crate::framework::{Association, Framework, LineNumber, Outcome};
use crate::tally::first_indicator;

/// What becomes of the people of a line: nothing where they are in no denominator.
type OfLine = Option<Taken>;

/// Counts people.
#[derive(Debug)]
pub struct Counter<'f> {
    framework: &'f Framework,
    first: u16,
    /// By indicator and line.
    of_lines: Vec<Vec<OfLine>>,
    /// By indicator and group: who achieved, and who is in the denominator.
    dense: Vec<[u32; 2]>,
    pairs: Vec<Pair>,
    /// The group of the person who is counted, and what became of them in each indicator.
    place: usize,
    mine: Vec<OfLine>,
}

impl<'f> Counter<'f> {
    /// Nothing counted yet.
    pub fn new(framework: &'f Framework) -> Self {
        let of_lines: Vec<Vec<OfLine>> = framework.indicators.iter().map(|indicator| of_lines(&indicator.lines.lines)).collect();
        Counter {
            framework,
            first: first_indicator(framework),
            dense: vec![[0; 2]; of_lines.len() * GROUPS],
            pairs: vec![Pair::default(); framework.associations.len()],
            place: 0,
            mine: vec![None; of_lines.len()],
            of_lines,
        }
    }

    /// Chooses whom the next counts are of.
    pub fn person(&mut self, about: &About) {
        self.both();
        self.place = Who::of(about.born_ymd, about.sex, about.imd_quintile, self.framework.reporting_day.ymd()).place();
    }

    /// Counts the person's line of a measure, which is an indicator.
    pub fn count(&mut self, measure: u16, line: LineNumber) {
        let at = usize::from(measure.saturating_sub(self.first));
        let Some(became) = self.of_lines.get(at).and_then(|lines| lines.get(usize::from(line.0))).copied().flatten() else { return };
        if let Some([achieved, of]) = self.dense.get_mut(at * GROUPS + self.place) {
            *achieved += u32::from(became == Taken::Yes);
            *of += 1;
        }
        if let Some(mine) = self.mine.get_mut(at) {
            *mine = Some(became);
        }
    }

    /// Counts what indicators have to do with each other in the person who was counted last.
    fn both(&mut self) {
        for (Association { uptake, outcome, .. }, pair) in self.framework.associations.iter().zip(&mut self.pairs) {
            let became = |indicator: &usize| self.mine.get(*indicator).copied().flatten();
            if let (Some(taken_up), Some(achieved)) = (became(uptake), became(outcome)) {
                *pair.slot(taken_up, achieved) += 1;
            }
        }
        self.mine.fill(None);
    }

    /// What was counted.
    pub fn counts(mut self, practice: u32) -> Finer {
        self.both();
        let mut cells = Vec::new();
        for (measure, groups) in (0..).zip(self.dense.chunks(GROUPS)) {
            let somebody = groups.iter().enumerate().filter(|(_, [_, of])| *of > 0);
            cells.extend(somebody.map(|(place, [achieved, of])| Cell { measure, who: Who::at(place), achieved: *achieved, of: *of }));
        }
        let mut finer = Finer::default();
        if !cells.is_empty() {
            cells.sort_unstable();
            finer.cells.insert(practice, cells);
        }
        let pairs = (0..).zip(self.pairs).filter(|(_, pair)| *pair != Pair::default());
        finer.pairs.extend(pairs.map(|(association, pair)| ((practice, association), pair)));
        finer
    }
}

/// By the numbers of the lines of an indicator.
fn of_lines(lines: &[crate::framework::Line]) -> Vec<OfLine> {
    let last = lines.iter().map(|line| usize::from(line.number.0)).max().unwrap_or(0);
    let mut of_lines = vec![None; last + 1];
    for line in lines {
        if let Some(slot) = of_lines.get_mut(usize::from(line.number.0)) {
            *slot = match line.outcome {
                Outcome::Achieved => Some(Taken::Yes),
                Outcome::NotAchieved => Some(Taken::No),
                Outcome::Selected | Outcome::Rejected | Outcome::Excluded | Outcome::Excepted(_) | Outcome::Pathway(_) => None,
            };
        }
    }
    of_lines
}
