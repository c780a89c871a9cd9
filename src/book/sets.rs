//! Code sets in words: where their codes come from, how many there are, who looks for them.

use super::words::number;
use super::{Measure, Piece, Set};
use crate::framework::Rulebook;
use crate::framework::code_sets::{CodeSet, Coverage};
use rust_decimal::Decimal;

/// All code sets. `measures` are asked who looks for each.
pub(super) fn sets<'b>(rulebook: &Rulebook, measures: impl Iterator<Item = &'b Measure> + Clone) -> Vec<Set> {
    let all = rulebook.sets.iter().enumerate();
    all.map(|(at, set)| {
        let used_by = measures.clone().filter(|measure| measure.sets.contains(&at));
        let used_by = used_by.map(|measure| Piece::To(measure.place.clone(), measure.id.clone())).collect();
        page(rulebook, set, used_by)
    })
    .collect()
}

fn page(rulebook: &Rulebook, set: &CodeSet, used_by: Vec<Piece>) -> Set {
    let mut about: Vec<(&'static str, String)> = Vec::new();
    if let Some(values) = rulebook.file.values.iter().find(|values| values.set.value == set.name) {
        let (from, to, unit) = (number(values.from.value), number(values.to.value), &values.unit.value);
        about.push(("Values", format!("read in {unit}, from {from} to {to}; any other value is not used")));
    }
    about.extend(set.about.licence.clone().map(|licence| ("Licence", licence)));
    about.extend(set.about.notes.iter().map(|note| ("Note", note.clone())));
    Set {
        name: set.name.clone(),
        title: set.about.title.clone().unwrap_or_else(|| set.name.clone()),
        source: set.about.source.clone().unwrap_or_default(),
        release: set.about.release.clone().unwrap_or_default(),
        coverage: coverage(set),
        counts: counts(set),
        about,
        used_by,
        codes: set.codes.iter().map(|code| [scheme(&code.scheme).to_owned(), code.code.clone(), code.term.clone()]).collect(),
    }
}

fn coverage(set: &CodeSet) -> String {
    let word = set.coverage.word();
    match (&set.about.extent, set.coverage) {
        (Some(extent), _) => format!("{word}: {extent}"),
        (None, Coverage::Unverified) => format!("{word}: no source confirms these codes"),
        (None, Coverage::Complete | Coverage::Abridged) => word.to_owned(),
    }
}

/// `86 SNOMED CT, 40 Read v2`, in the order in which the schemes appear.
fn counts(set: &CodeSet) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for code in &set.codes {
        match counts.iter_mut().find(|(scheme, _)| *scheme == code.scheme) {
            Some((_, count)) => *count += 1,
            None => counts.push((&code.scheme, 1)),
        }
    }
    let parts: Vec<String> = counts.iter().map(|(name, count)| format!("{} {}", number(Decimal::from(*count)), scheme(name))).collect();
    parts.join(", ")
}

/// The name of a scheme as people know it.
fn scheme(word: &str) -> &str {
    match word {
        "snomed" => "SNOMED CT",
        "dmd" => "dm+d",
        "read2" => "Read v2",
        "ctv3" => "CTV3",
        "emis" => "EMIS",
        "loinc" => "LOINC",
        "icd10" => "ICD-10",
        other => other,
    }
}
