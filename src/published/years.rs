//! The day that published counts are of: a year such as `1617` or `2016-17` is that which ends on 31 March; searches write days in several ways.

use crate::framework::calendar::Day;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The last day of the year that the Quality and Outcomes Framework calls so. Worked: `1617`, `2016-17`, `2016/17` and `201617` are 31 March 2017.
pub(super) fn year(text: &str) -> Option<Day> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'_')) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let short = match digits.len() {
        4 => digits.as_str(),
        6 => digits.strip_prefix("20")?,
        8 => return year(&format!("{}{}", digits.get(2..4)?, digits.get(6..8)?)),
        _ => return None,
    };
    let (from, to) = (short.get(..2)?.parse::<i32>().ok()?, short.get(2..)?.parse::<i32>().ok()?);
    if (from + 1) % 100 == to { Day::from_ymd(2000 + to, 3, 31) } else { None }
}

/// The year that a file's name tells, or else the folder that it is in.
pub(super) fn in_name(path: &str) -> Option<Day> {
    path.rsplit(['/', '\\']).find_map(|part| {
        let runs = part.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '_')).map(|run| run.trim_matches(['-', '_']));
        // `QOF_2122_V2` has its year between marks, `2016-17` one within.
        runs.flat_map(|run| std::iter::once(run).chain(run.split('_')).chain(run.split('-'))).find_map(year)
    })
}

/// A day as searches write it: `31-Mar-2017`, `31/03/2017` or `2017-03-31`, perhaps with a time after it.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.split_whitespace().next()?;
    if let Some(day) = Day::parse(text.as_bytes()) {
        return Some(day);
    }
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let word = month.get(..3).map(str::to_lowercase);
    let by_word = MONTHS.iter().position(|name| word.as_deref() == Some(*name)).and_then(|at| u32::try_from(at + 1).ok());
    let month = by_word.or_else(|| month.parse().ok())?;
    Day::from_ymd(year.parse().ok().filter(|_| year.len() == 4)?, month, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_written_in_several_ways() {
        let march = Day::from_ymd(2017, 3, 31);
        for text in ["1617", "2016-17", "2016/17", "201617", "2016-2017"] {
            assert_eq!(year(text), march, "{text}");
        }
        assert_eq!(year("1619"), None);
        assert_eq!(year("16-1-7a"), None);
        for path in ["PREVALENCE_1617.csv", "qof-1617-csv/PREVALENCE.csv", "QOF_1617_v2/a.csv", "QOF 2016-17 Raw data .csv files/A.csv"] {
            assert_eq!(in_name(path), march, "{path}");
        }
        assert_eq!(in_name("PREVALENCE.csv"), None);
    }

    #[test]
    fn days_are_written_in_several_ways() {
        let march = Day::from_ymd(2017, 3, 31);
        for text in ["31-Mar-2017", "31-MAR-2017 00:00", "31/03/2017", "2017-03-31", "31-March-2017"] {
            assert_eq!(day(text), march, "{text}");
        }
        for text in ["31-Mar-17", "31st March", "", "2017"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
