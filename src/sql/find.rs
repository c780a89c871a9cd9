//! Facts of one level → queries that find them all in one scan. Twin of `evaluate/find.rs`: find first, then test.
//! Every tie is broken in the same order as there; nothing compares a missing value.

use super::decide::{amount_passes, on_register, plus};
use super::dialect::text;
use crate::framework::{CountOf, Fact, FactId, Framework, Hang, Near, Search, VALUES};

/// The column of a fact's day.
pub fn day(id: FactId) -> String {
    format!("fact_{}_day", id.0)
}

/// The column of one of a fact's values.
pub fn amount(id: FactId, value: u8) -> String {
    format!("fact_{}_amount_{value}", id.0)
}

/// A count: a column, or registers told one by one.
pub fn count(framework: &Framework, id: FactId) -> String {
    match framework.fact(id) {
        Fact::Registers(ids) => {
            let ones: Vec<String> = ids.iter().map(|id| format!("CASE WHEN {} THEN 1 ELSE 0 END", on_register(framework, *id))).collect();
            if ones.is_empty() { "0".to_owned() } else { format!("({})", ones.join(" + ")) }
        }
        Fact::Latest(_) | Fact::Earliest(_) | Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) => {
            format!("COALESCE(fact_{}_count, 0)", id.0)
        }
    }
}

/// The search of a fact, if it looks at records.
pub fn search(fact: &Fact) -> Option<&Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

/// `fact, set_name, set_number, value_number, is_reading`: which rows which fact of a level looks at. `None` when none does.
pub fn wanted(framework: &Framework, facts: &[FactId]) -> Option<String> {
    let mut rows = Vec::new();
    for id in facts {
        let Some(search) = search(framework.fact(*id)) else { continue };
        for (at, set) in search.sets.iter().enumerate() {
            let value = if search.reading { at } else { 0 };
            let reading = u8::from(search.reading);
            rows.push(format!(
                "SELECT {} AS fact, {} AS set_name, {at} AS set_number, {value} AS value_number, {reading} AS is_reading",
                id.0,
                text(framework.set_name(*set))
            ));
        }
    }
    (!rows.is_empty()).then(|| rows.join("\nUNION ALL "))
}

/// Rows that lie within a fact's bounds: `fact, person, record, day, set_number, ungrouped, amount_0 …`, not yet tested for companions.
/// `known` joins what was found before.
pub fn candidates(framework: &Framework, facts: &[FactId], level: usize, known: &str) -> String {
    let mut tests = Vec::new();
    let mut passing = Vec::new();
    for id in facts {
        let Some(search) = search(framework.fact(*id)) else { continue };
        tests.push(format!("\n      WHEN {} THEN {}", id.0, one_or_zero(&bounds(search))));
        let only: Vec<String> = search.only.iter().map(|test| amount_passes(*test, &format!("amount_{}", test.value))).collect();
        if !only.is_empty() {
            passing.push(format!("\n    WHEN {} THEN {}", id.0, one_or_zero(&only)));
        }
    }
    let rows = format!(
        "  SELECT w.fact, w.set_number, w.value_number, w.is_reading, r.person, r.record, r.day, r.reading_group, r.amount
  FROM fact_rows r
  JOIN wanted_{level} w ON w.set_name = r.set_name
  {known}
  WHERE CASE w.fact{}
    END = 1",
        tests.concat()
    );
    let highest: Vec<String> =
        (0..VALUES).map(|value| format!("MAX(CASE WHEN value_number = {value} THEN amount END) AS amount_{value}")).collect();
    let nothing: Vec<String> = (1..VALUES).map(|value| format!("CAST(NULL AS BIGINT) AS amount_{value}")).collect();
    let whole = whole_readings(framework, facts);
    let only = if passing.is_empty() { String::new() } else { format!("\nWHERE CASE fact{}\n    ELSE 1 END = 1", passing.concat()) };
    format!(
        "WITH found_rows AS (
{rows}
),
single_rows AS (
  SELECT fact, person, record, day, set_number, 0 AS ungrouped, amount AS amount_0, {}
  FROM found_rows WHERE is_reading = 0
),
reading_rows AS (
  SELECT fact, person, 0 AS record, day, 0 AS set_number, CASE WHEN reading_group = 0 THEN 1 ELSE 0 END AS ungrouped, {}
  FROM found_rows WHERE is_reading = 1
  GROUP BY fact, person, day, reading_group
)
SELECT * FROM (
  SELECT fact, person, record, day, set_number, ungrouped, {columns} FROM single_rows
  UNION ALL
  SELECT fact, person, record, day, set_number, ungrouped, {columns} FROM reading_rows WHERE {whole}
) both_kinds{only}",
        nothing.join(", "),
        highest.join(", "),
        columns = amounts()
    )
}

