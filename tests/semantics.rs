//! The meanings of the rule language, one test each. Their cases are data, below `tests/semantics`: in a meaning's folder
//! `rules/` is a framework whose examples must come out, and each folder of `extracts/` a small extract with what must be
//! counted from it (`expected.toml`). Every extract is run in several orders of its rows: that never changes anything.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says why and fails; an index is of something that the test has just counted"
)]

#[path = "semantics/naive.rs"]
mod naive;
#[path = "semantics/random.rs"]
mod random;
mod support;

use dqoh::cli::read_folder;
use dqoh::evaluate::Answers;
use dqoh::evaluate::examples::patients;
use dqoh::evaluate::explain::{What, explain};
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::framework::calendar::{Day, age, birthday};
use dqoh::framework::{Asks, DayTest, Fact, Framework, Lines, Order, Outcome, Reason, Rulebook, Rules, View};
use dqoh::rules::syntax::Example;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::{check_examples, folder, rulebook, rules};
use toml::value::Datetime;

#[test]
fn meaning_01_two_valued() {
    check("01-two-valued");
}

#[test]
fn meaning_02_two_clocks() {
    check("02-two-clocks");
}

#[test]
fn meaning_03_edges() {
    check("03-edges");
}

#[test]
fn meaning_04_months_clamp() {
    check("04-months-clamp");
}

#[test]
fn meaning_05_leap_births() {
    check("05-leap-births");
}

#[test]
fn meaning_06_readings() {
    check("06-readings");
}

#[test]
fn meaning_07_values() {
    check("07-values");
}

#[test]
fn meaning_08_resolved_after() {
    check("08-resolved-after");
}

#[test]
fn meaning_09_lines_in_order() {
    let rules = check("09-lines-in-order");
    let rulebook = rulebook(&rules);
    let (framework, _) = rulebook.at(rulebook.period().to, View::YearEnd);

    // Every reason that there is, stands there.
    let reasons = framework.indicators[0].lines.lines.iter().filter_map(|line| match line.outcome {
        Outcome::Excepted(reason) => Some(reason),
        _ => None,
    });
    let mut reasons: Vec<Reason> = reasons.collect();
    reasons.sort_unstable();
    assert_eq!(reasons, Reason::ALL);

    // One line decides; explaining also names the later ones that would have held.
    let everything = example(rulebook, "Everything that excepts: one reason a person, the first");
    let people = patients(&framework, everything);
    let mut answers = Answers::new(&framework, people.patient(&people.people()[0]));
    let explained = explain(&mut answers, &framework.indicators[0].lines);
    let numbers = |which: fn(&dqoh::evaluate::explain::ExplainedLine) -> bool| -> Vec<u16> {
        explained.lines.iter().filter(|line| which(line)).map(|line| line.number.0).collect()
    };
    assert_eq!(numbers(|line| line.decides), [4]);
    assert_eq!(numbers(|line| line.holds), [4, 5, 6, 7, 8, 9, 12]);
    assert!(explained.lines.iter().any(|line| line.findings.iter().any(|finding| matches!(finding.what, What::Day(..)))));

    // An achieved line below an exception is probably not meant.
    let text = "{ rule = 2, achieved-if = \"done in the last 12 months\" },\n";
    let last = "{ rule = 9,";
    let files = read_folder(&folder("semantics/09-lines-in-order/rules")).unwrap();
    let turned: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .map(|(name, bytes)| match name.as_str() {
            "cases/reasons.toml" => {
                let written = String::from_utf8(bytes).unwrap();
                let moved = written.replace(text, "").replace(last, &format!("{text}  {last}"));
                assert_ne!(written, moved);
                (name, moved.into_bytes())
            }
            _ => (name, bytes),
        })
        .collect();
    let codes: Vec<&str> = Rules::read(&turned).problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["R019"]);
}

