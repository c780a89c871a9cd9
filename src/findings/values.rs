//! Census → code sets whose values are tested and are not there, and units that are not those of [values].
//! Tells a unit's text and how many rows state it, never a value.

use super::people::Counted;
use super::{Evidence, FEW, Finding, Section, lines_in_words, listed, number, number_of};
use crate::extract::census::Records;
use crate::framework::code_sets::{SetId, ValueRule};
use crate::framework::{LineNumber, values_looked_at};
use crate::problem::Problem;
use crate::rules::syntax::ValueText;
use crate::source::Span;
use std::collections::BTreeMap;

/// A set has hardly any values when fewer than one record in so many has one.
const HARDLY: u64 = 20;

/// How much of a unit's text is shown.
const SHOWN: usize = 20;

/// How many units and places a message names before it only says how many there are.
const NAMED: usize = 8;

/// A fact that looks at the values of a set.
struct Use<'e> {
    fact: &'e str,
    path: &'e str,
    span: Span,
}

pub(super) fn findings(
    evidence: &Evidence<'_>,
    counted: &Counted<'_>,
    deciding_nobody: &BTreeMap<SetId, Vec<(String, LineNumber)>>,
) -> Vec<Finding> {
    let mut all = Vec::new();
    for (set, uses) in uses(evidence, counted) {
        let Some(id) = evidence.rulebook.set_id(set) else { continue };
        let text = evidence.rulebook.file.values.iter().find(|text| text.set.value == set);
        let Some((text, first)) = text.zip(uses.first()) else { continue };
        let records = evidence.census.of_set(&evidence.framework.codes, id);
        let lines = deciding_nobody.get(&id).map_or(&[][..], Vec::as_slice);
        let for_units = 2 * records.other_unit > records.all - records.usable;
        if records.other_unit > 0 {
            let units = evidence.census.units(&evidence.framework.codes, id);
            let lines = if for_units { lines } else { &[] };
            all.push(other_units(set, text, &records, &units, lines));
        }
        // Where the unit is mostly to blame, that was said.
        if records.all > 0 && records.usable * HARDLY < records.all && !for_units {
            all.push(hardly_any(set, text, &records, first, &uses, lines));
        }
    }
    all
}

/// Every set whose values are looked at, and by what.
fn uses<'e>(evidence: &Evidence<'e>, counted: &Counted<'e>) -> BTreeMap<&'e str, Vec<Use<'e>>> {
    let mut all: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
    for count in &counted.files {
        for (fact, search) in values_looked_at(count.file) {
            for set in search.sets() {
                let path = evidence.rulebook.path(count.file.file);
                let one = Use { fact: fact.name.value.as_str(), path, span: set.span };
                all.entry(set.value.as_str()).or_default().push(one);
            }
        }
    }
    all
}

