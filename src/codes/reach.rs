//! A framework and the code sets that never occur → which indicators nobody can achieve. Only what is certain is said:
//! where a line may hold for some person, it is taken that it does. So a test of days, ages and values is never doubted,
//! `no` of something that never occurs holds, and one of several sets is enough unless all are values of one reading.

use crate::framework::code_sets::SetId;
use crate::framework::{
    Amount, AmountTest, Asks, Clause, Condition, CountOf, DayTest, Fact, FactId, Framework, Hang, Indicator, Joined, Lines, Outcome,
    Population, RegisterId, Search,
};
use std::collections::BTreeSet;

/// Why nobody can achieve an indicator: sets that never occur.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmet {
    /// The register that nobody can be on, when that is why.
    pub register: Option<String>,
    /// Each of these would be needed.
    pub each: Vec<String>,
    /// And one of these.
    pub one_of: Vec<String>,
}

/// What can come about without some of the code sets.
#[derive(Clone, Debug)]
pub(super) struct Reach<'f> {
    framework: &'f Framework,
    /// Sets that never occur, by their ids.
    absent: Vec<bool>,
}

impl<'f> Reach<'f> {
    /// `absent` tells of every set of the framework, in the order of their ids.
    pub fn new(framework: &'f Framework, absent: Vec<bool>) -> Reach<'f> {
        Reach { framework, absent }
    }

    /// Why nobody can achieve the indicator; nothing when somebody may.
    pub fn unmet(&self, indicator: &Indicator) -> Option<Unmet> {
        if let Population::Register(id) = indicator.of
            && !self.can_be_on(id)
        {
            let register = self.framework.register(id);
            return Some(self.why(&register.lines, Outcome::Selected, Some(register.id.clone())));
        }
        let unmet = !self.can_come_to(&indicator.lines, Outcome::Achieved);
        unmet.then(|| self.why(&indicator.lines, Outcome::Achieved, None))
    }

    /// Which sets would have to occur for a line of the outcome to decide.
    fn why(&self, lines: &Lines, outcome: Outcome, register: Option<String>) -> Unmet {
        let absent = self.mentioned(lines);
        let comes_without = |sets: &[SetId]| self.without(sets).can_come_to(lines, outcome);
        let (rest, each): (Vec<SetId>, Vec<SetId>) = absent.into_iter().partition(|set| comes_without(&[*set]));
        let mut one_of = Vec::new();
        if !comes_without(&rest) {
            let others = |set: SetId| rest.iter().copied().filter(move |other| *other != set).collect::<Vec<_>>();
            one_of.extend(rest.iter().copied().filter(|set| comes_without(&others(*set))));
            if one_of.is_empty() {
                // Two of them or more are needed together: all are named.
                one_of.clone_from(&rest);
            }
        }
        let names = |sets: Vec<SetId>| sets.into_iter().map(|set| self.framework.set_name(set).to_owned()).collect();
        Unmet { register, each: names(each), one_of: names(one_of) }
    }

    /// As if only these sets never occurred.
    fn without(&self, sets: &[SetId]) -> Reach<'f> {
        let absent = (0..).zip(&self.absent).map(|(at, _)| sets.contains(&SetId(at)));
        Reach { framework: self.framework, absent: absent.collect() }
    }

    fn can_be_on(&self, register: RegisterId) -> bool {
        self.can_come_to(&self.framework.register(register).lines, Outcome::Selected)
    }

    /// Whether a line of this outcome may decide: none before it holds for everybody.
    fn can_come_to(&self, lines: &Lines, outcome: Outcome) -> bool {
        for line in &lines.lines {
            if line.outcome == outcome && self.can_hold(&line.condition) {
                return true;
            }
            if !self.can_fail(&line.condition) {
                return false;
            }
        }
        false
    }

    fn can_hold(&self, condition: &Condition) -> bool {
        let mut clauses = condition.clauses.iter().map(|clause| self.clause(clause, !clause.no));
        match condition.joined {
            Joined::All => clauses.all(|can| can),
            Joined::Any => clauses.any(|can| can),
        }
    }

