//! What more people are worth, against plain loops: of every practice, indicator and reporting day of the sample, the fewest more people
//! that bring a point, and that reach the upper threshold, counted up one by one in exact fractions from the columns of the files.
//! A case is a folder of `worth/`: the commands of its command.txt are run in a copy of it, and all they print and write stands in its
//! expected.txt. `UPDATE_WORTH=1 cargo test --test worth` writes what is expected anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

#[path = "support/cases.rs"]
mod cases;

use cases::{copy, dqoh, words};
use dqoh::variation::{Threshold, people_needed};
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

type Row = BTreeMap<String, String>;

const RUN: &str = "run extract --as-at 2016-09-30,2017-03-31 --out out";

/// A run of the sample, and what it is worth.
static RAN: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-extracts"), &folder.path().join("extract"));
    said(folder.path(), RUN);
    said(folder.path(), "worth out --out worth");
    folder
});

fn said(folder: &Path, command: &str) -> String {
    let (exit, out, err) = dqoh(folder, &words(command));
    assert_eq!(exit, "0", "{command}: {err}");
    out
}

fn rows(name: &str) -> Vec<Row> {
    csv::Reader::from_path(RAN.path().join(name)).unwrap().deserialize().map(Result::unwrap).collect()
}

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).unwrap_or_else(|| panic!("there is no column {column}"))
}

fn number(row: &Row, column: &str) -> u64 {
    cell(row, column).parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// A decimal of a file as an exact fraction.
fn exact(text: &str) -> BigRational {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits: i64 = format!("{whole}{rest}").parse().unwrap();
    BigRational::new(digits.into(), 10_i64.pow(u32::try_from(rest.len()).unwrap()).into())
}

/// Rounded half up to two decimals, as the files write it.
fn two(number: &BigRational) -> String {
    let hundredths = (number * BigRational::from_integer(100.into())).round().to_integer().to_i64().unwrap();
    assert!(hundredths >= 0);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn by_key(rows: &[Row]) -> BTreeMap<[&str; 3], &Row> {
    rows.iter().map(|row| (["practice_code", "measure", "interval_end"].map(|column| cell(row, column)), row)).collect()
}

#[test]
fn every_case_prints_and_writes_what_is_expected() {
    cases::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/worth"), "UPDATE_WORTH", 1);
}

#[test]
fn every_step_is_the_fewest_people_and_what_they_bring() {
    let (worth, payments) = (rows("worth/worth.csv"), rows("out/payment.csv"));
    let payments = by_key(&payments);
    let (mut steps, mut counted) = (0, 0);
    for row in &worth {
        let payment = payments.get(&["practice_code", "measure", "interval_end"].map(|column| cell(row, column))).unwrap();
        assert_eq!(["points", "payment"].map(|column| cell(row, column)), ["points", "payment"].map(|column| cell(payment, column)));
        let (numerator, denominator) = (number(row, "numerator"), number(row, "denominator"));
        if denominator == 0 {
            assert_eq!((cell(row, "next_people"), cell(row, "upper_people")), ("", ""));
            continue;
        }
        counted += 1;
        let max = exact(cell(row, "max_points"));
        let to = exact(cell(row, "upper_threshold"));
        let from = thresholds(cell(row, "measure")).0;
        let points = |achieved: u64| {
            let share = BigRational::new((100 * achieved).into(), denominator.into()) - &from;
            let share = share / (&to - &from);
            let none = BigRational::zero();
            if share.is_negative() { none } else { &max * share.min(BigRational::from_integer(1.into())) }
        };
        // Pounds of a point, from the columns of payment.csv.
        let of = |column: &str| exact(cell(payment, column));
        let prevalence = match (cell(payment, "register"), cell(payment, "reference_list")) {
            (_, "") | ("", _) => BigRational::from_integer(1.into()),
            _ => of("register") / of("list") * of("reference_list") / of("reference_register"),
        };
        let pound = of("pounds_per_point") * of("list") / of("average_list") * prevalence;
        let now = points(numerator);
        assert_eq!(two(&now), cell(row, "points"));
        let one_more = (&now + BigRational::from_integer(1.into())).min(max.clone());
        for (step, wanted) in [("next", one_more), ("upper", max.clone())] {
            let people = (0..=denominator - numerator).find(|more| points(numerator + more) >= wanted).unwrap();
            assert_eq!(number(row, &format!("{step}_people")), people, "{step} of {row:?}");
            let more = points(numerator + people) - &now;
            assert_eq!(cell(row, &format!("{step}_points")), two(&more), "{step} of {row:?}");
            assert_eq!(cell(row, &format!("{step}_payment")), two(&(&more * &pound)), "{step} of {row:?}");
            steps += usize::from(people > 0);
        }
        // Another part of the program says the same of the upper threshold.
        let hundredths = (to * BigRational::from_integer(100.into())).to_integer().to_u64().unwrap();
        assert_eq!(people_needed(numerator, denominator, Threshold::hundredths(hundredths).unwrap()), Ok(number(row, "upper_people")));
    }
    assert!(counted > 300 && steps > 300, "{counted} rows and {steps} steps are few");
}

/// The thresholds of an indicator, from the table of the handbook of rules.
fn thresholds(measure: &str) -> (BigRational, BigRational) {
    static TABLE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("business-rules/README.md")).unwrap();
        let dudley = text.split("### Dudley").nth(1).unwrap().split("\n### ").next().unwrap();
        let rows = dudley.lines().filter(|line| line.ends_with('|')).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        let cells = rows.filter_map(|cells| Some(((*cells.get(1)?).to_owned(), (*cells.get(5)?).to_owned())));
        cells.filter(|(_, pays)| pays.ends_with('%')).collect()
    });
    let pays = TABLE.get(measure).unwrap_or_else(|| panic!("no thresholds of {measure}"));
    let (from, to) = pays.trim_end_matches(" %").split_once('–').unwrap();
    (exact(from), exact(to))
}

