//! How practices differ: the methods against figures that other programs published, where ../shared holds them, and against what must always hold.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use dqoh::variation::*;
use std::collections::BTreeMap;
use std::path::Path;

const LEVELS: [Level; 2] = [Level::Percent95, Level::Percent998];

type Row = BTreeMap<String, String>;

/// The rows of a file of figures, by column; none where the figures are not there.
fn vectors(name: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(name);
    if !path.is_file() {
        println!("skipped: there is no ../shared/vectors/{name} here");
        return Vec::new();
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty(), "{name} has no rows");
    rows
}

/// A cell as a number; nothing where it is empty.
fn cell(row: &Row, column: &str) -> Option<f64> {
    let text = row.get(column).unwrap_or_else(|| panic!("no column {column}"));
    text.parse().ok()
}

fn at(row: &Row, column: &str) -> f64 {
    cell(row, column).unwrap_or_else(|| panic!("no number in {column}: {row:?}"))
}

/// A count, where the cell is a whole number.
fn count(row: &Row, column: &str) -> Option<u64> {
    row.get(column).unwrap().parse().ok()
}

#[track_caller]
fn near(found: f64, wanted: f64, relative: f64) {
    assert!((found - wanted).abs() <= relative * wanted.abs().max(1e-300), "found {found}, wanted {wanted}");
}

#[track_caller]
fn near_interval(found: Interval, lower: f64, upper: f64, relative: f64) {
    near(found.lower, lower, relative);
    near(found.upper, upper, relative);
}

#[test]
fn wilson_and_byar() {
    for row in vectors("phe/Byars_Wilson__testdata_B_W.csv") {
        let level = if row["confidence"] == "95%" { Level::Percent95 } else { Level::Percent998 };
        match (row["method"].as_str(), count(&row, "x"), count(&row, "n")) {
            ("Wilson", Some(x), Some(n)) => near_interval(wilson(x, n, level.z()).unwrap(), at(&row, "lowercl"), at(&row, "uppercl"), 1e-12),
            // Below ten events the program has the exact interval instead.
            ("Byars", Some(x), None) if x >= 10 => near_interval(poisson(x, level), at(&row, "lowercl"), at(&row, "uppercl"), 1e-12),
            _ => {}
        }
    }
}

#[test]
fn proportions() {
    for row in vectors("phe/Proportion__testdata_Prop.csv") {
        let (Some(x), Some(n)) = (count(&row, "Numerator"), count(&row, "Denominator")) else { continue };
        for (level, name) in LEVELS.into_iter().zip(["95_0", "99_8"]) {
            let found = wilson(x, n, level.z()).unwrap().times(at(&row, "multiplier"));
            near_interval(found, at(&row, &format!("lower{name}cl")), at(&row, &format!("upper{name}cl")), 1e-11);
        }
    }
    for row in vectors("phe/Proportion__testdata_Prop_g.csv") {
        let (Some(x), Some(n)) = (count(&row, "Numerator"), count(&row, "Denominator")) else { continue };
        near_interval(wilson(x, n, Z_95).unwrap(), at(&row, "lowercl"), at(&row, "uppercl"), 1e-11);
    }
}

#[test]
fn rates() {
    for row in vectors("phe/Rate__testdata_Rate.csv") {
        let (Some(x), Some(n)) = (count(&row, "Numerator"), cell(&row, "Denominator")) else { continue };
        for (level, name) in LEVELS.into_iter().zip(["95_0", "99_8"]) {
            let found = poisson_rate(x, n, level).unwrap().times(at(&row, "multiplier"));
            near_interval(found, at(&row, &format!("lower{name}cl")), at(&row, &format!("upper{name}cl")), 1e-10);
        }
    }
    for row in vectors("phe/Rate__testdata_Rate_g.csv") {
        let (Some(x), Some(n)) = (count(&row, "Numerator"), cell(&row, "Denominator")) else { continue };
        let found = poisson_rate(x, n, Level::Percent95).unwrap().times(at(&row, "multiplier"));
        near_interval(found, at(&row, "lowercl"), at(&row, "uppercl"), 1e-10);
    }
}

