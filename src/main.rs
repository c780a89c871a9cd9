//! Arguments in, exit code out.

use clap::Parser;
use dqoh::cli::{Arguments, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(run(Arguments::parse()))
}