fn hardly_any(
    set: &str,
    text: &ValueText,
    records: &Records,
    first: &Use<'_>,
    uses: &[Use<'_>],
    lines: &[(String, LineNumber)],
) -> Finding {
    let says = match records.usable {
        0 => format!("the value of `{set}` is tested, and no record of it has a usable one: {}", number_of(records.all, "record")),
        some => format!(
            "the value of `{set}` is tested, and hardly any record of it has a usable one: {} of {}",
            number(some),
            number_of(records.all, "record")
        ),
    };
    let mut help = format!("{}; see whether the extract carries values", reasons(records, text));
    help += &for_want(lines);
    if let Some((_, others)) = uses.split_first().filter(|(_, others)| !others.is_empty()) {
        let others = others.iter().map(|other| format!("`{}` in {}", other.fact, other.path));
        help += &format!("; so is that of {}", listed(others.collect(), NAMED));
    }
    let problem = Problem::warning("R054", says).at(first.span, format!("its values are looked at by `{}`", first.fact)).help(help);
    let mut finding = Finding::new(Section::Values, problem, records.all - records.usable);
    finding.deciding_nobody = lines.to_vec();
    finding
}

/// What becomes of it.
fn for_want(lines: &[(String, LineNumber)]) -> String {
    if lines.is_empty() { String::new() } else { format!("; for want of them {} nobody", lines_decide(lines)) }
}

/// `line 1 of DM003 and lines 2 and 3 of DM007 decide`
fn lines_decide(lines: &[(String, LineNumber)]) -> String {
    let mut by_file: Vec<(&str, Vec<LineNumber>)> = Vec::new();
    for (id, line) in lines {
        match by_file.last_mut().filter(|(last, _)| last == id) {
            Some((_, numbers)) => numbers.push(*line),
            None => by_file.push((id, vec![*line])),
        }
    }
    let words = by_file.iter().map(|(id, numbers)| format!("{} of {id}", lines_in_words(numbers)));
    format!("{} {}", listed(words.collect(), NAMED), if lines.len() == 1 { "decides" } else { "decide" })
}

/// Why values are not usable, the commonest reason first.
fn reasons(records: &Records, text: &ValueText) -> String {
    let unit = &text.unit.value;
    let mut reasons = [
        (records.empty(), "without a value".to_owned()),
        (records.not_a_number, "with something that is no plain number".to_owned()),
        (records.other_unit, format!("in another unit than {unit}")),
        (records.outside, format!("outside {} to {} {unit}", text.from.value, text.to.value)),
    ];
    reasons.sort_by_key(|(rows, _)| std::cmp::Reverse(*rows));
    // With all other numbers told, a few could be worked out.
    let with_numbers = reasons.iter().all(|(rows, _)| *rows == 0 || *rows >= FEW);
    let told = reasons.into_iter().filter(|(rows, _)| *rows > 0);
    match with_numbers {
        true => listed(told.map(|(rows, why)| format!("{} {why}", number(rows))).collect(), NAMED),
        false => format!("the commonest first: {}", listed(told.map(|(_, why)| why).collect(), NAMED)),
    }
}

fn other_units(set: &str, text: &ValueText, records: &Records, units: &BTreeMap<String, u64>, lines: &[(String, LineNumber)]) -> Finding {
    let unit = &text.unit.value;
    let values = records.all - records.empty();
    let rule = ValueRule::new(text);
    let (rows, hidden) = rows_by_unit(units, |unit| rule.as_ref().is_some_and(|rule| rule.accepts_unit(unit)));
    // Set against the units that are told, a few could be worked out.
    let few = records.other_unit < FEW || (1..FEW).contains(&hidden);
    let says = match (records.other_unit == values, few) {
        (true, false) => format!("no value of `{set}` is stated in {unit}, and none of {} is used", number_of(values, "value")),
        (true, true) => format!("no value of `{set}` is stated in {unit}, and none is used"),
        (false, false) => {
            let of = number_of(values, "value");
            format!("not every value of `{set}` is stated in {unit}: {} of {of} are not used for it", number(records.other_unit))
        }
        (false, true) => format!("not every value of `{set}` is stated in {unit}, and some are not used for it"),
    };
    let help = format!(
        "rows by unit: {rows}. Where one of them is only another spelling of {unit}, add it to `spellings`; \
         nothing is converted, so ask for all others in {unit}{}",
        for_want(lines)
    );
    let problem = Problem::warning("R055", says).at(text.unit.span, "only values in this unit are used").help(help);
    let mut finding = Finding::new(Section::Values, problem, records.other_unit);
    finding.deciding_nobody = lines.to_vec();
    finding
}

/// Units by how many rows state them. What few rows state, or what holds no letter and no per cent sign,
/// could be a person's particulars in the wrong column: unless the rules name it, it is counted and not shown.
/// Gives the words, and how many rows are not shown.
fn rows_by_unit(units: &BTreeMap<String, u64>, named: impl Fn(&str) -> bool) -> (String, u64) {
    let can_be_shown = |unit: &str, rows: u64| named(unit) || (rows >= FEW && unit.chars().any(|c| c.is_alphabetic() || c == '%'));
    let mut shown: Vec<(&str, u64)> = units.iter().map(|(unit, rows)| (unit.as_str(), *rows)).collect();
    shown.retain(|(unit, rows)| !unit.is_empty() && can_be_shown(unit, *rows));
    shown.sort_by_key(|(unit, rows)| (std::cmp::Reverse(*rows), *unit));
    let beyond: u64 = shown.iter().skip(NAMED).map(|(_, rows)| rows).sum();
    shown.truncate(NAMED);
    let hidden: u64 =
        beyond + units.iter().filter(|(unit, rows)| !unit.is_empty() && !can_be_shown(unit, **rows)).map(|(_, rows)| rows).sum::<u64>();
    let mut words: Vec<String> = shown.iter().map(|(unit, rows)| format!("`{}` {}", cut(unit), number(*rows))).collect();
    if let Some(rows) = units.get("").filter(|rows| **rows > 0) {
        words.push(format!("no unit {} (taken as the unit of the set)", number(*rows)));
    }
    if hidden > 0 {
        words.push(format!("others that are not shown {}", number(hidden)));
    }
    (words.join(", "), hidden)
}

fn cut(unit: &str) -> String {
    let plain = unit.chars().filter(|c| !c.is_control());
    let text: String = plain.clone().take(SHOWN).collect();
    if plain.count() > SHOWN { text + "…" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_person_is_no_unit() {
        let units = [
            ("mmol/mol", 4_698),
            ("%", 600),
            ("Robert Example", 1),
            ("1958-03-02", 9),
            ("", 12),
            ("a very long unit indeed", 5),
            ("/9", 2),
        ];
        let units: BTreeMap<String, u64> = units.map(|(unit, rows)| (unit.to_owned(), rows)).into();
        assert_eq!(
            rows_by_unit(&units, |unit| unit == "/9"),
            (
                "`mmol/mol` 4,698, `%` 600, `a very long unit ind…` 5, `/9` fewer than 5, no unit 12 (taken as the unit of the set), others that are not shown 10"
                    .to_owned(),
                10
            )
        );
    }
}
