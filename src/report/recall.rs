//! Who to call, for what, by when, as tables of one practice: `PRACTICE-people.csv`, a row a person, and `PRACTICE-due.csv`, a row a person
//! and indicator. And both views of all practices: `two-views.csv`.

use super::{csv_of, csv_of_cells, harmless};
use crate::framework::{Framework, LineNumber, Outcome, Sex};
use crate::practice::Practice;
use crate::recall::{Due, Figures, Identifiers, PersonRecall, Recall, Standing, Words};

/// The people of one practice, and everything that is told of them.
#[derive(Clone, Copy, Debug)]
pub struct PracticeRecall<'r> {
    /// Which practice.
    pub practice: &'r Practice,
    /// The rules of both views.
    pub recall: Recall<'r>,
    /// Their words.
    pub words: &'r Words<'r>,
    /// The practice's own numbers.
    pub identifiers: &'r Identifiers,
    /// The pseudonym of each, and the person: those first with whom the most can be completed at one appointment.
    pub people: &'r [(String, PersonRecall)],
}

/// A table: the names of its columns, and its rows.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Everything that is written of a practice, made once for CSV and workbook.
#[derive(Clone, Debug)]
pub struct RecallTables {
    /// One row a person.
    pub(super) people: Table,
    /// One row a person and indicator.
    pub(super) due: Table,
    /// The indicator of each row of these, by its place in the framework.
    pub(super) indicators: Vec<usize>,
}

impl RecallTables {
    /// In words, from what was found.
    pub fn of(of: &PracticeRecall<'_>) -> RecallTables {
        let due = of.people.iter().flat_map(|(id, person)| person.due.iter().map(move |due| (id, due)));
        let rows = due.clone().map(|(id, due)| {
            let mut cells = who(of, id);
            cells.extend(due_cells(of, due));
            cells
        });
        RecallTables {
            people: people(of),
            due: Table { columns: columns(of, &DUE), rows: rows.collect() },
            indicators: due.map(|(_, due)| due.indicator).collect(),
        }
    }
}

/// The columns of `PRACTICE-people.csv`, after `patient_id` and the practice's own numbers.
pub const PEOPLE: [&str; 12] = [
    "age",
    "sex",
    "conditions",
    "number_of_conditions",
    "can_be_completed",
    "at_one_appointment",
    "appointment_from",
    "appointment_to",
    "first_deadline",
    "what_to_do",
    "counts_now_and_lapses",
    "care_due_although_excepted",
];

/// The columns of `PRACTICE-due.csv`, after `patient_id` and the practice's own numbers.
pub const DUE: [&str; 17] = [
    "indicator",
    "title",
    "status",
    "today",
    "today_line",
    "at_end",
    "at_end_line",
    "why",
    "what_next",
    "actions",
    "from",
    "by",
    "all_at_one_appointment",
    "last_recorded",
    "lapses_on",
    "was_possible_until",
    "appointments",
];

/// The columns of `two-views.csv`.
pub const TWO_VIEWS: [&str; 22] = [
    "practice_code",
    "practice_name",
    "locality",
    "indicator",
    "title",
    "reporting_day",
    "today_achieved",
    "today_denominator",
    "today_excepted",
    "end",
    "end_achieved",
    "end_denominator",
    "end_excepted",
    "due",
    "lapses",
    "will_be_excepted",
    "excepted_care_due",
    "too_late",
    "at_one_appointment",
    "actions",
    "at_two_appointments",
    "at_more_appointments",
];

/// Both tables of a practice as CSV, with the names of their files.
pub fn files_of_recall(practice: &Practice, tables: &RecallTables) -> [(String, Vec<u8>); 2] {
    let csv = |table: &Table| {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        csv_of_cells(&columns, &table.rows)
    };
    let code = &practice.code;
    [(format!("{code}-people.csv"), csv(&tables.people)), (format!("{code}-due.csv"), csv(&tables.due))]
}

fn columns(of: &PracticeRecall<'_>, after: &[&str]) -> Vec<String> {
    let own = of.identifiers.columns.iter().map(|name| harmless(name));
    std::iter::once("patient_id".to_owned()).chain(own).chain(after.iter().map(|name| (*name).to_owned())).collect()
}

fn who(of: &PracticeRecall<'_>, id: &str) -> Vec<String> {
    let own = of.identifiers.of(&of.practice.code, id).into_iter().map(|number| harmless(&number));
    std::iter::once(harmless(id)).chain(own).collect()
}

/// One row a person.
fn people(of: &PracticeRecall<'_>) -> Table {
    let rows = of.people.iter().map(|(id, person)| {
        let mut cells = who(of, id);
        cells.extend(person_cells(of, person));
        cells
    });
    Table { columns: columns(of, &PEOPLE), rows: rows.collect() }
}

