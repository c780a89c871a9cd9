//! [`Framework`](crate::framework::Framework) × people → the number of the line that decided.
//! Knows no file, no column and no SQL; knows no money.

pub mod changes;
pub mod edits;
pub mod examples;
pub mod explain;
pub mod mutants;
pub mod next;
pub mod pathway;
pub mod planning;
pub mod run;
pub mod sentence;
pub mod why;

mod by_set;
mod decide;
mod find;
mod stage_changes;
mod ways;

pub use decide::{Answers, Memory};
pub use find::Found;
