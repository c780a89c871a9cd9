//! Bands must not overlap, and should leave no gap. They are told by age and sex only, so that this can be proved:
//! every age from 0 to 130 of both sexes is tried.

use super::names::holds;
use crate::problem::Problem;
use crate::rules::phrase::{AmountText, Condition, Joined, Sex, Subject, Test};
use crate::rules::syntax::{Band, RuleFile};
use rust_decimal::prelude::ToPrimitive;

/// What is wrong with the bands of a file.
pub(super) fn problems(file: &RuleFile) -> Vec<Problem> {
    let mut problems: Vec<Problem> = file.bands.iter().filter_map(not_age_or_sex).collect();
    if problems.is_empty() && file.bands.len() > 1 {
        problems.extend(overlap(&file.bands));
        problems.extend(gap(&file.bands));
    }
    problems
}

fn not_age_or_sex(band: &Band) -> Option<Problem> {
    let other = band.is.value.clauses.iter().find(|clause| !matches!(clause.subject, Subject::Age | Subject::Sex))?;
    Some(
        Problem::error("R025", format!("the band `{}` asks for more than age and sex", band.id.value))
            .at(other.span, "this clause")
            .help("a band asks for `age` and `sex` only; put anything else in an `excluded-if` line"),
    )
}

fn everyone() -> impl Iterator<Item = (i64, Sex)> {
    [Sex::Female, Sex::Male].into_iter().flat_map(|sex| (0..=130).map(move |age| (age, sex)))
}

fn overlap(bands: &[Band]) -> Option<Problem> {
    for (age, sex) in everyone() {
        let inside: Vec<&Band> = bands.iter().filter(|band| is_in(&band.is.value, age, sex)).collect();
        if let [first, second, ..] = inside.as_slice() {
            return Some(
                Problem::error("R023", format!("somebody aged {age} is in two bands"))
                    .at(second.is.span, "in this band")
                    .also(first.is.span, "and in this one")
                    .help("bands must not overlap: `age under 80` and `age at least 80`"),
            );
        }
    }
    None
}

fn gap(bands: &[Band]) -> Option<Problem> {
    for sex in [Sex::Female, Sex::Male] {
        let covered: Vec<i64> = (0..=130).filter(|age| bands.iter().any(|band| is_in(&band.is.value, *age, sex))).collect();
        let missing = covered.windows(2).find_map(|pair| match pair {
            [young, old] if *old > young + 1 => Some(young + 1),
            _ => None,
        });
        if let (Some(age), Some(band)) = (missing, bands.last()) {
            return Some(
                Problem::warning("R024", format!("somebody aged {age} is in no band, though younger and older people are"))
                    .at(band.is.span, "the bands leave a gap")
                    .help("people in no band are left out: let one band begin where the other ends"),
            );
        }
    }
    None
}

fn is_in(condition: &Condition, age: i64, sex: Sex) -> bool {
    let mut clauses = condition.clauses.iter().map(|clause| {
        let all = clause.tests.iter().all(|test| match &test.value {
            Test::Amount(test) => match &test.amount.value {
                AmountText::Number(number) => holds(test.compare, age, number.to_i64().unwrap_or(0)),
                AmountText::Name(_) => false,
            },
            Test::Is(wanted) => *wanted == sex,
            Test::InTheLast(_) | Test::Day { .. } | Test::Within { .. } => false,
        });
        all != clause.no
    });
    match condition.joined {
        Joined::All => clauses.all(|holds| holds),
        Joined::Any => clauses.any(|holds| holds),
    }
}
