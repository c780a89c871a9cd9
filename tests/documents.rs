//! The documents tell the truth: their examples run, their tables are those of the program, their links lead somewhere.
//! `UPDATE_DOCUMENTS=1 cargo test --test documents` writes the parts that the program knows: the grammar and the frameworks in
//! business-rules/README.md, what the README's commands print, docs/dictionary.md, and the answers in docs/results.md. Read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

#[path = "documents/questions.rs"]
mod questions;

use dqoh::achievement::population_of;
use dqoh::cli::read_folder;
use dqoh::framework::{Framework, Indicator, Rules, View};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")).replace('\r', "")
}

/// A document must read so; with UPDATE_DOCUMENTS it is written.
fn must_be(path: &str, wanted: &str) {
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(root().join(path), wanted).unwrap();
    }
    let there = read(path);
    let row = there.lines().zip(wanted.lines()).position(|(there, wanted)| there != wanted).unwrap_or(usize::MAX);
    let line = |text: &str| text.lines().nth(row).unwrap_or("(the end)").to_owned();
    assert!(
        there == wanted,
        "{path} is out of date, first in row {}:\n  is     {}\n  should {}\nUPDATE_DOCUMENTS=1 writes it anew",
        row.saturating_add(1),
        line(&there),
        line(wanted)
    );
}

/// All files below a folder that end so, relative to the root, with forward slashes. Folders of what is built are left out.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if !root().join(&path).is_dir() {
            all.extend(Some(path).filter(|path| path.ends_with(ending)));
        } else if !["target", "out"].contains(&path.as_str()) && !name.starts_with('.') {
            all.extend(files(&path, ending));
        }
    }
    all.sort();
    all
}

/// The part of a text from one mark up to another.
fn part<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("`{from}` is not there"));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

