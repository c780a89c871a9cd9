//! What can be wrong with a framework although each file can be read: ids used twice, things nobody uses,
//! values without limits, codes that say two things, examples that cannot be.

use super::code_sets::{CodeSet, Coverage};
use super::from_rules::Rulebook;
use super::{Framework, cycles, line_checks, pathway_checks};
use crate::framework::calendar::Day;
use crate::problem::{Problem, did_you_mean};
use crate::rules::phrase::{self, AmountText, Bound, Order, Subject, Test};
use crate::rules::syntax::{Codes, FactText, Find, Head, RuleFile, SearchText};
use crate::source::{At, Span};
use rustc_hash::{FxHashMap, FxHashSet};

/// Problems that need no ids.
pub(super) fn static_checks(rulebook: &Rulebook) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !rulebook.period().is_a_year() {
        problems.push(
            Problem::error("R040", "the period is not a year")
                .at(rulebook.file.to.span, "the last day")
                .also(rulebook.file.from.span, "the first day")
                .help("the last day is the day before the first one of the next year"),
        );
    }
    problems.extend(ids_twice(rulebook));
    problems.extend(sets_unused(rulebook));
    problems.extend(values_of_no_set(rulebook));
    problems.extend(values_missing(rulebook));
    problems.extend(references_to_nothing(rulebook));
    for file in &rulebook.files {
        problems.extend(names_twice(rulebook, file));
        problems.extend(names_unused(file));
        if !matches!(file.head, Head::Pathway(_)) {
            problems.extend(line_checks::problems(file));
        }
        problems.extend(examples(rulebook, file));
        match &file.head {
            Head::Indicator(head) => problems.extend(line_checks::worth(file, head)),
            Head::Register(_) => problems.extend(resolved_codes(rulebook, file)),
            Head::Pathway(head) => problems.extend(pathway_checks::problems(file, head)),
        }
    }
    problems
}

/// Problems that need ids.
pub(super) fn framework_checks(rulebook: &Rulebook, framework: &Framework) -> Vec<Problem> {
    let complete = framework.registers.len() == rulebook.register_ids().len();
    let cycle = if complete { cycles::register_cycle(rulebook, framework) } else { None };
    cycle.into_iter().collect()
}

impl Rulebook {
    /// Code sets that no source confirms: allowed, but a commissioner should put their own codes in.
    pub fn unverified(&self) -> Vec<Problem> {
        let unverified = self.sets.iter().filter(|set| set.coverage == Coverage::Unverified);
        unverified
            .map(|set| {
                Problem::warning("R044", format!("no source confirms the codes of `{}`", set.name))
                    .at(set.file.span(0..0), "this set")
                    .help("put the codes that your practices use in, and say where they come from")
            })
            .collect()
    }
}

fn ids_twice(rulebook: &Rulebook) -> Vec<Problem> {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    let mut problems = Vec::new();
    let associations = rulebook.file.associations.iter().map(|association| &association.id);
    for id in rulebook.files.iter().flat_map(ids).chain(associations) {
        match seen.get(id.value.as_str()) {
            Some(first) => problems.push(
                Problem::error("R009", format!("the id `{}` is given twice", id.value))
                    .at(id.span, "again")
                    .also(*first, "first here")
                    .help("give one of them another id"),
            ),
            None => {
                seen.insert(&id.value, id.span);
            }
        }
    }
    problems
}

/// The ids that a file gives: its own, or those of its bands and its own.
fn ids(file: &RuleFile) -> Vec<&At<String>> {
    match &file.head {
        Head::Register(head) => vec![&head.id],
        Head::Pathway(head) => vec![&head.id],
        Head::Indicator(head) => std::iter::once(&head.id).chain(file.bands.iter().map(|band| &band.id)).collect(),
    }
}

fn searches(file: &RuleFile) -> impl Iterator<Item = (&FactText, &SearchText)> {
    file.facts.iter().filter_map(|fact| Some((fact, fact.find.search()?)))
}

