//! What can be wrong with the lines of a file: their order, their verbs, their reasons, what they are worth.

use super::checks::head_span;
use super::from_rules::register_id;
use crate::problem::{Problem, did_you_mean};
use crate::rules::forms::STANDINGS;
use crate::rules::syntax::{IndicatorHead, Line, RuleFile, Verb};
use rust_decimal::Decimal;

/// What is wrong with the lines of a file.
pub(super) fn problems(file: &RuleFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let register = register_id(file).is_some();
    for line in &file.lines {
        problems.extend(verb_problem(line, register));
        problems.extend(because_problem(line));
    }
    let otherwise = file.lines.iter().position(|line| matches!(line.verb, Verb::Otherwise(_)));
    match otherwise {
        Some(at) => {
            for line in file.lines.iter().skip(at + 1) {
                problems.push(
                    Problem::error("R016", "this line stands after `otherwise` and can never decide")
                        .at(line.span, "never reached")
                        .help("put `otherwise` last"),
                );
            }
        }
        None if !file.whole => {}
        None => problems.push(
            Problem::error("R017", "the lines do not end with `otherwise`")
                .at(file.lines.last().map_or_else(|| head_span(file), |line| line.span), "the last line")
                .help(if register {
                    "add { otherwise = \"selected\" } or { otherwise = \"rejected\" }"
                } else {
                    "add { otherwise = \"not achieved\" }"
                }),
        ),
    }
    problems.extend(achieved_below_excepted(file));
    problems
}

fn verb_problem(line: &Line, register: bool) -> Option<Problem> {
    let fits = match &line.verb {
        Verb::RejectedIf | Verb::SelectedIf => register,
        Verb::ExcludedIf | Verb::AchievedIf | Verb::ExceptedIf => !register,
        Verb::Otherwise(word) if register => matches!(word.value.as_str(), "selected" | "rejected"),
        Verb::Otherwise(word) => word.value == "not achieved",
    };
    let help = if register {
        "a register has rejected-if and selected-if lines, and ends with otherwise = \"selected\" or \"rejected\""
    } else {
        "an indicator has excluded-if, achieved-if and excepted-if lines, and ends with otherwise = \"not achieved\""
    };
    (!fits).then(|| Problem::error("R018", "this line does not belong in this kind of file").at(line.span, "this line").help(help))
}

fn because_problem(line: &Line) -> Option<Problem> {
    let reasons = super::Reason::ALL.map(super::Reason::word);
    match (&line.verb, &line.because) {
        (Verb::ExceptedIf, None) => Some(
            Problem::error("R043", "this exception does not say why")
                .at(line.span, "this line")
                .help(format!("add because = \"…\", with one of {}", reasons.join(", "))),
        ),
        (Verb::ExceptedIf, Some(because)) if !reasons.contains(&because.value.as_str()) => {
            let help = did_you_mean(&because.value, reasons).unwrap_or_else(|| format!("one of {}", reasons.join(", ")));
            Some(
                Problem::error("R005", format!("`{}` is not a reason for an exception", because.value))
                    .at(because.span, "unknown word")
                    .help(help),
            )
        }
        (Verb::ExceptedIf, Some(_)) | (_, None) => None,
        (_, Some(because)) => {
            Some(Problem::error("R043", "only an exception has a reason").at(because.span, "this reason").help("take `because` out"))
        }
    }
}

/// Somebody who reached the target is never excepted: achieved lines stand first.
fn achieved_below_excepted(file: &RuleFile) -> Option<Problem> {
    let excepted = file.lines.iter().position(|line| line.verb == Verb::ExceptedIf)?;
    let above = file.lines.get(excepted)?;
    let achieved = file.lines.iter().skip(excepted).find(|line| line.verb == Verb::AchievedIf)?;
    Some(
        Problem::warning("R019", "an achieved line stands below an exception")
            .at(achieved.span, "achieved")
            .also(above.span, "excepted before")
            .help("people who reached the target would be excepted: put achieved lines first"),
    )
}

/// What is wrong with an indicator's standing, points and thresholds.
pub(super) fn worth(file: &RuleFile, head: &IndicatorHead) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(standing) = &head.standing
        && !STANDINGS.contains(&standing.value.as_str())
    {
        let help = did_you_mean(&standing.value, STANDINGS.iter().copied()).unwrap_or_else(|| format!("one of {}", STANDINGS.join(", ")));
        problems
            .push(Problem::error("R005", format!("`{}` is not a standing", standing.value)).at(standing.span, "unknown word").help(help));
    }
    let points = head.points.iter().chain(file.bands.iter().filter_map(|band| band.points.as_ref()));
    for points in points {
        let paid_somehow = head.pays.is_some() || file.bands.iter().any(|band| band.pays.is_some());
        if points.value < Decimal::ZERO {
            problems
                .push(Problem::error("R020", "points cannot be negative").at(points.span, "here").help("write 0 where nothing is paid"));
        } else if points.value > Decimal::ZERO && !paid_somehow && file.whole {
            problems.push(
                Problem::error("R020", "these points have no thresholds, so that nothing says when they are earned")
                    .at(points.span, "these points")
                    .help("add pays = { from = 40, to = 90 }, or set points = 0"),
            );
        }
    }
    problems
}
