//! How much of an extract may be unusable before a command stops.

use super::{Stop, output};
use crate::extract::Extract;
use crate::problem::Problem;
use crate::report::quarantine_csv;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Tolerance {
    /// Go on although a listed practice sent nobody
    #[arg(long)]
    pub allow_missing: bool,
    /// Stop at the first row that cannot be used
    #[arg(long)]
    pub strict: bool,
    /// Stop when more rows than this cannot be used
    #[arg(long, value_name = "PERCENT", default_value = "1%", value_parser = percent)]
    pub max_rejects: f64,
}

impl Tolerance {
    /// Stops when too little can be used. `from` is the extract's folder, for messages; quarantine.csv goes to `out`,
    /// where anything is to be written at all.
    pub fn of(&self, extract: &Extract, from: &Path, out: Option<&Path>) -> Result<(), Stop> {
        let unusable: Vec<Problem> = limits(extract, self, from, out)?.into_iter().chain(missing_practices(extract, self)).collect();
        if unusable.is_empty() { Ok(()) } else { Err(Stop::data(unusable)) }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "write a percentage, such as 1%".to_owned())
}

fn missing_practices(extract: &Extract, tolerance: &Tolerance) -> Option<Problem> {
    let codes = without_people(extract);
    if codes.is_empty() || tolerance.allow_missing {
        return None;
    }
    Some(
        Problem::error("D011", format!("{} listed without a single person: {}", practices(codes.len()), codes.join(", ")))
            .in_data("practices.csv", None, None)
            .help("add their patients files, take them out of practices.csv, or pass --allow-missing to report them as `no-data`"),
    )
}

fn practices(number: usize) -> String {
    if number == 1 { "a practice is".to_owned() } else { format!("{number} practices are") }
}

/// The codes of practices that are listed and sent nobody.
pub(super) fn without_people(extract: &Extract) -> Vec<String> {
    let practices = extract.without_people.iter().filter_map(|at| extract.practices.get(*at));
    practices.map(|practice| practice.code.clone()).collect()
}

/// Too much of the extract cannot be used; the rows themselves are then in quarantine.csv.
fn limits(extract: &Extract, tolerance: &Tolerance, from: &Path, out: Option<&Path>) -> Result<Option<Problem>, Stop> {
    let quality = &extract.quality;
    if tolerance.strict
        && let Some(row) = quality.rows.iter().find(|row| row.reason.is_reject())
    {
        let file = extract.files.get(usize::from(row.place.file)).map(|file| file.name.clone()).unwrap_or_default();
        let column = Some(row.column).filter(|column| !column.is_empty());
        return Ok(Some(
            Problem::error("D013", format!("this row cannot be used: {}", row.reason.word()))
                .in_data(file, Some(u64::from(row.place.row)), column)
                .help(row.reason.rule()),
        ));
    }
    let share = 100.0 * quality.rejects() as f64 / (quality.rows_read.max(1)) as f64;
    if share <= tolerance.max_rejects {
        return Ok(None);
    }
    let listed = match out {
        Some(out) => {
            output::write_described(out, &[("quarantine.csv", quarantine_csv(&extract.files, &extract.practices, quality))])?;
            format!("every row and its reason stand in {}", out.join("quarantine.csv").display())
        }
        None => "with --out every row and its reason are written into quarantine.csv".to_owned(),
    };
    let reasons = quality.counts.iter().filter(|(reason, _)| reason.is_reject());
    let reasons: Vec<String> = reasons.map(|(reason, count)| format!("{} {count}", reason.word())).collect();
    Ok(Some(
        Problem::error(
            "D012",
            format!("{} of {} rows cannot be used ({share:.1} %): {}", quality.rejects(), quality.rows_read, reasons.join(", ")),
        )
        .in_data(from.display().to_string(), None, None)
        .help(format!("{listed}; mend the extract, or raise --max-rejects")),
    ))
}
