//! The files of counts that are finer than those by line, as options name them → what is counted finer.

use super::Stop;
use crate::achievement::Results;
use crate::cells::{FinerRead, from_rows};
use crate::extract::finer_counts::{read_cells, read_pairs};
use std::path::PathBuf;

/// Reads them; nothing where none is named. `hash` and `names` are of the rules that counted, where these are known.
pub(super) fn read(
    cells: &[PathBuf],
    pairs: &[PathBuf],
    hash: Option<&str>,
    results: &Results<'_>,
    names: Option<&FinerRead>,
) -> Result<Option<FinerRead>, Stop> {
    if cells.is_empty() && pairs.is_empty() {
        return Ok(None);
    }
    let cells = if cells.is_empty() { None } else { Some(read_cells(cells, hash).map_err(Stop::data)?) };
    let pairs = if pairs.is_empty() { None } else { Some(read_pairs(pairs, hash).map_err(Stop::data)?) };
    from_rows(cells.as_ref(), pairs.as_ref(), results, names).map(Some).map_err(Stop::data)
}
