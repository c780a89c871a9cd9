//! `worth.csv`: what more achieved people are worth, one row a practice, indicator and reporting day. `worth-indicators.csv`: the same of
//! all practices. And both as tables on the terminal. Indicative: not the payer's calculation.

use super::results::STATUS;
use super::terminal::thousands;
use super::{csv_of, harmless, moved};
use crate::achievement::{Achievement, Money};
use crate::dictionary::{Column, INTERVAL_END, LOCALITY, MEASURE, PERIOD_MOVED, PRACTICE_CODE, PRACTICE_NAME, Sheet};
use crate::framework::{Framework, Indicator};
use crate::practice::Practice;
use crate::recall::{ByAppointments, CanBeCompleted};
use crate::worth::{Step, Worth, WorthOfAll};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};
use rust_decimal::Decimal;

/// Everything that is told of what people are worth.
#[derive(Clone, Copy, Debug)]
pub struct Worths<'a> {
    /// One a reporting day.
    pub frameworks: &'a [Framework],
    /// By code.
    pub practices: &'a [Practice],
    /// By practice, indicator and day.
    pub worth: &'a [Worth],
    /// By indicator and day.
    pub of_all: &'a [WorthOfAll],
    /// The payments if more people achieved on the last reporting day; nothing where that was not asked.
    pub then: Option<&'a Achievement>,
    /// With how many people indicators can still be completed, on the last reporting day; nothing where no lists of people were named.
    pub can_be_completed: Option<&'a CanBeCompleted>,
}

/// The columns of `worth.csv`.
pub(super) static WORTH: Sheet = Sheet {
    name: "worth.csv",
    title: "What more achieved people are worth; indicative",
    written_by: "dqoh worth --out",
    columns: &[
        PRACTICE_CODE,
        PRACTICE_NAME,
        LOCALITY,
        INDICATOR,
        TITLE,
        INTERVAL_END,
        Column::people("numerator", "People who achieved"),
        Column::people("denominator", "Achieved and not achieved"),
        Column::people("not_achieved", "People who are counted and did not achieve"),
        Column::number("points", "points", "Points earned"),
        Column::number("max_points", "points", "Points that could be earned"),
        Column::number("payment", "pounds", "Indicative"),
        Column::people(
            "next_people",
            "More people for one more point, or for what is left of one; 0 where all are earned, empty where nobody is counted",
        )
        .or_empty(),
        Column::number("next_points", "points", "The points that they bring").or_empty(),
        Column::number("next_payment", "pounds", "The pounds that they bring").or_empty(),
        UPPER_THRESHOLD,
        Column::people("upper_people", "More people to reach it; 0 where it is reached, empty where nobody is counted").or_empty(),
        Column::number("upper_points", "points", "The points that they bring").or_empty(),
        Column::number("upper_payment", "pounds", "The pounds that they bring").or_empty(),
        Column::number("payment_a_person", "pounds", "For each of them, on average").or_empty(),
        Column::people("if_numerator", "People who achieve under --if; empty where nothing was asked of this day").or_empty(),
        Column::number("if_points", "points", "Points under --if").or_empty(),
        Column::number("if_payment", "pounds", "Pounds under --if").or_empty(),
        STATUS,
        PERIOD_MOVED,
        Column::people(
            "can_be_completed",
            "People with whom the indicator can still be completed by the end of the period, as --people has them; empty without it",
        )
        .or_empty(),
        Column::count(
            "next_appointments",
            "appointments",
            "For next_people, those first who need the fewest; empty where they are too few, or some need three or more",
        )
        .or_empty(),
        Column::count("upper_appointments", "appointments", "For upper_people, in the same way").or_empty(),
    ],
    key: &["practice_code", "measure", "interval_end"],
};

const INDICATOR: Column = MEASURE.saying("The indicator");
const TITLE: Column = Column::text("title", "Its title");
const UPPER_THRESHOLD: Column = Column::number("upper_threshold", "per cent", "The threshold at which all points are earned");

