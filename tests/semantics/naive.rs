//! An independent, deliberately plain reading of facts: every question is answered by going through all records of a
//! person with civil dates. Written from the meanings of the rule language and not from the engine, of which nothing is used.

use chrono::{Datelike, NaiveDate, TimeDelta};
use rust_decimal::Decimal;

/// One person: a birth day and records.
#[derive(Clone, Debug)]
pub struct Person {
    pub born: NaiveDate,
    pub records: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub day: NaiveDate,
    /// The code; its letters are the sets that it is in.
    pub code: &'static str,
    pub value: Option<Decimal>,
    pub group: Option<u8>,
    pub episode: Option<&'static str>,
}

/// When somebody asks, and what windows count back from.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    pub reporting_day: NaiveDate,
    /// The rolling view, or the year-end view.
    pub rolling: bool,
    /// A register file, or an indicator's.
    pub register: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    Days,
    Months,
    Years,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length(pub u32, pub Unit);

#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Latest(Search),
    Earliest(Search),
    Pair(Search, u32),
    Count(Search, Of),
    LatestOf(Vec<usize>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Of {
    Records,
    Days,
    Sets,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub sets: Vec<char>,
    /// Two values of one reading, of the first two sets.
    pub reading: bool,
    pub only: Vec<Amount>,
    pub new_episode: bool,
    pub own_clock: bool,
    pub inside: Option<Length>,
    pub since: Option<Bound>,
    pub until: Option<Bound>,
    pub with: Vec<Companion>,
}

/// Which value of a reading (0 for the only one), and what it must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    pub value: usize,
    pub compare: Compare,
    pub number: Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compare {
    AtMost,
    AtLeast,
    Under,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    Date(Date),
    /// So many days after a fact; negative is before.
    Fact(i64, usize),
    Age(i32),
    BeforeEnd(Length),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Date {
    PeriodStart,
    PeriodEnd,
    ReportingDay,
    /// 1 April 2015.
    Fixed,
    /// 1 August of each period.
    Each,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Companion {
    pub sets: Vec<char>,
    pub near: Near,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Near {
    SameDay,
    EitherSide(u32),
    Before(Length),
    After(Length),
}

/// A sentence about one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    pub no: bool,
    pub fact: usize,
    pub tests: Vec<Test>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    InTheLast(Length),
    Date(Order, Date),
    Fact(Order, usize),
    Within(u32, Side, usize),
    Amount(Amount),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    After,
    OnOrAfter,
    Before,
    OnOrBefore,
    SameDay,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    After,
    Before,
    Of,
}

/// What is found for a fact.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Found {
    pub day: Option<NaiveDate>,
    pub values: [Option<Decimal>; 2],
    pub count: usize,
}

impl Clock {
    /// The last day of the year that holds the reporting day, or the reporting day itself.
    pub fn end(self) -> NaiveDate {
        if self.rolling {
            return self.reporting_day;
        }
        let this_year = date(self.reporting_day.year(), 3, 31);
        if self.reporting_day <= this_year { this_year } else { date(self.reporting_day.year() + 1, 3, 31) }
    }

    /// The day that windows count back from.
    fn anchor(self, own_clock: bool) -> NaiveDate {
        if self.register || own_clock { self.reporting_day } else { self.end() }
    }

    /// Days at which windows, periods and ages begin or end.
    pub fn edges(self, born: NaiveDate, ages: &[i32]) -> Vec<NaiveDate> {
        let named = [Date::PeriodStart, Date::PeriodEnd, Date::ReportingDay, Date::Fixed, Date::Each].map(|named| self.date(named));
        let ages = ages.iter().map(|age| birthday(born, *age));
        let months = [3, 6, 9, 12, 15, 21].map(|months| Length(months, Unit::Months));
        let windows = [self.end(), self.reporting_day].into_iter().flat_map(|from| months.map(|length| back(from, length)));
        named.into_iter().chain(ages).chain(windows).collect()
    }

    fn date(self, named: Date) -> NaiveDate {
        let start = next(back(self.end(), Length(12, Unit::Months)));
        match named {
            Date::PeriodStart => start,
            Date::PeriodEnd => self.end(),
            Date::ReportingDay => self.reporting_day,
            Date::Fixed => date(2015, 4, 1),
            Date::Each => start.iter_days().find(|day| (day.month(), day.day()) == (8, 1)).unwrap(),
        }
    }
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

fn days_after(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

/// So long before: the same day of another month, or the last there is.
fn back(from: NaiveDate, Length(number, unit): Length) -> NaiveDate {
    let number = i32::try_from(number).unwrap();
    match unit {
        Unit::Days => days_after(from, -i64::from(number)),
        Unit::Months => other_month(from, -number),
        Unit::Years => other_month(from, -12 * number),
    }
}

fn forth(from: NaiveDate, Length(number, unit): Length) -> NaiveDate {
    let number = i32::try_from(number).unwrap();
    match unit {
        Unit::Days => days_after(from, i64::from(number)),
        Unit::Months => other_month(from, number),
        Unit::Years => other_month(from, 12 * number),
    }
}

fn other_month(from: NaiveDate, months: i32) -> NaiveDate {
    let counted = from.year() * 12 + from.month0().cast_signed() + months;
    let (year, month) = (counted.div_euclid(12), counted.rem_euclid(12).cast_unsigned() + 1);
    (1..=from.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap()
}

/// 29 February becomes 1 March in other years.
fn birthday(born: NaiveDate, age: i32) -> NaiveDate {
    let year = born.year() + age;
    NaiveDate::from_ymd_opt(year, born.month(), born.day()).unwrap_or_else(|| date(year, 3, 1))
}

impl Record {
    fn is_in(&self, sets: &[char]) -> bool {
        self.code.chars().any(|set| sets.contains(&set))
    }
}

impl Amount {
    /// A test of nothing is false.
    fn passes(&self, values: [Option<Decimal>; 2]) -> bool {
        values[self.value].is_some_and(|value| match self.compare {
            Compare::AtMost => value <= self.number,
            Compare::AtLeast => value >= self.number,
            Compare::Under => value < self.number,
            Compare::Over => value > self.number,
        })
    }
}

/// What is found for every fact. A fact depends on earlier ones only.
pub fn find_all(facts: &[Fact], person: &Person, clock: Clock) -> Vec<Found> {
    // Identical records count once; records after the reporting day do not exist.
    let mut records: Vec<&Record> = Vec::new();
    for record in &person.records {
        if record.day <= clock.reporting_day && !records.contains(&record) {
            records.push(record);
        }
    }
    let asking = Asking { born: person.born, records, clock };
    let mut found: Vec<Found> = Vec::new();
    for fact in facts {
        found.push(asking.find(fact, &found));
    }
    found
}

struct Asking<'p> {
    born: NaiveDate,
    records: Vec<&'p Record>,
    clock: Clock,
}

/// A record or a reading that may be what a fact is looking for.
#[derive(Clone, PartialEq)]
struct Candidate<'p> {
    day: NaiveDate,
    grouped: bool,
    values: [Option<Decimal>; 2],
    record: &'p Record,
}

impl<'p> Asking<'p> {
    fn find(&self, fact: &Fact, earlier: &[Found]) -> Found {
        match fact {
            Fact::Latest(search) => {
                let all = self.candidates(search, earlier);
                first_of_day(&all, all.iter().map(|one| one.day).max())
            }
            Fact::Earliest(search) => {
                let all = self.candidates(search, earlier);
                first_of_day(&all, all.iter().map(|one| one.day).min())
            }
            Fact::Pair(search, apart) => {
                let mut all = self.candidates(search, earlier);
                all.sort_by_key(|one| (one.day, of_one_day(one)));
                let second = all.iter().skip(1).find(|one| one.day >= days_after(all[0].day, i64::from(*apart)));
                second.map_or_else(Found::default, |one| Found { day: Some(one.day), values: one.values, count: 0 })
            }
            Fact::Count(search, of) => {
                let all = self.candidates(search, earlier);
                let count = match of {
                    Of::Records => all.len(),
                    Of::Days => how_many_different(all.iter().map(|one| one.day)),
                    Of::Sets => {
                        let sets = all.iter().flat_map(|one| one.record.code.chars());
                        how_many_different(sets.filter(|set| search.sets.contains(set)))
                    }
                };
                Found { count, ..Found::default() }
            }
            Fact::LatestOf(facts) => Found { day: facts.iter().filter_map(|fact| earlier[*fact].day).max(), ..Found::default() },
        }
    }

    fn candidates(&self, search: &Search, earlier: &[Found]) -> Vec<Candidate<'p>> {
        let anchor = self.clock.anchor(search.own_clock);
        let since = search.since.map(|bound| self.bound(bound, anchor, earlier));
        let until = search.until.map(|bound| self.bound(bound, anchor, earlier));
        // What depends on something absent is absent.
        if since == Some(None) || until == Some(None) {
            return Vec::new();
        }
        let mut all = if search.reading { self.readings(search) } else { self.single(search) };
        all.retain(|one| {
            search.inside.is_none_or(|length| one.day > back(anchor, length) && one.day <= anchor)
                && since.flatten().is_none_or(|since| one.day >= since)
                && until.flatten().is_none_or(|until| one.day <= until)
                && search.only.iter().all(|test| test.passes(one.values))
                && search.with.iter().all(|companion| self.has(companion, one.day))
        });
        all
    }

    fn bound(&self, bound: Bound, anchor: NaiveDate, earlier: &[Found]) -> Option<NaiveDate> {
        match bound {
            Bound::Date(named) => Some(self.clock.date(named)),
            Bound::Fact(days, fact) => earlier[fact].day.map(|day| days_after(day, days)),
            Bound::Age(age) => Some(birthday(self.born, age)),
            Bound::BeforeEnd(length) => Some(back(anchor, length)),
        }
    }

    fn usable(&self, search: &Search, sets: &[char]) -> Vec<&'p Record> {
        let fits =
            |record: &&&Record| record.is_in(sets) && (!search.new_episode || matches!(record.episode, None | Some("first" | "new")));
        self.records.iter().filter(fits).copied().collect()
    }

    fn single(&self, search: &Search) -> Vec<Candidate<'p>> {
        let usable = self.usable(search, &search.sets);
        usable.into_iter().map(|record| Candidate { day: record.day, grouped: false, values: [record.value, None], record }).collect()
    }

    /// One reading a day and group; without a group, one of the highest of each.
    fn readings(&self, search: &Search) -> Vec<Candidate<'p>> {
        let firsts = self.usable(search, &search.sets[..1]);
        let seconds = self.usable(search, &search.sets[1..]);
        let mut all: Vec<Candidate<'p>> = Vec::new();
        for first in &firsts {
            let together = |other: &&Record| other.day == first.day && other.group == first.group;
            let highest = |of: &[&Record]| of.iter().copied().filter(together).filter_map(|record| record.value).max();
            let (Some(one), Some(two)) = (highest(&firsts), highest(&seconds)) else { continue };
            all.push(Candidate { day: first.day, grouped: first.group.is_some(), values: [Some(one), Some(two)], record: first });
        }
        all
    }

    fn has(&self, companion: &Companion, day: NaiveDate) -> bool {
        let (from, to) = match companion.near {
            Near::SameDay => (day, day),
            Near::EitherSide(days) => (days_after(day, -i64::from(days)), days_after(day, i64::from(days))),
            Near::Before(length) => (back(day, length), day),
            Near::After(length) => (day, forth(day, length)),
        };
        self.records.iter().any(|record| record.is_in(&companion.sets) && from <= record.day && record.day <= to)
    }
}

