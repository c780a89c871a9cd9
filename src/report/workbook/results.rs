//! All indicators, and every practice in every indicator.

use super::notes::Note;
use super::sheet::{Cell, Columns, Sheet, Table, count, end, known, lower, number, said, share, text, upper, where_it_applies, wrapped};
use crate::briefing::{Indicator, OfPractice, Report, ReportedPractice, words};
use crate::comparison::Statistics;
use crate::variation::Flag;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A practice in an indicator.
pub(super) struct One<'r> {
    pub indicator: &'r Indicator,
    pub practice: &'r ReportedPractice,
    pub one: &'r OfPractice,
}

/// The practices of tables in one indicator.
pub(super) fn of_indicator<'r>(report: &'r Report, indicator: &'r Indicator) -> impl Iterator<Item = One<'r>> + 'r {
    let one = move |(at, practice)| Some(One { indicator, practice, one: indicator.practices.get::<usize>(at)?.as_ref()? });
    report.listed().filter_map(one)
}

/// All indicators, one a row.
pub(super) fn indicators(report: &Report) -> Sheet<'_> {
    Sheet {
        name: "Indicators".into(),
        title: "All indicators, all practices together".into(),
        lines: report.flags_note.iter().cloned().collect(),
        notes: vec![
            Note::Method("95% interval"),
            Note::Method("By chance"),
            Note::Method("φ"),
            Note::Method("True centiles"),
            Note::Change,
            Note::Counted,
            Note::Indicative,
        ],
        kept: 2,
        table: indicators_table(report),
    }
}

fn indicators_table(report: &Report) -> Table<'_> {
    type Row<'r> = (usize, &'r Indicator);
    fn of<'r>(row: &Row<'r>) -> Option<&'r Statistics> {
        row.1.statistics.as_ref()
    }
    let mut columns = Columns::new()
        .and("Indicator", 12, |(at, _): &Row<'_>| Cell::Indicator(*at))
        .and("Title", 50, |(_, one)| wrapped(one.title.as_str()))
        .and("Domain", 24, |(_, one)| wrapped(one.domain.as_str()))
        .and("Numerator", 12, |(_, one)| count(one.all.achieved))
        .and("Denominator", 14, |(_, one)| count(one.all.of))
        .and("Rate", 9, |(_, one)| share(&one.all))
        .and("95% interval, lower end", 12, |(_, one)| end(&one.all, lower))
        .and("95% interval, upper end", 12, |(_, one)| end(&one.all, upper));
    if report.is_internal() {
        columns = columns.and("Rate of the register, with excluded and excepted people", 16, |(_, one)| {
            where_it_applies(one.of_register.as_ref(), share)
        });
    }
    columns = columns
        .and("Do practices differ by more than chance?", 16, |(_, one)| {
            text(match one.differ() {
                Some(true) => "yes",
                Some(false) => "maybe not",
                None => "too few to say",
            })
        })
        .and("φ", 9, |(_, one)| known(phi(one), Cell::Tenths))
        .and("True 10th centile", 11, |(_, one)| known(true_centiles(one), |ends| Cell::Share(ends.lower)))
        .and("True 90th centile", 11, |(_, one)| known(true_centiles(one), |ends| Cell::Share(ends.upper)))
        .and("Practices compared", 12, move |row| known(of(row), |all| number(all.practices)))
        .and("Flagged at 95%", 11, move |row| known(of(row), |all| number(all.flagged.at_95)))
        .and("By chance at 95%", 11, move |row| known(of(row), |all| Cell::Tenths(all.by_chance.at_95)))
        .and("Flagged at 99.8%", 11, move |row| known(of(row), |all| number(all.flagged.at_998)))
        .and("By chance at 99.8%", 11, move |row| known(of(row), |all| Cell::Tenths(all.by_chance.at_998)));
    if report.indicators.iter().any(|one| one.change.is_some()) {
        columns = columns
            .and("Change, percentage points", 12, |(_, one)| known(one.change, |change| Cell::Change(change.difference)))
            .and("Change, lower end", 10, |(_, one)| known(one.change, |change| Cell::Change(change.interval.lower)))
            .and("Change, upper end", 10, |(_, one)| known(one.change, |change| Cell::Change(change.interval.upper)));
    }
    if report.indicators.iter().any(|one| one.pays.is_some()) {
        columns = columns
            .and("Pays from", 9, |(_, one)| where_it_applies(one.pays, |pays| per_cent(pays.from)))
            .and("Pays in full from", 9, |(_, one)| where_it_applies(one.pays, |pays| per_cent(pays.to)))
            .and("Practices at the upper threshold", 12, |(_, one)| at_threshold(one))
            .and("Points for a practice", 10, |(_, one)| where_it_applies(worth(one), Cell::Points));
    }
    if report.payment.is_some() {
        columns = columns
            .and("Points of all practices", 11, |(_, one)| where_it_applies(paid(one), |money| Cell::Points(money.points)))
            .and("Pounds of all practices, indicative", 15, |(_, one)| where_it_applies(paid(one), |money| Cell::Pounds(money.pounds)));
    }
    if report.indicators.iter().any(|one| !one.standing.is_empty()) {
        columns = columns.and("How well its definition is known", 18, |(_, one)| wrapped(one.standing.as_str()));
    }
    columns.table("indicators", report.indicators.iter().enumerate())
}

