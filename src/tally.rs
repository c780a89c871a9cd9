//! Counting: practice × measure × reporting day × stratum × line → people. Sparse; merging is addition,
//! so threads and the order of practices cannot change a count.

use crate::extract::patient::About;
use crate::framework::calendar::age;
use crate::framework::{Framework, LineNumber, Sex, Strata};
use std::collections::BTreeMap;

/// Where a count belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which practice, in the order of their codes.
    pub practice: u32,
    /// Which reporting day, in the order asked for.
    pub day: u16,
    /// Which measure: see [`LIST`] and [`first_indicator`].
    pub measure: u16,
    /// Which stratum: see [`strata`]. 0 is everybody.
    pub stratum: u16,
    /// Which line.
    pub line: u16,
}

/// The measure that counts everybody on the list; its only line is 1.
pub const LIST: u16 = 0;

/// The measure of the first register; the others follow in their order.
pub const FIRST_REGISTER: u16 = 1;

/// The measure of a framework's first indicator; the others follow in report order.
pub fn first_indicator(framework: &Framework) -> u16 {
    FIRST_REGISTER + u16::try_from(framework.registers.len()).unwrap_or(u16::MAX)
}

/// Counts of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<Key, u32>,
}

impl Tally {
    /// People of one line.
    pub fn get(&self, key: Key) -> u32 {
        self.counts.get(&key).copied().unwrap_or(0)
    }

    /// All counts above 0, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, u32)> {
        self.counts.iter().map(|(key, count)| (*key, *count))
    }

    /// Adds people to a line.
    pub fn add(&mut self, key: Key, people: u32) {
        if people > 0 {
            *self.counts.entry(key).or_default() += people;
        }
    }

    /// Both together.
    pub fn merged(mut self, other: Tally) -> Tally {
        for (key, people) in other.counts {
            self.add(key, people);
        }
        self
    }
}

/// A stratum: by what, and which; both empty for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Stratum {
    /// `sex`, `age` or `imd_quintile`.
    pub kind: &'static str,
    /// Such as `female`, `18-39` or `1`.
    pub value: String,
}

/// All strata of a framework, everybody first; their places are the numbers in [`Key`].
pub fn strata(strata: &Strata) -> Vec<Stratum> {
    let mut all = vec![Stratum::default()];
    if strata.sex {
        all.extend(["female", "male", "neither"].map(|value| Stratum { kind: "sex", value: value.to_owned() }));
    }
    for (at, from) in strata.age.iter().enumerate() {
        let value = strata.age.get(at + 1).map_or_else(|| format!("{from}+"), |next| format!("{from}-{}", next - 1));
        all.push(Stratum { kind: "age", value });
    }
    if strata.imd_quintile {
        all.extend(["1", "2", "3", "4", "5", "unknown"].map(|value| Stratum { kind: "imd_quintile", value: value.to_owned() }));
    }
    all
}

/// The strata of one person, everybody first. Age is that of the reporting day.
fn strata_of(framework: &Framework, about: &About, mine: &mut Vec<usize>) {
    mine.clear();
    mine.push(0);
    let mut next = 1;
    if framework.strata.sex {
        mine.push(
            next + match about.sex {
                Some(Sex::Female) => 0,
                Some(Sex::Male) => 1,
                None => 2,
            },
        );
        next += 3;
    }
    let ages = &framework.strata.age;
    let years = age(about.born_ymd, framework.reporting_day.ymd());
    let below = ages.partition_point(|from| *from <= years);
    if below > 0 {
        mine.push(next + below - 1);
    }
    next += ages.len();
    if framework.strata.imd_quintile {
        mine.push(next + about.imd_quintile.map_or(5, |quintile| usize::from(quintile) - 1));
    }
}

/// Counts the people of one practice on one reporting day; dense, because most lines of a practice are reached.
#[derive(Debug)]
pub struct Counter<'f> {
    framework: &'f Framework,
    offsets: Vec<usize>,
    width: usize,
    counts: Vec<u32>,
    mine: Vec<usize>,
}

impl<'f> Counter<'f> {
    /// Nothing counted yet.
    pub fn new(framework: &'f Framework) -> Self {
        let mut offsets = vec![0];
        let mut width = 2;
        for (_, lines) in framework.measures() {
            offsets.push(width);
            let last = lines.lines.iter().map(|line| usize::from(line.number.0)).max().unwrap_or(0);
            width += last + 1;
        }
        let strata = strata(&framework.strata).len();
        Counter { framework, offsets, width, counts: vec![0; width * strata], mine: Vec::new() }
    }

    /// Chooses whom the next counts are of, and counts them on the list.
    pub fn person(&mut self, about: &About) {
        let mut mine = std::mem::take(&mut self.mine);
        strata_of(self.framework, about, &mut mine);
        self.mine = mine;
        self.count(LIST, LineNumber(1));
    }

    /// Counts the person's line of a measure.
    pub fn count(&mut self, measure: u16, line: LineNumber) {
        let Some(offset) = self.offsets.get(usize::from(measure)) else { return };
        let slot = offset + usize::from(line.0);
        for stratum in &self.mine {
            if let Some(count) = self.counts.get_mut(stratum * self.width + slot) {
                *count += 1;
            }
        }
    }

    /// What was counted, as a tally.
    pub fn tally(&self, practice: u32, day: u16) -> Tally {
        let mut tally = Tally::default();
        for (stratum, counts) in self.counts.chunks(self.width).enumerate() {
            for (measure, offset) in self.offsets.iter().enumerate() {
                let end = self.offsets.get(measure + 1).copied().unwrap_or(self.width);
                for (line, people) in counts.get(*offset..end).unwrap_or(&[]).iter().enumerate() {
                    tally.add(Key { practice, day, measure: narrow(measure), stratum: narrow(stratum), line: narrow(line) }, *people);
                }
            }
        }
        tally
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
