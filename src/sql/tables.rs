//! People, records, codes and days as tables of plain columns: what the statements read.
//! In: what the engine reads too, so that identity, units and values are the same. Out: rows, `None` where there is nothing.

use crate::extract::patient::Patients;
use crate::framework::calendar::{Day, FIRST_DAY, LAST_DAY};
use crate::framework::code_sets::CodeBook;
use crate::framework::{Framework, Outcome, Sex};
use crate::practice::Practice;

/// A table: its name, its columns with whether they are whole numbers, and its rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Columns, and whether each holds whole numbers.
    pub columns: &'static [(&'static str, bool)],
    /// Rows.
    pub rows: Vec<Vec<Option<String>>>,
}

/// The columns of `people`.
pub const PEOPLE: &[(&str, bool)] = &[
    ("person", true),
    ("practice_code", false),
    ("patient_id", false),
    ("sex", false),
    ("born_day", true),
    ("born_ymd", true),
    ("registered_day", true),
    ("left_day", true),
    ("died_day", true),
    ("imd_quintile", true),
];

/// The columns of `events`.
pub const EVENTS: &[(&str, bool)] = &[
    ("person", true),
    ("record", true),
    ("date", false),
    ("day", true),
    ("ymd", true),
    ("ymd_before", true),
    ("scheme", false),
    ("code", false),
    ("amount", true),
    ("reading_group", true),
    ("new_episode", true),
];

/// The columns of `codes`.
pub const CODES: &[(&str, bool)] = &[("set_name", false), ("scheme", false), ("code", false)];

/// The columns of `lines`.
pub const LINES: &[(&str, bool)] =
    &[("measure", false), ("line", true), ("rule", true), ("outcome", false), ("because", false), ("words", false)];

/// The columns of `registers`.
pub const REGISTERS: &[(&str, bool)] = &[("register", false), ("title", false)];

/// The columns of `calendar`.
pub const CALENDAR: &[(&str, bool)] = &[("shift", true), ("day", true), ("other", true)];

/// `people` and `events` of one practice.
pub fn of_practice(practice: &Practice, patients: &Patients, codes: &CodeBook, id_of: impl Fn(u32) -> String) -> [Table; 2] {
    let mut people = Vec::new();
    let mut events = Vec::new();
    for person in patients.people() {
        let about = &person.about;
        let sex = match about.sex {
            Some(Sex::Female) => "female",
            Some(Sex::Male) => "male",
            None => "",
        };
        let number = |day: Option<Day>| day.map(|day| day.0.to_string());
        people.push(vec![
            Some(person.number.to_string()),
            Some(practice.code.clone()),
            Some(id_of(person.number)),
            Some(sex.to_owned()),
            Some(about.born.0.to_string()),
            Some(about.born_ymd.to_string()),
            Some(about.registered.0.to_string()),
            number(about.left),
            number(about.died),
            about.imd_quintile.map(|quintile| quintile.to_string()),
        ]);
        for record in patients.records(person) {
            let Some((_, code)) = patients.place(record.record) else { continue };
            let (scheme, code) = codes.name_of(code);
            events.push(vec![
                Some(person.number.to_string()),
                Some(record.record.to_string()),
                Some(record.day.to_string()),
                Some(record.day.0.to_string()),
                Some(record.day.ymd().to_string()),
                Some(record.day.plus(-1).ymd().to_string()),
                Some(scheme.to_owned()),
                Some(code.to_owned()),
                record.amount.map(|amount| amount.0.to_string()),
                Some(record.group.to_string()),
                Some(u8::from(record.episode.is_new()).to_string()),
            ]);
        }
    }
    [Table { name: "people", columns: PEOPLE, rows: people }, Table { name: "events", columns: EVENTS, rows: events }]
}

/// `codes` and `calendar` of a framework.
pub fn of_framework(framework: &Framework) -> [Table; 2] {
    let codes = &framework.codes;
    let rows = codes.all().flat_map(|id| {
        let (scheme, code) = codes.name_of(id);
        codes
            .sets_of(id)
            .iter()
            .map(move |set| vec![Some(framework.set_name(*set).to_owned()), Some(scheme.to_owned()), Some(code.to_owned())])
    });
    let days = framework.day_tables.iter().enumerate().flat_map(|(shift, table)| {
        (FIRST_DAY.0..=LAST_DAY.0)
            .map(move |day| vec![Some(shift.to_string()), Some(day.to_string()), Some(table.of(Day(day)).0.to_string())])
    });
    [Table { name: "codes", columns: CODES, rows: rows.collect() }, Table { name: "calendar", columns: CALENDAR, rows: days.collect() }]
}

/// `lines` and `registers`: the words of a framework, to read beside line numbers. No statement needs them.
pub fn words(framework: &Framework) -> [Table; 2] {
    let lines = framework.measures().flat_map(|(measure, lines)| {
        lines.lines.iter().map(move |line| {
            let because = match line.outcome {
                Outcome::Excepted(reason) => Some(reason.word().to_owned()),
                Outcome::Selected
                | Outcome::Rejected
                | Outcome::Excluded
                | Outcome::Achieved
                | Outcome::NotAchieved
                | Outcome::Pathway(_) => None,
            };
            vec![
                Some(measure.to_owned()),
                Some(line.number.0.to_string()),
                line.rule.map(|rule| rule.to_string()),
                Some(line.outcome.word().to_owned()),
                because,
                Some(line.words.clone()),
            ]
        })
    });
    let registers = framework.registers.iter().map(|register| vec![Some(register.id.clone()), Some(register.title.clone())]);
    [
        Table { name: "lines", columns: LINES, rows: lines.collect() },
        Table { name: "registers", columns: REGISTERS, rows: registers.collect() },
    ]
}
