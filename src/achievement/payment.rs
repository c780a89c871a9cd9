//! Achieved of so many → points and pounds, in exact fractions: rounded where the framework says so, and to the penny once.

use crate::framework::{Indicator, Payment, Reference, Rounding, Thresholds};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// Points and pounds of a practice for an indicator, exact: so many achieved of so many, with its list and, where the payment is
/// adjusted, the people on the register and its reference.
pub fn earned(
    payment: &Payment,
    indicator: &Indicator,
    (numerator, denominator): (u64, u64),
    list: u64,
    prevalence: Option<(u64, Option<Reference>)>,
) -> (BigRational, BigRational) {
    let points = indicator.pays.map_or_else(BigRational::zero, |pays| points(indicator.points, pays, numerator, denominator));
    let pounds = pounds(&points, payment, &list_factor(list, payment), &prevalence_factor_of(prevalence, list));
    (points, pounds)
}

/// 1 where nothing adjusts, or there is no reference.
pub(super) fn prevalence_factor_of(prevalence: Option<(u64, Option<Reference>)>, list: u64) -> BigRational {
    match prevalence {
        Some((on, Some(reference))) => prevalence_factor(on, list, reference),
        _ => whole(1),
    }
}

fn whole(number: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

/// A decimal as an exact fraction.
pub fn fraction(number: Decimal) -> BigRational {
    BigRational::new(BigInt::from(number.mantissa()), BigInt::from(10u8).pow(number.scale()))
}

/// Points = max · clamp((100 · num / den − from) / (to − from), 0, 1), as an exact fraction; 0 when nobody is in the denominator.
///
/// Statement of Financial Entitlements, Annex D, as restated by practice guidance.
/// Worked: 20 points from 45 to 70 per cent, 300 of 500 achieved: 60 per cent, 12 points.
pub fn points(max: Decimal, pays: Thresholds, numerator: u64, denominator: u64) -> BigRational {
    if denominator == 0 {
        return BigRational::zero();
    }
    let (from, to) = (fraction(pays.from), fraction(pays.to));
    let above = whole(100) * whole(numerator) - &from * whole(denominator);
    let share = above / (whole(denominator) * (to - from));
    fraction(max) * clamp(share)
}

/// The fewest achieved of so many that bring at least so many points; nothing where nobody is counted or so many cannot be earned.
/// Worked: 20 points from 45 to 70 per cent of 500: 12 points need 300, 13 need 307 (61.25 per cent), all 20 need 350.
pub fn people_for_points(max: Decimal, pays: Thresholds, wanted: &BigRational, denominator: u64) -> Option<u64> {
    let max = fraction(max);
    if denominator == 0 || *wanted > max {
        return None;
    }
    if !wanted.is_positive() {
        return Some(0);
    }
    let (from, to) = (fraction(pays.from), fraction(pays.to));
    let per_cent = &from + (to - &from) * wanted / max;
    (per_cent * whole(denominator) / whole(100)).ceil().to_integer().to_u64().filter(|people| *people <= denominator)
}

fn clamp(share: BigRational) -> BigRational {
    if share.is_negative() { BigRational::zero() } else { share.min(whole(1)) }
}

/// List ÷ average list; 0 when the framework names none.
/// Worked: 10,000 people against 7,460 is 1.340483.
pub fn list_factor(list: u64, payment: &Payment) -> BigRational {
    payment.average_list.map_or_else(BigRational::zero, |average| whole(list) / fraction(average))
}

/// (Register ÷ list) ÷ (reference register ÷ reference list), whole lists; 1 for an empty list.
/// Worked: 420 of 9,000 against 6.55 per cent is 0.712468.
pub fn prevalence_factor(register: u64, list: u64, reference: Reference) -> BigRational {
    if list == 0 {
        return whole(1);
    }
    (whole(register) * whole(reference.list)) / (whole(list) * whole(reference.register))
}

/// Pounds = points × pounds per point × list factor × prevalence factor, not yet rounded to the penny.
/// Points and factors are rounded to two decimals first where the framework says so.
/// Worked: 29 points at £207.56, factors 1.71 and 1.45, is £14,924.71.
pub fn pounds(points: &BigRational, payment: &Payment, list_factor: &BigRational, prevalence_factor: &BigRational) -> BigRational {
    let step = |number: &BigRational, rounding: Rounding| match rounding {
        Rounding::Exact => number.clone(),
        Rounding::TwoDecimals => fraction(half_up(number, 2)),
    };
    let price = payment.pounds_per_point.map_or_else(BigRational::zero, fraction);
    step(points, payment.points) * price * step(list_factor, payment.factors) * step(prevalence_factor, payment.factors)
}

/// Rounded half up (away from zero) to so many decimals.
/// Worked: 11.325 to two decimals is 11.33.
pub fn half_up(number: &BigRational, decimals: u32) -> Decimal {
    let scaled = number * BigRational::from_integer(BigInt::from(10u8).pow(decimals));
    let rounded = scaled.round().to_integer().to_i128().unwrap_or(0);
    Decimal::try_from_i128_with_scale(rounded, decimals).unwrap_or_default()
}
