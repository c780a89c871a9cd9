//! Rows of cells → a Parquet file, packed with snappy: texts and days, of which any may be nothing.

use super::table::{Field, Kind};
use crate::framework::calendar::Day;
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::{self, Write};
use std::sync::Arc;

/// So many rows are kept in memory and written together. Each group has dictionaries of its own, so that few groups read faster;
/// several threads read several of them at once.
const ROWS_OF_A_GROUP: usize = 1 << 19;

/// No dictionary becomes as large as this many bytes: whoever reads the file finds every cell in one.
const LARGEST_DICTIONARY: usize = 1 << 28;

/// The level of a cell that is there; that of nothing is 0.
const THERE: i16 = 1;

/// A file in the making.
pub struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
}

/// The cells of one column that are not written yet.
struct Column {
    kind: Kind,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl<W: Write + Send> Table<W> {
    /// A file without rows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(fields: &'static [Field], to: W) -> io::Result<Table<W>> {
        let columns = fields.iter().map(|field| Column { kind: field.kind, text: Vec::new(), ends: Vec::new() }).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_page_size_limit(LARGEST_DICTIONARY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by("dqoh".to_owned())
            .build();
        let schema = schema(fields).map_err(failed)?;
        let writer = SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Table { writer, columns, rows: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, cells: &[&[u8]]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.text.extend_from_slice(cell);
            column.ends.push(column.text.len());
        }
        self.rows += 1;
        if self.rows >= ROWS_OF_A_GROUP { self.write_group().map_err(failed) } else { Ok(()) }
    }

    /// Writes what is not written yet; no row may come afterwards.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group().map_err(failed)?;
        }
        self.writer.finish().map_err(failed)?;
        self.writer.inner_mut().flush()
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut to) = group.next_column()? else { break };
            let (kind, cells) = (column.kind, column.take());
            match kind {
                Kind::Text => {
                    let (values, levels) = values(&cells, |cell| (!cell.is_empty()).then(|| ByteArray::from(cell.clone())));
                    to.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
                }
                Kind::Day => {
                    let (values, levels) = values(&cells, |cell| Day::parse(cell).map(|day| day.0));
                    to.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
                }
            }
            to.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Column {
    /// The cells kept so far; afterwards none are.
    fn take(&mut self) -> Vec<Bytes> {
        let text = Bytes::from(std::mem::take(&mut self.text));
        let ends = std::mem::take(&mut self.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends.iter().copied()).map(|(from, to)| text.slice(from..to)).collect()
    }
}

fn values<T>(cells: &[Bytes], value: impl Fn(&Bytes) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let all: Vec<Option<T>> = cells.iter().map(value).collect();
    let levels = all.iter().map(|value| if value.is_some() { THERE } else { 0 }).collect();
    (all.into_iter().flatten().collect(), levels)
}

fn schema(fields: &[Field]) -> Result<Type, ParquetError> {
    let mut columns = Vec::new();
    for field in fields {
        let (physical, logical) = match field.kind {
            Kind::Text => (Physical::BYTE_ARRAY, LogicalType::String),
            Kind::Day => (Physical::INT32, LogicalType::Date),
        };
        let column = Type::primitive_type_builder(field.name, physical).with_logical_type(Some(logical));
        columns.push(Arc::new(column.with_repetition(Repetition::OPTIONAL).build()?));
    }
    Type::group_type_builder("table").with_fields(columns).build()
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
