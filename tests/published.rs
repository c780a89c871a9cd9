//! Counts that others made, read and reported. A case is a folder of `published/`: the commands of its command.txt are run in a copy of it, and all
//! they print and write stands in its expected.txt. `NAME.utf16le`, `NAME.utf16be` and `NAME.windows` become files of that encoding first, and
//! `NAME.xlsx.txt` a workbook (`== sheet`, rows with tabs, `#12` a number). `UPDATE_PUBLISHED=1 cargo test --test published` writes what is
//! expected anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

#[path = "support/cases.rs"]
mod cases;

use cases::{dqoh, words};
use dqoh::published::results::{SumBy, reported};
use dqoh::published::{File, Options, Published, Reading, Whom, read};
use dqoh::report::{published_csv, results_csv};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// ---- Cases ----

#[test]
fn every_case_prints_and_writes_what_is_expected() {
    cases::check(&root().join("tests/published"), "UPDATE_PUBLISHED", 8);
}

// ---- Out in the layout of the publication, and back ----

/// The rows of a CSV file, by the names of its columns.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// Counts of a run's practices: by measure and practice the register or numerator, the denominator, the exceptions and the points.
fn of_run(results: &str) -> BTreeMap<(String, String), [String; 4]> {
    let rows = table(results).into_iter().filter(|row| !row["practice_code"].is_empty() && row["stratum"].is_empty());
    let points = |text: &str| text.parse::<rust_decimal::Decimal>().map(|points| points.normalize().to_string()).unwrap_or_default();
    rows.map(|row| {
        let exceptions = if row["status"] == "register" { String::new() } else { row["excepted"].clone() };
        let numbers = [row["numerator"].clone(), row["denominator"].clone(), exceptions, points(&row["points"])];
        // The publication writes this group both ways; it is read in one.
        ((row["measure"].replace("CVD-PP", "CVDPP"), row["practice_code"].clone()), numbers)
    })
    .collect()
}

/// The same of published.csv.
fn of_published(published: &str) -> BTreeMap<(String, String), [String; 4]> {
    let either = |row: &BTreeMap<String, String>, a: &str, b: &str| if row[a].is_empty() { row[b].clone() } else { row[a].clone() };
    let numbers = |row: &BTreeMap<String, String>| {
        [either(row, "register", "numerator"), either(row, "list_size", "denominator"), row["exceptions"].clone(), row["points"].clone()]
    };
    table(published).iter().map(|row| ((row["measure"].clone(), row["practice_code"].clone()), numbers(row))).collect()
}

#[test]
fn a_run_in_the_layout_of_the_publication_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let succeeds = |command: &str| {
        let (exit, out, err) = dqoh(root(), &words(&command.replace("OUT", &path("")).replace("//", "/")));
        assert_eq!(exit, "0", "{command}: {err}");
        out
    };
    // Only the last day is written in the layout.
    succeeds("run sample-extracts --as-at 2016-09-30,2017-03-31 --layout qof --out OUT/days");
    succeeds("run sample-extracts --layout qof --out OUT/run");
    succeeds("run sample-extracts --out OUT/plain");
    succeeds("report --tally OUT/plain/counts.csv --practices sample-extracts/practices.csv --layout qof --out OUT/report");
    let text = |name: &str| fs::read_to_string(path(name)).unwrap();
    assert!(text("run/results.csv") == text("plain/results.csv"), "the layout changes nothing else");
    let files = ["ACHIEVEMENT.csv", "PREVALENCE.csv", "MAPPING_INDICATORS.csv", "ORGANISATION_REFERENCE.csv"];
    for file in files {
        assert!(!Path::new(&path(&format!("plain/{file}"))).exists(), "{file} was not asked for");
        assert!(text(&format!("run/{file}")) == text(&format!("report/{file}")), "{file} differs between run and report");
        assert!(text(&format!("run/{file}")) == text(&format!("days/{file}")), "{file} is not of the last day");
    }
    // The whole folder is read: what else a run writes is no published count.
    let said = succeeds("counts read OUT/run --as-at 2017-03-31 --out OUT/back");
    assert_eq!(said.matches(": not read; ").count(), 15, "{said}");
    let (ran, back) = (of_run(&text("run/results.csv")), of_published(&text("back/published.csv")));
    assert!(ran.len() > 500, "{} counts only", ran.len());
    let differ = ran.iter().find(|(key, numbers)| back.get(*key) != Some(numbers));
    assert!(ran == back, "first in (run): {differ:?}; there {:?}", differ.and_then(|(key, _)| back.get(key)));
}

// ---- Figures that were really published ----

fn dudley() -> Option<PathBuf> {
    let folder = root().join("../shared/data/dudley-published");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no ../shared/data/dudley-published");
    None
}

fn all_files(folder: &Path) -> Vec<File> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let file = |path: PathBuf| File {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        content: fs::read(&path).unwrap(),
        named: true,
    };
    paths.into_iter().map(file).collect()
}

fn read_all(files: &[File]) -> Reading {
    let reading = read(files, &Options::default());
    assert_eq!(reading.problems, [], "published files are right");
    reading
}

