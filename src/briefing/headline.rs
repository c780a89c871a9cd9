//! What comes first: what was measured, for whom, on what day, and what is and is not more than chance.

use super::{Indicator, ReportedPractice, words};
use crate::achievement::ReportedDay;
use crate::variation::expected_false_flags;

/// The answer in a few sentences, and the numbers beside it.
#[derive(Clone, Debug)]
pub struct Headline {
    /// One line.
    pub answer: String,
    /// What follows it.
    pub then: Vec<String>,
    /// Indicators on which practices differ by more than chance; may be chance; too few people.
    pub differ: [usize; 3],
}

pub(super) fn of(day: &ReportedDay, practices: &[ReportedPractice], indicators: &[Indicator], ruled: bool) -> Headline {
    let number = |wanted: Option<bool>| indicators.iter().filter(|indicator| indicator.differ() == wanted).count();
    let differ = [number(Some(true)), number(Some(false)), number(None)];
    let [more, chance, unknown] = differ;
    let registers = indicators.iter().all(|indicator| indicator.of_a_register);
    let measured = format!(
        "{} {} measured on {} as at {}.",
        words::counted(practices.len() as u64, "practice"),
        if practices.len() == 1 { "was" } else { "were" },
        words::counted(indicators.len() as u64, if registers { "register" } else { "indicator" }),
        day.day.long(),
    );
    let mut parts = vec![format!("On {more} of {} the practices differ by more than chance", indicators.len())];
    parts.extend((chance > 0).then(|| format!("on {chance} what is seen may be chance alone")));
    parts.extend((unknown > 0).then(|| format!("on {unknown} too little is counted to say")));
    let worked_out = indicators.iter().any(|indicator| indicator.statistics.is_some());
    let answer = match worked_out {
        true => format!("{measured} {}.", parts.join("; ")),
        false => format!("{measured} Whether practices differ by more than chance is not worked out here."),
    };
    let mut then = Vec::new();
    if let Some(flags) = flags_in_all(indicators) {
        then.push(flags);
    }
    then.push("A difference is a reason to ask, not an answer, and higher is not better for every indicator.".to_owned());
    if ruled {
        then.push("Points and pounds are indicative: they are not the payer's calculation.".to_owned());
    }
    Headline { answer, then, differ }
}

/// Of all comparisons: what is flagged, and what would be by chance alone.
pub(super) fn flags_in_all(indicators: &[Indicator]) -> Option<String> {
    let all: Vec<_> = indicators.iter().filter_map(|indicator| indicator.statistics.as_ref()).collect();
    let compared: usize = all.iter().map(|one| one.practices).sum();
    if compared == 0 {
        return None;
    }
    let (at_95, at_998) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.flagged.at_95, sum.1 + one.flagged.at_998));
    let chance = expected_false_flags(compared as u64);
    Some(format!(
        "Of {} comparisons of a practice with all, {} are outside the 95% limits and {} outside the 99.8% limits; if nobody differed, about {} and {} would be.",
        words::number(compared as u64),
        words::number(at_95 as u64),
        words::number(at_998 as u64),
        words::number(chance.at_95.round() as u64),
        words::tenths(chance.at_998)
    ))
}
