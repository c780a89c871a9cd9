//! What records could still be made so that a sentence holds: read from the rules themselves. Whether they really are enough is not
//! decided here: `next` asks the engine.
//!
//! A record is proposed for what a sentence itself asks for. What a sentence only counts from (a diagnosis, say) is left as it is
//! where it is there or where a register asks for it: nobody is diagnosed again for an indicator's sake.

use super::Answers;
use crate::extract::patient::Record;
use crate::framework::calendar::Day;
use crate::framework::code_sets::SetId;
use crate::framework::{
    Amount, AmountTest, Asks, Clause, Companion, Compare, Condition, CountOf, DayTest, Fact, FactId, Framework, Hang, Joined, Near, Order,
    Search,
};
use std::ops::RangeInclusive;

/// One thing that could be done: a record, or a reading of several values, of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The code sets: a record of any one of them; of a reading, a value of each.
    pub sets: Vec<SetId>,
    /// Whether the sets are the values of one reading.
    pub reading: bool,
    /// What its values must be, in the order of the sets of a reading; else of the record's only value.
    pub values: Vec<AmountTest>,
    /// First day on which it counts.
    pub from: Day,
    /// Last day on which it counts.
    pub to: Day,
    /// Whether it must be recorded together with the action before it, within the days that the rule allows.
    pub beside: bool,
    /// Whether the first day is later than the first on which anything can be done.
    pub waits: bool,
    /// A day on which it counts, the other actions being taken on theirs.
    pub day: Day,
}

/// Actions that together are one step nearer.
pub(super) type Way = Vec<Action>;

/// The days on which something can still be done.
#[derive(Clone, Debug)]
pub(super) struct Time {
    /// The first.
    pub first: Day,
    /// The last.
    pub last: Day,
}

/// How deep facts may hang on each other.
const DEEPEST: usize = 8;

/// Looks for ways.
pub(super) struct Ways<'w, 'a> {
    /// What is so, with the actions chosen until now.
    pub answers: &'w mut Answers<'a>,
    /// The last day whose records are there.
    pub until: Day,
    /// When something can be done.
    pub time: &'w Time,
    /// Sets that registers ask for.
    pub of_registers: &'w [SetId],
}

impl Ways<'_, '_> {
    /// What would bring a condition nearer to holding, or (not `want`) to not holding.
    pub fn condition(&mut self, condition: &Condition, want: bool) -> Vec<Way> {
        let every = (condition.joined == Joined::All) == want;
        let not_yet: Vec<&Clause> = condition.clauses.iter().filter(|clause| self.answers.clause_holds(clause) != want).collect();
        let Some((first, others)) = not_yet.split_first() else { return Vec::new() };
        let mut ways = self.clause(first, want);
        // Where every clause is needed, one after the other; but one record may do for several that look at the same sets.
        let sets = self.answers.framework.sets_of_clause(first);
        for clause in others {
            if !every || self.answers.framework.sets_of_clause(clause).iter().any(|set| sets.contains(set)) {
                ways.extend(self.clause(clause, want));
            }
        }
        ways
    }

    /// How many actions a condition needs at least: clauses that do not hold and share no set.
    pub fn at_least(&mut self, condition: &Condition) -> usize {
        let framework = self.answers.framework;
        let mut seen: Vec<SetId> = Vec::new();
        let mut needed = 0;
        for clause in condition.clauses.iter().filter(|clause| !self.answers.clause_holds(clause)) {
            let sets = framework.sets_of_clause(clause);
            if !sets.iter().any(|set| seen.contains(set)) {
                needed += 1;
            }
            seen.extend(sets);
        }
        if condition.joined == Joined::Any { needed.min(1) } else { needed }
    }

