//! The names of what every pathway counts without being told. An author's counts must have others: in the files of results
//! a name is one measure.

/// Everyone on the register.
pub const REGISTER: &str = "register";
/// People at each place.
pub const PLACE: &str = "place";
/// People with a step before an earlier one.
pub const OUT_OF_ORDER: &str = "out-of-order";
/// Plans that lapsed.
pub const LAPSED: &str = "plans-lapsed";
/// Records of one code.
pub const CODE: &str = "code";

/// People in whom this stage is missing before the furthest.
pub fn missing(stage: &str) -> String {
    format!("missing-{stage}")
}

/// The days from one stage to a later one.
pub fn between(from: &str, to: &str) -> String {
    format!("{from}-to-{to}")
}

/// All of them, each with the stage whose name it holds, by its place; a later stage where it holds two.
pub fn all(stages: &[&str]) -> Vec<(String, Option<usize>)> {
    let mut names: Vec<(String, Option<usize>)> = [REGISTER, PLACE, OUT_OF_ORDER, LAPSED, CODE].map(|name| (name.to_owned(), None)).into();
    for (at, stage) in stages.iter().enumerate() {
        names.push((missing(stage), Some(at)));
        names.extend(stages.iter().take(at).map(|earlier| (between(earlier, stage), Some(at))));
    }
    names
}
