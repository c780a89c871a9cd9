//! A register may not ask, through others, for itself.

use super::checks::head_span;
use super::from_rules::{Rulebook, register_id};
use super::{Asks, Condition, Fact, FactId, Framework, RegisterId};
use crate::problem::Problem;

/// A register that asks, through others, for itself.
pub(super) fn register_cycle(rulebook: &Rulebook, framework: &Framework) -> Option<Problem> {
    let mut state = vec![Visit::New; framework.registers.len()];
    for at in 0..framework.registers.len() {
        let id = RegisterId(u16::try_from(at).ok()?);
        if let Some(found) = visit(framework, id, &mut state) {
            let name = &framework.register(found).id;
            let file = rulebook.files.iter().find(|file| register_id(file) == Some(name.as_str()))?;
            return Some(
                Problem::error("R021", format!("the register `{name}` depends on itself"))
                    .at(head_span(file), "this register")
                    .help("follow `on the … register` and `find = \"registers\"` from here: one of them leads back"),
            );
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

fn visit(framework: &Framework, id: RegisterId, state: &mut [Visit]) -> Option<RegisterId> {
    let slot = state.get_mut(usize::from(id.0))?;
    match *slot {
        Visit::Done => return None,
        Visit::Open => return Some(id),
        Visit::New => *slot = Visit::Open,
    }
    let lines = &framework.register(id).lines.lines;
    let wanted: Vec<RegisterId> = lines.iter().flat_map(|line| registers_in(framework, &line.condition)).collect();
    let found = wanted.into_iter().find_map(|other| visit(framework, other, state));
    if let Some(slot) = state.get_mut(usize::from(id.0)) {
        *slot = Visit::Done;
    }
    found
}

/// The registers that a condition asks for, also through facts and other conditions.
fn registers_in(framework: &Framework, condition: &Condition) -> Vec<RegisterId> {
    let mut found = Vec::new();
    for clause in &condition.clauses {
        match &clause.asks {
            Asks::OnRegister(id) => found.push(*id),
            Asks::Condition(id) => found.extend(registers_in(framework, framework.condition(*id))),
            Asks::Fact(id, ..) | Asks::Count(id, _) => found.extend(registers_of(framework, *id)),
            Asks::Age(_) | Asks::Sex(_) | Asks::Registered(_) => {}
        }
    }
    found
}

fn registers_of(framework: &Framework, id: FactId) -> Vec<RegisterId> {
    match framework.fact(id) {
        Fact::Registers(ids) => ids.clone(),
        Fact::Latest(_) | Fact::Earliest(_) | Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) => Vec::new(),
    }
}
