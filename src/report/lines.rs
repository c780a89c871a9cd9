//! `lines.csv`: how many people each line decided, with its words.

use super::{Outcomes, csv_of, moved};
use crate::framework::{Line, Outcome};
use crate::tally::Key;
use std::collections::BTreeSet;

const HEADER: [&str; 11] =
    ["measure", "practice_code", "interval_end", "view", "stratum", "stratum_value", "line", "rule", "outcome", "because", "words"];

/// The file. Lines that decided nobody are there for everybody together, with 0, so that a waterfall has all its steps.
pub fn lines_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let strata = outcomes.strata();
    let wanted = wanted(outcomes, strata.len());
    let mut rows = Vec::new();
    for key in wanted {
        let Some(framework) = outcomes.frameworks.get(usize::from(key.day)) else { continue };
        let Some((measure, lines)) = usize::from(key.measure).checked_sub(1).and_then(|at| framework.measures().nth(at)) else { continue };
        let Some(line) = lines.lines.iter().find(|line| line.number.0 == key.line) else { continue };
        let Some(practice) = outcomes.practices.get(key.practice as usize) else { continue };
        let Some(stratum) = strata.get(usize::from(key.stratum)) else { continue };
        let mut row = vec![
            measure.to_owned(),
            practice.code.clone(),
            framework.reporting_day.to_string(),
            framework.view.word().to_owned(),
            stratum.kind.to_owned(),
            stratum.value.clone(),
            key.line.to_string(),
        ];
        row.extend(about(line));
        row.push(outcomes.tally.get(key).to_string());
        row.push(moved(framework));
        rows.push((row, key.line));
    }
    rows.sort_by(|(a, line_a), (b, line_b)| (a.get(..6), line_a).cmp(&(b.get(..6), line_b)));
    let header: Vec<&str> = HEADER.into_iter().chain(["people", "period_moved"]).collect();
    csv_of(&header, rows.into_iter().map(|(row, _)| row))
}

fn about(line: &Line) -> [String; 4] {
    let because = match line.outcome {
        Outcome::Excepted(reason) => reason.word(),
        Outcome::Selected | Outcome::Rejected | Outcome::Excluded | Outcome::Achieved | Outcome::NotAchieved => "",
    };
    [line.rule.map(|rule| rule.to_string()).unwrap_or_default(), line.outcome.word().to_owned(), because.to_owned(), line.words.clone()]
}

/// Every line for everybody, and every line of a stratum that decided somebody.
fn wanted(outcomes: &Outcomes<'_>, strata: usize) -> BTreeSet<Key> {
    let mut wanted: BTreeSet<Key> = outcomes.tally.iter().map(|(key, _)| key).filter(|key| usize::from(key.stratum) < strata).collect();
    for (day, framework) in (0..).zip(outcomes.frameworks) {
        for (measure, (_, lines)) in (1..).zip(framework.measures()) {
            for (practice, line) in (0..outcomes.practices.len()).flat_map(|practice| lines.lines.iter().map(move |line| (practice, line)))
            {
                let practice = u32::try_from(practice).unwrap_or(u32::MAX);
                wanted.insert(Key { practice, day, measure, stratum: 0, line: line.number.0 });
            }
        }
    }
    wanted
}
