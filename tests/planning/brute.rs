//! What a pathway counts, by brute force: the rows of an extract are read as text, and every person is asked every question by
//! going through all of their records. Written from the meanings in the documents; nothing of the engine is used.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The codes that extracts of these tests use, by their sets: scheme and code.
pub const SETS: [(&str, &[&str]); 16] = [
    ("DM", &["snomed,73211009"]),
    ("HYP", &["snomed,38341003"]),
    ("CHD", &["snomed,53741008"]),
    ("CKD", &["snomed,433144002"]),
    ("PREPARATION", &["snomed,170557005", "local,DQOH-PREPARATION"]),
    ("RESULTS_SHARED", &["snomed,862701000000104", "emis,EMISNQDI158"]),
    ("CARE_PLAN_AGREED", &["snomed,1187911000000105", "read2,8CS2."]),
    ("CARE_PLAN_REVIEWED", &["snomed,1187921000000104", "read2,8CMG3"]),
    ("CARE_PLAN_DECLINED", &["snomed,1325711000000103", "ctv3,XabFn"]),
    ("PATIENT_GOALS", &["local,DQOH-PATIENT-GOALS"]),
    ("SHARED_DECISION", &["snomed,815691000000107", "local,DQOH-SHARED-DECISION"]),
    ("DECISION_AID", &["local,DQOH-DECISION-AID"]),
    ("PAM", &["snomed,962851000000103"]),
    ("MDT_DISCUSSION", &["snomed,142597007", "local,DQOH-MDT-DISCUSSION"]),
    ("ANNUAL_REVIEW_CONDITION", &["snomed,170777000", "snomed,187801000000100"]),
    ("HOLISTIC_REVIEW", &["snomed,888461000000107"]),
];

/// The steps: the word for each, and the set that shows it.
const STAGES: [(&str, &str); 4] =
    [("prepared", "PREPARATION"), ("shared", "RESULTS_SHARED"), ("agreed", "CARE_PLAN_AGREED"), ("reviewed", "CARE_PLAN_REVIEWED")];

/// Every place in the cycle, in the order of its lines.
const PLACES: [(&str, &str); 11] = [
    ("declined", "reviewed"),
    ("declined", "agreed"),
    ("declined", "shared"),
    ("declined", "prepared"),
    ("declined", "none"),
    ("complete", "reviewed"),
    ("in progress", "agreed"),
    ("in progress", "shared"),
    ("in progress", "prepared"),
    ("lapsed", "none"),
    ("not started", "none"),
];

const COUNTS: [&str; 18] = [
    "preparations",
    "results-shared",
    "plans-agreed",
    "plans-with-goals",
    "plans-with-goals-and-decision",
    "plans-reviewed",
    "plans-declined",
    "plans-repeated",
    "shared-decisions",
    "shared-decisions-with-aid",
    "activation-measured",
    "activation-level-1",
    "activation-level-2",
    "activation-level-3",
    "activation-level-4",
    "team-discussions",
    "condition-reviews",
    "holistic-reviews",
];
const SPREAD: [&str; 2] = ["condition-reviews", "holistic-reviews"];
const SENTENCES: [&str; 4] = ["reviewed-once", "plan-without-goals", "review-without-plan", "plan-on-registration"];
const PERIODS: [&str; 3] = ["quarter", "year-to-date", "last-12-months"];
const UNITS: [&str; 3] = ["people", "events", "contact days"];
const QUARTILES: [(&str, usize); 3] = [("days, lower quartile", 1), ("days, median", 2), ("days, upper quartile", 3)];

/// Rows of a file: the cells that say what a row is of → the cells that say how many.
pub type Table = BTreeMap<Vec<String>, Vec<String>>;

pub struct Practice {
    pub code: String,
    pub name: String,
    pub locality: String,
}

struct Person {
    practice: String,
    born: NaiveDate,
    sex: String,
    registered: NaiveDate,
    left: Option<NaiveDate>,
    died: Option<NaiveDate>,
    fifth: String,
    records: Vec<Record>,
}

