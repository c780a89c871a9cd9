//! Descriptions of SNOMED CT in release format 2 → a term for each of the concepts that are asked for.
//! Of a concept's active descriptions the fully specified name is taken, else a synonym: the newest, else the first by alphabet.

use crate::table::Row;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// The columns of such a file, in order.
pub(super) const COLUMNS: [&str; 9] =
    ["id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"];

const FULLY_SPECIFIED: &str = "900000000000003001";
const SYNONYM: &str = "900000000000013009";

/// Descriptions of all files that were read.
#[derive(Debug, Default)]
pub(super) struct Descriptions {
    /// The latest row of each: a full file keeps those before it too.
    latest: FxHashMap<String, Description>,
    /// Rows that have not the cells they should have.
    pub not_understood: usize,
}

#[derive(Debug)]
struct Description {
    since: String,
    active: bool,
    concept: String,
    synonym: bool,
    term: String,
}

impl Descriptions {
    /// Reads the descriptions of these concepts from one file.
    pub fn read(&mut self, rows: impl Iterator<Item = Row>, concepts: &FxHashSet<String>) {
        for row in rows {
            let [id, since, active, _, concept, _, kind, term, _] = row.cells.as_slice() else {
                self.not_understood += 1;
                continue;
            };
            if !concepts.contains(concept) || ![FULLY_SPECIFIED, SYNONYM].contains(&kind.as_str()) {
                continue;
            }
            if self.latest.get(id).is_none_or(|there| there.since < *since) {
                let description = Description {
                    since: since.clone(),
                    active: active == "1",
                    concept: concept.clone(),
                    synonym: kind == SYNONYM,
                    term: term.clone(),
                };
                self.latest.insert(id.clone(), description);
            }
        }
    }

    /// One term for each concept that has any.
    pub fn terms(self) -> FxHashMap<String, String> {
        let usable = self.latest.into_values().filter(|description| description.active && !description.term.is_empty());
        let mut terms: Vec<Description> = usable.collect();
        terms.sort_by_cached_key(|one| (one.concept.clone(), one.synonym, Reverse(one.since.clone()), one.term.clone()));
        terms.dedup_by(|after, first| after.concept == first.concept);
        terms.into_iter().map(|description| (description.concept, description.term)).collect()
    }
}
