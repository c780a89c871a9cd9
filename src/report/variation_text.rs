//! What `dqoh variation` prints: in plain words what the statistics say of each measure, and for one measure every practice.

use super::terminal::thousands;
use crate::achievement::Results;
use crate::comparison::{ComparedPractice, Comparison, Statistics};
use crate::disclosure::{Audience, Percentage, Shown};
use crate::variation::{Flag, Interval};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};
use std::fmt::Display;

/// With fewer practices, how far apart they truly are is only roughly known.
const FEW_PRACTICES: usize = 10;
/// With fewer practices there is no spread to speak of.
const FEWEST_PRACTICES: usize = 3;
/// With fewer people at a practice, no more is said than what was counted.
const FEW_PEOPLE: u64 = 5;

/// What is said of one measure on one day: the heading, and what follows it.
pub fn variation_text(results: &Results<'_>, comparison: &Comparison) -> String {
    let mut lines = vec![heading(results, comparison)];
    match &comparison.statistics {
        Some(all) => {
            lines.push(together(comparison, all));
            lines.push(more_than_chance(all));
            lines.extend(few(all));
            if enough(all) {
                lines.extend(true_spread(all));
                lines.push(flags(all));
                lines.extend(reliability(all));
                lines.extend(gain(all));
            }
            lines.extend(threshold(comparison, all));
            lines.extend(over_time(all));
            lines.extend(deprivation(all));
        }
        None if comparison.audience == Audience::Publish && comparison.left_out > 0 => {
            lines.push(format!("{}. Counts are rounded, so nothing is worked out from single practices.", pooled(comparison)));
        }
        None if comparison.left_out > 0 => lines.push("No practice's counts are shown to this audience.".to_owned()),
        None => lines.push("Nobody was counted.".to_owned()),
    }
    let (first, rest) = lines.split_first().map_or(("", [].as_slice()), |(first, rest)| (first.as_str(), rest));
    rest.iter().fold(first.to_owned(), |text, line| text + "\n  " + line)
}

/// Every practice of a measure, in the order of their codes.
pub fn practices_table(results: &Results<'_>, comparison: &Comparison) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    let header = [
        "Practice",
        if comparison.of_a_register { "On it" } else { "Achieved" },
        "of",
        "%",
        "95% interval",
        "Against all",
        "Even so",
        "Adjusted p",
        "Reliability",
        "Likely (planning only)",
        "People to threshold",
    ];
    table.set_header(header);
    for practice in &comparison.practices {
        let code = results.practices.get(practice.practice).map_or("", |practice| practice.code.as_str());
        table.add_row(practice_row(code, practice));
    }
    table.to_string()
}

/// Under all tables: what so many comparisons raise by chance.
pub fn flags_in_all(comparisons: &[Comparison]) -> Option<String> {
    let all: Vec<&Statistics> = comparisons.iter().filter_map(|one| one.statistics.as_ref()).collect();
    if all.len() < 2 {
        return None;
    }
    let (at_95, at_998) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.flagged.at_95, sum.1 + one.flagged.at_998));
    let by_chance = |of: fn(&Statistics) -> usize| all.iter().map(|one| of(one)).sum::<usize>();
    let compared = by_chance(|one| one.practices);
    let chance = crate::variation::expected_false_flags(compared as u64);
    Some(format!(
        "Of {} comparisons of a practice with all, {at_95} are flagged at 95 per cent and {at_998} of these at 99.8; if nobody differed, about {:.0} and {:.1} would be.",
        thousands(&compared.to_string()),
        chance.at_95,
        chance.at_998
    ))
}

fn heading(results: &Results<'_>, comparison: &Comparison) -> String {
    let Some(day) = results.days.get(comparison.day) else { return comparison.measure.clone() };
    let view = day.view.map(|view| format!(", {} view", view.word())).unwrap_or_default();
    let title = Some(&comparison.about.title).filter(|title| !title.is_empty()).map(|title| format!(" · {title}"));
    format!("{}{} ({}{view})", comparison.measure, title.unwrap_or_default(), day.day.long())
}

