//! A code set file as its keeper sees it: the lines of its header, and its codes. Reads and writes the form that
//! business-rules/README.md describes; what a code must look like is known to `framework::code_sets` alone.

use crate::framework::code_sets::read_code_set;
use crate::problem::Problem;
use crate::source::Sources;
use rustc_hash::FxHashMap;

/// One row of a code set file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeRow {
    /// The scheme: `snomed`, `read2`, …
    pub scheme: String,
    /// The code.
    pub code: String,
    /// What it means.
    pub term: String,
}

/// One code set file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetFile {
    /// The set's name: that of the file.
    pub name: String,
    /// Lines of the header without their mark, such as `coverage: complete`.
    pub header: Vec<String>,
    /// The codes, in the order of the file.
    pub codes: Vec<CodeRow>,
}

impl SetFile {
    /// Reads a file; `path` is its name in messages. What cannot be a code is left out and said.
    pub fn read(name: &str, path: &str, bytes: &[u8], sources: &mut Sources) -> (SetFile, Vec<Problem>) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            let problem = Problem::error("R001", format!("`{path}` is not UTF-8 text")).help("save the file as UTF-8");
            return (SetFile { name: name.to_owned(), ..SetFile::default() }, vec![problem]);
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (set, problems) = read_code_set(sources.add(path, text), name, text);
        let comments = text.lines().filter_map(|line| line.strip_prefix('#'));
        let header = comments.map(|line| line.trim().to_owned()).collect();
        let codes = set.codes.into_iter().map(|code| CodeRow { scheme: code.scheme, code: code.code, term: code.term });
        (SetFile { name: name.to_owned(), header, codes: codes.collect() }, problems)
    }

    /// The file's content.
    pub fn write(&self) -> Vec<u8> {
        let mut text: Vec<u8> = self.header.iter().flat_map(|line| format!("# {line}\n").into_bytes()).collect();
        let mut writer = csv::Writer::from_writer(&mut text);
        // Writing to memory cannot fail, and all rows are as long as the header.
        let _ = writer.write_record(["scheme", "code", "term"]);
        for code in &self.codes {
            let _ = writer.write_record([&code.scheme, &code.code, &code.term]);
        }
        let _ = writer.flush();
        drop(writer);
        text
    }

    /// The first line of the header with this key.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.header.iter().find_map(|line| value_of(line, key))
    }

    /// Puts a line into the header in place of the first with this key, or else after those that usually come before it.
    pub fn set_note(&mut self, key: &str, value: &str) {
        const ORDER: [&str; 6] = ["title", "source", "release", "refset", "licence", "coverage"];
        let line = format!("{key}: {value}");
        if let Some(there) = self.header.iter_mut().find(|line| value_of(line, key).is_some()) {
            *there = line;
            return;
        }
        let before: Vec<&str> = ORDER.iter().copied().take_while(|other| *other != key).collect();
        let is_before = |line: &String| before.iter().any(|other| value_of(line, other).is_some());
        let at = self.header.iter().rposition(is_before).map_or(0, |at| at + 1);
        self.header.insert(at, line);
    }

    /// Codes by scheme and code.
    pub fn by_code(&self) -> FxHashMap<(&str, &str), &CodeRow> {
        self.codes.iter().map(|row| ((row.scheme.as_str(), row.code.as_str()), row)).collect()
    }

    /// The schemes, in the order of the file.
    pub fn schemes(&self) -> Vec<&str> {
        let mut schemes = Vec::new();
        for row in &self.codes {
            if !schemes.contains(&row.scheme.as_str()) {
                schemes.push(&row.scheme);
            }
        }
        schemes
    }
}

/// What stands after `key:` in a line of a header.
pub(super) fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    line.strip_prefix(key)?.strip_prefix(':').map(str::trim)
}
