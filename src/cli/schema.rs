//! `dqoh schema`: the form of rule files as JSON Schema, for editors.

use super::{Stop, say};
use crate::rules::schema::{of_framework_files, of_rule_files};
use clap::ValueEnum;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Of which files
    #[arg(value_enum, default_value_t)]
    of: Of,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Of {
    /// A register or an indicator
    #[default]
    RuleFile,
    /// framework.toml
    Framework,
}

pub(super) fn schema(options: &Options) -> Result<(), Stop> {
    let schema = match options.of {
        Of::RuleFile => of_rule_files(),
        Of::Framework => of_framework_files(),
    };
    say(&format!("{schema:#}"));
    Ok(())
}
