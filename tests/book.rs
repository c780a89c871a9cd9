//! The book of a framework. Each folder of `tests/book` is a case: `rules`, the pages that must come of them in `expected`,
//! and what `dqoh check` prints of them in `check.txt`. `UPDATE_BOOK=1 cargo test --test book` writes those; read the difference before keeping it.
//! What must hold of every book is asked of all frameworks there are.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

use dqoh::book::{Book, page_of_html, pages_of_markdown};
use dqoh::cli::{built_in, read_folder};
use dqoh::framework::{Rulebook, Rules};
use dqoh::rules::syntax::{Head, RuleFile, Verb};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Files = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders of a folder.
fn folders(of: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(of)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "{of} has no folder");
    folders
}

fn dqoh(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(root()).args(arguments).output().unwrap()
}

/// All files below a folder, by path.
fn files(folder: &Path, below: &str) -> Files {
    let mut all = Files::new();
    let Ok(entries) = fs::read_dir(folder.join(below)) else { return all };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            all.extend(files(folder, &format!("{path}/")));
        } else {
            let text = fs::read_to_string(entry.path()).unwrap().replace('\r', "");
            all.insert(path, text);
        }
    }
    all
}

// ---- The pages, letter for letter ----

#[test]
fn every_case_gives_its_pages() {
    let update = std::env::var_os("UPDATE_BOOK").is_some();
    for case in folders("tests/book") {
        let out = tempfile::tempdir().unwrap();
        let rules = case.join("rules");
        let (rules, to) = (rules.to_str().unwrap(), out.path().to_str().unwrap());
        let written = dqoh(&["docs", rules, "--out", to]);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let checked = String::from_utf8(dqoh(&["check", rules]).stdout).unwrap();
        let found = files(out.path(), "");
        let expected = case.join("expected");
        if update {
            let _ = fs::remove_dir_all(&expected);
            for (path, text) in &found {
                fs::create_dir_all(expected.join(path).parent().unwrap()).unwrap();
                fs::write(expected.join(path), text).unwrap();
            }
            fs::write(case.join("check.txt"), &checked).unwrap();
        }
        let wanted = files(&expected, "");
        let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&wanted), "left: the pages of {rules}; right: those expected");
        for (path, text) in &found {
            same(&format!("{}/expected/{path}", case.display()), text, &wanted[path]);
        }
        let check = fs::read_to_string(case.join("check.txt")).unwrap().replace('\r', "");
        same(&format!("{}/check.txt", case.display()), &checked, &check);
    }
}

fn same(what: &str, found: &str, expected: &str) {
    let row = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let row = row.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
    let line = |text: &str| text.lines().nth(row).unwrap_or("(the end)").to_owned();
    assert!(
        found == expected,
        "{what} differs first in row {}:\n  is       {}\n  expected {}\nUPDATE_BOOK=1 writes it anew",
        row + 1,
        line(found),
        line(expected)
    );
}

// ---- What holds of every book ----

/// Every framework there is: name and rules.
fn frameworks() -> Vec<(String, Rules)> {
    let mut all = vec![("the one built in".to_owned(), Rules::read(&built_in()))];
    let cases = folders("tests/book").into_iter().map(|case| case.join("rules"));
    let others = folders("business-rules").into_iter().chain([root().join("tests/shapes")]).chain(cases);
    for folder in others {
        all.push((folder.display().to_string(), Rules::read(&read_folder(&folder).unwrap())));
    }
    all
}

/// Each framework with its pages of Markdown and its page of HTML.
fn each(check: impl Fn(&str, &Rulebook, &Files, &str)) {
    for (name, rules) in frameworks() {
        let rulebook = rules.sound().unwrap_or_else(|| panic!("{name} is not sound: `dqoh check` says why"));
        let book = Book::of(rulebook);
        let pages: Files = pages_of_markdown(&book).unwrap().into_iter().collect();
        check(&name, rulebook, &pages, &page_of_html(&book).unwrap());
    }
}

/// The stretches of a text between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or_default()).collect()
}

/// A link as the path that it means: `%20` is a space.
fn decoded(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_of_markdown_leads_to_a_page() {
    each(|name, _, pages, _| {
        let mut reached = BTreeSet::from(["README.md".to_owned()]);
        for (path, text) in pages {
            let links: Vec<&str> = between(text, "](", ")");
            assert!(!links.is_empty(), "{name}: {path} leads nowhere");
            for link in links {
                let mut there: Vec<&str> = path.split('/').collect();
                there.pop();
                let link = decoded(link);
                for part in link.split('/') {
                    match part {
                        ".." => assert!(there.pop().is_some(), "{name}: {path} leads out of the book: {link}"),
                        part => there.push(part),
                    }
                }
                let there = there.join("/");
                assert!(pages.contains_key(&there), "{name}: {path} leads to {there}, which is not there");
                reached.insert(there);
            }
        }
        assert!(reached.iter().eq(pages.keys()), "{name}: some pages are reached by no link");
    });
}

/// The tags of a page: each with its attributes, without brackets.
fn tags(html: &str) -> Vec<&str> {
    let (_, body) = html.split_once("</style>").unwrap();
    between(body, "<", ">")
}

/// The attributes of a tag: names and what they say.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').unwrap();
        all.push((name.trim(), value));
        rest = after;
    }
    assert_eq!(rest.trim(), "", "<{tag}> has something that is no attribute");
    all
}

