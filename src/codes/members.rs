//! Simple reference sets of SNOMED CT in release format 2: a row is a member of a set from a day on, or no longer one.
//! *Full* files keep every row there ever was, so they know the members of any day; *Snapshot* files keep the latest row of each
//! member and cannot tell what was before it. There are no terms: see `descriptions`.

use super::incoming::{Found, Group, Incoming, Place, Wanted, day};
use crate::framework::calendar::Day;
use crate::table::Row;
use std::collections::BTreeMap;

/// The columns of such a file, in order; files with more are other kinds of reference sets.
pub(super) const COLUMNS: [&str; 6] = ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId"];

/// Which rows a file keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Every row there ever was.
    Everything,
    /// The latest row of each member.
    Latest,
}

impl Keeps {
    /// From the name of the file; a name that does not say it keeps the latest rows, so that no day is guessed.
    /// `None` for a file of changes since the release before, which does not hold whole sets.
    pub fn of(name: &str) -> Option<Keeps> {
        let name = name.to_lowercase();
        let says = |word: &str| name.split(['_', '-', '.']).any(|part| part.ends_with(word));
        match (says("delta"), says("full")) {
            (true, _) => None,
            (false, true) => Some(Keeps::Everything),
            (false, false) => Some(Keeps::Latest),
        }
    }
}

/// The row of one member that holds on the day asked for.
struct Member {
    since: Day,
    active: bool,
    code: String,
    row: u64,
}

/// Reads the members of the sets that are wanted, on a day or in the file's last state.
pub(super) fn read(rows: impl Iterator<Item = Row>, keeps: Keeps, place: &Place, wanted: Wanted<'_>, on: Option<Day>) -> Incoming {
    let [_, since_name, active_name, _, refset_name, code_name] = COLUMNS;
    let mut incoming = Incoming { dated: true, ..Incoming::default() };
    let mut members: BTreeMap<String, BTreeMap<String, Member>> = BTreeMap::new();
    for row in rows {
        let [id, since, active, _, refset, code] = row.cells.as_slice() else {
            incoming.problems.push(place.not_understood("this row has not six cells", row.number, ""));
            continue;
        };
        if refset.is_empty() {
            incoming.problems.push(place.not_understood("this row does not say which set it is of", row.number, refset_name));
            continue;
        }
        if incoming.others.contains(refset) {
            continue;
        }
        if !incoming.groups.contains_key(refset) {
            let sets = wanted.sets_of(&[refset]);
            incoming.names.insert(refset.clone());
            if sets.is_empty() {
                incoming.others.insert(refset.clone());
                continue;
            }
            incoming.groups.insert(refset.clone(), Group { sets, refset: Some(refset.clone()), ..Group::default() });
        }
        let Some(group) = incoming.groups.get_mut(refset) else { continue };
        let Some(since) = day(since) else {
            group.problems.push(place.not_understood("this is not a day such as 20240913", row.number, since_name));
            continue;
        };
        if !matches!(active.as_str(), "0" | "1") {
            group.problems.push(place.not_understood("this is neither 1 nor 0", row.number, active_name));
            continue;
        }
        if code.is_empty() {
            group.problems.push(place.not_understood("this row has no code", row.number, code_name));
            continue;
        }
        let active = active == "1";
        if active {
            group.first = Some(group.first.map_or(since, |first| first.min(since)));
        }
        if on.is_some_and(|on| since > on) {
            if keeps == Keeps::Latest {
                group.changed_after = group.changed_after.or(Some(row.number));
            }
            continue;
        }
        group.latest = group.latest.max(Some(since));
        let members = members.entry(refset.clone()).or_default();
        match members.get(id) {
            Some(there) if there.since == since && there.active != active => {
                group.problems.push(place.not_understood(
                    "another row tells the opposite of this member on the same day",
                    row.number,
                    active_name,
                ));
            }
            Some(there) if there.since >= since => {}
            _ => {
                members.insert(id.clone(), Member { since, active, code: code.clone(), row: row.number });
            }
        }
    }
    for (refset, members) in members {
        let Some(group) = incoming.groups.get_mut(&refset) else { continue };
        let mut in_force: Vec<Member> = members.into_values().filter(|member| member.active).collect();
        in_force.sort_by_key(|member| member.row);
        group.codes =
            in_force.into_iter().map(|member| Found { scheme: None, code: member.code, term: String::new(), row: member.row }).collect();
    }
    incoming
}
