//! `lines.csv`: how many people each line decided, with its words.

use super::Outcomes;
use super::keys::{Keys, rows};
use crate::dictionary::{Column, INTERVAL_END, LINE, MEASURE, PERIOD_MOVED, PRACTICE_CODE, STRATUM, STRATUM_VALUE, Sheet, VIEW};
use crate::framework::{Line, Outcome, Status};
use crate::tally::Key;

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
    let keys = Keys::of(outcomes);
    let mut rows = rows(LINES.columns.len(), 0);
    let decided_nobody = lines_of_everybody(outcomes).map(|key| (key, outcomes.tally.get(key))).filter(|(_, people)| *people == 0);
    for (key, people) in outcomes.tally.iter().filter(|(_, people)| *people > 0).chain(decided_nobody) {
        let line = keys.lines(key).and_then(|lines| lines.lines.iter().find(|line| line.number.0 == key.line));
        let Some(line) = line else { continue };
        if keys.cells(&[], key, &mut rows).is_some() {
            match line.rule {
                Some(rule) => rows.whole(rule),
                None => rows.texts([""]),
            }
            rows.texts([line.outcome.word(), because(line), &line.words]);
            rows.whole(people);
            keys.moved(key, &mut rows);
        }
    }
    rows.into_csv(&LINES.names())
}

fn outcomes() -> Vec<&'static str> {
    let plain = [Outcome::Achieved, Outcome::NotAchieved, Outcome::Excluded, Outcome::Selected, Outcome::Rejected];
    plain.map(Outcome::word).into_iter().chain(["excepted"]).chain(Status::ALL.map(Status::word)).collect()
}

fn because(line: &Line) -> &'static str {
    match line.outcome {
        Outcome::Excepted(reason) => reason.word(),
        Outcome::Selected | Outcome::Rejected | Outcome::Excluded | Outcome::Achieved | Outcome::NotAchieved | Outcome::Pathway(_) => "",
    }
}

/// Every line of every measure, for everybody.
fn lines_of_everybody<'o>(outcomes: &'o Outcomes<'_>) -> impl Iterator<Item = Key> + 'o {
    let days = (0..).zip(outcomes.frameworks);
    let measures =
        days.flat_map(|(day, framework)| (1..).zip(framework.measures()).map(move |(measure, (_, lines))| (day, measure, lines)));
    measures.flat_map(|(day, measure, lines)| {
        let practices = (0..).zip(outcomes.practices);
        practices.flat_map(move |(practice, _)| {
            lines.lines.iter().map(move |line| Key { practice, day, measure, stratum: 0, line: line.number.0 })
        })
    })
}