fn amounts() -> String {
    (0..VALUES).map(|value| format!("amount_{value}")).collect::<Vec<_>>().join(", ")
}

/// A reading is whole when each of its sets has a value.
fn whole_readings(framework: &Framework, facts: &[FactId]) -> String {
    let whens: Vec<String> = facts
        .iter()
        .filter_map(|id| {
            let search = search(framework.fact(*id)).filter(|search| search.reading)?;
            let there: Vec<String> = (0..search.sets.len()).map(|value| format!("amount_{value} IS NOT NULL")).collect();
            Some(format!(" WHEN {} THEN {}", id.0, one_or_zero(&there)))
        })
        .collect();
    if whens.is_empty() { "1 = 0".to_owned() } else { format!("CASE fact{} ELSE 0 END = 1", whens.concat()) }
}

fn one_or_zero(tests: &[String]) -> String {
    if tests.is_empty() { "1".to_owned() } else { format!("CASE WHEN {} THEN 1 ELSE 0 END", tests.join(" AND ")) }
}

/// A bound that hangs on something absent is never met, so the fact is absent.
fn bounds(search: &Search) -> Vec<String> {
    let mut tests = vec![format!("r.day BETWEEN {} AND {}", search.from.0, search.to.0)];
    tests.extend(search.since.map(|hang| match hang {
        Hang::Fact(id, days) => format!("r.day >= {}", plus(&day(id), days)),
        Hang::Age(age) => format!("r.ymd >= p.born_ymd + {}", i64::from(age) * 10_000),
    }));
    tests.extend(search.until.map(|hang| match hang {
        Hang::Fact(id, days) => format!("r.day <= {}", plus(&day(id), days)),
        // On or before the birthday: the day before had not reached it.
        Hang::Age(age) => format!("r.ymd_before < p.born_ymd + {}", i64::from(age) * 10_000),
    }));
    if search.new_episode {
        tests.push("r.new_episode = 1".to_owned());
    }
    tests
}

/// `fact, companion, set_name, from_days, to_days, shift`: where which companion of a level may lie. `None` when there is none.
pub fn companions(framework: &Framework, facts: &[FactId]) -> Option<String> {
    let mut rows = Vec::new();
    for id in facts {
        let Some(search) = search(framework.fact(*id)) else { continue };
        for (number, companion) in search.with.iter().enumerate() {
            for set in &companion.sets {
                let (from, to, shift) = match companion.within {
                    Near::Days(from, to) => (from.to_string(), to.to_string(), "-1".to_owned()),
                    Near::Since(table) => ("CAST(NULL AS BIGINT)".to_owned(), "0".to_owned(), table.0.to_string()),
                    Near::Until(table) => ("0".to_owned(), "CAST(NULL AS BIGINT)".to_owned(), table.0.to_string()),
                };
                rows.push(format!(
                    "SELECT {} AS fact, {number} AS companion, {} AS set_name, {from} AS from_days, {to} AS to_days, {shift} AS shift",
                    id.0,
                    text(framework.set_name(*set))
                ));
            }
        }
    }
    (!rows.is_empty()).then(|| rows.join("\nUNION ALL "))
}

