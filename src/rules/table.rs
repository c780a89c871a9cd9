//! A TOML table whose keys are asked for by name; what nobody asked for is a problem.
//! In: a parsed table. Out: values with their places. Every problem is noted and reading goes on.

use super::forms::Form;
use super::phrase::Words;
use crate::problem::{Problem, did_you_mean};
use crate::source::{At, FileId, Span};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where problems gather while one file is read.
#[derive(Debug)]
pub struct Reading<'p> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'p str,
    /// What was wrong so far.
    pub problems: Vec<Problem>,
}

/// One table being read.
#[derive(Debug)]
pub struct Table<'t> {
    form: &'static Form,
    span: Span,
    left: Vec<(&'t str, Span, &'t Spanned<DeValue<'t>>)>,
    asked: Vec<&'static str>,
}

/// A value and its place.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    value: &'t DeValue<'t>,
    /// The place.
    pub span: Span,
}

impl<'p> Reading<'p> {
    /// Notes a problem.
    pub fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A place in this file.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.file.span(range)
    }

    /// A value with its place.
    pub fn value<'t>(&self, value: &'t Spanned<DeValue<'t>>) -> Value<'t> {
        Value { value: value.get_ref(), span: self.span(value.span()) }
    }

    /// Opens a table of a form.
    pub fn table<'t>(&self, form: &'static Form, table: &'t DeTable<'t>, span: Span) -> Table<'t> {
        let mut left: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), self.span(key.span()), value)).collect();
        left.sort_by_key(|(_, span, _)| span.start);
        Table { form, span, left, asked: Vec::new() }
    }

    fn wrong(&mut self, value: Value<'_>, wanted: &str) {
        let found = kind(value.value);
        let bare = matches!(value.value, DeValue::String(_)) && ["number", "date", "`true`"].iter().any(|word| wanted.contains(word));
        let help = bare.then(|| "write it without quotation marks".to_owned());
        self.note(
            Problem::error("R004", format!("this is {found}, not {wanted}")).at(value.span, format!("expected {wanted}")).maybe_help(help),
        );
    }

    /// A text.
    pub fn text(&mut self, value: Value<'_>) -> Option<At<String>> {
        match value.value {
            DeValue::String(text) => Some(At::new(text.to_string(), value.span)),
            _ => {
                self.wrong(value, "a text in quotation marks");
                None
            }
        }
    }

    /// A sentence, with what is needed to point at its words.
    pub fn words<'t>(&mut self, value: Value<'t>) -> Option<Words<'t>> {
        let DeValue::String(text) = value.value else {
            self.wrong(value, "a sentence in quotation marks");
            return None;
        };
        let raw = self.text.get(value.span.start as usize..value.span.end as usize).unwrap_or("");
        Some(Words { text, span: value.span, plain: raw.get(1..raw.len().saturating_sub(1)) == Some(text.as_ref()) })
    }

    /// Texts: one, or a list.
    pub fn texts(&mut self, value: Value<'_>) -> Vec<At<String>> {
        match value.value {
            DeValue::Array(items) => items.iter().filter_map(|item| self.text(self.value(item))).collect(),
            _ => self.text(value).into_iter().collect(),
        }
    }

    /// A number, exactly as written.
    pub fn number(&mut self, value: Value<'_>) -> Option<At<Decimal>> {
        let digits = match value.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong(value, "a number");
                return None;
            }
        };
        match Decimal::from_str_exact(digits) {
            Ok(number) => Some(At::new(number, value.span)),
            Err(_) => {
                self.wrong(value, "a number in plain digits");
                None
            }
        }
    }

    /// A whole number of at least 0.
    pub fn whole(&mut self, value: Value<'_>) -> Option<At<u64>> {
        let number = self.number(value)?;
        match u64::try_from(number.value) {
            Ok(whole) if Decimal::from(whole) == number.value => Some(At::new(whole, value.span)),
            _ => {
                self.wrong(value, "a whole number of at least 0");
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, value: Value<'_>) -> bool {
        match value.value {
            DeValue::Boolean(truth) => *truth,
            _ => {
                self.wrong(value, "`true` or `false`");
                false
            }
        }
    }

    /// A date without quotation marks.
    pub fn date(&mut self, value: Value<'_>) -> Option<At<NaiveDate>> {
        if let DeValue::Datetime(moment) = value.value
            && let (Some(date), None) = (moment.date, moment.time)
            && let Some(day) = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        {
            return Some(At::new(day, value.span));
        }
        self.wrong(value, "a date such as 2016-04-01");
        None
    }

    /// A table.
    pub fn open<'t>(&mut self, form: &'static Form, value: Value<'t>) -> Option<Table<'t>> {
        match value.value {
            DeValue::Table(table) => Some(self.table(form, table, value.span)),
            _ => {
                self.wrong(value, "a table in { }");
                None
            }
        }
    }

    /// A list.
    pub fn list<'t>(&mut self, value: Value<'t>) -> Vec<Value<'t>> {
        match value.value {
            DeValue::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            _ => {
                self.wrong(value, "a list in square brackets");
                Vec::new()
            }
        }
    }
}

