//! A tally → people of every rule file and every line of it: all practices, all bands together.

use super::{Evidence, Target, lines_in_words, number};
use crate::framework::{Condition, LineNumber, Lines, Outcome};
use crate::rules::syntax::RuleFile;
use crate::source::{At, Span};
use crate::tally::{FIRST_REGISTER, Key, LIST, Tally};
use std::collections::BTreeMap;

/// People of every file: all practices, all bands.
pub(super) struct Counted<'e> {
    /// On the list.
    pub list: u64,
    /// By rule file.
    pub files: Vec<FileCount<'e>>,
    people: BTreeMap<(u16, u16), u64>,
}

/// People of one file.
pub(super) struct FileCount<'e> {
    pub file: &'e RuleFile,
    /// The lines of its register or indicator, or of its first band.
    pub lines: &'e Lines,
    /// Whom it is of; those outside all bands are not counted.
    pub of: u64,
    /// In order.
    pub counts: Vec<LineCount<'e>>,
}

/// People of one line.
pub(super) struct LineCount<'e> {
    pub number: LineNumber,
    pub span: Span,
    pub words: &'e str,
    pub outcome: Outcome,
    pub condition: &'e Condition,
    pub decided: u64,
    /// People whom no line above decided.
    pub reached: u64,
}

impl<'e> FileCount<'e> {
    /// The id that its author gave the file.
    pub fn id(&self) -> &'e At<String> {
        id(self.file)
    }
}

fn id(file: &RuleFile) -> &At<String> {
    file.head.id()
}

impl<'e> Counted<'e> {
    pub fn of(evidence: &Evidence<'e>) -> Counted<'e> {
        let people = everybody(evidence.tally);
        let list = people.get(&(LIST, 1)).copied().unwrap_or(0);
        let mut counted = Counted { list, files: Vec::new(), people };
        for file in &evidence.rulebook.files {
            let path = evidence.rulebook.path(file.file);
            let measures = (FIRST_REGISTER..).zip(evidence.framework.measures()).filter(|(_, (_, lines))| lines.file == path);
            let measures: Vec<(u16, &Lines)> = measures.map(|(measure, (_, lines))| (measure, lines)).collect();
            if let Some((_, lines)) = measures.first() {
                let count = counted.file(file, lines, &measures);
                counted.files.push(count);
            }
        }
        counted
    }

    /// People whom a line of a measure decided.
    pub fn decided(&self, measure: u16, line: LineNumber) -> u64 {
        self.people.get(&(measure, line.0)).copied().unwrap_or(0)
    }

    fn file(&self, file: &'e RuleFile, lines: &'e Lines, measures: &[(u16, &Lines)]) -> FileCount<'e> {
        let written = lines.lines.iter().filter(|line| line.number != LineNumber(0));
        let sums = written.map(|line| (line, measures.iter().map(|(measure, _)| self.decided(*measure, line.number)).sum::<u64>()));
        let sums: Vec<_> = sums.collect();
        let of = sums.iter().map(|(_, decided)| decided).sum();
        let mut left = of;
        let counts = sums.into_iter().map(|(line, decided)| {
            let reached = left;
            left -= decided;
            LineCount {
                number: line.number,
                span: line.span,
                words: &line.words,
                outcome: line.outcome,
                condition: &line.condition,
                decided,
                reached,
            }
        });
        FileCount { file, lines, of, counts: counts.collect() }
    }
}

/// People by measure and line.
fn everybody(tally: &Tally) -> BTreeMap<(u16, u16), u64> {
    let mut people = BTreeMap::new();
    for (Key { measure, line, .. }, count) in tally.iter().filter(|(key, _)| key.stratum == 0) {
        *people.entry((measure, line)).or_default() += u64::from(count);
    }
    people
}

/// Lines of one file for one cause.
pub(super) type Found<'c, 'e> = (&'c FileCount<'e>, Vec<&'c LineCount<'e>>);

/// Puts a line to those of its file.
pub(super) fn add<'c, 'e>(all: &mut Vec<Found<'c, 'e>>, count: &'c FileCount<'e>, line: &'c LineCount<'e>) {
    match all.last_mut().filter(|(other, _)| std::ptr::eq(*other, count)) {
        Some((_, lines)) => lines.push(line),
        None => all.push((count, vec![line])),
    }
}

pub(super) fn names(found: &[Found<'_, '_>]) -> Vec<(String, LineNumber)> {
    found.iter().flat_map(|(count, lines)| lines.iter().map(|line| (count.id().value.clone(), line.number))).collect()
}

pub(super) fn lines_of<'c, 'e>(found: &'c [Found<'c, 'e>]) -> impl Iterator<Item = &'c LineCount<'e>> {
    found.iter().flat_map(|(_, lines)| lines.iter().copied())
}

/// `line 2 of DM003 (39 people)`
pub(super) fn in_words((count, lines): &Found<'_, '_>) -> String {
    let numbers: Vec<LineNumber> = lines.iter().map(|line| line.number).collect();
    format!("{} of {} ({} people)", lines_in_words(&numbers), count.id().value, number(count.of))
}

/// What lines matter.
pub(super) fn target<'c, 'e: 'c>(mut lines: impl Iterator<Item = &'c LineCount<'e>>) -> Target {
    let touched = lines.any(|line| matches!(line.outcome, Outcome::Selected | Outcome::Achieved));
    if touched { Target::Touched } else { Target::NotTouched }
}
