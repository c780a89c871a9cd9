//! Questions of a planner, answered from the files of a run alone, as a reader with a spreadsheet would: rows are chosen by their
//! cells, and nothing is worked out but sums.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The command whose files are read.
pub const COMMAND: &str = "dqoh run sample-extracts --every quarter --out out";

const QUARTER_ENDS: [&str; 4] = ["2016-06-30", "2016-09-30", "2016-12-31", "2017-03-31"];
const LAST: &str = QUARTER_ENDS[3];

type Row = BTreeMap<String, String>;

struct Table(Vec<Row>);

impl Table {
    fn read(path: &Path) -> Table {
        let content = fs::read(path).unwrap();
        let mut reader = csv::Reader::from_reader(content.as_slice());
        Table(reader.deserialize().map(Result::unwrap).collect())
    }

    /// The rows with these cells.
    fn rows(&self, with: &[(&str, &str)]) -> Vec<&Row> {
        let fits = |row: &&Row| with.iter().all(|(column, cell)| row.get(*column).is_some_and(|own| own == cell));
        self.0.iter().filter(fits).collect()
    }

    /// The cell of the only row with these cells; 0 where there is none, as the documents say of strata.
    fn cell(&self, column: &str, with: &[(&str, &str)]) -> String {
        let rows = self.rows(with);
        assert!(rows.len() < 2, "{with:?} are {} rows", rows.len());
        rows.first().map_or_else(|| "0".to_owned(), |row| row.get(column).unwrap().clone())
    }

    fn sum(&self, column: &str, with: &[(&str, &str)]) -> u64 {
        self.rows(with).iter().map(|row| row.get(column).unwrap().parse::<u64>().unwrap()).sum()
    }
}

/// The section, from the files in a folder.
pub fn answers(out: &Path) -> String {
    let [care_planning, pathway, results] = ["care-planning.csv", "pathway.csv", "results.csv"].map(|name| Table::read(&out.join(name)));
    let mut practices: Vec<&str> = pathway.0.iter().filter_map(|row| row.get("practice_code")).map(String::as_str).collect();
    practices.retain(|code| !code.is_empty());
    practices.sort_unstable();
    practices.dedup();
    let parts = [
        format!("```sh\n{COMMAND}\n```"),
        plans_with_goals(&care_planning, &practices),
        declined(&pathway, &practices),
        days_to_plan(&care_planning, &practices),
        conditions(&care_planning),
        two_rates(&care_planning, &results),
    ];
    parts.join("\n\n")
}

fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let mut lines = vec![line(&header), format!("|{}", "---|".repeat(header.len()))];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

fn per_cent(ratio: &str) -> String {
    format!("{:.1}%", ratio.parse::<f64>().unwrap() * 100.0)
}

fn whole(practice: &str) -> String {
    if practice.is_empty() { "all".to_owned() } else { practice.to_owned() }
}

/// The cells of a practice, or of all together.
fn of_practice<'c>(practice: &'c str, more: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    let everybody = [("practice_code", practice), ("stratum", "")];
    let all = ("locality", "");
    everybody.into_iter().chain(practice.is_empty().then_some(all)).chain(more.iter().copied()).collect()
}

fn plans_with_goals(care_planning: &Table, practices: &[&str]) -> String {
    let people = |practice: &str, day: &str, measure: &str| {
        let with = [("measure", measure), ("interval_end", day), ("period", "last-12-months"), ("unit", "people")];
        care_planning.cell("value", &of_practice(practice, &with))
    };
    let rows = practices.iter().chain(&[""]).map(|practice| {
        let days = QUARTER_ENDS.map(|day| {
            format!("{}, {}", people(practice, day, "plans-with-goals"), people(practice, day, "plans-with-goals-and-decision"))
        });
        std::iter::once(whole(practice)).chain(days).collect()
    });
    let header: Vec<&str> = std::iter::once("practice").chain(QUARTER_ENDS).collect();
    format!(
        "**How many people had a plan with goals in each practice at each quarter end, and how many of those had a shared decision recorded?**\n\
         In care-planning.csv `measure = plans-with-goals`, and `plans-with-goals-and-decision`; `period = last-12-months`, `unit = people`, `stratum` empty. \
         The first number is people with a plan that has goals, the second those of them with a shared decision too.\n\n{}",
        table(&header, rows.collect())
    )
}

