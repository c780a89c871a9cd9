//! Files that are there whole or not at all: written under a temporary name, renamed when all are complete.

use super::{Stop, say_error};
use crate::extract::tables_in;
use crate::problem::Problem;
use crate::report::{METADATA, Tables, spreadsheet_rows, too_long_for_a_spreadsheet};
use crate::threads::Threads;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes all files of a folder, then renames them. A name may hold folders, with forward slashes.
pub(super) fn write_all(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<Written, Stop> {
    let mut output = Output::into(folder)?;
    for (name, content) in files {
        output.write(name, content)?;
    }
    output.complete()
}

/// The same, and what the columns of its CSV files hold.
pub(super) fn write_described(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<Written, Stop> {
    let mut output = Output::into(folder)?;
    for (name, content) in files {
        output.write(name, content)?;
    }
    output.describe()?;
    output.complete()
}

/// Files of a folder that are not complete.
pub(super) struct Output<'f> {
    folder: &'f Path,
    /// Whether only the owner may read the files.
    private: bool,
    files: Vec<(NamedTempFile, String)>,
    rows: Vec<(String, usize)>,
    tables: Tables,
}

/// Files by name.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// Files that are not made yet.
pub(super) type Group<'g> = Box<dyn FnOnce() -> Result<Files, Stop> + Send + 'g>;

/// Files that are made together, and cannot fail.
pub(super) fn group<'g, Name: Into<String>, Made: IntoIterator<Item = (Name, Vec<u8>)>>(
    make: impl FnOnce() -> Made + Send + 'g,
) -> Group<'g> {
    Box::new(move || Ok(make().into_iter().map(|(name, content)| (name.into(), content)).collect()))
}

/// What was written.
pub(super) struct Written {
    rows: Vec<(String, usize)>,
}

impl Written {
    /// What readers with a spreadsheet must be told of the files, said last.
    pub(super) fn say_what_is_too_long(&self) {
        if let Some(note) = too_long_for_a_spreadsheet(&self.rows) {
            say_error(&note);
        }
    }
}

impl Output<'_> {
    /// Makes the folder, if it is not there.
    pub(super) fn into(folder: &Path) -> Result<Output<'_>, Stop> {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        Ok(Output { folder, private: false, files: Vec::new(), rows: Vec::new(), tables: Tables::default() })
    }

    /// The same for files that only their owner may read: a folder that is made is the owner's alone too.
    pub(super) fn for_the_owner_alone(folder: &Path) -> Result<Output<'_>, Stop> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(folder).map_err(|error| failed(folder, &error))?;
        Ok(Output { private: true, ..Output::into(folder)? })
    }

    /// A file to write. It has its name when all are complete.
    pub(super) fn file(&mut self, name: &str) -> io::Result<File> {
        let file = temporary(self.folder, self.private)?;
        let to_write = file.as_file().try_clone()?;
        self.files.push((file, name.to_owned()));
        Ok(to_write)
    }

    /// Writes a whole file.
    pub(super) fn write(&mut self, name: &str, content: &[u8]) -> Result<(), Stop> {
        let written = self.file(name).and_then(|mut file| file.write_all(content));
        written.map_err(|error| failed(self.folder, &error))?;
        self.rows.push((name.to_owned(), spreadsheet_rows(name, content)));
        self.tables.add(name, content);
        Ok(())
    }

    /// Makes groups of files, several at once, and writes them in their order.
    pub(super) fn write_groups(&mut self, threads: &Threads, groups: Vec<Group<'_>>) -> Result<(), Stop> {
        let mut groups = groups.into_iter();
        threads.in_turns(
            || Ok(groups.next()),
            |make| make(),
            |files| files.iter().try_for_each(|(name, content)| self.write(name, content)),
        )
    }

    /// Writes what the columns of the CSV files so far hold; what was told of other files of the folder stays.
    pub(super) fn describe(&mut self) -> Result<(), Stop> {
        let there = std::fs::read(self.folder.join(METADATA)).ok();
        match self.tables.metadata(there.as_deref(), |name| self.folder.join(name).is_file()) {
            Some(metadata) => self.write(METADATA, &metadata),
            None => Ok(()),
        }
    }

    /// Keeps how many rows a file has that was written elsewhere, its header among them.
    pub(super) fn has_rows(&mut self, name: &str, rows: usize) {
        self.rows.push((name.to_owned(), rows));
    }

    /// Gives all files their names.
    pub(super) fn complete(self) -> Result<Written, Stop> {
        let failed = |error: io::Error| failed(self.folder, &error);
        for (file, _) in &self.files {
            file.as_file().sync_all().map_err(failed)?;
        }
        // Nothing is renamed before all folders are there.
        for (below, _) in self.files.iter().filter_map(|(_, name)| name.rsplit_once('/')) {
            std::fs::create_dir_all(self.folder.join(below)).map_err(failed)?;
        }
        for (file, name) in self.files {
            file.persist(self.folder.join(name)).map_err(|error| failed(error.error))?;
        }
        Ok(Written { rows: self.rows })
    }
}

/// What is said when files cannot be written.
pub(super) fn failed(folder: &Path, error: &io::Error) -> Stop {
    Stop::unexpected(
        Problem::error("U001", format!("the results cannot be written: {}", error.kind()))
            .in_data(folder.display().to_string(), None, None)
            .help("choose another folder with --out, close files that Excel holds open, and look whether the disk is full"),
    )
}

/// Refuses a folder for an extract that holds other patients or events files: they would be counted too.
pub(super) fn refuse_other_tables(folder: &Path, own: &[String], option: &str) -> Result<(), Stop> {
    let Some(other) = tables_in(folder).into_iter().find(|name| !own.contains(name)) else { return Ok(()) };
    let says = format!("this folder holds `{other}` already, which would be counted too");
    let problem = Problem::error("U061", says).in_data(folder.display().to_string(), None, None);
    Err(Stop::usage(problem.help(format!("name a new folder with {option}"))))
}

/// What is said when this program writes no Parquet.
pub(super) fn without_parquet() -> Stop {
    Stop::usage(
        Problem::error("D064", "this program was built without the part that writes Parquet")
            .help("write CSV, or take the program as it is published"),
    )
}

/// Readable by others, as a file made by hand would be, or (`private`) by the owner alone.
fn temporary(folder: &Path, private: bool) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dqoh-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(if private { 0o600 } else { 0o644 }));
    }
    #[cfg(not(unix))]
    let _ = private;
    builder.tempfile_in(folder)
}
