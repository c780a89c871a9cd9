//! Rule files → [`Rulebook`] (read and checked, without a day) → [`Framework`] (for one reporting day and view).

use super::calendar::{Day, DayTable, Period};
use super::code_sets::{CodeBook, CodeSet, SetId, ValueRule, read_code_set};
use super::names::Scope;
use super::{
    Condition, Domain, Fact, FactId, Framework, Indicator, Payment, Population, Reference, Register, RegisterId, Rounding, Strata,
    Thresholds, View,
};
use super::{DayTableId, associations, bands, checks, pathways};
use crate::problem::{Problem, any_error, did_you_mean};
use crate::rules::phrase::Length;
use crate::rules::syntax::{FrameworkFile, Head, IndicatorHead, Pays, RuleFile};
use crate::rules::{read_framework_file, read_rule_file};
use crate::source::{At, Sources};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What came of reading a framework's files: texts for messages, problems, and the rulebook if there is one.
#[derive(Debug)]
pub struct Rules {
    /// The texts.
    pub sources: Sources,
    /// All problems of all files.
    pub problems: Vec<Problem>,
    /// The rulebook; may be there even with problems, but only one without errors may be used.
    pub rulebook: Option<Rulebook>,
}

/// A framework as it was read and checked, for no day in particular.
#[derive(Debug)]
pub struct Rulebook {
    /// `framework.toml`
    pub file: FrameworkFile,
    /// Registers and indicators, by path.
    pub files: Vec<RuleFile>,
    /// Whether every rule file is among them: only then can a register be missing.
    pub(super) all_read: bool,
    /// All code sets, by name.
    pub sets: Vec<CodeSet>,
    /// SHA-256 over names and contents of all files.
    pub hash: String,
    paths: FxHashMap<crate::source::FileId, String>,
    rows: FxHashMap<crate::source::FileId, Vec<usize>>,
    used_sets: Vec<String>,
    codes: Arc<CodeBook>,
    /// A table of days hangs on no reporting day: they are made once, and shared by the frameworks of all days.
    day_tables: Vec<((Table, Length), DayTable)>,
}

