//! Names that Excel takes: of sheets, tables and columns, each of them once, upper and lower case alike. Knows nothing of what they name.

use std::collections::BTreeSet;

/// A sheet's name has so many characters at most.
const LONGEST_SHEET: usize = 31;
/// A column's title has so many.
const LONGEST_TITLE: usize = 255;
/// A table's name may have more, which nobody would read.
const LONGEST_TABLE: usize = 60;

/// Names that are taken.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A sheet's name. Excel takes `[]:*?/\` and apostrophes at the ends for something else, and keeps `History` for itself.
    pub fn sheet(&mut self, wanted: &str) -> String {
        let letter = |letter: char| if letter.is_control() || "[]:*?/\\".contains(letter) { '-' } else { letter };
        let name: String = wanted.chars().map(letter).collect();
        let name = name.trim().trim_matches('\'');
        let name = if name.is_empty() || name.eq_ignore_ascii_case("history") { format!("Sheet {name}") } else { name.to_owned() };
        self.once(name.trim(), LONGEST_SHEET, " ")
    }

    /// A table's name: letters, digits and low lines. With a low line it is never taken for a cell, as `CP004` would be.
    pub fn table(&mut self, kind: &str, of: &str) -> String {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let name: String = format!("{kind}_{of}").chars().map(letter).collect();
        self.once(&name, LONGEST_TABLE, "_")
    }

    /// A column's title.
    pub fn title(&mut self, wanted: &str) -> String {
        let title: String = wanted.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        self.once(if title.is_empty() { "Column" } else { &title }, LONGEST_TITLE, " ")
    }

    fn once(&mut self, wanted: &str, longest: usize, apart: &str) -> String {
        let first = cut(wanted, longest);
        let more = (2_u32..).map(|number| {
            let end = format!("{apart}{number}");
            cut(wanted, longest.saturating_sub(end.len())) + &end
        });
        let name = std::iter::once(first).chain(more).find(|name| !self.taken.contains(&name.to_lowercase())).unwrap_or_default();
        self.taken.insert(name.to_lowercase());
        name
    }
}

/// The beginning of a text, in Excel's count of characters: some signs are two.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let mut length = 0;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= longest
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_safe_and_there_once() {
        let mut names = Names::default();
        assert_eq!(names.sheet("Results"), "Results");
        assert_eq!(names.sheet("RESULTS"), "RESULTS 2");
        assert_eq!(names.sheet("a/b:[c]*?\\'"), "a-b--c----");
        assert_eq!(names.sheet("'"), "Sheet");
        assert_eq!(names.sheet("history"), "Sheet history");
        let long = "a name that is longer than any sheet's may be";
        assert_eq!(names.sheet(long), "a name that is longer than any ");
        assert_eq!(names.sheet(long), "a name that is longer than an 2");
        for name in [names.sheet(""), names.sheet("\u{1F600}".repeat(40).as_str())] {
            assert!(rust_xlsxwriter::utility::check_sheet_name(&name).is_ok(), "{name}");
        }
        assert_eq!(names.table("practices", "CP004"), "practices_CP004");
        assert_eq!(names.table("practices", "CP-004"), "practices_CP_004");
        assert_eq!(names.table("practices", "CP/004"), "practices_CP_004_2");
        assert_eq!(names.title("Declined\n"), "Declined ");
    }
}