/// The columns of `worth-indicators.csv`.
pub(super) static OF_ALL: Sheet = Sheet {
    name: "worth-indicators.csv",
    title: "What more achieved people are worth at all practices; indicative",
    written_by: "dqoh worth --out",
    columns: &[
        INDICATOR,
        TITLE,
        INTERVAL_END,
        Column::count("practices", "practices", "Practices that count somebody"),
        Column::count("practices_below", "practices", "Practices below the upper threshold"),
        UPPER_THRESHOLD.or_empty(),
        Column::people("upper_people", "More people for all practices to reach it"),
        Column::number("upper_points", "points", "The points that they bring"),
        Column::number("upper_payment", "pounds", "The pounds that they bring"),
        Column::count("practices_half_people", "practices", "So few practices hold half of these people").or_empty(),
        Column::people("half_people", "How many people these hold").or_empty(),
        Column::number("payment_a_person", "pounds", "For each of the people, on average").or_empty(),
        PERIOD_MOVED,
        Column::people("can_be_completed", "With whom it can still be completed, at all practices of --people; empty without it")
            .or_empty(),
        Column::count("upper_appointments", "appointments", "For upper_people, each practice for its own; empty where one of them cannot")
            .or_empty(),
    ],
    key: &["measure", "interval_end"],
};

/// Both files.
pub fn files_of_worth(told: &Worths<'_>) -> [(&'static str, Vec<u8>); 2] {
    let mut rows: Vec<Vec<String>> = told.worth.iter().filter_map(|worth| cells(told, worth)).collect();
    rows.sort_by(|one, other| key(one).cmp(&key(other)));
    let of_all = told.of_all.iter().filter_map(|worth| cells_of_all(told, worth));
    [(WORTH.name, csv_of(&WORTH.names(), rows)), (OF_ALL.name, csv_of(&OF_ALL.names(), of_all))]
}

fn key(row: &[String]) -> [Option<&String>; 3] {
    [0, 5, 3].map(|column| row.get(column))
}

fn indicator(frameworks: &[Framework], day: usize, at: usize) -> Option<(&Framework, &Indicator)> {
    let framework = frameworks.get(day)?;
    Some((framework, framework.indicators.get(at)?))
}

fn cells(told: &Worths<'_>, worth: &Worth) -> Option<Vec<String>> {
    let (framework, indicator) = indicator(told.frameworks, worth.day, worth.indicator)?;
    let practice = told.practices.get(worth.practice)?;
    let then = then(told, worth);
    let mut cells = vec![
        practice.code.clone(),
        harmless(&practice.name),
        harmless(&practice.locality),
        indicator.id.clone(),
        indicator.title.clone(),
        framework.reporting_day.to_string(),
        worth.numerator.to_string(),
        worth.denominator.to_string(),
        worth.not_achieved().to_string(),
        two(worth.money.points),
        worth.money.max_points.normalize().to_string(),
        two(worth.money.pounds),
    ];
    cells.extend(step_cells(worth.next, worth.denominator));
    cells.push(worth.pays.to.normalize().to_string());
    cells.extend(step_cells(worth.upper, worth.denominator));
    cells.push(worth.pounds_a_person().map(two).unwrap_or_default());
    cells.push(then.map(|(numerator, _)| numerator.to_string()).unwrap_or_default());
    cells.push(then.map(|(_, money)| two(money.points)).unwrap_or_default());
    cells.push(then.map(|(_, money)| two(money.pounds)).unwrap_or_default());
    cells.extend([worth.status.to_owned(), moved(framework)]);
    cells.extend(appointment_cells(told, worth));
    Some(cells)
}

fn appointment_cells(told: &Worths<'_>, worth: &Worth) -> [String; 3] {
    let Some(people) = can_be_completed(told, worth) else { return [const { String::new() }; 3] };
    let step = |step: Option<Step>| whole_or_nothing(people.for_people(step.map_or(0, |step| step.people)));
    [people.people().to_string(), step(worth.next), step(worth.upper)]
}

