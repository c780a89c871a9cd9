//! The calendar, counted out: every day from 1850 to 2100 in a row, with its own rule for leap years.
//! Nothing of `framework::calendar` is used but what is compared with it, nor any crate for dates.

use dqoh::framework::calendar::{Day, DayTable, FIRST_DAY, LAST_DAY, Period, after, age, before, birthday};
use dqoh::rules::phrase::{Length, Unit};
use rusqlite::Connection;
use std::collections::HashMap;

/// Year, month, day of the month.
type Date = (i32, u32, u32);

struct Civil {
    dates: Vec<Date>,
    places: HashMap<Date, usize>,
}

impl Civil {
    fn new() -> Civil {
        let mut dates = Vec::new();
        for year in 1850..=2100 {
            for month in 1..=12 {
                dates.extend((1..=days_in(year, month)).map(|day| (year, month, day)));
            }
        }
        let places = dates.iter().enumerate().map(|(at, date)| (*date, at)).collect();
        Civil { dates, places }
    }

    /// As the engine numbers days: 1 January 1970 is 0.
    fn day(&self, date: Date) -> Day {
        Day(i32::try_from(self.places[&date]).unwrap() - i32::try_from(self.places[&(1970, 1, 1)]).unwrap())
    }

    fn date(&self, day: Day) -> Date {
        let at = day.0 + i32::try_from(self.places[&(1970, 1, 1)]).unwrap();
        self.dates[usize::try_from(at).unwrap()]
    }

    /// Day by day away from one day, and of every month met on the way the last day not beyond that day of the month:
    /// what lies 1, 2, 3 … months away.
    fn months_away(&self, from: Date, forwards: bool, months: usize) -> Vec<Date> {
        let start = self.places[&from];
        let mut found: Vec<Date> = Vec::new();
        let mut best: Option<Date> = None;
        let mut month = from.1;
        for step in 1.. {
            let date = self.dates[if forwards { start + step } else { start - step }];
            if date.1 != month {
                month = date.1;
                found.extend(best.take());
                if found.len() == months {
                    return found;
                }
            }
            let started = date.0 != from.0 || date.1 != from.1;
            if started && date.2 <= from.2 {
                best = best.max(Some(date));
            }
        }
        found
    }

    /// The same day of another year; 28 February where that year has no 29th.
    fn years_away(&self, (year, month, day): Date, years: i32) -> Date {
        let there = (year + years, month, day);
        if self.places.contains_key(&there) { there } else { (year + years, 2, 28) }
    }
}

fn leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn length(number: usize, unit: Unit) -> Length {
    Length { number: i32::try_from(number).unwrap(), unit }
}

/// Four years from 1 April 2014: every day of the year, with and without a 29 February.
fn starts(civil: &Civil) -> Vec<Date> {
    let first = civil.places[&(2014, 4, 1)];
    civil.dates[first..first + 1461].to_vec()
}

const LENGTHS: usize = 66;

#[test]
fn every_day_has_its_number() {
    let civil = Civil::new();
    assert_eq!(civil.dates.len(), usize::try_from(LAST_DAY.0 - FIRST_DAY.0 + 1).unwrap());
    for (number, date) in (FIRST_DAY.0..).zip(&civil.dates) {
        let (year, month, day) = *date;
        let made = Day::from_ymd(year, month, day);
        assert_eq!(made, Some(Day(number)));
        assert_eq!(Day(number).ymd(), year * 10_000 + i32::try_from(month * 100 + day).unwrap());
        let written = format!("{year:04}-{month:02}-{day:02}");
        assert_eq!(Day::parse(written.as_bytes()), made);
        assert_eq!(Day(number).to_string(), written);
    }
}

/// 1,461 days, and up to 66 days, months and years before and after each; tables of days say the same.
#[test]
fn lengths_of_time_come_out_as_counted_day_by_day() {
    let civil = Civil::new();
    let starts = starts(&civil);
    let mut backwards: Vec<Vec<Day>> = vec![Vec::new(); LENGTHS];
    let mut forwards: Vec<Vec<Day>> = vec![Vec::new(); LENGTHS];
    for start in &starts {
        let from = civil.day(*start);
        for (number, date) in (1..).zip(civil.months_away(*start, false, LENGTHS)) {
            assert_eq!(before(from, length(number, Unit::Months)), civil.day(date), "{number} months before {from}");
            backwards[number - 1].push(civil.day(date));
        }
        for (number, date) in (1..).zip(civil.months_away(*start, true, LENGTHS)) {
            assert_eq!(after(from, length(number, Unit::Months)), civil.day(date), "{number} months after {from}");
            forwards[number - 1].push(civil.day(date));
        }
        for number in 1..=LENGTHS {
            let years = i32::try_from(number).unwrap();
            let days = civil.places[start];
            assert_eq!(before(from, length(number, Unit::Days)), civil.day(civil.dates[days - number]), "{number} days before {from}");
            assert_eq!(after(from, length(number, Unit::Days)), civil.day(civil.dates[days + number]), "{number} days after {from}");
            let there = civil.day(civil.years_away(*start, -years));
            assert_eq!(before(from, length(number, Unit::Years)), there, "{number} years before {from}");
            let there = civil.day(civil.years_away(*start, years));
            assert_eq!(after(from, length(number, Unit::Years)), there, "{number} years after {from}");
        }
    }
    for number in [1, 2, 11, 66] {
        let tables = [DayTable::before(length(number, Unit::Months)), DayTable::after(length(number, Unit::Months))];
        for (table, expected) in tables.iter().zip([&backwards[number - 1], &forwards[number - 1]]) {
            assert_eq!(expected.len(), starts.len());
            for (start, there) in starts.iter().zip(expected) {
                assert_eq!(table.of(civil.day(*start)), *there, "{number} months from {start:?}");
            }
        }
    }
}

