//! What was found for cells that are numbered: each is looked up once, however many rows have it.

use super::lookup::{ByScheme, SchemeId};
use super::quality::Reason;
use crate::framework::code_sets::CodeId;

/// A person, or why there is none and in which column.
type FoundPerson = Result<u32, (usize, Reason)>;

/// What a row's code is.
#[derive(Clone, Copy, Debug)]
pub enum FoundCode {
    /// Nothing.
    Missing,
    /// A code in no set.
    InNoSet(SchemeId),
    /// A code of the book.
    InUse(CodeId),
}

/// So many schemes are kept: a column of more holds something else.
const SCHEMES: usize = 32;

/// A number that no cell has.
const NONE: u32 = u32::MAX;

/// What was found, by the numbers of the cells.
#[derive(Default)]
pub struct FoundEntries {
    /// By id: the practice last looked in, and the person.
    people: Vec<(u32, FoundPerson)>,
    /// By id: the practice in which somebody was found.
    somebody: Vec<u32>,
    next: u32,
    /// By scheme and code.
    codes: Vec<Vec<Option<FoundCode>>>,
}

impl FoundEntries {
    /// The person of an id in a practice, when that is what was last looked for with the id.
    #[inline]
    pub fn person(&self, id: u32, practice: u32) -> Option<FoundPerson> {
        self.people.get(id as usize).filter(|(last, _)| *last == practice && practice != NONE).map(|(_, person)| *person)
    }

    /// Who comes after the person found last.
    pub fn next_person(&self) -> u32 {
        self.next
    }

    /// Keeps what was found.
    pub fn keep_person(&mut self, id: u32, practice: u32, person: FoundPerson) {
        if let Some(found) = at(&mut self.people, id, (NONE, person)) {
            *found = (practice, person);
        }
        if let Ok(number) = person
            && let Some(found) = at(&mut self.somebody, id, NONE)
        {
            *found = practice;
            self.next = number + 1;
        }
    }

    /// The code of a code and a scheme, looked up unless it was before.
    #[inline]
    pub fn code(&mut self, code: u32, scheme: u32, look: impl FnOnce() -> FoundCode) -> FoundCode {
        let known = self.codes.get(scheme as usize).and_then(|codes| codes.get(code as usize)).copied().flatten();
        known.unwrap_or_else(|| self.keep_code(code, scheme, look()))
    }

    /// Counts rows of people who were found and codes in no set, up to the first that is anything else, and gives how many they are.
    /// Each is told by the numbers of its id, practice, code and scheme.
    #[inline]
    pub fn count_in_no_set(&self, [ids, practices, codes, schemes]: [&[u32]; 4], by_scheme: &mut ByScheme) -> usize {
        let mut rows = 0;
        for (((id, practice), code), scheme) in ids.iter().zip(practices).zip(codes).zip(schemes) {
            let found = self.codes.get(*scheme as usize).and_then(|codes| codes.get(*code as usize));
            let Some(Some(FoundCode::InNoSet(scheme))) = found else { break };
            if self.somebody.get(*id as usize) != Some(practice) {
                break;
            }
            by_scheme.count(*scheme);
            rows += 1;
        }
        rows
    }

    fn keep_code(&mut self, code: u32, scheme: u32, found: FoundCode) -> FoundCode {
        if (scheme as usize) < SCHEMES
            && let Some(known) = at(&mut self.codes, scheme, Vec::new()).and_then(|codes| at(codes, code, None))
        {
            *known = Some(found);
        }
        found
    }
}

/// The place of a number; those before it are filled with nothing.
fn at<T: Clone>(all: &mut Vec<T>, number: u32, nothing: T) -> Option<&mut T> {
    let number = number as usize;
    if number >= all.len() {
        all.resize(number.checked_add(1)?, nothing);
    }
    all.get_mut(number)
}
