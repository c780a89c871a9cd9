//! Which code sets bring points, and in how many indicators: one code may be paid for several times.
//! In: a framework. Out: the sets that several indicators earn from, and the points at stake.

use super::code_sets::SetId;
use super::{Asks, Clause, Condition, DayTest, Fact, FactId, Framework, Indicator, Outcome, Search};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A code set and the indicators that earn from it.
#[derive(Clone, Debug)]
pub struct Earning<'f> {
    /// The set's name.
    pub set: &'f str,
    /// In report order.
    pub indicators: Vec<&'f Indicator>,
    /// The points of these indicators together.
    pub points: Decimal,
}

impl Framework {
    /// Code sets that earn in several indicators, those with the most points at stake first.
    ///
    /// An indicator earns from a set when it has points, and a fact named in one of its achieved lines looks for the set:
    /// named there or in a condition of the line, as what is asked or as what it is compared with; as a record or as its companion.
    /// What stands behind `no` earns nothing.
    pub fn earn_in_several(&self) -> Vec<Earning<'_>> {
        let mut by_set: BTreeMap<SetId, Vec<&Indicator>> = BTreeMap::new();
        for indicator in self.indicators.iter().filter(|indicator| indicator.points > Decimal::ZERO) {
            for set in self.sets_that_earn(indicator) {
                by_set.entry(set).or_default().push(indicator);
            }
        }
        let several = by_set.into_iter().filter(|(_, indicators)| indicators.len() > 1);
        let mut earnings: Vec<Earning<'_>> = several
            .map(|(set, indicators)| {
                let points = indicators.iter().map(|indicator| indicator.points).sum();
                Earning { set: self.set_name(set), indicators, points }
            })
            .collect();
        earnings.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.set.cmp(b.set)));
        earnings
    }

    fn sets_that_earn(&self, indicator: &Indicator) -> BTreeSet<SetId> {
        let mut sets = BTreeSet::new();
        for line in indicator.lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved) {
            self.sets_of_condition(&line.condition, false, &mut sets);
        }
        sets
    }

    /// `turned`: an odd number of `no` stands before it.
    fn sets_of_condition(&self, condition: &Condition, turned: bool, sets: &mut BTreeSet<SetId>) {
        for Clause { no, asks } in &condition.clauses {
            let turned = turned != *no;
            match asks {
                Asks::Condition(id) => self.sets_of_condition(self.condition(*id), turned, sets),
                Asks::Fact(id, days, _) if !turned => {
                    self.sets_of_fact(*id, sets);
                    for day in days {
                        match day {
                            DayTest::Fact(_, other) | DayTest::Within { of: other, .. } => self.sets_of_fact(*other, sets),
                            DayTest::Day(..) => {}
                        }
                    }
                }
                Asks::Count(id, _) if !turned => self.sets_of_fact(*id, sets),
                Asks::Fact(..) | Asks::Count(..) | Asks::OnRegister(_) | Asks::Age(_) | Asks::Sex(_) | Asks::Registered(_) => {}
            }
        }
    }

    fn sets_of_fact(&self, id: FactId, sets: &mut BTreeSet<SetId>) {
        match self.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => {
                sets.extend(looked_for(search))
            }
            Fact::LatestOf(facts) => facts.iter().for_each(|fact| self.sets_of_fact(*fact, sets)),
            Fact::Registers(_) => {}
        }
    }
}

fn looked_for(search: &Search) -> impl Iterator<Item = SetId> + '_ {
    search.sets.iter().chain(search.with.iter().flat_map(|companion| &companion.sets)).copied()
}
