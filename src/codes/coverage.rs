//! An extract and a framework → how many codes and rows of each code set occur, at each practice and in all, what never occurs,
//! what cannot be met therefore, and which codes nobody asked for. So *not done* is told from *coded differently*.
//! Counts rows; knows no person.

pub use super::coverage_table::{COVERAGE, coverage_csv, coverage_text};
use super::reach::Reach;
pub use super::reach::Unmet;
use crate::extract::canonical::PracticeRecords;
use crate::framework::Framework;
use crate::framework::code_sets::{CodeId, SetId};
use crate::practice::Practice;
use std::collections::{BTreeMap, BTreeSet};

/// What an extract holds of a framework's code sets.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Codes of the practices.
    pub practices: Vec<String>,
    /// Whether a practice sent any row at all.
    pub sent: Vec<bool>,
    /// The sets in use, by name.
    pub sets: Vec<SetCoverage>,
    /// Codes in no set, the commonest first.
    pub others: Vec<Other>,
    /// Rows by scheme: in a set, in none.
    pub schemes: BTreeMap<String, (u64, u64)>,
    /// The indicators, in report order.
    pub indicators: Vec<Indicated>,
}

/// One code set.
#[derive(Clone, Debug)]
pub struct SetCoverage {
    /// Its name.
    pub name: String,
    /// The schemes of its codes.
    pub schemes: Vec<String>,
    /// How many codes it has.
    pub of_codes: usize,
    /// What occurs of it in all.
    pub whole: Occurs,
    /// And at each practice.
    pub at: Vec<Occurs>,
}

/// What occurs of a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occurs {
    /// Different codes.
    pub codes: usize,
    /// Rows.
    pub rows: u64,
}

/// A code in no set.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its scheme.
    pub scheme: String,
    /// The code; empty for all that cannot be of the scheme.
    pub code: String,
    /// Its rows in all.
    pub rows: u64,
    /// And at each practice.
    pub at: Vec<u64>,
}

/// Whether an indicator can be met.
#[derive(Clone, Debug)]
pub struct Indicated {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why nobody can, with what occurs in all.
    pub whole: Option<Unmet>,
    /// And with what occurs at each practice.
    pub at: Vec<Option<Unmet>>,
}

/// Counts below this are shown as fewer than it.
pub const FEWEST: u64 = 5;

impl SetCoverage {
    /// At how many practices it occurs.
    pub fn practices(&self) -> usize {
        self.at.iter().filter(|occurs| occurs.rows > 0).count()
    }
}

impl Other {
    /// At how many practices it occurs.
    pub fn practices(&self) -> usize {
        self.at.iter().filter(|rows| **rows > 0).count()
    }
}

impl Coverage {
    /// Counts. The records must have been read with every code counted.
    pub fn of(framework: &Framework, practices: &[Practice], records: &[PracticeRecords]) -> Coverage {
        let mut in_sets: Vec<BTreeMap<CodeId, u64>> = vec![BTreeMap::new(); practices.len()];
        let mut in_none: Vec<BTreeMap<(String, String), u64>> = vec![BTreeMap::new(); practices.len()];
        for records in records {
            if let (Some(rows), Some(others)) = (in_sets.get_mut(records.practice), in_none.get_mut(records.practice)) {
                *rows = records.rows_by_code();
                *others = records.rows_in_no_set();
            }
        }
        let sent = in_sets.iter().zip(&in_none).map(|(rows, others)| !rows.is_empty() || !others.is_empty()).collect();
        let sets = sets(framework, &in_sets);
        let absent = |occurs: &dyn Fn(&SetCoverage) -> Option<Occurs>| -> Vec<bool> {
            sets.iter().map(|set| occurs(set).is_none_or(|occurs| occurs.rows == 0)).collect()
        };
        let whole = Reach::new(framework, absent(&|set| Some(set.whole)));
        let at: Vec<Reach<'_>> =
            (0..practices.len()).map(|practice| Reach::new(framework, absent(&|set| set.at.get(practice).copied()))).collect();
        let indicators = framework.indicators.iter().map(|indicator| Indicated {
            id: indicator.id.clone(),
            title: indicator.title.clone(),
            whole: whole.unmet(indicator),
            at: at.iter().map(|reach| reach.unmet(indicator)).collect(),
        });
        Coverage {
            practices: practices.iter().map(|practice| practice.code.clone()).collect(),
            sent,
            indicators: indicators.collect(),
            schemes: schemes(framework, &in_sets, &in_none),
            others: others(&in_none),
            sets,
        }
    }

