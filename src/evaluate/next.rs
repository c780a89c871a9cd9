//! What next: for one person and one indicator, the fewest things that can still be done by the end of the period so that the person
//! is counted as achieved. Ways are read from the rules (`ways`), and each is tried by the engine itself on the person's records and
//! those that would be made: what is proposed is what would really count.

pub use super::ways::Action;

use super::ways::{Time, Way, Ways, sets_of_registers};
use super::{Answers, Memory};
use crate::extract::patient::{Episode, Patient, Patients, Record};
use crate::framework::calendar::Day;
use crate::framework::code_sets::SetId;
use crate::framework::{Amount, AmountTest, Compare, Framework, Indicator, LineNumber, Lines, Outcome};

/// More actions than this are not proposed.
pub const MOST_ACTIONS: usize = 12;

/// So many tries are made for one person and indicator.
const MOST_TRIES: usize = 3000;

/// What could have been done is looked for so far back from the end of the period: what was missed longer ago helps nobody.
const DAYS_BACK: i32 = 731;

/// What can be done for one person and one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// In an order in which they can be done.
    pub actions: Vec<Action>,
    /// The days on which all of them can be done at one appointment.
    pub together: Option<(Day, Day)>,
    /// How many appointments are enough for all of them.
    pub appointments: usize,
}

impl Proposal {
    /// The last day on which the first step that runs out can be taken.
    pub fn by(&self) -> Option<Day> {
        self.actions.iter().map(|action| action.to).min()
    }
}

/// Asks what next, person after person, for one reporting day. Keeps memory between people.
#[derive(Debug)]
pub struct Next<'f> {
    /// The rules as at the end of the period.
    end: &'f Framework,
    /// The last day whose records are there.
    until: Day,
    time: Time,
    of_registers: Vec<SetId>,
    memory: Memory,
    future: Patients,
    /// The person as they are, with what was found of them.
    as_is: Patients,
    memory_as_is: Memory,
    tries: usize,
    /// Whether a way was left out only because it has more actions than were allowed.
    more_would_do: bool,
}

impl<'f> Next<'f> {
    /// What can be done after `reporting_day`; `end` are the rules as at the end of the period.
    pub fn new(reporting_day: Day, end: &'f Framework) -> Next<'f> {
        let time = Time { first: reporting_day.plus(1), last: end.reporting_day };
        Next {
            end,
            until: reporting_day,
            time,
            of_registers: sets_of_registers(end),
            memory: Memory::default(),
            future: Patients::default(),
            as_is: Patients::default(),
            memory_as_is: Memory::default(),
            tries: 0,
            more_would_do: false,
        }
    }

    /// One person.
    pub fn of<'n, 'p>(&'n mut self, patient: Patient<'p>) -> NextOf<'n, 'f, 'p> {
        self.as_is.only(patient, self.until, &[]);
        self.memory_as_is.forget();
        NextOf { next: self, patient }
    }

