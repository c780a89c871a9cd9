//! `counts.csv`: the counts by line and nothing else; what any engine that runs the rules returns.

use super::Outcomes;
use super::keys::{Keys, order};
use super::rows::Rows;
use crate::tally::COUNTS;

/// The file. Only lines that decided somebody; the measure `list` counts everybody on the list.
pub fn counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let keys = Keys::of(outcomes);
    let hash = outcomes.frameworks.first().map_or("", |framework| framework.hash.as_str());
    let mut rows = Rows::new(COUNTS.columns.len());
    let mut lines = Vec::new();
    for (key, people) in outcomes.tally.iter() {
        if keys.cells(&[hash], key, &mut rows).is_some() {
            rows.shown(people);
            keys.moved(key, &mut rows);
            lines.push(i32::from(key.line));
        }
    }
    rows.into_csv(&COUNTS.names(), &order(1, &lines))
}
