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
            None if due.kind == Kind::Lapses => format!("nothing that can still be recorded would keep it{}", self.missed(due)),
            None => format!("nothing that can still be recorded would count{}", self.missed(due)),
        }
    }

    /// `: the last day for Review of depression was 12 October 2016`
    fn missed(&self, due: &Due) -> String {
        let of = |action: &Action| format!("the last day for {} was {}", self.action(action), action.to.long());
        let all: Vec<String> = due.missed.iter().map(of).collect();
        if all.is_empty() { String::new() } else { format!(": {}", all.join("; ")) }
    }

    fn proposal(&self, proposal: &Proposal) -> String {
        let step = |action: &Action| {
            let beside = if action.beside { ", together with it" } else { "" };
            format!("{}{beside}{}", self.action(action), self.when(action))
        };
        proposal.actions.iter().map(step).collect::<Vec<_>>().join("; ")
    }

    /// Everything to do for one person, each thing once, with the indicators that it is for; `together` where an indicator wants it recorded
    /// together with others.
    /// Worked: `Prepared, by 31 March 2017 (CP001, CP002 together) | Results shared, by 31 March 2017 (CP002 together)`.
    pub fn to_do<'d>(&self, due: impl Iterator<Item = &'d Due>) -> String {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for one in due {
            let actions = one.proposal.as_ref().map_or(&[][..], |proposal| &proposal.actions);
            for (at, action) in actions.iter().enumerate() {
                let words = self.action(action) + &self.when(action);
                let together = action.beside || actions.get(at + 1).is_some_and(|next| next.beside);
                let indicator = format!("{}{}", self.indicator(one), if together { " together" } else { "" });
                match all.iter_mut().find(|(told, _)| *told == words) {
                    Some((_, indicators)) if indicators.contains(&indicator) => {}
                    Some((_, indicators)) => indicators.push(indicator),
                    None => all.push((words, vec![indicator])),
                }
            }
        }
        let told: Vec<String> = all.into_iter().map(|(words, indicators)| format!("{words} ({})", indicators.join(", "))).collect();
        told.join(" | ")
    }

    fn indicator(&self, due: &Due) -> &'f str {
        self.end.indicators.get(due.indicator).map_or("", |indicator| indicator.id.as_str())
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

    /// What counts now and will not at the end: `DM007: counts now, lapses on 14 February 2017`.
    pub fn lapses<'d>(&self, due: impl Iterator<Item = &'d Due>) -> String {
        let lapsing = due.filter(|due| due.kind == Kind::Lapses).map(|due| match due.lapses {
            Some(day) => format!("{}: counts now, lapses on {}", self.indicator(due), day.long()),
            None => format!("{}: counts now, but not on {}", self.indicator(due), self.end.reporting_day.long()),
        });
        lapsing.collect::<Vec<_>>().join(" | ")
    }
}

/// A line's own words without what it concludes: of `achieved if care-plan in the last 12 months` what comes after `if`.
fn condition_of(line: &Line) -> &str {
    line.words.split_once(" if ").map_or(line.words.as_str(), |(_, condition)| condition)
}
