//! `published.csv`: what others counted, one row a measure, practice or area, and day.

use super::{csv_of, harmless};
use crate::published::Published;
use crate::published::tidy::{PUBLISHED, rows};

/// The file. `files` are those that the counts stand in.
pub fn published_csv(published: &Published, files: &[String]) -> Vec<u8> {
    csv_of(&PUBLISHED.names(), rows(published, files).map(|cells| cells.iter().map(|cell| harmless(cell)).collect()))
}
