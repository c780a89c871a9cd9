//! Small changes of rules: which are made, that each does in the engine what its words say, and that the examples
//! of every shipped framework notice each of them. A case is a rule file in `mutants/`, its changes in the text beside it.
//! `UPDATE_MUTANTS=1 cargo test --test mutants` writes those anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use dqoh::evaluate::changes::{Change, changes};
use dqoh::evaluate::edits::{Measure, lines_of};
use dqoh::evaluate::mutants::mutate;
use dqoh::framework::{Framework, Indicator, Rulebook, Rules, View};
use dqoh::problem::render;
use dqoh::source::Sources;
use std::fs;
use std::path::{Path, PathBuf};

const FRAMEWORK: &str = r#"
id   = "changes"
name = "Small changes"
source = "Made up for tests"
[period]
from = 2016-04-01
to   = 2017-03-31
[values]
A = { unit = "mmol/mol", from = 0, to = 300 }
[payment]
[[domain]]
id = "care"
title = "Care"
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("mutants")
}

fn cases() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    assert!(!paths.is_empty());
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// A framework of this one file and two code sets.
fn read(text: &str) -> Rules {
    let set = |code: &str| {
        format!("# title: {code}\n# source: made up\n# licence: none\n# coverage: complete\nscheme,code,term\nlocal,{code},{code}\n")
    };
    let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let files = [
        file("framework.toml", FRAMEWORK),
        file("care/case.toml", text),
        file("code-sets/A.csv", &set("A")),
        file("code-sets/B.csv", &set("B")),
    ];
    let rules = Rules::read(&files);
    assert!(rules.sound().is_some(), "{}", render(&rules.problems, &rules.sources, false));
    rules
}

fn at_the_end(rulebook: &Rulebook) -> Framework {
    rulebook.at(rulebook.period().to, View::YearEnd).0
}

fn changes_of(rulebook: &Rulebook, sources: &Sources) -> Vec<Change> {
    let framework = at_the_end(rulebook);
    changes(rulebook.files.first().unwrap(), sources, lines_of(&framework, Measure::Indicator(0)).unwrap())
}

#[test]
fn the_changes_of_a_file_are_those_beside_it() {
    for (path, text) in cases() {
        let rules = read(&text);
        let changes = changes_of(rules.sound().unwrap(), &rules.sources);
        let mut words: Vec<&str> = changes.iter().map(|change| change.words.as_str()).collect();
        let listed = words.join("\n") + "\n";
        let beside = path.with_extension("txt");
        if std::env::var_os("UPDATE_MUTANTS").is_some() {
            fs::write(&beside, &listed).unwrap();
        }
        assert_eq!(listed, fs::read_to_string(&beside).unwrap_or_default(), "{}", beside.display());
        words.sort_unstable();
        words.windows(2).for_each(|pair| assert!(pair.first() != pair.last(), "two changes are called {pair:?}"));
    }
}

/// What decides people, without places and words.
fn decides(framework: &Framework) -> String {
    let lines = |indicator: &Indicator| {
        let lines = indicator.lines.lines.iter().map(|line| format!("{:?} {:?} {:?}", line.number, line.outcome, line.condition));
        format!("{} {}", indicator.id, lines.collect::<Vec<_>>().join("\n"))
    };
    let indicators: Vec<String> = framework.indicators.iter().map(lines).collect();
    format!("{}\n{:?}\n{:?}", indicators.join("\n"), framework.facts, framework.conditions)
}

/// The text with one change made by hand, where the rule language can say it.
fn rewritten(text: &str, change: &Change) -> Option<String> {
    let (start, end) = (change.span.start as usize, change.span.end as usize);
    let (before, words, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let changed = if let Some((_, numbers)) =
        change.words.split_once(" with ").filter(|_| !change.words.contains("swapped") && !change.words.contains("in band"))
    {
        let (read, number) = numbers.trim_start_matches("age ").split_once(" for ")?;
        words.replacen(number, read, 1)
    } else if let Some((_, order)) = change.words.split_once(" read as `") {
        let order = order.trim_end_matches('`');
        let old = ["on or after", "on or before", "after", "before"].into_iter().find(|old| words.starts_with(old))?;
        words.replacen(old, order, 1)
    } else if change.words.ends_with(" turned round") {
        words.strip_prefix("no ").map_or_else(|| format!("no {words}"), str::to_owned)
    } else {
        return None;
    };
    Some(format!("{before}{changed}{after}"))
}

#[test]
fn a_change_in_the_engine_is_the_change_in_the_file() {
    let mut compared = 0;
    for (_, text) in cases() {
        let rules = read(&text);
        let rulebook = rules.sound().unwrap();
        let measures: Vec<Measure> = (0..at_the_end(rulebook).indicators.len()).map(Measure::Indicator).collect();
        for change in changes_of(rulebook, &rules.sources) {
            let mut changed = at_the_end(rulebook);
            change.make(&mut changed, &measures);
            assert_ne!(decides(&changed), decides(&at_the_end(rulebook)), "{} changes nothing", change.words);
            let Some(rewritten) = rewritten(&text, &change) else { continue };
            let again = Rules::read(&[
                ("framework.toml".to_owned(), FRAMEWORK.as_bytes().to_vec()),
                ("care/case.toml".to_owned(), rewritten.into_bytes()),
                ("code-sets/A.csv".to_owned(), set_bytes(&rules, "A")),
                ("code-sets/B.csv".to_owned(), set_bytes(&rules, "B")),
            ]);
            let Some(by_hand) = again.rulebook.as_ref() else { panic!("{}", render(&again.problems, &again.sources, false)) };
            assert_eq!(decides(&changed), decides(&at_the_end(by_hand)), "{}", change.words);
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} changes could be made by hand");
}

fn set_bytes(rules: &Rules, name: &str) -> Vec<u8> {
    let set = rules.sound().unwrap().sets.iter().find(|set| set.name == name).unwrap();
    rules.sources.get(set.file).unwrap().text.as_bytes().to_vec()
}

#[test]
fn no_small_change_of_a_shipped_framework_goes_unnoticed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("business-rules");
    let mut silent = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("framework.toml").exists() {
            continue;
        }
        let rules = Rules::read(&dqoh::cli::read_folder(&folder).unwrap());
        let rulebook = rules.sound().unwrap();
        let mutated = mutate(rulebook, &rules.sources);
        assert!(mutated.scores.iter().all(|score| score.changes > 0), "{}: a file without changes", folder.display());
        if !mutated.problems.is_empty() {
            silent.push(render(&mutated.problems, &rules.sources, false));
        }
    }
    assert!(silent.is_empty(), "\n{}", silent.join("\n"));
}
