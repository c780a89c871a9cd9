//! A tally → lines that decide everybody who gets there, and lines that decide nobody, by what is the cause.

use super::lack::{Lacking, missing_in_words};
use super::people::{Counted, FileCount, Found, LineCount, add, in_words, lines_of, names, target};
use super::wants::{ForLack, wants};
use super::{Evidence, FEW, Finding, NAMED, SEE_CODES, Section, TOGETHER, Target, lines_in_words, listed, nobody, number, plural};
use crate::framework::LineNumber;
use crate::framework::code_sets::SetId;
use crate::problem::Problem;
use std::collections::BTreeMap;

const SEE_LINES: &str = "that may be so; if it should not, look at the codes and the days that these lines ask for";

/// What the lines show.
pub(super) struct Judged {
    pub findings: Vec<Finding>,
    /// Lines that decide nobody because a set has no usable value: told where the values are.
    pub without_values: BTreeMap<SetId, Vec<(String, LineNumber)>>,
}

/// A file of which everybody is left over for `otherwise`: that line, and those above that have no other cause.
type LeftOver<'c, 'e> = (&'c FileCount<'e>, &'c LineCount<'e>, Vec<&'c LineCount<'e>>);

pub(super) fn judge(evidence: &Evidence<'_>, counted: &Counted<'_>, lacking: &Lacking<'_>) -> Judged {
    let mut judged = Judged { findings: Vec::new(), without_values: BTreeMap::new() };
    if counted.list < FEW {
        judged.findings.push(nobody::nobody_on_the_list(evidence, counted));
        return judged;
    }
    let empty = nobody::registers_of_few(evidence, counted, lacking, &mut judged.findings);
    nobody::bands_of_few(evidence, counted, &mut judged.findings);
    let mut for_lack: ForLack<'_, '_> = BTreeMap::new();
    let mut unexplained: Vec<Found<'_, '_>> = Vec::new();
    let mut left_over: Vec<LeftOver<'_, '_>> = Vec::new();
    for count in counted.files.iter().filter(|count| count.of >= FEW && !empty.contains(&count.id().value.as_str())) {
        let always = count.counts.iter().position(|line| decides_everybody(count, line));
        let never: Vec<&LineCount<'_>> = count.counts.iter().filter(|line| line.decided == 0).collect();
        let below = |line: &LineCount<'_>| always.is_some_and(|at| count.counts.get(at).is_some_and(|always| always.number < line.number));
        let above = |line: &LineCount<'_>| !below(line);
        let mut without_cause = Vec::new();
        for line in never.iter().copied().filter(|line| above(line)) {
            match lacking.condition(line.condition) {
                Some(lack) => add(for_lack.entry(lack).or_default(), count, line),
                None => without_cause.push(line),
            }
        }
        if let Some(line) = always.and_then(|at| count.counts.get(at)) {
            // Where no line above decides anybody, that is the same finding and not another one.
            let above = if line.reached == count.of { std::mem::take(&mut without_cause) } else { Vec::new() };
            let below: Vec<&LineCount<'_>> = never.iter().copied().filter(|line| below(line)).collect();
            if below.is_empty() && line.reached == count.of {
                left_over.push((count, line, above));
            } else {
                judged.findings.push(always_decides(evidence, lacking, count, line, &above, &below));
            }
        }
        if !without_cause.is_empty() {
            unexplained.push((count, without_cause));
        }
    }
    judged.without_values = wants(evidence, for_lack, &mut judged.findings);
    judged.findings.extend(never_decide(&unexplained));
    let at_once = if left_over.len() < TOGETHER { 1 } else { left_over.len() };
    left_over.sort_by_key(|(count, ..)| std::cmp::Reverse(count.of));
    judged.findings.extend(left_over.chunks(at_once).filter_map(all_left_over));
    judged
}

/// A line that decides all who get there, and who are not too few to say so; `otherwise` only when these are all people there are.
fn decides_everybody(count: &FileCount<'_>, line: &LineCount<'_>) -> bool {
    let otherwise = count.counts.last().is_some_and(|last| last.number == line.number);
    line.decided == line.reached && line.reached >= FEW && (!otherwise || line.reached == count.of)
}

