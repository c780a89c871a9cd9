//! Files → [`patient::Patients`], practice by practice. Knows codes and columns; knows no rule.
//! A row that cannot be used is never lost in silence: it is in the [`quality::Quality`] of the extract.

pub mod canonical;
pub mod census;
pub mod counts;
pub mod finer_counts;
pub mod patient;
pub mod planning_counts;
pub mod quality;
pub mod quarantine;

mod amounts;
mod block_rows;
mod blocks;
mod columns;
mod content;
mod dates;
mod emis;
mod found;
mod in_blocks;
mod lookup;
mod newcomers;
mod packed;
mod packing;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "without_parquet.rs"]
mod parquet;
#[cfg(feature = "parquet")]
mod parquet_bytes;
#[cfg(feature = "parquet")]
mod parquet_cells;
#[cfg(feature = "parquet")]
mod parquet_entries;
#[cfg(feature = "parquet")]
mod parquet_rows;
mod particulars;
mod parts;
mod people;
mod practices;
mod practices_of_run;
mod rows;
#[cfg(feature = "parquet")]
mod runs;
mod separators;
mod settings;
mod short;
mod sift;
mod store;

pub use canonical::{Extract, InputFile, tables_in};
pub use emis::Confidential;
pub use packing::{PackedPart, PackedRecords};
pub use practices::read_practices;
pub use practices_of_run::practices_of_run;
pub use sift::{Check, Progress, UsableRow};
