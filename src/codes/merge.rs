//! What files give for one set, and the set that is there → the set as it should be. Codes of other schemes and all notes stay;
//! source, release and coverage are written anew.

use super::changes::{SetChanges, number};
use super::import::{Imported, Options, Part};
use super::set_file::{CodeRow, SetFile};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Between what imports say of the schemes they brought, and what the file said before of the others.
const BEFORE: &str = "; before: ";

/// Between what is said of one scheme and of another.
const AND: &str = " + ";

/// Between a scheme and what is said of it.
const OF: &str = ": ";

/// The usual order of schemes in a file; others come after them.
const SCHEMES: [&str; 6] = ["snomed", "dmd", "read2", "ctv3", "emis", "loinc"];

/// The set, by what all its parts say together. `terms` are for codes that have none in their file.
pub(super) fn merged(
    name: &str,
    before: Option<&SetFile>,
    parts: &[Part],
    terms: &FxHashMap<String, String>,
    options: &Options,
) -> Imported {
    let there = before.map(SetFile::by_code).unwrap_or_default();
    let mut codes: BTreeMap<(String, String), String> = BTreeMap::new();
    let (mut differing, mut nameless) = (0, 0);
    for found in parts.iter().flat_map(|part| &part.group.codes) {
        let scheme = found.scheme.clone().unwrap_or_default();
        let known = there.get(&(scheme.as_str(), found.code.as_str())).map(|row| row.term.clone()).filter(|term| *term != found.code);
        let known = known.filter(|_| options.keep_terms || found.term.is_empty());
        let written = Some(found.term.clone()).filter(|term| !term.is_empty());
        let term = known.or(written).or_else(|| terms.get(&found.code).cloned()).filter(|term| !term.is_empty());
        let key = (scheme, found.code.clone());
        match codes.get(&key) {
            Some(first) => differing += usize::from(term.is_some_and(|term| term != *first)),
            None => {
                nameless += usize::from(term.is_none());
                codes.insert(key, term.unwrap_or_else(|| found.code.clone()));
            }
        }
    }
    let remarks = remarks(parts, differing, nameless, options);
    let mut file = before.cloned().unwrap_or_else(|| SetFile { name: name.to_owned(), ..SetFile::default() });
    let mut imported: Vec<String> = Vec::new();
    for scheme in parts.iter().flat_map(|part| &part.group.codes).filter_map(|found| found.scheme.as_ref()) {
        if !imported.contains(scheme) {
            imported.push(scheme.clone());
        }
    }
    file.codes = in_order(&file, &imported, codes);
    write_header(&mut file, before, parts, &imported, options);
    Imported { changes: SetChanges::between(before, Some(&file)), file, remarks }
}

/// What must be known of a set besides what changes in it.
fn remarks(parts: &[Part], differing: usize, nameless: usize, options: &Options) -> Vec<String> {
    let mut remarks = Vec::new();
    if differing > 0 {
        remarks.push(format!("{} with another term for a code that stands above; the first is taken", number(differing, "row")));
    }
    if nameless > 0 {
        remarks.push(format!(
            "{} without a term in these files: the number stands in its place; a description file of SNOMED CT beside the others has terms",
            number(nameless, "code")
        ));
    }
    if parts.len() > 1 {
        remarks.push(format!("put together of {}", joined(parts.iter().map(|part| format!("{} ({})", part.name, part.file)))));
    }
    let retired: u64 = parts.iter().map(|part| part.group.retired).sum();
    if retired > 0 {
        remarks.push(format!("{} of codes that have left the set", number(usize::try_from(retired).unwrap_or(usize::MAX), "row")));
    }
    if let (Some(on), Some(released)) =
        (options.on, parts.iter().filter_map(|part| part.released).min().filter(|day| options.on > Some(*day)))
    {
        remarks.push(format!("its file is of {}: what changed from then to {} is not in it", released.long(), on.long()));
    }
    remarks
}

