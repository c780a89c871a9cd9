//! Lines of people → `line_counts`, which is `counts.csv`. Twin of the counting in `tally.rs`: people by measure, practice, stratum and line.

use crate::framework::Framework;
use crate::tally::strata;

/// The columns of `counts.csv`, in their order.
pub const COLUMNS: [&str; 10] =
    ["framework_hash", "measure", "practice_code", "interval_end", "view", "stratum", "stratum_value", "line", "people", "period_moved"];

/// Counts every line for everybody and in every stratum.
pub fn counts(framework: &Framework) -> String {
    let mut parts = vec![part(framework, "''", "''", "1 = 1")];
    if framework.strata.sex {
        parts.push(part(framework, "'sex'", "CASE p.sex WHEN 'female' THEN 'female' WHEN 'male' THEN 'male' ELSE 'neither' END", "1 = 1"));
    }
    if let Some(youngest) = framework.strata.age.first() {
        parts.push(part(framework, "'age'", &age_band(framework), &reached(framework, *youngest)));
    }
    if framework.strata.imd_quintile {
        let fifths: Vec<String> = (1..=5).map(|fifth| format!(" WHEN {fifth} THEN '{fifth}'")).collect();
        let value = format!("CASE p.imd_quintile{} ELSE 'unknown' END", fifths.concat());
        parts.push(part(framework, "'imd_quintile'", &value, "1 = 1"));
    }
    parts.join("\nUNION ALL\n")
}

fn part(framework: &Framework, stratum: &str, value: &str, of: &str) -> String {
    let moved = if framework.moved { "yes" } else { "no" };
    format!(
        "SELECT '{}' AS framework_hash, measure, practice_code, '{}' AS interval_end, '{}' AS view, {stratum} AS stratum, stratum_value, line, COUNT(*) AS people, '{moved}' AS period_moved
FROM (
  SELECT l.measure, p.practice_code, {value} AS stratum_value, l.line
  FROM person_lines l JOIN people_on_list p ON p.person = l.person
  WHERE {of}
) of_lines
GROUP BY measure, practice_code, stratum_value, line",
        framework.hash,
        framework.reporting_day,
        framework.view.word()
    )
}

/// Ages are compared, never worked out: the oldest band whose lower edge is reached.
fn age_band(framework: &Framework) -> String {
    let bands = strata(&framework.strata).into_iter().filter(|stratum| stratum.kind == "age");
    let mut whens: Vec<String> = framework
        .strata
        .age
        .iter()
        .zip(bands)
        .map(|(from, band)| format!(" WHEN {} THEN '{}'", reached(framework, *from), band.value))
        .collect();
    whens.reverse();
    format!("CASE{} END", whens.concat())
}

fn reached(framework: &Framework, age: i32) -> String {
    format!("p.born_ymd + {} <= {}", i64::from(age) * 10_000, framework.reporting_day.ymd())
}
