//! The tables of pages: which cells there are, in which words.

use super::table::{Cell, Row, Table};
use super::{mark, name_of_page};
use crate::achievement::Money;
use crate::briefing::{Indicator, OfPractice, Payment, Planning, Rate, Read, Report, Statuses, words};
use crate::framework::Status;
use crate::numerals::{number, pounds, thousands};
use crate::variation::{Difference, Flag};
use rust_decimal::{Decimal, RoundingStrategy};

/// All indicators, by domain.
pub(super) fn summary(report: &Report) -> Table {
    let money = report.payment.is_some();
    let change = report.indicators.iter().any(|indicator| indicator.change.is_some());
    let mut columns = vec!["Value (95% interval)"];
    if change {
        columns.push("Change");
    }
    columns.extend(["φ", "True 10th to 90th centile", "Flagged at 95, 99.8%", "By chance", "At upper threshold"]);
    if money {
        columns.extend(["Points", "Pounds (indicative)"]);
    }
    let mut table =
        Table::new("All practices together").looking("wide").words(["Indicator", "Differ by more than chance?"]).numbers(columns);
    let mut domain = "";
    for indicator in &report.indicators {
        if indicator.domain != domain {
            domain = &indicator.domain;
            table.row(Row::group(domain));
        }
        let mut cells = vec![
            Cell::link(indicator.name(), format!("#{}", mark(&indicator.id))),
            Cell::words(match indicator.differ() {
                Some(true) => "yes",
                Some(false) => "maybe not",
                None => "too few",
            }),
        ];
        cells.extend(summary_cells(indicator, change));
        if money {
            cells.extend(money_cells(indicator.money.filter(|_| indicator.points > Decimal::ZERO)));
        }
        table.row(Row::of(cells));
    }
    if let Some(payment) = &report.payment {
        let mut cells = vec![Cell::from("All indicators"), Cell::words("")];
        cells.extend((0..if change { 7 } else { 6 }).map(|_| Cell::from("")));
        cells.extend(money_cells(Some(payment.whole.money)));
        table.row(Row::sum(cells));
    }
    if let Some(note) = &report.flags_note {
        table.note(note);
    }
    table.note("φ is how many times as far apart practices lie as chance would put them, in squares: 1 is chance. The true centiles are what is left of the spread when chance is taken out: eight in ten practices truly lie between them.");
    table.note(&report.change_note);
    if money {
        table.note("Points are those of all practices together. Pounds are whole here; the payment schedule has the pence.");
    }
    table
}

fn summary_cells(indicator: &Indicator, change: bool) -> Vec<Cell> {
    let rate = &indicator.all;
    let limits = rate.interval.map(|limits| format!(" ({:.1} to {:.1})", 100.0 * limits.lower, 100.0 * limits.upper));
    let mut cells = vec![Cell::from(format!("{}{}", words::percentage(rate.percentage), limits.unwrap_or_default()))];
    if change {
        cells.push(of_change(indicator.change));
    }
    let all = indicator.statistics.as_ref();
    let enough = all.filter(|all| words::enough(all));
    let dispersion = enough.and_then(|all| all.overdispersion.as_ref().ok());
    cells.push(dispersion.map_or("–".to_owned(), |found| words::tenths(found.phi)).into());
    let model = enough.and_then(|all| all.model.as_ref().ok()).filter(|model| model.variance > 0.0);
    cells.push(model.map_or("–".to_owned(), |model| words::interval(model.true_centiles())).into());
    match all {
        Some(all) => {
            let chance = format!("{}, {}", words::tenths(all.by_chance.at_95), words::tenths(all.by_chance.at_998));
            cells.extend([format!("{}, {}", all.flagged.at_95, all.flagged.at_998), chance].map(Cell::from));
        }
        None => cells.extend(["–", "–"].map(Cell::from)),
    }
    let met = all.and_then(|all| Some((all.threshold?.met, all.practices)));
    cells.push(met.map_or("–".to_owned(), |(met, of)| format!("{met} of {of}")).into());
    cells
}

fn interval(rate: &Rate) -> Cell {
    rate.interval.map_or("–".to_owned(), words::interval).into()
}

fn of_change(change: Option<Difference>) -> Cell {
    match change {
        None => "–".into(),
        Some(change) if change.interval.holds(0.0) => words::change(change).into(),
        Some(change) => Cell::marked(words::change(change), "strong", words::change_in_words(change)),
    }
}

