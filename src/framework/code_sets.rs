//! `code-sets/*.csv` → which sets a code is in, and what values a set may have.

use super::Amount;
use super::code_forms::{form_problem, normal_code};
use crate::problem::Problem;
use crate::rules::syntax::ValueText;
use crate::source::{FileId, Span};
use rustc_hash::FxHashMap;

/// Which code set; the sets of a framework are counted in the order of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(pub u16);

/// Which code among all codes of the sets in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

/// How much of the official set is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All codes of the source.
    Complete,
    /// The codes most used.
    Abridged,
    /// No source confirms them.
    Unverified,
}

impl Coverage {
    /// As it is written in a code set.
    pub fn word(self) -> &'static str {
        match self {
            Coverage::Complete => "complete",
            Coverage::Abridged => "abridged",
            Coverage::Unverified => "unverified",
        }
    }
}

/// What the first lines of a code set say about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its title, for people.
    pub title: Option<String>,
    /// Where its codes come from.
    pub source: Option<String>,
    /// Which release of the source.
    pub release: Option<String>,
    /// Who owns the codes.
    pub licence: Option<String>,
    /// What follows the word of the coverage, such as `12 of 86`.
    pub extent: Option<String>,
    /// Whatever else should be known.
    pub notes: Vec<String>,
}

/// One code of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The scheme: `snomed`, `read2`, `ctv3`, …
    pub scheme: String,
    /// The code, as [`normal_code`] writes it.
    pub code: String,
    /// What it means, in few words.
    pub term: String,
    /// The row's place.
    pub span: Span,
}

/// One code set.
#[derive(Clone, Debug)]
pub struct CodeSet {
    /// Its name, the file's.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// How complete it is.
    pub coverage: Coverage,
    /// What its first lines say about it.
    pub about: About,
    /// Its codes.
    pub codes: Vec<Code>,
}

/// What value a record of a code may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRule {
    /// The unit and its other spellings, in small letters.
    pub units: Vec<String>,
    /// The lowest that is believed.
    pub from: Amount,
    /// The highest that is believed.
    pub to: Amount,
}

/// The codes of the sets in use, for looking up the codes of an extract.
#[derive(Clone, Debug, Default)]
pub struct CodeBook {
    by_scheme: FxHashMap<String, FxHashMap<Vec<u8>, CodeId>>,
    sets: Vec<Vec<SetId>>,
    values: Vec<Option<ValueRule>>,
    names: Vec<(String, String)>,
}

