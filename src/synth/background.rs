//! Everything else that a practice records: complaints, results, letters, medicines. None of it has a code that any set holds,
//! so that it decides nothing, and an extract is as large as an extract is.

use super::form::Row;
use super::invented::{Invented, invented};
use super::people::Person;
use super::practices::Practice;
use super::profile::{Kind, Profile};
use crate::extract::patient::Episode;
use crate::framework::calendar::Day;
use crate::framework::{Rulebook, Sex};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

const DAYS_OF_A_YEAR: i32 = 365;
/// The scheme of codes in Read form.
const READ: &str = "read2";

/// What makes the rows.
pub struct Background<'m> {
    profile: &'m Profile,
    extracted_on: Day,
    /// The codes of each kind, the most frequent first.
    codes: Vec<Vec<Invented>>,
}

/// One person's rows in the making.
struct Notes<'m, 'r> {
    background: &'m Background<'m>,
    number: usize,
    practice: &'m Practice,
    person: &'r Person,
    dice: Pcg64,
    rows: &'r mut Vec<Row<'m>>,
}

impl<'m> Background<'m> {
    /// Invents the codes.
    pub fn new(profile: &'m Profile, rulebook: &Rulebook, extracted_on: Day) -> Background<'m> {
        Background { profile, extracted_on, codes: invented(&profile.background.kinds, rulebook) }
    }

    /// Everything else that is recorded of somebody.
    pub fn rows(&'m self, number: usize, practice: &'m Practice, person: &Person, dice: Pcg64, rows: &mut Vec<Row<'m>>) {
        Notes { background: self, number, practice, person, dice, rows }.all();
    }
}

impl<'m> Notes<'m, '_> {
    fn all(&mut self) {
        let all = &self.background.profile.background;
        let illness = 100 + all.conditions * i64::try_from(self.person.conditions).unwrap_or(0);
        let women = if self.person.about.sex == Some(Sex::Female) { all.women } else { 100 };
        let usual = all.people.choose(&mut self.dice).copied().unwrap_or(100);
        // Of ten thousand million; with the contacts of a thousand people it is of ten million million.
        let mut often = illness * women * usual * self.practice.ways.records / 100;
        for ago in 0..all.years {
            self.year(ago, often);
            often = often * all.earlier / 100;
        }
        for (kind, codes) in all.kinds.iter().zip(&self.background.codes) {
            let number = self.background.profile.at_age(&kind.repeats, self.age(self.background.extracted_on)) * illness / 100;
            for _ in 0..self.about_so_many(number) {
                self.repeat(kind, codes);
            }
        }
    }

    fn year(&mut self, ago: i32, often: i64) {
        let all = &self.background.profile.background;
        let ends = self.background.extracted_on.plus(-ago * DAYS_OF_A_YEAR);
        let contacts = self.background.profile.at_age(&all.contacts, self.age(ends)) * often / 1_000_000;
        for _ in 0..self.about_so_many(contacts) {
            let day = ends.plus(-self.dice.random_range(0..DAYS_OF_A_YEAR));
            for (kind, codes) in all.kinds.iter().zip(&self.background.codes) {
                for _ in 0..self.about_so_many(kind.rows) {
                    self.note(kind, codes, day);
                }
            }
        }
    }

    fn age(&self, on: Day) -> i64 {
        i64::from((on.0 - self.person.about.born.0) / DAYS_OF_A_YEAR)
    }

    /// From none to twice as many, of so many thousandths.
    fn about_so_many(&mut self, thousandths: i64) -> i64 {
        let so_many = self.dice.random_range(0..=2 * thousandths.max(0));
        so_many / 1000 + i64::from(self.dice.random_range(0..1000) < so_many % 1000)
    }

    /// Something issued again and again.
    fn repeat(&mut self, kind: &'m Kind, codes: &'m [Invented]) {
        let (Some(code), Some(every)) = (self.code(codes), kind.every.choose(&mut self.dice).copied()) else { return };
        let since = self.background.extracted_on.plus(-self.dice.random_range(every..=kind.lasting.max(every)));
        let mut day = self.background.extracted_on.plus(-self.dice.random_range(0..every));
        while day > since {
            let row = self.row(day, code);
            self.keep(row);
            day = day.plus(-every - self.dice.random_range(-3..=3));
        }
    }

    fn note(&mut self, kind: &'m Kind, codes: &'m [Invented], day: Day) {
        let Some(code) = self.code(codes) else { return };
        let mut row = self.row(day, code);
        if kind.episodes > 0 {
            row.episode = match self.dice.random_range(0..1000) * 3 / kind.episodes {
                0 => Episode::First,
                1 => Episode::New,
                2 => Episode::Review,
                _ => Episode::Untold,
            };
        }
        // One code has one kind of value.
        let value = code.code.bytes().map(usize::from).sum::<usize>().checked_rem(kind.values.len()).and_then(|at| kind.values.get(at));
        if let Some(value) = value
            && self.dice.random_range(0..1000) < kind.with_value
        {
            let [from, to] = value.between;
            let amount = (self.dice.random_range(from..=to) + self.dice.random_range(from..=to)) / 2;
            row.value = Some(Decimal::new(amount, value.decimals).normalize());
            row.unit = &value.unit;
        }
        self.keep(row);
    }

    /// A frequent code more often than a rare one: first how rare, in doublings, then which of those.
    fn code(&mut self, codes: &'m [Invented]) -> Option<&'m Invented> {
        let tail = &self.background.profile.background.tail;
        let mut left = self.dice.random_range(0..tail.iter().sum::<i64>().max(1));
        let mut from = 1;
        for share in tail {
            if left < *share {
                break;
            }
            left -= share;
            from *= 2;
        }
        // With fewer codes than the tail is long, the rarest are as frequent as those before them.
        codes.get((self.dice.random_range(from..2 * from) - 1) % codes.len().max(1))
    }

    /// Where a practice works in Read codes, and now and then elsewhere, the code is in Read form.
    fn row(&mut self, day: Day, code: &'m Invented) -> Row<'m> {
        let in_read = self.practice.schemes.first().is_some_and(|scheme| scheme == READ);
        let old = in_read || self.dice.random_range(0..1000) < self.background.profile.background.read;
        let (scheme, code) = if old && !code.read.is_empty() { (READ, &code.read) } else { (code.scheme, &code.code) };
        Row::plain(self.number, day, scheme, code)
    }

    fn keep(&mut self, row: Row<'m>) {
        if row.day >= self.person.about.born && row.day <= self.person.last {
            self.rows.push(row);
        }
    }
}