#[test]
fn means() {
    let values = vectors("phe/Mean__testdata_Mean.csv");
    for row in vectors("phe/Mean__testdata_Mean_results.csv") {
        let of_area = values.iter().filter(|value| row["area"] == "No grouping" || value["area"] == row["area"]);
        let numbers: Vec<f64> = of_area.map(|value| at(value, "values")).collect();
        for (level, name) in LEVELS.into_iter().zip(["95_0", "99_8"]) {
            let found = mean(&numbers, level).unwrap();
            near(found.deviation, at(&row, "stdev"), 1e-12);
            near_interval(found.interval, at(&row, &format!("lower{name}cl")), at(&row, &format!("upper{name}cl")), 1e-9);
        }
    }
}

/// As Fingertips words it, without saying on which side of good a value lies.
fn flag_of(words: &str) -> Option<Flag> {
    match words {
        "High (0.001)" => Some(Flag::Higher998),
        "High (0.025)" => Some(Flag::Higher95),
        "Low (0.001)" => Some(Flag::Lower998),
        "Low (0.025)" => Some(Flag::Lower95),
        "Not significant" => Some(Flag::NoDifferent),
        _ => None,
    }
}

#[test]
fn funnel_of_proportions() {
    let inputs = vectors("phe/testdata_funnel_prop_inputs.csv");
    // Some numerators are estimates: the nearest whole person is flagged the same.
    let practices: Vec<(u64, u64)> =
        inputs.iter().map(|row| (at(row, "numerator").round() as u64, count(row, "denominator").unwrap())).collect();
    let centre_below = |most: f64| {
        let used = || inputs.iter().filter(move |row| at(row, "denominator") < most);
        used().map(|row| at(row, "numerator")).sum::<f64>() / used().map(|row| at(row, "denominator")).sum::<f64>()
    };
    let centre = centre_below(f64::INFINITY);
    for (row, (x, n)) in inputs.iter().zip(&practices) {
        assert_eq!(Some(flag_proportion(*x, *n, centre).unwrap()), flag_of(&row["significance"]), "{row:?}");
    }
    let tables = [("testdata_funnel_prop_outputs.csv", f64::INFINITY), ("testdata_funnel_prop_outputs_with_axis_variation.csv", 31_000.0)];
    for (name, below) in tables {
        for row in lines(&format!("phe/{name}"), "Population") {
            near(at(&row, "Baseline") / 100.0, centre_below(below), 1e-8);
            for (level, columns) in
                LEVELS.into_iter().zip([["Lower2s0025limit", "Upper2s0025limit"], ["Lower3s0001limit", "Upper3s0001limit"]])
            {
                let found = proportion_limits(at(&row, "Baseline") / 100.0, at(&row, "Population"), level).unwrap().times(100.0);
                near_interval(found, at(&row, columns[0]), at(&row, columns[1]), 1e-6);
            }
        }
    }
}

#[test]
fn funnel_of_ratios() {
    for row in vectors("phe/testdata_funnel_ratio_inputs.csv") {
        let found = flag_ratio(count(&row, "obs").unwrap(), at(&row, "expected")).unwrap();
        assert_eq!(Some(found), flag_of(&row["significance"]), "{row:?}");
    }
    for row in lines("phe/testdata_funnel_ratio_outputs.csv", "Observed_events") {
        for (level, sigma) in LEVELS.into_iter().zip(["2s", "3s"]) {
            let found = ratio_place(count(&row, "Observed_events").unwrap(), level).unwrap();
            on_line(found.lower_expected, found.lower, at(&row, &format!("lower_{sigma}_exp_events")), at(&row, &format!("lower_{sigma}_isr")) / 100.0);
            on_line(found.upper_expected, found.upper, at(&row, &format!("upper_{sigma}_exp_events")), at(&row, &format!("upper_{sigma}_isr")) / 100.0);
        }
    }
}

/// The rows of a table of lines, whose places along the axis are ours.
fn lines(name: &str, axis: &str) -> Vec<Row> {
    let rows = vectors(name);
    let places_there: Vec<u64> = rows.iter().map(|row| count(row, axis).unwrap()).collect();
    if let Some((first, last)) = places_there.first().zip(places_there.last()) {
        assert_eq!(places(*first, *last).unwrap(), places_there, "{name}");
    }
    rows
}

