//! `lines.csv`: how many people each line decided, with its words.

use super::{Outcomes, csv_of, in_order_of_keys, key_cells, moved};
use crate::dictionary::{Column, INTERVAL_END, LINE, MEASURE, PERIOD_MOVED, PRACTICE_CODE, STRATUM, STRATUM_VALUE, Sheet, VIEW};
use crate::framework::{Line, Outcome, Status};
use crate::tally::Key;
use std::collections::BTreeSet;

/// The file's columns.
pub(super) static LINES: Sheet = Sheet {
    name: "lines.csv",
    title: "How many people each rule line decided: the steps from the register to who is not achieved",
    written_by: "dqoh run, dqoh report",
    columns: &[
        MEASURE.saying("The indicator, register or pathway"),
        PRACTICE_CODE,
        INTERVAL_END,
        VIEW,
        STRATUM,
        STRATUM_VALUE,
        LINE,
        Column::count("rule", "", "The number of the official rule; empty where the file gives none").or_empty(),
        Column::words("outcome", outcomes, "What the line concludes: of a register selected or rejected, of a pathway where people are"),
        Column::text("because", "The reason of an exception").or_empty(),
        Column::text("words", "The line's own words"),
        Column::people(
            "people",
            "How many it decided. For everybody, lines that decided nobody are there with 0; for strata they are left out",
        ),
        PERIOD_MOVED,
    ],
    key: &["measure", "practice_code", "interval_end", "view", "stratum", "stratum_value", "line"],
};

/// The file. For everybody together each line has a row, also with 0 people, so that a waterfall has all its steps;
/// in a stratum only lines that decided somebody.
pub fn lines_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let strata = outcomes.strata();
    let rows = wanted(outcomes).into_iter().filter_map(|key| {
        let (framework, mut cells) = key_cells(outcomes, &strata, key)?;
        let (_, lines) = framework.measures().nth(usize::from(key.measure).checked_sub(1)?)?;
        let line = lines.lines.iter().find(|line| line.number.0 == key.line)?;
        cells.extend(about(line));
        cells.extend([outcomes.tally.get(key).to_string(), moved(framework)]);
        Some((cells, key.line))
    });
    csv_of(&LINES.names(), in_order_of_keys(rows.collect()))
}

fn outcomes() -> Vec<&'static str> {
    let plain = [Outcome::Achieved, Outcome::NotAchieved, Outcome::Excluded, Outcome::Selected, Outcome::Rejected];
    plain.map(Outcome::word).into_iter().chain(["excepted"]).chain(Status::ALL.map(Status::word)).collect()
}

fn about(line: &Line) -> [String; 4] {
    let because = match line.outcome {
        Outcome::Excepted(reason) => reason.word(),
        Outcome::Selected | Outcome::Rejected | Outcome::Excluded | Outcome::Achieved | Outcome::NotAchieved | Outcome::Pathway(_) => "",
    };
    [line.rule.map(|rule| rule.to_string()).unwrap_or_default(), line.outcome.word().to_owned(), because.to_owned(), line.words.clone()]
}

/// Every line for everybody, and every line of a stratum that decided somebody.
fn wanted(outcomes: &Outcomes<'_>) -> BTreeSet<Key> {
    let mut wanted: BTreeSet<Key> = outcomes.tally.iter().map(|(key, _)| key).collect();
    for (day, framework) in (0..).zip(outcomes.frameworks) {
        for (measure, (_, lines)) in (1..).zip(framework.measures()) {
            for (practice, _) in (0..).zip(outcomes.practices) {
                wanted.extend(lines.lines.iter().map(|line| Key { practice, day, measure, stratum: 0, line: line.number.0 }));
            }
        }
    }
    wanted
}