    fn can_fail(&self, condition: &Condition) -> bool {
        let mut clauses = condition.clauses.iter().map(|clause| self.clause(clause, clause.no));
        match condition.joined {
            Joined::All => clauses.any(|can| can),
            Joined::Any => clauses.all(|can| can),
        }
    }

    /// Whether what a clause asks, its `no` aside, can come out so.
    fn clause(&self, clause: &Clause, wanted: bool) -> bool {
        match (&clause.asks, wanted) {
            (Asks::OnRegister(id), true) => self.can_be_on(*id),
            (Asks::Condition(id), true) => self.can_hold(self.framework.condition(*id)),
            (Asks::Condition(id), false) => self.can_fail(self.framework.condition(*id)),
            (Asks::Fact(id, days, _), true) => self.can_be_found(*id) && self.days(days),
            (Asks::Registered(days), true) => self.days(days),
            (Asks::Count(id, tests), wanted) => self.count(*id, tests, wanted),
            // Nobody need be on a register, have a record or be of an age or sex; and everybody may be of one.
            (Asks::OnRegister(_) | Asks::Fact(..) | Asks::Registered(_), false) | (Asks::Age(_) | Asks::Sex(_), _) => true,
        }
    }

    fn days(&self, tests: &[DayTest]) -> bool {
        tests.iter().all(|test| match test {
            DayTest::Day(..) => true,
            DayTest::Fact(_, id) => self.can_be_found(*id),
            DayTest::Within { of, .. } => self.can_be_found(*of),
        })
    }

