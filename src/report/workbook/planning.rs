//! Care planning: both rates, where people are in the cycle, what was done, when, with whom and by which practice.

use super::notes::Note;
use super::sheet::{Cell, Columns, Sheet, end, lower, share, text, upper, where_it_applies, wrapped};
use crate::briefing::{CountRow, Planning, Report, ReportedPractice, Statuses, TwoRates, words};
use crate::framework::Status;

/// All sheets of care planning.
pub(super) fn sheets<'r>(report: &'r Report, planning: &'r Planning) -> Vec<Sheet<'r>> {
    vec![
        rates(planning),
        statuses(report, planning),
        by_quarter(planning),
        by_conditions(planning),
        by_practice(report, planning),
        today(report, planning),
    ]
}

fn of(planning: &Planning) -> String {
    format!("{}: of everyone on the register “{}”.", planning.title, planning.of)
}

fn rates(planning: &Planning) -> Sheet<'_> {
    let table = Columns::new()
        .and("Indicator", 12, |one: &&TwoRates| text(one.id.clone()))
        .and("Title", 60, |one| wrapped(one.title.clone()))
        .and("Achieved", 11, |one| super::sheet::count(one.of_register.achieved))
        .and("On the register", 11, |one| super::sheet::count(one.of_register.of))
        .and("Rate of the register", 11, |one| share(&one.of_register))
        .and("Rate of the register, lower end", 12, |one| end(&one.of_register, lower))
        .and("Rate of the register, upper end", 12, |one| end(&one.of_register, upper))
        .and("In the payment denominator", 13, |one| super::sheet::count(one.of_denominator.of))
        .and("Rate of that denominator", 13, |one| share(&one.of_denominator))
        .and("Rate of that denominator, lower end", 13, |one| end(&one.of_denominator, lower))
        .and("Rate of that denominator, upper end", 13, |one| end(&one.of_denominator, upper))
        .table("care_planning_rates", &planning.rates);
    Sheet {
        name: "Care planning rates".into(),
        title: "Care planning, two rates: of everyone on the register, and of those who count for payment".into(),
        lines: vec![of(planning)],
        notes: vec![Note::TwoRates, Note::Method("95% interval")],
        kept: 2,
        table,
    }
}

/// Whose people, and where they are.
struct Whose<'r> {
    of: &'static str,
    code: &'r str,
    name: &'r str,
    statuses: &'r Statuses,
}

fn statuses<'r>(report: &'r Report, planning: &'r Planning) -> Sheet<'r> {
    let practices = report.listed().filter_map(|(at, practice)| {
        Some(Whose { of: "practice", code: &practice.code, name: &practice.name, statuses: planning.practices.get(at)? })
    });
    let localities = planning.localities.iter().map(|(name, statuses)| Whose { of: "locality", code: "", name, statuses });
    let whole = Whose { of: "all", code: "", name: "All practices", statuses: &planning.whole };
    let mut columns = Columns::new()
        .and("Of a", 10, |row: &Whose<'r>| text(row.of))
        .and("Practice code", 11, |row| if row.code.is_empty() { Cell::NotApplicable } else { text(row.code) })
        .and("Name", 38, |row| text(row.name))
        .and("On the register", 11, |row| Cell::Whole(row.statuses.register));
    for (at, status) in Status::ALL.iter().enumerate() {
        let people = move |row: &Whose<'r>| row.statuses.people.get(at).copied().unwrap_or(0);
        columns = columns.and(&words::capital(status.word()), 11, move |row| Cell::Whole(people(row)));
    }
    columns = columns.and("Complete, of the register", 12, |row| share_of(complete(row.statuses.people), row.statuses.register));
    if let Some(before) = &planning.before {
        columns = columns.and(&format!("The same on {before}"), 12, |row| {
            where_it_applies(row.statuses.before, |people| share_of(complete(people), people.iter().sum()))
        });
    }
    Sheet {
        name: "Care planning status".into(),
        title: "Care planning: people on the register by where they are in the cycle".into(),
        lines: vec![of(planning)],
        notes: vec![Note::Cycle, Note::Locality],
        kept: 3,
        table: columns.table("care_planning_status", practices.chain(localities).chain([whole])),
    }
}

/// Of people by status, those who have completed the cycle.
fn complete(people: [u64; 5]) -> u64 {
    Status::ALL.iter().zip(people).find(|(status, _)| **status == Status::Complete).map_or(0, |(_, people)| people)
}

fn share_of<'r>(people: u64, of: u64) -> Cell<'r> {
    if of == 0 { Cell::NotApplicable } else { Cell::Share(people as f64 / of as f64) }
}

fn by_quarter(planning: &Planning) -> Sheet<'_> {
    let mut columns = Columns::new().and("What was done", 60, |count: &&CountRow| wrapped(count.title.clone()));
    for (at, day) in planning.days.iter().enumerate() {
        let both = move |count: &&CountRow| count.quarters.get(at).copied().unwrap_or_default();
        columns = columns.and(&format!("People, quarter to {day}"), 14, move |count| Cell::Whole(both(count).0)).and(
            &format!("Records, quarter to {day}"),
            14,
            move |count| Cell::Whole(both(count).1),
        );
    }
    let register = planning.whole.register;
    let table = columns
        .and("People, last twelve months", 13, |count| Cell::Whole(count.year.0))
        .and("Records, last twelve months", 13, |count| Cell::Whole(count.year.1))
        .and("People, of the register", 13, move |count| share_of(count.year.0, register))
        .table("care_planning_by_quarter", &planning.counts);
    Sheet {
        name: "Care planning by quarter".into(),
        title: "Care planning: what was done in each quarter".into(),
        lines: vec![of(planning)],
        notes: vec![Note::Cycle],
        kept: 1,
        table,
    }
}

