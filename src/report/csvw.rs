//! What the columns of some files mean, for programs: CSV on the Web (a W3C recommendation of 2015),
//! `NAME.csv-metadata.json` beside `NAME.csv`.

use serde_json::{Value, json};

/// A column: its name, its datatype, and what it holds.
pub(super) type Column = (&'static str, &'static str, &'static str);

const AREA: [Column; 3] = [
    ("practice_code", "string", "The practice; empty for a locality and for all practices together"),
    ("practice_name", "string", "Its name"),
    ("locality", "string", "The practice's locality, or the locality itself; empty for all practices together"),
];

const STRATUM: [Column; 2] = [
    (
        "stratum",
        "string",
        "By what else people are told apart: sex, age, imd_quintile, condition, conditions, multimorbidity; empty for everybody",
    ),
    ("stratum_value", "string", "Which of them: female, 18-39, 1, DM, 4+"),
];

const REGISTER: Column =
    ("register", "integer", "Everyone on the register in this area and stratum on the reporting day, those who declined among them");

/// The columns of `care-planning.csv`.
pub fn care_planning() -> String {
    let before = [
        ("pathway", "string", "The pathway"),
        ("measure", "string", "What is counted"),
        ("title", "string", "The same in words, with the unit, and of whom a share is"),
    ];
    let middle = [
        ("interval_end", "date", "The reporting day"),
        ("period", "string", "quarter, year-to-date, last-12-months; on-the-day for what is so on the reporting day"),
        ("interval_start", "date", "The first day of the period"),
        ("unit", "string", "What the value counts: people, events, contact days, or what it says"),
    ];
    let after = [
        ("value", "integer", "The value, in its unit"),
        REGISTER,
        (
            "ratio",
            "decimal",
            "Value divided by register: of people a share of everyone on the register, of events and contact days a mean a person",
        ),
        ("declined", "integer", "Of everyone on the register, people whose status is declined on the reporting day"),
        ("declined_ratio", "decimal", "Declined divided by register"),
        ("period_moved", "string", "Whether the framework was written for another year: yes or no"),
    ];
    let columns: Vec<Column> = before.into_iter().chain(AREA).chain(middle).chain(STRATUM).chain(after).collect();
    metadata("care-planning.csv", "Care plans and shared decisions, counted by people, events and contact days", &columns)
}

/// The columns of `pathway.csv`.
pub fn pathway() -> String {
    let before = [("pathway", "string", "The pathway")];
    let middle = [
        ("interval_end", "date", "The reporting day"),
        ("status", "string", "not started, in progress, complete, declined, lapsed"),
        ("furthest_stage", "string", "The furthest stage within its window, or none"),
    ];
    let after = [
        ("people", "integer", "People at this place"),
        REGISTER,
        ("ratio", "decimal", "People divided by register"),
        ("period_moved", "string", "Whether the framework was written for another year: yes or no"),
    ];
    let columns: Vec<Column> = before.into_iter().chain(AREA).chain(middle).chain(STRATUM).chain(after).collect();
    metadata("pathway.csv", "Where people are in the cycle of care planning", &columns)
}

/// The columns of `quality.csv`.
pub fn quality() -> String {
    let columns = [
        ("check", "string", "Which check"),
        ("practice_code", "string", "The practice; empty for all together"),
        ("subject", "string", "Of what: a file, a year, a scheme, a code set, a month, another practice, a reason"),
        ("detail", "string", "More of it: a unit, the limits of a code set, a column"),
        ("measure", "string", "What is measured"),
        ("value", "string", "The value: a whole number, a share of one to six decimals, a day, a month, or words"),
        ("unit", "string", "What the value is: rows, people, practices, share, day, month, text"),
        ("finding", "string", "Whether it speaks against the extract: yes or no"),
    ];
    metadata("quality.csv", "What an extract holds, and whether it can be trusted", &columns)
}

pub(super) fn metadata(url: &str, title: &str, columns: &[Column]) -> String {
    let columns: Vec<Value> = columns
        .iter()
        .map(|(name, datatype, says)| json!({ "name": name, "titles": name, "datatype": datatype, "dc:description": says }))
        .collect();
    let document = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en-GB" }],
        "url": url,
        "dc:title": title,
        "tableSchema": { "columns": columns },
    });
    format!("{document:#}\n")
}

#[cfg(test)]
mod tests {
    use crate::report::plans::{CARE_PLANNING, PATHWAY};
    use crate::report::quality::QUALITY;

    #[test]
    fn every_column_is_described_in_its_place() {
        let files = [(super::care_planning(), &CARE_PLANNING[..]), (super::pathway(), &PATHWAY[..]), (super::quality(), &QUALITY[..])];
        for (text, header) in files {
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            let columns = document["tableSchema"]["columns"].as_array().unwrap();
            let names: Vec<&str> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
            assert_eq!(names, header);
        }
    }
}
