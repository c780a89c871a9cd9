//! A small change, made in a [`Framework`] as it is compiled: there a window can be one day off. Only `mutants.rs`
//! does it, and puts back what was.

use super::changes::{Change, Edit, FactSlip, Move, Slip, Spot, flipped};
use crate::framework::{AmountTest, Asks, Condition, DayTest, Fact, FactId, Framework, Hang, LineNumber, Lines, Near, RegisterId, Search};

/// Which measures a file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A register.
    Register(RegisterId),
    /// An indicator, by its place in the framework.
    Indicator(usize),
    /// A pathway, by its place in the framework.
    Pathway(usize),
}

impl Change {
    /// Makes the change in all measures of the file.
    pub fn make(&self, framework: &mut Framework, measures: &[Measure]) {
        let concerned: Vec<Measure> = measures.iter().copied().filter(|measure| self.concerns(framework, *measure)).collect();
        match &self.edit {
            Edit::Fact(name, slip) => {
                let named = concerned.iter().filter_map(|measure| fact_called(lines_of(framework, *measure)?, name));
                let mut ids: Vec<FactId> = named.collect();
                ids.sort_unstable();
                ids.dedup();
                for id in ids {
                    change_fact(framework, id, *slip);
                }
            }
            Edit::Again(id, by) => {
                let counts = framework.pathways.iter_mut().flat_map(|pathway| &mut pathway.counts);
                counts.filter(|count| count.id == *id).for_each(|count| count.again = count.again.map(|days| days + by));
            }
            Edit::Stages(slip) => {
                for measure in concerned {
                    if let Measure::Pathway(at) = measure {
                        slip.make(framework, at);
                    }
                }
            }
            Edit::Swap(number) => {
                for measure in concerned {
                    let Some(lines) = lines_mut(framework, measure) else { continue };
                    if let Some(at) = lines.lines.iter().position(|line| line.number == *number).filter(|at| at + 1 < lines.lines.len()) {
                        lines.lines.swap(at, at + 1);
                    }
                }
            }
            Edit::LeaveOut(number) => {
                for measure in concerned {
                    if let Some(lines) = lines_mut(framework, measure) {
                        lines.lines.retain(|line| line.number != *number);
                    }
                }
            }
            Edit::Clause(spot, at, slip) => {
                for measure in concerned {
                    if let Some(condition) = sentence_mut(framework, measure, spot) {
                        change_clause(condition, *at, *slip);
                    }
                }
            }
        }
    }

    fn concerns(&self, framework: &Framework, measure: Measure) -> bool {
        let id = match measure {
            Measure::Register(_) | Measure::Pathway(_) => None,
            Measure::Indicator(at) => framework.indicators.get(at).map(|indicator| indicator.id.as_str()),
        };
        self.band.is_none() || self.band.as_deref() == id
    }
}

/// The lines of a measure.
pub fn lines_of(framework: &Framework, measure: Measure) -> Option<&Lines> {
    match measure {
        Measure::Register(id) => Some(&framework.register(id).lines),
        Measure::Indicator(at) => framework.indicators.get(at).map(|indicator| &indicator.lines),
        Measure::Pathway(at) => framework.pathways.get(at).map(|pathway| &pathway.lines),
    }
}

/// The lines of a measure, to be changed.
pub fn lines_mut(framework: &mut Framework, measure: Measure) -> Option<&mut Lines> {
    match measure {
        Measure::Register(id) => framework.registers.get_mut(usize::from(id.0)).map(|register| &mut register.lines),
        Measure::Indicator(at) => framework.indicators.get_mut(at).map(|indicator| &mut indicator.lines),
        Measure::Pathway(at) => framework.pathways.get_mut(at).map(|pathway| &mut pathway.lines),
    }
}

fn fact_called(lines: &Lines, name: &str) -> Option<FactId> {
    lines.fact_names.iter().find(|(_, other)| other == name).map(|(id, _)| *id)
}

fn sentence_mut<'f>(framework: &'f mut Framework, measure: Measure, spot: &Spot) -> Option<&'f mut Condition> {
    let lines = lines_of(framework, measure)?;
    let id = match spot {
        Spot::Line(number) => {
            let lines = lines_mut(framework, measure)?;
            return lines.lines.iter_mut().find(|line| line.number == *number).map(|line| &mut line.condition);
        }
        Spot::Condition(name) => lines.condition_names.iter().find(|(_, other)| other == name).map(|(id, _)| *id)?,
        Spot::People(id) => {
            let Measure::Pathway(at) = measure else { return None };
            let people = framework.pathways.get_mut(at)?.people.iter_mut().find(|people| people.id == *id)?;
            return Some(&mut people.condition);
        }
        Spot::Band => match lines.line(LineNumber(0))?.condition.clauses.first()?.asks {
            Asks::Condition(id) => id,
            _ => return None,
        },
    };
    framework.conditions.get_mut(id.0 as usize)
}

