//! Mistakes and what people are told of them. A rule mistake is a file in `problems/rules`, laid into the sound
//! framework `problems/base`; a data mistake is a folder in `problems/data`. The message stands beside each.
//! `UPDATE_PROBLEMS=1 cargo test --test problems` writes the messages anew: read the difference before keeping it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot read its own files should stop")]

use dqoh::evaluate::examples::examine;
use dqoh::evaluate::mutants::mutate;
use dqoh::extract::Extract;
use dqoh::extract::quality::Reason;
use dqoh::framework::{Rules, View};
use dqoh::problem::{Place, Problem, long_text, render, titles};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Codes that no file can bring about: the system would have to refuse a thread.
const CANNOT_BE_SHOWN: [&str; 3] = ["U003", "U009", "U081"];

/// Set to anything, messages are written instead of compared.
const UPDATE: &str = "UPDATE_PROBLEMS";

type Files = Vec<(String, Vec<u8>)>;

fn problems_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("problems")
}

// ---- What every mistake looks like ----

#[test]
fn every_rule_mistake_has_its_message() {
    let mut wrong = Vec::new();
    for case in in_folder(&problems_folder().join("rules")) {
        if case.extension().is_some_and(|extension| extension == "txt") {
            let has_case = ["toml", "csv"].iter().any(|extension| case.with_extension(extension).exists());
            wrong.extend((!has_case).then(|| format!("{} belongs to no case", case.display())));
            continue;
        }
        let text = rule_mistake(&case);
        wrong.extend(unlike_name(&case, &text));
        wrong.extend(unlike(&case.with_extension("txt"), &text));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn every_data_mistake_has_its_message_and_shows_nobody() {
    let mut wrong = Vec::new();
    for case in in_folder(&problems_folder().join("data")) {
        let (text, everything) = data_mistake(&case);
        wrong.extend(
            particulars(&case)
                .into_iter()
                .filter(|cell| everything.contains(cell.as_str()))
                .map(|cell| format!("{} shows `{cell}`, which stands in its data:\n{everything}", case.display())),
        );
        if everything.contains("panicked") || text.contains("exit code 101\n") || text.contains("exit code none\n") {
            wrong.push(format!("{} did not come to a good end:\n{everything}", case.display()));
        }
        wrong.extend(unlike(&case.join("expected.txt"), &text));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// The message of a mistake laid into the base framework, as `dqoh check --strict` gives it.
fn rule_mistake(case: &Path) -> String {
    let content = fs::read(case).expect("the case can be read");
    let mut files = base();
    for line in String::from_utf8_lossy(&content).lines().take_while(|line| line.starts_with('#')) {
        if let Some(path) = line.strip_prefix("# put: ") {
            files.retain(|(other, _)| other != path);
            files.push((path.to_owned(), content.clone()));
        }
        if let Some(path) = line.strip_prefix("# without: ") {
            let before = files.len();
            files.retain(|(other, _)| other != path);
            assert!(files.len() < before, "{}: there is no {path} in the base", case.display());
        }
    }
    assert!(files.iter().any(|(_, other)| *other == content), "{} does not say where to `# put:` it", case.display());
    let rules = Rules::read(&files);
    let mut problems = rules.problems.clone();
    if let Some(rulebook) = rules.sound() {
        problems.extend(examine(rulebook).problems);
        problems.extend(rulebook.unverified());
        let small_changes = content.starts_with(b"# also: small changes");
        let mutated = if small_changes { mutate(rulebook, &rules.sources).problems } else { Vec::new() };
        let of_this_case =
            |problem: &Problem| matches!(problem.place, Place::Text(span) if rules.sources.name(span.file) == "care/case.toml");
        problems.extend(mutated.into_iter().filter(of_this_case));
    }
    render(&problems, &rules.sources, false) + "\n"
}

/// A case is named after the code it shows; one that shows several names none and shows at least three.
fn unlike_name(case: &Path, text: &str) -> Option<String> {
    let name = case.file_name()?.to_str()?;
    let code = name.get(..4)?.to_uppercase();
    let named = code.starts_with('R') && code.chars().skip(1).all(|digit| digit.is_ascii_digit());
    let fits = if named { text.contains(&format!("[{code}]")) } else { codes_in(text).len() >= 3 };
    (!fits).then(|| format!("{name} does not show what its name says:\n{text}"))
}

/// Codes in square brackets, as a message shows them.
fn codes_in(text: &str) -> BTreeSet<String> {
    text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(code, _)| code.to_owned()).filter(|code| is_code(code)).collect()
}

fn is_code(text: &str) -> bool {
    let mut letters = text.chars();
    matches!(letters.next(), Some('R' | 'D' | 'U')) && text.len() == 4 && letters.all(|digit| digit.is_ascii_digit())
}

/// Runs a case's command in a folder of its own, so that every path in a message is a short one:
/// what to compare, and everything that came out.
fn data_mistake(case: &Path) -> (String, String) {
    let name = case.file_name().unwrap().to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&problems_folder().join("base"), &folder.path().join("base"));
    copy(case, &folder.path().join(name));
    for file in ["counts.csv", "lists/manifest.json"] {
        of_the_base(&folder.path().join(name).join(file));
    }
    let command = fs::read_to_string(case.join("command.txt")).unwrap_or_else(|_| "run CASE --rules base --out out".to_owned());
    let command = command.trim().replace("CASE", name);
    let output = dqoh(folder.path(), &words(&command));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\\', "/");
    let quarantine = fs::read(folder.path().join("out").join("quarantine.csv")).map(|bytes| said(&bytes)).unwrap_or_default();
    let (complaint, told) = (said(&output.stderr), said(&output.stdout));
    let exit = output.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
    let mut text = format!("$ dqoh {command}\nexit code {exit}\n");
    for (heading, part) in [("stderr", &complaint), ("quarantine.csv", &quarantine)] {
        if !part.trim().is_empty() {
            text += &format!("\n--- {heading}\n{part}");
        }
    }
    (text, [complaint, told, quarantine].join("\n"))
}

/// The words of a command; those in quotation marks stay together.
fn words(command: &str) -> Vec<&str> {
    let stretches = command.split('"').enumerate();
    let words = stretches.flat_map(|(at, stretch)| if at % 2 == 0 { stretch.split_whitespace().collect() } else { vec![stretch] });
    words.collect()
}

/// Counts in a case, and lists of people, are of the base where they say `HASH-OF-THE-BASE`, whatever the base holds.
fn of_the_base(counts: &Path) {
    if let Ok(text) = fs::read_to_string(counts) {
        let hash = Rules::read(&base()).sound().unwrap().hash.clone();
        fs::write(counts, text.replace("HASH-OF-THE-BASE", &hash)).unwrap();
    }
}

fn dqoh(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dqoh"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
    command.output().expect("the program starts")
}

/// What must never be shown: every cell of a person or a record, except codes of practices, clinical codes and names of columns.
fn particulars(case: &Path) -> BTreeSet<String> {
    let files = in_folder(case).into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "csv"));
    let texts: Vec<(bool, String)> = files
        .filter_map(|file| {
            let name = file.file_name()?.to_str()?;
            let bytes = fs::read(&file).ok()?;
            // Bytes of 0 make UTF-16 readable here; what is no character stays out.
            let text = String::from_utf8_lossy(&bytes).replace(['\0', '\u{fffd}'], "");
            let of_nobody = name.starts_with("practices") || name.contains("_Coding_") || name.contains("_Admin_Organisation_");
            Some((of_nobody, text))
        })
        .collect();
    let practices: BTreeSet<&str> = texts.iter().filter(|(practices, _)| *practices).flat_map(|(_, text)| cells(text)).collect();
    let particulars = texts.iter().filter(|(practices, _)| !practices).flat_map(|(_, text)| cells(text));
    let telling = |cell: &&str| cell.len() >= 4 && cell.bytes().any(|byte| byte.is_ascii_digit()) && !practices.contains(cell);
    particulars.filter(telling).map(str::to_owned).chain(["SECRET".to_owned()]).collect()
}

