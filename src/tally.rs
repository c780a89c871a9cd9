//! Counting: practice × measure × reporting day × stratum × line → people. Sparse; merging is addition,
//! so threads and the order of practices cannot change a count. Counts that stand in files are read back here.

use crate::dictionary::{
    Column, FRAMEWORK_HASH, INTERVAL_END, LINE, MEASURE, PERIOD_MOVED, PRACTICE_CODE, STRATUM, STRATUM_VALUE, Sheet, VIEW,
};
use crate::extract::counts::{self, CountRow, Counts, Mistakes};
use crate::extract::patient::{About, RowPlace};
use crate::framework::calendar::{Day, age};
use crate::framework::{Framework, LineNumber, Outcome, Population, RegisterId, Sex, Strata};
use crate::practice::Practice;
use crate::problem::{Problem, did_you_mean};
use crate::sums::Sums;
use std::collections::BTreeMap;

/// The columns of `counts.csv`, whichever engine counted.
pub static COUNTS: Sheet = Sheet {
    name: "counts.csv",
    title: "The counts by line and nothing else: what any program that runs the same rules must come to; dqoh report --tally reads it",
    written_by: "dqoh run, dqoh report",
    columns: &[
        FRAMEWORK_HASH,
        MEASURE.saying("The indicator, register or pathway; list for everybody on the list, whose only line is 1"),
        PRACTICE_CODE,
        INTERVAL_END,
        VIEW,
        STRATUM,
        STRATUM_VALUE,
        LINE,
        Column::people("people", "How many it decided; never 0"),
        PERIOD_MOVED,
    ],
    key: &["measure", "practice_code", "interval_end", "view", "stratum", "stratum_value", "line"],
};

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

/// The measure of a framework's first pathway; the others follow by id.
pub fn first_pathway(framework: &Framework) -> u16 {
    first_indicator(framework) + u16::try_from(framework.indicators.len()).unwrap_or(u16::MAX)
}

/// Counts of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: Sums<Key, u32>,
}

impl Tally {
    /// People of one line.
    pub fn get(&self, key: Key) -> u32 {
        self.counts.get(key)
    }

    /// All counts above 0, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, u32)> {
        self.counts.iter()
    }

    /// The same with so many more or fewer people in some places; never fewer than none.
    pub fn moved(&self, by: &BTreeMap<Key, i64>) -> Tally {
        let as_is = self.iter().filter(|(key, _)| !by.contains_key(key));
        let moved = by.iter().map(|(key, people)| {
            let count = i64::from(self.get(*key)).saturating_add(*people);
            (*key, u32::try_from(count.max(0)).unwrap_or(u32::MAX))
        });
        as_is.chain(moved).collect()
    }

    /// Both together.
    pub fn merged(self, other: Tally) -> Tally {
        Tally { counts: self.counts.merged(other.counts) }
    }
}

