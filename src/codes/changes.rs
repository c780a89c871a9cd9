//! Two states of code sets → what differs: codes, terms, lines of the header. Turned round, added is removed and nothing else changes.

use super::set_file::{CodeRow, SetFile};
use std::collections::BTreeMap;

/// In which of the two states a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum There {
    /// In the first only.
    Before,
    /// In the second only.
    After,
    /// In both.
    Both,
}

/// Something that both states have, told differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Of what: a scheme and a code, or nothing and a key of the header.
    pub of: (String, String),
    /// In the first; nothing where a line of the header is new.
    pub before: Option<String>,
    /// In the second; nothing where a line of the header is gone.
    pub after: Option<String>,
}

/// What differs in one set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetChanges {
    /// The set.
    pub name: String,
    /// Where it is.
    pub there: There,
    /// Codes of the second state only, by scheme and code.
    pub added: Vec<CodeRow>,
    /// Codes of the first state only.
    pub removed: Vec<CodeRow>,
    /// Codes of both with another term.
    pub terms: Vec<Told>,
    /// Lines of the header.
    pub header: Vec<Told>,
    /// How many codes the second state has; of a set that is gone, how many the first had.
    pub codes: usize,
}

impl SetChanges {
    /// Compares two states of a set; one of them may not be there.
    pub fn between(before: Option<&SetFile>, after: Option<&SetFile>) -> SetChanges {
        let rows = |set: Option<&SetFile>| -> BTreeMap<(String, String), CodeRow> {
            let rows = set.map_or(&[][..], |set| &set.codes);
            rows.iter().map(|row| ((row.scheme.clone(), row.code.clone()), row.clone())).collect()
        };
        let (first, second) = (rows(before), rows(after));
        let only_in = |one: &BTreeMap<_, CodeRow>, other: &BTreeMap<_, CodeRow>| -> Vec<CodeRow> {
            one.iter().filter(|(key, _)| !other.contains_key(*key)).map(|(_, row)| row.clone()).collect()
        };
        let there = match (before, after) {
            (Some(_), None) => There::Before,
            (None, Some(_)) => There::After,
            _ => There::Both,
        };
        let both = first.iter().filter_map(|(key, row)| Some((key, row, second.get(key)?)));
        let terms = both.filter(|(_, a, b)| a.term != b.term);
        let told = |(key, a, b): (&(String, String), &CodeRow, &CodeRow)| Told {
            of: key.clone(),
            before: Some(a.term.clone()),
            after: Some(b.term.clone()),
        };
        let terms = terms.map(told).collect();
        SetChanges {
            name: after.or(before).map(|set| set.name.clone()).unwrap_or_default(),
            there,
            added: only_in(&second, &first),
            removed: only_in(&first, &second),
            terms,
            header: match there {
                There::Both => header(before, after),
                There::Before | There::After => Vec::new(),
            },
            codes: after.or(before).map_or(0, |set| set.codes.len()),
        }
    }

    /// Whether the two states are the same.
    pub fn is_empty(&self) -> bool {
        self.there == There::Both && self.added.is_empty() && self.removed.is_empty() && self.terms.is_empty() && self.header.is_empty()
    }

    /// What differs when the two states change places.
    pub fn mirrored(&self) -> SetChanges {
        let turned = |all: &[Told]| -> Vec<Told> {
            all.iter().map(|told| Told { of: told.of.clone(), before: told.after.clone(), after: told.before.clone() }).collect()
        };
        SetChanges {
            there: match self.there {
                There::Before => There::After,
                There::After => There::Before,
                There::Both => There::Both,
            },
            added: self.removed.clone(),
            removed: self.added.clone(),
            terms: turned(&self.terms),
            header: turned(&self.header),
            ..self.clone()
        }
    }
}