/// `1,234 of 2,345 achieved`, as it may be shown.
fn pooled(comparison: &Comparison) -> String {
    let shown = |count: Shown| thousands(&count.to_string());
    let share = comparison.percentage.map(|percentage| format!(", {} per cent", words_of(percentage))).unwrap_or_default();
    let what = if comparison.of_a_register { "are on the register" } else { "achieved" };
    let counted = format!("{} of {} people {what}", shown(comparison.achieved), shown(comparison.of));
    format!("{counted}{share}")
}

fn words_of(percentage: Percentage) -> String {
    match percentage {
        Percentage::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Percentage::Whole(per_cent) => per_cent.to_string(),
    }
}

fn together(comparison: &Comparison, all: &Statistics) -> String {
    let practices = number(all.practices + comparison.left_out, "practice");
    let left_out = match comparison.left_out {
        0 => String::new(),
        some => format!(
            " The statistics are of those whose counts are shown; {} {} left out.",
            number(some, "practice"),
            if some == 1 { "is" } else { "are" }
        ),
    };
    format!("{} at {practices}.{left_out}", pooled(comparison))
}

fn more_than_chance(all: &Statistics) -> String {
    let differ = match (&all.heterogeneity, all.differ()) {
        (Ok(found), Some(true)) => format!("Practices differ by more than chance ({}).", chance(found.p)),
        (Ok(found), _) => format!("That practices differ may be chance alone ({}).", chance(found.p)),
        (Err(why), _) => return format!("Whether practices differ cannot be said: {why}."),
    };
    let Ok(spread) = &all.spread else { return differ };
    if spread.deviation <= 0.0 {
        return differ;
    }
    let tenths = 10.0 * spread.by_chance / spread.deviation;
    let by_chance = match tenths {
        all if all >= 9.5 => "chance alone would spread them as far".to_owned(),
        some => format!("of every ten percentage points of spread about {} are chance", in_words(&format!("{some:.0}"))),
    };
    let seen = Interval { lower: spread.p10, upper: spread.p90 };
    format!("{differ} Rates are seen from {} per cent (10th to 90th centile): {by_chance}.", from_to(seen, 0))
}

/// Whether more can be said than what was counted.
fn enough(all: &Statistics) -> bool {
    all.people_a_practice() >= FEW_PEOPLE && all.practices >= FEWEST_PRACTICES
}

fn few(all: &Statistics) -> Option<String> {
    if !enough(all) {
        return Some("Too few people and practices are counted to say more.".to_owned());
    }
    (all.practices < FEW_PRACTICES).then(|| format!("With {} what follows is rough.", number(all.practices, "practice")))
}

fn true_spread(all: &Statistics) -> Option<String> {
    let model = all.model.as_ref().ok()?;
    if model.variance <= 0.0 {
        return Some("No true spread between practices can be told from chance.".to_owned());
    }
    let locality = all.locality_share.map(|share| format!("; {:.0} per cent of it between localities", 100.0 * share));
    Some(format!(
        "Eight in ten practices truly lie from {} per cent; the odds at the better of two are typically {:.1} times as high{}.",
        from_to(model.true_centiles(), 0),
        model.median_odds_ratio(),
        locality.unwrap_or_default()
    ))
}

fn flags(all: &Statistics) -> String {
    let chance = format!("{:.1} and {:.1} would be by chance", all.by_chance.at_95, all.by_chance.at_998);
    let plain = format!(
        "Flagged at 95 per cent: {}, of these at 99.8: {}; {chance}.",
        number(all.flagged.at_95, "practice"),
        thousands(&all.flagged.at_998.to_string())
    );
    let even_so = all.flagged_even_so.zip(all.overdispersion.as_ref().ok()).map(|(flagged, found)| {
        format!(
            " They are spread {:.1} times as far as by chance, in squares (φ); even beside that spread {} and {} stand out.",
            found.phi,
            thousands(&flagged.at_95.to_string()),
            thousands(&flagged.at_998.to_string())
        )
    });
    plain + &even_so.unwrap_or_default()
}

