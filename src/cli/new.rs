//! `dqoh new`: an indicator file to fill in.

use super::{Stop, output, say};
use crate::problem::Problem;
use crate::rules::phrase::is_name;
use crate::rules::schema::DIRECTIVE;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The file to write, in the folder of its domain: …/care-planning/cp008.toml
    file: PathBuf,
    /// Its id [default: the file's name in capitals]
    #[arg(long)]
    id: Option<String>,
    /// Its title
    #[arg(long, default_value = "What was done, in how many months")]
    title: String,
    /// The register it is of, or `list` for everyone
    #[arg(long, default_value = "list")]
    of: String,
}

pub(super) fn new(options: &Options) -> Result<(), Stop> {
    let stem = options.file.file_stem().map(|stem| stem.to_string_lossy().to_uppercase()).unwrap_or_default();
    let id = options.id.clone().unwrap_or(stem);
    if !is_name(&id) || !is_name(&options.of) {
        return Err(Stop::usage(
            Problem::error("R007", "this cannot be an id")
                .help("an id is a letter followed by letters, digits and hyphens; name it with --id"),
        ));
    }
    let shown = options.file.display().to_string();
    let toml = options.file.extension().is_some_and(|extension| extension == "toml");
    let (Some(name), true) = (options.file.file_name(), toml) else {
        return Err(Stop::usage(
            Problem::error("U008", "this is not the name of a rule file").in_data(shown, None, None).help("end it with .toml"),
        ));
    };
    if options.file.exists() {
        return Err(Stop::usage(
            Problem::error("U007", "this file is there already")
                .in_data(shown, None, None)
                .help("choose another name, or move the file away"),
        ));
    }
    let schema = schema_line(&options.file);
    let text = schema + &text(&id, &options.title.replace(['"', '\\', '\n', '\r'], "'"), &options.of);
    let folder = options.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    output::write_all(folder, &[(name.to_string_lossy().as_ref(), text.into_bytes())])?;
    say(&format!("Wrote {shown}. Fill in its facts, lines and examples, then run `dqoh check` on the framework."));
    Ok(())
}

/// The line that names the schema, when one lies beside the frameworks, two folders up.
fn schema_line(file: &Path) -> String {
    let there = file.parent().is_some_and(|folder| folder.join("../../rule-file.schema.json").exists());
    if there { format!("{DIRECTIVE}../../rule-file.schema.json\n") } else { String::new() }
}

/// The file; it can be read as it stands, except for its code sets.
fn text(id: &str, title: &str, of: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::text;
    use crate::rules::read_rule_file;
    use crate::source::Sources;

    #[test]
    fn the_file_can_be_read_as_it_stands() {
        let mut sources = Sources::default();
        let text = text("CP008", "Plan shared with the family", "LTC");
        let file = sources.add("cp008.toml", text.as_str());
        let (read, problems) = read_rule_file(file, "care-planning", &text);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(read.map(|read| (read.lines.len(), read.examples.len())), Some((4, 4)));
    }
}
