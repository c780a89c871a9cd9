//! One person and one measure → the number of the line that decided. The first line that holds decides.
//! Two-valued: a test of something absent is false, and every comparison with nothing is false.

use super::by_set::BySet;
use super::find::Found;
use crate::extract::patient::{Patient, Record};
use crate::framework::calendar::{Day, age};
use crate::framework::code_sets::SetId;
use crate::framework::{
    Amount, AmountTest, Asks, Clause, Condition, DayTest, Framework, Indicator, Joined, Line, LineNumber, Lines, Order, Outcome,
    Population, RegisterId,
};

/// The memory of answers, to be used again for other people of the same framework.
#[derive(Debug, Default)]
pub struct Memory {
    person: u64,
    facts: Vec<(u64, Found)>,
    registers: Vec<(u64, LineNumber)>,
    by_set: BySet,
}

impl Memory {
    /// It is of another person from now on.
    pub(super) fn forget(&mut self) {
        self.person += 1;
    }
}

/// The answers of one person, each worked out when it is first asked for.
#[derive(Debug)]
pub struct Answers<'a> {
    pub(super) framework: &'a Framework,
    pub(super) patient: Patient<'a>,
    /// Which person it is since the memory was made: what was found for another does not count.
    pub(super) person: u64,
    pub(super) facts: Vec<(u64, Found)>,
    registers: Vec<(u64, LineNumber)>,
    pub(super) by_set: BySet,
    age: i64,
}

impl<'a> Answers<'a> {
    /// Nothing asked yet.
    pub fn new(framework: &'a Framework, patient: Patient<'a>) -> Self {
        Answers::within(Memory::default(), framework, patient)
    }

    /// The same in memory that was used before, for the same framework.
    pub fn within(mut memory: Memory, framework: &'a Framework, patient: Patient<'a>) -> Self {
        memory.forget();
        Answers::again(memory, framework, patient)
    }

    /// For the person that the memory is of: what was worked out stays so.
    pub(super) fn again(mut memory: Memory, framework: &'a Framework, patient: Patient<'a>) -> Self {
        memory.facts.resize(framework.facts.len(), (0, Found::default()));
        memory.registers.resize(framework.registers.len(), (0, LineNumber(0)));
        memory.by_set.begin(patient);
        Answers {
            framework,
            patient,
            person: memory.person,
            facts: memory.facts,
            registers: memory.registers,
            by_set: memory.by_set,
            age: i64::from(age(patient.about.born_ymd, framework.reporting_day.ymd())),
        }
    }

    /// Gives the memory back.
    pub fn into_memory(self) -> Memory {
        Memory { person: self.person, facts: self.facts, registers: self.registers, by_set: self.by_set }
    }

    /// The next person, in the same memory.
    pub fn restart(&mut self, patient: Patient<'a>) {
        self.patient = patient;
        self.by_set.begin(patient);
        self.person += 1;
        self.age = i64::from(age(patient.about.born_ymd, self.framework.reporting_day.ymd()));
    }

    /// The records of one code set, by day.
    pub(super) fn of(&self, set: SetId) -> &'a [Record] {
        self.by_set.of(set, self.patient)
    }

    /// Age in full years on the reporting day.
    pub fn age(&self) -> i64 {
        self.age
    }

    /// The line of a register that decided.
    pub fn register(&mut self, id: RegisterId) -> LineNumber {
        if let Some((person, line)) = self.registers.get(usize::from(id.0))
            && *person == self.person
        {
            return *line;
        }
        let framework = self.framework;
        let line = self.decide(&framework.register(id).lines);
        if let Some(slot) = self.registers.get_mut(usize::from(id.0)) {
            *slot = (self.person, line);
        }
        line
    }

    /// Whether the person is on a register.
    pub fn on_register(&mut self, id: RegisterId) -> bool {
        let number = self.register(id);
        let line = self.framework.register(id).lines.line(number);
        line.is_some_and(|line| line.outcome == Outcome::Selected)
    }

    /// Whether an indicator is of this person.
    pub fn is_of(&mut self, indicator: &Indicator) -> bool {
        self.is_in(indicator.of)
    }

    /// Whether the person is in a population.
    pub fn is_in(&mut self, population: Population) -> bool {
        match population {
            Population::List => true,
            Population::Register(id) => self.on_register(id),
        }
    }

    /// The line of an indicator that decided; nothing when the indicator is not of this person.
    pub fn indicator(&mut self, indicator: &Indicator) -> Option<LineNumber> {
        self.is_of(indicator).then(|| self.decide(&indicator.lines))
    }

    /// The first line that holds. `otherwise` always does.
    pub fn decide(&mut self, lines: &Lines) -> LineNumber {
        let deciding = lines.lines.iter().find(|line| self.line_holds(line));
        deciding.or(lines.lines.last()).map_or(LineNumber(0), |line| line.number)
    }

    /// Whether a line holds, decided or not.
    pub fn line_holds(&mut self, line: &Line) -> bool {
        self.holds(&line.condition)
    }

    pub(super) fn holds(&mut self, condition: &Condition) -> bool {
        let mut clauses = condition.clauses.iter();
        match condition.joined {
            Joined::All => clauses.all(|clause| self.clause_holds(clause)),
            Joined::Any => clauses.any(|clause| self.clause_holds(clause)),
        }
    }

    /// `no` turns round the whole clause with its commas.
    pub(super) fn clause_holds(&mut self, clause: &Clause) -> bool {
        let framework = self.framework;
        let holds = match &clause.asks {
            Asks::OnRegister(id) => self.on_register(*id),
            Asks::Condition(id) => self.holds(framework.condition(*id)),
            Asks::Age(tests) => all_pass(tests, self.age),
            Asks::Sex(sex) => self.patient.about.sex == Some(*sex),
            Asks::Registered(tests) => {
                let registered = self.patient.about.registered;
                tests.iter().all(|test| self.day_passes(*test, registered))
            }
            Asks::Fact(id, days, amounts) => {
                let found = self.found(*id);
                found.day.is_some_and(|day| days.iter().all(|test| self.day_passes(*test, day)))
                    && amounts.iter().all(|test| amount_passes(*test, &found))
            }
            Asks::Count(id, tests) => all_pass(tests, self.found(*id).count),
        };
        holds != clause.no
    }

    fn day_passes(&mut self, test: DayTest, day: Day) -> bool {
        match test {
            DayTest::Day(order, other) => in_order(order, day, other),
            DayTest::Fact(order, id) => self.found(id).day.is_some_and(|other| in_order(order, day, other)),
            DayTest::Within { from, to, of } => self.found(of).day.is_some_and(|other| (other.plus(from)..=other.plus(to)).contains(&day)),
        }
    }
}

fn in_order(order: Order, day: Day, other: Day) -> bool {
    match order {
        Order::After => day > other,
        Order::OnOrAfter => day >= other,
        Order::Before => day < other,
        Order::OnOrBefore => day <= other,
        Order::SameDay => day == other,
    }
}

fn amount_passes(test: AmountTest, found: &Found) -> bool {
    found.amounts.get(usize::from(test.value)).copied().flatten().is_some_and(|amount| test.passes(amount))
}

/// Ages and counts are whole numbers; amounts are millionths.
fn all_pass(tests: &[AmountTest], number: i64) -> bool {
    tests.iter().all(|test| test.passes(Amount(number.saturating_mul(1_000_000))))
}
