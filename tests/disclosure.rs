//! What is hidden cannot be worked out. An auditor who knows everything that is shown, and how it is chosen what small counts look like,
//! looks for tables that agree with it; of every hidden count at least four consecutive values must be in one.
//! A worked table is a file in tests/disclosure: its rows, and what must be shown of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use dqoh::disclosure::{Audience, Cell, Disclosed, Percentage, PracticeCounts, Shown, Table, areas};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

// ---- Tables, and the same once more for the auditor ----

/// A table, and what the auditor is told of it: which counts are printed and what adds up.
#[derive(Default)]
struct Made {
    table: Table,
    people: Vec<u64>,
    printed: Vec<bool>,
    cells: Vec<Cell>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Made {
    fn count(&mut self, people: u64) -> usize {
        self.cells.push(self.table.count(people));
        self.people.push(people);
        self.printed.push(true);
        self.people.len() - 1
    }

    fn of(&self, at: &[usize]) -> Vec<Cell> {
        at.iter().map(|at| self.cells[*at]).collect()
    }

    fn rest(&mut self, total: usize, parts: &[usize]) -> usize {
        let rest = self.table.rest(self.cells[total], &self.of(parts)).unwrap();
        self.cells.push(rest);
        self.people.push(self.people[total] - parts.iter().map(|part| self.people[*part]).sum::<u64>());
        self.printed.push(false);
        let rest = self.people.len() - 1;
        self.sums.push((total, [parts, &[rest]].concat()));
        rest
    }

    fn total(&mut self, parts: &[usize]) -> usize {
        let total = self.count(parts.iter().map(|part| self.people[*part]).sum());
        self.adds_up(total, parts);
        total
    }

    fn adds_up(&mut self, total: usize, parts: &[usize]) {
        self.table.adds_up(self.cells[total], &self.of(parts)).unwrap();
        self.sums.push((total, parts.to_vec()));
    }

    /// Numerator, denominator, and who is left.
    fn area(&mut self, achieved: u64, others: u64) -> [usize; 3] {
        let (achieved, of) = (self.count(achieved), self.count(achieved + others));
        [achieved, of, self.rest(of, &[achieved])]
    }

    /// Columns of several areas together.
    fn together(&mut self, parts: &[[usize; 3]]) -> [usize; 3] {
        let column = |column: usize| parts.iter().map(|part| part[column]).collect::<Vec<_>>();
        let (achieved, of) = (self.total(&column(0)), self.total(&column(1)));
        let rest = self.rest(of, &[achieved]);
        self.adds_up(rest, &column(2));
        [achieved, of, rest]
    }
}

/// Practices of localities, all together.
fn hierarchy(localities: &[Vec<(u64, u64)>]) -> Made {
    let mut made = Made::default();
    let mut all = Vec::new();
    for practices in localities {
        let cells: Vec<[usize; 3]> = practices.iter().map(|(achieved, others)| made.area(*achieved, *others)).collect();
        all.push(made.together(&cells));
    }
    made.together(&all);
    made
}

/// Practices by sex: every cell stands in two sums more.
fn strata(practices: &[[(u64, u64); 2]]) -> Made {
    let mut made = Made::default();
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for sexes in practices {
        let parts: Vec<[usize; 3]> = sexes.iter().map(|(achieved, others)| made.area(*achieved, *others)).collect();
        let both = made.together(&parts);
        for (column, cells) in columns.iter_mut().zip(parts.iter().chain([&both])) {
            column.push(*cells);
        }
    }
    let sums: Vec<[usize; 3]> = columns.iter().map(|cells| made.together(cells)).collect();
    for (both, (one, other)) in sums[2].iter().zip(sums[0].iter().zip(&sums[1])) {
        made.adds_up(*both, &[*one, *other]);
    }
    made
}

/// Any table of rows and columns with the totals of both: conditions by age, say.
fn grid(rows: &[Vec<u64>]) -> Made {
    let mut made = Made::default();
    let cells: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().map(|people| made.count(*people)).collect()).collect();
    let totals: Vec<usize> = cells.iter().map(|row| made.total(row)).collect();
    let columns = cells.iter().map(Vec::len).min().unwrap_or(0);
    let sums: Vec<usize> = (0..columns).map(|at| made.total(&cells.iter().map(|row| row[at]).collect::<Vec<_>>())).collect();
    let all = made.total(&totals);
    made.adds_up(all, &sums);
    made
}