struct Record {
    day: NaiveDate,
    code: String,
    set: &'static str,
    level: Option<f64>,
}

/// Practices and people of a folder.
pub struct Extract {
    pub practices: Vec<Practice>,
    people: Vec<Person>,
}

/// What one person adds, once for each of their strata (or for everybody only).
struct Told {
    measure: String,
    period: &'static str,
    unit: &'static str,
    number: i64,
    code: String,
    how_many: u64,
    everybody_only: bool,
}

/// One person who is counted.
struct One<'e> {
    person: &'e Person,
    strata: Vec<[String; 2]>,
    told: Vec<Told>,
}

/// The three files of one reporting day; `planning-counts.csv` without its view.
pub struct Files {
    pub care_planning: Table,
    pub pathway: Table,
    pub counts: Table,
}

/// Rows that stand twice count once.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    let lines: BTreeSet<&str> = text.lines().skip(1).collect();
    lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

impl Extract {
    pub fn read(folder: &Path) -> Extract {
        let practice = |row: Vec<String>| Practice { code: row[0].clone(), name: row[1].clone(), locality: row[2].clone() };
        let date = |cell: &String| cell.parse::<NaiveDate>().ok();
        let events = rows(&folder.join("events.csv"));
        let mut people = Vec::new();
        for row in rows(&folder.join("patients.csv")) {
            let mut records = Vec::new();
            for event in events.iter().filter(|event| event[..2] == row[..2]) {
                let code = format!("{},{}", event[3], event[4]);
                let set = SETS.iter().find(|(_, codes)| codes.contains(&code.as_str())).unwrap().0;
                let value = event[5].parse::<f64>().ok().filter(|_| ["", "level"].contains(&event[6].as_str()));
                let level = value.filter(|value| (1.0..=4.0).contains(value));
                records.push(Record { day: date(&event[2]).unwrap(), code: code.replace(',', " "), set, level });
            }
            people.push(Person {
                practice: row[1].clone(),
                born: date(&row[2]).unwrap(),
                sex: row[3].clone(),
                registered: date(&row[4]).unwrap(),
                left: date(&row[5]),
                died: date(&row[6]),
                fifth: row[7].clone(),
                records,
            });
        }
        Extract { practices: rows(&folder.join("practices.csv")).into_iter().map(practice).collect(), people }
    }
}

/// The same day of the year before, or the last day of February.
fn a_year_before(day: NaiveDate) -> NaiveDate {
    day.with_year(day.year() - 1).unwrap_or_else(|| NaiveDate::from_ymd_opt(day.year() - 1, 2, 28).unwrap())
}

fn age(born: NaiveDate, on: NaiveDate) -> i32 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    on.year() - born.year() - i32::from(!had_birthday)
}

