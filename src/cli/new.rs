//! `dqoh new`: an indicator file to fill in, on the output stream.

use super::{Stop, say};
use crate::problem::Problem;
use crate::rules::phrase::is_name;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Its id, such as CP008
    id: String,
    /// Its title
    #[arg(long, default_value = "What was done, in how many months")]
    title: String,
    /// The register it is of, or `list` for everyone
    #[arg(long, default_value = "list")]
    of: String,
}

pub(super) fn new(options: &Options) -> Result<(), Stop> {
    if !is_name(&options.id) || !is_name(&options.of) {
        return Err(Stop::usage(
            Problem::error("R007", "this cannot be an id").help("an id is a letter followed by letters, digits and hyphens"),
        ));
    }
    say(&text(&options.id, &options.title.replace(['"', '\\', '\n', '\r'], "'"), &options.of));
    Ok(())
}

/// The file; it can be read as it stands, except for its code sets.
pub fn text(id: &str, title: &str, of: &str) -> String {
    format!(
        r##"# One plain question: what does this indicator ask of a record?

[indicator]
id       = "{id}"
title    = "{title}"
of       = "{of}"                  # a register, or "list" for everyone
points   = 10
pays     = {{ from = 40, to = 90 }}   # per cent: nothing at or below 40, all of it at 90
standing = "reconstructed"         # documented | qof-2016-17 | reconstructed | official
source   = "Where the definition comes from"

[facts]                            # what to look for; a code set is a file in code-sets/
done     = {{ find = "latest", codes = "DONE" }}
declined = {{ find = "latest", codes = "DECLINED" }}

[rules]                            # the first line that holds decides
in-order = [
  {{ achieved-if = "done in the last 12 months" }},
  {{ excepted-if = "declined in the last 12 months",  because = "declined" }},
  {{ excepted-if = "registered in the last 3 months", because = "newly-registered" }},
  {{ otherwise   = "not achieved" }},
]

# Every line needs an example that it decides; try both sides of every number and window.
[[example]]
story   = "Done a year ago to the day after"
records = '''
2016-04-01  DONE
'''
then    = "achieved"
line    = 1

[[example]]
story   = "Declined this year"
records = '''
2016-07-01  DECLINED
'''
then    = "excepted"
line    = 2

[[example]]
story      = "Came to the practice three months before the end"
registered = 2017-01-01
then       = "excepted"
line       = 3

[[example]]
story   = "Done one day too early"
records = '''
2016-03-31  DONE
'''
then    = "not achieved"
line    = 4
"##
    )
}