fn reliability(all: &Statistics) -> Option<String> {
    let [Ok(fair), Ok(high)] = all.people_for else { return None };
    let text = |count: &dyn Display| thousands(&count.to_string());
    Some(format!(
        "To compare single practices, {} people must be counted at each (reliability 0.7; {} for 0.8): {} of {} have as many.",
        text(&fair),
        text(&high),
        text(&all.reliable),
        text(&all.practices)
    ))
}

fn gain(all: &Statistics) -> Option<String> {
    let gain = all.gain.as_ref().filter(|gain| gain.in_all > 0)?;
    let text = |people: u64| thousands(&people.to_string());
    let half = all.half_of_gain.map(|half| format!(", half of them at {}", number(half.practices, "practice")));
    Some(format!(
        "If every practice matched the top quarter, {} more people would achieve ({} to {}){}: no forecast, as some are there by luck.",
        text(gain.in_all),
        text(gain.from),
        text(gain.to),
        half.unwrap_or_default()
    ))
}

fn threshold(comparison: &Comparison, all: &Statistics) -> Option<String> {
    let (of, pays) = all.threshold.zip(comparison.about.pays)?;
    let half = of.half.map(|half| format!("; half of them at {}", number(half.practices, "practice")));
    Some(format!(
        "Upper threshold {} per cent: met by {} of {}; {} more people for all to meet it{}.",
        pays.to.normalize(),
        of.met,
        number(all.practices, "practice"),
        thousands(&of.people.to_string()),
        half.unwrap_or_default()
    ))
}

fn over_time(all: &Statistics) -> Option<String> {
    let change = all.change?;
    let points = format!("{:+.1}", 100.0 * change.difference);
    let may_be = if change.interval.holds(0.0) { "which may be chance" } else { "which is more than chance" };
    let steady = all.trend.map(|trend| format!(" Steadily {:+.1} points a period ({}).", 100.0 * trend.a_step, chance(trend.p)));
    Some(format!(
        "Since the reporting day before: {points} percentage points ({}), {may_be}; as they are mostly the same people, these limits are wide.{}",
        from_to(change.interval, 1),
        steady.unwrap_or_default()
    ))
}

fn deprivation(all: &Statistics) -> Option<String> {
    let found = all.inequality?;
    let limits = from_to(found.slope_limits, 1);
    Some(format!("From the most to the least deprived the rate changes by {:+.1} percentage points ({limits}).", 100.0 * found.slope_index))
}

fn practice_row(code: &str, practice: &ComparedPractice) -> Vec<Cell> {
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let percentage = practice.percentage.map(words_of).unwrap_or_default();
    let mut cells = vec![Cell::new(code), right(practice.achieved.to_string()), right(practice.of.to_string()), right(percentage)];
    let Some(one) = &practice.statistics else { return cells };
    let [interval, _] = one.intervals;
    let next = one.next.map(|next| format!("{} to {}%", next.people, next.per_cent.normalize()));
    cells.extend([
        Cell::new(from_to(interval, 1)),
        Cell::new(one.flag.word()),
        Cell::new(one.even_so.map_or("", Flag::word)),
        right(format!("{:.3}", one.adjusted_p)),
        Cell::new(one.reliability_word().unwrap_or_default()),
        right(one.likely_rate.map(|rate| format!("{:.1}", 100.0 * rate)).unwrap_or_default()),
        right(next.unwrap_or_default()),
    ]);
    cells
}

/// `41 to 64 per cent`, or to a tenth.
pub(super) fn from_to(interval: Interval, decimals: usize) -> String {
    format!("{:.decimals$} to {:.decimals$}", 100.0 * interval.lower, 100.0 * interval.upper)
}

/// A probability for people.
fn chance(p: impl Display) -> String {
    match format!("{p:.3}").as_str() {
        "0.000" => "p < 0.001".to_owned(),
        shown => format!("p = {shown}"),
    }
}

/// Up to ten in words.
fn in_words(number: &str) -> &str {
    let words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    number.parse::<usize>().ok().and_then(|at| words.get(at).copied()).unwrap_or(number)
}

pub(super) fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(&count.to_string())) }
}
