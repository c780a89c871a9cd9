//! Registers, indicators and bands of nobody, or of so few that their lines show nothing.

use super::lack::{Lacking, Missing, missing_in_words};
use super::people::{Counted, FileCount, LineCount};
use super::{Evidence, FEW, Finding, NAMED, SEE_CODES, Section, TOGETHER, listed, number, plural};
use crate::framework::{LineNumber, Outcome, Population, Register};
use crate::problem::Problem;
use crate::tally::FIRST_REGISTER;
use std::collections::BTreeSet;

pub(super) fn nobody_on_the_list(evidence: &Evidence<'_>, counted: &Counted<'_>) -> Finding {
    let says = format!("{} on the list on {}", people_are(counted.list), evidence.framework.reporting_day.long());
    let help = "choose a day on which people of this extract are registered with --as-at, and look whether the patients files are complete";
    Finding::new(Section::Nobody, Problem::warning("R052", says).help(help), counted.list)
}

/// `nobody is`, `fewer than 5 people are`, `412 people are`.
fn people_are(people: u64) -> String {
    if people == 0 { "nobody is".to_owned() } else { format!("{} people are", number(people)) }
}

/// Registers of nobody, and of fewer than can be judged; gives the ids of those of nobody.
pub(super) fn registers_of_few<'e>(
    evidence: &Evidence<'e>,
    counted: &Counted<'e>,
    lacking: &Lacking<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<&'e str> {
    let (mut nobody, mut few) = (Vec::new(), Vec::new());
    for register in &evidence.framework.registers {
        let Some(count) = counted.files.iter().find(|count| count.lines.file == register.lines.file) else { continue };
        let selecting: Vec<&LineCount<'_>> = count.counts.iter().filter(|line| line.outcome == Outcome::Selected).collect();
        let rejecting = count.counts.iter().filter(|line| line.outcome == Outcome::Rejected);
        let lack = selecting.iter().filter_map(|line| lacking.condition(line.condition));
        let lack = lack.chain(rejecting.filter_map(|line| lacking.turned_round(line.condition))).flatten().collect();
        match selecting.iter().map(|line| line.decided).sum::<u64>() {
            0 => nobody.push((register, count, lack)),
            people if people < FEW => few.push((register, count, BTreeSet::new())),
            _ => {}
        }
    }
    for (people, registers) in [(0, &nobody), (FEW - 1, &few)] {
        let at_once = if registers.len() < TOGETHER { 1 } else { registers.len() };
        for registers in registers.chunks(at_once) {
            let mut finding = few_on(evidence, people, registers);
            finding.weight.people = counted.list;
            findings.push(finding);
        }
    }
    nobody.iter().map(|(register, ..)| register.id.as_str()).collect()
}

/// One register, its file, and what is missing for it.
type OfFew<'c, 'e> = (&'e Register, &'c FileCount<'e>, BTreeSet<Missing>);

/// One finding for registers that all have nobody, or all have a few.
fn few_on(evidence: &Evidence<'_>, people: u64, registers: &[OfFew<'_, '_>]) -> Finding {
    let rows: Vec<String> = registers.iter().map(|(register, _, lack)| about_few(evidence, register, lack)).collect();
    let (says, help) = match registers {
        [(register, ..)] => (format!("the register `{}`", register.id), format!("{SEE_CODES}; {}", rows.concat())),
        _ => {
            let rows = registers.iter().zip(&rows).map(|((register, ..), row)| format!("\n- {}: {row}", register.id));
            (plural(registers.len(), "register"), format!("{SEE_CODES}{}", rows.collect::<String>()))
        }
    };
    let mut problem = Problem::warning("R052", format!("{} on {says} in this extract", people_are(people))).help(help);
    if let Some((_, count, _)) = registers.first() {
        problem = problem.at(count.id().span, if rows.len() == 1 { "this register" } else { "this register, and others" });
    }
    let mut finding = Finding::new(Section::Nobody, problem, 0);
    for (register, count, _) in registers.iter().filter(|_| people == 0) {
        let never = count.counts.iter().filter(|line| line.decided == 0);
        finding.deciding_nobody.extend(never.map(|line| (register.id.clone(), line.number)));
    }
    finding
}

/// Why, as far as records tell, and what hangs on it.
fn about_few(evidence: &Evidence<'_>, register: &Register, lack: &BTreeSet<Missing>) -> String {
    let registers = evidence.framework.registers.iter();
    let at = registers.zip(0..).find(|(other, _)| other.id == register.id).map(|(_, at)| at);
    let of = |population: Population| matches!(population, Population::Register(id) if Some(id.0) == at);
    let indicators = evidence.framework.indicators.iter().filter(|indicator| of(indicator.of));
    let ids: Vec<String> = indicators.map(|indicator| indicator.id.clone()).collect();
    let mut parts = Vec::new();
    if !lack.is_empty() {
        parts.push(missing_in_words(evidence, lack));
    }
    match ids.len() {
        0 => {}
        1 => parts.push(format!("{} is of this register, and its lines are not looked at", listed(ids, NAMED))),
        _ => parts.push(format!("{} are of this register, and their lines are not looked at", listed(ids, NAMED))),
    }
    if parts.is_empty() { "no indicator is of this register".to_owned() } else { parts.join("; ") }
}

/// Bands of an indicator that has people enough in itself.
pub(super) fn bands_of_few(evidence: &Evidence<'_>, counted: &Counted<'_>, findings: &mut Vec<Finding>) {
    for (measure, (band, lines)) in (FIRST_REGISTER..).zip(evidence.framework.measures()) {
        let Some(outside) = lines.line(LineNumber(0)) else { continue };
        let inside = lines.lines.iter().filter(|line| line.number != LineNumber(0));
        let people = inside.map(|line| counted.decided(measure, line.number)).sum::<u64>();
        let all = people + counted.decided(measure, LineNumber(0));
        if people >= FEW || all < FEW {
            continue;
        }
        let problem = Problem::warning("R052", format!("{} in the band `{band}` in this extract", people_are(people)))
            .at(outside.span, "this band")
            .help(format!("the indicator is of {} people; see whether the ages of the band are meant", number(all)));
        findings.push(Finding::new(Section::Nobody, problem, all));
    }
}
