//! One column of a Parquet file → the cells that the same column would have as CSV.
//! Knows the types of Parquet; knows no name of a column and no person.

use super::dates::Dates;
use crate::framework::calendar::{Day, FIRST_DAY, LAST_DAY};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;
use std::fmt::Display;
use std::io::Write;

/// The day that Julian days are counted to be: 1 January 1970.
const JULIAN_1970: i64 = 2_440_588;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, in a dictionary or not.
    Text,
    /// Whole numbers.
    Whole {
        /// Whether the highest bit is a sign.
        signed: bool,
    },
    /// Whole numbers of which so many digits stand after the point.
    Decimal {
        /// How many.
        after_point: usize,
    },
    /// Binary fractions.
    Fraction,
    /// Days since 1970.
    Day,
    /// Moments since 1970, so many a day.
    Moment {
        /// How many.
        in_a_day: i64,
    },
    /// Days and nanoseconds, as older programs wrote moments.
    OldMoment,
    /// Universally unique ids.
    Uuid,
}

impl Kind {
    /// The kind of a column; `None` where no CSV cell would say the same.
    pub fn of(column: &ColumnDescriptor) -> Option<Kind> {
        let decimal = || usize::try_from(column.type_scale()).ok().map(|after_point| Kind::Decimal { after_point });
        let (logical, converted) = (column.logical_type_ref(), column.converted_type());
        match column.physical_type() {
            Type::BYTE_ARRAY => match (logical, converted) {
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _)
                | (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON | ConvertedType::NONE) => Some(Kind::Text),
                _ => None,
            },
            Type::FIXED_LEN_BYTE_ARRAY => match (logical, converted) {
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                (Some(LogicalType::Uuid), _) => Some(Kind::Uuid),
                _ => None,
            },
            Type::INT32 | Type::INT64 => match (logical, converted) {
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Kind::Day),
                (Some(LogicalType::Timestamp(moment)), _) => Some(Kind::Moment { in_a_day: in_a_day(&moment.unit) }),
                (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Kind::Moment { in_a_day: in_a_day(&TimeUnit::MILLIS) }),
                (None, ConvertedType::TIMESTAMP_MICROS) => Some(Kind::Moment { in_a_day: in_a_day(&TimeUnit::MICROS) }),
                (Some(LogicalType::Integer(whole)), _) => Some(Kind::Whole { signed: whole.is_signed }),
                (None, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64) => {
                    Some(Kind::Whole { signed: false })
                }
                (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => None,
                // A column of nothing is kept as whole numbers, none of which is there.
                _ => Some(Kind::Whole { signed: true }),
            },
            Type::INT96 => Some(Kind::OldMoment),
            Type::FLOAT | Type::DOUBLE => (!matches!(logical, Some(LogicalType::Float16))).then_some(Kind::Fraction),
            Type::BOOLEAN => None,
        }
    }
}

fn in_a_day(unit: &TimeUnit) -> i64 {
    const SECONDS: i64 = 86_400;
    match unit {
        TimeUnit::MILLIS => SECONDS * 1_000,
        TimeUnit::MICROS => SECONDS * 1_000_000,
        TimeUnit::NANOS => SECONDS * 1_000_000_000,
    }
}

/// What numbers of a column are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// They name something: a person, a code. One that was rounded names another.
    Names,
    /// They measure something.
    Measures,
}

/// Why a value has no cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A moment that is not the beginning of a day.
    TimeOfDay,
    /// A number that names something and may have been rounded.
    Rounded,
    /// Bytes that are not UTF-8.
    NotText,
}

/// Why cells do not come.
#[derive(Debug)]
pub enum Stopped {
    /// The file cannot be read.
    Broken(ParquetError),
    /// The value at this place of the batch has no cell.
    Cell(usize, Wrong),
}

impl From<ParquetError> for Stopped {
    fn from(error: ParquetError) -> Stopped {
        Stopped::Broken(error)
    }
}

/// Cells of one column, batch by batch.
pub struct Cells {
    reader: ColumnReader,
    kind: Kind,
    numbers: Numbers,
    dates: Dates,
    /// The level of a value that is there; lower ones are nothing.
    there: i16,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// No batch yet of a column.
    pub fn new(reader: ColumnReader, column: &ColumnDescriptor, kind: Kind, numbers: Numbers, dates: Dates) -> Cells {
        Cells { reader, kind, numbers, dates, there: column.max_def_level(), text: Vec::new(), ends: Vec::new() }
    }

