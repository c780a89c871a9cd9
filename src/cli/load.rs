//! Rules from a folder, or the framework that is built into the program.

use super::{Stop, exit};
use crate::framework::Rules;
use crate::problem::Problem;
use crate::source::Sources;
use include_dir::{Dir, include_dir};
use std::path::Path;

/// The Dudley framework, so that the program runs from anywhere.
static DUDLEY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/business-rules/dudley-2016-17");

/// The files of the framework that is built in.
pub fn built_in() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    gather(&DUDLEY, &mut files);
    files
}

fn gather(folder: &Dir<'static>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in folder.files() {
        files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents().to_vec()));
    }
    for below in folder.dirs() {
        gather(below, files);
    }
}

/// The files of a folder, by their paths relative to it, with forward slashes.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn read_folder(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    walk(folder, "", &mut files)?;
    Ok(files)
}

fn walk(folder: &Path, before: &str, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            walk(&path, &format!("{name}/"), files)?;
        } else if name.ends_with(".toml") || name.ends_with(".csv") {
            files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}

/// Reads rules, sound or not.
pub(super) fn rules(folder: Option<&Path>) -> Result<Rules, Stop> {
    let Some(folder) = folder else { return Ok(Rules::read(&built_in())) };
    match read_folder(folder) {
        Ok(files) => Ok(Rules::read(&files)),
        Err(error) => Err(Stop {
            exit: exit::RULES,
            problems: vec![
                Problem::error("R049", unreadable(&error))
                    .in_data(folder.display().to_string(), None, None)
                    .help("name a folder that holds framework.toml"),
            ],
            sources: Sources::default(),
        }),
    }
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such folder of rules".to_owned(),
        kind => format!("these rules cannot be read: {kind}"),
    }
}

/// Reads rules that must be sound.
pub(super) fn sound_rules(folder: Option<&Path>) -> Result<Rules, Stop> {
    let rules = rules(folder)?;
    if rules.sound().is_some() {
        return Ok(rules);
    }
    Err(Stop { exit: exit::RULES, problems: rules.problems, sources: rules.sources })
}
