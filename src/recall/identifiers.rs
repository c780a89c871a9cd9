//! A practice's own numbers for its people, to stand beside the pseudonyms of the extract: rows of a table → numbers by person.

use crate::problem::Problem;
use crate::table::{Row, decode, rows, sheets};
use rustc_hash::FxHashMap;

/// Numbers by person.
#[derive(Clone, Default)]
pub struct Identifiers {
    /// The names of their columns.
    pub columns: Vec<String>,
    by_person: FxHashMap<(String, String), Vec<String>>,
}

/// They cannot be printed by accident.
impl std::fmt::Debug for Identifiers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "numbers of {} people", self.by_person.len())
    }
}

impl Identifiers {
    /// From a file: text with commas or tabs, or the first sheet of a workbook.
    ///
    /// # Errors
    /// As for the rows of it.
    pub fn read(name: &str, content: &[u8]) -> Result<Identifiers, Problem> {
        match sheets(content).and_then(|sheets| sheets.into_iter().next()) {
            Some(sheet) => Identifiers::from_rows(name, sheet.rows),
            None => Identifiers::from_rows(name, rows(&decode(content)).rows),
        }
    }

    /// From the rows of a table with a header: `patient_id`, perhaps `practice_code`, and any other columns, which are taken over as they are.
    ///
    /// # Errors
    /// When a column is missing (D090), a person stands twice (D091), or there is no column to take over (D092).
    fn from_rows(name: &str, rows: impl IntoIterator<Item = Row>) -> Result<Identifiers, Problem> {
        let mut rows = rows.into_iter();
        let header = rows.next().map(|row| row.cells).unwrap_or_default();
        let at = |wanted: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(wanted));
        let Some(id) = at("patient_id") else {
            let problem = Problem::error("D090", "this file has no column `patient_id`").in_data(name.to_owned(), Some(1), None);
            return Err(
                problem.help("its first row must name the columns: patient_id, as the extract has it, and the practice's own numbers")
            );
        };
        let practice = at("practice_code");
        let others: Vec<usize> = (0..header.len()).filter(|at| *at != id && Some(*at) != practice).collect();
        let columns: Vec<String> = others.iter().filter_map(|at| header.get(*at)).filter(|name| !name.is_empty()).cloned().collect();
        if columns.is_empty() || columns.len() < others.len() {
            let says = "this file has no column with the practice's own numbers, or one without a name";
            let problem = Problem::error("D092", says).in_data(name.to_owned(), Some(1), None);
            return Err(problem.help("add a column such as `local_number` beside patient_id, and give every column a name"));
        }
        let mut identifiers = Identifiers { columns, ..Identifiers::default() };
        for row in rows {
            let code = practice.map_or("", |at| row.cell(at)).to_owned();
            let numbers = others.iter().map(|at| row.cell(*at).to_owned()).collect();
            if identifiers.by_person.insert((code, row.cell(id).to_owned()), numbers).is_some() {
                let says = "a person stands in this file twice";
                let problem = Problem::error("D091", says).in_data(name.to_owned(), Some(row.number), Some("patient_id"));
                return Err(
                    problem.help("leave one row of each; where several practices use the same patient_id, add a column practice_code")
                );
            }
        }
        Ok(identifiers)
    }

    /// The numbers of a person, in the order of the columns; empty ones where the file does not have the person.
    pub fn of(&self, practice: &str, id: &str) -> Vec<String> {
        let known = |code: &str| self.by_person.get(&(code.to_owned(), id.to_owned())).cloned();
        known(practice).or_else(|| known("")).unwrap_or_else(|| vec![String::new(); self.columns.len()])
    }

    /// Whether the file has a person.
    pub fn knows(&self, practice: &str, id: &str) -> bool {
        [practice, ""].iter().any(|code| self.by_person.contains_key(&((*code).to_owned(), id.to_owned())))
    }

    /// How many people the file has.
    pub fn people(&self) -> usize {
        self.by_person.len()
    }
}
