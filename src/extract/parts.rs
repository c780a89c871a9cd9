//! Sifted records by the part of a practice that their people are in, until all files are read. What is more than memory should
//! hold waits in a file of the system's folder for such files, which has no name and is gone with the program, however it ends.

use crate::problem::Problem;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// What is said when records that wait on the disk do not get there, or do not come back.
pub fn cannot_be_kept(error: &io::Error) -> Problem {
    Problem::error(
        "U009",
        format!("records that memory should not hold cannot be kept in a file for the time of the run: {}", error.kind()),
    )
    .help("make room in the system's folder for temporary files, or set TMPDIR (in Windows, TEMP) to a folder with room")
}

/// How many bytes of records are held in memory.
pub const IN_MEMORY: usize = 12 << 20;

/// The records of one part.
#[derive(Debug, Default)]
struct Part {
    held: Vec<Vec<u8>>,
    /// Where others lie in the file, and how many bytes.
    waiting: Vec<(u64, usize)>,
}

/// The records of all parts.
#[derive(Debug)]
pub struct Parts {
    parts: Vec<Part>,
    held: usize,
    most: usize,
    file: Option<File>,
    end: u64,
}

impl Parts {
    /// No records yet, of so many parts; no more than so many bytes of them are to be held in memory.
    pub fn holding(parts: usize, most: usize) -> Parts {
        let parts = (0..parts).map(|_| Part::default()).collect();
        Parts { parts, held: 0, most, file: None, end: 0 }
    }

    /// Adds records of a part.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, part: u16, mut bytes: Vec<u8>) -> io::Result<()> {
        bytes.shrink_to_fit();
        self.held += bytes.len();
        if let Some(part) = self.parts.get_mut(usize::from(part)) {
            part.held.push(bytes);
        }
        if self.held > self.most { self.put_away() } else { Ok(()) }
    }

    fn put_away(&mut self) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        for part in &mut self.parts {
            let mut length = 0;
            for bytes in part.held.drain(..) {
                file.write_all(&bytes)?;
                length += bytes.len();
            }
            if length > 0 {
                part.waiting.push((self.end, length));
                self.end += length as u64;
            }
        }
        self.held = 0;
        self.file = Some(file);
        Ok(())
    }

    /// All records of a part, which are gone from here then.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn take(&mut self, part: usize) -> io::Result<Vec<u8>> {
        let Some(part) = self.parts.get_mut(part) else { return Ok(Vec::new()) };
        let waiting: usize = part.waiting.iter().map(|(_, length)| length).sum();
        let mut all = vec![0; waiting];
        let mut rest = all.as_mut_slice();
        for (start, length) in std::mem::take(&mut part.waiting) {
            let (piece, others) = rest.split_at_mut_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
            let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(piece)?;
            rest = others;
        }
        for bytes in std::mem::take(&mut part.held) {
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }
}
