//! What is hidden in the sample can be found in its results, and is what sample-extracts/README.md says.

use super::sample::{Event, PRACTICES, Results, events, median, rows, waits};
use super::{SAMPLE as OPTIONS, make, root, rules, written};
use dqoh::cli::built_in;
use dqoh::framework::View;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const AGREED: &str = "CARE_PLAN_AGREED";
const PREPARED: &str = "PREPARATION";

/// The sample as the rules make it, its results, and its events.
struct Sample {
    folder: tempfile::TempDir,
    results: Results,
    events: Vec<Event>,
}

/// Made once for all tests of this file.
static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let rules = rules(&built_in());
    let rulebook = rules.sound().unwrap();
    let folder = written(&make(rulebook, OPTIONS).1);
    let results = Results::of(folder.path());
    let events = events(folder.path(), &rulebook.at(rulebook.period().to, View::YearEnd).0);
    Sample { folder, results, events }
});

/// The eight practices' figures, and one of them among the others.
struct Compared(Vec<(&'static str, i64)>);

fn compared(figure: impl Fn(&str) -> Option<i64>) -> Compared {
    Compared(PRACTICES.iter().filter_map(|practice| Some((*practice, figure(practice)?))).collect())
}

impl Compared {
    fn of(&self, practice: &str) -> i64 {
        self.0.iter().find(|(other, _)| *other == practice).unwrap().1
    }

    /// The highest of all but these.
    fn highest_but(&self, but: &[&str]) -> i64 {
        self.0.iter().filter(|(practice, _)| !but.contains(practice)).map(|(_, figure)| *figure).max().unwrap()
    }

    fn lowest_but(&self, but: &[&str]) -> i64 {
        self.0.iter().filter(|(practice, _)| !but.contains(practice)).map(|(_, figure)| *figure).min().unwrap()
    }
}

#[test]
fn what_is_hidden_can_be_found() {
    let Sample { folder, results, events } = &*SAMPLE;
    let rate = |measure: &'static str| compared(|practice| results.percent(measure, practice));
    let list = compared(|practice| Some(results.figures("LTC", practice).denominator));
    let ill = rate("LTC");
    let (plans, goals, decisions, in_time) = (rate("CP003"), rate("CP004"), rate("SD001"), rate("CP005"));
    let wait = compared(|practice| median(&waits(events, practice, PREPARED, AGREED)));
    let deciles = rows(&folder.path().join("practices.csv"));
    let decile =
        |practice: &str| deciles.iter().find(|row| row["practice_code"] == practice).unwrap()["imd_decile"].parse::<i64>().unwrap();
    // Of the rows of agreed plans of a practice, the percent that is in SNOMED.
    let in_snomed = |practice: &str| {
        let of: Vec<&Event> = events.iter().filter(|event| event.practice == practice && event.is_of(AGREED)).collect();
        100 * of.iter().filter(|event| event.scheme == "snomed").count() / of.len()
    };

    // P90001: a plan for nearly everyone, with their goals, decided together.
    assert!(plans.of("P90001") >= 80 && plans.of("P90001") > plans.highest_but(&["P90001"]), "{:?}", plans.0);
    assert!(goals.of("P90001") > goals.highest_but(&["P90001"]) && decisions.of("P90001") > decisions.highest_but(&["P90001"]));
    // P90002: excepts more than twice as often as any other.
    let excepted = compared(|practice| Some(results.excepted(practice)));
    assert!(excepted.of("P90002") > 2 * excepted.highest_but(&["P90002"]), "of a thousand: {:?}", excepted.0);
    let agreed = results.figures("CP003", "P90002");
    assert!(100 * agreed.numerator / agreed.register + 15 < plans.of("P90002"), "{agreed:?}");
    // P90003: small, old, and its codes are Read: who looks for SNOMED alone sees no plans.
    assert!(list.of("P90003") * 10 < 7 * list.lowest_but(&["P90003"]), "{:?}", list.0);
    assert!(ill.of("P90003") * 10 > 13 * ill.highest_but(&["P90003"]), "{:?}", ill.0);
    assert!(plans.of("P90003") > 40 && in_snomed("P90003") <= 5 && in_snomed("P90001") > 90);
    // P90004: plans, but without goals; young; the worst blood pressures.
    assert!(plans.of("P90004") > 60 && goals.of("P90004") < 15, "{:?} {:?}", plans.0, goals.0);
    assert!(rate("HYP006").of("P90004") < rate("HYP006").lowest_but(&["P90004"]), "{:?}", rate("HYP006").0);
    // P90005: large, poor; behind in prevention; people come on several days.
    assert!(list.of("P90005") * 10 > 17 * list.highest_but(&["P90005"]), "{:?}", list.0);
    assert!(PRACTICES.iter().all(|practice| *practice == "P90005" || decile(practice) > decile("P90005")));
    assert!(rate("SMOK-LTC").of("P90005") < rate("SMOK-LTC").lowest_but(&["P90005"]), "{:?}", rate("SMOK-LTC").0);
    let pounds = compared(|practice| results.pounds.get(&("MED001".to_owned(), practice.to_owned())).copied());
    assert!(pounds.of("P90005") > pounds.highest_but(&["P90005"]), "pence for a point: {:?}", pounds.0);
    let (several, together) = (on_several_days(events, "P90005"), on_several_days(events, "P90001"));
    assert!(several > 60 && together < 35, "on several days: {several} and {together} percent");
    // P90006: reviews plans, but late, and takes long over every step.
    assert!(in_time.of("P90006") * 2 < in_time.lowest_but(&["P90006", "P90007"]), "{:?}", in_time.0);
    let reviews = |practice: &str| events.iter().filter(|event| event.practice == practice && event.is_of("CARE_PLAN_REVIEWED")).count();
    assert!(reviews("P90006") > 30 && wait.of("P90006") * 10 > 17 * wait.highest_but(&["P90006", "P90007"]), "{:?}", wait.0);
    // P90007: hardly any plans, finds less illness, and is good at what it treats.
    assert!(plans.of("P90007") < 20 && plans.of("P90007") * 3 < plans.lowest_but(&["P90007", "P90008"]), "{:?}", plans.0);
    assert!(ill.of("P90007") < ill.lowest_but(&["P90007"]), "{:?}", ill.0);
    assert!(rate("HYP006").of("P90007") > 80, "{:?}", rate("HYP006").0);
    assert!(PRACTICES.iter().all(|practice| *practice == "P90008" || decile(practice) < decile("P90008")));
    // P90008: no plan by the rules; all other steps are there, and a code of its own that is in no set.
    assert!(plans.of("P90008") == 0 && rate("CP001").of("P90008") > 60, "{:?}", plans.0);
    let own: BTreeMap<&str, usize> =
        events.iter().filter(|event| event.scheme == "local" && event.sets.is_empty()).fold(BTreeMap::new(), |mut counted, event| {
            *counted.entry(event.practice.as_str()).or_default() += 1;
            counted
        });
    assert!(own.len() == 1 && own["P90008"] > 50, "{own:?}");
    let of_its_plans = |set: &str| events.iter().filter(|event| event.practice == "P90008" && event.is_of(set)).count();
    assert!(of_its_plans("CARE_PLAN_REVIEWED") > 30 && of_its_plans("SHARED_DECISION") > 30 && of_its_plans(AGREED) == 0);
}

/// Of those who had several reviews of their conditions in the last year, the percent who had them on several days.
fn on_several_days(events: &[Event], practice: &str) -> usize {
    let mut days: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let end = events.iter().map(|event| event.day).max().unwrap();
    for event in events.iter().filter(|event| event.practice == practice && event.is_of("ANNUAL_REVIEW_CONDITION") && end - event.day < 370)
    {
        days.entry(&event.person).or_default().push(event.day);
    }
    days.retain(|_, days| days.len() > 1);
    100 * days.values().filter(|days| days.iter().any(|day| *day != days[0])).count() / days.len()
}

/// The table of the document, as the results have it.
fn table(results: &Results, events: &[Event]) -> String {
    let mut text =
        "| | list | ill | prepared | agreed | goals | in time | together | one day | days | excepted | pressure | smoking |\n".to_owned();
    text += &format!("|---|{}\n", "--:|".repeat(12));
    for practice in PRACTICES {
        let percent = |measure: &str| results.percent(measure, practice).map_or("–".to_owned(), |percent| format!("{percent}%"));
        let wait = median(&waits(events, practice, PREPARED, AGREED)).map_or("–".to_owned(), |days| days.to_string());
        let excepted = format!("{}%", (results.excepted(practice) + 5) / 10);
        let list = results.figures("LTC", practice).denominator.to_string();
        let shown = ["LTC", "CP001", "CP003", "CP004", "CP005", "SD001", "CP006"].map(percent);
        let last = [wait, excepted, percent("HYP006"), percent("SMOK-LTC")];
        let cells: Vec<&str> = [&list].into_iter().chain(&shown).chain(&last).map(String::as_str).collect();
        text += &format!("| {practice} | {} |\n", cells.join(" | "));
    }
    text
}

#[test]
fn the_document_has_the_figures() {
    let Sample { results, events, .. } = &*SAMPLE;
    let table = table(results, events);
    let document = std::fs::read_to_string(root().join("sample-extracts/README.md")).unwrap().replace('\r', "");
    assert!(document.contains(&table), "sample-extracts/README.md does not have the figures of the sample; its table is now\n\n{table}");
}

/// The days on which a person has a code of each set.
struct Person<'e>(&'e BTreeMap<&'e str, BTreeSet<i64>>);

impl Person<'_> {
    fn days(&self, set: &str) -> Vec<i64> {
        self.0.get(set).into_iter().flatten().copied().collect()
    }
}

/// Prepared, shared, agreed, reviewed, and again a year later; and what else happens in life.
#[test]
fn plans_are_cycles() {
    let Sample { events, .. } = &*SAMPLE;
    let mut by_person: BTreeMap<&str, BTreeMap<&str, BTreeSet<i64>>> = BTreeMap::new();
    for event in events {
        let days = by_person.entry(&event.person).or_default();
        for set in &event.sets {
            days.entry(set).or_default().insert(event.day);
        }
    }
    let people = |wanted: &dyn Fn(&Person<'_>) -> bool| by_person.values().filter(|days| wanted(&Person(days))).count();
    let end = events.iter().map(|event| event.day).max().unwrap();
    let follows =
        |first: &[i64], then: &[i64], within: i64| first.iter().any(|day| then.iter().any(|later| (0..=within).contains(&(later - day))));
    let whole = people(&|person| {
        follows(&person.days(PREPARED), &person.days("RESULTS_SHARED"), 90)
            && follows(&person.days("RESULTS_SHARED"), &person.days(AGREED), 120)
            && follows(&person.days(AGREED), &person.days("CARE_PLAN_REVIEWED"), 365)
    });
    let every_year = people(&|person| person.days(AGREED).windows(2).any(|pair| (250..450).contains(&(pair[1] - pair[0]))));
    let twice = people(&|person| person.days(AGREED).windows(2).any(|pair| pair[1] - pair[0] < 110));
    let lapsed = people(&|person| person.days(AGREED).last().is_some_and(|day| end - day > 380));
    let half_way = people(&|person| !person.days("RESULTS_SHARED").is_empty() && person.days(AGREED).is_empty());
    let declined = people(&|person| !person.days("CARE_PLAN_DECLINED").is_empty());
    let after_all = people(&|person| follows(&person.days("CARE_PLAN_DECLINED"), &person.days(AGREED), 150));
    let out_of_order = people(&|person| follows(&person.days("RESULTS_SHARED"), &person.days(PREPARED), 5));
    let found = [whole, every_year, twice, lapsed, half_way, declined, after_all, out_of_order];
    assert!(whole > 100 && every_year > 60 && found.iter().all(|people| *people >= 3), "{found:?}");
}

/// Values are such as people have, and most readings say which two values belong together.
#[test]
fn values_are_plausible() {
    let Sample { events, .. } = &*SAMPLE;
    let of = |set: &str, unit: &str| -> Vec<i64> {
        let with_unit = events.iter().filter(|event| event.is_of(set) && event.unit.starts_with(unit));
        let mut values: Vec<i64> = with_unit.map(|event| (event.value.parse::<f64>().unwrap() * 10.0).round() as i64).collect();
        values.sort_unstable();
        values
    };
    let kinds = [
        ("BPSYS_COD", "mm", 1150..1450),
        ("BPDIA_COD", "mm", 680..880),
        ("IFCCHBAM_COD", "mmol", 400..620),
        ("CHOL2_COD", "mmol", 38..56),
        ("BMIVAL_COD", "", 230..340),
    ];
    for (set, unit, middle) in kinds {
        let values = of(set, unit);
        let (low, half, high) = (values[values.len() / 50], values[values.len() / 2], values[values.len() * 49 / 50]);
        assert!(values.len() > 100 && middle.contains(&half), "{set}: {} values, half up to {half}", values.len());
        assert!(low * 2 > half && high < half * 2, "{set}: from {low} to {high}");
    }
    let pressures: Vec<&Event> = events.iter().filter(|event| event.is_of("BPSYS_COD")).collect();
    let grouped = pressures.iter().filter(|event| !event.group.is_empty()).count();
    assert!(grouped * 100 > pressures.len() * 80 && grouped < pressures.len());
}

/// Records go back for years, so that earlier plans and long windows are met.
#[test]
fn there_is_a_history() {
    let Sample { folder, events, .. } = &*SAMPLE;
    let end = events.iter().map(|event| event.day).max().unwrap();
    let older = |set: &str, years: i64| events.iter().filter(|event| event.is_of(set) && end - event.day > years * 365).count();
    assert!(older("BP_COD", 4) > 50 && older(AGREED, 2) > 30 && older("IFCCHBAM_COD", 2) > 15);
    let bytes: u64 = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap())
        .filter(|data| data.is_file())
        .map(|data| data.len())
        .sum();
    assert!(bytes < 3_000_000, "the sample has {bytes} bytes");
}
