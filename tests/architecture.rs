//! The house is as ARCHITECTURE.md describes it: who may use whom, what stands where, what is deliberately not there.
//! In: the source as text. A module that breaks a rule fails here; a rule that no module needs any more fails too.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which module may use which. A module uses only modules above it: the arrows go one way.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("practice", &[]),
    ("numerals", &[]),
    ("sums", &[]),
    ("table", &[]),
    ("threads", &[]),
    ("dictionary", &[]),
    ("disclosure", &[]),
    ("variation", &[]),
    ("problem", &["source"]),
    ("rules", &["problem", "source"]),
    ("framework", &["problem", "rules", "source"]),
    ("extract", &["framework", "practice", "problem", "threads"]),
    ("canonical", &["extract", "framework", "problem"]),
    ("tally", &["dictionary", "extract", "framework", "practice", "problem", "sums"]),
    ("achievement", &["framework", "practice", "tally"]),
    ("cells", &["achievement", "dictionary", "extract", "framework", "problem", "tally"]),
    ("planning", &["achievement", "dictionary", "extract", "framework", "practice", "problem", "sums", "tally"]),
    ("evaluate", &["cells", "extract", "framework", "planning", "problem", "rules", "source", "tally", "threads"]),
    ("inspect", &["extract", "framework", "practice"]),
    ("recall", &["evaluate", "extract", "framework", "problem", "table"]),
    ("published", &["achievement", "dictionary", "extract", "framework", "practice", "problem", "table", "tally"]),
    ("comparison", &["achievement", "cells", "disclosure", "framework", "variation"]),
    ("book", &["framework", "numerals", "rules", "source"]),
    (
        "briefing",
        &[
            "achievement",
            "book",
            "comparison",
            "disclosure",
            "extract",
            "framework",
            "numerals",
            "planning",
            "practice",
            "tally",
            "variation",
        ],
    ),
    ("worth", &["achievement", "framework", "practice", "tally", "variation"]),
    (
        "report",
        &[
            "achievement",
            "briefing",
            "cells",
            "comparison",
            "dictionary",
            "disclosure",
            "evaluate",
            "extract",
            "framework",
            "inspect",
            "numerals",
            "planning",
            "practice",
            "published",
            "recall",
            "tally",
            "variation",
            "worth",
        ],
    ),
    ("sql", &["cells", "extract", "framework", "planning", "practice", "tally"]),
    ("findings", &["extract", "framework", "practice", "problem", "rules", "source", "tally"]),
    ("findings", &["extract", "framework", "practice", "problem", "rules", "source", "tally"]),
    ("synth", &["canonical", "evaluate", "extract", "framework", "rules"]),
    ("codes", &["dictionary", "extract", "framework", "practice", "problem", "source", "table"]),
    (
        "cli",
        &[
            "achievement",
            "book",
            "briefing",
            "canonical",
            "cells",
            "codes",
            "comparison",
            "disclosure",
            "evaluate",
            "extract",
            "findings",
            "framework",
            "inspect",
            "planning",
            "practice",
            "problem",
            "published",
            "recall",
            "report",
            "rules",
            "source",
            "sql",
            "synth",
            "tally",
            "threads",
            "worth",
        ],
    ),
];

/// What only some places may do: the words that give it away, the places, and what it is.
const ONLY: &[(&str, &[&str], &[&str])] = &[
    ("threads", &["rayon"], &["threads.rs"]),
    ("read workbooks", &["calamine"], &["table.rs"]),
    ("write workbooks", &["rust_xlsxwriter"], &["report/workbook/", "report/recall_workbook.rs"]),
    (
        "read and write Parquet",
        &["parquet::file", "parquet::column"],
        &[
            "canonical/parquet.rs",
            "extract/parquet.rs",
            "extract/parquet_bytes.rs",
            "extract/parquet_cells.rs",
            "extract/parquet_entries.rs",
            "extract/parquet_rows.rs",
        ],
    ),
    ("render messages", &["annotate_snippets"], &["problem.rs"]),
    ("touch files", &["std::fs", "File::open", "File::create"], &["cli/", "extract/"]),
    ("reckon with months and years", &["Months::new", "Datelike", "TimeDelta", "checked_add_", "epoch_days"], &["framework/calendar.rs"]),
    ("print", &["println!", "print!", "stdout", "stderr"], &["cli/"]),
    ("read a clock", &["Instant", "SystemTime", "Utc::", "Local::"], &["cli/"]),
    ("leave something to chance", &["rand::", "rand_pcg"], &["synth/", "variation/dice.rs"]),
    ("read TOML", &["toml::"], &["rules/", "extract/settings.rs", "synth/profile.rs"]),
    (
        "use binary floats",
        &["f64", "f32"],
        &["variation/", "comparison/", "briefing/", "report/chart/", "report/html/", "report/workbook/", "report/manifest.rs", "cli/"],
    ),
    ("use the network, the environment or other programs", &["std::net", "std::env::", "process::Command"], &[]),
    ("keep something global", &["static mut", "thread_local!", "Mutex", "RwLock", "Atomic", "OnceLock", "LazyLock"], &[]),
    ("have traits of its own", &["pub trait ", "\ntrait "], &["sql/dialect.rs", "extract/rows.rs", "synth/form.rs"]),
    ("climb out of a module by two steps", &["super::super"], &[]),
];