impl Rules {
    /// Reads the files of a framework: paths relative to its folder, with forward slashes, and contents.
    /// Never fails; what is wrong stands in `problems`.
    pub fn read(files: &[(String, Vec<u8>)]) -> Rules {
        let mut sources = Sources::default();
        let mut problems = Vec::new();
        let mut framework = None;
        let mut rule_files = Vec::new();
        let mut sets = Vec::new();
        let mut paths = FxHashMap::default();
        let mut rows = FxHashMap::default();
        let mut all_read = true;
        let mut ordered: Vec<&(String, Vec<u8>)> = files.iter().collect();
        ordered.sort();
        for (path, bytes) in ordered {
            let Ok(text) = std::str::from_utf8(bytes) else {
                problems.push(Problem::error("R001", format!("`{path}` is not UTF-8 text")).help("save the file as UTF-8"));
                all_read = false;
                continue;
            };
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let file = sources.add(path.as_str(), text);
            if path == "framework.toml" {
                let (read, found) = read_framework_file(file, text);
                framework = read;
                problems.extend(found);
            } else if let Some(set) = name.strip_suffix(".csv").filter(|_| folder == "code-sets") {
                let (set, found) = read_code_set(file, set, text);
                sets.push(set);
                problems.extend(found);
            } else if name.ends_with(".toml") {
                let (read, found) = read_rule_file(file, folder, text);
                all_read &= read.is_some();
                rule_files.extend(read);
                problems.extend(found);
                paths.insert(file, path.clone());
                rows.insert(file, text.match_indices('\n').map(|(at, _)| at).collect());
            }
        }
        let Some(file) = framework else {
            let missing = !files.iter().any(|(path, _)| path == "framework.toml");
            if missing {
                problems.push(
                    Problem::error("R040", "there is no `framework.toml` in this folder")
                        .help("name a folder that holds one, such as business-rules/dudley-2016-17"),
                );
            }
            return Rules { sources, problems, rulebook: None };
        };
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        let hash = hash(files);
        let mut rulebook = Rulebook {
            file,
            files: rule_files,
            all_read,
            sets,
            hash,
            paths,
            rows,
            used_sets: Vec::new(),
            codes: Arc::default(),
            day_tables: Vec::new(),
        };
        problems.extend(checks::static_checks(&rulebook));
        problems.extend(rulebook.enter_codes());
        let Making { framework, problems: found, tables, .. } = rulebook.made_at(Day::from(rulebook.file.to.value), View::YearEnd);
        rulebook.day_tables = tables.into_iter().map(|(of, id)| (of, framework.day_table(id).clone())).collect();
        // A file is looked at once for each of its bands, a condition once for each line that names it.
        for problem in found {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems.extend(checks::framework_checks(&rulebook, &framework));
        Rules { sources, problems, rulebook: Some(rulebook) }
    }

    /// The rulebook, if nothing forbids using it.
    pub fn sound(&self) -> Option<&Rulebook> {
        self.rulebook.as_ref().filter(|_| !any_error(&self.problems))
    }
}

/// Over every file's path and content in the order of the paths; line ends count as `\n`, so that a checkout on
/// another system has the same hash.
fn hash(files: &[(String, Vec<u8>)]) -> String {
    let mut ordered: Vec<&(String, Vec<u8>)> = files.iter().filter(|(path, _)| path.ends_with(".toml") || path.ends_with(".csv")).collect();
    ordered.sort();
    let mut sha = Sha256::new();
    for (path, bytes) in ordered {
        let content: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
        for part in [path.as_bytes(), &content] {
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part);
        }
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Rulebook {
    /// The period that the framework was written for.
    pub fn period(&self) -> Period {
        Period { from: Day::from(self.file.from.value), to: Day::from(self.file.to.value) }
    }

    /// Gives numbers to the sets in use and puts their codes together.
    fn enter_codes(&mut self) -> Vec<Problem> {
        let names: Vec<String> = {
            let used = checks::used_sets(self);
            self.sets.iter().map(|set| set.name.clone()).filter(|name| used.contains(name.as_str())).collect()
        };
        self.used_sets = names;
        let rules: FxHashMap<&str, ValueRule> =
            self.file.values.iter().filter_map(|text| Some((text.set.value.as_str(), ValueRule::new(text)?))).collect();
        let sets = self.sets.iter().filter(|set| self.used_sets.contains(&set.name));
        let numbered = sets.enumerate().map(|(at, set)| (SetId(u16::try_from(at).unwrap_or(u16::MAX)), set));
        let (codes, problems) = CodeBook::new(numbered, &rules);
        self.codes = Arc::new(codes);
        problems
    }

    /// The number of a set in use.
    pub fn set_id(&self, name: &str) -> Option<SetId> {
        let at = self.used_sets.binary_search_by(|set| set.as_str().cmp(name)).ok()?;
        u16::try_from(at).ok().map(SetId)
    }

    /// The row of a place in a rule file, counted from 1.
    pub(super) fn row(&self, span: crate::source::Span) -> usize {
        self.rows.get(&span.file).map_or(1, |ends| ends.partition_point(|at| *at < span.start as usize) + 1)
    }

    /// The path of a rule file.
    pub fn path(&self, file: crate::source::FileId) -> &str {
        self.paths.get(&file).map_or("", String::as_str)
    }

    /// Ids of all registers, in order.
    pub(super) fn register_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.files.iter().filter_map(register_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The framework for a reporting day. Names are looked up and dates worked out here; the problems are those of names.
    /// A day outside the framework's period moves the period by whole years.
    pub fn at(&self, reporting_day: Day, view: View) -> (Framework, Vec<Problem>) {
        let making = self.made_at(reporting_day, view);
        (making.framework, making.problems)
    }

    fn made_at(&self, reporting_day: Day, view: View) -> Making<'_> {
        let written = self.period();
        let period = match view {
            View::YearEnd => written.moved_to(reporting_day),
            View::Rolling => Period::ending(reporting_day),
        };
        let framework = Framework {
            id: self.file.id.value.clone(),
            name: self.file.name.value.clone(),
            hash: self.hash.clone(),
            reporting_day,
            view,
            period,
            year: written.moved_to(reporting_day),
            moved: !(written.from..=written.to).contains(&reporting_day),
            end: period.to,
            sets: self.used_sets.clone(),
            codes: Arc::clone(&self.codes),
            pathways: Vec::new(),
            registers: Vec::new(),
            indicators: Vec::new(),
            facts: Vec::new(),
            conditions: Vec::new(),
            day_tables: Vec::new(),
            payment: self.payment(),
            domains: self.domains(),
            strata: self.strata(),
            associations: Vec::new(),
        };
        let register_ids = self.register_ids();
        let mut making =
            Making { rulebook: self, framework, problems: Vec::new(), facts: FxHashMap::default(), tables: Vec::new(), register_ids };
        making.registers();
        making.indicators();
        making.pathways();
        making.framework.associations = associations::associations(&mut making);
        making
    }

    fn day_table(&self, make: Table, length: Length) -> DayTable {
        let made = self.day_tables.iter().find(|(of, _)| *of == (make, length)).map(|(_, table)| table.clone());
        made.unwrap_or_else(|| match make {
            Table::Before => DayTable::before(length),
            Table::After => DayTable::after(length),
            Table::Leaves => DayTable::leaves(length),
        })
    }

    fn payment(&self) -> Payment {
        let text = &self.file.payment;
        let rounding = |word: &Option<At<String>>| match word {
            Some(word) if word.value == "two-decimals" => Rounding::TwoDecimals,
            _ => Rounding::Exact,
        };
        Payment {
            pounds_per_point: text.pounds_per_point.as_ref().map(|number| number.value),
            average_list: text.average_list.as_ref().map(|number| number.value),
            factors: rounding(&text.factors),
            points: rounding(&text.points),
            nobody_out_of_maximum: text.nobody_to_count.as_ref().is_none_or(|word| word.value == "out-of-maximum"),
        }
    }

    fn domains(&self) -> Vec<Domain> {
        let domains = self.file.domains.iter();
        domains.map(|(id, title)| Domain { id: id.value.clone(), title: title.value.clone() }).collect()
    }

    fn strata(&self) -> Strata {
        let age = self.file.by_age.iter().map(|edge| edge.value).collect();
        Strata { sex: self.file.by_sex, age, imd_quintile: self.file.by_imd_quintile }
    }
}

/// The id of a register file.
pub(super) fn register_id(file: &RuleFile) -> Option<&str> {
    match &file.head {
        Head::Register(head) => Some(head.id.value.as_str()),
        Head::Indicator(_) | Head::Pathway(_) => None,
    }
}

/// A framework in the making.
pub(super) struct Making<'r> {
    pub rulebook: &'r Rulebook,
    pub framework: Framework,
    pub problems: Vec<Problem>,
    facts: FxHashMap<Fact, FactId>,
    tables: Vec<((Table, Length), DayTableId)>,
    register_ids: Vec<&'r str>,
}

/// What a table of days tells of each day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// The day so long before.
    Before,
    /// The day so long after.
    After,
    /// The day on which a record leaves a window of this length.
    Leaves,
}