fn person_cells(of: &PracticeRecall<'_>, person: &PersonRecall) -> Vec<String> {
    let today = of.recall.today();
    let conditions: Vec<&str> = person.conditions.iter().map(|id| today.register(*id).id.as_str()).collect();
    let day = |day: Option<crate::framework::calendar::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        person.age.to_string(),
        match person.sex {
            Some(Sex::Female) => "female",
            Some(Sex::Male) => "male",
            None => "",
        }
        .to_owned(),
        conditions.join("; "),
        conditions.len().to_string(),
        person.can_be_completed().to_string(),
        person.appointment.map_or(0, |appointment| appointment.indicators).to_string(),
        day(person.appointment.map(|appointment| appointment.from)),
        day(person.appointment.map(|appointment| appointment.to)),
        day(person.by()),
        of.words.to_do(person.due.iter().filter(|due| due.kind.counts())),
        of.words.lapses(person.due.iter()),
        of.words.to_do(person.due.iter().filter(|due| !due.kind.counts())),
    ]
}

fn due_cells(of: &PracticeRecall<'_>, due: &Due) -> Vec<String> {
    let (today, end) = (of.recall.today(), of.recall.end());
    let outcome = |framework: &Framework, line: Option<LineNumber>| {
        let Some(line) = line else { return ("not of this indicator".to_owned(), String::new()) };
        let found = framework.indicators.get(due.indicator).and_then(|indicator| indicator.lines.line(line));
        let words = match found.map(|line| line.outcome) {
            Some(Outcome::Excepted(reason)) => format!("excepted: {}", reason.word()),
            Some(outcome) => outcome.word().to_owned(),
            None => String::new(),
        };
        (words, line.0.to_string())
    };
    let (now, now_line) = outcome(today, due.today);
    let (then, then_line) = outcome(end, Some(due.end));
    let indicator = end.indicators.get(due.indicator);
    let actions = due.proposal.as_ref().map_or(&[][..], |proposal| &proposal.actions);
    let together = due.proposal.as_ref().is_some_and(|proposal| proposal.together.is_some());
    vec![
        indicator.map(|indicator| indicator.id.clone()).unwrap_or_default(),
        indicator.map(|indicator| indicator.title.clone()).unwrap_or_default(),
        due.kind.word().to_owned(),
        now,
        now_line,
        then,
        then_line,
        of.words.why(due),
        of.words.what_next(due),
        actions.len().to_string(),
        actions.iter().map(|action| action.from).max().map(|day| day.to_string()).unwrap_or_default(),
        due.proposal.as_ref().and_then(crate::evaluate::next::Proposal::by).map(|day| day.to_string()).unwrap_or_default(),
        if together { "yes" } else { "no" }.to_owned(),
        of.words.last(due.last.as_ref()),
        due.lapses.map(|day| day.to_string()).unwrap_or_default(),
        due.missed.iter().map(|action| action.to).min().map(|day| day.to_string()).unwrap_or_default(),
        due.proposal.as_ref().map_or(0, |proposal| proposal.appointments).to_string(),
    ]
}

/// Both views, side by side: all practices together first, then each. A practice that was not counted has no row, and then there is none of
/// all together either.
pub fn two_views_csv(recall: &Recall<'_>, practices: &[Practice], figures: &[Option<Figures>]) -> Vec<u8> {
    let mut rows = Vec::new();
    if figures.iter().all(Option::is_some) {
        let mut whole = Figures::new(recall.end().indicators.len());
        figures.iter().flatten().for_each(|one| whole.and(one));
        rows.extend(area_rows(recall, &[String::new(), String::new(), String::new()], &whole));
    }
    for (practice, figures) in practices.iter().zip(figures) {
        let area = [practice.code.clone(), harmless(&practice.name), harmless(&practice.locality)];
        rows.extend(figures.iter().flat_map(|figures| area_rows(recall, &area, figures)));
    }
    csv_of(&TWO_VIEWS, rows)
}

fn area_rows(recall: &Recall<'_>, area: &[String; 3], figures: &Figures) -> Vec<Vec<String>> {
    let (today, end) = (recall.today(), recall.end());
    let standing = |standing: Standing| [standing.achieved, standing.denominator, standing.excepted].map(|number| number.to_string());
    let rows = end.indicators.iter().zip(&figures.indicators).map(|(indicator, figure)| {
        let mut cells = area.to_vec();
        cells.extend([indicator.id.clone(), indicator.title.clone(), today.reporting_day.to_string()]);
        cells.extend(standing(figure.today));
        cells.push(end.reporting_day.to_string());
        cells.extend(standing(figure.end));
        cells.extend(figure.kinds.map(|number| number.to_string()));
        let by = figure.appointments;
        cells.extend([by.one, figure.actions, by.two, by.more].map(|number| number.to_string()));
        cells
    });
    rows.collect()
}
