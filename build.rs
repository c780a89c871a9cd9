//! The framework that is built into the program is read at compile time: a changed rule must compile again.

fn main() {
    println!("cargo::rerun-if-changed=business-rules/dudley-2016-17");
}