/// The rows of the first table of a text, cell by cell, without header.
fn table(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The words in backticks.
fn code_words(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn first_cells(text: &str) -> Vec<&str> {
    table(text).iter().filter_map(|row| code_words(row.first()?).first().copied()).collect()
}

// ---- The glossary ----

#[test]
fn every_word_of_the_glossary_is_used_where_it_says() {
    let document = read("GLOSSARY.md");
    let spaced = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
    let code: String = files("src", ".rs").iter().map(|path| read(path)).collect();
    let rules: String = files("business-rules", "").iter().filter(|path| !path.ends_with(".md")).map(|path| read(path)).collect();
    let used = spaced(&(code + &rules));
    let mut before = String::new();
    for row in table(&document) {
        let [word, meaning, place] = row[..] else { panic!("not three cells: {row:?}") };
        assert!(before.as_str() < word, "`{word}` stands after `{before}`");
        before = word.to_owned();
        assert!(meaning.ends_with('.') || meaning.ends_with('*'), "the meaning of `{word}` is no sentence");
        assert!(used.contains(&spaced(word)), "`{word}` is used neither in src nor in business-rules");
        let [path, name] = code_words(place)[..] else { panic!("`{word}` has no place: {place}") };
        assert!(read(path).contains(name), "`{word}`: {path} has no `{name}`");
    }
    assert!(!before.is_empty(), "the glossary was not found");
}

// ---- Meanings ----

#[test]
fn every_meaning_names_its_test() {
    let document = read("docs/semantics.md");
    let tests = read("tests/semantics.rs");
    let there: BTreeSet<&str> = tests
        .split("fn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next())
        .filter(|name| name.starts_with("meaning_") && !name.contains('{'))
        .collect();
    let meanings: Vec<&str> = document.split("\n## ").skip(1).collect();
    let mut named = BTreeSet::new();
    for (number, meaning) in (1..).zip(&meanings) {
        assert!(meaning.starts_with(&format!("{number}. ")), "meaning {number} is out of order");
        assert!(meaning.contains("\n> "), "meaning {number} has no example");
        let held: Vec<&str> = code_words(part(meaning, "Held by ", "\n")).into_iter().filter(|word| word.starts_with("meaning_")).collect();
        assert!(held.iter().any(|name| name.starts_with(&format!("meaning_{number:02}_"))), "meaning {number} names no test of its own");
        named.extend(held);
    }
    assert_eq!(meanings.len(), 12);
    assert_eq!(named, there, "left: docs/semantics.md; right: tests/semantics.rs");
}

// ---- Results ----

fn dqoh(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(folder).args(arguments).output().unwrap()
}

#[test]
fn every_output_file_is_described_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("extract.toml", "extracted-on = 2017-04-05\nsystem = \"made up\"\nscheme = \"snomed\"\n");
    write("practices.csv", "practice_code,name,locality\nY90001,North Road,Alpha\n");
    write(
        "patients.csv",
        "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on\n1,Y90001,1958-03-02,F,2000-01-01,,\n",
    );
    write("events.csv", "patient_id,date,code\n1,2014-02-11,73211009\n");
    let output = dqoh(folder.path(), &["run", ".", "--layout", "fingertips", "--out", "out"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = dqoh(folder.path(), &["inspect", ".", "--out", "out"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for command in ["worth out --out out", "explain . --out out/why.csv"] {
        let output = dqoh(folder.path(), &command.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (document, dictionary) = (read("docs/results.md"), read("docs/dictionary.md"));
    let mut written = 0;
    for entry in fs::read_dir(folder.path().join("out")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        // It stands beside a file of the reader's own name, and is described with csv-metadata.json.
        if name == "why.csv-metadata.json" {
            continue;
        }
        let heading = if name == "practices" { "practices/…html" } else { &name };
        let section = part(&document, &format!("\n## {heading}\n"), "\n## ");
        assert!(section.len() > 100, "docs/results.md tells nothing of {heading}");
        // Pages and the workbook have no columns.
        if name == "practices" || name.ends_with(".html") || name.ends_with(".xlsx") {
            continue;
        }
        let text = fs::read_to_string(folder.path().join("out").join(&name)).unwrap();
        if name.ends_with(".csv") {
            let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
            let described = first_cells(part(&dictionary, &format!("\n## {name}\n"), "\n## "));
            assert_eq!(described, columns, "left: docs/dictionary.md; right: {name}");
        } else {
            // The keys of the outermost table: two spaces in.
            let keys: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split('"').next()).collect();
            assert_eq!(first_cells(section), keys, "left: docs/results.md; right: {name}");
        }
        written += 1;
    }
    assert_eq!(
        document.matches(".csv\n\n").count() + document.matches(".json\n\n").count(),
        written,
        "a file is described that was not written"
    );
}

#[test]
fn the_data_dictionary_is_that_of_the_program() {
    must_be("docs/dictionary.md", &dqoh::report::dictionary(&[&dqoh::codes::coverage::COVERAGE]));
}

/// The words that `fn word` of an enum gives.
fn words_of<'t>(code: &'t str, of: &str) -> BTreeSet<&'t str> {
    let body = part(part(code, &format!("impl {of} {{"), "\n}\n"), "fn word(self)", "\n    }\n");
    body.lines().filter(|line| line.contains("=> \"")).filter_map(|line| line.split('"').nth(1)).collect()
}

#[test]
fn every_status_and_reason_is_described() {
    let document = read("docs/results.md");
    let statuses: BTreeSet<&str> = first_cells(part(&document, "### Statuses", "\n## ")).into_iter().collect();
    assert_eq!(statuses, words_of(&read("src/achievement/mod.rs"), "Status"), "left: docs/results.md; right: src/achievement/mod.rs");
    let reasons: BTreeSet<&str> = first_cells(part(&document, "### Reasons", "\n## ")).into_iter().collect();
    assert_eq!(reasons, words_of(&read("src/extract/quality.rs"), "Reason"), "left: docs/results.md; right: src/extract/quality.rs");
    let rules = read("business-rules/README.md");
    let because: BTreeSet<&str> = code_words(part(&rules, "for a reason: ", " |")).into_iter().collect();
    assert_eq!(
        because,
        words_of(&read("src/framework/outcomes.rs"), "Reason"),
        "left: business-rules/README.md; right: src/framework/outcomes.rs"
    );
}

// ---- Business rules ----

/// A document with the part between two marks written anew.
fn with_part(document: &str, name: &str, text: &str) -> String {
    let from = document.find(&format!("<!-- {name}:")).unwrap_or_else(|| panic!("there is no mark for {name}"));
    let (before, rest) = document.split_at(from);
    let (mark, rest) = rest.split_once('\n').unwrap();
    let end = format!("<!-- end of {name} -->");
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{name} has no end"));
    format!("{before}{mark}\n\n{}\n\n{end}{after}", text.trim())
}

/// The grammar, as the parser's module comment has it.
fn grammar() -> String {
    let code = read("src/rules/phrase.rs");
    let lines = part(&code, "//! ```text\n", "//! ```").lines().map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or(""));
    format!("```text\n{}\n```", lines.collect::<Vec<_>>().join("\n"))
}

fn framework(folder: &str) -> Framework {
    let rules = Rules::read(&read_folder(&root().join("business-rules").join(folder)).unwrap());
    let rulebook = rules.sound().unwrap_or_else(|| panic!("business-rules/{folder} is not sound: `dqoh check` says why"));
    rulebook.at(rulebook.period().to, View::YearEnd).0
}

fn frameworks() -> String {
    let mut folders: Vec<String> = files("business-rules", "/framework.toml")
        .iter()
        .filter_map(|path| Some(path.strip_prefix("business-rules/")?.strip_suffix("/framework.toml")?.to_owned()))
        .collect();
    folders.sort();
    folders.iter().map(|folder| about(folder, &framework(folder)).trim_end().to_owned()).collect::<Vec<_>>().join("\n\n")
}

/// A framework's own README says how many indicators and points it has, and its table of domains comes to them.
#[test]
fn the_sums_of_a_framework_stand_in_its_readme() {
    for path in files("business-rules", "/framework.toml") {
        let folder = path.trim_start_matches("business-rules/").trim_end_matches("/framework.toml").to_owned();
        let readme = read(&format!("business-rules/{folder}/README.md"));
        let framework = framework(&folder);
        let points = |of: &dyn Fn(&&Indicator) -> bool| -> rust_decimal::Decimal {
            framework.indicators.iter().filter(of).map(|indicator| indicator.points).sum()
        };
        let all = format!("{} indicators, {} points in all", framework.indicators.len(), points(&|_| true).normalize());
        assert!(readme.contains(&all), "business-rules/{folder}/README.md does not say: {all}");
        for (at, domain) in framework.domains.iter().enumerate() {
            let of_domain = |indicator: &&Indicator| indicator.domain == at;
            let count = framework.indicators.iter().filter(of_domain).count();
            let row = format!("| {count} | {} |", points(&of_domain).normalize());
            let link = format!("]({})", domain.id);
            let said = readme.lines().any(|line| line.starts_with("| [") && line.contains(&link) && line.ends_with(&row));
            assert!(
                said || framework.domains.len() == 1,
                "business-rules/{folder}/README.md has no row of {} that ends with {row}",
                domain.id
            );
        }
    }
}

/// One framework: its registers, its indicators, what they are worth.
fn about(folder: &str, framework: &Framework) -> String {
    let mut text = format!(
        "### {}\n\n[`{folder}`]({folder}/README.md), {} to {}.\n\n| register | title |\n|---|---|\n",
        framework.name,
        framework.period.from.long(),
        framework.period.to.long()
    );
    for register in &framework.registers {
        text += &format!("| {} | {} |\n", register.id, register.title);
    }
    let points: rust_decimal::Decimal = framework.indicators.iter().map(|indicator| indicator.points).sum();
    text += &format!(
        "\n{} indicators, {} points:\n\n| indicator | title | of | points | paid from, to | standing |\n|---|---|---|---|---|---|\n",
        framework.indicators.len(),
        points.normalize()
    );
    for indicator in &framework.indicators {
        let pays = indicator.pays.map_or_else(|| "–".to_owned(), |pays| format!("{}–{} %", pays.from.normalize(), pays.to.normalize()));
        text += &format!(
            "| {} | {} | {} | {} | {pays} | {} |\n",
            indicator.id,
            indicator.title,
            population_of(framework, indicator),
            indicator.points.normalize(),
            indicator.standing
        );
    }
    text
}

#[test]
fn the_handbook_of_rules_is_up_to_date() {
    let document = read("business-rules/README.md");
    let document = with_part(&document, "grammar", &grammar());
    must_be("business-rules/README.md", &with_part(&document, "frameworks", &frameworks()));
}

// ---- The README ----

/// A command of the README and what is shown of its output.
struct Shown {
    command: String,
    output: Vec<String>,
}

/// The words of a command; those in quotation marks stay together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, stretch) in command.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(stretch.split_whitespace().map(str::to_owned)),
            _ => words.push(stretch.to_owned()),
        }
    }
    words
}

/// A line without what differs from one run to the next: how long it took.
fn steady(line: &str) -> String {
    let (before, rest) = line.split_once(" (").unwrap_or((line, ""));
    match rest.split_once(" s)") {
        Some((time, after)) if time.chars().all(|c| c.is_ascii_digit() || c == '.') => format!("{before} (… s){after}"),
        _ => line.trim_end().to_owned(),
    }
}

/// What a block should show of an output: all of it, or so many lines before and after a line `…`.
fn shown_of(output: &str, shown: &[String]) -> Vec<String> {
    let all: Vec<String> = output.trim_matches('\n').lines().map(|line| line.trim_end().to_owned()).collect();
    let Some(cut) = shown.iter().position(|line| line == "…") else { return if shown.is_empty() { Vec::new() } else { all } };
    let (head, tail) = (cut.min(all.len()), (shown.len() - cut - 1).min(all.len()));
    let head = all.iter().take(head);
    head.cloned().chain(["…".to_owned()]).chain(all.iter().skip(all.len() - tail).cloned()).collect()
}

fn commands(block: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push(Shown { command: command.to_owned(), output: Vec::new() }),
            (None, Some(last)) => last.output.push(line.to_owned()),
            (None, None) => panic!("a console block begins with `$ `: {line}"),
        }
    }
    for shown in &mut all {
        while shown.output.last().is_some_and(String::is_empty) {
            shown.output.pop();
        }
    }
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

