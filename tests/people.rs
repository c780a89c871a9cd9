//! `dqoh people`: what it writes is readable by its owner alone, the same whatever the number of threads, and says what the
//! engine says.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn people(out: &Path, more: &[&str]) -> Output {
    let out = out.to_str().unwrap();
    let arguments = ["people", "sample-extracts", "--as-at", "2016-12-31", "--out", out];
    Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(here()).args(arguments).args(more).output().unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())).collect()
}

/// The rows of a file, each by its columns.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn files_of_people_are_private_and_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    for (out, threads) in [(&one, "1"), (&two, "2")] {
        let output = people(out, &["--threads", threads]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let made = files(&one);
    assert_eq!(made, files(&two), "the number of threads changes a file");
    assert_eq!(made.len(), 9 * 3 + 3);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&one), 0o700);
        made.keys().for_each(|name| assert_eq!(mode(&one.join(name)), 0o600, "{name}"));
    }
    insta::assert_snapshot!(
        "due-first-rows",
        String::from_utf8(made["P90003-due.csv"].clone()).unwrap().lines().take(12).collect::<Vec<_>>().join("\n")
    );
    insta::assert_snapshot!(
        "people-first-rows",
        String::from_utf8(made["P90003-people.csv"].clone()).unwrap().lines().take(4).collect::<Vec<_>>().join("\n")
    );

    // Both views are those of `dqoh run`: today by the rolling view.
    let run = folder.path().join("run");
    let arguments = ["run", "sample-extracts", "--as-at", "2016-12-31", "--view", "rolling", "--out", run.to_str().unwrap()];
    assert!(Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(here()).args(arguments).output().unwrap().status.success());
    let results = rows(&fs::read(run.join("results.csv")).unwrap());
    let mut compared = 0;
    for row in rows(&made["two-views.csv"]).iter().filter(|row| !row["practice_code"].is_empty()) {
        let same = |result: &&BTreeMap<String, String>| {
            result["measure"] == row["indicator"] && result["practice_code"] == row["practice_code"] && result["stratum"].is_empty()
        };
        let result = results.iter().find(same).unwrap();
        assert_eq!((&result["numerator"], &result["denominator"]), (&row["today_achieved"], &row["today_denominator"]), "{row:?}");
        compared += 1;
    }
    assert!(compared > 400, "{compared}");

    // The workbook holds the same people, and their pseudonyms as texts.
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(made["P90003.xlsx"].clone())).unwrap();
    let sheet = workbook.worksheet_range("People").unwrap();
    let of_csv: Vec<String> = rows(&made["P90003-people.csv"]).iter().map(|row| row["patient_id"].clone()).collect();
    let of_sheet: Vec<String> =
        sheet.rows().skip(1).map(|row| if let Data::String(id) = &row[0] { id.clone() } else { String::new() }).collect();
    // The file has them in the same order, so that a row can be found again.
    assert_eq!(of_sheet, of_csv);
    let due = rows(&made["P90003-due.csv"]).iter().filter(|row| row["indicator"] == "CP004").count();
    assert_eq!(workbook.worksheet_range("CP004").unwrap().rows().count(), due + 1);
}

#[test]
fn local_numbers_stand_beside_and_one_practice_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    assert!(people(&all, &["--practice", "P90003", "--no-workbooks"]).status.success());
    let made = files(&all);
    assert_eq!(
        made.keys().map(String::as_str).collect::<Vec<_>>(),
        ["P90003-due.csv", "P90003-people.csv", "csv-metadata.json", "manifest.json", "two-views.csv"]
    );
    // What was not counted has no row: not the other practices, and so not all together.
    assert!(rows(&made["two-views.csv"]).iter().all(|row| row["practice_code"] == "P90003"), "another practice is told of");
    let first = rows(&made["P90003-people.csv"])[0]["patient_id"].clone();
    let numbers = folder.path().join("numbers.csv");
    fs::write(&numbers, format!("patient_id,local_number\n{first},=17\nnobody,18\n")).unwrap();
    let out = folder.path().join("local");
    let output = people(&out, &["--practice", "P90003", "--no-workbooks", "--identifiers", numbers.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("beside 1 of them; the file has 2 people"), "{said}");
    assert!(!said.contains(&first), "a pseudonym is printed");
    // A spreadsheet must not take a number for a formula.
    assert_eq!(rows(&files(&out)["P90003-people.csv"])[0]["local_number"], "'=17");
}
