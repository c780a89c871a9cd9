//! One column of a row group whose values lie in a dictionary: each row is the number of an entry, and each entry is read once.
//! Whatever does not stand so is left to [`super::parquet_cells`], which reads everything and says what is wrong.

use super::dates::Dates;
use super::parquet_cells::{Kind, Numbers, day, write_entry};
use super::runs::{Next, Runs};
use crate::framework::calendar::Day;
use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::schema::types::ColumnDescriptor;
use std::cell::OnceCell;

/// The entries of a dictionary; one more, the last, is the empty cell.
struct Entries {
    days: Option<Vec<Option<Day>>>,
    /// Days are written only when somebody asks how they are written.
    cells: OnceCell<Written>,
    page: DictionaryPage,
}

/// Entries as cells.
#[derive(Default)]
struct Written {
    text: Vec<u8>,
    /// Where each begins and ends in the text, without white space around it.
    cells: Vec<(u32, u32)>,
}

/// A dictionary as it stands in the file.
struct DictionaryPage {
    bytes: Bytes,
    entries: usize,
    of: Type,
    /// The length of each entry, where it does not stand before it.
    length: Option<usize>,
    kind: Kind,
    numbers: Numbers,
    dates: Dates,
}

impl DictionaryPage {
    /// Hands each value on; `None` when one does not come, or is not taken.
    fn each(&self, mut value: impl FnMut(&[u8]) -> Option<()>) -> Option<()> {
        let mut rest: &[u8] = &self.bytes;
        for _ in 0..self.entries {
            let length = match self.length {
                Some(length) => length,
                None => {
                    let (length, others) = rest.split_first_chunk::<4>()?;
                    rest = others;
                    usize::try_from(u32::from_le_bytes(*length)).ok()?
                }
            };
            let (this, others) = rest.split_at_checked(length)?;
            value(this)?;
            rest = others;
        }
        Some(())
    }

    fn days(&self) -> Option<Vec<Option<Day>>> {
        let mut days = Vec::with_capacity(self.entries.min(self.bytes.len()) + 1);
        self.each(|value| {
            days.push(day(i64::from(i32::from_le_bytes(value.try_into().ok()?))));
            Some(())
        })?;
        days.push(None);
        Some(days)
    }

    fn written(&self) -> Option<Written> {
        let mut written = Written::default();
        let mut from = 0;
        self.each(|value| {
            write_entry(value, self.of, self.kind, self.numbers, self.dates, &mut written.text)?;
            let cell = written.text.get(from..)?;
            let start = from + (cell.len() - cell.trim_ascii_start().len());
            let end = start + cell.trim_ascii().len();
            written.cells.push((u32::try_from(start).ok()?, u32::try_from(end).ok()?));
            from = written.text.len();
            Some(())
        })?;
        written.cells.push((0, 0));
        Some(written)
    }
}

impl Entries {
    fn new(page: DictionaryPage) -> Option<Entries> {
        if page.kind == Kind::Day && page.of == Type::INT32 {
            return Some(Entries { days: Some(page.days()?), cells: OnceCell::new(), page });
        }
        Some(Entries { days: None, cells: page.written()?.into(), page })
    }

    #[inline]
    fn cell(&self, entry: u32) -> &[u8] {
        // Most days that are asked for in writing are not there.
        if entry as usize == self.page.entries {
            return &[];
        }
        // Whatever was read as a day can be written as one.
        let written = self.cells.get_or_init(|| self.page.written().unwrap_or_default());
        let (from, to) = written.cells.get(entry as usize).copied().unwrap_or_default();
        written.text.get(from as usize..to as usize).unwrap_or(&[])
    }
}

/// Reads entries, all of which must be below this one.
fn read(values: &mut Runs, into: &mut [u32], below: u32) -> Option<()> {
    values.read(into)?;
    let highest = into.iter().fold(0, |highest, entry| highest.max(*entry));
    (into.is_empty() || highest < below).then_some(())
}

/// Room for so many numbers.
fn room(numbers: &mut Vec<u32>, many: usize) -> Option<&mut [u32]> {
    if numbers.len() < many {
        numbers.resize(many, 0);
    }
    numbers.get_mut(..many)
}

