//! Text → [`syntax::RuleFile`]: a file as its author wrote it, every part with its place.
//! Knows TOML and the words of a sentence; knows no person, no reporting day and no SQL.

pub mod phrase;
pub mod syntax;

mod examples;
mod facts;
mod read;
mod table;

pub use read::{read_framework_file, read_rule_file};
