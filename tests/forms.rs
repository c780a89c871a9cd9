//! The same rows in any form an extract may have: the same results, and the same bytes once converted.
//! People are taken at random out of the sample extracts, whose rows are as odd as real ones.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use dqoh::achievement::achieve;
use dqoh::canonical::{EVENTS, Field, FileForm, Kind, PATIENTS, Table};
use dqoh::cli::built_in;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::framework::{Framework, Rules, View};
use dqoh::report::{Outcomes, files_of_counts, files_of_planning};
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

type Row = Vec<String>;

static FRAMEWORK: LazyLock<[Framework; 1]> = LazyLock::new(|| {
    let rules = Rules::read(&built_in());
    let rulebook = rules.sound().unwrap();
    [rulebook.at(rulebook.period().to, View::YearEnd).0]
});

static SAMPLE: LazyLock<Rows> = LazyLock::new(|| {
    let table = |name: &str| -> Vec<Row> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(sample().join(name)).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    Rows { patients: table("patients.csv"), events: table("events.csv") }
});

/// Both tables, each with its header.
#[derive(Clone, Debug)]
struct Rows {
    patients: Vec<Row>,
    events: Vec<Row>,
}

/// Every form that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    Csv,
    Gzip,
    Zip,
    Utf16,
    WindowsLineEnds,
    OtherNames,
    DayFirst,
    ByPractice,
    /// Texts only, days too.
    ParquetOfText,
    Parquet,
    ParquetInZip,
}

const FORMS: [As; 11] = [
    As::Csv,
    As::Gzip,
    As::Zip,
    As::Utf16,
    As::WindowsLineEnds,
    As::OtherNames,
    As::DayFirst,
    As::ByPractice,
    As::ParquetOfText,
    As::Parquet,
    As::ParquetInZip,
];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-extracts")
}

fn dqoh(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dqoh")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn text(rows: &[Row], end: &str) -> String {
    rows.iter().map(|row| row.join(",") + end).collect()
}

/// Days of the sample are written year first, but for a few rows that nobody can read: those are left as they are.
fn day_first(rows: &[Row]) -> Vec<Row> {
    let cell = |cell: &String| match cell.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] if day.len() == 2 => format!("{day}/{month}/{year}"),
        [year, month] if month.len() == 2 => format!("{month}/{year}"),
        // What cannot be read the one way must not be readable the other way.
        _ => cell.replace('/', "."),
    };
    let is_day = |at: usize| rows[0][at].contains("date") || rows[0][at].ends_with("_on");
    let cells = |row: &Row| row.iter().enumerate().map(|(at, text)| if is_day(at) { cell(text) } else { text.clone() }).collect();
    rows.iter().map(cells).collect()
}

fn other_names(rows: &[Row]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    rows[0] = rows[0].iter().map(|name| format!("Their {name}")).collect();
    rows
}

/// A Parquet file of a table, with the types of the canonical form or as text.
fn parquet(path: &Path, rows: &[Row], typed: &'static [Field], of_text: bool) {
    let fields: Vec<Field> = rows[0]
        .iter()
        .map(|name| {
            let field = typed.iter().find(|field| field.name == name).unwrap();
            Field { name: field.name, kind: if of_text { Kind::Text } else { field.kind } }
        })
        .collect();
    let mut table = Table::new(FileForm::Parquet, fields.leak(), File::create(path).unwrap()).unwrap();
    for row in &rows[1..] {
        table.row(&row.iter().map(String::as_bytes).collect::<Vec<_>>()).unwrap();
    }
    table.finish().unwrap();
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// Writes an extract and gives the path to name.
fn write(folder: &Path, rows: &Rows, form: As) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    fs::copy(sample().join("practices.csv"), folder.join("practices.csv")).unwrap();
    let mut settings = fs::read_to_string(sample().join("extract.toml")).unwrap();
    for (kind, table, typed) in [("patients", &rows.patients, &PATIENTS[..]), ("events", &rows.events, &EVENTS[..])] {
        let csv = |rows: &[Row]| fs::write(folder.join(format!("{kind}.csv")), text(rows, "\n")).unwrap();
        let of_parquet = |of_text| parquet(&folder.join(format!("{kind}.parquet")), table, typed, of_text);
        match form {
            As::Csv | As::Zip => csv(table),
            As::Gzip => fs::write(folder.join(format!("{kind}.csv.gz")), gzip(&text(table, "\n"))).unwrap(),
            As::Utf16 => {
                let units = std::iter::once(0xfeff).chain(text(table, "\n").encode_utf16().collect::<Vec<u16>>());
                fs::write(folder.join(format!("{kind}.csv")), units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
            }
            As::WindowsLineEnds => fs::write(folder.join(format!("{kind}.csv")), text(table, "\r\n")).unwrap(),
            As::OtherNames => {
                csv(&other_names(table));
                let names: String = table[0].iter().map(|name| format!("{name} = \"Their {name}\"\n")).collect();
                settings += &format!("[columns.{kind}]\n{names}");
            }
            As::DayFirst => csv(&day_first(table)),
            As::ByPractice => {
                // Two files are enough, whoever is in them.
                for at in 0..2 {
                    let half = table[1..].iter().skip(at).step_by(2);
                    let rows: Vec<Row> = std::iter::once(&table[0]).chain(half).cloned().collect();
                    fs::write(folder.join(format!("{kind}-{at}.csv")), text(&rows, "\n")).unwrap();
                }
            }
            As::ParquetOfText => of_parquet(true),
            As::Parquet | As::ParquetInZip => of_parquet(false),
        }
    }
    if form == As::DayFirst {
        settings = format!("dates = \"dd/MM/yyyy\"\n{settings}");
    }
    fs::write(folder.join("extract.toml"), settings).unwrap();
    if matches!(form, As::Zip | As::ParquetInZip) { zipped(folder) } else { folder.to_owned() }
}

fn zipped(folder: &Path) -> PathBuf {
    let path = folder.with_extension("zip");
    let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        archive.start_file(entry.file_name().to_str().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&fs::read(entry.path()).unwrap()).unwrap();
    }
    archive.finish().unwrap();
    path
}

