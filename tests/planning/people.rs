//! Random extracts, as rows of CSV: people of a few practices, with records where pathways could be wrong: on the edges of
//! quarters and years, on 29 February, 11 to 13 months and 13 to 15 days apart, on one day.

use super::brute::SETS;
use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;
use std::fs;
use std::path::Path;

/// Two practices of one locality, one of another, one of none, and one in which nobody is.
const PRACTICES: [&str; 5] =
    ["P90001,Practice A,North", "P90002,Practice B,North", "P90003,Practice C,South", "P90004,Practice D,", "P90005,Practice E,South"];
const DAYS: [&str; 26] = [
    "2015-02-28",
    "2015-03-31",
    "2015-05-30",
    "2015-06-30",
    "2015-07-01",
    "2015-07-31",
    "2015-12-31",
    "2016-01-01",
    "2016-01-28",
    "2016-02-28",
    "2016-02-29",
    "2016-03-01",
    "2016-03-31",
    "2016-04-01",
    "2016-04-30",
    "2016-06-30",
    "2016-07-01",
    "2016-09-30",
    "2016-10-01",
    "2016-12-31",
    "2017-01-01",
    "2017-02-28",
    "2017-03-01",
    "2017-03-16",
    "2017-03-31",
    "2017-04-01",
];
const APART: [i64; 20] = [0, 0, 0, 0, 1, -1, 13, 14, 15, -14, 29, 30, 31, -30, -31, 90, 334, 364, 365, 366];

/// The rows of a folder.
#[derive(Clone, Debug)]
pub struct Rows {
    people: Vec<Someone>,
}

/// One row of patients, and the rows of events.
#[derive(Clone, Debug)]
struct Someone {
    practice: usize,
    about: String,
    events: Vec<String>,
}

impl Rows {
    /// The same people without the records that are later than a day.
    pub fn until(&self, day: &str) -> Rows {
        let mut rows = self.clone();
        // A row begins with its day, and days compare as their letters do.
        rows.people.iter_mut().for_each(|someone| someone.events.retain(|event| event.as_str() <= day || event.starts_with(day)));
        rows
    }

    /// Writes them as a folder that the program reads.
    pub fn write(&self, folder: &Path) {
        let mut patients = "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on,imd_quintile\n".to_owned();
        let mut events = "patient_id,practice_code,date,scheme,code,value,unit\n".to_owned();
        for (at, Someone { practice, about, events: own }) in self.people.iter().enumerate() {
            // Numbered in each practice anew: one id in two practices is two people.
            let number = self.people[..at].iter().filter(|other| other.practice == *practice).count();
            let who = format!("p{number},{}", PRACTICES[*practice].split(',').next().unwrap());
            patients.push_str(&format!("{who},{about}\n"));
            for event in own {
                events.push_str(&format!("{who},{event}\n"));
            }
        }
        fs::write(folder.join("extract.toml"), "extracted-on = 2017-05-31\nsystem = \"test\"\nscheme = \"snomed\"\n").unwrap();
        fs::write(folder.join("practices.csv"), format!("practice_code,name,locality\n{}\n", PRACTICES.join("\n"))).unwrap();
        fs::write(folder.join("patients.csv"), patients).unwrap();
        fs::write(folder.join("events.csv"), events).unwrap();
    }
}

/// A record: one of the person's own days, or any; so many days away; one of the codes of a set; a value.
fn record() -> impl Strategy<Value = (usize, i64, String, &'static str)> {
    // Plans, goals, decisions and reviews oftener than the rest: much is counted of them together.
    let sets: Vec<_> = [&SETS[4..], &SETS[6..7], &SETS[9..11], &SETS[14..], &SETS[14..]].concat();
    let of_a_set = select(sets).prop_flat_map(|(set, codes)| (Just(set), select(codes.to_vec())));
    let values = ["1,level", "2,level", "3,", "4,level", "2.5,level", "5,level", "1,%", ","];
    (0..4_usize, select(APART.to_vec()), of_a_set, select(values.to_vec())).prop_map(|(at, apart, (set, code), value)| {
        let value = if set == "PAM" { value } else { "," };
        (at, apart, code.to_owned(), value)
    })
}

fn someone() -> impl Strategy<Value = Someone> {
    let diagnosis =
        select(vec!["2004-08-17", "2010-10-10", "2010-10-10", "2016-06-30", "2016-07-01", "2017-03-31", "2017-04-01", "", "", ""]);
    let born =
        ["1930-01-01", "1937-02-28", "1950-03-31", "1952-02-29", "1976-07-01", "1980-04-01", "1999-06-30", "1999-07-01", "2000-02-29"];
    (
        (0..PRACTICES.len() - 1, select(born.to_vec()), select(vec!["F", "M", "F", "M", ""]), select(vec!["", "1", "5"])),
        prop::bool::weighted(0.3),
        prop_oneof![6 => Just(","), 1 => select(vec!["2016-12-31,", "2017-01-01,", ",2017-02-28", ",2017-03-31", "2017-04-01,"])],
        prop::array::uniform4(diagnosis),
        prop::array::uniform4(select(DAYS.to_vec())),
        prop_oneof![prop::collection::vec((record(), 0..12), 0..4), prop::collection::vec((record(), 0..12), 0..18)],
    )
        .prop_map(|((practice, born, sex, fifth), is_new, left, diagnoses, days, records)| {
            let registered = if is_new { days[0] } else { "2001-01-15" };
            let diagnosed = diagnoses.iter().zip(SETS).filter(|(day, _)| !day.is_empty());
            let mut events: Vec<String> = diagnosed.map(|(day, (_, codes))| format!("{day},{},,", codes[0])).collect();
            for ((at, apart, code, value), again) in records {
                let day = days[at].parse::<NaiveDate>().unwrap() + TimeDelta::days(apart);
                // Some rows stand twice, letter for letter; some again a fortnight or a year later, or a day after that; and some
                // people decline on the very day.
                let copies: &[i64] = match again {
                    0 => &[0, 0],
                    1 => &[0, 14],
                    2 => &[0, 15],
                    3 => &[0, 365],
                    4 => &[0, 366],
                    _ => &[0],
                };
                if again == 5 {
                    events.push(format!("{day},{},,", SETS[8].1[0]));
                }
                for later in copies {
                    events.push(format!("{},{code},{value}", day + TimeDelta::days(*later)));
                }
            }
            Someone { practice, about: format!("{born},{sex},{registered},{left},{fifth}"), events }
        })
}

/// An extract.
pub fn extracts() -> impl Strategy<Value = Rows> {
    prop::collection::vec(someone(), 0..36).prop_map(|people| Rows { people })
}