    fn can_be_found(&self, id: FactId) -> bool {
        match self.framework.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) => self.search(search),
            Fact::LatestOf(ids) => ids.iter().any(|id| self.can_be_found(*id)),
            // A count has no day and is never absent.
            Fact::Count(..) | Fact::Registers(_) => true,
        }
    }

    fn search(&self, search: &Search) -> bool {
        let mut sets = search.sets.iter().map(|set| self.occurs(*set));
        let found = if search.reading { sets.all(|occurs| occurs) } else { sets.any(|occurs| occurs) };
        let hangs = [search.since, search.until].into_iter().flatten().all(|hang| match hang {
            Hang::Fact(id, _) => self.can_be_found(id),
            Hang::Age(_) => true,
        });
        found && hangs && search.with.iter().all(|companion| companion.sets.iter().any(|set| self.occurs(*set)))
    }

    fn occurs(&self, set: SetId) -> bool {
        !self.absent.get(usize::from(set.0)).copied().unwrap_or(false)
    }

    /// Whether some count that can come about passes, or fails, the tests.
    fn count(&self, id: FactId, tests: &[AmountTest], wanted: bool) -> bool {
        const ONE: i64 = 1_000_000;
        let most = match self.framework.fact(id) {
            Fact::Count(search, _) if !self.search(search) => 0,
            Fact::Count(search, CountOf::Sets) => search.sets.iter().filter(|set| self.occurs(**set)).count(),
            Fact::Registers(ids) => ids.iter().filter(|id| self.can_be_on(**id)).count(),
            Fact::Count(_, CountOf::Records | CountOf::Days) => usize::MAX,
            Fact::Latest(_) | Fact::Earliest(_) | Fact::Pair(..) | Fact::LatestOf(_) => usize::MAX,
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX / ONE).min(i64::MAX / ONE);
        // Where the tests change their answer: at their numbers and beside them.
        let near = tests.iter().map(|test| test.amount.0.div_euclid(ONE)).flat_map(|number| [number - 1, number, number + 1]);
        let mut counts = near.chain([0, most]).map(|number| number.clamp(0, most));
        counts.any(|number| tests.iter().all(|test| test.passes(Amount(number * ONE))) == wanted)
    }

    /// The sets that never occur among those that lines speak of.
    fn mentioned(&self, lines: &Lines) -> Vec<SetId> {
        let mut sets = BTreeSet::new();
        for line in &lines.lines {
            self.of_condition(&line.condition, &mut sets);
        }
        sets.into_iter().filter(|set| !self.occurs(*set)).collect()
    }

    fn of_condition(&self, condition: &Condition, sets: &mut BTreeSet<SetId>) {
        for clause in &condition.clauses {
            match &clause.asks {
                Asks::Condition(id) => self.of_condition(self.framework.condition(*id), sets),
                Asks::OnRegister(id) => self.of_register(*id, sets),
                Asks::Fact(id, days, _) => {
                    self.of_fact(*id, sets);
                    self.of_days(days, sets);
                }
                Asks::Count(id, _) => self.of_fact(*id, sets),
                Asks::Registered(days) => self.of_days(days, sets),
                Asks::Age(_) | Asks::Sex(_) => {}
            }
        }
    }

    fn of_register(&self, id: RegisterId, sets: &mut BTreeSet<SetId>) {
        for line in &self.framework.register(id).lines.lines {
            self.of_condition(&line.condition, sets);
        }
    }

    fn of_days(&self, tests: &[DayTest], sets: &mut BTreeSet<SetId>) {
        for test in tests {
            match test {
                DayTest::Day(..) => {}
                DayTest::Fact(_, id) | DayTest::Within { of: id, .. } => self.of_fact(*id, sets),
            }
        }
    }

    fn of_fact(&self, id: FactId, sets: &mut BTreeSet<SetId>) {
        match self.framework.fact(id) {
            Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => {
                sets.extend(&search.sets);
                sets.extend(search.with.iter().flat_map(|companion| &companion.sets));
                for hang in [search.since, search.until].into_iter().flatten() {
                    if let Hang::Fact(id, _) = hang {
                        self.of_fact(id, sets);
                    }
                }
            }
            Fact::LatestOf(ids) => ids.iter().for_each(|id| self.of_fact(*id, sets)),
            Fact::Registers(ids) => ids.iter().for_each(|id| self.of_register(*id, sets)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::read_folder;
    use crate::framework::{Rules, View};
    use crate::rules::syntax::Head;

    /// Whoever an example shows to have achieved needed only the sets of their own records.
    fn nothing_achieved_is_doubted(folder: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let rules = Rules::read(&read_folder(&path).unwrap());
        let rulebook = rules.sound().unwrap();
        let (framework, _) = rulebook.at(rulebook.period().to, View::YearEnd);
        let mut examples = 0;
        for file in &rulebook.files {
            let (id, outcome) = match &file.head {
                Head::Register(head) => (&head.id.value, Outcome::Selected),
                Head::Indicator(head) => (&head.id.value, Outcome::Achieved),
                Head::Pathway(_) => continue,
            };
            let ids: Vec<&String> = file.bands.iter().map(|band| &band.id.value).chain([id]).collect();
            let registers = framework.registers.iter().filter(|register| ids.contains(&&register.id)).map(|register| &register.lines);
            let indicators = framework.indicators.iter().filter(|indicator| ids.contains(&&indicator.id)).map(|indicator| &indicator.lines);
            let lines: Vec<&Lines> = registers.chain(indicators).collect();
            for example in file.examples.iter().filter(|example| example.then.value == outcome.word()) {
                let records = example.records.iter().flat_map(|record| &record.sets);
                let has: Vec<SetId> = records.filter_map(|set| rulebook.set_id(&set.value)).collect();
                let absent = (0..).zip(&framework.sets).map(|(at, _)| !has.contains(&SetId(at)));
                let reach = Reach::new(&framework, absent.collect());
                for lines in &lines {
                    assert!(reach.can_come_to(lines, outcome), "{folder} {}: {}", lines.file, example.story.value);
                    examples += 1;
                }
            }
        }
        assert!(examples > 50, "{folder}: {examples}");
    }

    #[test]
    fn nothing_that_an_example_shows_is_doubted() {
        nothing_achieved_is_doubted("business-rules/dudley-2016-17");
        nothing_achieved_is_doubted("business-rules/qof-2021-22-diabetes");
        nothing_achieved_is_doubted("tests/shapes");
    }
}
