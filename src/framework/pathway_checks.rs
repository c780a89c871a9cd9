//! What can be wrong with a pathway although its file can be read: too few stages, ids used twice.

use super::own_measures;
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
    problems.extend(names_taken(&stages, &ids));
    problems
}

/// Counts that are called as something that every pathway counts, and stages of whose names two such names become one.
fn names_taken(stages: &[&At<String>], ids: &[&At<String>]) -> Vec<Problem> {
    let names: Vec<&str> = stages.iter().map(|stage| stage.value.as_str()).collect();
    let own = own_measures::all(&names);
    let taken = ids.iter().filter(|id| own.iter().any(|(name, _)| *name == id.value));
    let mut problems: Vec<Problem> = taken
        .map(|id| {
            Problem::error("R057", format!("every pathway counts `{}` by itself", id.value))
                .at(id.span, "this name is taken")
                .help(format!("give this count another id, such as `{}-counted`", id.value))
        })
        .collect();
    for (at, (name, stage)) in own.iter().enumerate() {
        let again = own.iter().take(at).any(|(other, _)| other == name);
        if let Some(stage) = stage.and_then(|stage| stages.get(stage)).filter(|_| again && names_differ(&names)) {
            problems.push(
                Problem::error("R057", format!("two measures of this pathway would both be called `{name}`"))
                    .at(stage.span, "by the name of this stage")
                    .help("give this stage another name, without `-to-`"),
            );
        }
    }
    problems
}

/// Stages of one name are told of already.
fn names_differ(names: &[&str]) -> bool {
    names.iter().enumerate().all(|(at, name)| !names.iter().take(at).any(|other| other == name))
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