/// Schemes stay in their order, and new ones stand where they usually do; within an imported scheme codes stand in the order of their text.
fn in_order(before: &SetFile, imported: &[String], codes: BTreeMap<(String, String), String>) -> Vec<CodeRow> {
    let rank = |scheme: &str| SCHEMES.iter().position(|usual| *usual == scheme).unwrap_or(SCHEMES.len());
    let mut schemes = before.schemes();
    for scheme in imported {
        if !schemes.contains(&scheme.as_str()) {
            let at = schemes.iter().position(|other| rank(other) > rank(scheme)).unwrap_or(schemes.len());
            schemes.insert(at, scheme);
        }
    }
    let mut rows = Vec::new();
    for scheme in schemes {
        if imported.iter().any(|other| other == scheme) {
            let of_scheme = codes.iter().filter(|((of, _), _)| of == scheme);
            rows.extend(of_scheme.map(|((scheme, code), term)| CodeRow { scheme: scheme.clone(), code: code.clone(), term: term.clone() }));
        } else {
            rows.extend(before.codes.iter().filter(|row| row.scheme == scheme).cloned());
        }
    }
    rows
}

fn write_header(file: &mut SetFile, before: Option<&SetFile>, parts: &[Part], imported: &[String], options: &Options) {
    let kept: Vec<String> =
        file.schemes().into_iter().filter(|scheme| !imported.iter().any(|other| other == scheme)).map(str::to_owned).collect();
    if file.note("title").is_none() {
        let title = parts.iter().map(|part| part.group.title.as_str()).find(|title| !title.is_empty()).unwrap_or(&file.name).to_owned();
        file.set_note("title", &title);
    }
    let source = joined(parts.iter().map(|part| part.form.source(&part.name, &part.file)));
    let mut release = options.release.clone().unwrap_or_else(|| joined(parts.iter().map(release_of)));
    if let Some(on) = options.on {
        release = format!("{release}, as in force on {on}");
    }
    for (key, new) in [("source", source), ("release", release)] {
        let old = before.and_then(|set| set.note(key));
        file.set_note(key, &told_by_scheme(old, &new, imported, &kept));
    }
    // A set that is put together of several is none of theirs.
    let refsets: BTreeSet<Option<&str>> = parts.iter().map(|part| part.group.refset.as_deref()).collect();
    if let (1, Some(Some(refset))) = (refsets.len(), refsets.first()) {
        file.set_note("refset", refset);
    }
    if file.note("licence").is_none() {
        file.set_note("licence", "that under which its source was published");
    }
    file.set_note("coverage", &coverage(file, &kept, imported));
}

/// What is new of the imported schemes, and what the line says already of the schemes that stay:
/// `snomed: NHS … + read2: …; before: …`.
fn told_by_scheme(old: Option<&str>, new: &str, imported: &[String], kept: &[String]) -> String {
    if kept.is_empty() {
        return new.to_owned();
    }
    let mut parts = vec![format!("{}{OF}{new}", imported.join(" and "))];
    let Some(old) = old else { return parts.concat() };
    let (brought, mut before) = old.split_once(BEFORE).map_or((old, None), |(brought, before)| (brought, Some(before)));
    let is_kept = |part: &&str| {
        part.split_once(OF).is_some_and(|(schemes, _)| schemes.split(" and ").any(|scheme| kept.iter().any(|other| other == scheme)))
    };
    let is_ours = |part: &str| {
        part.split_once(OF)
            .is_some_and(|(schemes, _)| schemes.split(" and ").all(|scheme| kept.iter().chain(imported).any(|other| other == scheme)))
    };
    if brought.split(AND).all(is_ours) {
        parts.extend(brought.split(AND).filter(is_kept).map(str::to_owned));
    } else {
        before = Some(old);
    }
    parts.join(AND) + &before.map(|before| format!("{BEFORE}{before}")).unwrap_or_default()
}

/// What a file says of other schemes holds on for them; alone, an imported set is complete.
fn coverage(file: &SetFile, kept: &[String], imported: &[String]) -> String {
    let word = file.note("coverage").and_then(|old| old.split([',', ' ']).next()).filter(|_| !kept.is_empty()).unwrap_or("complete");
    if word == "complete" {
        return word.to_owned();
    }
    format!("{word}, {} complete, {} as before", imported.join(" and "), kept.join(" and "))
}

fn release_of(part: &Part) -> String {
    match (part.released, part.group.latest) {
        (Some(released), _) => released.to_string(),
        (None, Some(latest)) => format!("rows up to {latest}"),
        (None, None) => "not stated".to_owned(),
    }
}

/// Each once, in order, with `and` between.
fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join(" and ")
}