/// Of people by line, in any order; those of one line are added.
impl FromIterator<(Key, u32)> for Tally {
    fn from_iter<I: IntoIterator<Item = (Key, u32)>>(people: I) -> Self {
        Tally { counts: people.into_iter().collect() }
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
pub fn strata_of(framework: &Framework, about: &About, mine: &mut Vec<usize>) {
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
        let measures = self.offsets.iter().enumerate().map(|(measure, offset)| {
            let end = self.offsets.get(measure + 1).copied().unwrap_or(self.width);
            (measure, *offset..end)
        });
        let of_measures = measures.flat_map(|(measure, places)| {
            self.counts.chunks(self.width).enumerate().flat_map(move |(stratum, counts)| {
                let lines = counts.get(places.clone()).unwrap_or(&[]).iter().enumerate();
                lines.map(move |(line, people)| {
                    (Key { practice, day, measure: narrow(measure), stratum: narrow(stratum), line: narrow(line) }, *people)
                })
            })
        });
        of_measures.collect()
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// Reads counts back: names become numbers, and everything that can be added up must add up.
/// `frameworks` are those of the counts' days and view.
///
/// # Errors
/// When a name is not known, a count stands twice, or sums do not fit.
pub fn from_counts(counts: &Counts, frameworks: &[Framework], practices: &[Practice]) -> Result<Tally, Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let names = Known::new(counts, frameworks, practices, &mut mistakes);
    let mut rows: BTreeMap<Key, RowPlace> = BTreeMap::new();
    let mut people = Vec::new();
    for row in &counts.rows {
        let Some(key) = names.key(row) else { continue };
        if names.lines.get(usize::from(key.measure)).is_none_or(|lines| !lines.contains(&key.line)) {
            let problem = counts.files.problem("D016", "the measure has no such line", row.place, Some(counts::LINE));
            mistakes.add(problem.help("these are not the counts as they were made: export them again"));
        } else if let Some(first) = rows.insert(key, row.place) {
            let problem = counts.files.problem("D017", "this count stands there twice", row.place, None);
            mistakes.add(problem.help(format!("the first is {}: leave one out", counts.files.place(first))));
        } else {
            people.push((key, row.people));
        }
    }
    mistakes.none()?;
    let tally: Tally = people.into_iter().collect();
    let mut mistakes = Mistakes::default();
    let unlike = |key: Key, what: &str| {
        let name = |at: usize| names.measures.get(at).copied().unwrap_or_default();
        let practice = practices.get(key.practice as usize).map_or("", |practice| practice.code.as_str());
        let day = frameworks.get(usize::from(key.day)).map(|framework| framework.reporting_day.long()).unwrap_or_default();
        Problem::error("D019", "these counts do not add up")
            .in_data(counts.files.together(), None, None)
            .help(format!("`{}` at {practice} on {day}: {what}; export all rows again", name(usize::from(key.measure))))
    };
    unlike_populations(&tally, frameworks, |key| {
        mistakes.add(unlike(key, "its lines together are not all the people whom it is of"));
    });
    mistakes.none()?;
    let mut mistakes = Mistakes::default();
    unlike_everybody(&tally, frameworks, |key, kind| {
        mistakes.add(unlike(key, &format!("the people of line {} by {kind} are not as many as everybody", key.line)));
    });
    mistakes.none()?;
    Ok(tally)
}

/// What the names in counts stand for; nothing where a name is not known.
struct Known<'f> {
    measures: Vec<&'f str>,
    lines: Vec<Vec<u16>>,
    days: Vec<Day>,
    measure_numbers: Vec<Option<usize>>,
    practice_numbers: Vec<Option<usize>>,
    stratum_numbers: Vec<Option<usize>>,
}

impl<'f> Known<'f> {
    fn new(counts: &Counts, frameworks: &'f [Framework], practices: &[Practice], mistakes: &mut Mistakes) -> Self {
        let framework = frameworks.first();
        let of_framework = framework.into_iter().flat_map(Framework::measures);
        let numbers = of_framework.map(|(id, lines)| (id, lines.lines.iter().map(|line| line.number.0).collect()));
        let (measures, lines): (Vec<&str>, Vec<Vec<u16>>) = std::iter::once(("list", vec![1])).chain(numbers).unzip();
        let strata = framework.map(|framework| strata(&framework.strata)).unwrap_or_default();
        let mut unknown = |says: &str, place, column, help: String| {
            mistakes.add(counts.files.problem("D016", says, place, Some(column)).help(help));
            None
        };
        let measure_numbers = counts.measures.names.iter().map(|(name, place)| {
            measures.iter().position(|measure| measure == name).or_else(|| {
                let near = did_you_mean(name, measures.iter().copied());
                let help = near.unwrap_or_else(|| format!("the measures are {}", measures.join(", ")));
                unknown("these rules have no such measure", *place, counts::MEASURE, help)
            })
        });
        let measure_numbers = measure_numbers.collect();
        let practice_numbers = counts.practices.names.iter().map(|(code, place)| {
            practices.binary_search_by(|practice| practice.code.as_str().cmp(code)).ok().or_else(|| {
                let help = "list it in the file of --practices, or pass the list that belongs to these counts".to_owned();
                unknown("this practice is not listed", *place, counts::PRACTICE, help)
            })
        });
        let practice_numbers = practice_numbers.collect();
        let stratum_numbers = counts.strata.names.iter().map(|((kind, value), place)| {
            strata.iter().position(|stratum| (stratum.kind, &stratum.value) == (kind, value)).or_else(|| {
                let kind_known = strata.iter().any(|stratum| stratum.kind == kind);
                let (column, says) = match kind_known {
                    true => (counts::STRATUM_VALUE, "these rules have no such stratum"),
                    false => (counts::STRATUM, "these rules count nobody by this"),
                };
                let values = strata.iter().filter(|stratum| kind_known && stratum.kind == kind && !kind.is_empty());
                let values: Vec<&str> = values.map(|stratum| stratum.value.as_str()).collect();
                let help = match values.is_empty() {
                    true => "both columns are empty for everybody; otherwise they are as in the counts of `dqoh run`".to_owned(),
                    false => format!("by {kind} there are {}", values.join(", ")),
                };
                unknown(says, *place, column, help)
            })
        });
        let stratum_numbers = stratum_numbers.collect();
        let days = frameworks.iter().map(|framework| framework.reporting_day).collect();
        Known { measures, lines, days, measure_numbers, practice_numbers, stratum_numbers }
    }