fn change_clause(condition: &mut Condition, at: usize, slip: Slip) {
    if let Slip::LeftOut = slip {
        condition.clauses.remove(at);
        return;
    }
    let Some(clause) = condition.clauses.get_mut(at) else { return };
    let mut none = Vec::new();
    let mut no_amounts = Vec::new();
    let (days, amounts): (&mut Vec<DayTest>, &mut Vec<AmountTest>) = match &mut clause.asks {
        Asks::Fact(_, days, amounts) => (days, amounts),
        Asks::Registered(days) => (days, &mut no_amounts),
        Asks::Age(amounts) | Asks::Count(_, amounts) => (&mut none, amounts),
        Asks::OnRegister(_) | Asks::Condition(_) | Asks::Sex(_) => (&mut none, &mut no_amounts),
    };
    match slip {
        Slip::TurnedRound => clause.no = !clause.no,
        Slip::Day(test, by) => days.iter_mut().skip(test).take(1).for_each(|test| move_day(test, by)),
        Slip::NoDay(test) => drop(days.remove(test)),
        Slip::Amount(test, by) => amounts.iter_mut().skip(test).take(1).for_each(|test| test.amount.0 += by),
        Slip::NoAmount(test) => drop(amounts.remove(test)),
        Slip::LeftOut => {}
    }
}

fn move_day(test: &mut DayTest, by: Move) {
    match (test, by) {
        (DayTest::Day(_, day), Move::By(days)) => *day = day.plus(days),
        (DayTest::Day(order, _) | DayTest::Fact(order, _), Move::Flip) => *order = flipped(*order).unwrap_or(*order),
        (DayTest::Within { from, .. }, Move::First(days)) => *from += days,
        (DayTest::Within { to, .. }, Move::Last(days)) => *to += days,
        _ => {}
    }
}

fn change_fact(framework: &mut Framework, id: FactId, slip: FactSlip) {
    let last_day = framework.reporting_day;
    if let FactSlip::Companion(at, by) = slip {
        return move_companion(framework, id, at, by);
    }
    let Some(fact) = framework.facts.get_mut(id.0 as usize) else { return };
    if let (Fact::Pair(_, apart), FactSlip::Apart(by)) = (&mut *fact, slip) {
        *apart += by;
        return;
    }
    let Some(search) = search_mut(fact) else { return };
    match slip {
        FactSlip::From(days) => search.from = search.from.plus(days),
        FactSlip::To(days) => search.to = search.to.plus(days).min(last_day),
        FactSlip::Since(by) => search.since = search.since.map(|hang| moved(hang, by)),
        FactSlip::Until(by) => search.until = search.until.map(|hang| moved(hang, by)),
        FactSlip::Only(at, by) => search.only.iter_mut().skip(at).take(1).for_each(|test| test.amount.0 += by),
        FactSlip::NoOnly(at) => drop(search.only.remove(at)),
        FactSlip::NoEpisode => search.new_episode = false,
        FactSlip::NoCompanion(at) => drop(search.with.remove(at)),
        FactSlip::Apart(_) | FactSlip::Companion(..) => {}
    }
}

pub(super) fn search_mut(fact: &mut Fact) -> Option<&mut Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

fn moved(hang: Hang, by: i32) -> Hang {
    match hang {
        Hang::Fact(id, days) => Hang::Fact(id, days + by),
        Hang::Age(age) => Hang::Age(age + by),
    }
}

fn move_companion(framework: &mut Framework, id: FactId, at: usize, by: Move) {
    let near = framework.facts.get_mut(id.0 as usize).and_then(search_mut).and_then(|search| search.with.get(at)).map(|with| with.within);
    let (first, last) = match by {
        Move::First(days) => (days, 0),
        Move::Last(days) => (0, days),
        Move::By(_) | Move::Flip => (0, 0),
    };
    let changed = match near {
        Some(Near::Days(from, to)) => Near::Days(from + first, to + last),
        Some(Near::Since(table)) => Near::Since(framework.moved_table(table, first)),
        Some(Near::Until(table)) => Near::Until(framework.moved_table(table, last)),
        None => return,
    };
    if let Some(with) = framework.facts.get_mut(id.0 as usize).and_then(search_mut).and_then(|search| search.with.get_mut(at)) {
        with.within = changed;
    }
}
