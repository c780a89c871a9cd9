//! Small numbers as Parquet keeps them: runs of one number, and runs of many in a few bits each.
//! In: the bytes of a page. Out: numbers. Knows no column and no type.

use bytes::Bytes;

/// So many numbers lie together in as many bytes as each of them has bits.
const TOGETHER: usize = 8;

/// Numbers to come, each of so many bits.
#[derive(Debug, Default)]
pub struct Runs {
    bytes: Bytes,
    /// Where the next run begins.
    at: usize,
    width: usize,
    run: Run,
    /// How many numbers of the run were not given yet.
    left: usize,
}

/// What is given at the moment.
#[derive(Clone, Copy, Debug)]
enum Run {
    /// One number again and again.
    Same(u32),
    /// Numbers that lie from this byte on, so many of which were given.
    Many { from: usize, given: usize },
}

impl Default for Run {
    fn default() -> Run {
        Run::Same(0)
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// So many times this number.
    Same(u32, usize),
    /// So many numbers.
    Many(usize),
}

impl Runs {
    /// Numbers of so many bits out of these bytes; `None` when numbers have more than 32.
    pub fn new(bytes: Bytes, width: u8) -> Option<Runs> {
        (width <= 32).then(|| Runs { bytes, width: usize::from(width), ..Runs::default() })
    }

    /// What comes next, at most so many; `None` when nothing does, or the bytes make no sense.
    pub fn next(&mut self, most: usize) -> Option<Next> {
        self.begin()?;
        let many = self.left.min(most);
        Some(match self.run {
            Run::Same(number) => Next::Same(number, many),
            Run::Many { .. } => Next::Many(many),
        })
    }

    /// Passes over so many numbers of a run, no more than [`Runs::next`] told of.
    pub fn pass(&mut self, many: usize) {
        self.left = self.left.saturating_sub(many);
        if let Run::Many { given, .. } = &mut self.run {
            *given += many;
        }
    }

    /// Gives as many numbers as there is room for; `None` when so many do not come.
    pub fn read(&mut self, mut into: &mut [u32]) -> Option<()> {
        while !into.is_empty() {
            self.begin()?;
            let (now, rest) = into.split_at_mut_checked(self.left.min(into.len()))?;
            match self.run {
                Run::Same(number) => now.fill(number),
                Run::Many { from, given } => unpack(self.bytes.get(from..)?, self.width, given, now),
            }
            self.pass(now.len());
            into = rest;
        }
        Some(())
    }

    /// Goes to the next run when one is used up.
    fn begin(&mut self) -> Option<()> {
        while self.left == 0 {
            let header = self.header()?;
            let number = usize::try_from(header >> 1).ok()?;
            if header & 1 == 0 {
                let bytes = self.bytes.get(self.at..)?.get(..self.width.div_ceil(8))?;
                self.run = Run::Same(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)));
                self.left = number;
                self.at += bytes.len();
            } else {
                self.run = Run::Many { from: self.at, given: 0 };
                self.left = number.checked_mul(TOGETHER)?;
                self.at = number.checked_mul(self.width).and_then(|length| self.at.checked_add(length))?;
                if self.at > self.bytes.len() {
                    return None;
                }
            }
        }
        Some(())
    }

    /// Seven bits a byte; the highest says that more follow.
    fn header(&mut self) -> Option<u64> {
        let mut header = 0;
        for shift in (0..35).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            header |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(header);
            }
        }
        None
    }
}

/// Numbers of so many bits, the first of which has so many before it.
fn unpack(bytes: &[u8], width: usize, before: usize, into: &mut [u32]) {
    // Up to where eight lie together, one by one; from there on eight at a time; then what is left.
    let odd = (TOGETHER - before % TOGETHER) % TOGETHER;
    let (first, rest) = into.split_at_mut(odd.min(into.len()));
    one_by_one(bytes, width, before, first);
    let before = before + first.len();
    let together = bytes.get(before / TOGETHER * width..).unwrap_or(&[]);
    let done = eight_at_a_time(together, width, rest) * TOGETHER;
    one_by_one(bytes, width, before + done, rest.get_mut(done..).unwrap_or(&mut []));
}

