//! Who is reported on, what was read of an extract, and what of it was set aside.

use super::notes::Note;
use super::sheet::{Cell, Columns, Sheet, known, text, wrapped};
use crate::briefing::{Read, Report, ReportedPractice, SetAside, words};

/// The practices of tables.
pub(super) fn practices(report: &Report) -> Sheet<'_> {
    let mut columns = Columns::new()
        .and("Practice code", 12, |practice: &&ReportedPractice| text(practice.code.clone()))
        .and("Practice", 44, |practice| text(practice.name.clone()))
        .and("Locality", 24, |practice| text(practice.locality.clone()));
    if report.is_internal() && report.practices.iter().any(|practice| practice.list.is_some()) {
        columns = columns.and("People on the list", 12, |practice| known(practice.list, Cell::Whole));
    }
    Sheet {
        name: "Practices".into(),
        title: "The practices".into(),
        lines: Vec::new(),
        notes: vec![Note::Codes, Note::Locality],
        kept: 1,
        table: columns.table("practices", report.listed().map(|(_, practice)| practice)),
    }
}

/// What was read, and what was set aside; fewer sheets where nothing was.
pub(super) fn read<'r>(report: &'r Report, read: &'r Read) -> Vec<Sheet<'r>> {
    let mut sheets = vec![what_was_read(report, read)];
    sheets.extend((!read.set_aside.is_empty()).then(|| set_aside(read)));
    sheets.extend((!read.by_practice.is_empty()).then(|| by_practice(report, read)));
    sheets
}

fn what_was_read<'r>(report: &'r Report, read: &'r Read) -> Sheet<'r> {
    let mut rows: Vec<(String, Cell<'r>)> = vec![
        ("The extract was made on".into(), Cell::Day(read.extracted_on)),
        ("The practice system that it is from".into(), text(read.system.as_str())),
        ("Practices in it".into(), Cell::Whole(read.practices)),
        ("People in it".into(), Cell::Whole(read.people)),
        ("Rows of records".into(), Cell::Whole(read.rows)),
        ("Of these, rows of codes that no rule asks for".into(), Cell::Whole(read.rows_in_no_set)),
    ];
    let off =
        read.off_the_list.iter().map(|(what, people)| (format!("People not on the list on {}: {what}", report.day), Cell::Whole(*people)));
    rows.extend(off);
    let nobody = if read.without_people.is_empty() { text("none") } else { wrapped(read.without_people.join(", ")) };
    rows.push(("Practices that sent nobody".into(), nobody));
    let too_early = read.too_early.then(|| "The extract was made before the reporting day: later records are not in it.".to_owned());
    let all_used = read.set_aside.is_empty().then(|| "Every row could be used.".to_owned());
    let table = Columns::new()
        .and("What", 60, |row: &(String, Cell<'r>)| text(row.0.clone()))
        .and("How many, when or which", 40, |row| row.1.clone())
        .table("what_was_read", rows);
    Sheet {
        name: "What was read".into(),
        title: "What was read of the extract".into(),
        lines: too_early.into_iter().chain(all_used).collect(),
        notes: Vec::new(),
        kept: 1,
        table,
    }
}

fn set_aside(read: &Read) -> Sheet<'_> {
    let table = Columns::new()
        .and("Rule", 60, |one: &&SetAside| wrapped(words::capital(one.rule)))
        .and("Rows", 11, |one| Cell::Whole(one.rows))
        .and("What was done", 60, |one| wrapped(one.done))
        .table("set_aside", &read.set_aside);
    Sheet {
        name: "Set aside".into(),
        title: "Rows that were set aside, or used in part".into(),
        lines: vec!["Which rows they are stands in quarantine.csv.".into()],
        notes: Vec::new(),
        kept: 1,
        table,
    }
}

fn by_practice<'r>(report: &'r Report, read: &'r Read) -> Sheet<'r> {
    type Row<'r> = (&'r ReportedPractice, &'r (&'static str, &'static str, u64));
    let rows = report.listed().flat_map(|(_, practice)| {
        let own = read.by_practice.get(&practice.code).into_iter().flatten();
        own.map(move |one| (practice, one))
    });
    let table = Columns::new()
        .and("Practice code", 12, |(practice, _): &Row<'r>| text(practice.code.as_str()))
        .and("Practice", 38, |(practice, _)| text(practice.name.as_str()))
        .and("Rule", 60, |(_, one)| wrapped(words::capital(one.0)))
        .and("Rows", 11, |(_, one)| Cell::Whole(one.2))
        .and("What was done", 60, |(_, one)| wrapped(one.1))
        .table("set_aside_by_practice", rows);
    Sheet {
        name: "Set aside by practice".into(),
        title: "Rows that were set aside, or used in part, by practice where the row tells it".into(),
        lines: Vec::new(),
        notes: Vec::new(),
        kept: 2,
        table,
    }
}
