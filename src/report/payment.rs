//! `payment.csv`: how every payment came about. Indicative: not the payer's calculation.

use super::results::STATUS;
use super::{Outcomes, csv_of, moved};
use crate::achievement::PaymentRow;
use crate::dictionary::{Column, INTERVAL_END, INTERVAL_START, MEASURE, PERIOD_MOVED, PRACTICE_CODE, Sheet};
use rust_decimal::Decimal;

/// The file's columns.
pub(super) static PAYMENT: Sheet = Sheet {
    name: "payment.csv",
    title: "How every payment came about; indicative",
    written_by: "dqoh run, dqoh report",
    columns: &[
        PRACTICE_CODE,
        MEASURE.saying("The indicator"),
        Column::number("points", "points", "Points earned, two decimals"),
        Column::number("max_points", "points", "Points that could be earned"),
        Column::number(
            "pounds_per_point",
            "pounds",
            "What one point is worth at an average practice; empty where the framework names no price",
        )
        .or_empty(),
        Column::people("list", "The list that was used: the list_size of practices.csv, or else the people counted"),
        Column::number("average_list", "people", "People on the average list; empty where the framework names none").or_empty(),
        Column::people("register", "People on the register that adjusts; empty where none does").or_empty(),
        Column::people("reference_register", "The register of the whole country or area").or_empty(),
        Column::people("reference_list", "The list of the whole country or area").or_empty(),
        Column::number(
            "prevalence_factor",
            "",
            "How much more common the condition is here than there, six decimals; 1 where nothing adjusts",
        ),
        Column::number("payment", "pounds", "To the penny; indicative"),
        STATUS,
        INTERVAL_START,
        INTERVAL_END,
        PERIOD_MOVED,
    ],
    key: &["practice_code", "measure", "interval_end"],
};

/// The file; only a header in the rolling view.
pub fn payment_csv(outcomes: &Outcomes<'_>) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = outcomes.achievement.payments.iter().filter_map(|payment| cells(outcomes, payment)).collect();
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    csv_of(&PAYMENT.names(), rows)
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
