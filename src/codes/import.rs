//! Published files and the code sets that are there → the code sets as they should be, what changes in each, and all that was not understood.
//! Nothing is taken over in part: with one problem that is an error, no set may be written.

use super::changes::{SetChanges, number};
use super::descriptions::Descriptions;
use super::form::{Form, Kind, header, likely_scheme};
use super::incoming::{Group, Incoming, Place, Wanted, day_in_name};
use super::members::Keeps;
use super::set_file::SetFile;
use super::{clusters, list, members, merge};
use crate::framework::calendar::Day;
use crate::framework::code_forms::normal_code;
use crate::problem::{Problem, did_you_mean};
use crate::table::{Table, decode, is_workbook, rows, sheets};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// So many problems of a kind are shown for one file; the last says how many more there are.
const SHOWN: usize = 10;

/// What is wanted of the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Clusters, reference sets or lists, and the sets they are to go to.
    pub map: Vec<(String, String)>,
    /// Only these sets.
    pub only: Vec<String>,
    /// Clusters, reference sets and lists without a set make a new one.
    pub all: bool,
    /// Codes that were in force on this day.
    pub on: Option<Day>,
    /// The scheme of codes that do not say it themselves.
    pub scheme: Option<String>,
    /// The release, in words of the user's own.
    pub release: Option<String>,
    /// Codes that are there keep their terms.
    pub keep_terms: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The sets that were found, by name.
    pub sets: Vec<Imported>,
    /// What was not understood, and what is left as it is.
    pub problems: Vec<Problem>,
    /// What else must be known, for people.
    pub remarks: Vec<String>,
}

/// One set as it should be.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file to write.
    pub file: SetFile,
    /// What is different from the file that is there.
    pub changes: SetChanges,
    /// What must be known of it, for people.
    pub remarks: Vec<String>,
}

/// A group of codes that goes to one set, with all that its header must tell.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The name it has in its file.
    pub name: String,
    /// Its file, without folders.
    pub file: String,
    /// What kind of file it is.
    pub form: Kind,
    /// The day of the file's name.
    pub released: Option<Day>,
    /// The codes and all about them; every code has a scheme by now.
    pub group: Group,
}

/// Reads the files, given with their paths, for the sets that are there.
pub fn import(files: &[(String, Vec<u8>)], existing: &[SetFile], options: &Options) -> Import {
    let mut reader =
        Reader { existing, options, parts: BTreeMap::new(), seen: BTreeSet::new(), unused: BTreeSet::new(), import: Import::default() };
    for (path, bytes) in files {
        reader.file(path, bytes);
    }
    reader.look_at_options();
    let terms = reader.terms(files);
    let Reader { parts, mut import, .. } = reader;
    for (name, parts) in parts {
        let before = existing.iter().find(|set| set.name == name);
        import.sets.push(merge::merged(&name, before, &parts, &terms, options));
    }
    import.problems = shortened(std::mem::take(&mut import.problems));
    import
}

struct Reader<'o> {
    existing: &'o [SetFile],
    options: &'o Options,
    parts: BTreeMap<String, Vec<Part>>,
    /// Names of all groups of all files.
    seen: BTreeSet<String>,
    /// Groups that no set is made of.
    unused: BTreeSet<String>,
    import: Import,
}

