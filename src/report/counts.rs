//! `counts.csv`: the counts by line and nothing else; what any engine that runs the rules returns.

use super::{Outcomes, csv_of, moved};
use crate::tally::LIST;

const HEADER: [&str; 10] =
    ["framework_hash", "measure", "practice_code", "interval_end", "view", "stratum", "stratum_value", "line", "people", "period_moved"];

/// The file. Only lines that decided somebody; `list` counts everybody on the list.
pub fn counts_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let strata = outcomes.strata();
    let mut rows = Vec::new();
    for (key, people) in outcomes.tally.iter() {
        let Some(framework) = outcomes.frameworks.get(usize::from(key.day)) else { continue };
        let measure = match key.measure {
            LIST => Some("list"),
            measure => framework.measures().nth(usize::from(measure) - 1).map(|(id, _)| id),
        };
        let (Some(measure), Some(practice)) = (measure, outcomes.practices.get(key.practice as usize)) else { continue };
        let Some(stratum) = strata.get(usize::from(key.stratum)) else { continue };
        let row = vec![
            framework.hash.clone(),
            measure.to_owned(),
            practice.code.clone(),
            framework.reporting_day.to_string(),
            framework.view.word().to_owned(),
            stratum.kind.to_owned(),
            stratum.value.clone(),
            key.line.to_string(),
            people.to_string(),
            moved(framework),
        ];
        rows.push((row, key.line));
    }
    rows.sort_by(|(a, line_a), (b, line_b)| (a.get(..7), line_a).cmp(&(b.get(..7), line_b)));
    csv_of(&HEADER, rows.into_iter().map(|(row, _)| row))
}
