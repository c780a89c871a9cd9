//! The bytes of a Parquet file, here and there: from the disk, or from memory. Several threads may read them at once.

use super::store::Entry;
use bytes::{Buf, Bytes, buf::Reader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Where the bytes are.
#[derive(Clone, Debug)]
pub enum Source {
    /// In a file of the disk.
    Disk(Entry),
    /// Here.
    Memory(Bytes),
}

/// The same, open. A place in an open file is no one else's.
#[derive(Debug)]
pub enum Opened {
    /// A file of the disk.
    Disk(File),
    /// Here.
    Memory(Bytes),
}

impl Source {
    /// Opens it.
    ///
    /// # Errors
    /// When the file cannot be opened any more.
    pub fn open(&self) -> io::Result<Opened> {
        match self {
            Source::Disk(entry) => entry.file()?.map(Opened::Disk).ok_or_else(|| io::ErrorKind::NotFound.into()),
            Source::Memory(bytes) => Ok(Opened::Memory(bytes.clone())),
        }
    }
}

impl Opened {
    /// The bytes of one column of one row group; fewer when the file ends before.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn column(&mut self, column: &ColumnChunkMetaData) -> io::Result<ColumnBytes> {
        let (start, length) = range(column)?;
        let bytes = match self {
            Opened::Disk(file) => {
                let most = file.metadata()?.len().saturating_sub(start).min(length);
                let mut bytes = Vec::with_capacity(usize::try_from(most).unwrap_or(0));
                file.seek(SeekFrom::Start(start))?;
                file.take(length).read_to_end(&mut bytes)?;
                bytes.into()
            }
            Opened::Memory(bytes) => {
                let from = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                bytes.slice(from..from.saturating_add(length).min(bytes.len()))
            }
        };
        Ok(ColumnBytes { start, bytes })
    }
}

/// Where a column lies and how long it is; a damaged file may tell what the crate would not survive.
fn range(column: &ColumnChunkMetaData) -> io::Result<(u64, u64)> {
    let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let range = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
    range.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// The bytes of one column of one row group.
#[derive(Clone, Debug)]
pub struct ColumnBytes {
    start: u64,
    bytes: Bytes,
}

impl ColumnBytes {
    /// Its pages, from the first.
    ///
    /// # Errors
    /// When they are packed in a way that is not unpacked here.
    pub fn pages(&self, column: &ColumnChunkMetaData, rows: usize) -> Result<SerializedPageReader<ColumnBytes>, ParquetError> {
        SerializedPageReader::new(Arc::new(self.clone()), column, rows, None)
    }

    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let from = start.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        match from.filter(|from| *from <= self.bytes.len()) {
            Some(from) => Ok(self.bytes.slice(from..)),
            None => Err(ParquetError::EOF("a page that lies outside of its column".to_owned())),
        }
    }
}

impl Length for ColumnBytes {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for ColumnBytes {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF("a page that lies outside of its column".to_owned()));
        }
        Ok(bytes.slice(..length))
    }
}
