//! Official rules of awkward shape, said line for line in the words of the grammar: `tests/shapes` is one framework
//! of registers and indicators. Nothing may be wrong with it, its examples must come out, and every line must decide one.

mod support;

use dqoh::framework::View;
use support::{check_examples, folder, rulebook, rules};

/// What must be sayable, each for a reason of its own.
const INDICATORS: [(&str, &str); 7] = [
    ("AST007", "any qualifying review, with companions within a month before it and on its day"),
    ("CHD007", "a season that each year has"),
    ("CHOL004", "a second test where the first was not done"),
    ("COPD014", "something that follows something else, and attended between two days"),
    ("CS005", "sex, ages from and to, 42 months, three invitations"),
    ("MH021", "all of six elements, or a reason for each that is missing"),
    ("SMOK002", "a birthday as a bound, and three years in a row"),
];

/// The same of registers.
const REGISTERS: [(&str, &str); 4] = [
    ("CAN", "a first or new episode since a fixed day"),
    ("NDH", "not on another register"),
    ("OST", "two age groups with rules of their own, and a value below 0"),
    ("SMOK1", "on any of nine registers"),
];

#[test]
fn every_shape_can_be_said() {
    let folder = folder("shapes");
    let rules = rules(&folder);
    check_examples(&rules, &folder);

    let rulebook = rulebook(&rules);
    let (framework, problems) = rulebook.at(rulebook.period().to, View::YearEnd);
    assert!(problems.is_empty());
    for (id, why) in INDICATORS {
        assert!(framework.indicators.iter().any(|indicator| indicator.id == id), "{id} is missing: {why}");
    }
    for (id, why) in REGISTERS {
        assert!(framework.registers.iter().any(|register| register.id == id), "{id} is missing: {why}");
    }
}
