//! Where the files of an extract lie: a folder, or a zip archive. Gives names and bytes; knows no form of extract.
//! An archive is read where it lies: nothing of it is ever written to the disk.

use super::content::Content;
use crate::problem::Problem;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};
use zip::{CompressionMethod, ZipArchive};

/// Times that a file may grow out of an archive: text of an extract grows tenfold, a file made to harm a thousandfold.
const MOST_GROWTH: u64 = 250;

/// Files that may grow as they like: they cannot fill anything.
const HARMLESS: u64 = 64 << 20;

/// A row place numbers files by 16 bits.
const MOST_FILES: usize = 60_000;

/// One file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path within the extract, with forward slashes.
    pub name: String,
    /// Its size; out of an archive that of the file unpacked.
    pub bytes: u64,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Path(PathBuf),
    Member { start: u64, length: u64, packed: bool, crc: u32 },
}

impl Entry {
    /// The file for reading here and there; `None` out of an archive, where bytes come one after the other.
    ///
    /// # Errors
    /// When it cannot be opened.
    #[cfg(feature = "parquet")]
    pub fn file(&self) -> io::Result<Option<File>> {
        match &self.at {
            At::Path(path) => File::open(path).map(Some),
            At::Member { .. } => Ok(None),
        }
    }
}

/// A folder or an archive.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Store {
    /// Lists the files of a folder and of the folders in it, or of a `.zip`.
    ///
    /// # Errors
    /// When there is no such folder or archive, when it cannot be read, or when the archive is not one that may be trusted.
    pub fn open(path: &Path) -> Result<Store, Problem> {
        let is_archive = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        let mut entries = if path.is_dir() {
            files_of_folder(path)?
        } else if is_archive && path.is_file() {
            members(path)?
        } else {
            return Err(Problem::error("D001", "this is not a folder")
                .in_data(path.display().to_string(), None, None)
                .help("name the folder that holds the files of the extract, or the .zip of it"));
        };
        if entries.len() > MOST_FILES {
            return Err(Problem::error("D021", format!("there are {} files in it", entries.len()))
                .in_data(path.display().to_string(), None, None)
                .help("an extract has a few files, or a few for each practice: take out what does not belong to it"));
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Store { path: path.to_owned(), entries })
    }

    /// What it is, in words.
    pub fn form(&self) -> &'static str {
        if self.path.is_dir() { "a folder of CSV files" } else { "a zip archive of CSV files" }
    }

    /// Its path, for messages.
    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// All files, by name.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file of a name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The bytes of a file, unpacked where its name ends with `.gz`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn content(&self, entry: &Entry) -> io::Result<Content> {
        match &entry.at {
            At::Path(path) => {
                let file = File::open(path)?;
                let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
                Ok(Content::new(file, &entry.name, length))
            }
            At::Member { start, length, packed, crc } => {
                let mut file = BufReader::with_capacity(super::content::BUFFER, File::open(&self.path)?);
                file.seek(SeekFrom::Start(*start))?;
                Ok(Content::new(Member::new(file.take(*length), *packed, entry.bytes, *crc), &entry.name, Some(entry.bytes)))
            }
        }
    }

    /// Whether what has the name of a file is a folder.
    pub fn is_folder(&self, entry: &Entry) -> bool {
        matches!(&entry.at, At::Path(path) if path.is_dir())
    }

    /// A file whose name differs from this one only in the case of its letters.
    pub fn nearly(&self, name: &str) -> Option<&str> {
        self.entries.iter().map(|entry| entry.name.as_str()).find(|other| *other != name && other.eq_ignore_ascii_case(name))
    }
}

/// A file of an archive, whose sum is checked at its end.
struct Member {
    bytes: Bytes,
    crc: Crc,
    wanted: u32,
    size: u64,
    read: u64,
}

enum Bytes {
    Stored(Take<BufReader<File>>),
    Packed(Box<DeflateDecoder<Take<BufReader<File>>>>),
}