    /// The key of a row whose names are all known.
    fn key(&self, row: &CountRow) -> Option<Key> {
        let known = |numbers: &[Option<usize>], at: usize| numbers.get(at).copied().flatten();
        Some(Key {
            practice: u32::try_from(known(&self.practice_numbers, row.practice)?).ok()?,
            day: narrow(self.days.iter().position(|day| *day == row.day)?),
            measure: narrow(known(&self.measure_numbers, row.measure)?),
            stratum: narrow(known(&self.stratum_numbers, row.stratum)?),
            line: row.line,
        })
    }
}

/// Finds registers whose lines are not the whole list, and indicators whose lines are not the people they are of.
fn unlike_populations(tally: &Tally, frameworks: &[Framework], mut found: impl FnMut(Key)) {
    let mut sums: BTreeMap<Key, u64> = BTreeMap::new();
    let mut on_register: BTreeMap<Key, u64> = BTreeMap::new();
    for (key, people) in tally.iter() {
        *sums.entry(Key { line: 0, ..key }).or_default() += u64::from(people);
        // A place of the list and of every measure: where there is one row, all sums are looked at.
        *sums.entry(Key { line: 0, measure: LIST, ..key }).or_default() += 0;
        let framework = frameworks.get(usize::from(key.day));
        let register =
            framework.zip(key.measure.checked_sub(FIRST_REGISTER)).and_then(|(framework, at)| framework.registers.get(usize::from(at)));
        let line = register.and_then(|register| register.lines.line(LineNumber(key.line)));
        if line.is_some_and(|line| line.outcome == Outcome::Selected) {
            *on_register.entry(Key { line: 0, ..key }).or_default() += u64::from(people);
        }
    }
    let of = |sums: &BTreeMap<Key, u64>, key: Key| sums.get(&key).copied().unwrap_or(0);
    for (list, everybody) in sums.iter().filter(|(key, _)| key.measure == LIST) {
        let Some(framework) = frameworks.get(usize::from(list.day)) else { continue };
        let registers = (FIRST_REGISTER..).zip(&framework.registers).map(|(measure, _)| (measure, *everybody));
        let on = |id: RegisterId| of(&on_register, Key { measure: FIRST_REGISTER + id.0, ..*list });
        let pathways = (first_pathway(framework)..).zip(&framework.pathways).map(|(measure, pathway)| (measure, on(pathway.of)));
        let indicators = (first_indicator(framework)..).zip(&framework.indicators).map(|(measure, indicator)| match indicator.of {
            Population::List => (measure, *everybody),
            Population::Register(id) => (measure, on(id)),
        });
        for (measure, wanted) in registers.chain(indicators).chain(pathways) {
            let key = Key { measure, ..*list };
            if of(&sums, key) != wanted {
                found(key);
            }
        }
    }
}

/// Finds lines whose strata of one kind are not everybody; people below the youngest age are in no age.
fn unlike_everybody(tally: &Tally, frameworks: &[Framework], mut found: impl FnMut(Key, &str)) {
    let Some(framework) = frameworks.first() else { return };
    let strata = strata(&framework.strata);
    let mut kinds: Vec<&str> = strata.iter().map(|stratum| stratum.kind).filter(|kind| !kind.is_empty()).collect();
    kinds.dedup();
    let all_ages = framework.strata.age.first().is_some_and(|youngest| *youngest <= 0);
    let mut sums: BTreeMap<Key, Vec<u64>> = BTreeMap::new();
    for (key, people) in tally.iter() {
        let kind = strata.get(usize::from(key.stratum)).map_or("", |stratum| stratum.kind);
        let sum = sums.entry(Key { stratum: 0, ..key }).or_insert_with(|| vec![0; kinds.len()]);
        for (_, sum) in kinds.iter().zip(sum).filter(|(other, _)| **other == kind) {
            *sum += u64::from(people);
        }
    }
    for (key, sums) in sums {
        let everybody = u64::from(tally.get(key));
        for (kind, sum) in kinds.iter().zip(sums) {
            if sum > everybody || (sum < everybody && (*kind != "age" || all_ages)) {
                found(key, kind);
            }
        }
    }
}
