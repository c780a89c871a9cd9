//! What an extract holds of the code sets, as text for people and as rows. Small counts are hidden here and nowhere else.

use super::changes::number;
use super::coverage::{Coverage, FEWEST, Occurs, SetCoverage};
use super::reach::Unmet;
use crate::dictionary::{Column, PRACTICE_CODE, Sheet};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};

/// So many of the commonest codes in no set are shown; the rows have all.
const COMMONEST: usize = 20;

/// What is found of anything at a practice of which no row could be used.
const NO_ROWS: &str = "no rows";

/// The columns of the rows.
pub static COVERAGE: Sheet = Sheet {
    name: "coverage.csv",
    title: "What an extract holds of the code sets: a row for each set, indicator and code, in all and at each practice",
    written_by: "dqoh codes coverage --out",
    columns: &[
        Column::words("what", || vec!["set", "indicator", "code"], "What the row is about"),
        Column::text("name", "The set, the indicator or the code"),
        Column::text("scheme", "The schemes of the set, or that of the code").or_empty(),
        PRACTICE_CODE.saying("The practice; empty for all together").or_empty(),
        Column::count("codes", "codes", "How many codes of the set occur").or_empty(),
        Column::count("of_codes", "codes", "How many it has").or_empty(),
        Column { unit: "rows", ..Column::shown("rows", "Rows of the extract; counts from 1 to 4 are fewer than 5").or_empty() },
        Column::count("practices", "practices", "At how many practices").or_empty(),
        Column::words(
            "finding",
            || vec!["occurs", "never occurs", "can be met", "cannot be met", "in no set", NO_ROWS],
            "What was found; no rows where nothing of a practice could be used",
        ),
        Column::text("because", "The sets that are missing").or_empty(),
    ],
    key: &["what", "name", "scheme", "practice_code"],
};

/// A count as it may be shown.
fn shown(rows: u64) -> String {
    if (1..FEWEST).contains(&rows) { format!("fewer than {FEWEST}") } else { rows.to_string() }
}

/// For people: a table of the sets, then what is missing and what follows.
pub fn coverage_text(coverage: &Coverage) -> String {
    let sending = coverage.sent.iter().filter(|sent| **sent).count();
    let mut parts = vec![schemes(coverage), sets(coverage, sending)];
    let silent = coverage.practices.iter().zip(&coverage.sent).filter(|(_, sent)| !**sent);
    let silent: Vec<&str> = silent.map(|(practice, _)| practice.as_str()).collect();
    if !silent.is_empty() {
        parts.push(format!("Without a row that could be used: {}", silent.join(", ")));
    }
    let never: Vec<String> = coverage.never().map(|set| never(set, coverage)).collect();
    parts.extend(heading("Found nowhere: nobody did it, or everybody codes it differently", never));
    let missing = coverage.missing_at();
    let missing = missing.iter().map(|(practice, sets)| format!("{practice}: {}", sets.join(", ")));
    parts.extend(heading("Found at most practices, but never at these: they may code it differently", missing.collect()));
    let unmet = coverage.indicators.iter().filter_map(|indicator| Some((indicator, indicator.whole.as_ref()?)));
    let unmet = unmet.map(|(indicator, why)| format!("{}  {}\n      {}", indicator.id, indicator.title, because(why)));
    parts.extend(heading("Indicators that nobody can meet", unmet.collect()));
    let unmet_at = coverage.unmet_at();
    let unmet_at = unmet_at
        .iter()
        .flat_map(|(practice, unmet)| unmet.iter().map(move |(indicator, why)| format!("{practice}: {indicator}: {}", because(why))));
    parts.extend(heading("Indicators that nobody can meet at a practice", unmet_at.collect()));
    parts.extend(others(coverage));
    parts.join("\n\n")
}

fn heading(title: &str, lines: Vec<String>) -> Option<String> {
    (!lines.is_empty()).then(|| format!("{title}\n  {}", lines.join("\n  ")))
}

fn schemes(coverage: &Coverage) -> String {
    let all = coverage.schemes.iter().map(|(scheme, (within, without))| {
        format!("{scheme}: {} rows of codes in a code set, {} of codes in none", shown(*within), shown(*without))
    });
    all.collect::<Vec<_>>().join("\n")
}

fn sets(coverage: &Coverage, sending: usize) -> String {
    let practices = format!("Practices of {sending}");
    let mut table = table(&["Code set", "Codes found", "of", "Rows", &practices]);
    for set in &coverage.sets {
        let numbers = [set.whole.codes.to_string(), set.of_codes.to_string(), shown(set.whole.rows), set.practices().to_string()];
        table.add_row(std::iter::once(Cell::new(&set.name)).chain(numbers.into_iter().map(right)));
    }
    table.to_string()
}

