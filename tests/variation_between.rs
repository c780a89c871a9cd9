//! How practices differ: the methods against figures that other programs published, where ../shared holds them, and against what must always hold.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use dqoh::variation::*;
use proptest::prelude::*;
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
            ("Wilson", Some(x), Some(n)) => {
                near_interval(wilson(x, n, level.z()).unwrap(), at(&row, "lowercl"), at(&row, "uppercl"), 1e-12)
            }
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
            on_line(
                found.lower_expected,
                found.lower,
                at(&row, &format!("lower_{sigma}_exp_events")),
                at(&row, &format!("lower_{sigma}_isr")) / 100.0,
            );
            on_line(
                found.upper_expected,
                found.upper,
                at(&row, &format!("upper_{sigma}_exp_events")),
                at(&row, &format!("upper_{sigma}_isr")) / 100.0,
            );
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
                let there =
                    |side: &str| (at(&row, &format!("{side}_{sigma}_population_1_year")), at(&row, &format!("{side}_{sigma}_limit")));
                let loose = |expected: f64| 1e-5 + 1e-6 / expected;
                near(people(found.lower_expected), there("lower").0, loose(found.lower_expected));
                near(found.lower * baseline, there("lower").1, loose(found.lower_expected));
                near(people(found.upper_expected), there("upper").0, loose(found.upper_expected));
                near(found.upper * baseline, there("upper").1, loose(found.upper_expected));
            }
        }
    }
}