    /// Sets that occur nowhere.
    pub fn never(&self) -> impl Iterator<Item = &SetCoverage> {
        self.sets.iter().filter(|set| set.whole.rows == 0)
    }

    /// Sets that occur at more than half of the practices that sent rows, by practice where they do not: the practice may code differently.
    pub fn missing_at(&self) -> BTreeMap<&str, Vec<&str>> {
        let sending = self.sent.iter().filter(|sent| **sent).count();
        let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for set in self.sets.iter().filter(|set| set.practices() * 2 > sending) {
            for ((practice, occurs), _) in self.practices.iter().zip(&set.at).zip(&self.sent).filter(|(_, sent)| **sent) {
                if occurs.rows == 0 {
                    missing.entry(practice).or_default().push(&set.name);
                }
            }
        }
        missing
    }

    /// Indicators that can be met elsewhere but not at a practice that sent rows, by practice.
    pub fn unmet_at(&self) -> BTreeMap<&str, Vec<(&str, &Unmet)>> {
        let mut all: BTreeMap<&str, Vec<(&str, &Unmet)>> = BTreeMap::new();
        for indicator in self.indicators.iter().filter(|indicator| indicator.whole.is_none()) {
            for ((practice, unmet), _) in self.practices.iter().zip(&indicator.at).zip(&self.sent).filter(|(_, sent)| **sent) {
                if let Some(unmet) = unmet {
                    all.entry(practice).or_default().push((&indicator.id, unmet));
                }
            }
        }
        all
    }
}

fn sets(framework: &Framework, rows: &[BTreeMap<CodeId, u64>]) -> Vec<SetCoverage> {
    let new = |name: &String| SetCoverage {
        name: name.clone(),
        schemes: Vec::new(),
        of_codes: 0,
        whole: Occurs::default(),
        at: vec![Occurs::default(); rows.len()],
    };
    let mut sets: Vec<SetCoverage> = framework.sets.iter().map(new).collect();
    for code in framework.codes.all() {
        let (scheme, _) = framework.codes.name_of(code);
        for SetId(at) in framework.codes.sets_of(code) {
            let Some(set) = sets.get_mut(usize::from(*at)) else { continue };
            set.of_codes += 1;
            if !set.schemes.iter().any(|there| there == scheme) {
                set.schemes.push(scheme.to_owned());
            }
            for (occurs, rows) in set.at.iter_mut().zip(rows) {
                occurs.add(rows.get(&code).copied().unwrap_or(0));
            }
            set.whole.add(rows.iter().filter_map(|rows| rows.get(&code)).sum());
        }
    }
    for set in &mut sets {
        set.schemes.sort_unstable();
    }
    sets
}

impl Occurs {
    fn add(&mut self, rows: u64) {
        self.codes += usize::from(rows > 0);
        self.rows += rows;
    }
}

/// Those of few rows come last and in the order of their names, so that the order does not tell how few.
fn others(rows: &[BTreeMap<(String, String), u64>]) -> Vec<Other> {
    let codes: BTreeSet<&(String, String)> = rows.iter().flat_map(BTreeMap::keys).collect();
    let other = |(scheme, code): &(String, String)| {
        let key = (scheme.clone(), code.clone());
        let at: Vec<u64> = rows.iter().map(|rows| rows.get(&key).copied().unwrap_or(0)).collect();
        Other { scheme: scheme.clone(), code: code.clone(), rows: at.iter().sum(), at }
    };
    let mut others: Vec<Other> = codes.into_iter().map(other).collect();
    others.sort_by_key(|other| std::cmp::Reverse(if other.rows < FEWEST { 0 } else { other.rows }));
    others
}

fn schemes(
    framework: &Framework,
    in_sets: &[BTreeMap<CodeId, u64>],
    in_none: &[BTreeMap<(String, String), u64>],
) -> BTreeMap<String, (u64, u64)> {
    let mut schemes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (code, rows) in in_sets.iter().flatten() {
        schemes.entry(framework.codes.name_of(*code).0.to_owned()).or_default().0 += rows;
    }
    for ((scheme, _), rows) in in_none.iter().flatten() {
        schemes.entry(scheme.clone()).or_default().1 += rows;
    }
    schemes
}