impl Reader<'_> {
    fn file(&mut self, path: &str, bytes: &[u8]) {
        let place = Place { file: path.to_owned(), shown: path.to_owned() };
        let tables = if is_workbook(bytes) {
            let Some(tables) = sheets(bytes) else {
                self.import.problems.push(
                    unknown_form(&place, "this is an archive and no workbook that can be read")
                        .help("unpack it first; a workbook is one saved as .xlsx, without a password"),
                );
                return;
            };
            tables
        } else {
            let text = decode(bytes);
            return self.table(rows(&text), &place);
        };
        let mut known = 0;
        let mut passed_over = Vec::new();
        for mut table in tables {
            let sheet = table.sheet.clone().unwrap_or_default();
            let place = Place { file: path.to_owned(), shown: format!("{path}, sheet {sheet}") };
            match header(&mut table, self.options.scheme.as_deref()) {
                Some(form) => {
                    known += 1;
                    self.read(table, &place, form);
                }
                None => passed_over.push(sheet),
            }
        }
        if known == 0 {
            self.import.problems.push(no_header(&place));
        } else if !passed_over.is_empty() {
            self.import.remarks.push(format!("{path}: no codes in sheet {}", passed_over.join(", ")));
        }
    }

    fn table(&mut self, mut table: Table<'_>, place: &Place) {
        match header(&mut table, self.options.scheme.as_deref()) {
            Some(form) => self.read(table, place, form),
            None => self.import.problems.push(no_header(place)),
        }
    }

    fn read(&mut self, table: Table<'_>, place: &Place, form: Form) {
        let Options { map, only, all, on, .. } = self.options;
        let wanted = Wanted { map, existing: self.existing, only, all: *all };
        let base = place.file.rsplit(['/', '\\']).next().unwrap_or(&place.file).to_owned();
        let (kind, incoming) = match form {
            Form::Descriptions => return,
            Form::Clusters(columns) => {
                let code = columns.code_name().to_owned();
                let incoming = clusters::read(table.rows, &columns, place, wanted, *on);
                (Kind::Clusters, self.schemes(incoming, place, &code, Some("snomed")))
            }
            Form::Members => {
                let Some(keeps) = Keeps::of(&base) else {
                    self.import.problems.push(
                        unknown_form(place, "this file holds changes since the release before, and not whole reference sets")
                            .help("take the Snapshot or the Full file of the release"),
                    );
                    return;
                };
                let [.., code] = members::COLUMNS;
                let incoming = members::read(table.rows, keeps, place, wanted, *on);
                (Kind::Members, self.schemes(incoming, place, code, Some("snomed")))
            }
            Form::List(columns) => {
                if !columns.unused.is_empty() {
                    self.import.remarks.push(format!("{}: not read are the columns {}", place.shown, columns.unused.join(", ")));
                }
                // A sheet that nobody gave a name is called as its file.
                let sheet = table.sheet.clone().filter(|sheet| !sheet.starts_with("Sheet"));
                let stem = sheet.unwrap_or_else(|| base.rsplit_once('.').map_or(base.as_str(), |(stem, _)| stem).to_owned());
                let code = columns.code_name().to_owned();
                let incoming = list::read(table.rows, &columns, &stem, place, wanted);
                (Kind::List, self.schemes(incoming, place, &code, None))
            }
        };
        self.take(incoming, place, &base, kind);
    }

    /// Gives every code its scheme, and looks whether it can be one. `usual` is the scheme of files of this form.
    fn schemes(&self, mut incoming: Incoming, place: &Place, column: &str, usual: Option<&str>) -> Incoming {
        for group in incoming.groups.values_mut() {
            let likely = likely_scheme(&group.codes).or_else(|| usual.map(str::to_owned));
            let rows = || self.existing.iter().filter(|set| group.sets.contains(&set.name)).flat_map(|set| &set.codes);
            let there: FxHashMap<&str, &str> = rows().map(|row| (row.code.as_str(), row.scheme.as_str())).collect();
            // Generic medicines have ids like any concept: where the set is one of medicines, so are they.
            let has = |scheme: &str| rows().any(|row| row.scheme == scheme);
            let medicines = likely.as_deref() == Some("snomed") && has("dmd") && !has("snomed");
            let likely = if medicines { Some("dmd".to_owned()) } else { likely };
            for found in &mut group.codes {
                let known = || there.get(found.code.as_str()).map(|scheme| (*scheme).to_owned());
                let asked = found.scheme.take().or_else(|| self.options.scheme.clone());
                let Some(scheme) = asked.or_else(known).or_else(|| likely.clone()) else {
                    group.problems.push(
                        place
                            .problem("U023", "this file does not say of which scheme its codes are", found.row, column)
                            .help("say it with --scheme, such as --scheme read2 or --scheme ctv3"),
                    );
                    break;
                };
                found.code = normal_code(&scheme, &found.code).into_owned();
                group.problems.extend(place.code_problem(&scheme, &found.code, found.row, column));
                found.scheme = Some(scheme);
            }
        }
        incoming
    }

    /// Decides of every group whether it can be used.
    fn take(&mut self, incoming: Incoming, place: &Place, base: &str, form: Kind) {
        let released = day_in_name(base);
        let Incoming { groups, others, names, problems, dated } = incoming;
        let (used, unused) = (groups.len(), others.len());
        if used + unused > 1 {
            let left = if unused == 0 { String::new() } else { format!(", {unused} of them not imported: they have no code set here") };
            self.import.remarks.push(format!("{}: {} sets of codes{left}", place.shown, used + unused));
        }
        self.seen.extend(names);
        self.unused.extend(others);
        self.import.problems.extend(problems);
        for (name, mut group) in groups {
            if !group.problems.is_empty() {
                self.import.problems.append(&mut group.problems);
                continue;
            }
            if let Some(problem) = cannot_be_used(&name, &group, place, self.options.on, dated, released) {
                self.import.problems.push(problem);
                continue;
            }
            for set in &group.sets {
                let part = Part { name: name.clone(), file: base.to_owned(), form, released, group: group.clone() };
                self.parts.entry(set.clone()).or_default().push(part);
            }
        }
    }

    /// Options that name nothing, and files that nothing here is made of.
    fn look_at_options(&mut self) {
        if self.import.problems.iter().any(Problem::is_error) {
            return;
        }
        let names = || self.seen.iter().map(String::as_str).filter(|name| !name.is_empty());
        let in_files = |group: &str| names().any(|name| name.eq_ignore_ascii_case(group.trim_start_matches('^')));
        let mut problems = Vec::new();
        for (group, _) in self.options.map.iter().filter(|(group, _)| !in_files(group)) {
            let near = did_you_mean(group, names());
            problems.push(
                Problem::error("U021", format!("--map names `{group}`, which is in none of the files"))
                    .help("write the cluster, the id of the reference set or the file's name without its ending, as it stands there")
                    .maybe_help(near),
            );
        }
        if problems.is_empty() && self.parts.is_empty() && self.import.problems.is_empty() {
            let some: Vec<&str> = self.unused.iter().map(String::as_str).take(5).collect();
            problems.push(Problem::error("U020", "nothing in these files belongs to a code set of the folder").help(format!(
                "they hold {}; say with --map \"{}=MY_SET\" where a set belongs, or take all with --all",
                listed(&some, self.unused.len()),
                some.first().unwrap_or(&"CLUSTER")
            )));
        }
        self.import.problems.extend(problems);
    }

    /// Terms of the codes that have none where they stand, from the files of descriptions.
    fn terms(&mut self, files: &[(String, Vec<u8>)]) -> FxHashMap<String, String> {
        let found = self.parts.values().flatten().flat_map(|part| &part.group.codes);
        let concepts: FxHashSet<String> = found.filter(|found| found.term.is_empty()).map(|found| found.code.clone()).collect();
        let mut descriptions = Descriptions::default();
        for (path, bytes) in files.iter().filter(|(_, bytes)| !concepts.is_empty() && !is_workbook(bytes)) {
            let text = decode(bytes);
            let mut table = rows(&text);
            if let Some(Form::Descriptions) = header(&mut table, None) {
                let before = descriptions.not_understood;
                descriptions.read(table.rows, &concepts);
                let more = descriptions.not_understood - before;
                if more > 0 {
                    self.import
                        .remarks
                        .push(format!("{path}: {} without the nine cells of a description, so without a term", number(more, "row")));
                }
            }
        }
        descriptions.terms()
    }
}