/// The rows of such a column, batch by batch.
pub struct EntryColumn {
    pages: Box<dyn PageReader>,
    /// Whether a row may have nothing.
    optional: bool,
    entries: Entries,
    levels: Runs,
    values: Runs,
    left_in_page: usize,
    batch: Vec<u32>,
    there: Vec<u32>,
    some: Vec<u32>,
}

impl EntryColumn {
    /// The column of these pages; `None` when it is not so written.
    pub fn new(
        mut pages: Box<dyn PageReader>,
        column: &ColumnDescriptor,
        kind: Kind,
        numbers: Numbers,
        dates: Dates,
    ) -> Option<EntryColumn> {
        let length = match column.physical_type() {
            Type::INT32 => Some(4),
            Type::INT64 => Some(8),
            Type::FIXED_LEN_BYTE_ARRAY => Some(usize::try_from(column.type_length()).ok()?),
            Type::BYTE_ARRAY => None,
            Type::BOOLEAN | Type::INT96 | Type::FLOAT | Type::DOUBLE => return None,
        };
        let Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN | Encoding::PLAIN_DICTIONARY, .. } =
            pages.get_next_page().ok()??
        else {
            return None;
        };
        let entries = usize::try_from(num_values).ok().filter(|entries| *entries <= buf.len())?;
        let page = DictionaryPage { bytes: buf, entries, of: column.physical_type(), length, kind, numbers, dates };
        let optional = match (column.max_def_level(), column.max_rep_level()) {
            (0, 0) => false,
            (1, 0) => true,
            _ => return None,
        };
        let column = EntryColumn {
            pages,
            optional,
            entries: Entries::new(page)?,
            levels: Runs::default(),
            values: Runs::default(),
            left_in_page: 0,
            batch: Vec::new(),
            there: Vec::new(),
            some: Vec::new(),
        };
        Some(column)
    }

    /// Reads a batch of exactly so many; `None` when they do not come so.
    pub fn fill(&mut self, rows: usize) -> Option<()> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.resize(rows, 0);
        let nothing = self.nothing();
        let mut rest = batch.as_mut_slice();
        while !rest.is_empty() {
            while self.left_in_page == 0 {
                self.next_page()?;
            }
            let (now, others) = rest.split_at_mut_checked(self.left_in_page.min(rest.len()))?;
            self.left_in_page -= now.len();
            if self.optional {
                self.fill_some(now)?
            } else {
                read(&mut self.values, now, nothing)?
            }
            rest = others;
        }
        self.batch = batch;
        Some(())
    }

    /// The number of the entry that is the empty cell.
    fn nothing(&self) -> u32 {
        u32::try_from(self.entries.page.entries).unwrap_or(u32::MAX)
    }

    /// Where a row has nothing, no entry is written.
    fn fill_some(&mut self, mut into: &mut [u32]) -> Option<()> {
        let nothing = self.nothing();
        while !into.is_empty() {
            let next = self.levels.next(into.len())?;
            let (Next::Same(_, many) | Next::Many(many)) = next;
            let (now, rest) = into.split_at_mut_checked(many)?;
            match next {
                Next::Same(1, _) => {
                    self.levels.pass(many);
                    read(&mut self.values, now, nothing)?;
                }
                Next::Same(..) => {
                    self.levels.pass(many);
                    now.fill(nothing);
                }
                Next::Many(_) => {
                    let there = room(&mut self.there, many)?;
                    self.levels.read(there)?;
                    let some = room(&mut self.some, there.iter().sum::<u32>() as usize)?;
                    read(&mut self.values, some, nothing)?;
                    let mut at = 0;
                    for (entry, there) in now.iter_mut().zip(there) {
                        let value = some.get(at).copied().unwrap_or(nothing);
                        *entry = if *there == 1 { value } else { nothing };
                        at += *there as usize;
                    }
                }
            }
            into = rest;
        }
        Some(())
    }

    fn next_page(&mut self) -> Option<()> {
        const DICTIONARY: [Encoding; 2] = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
        let (levels, values, rows) = match self.pages.get_next_page().ok()?? {
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } if DICTIONARY.contains(&encoding) => {
                if !self.optional {
                    (Bytes::new(), buf, num_values)
                } else if def_level_encoding == Encoding::RLE {
                    let length = buf.first_chunk::<4>().map(|length| u32::from_le_bytes(*length) as usize)?;
                    let end = length.checked_add(4).filter(|end| *end <= buf.len())?;
                    (buf.slice(4..end), buf.slice(end..), num_values)
                } else {
                    return None;
                }
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len: 0, .. }
                if DICTIONARY.contains(&encoding) =>
            {
                let end = usize::try_from(def_levels_byte_len).ok().filter(|end| *end <= buf.len())?;
                (buf.slice(..end), buf.slice(end..), num_values)
            }
            Page::DataPage { .. } | Page::DataPageV2 { .. } | Page::DictionaryPage { .. } => return None,
        };
        self.left_in_page = usize::try_from(rows).ok()?;
        self.levels = Runs::new(levels, 1)?;
        // A page without any value may do without the number of bits too.
        let (width, values) = if values.is_empty() { (0, values) } else { (*values.first()?, values.slice(1..)) };
        self.values = Runs::new(values, width)?;
        Some(())
    }

    /// The numbers of all entries of the batch.
    #[inline]
    pub fn batch(&self) -> &[u32] {
        &self.batch
    }

    /// The number of an entry of the batch.
    #[inline]
    pub fn entry(&self, row: usize) -> u32 {
        self.batch.get(row).copied().unwrap_or_default()
    }

    /// A cell of the batch, without white space around it.
    #[inline]
    pub fn cell(&self, row: usize) -> &[u8] {
        self.entries.cell(self.entry(row))
    }

    /// The day of a cell, where the column holds days.
    #[inline]
    pub fn day(&self, row: usize) -> Option<Option<Day>> {
        let days = self.entries.days.as_ref()?;
        Some(days.get(self.entry(row) as usize).copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::super::parquet_cells::Cells;
    use super::*;
    use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
    use parquet::column::writer::ColumnWriter;
    use parquet::data_type::ByteArray;
    use parquet::file::properties::{WriterProperties, WriterVersion};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::types::Type as Schema;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// How a file is written.
    #[derive(Clone, Copy, Debug)]
    struct Way {
        optional: bool,
        second_version: bool,
        packed: bool,
        rows_of_a_page: usize,
        /// Beyond so many bytes of entries, values are written without a dictionary.
        dictionary: usize,
        days: bool,
    }

    fn way() -> impl Strategy<Value = Way> {
        let largest = prop_oneof![3 => Just(1_usize << 20), 1 => 1_usize..200];
        (any::<[bool; 4]>(), 1_usize..300, largest).prop_map(|(one, rows_of_a_page, dictionary)| {
            let [optional, second_version, packed, days] = one;
            Way { optional, second_version, packed, rows_of_a_page, dictionary, days }
        })
    }

    /// Rows as runs, with gaps.
    fn rows() -> impl Strategy<Value = Vec<Option<u16>>> {
        let run = (prop::option::of(0_u16..300), prop_oneof![Just(1_usize), 1_usize..40]);
        prop::collection::vec(run, 0..150).prop_map(|runs| runs.into_iter().flat_map(|(value, rows)| vec![value; rows]).collect())
    }

    fn written(rows: &[Option<u16>], way: Way) -> Bytes {
        let version = if way.second_version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let properties = WriterProperties::builder()
            .set_writer_version(version)
            .set_compression(if way.packed { Compression::SNAPPY } else { Compression::UNCOMPRESSED })
            .set_data_page_row_count_limit(way.rows_of_a_page)
            .set_write_batch_size(way.rows_of_a_page)
            .set_dictionary_page_size_limit(way.dictionary)
            .build();
        let (physical, logical) = if way.days { (Physical::INT32, LogicalType::Date) } else { (Physical::BYTE_ARRAY, LogicalType::String) };
        let repetition = if way.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let column = Schema::primitive_type_builder("column", physical).with_logical_type(Some(logical)).with_repetition(repetition);
        let schema = Schema::group_type_builder("table").with_fields(vec![Arc::new(column.build().unwrap())]).build().unwrap();
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut to = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = rows.iter().map(|row| i16::from(row.is_some())).collect();
        let levels = way.optional.then_some(levels.as_slice());
        let values = rows.iter().filter_map(|row| if way.optional { *row } else { Some(row.unwrap_or(0)) });
        match to.untyped() {
            ColumnWriter::Int32ColumnWriter(to) => {
                let days: Vec<i32> = values.map(|value| i32::from(value) * 1000).collect();
                to.write_batch(&days, levels, None).unwrap();
            }
            ColumnWriter::ByteArrayColumnWriter(to) => {
                let texts: Vec<ByteArray> = values.map(|value| format!(" text {value}\t").as_str().into()).collect();
                to.write_batch(&texts, levels, None).unwrap();
            }
            _ => {}
        }
        to.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes.into()
    }

    /// A cell, and its day where the column holds days.
    type Row = (Vec<u8>, Option<Option<Day>>);

    /// All rows that come as entries; then all rows as cells.
    fn read(bytes: &Bytes, rows: usize, batch: usize, way: Way) -> (Vec<Row>, Vec<Vec<u8>>) {
        let file = SerializedFileReader::new(bytes.clone()).unwrap();
        let group = file.get_row_group(0).unwrap();
        let column = group.metadata().schema_descr().column(0);
        let kind = Kind::of(&column).unwrap();
        let (numbers, dates) = (Numbers::Names, Dates::YearFirst);
        let (mut entries, mut cells) = (Vec::new(), Vec::new());
        let mut of_all = Cells::new(group.get_column_reader(0).unwrap(), &column, kind, numbers, dates);
        for from in (0..rows).step_by(batch) {
            let many = batch.min(rows - from);
            of_all.fill(many).unwrap();
            cells.extend((0..many).map(|row| of_all.cell(row).to_vec()));
        }
        if let Some(mut of_entries) = EntryColumn::new(group.get_column_page_reader(0).unwrap(), &column, kind, numbers, dates) {
            for from in (0..rows).step_by(batch) {
                let many = batch.min(rows - from);
                if of_entries.fill(many).is_none() {
                    assert!(way.dictionary < 1 << 20, "all values are in the dictionary");
                    break;
                }
                entries.extend((0..many).map(|row| (of_entries.cell(row).to_vec(), of_entries.day(row))));
            }
        }
        (entries, cells)
    }

    proptest! {
        #[test]
        fn entries_are_the_cells_that_the_crate_reads(rows in rows(), way in way(), batch in 1_usize..400) {
            let (entries, cells) = read(&written(&rows, way), rows.len(), batch, way);
            if way.dictionary == 1 << 20 {
                prop_assert_eq!(entries.len(), rows.len());
            }
            for ((entry, day), cell) in entries.iter().zip(&cells) {
                prop_assert_eq!(entry, cell);
                if let Some(day) = day {
                    prop_assert_eq!(*day, Dates::YearFirst.day(cell));
                }
                prop_assert_eq!(day.is_some(), way.days);
            }
        }

        #[test]
        fn damage_is_never_another_row(rows in rows(), way in way(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let whole = written(&rows, way);
            let mut damaged = whole.to_vec();
            // What stands at the end is read before any column.
            let Some(footer) = whole.len().checked_sub(8) else { return Ok(()) };
            let length = whole.slice(footer..footer + 4).first_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize);
            *damaged.get_mut(at.index((footer - length).max(1))).unwrap() ^= 1_u8 << bit;
            let damaged = Bytes::from(damaged);
            let file = SerializedFileReader::new(damaged).unwrap();
            let group = file.get_row_group(0).unwrap();
            let column = group.metadata().schema_descr().column(0);
            let kind = Kind::of(&column).unwrap();
            let (numbers, dates) = (Numbers::Names, Dates::YearFirst);
            let mut of_all = Cells::new(group.get_column_reader(0).unwrap(), &column, kind, numbers, dates);
            let of_entries = EntryColumn::new(group.get_column_page_reader(0).unwrap(), &column, kind, numbers, dates);
            if let Some(mut of_entries) = of_entries
                && of_entries.fill(rows.len()).is_some()
                && of_all.fill(rows.len()).is_ok()
            {
                for row in 0..rows.len() {
                    prop_assert_eq!(of_entries.cell(row), of_all.cell(row));
                }
            }
        }
    }
}