/// Names of all sets that a fact looks for.
pub(super) fn used_sets(rulebook: &Rulebook) -> FxHashSet<&str> {
    let mut used = FxHashSet::default();
    for (_, search) in rulebook.files.iter().flat_map(searches) {
        used.extend(search.sets().into_iter().map(|set| set.value.as_str()));
        used.extend(search.with.iter().flat_map(|companion| &companion.codes).map(|set| set.value.as_str()));
    }
    used
}

fn sets_unused(rulebook: &Rulebook) -> Vec<Problem> {
    if !all_whole(rulebook) {
        return Vec::new();
    }
    let used = used_sets(rulebook);
    let unused = rulebook.sets.iter().filter(|set| !used.contains(set.name.as_str()));
    unused
        .map(|set| {
            Problem::error("R014", format!("no fact looks for the code set `{}`", set.name))
                .at(set.file.span(0..0), "this set")
                .help("use it in a fact, or take the file out")
        })
        .collect()
}

/// Whether every rule file could be read to its last word: otherwise nobody can say what no fact looks for.
fn all_whole(rulebook: &Rulebook) -> bool {
    rulebook.all_read && rulebook.files.iter().all(|file| file.whole)
}

fn values_of_no_set(rulebook: &Rulebook) -> Vec<Problem> {
    let names: Vec<&str> = rulebook.sets.iter().map(|set| set.name.as_str()).collect();
    let unknown = rulebook.file.values.iter().filter(|value| !names.contains(&value.set.value.as_str()));
    unknown
        .map(|value| {
            let help = did_you_mean(&value.set.value, names.iter().copied()).unwrap_or_else(|| "take it out, or add the set".to_owned());
            Problem::error("R011", format!("there is no code set called `{}`", value.set.value))
                .at(value.set.span, "unknown set")
                .help(help)
        })
        .collect()
}

/// Every set whose value is looked at must say which values are believed.
fn values_missing(rulebook: &Rulebook) -> Vec<Problem> {
    let mut problems = Vec::new();
    let known: FxHashSet<&str> = rulebook.file.values.iter().map(|value| value.set.value.as_str()).collect();
    let mut said = FxHashSet::default();
    for file in &rulebook.files {
        for (_, search) in values_looked_at(file) {
            for set in search.sets() {
                if !known.contains(set.value.as_str()) && said.insert(set.value.as_str()) {
                    problems.push(
                        Problem::error("R027", format!("the values of `{}` are looked at, but have no unit and no limits", set.value))
                            .at(set.span, "this set")
                            .help(format!("in framework.toml, under [values]: {} = {{ unit = \"…\", from = …, to = … }}", set.value)),
                    );
                }
            }
        }
    }
    problems
}

/// The facts of a file whose values are looked at: as a reading, by `where`, or by a test in a sentence.
pub fn values_looked_at(file: &RuleFile) -> Vec<(&FactText, &SearchText)> {
    let tested = facts_with_value_tests(file);
    let looked_at = |(fact, search): &(&FactText, &SearchText)| {
        !search.only.is_empty() || matches!(search.codes, Codes::Values(_)) || tested.contains(fact.name.value.as_str())
    };
    searches(file).filter(looked_at).collect()
}

fn sentences(file: &RuleFile) -> impl Iterator<Item = &phrase::Condition> {
    let lines = file.lines.iter().filter_map(|line| line.condition.as_ref());
    let conditions = file.conditions.iter().map(|(_, condition)| &condition.value);
    let people = match &file.head {
        Head::Pathway(head) => head.people.as_slice(),
        Head::Register(_) | Head::Indicator(_) => &[],
    };
    let people = people.iter().map(|people| &people.is.value);
    lines.chain(conditions).chain(file.bands.iter().map(|band| &band.is.value)).chain(people)
}

fn facts_with_value_tests(file: &RuleFile) -> FxHashSet<&str> {
    let clauses = sentences(file).flat_map(|sentence| &sentence.clauses);
    let tested = clauses.filter(|clause| clause.tests.iter().any(|test| matches!(&test.value, Test::Amount(test) if test.value.is_some())));
    tested
        .filter_map(|clause| match &clause.subject {
            Subject::Named(name) => Some(name.value.as_str()),
            _ => None,
        })
        .collect()
}

