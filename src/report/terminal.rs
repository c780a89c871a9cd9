//! The table that `dqoh run` prints: practices × points and pounds.

pub(super) use crate::numerals::thousands;

use super::{Outcomes, planning_rows};
use crate::achievement::{Area, Money};
use crate::framework::{Status, View};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, LineStyle, Table};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The table of the last reporting day. In the rolling view, which pays nothing, people on the list only.
pub fn points_table(outcomes: &Outcomes<'_>) -> String {
    let Some((day, framework)) = outcomes.frameworks.iter().enumerate().next_back() else { return String::new() };
    let lists = outcomes.achievement.lists.get(day).map_or(&[][..], Vec::as_slice);
    let mut sums: BTreeMap<usize, Money> = BTreeMap::new();
    for payment in outcomes.achievement.payments.iter().filter(|payment| payment.day == day) {
        let sum = sums.entry(payment.practice).or_default();
        sum.points += payment.money.points;
        sum.max_points += payment.money.max_points;
        sum.pounds += payment.money.pounds;
    }
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    let pays = framework.view == View::YearEnd;
    let header = ["Practice", "Name", "Locality", "List", "Points", "of", "Pounds (indicative)"];
    table.set_header(header.iter().take(if pays { 7 } else { 4 }));
    for (at, practice) in outcomes.practices.iter().enumerate() {
        let money = sums.get(&at).copied().unwrap_or_default();
        table.add_row(row(&practice.code, &practice.name, &practice.locality, lists.get(at).copied().unwrap_or(0), pays.then_some(money)));
    }
    let whole = sums.values().fold(Money::default(), |sum, money| Money {
        points: sum.points + money.points,
        max_points: sum.max_points + money.max_points,
        pounds: sum.pounds + money.pounds,
    });
    table.add_row(row("All", "", "", lists.iter().sum(), pays.then_some(whole)));
    table.to_string()
}

/// The table of care planning on the last reporting day: where people are in the pathway. Empty without a pathway.
pub fn planning_table(outcomes: &Outcomes<'_>) -> String {
    let rows = planning_rows(outcomes);
    let Some((_, whole_register, whole)) = rows.iter().find(|(area, _, _)| *area == Area::Whole) else { return String::new() };
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    let statuses = Status::ALL.map(Status::word);
    table.set_header(["Practice", "On the register"].into_iter().chain(statuses));
    for (area, register, people) in &rows {
        let Area::Practice(at) = area else { continue };
        let code = outcomes.practices.get(*at).map_or("", |practice| practice.code.as_str());
        table.add_row(planning_row(code, *register, people));
    }
    table.add_row(planning_row("All", *whole_register, whole));
    table.to_string()
}

fn planning_row(code: &str, register: u64, people: &[u64]) -> Vec<Cell> {
    let right = |number: u64| Cell::new(thousands(&number.to_string())).set_alignment(CellAlignment::Right);
    std::iter::once(Cell::new(code)).chain(std::iter::once(right(register))).chain(people.iter().map(|people| right(*people))).collect()
}

fn row(code: &str, name: &str, locality: &str, list: u64, money: Option<Money>) -> Vec<Cell> {
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut cells = vec![Cell::new(code), Cell::new(name), Cell::new(locality), right(thousands(&list.to_string()))];
    if let Some(money) = money {
        cells.push(right(thousands(&two(money.points))));
        cells.push(right(thousands(&two(money.max_points))));
        cells.push(right(format!("£{}", thousands(&two(money.pounds)))));
    }
    cells
}

fn two(number: Decimal) -> String {
    format!("{number:.2}")
}
