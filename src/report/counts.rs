//! `counts.csv`: the counts by line and nothing else; what any engine that runs the rules returns.

use super::{Outcomes, csv_of, in_order_of_keys, key_cells, moved};
use crate::tally::COUNTS;

/// The file. Only lines that decided somebody; the measure `list` counts everybody on the list.
pub fn counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let strata = outcomes.strata();
    let rows = outcomes.tally.iter().filter_map(|(key, people)| {
        let (framework, mut cells) = key_cells(outcomes, &strata, key)?;
        cells.extend([people.to_string(), moved(framework)]);
        Some((cells, key.line))
    });
    let hash = outcomes.frameworks.first().map(|framework| framework.hash.clone()).unwrap_or_default();
    let rows = in_order_of_keys(rows.collect());
    csv_of(&COUNTS.names(), rows.map(|cells| std::iter::once(hash.clone()).chain(cells).collect()))
}
