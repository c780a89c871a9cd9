//! Why, for one person: a page to read at a desk, told by pseudonym only. It asks nothing of anybody: no script, no picture, no request.
//! Holds a person's record: whoever writes it keeps it to its owner.

use super::WhyRow;
use crate::evaluate::sentence::verdict;
use crate::evaluate::why::Became;
use crate::framework::{Framework, Outcome};
use askama::Template;

/// Everything of one person on one reporting day.
#[derive(Clone, Debug)]
pub struct PersonDay<'a> {
    /// The rules of the day.
    pub framework: &'a Framework,
    /// The practice: name and code.
    pub practice: String,
    /// The registers that the person is on: id and title.
    pub registers: Vec<(&'a str, &'a str)>,
    /// All measures that were asked for.
    pub rows: Vec<WhyRow<'a>>,
}

impl PersonDay<'_> {
    fn counted(&self) -> Vec<&WhyRow<'_>> {
        self.rows.iter().filter(|row| row.why.became.is_of()).collect()
    }

    fn others(&self) -> Vec<&WhyRow<'_>> {
        self.rows.iter().filter(|row| !row.why.became.is_of()).collect()
    }

    fn heading(&self) -> String {
        format!("{}, {} view", self.framework.reporting_day.long(), self.framework.view.word())
    }
}

#[derive(Template)]
#[template(path = "person.html")]
struct Page<'p> {
    person: &'p str,
    framework: &'p str,
    days: &'p [PersonDay<'p>],
}

/// The whole page.
///
/// # Errors
/// Never in practice: writing to memory does not fail.
pub fn page_of_person(person: &str, days: &[PersonDay<'_>]) -> Result<String, askama::Error> {
    let framework = days.first().map_or("", |day| day.framework.name.as_str());
    Page { person, framework, days }.render().map(|page| page + "\n")
}

/// The outcome in words.
fn outcome(row: &WhyRow<'_>) -> String {
    match row.why.became {
        Became::Decided(Outcome::Excluded) => "Excluded".to_owned(),
        Became::Decided(outcome) => verdict(outcome),
        _ => "Not counted".to_owned(),
    }
}

/// The class that colours an outcome; its words stand beside it.
fn class(row: &WhyRow<'_>) -> &'static str {
    match row.why.became {
        Became::Decided(Outcome::Achieved | Outcome::Selected) => "achieved",
        Became::Decided(Outcome::NotAchieved | Outcome::Rejected) => "missed",
        Became::Decided(Outcome::Excepted(_)) => "excepted",
        _ => "excluded",
    }
}

/// The place of the line in the rules.
fn rule_place(row: &WhyRow<'_>) -> String {
    let Some(told) = &row.why.line else { return String::new() };
    let rule = told.line.rule.map_or(String::new(), |rule| format!(", official rule {rule}"));
    format!("{} row {}{rule}", told.file, told.line.row)
}
