//! The sample and what `dqoh run` makes of it, read as anybody would read it: from the files.

use dqoh::framework::Framework;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The practices of the sample but the one of examples.
pub const PRACTICES: [&str; 8] = ["P90001", "P90002", "P90003", "P90004", "P90005", "P90006", "P90007", "P90008"];

/// Rows of a CSV file by the names of their columns.
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().into_deserialize().map(Result::unwrap).collect()
}

/// One row of results.csv.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub register: i64,
    pub excepted: i64,
    pub numerator: i64,
    pub denominator: i64,
}

/// Everybody's rows of results.csv.
pub struct Results {
    /// Pounds for a point of each indicator that earned any, to the penny.
    pub pounds: BTreeMap<(String, String), i64>,
    figures: BTreeMap<(String, String), Figures>,
}

impl Results {
    /// Counts an extract as the command does.
    pub fn of(extract: &Path) -> Results {
        let out = extract.join("out");
        let run = Command::new(env!("CARGO_BIN_EXE_dqoh")).arg("run").arg(extract).arg("--out").arg(&out).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse().unwrap_or(0);
        let figures = |row: &BTreeMap<String, String>| Figures {
            register: number(row, "register"),
            excepted: number(row, "excepted"),
            numerator: number(row, "numerator"),
            denominator: number(row, "denominator"),
        };
        let everybody =
            rows(&out.join("results.csv")).into_iter().filter(|row| row["stratum"].is_empty() && !row["practice_code"].is_empty());
        let pounds = |row: BTreeMap<String, String>| {
            let pence = |column: &str| row[column].replace('.', "").parse::<i64>().unwrap();
            (pence("points") > 0)
                .then(|| ((row["measure"].clone(), row["practice_code"].clone()), 100 * pence("payment") / pence("points")))
        };
        let pounds = rows(&out.join("payment.csv")).into_iter().filter_map(pounds).collect();
        Results { pounds, figures: everybody.map(|row| ((row["measure"].clone(), row["practice_code"].clone()), figures(&row))).collect() }
    }

    pub fn figures(&self, measure: &str, practice: &str) -> Figures {
        self.figures.get(&(measure.to_owned(), practice.to_owned())).copied().unwrap_or_default()
    }

    /// Whole percent, half up; nothing when nobody is counted.
    pub fn percent(&self, measure: &str, practice: &str) -> Option<i64> {
        let Figures { numerator, denominator, .. } = self.figures(measure, practice);
        (denominator > 0).then(|| (200 * numerator + denominator) / (2 * denominator))
    }

    /// Of a thousand of everybody who might be counted, over all indicators, those who are excepted.
    pub fn excepted(&self, practice: &str) -> i64 {
        let of = |what: fn(&Figures) -> i64| -> i64 {
            self.figures.iter().filter(|((_, other), _)| other == practice).map(|(_, figures)| what(figures)).sum()
        };
        let registers: i64 = self
            .figures
            .iter()
            .filter(|((measure, other), _)| other == practice && self.is_register(measure))
            .map(|(_, figures)| figures.denominator)
            .sum();
        let all = of(|figures| figures.excepted) + of(|figures| figures.denominator) - registers;
        1000 * of(|figures| figures.excepted) / all
    }

    /// Nobody is ever excepted from a register, and its denominator is the list.
    fn is_register(&self, measure: &str) -> bool {
        let of = |practice: &&str| self.figures(measure, practice);
        let list = |practice: &&str| self.figures("LTC", practice).denominator;
        PRACTICES.iter().all(|practice| of(practice).excepted == 0 && of(practice).denominator == list(practice))
    }
}

/// A row of events.csv of an ordinary person, whose date can be read.
#[derive(Clone, Debug)]
pub struct Event {
    pub person: String,
    pub practice: String,
    pub day: i64,
    pub scheme: String,
    pub value: String,
    pub unit: String,
    pub group: String,
    pub sets: Vec<String>,
}

/// The events of ordinary people, each with the sets that its code is in.
pub fn events(extract: &Path, framework: &Framework) -> Vec<Event> {
    let people = rows(&extract.join("patients.csv")).into_iter().map(|row| (row["patient_id"].clone(), row["practice_code"].clone()));
    let people: BTreeMap<String, String> = people.collect();
    let event = |row: BTreeMap<String, String>| {
        let practice = people.get(&row["patient_id"]).filter(|practice| PRACTICES.contains(&practice.as_str()))?.clone();
        let day = chrono::NaiveDate::parse_from_str(&row["date"], "%Y-%m-%d").ok()?;
        let code = framework.codes.find(&row["scheme"], row["code"].as_bytes());
        let sets = code.map(|code| framework.codes.sets_of(code).iter().map(|set| framework.set_name(*set).to_owned()).collect());
        let text = |column: &str| row[column].clone();
        Some(Event {
            person: text("patient_id"),
            practice,
            day: i64::from(dqoh::framework::calendar::Day::from(day).0),
            scheme: text("scheme"),
            value: text("value"),
            unit: text("unit"),
            group: text("group"),
            sets: sets.unwrap_or_default(),
        })
    };
    rows(&extract.join("events.csv")).into_iter().filter_map(event).collect()
}

impl Event {
    pub fn is_of(&self, set: &str) -> bool {
        self.sets.iter().any(|other| other == set)
    }
}

/// Days from each record of one set to the first of another on or after it within a year and a half, of a practice's people; sorted.
pub fn waits(events: &[Event], practice: &str, from: &str, to: &str) -> Vec<i64> {
    let of_practice: Vec<&Event> = events.iter().filter(|event| event.practice == practice).collect();
    let next = |event: &&&Event| {
        let later = of_practice.iter().filter(|other| other.person == event.person && other.is_of(to) && other.day >= event.day);
        later.map(|other| other.day - event.day).min().filter(|days| *days < 550)
    };
    let mut waits: Vec<i64> = of_practice.iter().filter(|event| event.is_of(from)).filter_map(|event| next(&event)).collect();
    waits.sort_unstable();
    waits
}

/// The one in the middle, the lower of two.
pub fn median(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}