/// Last quarter and this one of counts that only grow, for practices and all together.
fn quarters(practices: &[(u64, u64)]) -> Made {
    let mut made = Made::default();
    let (mut before, mut now, mut grown) = (Vec::new(), Vec::new(), Vec::new());
    for (was, more) in practices {
        let (last, this) = (made.count(*was), made.count(was + more));
        grown.push(made.rest(this, &[last]));
        before.push(last);
        now.push(this);
    }
    let (last, this) = (made.total(&before), made.total(&now));
    let more = made.rest(this, &[last]);
    made.adds_up(more, &grown);
    made
}

// ---- The auditor ----

const CAP: i64 = 100_000;

/// What is known of every count.
fn known(made: &Made, shown: &Disclosed, audience: Audience) -> Vec<(i64, i64)> {
    let marks: Vec<Shown> = made.cells.iter().map(|cell| shown.count(*cell)).collect();
    let all_alike = marks.iter().all(|mark| *mark == Shown::Hidden);
    let of = |(at, mark): (usize, &Shown)| match mark {
        _ if !made.printed[at] => (0, CAP),
        Shown::Exactly(people) => (*people as i64, *people as i64),
        Shown::Rounded(people) => ((*people as i64 - 2).max(8), *people as i64 + 2),
        Shown::FewerThan(people) => (0, *people as i64 - 1),
        // The others would be "fewer than 5".
        Shown::Hidden if audience == Audience::Sharing && !all_alike => (5, CAP),
        Shown::Hidden => (0, CAP),
    };
    marks.iter().enumerate().map(of).collect()
}

/// Narrows what is known by what adds up; false where nothing is left.
fn conclude(sums: &[(usize, Vec<usize>)], known: &mut [(i64, i64)]) -> bool {
    loop {
        let before = known.to_vec();
        for (total, parts) in sums {
            let (least, most) = parts.iter().fold((0, 0), |sum, part| (sum.0 + known[*part].0, sum.1 + known[*part].1));
            known[*total] = (known[*total].0.max(least), known[*total].1.min(most));
            for part in parts {
                let (from, to) = known[*part];
                known[*part] = (from.max(known[*total].0 - (most - to)), to.min(known[*total].1 - (least - from)));
            }
        }
        if known.iter().any(|(from, to)| from > to) {
            return false;
        }
        if before == known {
            return true;
        }
    }
}

/// Whether any table agrees: tries the values of the count of which least is open, one after the other.
fn is_possible(sums: &[(usize, Vec<usize>)], mut known: Vec<(i64, i64)>, tries: &mut usize) -> bool {
    *tries += 1;
    assert!(*tries < 100_000, "the auditor gives up");
    if !conclude(sums, &mut known) {
        return false;
    }
    let open = (0..known.len()).filter(|at| known[*at].0 < known[*at].1).min_by_key(|at| known[*at].1 - known[*at].0);
    let Some(at) = open else { return true };
    (known[at].0..=known[at].1).any(|value| {
        let mut next = known.clone();
        next[at] = (value, value);
        is_possible(sums, next, tries)
    })
}

/// How many consecutive values around the true one agree with everything that is shown, counted up to four.
fn open(made: &Made, known: &[(i64, i64)], at: usize) -> usize {
    let truth = made.people[at] as i64;
    let possible = |value: &i64| {
        let mut next = known.to_vec();
        let (from, to) = next[at];
        next[at] = (*value, *value);
        (from..=to).contains(value) && is_possible(&made.sums, next, &mut 0)
    };
    assert!(possible(&truth), "the true table does not agree with what is shown of it");
    let up = (truth + 1..truth + 4).take_while(possible).count();
    1 + up + (1..4 - up as i64).map(|less| truth - less).take_while(possible).count()
}

