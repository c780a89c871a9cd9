//! What must be known before what: a fact may hang on others, and on registers; a register on facts.
//! Everything of one level is found in one scan.

use crate::framework::pathways::Pathway;
use crate::framework::{Asks, Condition, DayTest, Fact, FactId, Framework, Hang, Lines, RegisterId, Search};

/// The levels of facts and registers, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    facts: Vec<Option<usize>>,
    registers: Vec<Option<usize>>,
}

impl Levels {
    /// Works them out. A sound framework has no circles.
    pub fn of(framework: &Framework) -> Levels {
        let mut levels = Levels { facts: vec![None; framework.facts.len()], registers: vec![None; framework.registers.len()] };
        for id in facts(framework) {
            levels.fact(framework, id);
        }
        for id in registers(framework) {
            levels.register(framework, id);
        }
        levels
    }

    /// Those that one measure needs: its lines, and the register that it is of.
    pub fn of_measure(framework: &Framework, lines: &Lines, of: Option<RegisterId>) -> Levels {
        let mut levels = Levels { facts: vec![None; framework.facts.len()], registers: vec![None; framework.registers.len()] };
        for line in &lines.lines {
            levels.condition(framework, &line.condition);
        }
        if let Some(id) = of {
            levels.register(framework, id);
        }
        levels
    }

    /// Those that one pathway needs besides its lines: whom it is of, its steps, and all that is counted of it.
    pub fn of_pathway(framework: &Framework, pathway: &Pathway) -> Levels {
        let mut levels = Levels::of_measure(framework, &pathway.lines, Some(pathway.of));
        for id in pathway.stages.iter().map(|stage| stage.fact).chain(pathway.counts.iter().map(|count| count.fact)).chain([pathway.plan]) {
            levels.fact(framework, id);
        }
        for count in &pathway.people {
            levels.condition(framework, &count.condition);
        }
        for id in &pathway.conditions {
            levels.register(framework, *id);
        }
        levels
    }

    /// The level of a fact, if it is needed.
    pub fn level_of(&self, id: FactId) -> Option<usize> {
        self.facts.get(id.0 as usize).copied().flatten()
    }

    /// How many levels there are.
    pub fn len(&self) -> usize {
        self.facts.iter().chain(&self.registers).filter_map(|level| level.map(|level| level + 1)).max().unwrap_or(0)
    }

    /// The facts of a level.
    pub fn facts_at(&self, level: usize) -> impl Iterator<Item = FactId> {
        (0..).zip(&self.facts).filter(move |(_, of)| **of == Some(level)).map(|(id, _)| FactId(id))
    }

    /// The registers of a level. They may use the facts of the same level.
    pub fn registers_at(&self, level: usize) -> impl Iterator<Item = RegisterId> {
        (0..).zip(&self.registers).filter(move |(_, of)| **of == Some(level)).map(|(id, _)| RegisterId(id))
    }

    fn fact(&mut self, framework: &Framework, id: FactId) -> usize {
        if let Some(Some(level)) = self.facts.get(id.0 as usize) {
            return *level;
        }
        let level = match framework.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => {
                self.search(framework, search)
            }
            Fact::LatestOf(ids) => ids.iter().map(|id| self.fact(framework, *id) + 1).max().unwrap_or(0),
            Fact::Registers(ids) => ids.iter().map(|id| self.register(framework, *id)).max().unwrap_or(0),
        };
        if let Some(slot) = self.facts.get_mut(id.0 as usize) {
            *slot = Some(level);
        }
        level
    }

    fn search(&mut self, framework: &Framework, search: &Search) -> usize {
        let hangs = search.since.iter().chain(&search.until);
        let levels = hangs.map(|hang| match hang {
            Hang::Fact(id, _) => self.fact(framework, *id) + 1,
            Hang::Age(_) => 0,
        });
        levels.max().unwrap_or(0)
    }

    fn register(&mut self, framework: &Framework, id: RegisterId) -> usize {
        if let Some(Some(level)) = self.registers.get(usize::from(id.0)) {
            return *level;
        }
        let lines = &framework.register(id).lines.lines;
        let level = lines.iter().map(|line| self.condition(framework, &line.condition)).max().unwrap_or(0);
        if let Some(slot) = self.registers.get_mut(usize::from(id.0)) {
            *slot = Some(level);
        }
        level
    }

    /// The level at which a condition can be told, within a register: registers that it asks for must be known before.
    fn condition(&mut self, framework: &Framework, condition: &Condition) -> usize {
        let mut level = 0;
        for clause in &condition.clauses {
            level = level.max(match &clause.asks {
                Asks::OnRegister(id) => self.register(framework, *id) + 1,
                Asks::Condition(id) => self.condition(framework, framework.condition(*id)),
                Asks::Age(_) | Asks::Sex(_) => 0,
                Asks::Registered(days) => self.days(framework, days),
                Asks::Fact(id, days, _) => self.fact(framework, *id).max(self.days(framework, days)),
                Asks::Count(id, _) => self.counted(framework, *id),
            });
        }
        level
    }

    /// A count of registers is told from their columns, which must be there before.
    fn counted(&mut self, framework: &Framework, id: FactId) -> usize {
        let level = self.fact(framework, id);
        match framework.fact(id) {
            Fact::Registers(_) => level + 1,
            Fact::Latest(_) | Fact::Earliest(_) | Fact::Pair(..) | Fact::Count(..) | Fact::LatestOf(_) => level,
        }
    }

    fn days(&mut self, framework: &Framework, days: &[DayTest]) -> usize {
        let facts = days.iter().filter_map(|test| match test {
            DayTest::Day(..) => None,
            DayTest::Fact(_, id) | DayTest::Within { of: id, .. } => Some(*id),
        });
        facts.map(|id| self.fact(framework, id)).max().unwrap_or(0)
    }
}

fn facts(framework: &Framework) -> impl Iterator<Item = FactId> + use<> {
    (0..u32::try_from(framework.facts.len()).unwrap_or(u32::MAX)).map(FactId)
}

/// All registers.
pub fn registers(framework: &Framework) -> impl Iterator<Item = RegisterId> + use<> {
    (0..u16::try_from(framework.registers.len()).unwrap_or(u16::MAX)).map(RegisterId)
}
