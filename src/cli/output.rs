//! Files that are there whole or not at all: written under a temporary name, renamed when all are complete.

use super::{Stop, say_error};
use crate::problem::Problem;
use crate::report::too_long_for_a_spreadsheet;
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes all files of a folder, then renames them. A name may hold folders, with forward slashes.
pub(super) fn write_all(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), Stop> {
    let failed = |error: std::io::Error| {
        Stop::unexpected(
            Problem::error("U001", format!("the results cannot be written: {}", error.kind()))
                .in_data(folder.display().to_string(), None, None)
                .help("choose another folder with --out, close files that Excel holds open, and look whether the disk is full"),
        )
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut written: Vec<(NamedTempFile, &str)> = Vec::new();
    for (name, content) in files {
        let mut file = temporary(folder).map_err(failed)?;
        file.write_all(content).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        written.push((file, name));
    }
    // Nothing is renamed before all folders are there.
    for (below, _) in files.iter().filter_map(|(name, _)| name.rsplit_once('/')) {
        std::fs::create_dir_all(folder.join(below)).map_err(failed)?;
    }
    for (file, name) in written {
        file.persist(folder.join(name)).map_err(|error| failed(error.error))?;
    }
    Ok(())
}

/// What readers with a spreadsheet must be told of the files, said last.
pub(super) fn say_what_is_too_long(files: &[(&str, Vec<u8>)]) {
    if let Some(note) = too_long_for_a_spreadsheet(files) {
        say_error(&note);
    }
}

/// Readable by others, as a file made by hand would be.
fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dqoh-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder)
}
