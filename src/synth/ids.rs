//! A person's number → the patient id that stands in the files. Any form tells the same people apart; another form only makes other bytes.

/// The form of patient ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// The number itself.
    #[default]
    Numbers,
    /// Ten digits, as NHS numbers have; those that begin with 999 are given to nobody.
    TenDigits,
    /// 36 characters, as database systems make them.
    Guids,
}

impl Ids {
    /// The id of the person with this number.
    pub fn of(self, number: usize) -> String {
        match self {
            Ids::Numbers => number.to_string(),
            Ids::TenDigits => format!("999{number:07}"),
            Ids::Guids => guid(number as u64),
        }
    }
}

/// A number as a GUID.
pub fn guid(number: u64) -> String {
    // Odd factors turn every number into another one, so no two meet.
    let (high, low) = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15), number.wrapping_mul(0xd1b5_4a32_d192_ed03).wrapping_add(7));
    let mut text = String::with_capacity(38);
    // Four are written for every row of some forms, and by hand they take a tenth of the time.
    let whole = (u128::from(high) << 64) | u128::from(low);
    for digit in 0..32_u32 {
        if matches!(digit, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let value = ((whole >> (124 - 4 * digit)) & 0xf) as u32;
        text.extend(char::from_digit(value, 16).map(|digit| digit.to_ascii_uppercase()));
    }
    text
}
