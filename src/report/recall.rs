//! Who to call, for what, by when, as tables of one practice: `PRACTICE-people.csv`, a row a person, and `PRACTICE-due.csv`, a row a person
//! and indicator. And both views of all practices: `two-views.csv`.

use super::{csv_of, csv_of_cells, harmless};
use crate::dictionary::{Column, LOCALITY, PRACTICE_CODE, PRACTICE_NAME, Sheet};
use crate::framework::{Framework, LineNumber, Outcome, Sex};
use crate::practice::Practice;
use crate::recall::{Due, Figures, Identifiers, Kind, PersonRecall, Recall, Standing, Words};

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

const PATIENT_ID: Column =
    Column::text("patient_id", "The extract's own pseudonym; after it the practice's own numbers, where they were given");
const TITLE: Column = Column::text("title", "Its title");

/// The columns of `PRACTICE-people.csv`; the practice's own numbers come after the first.
pub(super) static PEOPLE: Sheet = Sheet {
    name: "…-people.csv",
    title: "Who to call, one row a person. Records of people: for their own practice alone",
    written_by: "dqoh people",
    columns: &[
        PATIENT_ID,
        Column::count("age", "years", "In full years on the reporting day"),
        Column::words("sex", || vec!["female", "male"], "Where it is told").or_empty(),
        Column::text("conditions", "The conditions that the person has today, by the ids of their registers").or_empty(),
        Column::count("number_of_conditions", "conditions", "How many"),
        Column::count("can_be_completed", "indicators", "Indicators that are due or lapse, and can still be completed"),
        Column::count("at_one_appointment", "indicators", "The most of them that one day can complete"),
        Column::day("appointment_from", "The first such day").or_empty(),
        Column::day("appointment_to", "The last day on which the same can be completed").or_empty(),
        Column::day("first_deadline", "The first day after which something can no longer be completed").or_empty(),
        Column::text(
            "what_to_do",
            "The fewest records that complete what can be completed: each once, by when, and for which indicators; together where an indicator wants it recorded together with others",
        )
        .or_empty(),
        Column::text("counts_now_and_lapses", "What counts today, and until when").or_empty(),
        Column::text("care_due_although_excepted", "What could be done for people who are left out of the count").or_empty(),
    ],
    key: &["patient_id"],
};

/// The columns of `PRACTICE-due.csv`; the practice's own numbers come after the first.
pub(super) static DUE: Sheet = Sheet {
    name: "…-due.csv",
    title: "What is due, one row a person and indicator. Records of people: for their own practice alone",
    written_by: "dqoh people",
    columns: &[
        PATIENT_ID,
        Column::text("indicator", "The indicator"),
        TITLE,
        Column::words("status", || Kind::ALL.map(Kind::word).to_vec(), "Why it is named; docs/people.md has what each word means"),
        Column::text("today", "What is so today"),
        Column::count("today_line", "", "The line of the rules that decides today; dqoh explain shows it with the records behind it")
            .or_empty(),
        Column::text("at_end", "What would be so at the end if nothing were done"),
        Column::count("at_end_line", "", "The line that would decide").or_empty(),
        Column::text("why", "The same as a sentence, with its place in the rules"),
        Column::text("what_next", "The fewest records that complete it, and by when").or_empty(),
        Column::count("actions", "records", "How many they are"),
        Column::day("from", "The first day on which all of them can have been made").or_empty(),
        Column::day("by", "The last day of the one that runs out first").or_empty(),
        Column::yes_no("all_at_one_appointment", "Whether one day can complete it"),
        Column::text("last_recorded", "The latest record of what the indicator asks for, with its value").or_empty(),
        Column::day("lapses_on", "The first day on which it no longer counts").or_empty(),
        Column::day("was_possible_until", "Where it is too late: the last day on which a record would have counted").or_empty(),
        Column::count("appointments", "appointments", "How many are enough for what_next"),
    ],
    key: &["patient_id", "indicator"],
};

/// The columns of `two-views.csv`.
pub(super) static TWO_VIEWS: Sheet = Sheet {
    name: "two-views.csv",
    title: "Today and the end of the period, side by side",
    written_by: "dqoh people",
    columns: &[
        PRACTICE_CODE.saying("The practice; empty for all practices together").or_empty(),
        PRACTICE_NAME,
        LOCALITY,
        Column::text("indicator", "The indicator"),
        TITLE,
        Column::day("reporting_day", "Today, for this file"),
        Column::people("today_achieved", "Achieved today"),
        Column::people("today_denominator", "Achieved or not achieved today"),
        Column::people("today_excepted", "Left out today for a reason"),
        Column::day("end", "The last day of the period"),
        Column::people("end_achieved", "Achieved then, if nothing is done"),
        Column::people("end_denominator", "Achieved or not achieved then"),
        Column::people("end_excepted", "Left out then"),
        Column::people("due", "Not achieved at the end unless something is done, and it still can be"),
        Column::people("lapses", "Count today, and will not at the end"),
        Column::people("will_be_excepted", "Not achieved today, left out of the count at the end; the care can still be given"),
        Column::people("excepted_care_due", "Left out of the count, but not of the care"),
        Column::people("too_late", "Not achieved at the end, whatever is still recorded"),
        Column::people("at_one_appointment", "Of those who are due or lapse, people with whom one day can complete it"),
        Column::count("actions", "records", "Records that all of those would need together"),
        Column::people("at_two_appointments", "The same people, those who need two days"),
        Column::people("at_more_appointments", "Those who need three or more"),
    ],
    key: &["practice_code", "indicator"],
};

/// Both tables of a practice as CSV, with the names of their files.
pub fn files_of_recall(practice: &Practice, tables: &RecallTables) -> [(String, Vec<u8>); 2] {
    let csv = |table: &Table| {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        csv_of_cells(&columns, &table.rows)
    };
    let code = &practice.code;
    [(format!("{code}-people.csv"), csv(&tables.people)), (format!("{code}-due.csv"), csv(&tables.due))]
}

fn columns(of: &PracticeRecall<'_>, sheet: &Sheet) -> Vec<String> {
    let mut names: Vec<String> = sheet.columns.iter().map(|column| column.name.to_owned()).collect();
    names.splice(1..1, of.identifiers.columns.iter().map(|name| harmless(name)));
    names
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
    csv_of(&TWO_VIEWS.names(), rows)
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