fn whole_or_nothing(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// The people of a practice and indicator with whom it can still be completed, which is told of the last reporting day.
fn can_be_completed(told: &Worths<'_>, worth: &Worth) -> Option<ByAppointments> {
    let (_, indicator) = indicator(told.frameworks, worth.day, worth.indicator)?;
    let practice = told.practices.get(worth.practice)?;
    told.can_be_completed.filter(|_| worth.day + 1 == told.frameworks.len())?.of(&practice.code, &indicator.id)
}

/// The same of all practices: people, and appointments to the upper threshold of each.
fn can_be_completed_of_all(told: &Worths<'_>, of_all: &WorthOfAll) -> (Option<u64>, Option<u64>) {
    let mine = told.worth.iter().filter(|worth| worth.day == of_all.day && worth.indicator == of_all.indicator && worth.denominator > 0);
    let each = mine.map(|worth| (can_be_completed(told, worth), worth.upper.map_or(0, |step| step.people)));
    let each: Vec<(Option<ByAppointments>, u64)> = each.collect();
    let people = each.iter().map(|(people, _)| Some((*people)?.people())).sum();
    (people, each.iter().map(|(people, missing)| (*people)?.for_people(*missing)).sum())
}

/// Empty where nobody is counted, since no number of people is enough.
fn step_cells(step: Option<Step>, denominator: u64) -> [String; 3] {
    if denominator == 0 {
        return [const { String::new() }; 3];
    }
    let step = step.unwrap_or_default();
    [step.people.to_string(), two(step.points), two(step.pounds)]
}

/// Achieved and money of a practice and indicator under `--if`, which is about the last reporting day.
fn then(told: &Worths<'_>, worth: &Worth) -> Option<(u64, Money)> {
    let then = told.then.filter(|_| worth.day + 1 == told.frameworks.len())?;
    let (_, indicator) = indicator(told.frameworks, worth.day, worth.indicator)?;
    let area = crate::achievement::Area::Practice(worth.practice);
    let mut rows = then.rows.iter().filter(|row| row.day == worth.day && row.stratum == 0 && row.area == area);
    let row = rows.find(|row| row.measure == indicator.id)?;
    Some((row.counts.numerator, row.money?))
}

fn cells_of_all(told: &Worths<'_>, worth: &WorthOfAll) -> Option<Vec<String>> {
    let (framework, indicator) = indicator(told.frameworks, worth.day, worth.indicator)?;
    let (people, appointments) = can_be_completed_of_all(told, worth);
    let half = |number: fn(&crate::variation::HalfOfGap) -> String| worth.half.as_ref().map(number).unwrap_or_default();
    Some(vec![
        indicator.id.clone(),
        indicator.title.clone(),
        framework.reporting_day.to_string(),
        worth.practices.to_string(),
        worth.below.to_string(),
        indicator.pays.map(|pays| pays.to.normalize().to_string()).unwrap_or_default(),
        worth.upper.people.to_string(),
        two(worth.upper.points),
        two(worth.upper.pounds),
        half(|half| half.practices.to_string()),
        half(|half| half.people.to_string()),
        a_person(worth.upper).map(two).unwrap_or_default(),
        moved(framework),
        whole_or_nothing(people),
        whole_or_nothing(appointments),
    ])
}

fn a_person(step: Step) -> Option<Decimal> {
    (step.people > 0)
        .then(|| (step.pounds / Decimal::from(step.people)).round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header(header);
    table
}

fn row(left: &[&str], numbers: &[String]) -> Vec<Cell> {
    let right = numbers.iter().map(|number| Cell::new(number).set_alignment(CellAlignment::Right));
    left.iter().map(Cell::new).chain(right).collect()
}

/// One practice on the last reporting day: what is not yet at the upper threshold, the most pounds first.
pub fn worth_of_practice_table(told: &Worths<'_>, practice: usize) -> String {
    let mine = told.worth.iter().filter(|worth| worth.practice == practice && worth.day + 1 == told.frameworks.len());
    let mut open: Vec<(&Worth, Step)> = mine.filter_map(|worth| Some((worth, worth.upper?))).collect();
    open.sort_by_key(|(worth, upper)| (std::cmp::Reverse(upper.pounds), worth.indicator));
    let mut header =
        vec!["Indicator", "Achieved", "of", "Points", "of", "Next point", "£", "Upper threshold", "People", "Points", "£", "£ a person"];
    if told.can_be_completed.is_some() {
        header.extend(["Can be completed", "Appointments"]);
    }
    let mut table = table(&header);
    for (worth, upper) in open {
        let Some((_, indicator)) = indicator(told.frameworks, worth.day, worth.indicator) else { continue };
        let next = worth.next.unwrap_or_default();
        let mut numbers = vec![
            whole(worth.numerator),
            whole(worth.denominator),
            two(worth.money.points),
            worth.money.max_points.normalize().to_string(),
            people(next.people),
            pounds(next.pounds),
            format!("{} %", worth.pays.to.normalize()),
            people(upper.people),
            two(upper.points),
            pounds(upper.pounds),
            worth.pounds_a_person().map(pounds).unwrap_or_default(),
        ];
        if told.can_be_completed.is_some() {
            let can = can_be_completed(told, worth);
            numbers.push(can.map_or(NOT_KNOWN.to_owned(), |can| whole(can.people())));
            numbers.push(can.and_then(|can| can.for_people(upper.people)).map_or(NOT_KNOWN.to_owned(), whole));
        }
        table.add_row(row(&[&indicator.id], &numbers));
    }
    table.to_string()
}

/// All practices on the last reporting day, by indicator, the most people first.
pub fn worth_by_indicator_table(told: &Worths<'_>) -> String {
    let mut last: Vec<&WorthOfAll> =
        told.of_all.iter().filter(|one| one.day + 1 == told.frameworks.len() && one.upper.people > 0).collect();
    last.sort_by_key(|one| (std::cmp::Reverse(one.upper.people), one.indicator));
    let mut header = vec!["Indicator", "Practices", "below", "People to upper threshold", "Points", "£", "£ a person", "Half of them at"];
    if told.can_be_completed.is_some() {
        header.extend(["Can be completed", "Appointments"]);
    }
    let mut table = table(&header);
    for worth in last {
        let Some((_, indicator)) = indicator(told.frameworks, worth.day, worth.indicator) else { continue };
        let half = worth.half.as_ref().map_or(String::new(), |half| match half.practices {
            1 => "1 practice".to_owned(),
            more => format!("{more} practices"),
        });
        let mut numbers = vec![
            worth.practices.to_string(),
            worth.below.to_string(),
            people(worth.upper.people),
            two(worth.upper.points),
            pounds(worth.upper.pounds),
            a_person(worth.upper).map(pounds).unwrap_or_default(),
            half,
        ];
        if told.can_be_completed.is_some() {
            let (can, appointments) = can_be_completed_of_all(told, worth);
            numbers.extend([can, appointments].map(|number| number.map_or(NOT_KNOWN.to_owned(), whole)));
        }
        table.add_row(row(&[&indicator.id], &numbers));
    }
    table.to_string()
}

/// What is, and what would be, on the last reporting day: only what differs. Empty where nothing was asked.
pub fn worth_if_table(told: &Worths<'_>) -> String {
    let mut table = table(&["Practice", "Indicator", "Achieved", "then", "of", "Points", "then", "£", "then", "More £"]);
    let mut sum = Decimal::ZERO;
    for worth in told.worth {
        let Some((numerator, money)) = then(told, worth).filter(|(numerator, _)| *numerator != worth.numerator) else { continue };
        let Some((_, indicator)) = indicator(told.frameworks, worth.day, worth.indicator) else { continue };
        let code = told.practices.get(worth.practice).map_or("", |practice| practice.code.as_str());
        let more = money.pounds - worth.money.pounds;
        sum += more;
        let numbers = [
            whole(worth.numerator),
            whole(numerator),
            whole(worth.denominator),
            two(worth.money.points),
            two(money.points),
            pounds(worth.money.pounds),
            pounds(money.pounds),
            pounds(more),
        ];
        table.add_row(row(&[code, &indicator.id], &numbers));
    }
    if table.row_iter().next().is_none() {
        return String::new();
    }
    let mut all = vec![String::new(); 7];
    all.push(pounds(sum));
    table.add_row(row(&["All", ""], &all));
    table.to_string()
}

/// Where appointments cannot be told.
const NOT_KNOWN: &str = "–";

fn two(number: Decimal) -> String {
    format!("{number:.2}")
}

fn whole(number: u64) -> String {
    thousands(&number.to_string())
}

fn people(number: u64) -> String {
    format!("+{}", whole(number))
}

fn pounds(number: Decimal) -> String {
    thousands(&two(number))
}
