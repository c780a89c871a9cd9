//! People of one practice and their records, as the engine reads them: code sets, days, amounts.
//! Gone by now: column names, clinical codes, rows no fact asks for, identical records.
//!
//! INVARIANT (records sorted): a person's records are sorted by code set, then by day.

use crate::framework::calendar::Day;
use crate::framework::code_sets::{CodeBook, CodeId, SetId};
use crate::framework::{Amount, Sex};
use std::fmt;
use std::ops::Range;

/// Where a record stood in the extract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// Which input file.
    pub file: u16,
    /// The row, the header being row 1.
    pub row: u32,
}

/// Which episode a record belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Episode {
    /// Not told.
    #[default]
    Untold,
    /// The first.
    First,
    /// A new one.
    New,
    /// A review of one.
    Review,
    /// Anything else.
    Other,
}

impl Episode {
    /// From `first`, `new`, `review`, `other` or nothing; `None` for another word.
    pub fn from_word(word: &[u8]) -> Option<Episode> {
        match word {
            b"" => Some(Episode::Untold),
            b"first" => Some(Episode::First),
            b"new" => Some(Episode::New),
            b"review" => Some(Episode::Review),
            b"other" => Some(Episode::Other),
            _ => None,
        }
    }

    /// Whether `episode = "new"` takes the record: first, new and untold do.
    pub fn is_new(self) -> bool {
        matches!(self, Episode::Untold | Episode::First | Episode::New)
    }
}

/// A record as it was read: one code on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RawRecord {
    /// Which person of the extract.
    pub person: u32,
    /// When.
    pub day: Day,
    /// Which code.
    pub code: CodeId,
    /// Value and unit as written, as a number that is equal for equal texts; 0 for none.
    pub written: u32,
    /// Values of one reading share a group; 0 for none.
    pub group: u32,
    /// Which episode.
    pub episode: Episode,
    /// The value, if it may be used.
    pub amount: Option<Amount>,
    /// Where it stood. Last, so that sorting puts identical records together whatever their rows.
    pub place: RowPlace,
}

impl RawRecord {
    /// Whether another record is the same but for its place.
    fn is_identical(&self, other: &RawRecord) -> bool {
        (self.person, self.day, self.code, self.written) == (other.person, other.day, other.code, other.written)
            && (self.group, self.episode, self.amount) == (other.group, other.episode, other.amount)
    }
}

/// What is known of a person besides records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Birth day.
    pub born: Day,
    /// Birth day as `yyyymmdd`.
    pub born_ymd: i32,
    /// Sex, when it is one of the two that sentences ask for.
    pub sex: Option<Sex>,
    /// The day the person registered.
    pub registered: Day,
    /// The day the person left the list.
    pub left: Option<Day>,
    /// The day the person died.
    pub died: Option<Day>,
    /// Fifth of deprivation, 1 the most deprived.
    pub imd_quintile: Option<u8>,
}

impl About {
    /// On the list: registered on or before the day, and neither left nor died on or before it.
    pub fn on_the_list(&self, day: Day) -> bool {
        self.registered <= day && self.left.is_none_or(|left| left > day) && self.died.is_none_or(|died| died > day)
    }
}

/// One person of a practice.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Which person of the extract.
    pub number: u32,
    /// What is known besides records.
    pub about: About,
    records: Range<u32>,
    /// A bit for each set of the records; several sets share one.
    sets: u64,
}

/// One record of one code set; a code in two sets gives two of these with the same `record`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The set.
    pub set: SetId,
    /// Its day.
    pub day: Day,
    /// Its value, if it has one that may be used.
    pub amount: Option<Amount>,
    /// Values of one reading share a group; 0 for none.
    pub group: u32,
    /// Its episode.
    pub episode: Episode,
    /// Which record of the practice.
    pub record: u32,
}

/// The people of one practice.
#[derive(Clone, Default)]
pub struct Patients {
    people: Vec<Person>,
    records: Vec<Record>,
    places: Vec<(RowPlace, CodeId)>,
    /// Records left out because an identical one was there.
    pub duplicates: u64,
}