fn cells(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n', '\r', '"']).map(str::trim)
}

// ---- What is written of every code ----

#[test]
fn every_code_is_explained_once_and_no_other() {
    let explained: Vec<String> = titles().map(|(code, _)| code.to_owned()).filter(|code| is_code(code)).collect();
    let once: BTreeSet<String> = explained.iter().cloned().collect();
    assert_eq!(explained.len(), once.len(), "a code has two headings in docs/problems.md: {explained:?}");
    assert!(explained.is_sorted_by_key(|code| (["R", "D", "U"].iter().position(|kind| code.starts_with(kind)), code.clone())));
    assert_eq!(once, codes_of_the_program(), "left: headings of docs/problems.md, right: codes of src");
    for code in &once {
        let text = long_text(code).unwrap();
        assert!(text.lines().count() > 4, "{code} has no more than a heading");
        assert!(text.contains("**Mend it:**"), "{code} offers no way out");
    }
}

#[test]
fn every_code_has_a_case() {
    if std::env::var_os(UPDATE).is_some() {
        // The messages are being written beside this test.
        return;
    }
    let mut shown = BTreeSet::new();
    for file in in_folder(&problems_folder().join("rules")).into_iter().filter(|file| file.extension().is_some_and(|e| e == "txt")) {
        shown.extend(codes_in(&fs::read_to_string(file).unwrap()));
    }
    for case in in_folder(&problems_folder().join("data")) {
        shown.extend(codes_in(&fs::read_to_string(case.join("expected.txt")).unwrap_or_default()));
    }
    // What rules show in an extract has its cases in a folder of its own.
    for case in in_folder(&problems_folder().with_file_name("findings")) {
        shown.extend(codes_in(&fs::read_to_string(case.join("expected.txt")).unwrap_or_default()));
    }
    // So have files of published counts.
    for case in in_folder(&problems_folder().with_file_name("published")) {
        shown.extend(codes_in(&fs::read_to_string(case.join("expected.txt")).unwrap_or_default()));
    }
    let missing: Vec<String> =
        codes_of_the_program().into_iter().filter(|code| !shown.contains(code) && !CANNOT_BE_SHOWN.contains(&code.as_str())).collect();
    assert!(missing.is_empty(), "no case in tests/problems shows {missing:?}");
}