/// The lines there were found by halving until 0.0000001 was left.
#[track_caller]
fn on_line(expected: f64, ratio: f64, wanted_expected: f64, wanted_ratio: f64) {
    let loose = 1e-5 + 1e-7 / expected;
    near(expected, wanted_expected, loose);
    near(ratio, wanted_ratio, loose);
}

#[test]
fn funnel_of_rates() {
    let rows = vectors("phe/testdata_funnel_rate_dsr_inputs.csv");
    let check = |with_none: bool, column: &str, people: fn(&Row) -> Option<f64>| {
        let used: Vec<(u64, f64, &str)> = rows
            .iter()
            .filter_map(|row| Some((count(row, "count")?, people(row)?, row[column].as_str())))
            .filter(|(events, _, _)| with_none || *events > 0)
            .collect();
        let events: u64 = used.iter().map(|(events, _, _)| events).sum();
        let rate = events as f64 / used.iter().map(|(_, people, _)| people).sum::<f64>();
        for (events, people, words) in used {
            assert_eq!(Some(flag_rate(events, people, rate).unwrap()), flag_of(words), "{events} of {people}: {column}");
        }
    };
    check(true, "crude_per_100000_with_0", |row| cell(row, "pop"));
    check(false, "crude_per_100000_without_0", |row| cell(row, "pop"));
    check(false, "dsr_per_100000_with_0", |row| Some(at(row, "count") / cell(row, "rate_dsr")? * 100_000.0));
    for name in ["testdata_funnel_rate_outputs.csv", "testdata_funnel_rate_outputs_2.csv", "testdata_funnel_rate_outputs_3.csv"] {
        for row in lines(&format!("phe/{name}"), "Events") {
            let baseline = at(&row, "baseline");
            let people = |expected: f64| expected / baseline * 1e5 / 3.0; // three years, drawn for one
            for (level, sigma) in LEVELS.into_iter().zip(["2s", "3s"]) {
                let found = ratio_place(count(&row, "Events").unwrap(), level).unwrap();
                let there = |side: &str| (at(&row, &format!("{side}_{sigma}_population_1_year")), at(&row, &format!("{side}_{sigma}_limit")));
                let loose = |expected: f64| 1e-5 + 1e-6 / expected;
                near(people(found.lower_expected), there("lower").0, loose(found.lower_expected));
                near(found.lower * baseline, there("lower").1, loose(found.lower_expected));
                near(people(found.upper_expected), there("upper").0, loose(found.upper_expected));
                near(found.upper * baseline, there("upper").1, loose(found.upper_expected));
            }
        }
    }
}

/// FunnelPlotR's figures, where it is right: z-scores, φ and τ² of all, limits on the logarithmic scale.
#[test]
fn overdispersed() {
    let points = vectors("funnelplotr/upstream_test_points.csv");
    for summary in vectors("funnelplotr/upstream_test_summary.csv") {
        let of_case: Vec<&Row> = points.iter().filter(|row| row["case"] == summary["case"]).collect();
        assert_eq!(of_case.len(), 6);
        let share = at(&summary, "trim_by");
        let (scale, rate, trim) = match (summary["data_type"].as_str(), summary["sr_method"].as_str()) {
            ("SR", "SHMI") => (Scale::Log, 1.0, Trim::Truncate(share)),
            ("SR", _) => (Scale::SquareRoot, 1.0, Trim::Winsorise(share)),
            _ => (Scale::LogOfCounts, at(&summary, "target"), Trim::Winsorise(share)),
        };
        let own: Vec<Point> =
            of_case.iter().map(|row| scale.point(count(row, "numerator").unwrap(), at(row, "denominator")).unwrap()).collect();
        let found = overdispersion(scale, rate, &own, trim).unwrap();
        near(found.phi, at(&summary, "phi"), 1e-9);
        assert_eq!(found.used as f64, at(&summary, "n_used"));
        if summary["used_adjusted"] == "TRUE" {
            near(found.tau_squared, at(&summary, "tau2"), 1e-9);
        }
        for ((row, point), z) in of_case.iter().zip(&own).zip(&found.z) {
            near(point.value, at(row, "Y"), 1e-9);
            near(point.error, at(row, "s_zscore"), 1e-9);
            near(*z, at(row, "Uzscore"), 1e-9);
            let (at_95, at_998) = (found.limits(point.error, Level::Percent95).unwrap(), found.limits(point.error, Level::Percent998).unwrap());
            // On the other scales that program's limits are wrong.
            if scale == Scale::Log {
                near_interval(at_95.widened.unwrap(), at(row, "OD95LCL"), at(row, "OD95UCL"), 1e-6);
                near_interval(at_998.widened.unwrap(), at(row, "OD99LCL"), at(row, "OD99UCL"), 1e-6);
            }
            assert_eq!(at_95.widened.is_some(), found.phi > 1.0);
        }
    }
}