    fn clause(&mut self, clause: &Clause, want: bool) -> Vec<Way> {
        let want = want != clause.no;
        let framework = self.answers.framework;
        match &clause.asks {
            Asks::OnRegister(_) | Asks::Age(_) | Asks::Sex(_) | Asks::Registered(_) => Vec::new(),
            Asks::Condition(id) => self.condition(framework.condition(*id), want),
            Asks::Fact(id, days, amounts) if want => self.fact(*id, days, amounts, 0),
            Asks::Fact(id, _, amounts) => self.otherwise(*id, amounts),
            Asks::Count(id, tests) => self.more(*id, tests, want),
        }
    }

    /// A record for which a fact is found, on such days and with such values.
    fn fact(&mut self, id: FactId, days: &[DayTest], amounts: &[AmountTest], deep: usize) -> Vec<Way> {
        let framework = self.answers.framework;
        if deep > DEEPEST {
            return Vec::new();
        }
        match framework.fact(id) {
            Fact::Latest(search) => self.record(search, days, amounts, deep),
            // What came first stays the first.
            Fact::Earliest(_) if self.answers.found(id).day.is_some() => Vec::new(),
            Fact::Earliest(search) => self.record(search, days, amounts, deep),
            Fact::Pair(search, apart) => self.pair(search, *apart, days, deep),
            Fact::LatestOf(ids) => ids.iter().flat_map(|id| self.fact(*id, days, &[], deep + 1)).collect(),
            Fact::Count(..) | Fact::Registers(_) => Vec::new(),
        }
    }

    /// A later record whose value says otherwise.
    fn otherwise(&mut self, id: FactId, amounts: &[AmountTest]) -> Vec<Way> {
        let Fact::Latest(search) = self.answers.framework.fact(id) else { return Vec::new() };
        amounts.iter().flat_map(|test| self.record(search, &[], &[turned(*test)], 0)).collect()
    }

    fn record(&mut self, search: &Search, days: &[DayTest], amounts: &[AmountTest], deep: usize) -> Vec<Way> {
        let values: Vec<AmountTest> = search.only.iter().chain(amounts).copied().collect();
        let mut beside = self.beside_what_is_there(search, days, &values, deep);
        let time = self.time.first..=self.time.last;
        match self.range(search, days, time, deep) {
            Ok(range) => beside.extend(self.new_record(search, &range, &values)),
            Err(ways) => beside.extend(ways),
        }
        beside
    }

    /// What is missing beside records that are there already.
    fn beside_what_is_there(&mut self, search: &Search, days: &[DayTest], values: &[AmountTest], deep: usize) -> Vec<Way> {
        if search.with.is_empty() {
            return Vec::new();
        }
        let before = Day(i32::MIN)..=self.until;
        let Ok(range) = self.range(search, days, before, deep) else { return Vec::new() };
        let passes = |record: &&Record| {
            let tests = values.iter().filter(|test| test.value == 0);
            range.contains(&record.day) && tests.clone().all(|test| record.amount.is_some_and(|amount| test.passes(amount)))
        };
        let mut anchors: Vec<Day> =
            search.sets.iter().flat_map(|set| self.answers.of(*set)).filter(passes).map(|record| record.day).collect();
        anchors.sort_unstable();
        anchors.dedup();
        anchors.into_iter().rev().filter_map(|day| self.missing_beside(search, day)).collect()
    }

    /// The companions that a record of a day lacks, if all of them can still be made.
    fn missing_beside(&self, search: &Search, day: Day) -> Option<Way> {
        let missing = search.with.iter().filter(|companion| self.answers.companion(companion, day).is_none());
        let made = missing.map(|companion| {
            let (from, to) = match companion.within {
                Near::Days(from, to) => (day.plus(from), day.plus(to)),
                Near::Until(table) => (day, self.answers.framework.day_table(table).of(day)),
                Near::Since(_) => return None,
            };
            let (from, to) = (from.max(self.time.first), to.min(self.time.last));
            let sets = companion.sets.clone();
            (from <= to).then(|| Action { sets, reading: false, values: Vec::new(), from, to, beside: false, waits: false, day: to })
        });
        made.collect::<Option<Way>>().filter(|way| !way.is_empty())
    }

