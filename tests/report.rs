//! Counts go out and come back: `dqoh report` makes of the counts of a run the same files, byte for byte, and of counts
//! that are not right nothing at all.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const FILES: [&str; 6] = ["results.csv", "counts.csv", "lines.csv", "payment.csv", "variation.csv", "practices-variation.csv"];
const PLANNING: [&str; 3] = ["care-planning.csv", "pathway.csv", "planning-counts.csv"];

/// What is counted finer, and what follows from it.
const FINER: [&str; 5] = ["cells.csv", "pairs.csv", "standardised.csv", "inequality.csv", "associations.csv"];

/// Beside them: csv-metadata.json, which tells of the files that are there.
const METADATA: usize = 1;

/// Runs the program in the project's folder.
fn dqoh(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dqoh"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}

fn succeeds(arguments: &[&str]) -> String {
    let output = dqoh(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The sample, counted natively.
fn native(out: &Path, more: &[&str]) {
    let arguments = ["run", "sample-extracts", "--no-report", "--out", out.to_str().unwrap()];
    succeeds(&[&arguments[..], more].concat());
}

/// Rows and columns in another order, as a database may return them.
fn shuffled(counts: &str) -> (String, Vec<String>) {
    let turned = |row: &str| {
        let mut cells: Vec<&str> = row.split(',').collect();
        // Not read: it follows from the day.
        cells.pop();
        cells.rotate_left(3);
        cells.join(",")
    };
    let mut rows = counts.lines().map(turned);
    let header = rows.next().unwrap();
    let rows: Vec<String> = rows.collect();
    let step = (rows.len() / 3..).find(|step| common_divisor(*step, rows.len()) == 1).unwrap();
    let order = (0..rows.len()).map(|at| at * step % rows.len());
    (header, order.map(|at| rows.get(at).unwrap().clone()).collect())
}

fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Reports what a run counted, rows shuffled and in two files, and compares every byte of what follows from counts.
fn comes_back(run: &[&str], rules: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let [out, again] = ["out", "again"].map(|name| folder.path().join(name));
    native(&out, &[run, rules].concat());
    let counts = fs::read_to_string(out.join("counts.csv")).unwrap();
    let (header, rows) = shuffled(&counts);
    assert!(rows.len() > 500, "only {} rows were counted", rows.len());
    let (first, second) = rows.split_at(rows.len() / 4);
    let files = [("first.csv", first), ("second.csv", second)].map(|(name, rows)| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let [first, second] = &files;
    let practices = ["--practices", "sample-extracts/practices.csv", "--out", again.to_str().unwrap()];
    succeeds(&[&["report", "--no-report", "--tally", first, "--tally", second][..], &practices, rules].concat());
    for name in FILES {
        let [native, back] = [&out, &again].map(|folder| fs::read_to_string(folder.join(name)).unwrap());
        let differ = native.lines().zip(back.lines()).find(|(native, back)| native != back);
        assert!(native == back, "{run:?} {rules:?}: {name} differs, first in (native, reported): {differ:?}");
    }
    let written = fs::read_dir(&again).unwrap().count();
    assert_eq!(written, FILES.len() + METADATA, "only what follows from counts is written");
}

/// Reports what a run counted of pathways, rows shuffled and in two files, and compares every byte.
fn planning_comes_back(run: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let [out, again] = ["out", "again"].map(|name| folder.path().join(name));
    native(&out, run);
    let (header, rows) = shuffled(&fs::read_to_string(out.join("planning-counts.csv")).unwrap());
    assert!(rows.len() > 500, "only {} rows were counted", rows.len());
    let (first, second) = rows.split_at(rows.len() / 3);
    let files = [("first.csv", first), ("second.csv", second)].map(|(name, rows)| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let [first, second] = &files;
    let counts = out.join("counts.csv");
    let given = ["report", "--no-report", "--tally", counts.to_str().unwrap(), "--planning", first, "--planning", second];
    succeeds(&[&given[..], &["--practices", "sample-extracts/practices.csv", "--out", again.to_str().unwrap()]].concat());
    for name in FILES.into_iter().chain(PLANNING) {
        let [native, back] = [&out, &again].map(|folder| fs::read_to_string(folder.join(name)).unwrap());
        let differ = native.lines().zip(back.lines()).find(|(native, back)| native != back);
        assert!(native == back, "{run:?}: {name} differs, first in (native, reported): {differ:?}");
    }
    assert_eq!(fs::read_dir(&again).unwrap().count(), FILES.len() + PLANNING.len() + METADATA);
}

/// Reports what a run counted finer on its last day, rows shuffled and cells in two files, and compares every byte.
fn finer_comes_back(run: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let [out, again] = ["out", "again"].map(|name| folder.path().join(name));
    native(&out, run);
    let (header, cells) = shuffled(&fs::read_to_string(out.join("cells.csv")).unwrap());
    let (pairs_header, pairs) = shuffled(&fs::read_to_string(out.join("pairs.csv")).unwrap());
    assert!(cells.len() > 500 && pairs.len() > 50, "only {} and {} rows were counted", cells.len(), pairs.len());
    let (first, second) = cells.split_at(cells.len() / 3);
    let files = [("first.csv", &header, first), ("second.csv", &header, second), ("pairs.csv", &pairs_header, &pairs[..])];
    let files = files.map(|(name, header, rows)| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let [first, second, pairs] = &files;
    let counts = out.join("counts.csv");
    let given = ["report", "--no-report", "--tally", counts.to_str().unwrap(), "--cells", first, "--cells", second, "--pairs", pairs];
    succeeds(&[&given[..], &["--practices", "sample-extracts/practices.csv", "--out", again.to_str().unwrap()]].concat());
    for name in FILES.into_iter().chain(FINER) {
        let [native, back] = [&out, &again].map(|folder| fs::read_to_string(folder.join(name)).unwrap());
        let differ = native.lines().zip(back.lines()).find(|(native, back)| native != back);
        assert!(native == back, "{run:?}: {name} differs, first in (native, reported): {differ:?}");
    }
    assert_eq!(fs::read_dir(&again).unwrap().count(), FILES.len() + FINER.len() + METADATA);
}

#[test]
fn what_is_counted_finer_comes_back() {
    finer_comes_back(&[]);
    finer_comes_back(&["--as-at", "2016-06-30,2017-02-28", "--view", "rolling"]);
}

/// Small mistakes in cells.csv.
const CELL_MISTAKES: &[(&str, &str, &str, Change)] = &[
    ("D015", "made by other rules", "row 2, column framework_hash", |rows| set(rows, "framework_hash", 1, "0")),
    ("D016", "no such indicator", "row 3, column measure", |rows| set(rows, "measure", 2, "XY999")),
    ("D016", "no such practice", "row 3, column practice_code", |rows| set(rows, "practice_code", 2, "P99999")),
    ("D016", "no such group of people", "row 3, column age_band", |rows| set(rows, "age_band", 2, "60-65")),
    ("D016", "no such group of people", "row 3, column age_band", |rows| set(rows, "imd_quintile", 2, "6")),
    ("D016", "this is no reporting day", "row 3, column interval_end", |rows| set(rows, "interval_end", 2, "31/03/2017")),
    ("D016", "a whole number, 0 or above", "row 3, column achieved", |rows| set(rows, "achieved", 2, "-1")),
    ("D016", "more achieved than are in the denominator", "row 3, column achieved", |rows| set(rows, "achieved", 2, "999")),
    ("D017", "stands there twice", "row 5", |rows| {
        let row = rows.get(2).unwrap().clone();
        rows.insert(4, row);
    }),
    ("D018", "of two days or views", "row 3, column interval_end", |rows| set(rows, "interval_end", 2, "2016-09-30")),
    ("D018", "of two days or views", "row 3, column interval_end", |rows| set(rows, "view", 2, "rolling")),
    ("D016", "no results of this day", "row 2, column interval_end", |rows| {
        (1..rows.len()).for_each(|row| set(rows, "interval_end", row, "2016-09-30"));
    }),
    ("D019", "do not add up", "its people are not those of the results", |rows| _ = rows.remove(2)),
];

/// Small mistakes in pairs.csv.
const PAIR_MISTAKES: &[(&str, &str, &str, Change)] = &[
    ("D016", "no such [[associate]]", "row 3, column association", |rows| set(rows, "association", 2, "PLAN-WEIGHT")),
    ("D016", "no such [[associate]]", "row 3, column association", |rows| set(rows, "outcome", 2, "DM009")),
    ("D016", "no such practice", "row 3, column practice_code", |rows| set(rows, "practice_code", 2, "P99999")),
    ("D016", "neither `yes` nor `no`", "row 3, column taken_up", |rows| set(rows, "taken_up", 2, "perhaps")),
    ("D017", "stands there twice", "row 5", |rows| {
        let row = rows.get(2).unwrap().clone();
        rows.insert(4, row);
    }),
    ("D019", "do not add up", "there are more people than the results have", |rows| set(rows, "people", 2, "99999")),
];

#[test]
fn what_is_counted_finer_is_refused_where_it_is_not_right() {
    let given = |option: &'static str| {
        move |right: &str, wrong: &str| vec!["--tally".to_owned(), right.to_owned(), option.to_owned(), wrong.to_owned()]
    };
    are_refused(CELL_MISTAKES, "cells.csv", given("--cells"));
    are_refused(PAIR_MISTAKES, "pairs.csv", given("--pairs"));
}

#[test]
fn what_pathways_count_comes_back() {
    planning_comes_back(&[]);
    planning_comes_back(&["--as-at", "2016-06-30,2017-02-28,2017-09-30", "--view", "rolling"]);
}

#[test]
fn counts_of_one_day_come_back() {
    comes_back(&[], &[]);
}

#[test]
fn counts_of_several_days_come_back() {
    // The last day lies in the year after: the period moves.
    comes_back(&["--as-at", "2016-06-30,2016-12-31,2017-03-31,2017-09-30"], &[]);
}

#[test]
fn counts_of_the_rolling_view_come_back() {
    comes_back(&["--every", "quarter", "--view", "rolling"], &[]);
}

#[test]
fn counts_by_other_rules_come_back() {
    let rules = ["--rules", "business-rules/qof-2021-22-diabetes"];
    comes_back(&["--as-at", "2017-03-31,2022-03-31"], &rules);
    comes_back(&["--as-at", "2016-12-31,2017-03-31", "--view", "rolling"], &rules);
}

#[test]
fn a_practice_without_counts_is_named() {
    let folder = tempfile::tempdir().unwrap();
    native(folder.path(), &[]);
    let [counts, practices, again] = ["counts.csv", "more.csv", "again"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let listed = fs::read_to_string("sample-extracts/practices.csv").unwrap();
    let header = listed.lines().next().unwrap();
    let cells: Vec<&str> = header.split(',').map(|column| if column == "practice_code" { "P99999" } else { "" }).collect();
    fs::write(&practices, format!("{}\n{}\n", listed.trim_end(), cells.join(","))).unwrap();
    let output = dqoh(&["report", "--no-report", "--tally", &counts, "--practices", &practices, "--out", &again]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("nobody is counted at P99999"));
    let results = fs::read_to_string(Path::new(&again).join("results.csv")).unwrap();
    assert!(results.lines().any(|row| row.contains(",P99999,") && row.contains(",no-data,")));
}

/// What is done to the cells of the header and of all rows.
type Change = fn(&mut Vec<Vec<String>>);

fn set(rows: &mut [Vec<String>], column: &str, row: usize, to: &str) {
    let at = rows.first().unwrap().iter().position(|name| name == column).unwrap();
    to.clone_into(rows.get_mut(row).unwrap().get_mut(at).unwrap());
}

/// Each mistake: its code, the words that tell it, what the message says of the place, and how it is made.
const MISTAKES: &[(&str, &str, &str, Change)] = &[
    ("D003", "no column `people`", "row 1, column people", |rows| set(rows, "people", 0, "persons")),
    ("D003", "no column `stratum`", "row 1, column stratum", |rows| set(rows, "stratum", 0, "by")),
    ("D005", "this file is empty", "", Vec::clear),
    ("D005", "there is no count in this file", "", |rows| rows.truncate(1)),
    ("D015", "made by other rules", "row 4, column framework_hash", |rows| set(rows, "framework_hash", 3, "0123")),
    ("D016", "no such measure", "row 3, column measure", |rows| set(rows, "measure", 2, "NO-SUCH-MEASURE")),
    ("D016", "no such line", "row 3, column line", |rows| set(rows, "line", 2, "999")),
    ("D016", "a line is a whole number", "row 3, column line", |rows| set(rows, "line", 2, "1.0")),
    ("D016", "this practice is not listed", "row 3, column practice_code", |rows| set(rows, "practice_code", 2, "P00000")),
    ("D016", "count nobody by this", "row 3, column stratum\n", |rows| set(rows, "stratum", 2, "height")),
    ("D016", "no such stratum", "row 3, column stratum_value", |rows| {
        set(rows, "stratum", 2, "sex");
        set(rows, "stratum_value", 2, "women");
    }),
    ("D016", "this is no reporting day", "row 3, column interval_end", |rows| set(rows, "interval_end", 2, "31/03/2017")),
    ("D016", "there is no such view", "row 3, column view", |rows| set(rows, "view", 2, "monthly")),
    ("D018", "of two views", "row 3, column view", |rows| set(rows, "view", 2, "rolling")),
    ("D016", "a whole number, 0 or above", "row 3, column people", |rows| set(rows, "people", 2, "many")),
    ("D016", "a whole number, 0 or above", "row 3, column people", |rows| set(rows, "people", 2, "")),
    ("D016", "a whole number, 0 or above (the first of 2)", "row 3, column people", |rows| {
        set(rows, "people", 2, "-1");
        set(rows, "people", 5, "-1");
    }),
    ("D016", "more people than there can be", "row 3, column people", |rows| set(rows, "people", 2, "4294967296")),
    ("D016", "this row of counts cannot be read", "row 3\n", |rows| rows.get_mut(2).unwrap().push("more".to_owned())),
    ("D017", "stands there twice", "row 5", |rows| {
        let row = rows.get(2).unwrap().clone();
        rows.insert(4, row);
    }),
    // A count of 0 is as good as none, but a row is a row.
    ("D017", "stands there twice", "row 5", |rows| {
        let mut row = rows.get(2).unwrap().clone();
        "0".clone_into(row.get_mut(8).unwrap());
        rows.insert(4, row);
    }),
    ("D019", "do not add up", " at P90001 on 31 March 2017: its lines", |rows| _ = rows.remove(1)),
    // The last of all rows are parts by sex of the last measure, a register.
    ("D019", "do not add up", " at P90009 on 31 March 2017: its lines", |rows| _ = rows.pop()),
    ("D019", "do not add up", "at P90001 on 31 March 2017: its lines", |rows| {
        let at = rows.iter().position(|row| row.get(1).is_some_and(|measure| measure == "list")).unwrap();
        set(rows, "people", at, "1");
    }),
    // Everything of the men of one practice is gone: within each stratum all is well.
    ("D019", "do not add up", "at P90001 on 31 March 2017: the people of line 1 by sex", |rows| {
        rows.retain(|row| !(row.get(2).is_some_and(|code| code == "P90001") && row.get(6).is_some_and(|value| value == "male")));
    }),
];

/// Mistakes in what pathways count, told likewise.
const PLANNING_MISTAKES: &[(&str, &str, &str, Change)] = &[
    ("D003", "no column `period`", "row 1, column period", |rows| set(rows, "period", 0, "when")),
    ("D005", "this file is empty", "", Vec::clear),
    ("D015", "made by other rules", "row 4, column framework_hash", |rows| set(rows, "framework_hash", 3, "0123")),
    ("D016", "no such pathway", "row 3, column pathway", |rows| set(rows, "pathway", 2, "NO-SUCH-PATHWAY")),
    ("D016", "no such measure", "row 3, column measure", |rows| set(rows, "measure", 2, "no-such-measure")),
    ("D016", "not counted in this period and unit", "row 3, column period", |rows| set(rows, "period", 2, "month")),
    ("D016", "not counted in this period and unit", "row 3, column period", |rows| set(rows, "unit", 2, "visits")),
    ("D016", "this practice is not listed", "row 3, column practice_code", |rows| set(rows, "practice_code", 2, "P00000")),
    ("D016", "count nobody by this", "row 3, column stratum\n", |rows| set(rows, "stratum", 2, "height")),
    ("D016", "is not counted by this", "column stratum\n", |rows| {
        let at = row_of(rows, "code");
        set(rows, "stratum", at, "sex");
        set(rows, "stratum_value", at, "female");
    }),
    ("D016", "this is no reporting day", "row 3, column interval_end", |rows| set(rows, "interval_end", 2, "31/03/2017")),
    ("D016", "no counts by line of this day", "row 3, column interval_end", |rows| set(rows, "interval_end", 2, "2016-03-31")),
    ("D016", "there is no such view", "row 3, column view", |rows| set(rows, "view", 2, "monthly")),
    ("D018", "of two views", "row 3, column view", |rows| set(rows, "view", 2, "rolling")),
    ("D016", "not a whole number", "row 3, column number", |rows| set(rows, "number", 2, "1.5")),
    ("D016", "no such number", "column number", |rows| {
        let at = row_of(rows, "place");
        set(rows, "number", at, "99");
    }),
    ("D016", "no such number", "column number", |rows| {
        let at = row_of(rows, "register");
        set(rows, "number", at, "1");
    }),
    ("D016", "no such code", "column code", |rows| {
        let at = row_of(rows, "code");
        set(rows, "code", at, "local no-such-code");
    }),
    ("D016", "a code is missing", "column code", |rows| {
        let at = row_of(rows, "code");
        set(rows, "code", at, "");
    }),
    ("D016", "not of one code", "column code", |rows| {
        let at = row_of(rows, "code");
        let code = rows.get(at).unwrap().get(11).unwrap().clone();
        let at = row_of(rows, "register");
        set(rows, "code", at, &code);
    }),
    ("D016", "a whole number, 0 or above", "row 3, column value", |rows| set(rows, "value", 2, "-1")),
    ("D016", "this row of counts cannot be read", "row 3\n", |rows| rows.get_mut(2).unwrap().push("more".to_owned())),
    ("D017", "stands there twice", "row 5", |rows| {
        let row = rows.get(2).unwrap().clone();
        rows.insert(4, row);
    }),
    ("D019", "do not add up", "`PLANNING` at P90001 on 31 March 2017: the people at each place", |rows| {
        let at = row_of(rows, "place");
        rows.remove(at);
    }),
    ("D019", "do not add up", "`PLANNING` at P90001 on 31 March 2017", |rows| {
        let at = row_of(rows, "register");
        set(rows, "value", at, "1");
    }),
    // By condition the counts by line say nothing.
    ("D019", "do not add up", "`PLANNING` at ", |rows| {
        let of = |row: &Vec<String>| row.get(2).is_some_and(|name| name == "place") && row.get(8).is_some_and(|kind| kind == "condition");
        let at = rows.iter().position(of).unwrap();
        rows.remove(at);
    }),
];

/// The first row of a measure.
fn row_of(rows: &[Vec<String>], measure: &str) -> usize {
    rows.iter().position(|row| row.get(2).is_some_and(|name| name == measure)).unwrap()
}

/// Makes each mistake in the counts of a run, one at a time: `given` says how the wrong file is passed. Each is refused with one
/// message, and nothing is written.
fn are_refused(mistakes: &[(&str, &str, &str, Change)], name: &str, given: impl Fn(&str, &str) -> Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    native(&folder.path().join("out"), &[]);
    let counts = fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let rows: Vec<Vec<String>> = counts.lines().map(|row| row.split(',').map(str::to_owned).collect()).collect();
    let [right, wrong, again] = ["out/counts.csv", "wrong.csv", "again"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    for (code, says, place, change) in mistakes {
        let mut rows = rows.clone();
        change(&mut rows);
        fs::write(&wrong, rows.iter().map(|row| row.join(",") + "\n").collect::<String>()).unwrap();
        let given = given(&right, &wrong);
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        let output =
            dqoh(&[&["report", "--no-report", "--practices", "sample-extracts/practices.csv", "--out", &again], &given[..]].concat());
        let complaint = String::from_utf8_lossy(&output.stderr).replace("\r\n", "\n");
        assert_eq!(output.status.code(), Some(4), "{code} {says}: {complaint}");
        assert!(complaint.contains(&format!("error[{code}]: ")) && complaint.contains(says), "{code} {says}: {complaint}");
        assert!(complaint.contains(place) && complaint.contains("wrong.csv"), "{code} {place}: {complaint}");
        assert_eq!(complaint.matches("error[").count(), 1, "one mistake, one message: {complaint}");
        assert!(complaint.contains("help: "), "{code} offers no way out: {complaint}");
        assert!(!Path::new(&again).exists(), "{code}: something was written");
    }
}

#[test]
fn what_pathways_count_is_refused_where_it_is_not_right() {
    are_refused(PLANNING_MISTAKES, "planning-counts.csv", |right, wrong| {
        ["--tally", right, "--planning", wrong].map(str::to_owned).to_vec()
    });
}

#[test]
fn counts_that_are_not_right_are_refused_and_nothing_is_written() {
    are_refused(MISTAKES, "counts.csv", |_, wrong| ["--tally", wrong].map(str::to_owned).to_vec());
}

#[test]
fn files_that_are_not_there_and_other_rules_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    native(folder.path(), &[]);
    let [counts, missing, again] = ["counts.csv", "missing.csv", "again"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let practices = "sample-extracts/practices.csv";
    let qof = "business-rules/qof-2021-22-diabetes";
    let check = |arguments: &[&str], exit: i32, says: &str| {
        let output = dqoh(&[&["report", "--no-report", "--out", &again][..], arguments].concat());
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {complaint}");
        assert!(complaint.contains(says), "{arguments:?}: {complaint}");
        assert!(!Path::new(&again).exists(), "{arguments:?}: something was written");
    };
    check(&["--tally", &missing, "--practices", practices], 4, "[D007]");
    check(&["--tally", &counts, "--practices", &missing], 4, "[D007]");
    check(&["--tally", &counts, "--practices", &counts], 4, "[D003]");
    check(&["--tally", &counts, "--practices", practices, "--rules", qof], 4, "[D015]");
    check(&["--tally", &counts, "--practices", practices, "--rules", &missing], 3, "[R049]");
    check(&["--tally", &counts, "--tally", &counts, "--practices", practices], 4, "[D017]");
    check(&["--practices", practices], 2, "--tally");
}
