//! Points and pounds, as they are indicated: the payer calculates for itself. Only for the internal audience.

use super::{Material, ReportedPractice};
use crate::achievement::{Money, PaymentRow};
use crate::disclosure::Audience;
use crate::framework::View;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The schedule.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Pounds for a point at an average practice.
    pub pounds_per_point: Decimal,
    /// People on the average list.
    pub average_list: Decimal,
    /// Titles of the domains.
    pub domains: Vec<String>,
    /// One for each of the report's practices, in their order.
    pub practices: Vec<Option<PracticePay>>,
    /// All of them.
    pub whole: PracticePay,
    /// Indicators whose payment should be adjusted for prevalence and is not, as the framework has no reference.
    pub not_adjusted: Vec<String>,
}

/// What one practice is paid.
#[derive(Clone, Debug, Default)]
pub struct PracticePay {
    /// All.
    pub money: Money,
    /// By domain.
    pub domains: Vec<Money>,
    /// By indicator, in the framework's order.
    pub indicators: Vec<IndicatorPay>,
    /// The list that was used.
    pub list: u64,
}

/// What one indicator pays.
#[derive(Clone, Debug)]
pub struct IndicatorPay {
    /// Its id.
    pub id: String,
    /// Points and pounds.
    pub money: Money,
    /// How common its register is, against the reference.
    pub prevalence_factor: Decimal,
    /// What must be known to read it.
    pub status: &'static str,
    /// Pounds that are still to be had, all else equal.
    pub left: Decimal,
}

/// The schedule; nothing where nothing is paid.
pub(super) fn of(material: &Material<'_>, practices: &[ReportedPractice]) -> Option<Payment> {
    let counted = material.counted.filter(|_| material.audience == Audience::Internal)?;
    let (day, framework) = counted.last()?;
    let (pounds_per_point, average_list) = framework.payment.pounds_per_point.zip(framework.payment.average_list)?;
    if framework.view != View::YearEnd {
        return None;
    }
    let domain_of: BTreeMap<&str, usize> = framework.indicators.iter().map(|indicator| (indicator.id.as_str(), indicator.domain)).collect();
    let order: BTreeMap<&str, usize> = framework.indicators.iter().enumerate().map(|(at, indicator)| (indicator.id.as_str(), at)).collect();
    let mut rows: BTreeMap<&str, Vec<&PaymentRow>> = BTreeMap::new();
    for row in counted.achievement.payments.iter().filter(|row| row.day == day) {
        let code = counted.practices.get(row.practice).map_or("", |practice| practice.code.as_str());
        rows.entry(code).or_default().push(row);
    }
    let no_money = vec![Money::default(); framework.domains.len()];
    let mut whole = PracticePay { domains: no_money.clone(), ..PracticePay::default() };
    let mut not_adjusted: Vec<&str> = Vec::new();
    let mut one = |practice: &ReportedPractice| {
        let mut rows = rows.get(practice.code.as_str())?.clone();
        rows.sort_by_key(|row| order.get(row.measure.as_str()));
        let mut pay = PracticePay { domains: no_money.clone(), ..PracticePay::default() };
        pay.list = rows.first().map_or(0, |row| row.list);
        for row in rows {
            add(&mut pay.money, &row.money);
            if let Some(domain) = domain_of.get(row.measure.as_str()).and_then(|at| pay.domains.get_mut(*at)) {
                add(domain, &row.money);
            }
            if row.status == crate::achievement::Status::NotAdjusted && !not_adjusted.contains(&row.measure.as_str()) {
                not_adjusted.push(&row.measure);
            }
            pay.indicators.push(indicator_pay(row, &framework.payment));
        }
        add(&mut whole.money, &pay.money);
        whole.domains.iter_mut().zip(&pay.domains).for_each(|(sum, one)| add(sum, one));
        whole.list += pay.list;
        Some(pay)
    };
    let practices: Vec<Option<PracticePay>> = practices.iter().map(&mut one).collect();
    Some(Payment {
        pounds_per_point,
        average_list,
        domains: framework.domains.iter().map(|domain| domain.title.clone()).collect(),
        practices,
        whole,
        not_adjusted: not_adjusted.into_iter().map(str::to_owned).collect(),
    })
}

fn add(sum: &mut Money, one: &Money) {
    sum.points += one.points;
    sum.max_points += one.max_points;
    sum.pounds += one.pounds;
}

fn indicator_pay(row: &PaymentRow, payment: &crate::framework::Payment) -> IndicatorPay {
    use crate::achievement::{fraction, half_up, list_factor, pounds};
    let missing = fraction(row.money.max_points) - fraction(row.money.points);
    let left = pounds(&missing, payment, &list_factor(row.list, payment), &fraction(row.prevalence_factor));
    IndicatorPay {
        id: row.measure.clone(),
        money: row.money,
        prevalence_factor: row.prevalence_factor,
        status: row.status.word(),
        left: half_up(&left, 2),
    }
}
