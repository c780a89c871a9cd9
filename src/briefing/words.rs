//! Numbers of a report as text, in one place, so that page and workbook say the same: rounded, thousands apart, chance in words.

use crate::comparison::Statistics;
use crate::disclosure::{Audience, Percentage, Shown};
use crate::numerals::thousands;
use crate::variation::{Difference, Flag, Interval};

/// How to read the figures: what it is about, and what must be known of it.
pub const METHODS: [(&str, &str); 9] = [
    (
        "95% interval",
        "Where a rate may lie by chance alone, with the same practice and other people (Wilson). Overlap of two intervals is no test of a difference.",
    ),
    (
        "Funnel",
        "The centre is the rate of all practices together, not a target. Nineteen of twenty practices lie between the 95% lines by chance alone, nearly all between the 99.8% lines. Small practices vary more, so the lines open to the left.",
    ),
    (
        "Above, below",
        "▲ far above and ▼ far below the 99.8% lines, △ above and ▽ below the 95% lines. This does not say what is good: for some indicators lower is better, and a difference may lie in coding, in people, or in care.",
    ),
    (
        "By chance",
        "If no practice differed, one in twenty would still be outside the 95% lines. Every table of flags says how many that would be.",
    ),
    (
        "φ",
        "How many times as far apart practices lie as chance would put them, in squares. Where it is above 1, wider lines allow for the spread that all share; few practices stand out even so.",
    ),
    ("True centiles", "A model takes chance out: a tenth of practices truly lie below the first number, a tenth above the second."),
    (
        "Reliability",
        "The share of what sets practices of this size apart that is not chance: high from 0.8, fair from 0.7, low below. Where it is low, do not compare single practices.",
    ),
    (
        "No ranks",
        "With some hundred people at a practice, chance moves its rank by half of the table. Practices stand by locality and code.",
    ),
    (
        "Regression to the mean",
        "Practices that were chosen because they were low mostly rise by themselves. That is no success of whoever helped them.",
    ),
];

/// With a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// `1,234`
pub fn number(number: u64) -> String {
    thousands(&number.to_string())
}

/// `12 of 45 practices`, `the only practice`
pub fn of_practices(some: usize, of: usize) -> String {
    match of {
        1 => format!("{some} of 1 practice"),
        _ => format!("{} of {} practices", number(some as u64), number(of as u64)),
    }
}

/// `1 practice`, `1,234 practices`
pub fn counted(number: u64, what: &str) -> String {
    crate::numerals::counted(usize::try_from(number).unwrap_or(usize::MAX), what)
}

/// `62.4%`
pub fn per_cent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// `62.4%` of exact counts, `62%` of rounded ones; a dash where there is none.
pub fn percentage(percentage: Option<Percentage>) -> String {
    match percentage {
        Some(Percentage::Tenths(tenths)) => format!("{}.{}%", tenths / 10, tenths % 10),
        Some(Percentage::Whole(whole)) => format!("{whole}%"),
        None => "–".to_owned(),
    }
}

/// `62%`, for where there is little room; a dash where there is none.
pub fn whole_percentage(percentage: Option<Percentage>) -> String {
    match percentage {
        Some(Percentage::Tenths(tenths)) => ((tenths + 5) / 10).to_string(),
        Some(Percentage::Whole(whole)) => whole.to_string(),
        None => "–".to_owned(),
    }
}

/// `58.1 to 66.4%`
pub fn interval(interval: Interval) -> String {
    format!("{:.1} to {:.1}%", 100.0 * interval.lower, 100.0 * interval.upper)
}

/// A count as it may be shown.
pub fn shown(count: Shown) -> String {
    match count {
        Shown::Exactly(people) | Shown::Rounded(people) => number(people),
        Shown::FewerThan(people) => format!("fewer than {people}"),
        Shown::Hidden => "*".to_owned(),
    }
}

/// `+1.2 (−0.4 to 2.8)`, in percentage points.
pub fn change(change: Difference) -> String {
    let interval = change.interval;
    format!("{} ({} to {})", signed(change.difference), points(interval.lower), points(interval.upper))
}

/// `+1.2`, in percentage points.
pub fn signed(difference: f64) -> String {
    let text = points(difference);
    if text == "0.0" || text.starts_with('−') { text } else { format!("+{text}") }
}

/// `1.2` or `−0.4`, in percentage points; nothing is never negative.
fn points(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    if text == "-0.0" { "0.0".to_owned() } else { text.replace('-', "−") }
}

/// Whether a change may be chance.
pub fn change_in_words(change: Difference) -> &'static str {
    match (change.interval.holds(0.0), change.difference > 0.0) {
        (true, _) => "may be chance",
        (false, true) => "higher, more than chance",
        (false, false) => "lower, more than chance",
    }
}

/// A chance for people.
pub fn chance(p: f64) -> String {
    match format!("{p:.3}").as_str() {
        "0.000" => "p < 0.001".to_owned(),
        shown => format!("p = {shown}"),
    }
}

/// `2.3`, to one decimal.
pub fn tenths(number: f64) -> String {
    thousands(&format!("{number:.1}"))
}

/// A flag as a sign: shape before colour.
pub fn sign(flag: Flag) -> &'static str {
    match flag {
        Flag::Lower998 => "▼",
        Flag::Lower95 => "▽",
        Flag::NoDifferent => "",
        Flag::Higher95 => "△",
        Flag::Higher998 => "▲",
    }
}

/// What a flag says of a practice.
pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Lower998 => "far below",
        Flag::Lower95 => "below",
        Flag::NoDifferent => "no different",
        Flag::Higher95 => "above",
        Flag::Higher998 => "far above",
    }
}

/// What practices together show, in a few words: the title of a funnel.
pub fn finding(statistics: Option<&Statistics>) -> &'static str {
    match statistics {
        None => "Nothing can be said of single practices",
        Some(all) if !enough(all) => "Too few people and practices to say more",
        Some(all) => match all.differ() {
            Some(true) => "Practices differ by more than chance",
            Some(false) => "That practices differ may be chance alone",
            None => "Whether practices differ cannot be said",
        },
    }
}

/// With fewer practices there is no spread to speak of.
const FEWEST_PRACTICES: usize = 3;
/// With fewer people at a practice, no more is said than what was counted.
const FEW_PEOPLE: u64 = 5;

/// Whether enough people and practices are counted to say more than what was counted.
pub fn enough(all: &Statistics) -> bool {
    all.people_a_practice() >= FEW_PEOPLE && all.practices >= FEWEST_PRACTICES
}

/// What stands on every page of an audience.
pub fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "Internal: contains small numbers",
        Audience::Sharing => "For organisations that work together: counts below 5, and what gives them away, are not shown",
        Audience::Publish => "For everybody: counts from 1 to 7 are not shown, all others are rounded to the nearest 5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign_and_nothing_has_none() {
        let interval = Interval { lower: -0.004, upper: 0.028 };
        assert_eq!(change(Difference { difference: 0.012, interval }), "+1.2 (−0.4 to 2.8)");
        assert_eq!(signed(-0.0001), "0.0");
        assert_eq!(signed(-0.01), "−1.0");
        assert_eq!(whole_percentage(Some(Percentage::Tenths(625))), "63");
        assert_eq!(of_practices(12, 45), "12 of 45 practices");
    }
}