fn money_cells(money: Option<Money>) -> [Cell; 2] {
    let Some(money) = money else { return ["–".into(), "–".into()] };
    [thousands(&format!("{:.1}", money.points)).into(), whole_pounds(money.pounds).into()]
}

/// `£1,234`
pub(super) fn whole_pounds(amount: Decimal) -> String {
    format!("£{}", number(amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)))
}

/// The practices of an indicator.
pub(super) fn practices(report: &Report, indicator: &Indicator) -> Table {
    let reasons = indicator.exceptions();
    let internal = report.is_internal();
    let flags = indicator.practices.iter().flatten().any(|one| one.flag.is_some());
    let change = indicator.practices.iter().flatten().any(|one| one.change.is_some());
    let mut table = Table::sorted(format!("{}: every practice", indicator.id)).words(["Practice"]).numbers([
        if indicator.of_a_register { "On it" } else { "Achieved" },
        "Of",
        "Rate",
    ]);
    if flags {
        table = table.numbers(["95% interval"]).words(["Against all together", "Reliability"]);
    }
    if change {
        table = table.numbers(["Change"]);
    }
    if indicator.pays.is_some() && flags {
        table = table.numbers(["More people for threshold"]);
    }
    let paid = indicator.money.is_some() && indicator.points > Decimal::ZERO;
    if paid {
        table = table.numbers(["Points"]);
    }
    let excepted = internal && !indicator.of_a_register;
    if excepted {
        table = table.numbers(["Excluded", "Excepted"]).numbers(reasons.iter().map(|(reason, _)| words::capital(reason)));
    }
    for (at, practice) in report.listed() {
        let Some(one) = indicator.practices.get(at).and_then(Option::as_ref) else { continue };
        let mut cells = vec![Cell::from(practice.whole_name())];
        cells.extend(rate_cells(&one.rate));
        if flags {
            cells.extend(flag_cells(one));
        }
        if change {
            cells.push(of_change(one.change));
        }
        if indicator.pays.is_some() && flags {
            cells.push(gap(one).into());
        }
        if paid {
            cells.push(one.money.map_or("–".to_owned(), |money| thousands(&format!("{:.1}", money.points))).into());
        }
        if excepted {
            cells.extend(exception_cells(one, &reasons));
        }
        table.row(Row::practice(&practice.code, cells));
    }
    if let Some(all) = &indicator.statistics {
        let mut note = format!(
            "Flagged: {} outside the 95% limits and {} outside the 99.8% limits; if nobody differed, {} and {} would be.",
            all.flagged.at_95,
            all.flagged.at_998,
            words::tenths(all.by_chance.at_95),
            words::tenths(all.by_chance.at_998)
        );
        if let Some(even_so) = all.flagged_even_so {
            note += &format!(" Beside the spread that all share, {} and {} stand out.", even_so.at_95, even_so.at_998);
        }
        table.note(note);
    }
    table
}

fn rate_cells(rate: &Rate) -> [Cell; 3] {
    [words::shown(rate.achieved).into(), words::shown(rate.of).into(), words::percentage(rate.percentage).into()]
}

fn flag_cells(one: &OfPractice) -> [Cell; 3] {
    let interval = one.rate.interval.map_or("–".to_owned(), words::interval);
    let flag = flag(one.flag);
    [interval.into(), Cell::marked(flag, "f", ""), Cell::words(one.reliability.unwrap_or("–"))]
}

/// How a practice compares, as a sign and in words.
pub(super) fn flag(flag: Option<Flag>) -> String {
    flag.map_or("–".to_owned(), |flag| format!("{} {}", words::sign(flag), words::flag(flag)).trim_start().to_owned())
}

/// People to the next threshold.
fn gap(one: &OfPractice) -> String {
    match one.next {
        Some(next) => format!("{} to {}%", words::number(next.people), next.per_cent.normalize()),
        None if one.flag.is_some() => "met".to_owned(),
        None => "–".to_owned(),
    }
}

fn exception_cells(one: &OfPractice, reasons: &[(String, u64)]) -> Vec<Cell> {
    let Some(exceptions) = &one.exceptions else { return Vec::new() };
    let of = |reason: &str| exceptions.by_reason.iter().find(|(other, _)| other == reason).map_or(0, |(_, people)| *people);
    let mut cells = vec![words::number(exceptions.excluded).into(), words::number(exceptions.excepted).into()];
    cells.extend(reasons.iter().map(|(reason, _)| Cell::from(words::number(of(reason)))));
    cells
}

