//! How records are coded and what their values are like: schemes, values of code sets with limits, units, limits.

use super::{Check, Entry, Evidence};
use crate::extract::census::Records;
use crate::framework::code_sets::{SetId, ValueRule};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Schemes whose codes a practice or its system makes up.
const OWN: [&str; 2] = ["local", "emis"];

/// A set has hardly any values where fewer than one record in so many has one.
const HARDLY: u64 = 20;

/// What fewer rows state is not shown as a unit unless the rules name it: it could be a slip with a person's particulars.
const FEW: u64 = 5;

/// How much of a unit's text is shown.
const SHOWN: usize = 20;

/// Units that are not shown are counted together as this.
const NOT_SHOWN: &str = "others, not shown";

/// All practices together, then each.
pub(super) fn schemes(evidence: Evidence<'_>) -> Vec<Entry> {
    let codes = &evidence.framework.codes;
    let of_practice: Vec<BTreeMap<String, (u64, u64)>> = evidence
        .practices()
        .map(|(at, _)| evidence.census.of_practice(at).map(|census| census.schemes(codes)).unwrap_or_default())
        .collect();
    let mut all: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (scheme, (events, in_no_set)) in of_practice.iter().flatten() {
        let sum = all.entry(scheme.clone()).or_default();
        *sum = (sum.0 + events, sum.1 + in_no_set);
    }
    let most_used = commonest(&all);
    let entry = |code: &str, scheme: &str, (events, in_no_set): (u64, u64)| {
        let entry = Entry::new(Check::Schemes, code, scheme).number("events", "rows", events);
        entry.number("of-codes-in-no-set", "rows", in_no_set)
    };
    let mut entries: Vec<Entry> = all.iter().map(|(scheme, counts)| entry("", scheme, *counts)).collect();
    for ((_, code), schemes) in evidence.practices().zip(&of_practice) {
        let mine = commonest(schemes);
        for (scheme, counts) in schemes {
            let other = mine == Some(scheme.as_str()) && mine != most_used;
            let own = counts.1 > 0 && OWN.contains(&scheme.as_str()) && *scheme != evidence.extract.scheme.to_lowercase();
            let odd = match (other, own) {
                (true, _) => "mostly used here, another elsewhere",
                (false, true) => "own codes, in no code set",
                (false, false) => "",
            };
            entries.push(entry(code, scheme, *counts).detail(odd).finding_when(other || own));
        }
    }
    entries
}

fn commonest(schemes: &BTreeMap<String, (u64, u64)>) -> Option<&str> {
    schemes.iter().min_by_key(|(scheme, (events, _))| (Reverse(*events), *scheme)).map(|(scheme, _)| scheme.as_str())
}

/// The sets with limits that have records at each practice, by the names of the sets.
fn sets<'e>(evidence: Evidence<'e>) -> Vec<(usize, &'e str, SetId, Records)> {
    let of_practice = move |(at, code): (usize, &'e str)| {
        let sets = evidence.census.of_practice(at).map(|census| census.sets_with_limits(&evidence.framework.codes)).unwrap_or_default();
        sets.into_iter().map(move |(set, records)| (at, code, set, records))
    };
    evidence.practices().flat_map(of_practice).collect()
}

/// All practices together, then each.
pub(super) fn values(evidence: Evidence<'_>) -> Vec<Entry> {
    let sets = sets(evidence);
    let mut all: BTreeMap<SetId, Records> = BTreeMap::new();
    sets.iter().for_each(|(_, _, set, records)| all.entry(*set).or_default().add(records));
    let entry = |code: &str, set: SetId, records: &Records| {
        Entry::new(Check::Values, code, evidence.framework.set_name(set))
            .number("records", "rows", records.all)
            .number("with-a-value-in-use", "rows", records.usable)
            .share("share-in-use", records.usable, records.all)
            .number("without-a-value", "rows", records.empty())
            .number("no-plain-number", "rows", records.not_a_number)
            .number("in-another-unit", "rows", records.other_unit)
            .number("outside-limits", "rows", records.outside)
            .finding_when(records.all >= HARDLY && records.usable * HARDLY < records.all)
    };
    let totals: Vec<Entry> = all.iter().map(|(set, records)| entry("", *set, records).finding_when(false)).collect();
    totals.into_iter().chain(sets.iter().map(|(_, code, set, records)| entry(code, *set, records))).collect()
}

