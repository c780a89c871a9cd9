//! Rules in words. In: the sentence of an author, and what became of it in the framework of a day.
//! Out: the same sentence in parts, with the days that its windows are.

use super::{Piece, Place};
pub(super) use crate::numerals::{counted, number, pounds};

use crate::framework::{self, Asks, Compare, DayTest, Framework, Joined, Order, Outcome, Reason, Rulebook, Sex, Status};
use crate::rules::phrase::{self, AmountTest, AmountText, Length, Subject, Test, Unit};
use crate::rules::syntax::RuleFile;
use crate::source::At;

/// One rule file while it is put into words.
#[derive(Clone, Copy)]
pub(super) struct Wording<'r> {
    pub rulebook: &'r Rulebook,
    pub framework: &'r Framework,
    pub file: &'r RuleFile,
}

/// A sentence that grows; words that follow each other become one piece.
#[derive(Default)]
pub(super) struct Pieces(pub Vec<Piece>);

impl Pieces {
    pub fn words(&mut self, words: &str) {
        match self.0.last_mut() {
            Some(Piece::Words(before)) => before.push_str(words),
            _ => self.0.push(Piece::Words(words.to_owned())),
        }
    }

    pub fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Words(words) => self.words(&words),
            other => self.0.push(other),
        }
    }

    /// Several things with `, ` between them, and another word before the last.
    pub fn list<T>(&mut self, things: &[T], last: &str, mut say: impl FnMut(&mut Pieces, &T)) {
        for (at, thing) in things.iter().enumerate() {
            match at {
                0 => {}
                at if at + 1 == things.len() => self.words(last),
                _ => self.words(", "),
            }
            say(self, thing);
        }
    }
}

/// Plain words, as pieces.
pub(super) fn plain(words: impl Into<String>) -> Vec<Piece> {
    vec![Piece::Words(words.into())]
}

impl Wording<'_> {
    /// A sentence, word for word as its author wrote it; only the comma after a subject may differ.
    pub fn sentence(&self, condition: &phrase::Condition) -> Vec<Piece> {
        let mut pieces = Pieces::default();
        let joint = match condition.joined {
            Joined::All => " and ",
            Joined::Any => " or ",
        };
        for (at, clause) in condition.clauses.iter().enumerate() {
            if at > 0 {
                pieces.words(joint);
            }
            self.clause(clause, &mut pieces);
        }
        pieces.0
    }

    fn clause(&self, clause: &phrase::Clause, pieces: &mut Pieces) {
        match (&clause.subject, clause.no) {
            (Subject::Register(_), true) => pieces.words("not "),
            (_, true) => pieces.words("no "),
            (_, false) => {}
        }
        match &clause.subject {
            Subject::Age => pieces.words("age"),
            Subject::Sex => pieces.words("sex"),
            Subject::Registered => pieces.words("registered"),
            Subject::Register(id) => {
                pieces.words("on the ");
                pieces.piece(Piece::To(Place::Register(id.value.clone()), id.value.clone()));
                pieces.words(" register");
            }
            Subject::Named(name) => pieces.piece(self.named(&name.value)),
        }
        for (at, test) in clause.tests.iter().enumerate() {
            // A comma before the first test is optional: `hba1c, value at most 58` reads better with it.
            let of_value = matches!(&test.value, Test::Amount(test) if test.value.is_some());
            pieces.words(if at > 0 || of_value { ", " } else { " " });
            self.test(&test.value, pieces);
        }
    }

    fn test(&self, test: &Test, pieces: &mut Pieces) {
        match test {
            Test::InTheLast(length) => pieces.words(&format!("in the last {}", length_in_words(*length))),
            Test::Day { order, to } => {
                pieces.words(order_in_words(*order));
                pieces.words(" ");
                pieces.piece(self.named(&to.value));
            }
            Test::Within { from, to, of } => {
                let (days, side) = match (*from, *to) {
                    (0, days) => (days, "after"),
                    (days, 0) => (-days, "before"),
                    (_, days) => (days, "of"),
                };
                pieces.words(&format!("within {days} days {side} "));
                pieces.piece(self.named(&of.value));
            }
            Test::Amount(test) => pieces.words(&amount_test(test)),
            Test::Is(Sex::Female) => pieces.words("is female"),
            Test::Is(Sex::Male) => pieces.words("is male"),
        }
    }

    /// A name of the file, or of a date.
    pub fn named(&self, name: &str) -> Piece {
        let name = name.to_owned();
        if self.file.facts.iter().any(|fact| fact.name.value == name) {
            Piece::Fact(name)
        } else if self.file.conditions.iter().any(|(condition, _)| condition.value == name) {
            Piece::Condition(name)
        } else {
            Piece::Words(name)
        }
    }

    /// The days that the windows and dates of a sentence are: those that the framework compares with.
    /// A single window needs no name beside its days.
    pub fn days(&self, condition: &phrase::Condition, worked_out: &framework::Condition) -> Vec<String> {
        let named = self.named_days(condition, worked_out);
        match named.as_slice() {
            [(name, days)] if name.starts_with("in ") => vec![days.clone()],
            _ => named.into_iter().map(|(name, days)| format!("{name}: {days}")).collect(),
        }
    }

    fn named_days(&self, condition: &phrase::Condition, worked_out: &framework::Condition) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (clause, worked_out) in condition.clauses.iter().zip(&worked_out.clauses) {
            let (Asks::Fact(_, days, _) | Asks::Registered(days)) = &worked_out.asks else { continue };
            let tests =
                clause.tests.iter().filter(|test| matches!(test.value, Test::InTheLast(_) | Test::Day { .. } | Test::Within { .. }));
            for (test, day) in tests.zip(days) {
                let found = self.days_of_test(test, day);
                all.extend(found.filter(|found| !all.contains(found)));
            }
        }
        all
    }

    /// A window ends on the reporting day, after which there are no records.
    fn days_of_test(&self, test: &At<Test>, day: &DayTest) -> Option<(String, String)> {
        match (&test.value, day) {
            (Test::InTheLast(length), DayTest::Day(_, before)) => {
                let days = format!("{} to {}", before.plus(1).long(), self.framework.reporting_day.long());
                Some((format!("in the last {}", length_in_words(*length)), days))
            }
            (Test::Day { to, .. }, DayTest::Day(_, day)) => Some((to.value.clone(), day.long())),
            _ => None,
        }
    }
}

