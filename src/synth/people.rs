//! Ordinary people, and the people of examples: what they have, and what their practice did for them.
//! Whatever is added is put to the engine, and taken back when it upsets what was settled before.

use super::Practice;
use super::patterns::{Pattern, Patterns, Piece};
use super::records::{Going, Place, Record, moved};
use super::who::{illness, somebody};
use crate::evaluate::Answers;
use crate::extract::patient::{About, Patients};
use crate::framework::calendar::{Day, Period};
use crate::framework::code_sets::SetId;
use crate::framework::{Asks, Fact, Framework, Indicator, LineNumber, Outcome, Register, RegisterId, Search};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;

/// How often something is tried before it is left.
const TRIES: usize = 8;

/// Outcomes as examples name them.
const ACHIEVED: &str = "achieved";
const EXCEPTED: &str = "excepted";
const NOT_ACHIEVED: &str = "not achieved";
const SELECTED: &str = "selected";

/// A person.
pub struct Person {
    /// Who.
    pub about: About,
    /// Of the birth only the month is told.
    pub month_only: bool,
    /// What is in the record.
    pub records: Vec<Record>,
}

/// The line that decided a person, in the order of [`Framework::measures`]; nothing for an indicator that is not of them.
pub type Decided = Vec<Option<LineNumber>>;

/// Makes people.
pub struct Maker<'m> {
    patterns: &'m Patterns,
    /// One a year, the reported one last.
    years: &'m [Framework],
    now: &'m Framework,
    written: Period,
    conditions: Vec<Condition>,
}

/// A register that records of its own decide.
struct Condition {
    register: usize,
    /// The code sets it asks for.
    sets: Vec<SetId>,
    /// How many of a million have it; of the people of another register, when it lies within that one.
    share: u64,
    within_another: bool,
}