    fn new_record(&mut self, search: &Search, range: &RangeInclusive<Day>, values: &[AmountTest]) -> Vec<Way> {
        let action = |from: Day, to: Day| Action {
            sets: search.sets.clone(),
            reading: search.reading,
            values: values.to_vec(),
            from,
            to,
            beside: false,
            waits: false,
            day: to,
        };
        let mut ways = vec![vec![action(*range.start(), *range.end())]];
        for companion in &search.with {
            ways = ways.into_iter().flat_map(|way| self.with_companion(way, companion)).collect();
        }
        ways
    }

    /// The days of a search within some time; else what must be done before.
    fn range(
        &mut self,
        search: &Search,
        days: &[DayTest],
        time: RangeInclusive<Day>,
        deep: usize,
    ) -> Result<RangeInclusive<Day>, Vec<Way>> {
        let hangs = [search.since, search.until].into_iter().flatten().filter_map(|hang| match hang {
            Hang::Fact(id, _) => Some(id),
            Hang::Age(_) => None,
        });
        let Some((mut from, mut to)) = self.answers.bounds(search) else {
            return Err(hangs.flat_map(|id| self.before(id, deep)).collect());
        };
        let mut of = hangs.collect::<Vec<FactId>>();
        let mut narrow = |first: Day, last: Day| (from, to) = (from.max(first), to.min(last));
        narrow(*time.start(), *time.end());
        let (ever, never) = (Day(i32::MIN), Day(i32::MAX));
        for test in days {
            let (order, other, id) = match *test {
                DayTest::Day(order, day) => (order, Some(day), None),
                DayTest::Fact(order, id) => (order, self.answers.found(id).day, Some(id)),
                DayTest::Within { from, to, of: id } => {
                    of.push(id);
                    match self.answers.found(id).day {
                        Some(day) => narrow(day.plus(from), day.plus(to)),
                        None => narrow(never, ever),
                    }
                    continue;
                }
            };
            of.extend(id);
            match (order, other) {
                (_, None) => narrow(never, ever),
                (Order::After, Some(day)) => narrow(day.plus(1), never),
                (Order::OnOrAfter, Some(day)) => narrow(day, never),
                (Order::Before, Some(day)) => narrow(ever, day.plus(-1)),
                (Order::OnOrBefore, Some(day)) => narrow(ever, day),
                (Order::SameDay, Some(day)) => narrow(day, day),
            }
        }
        if from <= to { Ok(from..=to) } else { Err(of.into_iter().flat_map(|id| self.before(id, deep)).collect()) }
    }

    /// What another fact counts from, as early as can be; nothing where a register asks for it.
    fn before(&mut self, id: FactId, deep: usize) -> Vec<Way> {
        if self.answers.framework.sets_of(id).iter().any(|set| self.of_registers.contains(set)) {
            return Vec::new();
        }
        let mut ways = self.fact(id, &[], &[], deep + 1);
        for action in ways.iter_mut().flatten() {
            action.day = action.from;
        }
        ways
    }

    /// Days on which a companion is there already, or a companion besides.
    fn with_companion(&mut self, way: Way, companion: &Companion) -> Vec<Way> {
        let Some((action, before)) = way.split_first() else { return Vec::new() };
        let mut ways = Vec::new();
        let there = |day: &Day| self.answers.companion(companion, *day).is_some();
        let mut days = (action.from.0..=action.to.0).rev().map(Day).skip_while(|day| !there(day)).take_while(there);
        if let Some(last) = days.next() {
            let from = days.last().unwrap_or(last);
            let way = std::iter::once(Action { from, to: last, day: last, ..action.clone() }).chain(before.iter().cloned());
            ways.push(way.collect());
            if last == action.to {
                return ways;
            }
        }
        let days_from_it = match companion.within {
            Near::Days(from, to) if from > 0 || to < 0 => {
                if to < 0 {
                    to
                } else {
                    from
                }
            }
            Near::Days(..) | Near::Since(_) | Near::Until(_) => 0,
        };
        let [from, to, day] = [action.from, action.to, action.day].map(|day| day.plus(days_from_it));
        let (from, to) = (from.max(self.time.first), to.min(self.time.last));
        if (from..=to).contains(&day) {
            let beside =
                Action { sets: companion.sets.clone(), reading: false, values: Vec::new(), from, to, beside: true, waits: false, day };
            ways.push(way.iter().cloned().chain([beside]).collect());
        }
        ways
    }

