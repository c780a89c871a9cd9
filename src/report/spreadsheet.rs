//! Files with more rows than a spreadsheet shows: which they are, in words. Knows no column.

use super::terminal::thousands;

/// Excel's rows, the header among them: what comes after them is left out when a file is opened.
const MOST_ROWS: usize = 1_048_576;

/// One line that names the files that are too long for a spreadsheet, and a way out; nothing when there are none.
/// Takes the names of files and how many rows they have, as [`rows`] counts them.
pub fn too_long_for_a_spreadsheet(files: &[(String, usize)]) -> Option<String> {
    longer_than(files, MOST_ROWS)
}

fn longer_than(files: &[(String, usize)], most: usize) -> Option<String> {
    let long = files.iter().filter(|(_, rows)| *rows > most);
    let long: Vec<String> = long.map(|(name, rows)| format!("{name} has {} rows", thousands(&rows.to_string()))).collect();
    (!long.is_empty()).then(|| {
        format!(
            "Note: {}, and Excel shows the first {} of a file and drops the rest. Ask for fewer reporting days at a time, or load the file with Power Query or into a database.",
            long.join(", "),
            thousands(&most.to_string())
        )
    })
}

/// Rows of a CSV file, its header among them; 0 of any other file. A line end between quotation marks ends no row.
/// Of a file whose lines all find room, so many lines: nobody is told of them.
pub fn spreadsheet_rows(name: &str, content: &[u8]) -> usize {
    if !name.ends_with(".csv") {
        return 0;
    }
    let lines = memchr::memchr_iter(b'\n', content).count() + usize::from(content.last().is_some_and(|last| *last != b'\n'));
    if lines <= MOST_ROWS { lines } else { rows(content) }
}

fn rows(content: &[u8]) -> usize {
    let mut quoted = false;
    let mut ends = 0;
    for byte in content {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => ends += 1,
            _ => {}
        }
    }
    ends + usize::from(content.last().is_some_and(|last| *last != b'\n'))
}

#[cfg(test)]
mod tests {
    use super::{MOST_ROWS, longer_than, rows, spreadsheet_rows, too_long_for_a_spreadsheet};

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        assert_eq!(rows(b""), 0);
        assert_eq!(rows(b"name,people\nHarbour,3\n"), 2);
        assert_eq!(rows(b"name,people\r\nHarbour,3"), 2);
        assert_eq!(rows(b"name,people\n\"Harbour\nMedical \"\"Centre\"\"\",3\n"), 2);
    }

    #[test]
    fn a_file_is_named_when_it_is_a_row_too_long() {
        let of = |name: &str, content: &[u8]| (name.to_owned(), spreadsheet_rows(name, content));
        let files = [of("long.csv", b"a\n1\n2\n3\n"), of("short.csv", b"a\n1\n2\n"), of("long.json", b"{\n\n\n\n}\n")];
        assert_eq!(longer_than(&files, 4), None);
        let note = longer_than(&files, 3).unwrap();
        assert!(note.starts_with("Note: long.csv has 4 rows, and Excel shows the first 3 of a file"), "{note}");
        assert!(!note.contains("short") && !note.contains("json"), "{note}");
        // The last row that Excel shows, and one more.
        assert_eq!(too_long_for_a_spreadsheet(&[("a.csv".to_owned(), MOST_ROWS)]), None);
        let longer = too_long_for_a_spreadsheet(&[("a.csv".to_owned(), MOST_ROWS + 1)]);
        assert!(longer.unwrap().contains("a.csv has 1,048,577 rows"));
    }
}
