//! What a fact looks for, in words: which records, on which days, with what beside them.

use super::words::{Pieces, Wording, amount_test, days_in_words, length_in_words};
use super::{Fact, Piece, Place};
use crate::framework::calendar::FIRST_DAY;
use crate::framework::{self, CountOf, Lines};
use crate::rules::phrase::{Apart, Bound};
use crate::rules::syntax::{Codes, CompanionText, FactText, Find, SearchText};
use crate::source::At;

impl Wording<'_> {
    /// All facts of the file, in its order. `lines` are those of the framework: they know each fact by name.
    pub fn facts(&self, lines: &Lines) -> Vec<Fact> {
        self.file.facts.iter().map(|text| self.fact(text, lines)).collect()
    }

    fn fact(&self, text: &FactText, lines: &Lines) -> Fact {
        let mut pieces = Pieces::default();
        let worked_out = lines.fact_names.iter().find(|(_, name)| *name == text.name.value).map(|(id, _)| self.framework.fact(*id));
        match &text.find {
            Find::Latest(search) => self.one("the latest", search, &mut pieces),
            Find::Earliest(search) => self.one("the earliest", search, &mut pieces),
            Find::Pair { search, apart } => {
                pieces.words("the earliest record of ");
                self.sets_of(&search.codes, &mut pieces);
                pieces.words(&format!(", and the earliest one at least {} after it", days_in_words(apart.value)));
                self.narrowed(search, &mut pieces);
            }
            Find::Count { search, of } => {
                pieces.words(match of {
                    CountOf::Records => "how many records there are of ",
                    CountOf::Days => "on how many days there is a record of ",
                    CountOf::Sets => "how many of these have a record: ",
                });
                self.sets_of(&search.codes, &mut pieces);
                self.narrowed(search, &mut pieces);
            }
            Find::LatestOf(facts) => {
                pieces.words("the latest day of ");
                pieces.list(facts, " and ", |pieces, fact| pieces.piece(self.named(&fact.value)));
            }
            Find::Registers(ids) => {
                pieces.words("on how many of these registers the person is: ");
                pieces.list(ids, " and ", |pieces, id| pieces.piece(Piece::To(Place::Register(id.value.clone()), id.value.clone())));
            }
        }
        let days = worked_out.map(|fact| self.days_of_fact(fact)).unwrap_or_default();
        Fact { name: text.name.value.clone(), looks_for: pieces.0, days }
    }

    fn one(&self, which: &str, search: &SearchText, pieces: &mut Pieces) {
        let what = match search.codes {
            Codes::Sets(_) => "record",
            Codes::Values(_) => "reading",
        };
        pieces.words(&format!("{which} {what} of "));
        self.sets_of(&search.codes, pieces);
        self.narrowed(search, pieces);
    }

    fn sets_of(&self, codes: &Codes, pieces: &mut Pieces) {
        match codes {
            Codes::Sets(sets) => pieces.list(sets, " or ", |pieces, set| self.set(set, pieces)),
            Codes::Values(values) => pieces.list(values, " and ", |pieces, (name, set)| {
                pieces.words(&format!("{}: ", name.value));
                self.set(set, pieces);
            }),
        }
    }

    fn set(&self, name: &At<String>, pieces: &mut Pieces) {
        let place = Place::Set(name.value.clone());
        let set = self.rulebook.sets.iter().find(|set| set.name == name.value);
        match set.and_then(|set| set.about.title.clone()) {
            Some(title) => {
                pieces.piece(Piece::To(place, title));
                pieces.words(" (");
                pieces.piece(Piece::Name(name.value.clone()));
                pieces.words(")");
            }
            None => pieces.piece(Piece::To(place, name.value.clone())),
        }
        if let Some(values) = self.rulebook.file.values.iter().find(|values| values.set.value == name.value) {
            pieces.words(&format!(" in {}", values.unit.value));
        }
    }

    /// Everything that makes a search narrower than its code sets.
    fn narrowed(&self, search: &SearchText, pieces: &mut Pieces) {
        if !search.only.is_empty() {
            pieces.words(", only with ");
            pieces.list(&search.only, " and ", |pieces, test| pieces.words(&amount_test(test)));
        }
        if search.new_episode {
            pieces.words(", only first and new episodes and those that do not say");
        }
        if let Some(length) = &search.inside {
            pieces.words(&format!(", in the last {}", length_in_words(length.value)));
        }
        if search.from_reporting_day {
            pieces.words(", with windows counted back from the reporting day");
        }
        if let Some(bound) = &search.since {
            pieces.words(", since ");
            self.bound(&bound.value, pieces);
        }
        if let Some(bound) = &search.until {
            pieces.words(", until ");
            self.bound(&bound.value, pieces);
        }
        for (at, companion) in search.with.iter().enumerate() {
            pieces.words(if at == 0 { ", with " } else { " and with " });
            self.companion(companion, pieces);
        }
    }

    fn bound(&self, bound: &Bound, pieces: &mut Pieces) {
        match bound {
            Bound::Name(name) => pieces.piece(self.named(name)),
            Bound::Away { days, fact } => {
                let side = if *days < 0 { "before" } else { "after" };
                pieces.words(&format!("{} {side} ", days_in_words(days.abs())));
                pieces.piece(self.named(&fact.value));
            }
            Bound::Age(age) => pieces.words(&format!("the birthday of age {age}")),
            Bound::BeforeEnd(length) => pieces.words(&format!("{} before the end", length_in_words(*length))),
        }
    }

    fn companion(&self, companion: &CompanionText, pieces: &mut Pieces) {
        pieces.words(&format!("{}: ", companion.name.value));
        pieces.list(&companion.codes, " or ", |pieces, set| self.set(set, pieces));
        pieces.words(&match companion.within.value {
            Apart::Days(0, 0) => " on the same day".to_owned(),
            Apart::Days(0, after) => format!(" within {} after it", days_in_words(after)),
            Apart::Days(before, 0) => format!(" within {} before it", days_in_words(-before)),
            Apart::Days(_, days) => format!(" within {} before or after it", days_in_words(days)),
            Apart::Before(length) => format!(" within {} before it", length_in_words(length)),
            Apart::After(length) => format!(" within {} after it", length_in_words(length)),
        });
    }

    fn days_of_fact(&self, fact: &framework::Fact) -> String {
        let search = match fact {
            framework::Fact::Latest(search)
            | framework::Fact::Earliest(search)
            | framework::Fact::Pair(search, _)
            | framework::Fact::Count(search, _) => search,
            framework::Fact::LatestOf(_) => return "the days of these facts".to_owned(),
            framework::Fact::Registers(_) => return format!("as on {}", self.framework.reporting_day.long()),
        };
        let to = search.to.long();
        match (search.from > FIRST_DAY, search.since.is_some(), search.until.is_some()) {
            (true, _, _) => format!("{} to {to}", search.from.long()),
            (false, false, false) => format!("any day up to {to}"),
            (false, true, false) => format!("from that day to {to}"),
            (false, false, true) => format!("up to that day, at most {to}"),
            (false, true, true) => format!("between these days, at most {to}"),
        }
    }
}