/// What the rules make of an extract: every file of results.
fn results(extract: &Path) -> Vec<String> {
    let frameworks = &FRAMEWORK[..];
    let codes = frameworks[0].codes.clone();
    let mut extract = Extract::open(extract).unwrap();
    let records = extract.records(&codes, &|_| {}).unwrap();
    let counted = run(frameworks, records, Some(1), |records| (records.practice as u32, records.patients(&codes))).unwrap();
    let achievement = achieve(frameworks, &extract.practices, &counted.tally);
    let (tally, planning) = (&counted.tally, &counted.planning);
    let outcomes = Outcomes { frameworks, practices: &extract.practices, tally, planning, achievement: &achievement };
    let files = files_of_counts().chain(files_of_planning(frameworks));
    files.map(|(_, make)| String::from_utf8(make(&outcomes)).unwrap()).collect()
}

/// Converts an extract and gives the bytes of its four files, or of those that are Parquet.
fn converted(extract: &Path, to: &Path, more: &[&str]) -> Vec<Vec<u8>> {
    let arguments = ["convert", extract.to_str().unwrap(), "--to", to.to_str().unwrap(), "--allow-missing", "--max-rejects", "100%"];
    let output = dqoh(&[&arguments[..], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let ending = if more.contains(&"--parquet") { "parquet" } else { "csv" };
    let names = ["extract.toml".to_owned(), "practices.csv".to_owned(), format!("patients.{ending}"), format!("events.{ending}")];
    let left = fs::read_dir(to).unwrap().count();
    assert_eq!(left, names.len() + 1, "those and quarantine.csv, and nothing temporary");
    names.iter().map(|name| fs::read(to.join(name)).unwrap()).collect()
}

/// Every form of the rows gives the results of the first, and once converted its bytes; and these give the same results again.
fn check(rows: &Rows, other_order: &Rows) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let first = write(&at("first"), rows, As::Csv);
    let wanted = results(&first);
    let sorted = converted(&first, &at("first-sorted"), &[]);
    let packed = converted(&first, &at("first-packed"), &["--parquet"]);
    assert_eq!(results(&at("first-sorted")), wanted, "converted to CSV");
    assert_eq!(results(&at("first-packed")), wanted, "converted to Parquet");
    assert!(converted(&at("first-sorted"), &at("twice"), &[]) == sorted, "converted twice");
    assert!(converted(&at("first-packed"), &at("back"), &[]) == sorted, "out of Parquet again");
    assert!(converted(&at("first-sorted"), &at("packed"), &["--parquet"]) == packed, "Parquet of what was sorted");
    for form in FORMS {
        let name = format!("{form:?}");
        let extract = write(&at(&name), other_order, form);
        assert!(results(&extract) == wanted, "{name}: other results");
        assert!(converted(&extract, &at(&format!("{name}-sorted")), &[]) == sorted, "{name}: other bytes once converted");
    }
}

/// Some people of the sample with their events, and the same rows in another order.
fn some_people() -> impl Strategy<Value = (Rows, Rows)> {
    let people = prop::sample::subsequence((1..SAMPLE.patients.len()).collect::<Vec<_>>(), 5..60);
    people.prop_flat_map(|people| {
        let mut patients: Vec<Row> = people.iter().map(|at| SAMPLE.patients[*at].clone()).collect();
        let ids: Vec<&String> = patients.iter().map(|row| &row[0]).collect();
        let mut events: Vec<Row> = SAMPLE.events[1..].iter().filter(|row| ids.contains(&&row[0])).cloned().collect();
        events.extend(events.first().cloned());
        patients.extend(patients.first().cloned());
        let rows = Rows { patients, events };
        let other = (Just(rows.patients.clone()).prop_shuffle(), Just(rows.events.clone()).prop_shuffle());
        (Just(rows), other).prop_map(|(rows, (patients, events))| (with_headers(rows), with_headers(Rows { patients, events })))
    })
}

fn with_headers(mut rows: Rows) -> Rows {
    rows.patients.insert(0, SAMPLE.patients[0].clone());
    rows.events.insert(0, SAMPLE.events[0].clone());
    rows
}

#[test]
fn the_sample_is_the_same_in_every_form() {
    check(&SAMPLE, &SAMPLE);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn people_are_the_same_in_every_form_and_order((rows, other) in some_people()) {
        check(&rows, &other);
    }
}

/// People who are made as Parquet are those who are made as CSV.
#[test]
fn people_made_as_parquet_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [csv, parquet] = ["canonical", "parquet"].map(|form| {
        let to = folder.path().join(form);
        let output = dqoh(&["synth", "--out", to.to_str().unwrap(), "--people", "400", "--as", form]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 4, "nothing temporary is left");
        to
    });
    assert!(parquet.join("events.parquet").exists());
    assert!(results(&csv) == results(&parquet), "other results");
    let [from_csv, from_parquet] = [&csv, &parquet].map(|from| converted(from, &from.with_extension("sorted"), &[]));
    assert!(from_csv == from_parquet, "other bytes once converted");
    let beside = dqoh(&["synth", "--out", csv.to_str().unwrap(), "--people", "400", "--as", "parquet"]);
    assert!(String::from_utf8_lossy(&beside.stderr).contains("U061"), "two forms in one folder count everybody twice");
}