fn always_decides(
    evidence: &Evidence<'_>,
    lacking: &Lacking<'_>,
    count: &FileCount<'_>,
    line: &LineCount<'_>,
    above: &[&LineCount<'_>],
    below: &[&LineCount<'_>],
) -> Finding {
    let id = &count.id().value;
    let says = match count.of - line.reached {
        0 => format!("line {} of {id} decides everybody: {} people", line.number.0, number(count.of)),
        _ => format!("line {} of {id} decides everybody who gets that far: {} people", line.number.0, of_all(line.reached, count.of)),
    };
    let why = match lacking.turned_round(line.condition) {
        Some(lack) => missing_in_words(evidence, &lack),
        None => "see whether it asks for less than it should".to_owned(),
    };
    let words = |lines: &[&LineCount<'_>]| lines_in_words(&lines.iter().map(|line| line.number).collect::<Vec<_>>());
    let nobody_before = if above.is_empty() { String::new() } else { format!(", and {} decide nobody", words(above)) };
    let problem = Problem::warning("R053", says).at(line.span, "decides everybody who is left").help(format!(
        "{why}; nobody is left for {}{}",
        words(below),
        nobody_before
    ));
    let mut finding = Finding::new(Section::Always, problem, count.of);
    finding.weight.target = target(below.iter().copied().chain([line]));
    finding.deciding_nobody = above.iter().chain(below).map(|line| (id.clone(), line.number)).collect();
    finding.deciding_everybody = vec![(id.clone(), line.number)];
    finding
}

/// Everybody is left over for `otherwise`.
fn all_left_over(files: &[LeftOver<'_, '_>]) -> Option<Finding> {
    let ((count, line, above), others) = files.split_first()?;
    let id = &count.id().value;
    let says = match others {
        [] => format!("everybody is left over for `otherwise` of {id}: {} people", number(count.of)),
        _ => format!(
            "everybody is left over for `otherwise` of {}",
            plural(files.len(), "register or indicator").replace("register or indicators", "registers and indicators")
        ),
    };
    let of = files.iter().map(|(count, ..)| format!("{}, of {} people", count.id().value, number(count.of)));
    let numbers: Vec<LineNumber> = above.iter().map(|line| line.number).collect();
    let help = match (others, above.as_slice()) {
        ([], []) => "what its other lines ask for is not in the extract, as told above".to_owned(),
        ([], _) => {
            format!("the records for {} are there, and decide nobody: look at the codes and days they ask for", lines_in_words(&numbers))
        }
        _ => format!("{SEE_CODES}: {}", of.collect::<Vec<_>>().join("; ")),
    };
    let problem = Problem::warning("R053", says).at(line.span, "no line above decides anybody").help(help);
    let mut finding = Finding::new(Section::Always, problem, count.of);
    finding.weight.target = Target::Touched;
    for (count, line, above) in files {
        finding.deciding_nobody.extend(above.iter().map(|line| (count.id().value.clone(), line.number)));
        finding.deciding_everybody.push((count.id().value.clone(), line.number));
    }
    Some(finding)
}

/// `210 of its 412`; a rest of a few is not told.
fn of_all(part: u64, all: u64) -> String {
    if all - part < FEW {
        format!("all but fewer than {FEW} of its {}", number(all))
    } else {
        format!("{} of its {}", number(part), number(all))
    }
}

/// Lines that decide nobody although records are there: those that say the same in several files together, the others by file.
fn never_decide(unexplained: &[Found<'_, '_>]) -> Vec<Finding> {
    let mut by_words: BTreeMap<&str, Vec<Found<'_, '_>>> = BTreeMap::new();
    for (count, lines) in unexplained {
        for line in lines.iter().filter(|line| line.reached > 0) {
            add(by_words.entry(line.words).or_default(), count, line);
        }
    }
    by_words.retain(|_, found| found.len() > 1);
    let alone = unexplained.iter().filter_map(|(count, lines)| {
        let lines: Vec<&LineCount<'_>> =
            lines.iter().copied().filter(|line| line.reached == 0 || !by_words.contains_key(line.words)).collect();
        never_in_a_file(count, &lines)
    });
    let alone: Vec<Finding> = alone.collect();
    by_words.iter().filter_map(|(words, found)| never_in_several(words, found)).chain(alone).collect()
}

fn never_in_several(words: &str, found: &[Found<'_, '_>]) -> Option<Finding> {
    let mut found = found.to_vec();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(count.of));
    let (_, lines) = found.first()?;
    let line = lines.first()?;
    let all = names(&found);
    let says = format!("{} that say the same decide nobody: {words}", plural(all.len(), "line"));
    let help = format!("{}; {SEE_LINES}", listed(found.iter().map(in_words).collect(), NAMED));
    let problem = Problem::warning("R052", says).at(line.span, "decides nobody, nor do the others").help(help);
    let mut finding = Finding::new(Section::Never, problem, found.iter().map(|(count, _)| count.of).max().unwrap_or(0));
    finding.weight.target = target(lines_of(&found));
    finding.deciding_nobody = all;
    Some(finding)
}

fn never_in_a_file(count: &FileCount<'_>, lines: &[&LineCount<'_>]) -> Option<Finding> {
    let (first, others) = lines.split_first()?;
    let id = &count.id().value;
    let numbers: Vec<LineNumber> = lines.iter().map(|line| line.number).collect();
    let decide = if lines.len() == 1 { "decides" } else { "decide" };
    let says = format!("{} of {id} {decide} nobody of its {} people", lines_in_words(&numbers), number(count.of));
    let label = |line: &LineCount<'_>| if line.reached == 0 { "nobody gets this far" } else { "decides nobody" };
    let mut problem = Problem::warning("R052", says).at(first.span, label(first));
    for line in others {
        problem = problem.also(line.span, label(line));
    }
    let mut finding = Finding::new(Section::Never, problem.help(SEE_LINES), count.of);
    finding.weight.target = target(lines.iter().copied());
    finding.deciding_nobody = numbers.into_iter().map(|number| (id.clone(), number)).collect();
    Some(finding)
}
