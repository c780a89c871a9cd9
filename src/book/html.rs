//! The book as one page of HTML that asks nothing of anybody: no script, no picture, no font, no request.
//! Decides nothing: what stands on the page is in the [`Book`].

use super::{Book, Measure, Piece, Place, Set};
use crate::framework::{Outcome, Status};
use askama::Template;

/// The whole page.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn page_of_html(book: &Book) -> Result<String, askama::Error> {
    Page { book }.render().map(|page| page + "\n")
}

#[derive(Template)]
#[template(path = "book.html")]
struct Page<'b> {
    book: &'b Book,
}

/// A register or an indicator.
#[derive(Template)]
#[template(path = "measure.html")]
struct Section<'b> {
    book: &'b Book,
    measure: &'b Measure,
    /// The mark of the section, which those of its parts begin with.
    here: String,
}

/// A sentence with its links.
#[derive(Template)]
#[template(path = "pieces.html")]
struct Said<'b> {
    pieces: &'b [Piece],
    here: &'b str,
}

impl<'b> Page<'b> {
    fn section(&self, measure: &'b Measure) -> Section<'b> {
        Section { book: self.book, measure, here: mark(&measure.place) }
    }

    fn one(&self, piece: &'b Piece) -> Said<'b> {
        Said { pieces: std::slice::from_ref(piece), here: "" }
    }
}

impl<'b> Section<'b> {
    fn say(&'b self, pieces: &'b [Piece]) -> Said<'b> {
        Said { pieces, here: &self.here }
    }
}

/// The mark that links to a place lead to. Marks hold letters, digits, hyphens, low lines and dots only.
fn mark(place: &Place) -> String {
    let (what, name) = match place {
        Place::Register(id) => ("register", id),
        Place::Indicator { id, .. } => ("indicator", id),
        Place::Set(name) => ("set", name),
    };
    format!("{what}-{}", in_mark(name))
}

fn mark_of_set(set: &Set) -> String {
    mark(&Place::Set(set.name.clone()))
}

fn in_mark(name: &str) -> String {
    let mut mark = String::new();
    for letter in name.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => mark.push(letter),
            other => mark += &format!(".{:x}.", u32::from(other)),
        }
    }
    mark
}

/// The class that colours an outcome; its words stand beside it.
fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Achieved | Outcome::Selected | Outcome::Pathway(Status::Complete) => "achieved",
        Outcome::NotAchieved | Outcome::Rejected | Outcome::Pathway(Status::NotStarted | Status::Lapsed) => "missed",
        Outcome::Excepted(_) | Outcome::Pathway(Status::Declined) => "excepted",
        Outcome::Excluded | Outcome::Pathway(Status::InProgress) => "excluded",
    }
}