/// A person together with their records.
#[derive(Clone, Copy)]
pub struct Patient<'p> {
    /// Who.
    pub about: &'p About,
    /// INVARIANT (records sorted).
    records: &'p [Record],
    sets: u64,
    places: &'p [(RowPlace, CodeId)],
}

impl Patients {
    /// Puts people and their records together. `people` gives numbers and what is known; `raw` their records in any order.
    /// Identical records count once.
    pub fn new(people: impl IntoIterator<Item = (u32, About)>, mut raw: Vec<RawRecord>, codes: &CodeBook) -> Patients {
        // Most files are sorted by person; then only the few records of each are to be sorted.
        if !raw.is_sorted_by_key(|record| record.person) {
            raw.sort_unstable_by_key(|record| record.person);
        }
        for own in raw.chunk_by_mut(|a, b| a.person == b.person) {
            own.sort_unstable_by(|one, other| (one.day, one.code).cmp(&(other.day, other.code)).then_with(|| one.cmp(other)));
        }
        let before = raw.len();
        raw.dedup_by(|one, other| one.is_identical(other));
        let mut people: Vec<(u32, About)> = people.into_iter().collect();
        // Memory that grows as it is filled would be moved, and got anew from the system, again and again.
        let mut made = Patients {
            people: Vec::with_capacity(people.len()),
            records: Vec::with_capacity(raw.len()),
            places: Vec::with_capacity(raw.len()),
            duplicates: (before - raw.len()) as u64,
        };
        people.sort_unstable_by_key(|(number, _)| *number);
        let mut rest = raw.as_slice();
        let mut by_set = Vec::new();
        for (number, about) in people {
            let others = rest.iter().take_while(|record| record.person < number).count();
            let (_, later) = rest.split_at(others);
            let mine = later.iter().take_while(|record| record.person == number).count();
            let (own, later) = later.split_at(mine);
            rest = later;
            made.add(number, about, own, codes, &mut by_set);
        }
        made
    }

    /// Adds a person with records, which are sorted by day. `by_set` is memory that is used again for the next: set and place of each record
    /// as one number, the set before the place.
    fn add(&mut self, number: u32, about: About, own: &[RawRecord], codes: &CodeBook, by_set: &mut Vec<u64>) {
        let (start, first) = (self.records.len(), self.places.len());
        self.places.extend(own.iter().map(|raw| (raw.place, raw.code)));
        by_set.clear();
        for (at, raw) in (0_u32..).zip(own) {
            by_set.extend(codes.sets_of(raw.code).iter().map(|set| u64::from(set.0) << 32 | u64::from(at)));
        }
        // By set and, because they come in the order of their days, by day.
        by_set.sort_unstable();
        let mut sets = 0;
        for key in by_set {
            let (set, at) = (SetId((*key >> 32) as u16), (*key & u64::from(u32::MAX)) as usize);
            let Some(RawRecord { day, amount, group, episode, .. }) = own.get(at).copied() else { continue };
            self.records.push(Record { set, day, amount, group, episode, record: narrow(first + at) });
            sets |= bit(set);
        }
        self.people.push(Person { number, about, records: narrow(start)..narrow(self.records.len()), sets });
    }

    /// One person alone: the records up to a day, and others besides. What was in this memory before is gone.
    pub fn only<'p>(&'p mut self, patient: Patient<'p>, until: Day, besides: &[Record]) -> Patient<'p> {
        let Patients { people, records, places, .. } = self;
        people.clear();
        places.clear();
        records.clear();
        records.extend(patient.records.iter().filter(|record| record.day <= until));
        // By INVARIANT (records sorted) the few others have only to be put in their places.
        let key = |record: &Record| (record.set, record.day, record.record);
        for other in besides {
            let at = records.partition_point(|record| key(record) <= key(other));
            records.insert(at, *other);
        }
        let sets = records.iter().fold(0, |sets, record| sets | bit(record.set));
        let person = Person { number: 0, about: *patient.about, records: 0..narrow(records.len()), sets };
        people.push(person);
        let about = people.first().map_or(patient.about, |person| &person.about);
        Patient { about, records, sets, places }
    }