/// Sets of two folders, by name; those that are the same are left out.
pub fn between_folders(before: &[SetFile], after: &[SetFile]) -> Vec<SetChanges> {
    fn by_name(sets: &[SetFile]) -> BTreeMap<&str, &SetFile> {
        sets.iter().map(|set| (set.name.as_str(), set)).collect()
    }
    let (first, second) = (by_name(before), by_name(after));
    let mut names: Vec<&str> = first.keys().chain(second.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let changes = names.iter().map(|name| SetChanges::between(first.get(name).copied(), second.get(name).copied()));
    changes.filter(|changes| !changes.is_empty()).collect()
}

/// Lines by key; keys that one of the two has several times are compared line by line.
fn header(before: Option<&SetFile>, after: Option<&SetFile>) -> Vec<Told> {
    fn lines(set: Option<&SetFile>) -> BTreeMap<&str, Vec<&str>> {
        let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for line in set.map_or(&[][..], |set| &set.header) {
            let (key, value) = line.split_once(':').unwrap_or(("", line));
            lines.entry(key.trim()).or_default().push(value.trim());
        }
        lines
    }
    let (first, second) = (lines(before), lines(after));
    let mut keys: Vec<&str> = first.keys().chain(second.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut all = Vec::new();
    for key in keys {
        let of = || (String::new(), key.to_owned());
        let none = Vec::new();
        let (a, b) = (first.get(key).unwrap_or(&none), second.get(key).unwrap_or(&none));
        if let ([a], [b]) = (a.as_slice(), b.as_slice()) {
            all.extend((a != b).then(|| Told { of: of(), before: Some((*a).to_owned()), after: Some((*b).to_owned()) }));
            continue;
        }
        let mut new: Vec<&str> = b.clone();
        for line in a {
            match new.iter().position(|other| other == line) {
                Some(at) => drop(new.remove(at)),
                None => all.push(Told { of: of(), before: Some((*line).to_owned()), after: None }),
            }
        }
        all.extend(new.into_iter().map(|line| Told { of: of(), before: None, after: Some(line.to_owned()) }));
    }
    all.sort();
    all
}

/// What differs in one set, for people: a line of counts, then at most so many codes of each kind.
pub fn told(changes: &SetChanges, shown: usize) -> String {
    let codes = number(changes.codes, "code");
    let mut text = match changes.there {
        There::After => format!("{}  new, {codes} ({})", changes.name, schemes(&changes.added)),
        There::Before => format!("{}  gone, {codes} ({})", changes.name, schemes(&changes.removed)),
        There::Both if changes.is_empty() => format!("{}  unchanged, {codes}", changes.name),
        There::Both => format!(
            "{}  {codes}: {} added, {} removed, {} with another term",
            changes.name,
            changes.added.len(),
            changes.removed.len(),
            changes.terms.len()
        ),
    };
    let row = |mark: &str, row: &CodeRow| format!("  {mark} {} {}  {}", row.scheme, row.code, row.term);
    if changes.there == There::Both {
        text += &lines(changes.added.iter().map(|added| row("+", added)), shown);
        text += &lines(changes.removed.iter().map(|removed| row("-", removed)), shown);
    }
    let term = |told: &Told| format!("  ~ {} {}  {} → {}", told.of.0, told.of.1, said(&told.before), said(&told.after));
    text += &lines(changes.terms.iter().map(term), shown);
    let line = |told: &Told| match (&told.before, &told.after) {
        (Some(before), None) => format!("  - # {}: {before}", told.of.1),
        (None, Some(after)) => format!("  + # {}: {after}", told.of.1),
        (before, after) => format!("  ~ # {}: {} → {}", told.of.1, said(before), said(after)),
    };
    text + &lines(changes.header.iter().map(line), shown)
}

/// The schemes of codes, each once.
fn schemes(rows: &[CodeRow]) -> String {
    let mut schemes: Vec<&str> = rows.iter().map(|row| row.scheme.as_str()).collect();
    schemes.dedup();
    schemes.join(", ")
}

fn said(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn lines(all: impl ExactSizeIterator<Item = String>, shown: usize) -> String {
    let more = all.len().saturating_sub(shown);
    let mut text: String = all.take(shown).map(|line| format!("\n{line}")).collect();
    if more > 0 {
        text += &format!("\n    … and {more} more");
    }
    text
}

/// `1 code`, `2 codes`
pub(super) fn number(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The same as rows, one a difference.
pub fn changes_csv(all: &[SetChanges]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and all rows are as long as the header.
    let _ = writer.write_record(["set", "what", "scheme", "code", "before", "after"]);
    for changes in all {
        let name = changes.name.as_str();
        let set = match changes.there {
            There::Before => Some("set removed"),
            There::After => Some("set added"),
            There::Both => None,
        };
        if let Some(what) = set {
            let _ = writer.write_record([name, what, "", "", "", ""]);
        }
        for row in &changes.added {
            let _ = writer.write_record([name, "code added", &row.scheme, &row.code, "", &row.term]);
        }
        for row in &changes.removed {
            let _ = writer.write_record([name, "code removed", &row.scheme, &row.code, &row.term, ""]);
        }
        for (what, all) in [("term changed", &changes.terms), ("header changed", &changes.header)] {
            for told in all {
                let _ = writer.write_record([name, what, &told.of.0, &told.of.1, said(&told.before), said(&told.after)]);
            }
        }
    }
    writer.into_inner().unwrap_or_default()
}
