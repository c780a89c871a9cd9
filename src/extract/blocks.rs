//! The bytes of a CSV file → blocks that end where a row ends, so that each can be read by itself.

use super::content::{BUFFER, Content};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// More bytes than any row of an extract can have: a quotation mark that is never closed would otherwise swallow the file.
pub const LONGEST_ROW: usize = 16 << 20;

/// Whole rows of a file.
#[derive(Debug, Default)]
pub struct Block {
    /// The bytes; only those up to `end` are rows.
    pub bytes: Vec<u8>,
    /// Where the rows begin.
    pub start: usize,
    /// Where the last of them ends.
    pub end: usize,
    /// The number of the line at the start, the first of the file being 1.
    pub line: u64,
}

/// Cuts a file into blocks.
pub struct Cutter {
    content: Content,
    /// Read already, but belonging to the next block.
    rest: Vec<u8>,
    line: u64,
    quoted: Row,
    ended: bool,
    size: usize,
}

impl Cutter {
    /// Nothing cut yet.
    pub fn new(content: Content) -> Cutter {
        Cutter::into_blocks_of(content, BUFFER)
    }

    /// The same with blocks of so many bytes, as long as no row is longer.
    pub fn into_blocks_of(content: Content, size: usize) -> Cutter {
        Cutter { content, rest: Vec::new(), line: 1, quoted: Row::default(), ended: false, size }
    }

    /// The bytes below.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The number of the line at which the next block begins, or at which the bytes broke off.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next block, in the memory of one that is done with; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read to its end, or a row has none: then the kind is `FileTooLarge`.
    pub fn next_block(&mut self, memory: Vec<u8>) -> io::Result<Option<Block>> {
        let mut bytes = memory;
        let mut filled = self.rest.len();
        let mut wanted = self.size.max(filled * 2);
        grow(&mut bytes, wanted);
        if let Some(front) = bytes.get_mut(..filled) {
            front.copy_from_slice(&self.rest);
        }
        let end = loop {
            while filled < wanted && !self.ended {
                match self.content.read(bytes.get_mut(filled..wanted).unwrap_or(&mut [])) {
                    Ok(read) => {
                        self.ended = read == 0;
                        filled += read;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        self.line += lines(bytes.get(..filled).unwrap_or(&[]));
                        return Err(error);
                    }
                }
            }
            let so_far = bytes.get(..filled).unwrap_or(&[]);
            if self.ended {
                break filled;
            }
            if let Some(end) = self.quoted.last_row_end(so_far) {
                break end;
            }
            if filled > LONGEST_ROW {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a row without an end"));
            }
            wanted *= 2;
            grow(&mut bytes, wanted);
        };
        self.rest.clear();
        self.rest.extend_from_slice(bytes.get(end..filled).unwrap_or(&[]));
        let line = self.line;
        self.line += lines(bytes.get(..end).unwrap_or(&[]));
        Ok((end > 0).then_some(Block { bytes, start: 0, end, line }))
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

fn grow(bytes: &mut Vec<u8>, wanted: usize) {
    if bytes.len() < wanted {
        bytes.resize(wanted, 0);
    }
}

/// One row as the crate `csv` reads it: for rows with quotation marks, and for everything else that is not plain.
#[derive(Default)]
pub struct Row {
    /// Made for the first row: most blocks have none that needs it.
    reader: Option<Box<Reader>>,
    text: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
}

impl Row {
    /// Reads the row at the start of some bytes. Gives how many of them it has, its end included, and whether that end was there.
    pub fn read(&mut self, bytes: &[u8]) -> (usize, bool) {
        // Rows end at \n alone, so that lines are counted right; the \r of Windows is trimmed from the last cell.
        let new = || Box::new(ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build());
        let reader = self.reader.get_or_insert_with(new);
        reader.reset();
        if self.text.is_empty() {
            self.text.resize(1024, 0);
            self.ends.resize(64, 0);
        }
        let (mut taken, mut written) = (0, 0);
        self.cells = 0;
        let mut whole = true;
        loop {
            let input = if whole { bytes.get(taken..).unwrap_or(&[]) } else { &[] };
            let (output, ends) = (self.text.get_mut(written..).unwrap_or(&mut []), self.ends.get_mut(self.cells..).unwrap_or(&mut []));
            let (result, read, wrote, cells) = reader.read_record(input, output, ends);
            taken += read;
            written += wrote;
            self.cells += cells;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return (taken, whole),
                // The next time there is nothing, which the reader takes for the end of the file.
                ReadRecordResult::InputEmpty => whole = false,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
        }
    }

    /// Its cells.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.cells).map(|at| self.cell(at))
    }

    /// One of them.
    pub fn cell(&self, at: usize) -> &[u8] {
        if at >= self.cells {
            return &[];
        }
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or(&[])
    }

    /// All its cells together.
    pub fn text(&self) -> &[u8] {
        let end = self.cells.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0);
        self.text.get(..end).unwrap_or(&[])
    }

    /// Other cells in place of its own.
    pub fn replace(&mut self, cells: &[Vec<u8>]) {
        self.text.clear();
        self.ends.clear();
        for cell in cells {
            self.text.extend_from_slice(cell);
            self.ends.push(self.text.len());
        }
        self.cells = cells.len();
        // The reader needs some room to begin with, and then doubles it.
        self.text.resize(self.text.len() + 1024, 0);
        self.ends.resize(self.ends.len() + 64, 0);
    }

    /// Where the last whole row of some bytes ends; nothing when there is none. The bytes begin with a row.
    fn last_row_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut whole = 0;
        loop {
            let rest = bytes.get(whole..).unwrap_or(&[]);
            let before = |end: usize| rest.get(..end).and_then(|text| memrchr(b'\n', text)).map_or(whole, |at| whole + at + 1);
            let end = match memchr(b'"', rest) {
                None => before(rest.len()),
                Some(quote) => {
                    let start = before(quote);
                    match self.read(bytes.get(start..).unwrap_or(&[])) {
                        (length, true) => {
                            whole = start + length;
                            continue;
                        }
                        (_, false) => start,
                    }
                }
            };
            return (end > 0).then_some(end);
        }
    }
}
