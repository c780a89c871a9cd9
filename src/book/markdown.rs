//! The book as pages of Markdown that lead to each other: a start page, and one for every register, domain, indicator and code set.
//! Decides nothing: what stands on a page is in the [`Book`].

use super::{Book, Domain, Measure, Piece, Place, Set};
use askama::Template;
use askama::filters::Escaper;
use std::fmt::{self, Write};

/// All pages: paths with forward slashes, and texts.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn pages_of_markdown(book: &Book) -> Result<Vec<(String, String)>, askama::Error> {
    let mut pages: Vec<(String, String)> = vec![
        ("README.md".to_owned(), Start { book, to: Links::from("") }.render()?),
        ("code-sets/README.md".to_owned(), Sets { book, to: Links::from("code-sets/") }.render()?),
    ];
    for domain in &book.domains {
        let folder = format!("domains/{}/", domain.id);
        pages.push((format!("{folder}README.md"), DomainPage { domain, to: Links::from(&folder) }.render()?));
    }
    for measure in book.registers.iter().chain(book.domains.iter().flat_map(|domain| &domain.measures)) {
        let path = path(&measure.place);
        let page = MeasurePage { book, measure, to: Links::from(&path) };
        pages.push((path.clone(), page.render()?));
    }
    for set in &book.sets {
        let path = path(&Place::Set(set.name.clone()));
        pages.push((path.clone(), SetPage { set, to: Links::from(&path) }.render()?));
    }
    pages.iter_mut().for_each(|(_, text)| text.push('\n'));
    Ok(pages)
}

/// Where a page lies.
fn path(place: &Place) -> String {
    match place {
        Place::Register(id) => format!("registers/{id}.md"),
        Place::Indicator { domain, id } => format!("domains/{domain}/{id}.md"),
        Place::Set(name) => format!("code-sets/{name}.md"),
    }
}

#[derive(Template)]
#[template(path = "start.md.askama", escape = "md")]
struct Start<'b> {
    book: &'b Book,
    to: Links,
}

#[derive(Template)]
#[template(path = "domain.md.askama", escape = "md")]
struct DomainPage<'b> {
    domain: &'b Domain,
    to: Links,
}

#[derive(Template)]
#[template(path = "measure.md.askama", escape = "md")]
struct MeasurePage<'b> {
    book: &'b Book,
    measure: &'b Measure,
    to: Links,
}

#[derive(Template)]
#[template(path = "sets.md.askama", escape = "md")]
struct Sets<'b> {
    book: &'b Book,
    to: Links,
}

#[derive(Template)]
#[template(path = "set.md.askama", escape = "md")]
struct SetPage<'b> {
    set: &'b Set,
    to: Links,
}

/// A sentence with its links, as seen from a page.
#[derive(Template)]
#[template(path = "pieces.md.askama", escape = "md")]
struct Said<'b> {
    pieces: &'b [Piece],
    to: &'b Links,
}

/// Links as seen from one page.
struct Links {
    /// From the page up to the start: `../` for each folder.
    up: String,
}

impl Links {
    fn from(path: &str) -> Links {
        Links { up: "../".repeat(path.matches('/').count()) }
    }

    fn start(&self) -> String {
        format!("{}README.md", self.up)
    }

    fn sets(&self) -> String {
        format!("{}code-sets/README.md", self.up)
    }

    fn domain(&self, id: &str) -> String {
        format!("{}domains/{}/README.md", self.up, in_link(id))
    }

    fn set(&self, set: &Set) -> String {
        self.place(&Place::Set(set.name.clone()))
    }

    fn place(&self, place: &Place) -> String {
        format!("{}{}", self.up, in_link(&path(place)))
    }

    fn say<'b>(&'b self, pieces: &'b [Piece]) -> Said<'b> {
        Said { pieces, to: self }
    }

    fn one<'b>(&'b self, piece: &'b Piece) -> Said<'b> {
        self.say(std::slice::from_ref(piece))
    }
}

/// A path as a link may hold it: everything but letters, digits and a few marks as `%20`.
fn in_link(path: &str) -> String {
    let mut link = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => link.push(char::from(byte)),
            _ => link += &format!("%{byte:02X}"),
        }
    }
    link
}

/// How a text is escaped so that Markdown shows it letter for letter, also in a cell of a table: every template of
/// Markdown uses it, so that no value can be forgotten.
#[derive(Clone, Copy, Default)]
struct Plain;

impl Escaper for Plain {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        let mut before = None;
        let mut letters = text.chars().peekable();
        // At the beginning of a row these would open a heading or a list.
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let mut after_digits = text.chars().skip(digits);
        let marked = digits > 0 && after_digits.next().is_some_and(|mark| matches!(mark, '.' | ')'));
        let numbered = marked && after_digits.next().is_none_or(char::is_whitespace);
        for at in 0.. {
            let Some(letter) = letters.next() else { break };
            let inside_a_word = |side: Option<&char>| side.is_some_and(|side| side.is_alphanumeric());
            let special = match letter {
                '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~' => true,
                '_' => !(inside_a_word(before.as_ref()) && inside_a_word(letters.peek())),
                '#' | '+' | '-' | '=' => at == 0,
                '.' | ')' => numbered && at == digits,
                _ => false,
            };
            match letter {
                '\n' | '\r' => to.write_char(' ')?,
                _ if special => write!(to, "\\{letter}")?,
                _ => to.write_char(letter)?,
            }
            before = Some(letter);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shown_letter_for_letter() {
        let escaped = |text: &str| {
            let mut to = String::new();
            Plain.write_escaped_str(&mut to, text).unwrap();
            to
        };
        assert_eq!(escaped("CARE_PLAN_AGREED"), "CARE_PLAN_AGREED");
        assert_eq!(escaped("_a_ *b* [c](d) <e> f|g"), "\\_a\\_ \\*b\\* \\[c\\](d) \\<e\\> f\\|g");
        assert_eq!(escaped("# no heading"), "\\# no heading");
        assert_eq!(escaped("1. no list, and 2. neither"), "1\\. no list, and 2. neither");
        assert_eq!(escaped("2016 was a year"), "2016 was a year");
        assert_eq!(escaped("78.5"), "78.5");
        assert_eq!(escaped("two\nrows"), "two rows");
        assert_eq!(in_link("a b/ü.md"), "a%20b/%C3%BC.md");
    }
}
