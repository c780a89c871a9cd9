//! What tests of rules have in common: a folder of rules that must be sound, and whose examples must all come out.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why and fails")]

use dqoh::cli::read_folder;
use dqoh::evaluate::examples::examine;
use dqoh::framework::{Rulebook, Rules};
use dqoh::problem::{Problem, render};
use dqoh::source::Sources;
use std::path::{Path, PathBuf};

/// A folder below `tests`.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The rules of a folder, in which nothing may be wrong: no error and no warning.
pub fn rules(folder: &Path) -> Rules {
    let files = read_folder(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let rules = Rules::read(&files);
    none(&rules.problems, &rules.sources, folder);
    rules
}

/// The rulebook of rules in which nothing is wrong.
pub fn rulebook(rules: &Rules) -> &Rulebook {
    rules.sound().expect("rules without problems have a rulebook")
}

/// Every example must come out as it says, and every line must decide one of them.
pub fn check_examples(rules: &Rules, folder: &Path) {
    let examined = examine(rulebook(rules));
    none(&examined.problems, &rules.sources, folder);
    assert!(examined.examples > 0, "{} has no example", folder.display());
}

fn none(problems: &[Problem], sources: &Sources, folder: &Path) {
    assert!(problems.is_empty(), "{}\n\n{}", folder.display(), render(problems, sources, false));
}
