//! Where cells and rows end in a block of CSV: one bit a byte for every comma, every end of a line, and every byte that asks for
//! a closer look. Sixty-four bytes at a time; reading can cost little more than this, so that there is nothing else.

use wide::u8x16;

/// Which of sixty-four bytes are what; the first byte is the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Commas.
    pub commas: u64,
    /// Ends of lines.
    pub line_ends: u64,
    /// Quotation marks, bytes of zero, and bytes beyond ASCII.
    pub odd: u64,
}

impl Sight {
    #[inline]
    fn of(chunk: &[u8; 64]) -> Sight {
        let (comma, line_end, quote, zero) = (u8x16::splat(b','), u8x16::splat(b'\n'), u8x16::splat(b'"'), u8x16::splat(0));
        // The highest bit of a byte beyond ASCII is set, as that of every byte that is found.
        let is_odd = |bytes: u8x16| bytes.cmp_eq(quote) | bytes.cmp_eq(zero) | bytes;
        let (mut sight, mut any_odd) = (Sight::default(), zero);
        let quarters = chunk.as_chunks::<16>().0.iter().zip([0, 16, 32, 48]);
        for (quarter, shift) in quarters.clone() {
            let bytes = u8x16::new(*quarter);
            sight.commas |= bits(bytes.cmp_eq(comma)) << shift;
            sight.line_ends |= bits(bytes.cmp_eq(line_end)) << shift;
            any_odd |= is_odd(bytes);
        }
        if bits(any_odd) != 0 {
            sight.odd = quarters.fold(0, |odd, (quarter, shift)| odd | bits(is_odd(u8x16::new(*quarter))) << shift);
        }
        sight
    }
}

#[inline]
fn bits(of: u8x16) -> u64 {
    u64::from(of.move_mask().cast_unsigned())
}

/// What the bytes of a block are.
#[derive(Debug, Default)]
pub struct Separators {
    /// Of sixty-four bytes each, and of sixty-four that nothing is in after the last.
    sights: Vec<Sight>,
}

impl Separators {
    /// Finds them anew, in the memory of the last block.
    pub fn find(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<64>();
        self.sights.clear();
        self.sights.extend(chunks.iter().map(Sight::of));
        let mut last = [b' '; 64];
        for (to, byte) in last.iter_mut().zip(rest) {
            *to = *byte;
        }
        self.sights.extend([Sight::of(&last), Sight::default()]);
    }

    /// What the sixty-four bytes from a place on are; nothing beyond the end.
    #[inline]
    pub fn from(&self, at: usize) -> Sight {
        let two = self.sights.get(at / 64..).and_then(<[Sight]>::first_chunk::<2>);
        let [low, high] = two.copied().unwrap_or_default();
        let shift = (at % 64) as u32;
        let joined = |low: u64, high: u64| low >> shift | (high << 1) << (63 - shift);
        Sight { commas: joined(low.commas, high.commas), line_ends: joined(low.line_ends, high.line_ends), odd: joined(low.odd, high.odd) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Separators, Sight};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_where_a_look_at_every_byte_finds_them(blocks in prop::collection::vec(prop::collection::vec(prop::sample::select(b",\n\"\0a\xe9".to_vec()), 0..300), 1..4), from in 0_usize..400) {
            let mut found = Separators::default();
            for block in blocks {
                found.find(&block);
                let of = |fits: fn(u8) -> bool| {
                    let bytes = block.iter().skip(from).take(64).enumerate();
                    bytes.fold(0_u64, |bits, (at, byte)| bits | u64::from(fits(*byte)) << at)
                };
                let expected = Sight {
                    commas: of(|byte| byte == b','),
                    line_ends: of(|byte| byte == b'\n'),
                    odd: of(|byte| byte == b'"' || byte == 0 || byte >= 0x80),
                };
                prop_assert_eq!(found.from(from), expected);
            }
        }
    }
}
