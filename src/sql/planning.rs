//! Pathways → `planning_counts`, which is `planning-counts.csv`. Twin of `evaluate/planning.rs` and of the counting in `planning`:
//! who is where, what happened on which day, and how many of each, grouped a few times and never once a count.

use super::decide;
use super::dialect::text;
use super::find;
use super::levels::Levels;
use super::tally::{By, ways};
use crate::framework::own_measures::{CODE, LAPSED, OUT_OF_ORDER, PLACE, REGISTER, between, missing};
use crate::framework::pathways::Pathway;
use crate::framework::{FactId, Framework, Stretch};
use crate::planning::{MOST_CONDITIONS, MULTIMORBIDITY, TWO_OR_MORE, number_of_conditions};

/// The columns by which the rows are in order.
pub const ORDER: &str = "pathway, measure, practice_code, interval_end, view, period, unit, stratum, stratum_value, number, code";

/// The table of the people of a pathway.
pub fn people_table(number: usize) -> String {
    format!("pathway_people_{number}")
}

/// Everyone whom a pathway is of, one row a person: strata, line, the day of each stage, conditions, sentences.
/// `joins` joins everything known to people called `p`.
pub fn people(framework: &Framework, pathway: &Pathway, joins: &str) -> String {
    let flag = |test: &str| format!("CASE WHEN {test} THEN 1 ELSE 0 END");
    let mut columns: Vec<String> = ways(framework).iter().map(stratum_column).collect();
    columns.push(format!("{} AS line", decide::line(framework, &pathway.lines)));
    columns.extend((0..).zip(&pathway.stages).map(|(at, stage)| format!("{} AS {}", find::day(stage.fact), stage_day(at))));
    let conditions = (0..).zip(&pathway.conditions);
    columns.extend(conditions.map(|(at, id)| format!("{} AS condition_{at}", flag(&decide::on_register(framework, *id)))));
    let sentences = pathway.people.iter().enumerate();
    columns.extend(sentences.map(|(at, count)| format!("{} AS holds_{at}", flag(&decide::holds(framework, &count.condition)))));
    format!(
        "SELECT p.person, p.practice_code,\n  {}\nFROM people_on_list p\n  {joins}\nWHERE {}",
        columns.join(",\n  "),
        decide::on_register(framework, pathway.of)
    )
}

fn stratum_column(by: &By) -> String {
    format!("CASE WHEN {} THEN {} END AS by_{}", by.of, by.value, by.kind)
}

fn stage_day(stage: usize) -> String {
    format!("stage_{stage}_day")
}

/// The tables that follow from the people of these pathways, and their queries, in order; each pathway with its number.
pub fn tables(framework: &Framework, pathways: &[(usize, &Pathway)], levels: &Levels) -> Vec<(&'static str, String)> {
    let mut tables = vec![("planning_strata", strata(framework, pathways)), ("planning_marks", marks(pathways))];
    let records = records(pathways, levels);
    let days = days(framework, pathways, levels, records.is_some());
    if let Some((wanted, records)) = records {
        tables.extend([("planning_wanted", wanted), ("planning_records", records), ("planning_events", EVENTS.to_owned())]);
    }
    tables.extend([("planning_days", days), ("planning_sums", sums(framework)), ("planning_by_stratum", by_stratum(framework))]);
    tables.push(("planning_counts", counts(framework, pathways)));
    tables
}