    /// Reads a batch of exactly so many.
    ///
    /// # Errors
    /// When so many do not come, or one of them has no cell.
    pub fn fill(&mut self, rows: usize) -> Result<(), Stopped> {
        self.text.clear();
        self.ends.clear();
        let Cells { reader, kind, numbers, dates, there, text, ends } = self;
        let mut batch = Batch { rows, there: *there, text, ends };
        let (kind, numbers, dates) = (*kind, *numbers, *dates);
        match reader {
            ColumnReader::BoolColumnReader(_) => Err(Stopped::Cell(0, Wrong::NotText)),
            ColumnReader::Int32ColumnReader(reader) => {
                batch.read(reader, |value, text| whole(i64::from(*value), 32, kind, numbers, dates, text))
            }
            ColumnReader::Int64ColumnReader(reader) => batch.read(reader, |value, text| whole(*value, 64, kind, numbers, dates, text)),
            ColumnReader::Int96ColumnReader(reader) => batch.read(reader, |value, text| match *value.data() {
                [0, 0, day] => write_day(i64::from(day) - JULIAN_1970, dates, text),
                _ => Err(Wrong::TimeOfDay),
            }),
            // A whole number of so many digits is the same in binary, and any decimal of so many comes out again as it went in.
            ColumnReader::FloatColumnReader(reader) => batch.read(reader, |value, text| fraction(value, 7, numbers, text)),
            ColumnReader::DoubleColumnReader(reader) => batch.read(reader, |value, text| fraction(value, 15, numbers, text)),
            ColumnReader::ByteArrayColumnReader(reader) => batch.read(reader, |value, text| bytes(value.as_bytes(), kind, numbers, text)),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                batch.read(reader, |value, text| bytes(value.as_bytes(), kind, numbers, text))
            }
        }
    }

    /// Passes over rows that were read in another way.
    ///
    /// # Errors
    /// When so many do not come.
    pub fn pass(&mut self, rows: usize) -> Result<(), ParquetError> {
        let passed = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::Int32ColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::Int64ColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::Int96ColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::FloatColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::DoubleColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(rows),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => reader.skip_records(rows),
        };
        if passed? < rows { Err(ParquetError::EOF("fewer rows than promised".to_owned())) } else { Ok(()) }
    }

    /// A cell of the batch, without white space around it.
    pub fn cell(&self, row: usize) -> &[u8] {
        let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(row).copied().unwrap_or(from);
        self.text.get(from..to).unwrap_or(&[]).trim_ascii()
    }
}

/// A batch in the making.
struct Batch<'b> {
    rows: usize,
    there: i16,
    text: &'b mut Vec<u8>,
    ends: &'b mut Vec<usize>,
}

impl Batch<'_> {
    fn read<T: DataType>(
        &mut self,
        reader: &mut ColumnReaderImpl<T>,
        mut write: impl FnMut(&T::T, &mut Vec<u8>) -> Result<(), Wrong>,
    ) -> Result<(), Stopped> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let mut read = 0;
        while read < self.rows {
            let levels = (self.there > 0).then_some(&mut levels);
            let (more, ..) = reader.read_records(self.rows - read, levels, None, &mut values)?;
            if more == 0 {
                return Err(ParquetError::EOF("fewer rows than promised".to_owned()).into());
            }
            read += more;
        }
        let mut values = values.iter();
        for row in 0..self.rows {
            if self.there == 0 || levels.get(row) == Some(&self.there) {
                let value = values.next().ok_or_else(|| ParquetError::EOF("fewer values than promised".to_owned()))?;
                write(value, self.text).map_err(|wrong| Stopped::Cell(row, wrong))?;
            }
            self.ends.push(self.text.len());
        }
        Ok(())
    }
}

fn whole(value: i64, bits: u32, kind: Kind, numbers: Numbers, dates: Dates, text: &mut Vec<u8>) -> Result<(), Wrong> {
    match kind {
        Kind::Day => write_day(value, dates, text),
        Kind::Moment { in_a_day } if value.rem_euclid(in_a_day) == 0 => write_day(value.div_euclid(in_a_day), dates, text),
        Kind::Moment { .. } => Err(Wrong::TimeOfDay),
        Kind::Decimal { after_point } => decimal(i128::from(value), after_point, numbers, text),
        Kind::Whole { signed: false } => {
            let mask = if bits == 32 { u64::from(u32::MAX) } else { u64::MAX };
            put(value.cast_unsigned() & mask, text)
        }
        Kind::Whole { signed: true } | Kind::Text | Kind::Fraction | Kind::OldMoment | Kind::Uuid => put(value, text),
    }
}

