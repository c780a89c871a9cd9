//! Files → [`patient::Patients`], practice by practice. Knows codes and columns; knows no rule.
//! A row that cannot be used is never lost in silence: it is in the [`quality::Quality`] of the extract.

pub mod canonical;
pub mod census;
pub mod counts;
pub mod patient;
pub mod planning_counts;
pub mod quality;
pub mod quarantine;

mod columns;
mod content;
mod dates;
mod emis;
mod particulars;
mod people;
mod practices;
mod rows;
mod settings;
mod sift;
mod store;

pub use canonical::{Extract, InputFile};
pub use emis::Confidential;
pub use practices::read_practices;
pub use sift::Check;
