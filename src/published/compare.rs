//! Totals that were published against sums of practices: where all practices of an area are there, they must be the same.

use super::{Key, Published, Whom};
use crate::framework::calendar::Day;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// How many totals were compared, and those that are not the sums of their practices.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Numbers that are the same.
    pub same: u64,
    /// The days of the totals that were compared.
    pub days: BTreeSet<Day>,
    /// Warnings about the others.
    pub problems: Vec<Problem>,
}

/// Compares every published total with the sum of the practices that belong to its area on its day. `files` are those that were read.
pub fn compare(published: &Published, files: &[String]) -> Compared {
    let mut sums: BTreeMap<Key, [Option<u64>; 5]> = BTreeMap::new();
    for (key, count) in &published.counts {
        let Whom::Practice(code) = &key.whom else { continue };
        let Some(organisation) = published.organisation(code, key.day).filter(|organisation| !organisation.area.is_empty()) else {
            continue;
        };
        let of_area = Key { whom: Whom::Area(organisation.area.clone()), ..key.clone() };
        let sum = sums.entry(of_area).or_default();
        for (sum, number) in sum.iter_mut().zip(numbers(count)) {
            *sum = sum.map_or(number, |sum| Some(sum + number.unwrap_or(0)));
        }
    }
    let mut compared = Compared::default();
    for (key, count) in &published.counts {
        let Some(sum) = sums.get(key) else { continue };
        for (name, (told, sum)) in NAMES.into_iter().zip(numbers(count).into_iter().zip(sum)) {
            let Some((told, sum)) = told.zip(*sum) else { continue };
            compared.days.insert(key.day);
            if told == sum {
                compared.same += 1;
                continue;
            }
            let says = format!("{} of {} on {}: {told} are published, and the practices come to {sum}", name, key.measure, key.day.long());
            let file = files.get(count.file).map_or("", String::as_str);
            let problem = Problem::warning("D045", says).in_data(file, Some(count.row), None);
            compared.problems.push(
                problem
                    .help("practices may be missing, or the total is of another edition: take all files of one year from one publication"),
            );
        }
    }
    compared
}

const NAMES: [&str; 5] = ["the register", "the list", "the numerator", "the denominator", "the exceptions"];

fn numbers(count: &super::Count) -> [Option<u64>; 5] {
    let figures = &count.figures;
    [figures.register, figures.list_size, figures.numerator, figures.denominator, figures.exceptions]
}
