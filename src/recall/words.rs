//! The same in words: what to do and by when, what was last recorded, why.

use super::person::{Due, Kind, Last};
use crate::evaluate::next::{Action, Proposal};
use crate::framework::code_sets::SetId;
use crate::framework::{AmountTest, Compare, Framework, Line, Outcome, Rulebook};
use rust_decimal::Decimal;

/// More sets than this are not all named.
const MOST_NAMED: usize = 3;

/// The words of a framework: titles of code sets, units of values.
#[derive(Clone, Debug)]
pub struct Words<'f> {
    end: &'f Framework,
    /// By set.
    titles: Vec<String>,
    units: Vec<String>,
}

impl<'f> Words<'f> {
    /// Those of the rules from which a framework was made.
    pub fn of(rulebook: &Rulebook, end: &'f Framework) -> Words<'f> {
        let title = |name: &String| {
            let set = rulebook.sets.iter().find(|set| set.name == *name);
            set.and_then(|set| set.about.title.clone()).unwrap_or_else(|| name.clone())
        };
        let unit = |name: &String| {
            let values = rulebook.file.values.iter().find(|values| values.set.value == *name);
            values.map(|values| values.unit.value.clone()).unwrap_or_default()
        };
        Words { end, titles: end.sets.iter().map(title).collect(), units: end.sets.iter().map(unit).collect() }
    }

    /// Why an indicator is named, with a place in the rules: the line that would decide at the end, and, where that is the last, what
    /// would have to hold before.
    /// Worked: `not achieved, as "care-plan in the last 12 months" does not hold (care-planning/cp003.toml row 14; line 8 decides)`.
    pub fn why(&self, due: &Due) -> String {
        let Some(indicator) = self.end.indicators.get(due.indicator) else { return String::new() };
        let lines = &indicator.lines;
        let Some(line) = lines.line(due.end) else { return String::new() };
        let word = match line.outcome {
            Outcome::Excepted(reason) => format!("excepted ({})", reason.word()),
            outcome => outcome.word().to_owned(),
        };
        if !line.condition.clauses.is_empty() {
            return format!(
                "{word}, as \"{}\" holds ({} row {}; line {} decides)",
                condition_of(line),
                lines.file,
                line.row,
                line.number.0
            );
        }
        let achieved: Vec<&Line> = lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved).collect();
        let asked: Vec<String> = achieved.iter().map(|line| format!("\"{}\"", condition_of(line))).collect();
        let row = achieved.first().map_or(line.row, |line| line.row);
        format!("{word}, as {} does not hold ({} row {row}; line {} decides)", asked.join(" or "), lines.file, line.number.0)
    }

    /// What can still be done, and until when.
    /// Worked: `HbA1c at or below 58 mmol/mol, by 31 March 2017`.
    pub fn what_next(&self, due: &Due) -> String {
        match &due.proposal {
            Some(proposal) => self.proposal(proposal),
            None if due.kind == Kind::Lapses => "nothing that can still be recorded would keep it".to_owned(),
            None => "nothing that can still be recorded would count".to_owned(),
        }
    }

    fn proposal(&self, proposal: &Proposal) -> String {
        let mut words = String::new();
        for (at, action) in proposal.actions.iter().enumerate() {
            if at > 0 {
                words.push_str("; ");
            }
            words.push_str(&self.action(action));
            if action.beside {
                words.push_str(", together with it");
            }
            words.push_str(&self.when(action));
        }
        words
    }

    fn when(&self, action: &Action) -> String {
        let (from, to) = (action.from.long(), action.to.long());
        if action.from == action.to {
            format!(", on {to}")
        } else if action.waits {
            format!(", not before {from} and by {to}")
        } else {
            format!(", by {to}")
        }
    }

    fn action(&self, action: &Action) -> String {
        if action.reading {
            let parts = action.sets.iter().enumerate().map(|(at, set)| {
                let tests = action.values.iter().filter(|test| usize::from(test.value) == at);
                format!("{}{}", self.title(*set), self.tests(tests, *set))
            });
            return parts.collect::<Vec<_>>().join(" and ");
        }
        let first = action.sets.first().copied().unwrap_or(SetId(0));
        format!("{}{}", self.titles(&action.sets), self.tests(action.values.iter(), first))
    }

    /// `Aspirin or Clopidogrel, or one of 3 others`
    fn titles(&self, sets: &[SetId]) -> String {
        let mut titles: Vec<&str> = sets.iter().map(|set| self.title(*set)).collect();
        titles.dedup();
        let named = titles.get(..MOST_NAMED).unwrap_or(&titles).join(" or ");
        match titles.len().saturating_sub(MOST_NAMED) {
            0 => named,
            1 => format!("{named} or one other"),
            others => format!("{named} or one of {others} others"),
        }
    }

    fn title(&self, set: SetId) -> &str {
        self.titles.get(usize::from(set.0)).map_or("", String::as_str)
    }

    /// ` at or below 58 mmol/mol`
    fn tests<'t>(&self, tests: impl Iterator<Item = &'t AmountTest>, set: SetId) -> String {
        let one = |test: &AmountTest| {
            let compare = match test.compare {
                Compare::AtMost => "at or below",
                Compare::AtLeast => "at or above",
                Compare::Under => "below",
                Compare::Over => "above",
            };
            format!("{compare} {}", test.amount.to_decimal())
        };
        let tests: Vec<String> = tests.map(one).collect();
        let unit = self.units.get(usize::from(set.0)).map_or("", String::as_str);
        match (tests.is_empty(), unit) {
            (true, _) => String::new(),
            (false, "" | "1") => format!(" {}", tests.join(" and ")),
            (false, unit) => format!(" {} {unit}", tests.join(" and ")),
        }
    }

    /// What is there: `146 and 84 on 3 November 2016`; `none` where nothing is.
    pub fn last(&self, last: Option<&Last>) -> String {
        let Some(last) = last else { return "none".to_owned() };
        let values: Vec<Decimal> = last.records.iter().filter_map(|(_, amount)| *amount).map(|amount| amount.to_decimal()).collect();
        let what = if values.is_empty() {
            self.titles(&last.records.iter().map(|(set, _)| *set).collect::<Vec<_>>())
        } else {
            values.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" and ")
        };
        format!("{what} on {}", last.day.long())
    }

    /// `counts now, lapses on 14 February 2017`
    pub fn lapses(&self, due: &Due) -> String {
        match (due.kind, due.lapses) {
            (Kind::Lapses, Some(day)) => format!("counts now, lapses on {}", day.long()),
            (Kind::Lapses, None) => format!("counts now, but not on {}", self.end.reporting_day.long()),
            _ => String::new(),
        }
    }
}

/// A line's own words without what it concludes: of `achieved if care-plan in the last 12 months` what comes after `if`.
fn condition_of(line: &Line) -> &str {
    line.words.split_once(" if ").map_or(line.words.as_str(), |(_, condition)| condition)
}
