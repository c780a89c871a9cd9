//! `practices.csv`: the practices of an extract, to stand beside counts that come back from a database.

use super::csv_of;
use crate::practice::Practice;

/// The practices of an extract, as `practices.csv` has them.
pub fn practices_csv(practices: &[Practice]) -> Vec<u8> {
    let rows = practices.iter().map(|practice| {
        let size = practice.list_size.map(|size| size.to_string()).unwrap_or_default();
        vec![practice.code.clone(), practice.name.clone(), practice.locality.clone(), size]
    });
    csv_of(&["practice_code", "name", "locality", "list_size"], rows)
}