/// `pathway, person, practice_code, stratum, stratum_value`: each person once in each of their strata.
fn strata(framework: &Framework, pathways: &[(usize, &Pathway)]) -> String {
    let mut parts = Vec::new();
    for (number, pathway) in pathways {
        let people = people_table(*number);
        let id = text(&pathway.id);
        let mut part = |kind: &str, value: &str, from: &str, of: &str| {
            parts.push(format!(
                "SELECT {id} AS pathway, person, practice_code, '{kind}' AS stratum, {value} AS stratum_value FROM {from}{of}"
            ));
        };
        part("", "''", &people, "");
        for by in ways(framework) {
            part(by.kind, &format!("by_{}", by.kind), &people, &format!(" WHERE by_{} IS NOT NULL", by.kind));
        }
        for (at, id) in pathway.conditions.iter().enumerate() {
            part("condition", &text(&framework.register(*id).id), &people, &format!(" WHERE condition_{at} = 1"));
        }
        if !pathway.conditions.is_empty() {
            let flags: Vec<String> = (0..pathway.conditions.len()).map(|at| format!("condition_{at}")).collect();
            let numbered = format!("(SELECT person, practice_code, {} AS has FROM {people}) conditions", flags.join(" + "));
            let fewer = (1..MOST_CONDITIONS).map(|number| format!(" WHEN {number} THEN '{}'", number_of_conditions(number)));
            let value = format!("CASE has{} ELSE '{}' END", fewer.collect::<String>(), number_of_conditions(MOST_CONDITIONS));
            part("conditions", &value, &numbered, " WHERE has > 0");
            part(MULTIMORBIDITY, &text(TWO_OR_MORE), &numbered, " WHERE has >= 2");
        }
    }
    parts.join("\nUNION ALL ")
}

/// `pathway, person, measure, number, everybody_only`: what is so of each person on the reporting day.
fn marks(pathways: &[(usize, &Pathway)]) -> String {
    let mut parts = Vec::new();
    for (number, pathway) in pathways {
        let (people, id) = (people_table(*number), text(&pathway.id));
        let mut part = |measure: &str, number: &str, everybody_only: bool, of: &str| {
            let only = u8::from(everybody_only);
            let measure = text(measure);
            parts.push(format!(
                "SELECT {id} AS pathway, person, {measure} AS measure, {number} AS number, {only} AS everybody_only FROM {people}{of}"
            ));
        };
        part(REGISTER, "0", false, "");
        part(PLACE, "line", false, "");
        let pairs = || (0..pathway.stages.len()).flat_map(|from| (from + 1..pathway.stages.len()).map(move |to| (from, to)));
        for (at, stage) in pathway.stages.iter().enumerate() {
            let beyond = (1..).zip(&pathway.places).filter(|(_, place)| place.furthest > at);
            let lines: Vec<String> = beyond.map(|(line, _): (usize, _)| line.to_string()).collect();
            let of = format!(" WHERE line IN ({}) AND {} IS NULL", lines.join(", "), stage_day(at));
            part(&missing(&stage.name), "0", false, &of);
        }
        // A comparison with a stage that is not there is never true.
        let turned: Vec<String> = pairs().map(|(from, to)| format!("{} < {}", stage_day(to), stage_day(from))).collect();
        part(OUT_OF_ORDER, "0", false, &format!(" WHERE {}", turned.join(" OR ")));
        for (from, to) in pairs() {
            let (Some(first), Some(last)) = (pathway.stages.get(from), pathway.stages.get(to)) else { continue };
            let (first_day, last_day) = (stage_day(from), stage_day(to));
            let of = format!(" WHERE {first_day} IS NOT NULL AND {last_day} IS NOT NULL");
            part(&between(&first.name, &last.name), &format!("{last_day} - {first_day}"), true, &of);
        }
        for (at, count) in pathway.people.iter().enumerate() {
            part(&count.id, "0", false, &format!(" WHERE holds_{at} = 1"));
        }
    }
    parts.join("\nUNION ALL ")
}

