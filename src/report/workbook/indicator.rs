//! One sheet an indicator: its practices, its charts, who was left out and why, what charts are drawn from, and what it asks, line by line.

use super::charts::{self, Drawn, Places};
use super::notes::{Note, Notes};
use super::results::{One, comparison_columns, even_so, of_indicator, threshold_columns};
use super::sheet::{Cell, Columns, Sheet, Table, count, known, share, text, where_it_applies};
use super::write::{Everywhere, clipped, high, lines, link, place, sheet, table};
use crate::briefing::{Curve, Definition, Funnel, Indicator, Report, ReportedPractice, sentences, words};
use crate::variation::Interval;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// Names of an indicator's sheet and of its tables.
pub(super) struct IndicatorNames {
    pub sheet: String,
    pub practices: String,
    pub left_out: String,
    pub drawn: String,
    pub limits: String,
}

/// How many sentences stand above the table: what is always in view must be short.
const ABOVE: usize = 2;

/// So many characters across fill a page at one per cent.
const PAGE: u16 = 10_000;

/// Its title in its first cell, and in the list of sheets.
pub(super) fn title(indicator: &Indicator) -> String {
    match indicator.title.as_str() {
        "" => indicator.id.clone(),
        title => format!("{}: {title}", indicator.id),
    }
}

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    everywhere: &Everywhere,
    (report, notes): (&Report, &Notes),
    indicator: &Indicator,
    names: &IndicatorNames,
) -> Result<(), XlsxError> {
    let said = sentences::sentences(indicator);
    let (above, below) = said.split_at(ABOVE.min(said.len()));
    let of_it = practices(report, indicator, names, above);
    let explained = notes.line(&of_it.notes);
    let (to, placed) = sheet(workbook, everywhere, &of_it, explained)?;
    let row = placed.last + 2;
    let mut column = placed.next_column + 1;
    let (pages, across) = charts::pages(column, indicator.funnel.as_ref().map_or(0, |funnel| funnel.points.len()));
    let mut to_the_right = Vec::new();
    let mut title_lines = placed.title_lines;
    if let Some(funnel) = indicator.funnel.as_ref() {
        let drawn = Drawn::of(report, indicator, funnel);
        let after = column + charts::columns(funnel.points.len());
        let left_out_at = after;
        let left_out = left_out(report, indicator, names);
        let next = match &left_out {
            None => after,
            Some(one) => {
                to_the_right.push(("Who was left out and why", left_out_at));
                let left_out = table(to, everywhere, (placed.header, left_out_at), one)?;
                title_lines = title_lines.max(left_out.title_lines);
                left_out.next_column + 1
            }
        };
        to_the_right.push(("Numbers of the charts", next));
        let points = table(to, everywhere, (placed.header, next), &points(report, indicator, funnel, names))?;
        let limits = table(to, everywhere, (placed.header, points.next_column + 1), &limits(funnel, names))?;
        title_lines = title_lines.max(points.title_lines).max(limits.title_lines);
        let places = Places { sheet: &names.sheet, points, limits };
        charts::insert(to, (placed.header + 1, column), &drawn, &places)?;
        column = after;
    } else if let Some(one) = left_out(report, indicator, names) {
        to_the_right.push(("Who was left out and why", column));
        let left_out = table(to, everywhere, (placed.header, column), &one)?;
        title_lines = title_lines.max(left_out.title_lines);
        column = left_out.next_column;
    }
    high(to, placed.header, title_lines)?;
    let links = placed.header - 1;
    for ((text, there), at) in to_the_right.into_iter().zip([4, 8]) {
        link(to, (links, at), text, &place(&names.sheet, placed.header, there), &everywhere.formats)?;
    }
    let under = if indicator.definition.is_some() { "What it asks, line by line" } else { "What else the figures say" };
    link(to, (links, 1), under, &place(&names.sheet, row, 0), &everywhere.formats)?;
    let last = definition(to, everywhere, row, indicator, below)?;
    // On paper: the practices and the definition, then the charts, without the numbers behind them.
    to.set_print_area(0, 0, last, column.saturating_sub(1))?;
    let width: u16 = of_it.table.columns.iter().map(|column| column.width).sum();
    to.set_print_scale((PAGE / width.max(across)).min(100)).set_vertical_page_breaks(&pages)?;
    Ok(())
}