/// SQLite clamps months to the end of the month where it is asked to.
#[test]
fn months_come_out_as_sqlite_says() {
    let civil = Civil::new();
    let connection = Connection::open_in_memory().unwrap();
    let mut query = connection
        .prepare(
            "WITH RECURSIVE days(day) AS (SELECT '2014-04-01' UNION ALL SELECT date(day, '+1 day') FROM days LIMIT 1461),
  lengths(months) AS (SELECT -66 UNION ALL SELECT months + 1 FROM lengths LIMIT 133)
SELECT day, months, unixepoch(day, months || ' months', 'floor') / 86400 FROM days, lengths",
        )
        .unwrap();
    let mut rows = query.query([]).unwrap();
    let mut compared = 0;
    while let Some(row) = rows.next().unwrap() {
        let (written, months, there): (String, i32, i32) = (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        let day = Day::parse(written.as_bytes()).unwrap();
        let length = Length { number: months.abs(), unit: Unit::Months };
        let ours = if months < 0 { before(day, length) } else { after(day, length) };
        assert_eq!(ours, Day(there), "{months} months from {written}: {:?}", civil.date(Day(there)));
        compared += 1;
    }
    assert_eq!(compared, 1461 * 133);
}

/// Ages are counted up, one each time a birthday comes by.
#[test]
fn ages_come_out_as_birthdays_are_counted() {
    let civil = Civil::new();
    let births = [(2000, 2, 29), (1960, 2, 29), (1904, 2, 29), (1999, 2, 28), (2001, 3, 1), (1971, 4, 1), (1950, 12, 31), (1900, 1, 1)];
    for born in births {
        let start = civil.places[&born];
        let mut years = 0;
        let birth = civil.day(born);
        for date in civil.dates[start..].iter().copied() {
            let (year, month, day) = date;
            // 29 February comes by on 1 March in other years.
            let own = if born.1 == 2 && born.2 == 29 && !leap(year) { (3, 1) } else { (born.1, born.2) };
            if date != born && (month, day) == own {
                years += 1;
                assert_eq!(birthday(birth, years), civil.day(date), "born {born:?}, {years}");
            }
            let today = i32::try_from(month * 100 + day).unwrap() + year * 10_000;
            assert_eq!(age(birth.ymd(), today), years, "born {born:?}, on {date:?}");
        }
        assert!(years >= 99, "{born:?}");
    }
}

/// A period that holds a day, its quarters, its days of the year: looked for day by day.
#[test]
fn periods_come_out_as_counted_day_by_day() {
    let civil = Civil::new();
    for start in starts(&civil) {
        let day = civil.day(start);
        let at = civil.places[&start];

        let year_before = civil.places[&civil.years_away(start, -1)];
        let ending = Period::ending(day);
        assert_eq!(ending, Period { from: civil.day(civil.dates[year_before + 1]), to: day });

        let (month, of_month) = [(4, 1), (1, 1), (9, 30)][at % 3];
        let first = (0..).map(|back| civil.dates[at - back]).find(|date| (date.1, date.2) == (month, of_month)).unwrap();
        let place = civil.places[&first];
        let next = (1..).map(|on| place + on).find(|on| (civil.dates[*on].1, civil.dates[*on].2) == (month, of_month)).unwrap();
        let written = Period { from: civil.day((2009, month, of_month)), to: civil.day((2010, month, of_month)).plus(-1) };
        let moved = written.moved_to(day);
        assert_eq!(moved, Period { from: civil.day(first), to: civil.day(civil.dates[next - 1]) }, "{day}");
        assert!(moved.is_a_year() && (moved.from..=moved.to).contains(&day));

        // The day of that name which lies in it; every year has it.
        let named = [(8, 1), (2, 28), (4, 1), (3, 31)][at % 4];
        let inside = (place..next).map(|on| civil.dates[on]).find(|date| (date.1, date.2) == named).unwrap();
        assert_eq!(moved.day_of(named.0, named.1), civil.day(inside), "{named:?} in {moved:?}");
        let quarters = civil.months_away(first, true, 12);
        let ends = [2, 5, 8, 11].map(|months: usize| civil.day(quarters[months]).plus(-1));
        assert_eq!(moved.quarter_ends(), ends, "{moved:?}");
    }
}