/// What variation.csv says of all practices, worked out elsewhere, is what worth-indicators.csv says.
#[test]
fn half_of_the_gap_is_that_of_variation() {
    let (mine, variation) = (rows("worth/worth-indicators.csv"), rows("out/variation.csv"));
    let mut compared = 0;
    for row in &mine {
        let same = |other: &&Row| ["measure", "interval_end"].iter().all(|column| cell(other, column) == cell(row, column));
        let Some(other) = variation.iter().find(same) else { continue };
        assert_eq!(cell(row, "upper_people"), cell(other, "people_to_threshold"), "{row:?}");
        assert_eq!(cell(row, "practices_half_people"), cell(other, "practices_half_people"), "{row:?}");
        compared += 1;
    }
    assert!(compared > 80, "{compared} indicators are few");
}

/// What if exactly those achieved whom the upper threshold asks for: then all points are earned, and the pounds are those that were told.
#[test]
fn what_if_agrees_with_what_was_told() {
    let worth = rows("worth/worth.csv");
    let open = |row: &&Row| cell(row, "interval_end") == "2017-03-31" && !["", "0"].contains(&cell(row, "upper_people"));
    let chosen: Vec<&Row> = worth.iter().filter(open).step_by(7).collect();
    assert!(chosen.len() > 10, "few rows are open");
    let asked = |row: &&Row| format!("--if \"{} {} +{}\"", cell(row, "measure"), cell(row, "practice_code"), cell(row, "upper_people"));
    let asks: Vec<String> = chosen.iter().map(asked).collect();
    said(RAN.path(), &format!("worth out {} --out then", asks.join(" ")));
    let then = rows("then/worth.csv");
    let then = by_key(&then);
    for row in chosen {
        let told = then.get(&["practice_code", "measure", "interval_end"].map(|column| cell(row, column))).unwrap();
        assert_eq!(number(told, "if_numerator"), number(row, "numerator") + number(row, "upper_people"));
        assert_eq!(exact(cell(told, "if_points")), exact(cell(row, "max_points")), "{told:?}");
        let more = exact(cell(told, "if_payment")) - exact(cell(row, "payment")) - exact(cell(row, "upper_payment"));
        assert!(more.abs() <= BigRational::new(1.into(), 100.into()), "{told:?}");
    }
}

/// More people at all practices together: as many as were asked, none more than a practice has, and nothing else changes.
#[test]
fn what_if_at_all_practices_adds_up() {
    said(RAN.path(), "worth out --if \"CP004 +40\" --out all");
    let all = rows("all/worth.csv");
    let mut more = 0;
    for row in &all {
        if cell(row, "interval_end") != "2017-03-31" {
            assert_eq!(cell(row, "if_numerator"), "");
            continue;
        }
        let added = number(row, "if_numerator") - number(row, "numerator");
        assert!(added <= number(row, "not_achieved"));
        if cell(row, "measure") == "CP004" {
            more += added;
        } else {
            assert_eq!((added, cell(row, "if_payment")), (0, cell(row, "payment")));
        }
    }
    assert_eq!(more, 40);
}
