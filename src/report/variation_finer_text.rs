//! What `dqoh variation` prints of counts by age, sex and deprivation, and of what goes together: in plain words.

use super::terminal::thousands;
use super::variation_text::{from_to, number};
use crate::achievement::{Area, Results};
use crate::comparison::{Associated, FinerComparison, GroupRate, StandardisedMeasure, UnequalArea};
use crate::variation::{CAVEATS, FEWEST_IN_A_FIFTH, Interval};
use std::fmt::Display;

/// The sentences of one measure; none where its people were not counted so.
pub fn finer_text(finer: &FinerComparison, measure: &str) -> Vec<String> {
    let standardised = finer.standardised.iter().find(|one| one.measure == measure);
    let unequal = finer.unequal.iter().find(|one| one.measure == measure).and_then(|one| one.areas.first());
    let mut lines = Vec::new();
    if let Some(one) = standardised {
        lines.extend(alike(one));
        lines.extend(european(one));
    }
    if let Some(all) = unequal.filter(|all| all.area == Area::Whole) {
        lines.extend(by_fifth(all));
        lines.extend(by_sex_and_age(all));
    }
    lines
}

fn alike(one: &StandardisedMeasure) -> Option<String> {
    let [crude, alike] = one.centiles?;
    Some(format!(
        "If all practices had people of the same ages, sexes and deprivation, rates would be seen from {} per cent (10th to 90th centile) instead of {}.",
        from_to(alike, 0),
        from_to(crude, 0)
    ))
}

fn european(one: &StandardisedMeasure) -> Option<String> {
    let all = one.areas.first().filter(|area| area.area == Area::Whole)?;
    Some(match &all.direct {
        Ok(rate) => {
            format!(
                "With the ages of the European standard population of 2013 it would be {:.1} per cent for all ({}).",
                100.0 * rate.rate,
                from_to(rate.limits, 1)
            )
        }
        Err(why) => format!("No rate for the European standard population: {why}."),
    })
}

fn by_fifth(all: &UnequalArea) -> Option<String> {
    let fifths: Vec<&GroupRate> = all.groups.iter().filter(|group| group.by == "imd_quintile" && group.group != "unknown").collect();
    let rates: Vec<String> = fifths.iter().filter_map(|group| Some(format!("{:.0}", 100.0 * group.rate?.rate))).collect();
    if rates.len() < 2 {
        return None;
    }
    let gap = match &all.gap {
        Ok(gap) => format!(
            "the least deprived less the most: {:+.1} points ({}), {}",
            100.0 * gap.difference,
            from_to(gap.interval, 1),
            or_chance(gap.interval.holds(0.0))
        ),
        Err(why) => format!("how far the two ends are apart is not said: {why}"),
    };
    Some(format!("By fifth, from the most deprived: {} per cent; {gap}.", rates.join(", ")))
}

fn by_sex_and_age(all: &UnequalArea) -> Option<String> {
    let of = |by: &'static str| all.groups.iter().filter(move |group| group.by == by && group.counts.1 >= FEWEST_IN_A_FIFTH);
    let shown = |group: &GroupRate| Some(format!("{} {:.0}", group.group, 100.0 * group.rate?.rate));
    let sexes: Vec<String> = of("sex").filter_map(shown).collect();
    // Products of counts: which rate is higher is told in whole numbers.
    let lower = |one: &&GroupRate, other: &&GroupRate| {
        let product = |a: &GroupRate, b: &GroupRate| u128::from(a.counts.0) * u128::from(b.counts.1);
        product(one, other).cmp(&product(other, one))
    };
    let ages = of("age_band").min_by(lower).zip(of("age_band").max_by(lower)).filter(|(least, most)| least.group != most.group);
    let ages = ages.and_then(|(least, most)| Some(format!("ages {} (lowest) and {} (highest)", shown(least)?, shown(most)?)));
    let sexes = (sexes.len() > 1).then(|| sexes.join(", "));
    let both: Vec<String> = sexes.into_iter().chain(ages).collect();
    (!both.is_empty()).then(|| format!("By sex and age, of {FEWEST_IN_A_FIFTH} people or more, in per cent: {}.", both.join("; ")))
}

/// Each association, and after the last what must be read with all of them; nothing without any.
pub fn associations_text(results: &Results<'_>, finer: &FinerComparison) -> Vec<String> {
    if finer.associations.is_empty() {
        return Vec::new();
    }
    let day = results.days.get(finer.day).map(|day| day.day.long()).unwrap_or_default();
    let mut texts: Vec<String> = finer.associations.iter().map(|one| association(one, &day)).collect();
    texts.push(CAVEATS.iter().fold("None of this shows a cause:".to_owned(), |text, caveat| text + "\n  " + caveat));
    texts
}

fn association(one: &Associated, day: &str) -> String {
    let title = if one.title.is_empty() { String::new() } else { format!(" · {}", one.title) };
    let mut lines = vec![format!("{}{title} ({} and {}, {day})", one.id, one.uptake, one.outcome)];
    let people = |(achieved, of): (u64, u64)| format!("{} of {}{}", text(&achieved), text(&of), per_cent(achieved, of));
    lines.push(format!(
        "At {}: of people who took it up {} achieved the outcome, of others {}.",
        number(one.practices, "practice"),
        people(one.with),
        people(one.without)
    ));
    lines.push(match &one.ranks {
        Ok(found) => format!(
            "Across practices the rank correlation is {:.2} ({:.2} to {:.2}), {}.",
            found.rho,
            found.limits.lower,
            found.limits.upper,
            or_chance(found.limits.holds(0.0))
        ),
        Err(why) => format!("Across practices nothing is said: {why}."),
    });
    if let Ok(found) = &one.across {
        let share = found
            .explained
            .map(|share| format!("; uptake goes with {:.0} per cent of the true differences between practices", 100.0 * share));
        let odds = times(found.ten_points.ratio, found.ten_points.limits);
        lines.push(format!("Where uptake is ten points higher, the odds of the outcome are {odds}{}.", share.unwrap_or_default()));
    }
    if let Ok(found) = &one.apart {
        let (within, between) = (times(found.within.ratio, found.within.limits), times(found.between.ratio, found.between.limits));
        lines.push(format!("In one and the same practice, the odds of people who took it up are {within}; between practices, for ten points more, {between}."));
    }
    let (first, rest) = lines.split_first().map_or(("", [].as_slice()), |(first, rest)| (first.as_str(), rest));
    rest.iter().fold(first.to_owned(), |text, line| text + "\n  " + line)
}

fn or_chance(may_be: bool) -> &'static str {
    if may_be { "which may be chance" } else { "which is more than chance" }
}

fn times(ratio: impl Display, limits: Interval) -> String {
    format!("{ratio:.2} times as high ({:.2} to {:.2}), {}", limits.lower, limits.upper, or_chance(limits.holds(1.0)))
}

fn per_cent(achieved: u64, of: u64) -> String {
    if of == 0 { String::new() } else { format!(" ({} per cent)", (200 * achieved + of) / (2 * of)) }
}

fn text(count: &u64) -> String {
    thousands(&count.to_string())
}
