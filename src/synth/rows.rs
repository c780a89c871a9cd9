//! A person → rows of events, and a few rows as real extracts have them:
//! codes of no set, identical rows, other units, readings that cannot be told apart, impossible dates.

use super::form::{Row, Written};
use super::patterns::Patterns;
use super::people::Person;
use super::practices::Practice;
use super::records::{Code, Record};
use crate::extract::patient::Episode;
use crate::framework::calendar::Day;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

/// A row of nobody has the number of somebody and so many more.
const NOBODY: usize = 5_000_000;

/// Cough, headache, backache, pain in the throat: what people come with.
const OTHER_CODES: [(&str, &str); 7] = [
    ("snomed", "49727002"),
    ("snomed", "25064002"),
    ("snomed", "161891005"),
    ("snomed", "162397003"),
    ("read2", "171.."),
    ("read2", "1B1G."),
    ("read2", "16C2."),
];

/// What the rows of one person are made from.
#[derive(Clone, Copy)]
pub struct Of<'c> {
    /// The person's number.
    pub number: usize,
    /// Their practice.
    pub practice: &'c Practice,
    /// The codes.
    pub patterns: &'c Patterns,
}

impl<'c> Of<'c> {
    /// The records of a person.
    pub fn records(self, person: &Person, rows: &mut Vec<Row<'c>>) {
        rows.extend(person.records.iter().filter_map(|record| self.row(record)));
    }

    /// Rows that real extracts have too. They say nothing new of the reported year.
    pub fn oddities(self, person: &Person, year: Day, dice: &mut Pcg64, rows: &mut Vec<Row<'c>>) {
        let usual = self.practice.schemes.first();
        let others: Vec<&(&str, &str)> = OTHER_CODES.iter().filter(|(scheme, _)| usual.is_some_and(|usual| usual == scheme)).collect();
        for _ in 0..dice.random_range(0..=3) {
            let day = year.plus(dice.random_range(-900..365));
            let Some((scheme, code)) = others.choose(dice).filter(|_| day > person.about.born) else { continue };
            rows.push(Row::plain(self.number, day, scheme, code));
        }
        let Some(sample) = person.records.choose(dice).and_then(|record| self.row(record)) else { return };
        if dice.random_ratio(6, 100) {
            rows.push(sample);
        }
        if dice.random_ratio(1, 100) {
            rows.push(Row { day: person.about.born.plus(-dice.random_range(20..400)), ..sample });
        }
        if dice.random_ratio(4, 1000) {
            rows.push(Row { written: Written::DayFirst, ..sample });
        }
        if dice.random_ratio(4, 1000) {
            rows.push(Row { person: self.number + NOBODY, ..sample });
        }
        let is_old = |record: &&Record| record.value.is_some() && record.day < year && record.day > person.about.born.plus(90);
        let Some(old) = person.records.iter().find(is_old) else { return };
        let earlier = Record { day: old.day.plus(-dice.random_range(30..80)), ..*old };
        if dice.random_ratio(8, 100) {
            rows.extend(self.row(&earlier).map(in_another_unit));
        }
        if old.group > 0 && dice.random_ratio(12, 100) {
            for value in person.records.iter().filter(|record| record.group == old.group && record.day == old.day) {
                for more in [0, 6] {
                    let value =
                        Record { day: earlier.day, group: 0, value: value.value.map(|value| value + Decimal::from(more)), ..*value };
                    rows.extend(self.row(&value));
                }
            }
        }
    }

    fn row(self, record: &Record) -> Option<Row<'c>> {
        let day = record.day;
        let code = match record.code {
            Code::Listed(code) => self.patterns.code(code)?,
            Code::Own => return self.practice.ways.own_code.as_ref().map(|own| Row::plain(self.number, day, "local", &own.code)),
        };
        let unit = code.units.get(self.practice.spelling).or(code.units.first()).filter(|_| record.value.is_some());
        Some(Row {
            value: record.value.map(|value| value.normalize()),
            unit: unit.map_or("", String::as_str),
            group: record.group,
            episode: record.episode,
            ..Row::plain(self.number, day, &code.scheme, &code.code)
        })
    }
}

impl<'c> Row<'c> {
    /// A code on a day, and nothing else.
    pub fn plain(person: usize, day: Day, scheme: &'c str, code: &'c str) -> Row<'c> {
        Row { person, day, written: Written::Usually, scheme, code, value: None, unit: "", group: 0, episode: Episode::Untold }
    }

    /// Whether it is of nobody in the extract.
    pub fn is_of_nobody(&self) -> bool {
        self.person >= NOBODY
    }
}

/// HbA1c in per cent, blood pressure in kilopascals; anything else in a unit that nobody knows.
fn in_another_unit(mut row: Row<'_>) -> Row<'_> {
    let value = row.value.unwrap_or_default();
    let (value, unit) = match row.unit {
        "mmol/mol" => (value / Decimal::new(10_929, 3) + Decimal::new(215, 2), "%"),
        "mmHg" | "mm[Hg]" | "mm Hg" => (value * Decimal::new(1333, 4), "kPa"),
        _ => (value, "unit"),
    };
    row.value = Some(value.round_dp(1));
    row.unit = unit;
    row
}