/// A small Parquet file with some bytes changed, taken out or put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..4_usize, prop::collection::vec(any::<u8>(), 0..4));
    let cases = ["parquet-is-read", "parquet-of-every-type", "parquet-of-older-moments"];
    let case = prop::sample::select(cases.to_vec());
    (case, prop::collection::vec(change, 1..4)).prop_map(|(case, changes)| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems/data").join(case).join("events.parquet");
        let mut bytes = fs::read(path).unwrap();
        for (at, take, put) in changes {
            let at = at.index(bytes.len());
            let to = bytes.len().min(at + take);
            bytes.splice(at..to, put);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_parquet_file_is_read_to_an_end(bytes in damaged()) {
        let folder = tempfile::tempdir().unwrap();
        let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems/data/nothing-wrong");
        for name in ["extract.toml", "practices.csv", "patients.csv"] {
            fs::copy(sound.join(name), folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("events.parquet"), bytes).unwrap();
        let read = Extract::open(folder.path()).unwrap().usable_rows(&mut |_| {}, &|_| {});
        if let Err(problem) = read {
            prop_assert!(problem.code.starts_with('D'), "{}", problem.code);
            prop_assert!(problem.help.is_some());
        }
    }
}

/// What the canonical form keeps of a row: all of it, whatever its code, and a birth of which only the month is known.
#[test]
fn what_is_converted_stays_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    fs::create_dir_all(&from).unwrap();
    let write = |name: &str, text: &str| fs::write(from.join(name), text).unwrap();
    write("extract.toml", "extracted-on = 2017-04-05\nsystem = \"a \\\"system\\\"\"\nscheme = \"snomed\"\n");
    write("practices.csv", "practice_code,name,locality,list_size\nB,\"Oak, and Elm\",South,12\nA,Ash,North,\n");
    write(
        "patients.csv",
        "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on\n2,A,1950-03,female,2000-01-01,,\n2,B,1950-03-01,m,2000-01-01,2016-01-01,\n10,A,1950-03,,2000-01-01,,\n10,A,1950-03-01,X,2000-01-01,,\n3,A,soon,F,2000-01-01,,\n",
    );
    write(
        "events.csv",
        "patient_id,practice_code,date,code,scheme,value,unit,group,episode\n2,B,2016-01-02,x,Local,007.50,\"a \"\"unit\"\"\",g 1,new\n2,A,2016-01-02,b,,,,,\n2,A,2016-01-02,a,,9,,,\n2,A,2016-01-02,a,,10,,,\n10,A,2015-01-02,a,,high,,,Flare\n10,A,2015-01-02,a,,high,,,Flare\n3,A,2015-01-02,a,,,,,\n2,A,1949-01-02,a,,,,,\n",
    );
    let sorted = converted(&from, &folder.path().join("to"), &[]);
    let texts: Vec<String> = sorted.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    assert_eq!(
        texts,
        [
            "extracted-on = 2017-04-05\nsystem = \"a \\\"system\\\"\"\nscheme = \"snomed\"\n",
            "practice_code,name,locality,list_size\nA,Ash,North,\nB,\"Oak, and Elm\",South,12\n",
            "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on,imd_quintile\n10,A,1950-03-01,U,2000-01-01,,,\n2,A,1950-03,F,2000-01-01,,,\n2,B,1950-03-01,M,2000-01-01,2016-01-01,,\n",
            "patient_id,practice_code,date,code,scheme,value,unit,group,episode\n10,A,2015-01-02,a,,high,,,Flare\n10,A,2015-01-02,a,,high,,,Flare\n2,A,2016-01-02,a,,10,,,\n2,A,2016-01-02,a,,9,,,\n2,A,2016-01-02,b,,,,,\n2,B,2016-01-02,x,Local,007.50,\"a \"\"unit\"\"\",g 1,new\n",
        ]
    );
}
