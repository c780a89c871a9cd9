//! `--layout fingertips`: what it writes of the samples for each audience, and that its figures are those of the other files and of the textbook.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

type Row = BTreeMap<String, String>;

fn dqoh(words: &str, out: &Path) {
    let arguments: Vec<String> = words.split(' ').map(|word| word.replace("OUT", out.to_str().unwrap())).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(env!("CARGO_MANIFEST_DIR")).args(&arguments).output().unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
}

fn rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn the_samples_in_the_layout_of_fingertips() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    dqoh("run sample-extracts --every quarter --no-report --layout fingertips --out OUT/internal", out);
    for audience in ["sharing", "publish"] {
        let given = "report --tally OUT/internal/counts.csv --practices sample-extracts/practices.csv --no-report --layout fingertips";
        dqoh(&format!("{given} --audience {audience} --out OUT/{audience}"), out);
    }
    for audience in ["internal", "sharing", "publish"] {
        let text = fs::read_to_string(out.join(audience).join("fingertips.csv")).unwrap();
        let wanted = |line: &&str| line.starts_with("Indicator ID") || line.starts_with("CP004,") && line.contains(",2016/17,");
        insta::assert_snapshot!(audience, text.lines().filter(wanted).collect::<Vec<_>>().join("\n"));
        are_those_of_variation(&out.join(audience));
    }
    let all = rows(&out.join("internal/fingertips.csv"));
    let row = |practice: &str, period: &str| {
        let mut found =
            all.iter().filter(|row| [&row["Indicator ID"], &row["Area Code"], &row["Time period"]] == ["CP004", practice, period]);
        found.next().unwrap()
    };
    // 11 of 22: 50 per cent; Wilson's score interval, worked by hand.
    let worked = row("P90002", "2016/17");
    let figures = ["Count", "Denominator", "Value", "Lower CI 95.0 limit", "Upper CI 95.0 limit"].map(|column| worked[column].as_str());
    assert_eq!(figures, ["11", "22", "50.000000", "30.722106", "69.277894"]);
    let periods: Vec<&str> =
        ["2016/17 Q1", "2016/17 Q1-Q2", "2016/17 Q1-Q3", "2016/17"].map(|period| row("", period)["Time period Sortable"].as_str()).to_vec();
    assert_eq!(periods, ["20160100", "20160200", "20160300", "20160000"]);
}

/// Counts, limits and words are those of variation.csv and practices-variation.csv, row by row; limits are Wilson's.
fn are_those_of_variation(folder: &Path) {
    let mut ours = rows(&folder.join("fingertips.csv")).into_iter();
    let mut practices = rows(&folder.join("practices-variation.csv")).into_iter().peekable();
    for whole in rows(&folder.join("variation.csv")) {
        let all = ours.next().unwrap();
        same(&all, &whole, "rate_lower_95");
        while let Some(practice) = practices.next_if(|row| ["measure", "interval_end"].iter().all(|column| row[*column] == whole[*column]))
        {
            let row = ours.next().unwrap();
            assert_eq!(row["Area Code"], practice["practice_code"]);
            same(&row, &practice, "lower_95");
            let word = match practice["flag"].split(' ').next().unwrap() {
                "lower" => "Lower",
                "higher" => "Higher",
                "no" => "Similar",
                _ => "Not compared",
            };
            assert_eq!(row["Compared to all practices value or percentiles"], word);
        }
    }
    assert!(ours.next().is_none() && practices.next().is_none(), "rows are left over");
}

fn same(row: &Row, other: &Row, lower: &str) {
    for (column, of) in [("Count", "numerator"), ("Denominator", "denominator")] {
        let shown = other[of].parse::<u64>().map(|number| number.to_string()).unwrap_or_default();
        assert_eq!(row[column], shown, "{row:?}");
    }
    let per_cent = |text: &str| text.parse::<f64>().map(|share| 100.0 * share).ok();
    let close = |column: &str, wanted: Option<f64>| match (row[column].parse::<f64>().ok(), wanted) {
        (None, None) => {}
        (Some(found), Some(wanted)) => assert!((found - wanted).abs() < 0.0001, "{column}: {found}, not {wanted}: {row:?}"),
        different => panic!("{column}: {different:?} in {row:?}"),
    };
    close("Value", per_cent(&other["rate"]));
    close("Lower CI 95.0 limit", per_cent(&other[lower]));
    if row["Lower CI 95.0 limit"].is_empty() {
        assert!(row["Value"].is_empty() || row["Value note"].contains("rounded"), "{row:?}");
        return;
    }
    let [x, n]: [f64; 2] = ["Count", "Denominator"].map(|column| row[column].parse().unwrap());
    for (z, level) in [(1.959_963_984_540_054, "95.0"), (3.090_232_306_167_813, "99.8")] {
        let half = z * f64::sqrt(x / n * (1.0 - x / n) / n + z * z / (4.0 * n * n));
        let limits = [-1.0, 1.0].map(|side| 100.0 * (x / n + z * z / (2.0 * n) + side * half) / (1.0 + z * z / n));
        close(&format!("Lower CI {level} limit"), Some(limits[0]));
        close(&format!("Upper CI {level} limit"), Some(limits[1]));
    }
}
