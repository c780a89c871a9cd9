//! Where cells and rows end in a block of CSV: every comma, every end of a line, and every byte that asks for a closer look.
//! Sixty-four bytes at a time; most of the time that reading takes is spent here, so that there is nothing else.

use wide::u8x16;

/// Places of one kind of byte, in order.
#[derive(Debug, Default)]
pub struct Places {
    /// Longer than what is in use, so that eight places can be written at once.
    places: Vec<u32>,
    number: usize,
}

/// No place: later than every other.
pub const NOWHERE: u32 = u32::MAX;

impl Places {
    /// The place of a number, or one that is later than all.
    #[inline]
    pub fn get(&self, at: usize) -> u32 {
        if at < self.number { self.places.get(at).copied().unwrap_or(NOWHERE) } else { NOWHERE }
    }

    /// Adds those of sixty-four bytes: one bit a byte.
    #[inline]
    fn add(&mut self, from: u32, mut bits: u64) {
        if bits == 0 {
            return;
        }
        let number = self.number + bits.count_ones() as usize;
        if self.places.len() < number + 8 {
            self.places.resize((number + 8) * 2, NOWHERE);
        }
        let mut rest = self.places.get_mut(self.number..).unwrap_or(&mut []);
        while let Some((eight, others)) = rest.split_first_chunk_mut::<8>() {
            for place in eight {
                *place = from.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
            rest = others;
        }
        self.number = number;
    }

    /// The same where there is seldom more than one.
    #[inline]
    fn add_few(&mut self, from: u32, mut bits: u64) {
        while bits != 0 {
            if self.number == self.places.len() {
                self.places.resize((self.number + 8) * 2, NOWHERE);
            }
            if let Some(place) = self.places.get_mut(self.number) {
                *place = from.wrapping_add(bits.trailing_zeros());
            }
            self.number += 1;
            bits &= bits.wrapping_sub(1);
        }
    }
}

/// The places of all three kinds in a block.
#[derive(Debug, Default)]
pub struct Separators {
    /// Commas.
    pub commas: Places,
    /// Ends of lines.
    pub line_ends: Places,
    /// Quotation marks, bytes of zero, and bytes beyond ASCII.
    pub odd: Places,
}

impl Separators {
    /// Finds them anew, in the memory of the last block.
    pub fn find(&mut self, bytes: &[u8]) {
        self.commas.number = 0;
        self.line_ends.number = 0;
        self.odd.number = 0;
        let (chunks, rest) = bytes.as_chunks::<64>();
        let mut from = 0;
        for chunk in chunks {
            self.look(from, chunk);
            from += 64;
        }
        let mut last = [b' '; 64];
        for (to, byte) in last.iter_mut().zip(rest) {
            *to = *byte;
        }
        self.look(from, &last);
    }

    #[inline]
    fn look(&mut self, from: u32, chunk: &[u8; 64]) {
        let (comma, line_end, quote, zero) = (u8x16::splat(b','), u8x16::splat(b'\n'), u8x16::splat(b'"'), u8x16::splat(0));
        // The highest bit of a byte beyond ASCII is set, as that of every byte that is found.
        let is_odd = |bytes: u8x16| bytes.cmp_eq(quote) | bytes.cmp_eq(zero) | bytes;
        let (mut commas, mut line_ends, mut any_odd) = (0, 0, zero);
        let quarters = chunk.as_chunks::<16>().0.iter().zip([0, 16, 32, 48]);
        for (quarter, shift) in quarters.clone() {
            let bytes = u8x16::new(*quarter);
            commas |= bits(bytes.cmp_eq(comma)) << shift;
            line_ends |= bits(bytes.cmp_eq(line_end)) << shift;
            any_odd |= is_odd(bytes);
        }
        self.commas.add(from, commas);
        self.line_ends.add_few(from, line_ends);
        if bits(any_odd) != 0 {
            let odd = quarters.fold(0, |odd, (quarter, shift)| odd | bits(is_odd(u8x16::new(*quarter))) << shift);
            self.odd.add_few(from, odd);
        }
    }
}

#[inline]
fn bits(of: u8x16) -> u64 {
    u64::from(of.move_mask().cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::{NOWHERE, Places, Separators};
    use proptest::prelude::*;

    fn all(places: &Places) -> Vec<usize> {
        (0..).map(|at| places.get(at)).take_while(|place| *place != NOWHERE).map(|place| place as usize).collect()
    }

    proptest! {
        #[test]
        fn they_are_where_a_look_at_every_byte_finds_them(blocks in prop::collection::vec(prop::collection::vec(prop::sample::select(b",\n\"\0a\xe9".to_vec()), 0..300), 1..4)) {
            let mut found = Separators::default();
            for block in blocks {
                found.find(&block);
                let of = |fits: fn(u8) -> bool| block.iter().enumerate().filter(|(_, byte)| fits(**byte)).map(|(at, _)| at).collect::<Vec<_>>();
                prop_assert_eq!(all(&found.commas), of(|byte| byte == b','));
                prop_assert_eq!(all(&found.line_ends), of(|byte| byte == b'\n'));
                prop_assert_eq!(all(&found.odd), of(|byte| byte == b'"' || byte == 0 || byte >= 0x80));
            }
        }
    }
}