fn references_to_nothing(rulebook: &Rulebook) -> Vec<Problem> {
    let ids = rulebook.register_ids();
    if !rulebook.all_read {
        return Vec::new();
    }
    let unknown = rulebook.file.reference.iter().filter(|reference| !ids.contains(&reference.id.value.as_str()));
    unknown
        .map(|reference| {
            let help =
                did_you_mean(&reference.id.value, ids.iter().copied()).unwrap_or_else(|| "take it out, or add the register".to_owned());
            Problem::error("R012", format!("there is no register called `{}`", reference.id.value))
                .at(reference.id.span, "unknown register")
                .help(help)
        })
        .collect()
}

/// Facts, conditions, dates and values of bands share one set of names.
fn names_twice(rulebook: &Rulebook, file: &RuleFile) -> Vec<Problem> {
    let mut seen: Vec<&At<String>> = rulebook.file.dates.iter().map(|(name, _)| name).collect();
    let mut problems = Vec::new();
    let facts = file.facts.iter().map(|fact| &fact.name);
    let conditions = file.conditions.iter().map(|(name, _)| name);
    let values = file.bands.first().map_or(&[][..], |band| band.values.as_slice()).iter().map(|(name, _)| name);
    for name in facts.chain(conditions).chain(values) {
        match seen.iter().find(|other| other.value == name.value) {
            Some(first) => problems.push(
                Problem::error("R008", format!("the name `{}` is given twice", name.value))
                    .at(name.span, "again")
                    .also(first.span, "first here")
                    .help("rename one: no two facts, conditions, dates or values of a band may have one name"),
            ),
            None => seen.push(name),
        }
    }
    problems
}

fn names_unused(file: &RuleFile) -> Vec<Problem> {
    if !file.whole {
        return Vec::new();
    }
    let mut used: FxHashSet<&str> = FxHashSet::default();
    for sentence in sentences(file) {
        for clause in &sentence.clauses {
            used.extend(names_in(clause));
        }
    }
    for fact in &file.facts {
        used.extend(facts_in(&fact.find));
    }
    if let Head::Pathway(head) = &file.head {
        used.extend(pathway_checks::facts_named(head));
    }
    let facts = file.facts.iter().map(|fact| ("fact", &fact.name));
    let conditions = file.conditions.iter().map(|(name, _)| ("condition", name));
    let unused = facts.chain(conditions).filter(|(_, name)| !used.contains(name.value.as_str()));
    unused
        .map(|(what, name)| {
            Problem::error("R013", format!("no line uses the {what} `{}`", name.value))
                .at(name.span, "unused")
                .help("use it in a line, or take it out")
        })
        .collect()
}

fn names_in(clause: &phrase::Clause) -> Vec<&str> {
    let mut names = Vec::new();
    if let Subject::Named(name) = &clause.subject {
        names.push(name.value.as_str());
    }
    for test in &clause.tests {
        match &test.value {
            Test::Day { to, .. } => names.push(to.value.as_str()),
            Test::Within { of, .. } => names.push(of.value.as_str()),
            Test::Amount(test) => names.extend(match &test.amount.value {
                AmountText::Name(name) => Some(name.as_str()),
                AmountText::Number(_) => None,
            }),
            Test::InTheLast(_) | Test::Is(_) => {}
        }
    }
    names
}

fn facts_in(find: &Find) -> Vec<&str> {
    let search = match find {
        Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } | Find::Count { search, .. } => search,
        Find::LatestOf(names) => return names.iter().map(|name| name.value.as_str()).collect(),
        Find::Registers(_) => return Vec::new(),
    };
    let bounds = search.since.iter().chain(&search.until);
    bounds
        .filter_map(|bound| match &bound.value {
            Bound::Name(name) => Some(name.as_str()),
            Bound::Away { fact, .. } => Some(fact.value.as_str()),
            Bound::Age(_) | Bound::BeforeEnd(_) => None,
        })
        .collect()
}

pub(super) fn head_span(file: &RuleFile) -> Span {
    file.head.id().span
}

