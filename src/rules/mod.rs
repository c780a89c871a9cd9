//! Text → [`syntax::RuleFile`]: a file as its author wrote it, every part with its place.
//! Knows TOML and the words of a sentence; knows no person, no reporting day and no SQL.

pub mod forms;
pub mod phrase;
pub mod places;
pub mod schema;
pub mod syntax;

mod examples;
mod facts;
mod framework_file;
mod pathway;
mod read;
mod sentence;
mod table;

pub use framework_file::read_framework_file;
pub use read::read_rule_file;
