//! The examples of rule files → patterns of records, and the real codes of their code sets.
//! Knows no practice; draws nothing but codes.

use crate::evaluate::examples::{episode, patients};
use crate::extract::patient::{About, Episode};
use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeId, SetId, ValueRule};
use crate::framework::{Framework, LineNumber, Rulebook, View};
use crate::rules::syntax::{Example, Head, RuleFile};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Codes of one scheme are drawn from the first few of a set: the common ones stand first.
const COMMON: usize = 6;

/// One record of an example.
#[derive(Clone, Debug)]
pub struct Piece {
    /// As written.
    pub day: Day,
    /// Which codes it may have, as an index of the choices.
    choice: usize,
    /// Its value.
    pub value: Option<Decimal>,
    /// The group that is written; 0 for none.
    pub group: u32,
    /// Its episode.
    pub episode: Episode,
}

/// One example.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The person.
    pub about: About,
    /// Their records.
    pub pieces: Vec<Piece>,
    /// The line that decides.
    pub line: LineNumber,
}

/// One code of the framework.
#[derive(Clone, Debug)]
pub struct ListedCode {
    /// Its scheme.
    pub scheme: String,
    /// Itself.
    pub code: String,
    /// Its number in the framework.
    pub id: CodeId,
    /// The unit of its values, in all spellings; empty when no line looks at them.
    pub units: Vec<String>,
    sets: Vec<SetId>,
}

/// All examples at the end of the period in the year-end view, by measure, and all codes.
#[derive(Debug)]
pub struct Patterns {
    /// In the order of the framework's registers.
    pub registers: Vec<Vec<Pattern>>,
    /// In the order of the framework's indicators.
    pub indicators: Vec<Vec<Pattern>>,
    codes: Vec<ListedCode>,
    choices: Vec<Choice>,
    named: FxHashMap<String, usize>,
}

/// A combination of sets, and the codes that are in all of them and in as few others as there are.
#[derive(Debug)]
struct Choice {
    sets: Vec<SetId>,
    all: Vec<usize>,
    /// The first few of each scheme.
    common: Vec<(String, Vec<usize>)>,
}

impl Patterns {
    /// Reads them off the rules. `framework` is that of the reporting day; `names` are the combinations of sets that the profile has.
    pub fn of(rulebook: &Rulebook, framework: &Framework, names: &[String]) -> Patterns {
        let mut made = Patterns {
            registers: Vec::new(),
            indicators: Vec::new(),
            codes: listed(rulebook, framework),
            choices: Vec::new(),
            named: FxHashMap::default(),
        };
        for name in names {
            made.name(framework, name);
        }
        for register in &framework.registers {
            let patterns =
                made.of_file(rulebook, framework, |head| matches!(head, (Head::Register(head), _) if head.id.value == register.id));
            made.registers.push(patterns);
        }
        for indicator in &framework.indicators {
            let is_its = |(head, file): (&Head, &RuleFile)| match head {
                Head::Register(_) | Head::Pathway(_) => false,
                Head::Indicator(head) => head.id.value == indicator.id || file.bands.iter().any(|band| band.id.value == indicator.id),
            };
            let patterns = made.of_file(rulebook, framework, is_its);
            made.indicators.push(patterns);
        }
        // Pathways follow indicators, as they do among the measures.
        for pathway in &framework.pathways {
            let is_its = |(head, _): (&Head, &RuleFile)| matches!(head, Head::Pathway(head) if head.id.value == pathway.id);
            let patterns = made.of_file(rulebook, framework, is_its);
            made.indicators.push(patterns);
        }
        made
    }

    fn of_file(&mut self, rulebook: &Rulebook, framework: &Framework, wanted: impl Fn((&Head, &RuleFile)) -> bool) -> Vec<Pattern> {
        let Some(file) = rulebook.files.iter().find(|file| wanted((&file.head, file))) else { return Vec::new() };
        let end = rulebook.period().to;
        let at_the_end = |example: &&Example| {
            example.at.as_ref().is_none_or(|at| Day::from(at.value) == end)
                && example.view.as_ref().is_none_or(|view| view.value == View::YearEnd.word())
        };
        file.examples.iter().filter(at_the_end).filter_map(|example| self.pattern(framework, example)).collect()
    }

    fn pattern(&mut self, framework: &Framework, example: &Example) -> Option<Pattern> {
        let about = patients(framework, example).people().first()?.about;
        let mut groups: Vec<&str> = Vec::new();
        let mut pieces = Vec::new();
        for record in &example.records {
            let group = record.group.as_deref().map_or(0, |group| {
                let at = groups.iter().position(|other| *other == group).unwrap_or_else(|| {
                    groups.push(group);
                    groups.len() - 1
                });
                number(at + 1)
            });
            let mut sets: Vec<SetId> = record
                .sets
                .iter()
                .filter_map(|set| framework.sets.binary_search(&set.value).ok())
                .map(|at| SetId(u16::try_from(at).unwrap_or(u16::MAX)))
                .collect();
            sets.sort_unstable();
            let choice = self.choice(&sets);
            let value = record.value.as_ref().map(|value| value.value);
            pieces.push(Piece { day: Day::from(record.date.value), choice, value, group, episode: episode(record) });
        }
        let line = LineNumber(u16::try_from(example.line.value).unwrap_or(u16::MAX));
        Some(Pattern { about, pieces, line })
    }

