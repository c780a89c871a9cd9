//! The bytes of one file: out of gzip, out of UTF-16, hashed on the way. A file that breaks off, changes while it is read,
//! or has a row without an end is an error, never a shorter file.

use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

/// How many bytes are read at once.
pub const BUFFER: usize = 1 << 18;

/// More bytes than any row of an extract can have: a quotation mark that is never closed would otherwise swallow the file.
pub const LONGEST_ROW: u64 = 16 << 20;

/// How far a file was read, known to the reader at the bottom and to whoever asks above.
#[derive(Clone, Debug, Default)]
struct Seen(Rc<RefCell<(Sha256, u64)>>);

impl Seen {
    fn add(&self, bytes: &[u8]) {
        let mut seen = self.0.borrow_mut();
        seen.0.update(bytes);
        seen.1 += bytes.len() as u64;
    }

    fn bytes(&self) -> u64 {
        self.0.borrow().1
    }

    fn sha256(&self) -> String {
        let hash = self.0.borrow().0.clone().finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Reads bytes as they lie on the disk.
struct Raw<R> {
    inner: R,
    seen: Seen,
    /// How many there should be, where that is known.
    length: Option<u64>,
}

impl<R: Read> Read for Raw<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.seen.add(buffer.get(..read).unwrap_or(&[]));
        match self.length {
            Some(length) if read == 0 && !buffer.is_empty() && self.seen.bytes() != length => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file changed while it was read"))
            }
            _ => Ok(read),
        }
    }
}

/// The bytes of one file.
pub struct Content {
    inner: Box<dyn Read>,
    seen: Seen,
    /// Bytes given since the row began that is being read.
    of_row: u64,
}

impl Content {
    /// From bytes as they are kept. `name` tells by its end whether they are packed by gzip; `length` is how many there should be.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(bytes: impl Read + 'static, name: &str, length: Option<u64>) -> io::Result<Content> {
        let seen = Seen::default();
        let raw = Raw { inner: bytes, seen: seen.clone(), length };
        let inner: Box<dyn Read> =
            if is_packed(name) { Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, raw))) } else { Box::new(raw) };
        Ok(Content { inner, seen, of_row: 0 })
    }

    /// The same as UTF-8 where a mark at its start says that it is UTF-16; all else as it is. Gives the first bytes too,
    /// none for an empty file.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn into_text(mut self) -> io::Result<(Content, Vec<u8>)> {
        const ENOUGH: u64 = 64;
        let mut start = Vec::new();
        self.inner.by_ref().take(ENOUGH).read_to_end(&mut start)?;
        let whole = io::Cursor::new(start.clone()).chain(self.inner);
        let inner: Box<dyn Read> = match start.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Box::new(DecodeReaderBytesBuilder::new().bom_override(true).build(whole)),
            _ => Box::new(whole),
        };
        Ok((Content { inner, ..self }, start))
    }

    /// Gives all bytes in pieces, and the SHA-256 of those on the disk.
    ///
    /// # Errors
    /// When they do not come to their end.
    #[cfg(feature = "parquet")]
    pub fn whole(mut self, mut each: impl FnMut(&[u8])) -> io::Result<String> {
        let mut buffer = vec![0; BUFFER];
        loop {
            self.row_begins();
            let read = self.read(&mut buffer)?;
            if read == 0 {
                return Ok(self.sha256());
            }
            each(buffer.get(..read).unwrap_or(&[]));
        }
    }

    /// A row begins with what is read from now on.
    pub fn row_begins(&mut self) {
        self.of_row = 0;
    }

    /// How many bytes were read of those on the disk.
    pub fn bytes_read(&self) -> u64 {
        self.seen.bytes()
    }

    /// The SHA-256 of the bytes on the disk that were read so far.
    pub fn sha256(&self) -> String {
        self.seen.sha256()
    }
}

/// Whether the end of a name says gzip.
pub fn is_packed(name: &str) -> bool {
    name.len() > 3 && name.get(name.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case(".gz"))
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.of_row > LONGEST_ROW {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a row without an end"));
        }
        let read = self.inner.read(buffer)?;
        self.of_row += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Content;
    use std::io::{self, Read};

    fn read(mut content: Content) -> Result<usize, io::ErrorKind> {
        content.read_to_end(&mut Vec::new()).map_err(|error| error.kind())
    }

    #[test]
    fn a_file_that_became_shorter_or_longer_is_no_file() {
        let of = |length| Content::new(&b"patient_id\nA\n"[..], "patients.csv", length);
        assert_eq!(of(Some(13)).map(read).ok(), Some(Ok(13)));
        assert_eq!(of(None).map(read).ok(), Some(Ok(13)));
        for length in [12, 14, 1_000_000] {
            assert_eq!(of(Some(length)).map(read).ok(), Some(Err(io::ErrorKind::UnexpectedEof)));
        }
    }

    #[test]
    fn utf_16_becomes_utf_8_in_either_order_of_bytes() {
        let text = "patient_id\nCaf\u{e9}\n";
        let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            let content = Content::new(io::Cursor::new(bytes), "patients.csv", None).and_then(Content::into_text);
            let mut read = String::new();
            assert!(content.is_ok_and(|(mut content, _)| content.read_to_string(&mut read).is_ok()));
            assert_eq!(read, text);
        }
    }
}