/// Every practice in every indicator.
pub(super) fn results(report: &Report) -> Sheet<'_> {
    let rows = report.indicators.iter().flat_map(|indicator| of_indicator(report, indicator));
    Sheet {
        name: "Results".into(),
        title: "Every practice in every indicator".into(),
        lines: report.flags_note.iter().cloned().collect(),
        notes: vec![
            Note::Method("95% interval"),
            Note::Method("Above, below"),
            Note::Method("By chance"),
            Note::Method("Reliability"),
            Note::Method("No ranks"),
            Note::Change,
            Note::Counted,
            Note::Indicative,
        ],
        kept: 3,
        table: results_columns(report).table("results", rows),
    }
}

fn results_columns(report: &Report) -> Columns<'_, One<'_>> {
    let ones = || report.indicators.iter().flat_map(|indicator| &indicator.practices).flatten();
    let mut columns = Columns::new()
        .and("Indicator", 12, |row: &One<'_>| text(row.indicator.id.as_str()))
        .and("Practice code", 11, |row| text(row.practice.code.as_str()))
        .and("Practice", 34, |row| text(row.practice.name.as_str()))
        .and("Locality", 18, |row| text(row.practice.locality.as_str()))
        .and("Title", 44, |row| text(row.indicator.title.as_str()));
    if report.is_internal() {
        columns = columns
            .and("Register", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.population)))
            .and("Excluded", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.excluded)))
            .and("Excepted", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.excepted)));
    }
    columns = columns.and("Denominator", 14, |row| count(row.one.rate.of)).and("Numerator", 12, |row| count(row.one.rate.achieved)).and(
        "Rate",
        9,
        |row| share(&row.one.rate),
    );
    if ones().any(|one| one.flag.is_some()) {
        columns =
            comparison_columns(columns).and("Outside even beside the spread that all share?", 17, |row| even_so(row.one, row.indicator));
    }
    if ones().any(|one| one.change.is_some()) {
        columns = columns
            .and("Change, percentage points", 12, |row| known(row.one.change, |change| Cell::Change(change.difference)))
            .and("Change, lower end", 10, |row| known(row.one.change, |change| Cell::Change(change.interval.lower)))
            .and("Change, upper end", 10, |row| known(row.one.change, |change| Cell::Change(change.interval.upper)));
    }
    if report.indicators.iter().any(|one| one.pays.is_some()) && ones().any(|one| one.flag.is_some()) {
        columns = threshold_columns(columns);
    }
    if report.payment.is_some() {
        columns = columns
            .and("Points", 10, |row| where_it_applies(earned(row), |money| Cell::Points(money.points)))
            .and("Points that could be earned", 10, |row| where_it_applies(earned(row), |money| Cell::Points(money.max_points)))
            .and("Pounds, indicative", 14, |row| where_it_applies(earned(row), |money| Cell::Pounds(money.pounds)));
    }
    columns.and("Reporting day", 17, |_| Cell::Day(report.on))
}

