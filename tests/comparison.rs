//! `dqoh variation`: what it says and writes of results. A case is a folder of `comparison/`: the commands of its command.txt are run in a copy
//! of it, and all they print and write stands in its expected.txt. `UPDATE_COMPARISON=1 cargo test --test comparison` writes what is expected
//! anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

#[path = "support/cases.rs"]
mod cases;

use cases::{dqoh, words};
use dqoh::comparison::{Asked, Comparison, comparisons};
use dqoh::disclosure::{Audience, Shown};
use dqoh::published::File;
use dqoh::published::results_file::{ResultsRead, read_results};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_case_prints_and_writes_what_is_expected() {
    cases::check(&root().join("tests/comparison"), "UPDATE_COMPARISON", 3);
}

/// A run compares what it counted; its results, read back, are compared to the same bytes.
#[test]
fn results_read_back_say_what_the_run_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let succeeds = |command: &str| {
        let arguments: Vec<String> = words(command).into_iter().map(|word| word.replace("OUT", &path(""))).collect();
        let (exit, _, err) = dqoh(root(), &arguments);
        assert_eq!(exit, "0", "{command}: {err}");
    };
    succeeds("run sample-extracts --as-at 2016-09-30,2017-03-31 --out OUT/run");
    succeeds("variation OUT/run/results.csv --cells OUT/run/cells.csv --pairs OUT/run/pairs.csv --out OUT/again");
    let tables = ["variation", "practices-variation", "standardised", "inequality", "associations"];
    for name in tables {
        let read = |folder: &str| fs::read(path(&format!("{folder}/{name}.csv"))).unwrap();
        assert!(read("run") == read("again"), "{name} differs");
    }
}

fn read(folder: &str, names: &[&str]) -> ResultsRead {
    let file = |name: &&str| File {
        name: (*name).to_owned(),
        content: fs::read(root().join("tests/comparison").join(folder).join(name)).unwrap(),
        named: true,
    };
    read_results(&names.iter().map(file).collect::<Vec<_>>()).unwrap()
}

fn compared(read: &ResultsRead, audience: Audience) -> Vec<Comparison> {
    comparisons(&read.results(), &Asked { audience, measure: None, about: &BTreeMap::new() })
}

/// What an audience may not see of a practice is not in what is made for it: nothing worked out, and nobody in the statistics.
#[test]
fn nothing_is_worked_out_from_what_is_not_shown() {
    let read = read("audiences", &["results.csv"]);
    let mut hidden = 0;
    for audience in [Audience::Sharing, Audience::Publish] {
        for comparison in compared(&read, audience) {
            let exact = |shown: Shown| matches!(shown, Shown::Exactly(_));
            for practice in &comparison.practices {
                let shown = exact(practice.achieved) && exact(practice.of);
                assert_eq!(practice.statistics.is_some(), shown, "{} {audience:?} {practice:?}", comparison.measure);
                hidden += usize::from(!shown);
            }
            let shown = comparison.practices.iter().filter(|practice| practice.statistics.is_some()).count();
            assert_eq!(comparison.statistics.as_ref().map_or(0, |all| all.practices), shown);
            assert_eq!(comparison.left_out + shown, comparison.practices.len());
            assert!(comparison.statistics.is_none_or(|all| all.inequality.is_none()), "fifths are hidden by nobody");
        }
    }
    assert!(hidden > 20, "{hidden} counts only were hidden");
}

/// Several files in any order are one: the same comparisons, by view and day.
#[test]
fn the_order_of_files_changes_nothing() {
    let told = |names: &[&str]| format!("{:?}", compared(&read("two-quarters", names), Audience::Internal));
    assert_eq!(told(&["june.csv", "september.csv"]), told(&["september.csv", "june.csv"]));
    let days: Vec<usize> =
        compared(&read("two-quarters", &["september.csv", "june.csv"]), Audience::Internal).iter().map(|one| one.day).collect();
    assert_eq!(days, [0, 1, 0, 1]);
}