/// `value under 10`, `at least 2`
pub(super) fn amount_test(test: &AmountTest) -> String {
    let value = test.value.as_ref().map_or(String::new(), |value| format!("{} ", value.value));
    let compare = match test.compare {
        Compare::AtMost => "at most",
        Compare::AtLeast => "at least",
        Compare::Under => "under",
        Compare::Over => "over",
    };
    match &test.amount.value {
        AmountText::Number(number) => format!("{value}{compare} {number}"),
        AmountText::Name(name) => format!("{value}{compare} {name}"),
    }
}

fn order_in_words(order: Order) -> &'static str {
    match order {
        Order::After => "after",
        Order::OnOrAfter => "on or after",
        Order::Before => "before",
        Order::OnOrBefore => "on or before",
        Order::SameDay => "on the same day as",
    }
}

/// `12 months`
pub(super) fn length_in_words(length: Length) -> String {
    let unit = match length.unit {
        Unit::Days => "day",
        Unit::Months => "month",
        Unit::Years => "year",
    };
    format!("{} {unit}{}", length.number, if length.number == 1 { "" } else { "s" })
}

/// `7 days`
pub(super) fn days_in_words(days: i32) -> String {
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}

/// What a line concludes: in a word or two, and what that does to the count.
pub(super) fn outcome_in_words(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Selected => ("On the register", "counted among its people"),
        Outcome::Rejected => ("Not on the register", "not counted"),
        Outcome::Excluded => ("Excluded", "left out of the denominator: not what the indicator is about"),
        Outcome::Achieved => ("Achieved", "counts in numerator and denominator"),
        Outcome::Excepted(_) => ("Excepted", "left out of the denominator"),
        Outcome::NotAchieved => ("Not achieved", "counts in the denominator only"),
        Outcome::Pathway(Status::NotStarted) => ("Not started", "no step within its window, and never a plan"),
        Outcome::Pathway(Status::InProgress) => ("In progress", "some steps are within their windows"),
        Outcome::Pathway(Status::Complete) => ("Complete", "the last step is within its window"),
        Outcome::Pathway(Status::Declined) => ("Declined", "and took no step on a later day"),
        Outcome::Pathway(Status::Lapsed) => ("Lapsed", "no step within its window, but a plan before"),
    }
}

/// Why a person is excepted.
pub(super) fn reason_in_words(outcome: Outcome) -> &'static str {
    let Outcome::Excepted(reason) = outcome else { return "" };
    match reason {
        Reason::Combination => "Each part met, unsuitable or declined",
        Reason::Declined => "Declined",
        Reason::MaximumTreatment => "On maximum treatment",
        Reason::NewlyDiagnosed => "Newly diagnosed",
        Reason::NewlyRegistered => "Newly registered",
        Reason::NoResponse => "No response to invitations",
        Reason::ServiceUnavailable => "Service not available",
        Reason::Unsuitable => "Unsuitable",
    }
}

/// What the word of a standing says of an indicator.
pub(super) fn standing_in_words(word: &str) -> Option<&'static str> {
    match word {
        "documented" => Some("its purpose is in the public record, and the measure itself was made for this framework"),
        "official" => Some("it follows the published business rules line for line"),
        "qof-2016-17" => Some("people, test, points and thresholds are those of the national framework (QOF) of 2016/17"),
        "reconstructed" => Some(
            "it was made for this framework, after its themes and the nearest public scheme, and the original is not in the public record",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standing_is_told() {
        for word in crate::rules::forms::STANDINGS {
            assert!(standing_in_words(word).is_some(), "{word}");
        }
    }
}
