//! `cells.csv` and `pairs.csv`: the counts for statistics and nothing else; what any engine that runs the rules returns.

use super::rows::Rows;
use super::{Outcomes, moved};
use crate::cells::{CELLS, FinerRead, PAIRS, band_name, sex_name};

/// The two files of the last reporting day, the second only where there is an association.
pub fn files_of_finer(outcomes: &Outcomes<'_>, finer: &FinerRead) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = vec![("cells.csv", cells_csv(outcomes, finer))];
    if !finer.associations.is_empty() {
        files.push(("pairs.csv", pairs_csv(outcomes, finer)));
    }
    files
}

/// Practice × indicator × age band × sex × fifth of deprivation, where somebody is in the denominator.
pub fn cells_csv(outcomes: &Outcomes<'_>, finer: &FinerRead) -> Vec<u8> {
    let mut rows = Rows::new(CELLS.columns.len(), &[1, 2, 3, 4, 5, 6, 7]);
    let Some(framework) = outcomes.frameworks.get(finer.day) else { return rows.into_csv(&CELLS.names()) };
    let (day, moved) = (framework.reporting_day.to_string(), moved(framework));
    let bands: Vec<String> = (0..=u8::MAX).map(band_name).take_while(|name| !name.is_empty()).collect();
    for (practice, cell) in finer.finer.cells() {
        let measure = finer.measures.get(usize::from(cell.measure));
        let Some((practice, measure)) = outcomes.practices.get(practice as usize).zip(measure) else { continue };
        rows.texts([framework.hash.as_str(), measure, &practice.code, &day, framework.view.word()]);
        rows.texts([bands.get(usize::from(cell.who.band)).map_or("", String::as_str), sex_name(cell.who.sex)]);
        match cell.who.fifth {
            Some(fifth) => rows.whole(fifth),
            None => rows.texts([""]),
        }
        rows.whole(cell.achieved);
        rows.whole(cell.of);
        rows.texts([moved.as_str()]);
    }
    rows.into_csv(&CELLS.names())
}

/// Practice × association × taken up or not × achieved or not, where somebody is.
pub fn pairs_csv(outcomes: &Outcomes<'_>, finer: &FinerRead) -> Vec<u8> {
    let mut rows = Rows::new(PAIRS.columns.len(), &[1, 4, 5, 6, 7, 8]);
    let Some(framework) = outcomes.frameworks.get(finer.day) else { return rows.into_csv(&PAIRS.names()) };
    let (day, moved) = (framework.reporting_day.to_string(), moved(framework));
    for (practice, association, pair) in finer.finer.pairs() {
        let names = finer.associations.get(usize::from(association));
        let Some((practice, names)) = outcomes.practices.get(practice as usize).zip(names) else { continue };
        for (taken_up, [achieved, not_achieved]) in [("yes", pair.with), ("no", pair.without)] {
            for (reached, people) in [("yes", achieved), ("no", not_achieved)] {
                if people > 0 {
                    rows.texts([framework.hash.as_str(), &names.id, &names.uptake, &names.outcome, &practice.code, &day]);
                    rows.texts([framework.view.word(), taken_up, reached]);
                    rows.whole(people);
                    rows.texts([moved.as_str()]);
                }
            }
        }
    }
    rows.into_csv(&PAIRS.names())
}