/// From everyone to those who achieved.
pub(super) fn steps(indicator: &Indicator) -> Table {
    let mut table = Table::new(format!("{}: from everyone to those who achieved", indicator.id)).words(["Step"]).numbers(["People"]);
    for step in &indicator.steps {
        let people = words::number(step.people);
        let cells =
            vec![Cell::from(step.label.clone()), if step.leave && step.people > 0 { format!("−{people}").into() } else { people.into() }];
        table.row(if step.leave { Row::of(cells) } else { Row::sum(cells) });
    }
    table
}

/// The lines of an indicator.
pub(super) fn lines(indicator: &Indicator) -> Option<Table> {
    let definition = indicator.definition.as_ref()?;
    let people = definition.lines.iter().any(|line| line.people.is_some());
    let mut table =
        Table::new(format!("{}: the first line that holds decides", indicator.id)).numbers(["Line"]).words(["If", "What happens"]);
    if people {
        table = table.numbers(["People"]);
    }
    for line in &definition.lines {
        let reason = if line.reason.is_empty() { String::new() } else { format!(": {}", line.reason.to_lowercase()) };
        let mut cells =
            vec![Cell::from(line.number.to_string()), Cell::words(line.when.clone()), Cell::words(format!("{}{reason}", line.verdict))];
        if people {
            cells.push(line.people.map_or("–".to_owned(), words::number).into());
        }
        table.row(Row::of(cells));
    }
    Some(table)
}

/// What was read and what was set aside.
pub(super) fn set_aside(read: &Read) -> Table {
    let mut table = Table::new("Rows that were set aside, or used in part").words(["Rule"]).numbers(["Rows"]).words(["What was done"]);
    for one in &read.set_aside {
        table.row(Row::of(vec![Cell::from(words::capital(one.rule)), words::number(one.rows).into(), Cell::words(one.done)]));
    }
    table
}

/// The practices, and where their own pages are.
pub(super) fn who(report: &Report) -> Table {
    let internal = report.is_internal();
    let mut table = Table::sorted("The practices").words(["Practice", "Locality"]);
    if internal {
        table = table.numbers(["List"]);
    }
    for (_, practice) in report.listed() {
        let mut cells = vec![Cell::link(practice.whole_name(), name_of_page(&practice.code)), Cell::words(practice.locality.clone())];
        if internal {
            cells.push(practice.list.map_or("–".to_owned(), words::number).into());
        }
        table.row(Row::practice(&practice.code, cells));
    }
    table
}

/// People by where they are in the pathway, of every practice.
pub(super) fn pathway(report: &Report, planning: &Planning) -> Table {
    let mut table = Table::sorted(format!("{}: people on the register by where they are", planning.title))
        .words(["Practice"])
        .numbers(["On the register"])
        .numbers(Status::ALL.iter().map(|status| words::capital(status.word())))
        .numbers(["Complete, of the register"]);
    if let Some(before) = &planning.before {
        table = table.numbers([format!("On {before}")]);
    }
    for ((_, practice), statuses) in report.listed().filter_map(|(at, practice)| Some(((at, practice), planning.practices.get(at)?))) {
        let mut cells = vec![Cell::from(practice.whole_name())];
        cells.extend(status_cells(statuses, planning.before.is_some()));
        table.row(Row::practice(&practice.code, cells));
    }
    for (name, statuses) in planning.localities.iter().map(|(name, statuses)| (name.as_str(), statuses)).chain([("All", &planning.whole)]) {
        let mut cells = vec![Cell::from(name)];
        cells.extend(status_cells(statuses, planning.before.is_some()));
        table.row(Row::sum(cells));
    }
    table
}

/// Of people by status, those who have completed the cycle.
fn complete_of(people: [u64; 5]) -> u64 {
    Status::ALL.iter().zip(people).find(|(status, _)| **status == Status::Complete).map_or(0, |(_, people)| people)
}

fn status_cells(statuses: &Statuses, with_before: bool) -> Vec<Cell> {
    let numbers = std::iter::once(statuses.register).chain(statuses.people).map(|people| Cell::from(words::number(people)));
    // A practice that is new was not there before.
    let before = statuses.before.map_or_else(|| "–".to_owned(), |before| share_of(complete_of(before), before.iter().sum()));
    let now = share_of(complete_of(statuses.people), statuses.register);
    numbers.chain([Cell::from(now)]).chain(with_before.then(|| Cell::from(before))).collect()
}

