//! Codes that look like codes and are none: well-formed, with check digits that are right, and in no code set.
//! Their SNOMED form has a namespace that nobody was given, their Read form a chapter that Read codes do not have.

use super::profile::{Kind, Writing};
use crate::framework::Rulebook;
use crate::framework::code_forms::verhoeff;
use rustc_hash::FxHashSet;

/// Namespaces are given out one after the other from 1000000, and there are a few hundred of them.
const NAMESPACE: &str = "1999999";
/// The two digits of a concept in such a namespace.
const CONCEPT: &str = "10";
/// No chapter of Read codes begins so.
const CHAPTER: char = 'O';
/// Read codes are written in these.
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// A prime: numbers that are taken times another one from it are all different, and look like nothing.
const ITEMS: u64 = 999_983;
const STEP: u64 = 380_041;

/// One invented code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invented {
    /// Its scheme.
    pub scheme: &'static str,
    /// Itself.
    pub code: String,
    /// The same thing in Read form; empty where it has none.
    pub read: String,
}

/// The codes of each kind, the most frequent first.
pub fn invented(kinds: &[Kind], rulebook: &Rulebook) -> Vec<Vec<Invented>> {
    let listed = rulebook.sets.iter().flat_map(|set| &set.codes);
    let taken: FxHashSet<&str> = listed.map(|code| code.code.as_str()).collect();
    let mut items = (1..ITEMS).map(|at| at * STEP % ITEMS);
    let mut one = |writing: Writing| {
        let mut made = items.by_ref().map(|item| code(writing, item));
        made.find(|made| !taken.contains(made.code.as_str()) && !taken.contains(made.read.as_str()))
    };
    kinds.iter().map(|kind| (0..kind.codes).map_while(|_| one(kind.scheme)).collect()).collect()
}

fn code(writing: Writing, item: u64) -> Invented {
    match writing {
        Writing::Clinical => Invented { scheme: "snomed", code: snomed(item), read: read(item) },
        Writing::Dmd => Invented { scheme: "dmd", code: snomed(item), read: String::new() },
        Writing::Emis => Invented { scheme: "emis", code: format!("EMISMADE{item}"), read: String::new() },
    }
}

fn snomed(item: u64) -> String {
    let unchecked = format!("{item}{NAMESPACE}{CONCEPT}");
    let checked = ('0'..='9').map(|digit| format!("{unchecked}{digit}"));
    checked.into_iter().find(|code| verhoeff(code)).unwrap_or(unchecked)
}

fn read(item: u64) -> String {
    let mut rest = item;
    let mut letters = [CHAPTER; 5];
    for letter in letters.iter_mut().rev().take(4) {
        *letter = LETTERS.get(usize::try_from(rest % 62).unwrap_or(0)).map_or('.', |letter| char::from(*letter));
        rest /= 62;
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::code_forms::form_problem;

    #[test]
    fn they_are_well_formed() {
        for item in (1..ITEMS).step_by(997) {
            for made in [Writing::Clinical, Writing::Dmd, Writing::Emis].map(|writing| code(writing, item)) {
                assert!(form_problem(made.scheme, &made.code).is_none(), "{made:?}");
                assert!(made.read.is_empty() || form_problem("read2", &made.read).is_none(), "{made:?}");
            }
        }
    }

    #[test]
    fn no_two_are_alike() {
        let items: FxHashSet<u64> = (1..ITEMS).map(|at| at * STEP % ITEMS).collect();
        assert_eq!(items.len() as u64, ITEMS - 1);
        assert!(!items.contains(&0));
        let reads: FxHashSet<String> = items.iter().map(|item| read(*item)).collect();
        assert_eq!(reads.len(), items.len());
    }
}