impl CodeBook {
    /// Puts the codes of the sets together. `value_rules` gives the values that a set may hold.
    /// A code in two sets with different limits is a problem.
    pub fn new<'s>(sets: impl Iterator<Item = (SetId, &'s CodeSet)>, value_rules: &FxHashMap<&str, ValueRule>) -> (CodeBook, Vec<Problem>) {
        let mut book = CodeBook::default();
        let mut problems = Vec::new();
        for (id, set) in sets {
            let rule = value_rules.get(set.name.as_str());
            for code in &set.codes {
                let at = book.enter(code);
                if let Some(sets) = book.sets.get_mut(at.0 as usize)
                    && !sets.contains(&id)
                {
                    sets.push(id);
                }
                let Some(entry) = book.values.get_mut(at.0 as usize) else { continue };
                match (&entry, rule) {
                    (Some(there), Some(new)) if there != new => problems.push(
                        Problem::error(
                            "R042",
                            format!("the code `{}` is in `{}` and in a set with other limits in [values]", code.code, set.name),
                        )
                        .at(code.span, "this code")
                        .help("a record has one value: give both sets the same unit and limits"),
                    ),
                    (None, Some(new)) => *entry = Some(new.clone()),
                    _ => {}
                }
            }
        }
        (book, problems)
    }

    fn enter(&mut self, code: &Code) -> CodeId {
        let next = CodeId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        let codes = self.by_scheme.entry(code.scheme.clone()).or_default();
        let id = *codes.entry(code.code.clone().into_bytes()).or_insert(next);
        if id == next {
            self.sets.push(Vec::new());
            self.values.push(None);
            self.names.push((code.scheme.clone(), code.code.clone()));
        }
        id
    }

    /// A made-up code that is in exactly these sets, with the limits that `real` has for codes of the first of them that has any.
    pub fn enter_sets(&mut self, sets: Vec<SetId>, real: &CodeBook) -> CodeId {
        let rule = sets.iter().find_map(|set| real.value_rule_of_set(*set)).cloned();
        self.names.push(("example".to_owned(), self.sets.len().to_string()));
        self.sets.push(sets);
        self.values.push(rule);
        CodeId(u32::try_from(self.sets.len() - 1).unwrap_or(u32::MAX))
    }

    fn value_rule_of_set(&self, set: SetId) -> Option<&ValueRule> {
        let at = self.sets.iter().position(|sets| sets.contains(&set))?;
        self.values.get(at).and_then(Option::as_ref)
    }

    /// The codes of one scheme, or nothing when no set holds any.
    pub fn scheme(&self, scheme: &str) -> Option<&FxHashMap<Vec<u8>, CodeId>> {
        self.by_scheme.get(scheme)
    }

    /// The code, if it is in any set.
    pub fn find(&self, scheme: &str, code: &[u8]) -> Option<CodeId> {
        self.scheme(scheme)?.get(code).copied()
    }

    /// Scheme and code.
    pub fn name_of(&self, code: CodeId) -> (&str, &str) {
        self.names.get(code.0 as usize).map_or(("", ""), |(scheme, code)| (scheme, code))
    }

    /// Every code.
    pub fn all(&self) -> impl Iterator<Item = CodeId> + use<> {
        (0..u32::try_from(self.sets.len()).unwrap_or(u32::MAX)).map(CodeId)
    }

    /// The sets that a code is in.
    pub fn sets_of(&self, code: CodeId) -> &[SetId] {
        self.sets.get(code.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// What value a record of the code may have; `None` when no line looks at its value.
    pub fn value_rule(&self, code: CodeId) -> Option<&ValueRule> {
        self.values.get(code.0 as usize).and_then(Option::as_ref)
    }
}

impl ValueRule {
    /// From `[values]`; `None` when a limit cannot be held in millionths.
    pub fn new(text: &ValueText) -> Option<ValueRule> {
        let mut units = vec![text.unit.value.to_lowercase()];
        units.extend(text.spellings.iter().map(|spelling| spelling.value.to_lowercase()));
        Some(ValueRule { units, from: Amount::from_decimal(text.from.value)?, to: Amount::from_decimal(text.to.value)? })
    }

    /// Which of the spellings a unit is, to the letter; 0 when none is stated.
    pub fn spelling(&self, unit: &str) -> Option<u8> {
        if unit.is_empty() {
            return Some(0);
        }
        self.units.iter().position(|known| known == unit).and_then(|at| u8::try_from(at + 1).ok())
    }

    /// Whether no unit is stated, or this one in one of its spellings.
    pub fn accepts_unit(&self, unit: &str) -> bool {
        // Most units are of plain letters, and such a comparison needs no memory.
        let is = |known: &String| match unit.is_ascii() {
            true => known.bytes().eq(unit.bytes().map(|byte| byte.to_ascii_lowercase())),
            false => *known == unit.to_lowercase(),
        };
        unit.is_empty() || self.units.iter().any(|known| known == unit || is(known))
    }

    /// Whether the value lies within the limits.
    pub fn accepts(&self, amount: Amount) -> bool {
        (self.from..=self.to).contains(&amount)
    }
}

/// Reads one code set. What cannot be a code is left out and said.
pub fn read_code_set(file: FileId, name: &str, text: &str) -> (CodeSet, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut set = CodeSet { name: name.to_owned(), file, coverage: Coverage::Complete, about: About::default(), codes: Vec::new() };
    let notes = text.lines().take_while(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let coverage = notes.clone().find_map(|note| note.strip_prefix("coverage:")).map(str::trim);
    match coverage.and_then(|coverage| coverage.split([',', ' ']).next()) {
        Some("complete") => set.coverage = Coverage::Complete,
        Some("abridged") => set.coverage = Coverage::Abridged,
        Some("unverified") => set.coverage = Coverage::Unverified,
        _ => problems.push(header(file, "`# coverage: complete`, `abridged` or `unverified`")),
    }
    for key in ["source:", "licence:"] {
        if !notes.clone().any(|note| note.starts_with(key)) {
            problems.push(header(file, &format!("`# {key} …`")));
        }
    }
    set.about = about(notes.clone());
    let head_row = notes.count();
    let before = problems.len();
    let mut seen = FxHashMap::default();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).has_headers(false).from_reader(text.as_bytes());
    for (number, row) in reader.records().enumerate() {
        match row {
            Ok(row) if number == 0 && !row.iter().eq(["scheme", "code", "term"]) => {
                problems.push(columns(file, text, head_row));
                break;
            }
            Ok(_) if number == 0 => {}
            Ok(row) => code(&row, text, &mut set, &mut seen, &mut problems),
            Err(error) => {
                problems.push(Problem::error("R033", format!("this code set is not CSV: {error}")).at(file.span(0..0), "in here"))
            }
        }
    }
    if set.codes.is_empty() && problems.len() == before {
        problems.push(
            Problem::error("R031", format!("the code set `{name}` is empty"))
                .at(file.span(0..0), "no code in here")
                .help("where no code is known, put a local placeholder and `# coverage: unverified`"),
        );
    }
    (set, problems)
}

fn about<'t>(notes: impl Iterator<Item = &'t str> + Clone) -> About {
    let all = |key: &'static str| notes.clone().filter_map(move |note| note.strip_prefix(key)).map(|text| text.trim().to_owned());
    let extent = all("coverage:").next().and_then(|coverage| coverage.split_once([',', ' ']).map(|(_, extent)| extent.trim().to_owned()));
    About {
        title: all("title:").next(),
        source: all("source:").next(),
        release: all("release:").next(),
        licence: all("licence:").next(),
        extent: extent.filter(|extent| !extent.is_empty()),
        notes: all("note:").collect(),
    }
}

