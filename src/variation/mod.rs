//! How much of a difference is more than chance. One method a file, each with its source and a worked number.

mod wilson;

pub use wilson::{Interval, Z_95, Z_998, wilson};