/// Candidates whose companions are all there. A day of a record may be its own companion's.
pub fn with_companions(framework: &Framework, facts: &[FactId], level: usize) -> String {
    let needed: Vec<String> = facts
        .iter()
        .filter_map(|id| Some((id, search(framework.fact(*id))?.with.len())))
        .filter(|(_, number)| *number > 0)
        .map(|(id, number)| format!(" WHEN {} THEN {number}", id.0))
        .collect();
    format!(
        "WITH met AS (
  SELECT DISTINCT c.fact, c.person, c.day, w.companion
  FROM near_rows_{level} c
  JOIN near_{level} w ON w.fact = c.fact
  JOIN fact_rows k ON k.person = c.person AND k.set_name = w.set_name
  LEFT JOIN calendar s ON s.shift = w.shift AND s.day = c.day
  WHERE k.day BETWEEN COALESCE(c.day + w.from_days, s.other) AND COALESCE(c.day + w.to_days, s.other)
    AND k.day <= {}
),
all_met AS (
  SELECT fact, person, day FROM met GROUP BY fact, person, day HAVING COUNT(*) = CASE fact{} END
)
SELECT c.* FROM near_rows_{level} c LEFT JOIN all_met m ON m.fact = c.fact AND m.person = c.person AND m.day = c.day
WHERE m.fact IS NOT NULL OR CASE c.fact{} ELSE 0 END = 0",
        framework.reporting_day.0,
        needed.concat(),
        needed.concat()
    )
}

/// The row that each fact of a level takes: `fact, person, day, amount_0 …`.
pub fn taken(framework: &Framework, facts: &[FactId], rows: &str) -> String {
    let kind = |wanted: fn(&Fact) -> bool| {
        let ids: Vec<String> = facts.iter().filter(|id| wanted(framework.fact(**id))).map(|id| id.0.to_string()).collect();
        if ids.is_empty() { "1 = 0".to_owned() } else { format!("fact IN ({})", ids.join(", ")) }
    };
    let latest = kind(|fact| match fact {
        Fact::Latest(_) => true,
        Fact::Earliest(_) | Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) | Fact::Registers(_) => false,
    });
    let single = kind(|fact| match fact {
        Fact::Latest(_) | Fact::Earliest(_) => true,
        Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) | Fact::Registers(_) => false,
    });
    let pair = kind(|fact| match fact {
        Fact::Pair(..) => true,
        Fact::Latest(_) | Fact::Earliest(_) | Fact::Count(..) | Fact::LatestOf(_) | Fact::Registers(_) => false,
    });
    let apart: Vec<String> = facts
        .iter()
        .filter_map(|id| match framework.fact(*id) {
            Fact::Pair(_, apart) => Some(format!(" WHEN {} THEN {apart}", id.0)),
            Fact::Latest(_) | Fact::Earliest(_) | Fact::Count(..) | Fact::LatestOf(_) | Fact::Registers(_) => None,
        })
        .collect();
    let apart = if apart.is_empty() { "0".to_owned() } else { format!("CASE f.fact{} END", apart.concat()) };
    let columns = amounts();
    // On one day a record with a value precedes one without, and a lower value a higher one.
    let among_one_day: Vec<String> = std::iter::once("ungrouped, CASE WHEN amount_0 IS NULL THEN 1 ELSE 0 END".to_owned())
        .chain((0..VALUES).map(|value| format!("COALESCE(amount_{value}, 0)")))
        .chain(std::iter::once("record".to_owned()))
        .collect();
    let among_one_day = among_one_day.join(", ");
    format!(
        "WITH ordered AS (
  SELECT fact, person, record, day, {columns},
    ROW_NUMBER() OVER (PARTITION BY fact, person ORDER BY CASE WHEN {latest} THEN -day ELSE day END, {among_one_day}) AS place
  FROM {rows}
),
second_rows AS (
  SELECT c.fact, c.person, c.day, {second_columns},
    ROW_NUMBER() OVER (PARTITION BY c.fact, c.person ORDER BY c.place) AS place
  FROM ordered f JOIN ordered c ON c.fact = f.fact AND c.person = f.person
  WHERE f.place = 1 AND c.day >= f.day + {apart} AND c.record <> f.record
)
SELECT fact, person, day, {columns} FROM ordered WHERE place = 1 AND {single}
UNION ALL
SELECT fact, person, day, {columns} FROM second_rows WHERE place = 1 AND {pair}",
        second_columns = (0..VALUES).map(|value| format!("c.amount_{value}")).collect::<Vec<_>>().join(", ")
    )
}

