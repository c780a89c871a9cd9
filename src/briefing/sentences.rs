//! What is said of an indicator in sentences, the same on pages and in workbooks.

use super::{Indicator, words};
use crate::numerals::number;

/// The rate, whether practices differ, thresholds: a sentence each.
pub fn sentences(indicator: &Indicator) -> Vec<String> {
    let mut all = vec![rate(indicator)];
    let Some(statistics) = &indicator.statistics else { return all };
    if indicator.left_out > 0 {
        all.push(format!(
            "What follows is of the {} whose counts are shown, {} together; {} {} left out.",
            words::counted(statistics.practices as u64, "practice"),
            words::per_cent(statistics.centre),
            words::number(indicator.left_out as u64),
            if indicator.left_out == 1 { "is" } else { "are" }
        ));
    }
    let differ = statistics.heterogeneity.as_ref().ok().map(|found| words::chance(found.p));
    all.push(match (indicator.differ(), differ) {
        (Some(true), Some(p)) => format!("Practices differ by more than chance ({p})."),
        (Some(false), Some(p)) => format!("That practices differ may be chance alone ({p})."),
        _ => "Too few people and practices are counted to say whether practices differ.".to_owned(),
    });
    if words::enough(statistics) {
        all.extend(statistics.model.as_ref().ok().map(|model| match model.variance > 0.0 {
            true => format!("With chance taken out, eight in ten practices truly lie from {}.", words::interval(model.true_centiles())),
            false => "No true spread between practices can be told from chance.".to_owned(),
        }));
        if let [Ok(fair), _] = statistics.people_for {
            all.push(format!(
                "To compare single practices, {} must be counted at each (reliability 0.7): {} count as many.",
                words::counted(fair, "person").replace("persons", "people"),
                words::of_practices(statistics.reliable, statistics.practices)
            ));
        }
    }
    all.extend(threshold(indicator));
    all.extend(indicator.change.map(|change| {
        format!(
            "Since the reporting day before: {} percentage points, which {}.",
            words::change(change),
            match words::change_in_words(change) {
                "may be chance" => "may be chance",
                _ => "is more than chance",
            }
        )
    }));
    all
}

/// `1,234 of 2,345 people achieved: 52.6%, 95% interval …`
fn rate(indicator: &Indicator) -> String {
    let rate = &indicator.all;
    let interval = rate.interval.map(|interval| format!(" (95% interval {})", words::interval(interval))).unwrap_or_default();
    let of_register = indicator.of_register.as_ref().filter(|wide| wide.of.number() != rate.of.number());
    let of_register = of_register.map(|wide| {
        format!(
            " Of all {} whom it is of, excepted and excluded people among them, it is {}.",
            words::shown(wide.of),
            words::percentage(wide.percentage)
        )
    });
    format!(
        "{} of {} people {}: {}{interval}.{}",
        words::shown(rate.achieved),
        words::shown(rate.of),
        if indicator.of_a_register { "are on the register" } else { "achieved" },
        words::percentage(rate.percentage),
        of_register.unwrap_or_default()
    )
}

/// From where it pays, and who reaches that.
pub fn threshold(indicator: &Indicator) -> Option<String> {
    let pays = indicator.pays?;
    let (from, to) = (number(pays.from), number(pays.to));
    let points = number(indicator.points);
    let paid = format!("It pays from {from}% and in full from {to}%: {points} points");
    let threshold = indicator.statistics.as_ref().and_then(|all| Some((all.threshold?, all.practices)));
    Some(match threshold {
        None => format!("{paid}."),
        Some((of, practices)) if of.people == 0 => format!("{paid}; {to}% is reached by {}.", words::of_practices(of.met, practices)),
        Some((of, practices)) => format!(
            "{paid}; {to}% is reached by {}, and {} more people would have to achieve for all to reach it.",
            words::of_practices(of.met, practices),
            words::number(of.people)
        ),
    })
}
