//! Where two witnesses differ about somebody: the smallest person about whom they still do, as an example to paste.

use super::people::{Someone, believed, patients};
use super::witnesses::{Line, Witness};
use dqoh::extract::patient::{Episode, RawRecord};
use dqoh::framework::calendar::Day;
use dqoh::framework::{Amount, Framework, LineNumber, Population, Sex};
use std::collections::BTreeSet;

/// What two witnesses say about one measure of somebody.
pub struct Difference {
    pub someone: Someone,
    pub measure: String,
    pub first: Option<u16>,
    pub second: Option<u16>,
}

/// The first person about whom two witnesses differ, made as small as can be.
pub fn smallest(framework: &Framework, people: &[Someone], witnesses: [Witness<'_>; 2]) -> Option<Difference> {
    let mut found = first_difference(framework, people, witnesses)?;
    loop {
        let simpler = simpler(framework, &found.someone);
        match first_difference(framework, &simpler, witnesses) {
            Some(smaller) => found = smaller,
            None => return Some(found),
        }
    }
}

/// Asks both about all these people at once.
fn first_difference(framework: &Framework, people: &[Someone], witnesses: [Witness<'_>; 2]) -> Option<Difference> {
    let patients = patients(framework, people);
    let [first, second] = witnesses.map(|witness| witness(framework, &patients));
    if first == second {
        return None;
    }
    let [first, second]: [BTreeSet<Line>; 2] = [first, second].map(|lines| lines.into_iter().collect());
    let (measure, number, _) = first.symmetric_difference(&second).min_by_key(|(measure, number, _)| (*number, measure.clone()))?.clone();
    let said = |lines: &BTreeSet<Line>| lines.iter().find(|(of, who, _)| *of == measure && *who == number).map(|(_, _, line)| *line);
    let someone = people[usize::try_from(number).unwrap()].clone();
    Some(Difference { someone, first: said(&first), second: said(&second), measure })
}

/// Every way to make a person a little simpler, the greatest step first. No step can be undone by another.
fn simpler(framework: &Framework, someone: &Someone) -> Vec<Someone> {
    let mut all = Vec::new();
    let count = someone.records.len();
    for size in [count.div_ceil(2), count.div_ceil(4), 1] {
        for from in (0..count).step_by(size.max(1)) {
            let mut fewer = someone.clone();
            fewer.records.drain(from..(from + size).min(count));
            all.push(fewer);
        }
    }
    for at in 0..count {
        for record in simpler_record(framework, &someone.records[at]) {
            let mut plainer = someone.clone();
            plainer.records[at] = record;
            all.push(plainer);
        }
    }
    let mut about = vec![someone.about; 5];
    about[0].left = None;
    about[1].died = None;
    about[2].sex = Some(Sex::Female);
    about[3].registered = long_ago(2000);
    about[4].born = long_ago(1960);
    about[4].born_ymd = about[4].born.ymd();
    let others = about.into_iter().filter(|about| *about != someone.about);
    all.extend(others.map(|about| Someone { about, ..someone.clone() }));
    all
}

fn long_ago(year: i32) -> Day {
    Day::from_ymd(year, 1, 1).unwrap()
}

fn simpler_record(framework: &Framework, record: &RawRecord) -> Vec<RawRecord> {
    let mut all = Vec::new();
    if record.episode != Episode::Untold {
        all.push(RawRecord { episode: Episode::Untold, ..*record });
    }
    if record.group != 0 {
        all.push(RawRecord { group: 0, ..*record });
    }
    if let Some(Amount(amount)) = record.amount {
        all.push(RawRecord { amount: None, ..*record });
        let whole = amount / 1_000_000;
        let lower = [1, whole / 2, whole - 1].into_iter().filter(|lower| (1..whole).contains(lower)).map(|lower| Amount(lower * 1_000_000));
        let believed = lower.filter(|lower| believed(framework, record.code, *lower));
        all.extend(believed.map(|lower| RawRecord { amount: Some(lower), ..*record }));
    }
    // Nearer to the reporting day, at last day by day: what is left lies at an edge.
    let today = framework.reporting_day.0;
    let away = record.day.0 - today;
    let nearer = [0, away / 2, away - away.signum()].into_iter().filter(|nearer| nearer.abs() < away.abs());
    all.extend(nearer.map(|nearer| RawRecord { day: Day(today + nearer), ..*record }));
    all
}

/// The person as an `[[example]]` to paste into the rule file of the measure, and what was said.
/// What the first witness says stands in it; the second says otherwise.
pub fn example(framework: &Framework, difference: &Difference) -> String {
    let Difference { someone, measure, first, second } = difference;
    let about = &someone.about;
    let lines = framework.measures().find(|(id, _)| id == measure).map(|(_, lines)| lines).unwrap();
    let mut text = format!("# for {}, measure {measure}: ", lines.file);
    let said = |line: &Option<u16>| line.map_or("not of the measure".to_owned(), |line| format!("line {line}"));
    text += &format!("the first witness says {}, the second {}\n", said(first), said(second));
    let of = framework.indicators.iter().find(|indicator| indicator.id == *measure).map(|indicator| indicator.of);
    if let (Some(Population::Register(id)), None) = (of, first.and(*second)) {
        text += &format!("# they differ about the register {}\n", framework.register(id).id);
    }
    for (what, day) in [("left", about.left), ("died", about.died)] {
        text += &day.map_or(String::new(), |day| format!("# {what} on {day}, which no example can say\n"));
    }
    text += "[[example]]\nstory      = \"Two witnesses differ\"\n";
    text += &format!("born       = {}\n", about.born);
    text += match about.sex {
        Some(Sex::Female) => "sex        = \"female\"\n",
        Some(Sex::Male) => "sex        = \"male\"\n",
        None => "# neither female nor male, which no example can say\n",
    };
    text += &format!("registered = {}\nat         = {}\n", about.registered, framework.reporting_day);
    text += &format!("view       = \"{}\"\n", framework.view.word());
    if !someone.records.is_empty() {
        let mut rows: Vec<String> = someone.records.iter().map(|record| row(framework, record)).collect();
        rows.sort();
        text += &format!("records    = '''\n{}\n'''\n", rows.join("\n"));
    }
    let number = first.or(*second).unwrap();
    let outcome = lines.line(LineNumber(number)).map_or("", |line| line.outcome.word());
    text + &format!("then       = \"{outcome}\"\nline       = {number}\n")
}

/// `2016-06-10  HBA1C  58  group=a  episode=new`
fn row(framework: &Framework, record: &RawRecord) -> String {
    let sets: Vec<&str> = framework.codes.sets_of(record.code).iter().map(|set| framework.set_name(*set)).collect();
    let mut row = format!("{}  {}", record.day, sets.join("+"));
    row += &record.amount.map_or(String::new(), |amount| format!("  {}", amount.to_decimal()));
    row += match record.group {
        0 => "",
        1 => "  group=a",
        _ => "  group=b",
    };
    row += match record.episode {
        Episode::Untold => "",
        Episode::First => "  episode=first",
        Episode::New => "  episode=new",
        Episode::Review => "  episode=review",
        Episode::Other => "  episode=other",
    };
    row
}
