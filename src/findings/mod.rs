//! Rules laid over one extract: what they decide there, and what they ask for that is not there.
//! In: a rulebook, its framework of one day, the tally of a run, and the census of the extract. Out: findings, with
//! places in the rules and numbers of the extract. Decides nobody itself, and shows no person: counts under 5 are not told.

mod lack;
mod lines;
mod nobody;
mod people;
mod values;
mod wants;
mod windows;

use crate::extract::census::Census;
use crate::framework::{Framework, LineNumber, Rulebook};
use crate::practice::Practice;
use crate::problem::{Place, Problem};
use crate::source::Sources;
use crate::tally::Tally;
use std::cmp::Reverse;

/// Fewer people, or rows, than this are not told apart.
pub const FEW: u64 = 5;

/// How many places a message names before it only says how many there are.
const NAMED: usize = 12;

/// So many findings that say the same of other sets or files are told as one.
const TOGETHER: usize = 4;

const SEE_CODES: &str = "see whether the practices use other codes, and whether the extract was asked for these";

/// What findings are made of.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'e> {
    /// The rules as written.
    pub rulebook: &'e Rulebook,
    /// The rules for the reporting day.
    pub framework: &'e Framework,
    /// The practices, in the order in which the tally numbers them.
    pub practices: &'e [Practice],
    /// What a run with this framework alone counted.
    pub tally: &'e Tally,
    /// What the extract holds.
    pub census: &'e Census,
}

/// One thing that the extract shows of the rules.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which kind of thing.
    pub section: Section,
    /// In words, with its place.
    pub problem: Problem,
    /// Lines that decide nobody for this reason: the register or indicator of their file, and their number.
    pub deciding_nobody: Vec<(String, LineNumber)>,
    /// Lines that decide everybody who gets there.
    pub deciding_everybody: Vec<(String, LineNumber)>,
    weight: Weight,
}

/// How much a finding matters: whether people can reach a target for it, then how many people (or values) it concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    target: Target,
    people: u64,
}

/// Whether a line that puts people on a register or lets them achieve is among those that are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    #[default]
    NotTouched,
    Touched,
}

/// The kinds of findings, in the order in which they are told: what explains most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Registers, indicators and bands without people.
    Nobody,
    /// Code sets without a record, and the lines that therefore decide nobody.
    NoRecords,
    /// Values that are tested and not there, or in another unit.
    Values,
    /// Windows that reach back before the events of a practice.
    Windows,
    /// Lines that decide everybody who gets there.
    Always,
    /// Other lines that decide nobody.
    Never,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Section; 6] = [Section::Nobody, Section::NoRecords, Section::Values, Section::Windows, Section::Always, Section::Never];

    /// For people.
    pub fn heading(self) -> &'static str {
        match self {
            Section::Nobody => "Registers, indicators and bands of nobody, or of too few to say more",
            Section::NoRecords => "Code sets without a record, and the lines that decide nobody for it",
            Section::Values => "Values that are tested, and are not there or in another unit",
            Section::Windows => "Windows that reach back before the events of a practice begin",
            Section::Always => "Lines that decide everybody who gets that far",
            Section::Never => "Other lines that decide nobody",
        }
    }
}

/// Everything that the extract shows, what matters most first in each section. The same evidence gives the same findings.
pub fn findings(evidence: &Evidence<'_>, sources: &Sources) -> Vec<Finding> {
    let counted = people::Counted::of(evidence);
    let lacking = lack::Lacking::of(evidence);
    let judged = lines::judge(evidence, &counted, &lacking);
    let mut all = values::findings(evidence, &counted, &judged.without_values);
    all.extend(judged.findings);
    all.extend(windows::findings(evidence, &counted));
    all.sort_by_key(|finding| (finding.section, Reverse(finding.weight), place(&finding.problem, sources), finding.problem.says.clone()));
    all
}

fn place(problem: &Problem, sources: &Sources) -> (String, u32) {
    match &problem.place {
        Place::Text(span) => (sources.name(span.file).to_owned(), span.start),
        Place::Data { .. } | Place::Nowhere => (String::new(), 0),
    }
}

impl Finding {
    fn new(section: Section, problem: Problem, people: u64) -> Finding {
        let weight = Weight { target: Target::NotTouched, people };
        Finding { section, problem, deciding_nobody: Vec::new(), deciding_everybody: Vec::new(), weight }
    }
}

/// `5,310`, or `fewer than 5` where there are a few, or `no`.
fn number(number: u64) -> String {
    match number {
        0 => "no".to_owned(),
        few if few < FEW => format!("fewer than {FEW}"),
        _ => {
            let digits = number.to_string();
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
    }
}

/// `5,310 records`, `fewer than 5 records`.
fn number_of(how_many: u64, what: &str) -> String {
    format!("{} {what}{}", number(how_many), if how_many == 0 { "" } else { "s" })
}

/// `1 line`, `3 lines`: of the rules, so that nothing needs to be hidden.
fn plural(how_many: usize, what: &str) -> String {
    format!("{how_many} {what}{}", if how_many == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`; beyond `most` only how many there are besides.
fn listed(parts: Vec<String>, most: usize) -> String {
    listed_with("and", parts, most)
}

/// The same with another word before the last.
fn listed_with(word: &str, mut parts: Vec<String>, most: usize) -> String {
    let besides = parts.len().saturating_sub(most);
    parts.truncate(most);
    if besides > 0 {
        parts.push(format!("{besides} more"));
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
        None => String::new(),
    }
}

/// `line 3`, `lines 3 and 4`, `lines 3 to 9`: neighbours are drawn together.
fn lines_in_words(numbers: &[LineNumber]) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number.0 => *last = number.0,
            _ => runs.push((number.0, number.0)),
        }
    }
    let words = runs.iter().flat_map(|(first, last)| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![format!("{first} to {last}")],
    });
    let words = listed(words.collect(), usize::MAX);
    if numbers.len() == 1 { format!("line {words}") } else { format!("lines {words}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_not_told_apart() {
        let told: Vec<String> = [0, 1, 4, 5, 999, 5_310, 1_000_000].map(number).to_vec();
        assert_eq!(told, ["no", "fewer than 5", "fewer than 5", "5", "999", "5,310", "1,000,000"]);
    }

    #[test]
    fn lists_end_with_and() {
        let list = |numbers: &[u16]| lines_in_words(&numbers.iter().map(|number| LineNumber(*number)).collect::<Vec<_>>());
        assert_eq!(list(&[3]), "line 3");
        assert_eq!(list(&[3, 4]), "lines 3 and 4");
        assert_eq!(list(&[1, 3, 4, 5, 9]), "lines 1, 3 to 5 and 9");
        let names = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(listed(names.clone(), 4), "a, b, c and d");
        assert_eq!(listed(names, 2), "a, b and 2 more");
    }
}