#[test]
fn meaning_10_dates_once() {
    let rules = check("10-dates-once");
    let expected = fs::read_to_string(folder("semantics/10-dates-once").join("dates.toml")).unwrap();
    let expected: Dates = toml::from_str(&expected).unwrap();
    for made in &expected.made {
        let what = format!("{} {}", made.at, made.view);
        let (framework, _) = rulebook(&rules).at(day(&made.at), view(&made.view));
        let period: Vec<Day> = made.period.iter().map(day).collect();
        assert_eq!([framework.period.from, framework.period.to], *period, "{what}");
        assert_eq!(framework.end, day(&made.end), "{what}");
        assert_eq!((framework.so_far(), framework.moved), (made.so_far, made.moved), "{what}");
        assert_eq!(days_in(&framework.indicators[0].lines), made.dates, "{what}");
        assert_eq!(days_in(&framework.registers[0].lines), made.windows, "{what}");
        let searches: Vec<_> = framework
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Latest(search) => Some(search),
                _ => None,
            })
            .collect();
        assert!(searches.iter().all(|search| search.to <= framework.reporting_day), "{what}");
        assert!(searches.iter().any(|search| search.from == day(&made.since)), "{what}");
        assert!(searches.iter().any(|search| search.to == day(&made.until)), "{what}");
        assert_eq!(framework.day_tables.len(), 1, "{what}");
        for (record, first) in &expected.month_before {
            assert_eq!(framework.day_tables[0].of(day_of(record)), day(first), "a month before {record}");
        }
    }

    // Ages compare two numbers and need no calendar: both ways agree on every day around every birthday.
    for born in ["1996-02-29", "1996-02-28", "1996-03-01", "1995-12-31"].map(day_of) {
        for years in 0..=110 {
            let reached = birthday(born, years);
            assert_eq!(age(born.ymd(), reached.ymd()), years, "{born}");
            assert_eq!(age(born.ymd(), reached.plus(-1).ymd()), years - 1, "{born}");
            assert_eq!(reached.ymd() >= born.ymd() + years * 10_000, reached.plus(-1).ymd() < born.ymd() + years * 10_000, "{born}");
        }
    }
}

#[test]
fn meaning_11_identity() {
    check("11-identity");
}

#[test]
fn meaning_12_named_dates() {
    check("12-named-dates");
}

/// A folder without a test would be data that nobody reads.
#[test]
fn every_meaning_has_its_test() {
    let written = include_str!("semantics.rs");
    let folders = folders(&folder("semantics"));
    assert_eq!(folders.len(), 12);
    for path in folders {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let test = format!("fn meaning_{}() {{", name.replace('-', "_"));
        assert!(written.contains(&test), "no `{test}`");
        assert!(written.contains(&format!("check(\"{name}\")")), "no check of {name}");
    }
}

/// `dates.toml`
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Dates {
    made: Vec<Made>,
    month_before: BTreeMap<String, Datetime>,
}

/// What must be made for a reporting day and view.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Made {
    at: Datetime,
    view: String,
    period: Vec<Datetime>,
    end: Datetime,
    so_far: bool,
    moved: bool,
    dates: Vec<String>,
    windows: Vec<String>,
    since: Datetime,
    until: Datetime,
}

/// The days that the sentences of a file have become.
fn days_in(lines: &Lines) -> Vec<String> {
    let clauses = lines.lines.iter().flat_map(|line| &line.condition.clauses);
    let tests = clauses.flat_map(|clause| match &clause.asks {
        Asks::Registered(tests) | Asks::Fact(_, tests, _) => tests.as_slice(),
        _ => &[],
    });
    let days = tests.filter_map(|test| match test {
        DayTest::Day(order, day) => {
            let words = match order {
                Order::After => "after",
                Order::OnOrAfter => "on or after",
                Order::Before => "before",
                Order::OnOrBefore => "on or before",
                Order::SameDay => "on the same day as",
            };
            Some(format!("{words} {day}"))
        }
        _ => None,
    });
    days.collect()
}

/// The example of a story.
fn example<'r>(rulebook: &'r Rulebook, story: &str) -> &'r Example {
    let mut examples = rulebook.files.iter().flat_map(|file| &file.examples);
    examples.find(|example| example.story.value == story).unwrap_or_else(|| panic!("no example is called {story}"))
}

/// All examples and all extracts of a meaning's folder; its rules, for what else there is to say.
fn check(meaning: &str) -> Rules {
    let folder = folder("semantics").join(meaning);
    let rules = rules(&folder.join("rules"));
    check_examples(&rules, &folder);
    for extract in folders(&folder.join("extracts")) {
        check_extract(&rules, &extract);
    }
    rules
}

