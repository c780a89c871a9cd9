//! `dqoh docs`: a framework as a book, for people who read no rule files.

use super::{Stop, complain, exit, load, output, say};
use crate::book::{Book, page_of_html, pages_of_markdown};
use crate::evaluate::examples::examine;
use crate::problem::{Problem, any_error};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of a framework [default: the one built in]
    #[arg(value_name = "FRAMEWORK")]
    framework: Option<PathBuf>,
    /// Folder for the book
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only one of the two forms
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Pages that lead to each other, beginning with README.md
    Markdown,
    /// One page for a browser, index.html
    Html,
}

pub(super) fn docs(options: &Options) -> Result<(), Stop> {
    let rules = load::sound_rules(options.framework.as_deref())?;
    let Some(rulebook) = rules.sound() else { return Ok(()) };
    // The book tells what becomes of the people in the examples: it must be so.
    let examined = examine(rulebook);
    let problems: Vec<Problem> = rules.problems.iter().cloned().chain(examined.problems).collect();
    if any_error(&problems) {
        return Err(Stop { exit: exit::RULES, problems, sources: rules.sources });
    }
    complain(&problems, &rules.sources);
    let book = Book::of(rulebook);
    let mut files = Vec::new();
    if options.format != Some(Format::Html) {
        files.extend(pages_of_markdown(&book).map_err(unwritten)?);
    }
    if options.format != Some(Format::Markdown) {
        files.push(("index.html".to_owned(), page_of_html(&book).map_err(unwritten)?));
    }
    let named: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, text)| (name.as_str(), text.clone().into_bytes())).collect();
    output::write_all(&options.out, &named)?;
    if options.format != Some(Format::Html) {
        let pages = files.iter().filter(|(name, _)| name.ends_with(".md")).count();
        say(&format!("Wrote {pages} pages of Markdown; begin with {}.", options.out.join("README.md").display()));
    }
    if options.format != Some(Format::Markdown) {
        say(&format!("Wrote one page for a browser: {}.", options.out.join("index.html").display()));
    }
    Ok(())
}

fn unwritten(error: askama::Error) -> Stop {
    Stop::unexpected(
        Problem::error("U001", format!("the book cannot be written: {error}")).help("this should not happen: please report it"),
    )
}