fn one_by_one(bytes: &[u8], width: usize, before: usize, into: &mut [u32]) {
    for (at, number) in into.iter_mut().enumerate() {
        let bit = (before + at) * width;
        let rest = bytes.get(bit / 8..).unwrap_or(&[]);
        let word = match rest.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        *number = cut(word >> (bit % 8), width);
    }
}

#[inline]
fn cut(word: u64, width: usize) -> u32 {
    (word & ((1 << width) - 1)) as u32
}

/// Gives how many times it was eight.
fn eight_at_a_time(bytes: &[u8], width: usize, into: &mut [u32]) -> usize {
    macro_rules! of_width {
        ($($of:literal)*) => {
            match width {
                $($of => eights::<$of>(bytes, into),)*
                // More people, codes or days than these do not come together; they are given one by one.
                _ => 0,
            }
        };
    }
    of_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
}

/// The same where the compiler knows the width. A few bytes more are looked at than are needed.
#[inline]
fn eights<const WIDTH: usize>(bytes: &[u8], into: &mut [u32]) -> usize {
    let mut done = 0;
    for into in into.chunks_exact_mut(TOGETHER) {
        let Some(bytes) = bytes.get(done * WIDTH..done * WIDTH + WIDTH + 8) else { break };
        for (at, number) in into.iter_mut().enumerate() {
            let bit = at * WIDTH;
            let word = bytes.get(bit / 8..bit / 8 + 8).and_then(|word| word.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word));
            *number = cut(word >> (bit % 8), WIDTH);
        }
        done += 1;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs as they would be written: of one number, or of a multiple of eight.
    fn written(runs: &[(bool, Vec<u32>)], width: usize) -> (Vec<u8>, Vec<u32>) {
        let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
        let header = |mut header: usize, bytes: &mut Vec<u8>| {
            while header >= 0x80 {
                bytes.push(header as u8 | 0x80);
                header >>= 7;
            }
            bytes.push(header as u8);
        };
        for (same, run) in runs {
            let run: Vec<u32> = run.iter().map(|number| cut(u64::from(*number), width)).collect();
            if *same {
                header((run.len() * 20) << 1, &mut bytes);
                bytes.extend(&run.first().copied().unwrap_or(0).to_le_bytes()[..width.div_ceil(8)]);
                numbers.extend(vec![run.first().copied().unwrap_or(0); run.len() * 20]);
                continue;
            }
            let eights = run.len() / 8;
            header((eights << 1) | 1, &mut bytes);
            let mut packed = vec![0_u8; eights * width];
            for (at, number) in run.iter().take(eights * 8).enumerate() {
                for bit in (0..width).filter(|bit| number >> bit & 1 == 1) {
                    packed[(at * width + bit) / 8] |= 1 << ((at * width + bit) % 8);
                }
            }
            bytes.extend(packed);
            numbers.extend(&run[..eights * 8]);
        }
        (bytes, numbers)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            runs in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u32>(), 0..60)), 0..6),
            width in 0_usize..=32,
            pieces in prop::collection::vec(1_usize..40, 1..9),
        ) {
            let (bytes, numbers) = written(&runs, width);
            let mut runs = Runs::new(bytes.into(), width as u8).unwrap();
            let mut read = Vec::new();
            for piece in pieces.iter().cycle() {
                let mut into = vec![u32::MAX; (*piece).min(numbers.len() - read.len())];
                if into.is_empty() {
                    break;
                }
                prop_assert_eq!(runs.read(&mut into), Some(()));
                read.extend(into);
            }
            prop_assert_eq!(read, numbers);
            prop_assert_eq!(runs.read(&mut [0]), None);
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..40), width in 0_u8..=40, most in 0_usize..5000) {
            if let Some(mut runs) = Runs::new(bytes.into(), width) {
                let _ = runs.read(&mut vec![0; most]);
            }
        }
    }
}