fn first_day(period: &str, day: NaiveDate) -> NaiveDate {
    match period {
        "quarter" => NaiveDate::from_ymd_opt(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap(),
        "year-to-date" if day.month() < 4 => NaiveDate::from_ymd_opt(day.year() - 1, 4, 1).unwrap(),
        "year-to-date" => NaiveDate::from_ymd_opt(day.year(), 4, 1).unwrap(),
        "last-12-months" => a_year_before(day) + Days::new(1),
        _ => day,
    }
}

/// The first day on which something of a day is no longer of the last 12 months.
fn lapses_on(made: NaiveDate) -> NaiveDate {
    let mut day = made + Days::new(300);
    while made > a_year_before(day) {
        day = day + Days::new(1);
    }
    day
}

impl Person {
    fn of(&self, set: &str, day: NaiveDate) -> Vec<&Record> {
        self.records.iter().filter(|record| record.set == set && record.day <= day).collect()
    }

    /// The latest day in the last 12 months.
    fn latest(&self, set: &str, day: NaiveDate) -> Option<NaiveDate> {
        let days = self.of(set, day).into_iter().map(|record| record.day);
        days.filter(|found| *found > a_year_before(day)).max()
    }

    fn is_near(&self, set: &str, other: &Record, day: NaiveDate) -> bool {
        self.of(set, day).iter().any(|record| (record.day - other.day).num_days().abs() <= 30)
    }

    fn on_the_list(&self, day: NaiveDate) -> bool {
        self.registered <= day && self.left.is_none_or(|left| left > day) && self.died.is_none_or(|died| died > day)
    }

    fn conditions(&self, day: NaiveDate) -> Vec<&'static str> {
        let from_age = [("DM", 17), ("HYP", 0), ("CHD", 0), ("CKD", 18)];
        let has = |(set, from): &(&'static str, i32)| !self.of(set, day).is_empty() && age(self.born, day) >= *from;
        from_age.iter().filter(|condition| has(condition)).map(|(set, _)| *set).collect()
    }

    fn is_counted(&self, day: NaiveDate) -> bool {
        self.on_the_list(day) && age(self.born, day) >= 17 && !self.conditions(day).is_empty()
    }

    fn strata(&self, day: NaiveDate) -> Vec<[String; 2]> {
        let conditions = self.conditions(day);
        let band = match age(self.born, day) {
            ..18 => "0-17",
            18..40 => "18-39",
            40..65 => "40-64",
            65..80 => "65-79",
            _ => "80+",
        };
        let sex = match self.sex.as_str() {
            "F" => "female",
            "M" => "male",
            _ => "neither",
        };
        let how_many = ["1", "2", "3", "4+"][conditions.len() - 1];
        let fifth = if self.fifth.is_empty() { "unknown" } else { &self.fifth };
        let mut strata = vec![["", ""], ["sex", sex], ["age", band], ["imd_quintile", fifth], ["conditions", how_many]];
        if conditions.len() > 1 {
            strata.push(["multimorbidity", "2+"]);
        }
        strata.extend(conditions.iter().map(|condition| ["condition", condition]));
        strata.iter().map(|words| words.map(str::to_owned)).collect()
    }

    /// The status and the furthest step.
    fn place(&self, day: NaiveDate) -> (&'static str, &'static str) {
        let furthest = STAGES.iter().rev().find(|(_, set)| self.latest(set, day).is_some()).map_or("none", |(name, _)| name);
        let refused = self.latest("CARE_PLAN_DECLINED", day);
        if let Some(refused) = refused
            && !STAGES.iter().any(|(_, set)| self.latest(set, day).is_some_and(|step| step > refused))
        {
            return ("declined", furthest);
        }
        match furthest {
            "reviewed" => ("complete", furthest),
            "none" if !self.of("CARE_PLAN_AGREED", day).is_empty() => ("lapsed", furthest),
            "none" => ("not started", furthest),
            _ => ("in progress", furthest),
        }
    }

    /// All records of a count up to a day.
    fn counted(&self, count: &str, day: NaiveDate) -> Vec<&Record> {
        let with = |set: &str, near: &[&str]| -> Vec<&Record> {
            let all = self.of(set, day).into_iter();
            all.filter(|record| near.iter().all(|other| self.is_near(other, record, day))).collect()
        };
        let level = |from: f64, below: f64| -> Vec<&Record> {
            let all = self.of("PAM", day).into_iter();
            all.filter(|record| record.level.is_some_and(|level| level >= from && level < below)).collect()
        };
        match count {
            "preparations" => with("PREPARATION", &[]),
            "results-shared" => with("RESULTS_SHARED", &[]),
            "plans-agreed" => with("CARE_PLAN_AGREED", &[]),
            "plans-with-goals" => with("CARE_PLAN_AGREED", &["PATIENT_GOALS"]),
            "plans-with-goals-and-decision" => with("CARE_PLAN_AGREED", &["PATIENT_GOALS", "SHARED_DECISION"]),
            "plans-reviewed" => with("CARE_PLAN_REVIEWED", &[]),
            "plans-declined" => with("CARE_PLAN_DECLINED", &[]),
            "plans-repeated" => {
                let plans = self.of("CARE_PLAN_AGREED", day);
                let before = |plan: &Record, other: &Record| (1..=14).contains(&(plan.day - other.day).num_days());
                let again = |plan: &&Record| plans.iter().any(|other| other.code == plan.code && before(plan, other));
                plans.iter().copied().filter(again).collect()
            }
            "shared-decisions" => with("SHARED_DECISION", &[]),
            "shared-decisions-with-aid" => with("SHARED_DECISION", &["DECISION_AID"]),
            "activation-measured" => with("PAM", &[]),
            "activation-level-1" => level(1.0, 2.0),
            "activation-level-2" => level(2.0, 3.0),
            "activation-level-3" => level(3.0, 4.0),
            "activation-level-4" => level(4.0, 9.0),
            "team-discussions" => with("MDT_DISCUSSION", &[]),
            "condition-reviews" => with("ANNUAL_REVIEW_CONDITION", &[]),
            _ => with("HOLISTIC_REVIEW", &[]),
        }
    }

    /// The days on which a plan was over, and no other had been made by then.
    fn lapses(&self, day: NaiveDate) -> BTreeSet<NaiveDate> {
        let made: BTreeSet<NaiveDate> = self.of("CARE_PLAN_AGREED", day).iter().map(|plan| plan.day).collect();
        let mut lapses = BTreeSet::new();
        for plan in &made {
            let over = lapses_on(*plan);
            if over <= day && !made.iter().any(|other| other > plan && *other <= over) {
                lapses.insert(over);
            }
        }
        lapses
    }

    fn sentence_holds(&self, sentence: &str, day: NaiveDate) -> bool {
        let recent = |record: &&&Record| record.day > a_year_before(day);
        let plan = self.latest("CARE_PLAN_AGREED", day);
        match sentence {
            "reviewed-once" => {
                let reviews = self.of("ANNUAL_REVIEW_CONDITION", day);
                let days: BTreeSet<NaiveDate> = reviews.iter().filter(recent).map(|review| review.day).collect();
                (plan.is_some() || self.latest("HOLISTIC_REVIEW", day).is_some()) && days.len() <= 1
            }
            "plan-without-goals" => plan.is_some() && !self.counted("plans-with-goals", day).iter().any(|plan| recent(&plan)),
            "review-without-plan" => {
                let reviewed = self.latest("CARE_PLAN_REVIEWED", day);
                reviewed.is_some_and(|reviewed| self.of("CARE_PLAN_AGREED", reviewed).is_empty())
            }
            _ => plan == Some(self.registered),
        }
    }

    /// Everything that one person adds on a reporting day.
    fn tells(&self, day: NaiveDate) -> Vec<Told> {
        let mut told = Vec::new();
        let mut add = |measure: &str, period, unit, number, how_many: usize| {
            let (measure, code, how_many) = (measure.to_owned(), String::new(), how_many as u64);
            told.push(Told { measure, period, unit, number, code, how_many, everybody_only: false });
        };
        let now = "on-the-day";
        add("register", now, "people", 0, 1);
        let place = self.place(day);
        let line = PLACES.iter().position(|other| *other == place).unwrap() + 1;
        add("place", now, "people", line as i64, 1);
        let steps = STAGES.map(|(name, set)| (name, self.latest(set, day)));
        let before_furthest = steps.iter().position(|(name, _)| *name == place.1).unwrap_or(0);
        for (name, step) in &steps[..before_furthest] {
            add(&format!("missing-{name}"), now, "people", 0, usize::from(step.is_none()));
        }
        let mut pairs = Vec::new();
        for (at, (first, from)) in steps.iter().enumerate() {
            for (last, to) in &steps[at + 1..] {
                if let (Some(from), Some(to)) = (from, to) {
                    pairs.push((format!("{first}-to-{last}"), (*to - *from).num_days()));
                }
            }
        }
        add("out-of-order", now, "people", 0, usize::from(pairs.iter().any(|(_, days)| *days < 0)));
        for sentence in SENTENCES {
            add(sentence, now, "people", 0, usize::from(self.sentence_holds(sentence, day)));
        }
        for period in PERIODS {
            for count in COUNTS {
                let records = self.counted(count, day).into_iter().filter(|record| record.day >= first_day(period, day));
                let days: Vec<NaiveDate> = records.map(|record| record.day).collect();
                let different: BTreeSet<&NaiveDate> = days.iter().collect();
                add(count, period, "people", 0, usize::from(!days.is_empty()));
                add(count, period, "events", 0, days.len());
                add(count, period, "contact days", 0, different.len());
                if SPREAD.contains(&count) && !days.is_empty() {
                    add(count, period, "people", different.len() as i64, 1);
                }
            }
            let lapses = self.lapses(day).into_iter().filter(|lapse| *lapse >= first_day(period, day)).count();
            add("plans-lapsed", period, "people", 0, usize::from(lapses > 0));
            add("plans-lapsed", period, "events", 0, lapses);
            add("plans-lapsed", period, "contact days", 0, lapses);
        }
        let for_everybody = |measure: &str, period, unit, number, code: &str| Told {
            measure: measure.to_owned(),
            period,
            unit,
            number,
            code: code.to_owned(),
            how_many: 1,
            everybody_only: true,
        };
        told.extend(pairs.iter().map(|(pair, days)| for_everybody(pair, now, "people", *days, "")));
        let uncounted = ["DM", "HYP", "CHD", "CKD", "PATIENT_GOALS", "DECISION_AID"];
        for record in self.records.iter().filter(|record| !uncounted.contains(&record.set)) {
            if record.day > a_year_before(day) && record.day <= day {
                told.push(for_everybody("code", "last-12-months", "events", 0, &record.code));
            }
        }
        told
    }
}

/// Six decimals, half up; nothing of nobody.
fn ratio(value: i64, of: i64) -> String {
    if of == 0 {
        return String::new();
    }
    let share = Decimal::from(value) / Decimal::from(of);
    format!("{:.6}", share.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero))
}

