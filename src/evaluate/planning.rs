//! One person and one pathway → everything that is counted of them. Twin of `sql/planning.rs`.

use super::Answers;
use super::pathway::Event;
use crate::framework::calendar::Day;
use crate::framework::pathways::Pathway;
use crate::framework::{RegisterId, Stretch};
use crate::planning::{EventsOf, PersonOf};

/// What a person is counted by; nothing when the pathway is not of this person.
pub fn person_of<'a>(answers: &mut Answers<'a>, pathway: &'a Pathway, strata: &[usize]) -> Option<PersonOf> {
    let standing = answers.pathway(pathway)?;
    let framework = answers.framework;
    let stretches = framework.stretches();
    let [.., (_, last_12_months)] = stretches;
    let mut codes: Vec<(u32, i32)> = Vec::new();
    let mut counts = Vec::with_capacity(pathway.counts.len());
    for count in &pathway.counts {
        let events = answers.events(count);
        counts.push(stretches.map(|(_, from)| since(&events, from)));
        let recent = events.iter().filter(|event| event.day >= last_12_months);
        codes.extend(recent.filter_map(|event| Some((event.record, i32::try_from(event.code?.0).ok()?))));
    }
    // A record of two counts is one record of its code.
    codes.sort_unstable();
    codes.dedup();
    let lapses = answers.lapses(pathway);
    Some(PersonOf {
        strata: strata.to_vec(),
        conditions: pathway.conditions.iter().map(|id: &RegisterId| answers.on_register(*id)).collect(),
        line: standing.line.0,
        out_of_order: standing.out_of_order(),
        between: standing.between().collect(),
        missing: standing.missing,
        counts,
        lapsed: stretches.map(|(_, from): (Stretch, Day)| {
            let days = lapses.iter().filter(|day| **day >= from).count() as u64;
            EventsOf { events: days, days }
        }),
        holds: pathway.people.iter().map(|count| answers.people_count_holds(count)).collect(),
        codes: codes.into_iter().map(|(_, code)| code).collect(),
    })
}

/// The events from a day on; they are in the order of their days.
fn since(events: &[Event], from: Day) -> EventsOf {
    let inside = events.get(events.partition_point(|event| event.day < from)..).unwrap_or(&[]);
    EventsOf { events: inside.len() as u64, days: inside.chunk_by(|one, next| one.day == next.day).count() as u64 }
}
