//! Rows of cells → a table of the canonical form, as CSV or Parquet. Knows columns; knows no person and no file.

use super::parquet;
use std::io::{self, Write};

/// What a file of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// Text, with commas between the cells.
    Csv,
    /// Columns, packed.
    Parquet,
}

impl FileForm {
    /// How names of its files end.
    pub fn ending(self) -> &'static str {
        match self {
            FileForm::Csv => "csv",
            FileForm::Parquet => "parquet",
        }
    }
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text as it is.
    Text,
    /// A day.
    Day,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds, where the form of the file knows more than text.
    pub kind: Kind,
}

/// A column of text.
pub const fn text(name: &'static str) -> Field {
    Field { name, kind: Kind::Text }
}

/// A column of days.
pub const fn day(name: &'static str) -> Field {
    Field { name, kind: Kind::Day }
}

/// The columns of a patients file. A birth may be a month only, and so is text.
pub const PATIENTS: [Field; 8] = [
    text("patient_id"),
    text("practice_code"),
    text("birth_date"),
    text("sex"),
    day("registered_on"),
    day("deregistered_on"),
    day("died_on"),
    text("imd_quintile"),
];

/// The columns of an events file. A value is text, so that it stays as it was written.
pub const EVENTS: [Field; 9] = [
    text("patient_id"),
    text("practice_code"),
    day("date"),
    text("code"),
    text("scheme"),
    text("value"),
    text("unit"),
    text("group"),
    text("episode"),
];

/// A table in the making.
pub enum Table<W: Write + Send> {
    /// As CSV.
    Csv(Box<csv::Writer<W>>),
    /// As Parquet.
    Parquet(Box<parquet::Table<W>>),
}

impl<W: Write + Send> Table<W> {
    /// A table without rows.
    ///
    /// # Errors
    /// When it cannot be written, or this program writes no such form.
    pub fn new(form: FileForm, fields: &'static [Field], to: W) -> io::Result<Table<W>> {
        match form {
            FileForm::Csv => {
                let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(to);
                table.write_record(fields.iter().map(|field| field.name))?;
                Ok(Table::Csv(Box::new(table)))
            }
            FileForm::Parquet => parquet::Table::new(fields, to).map(|table| Table::Parquet(Box::new(table))),
        }
    }

    /// Adds a row, with a cell for each column. In Parquet an empty cell is nothing, and so is a day that is none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, cells: &[&[u8]]) -> io::Result<()> {
        match self {
            Table::Csv(table) => table.write_record(cells).map_err(io::Error::from),
            Table::Parquet(table) => table.row(cells),
        }
    }

    /// Writes what is not written yet; no row may come afterwards.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Table::Csv(table) => table.flush(),
            Table::Parquet(table) => table.finish(),
        }
    }
}
