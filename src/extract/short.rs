//! Short texts: ids, codes, words. Most comparisons while reading are of these, and calling out for each would take longer than all else.

/// Whether two texts are the same.
/// Worked: `snomed` is compared by its bytes 1 to 4 and 3 to 6, which are all of them.
#[inline]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0 => true,
        1..4 => one.iter().zip(other).all(|(one, other)| one == other),
        4..8 => one.first_chunk::<4>() == other.first_chunk::<4>() && one.last_chunk::<4>() == other.last_chunk::<4>(),
        8..=16 => one.first_chunk::<8>() == other.first_chunk::<8>() && one.last_chunk::<8>() == other.last_chunk::<8>(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::same;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_equality(one in prop::collection::vec(0_u8..3, 0..20), at in 0_usize..20, byte in 0_u8..3) {
            let mut other = one.clone();
            prop_assert!(same(&one, &other));
            if let Some(there) = other.get_mut(at) {
                *there = byte;
            }
            prop_assert_eq!(same(&one, &other), one == other);
            other.push(0);
            prop_assert!(!same(&one, &other));
        }
    }
}