/// The fewest of some days within which at least so many quarters of the people took the step.
fn quartile(days: &[i64], quarters: usize) -> Option<i64> {
    let within = |most: i64| days.iter().filter(|days| **days <= most).count();
    days.iter().copied().filter(|most| within(*most) * 4 >= days.len() * quarters).min()
}

fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

impl Extract {
    /// What the program must say of a reporting day in the framework's year.
    pub fn files(&self, day: NaiveDate) -> Files {
        let counted = self.people.iter().filter(|person| person.is_counted(day));
        let told: Vec<One<'_>> = counted.map(|person| One { person, strata: person.strata(day), told: person.tells(day) }).collect();
        let mut files = Files { care_planning: Table::new(), pathway: Table::new(), counts: Table::new() };
        let mut areas: BTreeSet<[&str; 3]> = [["", "", ""]].into();
        for Practice { code, name, locality } in &self.practices {
            areas.insert([code, name, locality]);
            areas.insert(["", "", locality]);
        }
        for area in areas {
            let there = |one: &One<'_>| {
                let practice = self.practices.iter().find(|practice| practice.code == one.person.practice).unwrap();
                match area {
                    ["", "", ""] => true,
                    ["", "", locality] => practice.locality == locality,
                    [code, ..] => practice.code == code,
                }
            };
            let (here, elsewhere): (Vec<&One<'_>>, Vec<&One<'_>>) = told.iter().partition(|one| there(one));
            files.area(area, &here, &elsewhere, day);
        }
        files
    }
}

