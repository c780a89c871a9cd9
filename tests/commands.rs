//! What the commands print and write on the sample, byte for byte: a change of any figure shows itself here.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in the project's folder.
fn dqoh(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dqoh"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = dqoh(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the sample into a folder and gives what was printed, without folder and seconds.
fn run_into(folder: &Path, more: &[&str]) -> String {
    let out = folder.to_str().unwrap();
    let arguments: Vec<&str> = ["run", "sample-extracts", "--out", out].into_iter().chain(more.iter().copied()).collect();
    let text = printed(&arguments);
    let last = text.find("Results are in").unwrap();
    let money = text.find("Points and pounds are").unwrap();
    format!("{}Results are in … {}", text.get(..last).unwrap(), text.get(money..).unwrap())
}

fn file(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Rows that hold a text, with the header.
fn rows(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    text.lines().enumerate().filter(|(at, row)| *at == 0 || wanted(row)).map(|(_, row)| format!("{row}\n")).collect()
}

#[test]
fn a_run_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!("run", run_into(folder.path(), &[]));
    insta::assert_snapshot!("payment", file(folder.path(), "payment.csv"));
    insta::assert_snapshot!("quarantine", file(folder.path(), "quarantine.csv"));
    insta::assert_snapshot!("results-of-everybody", rows(&file(folder.path(), "results.csv"), |row| row.contains(",year-end,,,")));
    insta::assert_snapshot!(
        "lines-of-one-practice",
        rows(&file(folder.path(), "lines.csv"), |row| row.contains(",P90002,") && row.contains(",year-end,,,"))
    );
    let names: Vec<String> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), 21, "nothing temporary is left: {names:?}");
}

#[test]
fn several_days_in_one_pass_are_the_days_one_by_one() {
    let together = tempfile::tempdir().unwrap();
    insta::assert_snapshot!("run-every-quarter-rolling", run_into(together.path(), &["--every", "quarter", "--view", "rolling"]));
    run_into(together.path(), &["--as-at", "2016-06-30,2017-03-31"]);
    for day in ["2016-06-30", "2017-03-31"] {
        let alone = tempfile::tempdir().unwrap();
        run_into(alone.path(), &["--as-at", day]);
        for name in ["results.csv", "counts.csv", "lines.csv", "payment.csv"] {
            let of_day = rows(&file(together.path(), name), |row| row.contains(day));
            assert_eq!(of_day, file(alone.path(), name), "{name} of {day}");
        }
    }
}

#[test]
fn why() {
    let person = |id: &str, indicator: &str| printed(&["explain", "sample-extracts", "--person", id, "--indicator", indicator]);
    insta::assert_snapshot!("explain-an-exception", person("1020", "DM007"));
    insta::assert_snapshot!("explain-not-on-the-register", person("1030", "DM007"));
    insta::assert_snapshot!(
        "explain-a-whole-practice",
        printed(&["explain", "sample-extracts", "--practice", "P90003", "--indicator", "CP003"])
    );
    insta::assert_snapshot!("explain-everything-of-one-person", printed(&["explain", "sample-extracts", "--person", "1005"]));
    let nobody = dqoh(&["explain", "sample-extracts", "--person", "no-such-person"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8(nobody.stderr).unwrap().contains("U005"));
}

#[test]
fn the_framework_built_in_is_the_one_in_the_folder() {
    let built_in = printed(&["check"]);
    assert_eq!(built_in, printed(&["check", "business-rules/dudley-2016-17"]));
    insta::assert_snapshot!("reference-counts", printed(&["reference", "sample-extracts"]));
}

#[test]
fn help_teaches() {
    for command in ["run", "check", "docs", "explain", "new", "problems", "reference", "report", "synth", "codes", "worth", "completions"] {
        assert!(printed(&[command, "--help"]).len() > 200, "{command}");
    }
    insta::assert_snapshot!("help", printed(&["--help"]));
    for shell in ["bash", "powershell", "zsh", "fish"] {
        assert!(printed(&["completions", shell]).contains("dqoh"), "{shell}");
    }
}

/// Exit codes are a promise to scripts.
#[test]
fn exit_codes() {
    assert_eq!(dqoh(&["run"]).status.code(), Some(2));
    assert_eq!(dqoh(&["run", "sample-extracts", "--rules", "sample-extracts"]).status.code(), Some(3));
    assert_eq!(dqoh(&["run", "no-such-folder"]).status.code(), Some(4));
    let blocked = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(dqoh(&["run", "sample-extracts", "--out", blocked.path().to_str().unwrap()]).status.code(), Some(1));
}
