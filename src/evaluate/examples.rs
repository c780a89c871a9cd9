//! Every example of every rule file is a person; what must become of them is checked here,
//! and that every line decides at least one of them.

use super::Answers;
use crate::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, SetId};
use crate::framework::{Amount, Framework, LineNumber, Lines, Outcome, Population, RegisterId, Rulebook, Sex, View};
use crate::problem::Problem;
use crate::rules::syntax::{BORN, Example, ExampleRecord, Head, REGISTERED, RuleFile};
use crate::source::Span;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// What the examples showed.
#[derive(Debug, Default)]
pub struct Examined {
    /// Examples that came out otherwise, and lines that no example reaches.
    pub problems: Vec<Problem>,
    /// How many examples there are.
    pub examples: usize,
    /// How many lines there are.
    pub lines: usize,
}

/// Runs all examples of a rulebook that has no errors.
pub fn examine(rulebook: &Rulebook) -> Examined {
    let mut frameworks = Frameworks::of(rulebook);
    let mut examined = Examined::default();
    for file in &rulebook.files {
        let mut reached = vec![false; file.lines.len()];
        let mut reach = |line: u32| {
            let at = usize::try_from(line).ok().and_then(|line| line.checked_sub(1));
            if let Some(reached) = at.and_then(|at| reached.get_mut(at)) {
                *reached = true;
            }
        };
        for example in &file.examples {
            examined.examples += 1;
            // An example that comes out otherwise is said to; the line that it means is not complained of as well.
            reach(example.line.value);
            match decide(&mut frameworks, file, example) {
                Ok(decided) => {
                    reach(u32::from(decided.line.0));
                    examined.problems.extend(disagreement(example, &decided));
                }
                Err(problem) => examined.problems.push(*problem),
            }
        }
        examined.lines += file.lines.len();
        for (line, _) in file.lines.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            examined.problems.push(
                Problem::error("R039", "no example reaches this line")
                    .at(line.span, "decides nobody")
                    .help("add an [[example]] that it decides, or take the line out"),
            );
        }
    }
    examined
}

/// The framework of each reporting day and view that an example names.
pub(super) struct Frameworks<'r> {
    rulebook: &'r Rulebook,
    made: FxHashMap<(Day, View), Framework>,
}

impl<'r> Frameworks<'r> {
    /// None made yet.
    pub fn of(rulebook: &'r Rulebook) -> Self {
        Frameworks { rulebook, made: FxHashMap::default() }
    }

    /// The reporting day and view of an example.
    pub fn key(&self, example: &Example) -> (Day, View) {
        let day = example.at.as_ref().map_or(self.rulebook.period().to, |at| Day::from(at.value));
        let rolling = example.view.as_ref().is_some_and(|view| view.value == View::Rolling.word());
        (day, if rolling { View::Rolling } else { View::YearEnd })
    }

    /// The framework of an example.
    pub fn framework(&mut self, example: &Example) -> &Framework {
        self.framework_mut(example)
    }

    /// The framework of an example, to be changed and put back.
    pub fn framework_mut(&mut self, example: &Example) -> &mut Framework {
        let (day, view) = self.key(example);
        let rulebook = self.rulebook;
        self.made.entry((day, view)).or_insert_with(|| rulebook.at(day, view).0)
    }
}

struct Decided {
    line: LineNumber,
    outcome: Outcome,
    words: String,
    span: Span,
}

fn decide(frameworks: &mut Frameworks<'_>, file: &RuleFile, example: &Example) -> Result<Decided, Box<Problem>> {
    let framework = frameworks.framework(example);
    judge(framework, file, example, &patients(framework, example))
}

/// Whether an example no longer comes out as it says.
pub(super) fn comes_out_otherwise(framework: &Framework, file: &RuleFile, example: &Example, patients: &Patients) -> bool {
    judge(framework, file, example, patients).map_or(true, |decided| disagreement(example, &decided).is_some())
}

