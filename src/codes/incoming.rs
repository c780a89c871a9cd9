//! What a published file gives, before it is known what becomes of it: groups of codes, each under the name it has there.
//! One file a form reads into this: `clusters`, `list`, `members`; `descriptions` gives terms to the last.

use super::set_file::{SetFile, value_of};
use crate::framework::calendar::Day;
use crate::framework::code_forms::form_problem;
use crate::problem::Problem;
use crate::table::has_exponent;
use std::collections::{BTreeMap, BTreeSet};

/// One code of a group, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The scheme, where the file says it.
    pub scheme: Option<String>,
    /// The code.
    pub code: String,
    /// Its term; empty where the file has none.
    pub term: String,
    /// The row it stands in.
    pub row: u64,
}

/// The codes that belong together in a file: a cluster, a reference set, or the whole of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// The sets it goes to.
    pub sets: Vec<String>,
    /// What it is called there, for people.
    pub title: String,
    /// The id of the reference set, where it is one.
    pub refset: Option<String>,
    /// Its codes, in the order of the file.
    pub codes: Vec<Found>,
    /// Rows that the file itself takes out of the group.
    pub retired: u64,
    /// The file says that the codes are published elsewhere.
    pub elsewhere: Option<u64>,
    /// The first day on which the group had a code, as far as the file knows.
    pub first: Option<Day>,
    /// The latest day of a change among its rows.
    pub latest: Option<Day>,
    /// The first row that changed after the day asked for, in a file that does not say what was before.
    pub changed_after: Option<u64>,
    /// Rows that cannot be understood.
    pub problems: Vec<Problem>,
}

/// What was read from one file or sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    /// Groups that are wanted, by the name they have in the file.
    pub groups: BTreeMap<String, Group>,
    /// Names of groups that no set here is made of.
    pub others: BTreeSet<String>,
    /// Every name by which a group of the file may be meant.
    pub names: BTreeSet<String>,
    /// Problems that belong to no group.
    pub problems: Vec<Problem>,
    /// The file knows of every row since when it says so; else it shows one day, that of its release.
    pub dated: bool,
}

/// Where a row stands: file and, in a workbook, sheet.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file, as people should see it.
    pub file: String,
    /// The same, with the sheet.
    pub shown: String,
}

impl Place {
    /// A problem in a row.
    pub fn problem(&self, code: &'static str, says: &str, row: u64, column: &str) -> Problem {
        Problem::error(code, says).in_data(self.shown.as_str(), Some(row), Some(column).filter(|column| !column.is_empty()))
    }

    /// What is wrong with a code of a scheme, if anything. The code itself is not shown: the column may be another's.
    pub fn code_problem(&self, scheme: &str, code: &str, row: u64, column: &str) -> Option<Problem> {
        let wrong = form_problem(scheme, code)?;
        if has_exponent(code) || wrong.code == "R030" {
            return Some(
                self.problem("D031", "this id was rounded by a spreadsheet", row, column)
                    .help("its last digits are lost: take the file from its publisher again, and do not save it from a spreadsheet"),
            );
        }
        let says = if wrong.code == "R029" {
            format!("this {scheme} code has a wrong check digit")
        } else {
            format!("this is not a {scheme} code")
        };
        Some(
            self.problem("D032", &says, row, column)
                .help("compare the row with the published file; if the codes are of another scheme, say so with --scheme"),
        )
    }

    /// A row that cannot be understood, because of one of its cells.
    pub fn not_understood(&self, says: &str, row: u64, column: &str) -> Problem {
        self.problem("D033", says, row, column).help("compare the row with the published file: it may have been edited or cut off")
    }
}

/// Which groups are wanted, and for which sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'w> {
    /// Names of groups, and the sets they are to go to.
    pub map: &'w [(String, String)],
    /// The sets that are there.
    pub existing: &'w [SetFile],
    /// Only these sets, when any are named.
    pub only: &'w [String],
    /// Groups without a set become one.
    pub all: bool,
}

impl Wanted<'_> {
    /// The sets that a group goes to: those it is mapped to, else the one of its name or its reference set, else a new one
    /// when everything is wanted. The first of the names makes the name of a new set.
    pub fn sets_of(&self, names: &[&str]) -> Vec<String> {
        let is = |name: &str| names.iter().any(|other| !other.is_empty() && same_name(name, other));
        let mut sets: Vec<String> = self.map.iter().filter(|(group, _)| is(group)).map(|(_, set)| set.clone()).collect();
        if sets.is_empty() {
            let of_refset = |set: &&SetFile| set.header.iter().filter_map(|line| value_of(line, "refset")).any(is);
            sets = self.existing.iter().filter(|set| is(&set.name)).map(|set| set.name.clone()).collect();
            if sets.is_empty() {
                sets = self.existing.iter().filter(of_refset).map(|set| set.name.clone()).collect();
            }
        }
        if sets.is_empty() && self.all {
            sets.extend(names.first().map(|name| set_name(name)));
        }
        sets.retain(|set| self.only.is_empty() || self.only.contains(set));
        sets
    }
}

/// Names of groups are the same whatever their capitals; a caret before the id of a reference set is no part of it.
fn same_name(one: &str, other: &str) -> bool {
    one.trim_start_matches('^').eq_ignore_ascii_case(other.trim_start_matches('^'))
}

/// A name that a set may have.
pub(super) fn set_name(name: &str) -> String {
    let letters = name.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    letters.collect()
}

/// Names of columns are the same whatever their capitals, spaces, hyphens and underscores: they changed over the releases.
pub(super) fn column_key(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The first column that has one of these names, the names being tried in order.
pub(super) fn column(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|column| column_key(column) == *name))
}

/// A day as published files write it: `20240913`, `2024-09-13` or `13/09/2024`.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    let written = match text.as_bytes() {
        [d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] => vec![*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', *d1, *d2],
        [y1, y2, y3, y4, m1, m2, d1, d2] => vec![*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', *d1, *d2],
        other => other.to_vec(),
    };
    Day::parse(&written)
}

/// The day of release that a file's name tells: the last eight digits together, or with hyphens, that are a day.
pub(super) fn day_in_name(name: &str) -> Option<Day> {
    let runs = name.split(|c: char| !c.is_ascii_digit() && c != '-').map(|run| run.trim_matches('-'));
    let parts = runs.flat_map(|run| std::iter::once(run).chain(run.split('-')));
    parts.filter(|part| matches!(part.len(), 8 | 10)).filter_map(day).next_back()
}
