//! `dqoh reference`: pooled register and list counts of an extract, as TOML to paste into framework.toml.

use super::read::{Opened, opened, threads};
use super::{Stop, When, say};
use crate::achievement::{Area, achieve};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract
    extract: PathBuf,
    #[command(flatten)]
    when: When,
}

pub(super) fn reference(options: &Options) -> Result<(), Stop> {
    let threads = threads(None)?;
    let mut opened = opened(&options.extract, &options.when, None)?;
    // One reporting day: the last.
    opened.frameworks = opened.frameworks.pop().into_iter().collect();
    let records = opened.packed(&threads)?;
    let counted = opened.counted(records, &threads)?;
    let Opened { frameworks, extract, .. } = opened;
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
