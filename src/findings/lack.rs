//! A condition → what it needs and the extract does not hold, so that it cannot hold for anybody.
//! Goes by counts of records alone: where it says nothing, the condition may still hold for nobody.

use super::{Evidence, NAMED, listed_with};
use crate::extract::census::Records;
use crate::framework::code_sets::SetId;
use crate::framework::{AmountTest, Asks, Clause, Condition, DayTest, Fact, FactId, Framework, Hang, Joined, Search};
use std::collections::BTreeSet;

/// Something that is not in the extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Missing {
    /// Any record of a code set.
    Records(SetId),
    /// A usable value among the records of a code set.
    Values(SetId),
}

/// What there is of every code set.
pub(super) struct Lacking<'e> {
    framework: &'e Framework,
    sets: Vec<Records>,
}

/// Everything that is missing; nothing when nothing stands in the way.
type Lack = Option<BTreeSet<Missing>>;

impl<'e> Lacking<'e> {
    pub fn of(evidence: &Evidence<'e>) -> Lacking<'e> {
        let framework = evidence.framework;
        let ids = (0..framework.sets.len()).map(|at| SetId(u16::try_from(at).unwrap_or(u16::MAX)));
        Lacking { framework, sets: ids.map(|set| evidence.census.of_set(&framework.codes, set)).collect() }
    }

    /// What keeps a condition from holding for anybody.
    pub fn condition(&self, condition: &Condition) -> Lack {
        let mut clauses = condition.clauses.iter().map(|clause| self.clause(clause));
        match condition.joined {
            Joined::All => clauses.find_map(|lack| lack),
            Joined::Any => all(clauses),
        }
    }

    /// What makes a condition hold for everybody, because it asks that something be absent.
    pub fn turned_round(&self, condition: &Condition) -> Lack {
        let turned = |clause: &Clause| if clause.no { self.clause(&Clause { no: false, asks: clause.asks.clone() }) } else { None };
        let mut clauses = condition.clauses.iter().map(turned);
        match condition.joined {
            Joined::All => all(clauses),
            Joined::Any => clauses.find_map(|lack| lack),
        }
    }

    /// A clause that is turned round holds where something is missing.
    fn clause(&self, clause: &Clause) -> Lack {
        if clause.no {
            return None;
        }
        match &clause.asks {
            Asks::Condition(id) => self.condition(self.framework.condition(*id)),
            Asks::Fact(id, days, amounts) => {
                let others = days.iter().find_map(|test| match test {
                    DayTest::Day(..) => None,
                    DayTest::Fact(_, other) | DayTest::Within { of: other, .. } => self.fact(*other, &[]),
                });
                self.fact(*id, amounts).or(others)
            }
            Asks::Count(id, tests) => {
                let none_passes = tests.iter().all(|test| test.passes(crate::framework::Amount(0)));
                if none_passes { None } else { self.fact(*id, &[]) }
            }
            Asks::OnRegister(_) | Asks::Age(_) | Asks::Sex(_) | Asks::Registered(_) => None,
        }
    }

    /// What keeps a fact from being found, or from having the values that are tested.
    fn fact(&self, id: FactId, tests: &[AmountTest]) -> Lack {
        match self.framework.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => self.search(search, tests),
            Fact::LatestOf(ids) => all(ids.iter().map(|id| self.fact(*id, &[]))),
            Fact::Registers(_) => None,
        }
    }

    fn search(&self, search: &Search, tests: &[AmountTest]) -> Lack {
        let values = search.reading || !search.only.is_empty() || !tests.is_empty();
        let own = search.sets.iter().map(|set| self.set(*set, values));
        let own = if search.reading { own.flatten().next() } else { all(own) };
        let companions = || search.with.iter().find_map(|companion| all(companion.sets.iter().map(|set| self.set(*set, false))));
        let bounds = || search.since.iter().chain(&search.until).find_map(|hang| self.hang(*hang));
        own.or_else(companions).or_else(bounds)
    }

    fn hang(&self, hang: Hang) -> Lack {
        match hang {
            Hang::Fact(id, _) => self.fact(id, &[]),
            Hang::Age(_) => None,
        }
    }

    fn set(&self, set: SetId, values: bool) -> Lack {
        let records = self.sets.get(usize::from(set.0))?;
        if records.all == 0 {
            return Some(BTreeSet::from([Missing::Records(set)]));
        }
        (values && records.usable == 0).then(|| BTreeSet::from([Missing::Values(set)]))
    }
}

/// Everything, where each of them lacks something; nothing as soon as one does not.
fn all(lacks: impl Iterator<Item = Lack>) -> Lack {
    let mut everything = BTreeSet::new();
    for lack in lacks {
        everything.extend(lack?);
    }
    (!everything.is_empty()).then_some(everything)
}

/// `this extract holds no record of `A` or `B``
pub(super) fn missing_in_words(evidence: &Evidence<'_>, lack: &BTreeSet<Missing>) -> String {
    let without_records = lack.iter().any(|missing| matches!(missing, Missing::Records(_)));
    let what = if without_records { "record" } else { "usable value" };
    format!("this extract holds no {what} of {}", sets_in_words(evidence, lack))
}

/// `` `A` or `B` ``, and of sets that have records but no values that.
pub(super) fn sets_in_words(evidence: &Evidence<'_>, lack: &BTreeSet<Missing>) -> String {
    let without_records = lack.iter().any(|missing| matches!(missing, Missing::Records(_)));
    let names = lack.iter().map(|missing| match missing {
        Missing::Values(set) if without_records => format!("with a usable value of `{}`", evidence.framework.set_name(*set)),
        Missing::Records(set) | Missing::Values(set) => format!("`{}`", evidence.framework.set_name(*set)),
    });
    listed_with("or", names.collect(), NAMED)
}
