//! One `[[example]]` → [`Example`]; its records are one a row: `2016-06-10 HBA1C 58 group=a`.

use super::forms::{self, EPISODES, OUTCOMES, SEXES, STATUSES, VIEWS};
use super::pathway::line_of;
use super::read::{allowed, one_of};
use super::syntax::{Example, ExampleRecord, PathwayHead};
use super::table::{Reading, Table, Value};
use crate::problem::Problem;
use crate::source::{At, Span};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Reads one example.
pub fn example(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Example> {
    let mut table = reading.open(&forms::EXAMPLE, value)?;
    let person = person(reading, &mut table);
    let then = table.need_text(reading, "then").and_then(|then| allowed(reading, then, OUTCOMES));
    let line = table.need(reading, "line").and_then(|value| reading.whole(value));
    let span = table.span();
    table.finish(reading);
    let line = line.map(|line| At::new(u32::try_from(line.value).unwrap_or(u32::MAX), line.span));
    person.example(then?, line?, span)
}

/// Reads one example of a pathway: it says the status and the furthest stage, and the line follows from them.
pub fn pathway_example(reading: &mut Reading<'_>, value: Value<'_>, pathway: &PathwayHead) -> Option<Example> {
    let mut table = reading.open(&forms::PATHWAY_EXAMPLE, value)?;
    let person = person(reading, &mut table);
    let then = table.need_text(reading, "then").and_then(|then| allowed(reading, then, STATUSES));
    let furthest = table.need_text(reading, "furthest");
    let missing = table.take(reading, "missing").map(|value| (value.span, reading.texts(value)));
    let counts = table.take(reading, "counts").and_then(|value| reading.open(&forms::EXAMPLE_COUNTS, value));
    let counts = counts.map(|mut counts| counts.all(reading)).unwrap_or_default();
    let counts = counts.into_iter().filter_map(|(id, value)| Some((id, reading.whole(value)?))).collect();
    let holds = table.take(reading, "people").map(|value| (value.span, reading.texts(value)));
    let lapses = table.take(reading, "lapses").and_then(|value| reading.date(value));
    let drops = table.take(reading, "drops").and_then(|value| reading.date(value));
    let span = table.span();
    table.finish(reading);
    let (then, furthest) = (then?, furthest?);
    let line = line_of(reading, pathway, &then, &furthest)?;
    let listed = |(span, names): (Span, Vec<At<String>>)| At::new(names.into_iter().map(|name| name.value).collect(), span);
    let (missing, holds) = (missing.map(listed), holds.map(listed));
    Some(Example { missing, counts, holds, lapses, drops, ..person.example(then, At::new(line, furthest.span), span)? })
}

/// What every example tells of its person.
struct Person {
    story: Option<At<String>>,
    born: Option<At<NaiveDate>>,
    sex: Option<At<String>>,
    registered: Option<At<NaiveDate>>,
    at: Option<At<NaiveDate>>,
    view: Option<At<String>>,
    records: Vec<ExampleRecord>,
}

impl Person {
    fn example(self, then: At<String>, line: At<u32>, span: Span) -> Option<Example> {
        let Person { story, born, sex, registered, at, view, records } = self;
        Some(Example {
            story: story?,
            born,
            sex,
            registered,
            at,
            view,
            records,
            then,
            line,
            missing: None,
            counts: Vec::new(),
            holds: None,
            lapses: None,
            drops: None,
            span,
        })
    }
}

fn person(reading: &mut Reading<'_>, table: &mut Table<'_>) -> Person {
    Person {
        story: table.need_text(reading, "story"),
        born: table.take(reading, "born").and_then(|value| reading.date(value)),
        sex: one_of(reading, table, "sex", SEXES),
        registered: table.take(reading, "registered").and_then(|value| reading.date(value)),
        at: table.take(reading, "at").and_then(|value| reading.date(value)),
        view: one_of(reading, table, "view", VIEWS),
        records: table.take(reading, "records").map(|value| records(reading, value)).unwrap_or_default(),
    }
}

fn records(reading: &mut Reading<'_>, value: Value<'_>) -> Vec<ExampleRecord> {
    if reading.text(value).is_none() {
        return Vec::new();
    }
    // The text is read where it stands, so that every word has its place.
    let start = value.span.start as usize;
    let raw = reading.text.get(start..value.span.end as usize).unwrap_or("");
    let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
    let inner = raw.get(quotes..raw.len().saturating_sub(quotes)).unwrap_or("");
    let mut at = start + quotes;
    let mut all = Vec::new();
    for row in inner.split_inclusive('\n') {
        let words: Vec<(String, Span)> =
            words(row).map(|(from, word)| (word.to_owned(), reading.span(at + from..at + from + word.len()))).collect();
        if !words.is_empty() {
            all.extend(record(reading, &words));
        }
        at += row.len();
    }
    all
}

/// The words of a row, each with its place in it.
fn words(row: &str) -> impl Iterator<Item = (usize, &str)> {
    row.split_whitespace().map(move |word| (word.as_ptr() as usize - row.as_ptr() as usize, word))
}

fn record(reading: &mut Reading<'_>, words: &[(String, Span)]) -> Option<ExampleRecord> {
    let (first, rest) = words.split_first()?;
    let date = match NaiveDate::parse_from_str(&first.0, "%Y-%m-%d") {
        Ok(date) if first.0.len() == 10 => At::new(date, first.1),
        _ => return unreadable(reading, first.1, "a date such as 2016-06-10"),
    };
    let Some((sets, rest)) = rest.split_first() else { return unreadable(reading, first.1, "a date and a code set") };
    let mut record = ExampleRecord {
        date,
        sets: sets.0.split('+').map(|set| At::new(set.to_owned(), sets.1)).collect(),
        value: None,
        group: None,
        episode: None,
        span: Span { end: words.last().map_or(sets.1.end, |(_, span)| span.end), ..first.1 },
    };
    for (word, span) in rest {
        if let Some(group) = word.strip_prefix("group=") {
            record.group = Some(group.to_owned());
        } else if let Some(episode) = word.strip_prefix("episode=") {
            record.episode = allowed(reading, At::new(episode.to_owned(), *span), EPISODES);
        } else if let (Ok(value), None) = (Decimal::from_str_exact(word), &record.value) {
            record.value = Some(At::new(value, *span));
        } else {
            return unreadable(reading, *span, "a value, `group=…` or `episode=…`");
        }
    }
    Some(record)
}

fn unreadable(reading: &mut Reading<'_>, span: Span, expected: &str) -> Option<ExampleRecord> {
    reading.note(
        Problem::error("R037", "this record of an example cannot be read")
            .at(span, format!("expected {expected}"))
            .help("a record is a date, a code set, and perhaps a value, `group=…` and `episode=…`: 2016-06-10 HBA1C 58"),
    );
    None
}