/// What an attribute of a tag says.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    attributes(tag).into_iter().find(|(attribute, _)| *attribute == name).map(|(_, value)| value)
}

#[test]
fn every_link_of_html_stays_on_the_page_and_finds_its_mark() {
    each(|name, _, _, html| {
        let tags = tags(html);
        let marks: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let once: BTreeSet<&str> = marks.iter().copied().collect();
        assert_eq!(marks.len(), once.len(), "{name}: a mark stands twice");
        for key in ["href", "aria-labelledby"] {
            let all: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, key)).collect();
            assert!(all.len() > 10, "{name}: no {key} was found");
            for link in all {
                let mark = if key == "href" { link.strip_prefix('#') } else { Some(link) };
                let mark = mark.unwrap_or_else(|| panic!("{name}: a link leaves the page: {link}"));
                assert!(once.contains(mark), "{name}: nothing has the mark {mark}");
            }
        }
    });
}

/// All that the page is made of: nothing in it can ask for anything.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "article", "b", "body", "caption", "code", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "header",
    "li", "main", "nav", "p", "section", "span", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
];
const ATTRIBUTES: &[&str] = &["aria-labelledby", "class", "data-label", "href", "id", "role", "scope", "tabindex"];

#[test]
fn html_asks_nothing_of_anybody() {
    each(|name, _, _, html| {
        let (head, _) = html.split_once("</style>").unwrap();
        for asking in ["url(", "@import", "<link", "<script", "<base"] {
            assert!(!head.contains(asking), "{name}: the head has `{asking}`");
        }
        assert!(head.contains("default-src 'none'"), "{name}: the page does not forbid requests");
        for tag in tags(html).iter().filter(|tag| !tag.starts_with('/')) {
            let element = tag.split(' ').next().unwrap();
            assert!(ELEMENTS.contains(&element), "{name}: the page has a <{element}>");
            for (attribute, _) in attributes(tag) {
                assert!(ATTRIBUTES.contains(&attribute), "{name}: `{attribute}` in <{tag}>");
            }
        }
    });
}

#[test]
fn headings_of_html_go_down_by_one() {
    each(|name, _, _, html| {
        let mut before = 0;
        let mut first = 0;
        for tag in tags(html) {
            let Some(level) = tag.split_whitespace().next().and_then(|tag| tag.strip_prefix('h')?.parse::<usize>().ok()) else { continue };
            assert!(level <= before + 1, "{name}: a heading of level {level} follows one of level {before}: <{tag}>");
            first += usize::from(level == 1);
            before = level;
        }
        assert_eq!(first, 1, "{name}: a page has one heading of level 1");
    });
}

#[test]
fn tables_of_html_have_captions_and_scopes() {
    each(|name, _, _, html| {
        let tags = tags(html);
        let mut tables = 0;
        for (at, tag) in tags.iter().enumerate() {
            if tag.split_whitespace().next() == Some("table") {
                tables += 1;
                assert!(tags[at + 1].starts_with("caption"), "{name}: a table has no caption: <{tag}>");
            }
            if tag.split_whitespace().next() == Some("th") {
                assert!(attribute(tag, "scope").is_some_and(|scope| ["row", "col"].contains(&scope)), "{name}: <{tag}>");
            }
        }
        assert!(tables > 5, "{name}: no table was found");
    });
}

/// Open and closed tags match, so that no section swallows the next.
#[test]
fn elements_of_html_are_closed() {
    const EMPTY: [&str; 2] = ["meta", "br"];
    each(|name, _, _, html| {
        let mut open: Vec<&str> = vec!["html", "head"];
        for tag in tags(html) {
            let element = tag.split_whitespace().next().unwrap();
            match element.strip_prefix('/') {
                Some(element) => assert_eq!(open.pop(), Some(element), "{name}: </{element}> closes something else"),
                None if EMPTY.contains(&element) => {}
                None => open.push(element),
            }
        }
        assert_eq!(open, Vec::<&str>::new(), "{name}");
    });
}

/// Markdown as it is read: no escapes, no marks of code, no addresses of links.
fn read_markdown(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => shown.extend(rest.next()),
            '`' | '[' => {}
            ']' => {
                assert_eq!(rest.next(), Some('('));
                while rest.next().is_some_and(|letter| letter != ')') {}
            }
            other => shown.push(other),
        }
    }
    shown
}