/// `62.4%`, or a dash.
pub(super) fn share_of(people: u64, of: u64) -> String {
    if of == 0 { "–".to_owned() } else { words::per_cent(people as f64 / of as f64) }
}

/// Both rates of the indicators of care planning.
pub(super) fn two_rates(planning: &Planning) -> Table {
    let mut table = Table::new("Two rates of the same thing: of everyone on the register, and of those who count for payment")
        .words(["Indicator"])
        .numbers([
            "Achieved",
            "On the register",
            "Of the register",
            "95% interval",
            "In the payment denominator",
            "Of that denominator",
            "95% interval",
        ]);
    for rates in &planning.rates {
        let (wide, paid) = (&rates.of_register, &rates.of_denominator);
        table.row(Row::of(vec![
            Cell::link(format!("{} {}", rates.id, rates.title), format!("#{}", mark(&rates.id))),
            words::shown(wide.achieved).into(),
            words::shown(wide.of).into(),
            words::percentage(wide.percentage).into(),
            interval(wide),
            words::shown(paid.of).into(),
            words::percentage(paid.percentage).into(),
            interval(paid),
        ]));
    }
    table.note("The first rate tells how many of all people have it; the second leaves out whoever declined, did not answer, or is excepted otherwise. Payment follows the second.");
    table
}

/// What was done in each quarter.
pub(super) fn by_quarter(planning: &Planning) -> Table {
    let mut table = Table::new("What was done: people, and records in brackets").words(["What"]);
    table = table.numbers(planning.days.iter().map(|day| format!("Quarter to {day}"))).numbers(["Last twelve months", "Of the register"]);
    let both = |(people, records): (u64, u64)| Cell::from(format!("{} ({})", words::number(people), words::number(records)));
    for count in &planning.counts {
        let mut cells = vec![Cell::from(count.title.clone())];
        cells.extend(count.quarters.iter().map(|quarter| both(*quarter)));
        cells.extend([both(count.year), share_of(count.year.0, planning.whole.register).into()]);
        table.row(Row::of(cells));
    }
    table
}

/// What was done, by how many conditions people have.
pub(super) fn by_conditions(planning: &Planning) -> Table {
    let mut table =
        Table::new("People in the last twelve months, by how many conditions they have, as a share of these people").words(["What"]);
    let title = |(number, people): &(String, u64)| {
        let conditions = if number == "1" { "1 condition".to_owned() } else { format!("{number} conditions") };
        format!("{conditions}: {} people", words::number(*people))
    };
    table = table.numbers(planning.conditions.iter().map(title));
    for count in &planning.counts {
        let shares = count.conditions.iter().zip(&planning.conditions).map(|(people, (_, of))| Cell::from(share_of(*people, *of)));
        table.row(Row::of(std::iter::once(Cell::from(count.title.clone())).chain(shares).collect()));
    }
    table.note("Who has 2, 3, 4 or more conditions is also among those with 2 or more.");
    table
}

/// For whom something holds on the reporting day.
pub(super) fn holds(planning: &Planning) -> Table {
    let mut table = Table::new("On the reporting day").words(["People for whom this holds"]).numbers(["People", "Of the register"]);
    for (title, people, _) in &planning.people {
        table.row(Row::of(vec![
            Cell::from(title.clone()),
            words::number(*people).into(),
            share_of(*people, planning.whole.register).into(),
        ]));
    }
    table
}

/// Points and pounds of every practice, by domain.
pub(super) fn payment(report: &Report, payment: &Payment) -> Table {
    let mut table = Table::sorted("Every practice, by domain")
        .words(["Practice"])
        .numbers(["List", "Points", "Of"])
        .numbers(payment.domains.iter().map(|domain| format!("{domain}: pounds")))
        .numbers(["Pounds in all"]);
    let two = |points: Decimal| thousands(&format!("{points:.2}"));
    let cells = |name: Cell, pay: &crate::briefing::PracticePay| {
        let mut cells = vec![name, words::number(pay.list).into(), two(pay.money.points).into(), two(pay.money.max_points).into()];
        cells.extend(pay.domains.iter().map(|money| Cell::from(pounds(money.pounds))));
        cells.push(pounds(pay.money.pounds).into());
        cells
    };
    for (at, practice) in report.listed() {
        let Some(pay) = payment.practices.get(at).and_then(Option::as_ref) else { continue };
        table.row(Row::practice(&practice.code, cells(Cell::link(practice.whole_name(), name_of_page(&practice.code)), pay)));
    }
    table.row(Row::sum(cells("All".into(), &payment.whole)));
    table
}
