//! One entry of `[facts]` → [`FactText`].

use super::forms::{self, COUNTS, FACT_KINDS};
use super::phrase;
use super::read::{allowed, noted, one_of, own_name};
use super::sentence;
use super::syntax::{Codes, CompanionText, CountOf, FactText, Find, SearchText};
use super::table::{Reading, Table, Value};
use crate::problem::Problem;
use crate::source::At;

/// Reads one fact.
pub fn fact(reading: &mut Reading<'_>, name: At<String>, value: Value<'_>) -> Option<FactText> {
    let name = own_name(reading, name);
    let mut table = reading.open(&forms::FACT_RECORD, value)?;
    let finds = FACT_KINDS.map(|(find, _)| find);
    let find = table.need_text(reading, "find").and_then(|find| allowed(reading, find, &finds))?;
    if let Some((_, form)) = FACT_KINDS.iter().find(|(name, _)| *name == find.value) {
        table.becomes(form);
    }
    let find = match find.value.as_str() {
        "latest" => search(reading, &mut table).map(Find::Latest),
        "earliest" => search(reading, &mut table).map(Find::Earliest),
        "pair" => pair(reading, &mut table),
        "count" => count(reading, &mut table),
        "latest-of" => table.need(reading, "of").map(|of| Find::LatestOf(reading.texts(of))),
        _ => table.need(reading, "of").map(|of| Find::Registers(reading.texts(of))),
    };
    table.finish(reading);
    Some(FactText { name: name?, find: find? })
}

fn pair(reading: &mut Reading<'_>, table: &mut Table<'_>) -> Option<Find> {
    let apart = table.need(reading, "apart");
    let apart = apart.and_then(|value| placed(reading, value, sentence::days));
    let search = search(reading, table)?;
    Some(Find::Pair { search, apart: apart? })
}

fn count(reading: &mut Reading<'_>, table: &mut Table<'_>) -> Option<Find> {
    let search = search(reading, table);
    let of = match one_of(reading, table, "of", COUNTS) {
        Some(of) if of.value == "days" => CountOf::Days,
        Some(of) if of.value == "sets" => CountOf::Sets,
        Some(_) => CountOf::Records,
        None => {
            let span = table.span();
            reading.note(
                Problem::error("R003", "this count does not say what it counts")
                    .at(span, "this count")
                    .help("add of = \"records\", of = \"days\" or of = \"sets\""),
            );
            return None;
        }
    };
    Some(Find::Count { search: search?, of })
}

fn search(reading: &mut Reading<'_>, table: &mut Table<'_>) -> Option<SearchText> {
    let codes = table.need(reading, "codes").and_then(|value| codes(reading, value));
    let only = table.take(reading, "where").and_then(|value| placed(reading, value, sentence::amount_tests));
    let episode = one_of(reading, table, "episode", &["new"]);
    let clock = one_of(reading, table, "clock", &["reporting-day"]);
    let inside = table.take(reading, "in").and_then(|value| placed(reading, value, sentence::window));
    let since = table.take(reading, "since").and_then(|value| placed(reading, value, sentence::bound));
    let until = table.take(reading, "until").and_then(|value| placed(reading, value, sentence::bound));
    let with = table.take(reading, "with").and_then(|value| reading.open(&forms::COMPANIONS, value));
    let with = with.map(|mut table| table.all(reading)).unwrap_or_default();
    let with = with.into_iter().filter_map(|(name, value)| companion(reading, name, value)).collect();
    Some(SearchText {
        codes: codes?,
        only: only.map(|only| only.value).unwrap_or_default(),
        new_episode: episode.is_some(),
        from_reporting_day: clock.is_some(),
        inside,
        since,
        until,
        with,
    })
}

fn codes(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Codes> {
    if !value.is_table() {
        let sets = reading.texts(value);
        return (!sets.is_empty()).then_some(Codes::Sets(sets));
    }
    let mut table = reading.open(&forms::VALUES_OF_A_READING, value)?;
    let mut values = Vec::new();
    for (name, set) in table.all(reading) {
        if let (Some(name), Some(set)) = (own_name(reading, name), reading.text(set)) {
            values.push((name, set));
        }
    }
    (!values.is_empty()).then_some(Codes::Values(values))
}

fn companion(reading: &mut Reading<'_>, name: At<String>, value: Value<'_>) -> Option<CompanionText> {
    let name = own_name(reading, name);
    let mut table = reading.open(&forms::COMPANION, value)?;
    let codes = table.need(reading, "codes").map(|value| reading.texts(value));
    let within = table.need(reading, "within").and_then(|value| placed(reading, value, sentence::apart));
    table.finish(reading);
    Some(CompanionText { name: name?, codes: codes?, within: within? })
}

/// A phrase, read by one of the readers of `phrase`.
fn placed<T>(reading: &mut Reading<'_>, value: Value<'_>, reader: fn(phrase::Words<'_>) -> Result<T, Problem>) -> Option<At<T>> {
    let words = reading.words(value)?;
    let result = reader(words);
    noted(reading, result).map(|phrase| At::new(phrase, value.span))
}