fn by_conditions(planning: &Planning) -> Sheet<'_> {
    type Row<'r> = (&'r CountRow, &'r (String, u64), u64);
    let rows = planning.counts.iter().flat_map(|count| {
        let groups = planning.conditions.iter().zip(&count.conditions);
        groups.map(move |(group, people)| (count, group, *people))
    });
    let table = Columns::new()
        .and("What was done", 60, |(count, _, _): &Row<'_>| wrapped(count.title.clone()))
        .and("Number of conditions", 13, |(_, group, _)| text(group.0.clone()))
        .and("People, last twelve months", 13, |(_, _, people)| Cell::Whole(*people))
        .and("Everyone with so many conditions", 15, |(_, group, _)| Cell::Whole(group.1))
        .and("Share", 10, |(_, group, people)| share_of(*people, group.1))
        .table("care_planning_by_conditions", rows);
    Sheet {
        name: "Care planning by conditions".into(),
        title: "Care planning: what was done in the last twelve months, by how many conditions people have".into(),
        lines: vec![of(planning)],
        notes: vec![Note::Cycle],
        kept: 1,
        table,
    }
}

fn by_practice<'r>(report: &'r Report, planning: &'r Planning) -> Sheet<'r> {
    let rows = planning.counts.iter().map(|count| (count.title.as_str(), count.practices.as_slice()));
    let table = people_of_practices(report, planning, "What was done", rows, "care_planning_by_practice");
    Sheet {
        name: "Care planning by practice".into(),
        title: "Care planning: people with whom it was done in the last twelve months, by practice".into(),
        lines: vec![of(planning)],
        notes: vec![Note::Cycle, Note::Locality],
        kept: 3,
        table,
    }
}

fn today<'r>(report: &'r Report, planning: &'r Planning) -> Sheet<'r> {
    let rows = planning.people.iter().map(|(title, _, practices)| (title.as_str(), practices.as_slice()));
    let table = people_of_practices(report, planning, "For whom this holds", rows, "care_planning_today");
    Sheet {
        name: "Care planning on the day".into(),
        title: format!("Care planning: people for whom something holds on {}, by practice", report.day),
        lines: vec![of(planning)],
        notes: vec![Note::Cycle, Note::Locality],
        kept: 3,
        table,
    }
}

/// People of every practice by what was done with them, or what holds for them.
fn people_of_practices<'r>(
    report: &'r Report,
    planning: &'r Planning,
    what: &str,
    rows: impl Iterator<Item = (&'r str, &'r [u64])>,
    name: &str,
) -> super::sheet::Table<'r> {
    type Row<'r> = (&'r ReportedPractice, &'r Statuses, &'r str, u64);
    let rows = rows.flat_map(|(title, people)| {
        let one = move |(at, practice)| Some((practice, planning.practices.get::<usize>(at)?, title, *people.get::<usize>(at)?));
        report.listed().filter_map(one)
    });
    Columns::new()
        .and("Practice code", 11, |(practice, _, _, _): &Row<'r>| text(practice.code.as_str()))
        .and("Practice", 38, |(practice, _, _, _)| text(practice.name.as_str()))
        .and(what, 60, |(_, _, title, _)| wrapped(*title))
        .and("People", 10, |(_, _, _, people)| Cell::Whole(*people))
        .and("On the register", 11, |(_, statuses, _, _)| Cell::Whole(statuses.register))
        .and("Share", 10, |(_, statuses, _, people)| share_of(*people, statuses.register))
        .table(name, rows)
}
