//! Chance that comes out alike for one seed.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

pub struct Chance(Pcg64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(Pcg64::seed_from_u64(seed))
    }

    /// One of them.
    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.0.random_range(0..all.len())].clone()
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: u32) -> bool {
        self.0.random_range(0..times) == 0
    }

    /// From 1 to so many.
    pub fn up_to(&mut self, most: usize) -> usize {
        self.0.random_range(1..=most)
    }

    /// Some of them, each once, at least one.
    pub fn some<T: Clone>(&mut self, all: &[T], most: usize) -> Vec<T> {
        let mut left = all.to_vec();
        let mut taken = Vec::new();
        for _ in 0..self.up_to(most.min(left.len())) {
            taken.push(left.swap_remove(self.0.random_range(0..left.len())));
        }
        taken
    }
}