impl<'r> Making<'r> {
    /// The number of a fact; an equal one is looked for only once.
    pub fn fact(&mut self, fact: Fact) -> FactId {
        let next = FactId(u32::try_from(self.framework.facts.len()).unwrap_or(u32::MAX));
        let id = *self.facts.entry(fact.clone()).or_insert(next);
        if id == next {
            self.framework.facts.push(fact);
        }
        id
    }

    /// The number of a named condition.
    pub fn condition(&mut self, condition: Condition) -> super::ConditionId {
        self.framework.conditions.push(condition);
        super::ConditionId(u32::try_from(self.framework.conditions.len() - 1).unwrap_or(u32::MAX))
    }

    /// The number of a table of days, made by one of three functions of a length; each is made only once.
    pub fn day_table(&mut self, make: Table, length: Length) -> DayTableId {
        if let Some((_, id)) = self.tables.iter().find(|(of, _)| *of == (make, length)) {
            return *id;
        }
        let id = self.framework.add_table(self.rulebook.day_table(make, length));
        self.tables.push(((make, length), id));
        id
    }

    /// The number of a register, or a problem.
    pub fn register(&mut self, id: &At<String>) -> Option<RegisterId> {
        if let Ok(at) = self.register_ids.binary_search(&id.value.as_str()) {
            return u16::try_from(at).ok().map(RegisterId);
        }
        if !self.rulebook.all_read {
            return None;
        }
        let help = did_you_mean(&id.value, self.register_ids.iter().copied());
        let help = help.unwrap_or_else(|| match self.register_ids.join(", ") {
            none if none.is_empty() => "the framework has no register: add one, or write \"list\" for everyone".to_owned(),
            ids => format!("the registers are {ids}"),
        });
        self.problems
            .push(Problem::error("R012", format!("there is no register called `{}`", id.value)).at(id.span, "unknown register").help(help));
        None
    }