/// Of one day: a reading with a group first, then with a value before without, then the lowest first value, then the lowest second.
fn of_one_day(one: &Candidate<'_>) -> (bool, bool, [Option<Decimal>; 2]) {
    (!one.grouped, one.values[0].is_none(), one.values)
}

fn first_of_day(all: &[Candidate<'_>], day: Option<NaiveDate>) -> Found {
    let of_the_day = all.iter().filter(|one| Some(one.day) == day);
    let values = of_the_day.min_by_key(|one| of_one_day(one)).map_or([None; 2], |one| one.values);
    Found { day, values, count: 0 }
}

fn how_many_different<T: PartialEq>(all: impl Iterator<Item = T>) -> usize {
    let mut different: Vec<T> = Vec::new();
    for one in all {
        if !different.contains(&one) {
            different.push(one);
        }
    }
    different.len()
}

/// Whether a sentence holds.
pub fn holds(clause: &Clause, facts: &[Fact], found: &[Found], clock: Clock) -> bool {
    let own_clock = match &facts[clause.fact] {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) => search.own_clock,
        Fact::Count(..) | Fact::LatestOf(_) => false,
    };
    let it = &found[clause.fact];
    let holds = match &facts[clause.fact] {
        Fact::Count(..) => clause.tests.iter().all(|test| match test {
            Test::Amount(amount) => amount.passes([Some(Decimal::from(it.count)), None]),
            _ => false,
        }),
        _ => it.day.is_some_and(|day| {
            clause.tests.iter().all(|test| match test {
                Test::InTheLast(length) => {
                    let anchor = clock.anchor(own_clock);
                    back(anchor, *length) < day && day <= anchor
                }
                Test::Date(order, named) => compare(*order, day, clock.date(*named)),
                Test::Fact(order, other) => found[*other].day.is_some_and(|other| compare(*order, day, other)),
                Test::Within(days, side, other) => found[*other].day.is_some_and(|other| {
                    let between = (day - other).num_days();
                    let days = i64::from(*days);
                    match side {
                        Side::After => (0..=days).contains(&between),
                        Side::Before => (-days..=0).contains(&between),
                        Side::Of => (-days..=days).contains(&between),
                    }
                }),
                Test::Amount(amount) => amount.passes(it.values),
            })
        }),
    };
    holds != clause.no
}

fn compare(order: Order, day: NaiveDate, other: NaiveDate) -> bool {
    match order {
        Order::After => day > other,
        Order::OnOrAfter => day >= other,
        Order::Before => day < other,
        Order::OnOrBefore => day <= other,
        Order::SameDay => day == other,
    }
}