fn examples(rulebook: &Rulebook, file: &RuleFile) -> Vec<Problem> {
    let used = used_sets(rulebook);
    let mut problems = Vec::new();
    for example in &file.examples {
        let day = example.at.as_ref().map_or(rulebook.file.to.value, |at| at.value);
        for record in &example.records {
            if record.date.value > day {
                problems.push(
                    Problem::error("R036", format!("this record lies after the reporting day {day}"))
                        .at(record.date.span, "this day")
                        .help("records after the reporting day do not exist; set `at` to a later day"),
                );
            }
            if let Some(born) = example.born.as_ref().filter(|born| record.date.value < born.value) {
                problems.push(
                    Problem::error("R036", "this record lies before the person was born")
                        .at(record.date.span, "this day")
                        .also(born.span, "born here")
                        .help("an extract's events before birth are left out: choose a later day"),
                );
            }
            for set in record.sets.iter().filter(|set| !used.contains(set.value.as_str()) && !perhaps_used(rulebook, set)) {
                let help = did_you_mean(&set.value, used_in_order(&used))
                    .unwrap_or_else(|| "examples name code sets that a fact looks for".to_owned());
                problems.push(
                    Problem::error("R011", format!("no fact looks for a code set called `{}`", set.value))
                        .at(set.span, "unknown set")
                        .help(help),
                );
            }
        }
        let days = [("born", &example.born), ("registered", &example.registered), ("at", &example.at)];
        for (key, day) in days {
            if let Some(day) = day
                .as_ref()
                .filter(|day| Day::from(day.value) < super::calendar::FIRST_DAY || Day::from(day.value) > super::calendar::LAST_DAY)
            {
                problems.push(
                    Problem::error("R036", format!("`{key}` lies outside the years 1850 to 2100"))
                        .at(day.span, "this day")
                        .help("choose a day in those years"),
                );
            }
        }
    }
    problems
}

/// A set that is there, while a file that may look for it could not be read.
fn perhaps_used(rulebook: &Rulebook, set: &At<String>) -> bool {
    !all_whole(rulebook) && rulebook.sets.iter().any(|other| other.name == set.value)
}

fn used_in_order<'s>(used: &FxHashSet<&'s str>) -> Vec<&'s str> {
    let mut names: Vec<&str> = used.iter().copied().collect();
    names.sort_unstable();
    names
}

/// In a register, a line `resolved after diagnosed` compares two facts; a code in both would be its own resolution.
fn resolved_codes(rulebook: &Rulebook, file: &RuleFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let find_sets = |name: &str| -> Vec<&CodeSet> {
        let search = searches(file).find(|(fact, _)| fact.name.value == name).map(|(_, search)| search.sets()).unwrap_or_default();
        search.into_iter().filter_map(|set| rulebook.sets.iter().find(|other| other.name == set.value)).collect()
    };
    for clause in sentences(file).flat_map(|sentence| &sentence.clauses) {
        let Subject::Named(resolved) = &clause.subject else { continue };
        for test in &clause.tests {
            let Test::Day { order: Order::After | Order::OnOrAfter, to } = &test.value else { continue };
            problems.extend(shared_codes(&find_sets(&resolved.value), &find_sets(&to.value)));
        }
    }
    problems
}

fn shared_codes(resolved: &[&CodeSet], diagnosed: &[&CodeSet]) -> Vec<Problem> {
    let known: FxHashMap<(&str, &str), (Span, &str)> = diagnosed
        .iter()
        .flat_map(|set| set.codes.iter().map(|code| ((code.scheme.as_str(), code.code.as_str()), (code.span, set.name.as_str()))))
        .collect();
    let codes = resolved
        .iter()
        .filter(|set| !diagnosed.iter().any(|other| other.name == set.name))
        .flat_map(|set| set.codes.iter().map(move |code| (set, code)));
    codes
        .filter_map(|(set, code)| {
            let (there, name) = known.get(&(code.scheme.as_str(), code.code.as_str()))?;
            Some(
                Problem::error("R032", format!("the code `{}` is in `{}` and in `{name}`", code.code, set.name))
                    .at(code.span, "here it is the end of the diagnosis")
                    .also(*there, "and here the diagnosis")
                    .help("a code cannot be a diagnosis and its end: take it out of one of the two sets"),
            )
        })
        .collect()
}
