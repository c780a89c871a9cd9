//! Cases that are commands: a case is a folder, the commands of its command.txt are run in a copy of it, and all they print and write
//! stands in its expected.txt. `NAME.utf16le`, `NAME.utf16be` and `NAME.windows` become files of that encoding first, and
//! `NAME.xlsx.txt` a workbook (`== sheet`, rows with tabs, `#12` a number).
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Tries every case of a folder; writes what is expected anew when the environment holds `update`.
pub fn check(folder: &Path, update: &str, at_least: usize) {
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= at_least, "the cases were not found");
    for case in cases {
        let told = case_told(&case);
        let expected = case.join("expected.txt");
        if std::env::var_os(update).is_some() {
            fs::write(&expected, &told).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default().replace('\r', "");
        if told != wanted {
            wrong.push(format!("{}\n--- is\n{told}\n--- should be\n{wanted}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// What the commands of a case print, and what stands in the folder afterwards that did not before.
fn case_told(case: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    copy(case, folder.path());
    make_files(folder.path());
    let before = contents(folder.path());
    let commands = fs::read_to_string(case.join("command.txt")).unwrap();
    let mut text = String::new();
    for command in commands.lines() {
        let (exit, out, err) = dqoh(folder.path(), &words(command));
        text += &format!("$ dqoh {command}\n");
        for (mark, said) in [("", out), ("! ", err)] {
            text += &said.lines().map(|line| format!("{mark}{}\n", line.trim_end())).collect::<String>();
        }
        text += &format!("exit code {exit}\n\n");
    }
    for (name, content) in contents(folder.path()) {
        if before.get(&name) != Some(&content) {
            text += &format!("=== {name}\n{content}\n");
        }
    }
    text
}

/// The words of a command; those in quotation marks stay together.
pub fn words(command: &str) -> Vec<String> {
    let stretches = command.split('"').enumerate();
    stretches
        .flat_map(|(at, stretch)| match at % 2 {
            0 => stretch.split_whitespace().map(str::to_owned).collect(),
            _ => vec![stretch.to_owned()],
        })
        .collect()
}

/// Runs the program in a folder: its exit code, what it says, and what it complains of.
pub fn dqoh(folder: &Path, arguments: &[String]) -> (String, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dqoh"));
    let output = command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\\', "/");
    let exit = output.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
    (exit, said(&output.stdout), said(&output.stderr))
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else if !["expected.txt", "command.txt"].contains(&&*entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

/// All files of text below a folder, by their paths with forward slashes.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    fn gather(folder: &Path, before: &str, all: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            if name.ends_with("csv-metadata.json") {
                // Made of definitions that tests/dictionary.rs and scripts/csvw/run.sh hold against the files.
                continue;
            }
            if entry.path().is_dir() {
                gather(&entry.path(), &format!("{name}/"), all);
            } else {
                all.insert(name, String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned());
            }
        }
    }
    let mut all = BTreeMap::new();
    gather(folder, "", &mut all);
    all
}

/// Makes the files of other encodings, and workbooks; what they were made of is taken away.
fn make_files(folder: &Path) {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    for (name, text) in contents(folder) {
        let Some((made, form)) = name.rsplit_once('.') else { continue };
        let bytes = match form {
            "utf16le" => utf16(&text, u16::to_le_bytes),
            "utf16be" => utf16(&text, u16::to_be_bytes),
            "windows" => encoding_rs::WINDOWS_1252.encode(&text.replace('\r', "").replace('\n', "\r\n")).0.into_owned(),
            "txt" if made.ends_with(".xlsx") => workbook(&text),
            _ => continue,
        };
        fs::write(folder.join(made), bytes).unwrap();
        fs::remove_file(folder.join(name)).unwrap();
    }
}

fn workbook(text: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for part in text.split("== ").skip(1) {
        let (title, rows) = part.split_once('\n').unwrap();
        let sheet = workbook.add_worksheet();
        sheet.set_name(title.trim()).unwrap();
        for (row, line) in (0..).zip(rows.lines()) {
            for (column, cell) in (0..).zip(line.split('\t')) {
                match cell.strip_prefix('#') {
                    Some(number) => sheet.write_number(row, column, number.parse::<f64>().unwrap()).unwrap(),
                    None => sheet.write_string(row, column, cell).unwrap(),
                };
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}
