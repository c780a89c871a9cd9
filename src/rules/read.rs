//! One TOML text → [`RuleFile`], and all its problems at once.
//! What cannot be understood is left out and said; reading never stops at the first mistake.

use super::forms::{self, Form};
use super::phrase::{self, RESERVED, is_name};
use super::syntax::{Band, FactText, Head, IndicatorHead, Line, Mutant, Pays, RegisterHead, RuleFile, Verb};
use super::table::{Reading, Table, Value};
use super::{examples, facts, pathway, sentence};
use crate::problem::{Problem, did_you_mean};
use crate::source::{At, FileId};
use rust_decimal::Decimal;
use toml::de::DeTable;

/// At most so many syntax errors of one file are shown: the later ones mostly follow from the first.
const SYNTAX_ERRORS: usize = 3;

/// Reads a register or an indicator. `folder` is where the file lies in its framework.
/// Nothing comes out when the file is not TOML, or is neither register nor indicator.
pub fn read_rule_file(file: FileId, folder: &str, text: &str) -> (Option<RuleFile>, Vec<Problem>) {
    let mut reading = Reading { file, text, problems: Vec::new() };
    let rule_file = with_toml(&mut reading, &forms::RULE_FILE, |reading, table| rule_file(reading, folder, table));
    (rule_file, reading.problems)
}

/// Parses the text and hands the table on, unless the text is not TOML.
pub(super) fn with_toml<'t, T>(
    reading: &mut Reading<'t>,
    form: &'static Form,
    read: impl FnOnce(&mut Reading<'t>, Table<'_>) -> Option<T>,
) -> Option<T> {
    let (table, errors) = DeTable::parse_recoverable(reading.text);
    let mut rows = Vec::new();
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let row = reading.text.get(..range.start).unwrap_or("").matches('\n').count();
        if rows.contains(&row) || rows.len() == SYNTAX_ERRORS {
            continue;
        }
        rows.push(row);
        let span = reading.span(range);
        reading.note(
            Problem::error("R001", "this row cannot be read as TOML, the form of rule files")
                .at(span, error.message())
                .help("texts stand in quotation marks, lists in [ ], tables in { }; `dqoh new` writes a file to compare with"),
        );
    }
    if !errors.is_empty() {
        return None;
    }
    let span = reading.span(0..0);
    let table = reading.table(form, table.get_ref(), span);
    read(reading, table)
}