    fn as_is(&self) -> Option<Patient<'_>> {
        self.as_is.people().first().map(|person| self.as_is.patient(person))
    }

    fn proposal(&mut self, patient: Patient<'_>, indicator: &Indicator) -> Option<Proposal> {
        let mut chosen = Vec::new();
        let first = self.with(patient, &chosen, |ways| (fewest(ways, &indicator.lines), ways_to_achieve(ways, indicator)));
        let (fewest, first) = first?;
        let Some(first) = first else { return Some(Proposal { actions: chosen, together: None, appointments: 0 }) };
        self.tries = 0;
        for most in fewest.max(1)..=MOST_ACTIONS {
            self.more_would_do = false;
            if self.one_of(first.clone(), patient, indicator, most, &mut chosen) {
                self.widen(patient, indicator, &mut chosen);
                for action in &mut chosen {
                    action.waits = action.from > self.until.plus(1);
                }
                let together = self.together(patient, indicator, &chosen);
                let appointments = if together.is_some() { 1 } else { self.appointments(patient, indicator, &chosen) };
                return Some(Proposal { actions: chosen, together, appointments });
            }
            if !self.more_would_do || self.tries > MOST_TRIES {
                break;
            }
        }
        None
    }

    /// Whether what was chosen, with no more than so many actions in all, is enough; those that make it so are chosen then.
    fn search(&mut self, patient: Patient<'_>, indicator: &Indicator, most: usize, chosen: &mut Vec<Action>) -> bool {
        self.tries += 1;
        if self.tries > MOST_TRIES {
            return false;
        }
        match self.with(patient, chosen, |ways| ways_to_achieve(ways, indicator)) {
            None => false,
            Some(None) => true,
            Some(Some(ways)) => self.one_of(ways, patient, indicator, most, chosen),
        }
    }

    fn one_of(&mut self, ways: Vec<Way>, patient: Patient<'_>, indicator: &Indicator, most: usize, chosen: &mut Vec<Action>) -> bool {
        for way in ways {
            if chosen.len() + way.len() > most {
                self.more_would_do = true;
                continue;
            }
            let before = chosen.len();
            chosen.extend(way);
            if self.search(patient, indicator, most, chosen) {
                return true;
            }
            chosen.truncate(before);
        }
        false
    }

    /// Leaves of the days of each action those on which it really is enough, the others being as they are. What must be recorded
    /// together is moved together.
    fn widen(&mut self, patient: Patient<'_>, indicator: &Indicator, chosen: &mut [Action]) {
        let mut at = 0;
        while let Some(first) = chosen.get(at).cloned() {
            let rest = chosen.get(at + 1..).unwrap_or(&[]);
            let together = at..at + 1 + rest.iter().take_while(|action| action.beside).count();
            for (other, is_first_day) in [(first.from, true), (first.to, false)] {
                let mut tried = chosen.to_vec();
                for action in tried.get_mut(together.clone()).unwrap_or(&mut []) {
                    action.day = action.day.plus(other.0 - first.day.0);
                }
                let holds = other == first.day || self.achieves(patient, indicator, &tried);
                let moved = if holds { tried } else { chosen.to_vec() };
                for (action, moved) in chosen.iter_mut().zip(moved).skip(at).take(together.len()) {
                    *(if is_first_day { &mut action.from } else { &mut action.to }) = moved.day;
                }
            }
            at = together.end;
        }
    }

    fn together(&mut self, patient: Patient<'_>, indicator: &Indicator, chosen: &[Action]) -> Option<(Day, Day)> {
        let from = chosen.iter().map(|action| action.from).max()?;
        let to = chosen.iter().map(|action| action.to).min().filter(|to| from <= *to)?;
        if let [only] = chosen {
            return Some((only.from, only.to));
        }
        let mut on = |day: Day| {
            let all: Vec<Action> = chosen.iter().map(|action| Action { day, ..action.clone() }).collect();
            self.achieves(patient, indicator, &all)
        };
        match (on(from), from == to || on(to)) {
            (true, true) => Some((from, to)),
            (true, false) => Some((from, from)),
            (false, true) => Some((to, to)),
            (false, false) => None,
        }
    }

    /// How many days are enough, where one is not: each as late as the first action that runs out allows, if the engine agrees; else
    /// those on which the actions were found.
    fn appointments(&mut self, patient: Patient<'_>, indicator: &Indicator, chosen: &[Action]) -> usize {
        let mut left: Vec<&Action> = chosen.iter().collect();
        let mut days: Vec<Day> = Vec::new();
        while let Some(day) = left.iter().map(|action| action.to).min() {
            left.retain(|action| action.from > day);
            days.push(day);
        }
        let on_these: Option<Vec<Action>> = chosen
            .iter()
            .map(|action| Some(Action { day: *days.iter().find(|day| (action.from..=action.to).contains(day))?, ..action.clone() }))
            .collect();
        if days.len() > 1 && on_these.is_some_and(|actions| self.achieves(patient, indicator, &actions)) {
            return days.len();
        }
        let mut found: Vec<Day> = chosen.iter().map(|action| action.day).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    fn achieves(&mut self, patient: Patient<'_>, indicator: &Indicator, actions: &[Action]) -> bool {
        self.with(patient, actions, |ways| {
            ways.answers.is_of(indicator) && outcome(ways.answers, &indicator.lines) == Some(Outcome::Achieved)
        })
        .unwrap_or(false)
    }

    /// Asks something of the person as they would be after some actions; nothing where an action's value cannot be.
    fn with<T>(&mut self, patient: Patient<'_>, actions: &[Action], ask: impl FnOnce(&mut Ways<'_, '_>) -> T) -> Option<T> {
        if actions.is_empty() {
            let patient = self.as_is.people().first().map(|person| self.as_is.patient(person))?;
            let mut answers = Answers::again(std::mem::take(&mut self.memory_as_is), self.end, patient);
            let told = ask(&mut Ways { answers: &mut answers, until: self.until, time: &self.time, of_registers: &self.of_registers });
            self.memory_as_is = answers.into_memory();
            return Some(told);
        }
        let mut records = Vec::new();
        if !actions.iter().all(|action| add_records(action, &mut records)) {
            return None;
        }
        let patient = self.future.only(patient, self.until, &records);
        let mut answers = Answers::within(std::mem::take(&mut self.memory), self.end, patient);
        let told = ask(&mut Ways { answers: &mut answers, until: self.until, time: &self.time, of_registers: &self.of_registers });
        self.memory = answers.into_memory();
        Some(told)
    }
}

/// One person, asked about indicator after indicator: what is so without any action is worked out once.
#[derive(Debug)]
pub struct NextOf<'n, 'f, 'p> {
    next: &'n mut Next<'f>,
    patient: Patient<'p>,
}

