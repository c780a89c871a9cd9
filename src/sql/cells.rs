//! Lines of people → `cell_counts` and `pair_counts`, which are `cells.csv` and `pairs.csv`. Twin of the counting in `cells`:
//! by age band, sex and fifth of deprivation, and by uptake and outcome.

use super::dialect::text;
use crate::cells::{AGES, band_name};
use crate::framework::{Framework, Indicator, Outcome};

/// The columns by which the rows of `cell_counts` are in order.
pub const CELL_ORDER: &str = "measure, practice_code, interval_end, view, age_band, sex, imd_quintile";
/// The columns by which the rows of `pair_counts` are in order.
pub const PAIR_ORDER: &str = "association, practice_code, interval_end, view, taken_up, achieved";

/// Everybody in the denominator of an indicator, by age band, sex and fifth.
pub fn cells(framework: &Framework) -> String {
    let whens: String =
        framework.indicators.iter().filter_map(|one| Some(format!("\n    WHEN {} THEN {}", text(&one.id), became(one)?))).collect();
    // Without an indicator there is no case to write, and nobody to count.
    let reached = if whens.is_empty() { "-1".to_owned() } else { format!("CASE l.measure{whens} ELSE -1 END") };
    let fifths: String = (1..=5).map(|fifth| format!(" WHEN {fifth} THEN '{fifth}'")).collect();
    format!(
        "SELECT '{hash}' AS framework_hash, measure, practice_code, '{day}' AS interval_end, '{view}' AS view, age_band, sex, imd_quintile, SUM(reached) AS achieved, COUNT(*) AS denominator, '{moved}' AS period_moved
FROM (
  SELECT l.measure, p.practice_code, {age} AS age_band,
  CASE p.sex WHEN 'female' THEN 'female' WHEN 'male' THEN 'male' ELSE 'neither' END AS sex,
  CASE p.imd_quintile{fifths} ELSE '' END AS imd_quintile,
  {reached} AS reached
  FROM person_lines l JOIN people_on_list p ON p.person = l.person
) of_cells
WHERE reached >= 0
GROUP BY measure, practice_code, age_band, sex, imd_quintile",
        hash = framework.hash,
        day = framework.reporting_day,
        view = framework.view.word(),
        moved = if framework.moved { "yes" } else { "no" },
        age = age_band(framework),
    )
}

/// Everybody in the denominators of both indicators of an association, by both numerators; nothing without an association.
pub fn pairs(framework: &Framework) -> Option<String> {
    let parts: Vec<String> = framework
        .associations
        .iter()
        .filter_map(|one| {
            let (uptake, outcome) = framework.indicators.get(one.uptake).zip(framework.indicators.get(one.outcome))?;
            let [took, reached] = [("u", uptake), ("o", outcome)]
                .map(|(of, indicator)| became(indicator).map(|case| case.replace("l.line", &format!("{of}.line"))));
            Some(format!(
                "SELECT {} AS association, {uptake} AS uptake, {outcome} AS outcome, p.practice_code, {} AS took, {} AS reached
  FROM person_lines u JOIN person_lines o ON o.person = u.person JOIN people_on_list p ON p.person = u.person
  WHERE u.measure = {uptake} AND o.measure = {outcome}",
                text(&one.id),
                took?,
                reached?,
                uptake = text(&uptake.id),
                outcome = text(&outcome.id),
            ))
        })
        .collect();
    let word = |column: &str, name: &str| format!("CASE {column} WHEN 1 THEN 'yes' ELSE 'no' END AS {name}");
    (!parts.is_empty()).then(|| {
        format!(
            "SELECT '{}' AS framework_hash, association, uptake, outcome, practice_code, '{}' AS interval_end, '{}' AS view, {}, {}, COUNT(*) AS people, '{}' AS period_moved
FROM (
  {}
) of_pairs
WHERE took >= 0 AND reached >= 0
GROUP BY association, uptake, outcome, practice_code, took, reached",
            framework.hash,
            framework.reporting_day,
            framework.view.word(),
            word("took", "taken_up"),
            word("reached", "achieved"),
            if framework.moved { "yes" } else { "no" },
            parts.join("\n  UNION ALL\n  "),
        )
    })
}

/// 1 for the lines of an indicator that achieve, 0 for those of its denominator that do not, else -1; nothing without either.
fn became(indicator: &Indicator) -> Option<String> {
    let lines = |outcome: Outcome| {
        let lines = indicator.lines.lines.iter().filter(|line| line.outcome == outcome);
        lines.map(|line| format!(" WHEN {} THEN {}", line.number.0, u8::from(outcome == Outcome::Achieved))).collect::<String>()
    };
    let whens = lines(Outcome::Achieved) + &lines(Outcome::NotAchieved);
    (!whens.is_empty()).then(|| format!("CASE l.line{whens} ELSE -1 END"))
}

/// Ages are compared, never worked out: the oldest band whose lower edge is reached.
fn age_band(framework: &Framework) -> String {
    let day = framework.reporting_day.ymd();
    let bands = (0_u8..).zip(AGES).skip(1).collect::<Vec<_>>().into_iter().rev();
    let whens: String =
        bands.map(|(band, from)| format!(" WHEN p.born_ymd + {} <= {day} THEN '{}'", u32::from(from) * 10_000, band_name(band))).collect();
    format!("CASE{whens} ELSE '{}' END", band_name(0))
}
