//! What can be wrong with a pathway although its file can be read: too few stages, ids used twice.

use crate::problem::Problem;
use crate::rules::syntax::{PathwayHead, RuleFile};
use crate::source::At;

/// Problems that need no ids.
pub(super) fn problems(file: &RuleFile, head: &PathwayHead) -> Vec<Problem> {
    let mut problems = Vec::new();
    if head.stages.len() < 2 && file.whole {
        problems.push(
            Problem::error("R060", "a pathway needs two stages at least")
                .at(head.id.span, "this pathway")
                .help("write its steps under [stages], first to last"),
        );
    }
    let stages: Vec<&At<String>> = head.stages.iter().map(|stage| &stage.fact).collect();
    problems.extend(twice(&stages, "the stage"));
    let ids: Vec<&At<String>> = head.counts.iter().map(|count| &count.id).chain(head.people.iter().map(|people| &people.id)).collect();
    problems.extend(twice(&ids, "the count"));
    problems
}

fn twice(names: &[&At<String>], what: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = names.iter().take(at).find(|other| other.value == name.value) {
            problems.push(
                Problem::error("R009", format!("{what} `{}` is given twice", name.value))
                    .at(name.span, "again")
                    .also(first.span, "first here")
                    .help("give one of them another name"),
            );
        }
    }
    problems
}

/// The facts that stages and counts name.
pub(super) fn facts_named(head: &PathwayHead) -> Vec<&str> {
    let stages = head.stages.iter().map(|stage| &stage.fact);
    let counts = head.counts.iter().map(|count| &count.fact);
    let others = [&head.declined, &head.lapses].into_iter().chain(&head.conditions);
    stages.chain(counts).chain(others).map(|name| name.value.as_str()).collect()
}
