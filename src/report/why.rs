//! Why, for many people: one row a person and measure, as CSV. Holds records of persons: whoever writes it keeps it to its owner.

use super::csvw::metadata_of_file;
use super::{harmless, moved};
use crate::dictionary::{Column, INTERVAL_END, MEASURE, PERIOD_MOVED, PRACTICE_CODE, Sheet, VIEW};
use crate::evaluate::why::{Became, Measure, Told, Why};
use crate::framework::calendar::Day;
use crate::framework::{Amount, Framework, Outcome};

/// The file's columns.
pub(super) static WHY: Sheet = Sheet {
    name: "why.csv",
    title: "Why each person is counted, or not. Records of people: for its owner alone",
    written_by: "dqoh explain --out",
    columns: &[
        PRACTICE_CODE.saying("The practice; empty where it is not known").or_empty(),
        Column::text("person", "The patient_id of the extract, and nothing else that names anybody"),
        INTERVAL_END,
        VIEW,
        MEASURE.saying("The indicator, or the register or pathway that was asked for"),
        Column::yes_no("on_the_list", "Whether the person is on the list on the reporting day; empty where that cannot be known")
            .or_empty(),
        Column::words(
            "outcome",
            || Became::WORDS.to_vec(),
            "What became of the person; from not-on-register on, why no line of the measure was asked",
        ),
        Column::text("because", "The reason of an exception").or_empty(),
        Column::text("line_of", "Whose line decided: the measure, or the register that the person is not on").or_empty(),
        Column::count("line", "", "The number of the line that decided").or_empty(),
        Column::count("rule", "", "The number of the official rule, where the file gives it").or_empty(),
        Column::text("words", "The line's own words").or_empty(),
        Column::text("sentence", "The whole answer in one sentence"),
        Column::text("records", "The records behind it: day, title of the code set, value").or_empty(),
        Column::text("record_places", "Where each of them stands in the extract: file and row, the header being row 1").or_empty(),
        Column::text("rule_file", "The file of the line, within the folder of the framework").or_empty(),
        Column::count("rule_row", "", "Its row there").or_empty(),
        Column::count("nearest_line", "", "The line that came nearest: the next that would have held, or the first that achieves")
            .or_empty(),
        Column::text("nearest", "What it concludes, and what of it was missing").or_empty(),
        Column::text("nearest_records", "The records that were looked at for it").or_empty(),
        Column::text("nearest_record_places", "Where they stand").or_empty(),
        Column::count("nearest_rule_row", "", "The row of that line in rule_file").or_empty(),
        Column::text("title", "The title of the measure"),
        PERIOD_MOVED,
    ],
    key: &["practice_code", "person", "interval_end", "measure"],
};

/// A record behind an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    /// Its day.
    pub day: Day,
    /// The title of its code set.
    pub title: String,
    /// Its value.
    pub amount: Option<Amount>,
    /// The file of the extract.
    pub file: String,
    /// The row there, the header being row 1.
    pub row: u32,
}

impl Behind {
    /// Day, title, value.
    pub(super) fn what(&self) -> String {
        let amount = self.amount.map_or(String::new(), |amount| format!(", {}", amount.to_decimal()));
        format!("{} {}{amount}", self.day, self.title)
    }

    /// File and row.
    pub(super) fn place(&self) -> String {
        format!("{} row {}", self.file, self.row)
    }
}

/// One person and one measure on one reporting day.
#[derive(Clone, Debug)]
pub struct WhyRow<'a> {
    /// The code of the practice; empty where it is not known.
    pub practice: &'a str,
    /// The patient_id.
    pub person: &'a str,
    /// The rules of the day.
    pub framework: &'a Framework,
    /// The measure.
    pub measure: Measure<'a>,
    /// The answer.
    pub why: Why<'a>,
    /// The records behind it.
    pub records: Vec<Behind>,
    /// The records that were looked at for what came nearest.
    pub nearest_records: Vec<Behind>,
}

impl WhyRow<'_> {
    /// Whose line decided; empty where none did.
    pub(super) fn line_of(&self) -> &str {
        match (&self.why.became, &self.why.line) {
            (_, None) => "",
            (Became::NotOnRegister(register), _) => &register.id,
            _ => self.measure.id,
        }
    }
}

/// The names of the columns.
pub fn why_header() -> Vec<&'static str> {
    WHY.names()
}

/// What the columns mean, for programs; `name` is that of the file.
pub fn why_metadata(name: &str) -> Vec<u8> {
    metadata_of_file(&WHY, name)
}

/// The cells of a row.
pub fn why_cells(row: &WhyRow<'_>) -> Vec<String> {
    let line = row.why.line.as_ref();
    let nearest = row.why.nearest.as_ref();
    let of = |told: Option<&Told<'_>>, cell: fn(&Told<'_>) -> String| told.map(cell).unwrap_or_default();
    let number = |told: &Told<'_>| told.line.number.0.to_string();
    let file_row = |told: &Told<'_>| told.line.row.to_string();
    let on_the_list = row.why.became.on_the_list().map_or("", |on| if on { "yes" } else { "no" });
    let whats = |records: &[Behind]| records.iter().map(Behind::what).collect::<Vec<_>>().join("; ");
    let places = |records: &[Behind]| records.iter().map(Behind::place).collect::<Vec<_>>().join("; ");
    vec![
        row.practice.to_owned(),
        harmless(row.person),
        row.framework.reporting_day.to_string(),
        row.framework.view.word().to_owned(),
        row.measure.id.to_owned(),
        on_the_list.to_owned(),
        row.why.became.word().to_owned(),
        of(line, because),
        row.line_of().to_owned(),
        of(line, number),
        of(line, |told| told.line.rule.map(|rule| rule.to_string()).unwrap_or_default()),
        of(line, |told| told.line.words.clone()),
        row.why.sentence(),
        whats(&row.records),
        places(&row.records),
        of(line, |told| told.file.to_owned()),
        of(line, file_row),
        of(nearest, number),
        row.why.nearest_sentence(),
        whats(&row.nearest_records),
        places(&row.nearest_records),
        of(nearest, file_row),
        row.measure.title.to_owned(),
        moved(row.framework),
    ]
}

fn because(told: &Told<'_>) -> String {
    match told.line.outcome {
        Outcome::Excepted(reason) => reason.word().to_owned(),
        _ => String::new(),
    }
}
