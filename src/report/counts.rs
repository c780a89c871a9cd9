//! `counts.csv`: the counts by line and nothing else; what any engine that runs the rules returns.

use super::Outcomes;
use super::keys::{Keys, rows};
use crate::tally::COUNTS;

/// The file. Only lines that decided somebody; the measure `list` counts everybody on the list.
pub fn counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let keys = Keys::of(outcomes);
    let hash = outcomes.frameworks.first().map_or("", |framework| framework.hash.as_str());
    let mut rows = rows(COUNTS.columns.len(), 1);
    for (key, people) in outcomes.tally.iter() {
        if keys.cells(&[hash], key, &mut rows).is_some() {
            rows.whole(people);
            keys.moved(key, &mut rows);
        }
    }
    rows.into_csv(&COUNTS.names())
}