fn put(value: impl Display, text: &mut Vec<u8>) -> Result<(), Wrong> {
    // Writing to memory cannot fail.
    let _ = write!(text, "{value}");
    Ok(())
}

/// A day; one that no extract may hold is no day, as it would be in CSV.
pub fn day(value: i64) -> Option<Day> {
    i32::try_from(value).map(Day).ok().filter(|day| (FIRST_DAY..=LAST_DAY).contains(day))
}

fn write_day(value: i64, dates: Dates, text: &mut Vec<u8>) -> Result<(), Wrong> {
    put(day(value).map_or_else(|| "no day".to_owned(), |day| dates.written(day)), text)
}

/// Writes the cell of one value of a dictionary, whose bytes stand there as they are; `None` where that cannot be done.
pub fn write_entry(value: &[u8], of: Type, kind: Kind, numbers: Numbers, dates: Dates, text: &mut Vec<u8>) -> Option<()> {
    let written = match of {
        Type::INT32 => whole(i64::from(i32::from_le_bytes(value.try_into().ok()?)), 32, kind, numbers, dates, text),
        Type::INT64 => whole(i64::from_le_bytes(value.try_into().ok()?), 64, kind, numbers, dates, text),
        Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => bytes(value, kind, numbers, text),
        Type::BOOLEAN | Type::INT96 | Type::FLOAT | Type::DOUBLE => return None,
    };
    written.ok()
}

/// The fewest digits that give the same number again. What names something must be whole and short enough never to have been rounded.
fn fraction(value: &impl Display, most_digits: usize, numbers: Numbers, text: &mut Vec<u8>) -> Result<(), Wrong> {
    let digits = value.to_string();
    let is_whole = !digits.is_empty() && digits.len() <= most_digits && digits.bytes().all(|byte| byte.is_ascii_digit());
    match numbers {
        // Where a column of numbers has gaps, some programs write this into them.
        _ if digits == "NaN" => Ok(()),
        Numbers::Names if !is_whole => Err(Wrong::Rounded),
        Numbers::Names | Numbers::Measures => put(digits, text),
    }
}

/// Digits as they are kept: 750 of which two stand after the point are 7.50.
fn decimal(value: i128, after_point: usize, numbers: Numbers, text: &mut Vec<u8>) -> Result<(), Wrong> {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = after_point + 1);
    let (whole, after) = digits.split_at_checked(digits.len() - after_point).unwrap_or((&digits, ""));
    let sign = if value < 0 { "-" } else { "" };
    match numbers {
        Numbers::Names if after.bytes().any(|digit| digit != b'0') => Err(Wrong::Rounded),
        Numbers::Names => put(format_args!("{sign}{whole}"), text),
        Numbers::Measures if after.is_empty() => put(format_args!("{sign}{whole}"), text),
        Numbers::Measures => put(format_args!("{sign}{whole}.{after}"), text),
    }
}