impl<'m> Maker<'m> {
    /// `years` are the frameworks of successive years, `now` the last of them; `written` is the period that the examples are written for.
    pub fn new(patterns: &'m Patterns, years: &'m [Framework], now: &'m Framework, written: Period) -> Maker<'m> {
        let registers = now.registers.iter().enumerate();
        let mut conditions: Vec<Condition> = registers.filter_map(|(at, register)| condition(now, at, register)).collect();
        conditions.sort_by_key(|condition| condition.within_another);
        Maker { patterns, years, now, written, conditions }
    }

    /// An ordinary person of a practice.
    pub fn ordinary(&self, practice: &Practice, extracted_on: Day, dice: &mut Pcg64) -> Person {
        let about = somebody(practice, self.now.reporting_day, extracted_on, dice);
        let month_only = about.born_ymd % 100 == 1 && dice.random_ratio(1, 2);
        let mut person = Person { about, month_only, records: Vec::new() };
        let burden = dice.random_range(400..1600) * practice.burden() * illness(about.born, self.now.reporting_day);
        for condition in &self.conditions {
            let usual = (condition.share * burden / 1_000_000_000).min(850_000);
            let chance = if condition.within_another { condition.share } else { usual };
            if dice.random_range(0..1_000_000) < chance {
                self.give(&mut person, condition, practice, dice);
            }
        }
        let luck = luck(self.now, dice);
        let years = i64::try_from(self.years.len()).unwrap_or(0);
        for (year, framework) in (1..).zip(self.years) {
            self.care(&mut person, framework, years - year, &luck, practice, dice);
        }
        let last = [Some(extracted_on), about.left, about.died].into_iter().flatten().min().unwrap_or(extracted_on);
        person.records.retain(|record| record.day <= last);
        person.records.sort_by_key(|record| record.day);
        person
    }

    /// The person of an example, with real codes; nothing when no codes bring the example's line about.
    pub fn of_example(&self, measure: usize, pattern: &Pattern, practice: &Practice, dice: &mut Pcg64) -> Option<Person> {
        let going = self.going(self.now, Place::AsWritten, 0, practice);
        let mut about = pattern.about;
        about.born = moved(about.born, going.years);
        about.born_ymd = about.born.ymd();
        about.registered = moved(about.registered, going.years);
        about.imd_quintile = Some(practice.imd_quintile(dice));
        let pieces: Vec<&Piece> = pattern.pieces.iter().collect();
        for _ in 0..TRIES {
            let person = Person { about, month_only: false, records: self.patterns.records(&pieces, &going, dice)? };
            let line = self.decided(self.now, &person).get(measure).copied().flatten();
            // Line 0 is of an indicator in bands: the example belongs to another band.
            if line == Some(pattern.line) || line == Some(LineNumber(0)) {
                return Some(person);
            }
        }
        None
    }

    /// What the engine makes of a person.
    pub fn decided(&self, framework: &Framework, person: &Person) -> Decided {
        let raw = person.records.iter().filter_map(|record| self.patterns.raw(record, framework));
        let patients = Patients::new([(0, person.about)], raw.collect(), &framework.codes);
        let Some(one) = patients.people().first() else { return Vec::new() };
        let mut answers = Answers::new(framework, patients.patient(one));
        let registers = (0..framework.registers.len()).map(|at| RegisterId(u16::try_from(at).unwrap_or(u16::MAX)));
        let mut lines: Decided = registers.map(|id| Some(answers.register(id))).collect();
        lines.extend(framework.indicators.iter().map(|indicator| answers.indicator(indicator)));
        lines
    }

    /// Gives a person the records of somebody whom the register selects. Other conditions stay as they are.
    fn give(&self, person: &mut Person, condition: &Condition, practice: &Practice, dice: &mut Pcg64) {
        let settled = self.decided(self.now, person);
        let others = self.conditions.iter().filter(|other| other.register != condition.register);
        let others: Vec<usize> = others.map(|other| other.register).collect();
        let agrees = |then: &Decided| {
            word(self.now, then, condition.register) == Some(SELECTED)
                && others.iter().all(|other| word(self.now, then, *other) == word(self.now, &settled, *other))
        };
        let patterns = self.patterns.registers.get(condition.register).into_iter().flatten();
        let selected: Vec<&Pattern> = patterns.filter(|pattern| pattern.then == SELECTED).collect();
        for attempt in 0..TRIES {
            let Some(pattern) = selected.choose(dice) else { return };
            let own: Vec<&Piece> = pattern.pieces.iter().filter(|piece| shares(&piece.sets, &condition.sets)).collect();
            let latest = own.iter().map(|piece| piece.day).max().unwrap_or(self.written.to);
            // Diagnosed at any time in the last twenty years; where the register asks for something of this year, in this year.
            let days_ago = latest.0 - self.written.to.0 + dice.random_range(15..7300);
            let place = if attempt < TRIES / 2 { Place::Earlier(days_ago) } else { Place::Within };
            let going = self.going(self.now, place, highest_group(person), practice);
            if self.add(person, &own, &going, dice, agrees).is_some() {
                return;
            }
        }
    }

    /// A year of care: for each indicator, in report order, an outcome that the practice's ways make likely.
    fn care(&self, person: &mut Person, framework: &Framework, years_ago: i64, luck: &[u32], practice: &Practice, dice: &mut Pcg64) {
        let mut settled = self.decided(framework, person);
        for (at, (indicator, luck)) in framework.indicators.iter().zip(luck).enumerate() {
            let measure = framework.registers.len() + at;
            let Some(current) = word(framework, &settled, measure).filter(|word| *word != Outcome::Excluded.word()) else { continue };
            let luck = (luck + dice.random_range(0..=1200)).clamp(600, 10_599) - 600;
            let reaches = practice.reaches(indicator, years_ago);
            let wanted = match luck {
                luck if luck < reaches => ACHIEVED,
                luck if luck < reaches + practice.excepts => EXCEPTED,
                _ => NOT_ACHIEVED,
            };
            if current == wanted && (wanted != NOT_ACHIEVED || dice.random_ratio(2, 5)) {
                continue;
            }
            let patterns = self.patterns.indicators.get(at).into_iter().flatten();
            let patterns: Vec<&Pattern> = patterns.filter(|pattern| pattern.then == wanted).collect();
            for attempt in 0..TRIES {
                let Some(pattern) = patterns.choose(dice) else { break };
                // What makes people ill is not done to them; only where nothing else will do, as with a weight or a drug.
                let ill = |piece: &Piece| self.conditions.iter().any(|condition| shares(&piece.sets, &condition.sets));
                // What was done too early was done last year: that year has been seen to.
                let too_early = |piece: &Piece| wanted == NOT_ACHIEVED && piece.day < self.written.from;
                let fits = |piece: &&Piece| !too_early(piece) && (attempt >= TRIES / 2 || !ill(piece));
                let pieces: Vec<&Piece> = pattern.pieces.iter().filter(fits).collect();
                let going = self.going(framework, Place::Within, highest_group(person), practice);
                let agrees = |then: &Decided| self.agrees(framework, &settled, then, measure, wanted);
                if let Some(then) = self.add(person, &pieces, &going, dice, agrees) {
                    settled = then;
                    break;
                }
            }
        }
    }

    /// Conditions are as they were, earlier indicators have the outcomes they had, this one has the outcome wanted,
    /// and nobody is excepted from a later one by accident.
    fn agrees(&self, framework: &Framework, settled: &Decided, then: &Decided, measure: usize, wanted: &str) -> bool {
        let same = |measure: usize| word(framework, settled, measure) == word(framework, then, measure);
        let not_excepted = |later: usize| same(later) || word(framework, then, later) != Some(EXCEPTED);
        word(framework, then, measure) == Some(wanted)
            && self.conditions.iter().all(|condition| same(condition.register))
            && (framework.registers.len()..measure).all(same)
            && (wanted == EXCEPTED || (measure + 1..then.len()).all(not_excepted))
    }

    /// Adds records, unless the engine's answer does not agree with them. Gives the new answer.
    fn add(
        &self,
        person: &mut Person,
        pieces: &[&Piece],
        going: &Going<'_>,
        dice: &mut Pcg64,
        agrees: impl Fn(&Decided) -> bool,
    ) -> Option<Decided> {
        let new = self.patterns.records(pieces, going, dice).filter(|new| !new.is_empty())?;
        let possible = person.about.born..=going.framework.reporting_day;
        if !new.iter().all(|record| possible.contains(&record.day)) {
            return None;
        }
        let before = person.records.len();
        person.records.extend(new);
        let then = self.decided(going.framework, person);
        if agrees(&then) {
            return Some(then);
        }
        person.records.truncate(before);
        None
    }

    fn going<'g>(&self, framework: &'g Framework, place: Place, groups: u32, practice: &'g Practice) -> Going<'g> {
        let years = (framework.period.from.ymd() - self.written.from.ymd()) / 10_000;
        Going { framework, years, place, groups, practice }
    }
}

/// What practice and person make of each indicator, of ten thousand, 0 the best: mostly the same within a domain, and much the same every year.
fn luck(framework: &Framework, dice: &mut Pcg64) -> Vec<u32> {
    let by_domain: Vec<u32> = framework.domains.iter().map(|_| dice.random_range(0..10_000)).collect();
    let one = |indicator: &Indicator| {
        let own = dice.random_range(0..10_000);
        by_domain.get(indicator.domain).copied().filter(|_| dice.random_ratio(3, 5)).unwrap_or(own)
    };
    framework.indicators.iter().map(one).collect()
}

fn highest_group(person: &Person) -> u32 {
    person.records.iter().map(|record| record.group).max().unwrap_or(0)
}

/// A register as a condition, if records of its own decide.
fn condition(framework: &Framework, at: usize, register: &Register) -> Option<Condition> {
    let searches = register.lines.fact_names.iter().filter_map(|(id, _)| search(framework.fact(*id)));
    let of =
        |search: &Search| search.sets.iter().chain(search.with.iter().flat_map(|companion| &companion.sets)).copied().collect::<Vec<_>>();
    let sets: Vec<SetId> = searches.flat_map(of).collect();
    let mut clauses = register.lines.lines.iter().flat_map(|line| &line.condition.clauses);
    let within_another = clauses.any(|clause| matches!(clause.asks, Asks::OnRegister(_)));
    let reference = register.reference.map(|reference| reference.register * 1_000_000 / reference.list.max(1));
    let share = if within_another { 400_000 } else { reference.unwrap_or(30_000) };
    (!sets.is_empty()).then_some(Condition { register: at, sets, share, within_another })
}

fn search(fact: &Fact) -> Option<&Search> {
    match fact {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) | Fact::Count(search, _) => Some(search),
        Fact::LatestOf(_) | Fact::Registers(_) => None,
    }
}

fn shares(some: &[SetId], others: &[SetId]) -> bool {
    some.iter().any(|set| others.contains(set))
}

/// What became of a person by a measure; nothing when it is not of them.
fn word(framework: &Framework, decided: &Decided, measure: usize) -> Option<&'static str> {
    let line = decided.get(measure).copied().flatten()?;
    let lines = match measure.checked_sub(framework.registers.len()) {
        None => &framework.registers.get(measure)?.lines,
        Some(at) => &framework.indicators.get(at)?.lines,
    };
    Some(lines.line(line)?.outcome.word())
}
