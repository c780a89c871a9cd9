//! Every example of every rule file is a person; what must become of them is checked here,
//! and that every line decides at least one of them.

use super::Answers;
use super::pathway::Standing;
use crate::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, SetId};
use crate::framework::pathways::Pathway;
use crate::framework::{Amount, Framework, LineNumber, Lines, Outcome, Population, RegisterId, Rulebook, Sex, Stretch, View};
use crate::problem::{Problem, did_you_mean};
use crate::rules::places::places;
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
        let lines = number_of_lines(file);
        let mut reached = vec![false; lines];
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
        examined.lines += lines;
        examined.problems.extend(places_unreached(file, &reached));
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

/// The lines of a file; those of a pathway follow from its stages.
fn number_of_lines(file: &RuleFile) -> usize {
    match &file.head {
        Head::Pathway(head) => places(head.stages.len()).len(),
        Head::Register(_) | Head::Indicator(_) => file.lines.len(),
    }
}

/// Places of a pathway where no example is.
fn places_unreached(file: &RuleFile, reached: &[bool]) -> Vec<Problem> {
    let Head::Pathway(head) = &file.head else { return Vec::new() };
    let places = places(head.stages.len());
    let unreached = places.iter().zip(reached).filter(|(_, reached)| !**reached);
    unreached
        .map(|(place, _)| {
            let furthest =
                place.furthest.checked_sub(1).and_then(|at| head.stages.get(at)).map_or("none", |stage| stage.fact.value.as_str());
            Problem::error("R039", format!("no example is `{}` with `{furthest}` as the furthest stage", place.status.word()))
                .at(head.id.span, "this pathway")
                .help("add an [[example]] of such a person")
        })
        .collect()
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
        Head::Pathway(head) => {
            let pathway = framework.pathways.iter().find(|pathway| pathway.id == head.id.value).ok_or_else(lost)?;
            let Some(standing) = answers.pathway(pathway) else {
                return Err(Box::new(
                    Problem::error("R038", format!("the person of this example is not on the register `{}`", head.of.value))
                        .at(example.story.span, "this example")
                        .help("add the records that put the person on the register"),
                ));
            };
            if let Some(problem) = unlike(pathway, &standing, example).or_else(|| counted_unlike(&mut answers, pathway, example)) {
                return Err(Box::new(problem));
            }
            decided(standing.line, &pathway.lines).ok_or_else(lost)
        }
    }
}

/// What an example of a pathway says besides the place, and is otherwise.
fn unlike(pathway: &Pathway, standing: &Standing<'_>, example: &Example) -> Option<Problem> {
    let missing: Vec<String> = standing.missing.iter().filter_map(|at| Some(pathway.stages.get(*at)?.name.clone())).collect();
    let day = |day: Option<Day>| day.map_or_else(|| "no day".to_owned(), |day| day.to_string());
    let otherwise = |span, says: &str, comes_out: String| {
        let problem = Problem::error("R035", "this example comes out otherwise").at(span, says);
        Some(problem.help(format!("it comes out as {comes_out}: mend the example, or the pathway")))
    };
    if let Some(expected) = example.missing.as_ref().filter(|expected| expected.value != missing) {
        let stages = if missing.is_empty() { "no stage missing".to_owned() } else { missing.join(", ") };
        return otherwise(expected.span, "these stages are missing", stages);
    }
    if let Some(expected) = example.lapses.as_ref().filter(|expected| standing.lapses != Some(Day::from(expected.value))) {
        return otherwise(expected.span, "the plan lapses then", day(standing.lapses));
    }
    let drops = standing.drops.map(|drops| drops.on);
    if let Some(expected) = example.drops.as_ref().filter(|expected| drops != Some(Day::from(expected.value))) {
        return otherwise(expected.span, "something drops out then", day(drops));
    }
    None
}

/// What an example of a pathway says of counts, and is otherwise.
fn counted_unlike(answers: &mut Answers<'_>, pathway: &Pathway, example: &Example) -> Option<Problem> {
    let from = answers.framework.stretches().into_iter().find(|(stretch, _)| *stretch == Stretch::Last12Months).map(|(_, from)| from)?;
    for (id, expected) in &example.counts {
        let count = pathway.counts.iter().find(|count| count.id == id.value);
        let Some(count) = count else {
            let help = did_you_mean(&id.value, pathway.counts.iter().map(|count| count.id.as_str()));
            let help = help.unwrap_or_else(|| "name one of the [[count]] of this file".to_owned());
            return Some(
                Problem::error("R010", format!("there is no count called `{}`", id.value)).at(id.span, "unknown count").help(help),
            );
        };
        let events = answers.events(count).into_iter().filter(|event| event.day >= from).count();
        if events as u64 != expected.value {
            let problem =
                Problem::error("R035", "this example comes out otherwise").at(expected.span, "so many events in the last 12 months");
            return Some(problem.help(format!("there are {events}: mend the example, or the count")));
        }
    }
    let expected = example.holds.as_ref()?;
    let holding = pathway.people.iter().filter(|count| answers.people_count_holds(count)).map(|count| count.id.clone());
    let holding: Vec<String> = holding.collect();
    let same = holding.len() == expected.value.len() && holding.iter().all(|id| expected.value.contains(id));
    (!same).then(|| {
        let holding = if holding.is_empty() { "none".to_owned() } else { holding.join(", ") };
        Problem::error("R035", "this example comes out otherwise")
            .at(expected.span, "these sentences hold")
            .help(format!("those that hold: {holding}; mend the example, or a sentence"))
    })
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
    /// What was entered: the same sets are the same code.
    entered: Vec<(Vec<SetId>, CodeId)>,
}

impl<'c> CodeBookOf<'c> {
    fn new(real: &'c CodeBook) -> Self {
        CodeBookOf { real, codes: CodeBook::default(), entered: Vec::new() }
    }

    fn code(&mut self, framework: &Framework, record: &ExampleRecord) -> Option<CodeId> {
        let sets: Vec<SetId> = record
            .sets
            .iter()
            .filter_map(|set| framework.sets.binary_search(&set.value).ok())
            .filter_map(|at| u16::try_from(at).ok().map(SetId))
            .collect();
        if let Some((_, code)) = self.entered.iter().find(|(known, _)| *known == sets) {
            return Some(*code);
        }
        (!sets.is_empty()).then(|| {
            let code = self.codes.enter_sets(sets.clone(), self.real);
            self.entered.push((sets, code));
            code
        })
    }

    fn accepts(&self, code: CodeId, amount: Amount) -> bool {
        self.codes.value_rule(code).is_some_and(|rule| rule.accepts(amount))
    }
}