/// Why a group is left out, if it is.
fn cannot_be_used(name: &str, group: &Group, place: &Place, on: Option<Day>, dated: bool, released: Option<Day>) -> Option<Problem> {
    if let Some(row) = group.elsewhere {
        let sets = group.sets.join(" and ");
        return Some(
            Problem::warning("D035", format!("the codes of `{name}` are not in this file: {sets} stays as it is"))
                .in_data(place.shown.as_str(), Some(row), None)
                .help("its publisher keeps them elsewhere, mostly among the drug reference sets: import those"),
        );
    }
    if let Some(on) = on {
        let unknown = |says: String, row: Option<u64>| {
            Problem::error("D034", says)
                .in_data(place.shown.as_str(), row, None)
                .help("only the Full file of a release knows every day: import that, or the release that was current on the day")
        };
        if let Some(row) = group.changed_after {
            return Some(unknown(
                format!("this file does not know what `{name}` was on {}: this row is of a later day", on.long()),
                Some(row),
            ));
        }
        if !dated && released.is_none_or(|released| on < released) {
            let says = match released {
                Some(released) => format!("this file shows {}, and not what was in force on {}", released.long(), on.long()),
                None => format!("this file does not say of which day it is, so it cannot tell what was in force on {}", on.long()),
            };
            return Some(unknown(says, None));
        }
    }
    if group.codes.is_empty() {
        let when = on.map_or_else(String::new, |on| format!(" on {}", on.long()));
        let first = match group.first {
            Some(first) => format!("; its first is of {}", first.long()),
            None => String::new(),
        };
        let sets = group.sets.join(" and ");
        return Some(
            Problem::warning("D036", format!("`{name}` had no code in force{when}{first}: {sets} stays as it is"))
                .in_data(place.shown.as_str(), None, None)
                .help("before that day practices recorded it in other codes, if at all: look for those of the Read era"),
        );
    }
    None
}

fn unknown_form(place: &Place, says: &str) -> Problem {
    Problem::error("D030", says).in_data(place.shown.as_str(), None, None)
}

fn no_header(place: &Place) -> Problem {
    unknown_form(place, "no row at the top of this file names columns of codes that are known here")
        .help("known are Cluster_ID with ConceptId or SNOMED_code, code with term, and simple reference sets and descriptions of SNOMED CT")
}

/// `a, b and 7 more`
fn listed(some: &[&str], of: usize) -> String {
    let more = of.saturating_sub(some.len());
    if more == 0 { some.join(", ") } else { format!("{} and {more} more", some.join(", ")) }
}

/// At most so many problems of a kind for one file.
fn shortened(problems: Vec<Problem>) -> Vec<Problem> {
    let mut kinds: BTreeMap<(&str, String), Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        let file = match &problem.place {
            crate::problem::Place::Data { file, .. } => file.clone(),
            _ => String::new(),
        };
        kinds.entry((problem.code, file)).or_default().push(problem);
    }
    for problems in kinds.values_mut() {
        let more = problems.len().saturating_sub(SHOWN);
        problems.truncate(SHOWN);
        if let Some(last) = problems.last_mut().filter(|_| more > 0) {
            last.says = format!("{}, and so it is in {more} more places of this file", last.says);
        }
    }
    kinds.into_values().flatten().collect()
}
