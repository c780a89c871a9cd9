//! `dqoh reference`: pooled register and list counts of an extract, as TOML to paste into framework.toml.

use super::read::{Ready, ready};
use super::{Stop, When, say};
use crate::achievement::{Area, achieve};
use crate::extract::Check;
use crate::problem::Problem;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract
    extract: PathBuf,
    #[command(flatten)]
    when: When,
}

pub(super) fn reference(options: &Options) -> Result<(), Stop> {
    let Ready { mut frameworks, extract, records, .. } = ready(&options.extract, &options.when, Check::RowsInUse)?;
    // One reporting day: the last.
    let frameworks: Vec<_> = frameworks.pop().into_iter().collect();
    let codes = frameworks.first().map(|framework| framework.codes.clone()).unwrap_or_default();
    let counted = crate::evaluate::run::run(&frameworks, records, None, |records| {
        (u32::try_from(records.practice).unwrap_or(u32::MAX), records.patients(&codes))
    });
    let counted = counted.map_err(|error| Stop::unexpected(Problem::error("U003", format!("the threads cannot be started: {error}"))))?;
    let achievement = achieve(&frameworks, &extract.practices, &counted.tally);
    let Some(framework) = frameworks.first() else { return Ok(()) };
    say(&format!("# {} practices of this extract, as at {}", extract.practices.len(), framework.reporting_day.long()));
    for remark in framework.remarks() {
        say(&format!("# {remark}"));
    }
    say("[reference]");
    for register in &framework.registers {
        let row = achievement.rows.iter().find(|row| row.measure == register.id && row.area == Area::Whole && row.stratum == 0);
        if let Some(row) = row.filter(|row| row.counts.numerator > 0) {
            say(&format!("{} = {{ register = {}, list = {} }}", register.id, row.counts.numerator, row.counts.denominator));
        } else {
            say(&format!("# {}: nobody is on this register", register.id));
        }
    }
    Ok(())
}
