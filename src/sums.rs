//! Numbers by key, in the order of their keys in one piece of memory. Counts are added together and read in order, hardly ever looked up
//! one by one: that is cheaper here than in a tree, and a practice that comes after all others is only put at the end.

use std::ops::AddAssign;

/// Numbers by key; none of them is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums<K, N> {
    /// INVARIANT (sums sorted): in the order of their keys, each key once.
    sorted: Vec<(K, N)>,
}

impl<K, N> Default for Sums<K, N> {
    fn default() -> Self {
        Sums { sorted: Vec::new() }
    }
}

impl<K: Ord + Copy, N: AddAssign + Copy + Default + PartialEq> Sums<K, N> {
    /// The number of a key; 0 where there is none.
    pub fn get(&self, key: K) -> N {
        let at = self.sorted.binary_search_by_key(&key, |(key, _)| *key).ok();
        at.and_then(|at| self.sorted.get(at)).map_or(N::default(), |(_, number)| *number)
    }

    /// All of them, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (K, N)> {
        self.sorted.iter().copied()
    }

    /// Both together; numbers of one key are added.
    pub fn merged(mut self, other: Self) -> Self {
        let Some((first, _)) = other.sorted.first() else { return self };
        // By INVARIANT (sums sorted) what lies before the other's first key stays where it is.
        let from = self.sorted.partition_point(|(key, _)| key < first);
        let mut later = self.sorted.split_off(from);
        if later.is_empty() {
            self.sorted.extend(other.sorted);
        } else {
            later.extend(other.sorted);
            self.sorted.extend(later.into_iter().collect::<Self>().sorted);
        }
        self
    }
}

/// Of numbers in any order; those of one key are added, and 0 is left out.
impl<K: Ord + Copy, N: AddAssign + Copy + Default + PartialEq> FromIterator<(K, N)> for Sums<K, N> {
    fn from_iter<I: IntoIterator<Item = (K, N)>>(numbers: I) -> Self {
        let mut sorted: Vec<(K, N)> = numbers.into_iter().filter(|(_, number)| *number != N::default()).collect();
        // Stable, because what comes is mostly in order for long stretches already.
        sorted.sort_by_key(|(key, _)| *key);
        sorted.dedup_by(|(key, number), (before, sum)| {
            let same = key == before;
            if same {
                *sum += *number;
            }
            same
        });
        Sums { sorted }
    }
}

#[cfg(test)]
mod tests {
    use super::Sums;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn sums_are_those_of_a_map(parts in prop::collection::vec(prop::collection::vec((0..20_u8, 0..5_u64), 0..12), 0..6)) {
            let mut expected: BTreeMap<u8, u64> = BTreeMap::new();
            for (key, number) in parts.iter().flatten() {
                *expected.entry(*key).or_default() += number;
            }
            expected.retain(|_, sum| *sum > 0);
            let merged = parts.iter().map(|part| part.iter().copied().collect::<Sums<u8, u64>>()).fold(Sums::default(), Sums::merged);
            prop_assert_eq!(merged.iter().collect::<Vec<_>>(), expected.iter().map(|(key, sum)| (*key, *sum)).collect::<Vec<_>>());
            for key in 0..20 {
                prop_assert_eq!(merged.get(key), expected.get(&key).copied().unwrap_or(0));
            }
        }
    }
}
