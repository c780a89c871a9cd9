//! Numbers as people read them: thousands apart, pounds with pence. In: numbers. Out: text. Knows nothing of what they count.

use rust_decimal::{Decimal, RoundingStrategy};

/// `12345.67` → `12,345.67`
pub fn thousands(number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &rest
}

/// `12345.60` → `12,345.6`
pub fn number(number: Decimal) -> String {
    thousands(&number.normalize().to_string())
}

/// `£2,808.06`, rounded half up to the penny.
pub fn pounds(amount: Decimal) -> String {
    let rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    format!("£{}", thousands(&format!("{rounded:.2}")))
}

/// `3 lines`, `1 line`
pub fn counted(number: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(&number.to_string()), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_money_has_two_decimals() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(number(decimal("7460")), "7,460");
        assert_eq!(number(decimal("1234567.50")), "1,234,567.5");
        assert_eq!(number(decimal("254")), "254");
        assert_eq!(pounds(decimal("165.18") * decimal("254")), "£41,955.72");
        assert_eq!(pounds(decimal("0.005")), "£0.01");
        assert_eq!(pounds(decimal("12.5")), "£12.50");
        assert_eq!(thousands("12345.67"), "12,345.67");
        assert_eq!(counted(1, "line") + ", " + &counted(1200, "line"), "1 line, 1,200 lines");
    }
}