/// The folders of a folder that may be absent.
fn folders(of: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(of) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// `expected.toml` of an extract.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    run: Vec<ExpectedRun>,
    /// How often each reason of `quarantine.csv` and `manifest.json` occurs; what is not named must not occur.
    #[serde(default)]
    quality: BTreeMap<String, u64>,
    /// Rows set aside: file, row, column and reason. Only compared in the order of rows as written.
    #[serde(default)]
    set_aside: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRun {
    view: String,
    days: Vec<Datetime>,
    /// `list`, registers and indicators that `people` tells everything about.
    measures: Vec<String>,
    /// One count a row: practice, reporting day, measure, line, people.
    people: String,
    /// People off the list: one row a reporting day, `2017-03-31 not-yet 0 left 1 died 0`.
    off_the_list: Option<String>,
}

/// What came of an extract, in the words of `expected.toml`.
#[derive(Debug, PartialEq, Default)]
struct Came {
    people: Vec<Vec<String>>,
    off_the_list: Vec<Vec<String>>,
    quality: BTreeMap<String, u64>,
    set_aside: Vec<String>,
}

fn check_extract(rules: &Rules, folder: &Path) {
    let expected: Expected = toml::from_str(&fs::read_to_string(folder.join("expected.toml")).unwrap()).unwrap();
    for (order, reorder) in orders().iter().enumerate() {
        let copy = tempfile::tempdir().unwrap();
        copy_reordered(folder, copy.path(), *reorder);
        for run in &expected.run {
            let came = came_of(rules, copy.path(), run);
            let what = format!("{}, {} view, order of rows {order}", folder.display(), run.view);
            assert_eq!(came.people, sorted(in_words(&run.people)), "people: {what}");
            assert_eq!(came.quality, expected.quality, "quality: {what}");
            if let Some(off) = &run.off_the_list {
                assert_eq!(came.off_the_list, in_words(off), "off the list: {what}");
            }
            if order == 0 {
                assert_eq!(came.set_aside, expected.set_aside, "set aside: {what}");
            }
        }
    }
}

/// The words of each row that is not empty.
fn in_words(rows: &str) -> Vec<Vec<String>> {
    let rows = rows.lines().map(|row| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|row| !row.is_empty()).collect()
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

/// As written, from the end, and two orders that follow no plan.
fn orders() -> [fn(&mut Vec<&str>); 4] {
    let scatter = |rows: &mut Vec<&str>| rows.sort_by_key(|row| row.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31) ^ u32::from(byte)));
    let scatter_more =
        |rows: &mut Vec<&str>| rows.sort_by_key(|row| row.bytes().rev().fold(5u32, |sum, byte| sum.wrapping_mul(37) ^ u32::from(byte)));
    [|_| {}, |rows| rows.reverse(), scatter, scatter_more]
}

fn copy_reordered(from: &Path, to: &Path, reorder: fn(&mut Vec<&str>)) {
    for name in ["extract.toml", "practices.csv", "patients.csv", "events.csv"] {
        let text = fs::read_to_string(from.join(name)).unwrap();
        let text = match text.split_once('\n') {
            Some((header, rows)) if name.ends_with(".csv") => {
                let mut rows: Vec<&str> = rows.lines().collect();
                reorder(&mut rows);
                format!("{header}\n{}\n", rows.join("\n"))
            }
            _ => text,
        };
        fs::write(to.join(name), text).unwrap();
    }
}

fn came_of(rules: &Rules, folder: &Path, expected: &ExpectedRun) -> Came {
    let view = view(&expected.view);
    let days: Vec<Day> = expected.days.iter().map(day).collect();
    let frameworks: Vec<Framework> = days.iter().map(|day| rulebook(rules).at(*day, view).0).collect();
    let framework = &frameworks[0];
    let mut extract = Extract::open(folder).unwrap_or_else(|problems| panic!("{}: {problems:?}", folder.display()));
    let records = extract.records(&framework.codes, &|_| {}).unwrap_or_else(|problem| panic!("{}: {problem:?}", folder.display()));
    let counted = run(&frameworks, records, Some(2), |records| {
        let practice = u32::try_from(records.practice).unwrap();
        (practice, records.patients(&framework.codes))
    })
    .unwrap();

    let names: Vec<&str> = std::iter::once("list").chain(framework.measures().map(|(id, _)| id)).collect();
    let asked = expected.measures.iter().find(|measure| !names.contains(&measure.as_str()));
    assert_eq!(asked, None, "no such measure: {}", folder.display());
    let mut came = Came::default();
    for (key, people) in counted.tally.iter() {
        let measure = names[usize::from(key.measure)];
        if key.stratum == 0 && expected.measures.iter().any(|asked| asked == measure) {
            let practice = &extract.practices[key.practice as usize].code;
            let row = format!("{practice} {} {measure} {} {people}", days[usize::from(key.day)], key.line);
            came.people.extend(in_words(&row));
        }
    }
    for (day, off) in days.iter().zip(&counted.off_the_list) {
        came.off_the_list.extend(in_words(&format!("{day} not-yet {} left {} died {}", off.not_yet_registered, off.left, off.died)));
    }
    extract.count(dqoh::extract::quality::Reason::DuplicateRecord, counted.duplicate_records);
    extract.count(dqoh::extract::quality::Reason::UngroupedReading, counted.ungrouped_readings);
    came.quality = extract.quality.counts.iter().map(|(reason, times)| (reason.word().to_owned(), *times)).collect();
    came.people.sort();
    let aside = extract.quality.rows.iter().map(|aside| {
        let file = &extract.files[usize::from(aside.place.file)].name;
        format!("{file} {} {} {}", aside.place.row, if aside.column.is_empty() { "-" } else { aside.column }, aside.reason.word())
    });
    came.set_aside = aside.collect();
    came
}

fn view(word: &str) -> View {
    [View::YearEnd, View::Rolling].into_iter().find(|view| view.word() == word).unwrap_or_else(|| panic!("no view is called {word}"))
}

fn day(date: &Datetime) -> Day {
    day_of(&date.to_string())
}

fn day_of(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text} is no day"))
}