fn judge(framework: &Framework, file: &RuleFile, example: &Example, patients: &Patients) -> Result<Decided, Box<Problem>> {
    let lost = || Box::new(Problem::error("R035", "this example could not be tried").at(example.span, "here"));
    let person = patients.people().first().ok_or_else(lost)?;
    if !person.about.on_the_list(framework.reporting_day) {
        return Err(Box::new(
            Problem::error("R038", "the person of this example is not on the list on the reporting day")
                .at(example.story.span, "this example")
                .help("set `registered` to a day on or before the reporting day"),
        ));
    }
    let mut answers = Answers::new(framework, patients.patient(person));
    match &file.head {
        Head::Register(head) => {
            let at = framework.registers.iter().position(|register| register.id == head.id.value).ok_or_else(lost)?;
            let id = RegisterId(u16::try_from(at).unwrap_or(u16::MAX));
            let line = answers.register(id);
            decided(line, &framework.register(id).lines).ok_or_else(lost)
        }
        Head::Indicator(head) => {
            let mut last = None;
            let ids: Vec<&str> =
                if file.bands.is_empty() { vec![&head.id.value] } else { file.bands.iter().map(|band| band.id.value.as_str()).collect() };
            for indicator in framework.indicators.iter().filter(|indicator| ids.contains(&indicator.id.as_str())) {
                let Some(line) = answers.indicator(indicator) else {
                    let register = match indicator.of {
                        Population::Register(id) => framework.register(id).id.as_str(),
                        Population::List => "list",
                    };
                    return Err(Box::new(
                        Problem::error("R038", format!("the person of this example is not on the register `{register}`"))
                            .at(example.story.span, "this example")
                            .help("add the records that put the person on the register"),
                    ));
                };
                last = decided(line, &indicator.lines);
                if line != LineNumber(0) {
                    break;
                }
            }
            last.ok_or_else(lost)
        }
    }
}

fn decided(number: LineNumber, lines: &Lines) -> Option<Decided> {
    let line = lines.line(number)?;
    Some(Decided { line: number, outcome: line.outcome, words: line.words.clone(), span: line.span })
}

fn disagreement(example: &Example, decided: &Decided) -> Option<Problem> {
    let same = decided.outcome.word() == example.then.value && u32::from(decided.line.0) == example.line.value;
    (!same).then(|| {
        let what = format!("line {} decided: {}", decided.line.0, decided.words);
        Problem::error("R035", "this example comes out otherwise")
            .at(example.line.span, format!("expected {}, decided by line {}", example.then.value, example.line.value))
            .also(decided.span, what)
            .help(format!("it comes out as `{}` by line {}: mend the example, or the line", decided.outcome.word(), decided.line.0))
    })
}

/// The person of an example, as if they had been read from an extract.
pub fn patients(framework: &Framework, example: &Example) -> Patients {
    let mut book = CodeBookOf::new(&framework.codes);
    let day = |date: &Option<crate::source::At<NaiveDate>>, or: (i32, u32, u32)| {
        date.as_ref().map(|date| Day::from(date.value)).or_else(|| Day::from_ymd(or.0, or.1, or.2)).unwrap_or(Day(0))
    };
    let born = day(&example.born, BORN);
    let male = example.sex.as_ref().is_some_and(|sex| sex.value == "male");
    let about = About {
        born,
        born_ymd: born.ymd(),
        sex: Some(if male { Sex::Male } else { Sex::Female }),
        registered: day(&example.registered, REGISTERED),
        left: None,
        died: None,
        imd_quintile: None,
    };
    let mut groups: Vec<&str> = Vec::new();
    let mut raw = Vec::new();
    for (row, record) in (1..).zip(&example.records) {
        let group = record.group.as_deref().map_or(0, |group| {
            let at = groups.iter().position(|other| *other == group).unwrap_or_else(|| {
                groups.push(group);
                groups.len() - 1
            });
            u32::try_from(at + 1).unwrap_or(u32::MAX)
        });
        let Some(code) = book.code(framework, record) else { continue };
        raw.push(RawRecord {
            person: 0,
            day: Day::from(record.date.value),
            code,
            // Two rows of an example are two records, even when they read the same.
            written: row,
            group,
            episode: episode(record),
            amount: record.value.as_ref().and_then(|value| Amount::from_decimal(value.value)).filter(|amount| book.accepts(code, *amount)),
            place: RowPlace { file: 0, row },
        });
    }
    Patients::new([(0, about)], raw, &book.codes)
}

/// The episode of a record; the reader has seen to it that the word is known.
pub fn episode(record: &ExampleRecord) -> Episode {
    let word = record.episode.as_ref().map_or("", |episode| episode.value.as_str());
    Episode::from_word(word.as_bytes()).unwrap_or_default()
}

/// Examples name sets, not codes: each combination of sets becomes a code of its own.
struct CodeBookOf<'c> {
    real: &'c CodeBook,
    codes: CodeBook,
}

impl<'c> CodeBookOf<'c> {
    fn new(real: &'c CodeBook) -> Self {
        CodeBookOf { real, codes: CodeBook::default() }
    }

    fn code(&mut self, framework: &Framework, record: &ExampleRecord) -> Option<CodeId> {
        let sets: Vec<SetId> = record
            .sets
            .iter()
            .filter_map(|set| framework.sets.binary_search(&set.value).ok())
            .filter_map(|at| u16::try_from(at).ok().map(SetId))
            .collect();
        (!sets.is_empty()).then(|| self.codes.enter_sets(sets, self.real))
    }

    fn accepts(&self, code: CodeId, amount: Amount) -> bool {
        self.codes.value_rule(code).is_some_and(|rule| rule.accepts(amount))
    }
}