#[test]
fn the_examples_of_the_readme_run_and_print_what_is_shown() {
    examples_run_and_print_what_is_shown("README.md");
}

#[test]
fn the_examples_of_a_practice_run_and_print_what_is_shown() {
    examples_run_and_print_what_is_shown("docs/practice.md");
}

/// Runs the commands of a document in a copy of the samples and rules, in its order.
fn examples_run_and_print_what_is_shown(path: &str) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["sample-extracts", "business-rules"] {
        copy(&root().join(name), &folder.path().join(name));
    }
    let document = read(path);
    let mut wanted = document.clone();
    let mut ran = 0;
    for block in document.split("```console\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()) {
        let mut blocks = Vec::new();
        for shown in commands(block) {
            let words = words(&shown.command);
            let Some(("dqoh", arguments)) = words.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
                panic!("not a command of dqoh: {}", shown.command)
            };
            let output = dqoh(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
            assert!(output.status.success(), "`{}` failed:\n{}", shown.command, String::from_utf8_lossy(&output.stderr));
            let printed = shown_of(&String::from_utf8_lossy(&output.stdout), &shown.output);
            let same = printed.iter().map(|line| steady(line)).eq(shown.output.iter().map(|line| steady(line)));
            let lines = if same { shown.output } else { printed };
            blocks.push(std::iter::once(format!("$ {}", shown.command)).chain(lines).collect::<Vec<_>>().join("\n"));
            ran += 1;
        }
        wanted = wanted.replacen(block, &blocks.join("\n\n"), 1);
    }
    assert!(ran >= 5, "{path} shows {ran} commands only");
    must_be(path, &wanted);
}