impl Files {
    /// The rows of all practices, of a locality or of a practice.
    fn area(&mut self, area: [&str; 3], here: &[&One<'_>], elsewhere: &[&One<'_>], day: NaiveDate) {
        let end = day.to_string();
        let [practice, name, locality] = area;
        let mut strata: BTreeSet<[String; 2]> = here.iter().flat_map(|one| one.strata.clone()).collect();
        strata.insert([String::new(), String::new()]);
        for [kind, value] in &strata {
            let is_everybody = kind.is_empty();
            let stratum = [kind.clone(), value.clone()];
            let inside = || here.iter().filter(|one| one.strata.contains(&stratum)).flat_map(|one| &one.told);
            let mut sums: BTreeMap<(&str, &str, &str, i64, &str), u64> = BTreeMap::new();
            for told in inside().filter(|told| told.how_many > 0 && (is_everybody || !told.everybody_only)) {
                *sums.entry((&told.measure, told.period, told.unit, told.number, &told.code)).or_default() += told.how_many;
            }
            let of = |key: (&str, &str, &str, i64, &str)| sums.get(&key).copied().unwrap_or(0) as i64;
            let (register, number_of) = (of(("register", "on-the-day", "people", 0, "")), |line: usize| line as i64 + 1);
            let declined: i64 = (0..5).map(|line| of(("place", "on-the-day", "people", number_of(line), ""))).sum();
            if !practice.is_empty() {
                for ((measure, period, unit, number, code), sum) in &sums {
                    let key = cells(["PLANNING", measure, practice, &end, period, unit, kind, value, &number.to_string(), code]);
                    self.counts.insert(key, cells([&sum.to_string(), "no"]));
                }
            }
            for (line, (status, furthest)) in PLACES.iter().enumerate() {
                let people = of(("place", "on-the-day", "people", number_of(line), ""));
                if people > 0 || is_everybody {
                    let key = cells(["PLANNING", practice, name, locality, &end, status, furthest, kind, value]);
                    let numbers = cells([&people.to_string(), &register.to_string(), &ratio(people, register), "no"]);
                    self.pathway.insert(key, numbers);
                }
            }
            let mut add = |measure: &str, period: &str, unit: &str, number: i64, always: bool| {
                if number == 0 && !always {
                    return;
                }
                let start = first_day(period, day).to_string();
                let share = if unit.starts_with("days") || measure == "code" { String::new() } else { ratio(number, register) };
                self.care_planning.insert(
                    cells(["PLANNING", measure, practice, name, locality, &end, period, &start, unit, kind, value]),
                    cells([&number.to_string(), &register.to_string(), &share, &declined.to_string(), &ratio(declined, register), "no"]),
                );
            };
            let missing = STAGES.map(|(name, _)| format!("missing-{name}"));
            for measure in missing.iter().map(String::as_str).chain(["register", "out-of-order"]).chain(SENTENCES) {
                add(measure, "on-the-day", "people", of((measure, "on-the-day", "people", 0, "")), is_everybody);
            }
            for period in PERIODS {
                for measure in COUNTS.into_iter().chain(["plans-lapsed"]) {
                    for unit in UNITS {
                        add(measure, period, unit, of((measure, period, unit, 0, "")), is_everybody);
                    }
                }
                for measure in SPREAD {
                    let days = |number: i64| of((measure, period, "people", number, ""));
                    let more = sums
                        .iter()
                        .filter(|((of, when, unit, days, _), _)| (*of, *when, *unit) == (measure, period, "people") && *days > 2);
                    let three_or_more: u64 = more.map(|(_, people)| people).sum();
                    add(measure, period, "people with 1 contact day", days(1), is_everybody);
                    add(measure, period, "people with 2 contact days", days(2), is_everybody);
                    add(measure, period, "people with 3 or more contact days", three_or_more as i64, is_everybody);
                }
            }
            if !is_everybody {
                continue;
            }
            for (at, (first, _)) in STAGES.iter().enumerate() {
                for (last, _) in &STAGES[at + 1..] {
                    let pair = format!("{first}-to-{last}");
                    let days: Vec<i64> = inside().filter(|told| told.measure == pair).map(|told| told.number).collect();
                    add(&pair, "on-the-day", "people", days.len() as i64, true);
                    for (unit, quarters) in QUARTILES {
                        if let Some(days) = quartile(&days, quarters) {
                            add(&pair, "on-the-day", unit, days, true);
                        }
                    }
                }
            }
            if !practice.is_empty() {
                let mine: BTreeSet<&str> = inside().filter(|told| told.measure == "code").map(|told| told.code.as_str()).collect();
                let theirs = || elsewhere.iter().flat_map(|one| &one.told);
                let only_here = mine.iter().filter(|code| !theirs().any(|told| told.code == **code));
                add("code", "last-12-months", "codes used here only", only_here.count() as i64, true);
            }
        }
    }
}
