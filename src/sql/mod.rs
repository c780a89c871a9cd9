//! [`Framework`] → SQL that decides every person where the data lives. Twin of `evaluate`: same facts, same lines, same order of arms,
//! and neither sees the other. Whole numbers only, no calendar arithmetic, no comparison with anything missing.
//!
//! In: the tables that `dqoh convert --tables` writes (`people`, `events`, `codes`, `calendar`). Out: `person_lines`, `line_counts` and, of pathways,
//! `planning_counts`, and for statistics `cell_counts` and `pair_counts`.

pub mod dialect;
pub mod tables;

mod cells;
mod decide;
mod find;
mod levels;
mod planning;
mod tally;

use crate::framework::pathways::Pathway;
use crate::framework::{FactId, Framework, Population, RegisterId};
use dialect::Dialect;
use levels::{Levels, registers};

/// All statements for one reporting day and view, in the order in which they must run.
pub fn statements(framework: &Framework, dialect: &dyn Dialect) -> Vec<String> {
    made(framework, dialect, &Levels::of(framework), None)
}

/// The statements for one register, indicator or pathway alone; `None` when there is none of that id.
pub fn statements_of(framework: &Framework, measure: &str, dialect: &dyn Dialect) -> Option<Vec<String>> {
    let (_, lines) = framework.measures().find(|(id, _)| *id == measure)?;
    if let Some(pathway) = framework.pathways.iter().find(|pathway| pathway.id == measure) {
        return Some(made(framework, dialect, &Levels::of_pathway(framework, pathway), Some(measure)));
    }
    let of = framework.indicators.iter().find(|indicator| indicator.id == measure).and_then(|indicator| match indicator.of {
        Population::List => None,
        Population::Register(id) => Some(id),
    });
    let register = registers(framework).find(|id| framework.register(*id).id == measure);
    Some(made(framework, dialect, &Levels::of_measure(framework, lines, of.or(register)), Some(measure)))
}

fn made(framework: &Framework, dialect: &dyn Dialect, levels: &Levels, only: Option<&str>) -> Vec<String> {
    let mut made = Making { framework, dialect, statements: Vec::new(), known: Vec::new() };
    made.rows();
    for level in 0..levels.len() {
        made.facts(level, &levels.facts_at(level).collect::<Vec<_>>());
        made.registers(level, &levels.registers_at(level).collect::<Vec<_>>());
    }
    let pathways = pathways(framework, only);
    made.pathways(&pathways);
    made.lines(only, &pathways);
    made.create("line_counts", &tally::counts(framework));
    made.create("cell_counts", &cells::cells(framework));
    if let Some(query) = cells::pairs(framework) {
        made.create("pair_counts", &query);
    }
    if !pathways.is_empty() {
        for (table, query) in planning::tables(framework, &pathways, levels) {
            made.create(table, &query);
        }
    }
    made.statements
}

/// The pathways asked for, each with its number.
fn pathways<'a>(framework: &'a Framework, only: Option<&str>) -> Vec<(usize, &'a Pathway)> {
    framework.pathways.iter().enumerate().filter(|(_, pathway)| only.is_none_or(|only| only == pathway.id)).collect()
}

/// Whether the statements make `planning_counts`: all of them, or those of one measure alone.
pub fn counts_plans(framework: &Framework, only: Option<&str>) -> bool {
    !pathways(framework, only).is_empty()
}

/// The query that gives every person's line for every measure.
pub fn people_query() -> String {
    "SELECT p.practice_code, p.patient_id, l.measure, l.line
FROM person_lines l JOIN people_on_list p ON p.person = l.person
ORDER BY p.practice_code, p.patient_id, l.measure"
        .to_owned()
}

/// Statements that make the tables and load the CSV files of `dqoh convert --tables`.
pub fn loading(dialect: &dyn Dialect) -> String {
    let tables = [("people", tables::PEOPLE), ("events", tables::EVENTS), ("codes", tables::CODES), ("calendar", tables::CALENDAR)];
    tables.map(|(name, columns)| dialect.load(name, columns)).concat()
}

/// The query whose answer, with a header, is `counts.csv`.
pub fn counts_query() -> String {
    let columns = crate::tally::COUNTS.names().join(", ");
    format!("SELECT {columns}\nFROM line_counts\nORDER BY measure, practice_code, interval_end, view, stratum, stratum_value, line")
}

/// The query whose answer, with a header, is `planning-counts.csv`; only where the statements make what it asks.
pub fn planning_query() -> String {
    format!("SELECT {}\nFROM planning_counts\nORDER BY {}", crate::planning::COUNTS.names().join(", "), planning::ORDER)
}

/// The query whose answer, with a header, is `cells.csv`; asked after the last reporting day alone.
pub fn cells_query() -> String {
    format!("SELECT {}\nFROM cell_counts\nORDER BY {}", crate::cells::CELLS.names().join(", "), cells::CELL_ORDER)
}

