//! How far practices lie apart and how much of it is chance; localities, parts of the people, days, and what goes together.

use super::notes::Note;
use super::results::{enough, phi, true_centiles};
use super::sheet::{Cell, Columns, Sheet, count, end, known, lower, number, share, text, upper, wrapped};
use crate::briefing::{Indicator, Rate, Report};
use crate::comparison::Associated;
use crate::framework::calendar::Day;
use crate::variation::{Heterogeneity, Inequality, Interval, OddsRatio, PotentialGain, RandomIntercept, Spread};

/// Every indicator: the spread that is seen, that is true, and what follows.
pub(super) fn spread(report: &Report) -> Sheet<'_> {
    type Row<'r> = (usize, &'r Indicator);
    let mut columns = Columns::new()
        .and("Indicator", 12, |(at, _): &Row<'_>| Cell::Indicator(*at))
        .and("Title", 50, |(_, one)| wrapped(one.title.as_str()))
        .and("Practices compared", 11, |(_, one)| known(one.statistics.as_ref(), |all| number(all.practices)))
        .and("Practices left out", 11, |(_, one)| number(one.left_out))
        .and("Rate", 9, |(_, one)| share(&one.all))
        .and("Chance of so uneven practices if none differed", 15, |(_, one)| known(chance(one), |found| Cell::Thousandths(found.p)))
        .and("I²", 9, |(_, one)| known(chance(one), |found| Cell::Share(found.i_squared)))
        .and("φ", 9, |(_, one)| known(phi(one), Cell::Tenths))
        .and("Seen 10th centile", 10, |(_, one)| known(seen(one), |found| Cell::Share(found.p10)))
        .and("Seen 90th centile", 10, |(_, one)| known(seen(one), |found| Cell::Share(found.p90)))
        .and("Chance's share of the spread", 11, |(_, one)| known(seen(one), |found| Cell::Share(found.chance_share.min(1.0))))
        .and("True 10th centile", 10, |(_, one)| known(true_centiles(one), |ends| Cell::Share(ends.lower)))
        .and("True 90th centile", 10, |(_, one)| known(true_centiles(one), |ends| Cell::Share(ends.upper)))
        .and("Odds at the better of two practices, times", 13, |(_, one)| {
            known(model(one), |found| Cell::Tenths(found.median_odds_ratio()))
        })
        .and("Between localities", 11, |(_, one)| known(enough(one).and_then(|all| all.locality_share), Cell::Share))
        .and("Flagged at 95%", 10, |(_, one)| known(one.statistics.as_ref(), |all| number(all.flagged.at_95)))
        .and("By chance at 95%", 10, |(_, one)| known(one.statistics.as_ref(), |all| Cell::Tenths(all.by_chance.at_95)))
        .and("Flagged at 99.8%", 10, |(_, one)| known(one.statistics.as_ref(), |all| number(all.flagged.at_998)))
        .and("By chance at 99.8%", 10, |(_, one)| known(one.statistics.as_ref(), |all| Cell::Tenths(all.by_chance.at_998)))
        .and("Outside wider 95% limits", 11, |(_, one)| wider(one, |flagged| flagged.at_95))
        .and("Outside wider 99.8% limits", 11, |(_, one)| wider(one, |flagged| flagged.at_998))
        .and("People a practice needs for fair reliability", 14, |(_, one)| known(people_needed(one), Cell::Whole))
        .and("Practices that count as many", 12, |(_, one)| known(people_needed(one).and(enough(one)), |all| number(all.reliable)))
        .and("More people if all matched the top quarter", 13, |(_, one)| known(gain(one), |found| Cell::Whole(found.in_all)))
        .and("More people, lower end", 11, |(_, one)| known(gain(one), |found| Cell::Whole(found.from)))
        .and("More people, upper end", 11, |(_, one)| known(gain(one), |found| Cell::Whole(found.to)));
    if report.indicators.iter().any(|one| inequality(one).is_some()) {
        columns = columns
            .and("Least less most deprived, percentage points", 13, |(_, one)| {
                known(inequality(one), |found| Cell::Change(found.slope_index))
            })
            .and("Least less most deprived, lower end", 13, |(_, one)| {
                known(inequality(one), |found| Cell::Change(found.slope_limits.lower))
            })
            .and("Least less most deprived, upper end", 13, |(_, one)| {
                known(inequality(one), |found| Cell::Change(found.slope_limits.upper))
            });
    }
    Sheet {
        name: "Variation".into(),
        title: "How far practices lie apart, and how much of it is chance".into(),
        lines: report.flags_note.iter().cloned().collect(),
        notes: vec![
            Note::Method("By chance"),
            Note::Method("φ"),
            Note::Method("True centiles"),
            Note::Method("Reliability"),
            Note::Method("Regression to the mean"),
            Note::Matching,
        ],
        kept: 2,
        table: columns.table("variation", report.indicators.iter().enumerate()),
    }
}