/// Every unit of all practices together, then at each practice those that are not of the set.
pub(super) fn units(evidence: Evidence<'_>) -> Vec<Entry> {
    let codes = &evidence.framework.codes;
    let mut all: BTreeMap<(SetId, String), (u64, bool)> = BTreeMap::new();
    let mut entries = Vec::new();
    for (at, code, set, _) in sets(evidence) {
        let Some(census) = evidence.census.of_practice(at) else { continue };
        let rule = rule_of(evidence, set);
        let of_set = evidence.census.units(codes, set);
        let mut here: BTreeMap<(String, bool), u64> = BTreeMap::new();
        for (unit, rows) in census.units(codes, set) {
            let accepted = rule.is_none_or(|rule| rule.accepts_unit(&unit));
            // What is shown hangs on all rows of the set, so that a practice's figures are those of the whole.
            let shown = shown(&unit, accepted, of_set.get(&unit).copied().unwrap_or(0));
            *here.entry((shown, accepted)).or_default() += rows;
        }
        for ((unit, accepted), rows) in here {
            all.entry((set, unit.clone())).or_insert((0, accepted)).0 += rows;
            if !accepted {
                let entry = Entry::new(Check::Units, code, evidence.framework.set_name(set)).detail(unit);
                entries.push(figures_of_unit(entry, rows, false).finding_when(true));
            }
        }
    }
    let total = |((set, unit), (rows, accepted)): ((SetId, String), (u64, bool))| {
        figures_of_unit(Entry::new(Check::Units, "", evidence.framework.set_name(set)).detail(unit), rows, accepted)
    };
    all.into_iter().map(total).chain(entries).collect()
}

fn figures_of_unit(entry: Entry, rows: u64, accepted: bool) -> Entry {
    entry.number("values", "rows", rows).text("in-use", if accepted { "yes" } else { "no" })
}

/// A unit as it may be shown.
fn shown(unit: &str, accepted: bool, rows: u64) -> String {
    let can_be_a_unit = rows >= FEW && unit.chars().any(|c| c.is_alphabetic() || c == '%');
    match unit {
        "" => "none stated".to_owned(),
        _ if accepted => unit.to_lowercase(),
        _ if can_be_a_unit => {
            let text: String = unit.chars().filter(|c| !c.is_control()).take(SHOWN + 1).collect();
            if text.chars().count() > SHOWN { text.chars().take(SHOWN).chain(['…']).collect() } else { text }
        }
        _ => NOT_SHOWN.to_owned(),
    }
}

pub(super) fn implausible(evidence: Evidence<'_>) -> Vec<Entry> {
    let entry = |(_, code, set, records): (usize, &str, SetId, Records)| {
        let limits = rule_of(evidence, set).map(limits).unwrap_or_default();
        Entry::new(Check::Implausible, code, evidence.framework.set_name(set))
            .detail(limits)
            .number("outside", "rows", records.outside)
            .number("within", "rows", records.usable)
            .finding_when(records.outside > 0)
    };
    sets(evidence).into_iter().map(entry).collect()
}

/// `40 to 300 mmhg`
fn limits(rule: &ValueRule) -> String {
    format!("{} to {} {}", rule.from.to_decimal(), rule.to.to_decimal(), rule.units.first().map_or("", |unit| unit))
}

/// The limits of a set are those of any of its codes.
fn rule_of<'e>(evidence: Evidence<'e>, set: SetId) -> Option<&'e ValueRule> {
    let codes = &evidence.framework.codes;
    codes.all().filter(|code| codes.sets_of(*code).contains(&set)).find_map(|code| codes.value_rule(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_person_is_no_unit() {
        let told = |unit, accepted, rows| shown(unit, accepted, rows);
        assert_eq!(told("mmol/mol", true, 1), "mmol/mol");
        assert_eq!(told("%", false, 5), "%");
        assert_eq!(told("Robert Example", false, 1), NOT_SHOWN);
        assert_eq!(told("1958-03-02", false, 9), NOT_SHOWN);
        assert_eq!(told("a very long unit indeed", false, 5), "a very long unit ind…");
        assert_eq!(told("", true, 12), "none stated");
    }
}