const LONGEST_FILE: usize = 700;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder that end so, relative to it, with forward slashes.
fn files(folder: &Path, ending: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in std::fs::read_dir(folder.join(&below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                all.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    all.sort();
    all
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")).replace('\r', "")
}

/// Every file of src, and its code: no comments, no unit tests.
fn sources() -> BTreeMap<String, String> {
    let code = |text: String| {
        let own = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = own.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.fold("\n".to_owned(), |code, line| code + line + "\n")
    };
    files(&root().join("src"), ".rs").into_iter().map(|path| (path.clone(), code(read(&format!("src/{path}"))))).collect()
}

/// The module that a file of src belongs to.
fn module(path: &str) -> &str {
    path.split_once('/').map_or(path.trim_end_matches(".rs"), |(folder, _)| folder)
}

/// The modules that code names: `crate::x`, and each of `crate::{x, y::z}`.
fn uses(code: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut all = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            all.insert(name(rest));
            continue;
        };
        let (mut depth, mut first) = (1, String::new());
        for c in group.chars() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            match c {
                _ if depth == 0 => break,
                ',' if depth == 1 => all.extend([name(std::mem::take(&mut first).trim())]),
                _ => first.push(c),
            }
        }
        all.extend([name(first.trim())].into_iter().filter(|name| !name.is_empty()));
    }
    all
}

#[test]
fn a_module_uses_only_what_it_may() {
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = sources();
    for (path, code) in &sources {
        let mut others = uses(code);
        others.remove(module(path));
        used.entry(module(path)).or_default().extend(others);
    }
    for outside in ["lib", "main"] {
        used.remove(outside);
    }
    let allowed: BTreeMap<&str, BTreeSet<String>> =
        MAY_USE.iter().map(|(module, may)| (*module, may.iter().map(|other| (*other).to_owned()).collect())).collect();
    assert_eq!(used, allowed, "left: what src uses; right: MAY_USE, the table of this test");
}

#[test]
fn arrows_go_one_way() {
    for (at, (module, may)) in MAY_USE.iter().enumerate() {
        let above: Vec<&str> = MAY_USE.iter().take(at).map(|(module, _)| *module).collect();
        for other in *may {
            assert!(above.contains(other), "`{module}` may use `{other}`, which does not stand above it");
        }
    }
}

/// Charts are given numbers and words: they know nothing of what these are.
#[test]
fn charts_use_nothing_but_charts() {
    let sources = sources();
    let charts: Vec<_> = sources.iter().filter(|(path, _)| path.starts_with("report/chart/")).collect();
    assert!(charts.len() > 10, "no charts were found");
    for (path, code) in charts {
        assert!(!code.contains("crate::"), "src/{path} uses something that is no chart");
        assert!(!path.ends_with("mod.rs") || !code.contains("super::"), "src/{path} uses something that is no chart");
    }
}

#[test]
fn groups_in_braces_are_seen() {
    let found = uses("use crate::{tally, framework::{Framework, View}, extract::patient};\nlet x = crate::source::At;");
    assert!(found.iter().eq(["extract", "framework", "source", "tally"]), "{found:?}");
}

#[test]
fn some_things_are_done_in_some_places_only() {
    let sources = sources();
    for (what, words, places) in ONLY {
        let does = |code: &String| words.iter().find(|word| code.contains(**word));
        let in_place = |path: &str, place: &str| path == place || (place.ends_with('/') && path.starts_with(place));
        for (path, code) in &sources {
            if let Some(word) = does(code).filter(|_| !places.iter().any(|place| in_place(path, place))) {
                panic!("src/{path} may not {what} (`{}`); only {places:?} may", word.trim());
            }
        }
        for place in *places {
            let needs = sources.iter().any(|(path, code)| in_place(path, place) && does(code).is_some());
            assert!(needs, "src/{place} may {what} and does not: take it out of the table");
        }
    }
}

