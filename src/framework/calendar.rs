//! Days, months, ages and periods: the only calendar arithmetic in the program.
//! Everything here is done while a framework is made for a reporting day, before any person is read;
//! the engines only compare whole numbers.

use crate::rules::phrase::{Length, Unit};
use chrono::{Datelike, Months, NaiveDate};
use std::fmt;
use std::sync::Arc;

/// A day, counted from 1 January 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// The earliest day that data may hold; also the first day of a [`DayTable`].
pub const FIRST_DAY: Day = Day(-43_829);
/// The latest day that data may hold; also the last day of a [`DayTable`].
pub const LAST_DAY: Day = Day(47_846);

impl Day {
    /// From year, month and day of the month; `None` when there is no such day or it lies outside 1850 to 2100.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from).filter(|day| (FIRST_DAY..=LAST_DAY).contains(day))
    }

    /// From exactly ten characters, `2016-04-01`.
    /// Worked: `2016-04-01` is day 16892.
    pub fn parse(text: &[u8]) -> Option<Day> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
        let number =
            |digits: &[u8]| digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')));
        let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
        Day::from_ymd(year, number(&[m1, m2])?, number(&[d1, d2])?)
    }

    /// `20160401` for 1 April 2016: numbers in this form compare as days do, and differ by 10,000 a year.
    pub fn ymd(self) -> i32 {
        let date = self.date();
        date.year() * 10_000 + i32::try_from(date.month() * 100 + date.day()).unwrap_or(0)
    }

    /// So many days later.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The civil date.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }

    /// For people: `31 March 2017`.
    pub fn long(self) -> String {
        let date = self.date();
        format!("{} {} {}", date.day(), month_name(date), date.year())
    }

    /// For people, without the day: `March 2017`.
    pub fn long_month(self) -> String {
        let date = self.date();
        format!("{} {}", month_name(date), date.year())
    }

    /// Whether it lies in a later month than another day.
    /// Worked: 1 May 2016 does after 30 April 2016, 30 April 2016 does not after 1 April 2016.
    pub fn in_a_later_month_than(self, other: Day) -> bool {
        self.ymd() / 100 > other.ymd() / 100
    }
}

fn month_name(date: NaiveDate) -> &'static str {
    u8::try_from(date.month()).ok().and_then(|month| chrono::Month::try_from(month).ok()).map_or("", |month| month.name())
}

/// A month of a year, counted from January of the year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    pub fn of(day: Day) -> Month {
        let year_and_month = day.ymd() / 100;
        Month(year_and_month / 100 * 12 + year_and_month % 100 - 1)
    }

    /// So many months later.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0 + months)
    }

    /// Its last day. Worked: of February 2016 it is the 29th.
    pub fn last_day(self) -> Day {
        let next = self.plus(1);
        let first = NaiveDate::from_ymd_opt(next.0 / 12, u32::try_from(next.0 % 12 + 1).unwrap_or(1), 1);
        first.map_or(LAST_DAY, |first| Day::from(first).plus(-1))
    }
}

/// `2016-04`
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        Day(date.to_epoch_days())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ymd = self.ymd();
        write!(f, "{:04}-{:02}-{:02}", ymd / 10_000, ymd / 100 % 100, ymd % 100)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The day a length of time before: months clamp to the end of the month.
/// Worked: 31 March 2017 less 6 months is 30 September 2016; 29 February 2016 less 12 months is 28 February 2015.
pub fn before(day: Day, length: Length) -> Day {
    match months_of(length) {
        None => day.plus(-length.number),
        Some(months) => day.date().checked_sub_months(Months::new(months)).map_or(FIRST_DAY, Day::from),
    }
}

/// The day a length of time after: months clamp to the end of the month.
pub fn after(day: Day, length: Length) -> Day {
    match months_of(length) {
        None => day.plus(length.number),
        Some(months) => day.date().checked_add_months(Months::new(months)).map_or(LAST_DAY, Day::from),
    }
}

fn months_of(length: Length) -> Option<u32> {
    let number = u32::try_from(length.number).unwrap_or(0);
    match length.unit {
        Unit::Days => None,
        Unit::Months => Some(number),
        Unit::Years => Some(number.saturating_mul(12)),
    }
}

/// Age in full years on a day, from two numbers of the form [`Day::ymd`].
/// Somebody born on 29 February has their birthday on 1 March in other years.
/// Worked: born 20000229, on 20170228 is 16, on 20170301 is 17.
pub fn age(born_ymd: i32, on_ymd: i32) -> i32 {
    (on_ymd - born_ymd).div_euclid(10_000)
}

