//! A [`Report`] as pages of HTML that ask nothing of anybody: no request, no font, no picture; all is there with scripts off.
//! Decides and calculates nothing: what stands on a page is in the report.

mod ccg;
mod figures;
mod page;
mod practice;
mod table;
mod tables;
mod variation;

use crate::briefing::Report;

/// Which pages are wanted.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Only those of these practices, and nothing else; all pages where it is empty.
    pub practices: Vec<String>,
}

/// The pages: name and text. `report.html`, `variation.html`, and one a practice.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn pages_of_report(report: &Report, wanted: &Pages) -> Result<Vec<(String, Vec<u8>)>, askama::Error> {
    let mut pages = Vec::new();
    if wanted.practices.is_empty() {
        pages.push(("report.html".to_owned(), ccg::page(report)?));
        pages.push(("variation.html".to_owned(), variation::page(report)?));
    }
    let own = |code: &String| wanted.practices.is_empty() || wanted.practices.contains(code);
    for (at, practice) in report.listed().filter(|(_, practice)| own(&practice.code)) {
        pages.push((name_of_page(&practice.code), practice::page(report, at)?));
    }
    Ok(pages.into_iter().map(|(name, page)| (name, (page + "\n").into_bytes())).collect())
}

/// Where the page of a practice is, seen from the report. A code may hold anything: nothing of it leaves the folder.
fn name_of_page(code: &str) -> String {
    format!("practices/{}.html", mark(code))
}

/// A name as a mark or a file: letters, digits, hyphens, low lines and dots only.
fn mark(name: &str) -> String {
    let mut mark = String::new();
    for letter in name.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => mark.push(letter),
            other => mark += &format!(".{:x}.", u32::from(other)),
        }
    }
    mark
}