/// FunnelPlotR's limits of a ratio without overdispersion are those of so many observed events, over as many expected.
#[test]
fn exact_counts() {
    for row in vectors("funnelplotr/upstream_poisson_limits.csv") {
        let events = count(&row, "number_seq").unwrap();
        for (level, columns) in LEVELS.into_iter().zip([["ll95", "ul95"], ["ll998", "ul998"]]) {
            let found = exact_poisson(events, level).times(1.0 / events as f64);
            near_interval(found, at(&row, columns[0]), at(&row, columns[1]), 1e-7);
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
            let (at_95, at_998) =
                (found.limits(point.error, Level::Percent95).unwrap(), found.limits(point.error, Level::Percent998).unwrap());
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

/// P(X ≤ x) and P(X ≥ x), every probability written out: slow and plain.
fn plain_tails(x: u64, n: u64, p: f64) -> (f64, f64) {
    let exactly = |k: u64| {
        let ways: f64 = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum();
        (ways + if k > 0 { k as f64 * p.ln() } else { 0.0 } + if k < n { (n - k) as f64 * (1.0 - p).ln() } else { 0.0 }).exp()
    };
    ((0..=x).map(exactly).sum(), (x..=n).map(exactly).sum())
}

/// With few people expected on one side a p-value comes from simulation; here against all tables that are possible.
#[test]
fn p_of_small_practices() {
    let practices = [(4_u64, 5_u64), (1, 6), (0, 3)];
    let found = heterogeneity(&practices, Simulation::USUAL).unwrap();
    let chi_squared = |counts: [u64; 3]| {
        let centre = counts.iter().sum::<u64>() as f64 / 14.0;
        let one = |(x, (_, n)): (&u64, &(u64, u64))| (*x as f64 - *n as f64 * centre).powi(2) / (*n as f64 * centre * (1.0 - centre));
        if centre > 0.0 && centre < 1.0 { counts.iter().zip(&practices).map(one).sum() } else { 0.0 }
    };
    let exactly = |x: u64, n: u64| plain_tails(x, n, 5.0 / 14.0).0 - if x > 0 { plain_tails(x - 1, n, 5.0 / 14.0).0 } else { 0.0 };
    let mut p = 0.0;
    for (a, b, c) in (0..=5).flat_map(|a| (0..=6).flat_map(move |b| (0..=3).map(move |c| (a, b, c)))) {
        if chi_squared([a, b, c]) >= found.chi_squared - 1e-9 {
            p += exactly(a, 5) * exactly(b, 6) * exactly(c, 3);
        }
    }
    assert_eq!(found.by, ChanceFrom::Simulation);
    near(found.chi_squared, chi_squared([4, 1, 0]), 1e-12);
    assert!((found.p - p).abs() < 4.0 * (p * (1.0 - p) / 9_999.0_f64).sqrt(), "{} for {p}", found.p);
    assert_eq!(heterogeneity(&practices, Simulation::USUAL), Ok(found));
    assert_ne!(heterogeneity(&practices, Simulation { seed: 1, ..Simulation::USUAL }).unwrap().p, found.p);
}

/// Practices so large that chance is nothing: variances of localities and practices are those that were put in.
#[test]
fn components_put_in_come_out() {
    let of = 1_000_000;
    let locality = |middle: u64| vec![(middle - 50_000, of), (middle + 50_000, of)];
    let found = components(&[locality(300_000), locality(500_000), locality(700_000)]).unwrap();
    near(found.practices, 0.005, 1e-3);
    near(found.localities, 0.04 - 0.005 / 2.0, 1e-3);
    near(found.locality_share.unwrap(), 0.0375 / 0.0425, 1e-3);
    // One practice a locality more than another, and of other sizes: the same practices and localities.
    let uneven = components(&[vec![(250_000, of), (350_000, of), (600_000, 2 * of)], locality(500_000), locality(700_000)]).unwrap();
    assert!(uneven.localities > 0.03 && uneven.localities < 0.045 && uneven.practices < 0.005, "{uneven:?}");
}

#[test]
fn what_has_no_answer_says_why() {
    let nobody = Err(Impossible::NothingCounted);
    let more = Impossible::MoreThanDenominator { counted: 3, of: 2 };
    assert_eq!(clopper_pearson(0, 0, Level::Percent95), Err(Impossible::NothingCounted));
    assert_eq!(newcombe((1, 2), (3, 2), Level::Percent95), Err(more));
    assert_eq!(mean(&[1.0], Level::Percent95), Err(Impossible::TooFew { what: "numbers", needed: 2, got: 1 }));
    assert_eq!(mean(&[1.0, f64::NAN], Level::Percent95), Err(Impossible::NotANumber { what: "a value" }));
    assert_eq!(poisson_rate(3, 0.0, Level::Percent95), Err(Impossible::NothingCounted));
    assert_eq!(pooled(&[]), nobody);
    assert_eq!(pooled(&[(1, 2), (3, 2)]), Err(more));
    assert_eq!(flag_proportion(1, 2, 1.5), Err(Impossible::Outside { what: "the centre of the funnel", from: 0.0, to: 1.0 }));
    assert_eq!(flag_ratio(1, 0.0), Err(Impossible::NothingCounted));
    assert_eq!(places(10, 5), Err(Impossible::MoreThanDenominator { counted: 10, of: 5 }));
    assert_eq!(ratio_place(0, Level::Percent95), Err(Impossible::TooFew { what: "events", needed: 1, got: 0 }));
    assert_eq!(Scale::Log.point(0, 3.0), Err(Impossible::TooFew { what: "events", needed: 1, got: 0 }));
    assert_eq!(heterogeneity(&[(5, 5), (7, 7)], Simulation::USUAL), Err(Impossible::AllAlike));
    let few = Simulation { draws: 10, seed: 1 };
    assert_eq!(heterogeneity(&[(1, 5), (2, 7)], few), Err(Impossible::TooFew { what: "draws", needed: 100, got: 10 }));
    assert_eq!(ranks(&[(1, 5), (0, 0)], Simulation::USUAL), Err(Impossible::NothingCounted));
    assert_eq!(TrueSpread { centre: 0.5, variance: 0.0 }.people_needed(0.7), Err(Impossible::AllAlike));
    assert_eq!(adjusted(&[0.5, 1.2]), Err(Impossible::Outside { what: "a p-value", from: 0.0, to: 1.0 }));
    let cells = [(1, 5), (2, 5), (9, 9)].map(|(x, n)| vec![Cell { achieved: x, of: n, covariates: vec![x as f64, x as f64] }]);
    assert_eq!(random_intercept(&cells), Err(Impossible::NoAnswer), "two covariates that are the same");
    let cells = [(9, 9), (0, 8), (7, 7), (0, 5)].map(|(x, n)| vec![Cell::plain(x, n)]);
    assert_eq!(random_intercept(&cells), Err(Impossible::NoAnswer), "all or nothing");
    let cells = [vec![Cell::plain(1, 5)], vec![Cell { covariates: vec![1.0], ..Cell::plain(1, 5) }], vec![Cell::plain(1, 5)]];
    assert_eq!(random_intercept(&cells), Err(Impossible::DifferentLengths { first: 0, second: 1 }));
    assert_eq!(intraclass_correlation(&[(1, 1), (0, 1)]), Err(Impossible::TooFew { what: "people in a practice", needed: 2, got: 1 }));
    assert_eq!(more.to_string(), "3 achieved of 2: there cannot be more than were counted");
}

/// Words are one each, and none of them is a judgement.
#[test]
fn five_words() {
    let all = [Flag::Lower998, Flag::Lower95, Flag::NoDifferent, Flag::Higher95, Flag::Higher998].map(Flag::word);
    assert_eq!(all, ["lower 99.8", "lower 95", "no different", "higher 95", "higher 99.8"]);
}

/// Some who achieved, and some who were counted.
fn practice() -> impl Strategy<Value = (u64, u64)> {
    (1_u64..400).prop_flat_map(|of| (0..=of, Just(of)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Limits hold the point that they were found from, those at 99.8 hold those at 95, and the same rate of more people has closer limits.
    #[test]
    fn limits_hold_their_point((x, n) in practice(), times in 2_u64..5) {
        let rate = x as f64 / n as f64;
        let kinds: [&dyn Fn(u64, u64, Level) -> Interval; 3] = [
            &|x, n, level| wilson(x, n, level.z()).unwrap(),
            &|x, n, level| clopper_pearson(x, n, level).unwrap(),
            &|x, n, level| poisson_rate(x, n as f64, level).unwrap(),
        ];
        for kind in kinds {
            let (near, far, larger) = (kind(x, n, Level::Percent95), kind(x, n, Level::Percent998), kind(x * times, n * times, Level::Percent95));
            prop_assert!(near.holds(rate) && far.lower <= near.lower && near.upper <= far.upper, "{near:?} {far:?}");
            prop_assert!(larger.upper - larger.lower < near.upper - near.lower, "{near:?} {larger:?}");
        }
        let same = newcombe((x, n), (x, n), Level::Percent95).unwrap();
        prop_assert!(same.interval.holds(0.0) && same.difference == 0.0);
    }

    /// At an exact limit so many or more, or so few or fewer, are as likely as was asked for.
    #[test]
    fn exact_limits_have_their_tails((x, n) in practice()) {
        for level in LEVELS {
            let found = clopper_pearson(x, n, level).unwrap();
            prop_assert!(x == 0 || (plain_tails(x, n, found.lower).1 / level.tail() - 1.0).abs() < 1e-8);
            prop_assert!(x == n || (plain_tails(x, n, found.upper).0 / level.tail() - 1.0).abs() < 1e-8);
        }
    }

    /// Where few are expected flags are those of exact probabilities, and the smooth exact limits leave outside just what is flagged.
    #[test]
    fn flags_agree_with_tails((x, n) in practice(), centre in 0.001_f64..0.999) {
        let flag = flag_proportion(x, n, centre).unwrap();
        if (n as f64) * centre.min(1.0 - centre) < 10.0 {
            let (low, high) = plain_tails(x, n, centre);
            let wanted = match () {
                () if low < 0.001 => Flag::Lower998,
                () if high < 0.001 => Flag::Higher998,
                () if low < 0.025 => Flag::Lower95,
                () if high < 0.025 => Flag::Higher95,
                () => Flag::NoDifferent,
            };
            prop_assert_eq!(flag, wanted);
            let (near, far) = (exact_proportion_limits(centre, n, Level::Percent95).unwrap(), exact_proportion_limits(centre, n, Level::Percent998).unwrap());
            let rate = x as f64 / n as f64;
            prop_assert_eq!(!near.holds(rate), flag != Flag::NoDifferent, "{} {:?}", rate, near);
            prop_assert_eq!(!far.holds(rate), flag == Flag::Lower998 || flag == Flag::Higher998);
        } else {
            let line = proportion_limits(centre, n as f64, Level::Percent95).unwrap();
            prop_assert_eq!(!line.holds(x as f64 / n as f64), flag != Flag::NoDifferent);
        }
    }

    /// The flag of a ratio is where it lies from the drawn lines, which are found the other way round.
    #[test]
    fn ratios_agree_with_lines(x in 1_u64..500, expected in 0.1_f64..500.0) {
        let (near, far) = (exact_poisson(x, Level::Percent95), exact_poisson(x, Level::Percent998));
        let wanted = match () {
            () if expected > far.upper => Flag::Lower998,
            () if expected < far.lower => Flag::Higher998,
            () if expected > near.upper => Flag::Lower95,
            () if expected < near.lower => Flag::Higher95,
            () => Flag::NoDifferent,
        };
        prop_assert_eq!(flag_ratio(x, expected).unwrap(), wanted);
        let smooth = exact_ratio_limits(expected, Level::Percent95).unwrap();
        prop_assert_eq!(!smooth.holds(x as f64 / expected), wanted != Flag::NoDifferent);
    }

    /// Practices in another order have the same numbers, but for the last figures of sums.
    #[test]
    fn order_does_not_matter(practices in prop::collection::vec(practice(), 4..12)) {
        let mut other = practices.clone();
        other.reverse();
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
        let both = [&practices, &other];
        let [a, b] = both.map(|list| TrueSpread::of(list));
        if let (Ok(a), Ok(b)) = (a, b) {
            prop_assert!(same(a.variance, b.variance) && a.centre == b.centre);
            let fits = both.map(|list| random_intercept(&list.iter().map(|(x, n)| vec![Cell::plain(*x, *n)]).collect::<Vec<_>>()));
            if let [Ok(a), Ok(b)] = &fits {
                prop_assert!((a.variance - b.variance).abs() < 1e-3 * (1.0 + a.variance), "{a:?} {b:?}");
            }
            prop_assert_eq!(fits[0].is_ok(), fits[1].is_ok());
        }
        let [a, b] = both.map(|list| spread(list).unwrap());
        prop_assert!(same(a.chance_share, b.chance_share) && a.p10 == b.p10 && a.p90 == b.p90);
        let p: Vec<f64> = practices.iter().map(|(x, n)| two_sided(*x, *n, 0.5).unwrap()).collect();
        let mut backwards: Vec<f64> = p.iter().rev().copied().collect();
        backwards = adjusted(&backwards).unwrap();
        backwards.reverse();
        let kept = adjusted(&p).unwrap();
        prop_assert_eq!(&kept, &backwards);
        prop_assert!(kept.iter().zip(&p).all(|(kept, p)| kept >= p && *kept <= 1.0));
    }

    /// Limits that allow for a spread lie outside those that do not, on every scale and at every size; and neither leaves what is possible.
    #[test]
    fn wider_with_spread(practices in prop::collection::vec(practice(), 4..12)) {
        let centre = pooled(&practices).unwrap();
        for (scale, rate) in [(Scale::Arcsine, centre), (Scale::SquareRoot, 1.0), (Scale::LogOfCounts, centre)] {
            let of = |n: u64| if scale == Scale::SquareRoot { n as f64 * centre } else { n as f64 };
            let Ok(points) = practices.iter().map(|(x, n)| scale.point(*x, of(*n))).collect::<Result<Vec<Point>, _>>() else { continue };
            let Ok(found) = overdispersion(scale, rate, &points, Trim::USUAL) else { continue };
            for (point, (x, n)) in points.iter().zip(&practices) {
                let both = found.limits(point.error, Level::Percent95).unwrap();
                prop_assert!(both.plain.lower >= 0.0 && both.plain.lower <= rate + 1e-12 && both.plain.upper >= rate - 1e-12, "{x} of {n}: {both:?}");
                prop_assert!(scale != Scale::Arcsine || both.plain.upper <= 1.0);
                let outside = !both.widened.unwrap_or(both.plain).holds(*x as f64 / of(*n));
                // At the ends of a scale limits are cut off, and values can lie on them.
                prop_assert!(scale == Scale::LogOfCounts || !outside || found.flag(*point).unwrap() != Flag::NoDifferent);
                if let Some(wide) = both.widened {
                    prop_assert!(wide.lower <= both.plain.lower && wide.upper >= both.plain.upper && found.tau_squared > 0.0);
                }
            }
        }
    }

    /// What a practice most likely is lies between what it showed and what all are, and more people are more reliable.
    #[test]
    fn drawn_towards_all((x, n) in practice(), centre in 0.01_f64..0.99, deviation in 0.001_f64..0.2) {
        let practices = TrueSpread { centre, variance: deviation * deviation };
        let (likely, rate) = (practices.likely_rate(x, n).unwrap(), x as f64 / n as f64);
        prop_assert!(likely >= rate.min(centre) - 1e-12 && likely <= rate.max(centre) + 1e-12);
        prop_assert!(practices.reliability(n).unwrap() < practices.reliability(n + 1).unwrap());
        let needed = practices.people_needed(0.7).unwrap();
        prop_assert!(practices.reliability(needed).unwrap() >= 0.7 - 1e-9);
        prop_assert!(needed < 2 || practices.reliability(needed - 1).unwrap() < 0.7);
    }
}