#[test]
fn every_reason_of_quarantine_is_explained() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join("problems.md")).unwrap();
    let table = text.split("\n## What quarantine.csv says of a row\n").nth(1).expect("docs/problems.md ends with the reasons of rows");
    let mut rows = Vec::new();
    for reason in Reason::ALL {
        let counts = if reason.is_reject() { "yes" } else { "no" };
        let row = format!("| `{}` | {} | {} | {counts} |", reason.word(), reason.rule(), reason.done());
        assert!(table.contains(&row), "docs/problems.md should hold the row\n{row}");
        rows.push(row);
    }
    let said = table.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(said, rows.len(), "docs/problems.md explains reasons that do not exist");
}

/// The code literals in `src`, those of tests left out.
fn codes_of_the_program() -> BTreeSet<String> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    let mut codes = BTreeSet::new();
    for (_, bytes) in files.iter().filter(|(name, _)| name.ends_with(".rs")) {
        let text = String::from_utf8_lossy(bytes);
        let program = text.split("#[cfg(test)]").next().unwrap_or("");
        codes.extend(program.split('"').filter(|word| is_code(word)).map(str::to_owned));
    }
    codes
}

// ---- `dqoh problems` ----

#[test]
fn a_code_is_explained_on_the_command_line() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let one = dqoh(here, &["problems", "r010"]);
    let text = String::from_utf8_lossy(&one.stdout).replace("\r\n", "\n");
    assert_eq!(one.status.code(), Some(0));
    assert_eq!(text.trim_end(), long_text("R010").unwrap().trim_start_matches("## "));
    let all = dqoh(here, &["problems"]);
    assert_eq!(String::from_utf8_lossy(&all.stdout).lines().count(), titles().filter(|(code, _)| is_code(code)).count());
}