/// The files of the samples answer the questions of a planner, with the figures that docs/results.md shows.
#[test]
fn the_questions_of_a_planner_are_answered_from_the_files() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("sample-extracts"), &folder.path().join("sample-extracts"));
    let words = words(questions::COMMAND);
    let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let output = dqoh(folder.path(), &arguments);
    assert!(output.status.success(), "`{}` failed:\n{}", questions::COMMAND, String::from_utf8_lossy(&output.stderr));
    let document = read("docs/results.md");
    must_be("docs/results.md", &with_part(&document, "answers", &questions::answers(&folder.path().join("out"))));
}

/// The columns of an extract, as the README lists them, are those that are looked for.
#[test]
fn every_column_of_an_extract_is_listed() {
    let document = read("README.md");
    let rows = table(part(&document, "## Your own extract", "\n## "));
    for (file, code) in [("practices.csv", "practices"), ("patients*.csv", "newcomers"), ("events*.csv", "sift")] {
        let code = read(&format!("src/extract/{code}.rs"));
        let columns = |kind: &str| -> BTreeSet<String> {
            code.split(&format!("{kind}(\"")).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let row =
            rows.iter().find(|row| row.first().is_some_and(|cell| code_words(cell) == [file])).unwrap_or_else(|| panic!("no row {file}"));
        let listed = |cell: usize| -> BTreeSet<String> {
            let words = row.get(cell).map(|cell| code_words(cell)).unwrap_or_default();
            words.into_iter().filter(|word| !word.contains('-')).map(str::to_owned).collect()
        };
        assert_eq!(listed(1), columns("required"), "{file} must have; left: README.md; right: src/extract");
        assert_eq!(listed(2), columns("optional"), "{file} may have; left: README.md; right: src/extract");
    }
}

/// The page of extracts has a row for every column that is looked for, and says of each whether it must be there.
#[test]
fn every_column_of_an_extract_is_described() {
    let document = read("docs/extracts.md");
    for (heading, code) in [("### practices.csv", "practices"), ("### patients", "newcomers"), ("### events", "sift")] {
        let code = read(&format!("src/extract/{code}.rs"));
        let columns = |kind: &str, must: &str| -> BTreeSet<(String, String)> {
            let before = format!("{kind}(\"");
            let names = code.split(&before).skip(1).filter_map(|rest| rest.split('"').next());
            names.map(|name| (name.to_owned(), must.to_owned())).collect()
        };
        let heading_line = format!("{heading}\n");
        let rows = table(part(&document, &heading_line, "\n##"));
        let name = |row: &[&str]| row.first().and_then(|cell| code_words(cell).first().map(|word| (*word).to_owned()));
        let said: BTreeSet<(String, String)> = rows.iter().filter_map(|row| Some((name(row)?, (*row.get(1)?).to_owned()))).collect();
        let wanted = columns("required", "yes").into_iter().chain(columns("optional", "no")).collect();
        assert_eq!(said, wanted, "{heading}; left: docs/extracts.md; right: src/extract");
    }
}

/// A message that the README shows is one that a mistake in tests/problems brings about.
#[test]
fn the_message_of_the_readme_is_a_real_one() {
    let document = read("README.md");
    let message = part(&document, "```text\nerror", "\n```");
    let real = files("tests/problems", ".txt").into_iter().any(|path| read(&path).trim_end() == format!("error{message}"));
    assert!(real, "no mistake in tests/problems has this message:\nerror{message}");
}

// ---- All documents ----

/// A document without what stands between fences.
fn prose(document: &str) -> String {
    document.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// The mark that a heading can be linked by.
fn mark(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
    kept.replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for path in files("", ".md") {
        let text = prose(&read(&path));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") {
                continue;
            }
            links += 1;
            let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
            let folder = Path::new(&path).parent().map_or_else(PathBuf::new, Path::to_path_buf);
            let target = if file.is_empty() { PathBuf::from(&path) } else { folder.join(file) };
            assert!(root().join(&target).exists(), "{path} links to {link}, which is not there");
            if let Some(heading) = heading {
                let there = prose(&read(&target.to_string_lossy()));
                let marks: Vec<String> =
                    there.lines().filter(|line| line.starts_with('#')).map(|line| mark(line.trim_start_matches('#'))).collect();
                assert!(marks.iter().any(|mark| mark == heading), "{path} links to {link}; there is no such heading");
            }
        }
    }
    assert!(links > 10, "no links were found");
}

#[test]
fn no_document_names_a_path_of_a_machine() {
    let documents: Vec<String> = [".md", ".toml", ".csv", ".sh", ".rs"].iter().flat_map(|ending| files("", ending)).collect();
    assert!(documents.len() > 50, "no documents were found");
    // Put together here, so that this file does not hold them.
    let folders = ["home", "Users", "root", "work", "tmp"].map(|name| format!("/{name}/"));
    for path in documents {
        let text = String::from_utf8_lossy(&fs::read(root().join(&path)).unwrap()).into_owned();
        let found = folders.iter().find(|folder| text.contains(folder.as_str()));
        assert_eq!(found, None, "{path} names a folder of some machine");
        assert!(!text.contains(concat!("C:", "\\")), "{path} names a folder of some machine");
    }
}
