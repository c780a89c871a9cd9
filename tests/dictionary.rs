//! Every CSV file that is written for a reader is described, and is what its description says: the columns, what stands in their cells, and which
//! of them tell rows apart. The commands below are run on the samples; scripts/csvw/run.sh asks a validator of others the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// `OUT` is a folder of its own; `~` is a space within a word.
const COMMANDS: [&str; 15] = [
    "run sample-extracts --as-at 2016-09-30,2017-03-31 --no-report --layout qof --out OUT/run",
    "inspect sample-extracts --out OUT/run",
    "report --tally OUT/run/counts.csv --practices sample-extracts/practices.csv --audience sharing --no-report --layout fingertips --out OUT/profiles",
    "worth OUT/run --if CP004~+4 --out OUT/run",
    "run sample-extracts --rules business-rules/qof-2021-22-diabetes --view rolling --no-report --out OUT/qof",
    "variation OUT/run/results.csv --audience sharing --out OUT/shared",
    "variation OUT/run/results.csv --cells OUT/run/cells.csv --pairs OUT/run/pairs.csv --audience publish --out OUT/published",
    "variation OUT/run/results.csv --indicator LTC --out OUT/register",
    "people sample-extracts --as-at 2016-12-31 --no-workbooks --out OUT/people",
    "explain sample-extracts --practice P90002 --out OUT/why/answers.csv",
    "explain sample-extracts --practice P90002 --indicator PLANNING --out OUT/pathway/answers.csv",
    "codes coverage sample-extracts --out OUT/codes/found.csv",
    "counts read tests/published/qof-2016-17/QOF_1617 --out OUT/counts",
    "counts read tests/published/qof-2022-23 --out OUT/later",
    "report --counts OUT/counts/published.csv --no-report --out OUT/again",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_file_is_what_its_description_says() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    for command in COMMANDS {
        let words: Vec<String> = command.split(' ').map(|word| word.replace("OUT", out).replace('~', " ")).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(root()).args(&words).output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let folders = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let checked: usize = folders.map(|folder| described(&folder)).sum();
    assert!(checked > 60, "only {checked} files were looked at");
}

/// Looks at every CSV file of a folder, and gives how many there are.
fn described(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let (files, told): (Vec<String>, Vec<String>) = entries.filter(|name| name.contains("csv")).partition(|name| name.ends_with(".csv"));
    let mut tables: BTreeMap<String, Value> = BTreeMap::new();
    for name in told {
        let document: Value = serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
        let all = document["tables"].as_array().cloned().unwrap_or_else(|| vec![document.clone()]);
        tables.extend(all.into_iter().map(|table| (table["url"].as_str().unwrap().to_owned(), table)));
    }
    let there: BTreeSet<&String> = files.iter().collect();
    assert_eq!(there, tables.keys().collect(), "left: the files of {}; right: those that are described", folder.display());
    for name in &files {
        let wrong = mistakes(&fs::read(folder.join(name)).unwrap(), &tables[name]["tableSchema"]);
        assert!(wrong.is_empty(), "{name}: {:?}", wrong.iter().take(5).collect::<Vec<_>>());
    }
    files.len()
}

/// What of a file is not as it should be.
fn mistakes(content: &[u8], schema: &Value) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(content);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let columns = schema["columns"].as_array().unwrap();
    let titles: Vec<&str> = columns.iter().map(|column| column["titles"].as_str().unwrap()).collect();
    let mut wrong = Vec::new();
    if header != titles {
        wrong.push(format!("columns {header:?} are described as {titles:?}"));
    }
    let key: Vec<usize> = schema["primaryKey"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| columns.iter().position(|column| column["name"] == *name).unwrap())
        .collect();
    let mut rows = BTreeSet::new();
    for (number, row) in (2..).zip(reader.records()) {
        let row = row.unwrap();
        let place = |column: &Value| format!("row {number}, column {}", column["titles"]);
        for (cell, column) in row.iter().zip(columns) {
            if cell.is_empty() && column["required"] == true {
                wrong.push(format!("{}: empty", place(column)));
            } else if !cell.is_empty() && !is_of_kind(cell, &column["datatype"]) {
                wrong.push(format!("{}: `{cell}` is not of its kind", place(column)));
            }
        }
        let own: Vec<&str> = key.iter().map(|at| &row[*at]).collect();
        if !own.is_empty() && !rows.insert(own.join("\u{1f}")) {
            wrong.push(format!("row {number}: {own:?} stood there before"));
        }
    }
    wrong
}

fn is_of_kind(cell: &str, datatype: &Value) -> bool {
    let base = datatype["base"].as_str().or(datatype.as_str()).unwrap();
    let format = datatype["format"].as_str();
    match (base, format) {
        ("string", None) => true,
        ("string", Some(words)) if words.contains('[') => cell == "*" || cell.trim_start_matches("fewer than ").parse::<u64>().is_ok(),
        ("string", Some(words)) => {
            words.trim_start_matches("^(").trim_end_matches(")$").replace('\\', "").split('|').any(|word| word == cell)
        }
        ("boolean", Some("yes|no")) => cell == "yes" || cell == "no",
        ("date", Some("yyyy-MM-dd")) => dqoh::framework::calendar::Day::parse(cell.as_bytes()).is_some(),
        ("nonNegativeInteger", None) => cell.parse::<u64>().is_ok(),
        ("integer", None) => cell.parse::<i64>().is_ok(),
        ("decimal", None) => {
            let within = |limit: &str, holds: fn(&f64, &f64) -> bool| {
                datatype[limit].as_f64().is_none_or(|limit| cell.parse().is_ok_and(|number| holds(&number, &limit)))
            };
            let plain = cell.chars().all(|letter| letter.is_ascii_digit() || "-.".contains(letter)) && cell.parse::<f64>().is_ok();
            plain && within("minimum", |number, limit| number >= limit) && within("maximum", |number, limit| number <= limit)
        }
        _ => false,
    }
}

/// What is looked for is seen where it is.
#[test]
fn what_is_wrong_in_a_file_is_seen() {
    let schema = serde_json::json!({
        "columns": [
            { "name": "day", "titles": "day", "required": true, "datatype": { "base": "date", "format": "yyyy-MM-dd" } },
            { "name": "sex", "titles": "sex", "datatype": { "base": "string", "format": "^(female|male)$" } },
            { "name": "share", "titles": "share", "datatype": { "base": "decimal", "minimum": 0, "maximum": 1 } },
            { "name": "people", "titles": "people", "datatype": "nonNegativeInteger" },
        ],
        "primaryKey": ["day", "sex"],
    });
    let wrong = |rows: &str| mistakes(format!("day,sex,share,people\n{rows}").as_bytes(), &schema).len();
    assert_eq!(wrong("2017-03-31,female,0.5,3\n2017-03-31,male,,\n2017-03-31,,1.000000,0\n"), 0);
    for row in [",male,,", "31.3.2017,male,,", "2017-03-31,man,,", "2017-03-31,male,1.1,", "2017-03-31,male,5 %,", "2017-03-31,male,,-1"] {
        assert_eq!(wrong(&format!("{row}\n")), 1, "{row}");
    }
    assert_eq!(wrong("2017-03-31,male,0.5,3\n2017-03-31,male,0.6,4\n"), 1);
    assert_eq!(mistakes(b"day,people\n", &schema).len(), 1);
}