/// The query whose answer, with a header, is `pairs.csv`; asked after the last reporting day alone, and only where there is an association.
pub fn pairs_query() -> String {
    format!("SELECT {}\nFROM pair_counts\nORDER BY {}", crate::cells::PAIRS.names().join(", "), cells::PAIR_ORDER)
}

struct Making<'a> {
    framework: &'a Framework,
    dialect: &'a dyn Dialect,
    statements: Vec<String>,
    /// Tables with one row a person, whose columns are known by now.
    known: Vec<String>,
}

impl Making<'_> {
    fn create(&mut self, table: &str, query: &str) {
        self.statements.push(self.dialect.create(table, query));
    }

    /// Joins everything known so far to people called `p`.
    fn joins(&self) -> String {
        let joins: Vec<String> = self.known.iter().map(|table| format!("LEFT JOIN {table} ON {table}.person = p.person")).collect();
        joins.join("\n  ")
    }

    /// People on the list, and the rows that any fact may look at.
    fn rows(&mut self) {
        let day = self.framework.reporting_day.0;
        self.create(
            "people_on_list",
            &format!(
                "SELECT * FROM people
WHERE registered_day <= {day} AND COALESCE(left_day, {after}) > {day} AND COALESCE(died_day, {after}) > {day}",
                after = day + 1
            ),
        );
        self.create(
            "fact_rows",
            &format!(
                "SELECT e.person, c.set_name, e.record, e.day, e.ymd, e.ymd_before, e.amount, e.reading_group, e.new_episode
FROM events e JOIN codes c ON c.scheme = e.scheme AND c.code = e.code
WHERE e.day <= {day}"
            ),
        );
    }

    /// Everything that facts of one level find, in one scan.
    fn facts(&mut self, level: usize, facts: &[FactId]) {
        if let Some(wanted) = find::wanted(self.framework, facts) {
            self.create(&format!("wanted_{level}"), &wanted);
            let known = format!("JOIN people_on_list p ON p.person = r.person\n  {}", self.joins());
            let candidates = find::candidates(self.framework, facts, level, &known);
            match find::companions(self.framework, facts) {
                Some(near) => {
                    self.create(&format!("near_{level}"), &near);
                    self.create(&format!("near_rows_{level}"), &candidates);
                    self.create(&format!("rows_{level}"), &find::with_companions(self.framework, facts, level));
                }
                None => self.create(&format!("rows_{level}"), &candidates),
            }
            self.create(&format!("best_{level}"), &find::taken(self.framework, facts, &format!("rows_{level}")));
            if let Some(wide) = find::wide(self.framework, facts, level) {
                self.create(&format!("facts_{level}"), &wide);
                self.known.push(format!("facts_{level}"));
            }
        }
        if let Some(latest) = find::latest_of(self.framework, facts, &self.joins()) {
            self.create(&format!("latest_{level}"), &latest);
            self.known.push(format!("latest_{level}"));
        }
    }

    fn registers(&mut self, level: usize, registers: &[RegisterId]) {
        if registers.is_empty() {
            return;
        }
        let columns: Vec<String> = registers
            .iter()
            .map(|id| {
                let line = decide::line(self.framework, &self.framework.register(*id).lines);
                format!("  {line} AS {}", decide::register_column(*id))
            })
            .collect();
        let query = format!("SELECT p.person,\n{}\nFROM people_on_list p\n  {}", columns.join(",\n"), self.joins());
        self.create(&format!("registers_{level}"), &query);
        self.known.push(format!("registers_{level}"));
    }

    /// Everyone whom a pathway is of, and where they are.
    fn pathways(&mut self, pathways: &[(usize, &Pathway)]) {
        let joins = self.joins();
        for (number, pathway) in pathways {
            self.create(&planning::people_table(*number), &planning::people(self.framework, pathway, &joins));
        }
    }

    /// The deciding line of every person for every measure that is of them.
    fn lines(&mut self, only: Option<&str>, pathways: &[(usize, &Pathway)]) {
        let joins = self.joins();
        let mut parts = vec!["SELECT 'list' AS measure, p.person, 1 AS line FROM people_on_list p".to_owned()];
        let wanted = |measure: &str| only.is_none_or(|only| only == measure);
        for id in registers(self.framework).filter(|id| wanted(&self.framework.register(*id).id)) {
            let column = decide::register_column(id);
            parts.push(format!(
                "SELECT '{}' AS measure, p.person, {column} AS line FROM people_on_list p\n  {joins}",
                self.framework.register(id).id
            ));
        }
        for indicator in self.framework.indicators.iter().filter(|indicator| wanted(&indicator.id)) {
            let line = decide::line(self.framework, &indicator.lines);
            let of = decide::is_of(self.framework, indicator);
            parts.push(format!(
                "SELECT '{}' AS measure, p.person, {line} AS line\nFROM people_on_list p\n  {joins}\nWHERE {of}",
                indicator.id
            ));
        }
        for (number, pathway) in pathways {
            parts.push(format!("SELECT '{}' AS measure, person, line FROM {}", pathway.id, planning::people_table(*number)));
        }
        self.create("person_lines", &parts.join("\nUNION ALL\n"));
    }
}
