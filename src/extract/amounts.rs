//! A value and its unit, as they are written → an amount in millionths, or why it cannot be used.

use super::quality::Unusable;
use crate::framework::Amount;
use crate::framework::code_sets::ValueRule;
use rust_decimal::Decimal;

/// An amount, and which spelling of its unit stands there, when both are written in their plain form.
pub(super) type Read = (Amount, Option<u8>);

/// The value of a cell, if it may be used: none when the cell is empty, a complaint when it is not usable.
pub(super) fn amount(rule: &ValueRule, value: &[u8], unit: &[u8]) -> Result<Option<Read>, Unusable> {
    if value.is_empty() {
        return Ok(None);
    }
    let (amount, plain) = match plain_amount(value) {
        Some(read) => read,
        None => (any_amount(value)?, false),
    };
    let unit = std::str::from_utf8(unit).unwrap_or("?");
    let spelling = rule.spelling(unit);
    if spelling.is_none() && !rule.accepts_unit(unit) {
        return Err(Unusable::OtherUnit);
    }
    if rule.accepts(amount) { Ok(Some((amount, spelling.filter(|_| plain)))) } else { Err(Unusable::OutsideLimits) }
}

fn any_amount(value: &[u8]) -> Result<Amount, Unusable> {
    let number = std::str::from_utf8(value).ok().and_then(|value| Decimal::from_str_exact(value).ok()).ok_or(Unusable::NotANumber)?;
    Amount::from_decimal(number).ok_or(Unusable::TooFine)
}

/// Up to twelve digits, perhaps a point and up to six more: the amount, and whether no other spelling is as short.
fn plain_amount(value: &[u8]) -> Option<(Amount, bool)> {
    let (negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let mut parts = digits.splitn(2, |byte| *byte == b'.');
    let (whole, fraction) = (parts.next()?, parts.next());
    let number =
        |digits: &[u8]| digits.iter().try_fold(0_i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')));
    if whole.is_empty() || whole.len() > 12 {
        return None;
    }
    let mut millionths = number(whole)? * 1_000_000;
    let mut plain = whole.len() == 1 || whole.first() != Some(&b'0');
    if let Some(fraction) = fraction {
        let places = u32::try_from(fraction.len()).ok().filter(|places| (1..=6).contains(places))?;
        millionths += number(fraction)? * 10_i64.pow(6 - places);
        plain &= fraction.last() != Some(&b'0');
    }
    plain &= !(negative && millionths == 0);
    Some((Amount(if negative { -millionths } else { millionths }), plain))
}

#[cfg(test)]
mod tests {
    use super::{any_amount, plain_amount};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_amount_is_what_the_decimal_says(value in "-?[0-9]{0,13}(\\.[0-9]{0,7})?") {
            if let Some((amount, plain)) = plain_amount(value.as_bytes()) {
                prop_assert_eq!(any_amount(value.as_bytes()), Ok(amount));
                prop_assert_eq!(plain, amount.to_decimal().to_string() == value);
            }
        }
    }
}
