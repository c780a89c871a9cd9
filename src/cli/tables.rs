//! `dqoh convert --tables`: an extract → the tables that the statements of `dqoh sql` read.

use super::convert::Options;
use super::read::{Ready, ready};
use super::{Stop, output, say};
use crate::extract::Check;
use crate::report::{practices_csv, quarantine_csv};
use crate::sql::tables::{Table, of_framework, of_practice, words};

/// Writes the tables.
pub(super) fn tables(options: &Options) -> Result<(), Stop> {
    let Ready { frameworks, extract, records, .. } = ready(&options.extract, &options.when, Check::EveryRow)?;
    options.tolerance.of(&extract, &options.extract, Some(&options.to))?;
    let Some(framework) = frameworks.last() else { return Ok(()) };
    let mut people = Csv::default();
    let mut events = Csv::default();
    for records in records {
        let Some(practice) = extract.practices.get(records.practice) else { continue };
        let patients = records.patients(&framework.codes);
        let [person_rows, event_rows] = of_practice(practice, &patients, &framework.codes, |number| extract.id_of(number).to_owned());
        people.add(&person_rows);
        events.add(&event_rows);
    }
    let [codes, calendar] = of_framework(framework).map(Csv::of);
    let [lines, registers] = words(framework).map(Csv::of);
    let tables = [
        ("people.csv", people),
        ("events.csv", events),
        ("codes.csv", codes),
        ("calendar.csv", calendar),
        ("lines.csv", lines),
        ("registers.csv", registers),
    ];
    let mut written = Vec::new();
    for (name, csv) in tables {
        say(&format!("{name}: {} rows", csv.rows));
        written.push((name, csv.bytes));
    }
    written.push(("practices.csv", practices_csv(&extract.practices)));
    written.push(("quarantine.csv", quarantine_csv(&extract.files, &extract.practices, &extract.quality)));
    output::write_all(&options.to, &written)?;
    say(&format!(
        "The tables are in {}; `dqoh sql --out DIR` writes the statements that read them. They hold people: treat them as you do the extract.",
        options.to.display()
    ));
    Ok(())
}

/// A table as CSV in the making; an empty cell is nothing.
#[derive(Default)]
struct Csv {
    bytes: Vec<u8>,
    rows: usize,
}

impl Csv {
    fn of(table: Table) -> Csv {
        let mut csv = Csv::default();
        csv.add(&table);
        csv
    }

    fn add(&mut self, table: &Table) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and all rows are as long as the header.
        if self.bytes.is_empty() {
            let _ = writer.write_record(table.columns.iter().map(|(name, _)| *name));
        }
        for row in &table.rows {
            let _ = writer.write_record(row.iter().map(|cell| cell.as_deref().unwrap_or("")));
        }
        self.rows += table.rows.len();
        self.bytes.extend(writer.into_inner().unwrap_or_default());
    }
}
