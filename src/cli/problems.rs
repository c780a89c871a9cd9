//! `dqoh problems`: the long text of a code, or the list of all.

use super::{Stop, say};
use crate::problem::{Problem, did_you_mean, long_text, titles};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// A code, such as R010; without one, all are listed
    code: Option<String>,
}

pub(super) fn problems(options: &Options) -> Result<(), Stop> {
    let Some(code) = &options.code else {
        for (code, title) in titles() {
            say(&format!("{code}  {title}"));
        }
        return Ok(());
    };
    match long_text(code) {
        Some(text) => {
            say(text.trim_start_matches("## "));
            Ok(())
        }
        None => {
            let help = did_you_mean(code, titles().map(|(code, _)| code)).unwrap_or_else(|| "`dqoh problems` lists all".to_owned());
            Err(Stop::usage(Problem::error("U004", format!("there is no problem with the code `{code}`")).help(help)))
        }
    }
}