#[test]
fn no_file_is_too_long() {
    for path in files(&root().join("src"), ".rs") {
        let lines = read(&format!("src/{path}")).lines().count();
        assert!(lines <= LONGEST_FILE, "src/{path} has {lines} lines; no more than {LONGEST_FILE} are allowed");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for path in files(&root().join("src"), ".rs") {
        assert!(read(&format!("src/{path}")).starts_with("//! "), "src/{path} does not begin by saying what goes in and what comes out");
    }
}

/// Folders are walked: a rule file or a code set is named in no Rust file, so that a new one needs no Rust.
#[test]
fn no_rule_is_listed_in_rust() {
    let rules = files(&root().join("business-rules"), "");
    let names: Vec<&str> =
        rules.iter().filter(|path| !path.ends_with(".md")).filter_map(|path| path.split_once('/')).map(|(_, name)| name).collect();
    let names: BTreeSet<&str> = names.into_iter().filter(|name| name.contains('/')).collect();
    let sets: BTreeSet<&str> = names.iter().filter_map(|name| name.strip_prefix("code-sets/")?.strip_suffix(".csv")).collect();
    assert!(names.len() > 40 && sets.len() > 20, "the rules were not found");
    for (path, code) in sources() {
        let listed = names.iter().chain(&sets).find(|name| code.contains(**name));
        assert_eq!(listed, None, "src/{path} names a rule file or a code set");
    }
}

#[test]
fn every_promise_has_one_definition_and_is_cited() {
    let document = read("ARCHITECTURE.md");
    let mut defined: BTreeMap<String, usize> = BTreeMap::new();
    let mut cited: BTreeMap<String, usize> = BTreeMap::new();
    for path in files(&root().join("src"), ".rs") {
        for rest in read(&format!("src/{path}")).split("INVARIANT (").skip(1) {
            let (name, after) = rest.split_once(')').unwrap();
            let kind = if after.starts_with(':') { &mut defined } else { &mut cited };
            *kind.entry(name.to_owned()).or_default() += 1;
        }
    }
    let named: BTreeSet<&str> = document.split("INVARIANT (").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(!defined.is_empty(), "no promise was found");
    assert_eq!(named, defined.keys().map(String::as_str).collect(), "left: ARCHITECTURE.md; right: definitions in src");
    assert_eq!(defined.keys().collect::<Vec<_>>(), cited.keys().collect::<Vec<_>>(), "left: definitions; right: citations");
    assert!(defined.values().all(|times| *times == 1), "a promise is defined twice: {defined:?}");
}

/// The paths of the tree under "The house".
fn house(document: &str) -> BTreeSet<String> {
    let tree = document.split("## The house").nth(1).and_then(|rest| rest.split("```").nth(1)).unwrap();
    let mut above: Vec<String> = Vec::new();
    let mut all = BTreeSet::new();
    for line in tree.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let name = line.split_whitespace().next().unwrap();
        above.truncate(depth);
        all.insert(above.concat() + name);
        above.push(name.to_owned());
    }
    all
}

#[test]
fn the_house_is_as_described() {
    let document = read("ARCHITECTURE.md");
    let house = house(&document);
    for path in &house {
        let there = root().join(path);
        assert!(if path.ends_with('/') { there.is_dir() } else { there.is_file() }, "ARCHITECTURE.md names {path}, which is not there");
    }
    for path in files(&root().join("src"), ".rs") {
        let path = format!("src/{path}");
        assert!(house.contains(&path), "ARCHITECTURE.md does not name {path}");
    }
}

#[test]
fn every_path_in_the_text_is_there() {
    let document = read("ARCHITECTURE.md");
    let prose: String = document.split("```").step_by(2).collect();
    let paths: Vec<&str> = prose.split('`').skip(1).step_by(2).filter(|word| word.contains('/') && !word.contains(' ')).collect();
    assert!(paths.len() > 10, "no path was found");
    for path in paths {
        assert!(root().join(path).exists() || root().join("src").join(path).exists(), "ARCHITECTURE.md names {path}, which is not there");
    }
}