fn practices<'r>(report: &'r Report, indicator: &'r Indicator, names: &IndicatorNames, above: &[String]) -> Sheet<'r> {
    let flags = indicator.practices.iter().flatten().any(|one| one.flag.is_some());
    let of_a_register = indicator.of_a_register;
    let mut columns = Columns::new()
        .and("Practice code", 12, |row: &One<'r>| text(row.practice.code.as_str()))
        .and("Practice", 34, |row| text(row.practice.name.as_str()))
        .and("Locality", 16, |row| text(row.practice.locality.as_str()))
        .and(if of_a_register { "On the register" } else { "Numerator: achieved" }, 11, |row| count(row.one.rate.achieved))
        .and(if of_a_register { "On the list" } else { "Denominator" }, 13, |row| count(row.one.rate.of))
        .and("Rate", 9, |row| share(&row.one.rate));
    if flags {
        columns = comparison_columns(columns);
        if indicator.statistics.as_ref().is_some_and(|all| all.flagged_even_so.is_some()) {
            columns = columns.and("Outside even beside the spread that all share?", 17, |row| even_so(row.one, row.indicator));
        }
        if indicator.pays.is_some() {
            columns = threshold_columns(columns);
        }
    }
    let question = indicator.definition.as_ref().and_then(|definition| definition.question.clone());
    let flagged = indicator.statistics.as_ref().map(|all| {
        format!(
            "Flagged: {} outside the 95% limits and {} outside the 99.8% limits; if nobody differed, {} and {} would be.",
            all.flagged.at_95,
            all.flagged.at_998,
            words::tenths(all.by_chance.at_95),
            words::tenths(all.by_chance.at_998)
        )
    });
    Sheet {
        name: names.sheet.clone(),
        title: title(indicator),
        lines: question.into_iter().chain(above.iter().cloned()).chain(flagged).collect(),
        notes: vec![
            Note::Method("95% interval"),
            Note::Method("Funnel"),
            Note::Method("Above, below"),
            Note::Method("By chance"),
            Note::Method("Reliability"),
            Note::Counted,
            Note::Charts,
        ],
        kept: 2,
        table: columns.table(&names.practices, of_indicator(report, indicator)),
    }
}

/// Excluded and excepted people of every practice, by reason; nothing for audiences that may not see them, and for registers.
fn left_out<'r>(report: &'r Report, indicator: &'r Indicator, names: &IndicatorNames) -> Option<Table<'r>> {
    if !indicator.practices.iter().flatten().any(|one| one.exceptions.is_some()) {
        return None;
    }
    let mut columns = Columns::new()
        .and("Practice code", 12, |row: &One<'r>| text(row.practice.code.as_str()))
        .and("Register", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.population)))
        .and("Excluded", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.excluded)))
        .and("Excepted", 10, |row| where_it_applies(row.one.exceptions.as_ref(), |all| Cell::Whole(all.excepted)));
    for (reason, _) in indicator.exceptions() {
        let title = format!("Excepted: {reason}");
        columns = columns.and(&title, 17, move |row| {
            where_it_applies(row.one.exceptions.as_ref(), |all| {
                let own = all.by_reason.iter().find(|(other, _)| *other == reason);
                Cell::Whole(own.map_or(0, |(_, people)| *people))
            })
        });
    }
    Some(columns.table(&names.left_out, of_indicator(report, indicator)))
}

