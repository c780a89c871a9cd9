//! `payment.csv`: how every payment came about. Indicative: not the payer's calculation.

use super::{Outcomes, csv_of, moved};
use crate::achievement::PaymentRow;
use rust_decimal::Decimal;

const HEADER: [&str; 16] = [
    "practice_code",
    "measure",
    "points",
    "max_points",
    "pounds_per_point",
    "list",
    "average_list",
    "register",
    "reference_register",
    "reference_list",
    "prevalence_factor",
    "payment",
    "status",
    "interval_start",
    "interval_end",
    "period_moved",
];

/// The file; only a header in the rolling view.
pub fn payment_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = outcomes.achievement.payments.iter().filter_map(|payment| cells(outcomes, payment)).collect();
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    csv_of(&HEADER, rows)
}

fn key(row: &[String]) -> [Option<&String>; 3] {
    [0, 1, 14].map(|column| row.get(column))
}

fn cells(outcomes: &Outcomes<'_>, row: &PaymentRow) -> Option<Vec<String>> {
    let framework = outcomes.frameworks.get(row.day)?;
    let practice = outcomes.practices.get(row.practice)?;
    let plain = |number: Option<Decimal>| number.map(|number| number.normalize().to_string()).unwrap_or_default();
    let reference = row.prevalence.and_then(|(_, reference)| reference);
    let whole = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    Some(vec![
        practice.code.clone(),
        row.measure.clone(),
        row.money.points.to_string(),
        row.money.max_points.normalize().to_string(),
        plain(framework.payment.pounds_per_point),
        row.list.to_string(),
        plain(framework.payment.average_list),
        whole(row.prevalence.map(|(register, _)| register)),
        whole(reference.map(|reference| reference.register)),
        whole(reference.map(|reference| reference.list)),
        row.prevalence_factor.to_string(),
        row.money.pounds.to_string(),
        row.status.word().to_owned(),
        framework.period.from.to_string(),
        framework.reporting_day.to_string(),
        moved(framework),
    ])
}