/// The day on which somebody born on `born` reaches an age: the first day whose [`Day::ymd`] is no less
/// than the birth day's plus 10,000 a year.
pub fn birthday(born: Day, age: i32) -> Day {
    let date = born.date();
    let there = NaiveDate::from_ymd_opt(date.year() + age, date.month(), date.day());
    let there = there.or_else(|| NaiveDate::from_ymd_opt(date.year() + age, 3, 1));
    there.map_or(LAST_DAY, Day::from)
}

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Period {
    /// Whether it is a year: the day after its end is a year after its beginning.
    pub fn is_a_year(self) -> bool {
        after(self.from, Length { number: 1, unit: Unit::Years }) == self.to.plus(1)
    }

    /// The year of the same beginning that holds a day.
    /// Worked: April 2016 to March 2017, asked for 30 June 2019, gives April 2019 to March 2020.
    pub fn moved_to(self, day: Day) -> Period {
        let first = self.from.date();
        let year_of = |year: i32| NaiveDate::from_ymd_opt(year, first.month(), first.day()).map(Day::from).unwrap_or(self.from);
        let year = day.date().year();
        let from = if year_of(year) <= day { year_of(year) } else { year_of(year - 1) };
        Period { from, to: after(from, Length { number: 1, unit: Unit::Years }).plus(-1) }
    }

    /// The twelve months that end on a day.
    pub fn ending(day: Day) -> Period {
        Period { from: before(day, Length { number: 12, unit: Unit::Months }).plus(1), to: day }
    }

    /// The day of this month and day of the month that lies in the period (a year).
    pub fn day_of(self, month: u32, day: u32) -> Day {
        let this = |year: i32| NaiveDate::from_ymd_opt(year, month, day).map(Day::from);
        let year = self.from.date().year();
        let days = [this(year), this(year + 1)];
        days.into_iter().flatten().find(|found| (self.from..=self.to).contains(found)).unwrap_or(self.from)
    }

    /// The last day of a quarter, in this period or one a number of years away, that is not after a day.
    /// Worked: for April 2016 to March 2017, 5 April 2017 gives 31 March 2017, 30 June 2019 that day itself.
    pub fn quarter_end_by(self, day: Day) -> Day {
        let period = self.moved_to(day);
        let ends = period.quarter_ends().into_iter().filter(|end| *end <= day);
        ends.max().unwrap_or(period.from.plus(-1))
    }

    /// The last day of each quarter of the period.
    pub fn quarter_ends(self) -> Vec<Day> {
        (1..=4).map(|quarter| after(self.from, Length { number: quarter * 3, unit: Unit::Months }).plus(-1)).collect()
    }
}

/// For every day that data may hold, the day a number of months before or after it:
/// windows in months that hang on a record are looked up, never worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayTable {
    days: Arc<[Day]>,
}

impl DayTable {
    /// The day so long before each day.
    pub fn before(length: Length) -> DayTable {
        let days = match table_months(length) {
            Some(months) => every_day_moved(-months).collect(),
            None => every_day().map(|day| before(day, length)).collect(),
        };
        DayTable { days }
    }

    /// The day so long after each day.
    pub fn after(length: Length) -> DayTable {
        let days = match table_months(length) {
            Some(months) => every_day_moved(months).collect(),
            None => every_day().map(|day| after(day, length)).collect(),
        };
        DayTable { days }
    }

    /// The first day on which a record of each day no longer lies in the last so long.
    /// Worked: a record of 1 April 2016 lies in the last 12 months up to 31 March 2017, and has left on 1 April 2017.
    pub fn leaves(length: Length) -> DayTable {
        let (earlier, later) = (DayTable::before(length), DayTable::after(length));
        let is_in_table = |day: Day| (FIRST_DAY..=LAST_DAY).contains(&day);
        let before = |day: Day| if is_in_table(day) { earlier.of(day) } else { before(day, length) };
        // Months clamp, so that the day is looked for from the day so long after on; no later day leaves before an earlier one.
        let mut last = FIRST_DAY;
        let leaves = |day: Day| {
            last = last.max(later.of(day));
            while before(last) < day {
                last = last.plus(1);
            }
            last
        };
        DayTable { days: every_day().map(leaves).collect() }
    }

    /// The same table with every entry so many days later.
    pub fn moved(&self, days: i32) -> DayTable {
        DayTable { days: self.days.iter().map(|day| day.plus(days)).collect() }
    }

    /// The entry of a day; the day itself where it lies outside the table.
    pub fn of(&self, day: Day) -> Day {
        let at = usize::try_from(day.0 - FIRST_DAY.0).unwrap_or(usize::MAX);
        self.days.get(at).copied().unwrap_or(day)
    }
}

fn every_day() -> impl Iterator<Item = Day> {
    (FIRST_DAY.0..=LAST_DAY.0).map(Day)
}

/// The months of a length, where it has months and they do not lead out of our calendar.
fn table_months(length: Length) -> Option<i32> {
    const A_THOUSAND_YEARS: i32 = 12_000;
    months_of(length).and_then(|months| i32::try_from(months).ok()).filter(|months| *months <= A_THOUSAND_YEARS)
}

