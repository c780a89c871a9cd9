//! The bytes of one file: out of gzip, out of UTF-16, hashed on the way. A file that breaks off or changes while it is read
//! is an error, never a shorter file.

use encoding_rs::Decoder;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::io::{self, BufReader, Read};

/// How many bytes are read at once.
pub const BUFFER: usize = 1 << 18;

/// Where bytes come from: a file, or a member of an archive.
pub type Source = Box<dyn Read + Send>;

/// Reads bytes as they lie on the disk.
struct Raw {
    inner: Source,
    hash: Sha256,
    read: u64,
    /// How many there should be, where that is known.
    length: Option<u64>,
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or(&[]));
        self.read += read as u64;
        match self.length {
            Some(length) if read == 0 && !buffer.is_empty() && self.read != length => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file changed while it was read"))
            }
            _ => Ok(read),
        }
    }
}

/// Bytes as they are, or out of gzip.
enum Unpacked {
    Plain(Raw),
    Gzip(Box<MultiGzDecoder<BufReader<Raw>>>),
}

impl Unpacked {
    fn raw(&self) -> &Raw {
        match self {
            Unpacked::Plain(raw) => raw,
            Unpacked::Gzip(packed) => packed.get_ref().get_ref(),
        }
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Unpacked::Plain(raw) => raw.read(buffer),
            Unpacked::Gzip(packed) => packed.read(buffer),
        }
    }
}

/// The bytes of one file.
pub struct Content {
    inner: Unpacked,
    /// Bytes that were read and not given yet.
    ahead: io::Cursor<Vec<u8>>,
    /// Out of UTF-16, and what of it was not given yet.
    decoder: Option<Decoder>,
    text: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Content {
    /// From bytes as they are kept. `name` tells by its end whether they are packed by gzip; `length` is how many there should be.
    pub fn new(bytes: impl Read + Send + 'static, name: &str, length: Option<u64>) -> Content {
        let raw = Raw { inner: Box::new(bytes), hash: Sha256::new(), read: 0, length };
        let inner = if is_packed(name) {
            Unpacked::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, raw))))
        } else {
            Unpacked::Plain(raw)
        };
        Content { inner, ahead: io::Cursor::default(), decoder: None, text: io::Cursor::default(), ended: false }
    }

    /// The same as UTF-8 where a mark at its start says that it is UTF-16, and without the mark of UTF-8; all else as it is.
    /// Gives the first bytes too, none for an empty file.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn into_text(mut self) -> io::Result<(Content, Vec<u8>)> {
        const ENOUGH: u64 = 64;
        let mut start = Vec::new();
        self.inner.by_ref().take(ENOUGH).read_to_end(&mut start)?;
        self.ahead = io::Cursor::new(start.clone());
        self.decoder = match start.as_slice() {
            [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE.new_decoder_with_bom_removal()),
            [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE.new_decoder_with_bom_removal()),
            _ => None,
        };
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.ahead.set_position(3);
        }
        Ok((self, start))
    }

    /// Gives all bytes in pieces, and the SHA-256 of those on the disk.
    ///
    /// # Errors
    /// When they do not come to their end.
    #[cfg(feature = "parquet")]
    pub fn whole(mut self, mut each: impl FnMut(&[u8])) -> io::Result<String> {
        let mut buffer = vec![0; BUFFER];
        loop {
            let read = self.read(&mut buffer)?;
            if read == 0 {
                return Ok(self.sha256());
            }
            each(buffer.get(..read).unwrap_or(&[]));
        }
    }

    /// How many bytes were read of those on the disk.
    pub fn bytes_read(&self) -> u64 {
        self.inner.raw().read
    }

    /// The SHA-256 of the bytes on the disk that were read so far.
    pub fn sha256(&self) -> String {
        let hash = self.inner.raw().hash.clone().finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Whether the end of a name says gzip.
pub fn is_packed(name: &str) -> bool {
    name.len() > 3 && name.get(name.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case(".gz"))
}

impl Content {
    /// Bytes as they come out of the file, those first that were looked at already.
    fn undecoded(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.ahead.read(buffer)? {
            0 => self.inner.read(buffer),
            read => Ok(read),
        }
    }

    /// Out of UTF-16. Gives nothing only at the end.
    fn decoded(&mut self, decoder: &mut Decoder, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let given = self.text.read(buffer)?;
            if given > 0 || self.ended || buffer.is_empty() {
                return Ok(given);
            }
            let mut units = vec![0; BUFFER];
            let read = self.undecoded(&mut units)?;
            self.ended = read == 0;
            let room = decoder.max_utf8_buffer_length(read).unwrap_or(0);
            let mut text = vec![0; room];
            let (_, _, written, _) = decoder.decode_to_utf8(units.get(..read).unwrap_or(&[]), &mut text, self.ended);
            text.truncate(written);
            self.text = io::Cursor::new(text);
        }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mut decoder) = self.decoder.take() else { return self.undecoded(buffer) };
        let read = self.decoded(&mut decoder, buffer);
        self.decoder = Some(decoder);
        read
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
        assert_eq!(read(of(Some(13))), Ok(13));
        assert_eq!(read(of(None)), Ok(13));
        for length in [12, 14, 1_000_000] {
            assert_eq!(read(of(Some(length))), Err(io::ErrorKind::UnexpectedEof));
        }
    }

    #[test]
    fn utf_16_becomes_utf_8_in_either_order_of_bytes() {
        let text = "patient_id\nCaf\u{e9}\n";
        let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            let content = Content::new(io::Cursor::new(bytes), "patients.csv", None).into_text();
            let mut read = String::new();
            assert!(content.is_ok_and(|(mut content, _)| content.read_to_string(&mut read).is_ok()));
            assert_eq!(read, text);
        }
    }
}