fn seen(indicator: &Indicator) -> Option<&Spread> {
    enough(indicator).and_then(|all| all.spread.as_ref().ok())
}

fn chance(indicator: &Indicator) -> Option<&Heterogeneity> {
    enough(indicator).and_then(|all| all.heterogeneity.as_ref().ok())
}

fn gain(indicator: &Indicator) -> Option<&PotentialGain> {
    enough(indicator).and_then(|all| all.gain.as_ref())
}

fn model(indicator: &Indicator) -> Option<&RandomIntercept> {
    enough(indicator)?.model.as_ref().ok().filter(|model| model.variance > 0.0)
}

fn people_needed(indicator: &Indicator) -> Option<u64> {
    enough(indicator)?.people_for.first()?.ok()
}

fn inequality(indicator: &Indicator) -> Option<Inequality> {
    indicator.statistics.as_ref()?.inequality
}

fn wider<'r>(indicator: &Indicator, flagged: fn(crate::comparison::Flagged) -> usize) -> Cell<'r> {
    match &indicator.statistics {
        None => Cell::NotAvailable,
        // Where practices differ by no more than chance no limits are wider.
        Some(all) => all.flagged_even_so.map_or(Cell::NotApplicable, |found| number(flagged(found))),
    }
}

/// A rate of some of the people or practices of an indicator.
struct Part<'r> {
    indicator: &'r Indicator,
    rate: &'r Rate,
}

fn parts<'r, R>(columns: Columns<'r, R>, part: fn(&R) -> Part<'r>) -> Columns<'r, R>
where
    R: 'r,
{
    columns
        .and("Numerator", 11, move |row| count(part(row).rate.achieved))
        .and("Denominator", 13, move |row| count(part(row).rate.of))
        .and("Rate", 9, move |row| share(part(row).rate))
        .and("95% interval, lower end", 12, move |row| end(part(row).rate, lower))
        .and("95% interval, upper end", 12, move |row| end(part(row).rate, upper))
        .and("All together", 10, move |row| share(&part(row).indicator.all))
}

/// The localities of every indicator; nothing where they are not told.
pub(super) fn localities(report: &Report) -> Option<Sheet<'_>> {
    type Row<'r> = (&'r Indicator, &'r (String, Rate));
    let rows: Vec<Row<'_>> =
        report.indicators.iter().flat_map(|indicator| indicator.localities.iter().map(move |one| (indicator, one))).collect();
    let columns = Columns::new()
        .and("Indicator", 12, |(indicator, _): &Row<'_>| text(indicator.id.as_str()))
        .and("Title", 50, |(indicator, _)| wrapped(indicator.title.as_str()))
        .and("Locality", 24, |(_, one)| text(one.0.as_str()));
    (!rows.is_empty()).then(|| Sheet {
        name: "Localities".into(),
        title: "Localities in every indicator".into(),
        lines: vec!["Overlap of two intervals is no test of a difference.".into()],
        notes: vec![Note::Method("95% interval"), Note::Locality],
        kept: 3,
        table: parts(columns, |(indicator, one)| Part { indicator, rate: &one.1 }).table("localities", rows),
    })
}

/// Every indicator by sex, age and deprivation; nothing where these are not told.
pub(super) fn strata(report: &Report) -> Option<Sheet<'_>> {
    type Row<'r> = (&'r Indicator, &'r crate::briefing::OfStratum);
    let rows: Vec<Row<'_>> =
        report.indicators.iter().flat_map(|indicator| indicator.strata.iter().map(move |one| (indicator, one))).collect();
    let columns = Columns::new()
        .and("Indicator", 12, |(indicator, _): &Row<'_>| text(indicator.id.as_str()))
        .and("Title", 50, |(indicator, _)| wrapped(indicator.title.as_str()))
        .and("By", 13, |(_, one)| text(one.kind))
        .and("Group", 20, |(_, one)| text(one.value.as_str()));
    (!rows.is_empty()).then(|| Sheet {
        name: "Age, sex and deprivation".into(),
        title: "Every indicator by age, sex and fifth of deprivation".into(),
        lines: vec!["Rates are as they are counted: groups also differ in other ways, such as age.".into()],
        notes: vec![Note::Method("95% interval")],
        kept: 4,
        table: parts(columns, |(indicator, one)| Part { indicator, rate: &one.rate }).table("age_sex_deprivation", rows),
    })
}

