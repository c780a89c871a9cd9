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

/// A page that is not made yet.
#[derive(Clone, Copy, Debug)]
pub struct Page<'r> {
    report: &'r Report,
    of: Of<'r>,
}

/// What a page is of.
#[derive(Clone, Copy, Debug)]
enum Of<'r> {
    Everything,
    Variation,
    /// Its place, and its code.
    Practice(usize, &'r str),
}

impl Page<'_> {
    /// Its name and text.
    ///
    /// # Errors
    /// Never in practice: writing to memory does not fail.
    pub fn made(self) -> Result<(String, Vec<u8>), askama::Error> {
        let (name, page) = match self.of {
            Of::Everything => ("report.html".to_owned(), ccg::page(self.report)?),
            Of::Variation => ("variation.html".to_owned(), variation::page(self.report)?),
            Of::Practice(at, code) => (name_of_page(code), practice::page(self.report, at)?),
        };
        Ok((name, (page + "\n").into_bytes()))
    }
}

/// The pages: `report.html`, `variation.html`, and one a practice.
pub fn pages_of_report<'r>(report: &'r Report, wanted: &Pages) -> Vec<Page<'r>> {
    let all = wanted.practices.is_empty();
    let together = [Of::Everything, Of::Variation].into_iter().filter(|_| all);
    let own = report.listed().filter(|(_, practice)| all || wanted.practices.contains(&practice.code));
    together.chain(own.map(|(at, practice)| Of::Practice(at, &practice.code))).map(|of| Page { report, of }).collect()
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