fn rule_file(reading: &mut Reading<'_>, folder: &str, mut table: Table<'_>) -> Option<RuleFile> {
    let register = table.take(reading, "register");
    let indicator = table.take(reading, "indicator");
    let pathway = table.take(reading, "pathway");
    let parts = pathway::Parts {
        stages: table.take(reading, "stages"),
        counts: table.take(reading, "count"),
        people: table.take(reading, "people"),
    };
    let only_in_pathways = [&parts.stages, &parts.counts, &parts.people].into_iter().flatten().next().map(|value| value.span);
    let is_pathway = pathway.is_some();
    if let Some(span) = only_in_pathways.filter(|_| !is_pathway) {
        reading.note(
            Problem::error("R046", "only a pathway has stages and counts")
                .at(span, "here")
                .help("begin the file with [pathway], or take this out"),
        );
    }
    let head = match (register, indicator, pathway) {
        (Some(register), None, None) => reading.open(&forms::REGISTER, register).and_then(|table| register_head(reading, table)),
        (None, Some(indicator), None) => reading.open(&forms::INDICATOR, indicator).and_then(|table| indicator_head(reading, table)),
        (None, None, Some(pathway)) => reading.open(&forms::PATHWAY, pathway).and_then(|table| pathway::head(reading, table, parts)),
        (Some(_), Some(second), _) | (Some(_), None, Some(second)) | (None, Some(_), Some(second)) => {
            reading.note(
                Problem::error("R046", "this file holds two things")
                    .at(second.span, "the second of them")
                    .help("give each register, indicator and pathway a file of its own"),
            );
            None
        }
        (None, None, None) => {
            let span = reading.span(0..0);
            reading.note(
                Problem::error("R046", "this file is neither a register nor an indicator nor a pathway")
                    .at(span, "no [register], [indicator] or [pathway] in here")
                    .help("begin with [register], [indicator] or [pathway]; `dqoh new` writes a file to fill in"),
            );
            None
        }
    };
    let facts = table.take(reading, "facts").and_then(|value| reading.open(&forms::FACTS, value));
    let facts = facts.map(|mut facts| facts.all(reading)).unwrap_or_default();
    let mut named: Vec<String> = facts.iter().map(|(name, _)| name.value.clone()).collect();
    let facts: Vec<FactText> = facts.into_iter().filter_map(|(name, value)| facts::fact(reading, name, value)).collect();
    let conditions = table.take(reading, "conditions").and_then(|value| reading.open(&forms::CONDITIONS, value));
    let conditions = conditions.map(|mut table| table.all(reading)).unwrap_or_default();
    named.extend(conditions.iter().map(|(name, _)| name.value.clone()));
    let conditions = named_conditions(reading, conditions);
    let bands = table.take(reading, "band").map(|value| reading.list(value)).unwrap_or_default();
    let bands = bands.into_iter().filter_map(|value| band(reading, value)).collect();
    // The lines of a pathway follow from its stages.
    let rules =
        if is_pathway { table.must_not(reading, "rules", "its lines follow from its stages") } else { table.need(reading, "rules") };
    let rules = rules.and_then(|value| reading.open(&forms::RULES, value));
    let lines = rules.map(|table| lines(reading, table)).unwrap_or_default();
    let examples = table.take(reading, "example").map(|value| reading.list(value)).unwrap_or_default();
    let of_pathway = head.as_ref().and_then(|head| match head {
        Head::Pathway(head) => Some(head.as_ref()),
        Head::Register(_) | Head::Indicator(_) => None,
    });
    let examples = examples.into_iter().filter_map(|value| match (is_pathway, of_pathway) {
        (false, _) => examples::example(reading, value),
        (true, Some(pathway)) => examples::pathway_example(reading, value, pathway),
        (true, None) => None,
    });
    let examples = examples.collect();
    let mutants = table.take(reading, "mutant").map(|value| reading.list(value)).unwrap_or_default();
    let mutants = mutants.into_iter().filter_map(|value| mutant(reading, value)).collect();
    table.finish(reading);
    let read = |name: &String| {
        let mut names = facts.iter().map(|fact| &fact.name).chain(conditions.iter().map(|(name, _)| name));
        names.any(|other| other.value == *name)
    };
    let unread = named.into_iter().filter(|name| !read(name)).collect();
    let whole = reading.problems.is_empty();
    Some(RuleFile {
        file: reading.file,
        folder: folder.to_owned(),
        question: opening_comment(reading.text),
        head: head?,
        facts,
        conditions,
        bands,
        lines,
        examples,
        mutants,
        unread,
        whole,
    })
}