#[test]
fn an_unknown_code_is_refused_with_a_suggestion() {
    let output = dqoh(Path::new(env!("CARGO_MANIFEST_DIR")), &["problems", "R0010"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint.contains("[U004]") && complaint.contains("did you mean `R0"), "{complaint}");
}

// ---- Whatever is written, reading comes to an end and points into the file ----

#[test]
fn the_base_is_sound() {
    let rules = Rules::read(&base());
    assert!(rules.problems.is_empty(), "{}", render(&rules.problems, &rules.sources, false));
    let examined = examine(rules.sound().unwrap());
    assert!(examined.problems.is_empty(), "{}", render(&examined.problems, &rules.sources, false));
}

/// One change, anywhere in the files; long files are changed more often.
#[derive(Clone, Debug)]
enum Change {
    /// Some bytes are taken out and others put in.
    Bytes { at: prop::sample::Index, take: usize, put: Vec<u8> },
    /// A word is put in place of another: what comes out can mostly be read, and means something else.
    Word { at: prop::sample::Index, word: &'static str },
}

/// Pieces that a reader could stumble over.
const AWKWARD: [&[u8]; 27] = [
    b"",
    b"\"",
    b"'''",
    b"\"\"\"",
    b"{",
    b"}",
    b"[",
    b"[[band]]\n",
    b",",
    b"#",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"\\u00e9",
    b"-",
    b"99999999999999999999999999999999",
    b"0.00000000000000000000000000001",
    b"1e400",
    b"since = \"age 40000\", ",
    b"within 40000 days of bp",
    "é".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{1f600}".as_bytes(),
    b"\0",
    b"\xff",
];

/// Words of the files, and some that are nearly such.
#[rustfmt::skip]
const WORDS: [&str; 54] = [
    "latest", "earliest", "pair", "count", "latest-of", "registers", "of", "codes", "apart", "where", "since", "until", "in", "clock",
    "DM", "LTC", "list", "DM_COD", "HBA1C", "SYSTOLIC", "bp", "hba1c", "care-plan", "declined", "diagnosed", "resolved", "systolic", "value",
    "age", "sex", "registered", "on", "no", "not", "and", "or", "at", "most", "within", "before", "after", "days", "months", "years",
    "achieved-if", "excepted-if", "rejected-if", "otherwise", "0", "40000", "-1", "0001-01-01", "9999-12-31", "local",
];

fn change() -> impl Strategy<Value = Change> {
    let put = prop_oneof![
        3 => prop::sample::select(AWKWARD.to_vec()).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    let place = any::<prop::sample::Index>;
    prop_oneof![
        1 => (place(), 0..12_usize, put).prop_map(|(at, take, put)| Change::Bytes { at, take, put }),
        2 => (place(), prop::sample::select(WORDS.to_vec())).prop_map(|(at, word)| Change::Word { at, word }),
    ]
}

fn changed(mut files: Files, changes: &[Change]) -> Files {
    for change in changes {
        let (Change::Bytes { at, .. } | Change::Word { at, .. }) = change;
        let mut at = at.index(files.iter().map(|(_, content)| content.len() + 1).sum());
        let mut contents = files.iter_mut().map(|(_, content)| content);
        let content = contents
            .find(|content| {
                at <= content.len() || {
                    at -= content.len() + 1;
                    false
                }
            })
            .unwrap();
        match change {
            Change::Bytes { take, put, .. } => {
                let to = content.len().min(at + take);
                content.splice(at..to, put.iter().copied());
            }
            Change::Word { word, .. } => {
                if let Some(place) = word_places(content).into_iter().find(|place| place.end > at) {
                    content.splice(place, word.bytes());
                }
            }
        }
    }
    files
}

/// Where the words of a text stand.
fn word_places(content: &[u8]) -> Vec<std::ops::Range<usize>> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut places: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in content.iter().enumerate().filter(|(_, byte)| part(byte)) {
        match places.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => places.push(at..at + 1),
        }
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_with_any_bytes_are_read_to_the_end(changes in prop::collection::vec(change(), 1..4)) {
        let rules = Rules::read(&changed(base(), &changes));
        for problem in &rules.problems {
            points_into_a_file(problem, &rules);
        }
        let mut problems = rules.problems.clone();
        if let Some(rulebook) = rules.sound() {
            problems.extend(examine(rulebook).problems);
            rulebook.at(rulebook.period().to, View::Rolling);
        }
        render(&problems, &rules.sources, false);
    }
}

fn points_into_a_file(problem: &Problem, rules: &Rules) {
    let Place::Text(span) = &problem.place else { return };
    for span in problem.also.iter().map(|(span, _)| span).chain([span]) {
        let text = &rules.sources.get(span.file).expect("the file is known").text;
        let words = text.get(span.start as usize..span.end as usize);
        assert!(words.is_some(), "{} points from {} to {} in a text of {}", problem.code, span.start, span.end, text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn extracts_with_any_bytes_are_read_to_the_end_and_show_nobody(changes in prop::collection::vec(change(), 1..4)) {
        let rules = Rules::read(&base());
        let rulebook = rules.sound().unwrap();
        let codes = rulebook.at(rulebook.period().to, View::YearEnd).0.codes;
        let mut files = Vec::new();
        walk(&problems_folder().join("data").join("nothing-wrong"), "", &mut files);
        files.retain(|(name, _)| !name.ends_with(".txt"));
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in changed(files, &changes) {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let problems = match Extract::open(folder.path()) {
            Ok(mut extract) => extract.records(&codes, &|_| {}).err().into_iter().collect(),
            Err(problems) => problems,
        };
        let text = render(&problems, &rules.sources, false);
        prop_assert!(!text.contains("SECRET"), "{}", text);
    }
}

// ---- Files ----

/// The sound framework that mistakes are laid into.
fn base() -> Files {
    let mut files = Vec::new();
    walk(&problems_folder().join("base"), "", &mut files);
    files
}

fn walk(folder: &Path, before: &str, files: &mut Files) {
    for path in in_folder(folder) {
        let name = format!("{before}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            walk(&path, &format!("{name}/"), files);
        } else {
            files.push((name, fs::read(&path).unwrap()));
        }
    }
}

fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in in_folder(from) {
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { _ = fs::copy(&path, &there).unwrap() }
    }
}

/// Compares a text with the file that should hold it, or writes the file.
fn unlike(expected: &Path, text: &str) -> Option<String> {
    if std::env::var_os(UPDATE).is_some() {
        fs::write(expected, text).unwrap();
        return None;
    }
    let Ok(there) = fs::read_to_string(expected) else {
        return Some(format!("{} is missing; UPDATE_PROBLEMS=1 writes it:\n{text}", expected.display()));
    };
    let there = there.replace("\r\n", "\n");
    (there != text).then(|| format!("{} differs (- as written, + as it is now):\n{}", expected.display(), difference(&there, text)))
}

/// The lines from the first to the last that differ.
fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same_start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - same_start;
    let same_end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let of = |lines: &[&str], mark: &str| -> String {
        let middle = lines.iter().take(lines.len() - same_end).skip(same_start);
        middle.map(|line| format!("{mark} {line}\n")).collect()
    };
    of(&before, "-") + &of(&after, "+")
}