    fn registers(&mut self) {
        let mut files: Vec<(&str, &RuleFile)> = self.rulebook.files.iter().filter_map(|file| Some((register_id(file)?, file))).collect();
        files.sort_by_key(|(id, _)| *id);
        files.dedup_by_key(|(id, _)| *id);
        for (id, file) in files {
            let Head::Register(head) = &file.head else { continue };
            let lines = Scope::of_register(self, file).lines();
            let reference = self.rulebook.file.reference.iter().find(|reference| reference.id.value == id);
            self.framework.registers.push(Register {
                id: id.to_owned(),
                title: head.title.value.clone(),
                source: text(&head.source),
                lines,
                reference: reference.map(|reference| Reference { register: reference.register.value, list: reference.list.value }),
            });
        }
    }

    fn indicators(&mut self) {
        let mut made = Vec::new();
        for file in &self.rulebook.files {
            let Head::Indicator(head) = &file.head else { continue };
            if file.bands.is_empty() {
                let lines = Scope::of_indicator(self, file, None).lines();
                made.extend(self.indicator(
                    file,
                    head,
                    &head.id.value,
                    &head.title.value,
                    (head.points.as_ref(), head.pays.as_ref()),
                    lines,
                ));
            }
            for band in &file.bands {
                let lines = Scope::of_indicator(self, file, Some(band)).lines();
                let title = band.title.as_ref().unwrap_or(&head.title);
                let worth = (band.points.as_ref().or(head.points.as_ref()), band.pays.as_ref().or(head.pays.as_ref()));
                made.extend(self.indicator(file, head, &band.id.value, &title.value, worth, lines));
            }
            self.problems.extend(bands::problems(file));
        }
        made.sort_by(|a, b| (a.domain, &a.id).cmp(&(b.domain, &b.id)));
        self.framework.indicators = made;
    }

    fn indicator(
        &mut self,
        file: &RuleFile,
        head: &IndicatorHead,
        id: &str,
        title: &str,
        worth: (Option<&At<Decimal>>, Option<&Pays>),
        lines: super::Lines,
    ) -> Option<Indicator> {
        let of = match head.of.value.as_str() {
            "list" => Some(Population::List),
            _ => self.register(&head.of).map(Population::Register),
        };
        let adjusted_by = head.adjusted_by.as_ref().map(|id| self.register(id));
        let domain = self.domain(file, head);
        Some(Indicator {
            id: id.to_owned(),
            title: title.to_owned(),
            of: of?,
            lines,
            points: worth.0.map_or(Decimal::ZERO, |points| points.value),
            pays: worth.1.map(|pays| Thresholds { from: pays.from.value, to: pays.to.value }),
            adjusted_by: match adjusted_by {
                Some(register) => Some(register?),
                None => None,
            },
            standing: text(&head.standing),
            source: text(&head.source),
            domain: domain?,
        })
    }

    fn pathways(&mut self) {
        let mut made = Vec::new();
        for file in &self.rulebook.files {
            let Head::Pathway(head) = &file.head else { continue };
            made.extend(pathways::pathway(self, file, head));
        }
        made.sort_by(|a, b| a.id.cmp(&b.id));
        self.framework.pathways = made;
    }

    fn domain(&mut self, file: &RuleFile, head: &IndicatorHead) -> Option<usize> {
        let folder = file.folder.as_str();
        let at = self.framework.domains.iter().position(|domain| domain.id == folder);
        if at.is_none() {
            let names: Vec<&str> = self.framework.domains.iter().map(|domain| domain.id.as_str()).collect();
            self.problems.push(
                Problem::error("R047", format!("`{}` lies in the folder `{folder}`, which is no domain of the framework", head.id.value))
                    .at(head.id.span, "this indicator")
                    .help(format!("move the file, or add a [[domain]] to framework.toml; its domains are {}", names.join(", "))),
            );
        }
        at
    }
}

fn text(text: &Option<At<String>>) -> String {
    text.as_ref().map(|text| text.value.clone()).unwrap_or_default()
}