/// HTML as it is read.
fn read_html(html: &str) -> String {
    let mut text = String::new();
    for (at, part) in html.split('<').enumerate() {
        text += if at == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
    }
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// The path and the mark of a file's page.
fn page_of(file: &RuleFile) -> (String, String) {
    match &file.head {
        Head::Register(head) => (format!("registers/{}.md", head.id.value), format!("register-{}", head.id.value)),
        Head::Indicator(_) | Head::Pathway(_) => {
            let id = &file.head.id().value;
            (format!("domains/{}/{id}.md", file.folder), format!("indicator-{id}"))
        }
    }
}

fn once_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A comma after the subject is optional in a sentence.
fn without_commas(text: &str) -> String {
    text.replace(',', "")
}

/// Word for word: a sentence that the book words otherwise than its author would fail here.
#[test]
fn every_line_and_every_example_is_on_its_page() {
    each(|name, rulebook, pages, html| {
        let mut lines = 0;
        for file in &rulebook.files {
            let (path, mark) = page_of(file);
            let markdown = pages.get(&path).unwrap_or_else(|| panic!("{name}: {path} is missing"));
            let section = between(html, &format!(" id=\"{mark}\""), "</section>")
                .first()
                .copied()
                .unwrap_or_else(|| panic!("{name}: {mark} is missing"))
                .to_owned();
            for (number, line) in (1..).zip(&file.lines) {
                lines += 1;
                let words = match &line.verb {
                    Verb::Otherwise(_) => "otherwise".to_owned(),
                    _ => without_commas(&once_spaced(&line.words.value)),
                };
                let row = between(markdown, &format!("\n| {number} | "), "\n")
                    .first()
                    .copied()
                    .unwrap_or_else(|| panic!("{name}: {path} has no line {number}"));
                assert!(
                    without_commas(&read_markdown(row)).contains(&words),
                    "{name}: line {number} of {path} says `{row}`, not `{words}`"
                );
                let row = between(&section, &format!("id=\"{mark}-line-{number}\""), "</tr>").first().copied().unwrap();
                assert!(without_commas(&read_html(row)).contains(&words), "{name}: line {number} of {mark} says `{row}`, not `{words}`");
            }
            let (markdown, section) = (once_spaced(&read_markdown(markdown)), once_spaced(&read_html(&section)));
            for example in &file.examples {
                let story = once_spaced(&example.story.value);
                assert!(markdown.contains(&format!("### {story} ")), "{name}: {path} does not tell `{story}`");
                assert!(section.contains(&story), "{name}: {mark} does not tell `{story}`");
            }
            assert_eq!(markdown.matches(", by line ").count(), file.examples.len(), "{name}: {path}");
            assert_eq!(section.matches(", by line ").count(), file.examples.len(), "{name}: {mark}");
        }
        assert!(lines > 5, "{name} has no lines");
    });
}

#[test]
fn every_code_is_on_the_page_of_its_set() {
    each(|name, rulebook, pages, html| {
        for set in &rulebook.sets {
            let page = read_markdown(&pages[&format!("code-sets/{}.md", set.name)]);
            let section = between(html, &format!(" id=\"set-{}\"", set.name), "</section>").first().copied().unwrap();
            let shown = read_html(section);
            assert_eq!(section.matches("<tr>").count(), set.codes.len() + 1, "{name}: {}", set.name);
            for code in &set.codes {
                assert!(page.contains(&format!("| {} | {} |", code.code, code.term)), "{name}: {} has no {}", set.name, code.code);
                assert!(shown.contains(&format!("{}{}", code.code, code.term)), "{name}: {} has no {}", set.name, code.code);
            }
        }
    });
}

// ---- What the book depends on ----

#[test]
fn the_order_of_files_changes_nothing() {
    let mut files = built_in();
    let book = |files: &[(String, Vec<u8>)]| page_of_html(&Book::of(Rules::read(files).sound().unwrap())).unwrap();
    let before = book(&files);
    files.reverse();
    assert_eq!(before, book(&files));
}

#[test]
fn one_form_alone() {
    for (format, wanted) in [("markdown", "README.md"), ("html", "index.html")] {
        let out = tempfile::tempdir().unwrap();
        assert!(dqoh(&["docs", "--out", out.path().to_str().unwrap(), "--format", format]).status.success());
        let names = files(out.path(), "");
        assert!(names.contains_key(wanted));
        assert_eq!(names.contains_key("README.md"), format == "markdown");
        assert_eq!(names.contains_key("index.html"), format == "html");
    }
}

/// A book tells what becomes of people: rules whose examples come out otherwise get none.
#[test]
fn no_book_of_rules_that_are_not_sound() {
    let case = folders("tests/book").remove(0).join("rules");
    let rules = tempfile::tempdir().unwrap();
    for (path, text) in files(&case, "") {
        let there = rules.path().join(&path);
        fs::create_dir_all(there.parent().unwrap()).unwrap();
        fs::write(there, text.replace("= \"achieved\"", "= \"not achieved\"")).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("book");
    let stopped = dqoh(&["docs", rules.path().to_str().unwrap(), "--out", to.to_str().unwrap()]);
    assert_eq!(stopped.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("error[R035]"));
    assert!(!to.exists());
}