fn is_small(people: u64, audience: Audience) -> bool {
    match audience {
        Audience::Internal => false,
        Audience::Sharing => people < 5,
        Audience::Publish => (1..8).contains(&people),
    }
}

/// Everything that must hold of a table, for every audience.
fn audit(made: &Made) {
    let internal = made.table.for_audience(Audience::Internal);
    for audience in [Audience::Sharing, Audience::Publish] {
        let shown = made.table.for_audience(audience);
        let known = known(made, &shown, audience);
        for (at, people) in made.people.iter().enumerate() {
            let (mark, small) = (shown.count(made.cells[at]), is_small(*people, audience));
            let hidden = mark.number().is_none();
            assert!(!small || hidden, "{audience:?}: {people} is shown as {mark}");
            if small || (hidden && made.printed[at]) {
                let open = open(made, &known, at);
                assert!(open >= 4, "{audience:?}: {people} is hidden as {mark}, and only {open} values are possible\n{:?}", made.people);
            }
            if made.printed[at] {
                assert_eq!(internal.count(made.cells[at]), Shown::Exactly(*people));
            }
        }
        let nothing_small = made.people.iter().all(|people| *people >= 20);
        let all_shown = (0..made.people.len()).all(|at| !made.printed[at] || shown.count(made.cells[at]).number().is_some());
        assert!(!nothing_small || all_shown, "{audience:?}: something is hidden and nothing is small\n{:?}", made.people);
    }
}

fn people() -> impl Strategy<Value = (u64, u64)> {
    let one = prop_oneof![3 => 0_u64..10, 2 => 5_u64..40, 1 => 20_u64..120];
    (one.clone(), one)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn practices_and_localities(localities in prop::collection::vec(prop::collection::vec(people(), 1..5), 1..4)) {
        audit(&hierarchy(&localities));
    }

    #[test]
    fn practices_by_sex(practices in prop::collection::vec((people(), people()).prop_map(|(a, b)| [a, b]), 1..4)) {
        audit(&strata(&practices));
    }

    #[test]
    fn rows_and_columns(rows in (2_usize..6).prop_flat_map(|columns| {
        let one = prop_oneof![2 => 1_u64..6, 3 => 5_u64..40];
        prop::collection::vec(prop::collection::vec(one, columns), 2..6)
    })) {
        audit(&grid(&rows));
    }

    #[test]
    fn two_quarters(practices in prop::collection::vec(people(), 1..6)) {
        audit(&quarters(&practices));
    }
}

/// A whole area: 45 practices of five localities, most of them high achievers of small registers.
#[test]
fn a_whole_area() {
    let practice = |at: u64| (20 + at * 37 % 150, (at * 13 % 29) * (at % 3));
    let localities: Vec<Vec<(u64, u64)>> = (0..5).map(|locality| (0..9).map(|at| practice(locality * 9 + at)).collect()).collect();
    let made = hierarchy(&localities);
    audit(&made);
    for audience in [Audience::Sharing, Audience::Publish] {
        let shown = made.table.for_audience(audience);
        let printed = (0..made.people.len()).filter(|at| made.printed[*at]);
        let hidden = printed.clone().filter(|at| shown.count(made.cells[*at]).number().is_none()).count();
        assert!(hidden * 2 < printed.count(), "{audience:?} hides {hidden} counts: of little use to anybody");
    }
}