/// The comment in the first rows, as one text. A row such as `#:schema …` is for editors, not for people.
fn opening_comment(text: &str) -> Option<String> {
    let rows = text.lines().map(str::trim).map_while(|row| row.strip_prefix('#'));
    let words: Vec<&str> = rows.filter(|row| !row.starts_with(':')).map(str::trim).filter(|row| !row.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn register_head(reading: &mut Reading<'_>, mut table: Table<'_>) -> Option<Head> {
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let source = table.text(reading, "source");
    let description = table.text(reading, "description");
    let span = table.span();
    table.finish(reading);
    let title = title.unwrap_or_else(|| At::new(String::new(), span));
    Some(Head::Register(RegisterHead { id: id?, title, source, description }))
}

fn indicator_head(reading: &mut Reading<'_>, mut table: Table<'_>) -> Option<Head> {
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let of = table.need_text(reading, "of");
    let points = table.number(reading, "points");
    let pays = pays(reading, &mut table);
    let head = IndicatorHead {
        points,
        pays,
        adjusted_by: table.text(reading, "adjusted-by"),
        standing: table.need_text(reading, "standing"),
        source: table.need_text(reading, "source"),
        description: table.text(reading, "description"),
        goal: table.text(reading, "goal"),
        id: id.unwrap_or_else(|| At::new(String::new(), table.span())),
        title: title.unwrap_or_else(|| At::new(String::new(), table.span())),
        of: of.unwrap_or_else(|| At::new(String::new(), table.span())),
    };
    table.finish(reading);
    let complete = ![&head.id, &head.of].iter().any(|text| text.value.is_empty());
    complete.then(|| Head::Indicator(Box::new(head)))
}

fn pays(reading: &mut Reading<'_>, table: &mut Table<'_>) -> Option<Pays> {
    let value = table.take(reading, "pays")?;
    let mut pays = reading.open(&forms::PAYS, value)?;
    let from = pays.need(reading, "from").and_then(|value| reading.number(value));
    let to = pays.need(reading, "to").and_then(|value| reading.number(value));
    pays.finish(reading);
    let (from, to) = (from?, to?);
    let hundred = Decimal::from(100);
    let wrong = from.value < Decimal::ZERO || to.value > hundred || from.value >= to.value;
    if wrong {
        reading.note(
            Problem::error("R020", format!("a payment cannot go from {} to {} per cent", from.value, to.value))
                .at(from.span, "nothing is paid at or below this")
                .also(to.span, "everything is paid from here")
                .help("`from` must lie below `to`, and both between 0 and 100"),
        );
        return None;
    }
    Some(Pays { from, to })
}

/// An id is a name: letters, digits and hyphens, so that a sentence can hold it. One that is not is said, and kept:
/// the rest of the file is looked at all the same.
pub(super) fn identifier(reading: &mut Reading<'_>, id: At<String>) -> At<String> {
    if !is_name(&id.value) || id.value == "list" {
        reading.note(
            Problem::error("R007", format!("`{}` cannot be an id", id.value))
                .at(id.span, "this id")
                .help("an id is a letter followed by letters, digits and hyphens, and is not `list`"),
        );
    }
    id
}

/// A name that a sentence can hold and that is no word of the grammar.
pub(super) fn own_name(reading: &mut Reading<'_>, name: At<String>) -> Option<At<String>> {
    let lower = name.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let reserved = RESERVED.contains(&name.value.as_str());
    if is_name(&name.value) && lower && !reserved {
        return Some(name);
    }
    let help = if reserved {
        "sentences use this word themselves; choose another name"
    } else {
        "a name is small letters, digits and hyphens, beginning with a letter"
    };
    reading.note(Problem::error("R007", format!("`{}` cannot be a name", name.value)).at(name.span, "this name").help(help));
    None
}

fn named_conditions(reading: &mut Reading<'_>, written: Vec<(At<String>, Value<'_>)>) -> Vec<(At<String>, At<phrase::Condition>)> {
    let mut all = Vec::new();
    for (name, value) in written {
        let name = own_name(reading, name);
        let sentence = condition(reading, value);
        if let (Some(name), Some(sentence)) = (name, sentence) {
            all.push((name, sentence));
        }
    }
    all
}

pub(super) fn condition(reading: &mut Reading<'_>, value: Value<'_>) -> Option<At<phrase::Condition>> {
    let words = reading.words(value)?;
    let read = sentence::condition(words);
    noted(reading, read).map(|condition| At::new(condition, value.span))
}

/// The value, or its problem noted.
pub(super) fn noted<T>(reading: &mut Reading<'_>, read: Result<T, Problem>) -> Option<T> {
    read.map_err(|problem| reading.note(problem)).ok()
}

fn band(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Band> {
    let mut table = reading.open(&forms::BAND, value)?;
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.text(reading, "title");
    let is = table.need(reading, "is").and_then(|value| condition(reading, value));
    let values = table.take(reading, "values").and_then(|value| reading.open(&forms::BAND_VALUES, value));
    let mut pairs = Vec::new();
    for (name, value) in values.map(|mut values| values.all(reading)).unwrap_or_default() {
        if let (Some(name), Some(number)) = (own_name(reading, name), reading.number(value)) {
            pairs.push((name, number));
        }
    }
    let points = table.number(reading, "points");
    let pays = pays(reading, &mut table);
    table.finish(reading);
    Some(Band { id: id?, title, is: is?, values: pairs, points, pays })
}

fn mutant(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Mutant> {
    let mut table = reading.open(&forms::MUTANT, value)?;
    let change = table.need_text(reading, "change");
    let survives_because = table.need_text(reading, "survives-because");
    table.finish(reading);
    Some(Mutant { change: change?, survives_because: survives_because? })
}

fn lines(reading: &mut Reading<'_>, mut table: Table<'_>) -> Vec<Line> {
    let values = table.need(reading, "in-order").map(|value| reading.list(value)).unwrap_or_default();
    table.finish(reading);
    values.into_iter().filter_map(|value| line(reading, value)).collect()
}

/// The verbs of a line, as keys.
const VERBS: [(&str, Verb); 5] = [
    ("rejected-if", Verb::RejectedIf),
    ("selected-if", Verb::SelectedIf),
    ("excluded-if", Verb::ExcludedIf),
    ("achieved-if", Verb::AchievedIf),
    ("excepted-if", Verb::ExceptedIf),
];

fn line(reading: &mut Reading<'_>, value: Value<'_>) -> Option<Line> {
    let mut table = reading.open(&forms::LINE, value)?;
    let mut found: Vec<(Verb, Value<'_>)> = Vec::new();
    for (key, verb) in &VERBS {
        found.extend(table.take(reading, key).map(|value| (verb.clone(), value)));
    }
    let otherwise = table.take(reading, "otherwise");
    let because = table.text(reading, "because");
    let rule = table.take(reading, "rule").and_then(|value| reading.whole(value));
    let rule = rule.map(|rule| At::new(u32::try_from(rule.value).unwrap_or(u32::MAX), rule.span));
    table.finish(reading);
    let number_of_verbs = found.len() + usize::from(otherwise.is_some());
    if number_of_verbs != 1 {
        let keys: Vec<&str> = VERBS.iter().map(|(key, _)| *key).collect();
        let says = if number_of_verbs == 0 { "this line concludes nothing" } else { "this line concludes two things" };
        reading.note(
            Problem::error("R005", says).at(value.span, "this line").help(format!("a line has one of {}, otherwise", keys.join(", "))),
        );
        return None;
    }
    if let Some(otherwise) = otherwise {
        let words = reading.text(otherwise)?;
        return Some(Line { verb: Verb::Otherwise(words.clone()), condition: None, because, rule, words, span: value.span });
    }
    let (verb, sentence) = found.into_iter().next()?;
    let words = reading.words(sentence)?;
    let text = At::new(words.text.to_owned(), sentence.span);
    let read = sentence::condition(words);
    Some(Line { verb, condition: noted(reading, read), because, rule, words: text, span: value.span })
}

/// A text that must be one of a few words.
pub(super) fn one_of(reading: &mut Reading<'_>, table: &mut Table<'_>, key: &'static str, words: &[&str]) -> Option<At<String>> {
    let text = table.text(reading, key)?;
    allowed(reading, text, words)
}

/// The text, when it is one of a few words.
pub(super) fn allowed(reading: &mut Reading<'_>, text: At<String>, words: &[&str]) -> Option<At<String>> {
    if words.contains(&text.value.as_str()) {
        return Some(text);
    }
    let help = did_you_mean(&text.value, words.iter().copied()).unwrap_or_else(|| format!("one of {}", words.join(", ")));
    reading.note(Problem::error("R005", format!("`{}` is not a word for this place", text.value)).at(text.span, "unknown word").help(help));
    None
}
