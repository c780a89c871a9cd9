//! Lines of people → `line_counts`, which is `counts.csv`. Twin of the counting in `tally.rs`: people by measure, practice, stratum and line.

use crate::framework::Framework;
use crate::tally::strata;

/// A way to tell people apart besides everybody: by what, which value, and of whom.
pub struct By {
    /// `sex`, `age` or `imd_quintile`.
    pub kind: &'static str,
    /// The value, of people called `p`.
    pub value: String,
    /// Who has a value at all.
    pub of: String,
}

/// All ways in which the framework tells people apart.
pub fn ways(framework: &Framework) -> Vec<By> {
    let everybody = || "1 = 1".to_owned();
    let mut ways = Vec::new();
    if framework.strata.sex {
        let value = "CASE p.sex WHEN 'female' THEN 'female' WHEN 'male' THEN 'male' ELSE 'neither' END".to_owned();
        ways.push(By { kind: "sex", value, of: everybody() });
    }
    if let Some(youngest) = framework.strata.age.first() {
        ways.push(By { kind: "age", value: age_band(framework), of: reached(framework, *youngest) });
    }
    if framework.strata.imd_quintile {
        let fifths: Vec<String> = (1..=5).map(|fifth| format!(" WHEN {fifth} THEN '{fifth}'")).collect();
        let value = format!("CASE p.imd_quintile{} ELSE 'unknown' END", fifths.concat());
        ways.push(By { kind: "imd_quintile", value, of: everybody() });
    }
    ways
}

/// Counts every line for everybody and in every stratum.
pub fn counts(framework: &Framework) -> String {
    let mut parts = vec![part(framework, "''", "''", "1 = 1")];
    parts.extend(ways(framework).iter().map(|by| part(framework, &format!("'{}'", by.kind), &by.value, &by.of)));
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