fn others(coverage: &Coverage) -> Option<String> {
    let first = coverage.others.first()?;
    let mut table = table(&["Scheme", "Code", "Rows", "Practices"]);
    for other in std::iter::once(first).chain(coverage.others.iter().skip(1).take(COMMONEST - 1)) {
        let names = [Cell::new(&other.scheme), Cell::new(code_of(&other.code))];
        let numbers = [shown(other.rows), other.practices().to_string()];
        table.add_row(names.into_iter().chain(numbers.into_iter().map(right)));
    }
    let more = coverage.others.len().saturating_sub(COMMONEST);
    let more = if more == 0 { String::new() } else { format!("\n{more} more; --out writes all") };
    Some(format!("The commonest codes in no code set of the rules\n{table}{more}"))
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header(header);
    table
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn code_of(code: &str) -> &str {
    if code.is_empty() { "(not a code of its scheme)" } else { code }
}

/// A set that is found nowhere; a set without the schemes of the extract never could be.
fn never(set: &SetCoverage, coverage: &Coverage) -> String {
    let schemes = set.schemes.join(" and ");
    let written = set.schemes.iter().any(|scheme| coverage.schemes.contains_key(scheme));
    let codes = number(set.of_codes, "code");
    if written {
        format!("{}  ({codes}, {schemes})", set.name)
    } else {
        format!("{}  ({codes}, {schemes} only: no row of the extract is written so)", set.name)
    }
}

fn because(why: &Unmet) -> String {
    let register = why.register.as_ref().map(|register| format!("nobody can be on the register {register}"));
    let each = Some(why.each.join(", ")).filter(|sets| !sets.is_empty()).map(|sets| format!("never found: {sets}"));
    let one_of = Some(why.one_of.join(", ")).filter(|sets| !sets.is_empty()).map(|sets| format!("found is none of {sets}"));
    [register, each, one_of].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// One row a set, a code in no set or an indicator: in all, then for each practice.
pub fn coverage_csv(coverage: &Coverage) -> Vec<u8> {
    let mut rows = Rows { writer: csv::Writer::from_writer(Vec::new()) };
    // Writing to memory cannot fail.
    let _ = rows.writer.write_record(COVERAGE.names());
    for set in &coverage.sets {
        let schemes = set.schemes.join(" ");
        let mut row = |practice: &str, sent: bool, occurs: Occurs, practices: &str| {
            let finding = if occurs.rows > 0 {
                "occurs"
            } else if sent {
                "never occurs"
            } else {
                NO_ROWS
            };
            let (codes, of) = (occurs.codes.to_string(), set.of_codes.to_string());
            rows.write(["set", &set.name, &schemes, practice, &codes, &of, &shown(occurs.rows), practices, finding, ""]);
        };
        row("", true, set.whole, &set.practices().to_string());
        for ((practice, sent), occurs) in coverage.practices.iter().zip(&coverage.sent).zip(&set.at) {
            row(practice, *sent, *occurs, "");
        }
    }
    for indicator in &coverage.indicators {
        let at = coverage.practices.iter().map(String::as_str).zip(&coverage.sent).zip(&indicator.at);
        for ((practice, sent), unmet) in std::iter::once((("", &true), &indicator.whole)).chain(at) {
            let (finding, why) = match unmet {
                _ if !sent => (NO_ROWS, String::new()),
                Some(why) => ("cannot be met", because(why)),
                None => ("can be met", String::new()),
            };
            rows.write(["indicator", &indicator.id, "", practice, "", "", "", "", finding, &why]);
        }
    }
    for other in &coverage.others {
        let (code, practices) = (code_of(&other.code), other.practices().to_string());
        rows.write(["code", code, &other.scheme, "", "", "", &shown(other.rows), &practices, "in no set", ""]);
        for (practice, number) in coverage.practices.iter().zip(&other.at).filter(|(_, number)| **number > 0) {
            rows.write(["code", code, &other.scheme, practice, "", "", &shown(*number), "", "in no set", ""]);
        }
    }
    rows.writer.into_inner().unwrap_or_default()
}

struct Rows {
    writer: csv::Writer<Vec<u8>>,
}

impl Rows {
    fn write(&mut self, cells: [&str; 10]) {
        // Writing to memory cannot fail, and all rows are as long as the header.
        let _ = self.writer.write_record(cells);
    }
}
