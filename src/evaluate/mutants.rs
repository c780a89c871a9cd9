//! Do the examples hold a rule file fast? Every small change of it is made, one at a time, and some example must come out
//! otherwise, or the file must say why nobody could ever tell the difference.

use super::changes::{Change, changes};
use super::edits::{Measure, lines_mut, lines_of};
use super::examples::{Frameworks, comes_out_otherwise, patients};
use crate::extract::patient::Patients;
use crate::framework::calendar::Day;
use crate::framework::pathways::Pathway;
use crate::framework::{Condition, Fact, Framework, Lines, RegisterId, Rulebook, View};
use crate::problem::Problem;
use crate::rules::syntax::{Example, Head, RuleFile};
use crate::source::Sources;
use rustc_hash::FxHashSet;

/// What became of the changes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The register or indicator.
    pub id: String,
    /// How many changes were made.
    pub changes: usize,
    /// How many an example noticed.
    pub noticed: usize,
    /// How many no example noticed, with a reason in the file.
    pub explained: usize,
}

/// What became of all changes.
#[derive(Debug, Default)]
pub struct Mutated {
    /// One a file, in the order of the files.
    pub scores: Vec<Score>,
    /// Changes that nobody noticed or explained, and explanations of nothing.
    pub problems: Vec<Problem>,
}

/// Makes every small change of every file of a rulebook whose examples come out as they say.
pub fn mutate(rulebook: &Rulebook, sources: &Sources) -> Mutated {
    let mut frameworks = Frameworks::of(rulebook);
    let mut mutated = Mutated::default();
    for file in &rulebook.files {
        let id = file.head.id().value.clone();
        let mut score = Score { id, changes: 0, noticed: 0, explained: 0 };
        let unnoticed = unnoticed(&mut frameworks, file, sources, &mut score);
        mutated.problems.extend(unexplained(file, &unnoticed));
        mutated.problems.extend(stale(file, &unnoticed));
        score.explained = unnoticed.iter().filter(|change| explained(file, change)).count();
        mutated.scores.push(score);
    }
    mutated
}

/// The changes that no example notices.
fn unnoticed(frameworks: &mut Frameworks<'_>, file: &RuleFile, sources: &Sources, score: &mut Score) -> Vec<Change> {
    let people = people(frameworks, file);
    let Some(first) = people.first().map(|(example, _)| frameworks.framework(example)) else {
        return Vec::new();
    };
    let measures = measures(first, file);
    let Some(lines) = measures.first().and_then(|measure| lines_of(first, *measure)) else { return Vec::new() };
    let mut left = changes(file, sources, lines);
    score.changes = left.len();
    let mut done: FxHashSet<(Day, View)> = FxHashSet::default();
    for (example, _) in &people {
        let key = frameworks.key(example);
        if !done.insert(key) {
            continue;
        }
        let of_this_day: Vec<&(&Example, Patients)> = people.iter().filter(|(other, _)| frameworks.key(other) == key).collect();
        let framework = frameworks.framework_mut(example);
        left.retain(|change| {
            let kept = Kept::of(framework, &measures);
            change.make(framework, &measures);
            let notices = |(example, patients): &&(&Example, Patients)| comes_out_otherwise(framework, file, example, patients);
            let noticed = of_this_day.iter().any(notices);
            kept.put_back(framework);
            !noticed
        });
    }
    score.noticed = score.changes - left.len();
    left
}

fn people<'f>(frameworks: &mut Frameworks<'_>, file: &'f RuleFile) -> Vec<(&'f Example, Patients)> {
    file.examples.iter().map(|example| (example, patients(frameworks.framework(example), example))).collect()
}

fn measures(framework: &Framework, file: &RuleFile) -> Vec<Measure> {
    match &file.head {
        Head::Register(head) => {
            let at = framework.registers.iter().position(|register| register.id == head.id.value);
            at.and_then(|at| u16::try_from(at).ok()).map(|at| Measure::Register(RegisterId(at))).into_iter().collect()
        }
        Head::Pathway(head) => {
            let at = framework.pathways.iter().position(|pathway| pathway.id == head.id.value);
            at.map(Measure::Pathway).into_iter().collect()
        }
        Head::Indicator(head) => {
            let bands: Vec<&str> = file.bands.iter().map(|band| band.id.value.as_str()).collect();
            let is_of_file = |id: &str| if bands.is_empty() { id == head.id.value } else { bands.contains(&id) };
            let indicators = framework.indicators.iter().enumerate();
            indicators.filter(|(_, indicator)| is_of_file(&indicator.id)).map(|(at, _)| Measure::Indicator(at)).collect()
        }
    }
}

/// What a change may touch, as it was.
struct Kept {
    facts: Vec<Fact>,
    conditions: Vec<Condition>,
    tables: usize,
    lines: Vec<(Measure, Lines)>,
    pathways: Vec<Pathway>,
}

impl Kept {
    fn of(framework: &Framework, measures: &[Measure]) -> Kept {
        let lines = measures.iter().filter_map(|measure| Some((*measure, lines_of(framework, *measure)?.clone())));
        Kept {
            facts: framework.facts.clone(),
            conditions: framework.conditions.clone(),
            tables: framework.day_tables.len(),
            lines: lines.collect(),
            pathways: framework.pathways.clone(),
        }
    }

    fn put_back(self, framework: &mut Framework) {
        framework.pathways = self.pathways;
        framework.facts = self.facts;
        framework.conditions = self.conditions;
        framework.day_tables.truncate(self.tables);
        for (measure, lines) in self.lines {
            if let Some(changed) = lines_mut(framework, measure) {
                *changed = lines;
            }
        }
    }
}

fn explained(file: &RuleFile, change: &Change) -> bool {
    file.mutants.iter().any(|mutant| mutant.change.value == change.words)
}

fn unexplained(file: &RuleFile, unnoticed: &[Change]) -> Vec<Problem> {
    let silent = unnoticed.iter().filter(|change| !explained(file, change));
    silent
        .map(|change| {
            Problem::error("R050", "no example would notice this change")
                .at(change.span, change.words.as_str())
                .help("add an example that comes out otherwise with it; if there can be none, add [[mutant]] with `change` as above and `survives-because`")
        })
        .collect()
}

/// A reason that nothing needs hides the next real gap.
fn stale(file: &RuleFile, unnoticed: &[Change]) -> Vec<Problem> {
    let needed = |change: &str| unnoticed.iter().any(|other| other.words == change);
    let stale = file.mutants.iter().filter(|mutant| !needed(&mutant.change.value));
    stale
        .map(|mutant| {
            Problem::error("R051", "an example notices this change, or no such change is made")
                .at(mutant.change.span, "this change")
                .help("take the [[mutant]] out, or write `change` exactly as `dqoh check --mutate` prints it")
        })
        .collect()
}