/// Interval, flag and reliability.
pub(super) fn comparison_columns<'r>(columns: Columns<'r, One<'r>>) -> Columns<'r, One<'r>> {
    columns
        .and("95% interval, lower end", 12, |row| end(&row.one.rate, lower))
        .and("95% interval, upper end", 12, |row| end(&row.one.rate, upper))
        .and("Against all together", 16, |row| said(&row.one.rate, row.one.flag, |flag| text(against_all(flag))))
        .and("Reliability", 11, |row| said(&row.one.rate, row.one.reliability, text))
}

/// The next threshold, and how many more people it asks for.
pub(super) fn threshold_columns<'r>(columns: Columns<'r, One<'r>>) -> Columns<'r, One<'r>> {
    let next =
        |row: &One<'r>, ahead: fn(crate::comparison::NextThreshold) -> Cell<'r>, met: Cell<'r>| match (row.indicator.pays, row.one.next) {
            (None, _) => Cell::NotApplicable,
            (Some(_), Some(next)) => ahead(next),
            (Some(_), None) => said(&row.one.rate, row.one.flag, |_| met.clone()),
        };
    columns.and("Next threshold", 11, move |row| next(row, |next| per_cent(next.per_cent), text("all met"))).and(
        "More people for it",
        11,
        move |row| next(row, |next| Cell::Whole(next.people), Cell::Whole(0)),
    )
}

/// Beside the wider limits; nothing to say where practices differ by no more than chance.
pub(super) fn even_so<'r>(one: &OfPractice, indicator: &Indicator) -> Cell<'r> {
    let wider = indicator.statistics.as_ref().is_some_and(|all| all.flagged_even_so.is_some());
    match (one.flag, one.even_so) {
        (Some(_), None) if !wider => Cell::NotApplicable,
        (_, flag) => said(&one.rate, flag, |flag| text(against_all(flag))),
    }
}

/// `▼ far below`
pub(super) fn against_all(flag: Flag) -> String {
    format!("{} {}", words::sign(flag), words::flag(flag)).trim_start().to_owned()
}

/// A threshold, which rules have in per cent.
pub(super) fn per_cent<'r>(per_cent: Decimal) -> Cell<'r> {
    known((per_cent / Decimal::ONE_HUNDRED).to_f64(), Cell::Share)
}

fn earned(row: &One<'_>) -> Option<crate::achievement::Money> {
    row.one.money.filter(|_| worth(row.indicator).is_some())
}

fn paid(indicator: &Indicator) -> Option<crate::achievement::Money> {
    indicator.money.filter(|_| worth(indicator).is_some())
}

fn worth(indicator: &Indicator) -> Option<Decimal> {
    Some(indicator.points).filter(|points| *points > Decimal::ZERO)
}

fn at_threshold<'r>(indicator: &Indicator) -> Cell<'r> {
    let met = indicator.statistics.as_ref().and_then(|all| all.threshold).map(|threshold| threshold.met);
    where_it_applies(indicator.pays, |_| known(met, number))
}

/// What the statistics say, where enough is counted to say it.
pub(super) fn enough(indicator: &Indicator) -> Option<&Statistics> {
    indicator.statistics.as_ref().filter(|all| words::enough(all))
}

/// How many times as far apart as by chance.
pub(super) fn phi(indicator: &Indicator) -> Option<f64> {
    Some(enough(indicator)?.overdispersion.as_ref().ok()?.phi)
}

/// What is left of the spread without chance.
pub(super) fn true_centiles(indicator: &Indicator) -> Option<crate::variation::Interval> {
    let model = enough(indicator)?.model.as_ref().ok()?;
    (model.variance > 0.0).then(|| model.true_centiles())
}