/// The likelihood of the model added up finely, without quadrature, is highest at what the fit found.
#[test]
fn the_fit_is_the_top() {
    let practices: [(u64, u64); 8] = [(3, 12), (40, 60), (8, 9), (55, 140), (20, 31), (2, 2), (17, 44), (90, 120)];
    let fit = random_intercept(&practices.map(|(x, n)| vec![Cell::plain(x, n)])).unwrap();
    let height = |intercept: f64, deviation: f64| -> f64 {
        let one = |(x, n): &(u64, u64)| {
            let of_level = |step: i32| {
                let level = f64::from(step) * 0.002;
                let odds: f64 = intercept + deviation * level;
                let log = *x as f64 * odds - *n as f64 * odds.exp().ln_1p() - level * level / 2.0;
                log.exp() * 0.002 / std::f64::consts::TAU.sqrt()
            };
            (-4500..=4500).map(of_level).sum::<f64>().ln()
        };
        practices.iter().map(one).sum()
    };
    let (intercept, deviation) = (fit.intercept, fit.variance.sqrt());
    let top = height(intercept, deviation);
    for (a, b) in [(1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3)] {
        assert!(height(intercept + a, deviation + b) < top, "{fit:?}: {a} {b}");
    }
    let without = height((235.0_f64 / 183.0).ln(), 0.0);
    near(2.0 * (top - without), fit.likelihood_ratio, 1e-9);
}

/// Herds of cattle and quarters of a year (Lesnoff and others 2004, Preventive Veterinary Medicine 64:27), with a covariate for each later quarter.
/// The figures are those of R's lme4 with seven nodes, as its users have published them.
#[test]
fn herds_of_cattle() {
    let mut herds: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    for row in include_str!("variation/cattle.csv").lines().skip(1) {
        let cells: Vec<u32> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        let later = [2, 3, 4].map(|quarter| f64::from(u8::from(cells[3] == quarter)));
        let cell = Cell { achieved: cells[1].into(), of: cells[2].into(), covariates: later.to_vec() };
        herds.entry(cells[0]).or_default().push(cell);
    }
    let fit = random_intercept(&herds.into_values().collect::<Vec<_>>()).unwrap();
    for (found, wanted) in [fit.intercept].iter().chain(&fit.slopes).zip([-1.3992, -0.9914, -1.1278, -1.5795]) {
        assert!((found - wanted).abs() < 2e-4, "{fit:?}");
    }
    for (found, wanted) in fit.errors.iter().zip([0.2335, 0.3068, 0.3268, 0.4276]) {
        assert!((found - wanted).abs() < 5e-4, "{fit:?}");
    }
    assert!((fit.variance.sqrt() - 0.6475).abs() < 2e-4 && fit.p < 0.001, "{fit:?}");
}

/// Where practices are more alike than chance makes them there is no spread, and the model is the plain one.
#[test]
fn no_spread() {
    let fit = random_intercept(&[(18, 40), (20, 40), (21, 40), (19, 40)].map(|(x, n)| vec![Cell::plain(x, n)])).unwrap();
    assert_eq!((fit.variance, fit.p, fit.likelihood_ratio, fit.median_odds_ratio()), (0.0, 1.0, 0.0, 1.0));
    near(fit.intercept, (78.0_f64 / 82.0).ln(), 1e-9);
    near(fit.errors[0], (160.0_f64 / (78.0 * 82.0)).sqrt(), 1e-9);
}
