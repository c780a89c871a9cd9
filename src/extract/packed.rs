//! A sifted record as a few bytes, exactly: most of them are kept until all files are read, and then wait on the disk.
//! A value in its plain form, such as `7.5`, is its amount; any other spelling is kept as it is written, because two records
//! are identical only when they are written alike.

use super::patient::{Episode, RawRecord, RowPlace};
use super::short::same;
use crate::framework::Amount;
use crate::framework::calendar::Day;
use crate::framework::code_sets::CodeId;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// What of value and unit is told by the amount, and what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written<'r> {
    /// Neither value nor unit.
    Nothing,
    /// The value is the plain form of the amount, and the unit this spelling of the code's set; 0 for none.
    Plain(u8),
    /// Value and unit as they are written.
    Text(&'r [u8], &'r [u8]),
}

/// A record as it goes in.
#[derive(Clone, Copy)]
pub struct Record<'r> {
    /// Which person of the extract.
    pub person: u32,
    /// When.
    pub day: Day,
    /// Which code.
    pub code: CodeId,
    /// Which episode.
    pub episode: Episode,
    /// The value, if it may be used.
    pub amount: Option<Amount>,
    /// Value and unit.
    pub written: Written<'r>,
    /// Values of one reading share a group.
    pub group: &'r [u8],
}

const AMOUNT: u8 = 1 << 3;
const PLAIN: u8 = 1 << 4;
const TEXT: u8 = 1 << 5;
const GROUP: u8 = 1 << 6;
const EPISODE: u8 = AMOUNT - 1;

/// All episodes, by their number.
const EPISODES: [Episode; 5] = [Episode::Untold, Episode::First, Episode::New, Episode::Review, Episode::Other];

/// Adds a record.
#[inline]
pub fn pack(record: &Record<'_>, to: &mut Vec<u8>) {
    let episode = match record.episode {
        Episode::Untold => 0,
        Episode::First => 1,
        Episode::New => 2,
        Episode::Review => 3,
        Episode::Other => 4,
    };
    let written = match record.written {
        Written::Nothing => 0,
        Written::Plain(_) => PLAIN,
        Written::Text(..) => TEXT,
    };
    let amount = if record.amount.is_some() { AMOUNT } else { 0 };
    let group = if record.group.is_empty() { 0 } else { GROUP };
    to.push(episode | written | amount | group);
    number(u64::from(record.person), to);
    number(zigzag(i64::from(record.day.0)), to);
    number(u64::from(record.code.0), to);
    if let Some(amount) = record.amount {
        number(zigzag(amount.0), to);
    }
    match record.written {
        Written::Nothing => {}
        Written::Plain(unit) => to.push(unit),
        Written::Text(value, unit) => {
            bytes(value, to);
            bytes(unit, to);
        }
    }
    if !record.group.is_empty() {
        bytes(record.group, to);
    }
}

/// Seven bits a byte; the highest says that more follow.
#[inline]
fn number(mut number: u64, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push((number & 0x7f) as u8);
}

#[inline]
fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

#[inline]
fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn bytes(text: &[u8], to: &mut Vec<u8>) {
    number(text.len() as u64, to);
    to.extend_from_slice(text);
}

/// Texts as numbers that are equal for equal texts; 0 is the empty text.
#[derive(Debug, Default)]
pub struct Numbers {
    /// All texts together, and where each of them ends.
    texts: Vec<u8>,
    ends: Vec<usize>,
    known: HashTable<u32>,
}

impl Numbers {
    /// The number of a text, which may be given in pieces.
    pub fn of(&mut self, pieces: &[&[u8]]) -> u32 {
        // The text goes to the end, where it stays unless it is known already.
        let before = self.texts.len();
        for piece in pieces {
            self.texts.extend_from_slice(piece);
        }
        let (texts, ends) = (&self.texts, &self.ends);
        let text = texts.get(before..).unwrap_or(&[]);
        if text.is_empty() {
            return 0;
        }
        let hash = hash(text);
        if let Some(number) = self.known.find(hash, |number| same(text_in(texts, ends, *number), text)).copied() {
            self.texts.truncate(before);
            return number;
        }
        self.ends.push(texts.len());
        let (ends, number) = (&self.ends, u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
        self.known.insert_unique(hash, number, |number| self::hash(text_in(texts, ends, *number)));
        number
    }
}

/// The text of a number, the first of which is 1.
fn text_in<'t>(texts: &'t [u8], ends: &[usize], number: u32) -> &'t [u8] {
    let end = |number: usize| number.checked_sub(1).map_or(Some(0), |at| ends.get(at).copied());
    let (number, before) = (number as usize, (number as usize).saturating_sub(1));
    end(before).zip(end(number)).and_then(|(from, to)| texts.get(from..to)).unwrap_or(&[])
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    hasher.finish()
}

/// Numbers of spellings of units lie below those of texts.
const TEXTS: u32 = 1 + u8::MAX as u32;

/// Gives records back. Numbers of texts are equal for equal texts of the same unpacking only.
#[derive(Debug, Default)]
pub struct Unpacking {
    written: Numbers,
    groups: Numbers,
}

impl Unpacking {
    /// All records of some bytes that [`pack`] wrote; what it did not write ends them.
    pub fn unpack(&mut self, bytes: &[u8], to: &mut Vec<RawRecord>) {
        let mut rest = bytes;
        while let Some(record) = self.next(&mut rest) {
            to.push(record);
        }
    }

    #[inline]
    fn next(&mut self, rest: &mut &[u8]) -> Option<RawRecord> {
        let flags = take_byte(rest)?;
        let episode = EPISODES.get(usize::from(flags & EPISODE)).copied()?;
        let person = u32::try_from(take(rest)?).ok()?;
        let day = Day(i32::try_from(unzigzag(take(rest)?)).ok()?);
        let code = CodeId(u32::try_from(take(rest)?).ok()?);
        let amount = if flags & AMOUNT == 0 { None } else { Some(Amount(unzigzag(take(rest)?))) };
        let written = if flags & PLAIN != 0 {
            1 + u32::from(take_byte(rest)?)
        } else if flags & TEXT != 0 {
            let value = take_bytes(rest)?;
            let unit = take_bytes(rest)?;
            TEXTS + self.written.of(&[value, b"\0", unit])
        } else {
            0
        };
        let group = if flags & GROUP == 0 { 0 } else { self.groups.of(&[take_bytes(rest)?]) };
        Some(RawRecord { person, day, code, written, group, episode, amount, place: RowPlace::default() })
    }
}

#[inline]
fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(*first)
}

#[inline]
fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(rest)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

fn take_bytes<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take(rest)?).ok()?;
    let (text, others) = rest.split_at_checked(length)?;
    *rest = others;
    Some(text)
}

/// Packed records by part.
#[derive(Default)]
pub(super) struct PackedParts {
    part: u16,
    bytes: Vec<u8>,
    others: FxHashMap<u16, Vec<u8>>,
}

impl PackedParts {
    #[inline]
    pub fn add(&mut self, part: u16, record: &Record<'_>) {
        if part != self.part {
            // Rows of one part mostly follow each other.
            let bytes = self.others.remove(&part).unwrap_or_default();
            let before = std::mem::replace(&mut self.bytes, bytes);
            self.others.insert(std::mem::replace(&mut self.part, part), before);
        }
        pack(record, &mut self.bytes);
    }

    pub fn into_parts(mut self) -> Vec<(u16, Vec<u8>)> {
        self.others.insert(self.part, self.bytes);
        let mut all: Vec<(u16, Vec<u8>)> = self.others.into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        all.sort_unstable_by_key(|(part, _)| *part);
        all
    }
}
