//! How days are written in the files of an extract. Never guessed: 03/04/2017 is two days.

use crate::framework::calendar::Day;

/// How days are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// `2017-04-03`
    #[default]
    YearFirst,
    /// `03/04/2017`, the day first. Only where `extract.toml` says so.
    DayFirst,
}

impl Dates {
    /// From `dates` of `extract.toml`.
    pub fn from_word(word: &str) -> Option<Dates> {
        match word {
            "yyyy-MM-dd" => Some(Dates::YearFirst),
            "dd/MM/yyyy" => Some(Dates::DayFirst),
            _ => None,
        }
    }

    /// A day as it is written so.
    #[cfg(feature = "parquet")]
    pub fn written(self, day: Day) -> String {
        match self {
            Dates::YearFirst => day.to_string(),
            Dates::DayFirst => {
                let ymd = day.ymd();
                format!("{:02}/{:02}/{:04}", ymd % 100, ymd / 100 % 100, ymd / 10_000)
            }
        }
    }

    /// The day of a cell, if it is one.
    pub fn day(self, cell: &[u8]) -> Option<Day> {
        match (self, cell) {
            (Dates::YearFirst, _) => Day::parse(cell),
            (Dates::DayFirst, [d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4]) => {
                Day::parse(&[*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', *d1, *d2])
            }
            (Dates::DayFirst, _) => None,
        }
    }

    /// A day, or the first of a month and that it was a month.
    pub fn birth(self, cell: &[u8]) -> Option<(Day, bool)> {
        match (self, cell) {
            (Dates::YearFirst, [y1, y2, y3, y4, b'-', m1, m2]) | (Dates::DayFirst, [m1, m2, b'/', y1, y2, y3, y4]) => {
                let first = [*y1, *y2, *y3, *y4, b'-', *m1, *m2, b'-', b'0', b'1'];
                Some((Day::parse(&first)?, true))
            }
            _ => Some((self.day(cell)?, false)),
        }
    }
}