fn declined(pathway: &Table, practices: &[&str]) -> String {
    let people = |practice: &str, day: &str, more: &[(&str, &str)]| {
        let with = of_practice(practice, &[("interval_end", day)]);
        let with: Vec<(&str, &str)> = with.iter().chain(more).copied().collect();
        pathway.sum("people", &with)
    };
    let status = [("status", "declined")];
    let rows = practices.iter().chain(&[""]).map(|practice| {
        let days = QUARTER_ENDS.map(|day| people(practice, day, &status).to_string());
        let share = format!("{:.6}", people(practice, LAST, &status) as f64 / people(practice, LAST, &[]) as f64);
        std::iter::once(whole(practice)).chain(days).chain([per_cent(&share)]).collect()
    });
    let header: Vec<&str> = std::iter::once("practice").chain(QUARTER_ENDS).chain(["of everyone on the register"]).collect();
    let by_fifth = ["1", "2", "3", "4", "5", "unknown"].map(|fifth| {
        let with = [("practice_code", ""), ("locality", ""), ("interval_end", LAST), ("stratum", "imd_quintile"), ("stratum_value", fifth)];
        let declined = pathway.sum("people", &[&with[..], &status[..]].concat());
        format!("{fifth}: {declined} of {}", pathway.sum("people", &with))
    });
    format!(
        "**Who declined?**\nIn pathway.csv the sum of `people` with `status = declined`, `stratum` empty; the share is that of the last day. \
         By fifth of deprivation, with `stratum = imd_quintile`, on the last day in all practices: {}. Single people are told by `dqoh explain` only.\n\n{}",
        by_fifth.join("; "),
        table(&header, rows.collect())
    )
}

fn days_to_plan(care_planning: &Table, practices: &[&str]) -> String {
    let units = ["people", "days, lower quartile", "days, median", "days, upper quartile"];
    let rows = practices.iter().chain(&[""]).map(|practice| {
        let cells = units.map(|unit| {
            let with = of_practice(practice, &[("measure", "prepared-to-agreed"), ("interval_end", LAST), ("unit", unit)]);
            if care_planning.rows(&with).is_empty() { String::new() } else { care_planning.cell("value", &with) }
        });
        std::iter::once(whole(practice)).chain(cells).collect()
    });
    let header: Vec<&str> = std::iter::once("practice").chain(units).collect();
    format!(
        "**How long does it take from preparation to plan?**\nIn care-planning.csv `measure = prepared-to-agreed`, here on {LAST}; `people` have both steps.\n\n{}",
        table(&header, rows.collect())
    )
}

fn conditions(care_planning: &Table) -> String {
    let strata = [("conditions", "1"), ("conditions", "2"), ("conditions", "3"), ("conditions", "4+"), ("multimorbidity", "2+")];
    let rows = strata.map(|(kind, value)| {
        let cell = |column: &str, measure: &str, period: &str, unit: &str| {
            let with = [
                ("measure", measure),
                ("period", period),
                ("unit", unit),
                ("practice_code", ""),
                ("locality", ""),
                ("interval_end", LAST),
                ("stratum", kind),
                ("stratum_value", value),
            ];
            care_planning.cell(column, &with)
        };
        let year = "last-12-months";
        let days = |measure: &str| format!("{:.2}", cell("ratio", measure, year, "contact days").parse::<f64>().unwrap());
        let thrice = "people with 3 or more contact days";
        let called = format!(
            "{} ({})",
            cell("value", "condition-reviews", year, thrice),
            per_cent(&cell("ratio", "condition-reviews", year, thrice))
        );
        let once = per_cent(&cell("ratio", "reviewed-once", "on-the-day", "people"));
        let register = cell("value", "register", "on-the-day", "people");
        vec![format!("`{kind}` {value}"), register, days("condition-reviews"), days("holistic-reviews"), called, once]
    });
    let header = [
        "stratum",
        "on the register",
        "days for single conditions, a person",
        "days for the whole person, a person",
        "called three times or more",
        "reviewed once for everything",
    ];
    format!(
        "**Are people with three conditions still called three times?**\nIn care-planning.csv the `ratio` of `condition-reviews` and of `holistic-reviews`, \
         `unit = contact days`, and of `condition-reviews` with `unit = people with 3 or more contact days`, all with `period = last-12-months`; \
         the `ratio` of `reviewed-once`. All practices, {LAST}; shares of everyone on the register.\n\n{}",
        table(&header, rows.to_vec())
    )
}

fn two_rates(care_planning: &Table, results: &Table) -> String {
    let practice = "P90002";
    let plans =
        of_practice(practice, &[("measure", "plans-agreed"), ("interval_end", LAST), ("period", "last-12-months"), ("unit", "people")]);
    let plan = |column: &str| care_planning.cell(column, &plans);
    let paid = of_practice(practice, &[("measure", "CP003"), ("interval_end", LAST)]);
    let pay = |column: &str| results.cell(column, &paid);
    let reasons = pay("excepted_by_reason");
    let row = |file: &str, rate: &str, people: String, of: String, ratio: String| vec![file.to_owned(), rate.to_owned(), people, of, ratio];
    let rows = vec![
        row("care-planning.csv, `plans-agreed`", "of everyone on the register", plan("value"), plan("register"), plan("ratio")),
        row("results.csv, `CP003`", "of the payment denominator, decliners excepted", pay("numerator"), pay("denominator"), pay("ratio")),
    ];
    format!(
        "**Why does the same practice have two rates?**\nPlans agreed in the last 12 months at {practice} on {LAST}. On its register are {} people, and {} of them ({}) are declined: \
         they stay in the first rate. The second leaves out whoever is excepted (`{reasons}`). Both are right; never put one beside the other without its name.\n\n{}",
        plan("register"),
        plan("declined"),
        per_cent(&plan("declined_ratio")),
        table(&["file", "rate", "people", "of", "ratio"], rows)
    )
}