    /// Everybody, in the order of their numbers.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// A person with their records.
    pub fn patient<'p>(&'p self, person: &'p Person) -> Patient<'p> {
        let records = self.records.get(person.records.start as usize..person.records.end as usize);
        Patient { about: &person.about, records: records.unwrap_or(&[]), sets: person.sets, places: &self.places }
    }

    /// Every record of a person once, whatever the number of its sets.
    pub fn records(&self, person: &Person) -> Vec<Record> {
        let mut records = self.records.get(person.records.start as usize..person.records.end as usize).unwrap_or(&[]).to_vec();
        records.sort_unstable_by_key(|record| record.record);
        records.dedup_by_key(|record| record.record);
        records
    }

    /// Where a record stood, and its code.
    pub fn place(&self, record: u32) -> Option<(RowPlace, CodeId)> {
        self.places.get(record as usize).copied()
    }

    /// Days on which several values without a group could not be told apart, for one kind of reading.
    pub fn ungrouped_readings(&self, sets: &[SetId]) -> u64 {
        self.people.iter().map(|person| self.patient(person).ungrouped_days(sets)).sum()
    }
}

impl<'p> Patient<'p> {
    /// The code of a record.
    pub fn code(&self, record: &Record) -> Option<CodeId> {
        self.places.get(record.record as usize).map(|(_, code)| *code)
    }

    /// The records of each code set that has any, by day; the sets in their order.
    pub fn by_set(&self) -> impl Iterator<Item = &'p [Record]> {
        self.records.chunk_by(|one, next| one.set == next.set)
    }

    /// Some of the records, counted in the order of [`Patient::by_set`].
    pub fn between(&self, places: Range<usize>) -> &'p [Record] {
        self.records.get(places).unwrap_or(&[])
    }

    /// The records of one code set, by day.
    pub fn of(&self, set: SetId) -> &'p [Record] {
        // Of most sets nobody has a record: where the bit is not there, no record needs looking at.
        if self.sets & bit(set) == 0 {
            return &[];
        }
        // By INVARIANT (records sorted).
        let from = self.records.partition_point(|record| record.set < set);
        let later = self.records.get(from..).unwrap_or(&[]);
        later.get(..later.partition_point(|record| record.set == set)).unwrap_or(&[])
    }

    fn ungrouped_days(&self, sets: &[SetId]) -> u64 {
        let Some((first, others)) = sets.split_first() else { return 0 };
        // A day can only be unclear that has a value of every set.
        if !sets.iter().all(|set| self.sets & bit(*set) != 0) {
            return 0;
        }
        // Mostly no two values of a set are of one day, and nothing can be unclear.
        let are_of_one_day = |set: &SetId| self.of(*set).windows(2).any(|two| matches!(two, [one, next] if one.day == next.day));
        if !sets.iter().any(are_of_one_day) {
            return 0;
        }
        let values = |set: SetId, day: Day| {
            let all = self.of(set).iter().filter(move |record| record.day == day && record.group == 0);
            let mut values: Vec<Amount> = all.filter_map(|record| record.amount).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        };
        let mut days: Vec<Day> = self.of(*first).iter().map(|record| record.day).collect();
        days.dedup();
        let unclear = days.into_iter().filter(|day| {
            let numbers: Vec<usize> = std::iter::once(first).chain(others).map(|set| values(*set, *day)).collect();
            numbers.iter().all(|number| *number > 0) && numbers.iter().any(|number| *number > 1)
        });
        unclear.count() as u64
    }
}

/// The bit that stands for a set.
fn bit(set: SetId) -> u64 {
    1 << (set.0 % 64)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A person cannot be printed by accident.
impl fmt::Debug for Patient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a person with {} records", self.records.len())
    }
}

impl fmt::Debug for Patients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} people with {} records", self.people.len(), self.places.len())
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a person with {} records", self.records.len())
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is known of a person")
    }
}
