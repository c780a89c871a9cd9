//! Small changes of rules: which are made, that each does in the engine what its words say, and that the examples
//! of every shipped framework notice each of them. A case is a rule file in `mutants/`, its changes in the text beside it.
//! `UPDATE_MUTANTS=1 cargo test --test mutants` writes those anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use dqoh::evaluate::changes::{Change, changes};
use dqoh::evaluate::edits::{Measure, lines_of};
use dqoh::evaluate::mutants::mutate;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, Lines, Rulebook, Rules, View};
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

/// The register of the cases that are pathways.
const REGISTER: &str = r#"
[register]
id     = "EVERYONE"
title  = "Everyone"
source = "Made up for tests"
[rules]
in-order = [{ otherwise = "selected" }]
[[example]]
story = "Nothing to tell"
then  = "selected"
line  = 1
"#;

/// The files of a framework of this one rule file and two code sets.
fn files_with(text: &str) -> Vec<(String, Vec<u8>)> {
    let set = |code: &str| {
        format!("# title: {code}\n# source: made up\n# licence: none\n# coverage: complete\nscheme,code,term\nlocal,{code},{code}\n")
    };
    let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let mut files = vec![
        file("framework.toml", FRAMEWORK),
        file("care/case.toml", text),
        file("code-sets/A.csv", &set("A")),
        file("code-sets/B.csv", &set("B")),
    ];
    if text.contains("[pathway]") {
        files.push(file("registers/everyone.toml", REGISTER));
    }
    files
}

fn read(text: &str) -> Rules {
    let rules = Rules::read(&files_with(text));
    assert!(rules.sound().is_some(), "{}", render(&rules.problems, &rules.sources, false));
    rules
}

fn at_the_end(rulebook: &Rulebook) -> Framework {
    rulebook.at(rulebook.period().to, View::YearEnd).0
}

fn changes_of(rulebook: &Rulebook, sources: &Sources) -> Vec<Change> {
    let framework = at_the_end(rulebook);
    let file = rulebook.files.iter().find(|file| sources.name(file.file) == "care/case.toml").unwrap();
    changes(file, sources, lines_of(&framework, *measures_of(&framework).first().unwrap()).unwrap())
}

/// The measures of the case.
fn measures_of(framework: &Framework) -> Vec<Measure> {
    let pathways = (0..framework.pathways.len()).map(Measure::Pathway);
    pathways.chain((0..framework.indicators.len()).map(Measure::Indicator)).collect()
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

/// What decides people, without places and words, and without the numbers by which facts and tables of days are known.
fn decides(framework: &Framework) -> String {
    let lines = |lines: &Lines| {
        let lines = lines.lines.iter().map(|line| {
            let mut clauses: Vec<String> =
                line.condition.clauses.iter().map(|clause| spelt_out(framework, &format!("{clause:?}"))).collect();
            // All of them must hold, or one: their order does not matter.
            clauses.sort_unstable();
            format!("{:?} {:?} {:?} {clauses:?}", line.number, line.outcome, line.condition.joined)
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut told: Vec<String> = framework.indicators.iter().map(|it| format!("{} {}", it.id, lines(&it.lines))).collect();
    for pathway in &framework.pathways {
        let stages = pathway.stages.iter().map(|stage| format!("{} {:?} {:?}", stage.name, stage.fact, stage.leaves));
        told.push(format!("{}\n{}", lines(&pathway.lines), stages.collect::<Vec<_>>().join("\n")));
        told.push(format!("{:?} {:?} {:?} {}", pathway.declined, pathway.declined_leaves, pathway.plan, pathway.lapses));
    }
    told.push(format!("{:?}", framework.conditions));
    // Facts that nobody asks for decide nothing.
    let of_indicators = if framework.pathways.is_empty() { format!("{:?}", framework.facts) } else { String::new() };
    format!("{}\n{of_indicators}", spelt_out(framework, &told.join("\n")))
}

/// Instead of the numbers of facts and tables: the facts, and the entries of some days.
fn spelt_out(framework: &Framework, text: &str) -> String {
    let days = ["2015-02-28", "2016-02-29", "2016-04-01", "2017-01-30"].map(|day| Day::parse(day.as_bytes()).unwrap());
    let mut text = text.to_owned();
    if framework.pathways.is_empty() {
        return text;
    }
    for (at, fact) in framework.facts.iter().enumerate().rev() {
        text = text.replace(&format!("FactId({at})"), &format!("<{fact:?}>"));
    }
    for (at, table) in framework.day_tables.iter().enumerate() {
        text = text.replace(&format!("DayTableId({at})"), &format!("<{:?}>", days.map(|day| table.of(day))));
    }
    text
}

/// The text with the rows of two stages exchanged.
fn exchanged(text: &str, first: &str, second: &str) -> String {
    let row = |name: &str| text.lines().find(|line| line.contains(&format!("stage = \"{name}\""))).unwrap();
    let (first, second) = (row(first), row(second));
    text.replacen(first, "…", 1).replacen(second, first, 1).replacen('…', second, 1)
}

/// The text with one change made by hand, where the rule language can say it.
fn rewritten(text: &str, change: &Change) -> Option<String> {
    if let Some((first, second)) = change.words.strip_prefix("stage ").and_then(|words| words.split_once(": swapped with stage ")) {
        return Some(exchanged(text, first, second));
    }
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
        let measures = measures_of(&at_the_end(rulebook));
        for change in changes_of(rulebook, &rules.sources) {
            let mut changed = at_the_end(rulebook);
            change.make(&mut changed, &measures);
            assert_ne!(decides(&changed), decides(&at_the_end(rulebook)), "{} changes nothing", change.words);
            let Some(rewritten) = rewritten(&text, &change) else { continue };
            let again = Rules::read(&files_with(&rewritten));
            let Some(by_hand) = again.rulebook.as_ref() else { panic!("{}", render(&again.problems, &again.sources, false)) };
            assert_eq!(decides(&changed), decides(&at_the_end(by_hand)), "{}", change.words);
            compared += 1;
        }
    }
    assert!(compared > 32, "only {compared} changes could be made by hand");
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
