//! dqoh
pub mod achievement;
pub mod cli;
pub mod evaluate;
pub mod extract;
pub mod framework;
pub mod practice;
pub mod problem;
pub mod report;
pub mod rules;
pub mod source;
pub mod tally;
pub mod variation;