    /// What is missing of two records so many days apart.
    fn pair(&mut self, search: &Search, apart: i32, days: &[DayTest], deep: usize) -> Vec<Way> {
        let range = match self.range(search, days, self.time.first..=self.time.last, deep) {
            Ok(range) => range,
            Err(ways) => return ways,
        };
        let earliest = self.answers.records(search).map(|record| record.day).min();
        let (from, to) = (*range.start(), *range.end());
        let one = |from: Day, to: Day, day: Day| Action {
            sets: search.sets.clone(),
            reading: false,
            values: search.only.clone(),
            from,
            to,
            beside: false,
            waits: false,
            day,
        };
        match earliest {
            Some(first) => {
                let from = from.max(first.plus(apart));
                if from <= to { vec![vec![one(from, to, to)]] } else { Vec::new() }
            }
            None if from.plus(apart) <= to => vec![vec![one(from, to.plus(-apart), from), one(from.plus(apart), to, to)]],
            None => Vec::new(),
        }
    }

    /// One more of what is counted, if a higher count is what is wanted.
    fn more(&mut self, id: FactId, tests: &[AmountTest], want: bool) -> Vec<Way> {
        let Fact::Count(search, of) = self.answers.framework.fact(id) else { return Vec::new() };
        let count = self.answers.found(id).count;
        let passes =
            |count: i64| tests.iter().all(|test| test.passes(Amount(count.saturating_mul(1_000_000)))) && (count > 0 || !tests.is_empty());
        if !(count + 1..=count + 100).any(|count| passes(count) == want) {
            return Vec::new();
        }
        let Ok(range) = self.range(search, &[], self.time.first..=self.time.last, 0) else { return Vec::new() };
        let there: Vec<(Day, SetId)> = self.answers.records(search).map(|record| (record.day, record.set)).collect();
        let (from, to) = (*range.start(), *range.end());
        let free = (from.0..=to.0).rev().map(Day).find(|day| there.iter().all(|(other, _)| other != day));
        let sets: Vec<SetId> = match of {
            CountOf::Sets => search.sets.iter().filter(|set| there.iter().all(|(_, other)| other != *set)).take(1).copied().collect(),
            CountOf::Records | CountOf::Days => search.sets.clone(),
        };
        let day = if *of == CountOf::Sets { Some(to) } else { free };
        match day {
            Some(day) if !sets.is_empty() => {
                let values = search.only.clone();
                let action = Action { sets, reading: search.reading, values, from, to, beside: false, waits: false, day };
                search.with.iter().fold(vec![vec![action]], |ways, companion| {
                    ways.into_iter().flat_map(|way| self.with_companion(way, companion)).collect()
                })
            }
            _ => Vec::new(),
        }
    }
}

/// The test that holds of a value where another does not.
fn turned(test: AmountTest) -> AmountTest {
    let compare = match test.compare {
        Compare::AtMost => Compare::Over,
        Compare::AtLeast => Compare::Under,
        Compare::Under => Compare::AtLeast,
        Compare::Over => Compare::AtMost,
    };
    AmountTest { compare, ..test }
}

/// The sets that the registers of a framework ask for.
pub(super) fn sets_of_registers(framework: &Framework) -> Vec<SetId> {
    let clauses = framework.registers.iter().flat_map(|register| &register.lines.lines).flat_map(|line| &line.condition.clauses);
    let mut sets: Vec<SetId> = clauses.flat_map(|clause| framework.sets_of_clause(clause)).collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}