/// All practices of a country in one table, half of them with a small count: to look at all of them for each that is hidden would take hours.
/// Here the auditor only bounds the counts: no hidden one to fewer than four values.
#[test]
fn thousands_of_practices() {
    let mut made = Made::default();
    let practice = |at: u64| (3 + at * 37 % 61, if at.is_multiple_of(3) { 0 } else { at * 13 % 11 });
    let cells: Vec<[usize; 3]> = (0..7000).map(practice).map(|(achieved, others)| made.area(achieved, others)).collect();
    made.together(&cells);
    for audience in [Audience::Sharing, Audience::Publish] {
        let shown = made.table.for_audience(audience);
        let mut known = known(&made, &shown, audience);
        assert!(conclude(&made.sums, &mut known));
        let mut hidden = 0;
        for (at, people) in made.people.iter().enumerate() {
            let (small, mark) = (is_small(*people, audience), shown.count(made.cells[at]));
            assert!(!small || mark.number().is_none(), "{audience:?}: {people} is shown as {mark}");
            if small || (made.printed[at] && mark.number().is_none()) {
                let (from, to) = known[at];
                assert!(to - from >= 3, "{audience:?}: {people} is hidden as {mark}, and lies from {from} to {to}");
                hidden += usize::from(made.printed[at]);
            }
        }
        assert!((500..8000).contains(&hidden), "{audience:?} hides {hidden} counts");
    }
}

#[test]
fn what_does_not_add_up_is_refused() {
    let mut table = Table::default();
    let (two, three) = (table.count(2), table.count(3));
    assert!(table.rest(two, &[three]).is_err());
    assert!(table.adds_up(three, &[two]).is_err());
    let error = table.adds_up(three, &[two]).unwrap_err();
    assert!(!error.to_string().contains(|c: char| c.is_ascii_digit()), "a message tells a count: {error}");
    let most = table.count(u64::MAX);
    assert!(table.adds_up(most, &[most, two]).is_err());
}

// ---- Worked tables ----

fn percentage(shown: Option<Percentage>) -> String {
    match shown {
        None => "*".to_owned(),
        Some(Percentage::Tenths(tenths)) => format!("{}.{}", tenths / 10, tenths % 10),
        Some(Percentage::Whole(whole)) => whole.to_string(),
    }
}

/// Columns: area, locality, achieved, of, and for each audience what is shown of both and of the percentage.
/// An area without a locality that is no practice's is the whole, a locality's name as area is that locality.
#[test]
fn worked_tables() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/disclosure");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&file).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let names: Vec<&str> = rows.iter().map(|row| &row[1]).filter(|name| !name.is_empty()).collect();
        let number = |name: &str| names.iter().position(|other| *other == name);
        let is_practice = |row: &&csv::StringRecord| number(&row[0]).is_none() && &row[0] != "whole";
        let practices: Vec<&csv::StringRecord> = rows.iter().filter(is_practice).collect();
        let counts = |row: &&csv::StringRecord| PracticeCounts {
            locality: number(&row[1]),
            achieved: row[2].parse().unwrap(),
            of: row[3].parse().unwrap(),
        };
        let counts: Vec<PracticeCounts> = practices.iter().map(counts).collect();
        let mut table = Table::default();
        let areas = areas(&mut table, &counts).unwrap();
        let mut cells: BTreeMap<&str, _> = practices.iter().map(|row| &row[0]).zip(areas.practices).collect();
        cells.extend(names.iter().map(|name| (*name, areas.localities[&number(name).unwrap()])));
        cells.insert("whole", areas.whole);
        let shown = [Audience::Internal, Audience::Sharing, Audience::Publish].map(|audience| table.for_audience(audience));
        for row in &rows {
            let cells = cells[&row[0]];
            let of = |shown: &Disclosed| {
                [
                    shown.count(cells.achieved).to_string(),
                    shown.count(cells.of).to_string(),
                    percentage(shown.percentage(cells.achieved, cells.of)),
                ]
            };
            let is: Vec<String> = shown.iter().flat_map(of).collect();
            let should: Vec<&str> = row.iter().skip(4).collect();
            if is != should {
                panic!("{}: {} is shown as {}", file.display(), &row[0], is.join(","));
            }
        }
    }
}
