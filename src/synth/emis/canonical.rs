//! `practices.csv`, `patients.csv` and `events.csv` read as they stand: what cannot be used is carried over as it is,
//! so that the other form has the same mistakes.

use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// A CSV file, its cells by name.
pub struct Cells<R> {
    reader: Reader<R>,
    header: ByteRecord,
    row: ByteRecord,
}

impl<R: Read> Cells<R> {
    /// Reads the header.
    pub fn new(from: R) -> io::Result<Cells<R>> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(from);
        let header = reader.byte_headers()?.clone();
        Ok(Cells { reader, header, row: ByteRecord::new() })
    }

    /// Goes to the next row; `false` at the end.
    pub fn next(&mut self) -> io::Result<bool> {
        Ok(self.reader.read_byte_record(&mut self.row)?)
    }

    /// A cell of the row; empty when there is no such column.
    pub fn cell(&self, name: &str) -> String {
        let at = self.header.iter().position(|column| column.trim_ascii() == name.as_bytes());
        let cell = at.and_then(|at| self.row.get(at)).unwrap_or_default();
        String::from_utf8_lossy(cell.trim_ascii()).into_owned()
    }
}

/// One practice.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// One row of patients.csv.
#[derive(Clone, Debug)]
pub struct Patient {
    /// The patient_id.
    pub id: String,
    /// The practice_code.
    pub practice: String,
    /// The day of birth; a month alone is the first of it.
    pub born: String,
    /// The sex.
    pub sex: String,
    /// The day of registration.
    pub registered: String,
    /// The day of leaving.
    pub left: String,
    /// The day of death.
    pub died: String,
}

/// One row of events.csv.
#[derive(Clone, Debug)]
pub struct Event {
    /// The patient_id.
    pub id: String,
    /// The practice_code, where the row names one.
    pub practice: String,
    /// The day.
    pub date: String,
    /// The code.
    pub code: String,
    /// Its scheme.
    pub scheme: String,
    /// The value.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// The group.
    pub group: String,
    /// The episode.
    pub episode: String,
}

/// All practices.
pub fn practices(from: impl Read) -> io::Result<Vec<Practice>> {
    let mut cells = Cells::new(from)?;
    let mut all = Vec::new();
    while cells.next()? {
        all.push(Practice { code: cells.cell("practice_code"), name: cells.cell("name") });
    }
    Ok(all)
}

/// All people.
pub fn patients(from: impl Read) -> io::Result<Vec<Patient>> {
    let mut cells = Cells::new(from)?;
    let mut all = Vec::new();
    while cells.next()? {
        let mut born = cells.cell("birth_date");
        if born.len() == "1958-03".len() {
            born.push_str("-01");
        }
        all.push(Patient {
            id: cells.cell("patient_id"),
            practice: cells.cell("practice_code"),
            born,
            sex: cells.cell("sex"),
            registered: cells.cell("registered_on"),
            left: cells.cell("deregistered_on"),
            died: cells.cell("died_on"),
        });
    }
    Ok(all)
}

/// The event that the row is.
pub fn event<R: Read>(cells: &Cells<R>) -> Event {
    Event {
        id: cells.cell("patient_id"),
        practice: cells.cell("practice_code"),
        date: cells.cell("date"),
        code: cells.cell("code"),
        scheme: cells.cell("scheme").to_lowercase(),
        value: cells.cell("value"),
        unit: cells.cell("unit"),
        group: cells.cell("group"),
        episode: cells.cell("episode").to_lowercase(),
    }
}