/// The day so many months after every day, or before where there are fewer than none. The days of a month all go to one other month,
/// whose beginning and end are worked out once.
fn every_day_moved(months: i32) -> impl Iterator<Item = Day> {
    (Month::of(FIRST_DAY).0..=Month::of(LAST_DAY).0).map(Month).flat_map(move |month| {
        let to = month.plus(months);
        let (end_before, end) = (to.plus(-1).last_day(), to.last_day());
        let days = month.last_day().0 - month.plus(-1).last_day().0;
        (1..=days).map(move |day| end_before.plus(day).min(end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_limits_are_what_they_say() {
        assert_eq!(Day::from_ymd(1850, 1, 1), Some(FIRST_DAY));
        assert_eq!(Day::from_ymd(2100, 12, 31), Some(LAST_DAY));
        assert_eq!(Day::from_ymd(1849, 12, 31), None);
        assert_eq!(Day::parse(b"2016-02-30"), None);
        assert_eq!(Day::parse(b"2016-2-03"), None);
        assert_eq!(day("2016-04-01"), Day(16_892));
    }

    #[test]
    fn tables_are_what_is_worked_out_day_by_day() {
        let months = [0, 1, 5, 6, 11, 12, 13, 66, 1_200, 12_000, 12_001].map(|number| Length { number, unit: Unit::Months });
        let others = [Length { number: 28, unit: Unit::Days }, Length { number: 3, unit: Unit::Years }];
        for length in months.into_iter().chain(others) {
            let (earlier, later) = (DayTable::before(length), DayTable::after(length));
            for day in every_day() {
                assert_eq!((earlier.of(day), later.of(day)), (before(day, length), after(day, length)), "{day} and {length:?}");
            }
            let leaves = DayTable::leaves(length);
            for day in (FIRST_DAY.0..LAST_DAY.0).step_by(17).map(Day) {
                let left = leaves.of(day);
                assert!(before(left, length) >= day && before(left.plus(-1), length) < day, "{day} leaves {length:?} on {left}");
            }
        }
    }

    #[test]
    fn a_period_moves_by_whole_years() {
        let year = Period { from: day("2016-04-01"), to: day("2017-03-31") };
        assert!(year.is_a_year());
        assert_eq!(year.moved_to(day("2019-03-31")), Period { from: day("2018-04-01"), to: day("2019-03-31") });
        assert_eq!(year.moved_to(day("2019-04-01")).to, day("2020-03-31"));
        assert_eq!(year.moved_to(day("2016-04-01")), year);
        assert_eq!(year.day_of(8, 1), day("2016-08-01"));
        assert_eq!(year.day_of(2, 1), day("2017-02-01"));
        let ends: Vec<String> = year.quarter_ends().iter().map(Day::to_string).collect();
        assert_eq!(ends, ["2016-06-30", "2016-09-30", "2016-12-31", "2017-03-31"]);
        assert_eq!(Period::ending(day("2016-06-30")).from, day("2015-07-01"));
        for (asked, end) in [("2017-04-05", "2017-03-31"), ("2019-06-30", "2019-06-30"), ("2020-01-10", "2019-12-31")] {
            assert_eq!(year.quarter_end_by(day(asked)), day(end));
        }
    }

    #[test]
    fn months_are_compared_without_their_days() {
        assert!(day("2016-05-01").in_a_later_month_than(day("2016-04-30")));
        assert!(!day("2016-04-30").in_a_later_month_than(day("2016-04-01")));
        assert!(!day("2015-12-31").in_a_later_month_than(day("2016-01-01")));
        assert_eq!(day("2016-04-30").long_month(), "April 2016");
    }

    #[test]
    fn months_follow_each_other() {
        let february = Month::of(day("2016-02-29"));
        assert_eq!((february.to_string(), february.last_day()), ("2016-02".to_owned(), day("2016-02-29")));
        assert_eq!((february.plus(-2).to_string(), february.plus(10).last_day()), ("2015-12".to_owned(), day("2016-12-31")));
        assert_eq!(Month::of(day("2017-01-01")), Month::of(day("2016-12-31")).plus(1));
    }

    #[test]
    fn birthdays_and_ages_agree() {
        for (born, age_reached) in [("2000-02-29", 17), ("1990-03-31", 26), ("1999-12-31", 40)] {
            let born = day(born);
            let reached = birthday(born, age_reached);
            assert_eq!(age(born.ymd(), reached.ymd()), age_reached);
            assert_eq!(age(born.ymd(), reached.plus(-1).ymd()), age_reached - 1);
        }
        assert_eq!(birthday(day("2000-02-29"), 17), day("2017-03-01"));
        assert_eq!(birthday(day("2000-02-29"), 20), day("2020-02-29"));
    }
}