impl<'t> Value<'t> {
    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }
}

impl<'t> Table<'t> {
    /// The place of the whole table.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value of a key, if it is there.
    pub fn take(&mut self, reading: &Reading<'_>, key: &'static str) -> Option<Value<'t>> {
        debug_assert!(self.form.keys.iter().any(|known| known.name == key), "{}: `{key}` is in no form", self.form.what);
        self.asked.push(key);
        let at = self.left.iter().position(|(name, _, _)| *name == key)?;
        let (_, _, value) = self.left.remove(at);
        Some(reading.value(value))
    }

    /// The value of a key that must be there.
    pub fn need(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<Value<'t>> {
        let value = self.take(reading, key);
        if value.is_none() {
            let near = did_you_mean(key, self.left.iter().map(|(name, _, _)| *name)).is_some();
            let help = if near { "a key with nearly this name is there" } else { "add it" };
            let shape = if matches!(key, "rules" | "period") { format!("[{key}]") } else { format!("{key} = …") };
            reading.note(
                Problem::error("R003", format!("{} has no `{key}`", self.form.what))
                    .at(self.span, "in here")
                    .help(format!("{help}: `{shape}`")),
            );
        }
        value
    }

    /// A key that must not be there in this kind of file.
    pub fn must_not(&mut self, reading: &mut Reading<'_>, key: &'static str, help: &str) -> Option<Value<'t>> {
        let value = self.take(reading, key)?;
        reading.note(Problem::error("R018", format!("`{key}` does not belong in this kind of file")).at(value.span, "here").help(help));
        None
    }

    /// A text that may be absent.
    pub fn text(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<String>> {
        self.take(reading, key).and_then(|value| reading.text(value))
    }

    /// A text that must be there.
    pub fn need_text(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<String>> {
        self.need(reading, key).and_then(|value| reading.text(value))
    }

    /// A number that may be absent.
    pub fn number(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<Decimal>> {
        self.take(reading, key).and_then(|value| reading.number(value))
    }

    /// The form turns out to be a narrower one.
    pub fn becomes(&mut self, form: &'static Form) {
        self.form = form;
    }

    /// All keys with their values, where the keys are the author's own names.
    pub fn all(&mut self, reading: &Reading<'_>) -> Vec<(At<String>, Value<'t>)> {
        debug_assert!(self.form.names.is_some(), "{} holds no names of an author's own", self.form.what);
        let entries = std::mem::take(&mut self.left);
        entries.into_iter().map(|(name, span, value)| (At::new(name.to_owned(), span), reading.value(value))).collect()
    }

    /// Says which keys nobody asked for. Every key of the form must have been asked for.
    pub fn finish(self, reading: &mut Reading<'_>) {
        debug_assert!(
            self.form.keys.iter().all(|key| self.asked.contains(&key.name)),
            "{}: a key of its form is never read",
            self.form.what
        );
        for (name, span, _) in &self.left {
            let help = did_you_mean(name, self.asked.iter().copied())
                .unwrap_or_else(|| format!("{} may have: {}", self.form.what, self.asked.join(", ")));
            reading
                .note(Problem::error("R002", format!("`{name}` is not a key of {}", self.form.what)).at(*span, "unknown key").help(help));
        }
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
