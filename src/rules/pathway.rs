//! `[pathway]`, `[stages]`, `[[count]]` and `[[people]]` → [`PathwayHead`]: one cycle a person, and what is counted of it.

use super::forms;
use super::phrase;
use super::places::places;
use super::read::{condition, identifier};
use super::syntax::{CountText, Head, PathwayHead, PeopleText, Stage};
use super::table::{Reading, Table, Value};
use crate::problem::{Problem, did_you_mean};
use crate::source::At;

/// What a file holds besides `[pathway]` when it is one.
pub(super) struct Parts<'t> {
    pub stages: Option<Value<'t>>,
    pub counts: Option<Value<'t>>,
    pub people: Option<Value<'t>>,
}

/// Reads the head of a pathway, its stages and its counts.
pub(super) fn head(reading: &mut Reading<'_>, mut table: Table<'_>, parts: Parts<'_>) -> Option<Head> {
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let of = table.need_text(reading, "of");
    let source = table.text(reading, "source");
    let description = table.text(reading, "description");
    let goal = table.text(reading, "goal");
    let conditions = table.text(reading, "conditions");
    let span = table.span();
    table.finish(reading);
    let Some(stages) = parts.stages.and_then(|value| reading.open(&forms::STAGES, value)) else {
        reading.note(
            Problem::error("R003", "this pathway has no [stages]")
                .at(span, "this pathway")
                .help("add [stages] with the steps of the cycle"),
        );
        return None;
    };
    let mut stages = stages;
    let in_order = stages.need(reading, "in-order").map(|value| reading.list(value)).unwrap_or_default();
    let in_order: Vec<Stage> = in_order.into_iter().filter_map(|value| stage(reading, value)).collect();
    let declined = stages.need_text(reading, "declined");
    let lapses = stages.need_text(reading, "lapses");
    let if_declined = stages.need_text(reading, "if-declined");
    let if_lapsed = stages.need_text(reading, "if-lapsed");
    let if_complete = stages.need_text(reading, "if-complete");
    stages.finish(reading);
    let counts = parts.counts.map(|value| reading.list(value)).unwrap_or_default();
    let counts = counts.into_iter().filter_map(|value| count(reading, value)).collect();
    let people = parts.people.map(|value| reading.list(value)).unwrap_or_default();
    let people = people.into_iter().filter_map(|value| people_text(reading, value)).collect();
    Some(Head::Pathway(Box::new(PathwayHead {
        id: id?,
        title: title?,
        of: of?,
        source,
        description,
        goal,
        conditions,
        stages: in_order,
        declined: declined?,
        lapses: lapses?,
        if_declined: if_declined?,
        if_lapsed: if_lapsed?,
        if_complete: if_complete?,
        counts,
        people,
    })))
}

fn stage(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Stage> {
    let mut table = reading.open(&forms::STAGE, value)?;
    let fact = table.need_text(reading, "stage");
    let title = table.need_text(reading, "title");
    let next = table.need_text(reading, "next");
    table.finish(reading);
    Some(Stage { fact: fact?, title: title?, next: next? })
}

fn count(reading: &mut Reading<'_>, value: Value<'_>) -> Option<CountText> {
    let mut table = reading.open(&forms::COUNT, value)?;
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let fact = table.need_text(reading, "fact");
    let again = table.take(reading, "again").and_then(|value| {
        let words = reading.words(value)?;
        let days = super::sentence::days(words);
        super::read::noted(reading, days).map(|days| At::new(days, value.span))
    });
    let spread = table.take(reading, "spread").is_some_and(|value| reading.truth(value));
    table.finish(reading);
    Some(CountText { id: id?, title: title?, fact: fact?, again, spread })
}

fn people_text(reading: &mut Reading<'_>, value: Value<'_>) -> Option<PeopleText> {
    let mut table = reading.open(&forms::PEOPLE, value)?;
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let is: Option<At<phrase::Condition>> = table.need(reading, "is").and_then(|value| condition(reading, value));
    table.finish(reading);
    Some(PeopleText { id: id?, title: title?, is: is? })
}

/// The line of a pathway that an example means, by its status and furthest stage.
pub(super) fn line_of(reading: &mut Reading<'_>, head: &PathwayHead, then: &At<String>, furthest: &At<String>) -> Option<u32> {
    let names = head.stages.iter().map(|stage| stage.fact.value.as_str());
    let at = if furthest.value == "none" { Some(0) } else { names.clone().position(|name| name == furthest.value).map(|at| at + 1) };
    let Some(at) = at else {
        let help = did_you_mean(&furthest.value, names.clone())
            .unwrap_or_else(|| format!("the stages are none, {}", names.collect::<Vec<_>>().join(", ")));
        reading.note(
            Problem::error("R010", format!("there is no stage called `{}`", furthest.value)).at(furthest.span, "unknown stage").help(help),
        );
        return None;
    };
    let line = places(head.stages.len()).iter().position(|place| place.status.word() == then.value && place.furthest == at);
    let Some(line) = line else {
        reading.note(
            Problem::error("R005", format!("nobody is `{}` with `{}` as the furthest stage", then.value, furthest.value))
                .at(then.span, "this status")
                .help("complete goes with the last stage, in progress with an earlier one, lapsed and not started with none"),
        );
        return None;
    };
    u32::try_from(line + 1).ok()
}
