//! What an indicator asks, in the words of its rule file.

use crate::book::{Book, Measure, Piece};

/// A definition.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The question in a sentence.
    pub question: Option<String>,
    /// Who, what and why.
    pub description: Option<String>,
    /// What it is meant to bring about.
    pub goal: Option<String>,
    /// Whom it is of, points, standing, source: what, and in which words.
    pub about: Vec<(&'static str, String)>,
    /// Its lines in order; the first that holds decides.
    pub lines: Vec<DefinitionLine>,
    /// What is looked for in the record, by the name that lines use.
    pub facts: Vec<(String, String)>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct DefinitionLine {
    /// Its number.
    pub number: usize,
    /// When it holds.
    pub when: String,
    /// What it concludes.
    pub verdict: &'static str,
    /// Why, for an exception.
    pub reason: &'static str,
    /// How many people it decided; only for the internal audience.
    pub people: Option<u64>,
}

/// The definition of an indicator, or of the file that its band is in.
pub(super) fn of(book: &Book, id: &str, people: impl Fn(usize) -> Option<u64>) -> Option<Definition> {
    let measures = || book.domains.iter().flat_map(|domain| &domain.measures);
    let own = |measure: &&Measure| measure.id == id || measure.bands.iter().any(|band| band.id == id);
    let measure = measures().find(own)?;
    Some(Definition {
        question: measure.question.clone(),
        description: measure.description.clone(),
        goal: measure.goal.clone(),
        about: measure.about.iter().filter(|(what, _)| *what != "File").map(|(what, pieces)| (*what, plain(pieces))).collect(),
        lines: measure
            .lines
            .iter()
            .map(|line| DefinitionLine {
                number: line.number,
                when: plain(&line.when),
                verdict: line.verdict,
                reason: line.reason,
                people: people(line.number),
            })
            .collect(),
        facts: measure.facts.iter().map(|fact| (fact.name.clone(), plain(&fact.looks_for))).collect(),
    })
}

fn plain(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Words(words) | Piece::Fact(words) | Piece::Condition(words) | Piece::Name(words) | Piece::To(_, words) => words.clone(),
    };
    pieces.iter().map(text).collect()
}