impl Member {
    fn new(bytes: Take<BufReader<File>>, packed: bool, size: u64, wanted: u32) -> Member {
        let bytes = if packed { Bytes::Packed(Box::new(DeflateDecoder::new(bytes))) } else { Bytes::Stored(bytes) };
        Member { bytes, crc: Crc::new(), wanted, size, read: 0 }
    }
}

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(buffer)?,
            Bytes::Packed(bytes) => bytes.read(buffer)?,
        };
        self.crc.update(buffer.get(..read).unwrap_or(&[]));
        self.read += read as u64;
        let ended = read == 0 && !buffer.is_empty();
        if self.read > self.size || (ended && (self.crc.sum() != self.wanted || self.read != self.size)) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged"));
        }
        Ok(read)
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let says = if path.is_dir() { "this folder" } else { "this file" };
    Problem::error("D007", format!("{says} cannot be read: {}", error.kind()))
        .in_data(path.display().to_string(), None, None)
        .help("check that you may read it, and that the disk or the network is there")
}

fn files_of_folder(folder: &Path) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::new();
    for (path, name) in inside(folder, "")? {
        if path.is_dir() {
            // A folder that is named like a file is listed, so that whoever reads it can say what is wrong.
            if has_file_name(&name) {
                entries.push(Entry { name, bytes: 0, at: At::Path(path) });
                continue;
            }
            entries.extend(inside(&path, &format!("{name}/"))?.into_iter().filter(|(path, _)| path.is_file()).map(entry_of));
        } else {
            entries.push(entry_of((path, name)));
        }
    }
    Ok(entries)
}

fn has_file_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".csv", ".csv.gz", ".parquet", ".toml"].iter().any(|end| lower.ends_with(end))
}

fn entry_of((path, name): (PathBuf, String)) -> Entry {
    let bytes = std::fs::metadata(&path).map_or(0, |about| about.len());
    Entry { name, bytes, at: At::Path(path) }
}

fn inside(folder: &Path, before: &str) -> Result<Vec<(PathBuf, String)>, Problem> {
    let listing = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut all = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        all.push((entry.path(), format!("{before}{}", entry.file_name().to_string_lossy())));
    }
    Ok(all)
}

fn members(path: &Path) -> Result<Vec<Entry>, Problem> {
    let refused = |code: &'static str, says: String| Problem::error(code, says).in_data(path.display().to_string(), None, None);
    let damaged = |error: &zip::result::ZipError| match error {
        zip::result::ZipError::Io(error) => unreadable(path, error),
        _ => refused("D007", "this is not a whole zip archive".to_owned()).help("copy or download it again"),
    };
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    let mut entries = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| damaged(&error))?;
        if member.is_dir() {
            continue;
        }
        let name = member.name().map_err(|error| damaged(&error))?.replace('\\', "/");
        let inside = member.enclosed_name().is_some() && !name.contains(':') && !name.split('/').any(|part| part == "..");
        let number = at + 1;
        if !inside || member.is_symlink() {
            let says = format!("file {number} of this archive points to a place outside of it");
            return Err(refused("D021", says).help("an archive that does so may be made to harm: ask its sender for another"));
        }
        if member.encrypted() {
            let says = format!("file {number} of this archive is locked with a password");
            return Err(refused("D021", says).help("unpack it with the password into a folder, and name the folder"));
        }
        let packed = match member.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => {
                let says = format!("file {number} of this archive is packed in a way that is not read here");
                return Err(refused("D021", says).help("unpack it into a folder, and name the folder"));
            }
        };
        let (bytes, length) = (member.size(), member.compressed_size());
        if bytes > HARMLESS && bytes / length.max(1) > MOST_GROWTH {
            let says = format!("file {number} of this archive would become more than {MOST_GROWTH} times as large");
            return Err(refused("D021", says).help("no extract does so: ask its sender for another"));
        }
        let Some(start) = member.data_start() else { continue };
        entries.push(Entry { name, bytes, at: At::Member { start, length, packed, crc: member.crc32() } });
    }
    Ok(without_folder(entries))
}

/// The names without the folder that all files lie in, when the archive was made of a folder.
fn without_folder(entries: Vec<Entry>) -> Vec<Entry> {
    let own: Vec<Entry> = entries.into_iter().filter(|entry| !entry.name.starts_with("__MACOSX/")).collect();
    let first = own.first().and_then(|entry| entry.name.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    let Some(folder) = first.filter(|folder| own.iter().all(|entry| entry.name.starts_with(folder.as_str()))) else { return own };
    let short = |entry: Entry| Entry { name: entry.name.strip_prefix(&folder).unwrap_or(&entry.name).to_owned(), ..entry };
    own.into_iter().map(short).collect()
}