fn bytes(value: &[u8], kind: Kind, numbers: Numbers, text: &mut Vec<u8>) -> Result<(), Wrong> {
    match kind {
        Kind::Uuid => {
            for (at, byte) in value.iter().enumerate() {
                let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
                put(format_args!("{dash}{byte:02x}"), text)?;
            }
            Ok(())
        }
        Kind::Decimal { after_point } => {
            let sign = if value.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
            let (long, short) = value.split_at(value.len().saturating_sub(size_of::<i128>()));
            if long.iter().any(|byte| i128::from(byte.cast_signed()) != sign) {
                return put("a number too long", text);
            }
            decimal(short.iter().fold(sign, |number, byte| (number << 8) | i128::from(*byte)), after_point, numbers, text)
        }
        Kind::Text | Kind::Whole { .. } | Kind::Fraction | Kind::Day | Kind::Moment { .. } | Kind::OldMoment => {
            std::str::from_utf8(value).map_err(|_| Wrong::NotText)?;
            text.extend_from_slice(value);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Vec<u8>) -> Result<(), Wrong>, cell: Result<&str, Wrong>) {
        let mut text = Vec::new();
        let written = write(&mut text).map(|()| String::from_utf8(text).unwrap());
        assert_eq!(written.as_deref().map_err(|wrong| *wrong), cell);
    }

    #[test]
    fn fractions_are_measures_or_short_whole_numbers() {
        check(|text| fraction(&7.2_f64, 15, Numbers::Measures, text), Ok("7.2"));
        check(|text| fraction(&7.2_f32, 7, Numbers::Measures, text), Ok("7.2"));
        check(|text| fraction(&(0.1_f64 + 0.2), 15, Numbers::Measures, text), Ok("0.30000000000000004"));
        check(|text| fraction(&f64::NAN, 15, Numbers::Names, text), Ok(""));
        check(|text| fraction(&1001.0_f64, 15, Numbers::Names, text), Ok("1001"));
        check(|text| fraction(&1001.5_f64, 15, Numbers::Names, text), Err(Wrong::Rounded));
        check(|text| fraction(&999_999_999_999_999.0_f64, 15, Numbers::Names, text), Ok("999999999999999"));
        check(|text| fraction(&1_000_000_000_000_000.0_f64, 15, Numbers::Names, text), Err(Wrong::Rounded));
        check(|text| fraction(&16_777_216.0_f32, 7, Numbers::Names, text), Err(Wrong::Rounded));
    }

    #[test]
    fn decimals_keep_their_digits() {
        check(|text| decimal(750, 2, Numbers::Measures, text), Ok("7.50"));
        check(|text| decimal(-5, 2, Numbers::Measures, text), Ok("-0.05"));
        check(|text| decimal(48, 0, Numbers::Measures, text), Ok("48"));
        check(|text| decimal(100_100, 2, Numbers::Names, text), Ok("1001"));
        check(|text| decimal(100_150, 2, Numbers::Names, text), Err(Wrong::Rounded));
        let of = |value: &[u8]| {
            let mut text = Vec::new();
            bytes(value, Kind::Decimal { after_point: 1 }, Numbers::Measures, &mut text).map(|()| String::from_utf8(text).unwrap())
        };
        assert_eq!(of(&[0x02, 0xee]).as_deref(), Ok("75.0"));
        assert_eq!(of(&[0xff, 0xfe]).as_deref(), Ok("-0.2"));
        assert_eq!(of(&[0; 17]).as_deref(), Ok("0.0"));
        assert_eq!(of(&[1; 17]).as_deref(), Ok("a number too long"));
    }

    #[test]
    fn days_are_written_as_the_extract_writes_them() {
        let day = |value: i64, kind: Kind, dates: Dates| {
            let mut text = Vec::new();
            whole(value, 64, kind, Numbers::Names, dates, &mut text).map(|()| String::from_utf8(text).unwrap())
        };
        let micros = Kind::Moment { in_a_day: in_a_day(&TimeUnit::MICROS) };
        assert_eq!(day(17_259, Kind::Day, Dates::YearFirst).as_deref(), Ok("2017-04-03"));
        assert_eq!(day(17_259, Kind::Day, Dates::DayFirst).as_deref(), Ok("03/04/2017"));
        assert_eq!(day(-1, Kind::Day, Dates::YearFirst).as_deref(), Ok("1969-12-31"));
        assert_eq!(day(9_999_999, Kind::Day, Dates::YearFirst).as_deref(), Ok("no day"));
        assert_eq!(day(17_259 * 86_400_000_000, micros, Dates::YearFirst).as_deref(), Ok("2017-04-03"));
        assert_eq!(day(-86_400_000_000, micros, Dates::YearFirst).as_deref(), Ok("1969-12-31"));
        assert_eq!(day(17_259 * 86_400_000_000 + 1, micros, Dates::YearFirst), Err(Wrong::TimeOfDay));
    }

    #[test]
    fn numbers_without_a_sign_have_none() {
        check(|text| whole(-1, 32, Kind::Whole { signed: false }, Numbers::Names, Dates::YearFirst, text), Ok("4294967295"));
        check(|text| whole(-1, 64, Kind::Whole { signed: false }, Numbers::Names, Dates::YearFirst, text), Ok("18446744073709551615"));
        check(|text| whole(-1, 64, Kind::Whole { signed: true }, Numbers::Names, Dates::YearFirst, text), Ok("-1"));
        let id: Vec<u8> = (0..16).collect();
        check(|text| bytes(&id, Kind::Uuid, Numbers::Names, text), Ok("00010203-0405-0607-0809-0a0b0c0d0e0f"));
        check(|text| bytes(&[0xff], Kind::Text, Numbers::Names, text), Err(Wrong::NotText));
    }
}