    /// Sets joined by + that the framework has; without a code in all of them the first counts alone.
    fn name(&mut self, framework: &Framework, name: &str) {
        let known = |set: &str| framework.sets.binary_search_by(|other| other.as_str().cmp(set)).ok();
        let sets: Vec<SetId> = name.split('+').filter_map(known).map(|at| SetId(u16::try_from(at).unwrap_or(u16::MAX))).collect();
        let Some(first) = sets.first().copied() else { return };
        let mut sorted = sets;
        sorted.sort_unstable();
        let mut choice = self.choice(&sorted);
        if self.choices.get(choice).is_some_and(|choice| choice.all.is_empty()) {
            choice = self.choice(&[first]);
        }
        self.named.insert(name.to_owned(), choice);
    }

    /// The codes that are in all these sets, and in as few others as there are.
    fn choice(&mut self, sets: &[SetId]) -> usize {
        if let Some(at) = self.choices.iter().position(|known| known.sets == sets) {
            return at;
        }
        let fitting = |code: &&ListedCode| sets.iter().all(|set| code.sets.contains(set));
        let fewest = self.codes.iter().filter(fitting).map(|code| code.sets.len()).min().unwrap_or(0);
        let mut choice = Choice { sets: sets.to_vec(), all: Vec::new(), common: Vec::new() };
        for (at, code) in self.codes.iter().enumerate().filter(|(_, code)| fitting(code) && code.sets.len() == fewest) {
            choice.all.push(at);
            match choice.common.iter_mut().find(|(scheme, _)| *scheme == code.scheme) {
                Some((_, codes)) if codes.len() >= COMMON => {}
                Some((_, codes)) => codes.push(at),
                None => choice.common.push((code.scheme.clone(), vec![at])),
            }
        }
        self.choices.push(choice);
        self.choices.len() - 1
    }

    /// A code for a piece of an example: of the first of these schemes that has any, now and then of any. `taken` are those it may not be.
    pub fn draw(&self, piece: &Piece, schemes: &[String], taken: &[usize], dice: &mut Pcg64) -> Option<usize> {
        let choice = self.choices.get(piece.choice)?;
        let free = |codes: &[usize]| codes.iter().copied().filter(|at| !taken.contains(at)).collect::<Vec<usize>>();
        let usual = schemes.iter().filter_map(|scheme| choice.of(scheme)).map(free).find(|codes| !codes.is_empty());
        let unusual = dice.random_ratio(3, 100);
        usual.filter(|_| !unusual).unwrap_or_else(|| free(&choice.all)).choose(dice).copied()
    }

    /// A code of sets that the profile names, in the practice's own scheme, now and then in another; nothing when the framework has none of them.
    pub fn draw_named(&self, name: &str, schemes: &[String], dice: &mut Pcg64) -> Option<usize> {
        let choice = self.choices.get(*self.named.get(name)?)?;
        if dice.random_ratio(2, 100) {
            return choice.all.choose(dice).copied();
        }
        schemes.iter().find_map(|scheme| choice.of(scheme))?.choose(dice).copied()
    }

    /// A code by its number here.
    pub fn code(&self, at: usize) -> Option<&ListedCode> {
        self.codes.get(at)
    }
}

impl Choice {
    fn of(&self, scheme: &str) -> Option<&[usize]> {
        self.common.iter().find(|(known, _)| known == scheme).map(|(_, codes)| codes.as_slice())
    }
}

/// Every code of the sets in use, by set, once.
fn listed(rulebook: &Rulebook, framework: &Framework) -> Vec<ListedCode> {
    let mut codes: Vec<ListedCode> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for set in rulebook.sets.iter().filter(|set| framework.sets.binary_search(&set.name).is_ok()) {
        for code in &set.codes {
            let Some(id) = framework.codes.find(&code.scheme, code.code.as_bytes()) else { continue };
            if !seen.insert(id.0) {
                continue;
            }
            let mut sets = framework.codes.sets_of(id).to_vec();
            sets.sort_unstable();
            let units = framework.codes.value_rule(id).map(|rule| units(rulebook, rule)).unwrap_or_default();
            codes.push(ListedCode { scheme: code.scheme.clone(), code: code.code.clone(), id, units, sets });
        }
    }
    codes
}

/// The spellings of a unit, as `[values]` writes them.
fn units(rulebook: &Rulebook, rule: &ValueRule) -> Vec<String> {
    let text = rulebook.file.values.iter().find(|text| ValueRule::new(text).as_ref() == Some(rule));
    text.map(|text| std::iter::once(&text.unit).chain(&text.spellings).map(|unit| unit.value.clone()).collect()).unwrap_or_default()
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
