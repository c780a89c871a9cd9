//! The `[[associate]]` of `framework.toml`: the names of two indicators become their places.

use super::Association;
use super::from_rules::Making;
use crate::problem::{Problem, did_you_mean};
use crate::rules::syntax::{AssociateText, Head, RuleFile};
use crate::source::At;

/// All of them, by id. The indicators must be there already.
pub(super) fn associations(making: &mut Making<'_>) -> Vec<Association> {
    let rulebook = making.rulebook;
    let mut all: Vec<Association> = rulebook.file.associations.iter().filter_map(|text| association(making, text)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn association(making: &mut Making<'_>, text: &AssociateText) -> Option<Association> {
    let (uptake, outcome) = (indicator(making, &text.uptake), indicator(making, &text.outcome));
    if text.uptake.value == text.outcome.value {
        making.problems.push(
            Problem::error("R062", format!("`{}` is held against itself", text.uptake.value))
                .at(text.outcome.span, "the outcome")
                .also(text.uptake.span, "the uptake")
                .help("name another indicator: whoever is in the one is in the other"),
        );
        return None;
    }
    Some(Association { id: text.id.value.clone(), title: text.title.value.clone(), uptake: uptake?, outcome: outcome? })
}

/// The place of an indicator, or a problem.
fn indicator(making: &mut Making<'_>, id: &At<String>) -> Option<usize> {
    let at = making.framework.indicators.iter().position(|indicator| indicator.id == id.value);
    let written: Vec<&str> = making.rulebook.files.iter().flat_map(indicator_ids).collect();
    // What could not be read may hold it; of what could not be understood something is said already.
    if at.is_none() && making.rulebook.all_read && !written.contains(&id.value.as_str()) {
        let near = did_you_mean(&id.value, written);
        let help = near.unwrap_or_else(|| "name an indicator, or a band of one; a register has no numerator".to_owned());
        let problem = Problem::error("R062", format!("there is no indicator called `{}`", id.value));
        making.problems.push(problem.at(id.span, "unknown indicator").help(help));
    }
    at
}

/// The ids of the indicators that a file becomes.
fn indicator_ids(file: &RuleFile) -> Vec<&str> {
    match &file.head {
        Head::Indicator(head) if file.bands.is_empty() => vec![&head.id.value],
        Head::Indicator(_) => file.bands.iter().map(|band| band.id.value.as_str()).collect(),
        Head::Register(_) | Head::Pathway(_) => Vec::new(),
    }
}