fn header(file: FileId, what: &str) -> Problem {
    Problem::error("R033", format!("this code set has no line {what}"))
        .at(file.span(0..0), "at the top of the file")
        .help("a code set begins with lines `# source: …`, `# licence: …` and `# coverage: …`")
}

fn columns(file: FileId, text: &str, head_row: usize) -> Problem {
    let start = text.split_inclusive('\n').take(head_row).map(str::len).sum::<usize>();
    let end = start + text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    Problem::error("R033", "the columns of a code set are scheme,code,term")
        .at(file.span(start..end), "expected scheme,code,term")
        .help("begin the rows with this header; further columns have no place here")
}

fn code(row: &csv::StringRecord, text: &str, set: &mut CodeSet, seen: &mut FxHashMap<(String, String), Span>, problems: &mut Vec<Problem>) {
    let start = row.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(0));
    // The reader counts from the end of the row before, so comments and line ends may stand in between.
    let start = start + skipped(text.get(start..).unwrap_or(""));
    let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| start + at);
    let span = set.file.span(start..end.max(start));
    let [Some(scheme), Some(code), Some(term), None] = [row.get(0), row.get(1), row.get(2), row.get(3)] else {
        problems.push(
            Problem::error("R033", "this row does not have three cells")
                .at(span, "expected scheme,code,term")
                .help("a term with a comma in it stands in quotation marks"),
        );
        return;
    };
    if [scheme, code, term].iter().any(|cell| cell.contains('\n')) {
        problems.push(
            Problem::error("R033", "a quotation mark is opened in this row and not closed")
                .at(span, "in this row")
                .help("the codes after it would be lost: close the mark, or take it out"),
        );
        return;
    }
    let scheme = scheme.trim().to_lowercase();
    let code = normal_code(&scheme, code).into_owned();
    if let Some(problem) = form_problem(&scheme, &code) {
        problems.push(problem.at(span, "this code"));
        return;
    }
    if let Some(before) = seen.insert((scheme.clone(), code.clone()), span) {
        problems.push(
            Problem::warning("R034", format!("the code `{code}` stands twice in `{}`", set.name))
                .at(span, "again")
                .also(before, "first here")
                .help("take one of the two rows out"),
        );
        return;
    }
    set.codes.push(Code { scheme, code, term: term.trim().to_owned(), span });
}

/// Bytes of line ends and comment lines at the beginning.
fn skipped(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !(line.starts_with('#') || line.trim().is_empty()) {
            break;
        }
        at += line.len();
    }
    at
}
