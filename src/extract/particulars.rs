//! Columns that name people: their headers, and values that are NHS numbers. An extract that holds them is refused,
//! unless `extract.toml` drops the column; its cells are then never used. No value is ever shown.

use csv::ByteRecord;

/// How many rows are looked at.
const ROWS: u32 = 200;

/// Fewer values than this prove nothing.
const ENOUGH: u32 = 10;

/// Headers that name a person or where they live, in small letters without anything between.
const HEADERS: [&str; 33] = [
    "address",
    "address1",
    "addressline1",
    "christianname",
    "email",
    "emailaddress",
    "familyname",
    "firstname",
    "forename",
    "forenames",
    "fullname",
    "givenname",
    "homephone",
    "housenameflatnumber",
    "knownas",
    "lastname",
    "middlenames",
    "mobile",
    "mobilephone",
    "name",
    "newnhsnumber",
    "nhsno",
    "nhsnum",
    "nhsnumber",
    "numberandstreet",
    "patientname",
    "phone",
    "postcode",
    "previoussurname",
    "surname",
    "telephone",
    "telephonenumber",
    "town",
];

/// Whether a header names a person.
pub fn names_people(header: &str) -> bool {
    let plain: String = header.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    HEADERS.contains(&plain.as_str())
}

/// Whether a cell is an NHS number: ten digits, perhaps in groups, whose last follows from the nine before by modulus 11.
/// 943 476 5919 is one: 9×10 + 4×9 + 3×8 + 4×7 + 7×6 + 6×5 + 5×4 + 9×3 + 1×2 = 299, 299 mod 11 = 2, 11 − 2 = 9.
/// Source: NHS Data Dictionary, NHS NUMBER.
pub fn is_nhs_number(cell: &[u8]) -> bool {
    let mut digits = 0_u32;
    let mut sum = 0_u32;
    let mut last = 0_u32;
    for byte in cell {
        match byte {
            b'0'..=b'9' if digits < 10 => {
                last = u32::from(byte - b'0');
                if digits < 9 {
                    sum += last * (10 - digits);
                }
                digits += 1;
            }
            b' ' | b'-' => {}
            _ => return false,
        }
    }
    digits == 10 && (11 - sum % 11) % 11 == last
}

/// Watches the first rows of a file for NHS numbers.
#[derive(Debug)]
pub struct Watch {
    /// For each column, values and how many of them are NHS numbers; `None` for one that is dropped.
    columns: Vec<Option<(u32, u32)>>,
    rows: u32,
}

impl Watch {
    /// Watches all columns but those that are dropped.
    pub fn new(dropped: impl Iterator<Item = bool>) -> Watch {
        Watch { columns: dropped.map(|dropped| (!dropped).then_some((0, 0))).collect(), rows: 0 }
    }

    /// Looks at a row. `true` when enough rows were seen to ask for the verdict.
    pub fn row(&mut self, record: &ByteRecord) -> bool {
        for (column, cell) in self.columns.iter_mut().zip(record.iter()) {
            let cell = cell.trim_ascii();
            if let Some((values, numbers)) = column.as_mut().filter(|_| !cell.is_empty()) {
                *values += 1;
                *numbers += u32::from(is_nhs_number(cell));
            }
        }
        self.rows += 1;
        self.rows >= ROWS
    }

    /// The first column nine of ten values of which are NHS numbers; of other ten digits one of eleven is.
    pub fn verdict(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.is_some_and(|(values, numbers)| values >= ENOUGH && numbers * 10 >= values * 9))
    }
}