/// What is counted (`pathway, measure, fact, again`), and all records of it, each once a fact, with the day on which the person
/// has the same code before: `fact, person, record, day, scheme, code, day_before`. Nothing without a count.
fn records(pathways: &[(usize, &Pathway)], levels: &Levels) -> Option<(String, String)> {
    let counts: Vec<_> = pathways.iter().flat_map(|(_, pathway)| pathway.counts.iter().map(|count| (&pathway.id, count))).collect();
    let wanted: Vec<String> = counts
        .iter()
        .map(|(pathway, count)| {
            let again = count.again.map_or_else(|| "-1".to_owned(), |days| days.to_string());
            format!("SELECT {} AS pathway, {} AS measure, {} AS fact, {again} AS again", text(pathway), text(&count.id), count.fact.0)
        })
        .collect();
    let mut parts = Vec::new();
    for level in 0..levels.len() {
        let facts: Vec<FactId> = levels.facts_at(level).filter(|id| counts.iter().any(|(_, count)| count.fact == *id)).collect();
        if !facts.is_empty() {
            let facts: Vec<String> = facts.iter().map(|id| id.0.to_string()).collect();
            parts.push(format!("SELECT DISTINCT fact, person, record, day FROM rows_{level} WHERE fact IN ({})", facts.join(", ")));
        }
    }
    let records = format!(
        "SELECT r.fact, r.person, r.record, r.day, e.scheme, e.code,
  MAX(r.day) OVER (PARTITION BY r.fact, r.person, e.scheme, e.code ORDER BY r.day RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS day_before
FROM (
  {}
) r
JOIN events e ON e.person = r.person AND e.record = r.record",
        parts.join("\n  UNION ALL ")
    );
    (!wanted.is_empty()).then(|| (wanted.join("\nUNION ALL "), records))
}

/// The records of each count, of people of the pathway.
const EVENTS: &str = "SELECT w.pathway, w.measure, r.person, s.practice_code, r.record, r.day, r.scheme, r.code
FROM planning_records r
JOIN planning_wanted w ON w.fact = r.fact
JOIN planning_strata s ON s.pathway = w.pathway AND s.person = r.person AND s.stratum = ''
WHERE w.again < 0 OR r.day_before IS NOT NULL AND r.day_before >= r.day - w.again";

/// `pathway, measure, person, day, events`: each day with a record of a count, and each day on which a plan lapsed.
fn days(framework: &Framework, pathways: &[(usize, &Pathway)], levels: &Levels, counted: bool) -> String {
    let mut parts = Vec::new();
    if counted {
        parts.push(
            "SELECT pathway, measure, person, day, COUNT(*) AS events FROM planning_events GROUP BY pathway, measure, person, day"
                .to_owned(),
        );
    }
    for (number, pathway) in pathways {
        let stage = pathway.stages.get(pathway.lapses);
        let (Some(level), Some(stage)) = (levels.level_of(pathway.plan), stage) else { continue };
        // A plan that another follows before it lapses is renewed.
        parts.push(format!(
            "SELECT {} AS pathway, '{LAPSED}' AS measure, n.person, c.other AS day, 1 AS events
FROM (
  SELECT person, day, LEAD(day) OVER (PARTITION BY person ORDER BY day) AS next_day
  FROM (SELECT DISTINCT person, day FROM rows_{level} WHERE fact = {}) plans
) n
JOIN {} s ON s.person = n.person
JOIN calendar c ON c.shift = {} AND c.day = n.day
WHERE c.other <= {} AND COALESCE(n.next_day, c.other + 1) > c.other",
            text(&pathway.id),
            pathway.plan.0,
            people_table(*number),
            stage.leaves.0,
            framework.reporting_day.0
        ));
    }
    parts.join("\nUNION ALL\n")
}

/// A stretch of time as a part of a column's name.
fn column(stretch: Stretch) -> String {
    stretch.word().replace('-', "_")
}

/// `pathway, measure, person`, and records and days in each stretch of time.
fn sums(framework: &Framework) -> String {
    let sums = framework.stretches().map(|(stretch, from)| {
        let (name, from) = (column(stretch), from.0);
        format!(
            "SUM(CASE WHEN day >= {from} THEN events ELSE 0 END) AS events_{name}, SUM(CASE WHEN day >= {from} THEN 1 ELSE 0 END) AS days_{name}"
        )
    });
    format!("SELECT pathway, measure, person,\n  {}\nFROM planning_days\nGROUP BY pathway, measure, person", sums.join(",\n  "))
}

/// `pathway, measure, practice_code, stratum, stratum_value`, and people, records and contact days in each stretch of time.
fn by_stratum(framework: &Framework) -> String {
    let sums = framework.stretches().map(|(stretch, _)| {
        let name = column(stretch);
        format!(
            "SUM(CASE WHEN m.events_{name} > 0 THEN 1 ELSE 0 END) AS people_{name}, SUM(m.events_{name}) AS events_{name}, SUM(m.days_{name}) AS days_{name}"
        )
    });
    format!(
        "SELECT m.pathway, m.measure, s.practice_code, s.stratum, s.stratum_value,\n  {}
FROM planning_sums m JOIN planning_strata s ON s.pathway = m.pathway AND s.person = m.person
GROUP BY m.pathway, m.measure, s.practice_code, s.stratum, s.stratum_value",
        sums.join(",\n  ")
    )
}

/// Everything with the columns of `planning-counts.csv`.
fn counts(framework: &Framework, pathways: &[(usize, &Pathway)]) -> String {
    let mut parts = vec![
        "SELECT m.pathway, m.measure, s.practice_code, 'on-the-day' AS period, 'people' AS unit, s.stratum, s.stratum_value, m.number, '' AS code, COUNT(*) AS value
FROM planning_marks m JOIN planning_strata s ON s.pathway = m.pathway AND s.person = m.person
WHERE m.everybody_only = 0 OR s.stratum = ''
GROUP BY m.pathway, m.measure, s.practice_code, s.stratum, s.stratum_value, m.number"
            .to_owned(),
    ];
    for (stretch, _) in framework.stretches() {
        let name = column(stretch);
        for (unit, value) in [("people", "people"), ("events", "events"), ("contact days", "days")] {
            parts.push(format!(
                "SELECT pathway, measure, practice_code, '{}' AS period, '{unit}' AS unit, stratum, stratum_value, 0 AS number, '' AS code, {value}_{name} AS value FROM planning_by_stratum",
                stretch.word()
            ));
        }
    }
    let spread: Vec<String> = pathways
        .iter()
        .flat_map(|(_, pathway)| {
            let counts = pathway.counts.iter().filter(|count| count.spread);
            counts.map(|count| format!("m.pathway = {} AND m.measure = {}", text(&pathway.id), text(&count.id)))
        })
        .collect();
    if !spread.is_empty() {
        for (stretch, _) in framework.stretches() {
            let days = format!("m.days_{}", column(stretch));
            parts.push(format!(
                "SELECT m.pathway, m.measure, s.practice_code, '{}' AS period, 'people' AS unit, s.stratum, s.stratum_value, {days} AS number, '' AS code, COUNT(*) AS value
FROM planning_sums m JOIN planning_strata s ON s.pathway = m.pathway AND s.person = m.person
WHERE {days} > 0 AND ({})
GROUP BY m.pathway, m.measure, s.practice_code, s.stratum, s.stratum_value, {days}",
                stretch.word(),
                spread.join(" OR ")
            ));
        }
    }
    if pathways.iter().any(|(_, pathway)| !pathway.counts.is_empty()) {
        let [.., (stretch, from)] = framework.stretches();
        // A record of two counts is one record of its code.
        parts.push(format!(
            "SELECT pathway, '{CODE}' AS measure, practice_code, '{}' AS period, 'events' AS unit, '' AS stratum, '' AS stratum_value, 0 AS number, scheme || ' ' || code AS code, COUNT(*) AS value
FROM (SELECT DISTINCT pathway, practice_code, person, record, scheme, code FROM planning_events WHERE day >= {}) of_codes
GROUP BY pathway, practice_code, scheme, code",
            stretch.word(),
            from.0
        ));
    }
    format!(
        "SELECT '{}' AS framework_hash, pathway, measure, practice_code, '{}' AS interval_end, '{}' AS view, period, unit, stratum, stratum_value, number, code, value, '{}' AS period_moved
FROM (
{}
) of_pathways
WHERE value > 0",
        framework.hash,
        framework.reporting_day,
        framework.view.word(),
        if framework.moved { "yes" } else { "no" },
        parts.join("\nUNION ALL\n")
    )
}
