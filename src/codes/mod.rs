//! Code sets as they come and go: official files → our own code set files; what differs between two states of them;
//! which of their codes an extract holds, and what cannot be met without them.
//! In: bytes and rows. Out: texts, tables and problems. Touches no file itself.

pub mod changes;
pub mod coverage;
pub mod import;
pub mod set_file;

mod clusters;
mod coverage_table;
mod descriptions;
mod form;
mod incoming;
mod list;
mod members;
mod merge;
mod reach;
