//! Lines that decide nobody because the extract does not hold what they ask for.

use super::lack::{Missing, missing_in_words, sets_in_words};
use super::people::{FileCount, Found, in_words, lines_of, names, target};
use super::{Evidence, Finding, NAMED, SEE_CODES, Section, TOGETHER, Target, listed, number, plural};
use crate::framework::LineNumber;
use crate::framework::code_sets::SetId;
use crate::problem::Problem;
use crate::rules::syntax::RuleFile;
use crate::source::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Lines by what is missing for them.
pub(super) type ForLack<'c, 'e> = BTreeMap<BTreeSet<Missing>, Vec<Found<'c, 'e>>>;

/// Lines that decide nobody because something is not in the extract: what keeps people from a target each for itself,
/// what only keeps them from being left out together.
/// Gives those that lack only values, by set: they are told where the values are.
pub(super) fn wants(
    evidence: &Evidence<'_>,
    for_lack: ForLack<'_, '_>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<SetId, Vec<(String, LineNumber)>> {
    let mut without_values: BTreeMap<SetId, Vec<(String, LineNumber)>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (lack, found) in for_lack {
        let records = lack.iter().any(|missing| matches!(missing, Missing::Records(_)));
        match lack.first() {
            Some(Missing::Values(set)) if !records => without_values.entry(*set).or_default().extend(names(&found)),
            _ if target(lines_of(&found)) == Target::Touched => findings.extend(want(evidence, &lack, &found)),
            _ => rest.push((lack, found)),
        }
    }
    rest.sort_by_key(|(_, found)| Reverse(largest(found)));
    if rest.len() < TOGETHER {
        findings.extend(rest.iter().filter_map(|(lack, found)| want(evidence, lack, found)));
    } else {
        findings.extend(wants_together(evidence, &rest));
    }
    without_values
}

/// The place of what is missing, in the file whose lines come first.
fn place_of_want(evidence: &Evidence<'_>, lack: &BTreeSet<Missing>, count: &FileCount<'_>) -> Span {
    let sets = lack.iter().map(|(Missing::Records(set) | Missing::Values(set))| evidence.framework.set_name(*set));
    sets.into_iter().find_map(|set| set_in(count.file, set)).unwrap_or(count.id().span)
}

fn want(evidence: &Evidence<'_>, lack: &BTreeSet<Missing>, found: &[Found<'_, '_>]) -> Option<Finding> {
    let ((count, lines), others) = found.split_first()?;
    let all = names(found);
    let says = format!("{}, so that {} nobody", missing_in_words(evidence, lack), lines_decide(all.len()));
    let mut problem = Problem::warning("R052", says).at(place_of_want(evidence, lack, count), "no record of this set");
    for line in lines {
        problem = problem.also(line.span, format!("decides nobody of {} people", number(count.of)));
    }
    let others = match others {
        [] => String::new(),
        others => format!("; it is the same with {}", listed(others.iter().map(in_words).collect(), NAMED)),
    };
    problem = problem.help(format!("{SEE_CODES}{others}"));
    let mut finding = Finding::new(Section::NoRecords, problem, largest(found));
    finding.weight.target = target(lines_of(found));
    finding.deciding_nobody = all;
    Some(finding)
}

fn wants_together(evidence: &Evidence<'_>, wants: &[(BTreeSet<Missing>, Vec<Found<'_, '_>>)]) -> Option<Finding> {
    let (lack, found) = wants.first()?;
    let (count, _) = found.first()?;
    let all: Vec<(String, LineNumber)> = wants.iter().flat_map(|(_, found)| names(found)).collect();
    let sets: BTreeSet<&Missing> = wants.iter().flat_map(|(lack, _)| lack).collect();
    let says = format!(
        "this extract holds no record of {}, so that {} that would leave people out decide nobody",
        plural(sets.len(), "code set"),
        plural(all.len(), "line")
    );
    let rows = wants
        .iter()
        .map(|(lack, found)| format!("\n- {}: {}", sets_in_words(evidence, lack), listed(found.iter().map(in_words).collect(), NAMED)));
    let help = format!("{SEE_CODES}{}", rows.collect::<String>());
    let problem =
        Problem::warning("R052", says).at(place_of_want(evidence, lack, count), "no record of this set, nor of others").help(help);
    let people = wants.iter().map(|(_, found)| largest(found)).max().unwrap_or(0);
    let mut finding = Finding::new(Section::NoRecords, problem, people);
    finding.deciding_nobody = all;
    Some(finding)
}

/// People of the file that has most.
fn largest(found: &[Found<'_, '_>]) -> u64 {
    found.iter().map(|(count, _)| count.of).max().unwrap_or(0)
}

fn lines_decide(lines: usize) -> String {
    if lines == 1 { "1 line decides".to_owned() } else { format!("{} decide", plural(lines, "line")) }
}

/// Where a file first names a code set.
fn set_in(file: &RuleFile, name: &str) -> Option<Span> {
    let searches = file.facts.iter().filter_map(|fact| fact.find.search());
    let sets = searches.flat_map(|search| search.sets().into_iter().chain(search.with.iter().flat_map(|companion| &companion.codes)));
    sets.into_iter().find(|set| set.value == name).map(|set| set.span)
}
