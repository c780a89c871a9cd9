//! What is wrong, where, and the way out. The only user of the renderer.
//! In: problems found anywhere in the program. Out: text for people.
//! Knows no rule and no patient; a problem in data carries a file, a row and a column name, never a value.

use crate::source::{Sources, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// The long texts of all problems, one heading a code; `docs/problems.md` is the same file.
const LONG_TEXTS: &str = include_str!("../docs/problems.md");

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing may be worked out until it is mended.
    Error,
    /// Allowed, but probably not meant.
    Warning,
}

/// Where a problem is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// In a text that may be shown: the author's own words.
    Text(Span),
    /// In data: the file, the row (the header is row 1) and the column, never the content.
    Data {
        /// Path as given by the user.
        file: String,
        /// Row, when one row is to blame.
        row: Option<u64>,
        /// Column name, when one column is to blame.
        column: Option<String>,
    },
    /// In no file.
    Nowhere,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Stable code, such as `R010`; `dqoh problems R010` explains it.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in the author's words.
    pub says: String,
    /// Where.
    pub place: Place,
    /// A few words under the caret.
    pub label: String,
    /// Other places that matter.
    pub also: Vec<(Span, String)>,
    /// A way out.
    pub help: Option<String>,
}

impl Problem {
    /// Something that must be mended.
    pub fn error(code: &'static str, says: impl Into<String>) -> Self {
        Problem {
            code,
            severity: Severity::Error,
            says: says.into(),
            place: Place::Nowhere,
            label: String::new(),
            also: Vec::new(),
            help: None,
        }
    }

    /// Something that is allowed but looks wrong.
    pub fn warning(code: &'static str, says: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(code, says) }
    }

    /// Points at the author's words.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.place = Place::Text(span);
        self.label = label.into();
        self
    }

    /// Points into data, without showing any.
    pub fn in_data(mut self, file: impl Into<String>, row: Option<u64>, column: Option<&str>) -> Self {
        self.place = Place::Data { file: file.into(), row, column: column.map(str::to_owned) };
        self
    }

    /// Points at a second place.
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    /// Offers a way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a way out when there is one.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Whether nothing may go on.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Whether any of these forbids going on.
pub fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(Problem::is_error)
}

/// "did you mean `x`?", when one of the names is close enough to what was written.
pub fn did_you_mean<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let close = |name: &&str| strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase());
    names
        .into_iter()
        .map(|name| (close(&name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count().min(written.chars().count()) / 4)
        .min()
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

/// All problems as text: title, place, the author's words with carets, help.
/// `styled` adds the colours of a terminal.
pub fn render(problems: &[Problem], sources: &Sources, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut ordered: Vec<&Problem> = problems.iter().collect();
    ordered.sort_by_key(|problem| sort_key(problem, sources));
    let texts: Vec<String> = ordered.iter().map(|problem| renderer.render(&[group(problem, sources)])).collect();
    texts.join("\n\n")
}

/// By file, then by place, so that the same problems always read the same.
fn sort_key(problem: &Problem, sources: &Sources) -> (String, u64, &'static str, String) {
    match &problem.place {
        Place::Text(span) => (sources.name(span.file).to_owned(), u64::from(span.start), problem.code, problem.says.clone()),
        Place::Data { file, row, .. } => (file.clone(), row.unwrap_or(0), problem.code, problem.says.clone()),
        Place::Nowhere => (String::new(), 0, problem.code, problem.says.clone()),
    }
}

fn group<'a>(problem: &'a Problem, sources: &'a Sources) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level.primary_title(problem.says.as_str()).id(problem.code).elements(Vec::<Origin>::new());
    match &problem.place {
        Place::Text(span) => {
            for snippet in snippets(problem, *span, sources) {
                group = group.element(snippet);
            }
        }
        Place::Data { file, row, column } => group = group.element(Origin::path(data_place(file, *row, column.as_deref()))),
        Place::Nowhere => {}
    }
    match &problem.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// `patients.csv, row 12, column birth_date`
fn data_place(file: &str, row: Option<u64>, column: Option<&str>) -> String {
    let row = row.map_or(String::new(), |row| format!(", row {row}"));
    let column = column.map_or(String::new(), |column| format!(", column {column}"));
    format!("{file}{row}{column}")
}

/// The author's words: one snippet a file, the primary place first.
fn snippets<'a>(problem: &'a Problem, span: Span, sources: &'a Sources) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut files = vec![span.file];
    for (other, _) in &problem.also {
        if !files.contains(&other.file) {
            files.push(other.file);
        }
    }
    let mut all = Vec::new();
    for file in files {
        let Some(source) = sources.get(file) else { continue };
        let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
        if span.file == file {
            snippet = snippet.annotation(AnnotationKind::Primary.span(range(span, &source.text)).label(problem.label.as_str()));
        }
        for (other, label) in problem.also.iter().filter(|(other, _)| other.file == file) {
            snippet = snippet.annotation(AnnotationKind::Context.span(range(*other, &source.text)).label(label.as_str()));
        }
        all.push(snippet);
    }
    all
}

/// A byte range that is certainly inside the text and between characters.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let inside = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    inside(span.start)..inside(span.end).max(inside(span.start))
}

/// The long text of a code, for `dqoh problems CODE`; `None` when there is no such code.
pub fn long_text(code: &str) -> Option<&'static str> {
    let wanted = format!("## {} ", code.to_uppercase());
    let from = LONG_TEXTS.find(&wanted)?;
    let rest = LONG_TEXTS.get(from..)?;
    let to = rest.get(3..).and_then(|after| after.find("\n## ")).map_or(rest.len(), |at| at + 4);
    rest.get(..to).map(str::trim_end)
}

/// Every code with its title, in order; other headings are none.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let headings = LONG_TEXTS.lines().filter_map(|line| line.strip_prefix("## ")?.split_once(' '));
    headings.filter(|(code, _)| code.starts_with(['R', 'D', 'U']) && code.len() == 4 && code.chars().skip(1).all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("careplan", ["care-plan", "declined"]).as_deref(), Some("did you mean `care-plan`?"));
        assert_eq!(did_you_mean("smear", ["care-plan", "declined"]), None);
    }

    #[test]
    fn every_code_has_a_long_text() {
        assert!(long_text("r001").is_some_and(|text| text.starts_with("## R001 ")));
        assert!(long_text("R999").is_none());
        assert!(titles().count() > 50);
    }
}