/// What the points of charts are: practices whose counts are shown.
fn points<'r>(report: &'r Report, indicator: &'r Indicator, funnel: &'r Funnel, names: &IndicatorNames) -> Table<'r> {
    type Row<'r> = (&'r ReportedPractice, u64, f64, Option<Interval>);
    let rows = funnel.points.iter().filter_map(|(at, of, share, _)| {
        let one = indicator.practices.get(*at)?.as_ref()?;
        Some((report.practices.get(*at)?, *of, *share, one.rate.interval))
    });
    Columns::new()
        .and("Practice code", 12, |(practice, _, _, _): &Row<'r>| text(practice.code.as_str()))
        .and("People counted", 10, |(_, of, _, _)| Cell::Whole(*of))
        .and("Rate", 9, |(_, _, share, _)| Cell::Share(*share))
        .and("Interval, down from the rate", 17, |(_, _, share, limits)| known(*limits, |limits| Cell::Share(share - limits.lower)))
        .and("Interval, up from the rate", 17, |(_, _, share, limits)| known(*limits, |limits| Cell::Share(limits.upper - share)))
        .and("All together", 10, |_| Cell::Share(funnel.centre))
        .table(&names.drawn, rows)
}

/// The lines of the funnel.
fn limits<'r>(funnel: &'r Funnel, names: &IndicatorNames) -> Table<'r> {
    let mut columns = Columns::new()
        .and("Limits for so many people", 17, |curve: &&Curve| Cell::Whole(curve.of))
        .and("All together", 10, |_| Cell::Share(funnel.centre))
        .and("95% limit, lower", 16, |curve| Cell::Share(curve.at_95.lower))
        .and("95% limit, upper", 16, |curve| Cell::Share(curve.at_95.upper))
        .and("99.8% limit, lower", 16, |curve| Cell::Share(curve.at_998.lower))
        .and("99.8% limit, upper", 16, |curve| Cell::Share(curve.at_998.upper));
    if charts::wider(funnel) {
        columns = columns.and("Wider 99.8% limit, lower", 16, |curve| known(curve.wider, |(_, far)| Cell::Share(far.lower))).and(
            "Wider 99.8% limit, upper",
            12,
            |curve| known(curve.wider, |(_, far)| Cell::Share(far.upper)),
        );
    }
    columns.table(&names.limits, &funnel.curves)
}

/// What it asks, in words, under everything else; the last row.
fn definition(to: &mut Worksheet, everywhere: &Everywhere, first: u32, indicator: &Indicator, said: &[String]) -> Result<u32, XlsxError> {
    let bold = &everywhere.formats.bold;
    let mut row = first;
    let mut under = |to: &mut Worksheet, title: &str, all: &[String]| -> Result<(), XlsxError> {
        if all.is_empty() {
            return Ok(());
        }
        to.write_string_with_format(row, 0, clipped(title), bold)?;
        row += 1;
        for text in all {
            row = lines(to, row, text)?;
        }
        row += 1;
        Ok(())
    };
    if let Some(definition) = &indicator.definition {
        let about: Vec<String> = definition.description.iter().chain(&definition.goal).cloned().collect();
        under(to, &format!("What {} asks", indicator.id), &about)?;
        under(to, "Its lines: the first that holds decides", &lines_of(definition))?;
        let facts: Vec<String> = definition.facts.iter().map(|(name, looks_for)| format!("{name}: {looks_for}")).collect();
        under(to, "What is looked for in the record", &facts)?;
        let about: Vec<String> = definition.about.iter().map(|(what, text)| format!("{what}: {text}")).collect();
        under(to, "Standing and source", &about)?;
    }
    under(to, "What else the figures say", said)?;
    Ok(row.saturating_sub(1).max(first))
}

fn lines_of(definition: &Definition) -> Vec<String> {
    let one = |line: &crate::briefing::DefinitionLine| {
        let reason = if line.reason.is_empty() { String::new() } else { format!(": {}", line.reason.to_lowercase()) };
        let people = line.people.map(|people| format!(" ({})", words::counted(people, "person").replace("persons", "people")));
        format!("{}. If {}: {}{reason}{}.", line.number, line.when, line.verdict.to_lowercase(), people.unwrap_or_default())
    };
    definition.lines.iter().map(one).collect()
}