/// Every practice and year of the published file has its prevalence in the results, worked out anew from the file.
#[test]
fn every_practice_and_year_has_its_prevalence() {
    let Some(folder) = dudley() else { return };
    let reading = read_all(&all_files(&folder));
    let results = String::from_utf8(results_csv(&reported(&reading.published, SumBy::Area).results())).unwrap();
    let of_practices = table(&results).into_iter().filter(|row| !row["practice_code"].is_empty());
    let rows: BTreeMap<[String; 3], BTreeMap<String, String>> =
        of_practices.map(|row| (["measure", "practice_code", "interval_end"].map(|column| row[column].clone()), row)).collect();
    let published = table(&fs::read_to_string(folder.join("dudley_prevalence.csv")).unwrap());
    assert_eq!(published.len(), 4_746);
    for row in published {
        let day = format!("20{}-03-31", &row["year"][2..]);
        let key = [row["group"].replace('-', ""), row["practice"].clone(), day];
        let found = &rows[&key];
        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
        let (register, list) = (number(&row["register"]), number(&row["list_size"]));
        assert_eq!((number(&found["numerator"]), number(&found["denominator"])), (register, list), "{key:?}");
        assert!(list == 0.0 || (number(&found["ratio"]) - register / list).abs() < 1e-6, "{key:?}");
        assert_eq!(found["status"], "published");
    }
}

/// Sums of practices are the totals that were published for the area, to the person. Comparable are the years of which both are there: 2016/17 to
/// 2019/20. In 2016/17 that is 7 practices of some 47, in the sums and in the totals alike, because the others had left the national framework;
/// before it there are totals only, and after it practices only. A publication also repeats the year before, but of the practices of its own year
/// (42 of 43 in 2017/18): those rows are not comparable.
#[test]
fn sums_are_the_published_totals() {
    let Some(folder) = dudley() else { return };
    let reading = read_all(&all_files(&folder));
    let mut practices: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut sums: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
    for (key, count) in &reading.published.counts {
        let Whom::Practice(code) = &key.whom else { continue };
        practices.entry(key.day.to_string()).or_default().insert(code);
        let sum = sums.entry((key.measure.clone(), key.day.to_string())).or_default();
        sum[0] += count.figures.register.unwrap();
        sum[1] += count.figures.list_size.unwrap();
    }
    let numbers: Vec<usize> = practices.values().map(BTreeSet::len).collect();
    assert_eq!(numbers, [7, 43, 44, 44, 44, 44]);
    // The totals, straight from the file.
    let rows = table(&fs::read_to_string(folder.join("ccg_qof_group_05C.csv")).unwrap());
    let short = |year: &str| format!("{}{}", year.get(2..4).unwrap_or_default(), year.get(5..).unwrap_or_default());
    let own = |row: &BTreeMap<String, String>| row["section"] == "Prevalence" && short(&row["year"]) == row["file_year"];
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| own(row) && row["measure"] == "Register") {
        let day = format!("20{}-03-31", &row["file_year"][2..]);
        let Some([register, list]) = sums.get(&(row["group"].replace('-', ""), day.clone())) else { continue };
        let what = format!("{} on {day}", row["group"]);
        assert_eq!(*register, row["value"].parse::<u64>().unwrap(), "the register {what}");
        let of_group =
            rows.iter().filter(|other| own(other) && (&other["file_year"], &other["group"]) == (&row["file_year"], &row["group"]));
        let lists: Vec<u64> = of_group
            .filter(|other| other["measure"].to_lowercase().contains("list size"))
            .filter_map(|other| other["value"].parse().ok())
            .collect();
        assert!(lists.contains(list), "the list {what}: {list} is none of {lists:?}");
        *compared.entry(day).or_default() += 1;
    }
    let groups = ["2017", "2018", "2019", "2020"].map(|year| (format!("{year}-03-31"), 21));
    assert_eq!(compared, BTreeMap::from(groups));
    // The sums stand in the results, under the area's name.
    let results = String::from_utf8(results_csv(&reported(&reading.published, SumBy::Area).results())).unwrap();
    let of_area = table(&results).into_iter().filter(|row| row["practice_code"].is_empty() && row["locality"] == "NHS Dudley CCG");
    let of_area: BTreeMap<(String, String), [u64; 2]> = of_area
        .filter(|row| sums.contains_key(&(row["measure"].clone(), row["interval_end"].clone())))
        .map(|row| {
            ((row["measure"].clone(), row["interval_end"].clone()), ["numerator", "denominator"].map(|column| row[column].parse().unwrap()))
        })
        .collect();
    assert!(of_area.len() == 21 * 4 && of_area.iter().all(|(key, numbers)| sums[key] == *numbers), "{of_area:?}");
    // And the program finds the same: registers and lists.
    let names: Vec<String> = reading.files.iter().map(|file| file.name.clone()).collect();
    let found = dqoh::published::compare::compare(&reading.published, &names);
    assert_eq!((found.same, found.problems.len()), (2 * 21 * 4, 0));
}

/// What was read is written and read again: the same counts, and the same results to the byte.
#[test]
fn what_is_written_is_read_again() {
    let Some(folder) = dudley() else { return };
    let reading = read_all(&all_files(&folder));
    let csv = |published: &Published| published_csv(published, &[]);
    let again = read_all(&[File { name: "published.csv".to_owned(), content: csv(&reading.published), named: true }]);
    let numbers =
        |published: &Published| -> Vec<_> { published.counts.iter().map(|(key, count)| (key.clone(), count.figures.clone())).collect() };
    assert!(numbers(&reading.published) == numbers(&again.published), "counts differ");
    let results = |published: &Published| results_csv(&reported(published, SumBy::Network).results());
    assert!(results(&reading.published) == results(&again.published), "results differ");
    // The order of files changes nothing but where a count is said to stand.
    let mut turned = all_files(&folder);
    turned.reverse();
    assert!(numbers(&reading.published) == numbers(&read_all(&turned).published), "the order of files matters");
}
