//! What sentences and facts look at themselves: not what their days only count from.

use super::code_sets::SetId;
use super::{Asks, Clause, Condition, Fact, FactId, Framework};

impl Framework {
    /// The facts that a condition asks for, those of named sentences among them.
    pub fn facts_of(&self, condition: &Condition) -> Vec<FactId> {
        condition.clauses.iter().flat_map(|clause| self.facts_of_clause(clause)).collect()
    }

    fn facts_of_clause(&self, clause: &Clause) -> Vec<FactId> {
        match &clause.asks {
            Asks::OnRegister(_) | Asks::Age(_) | Asks::Sex(_) | Asks::Registered(_) => Vec::new(),
            Asks::Condition(id) => self.facts_of(self.condition(*id)),
            Asks::Fact(id, ..) | Asks::Count(id, _) => vec![*id],
        }
    }

    /// The sets whose records a clause looks at.
    pub fn sets_of_clause(&self, clause: &Clause) -> Vec<SetId> {
        self.facts_of_clause(clause).into_iter().flat_map(|id| self.sets_of(id)).collect()
    }

    /// The sets whose records a fact looks at, companions among them.
    pub fn sets_of(&self, id: FactId) -> Vec<SetId> {
        match self.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => {
                search.sets.iter().chain(search.with.iter().flat_map(|companion| &companion.sets)).copied().collect()
            }
            Fact::LatestOf(ids) => ids.iter().flat_map(|id| self.sets_of(*id)).collect(),
            Fact::Registers(_) => Vec::new(),
        }
    }
}