/// One row a person with the columns of all facts of a level that look at records; `None` when none does.
/// `rows` are all rows within the facts' bounds, for counting; `best` the one that each fact takes.
pub fn wide(framework: &Framework, facts: &[FactId], level: usize) -> Option<String> {
    let mut columns = Vec::new();
    for id in facts {
        match framework.fact(*id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) => {
                columns.push(format!("MAX(CASE WHEN fact = {} THEN taken_day END) AS {}", id.0, day(*id)));
                let values = if search.reading { search.sets.len() } else { 1 };
                for value in 0..u8::try_from(values).unwrap_or(u8::MAX) {
                    columns.push(format!("MAX(CASE WHEN fact = {} THEN amount_{value} END) AS {}", id.0, amount(*id, value)));
                }
            }
            Fact::Count(_, of) => {
                let different = match of {
                    CountOf::Records => "record",
                    CountOf::Days => "day",
                    CountOf::Sets => "set_number",
                };
                columns.push(format!("COUNT(DISTINCT CASE WHEN fact = {} THEN {different} END) AS fact_{}_count", id.0, id.0));
            }
            Fact::LatestOf(_) | Fact::Registers(_) => {}
        }
    }
    let nothing: Vec<String> = (0..VALUES).map(|value| format!("CAST(NULL AS BIGINT) AS amount_{value}")).collect();
    (!columns.is_empty()).then(|| {
        format!(
            "SELECT person,
  {}
FROM (
  SELECT fact, person, day AS taken_day, {}, CAST(NULL AS BIGINT) AS record, CAST(NULL AS BIGINT) AS day, CAST(NULL AS BIGINT) AS set_number FROM best_{level}
  UNION ALL
  SELECT fact, person, CAST(NULL AS BIGINT) AS taken_day, {}, record, day, set_number FROM rows_{level}
) of_facts
GROUP BY person",
            columns.join(",\n  "),
            amounts(),
            nothing.join(", ")
        )
    })
}

/// The latest day of several facts, for all such facts of a level: `person, fact_N_day`. `None` when there is none.
pub fn latest_of(framework: &Framework, facts: &[FactId], known: &str) -> Option<String> {
    let mut days = Vec::new();
    let mut columns = Vec::new();
    for id in facts {
        match framework.fact(*id) {
            Fact::LatestOf(of) => {
                days.extend(
                    of.iter()
                        .map(|other| format!("SELECT p.person, {} AS fact, {} AS day FROM people_on_list p {known}", id.0, day(*other))),
                );
                columns.push(format!("MAX(CASE WHEN fact = {} THEN day END) AS {}", id.0, day(*id)));
            }
            Fact::Latest(_) | Fact::Earliest(_) | Fact::Pair(..) | Fact::Count(..) | Fact::Registers(_) => {}
        }
    }
    (!columns.is_empty()).then(|| {
        format!("SELECT person,\n  {}\nFROM (\n  {}\n) of_days\nGROUP BY person", columns.join(",\n  "), days.join("\n  UNION ALL "))
    })
}