impl NextOf<'_, '_, '_> {
    /// The person with the records up to the reporting day.
    pub fn as_is(&self) -> Patient<'_> {
        self.next.as_is().unwrap_or(self.patient)
    }

    /// The line of each indicator that would decide at the end if nothing were done.
    pub fn lines_at_end(&mut self) -> Vec<Option<LineNumber>> {
        let end = self.next.end;
        let lines = self.next.with(self.patient, &[], |ways| end.indicators.iter().map(|one| ways.answers.indicator(one)).collect());
        lines.unwrap_or_default()
    }

    /// The fewest actions after which an indicator counts the person as achieved; nothing where there are none, and no actions where
    /// it is so without any.
    pub fn proposal(&mut self, indicator: &Indicator) -> Option<Proposal> {
        self.next.proposal(self.patient, indicator)
    }

    /// What was missed, where there is no proposal: of the fewest actions that would have been enough, those whose last day has passed.
    /// Nothing where no record of the last two years would have been.
    pub fn missed(&mut self, indicator: &Indicator) -> Vec<Action> {
        let next = &mut *self.next;
        let earlier = Time { first: next.time.last.plus(-DAYS_BACK), last: next.time.last };
        let now = std::mem::replace(&mut next.time, earlier);
        let proposal = next.proposal(self.patient, indicator);
        next.time = now;
        let mut actions = proposal.map(|proposal| proposal.actions).unwrap_or_default();
        actions.retain(|action| action.to <= next.until);
        actions
    }
}

/// What would bring the person nearer to being achieved; nothing where the person is.
fn ways_to_achieve(ways: &mut Ways<'_, '_>, indicator: &Indicator) -> Option<Vec<Way>> {
    if !ways.answers.is_of(indicator) {
        return Some(Vec::new());
    }
    let lines = &indicator.lines;
    let decided = ways.answers.decide(lines);
    if lines.line(decided).is_some_and(|line| line.outcome == Outcome::Achieved) {
        return None;
    }
    let mut all: Vec<Way> = Vec::new();
    for line in lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved) {
        if !ways.answers.line_holds(line) {
            all.extend(ways.condition(&line.condition, true));
        } else if let Some(before) = lines.line(decided) {
            // It holds, and a line before it holds too.
            all.extend(ways.condition(&before.condition, false));
        }
    }
    let mut different: Vec<Way> = Vec::new();
    for way in all {
        if !different.contains(&way) {
            different.push(way);
        }
    }
    Some(different)
}

/// How many actions are needed at least.
fn fewest(ways: &mut Ways<'_, '_>, lines: &Lines) -> usize {
    let achieved = lines.lines.iter().filter(|line| line.outcome == Outcome::Achieved);
    achieved.map(|line| ways.at_least(&line.condition)).min().unwrap_or(0)
}

fn outcome(answers: &mut Answers<'_>, lines: &Lines) -> Option<Outcome> {
    let decided: LineNumber = answers.decide(lines);
    lines.line(decided).map(|line| line.outcome)
}

/// The records of an action; `false` where no value can be as it must be.
fn add_records(action: &Action, records: &mut Vec<Record>) -> bool {
    let number = |records: &[Record]| u32::MAX - u32::try_from(records.len()).unwrap_or(0);
    // Values of one reading share a group that no record of the extract has.
    let group = if action.reading { number(records) } else { 0 };
    let sets = if action.reading { action.sets.as_slice() } else { action.sets.get(..1).unwrap_or(&[]) };
    for (value, set) in (0..).zip(sets) {
        let tests = action.values.iter().filter(|test| test.value == value);
        let Some(amount) = value_between(tests.copied()) else { return false };
        // A reading is whole only with all its values.
        let amount = amount.or(action.reading.then_some(Amount(0)));
        records.push(Record { set: *set, day: action.day, amount, group, episode: Episode::Untold, record: number(records) });
    }
    !sets.is_empty()
}

/// The value that passes all tests and is nearest to the bound; none where there is no test, nothing where none passes.
fn value_between(tests: impl Iterator<Item = AmountTest>) -> Option<Option<Amount>> {
    let (mut least, mut most): (Option<i64>, Option<i64>) = (None, None);
    for AmountTest { compare, amount: Amount(bound), .. } in tests {
        match compare {
            Compare::AtLeast => least = least.max(Some(bound)),
            Compare::Over => least = least.max(Some(bound + 1)),
            Compare::AtMost => most = Some(most.map_or(bound, |most| most.min(bound))),
            Compare::Under => most = Some(most.map_or(bound - 1, |most| most.min(bound - 1))),
        }
    }
    match (least, most) {
        (Some(least), Some(most)) if least > most => None,
        (_, Some(most)) => Some(Some(Amount(most))),
        (least, None) => Some(least.map(Amount)),
    }
}
