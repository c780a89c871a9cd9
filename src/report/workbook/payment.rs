//! Points and pounds: the schedule of every practice, and how each payment came about. Indicative.

use super::notes::Note;
use super::sheet::{Cell, Columns, Sheet, known, text};
use crate::briefing::{IndicatorPay, Payment, PracticePay, Report, ReportedPractice};
use rust_decimal::prelude::ToPrimitive;

/// A practice, or nothing for all together.
type Row<'r> = (Option<&'r ReportedPractice>, &'r PracticePay);

/// Every practice, by domain, and all together.
pub(super) fn schedule<'r>(report: &'r Report, payment: &'r Payment) -> Sheet<'r> {
    let mut columns = Columns::new()
        .and("Practice code", 11, |(practice, _): &Row<'r>| practice.map_or(Cell::NotApplicable, |one| text(one.code.as_str())))
        .and("Practice", 38, |(practice, _)| practice.map_or(text("All practices"), |one| text(one.name.as_str())))
        .and("Locality", 18, |(practice, _)| practice.map_or(Cell::NotApplicable, |one| text(one.locality.as_str())))
        .and("List", 10, |(_, pay)| Cell::Whole(pay.list))
        .and("Points", 11, |(_, pay)| Cell::Points(pay.money.points))
        .and("Points that could be earned", 11, |(_, pay)| Cell::Points(pay.money.max_points))
        .and("Pounds", 15, |(_, pay)| Cell::Pounds(pay.money.pounds));
    for (at, domain) in payment.domains.iter().enumerate() {
        columns = columns
            .and(&format!("{domain}: points"), 13, move |(_, pay)| known(pay.domains.get(at), |money| Cell::Points(money.points)))
            .and(&format!("{domain}: pounds"), 15, move |(_, pay)| known(pay.domains.get(at), |money| Cell::Pounds(money.pounds)));
    }
    let practices = report.listed().filter_map(|(at, practice)| Some((Some(practice), payment.practices.get(at)?.as_ref()?)));
    Sheet {
        name: "Payment schedule".into(),
        title: "Payment schedule, indicative: points and pounds of every practice, by domain".into(),
        lines: vec!["This is not the payer's calculation. The last row is of all practices together.".into()],
        notes: vec![Note::Indicative],
        kept: 2,
        table: columns.table("payment_schedule", practices.chain([(None, &payment.whole)])),
    }
}

/// Every practice and indicator.
pub(super) fn by_indicator<'r>(report: &'r Report, payment: &'r Payment) -> Sheet<'r> {
    type Row<'r> = (&'r ReportedPractice, &'r IndicatorPay);
    let rows = report.listed().filter_map(|(at, practice)| Some((practice, payment.practices.get(at)?.as_ref()?)));
    let rows = rows.flat_map(|(practice, pay)| pay.indicators.iter().map(move |one| (practice, one)));
    let table = Columns::new()
        .and("Practice code", 11, |(practice, _): &Row<'r>| text(practice.code.as_str()))
        .and("Practice", 38, |(practice, _)| text(practice.name.as_str()))
        .and("Indicator", 12, |(_, pay)| text(pay.id.as_str()))
        .and("Points", 11, |(_, pay)| Cell::Points(pay.money.points))
        .and("Points that could be earned", 11, |(_, pay)| Cell::Points(pay.money.max_points))
        .and("Prevalence factor", 12, |(_, pay)| known(pay.prevalence_factor.to_f64(), Cell::Thousandths))
        .and("Pounds", 14, |(_, pay)| Cell::Pounds(pay.money.pounds))
        .and("Pounds still to be had", 14, |(_, pay)| Cell::Pounds(pay.left))
        .and("How it came about", 18, |(_, pay)| text(pay.status))
        .table("payment_by_indicator", rows);
    Sheet {
        name: "Payment by indicator".into(),
        title: "How every payment came about, by practice and indicator; indicative".into(),
        lines: vec!["This is not the payer's calculation. Lists, registers and references stand in payment.csv.".into()],
        notes: vec![Note::Indicative, Note::Statuses],
        kept: 3,
        table,
    }
}