/// Every indicator on every day that can be set beside others; nothing where there is only one.
pub(super) fn over_time(report: &Report) -> Option<Sheet<'_>> {
    type Row<'r> = (&'r Indicator, Day, &'r Rate, Option<[f64; 9]>);
    let of_each = report.indicators.iter().flat_map(|indicator| indicator.moments.iter().map(move |moment| (indicator, moment)));
    let rows: Vec<Row<'_>> = of_each.map(|(indicator, moment)| (indicator, moment.on, &moment.rate, moment.deciles)).collect();
    let decile = |row: &Row<'_>, at: usize| row.3.and_then(|all| all.get(at).copied());
    let columns = Columns::new()
        .and("Indicator", 12, |(indicator, _, _, _): &Row<'_>| text(indicator.id.as_str()))
        .and("Title", 50, |(indicator, _, _, _)| wrapped(indicator.title.as_str()))
        .and("Reporting day", 18, |(_, day, _, _)| Cell::Day(*day));
    let columns = parts(columns, |(indicator, _, rate, _)| Part { indicator, rate })
        .and("A tenth of practices lie below", 12, move |row| known(decile(row, 0), Cell::Share))
        .and("Half of practices lie below", 12, move |row| known(decile(row, 4), Cell::Share))
        .and("Nine tenths of practices lie below", 12, move |row| known(decile(row, 8), Cell::Share));
    (!rows.is_empty()).then(|| Sheet {
        name: "Over time".into(),
        title: "All practices together, on every reporting day that can be set beside others".into(),
        lines: Vec::new(),
        notes: vec![Note::Change, Note::Day, Note::Method("95% interval")],
        kept: 3,
        table: columns.table("over_time", rows),
    })
}

/// Whether what was taken up goes together with outcomes; nothing where it is not told.
pub(super) fn associations(report: &Report) -> Option<Sheet<'_>> {
    let share = |(part, whole): (u64, u64)| if whole == 0 { Cell::NotApplicable } else { Cell::Share(part as f64 / whole as f64) };
    let within = |one: &&Associated| one.apart.as_ref().ok().map(|found| found.within);
    let between = |one: &&Associated| one.apart.as_ref().ok().map(|found| found.between);
    let rho = |one: &&Associated, number: fn(f64, Interval) -> f64| one.ranks.as_ref().ok().map(|found| number(found.rho, found.limits));
    let odds = |found: Option<OddsRatio>, number: fn(OddsRatio) -> f64| known(found, |found| Cell::Thousandths(number(found)));
    let columns = Columns::new()
        .and("What was taken up", 12, |one: &&Associated| text(one.uptake.clone()))
        .and("Outcome", 12, |one| text(one.outcome.clone()))
        .and("Title", 50, |one| wrapped(one.title.clone()))
        .and("Of those who took it up, reached the outcome", 13, |one| Cell::Whole(one.with.0))
        .and("Those who took it up", 11, |one| Cell::Whole(one.with.1))
        .and("Share of those who took it up", 11, move |one| share(one.with))
        .and("Of the others, reached the outcome", 13, |one| Cell::Whole(one.without.0))
        .and("The others", 11, |one| Cell::Whole(one.without.1))
        .and("Share of the others", 11, move |one| share(one.without))
        .and("Odds within a practice, times", 11, move |one| odds(within(one), |found| found.ratio))
        .and("Odds within, lower end", 11, move |one| odds(within(one), |found| found.limits.lower))
        .and("Odds within, upper end", 11, move |one| odds(within(one), |found| found.limits.upper))
        .and("Odds between practices, for ten points more", 13, move |one| odds(between(one), |found| found.ratio))
        .and("Odds between, lower end", 11, move |one| odds(between(one), |found| found.limits.lower))
        .and("Odds between, upper end", 11, move |one| odds(between(one), |found| found.limits.upper))
        .and("Rank correlation", 12, move |one| known(rho(one, |rho, _| rho), Cell::Thousandths))
        .and("Rank correlation, lower end", 12, move |one| known(rho(one, |_, limits| limits.lower), Cell::Thousandths))
        .and("Rank correlation, upper end", 12, move |one| known(rho(one, |_, limits| limits.upper), Cell::Thousandths))
        .and("Differences explained", 12, |one| known(one.across.as_ref().ok().and_then(|found| found.explained), Cell::Share));
    (!report.associations.is_empty()).then(|| Sheet {
        name: "What goes together".into(),
        title: "Whether what was taken up and outcomes go together".into(),
        lines: vec![
            "Of people who are counted in both indicators. That two things go together does not say that one brings about the other."
                .into(),
        ],
        notes: vec![Note::Associations],
        kept: 2,
        table: columns.table("associations", &report.associations),
    })
}
