//! GUIDs of the EMIS Web extract: `{D77C65E1-E100-4272-9386-F4FC383D8759}`, with or without braces, in any case.
//! In: a cell. Out: a number of 128 bits, so that two GUIDs are equal when they are the same and never otherwise.

/// A GUID as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(u128);

/// A GUID of one organisation: alone a GUID is not unique.
pub type Key = (u32, Guid);

/// Where hyphens stand.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Guid {
    /// The GUID of a cell, if it is one.
    pub fn parse(cell: &[u8]) -> Option<Guid> {
        let cell = cell.trim_ascii();
        let bare = match cell {
            [b'{', inner @ .., b'}'] => inner,
            _ => cell,
        };
        let hyphens = match bare.len() {
            36 => true,
            32 => false,
            _ => return None,
        };
        let mut number = 0_u128;
        for (at, byte) in bare.iter().enumerate() {
            if hyphens && HYPHENS.contains(&at) {
                if *byte != b'-' {
                    return None;
                }
                continue;
            }
            number = (number << 4) | u128::from(char::from(*byte).to_digit(16)?);
        }
        Some(Guid(number))
    }

    /// From a cell that may be empty, or all zeros for nothing.
    pub fn parse_some(cell: &[u8]) -> Option<Guid> {
        Guid::parse(cell).filter(|guid| guid.0 != 0)
    }

    /// As it is told: capitals, hyphens, no braces.
    pub fn text(self) -> String {
        let Guid(n) = self;
        format!(
            "{:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
            n >> 96,
            (n >> 80) & 0xffff,
            (n >> 64) & 0xffff,
            (n >> 48) & 0xffff,
            n & 0xffff_ffff_ffff
        )
    }

    /// Its bytes, for groups.
    pub fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_guid_in_every_spelling() {
        let text = "D77C65E1-E100-4272-9386-F4FC383D8759";
        let guid = Guid::parse(text.as_bytes());
        assert_eq!(guid.map(Guid::text).as_deref(), Some(text));
        for other in
            ["{D77C65E1-E100-4272-9386-F4FC383D8759}", " {d77c65e1-e100-4272-9386-f4fc383d8759} ", "d77c65e1e10042729386f4fc383d8759"]
        {
            assert_eq!(Guid::parse(other.as_bytes()), guid, "{other}");
        }
    }

    #[test]
    fn what_is_no_guid() {
        for other in [
            "",
            "{}",
            "12345",
            "{D77C65E1-E100-4272-9386-F4FC383D8759",
            "D77C65E1-E100-4272-9386-F4FC383D875G",
            "D77C65E1E100-4272-9386-F4FC383D8759-",
        ] {
            assert_eq!(Guid::parse(other.as_bytes()), None, "{other}");
        }
        assert_eq!(Guid::parse_some(b"{00000000-0000-0000-0000-000000000000}"), None);
    }
}
