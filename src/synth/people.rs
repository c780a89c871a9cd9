//! A person: who they are, what they have, what they take, and what their practice does for them year by year.
//! All chances stand in the profile; a person's own doings and the practice's ways move them.

use super::patterns::{Pattern, Patterns};
use super::practices::Practice;
use super::profile::{Area, Care, Condition, Profile, Reasons, Value, When};
use super::records::{Code, Record, moved};
use super::who::somebody;
use crate::evaluate::Answers;
use crate::extract::patient::{About, Episode, Patients};
use crate::framework::calendar::{Day, Period};
use crate::framework::{Framework, LineNumber, RegisterId, Sex};
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

/// How many years of care people have behind them, the reported one included.
const YEARS: usize = 5;
/// A register's review of its own is recorded so many years back.
const YEARS_OF_REVIEWS: usize = 2;
/// How often an example is tried with other codes before it is left.
const TRIES: usize = 8;
/// Everybody, as the profile calls them.
const EVERYONE: &str = "everyone";
/// Exceptions, as the profile calls them.
const EXCEPTS: &str = "excepts";

/// A person.
pub struct Person {
    /// Who.
    pub about: About,
    /// Of the birth only the month is told.
    pub month_only: bool,
    /// What is in the record.
    pub records: Vec<Record>,
    /// How many long-term conditions they have.
    pub conditions: usize,
    /// The last day that anything may be recorded on.
    pub last: Day,
}

/// The line that decided a person, in the order of [`Framework::measures`]; nothing for an indicator that is not of them.
pub type Decided = Vec<Option<LineNumber>>;

/// Makes people.
pub struct Maker<'m> {
    /// The rules' examples and codes.
    pub patterns: &'m Patterns,
    /// What people have and practices do.
    pub profile: &'m Profile,
    /// Where there are many practices: what is different there.
    pub area: Option<&'m Area>,
    /// The reported year.
    pub framework: &'m Framework,
    /// The period that examples are written for.
    pub written: Period,
    /// Nothing is recorded after this day.
    pub extracted_on: Day,
}

/// How somebody meets their practice in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meets {
    Comes,
    Unsuitable,
    Declines,
    Silent,
}

/// One year of somebody's care.
#[derive(Clone, Copy, Debug)]
struct Year {
    from: Day,
    to: Day,
    meets: Meets,
    /// The day of the yearly review.
    review: Day,
    /// All that is due is done on that day.
    one_day: bool,
}

/// A person in the making.
pub(super) struct Life<'l> {
    pub maker: &'l Maker<'l>,
    pub practice: &'l Practice,
    pub about: About,
    pub dice: Pcg64,
    /// Codes have dice of their own, so that another code in a set leaves the person as they were.
    codes: Pcg64,
    pub records: Vec<Record>,
    /// What they have, and since when.
    has: Vec<(&'l Condition, Day)>,
    takes: Vec<&'l str>,
    /// More or less keen than others, of a thousand.
    pub keen: i64,
    /// The last day that anything may be recorded on.
    pub last: Day,
    /// The reported year first.
    years: Vec<Year>,
    groups: u32,
}

impl Maker<'_> {
    /// An ordinary person of a practice.
    pub fn ordinary(&self, practice: &Practice, mut dice: Pcg64) -> (Person, Pcg64) {
        let about = somebody(practice, self.framework.reporting_day, self.extracted_on, &mut dice);
        let month_only = about.born_ymd % 100 == 1 && dice.random_ratio(1, 2);
        let last = [Some(self.extracted_on), about.left, about.died].into_iter().flatten().min().unwrap_or(self.extracted_on);
        let keen = dice.random_range(-90..=90);
        let codes = Pcg64::from_rng(&mut dice);
        let (records, has, takes, years) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut life = Life { maker: self, practice, about, dice, codes, records, has, takes, keen, last, years, groups: 0 };
        life.falls_ill();
        life.takes_drugs();
        life.meets_the_practice();
        life.is_cared_for();
        life.is_seen_after();
        life.plans();
        life.is_cared_for_besides();
        let conditions = life.how_many(&self.profile.plans.of, last);
        let Life { mut records, dice, .. } = life;
        records.retain(|record| record.day <= last && record.day >= about.born);
        records.sort_by_key(|record| record.day);
        (Person { about, month_only, records, conditions, last }, dice)
    }

    /// The person of an example, with real codes; nothing when no codes bring the example's line about.
    pub fn of_example(&self, measure: usize, pattern: &Pattern, practice: &Practice, dice: &mut Pcg64) -> Option<(Person, Decided)> {
        let years = (self.framework.period.from.ymd() - self.written.from.ymd()) / 10_000;
        let mut about = pattern.about;
        about.born = moved(about.born, years);
        about.born_ymd = about.born.ymd();
        about.registered = moved(about.registered, years);
        about.imd_quintile = Some(practice.imd_quintile(dice));
        for _ in 0..TRIES {
            let records = self.patterns.records(pattern, years, practice, dice)?;
            let person = Person { about, month_only: false, records, conditions: 0, last: self.extracted_on };
            // What is recorded before birth is left out when an extract is read.
            if person.records.iter().any(|record| record.day < about.born) {
                return None;
            }
            let decided = self.decided(&person);
            let line = decided.get(measure).copied().flatten();
            // Line 0 is of an indicator in bands: the example belongs to another band.
            if line == Some(pattern.line) || line == Some(LineNumber(0)) {
                return Some((person, decided));
            }
        }
        None
    }

    /// What the engine makes of a person.
    pub fn decided(&self, person: &Person) -> Decided {
        let framework = self.framework;
        let raw = person.records.iter().filter_map(|record| self.patterns.raw(record, framework));
        let patients = Patients::new([(0, person.about)], raw.collect(), &framework.codes);
        let Some(one) = patients.people().first() else { return Vec::new() };
        let mut answers = Answers::new(framework, patients.patient(one));
        let registers = (0..framework.registers.len()).map(|at| RegisterId(u16::try_from(at).unwrap_or(u16::MAX)));
        let mut lines: Decided = registers.map(|id| Some(answers.register(id))).collect();
        lines.extend(framework.indicators.iter().map(|indicator| answers.indicator(indicator)));
        lines.extend(framework.pathways.iter().map(|pathway| answers.pathway(pathway).map(|standing| standing.line)));
        lines
    }
}

impl<'l> Life<'l> {
    /// Whether something that happens to so many of a thousand happens.
    pub fn chance(&mut self, of_a_thousand: i64) -> bool {
        self.dice.random_range(0..1000) < of_a_thousand
    }

    /// A number around 0, seldom more than twice this away from it.
    fn around(&mut self, spread: i64) -> i64 {
        (0..3).map(|_| self.dice.random_range(-spread..=spread)).sum()
    }

    /// Days to wait: half of all wait no longer than this.
    pub fn wait(&mut self, median: i32) -> i32 {
        let longest = if self.chance(150) { median * 3 } else { median * 2 - median / 3 };
        if self.chance(500) { self.dice.random_range(median / 3..=median) } else { self.dice.random_range(median..=longest) }
    }

    /// Since when somebody has something.
    pub fn since(&self, name: &str) -> Option<Day> {
        self.has.iter().find(|(condition, _)| condition.id == name).map(|(_, day)| *day)
    }

    fn age_on(&self, day: Day) -> i64 {
        i64::from((day.0 - self.about.born.0) * 4 / 1461)
    }

    /// Records a code of these sets, if the framework has them.
    pub fn put(&mut self, name: &str, day: Day) {
        self.write(name, day, None, 0, Episode::Untold);
    }

    pub fn write(&mut self, name: &str, day: Day, value: Option<Decimal>, group: u32, episode: Episode) {
        if name.is_empty() {
            return;
        }
        let own = self.practice.ways.own_code.as_ref().is_some_and(|own| own.set == name);
        let drawn = self.maker.patterns.draw_named(name, &self.practice.schemes, &mut self.codes);
        if let Some(code) = drawn {
            let code = if own { Code::Own } else { Code::Listed(code) };
            self.records.push(Record { day, code, value, group, episode });
        }
    }

    fn one_of<'n>(&mut self, first: &'n str, others: &'n [String]) -> &'n str {
        let at = self.dice.random_range(0..=others.len());
        others.get(at).map_or(first, String::as_str)
    }

    /// How likely it is that something is done: for whichever condition makes it likeliest, and since when the person has that.
    fn likeliest(&self, conditions: &super::profile::ByCondition) -> Option<(i64, Day)> {
        let of = |(name, chance): (&String, &i64)| {
            let since = if name == EVERYONE { Some(self.about.born) } else { self.since(name) };
            since.map(|since| (*chance, since))
        };
        conditions.iter().filter_map(of).max_by_key(|(chance, _)| *chance)
    }

    /// Conditions: by age and sex, more where people are poorer, one making others likelier.
    fn falls_ill(&mut self) {
        let today = self.maker.framework.reporting_day;
        let age = self.age_on(today);
        let poorer = 100 + 7 * (3 - i64::from(self.about.imd_quintile.unwrap_or(3)));
        let burden = self.dice.random_range(60..=140) * poorer * self.practice.ways.finds * self.maker.profile.illness / 100;
        for condition in &self.maker.profile.conditions {
            if !condition.any_of.is_empty() {
                let since = condition.any_of.iter().filter_map(|other| self.since(other)).min();
                if let Some(since) = since.filter(|_| age >= condition.from_age) {
                    self.has.push((condition, since));
                }
                continue;
            }
            let out_of_place = condition.within.as_ref().is_some_and(|other| self.since(other).is_none());
            if out_of_place || condition.without.iter().any(|other| self.since(other).is_some()) {
                continue;
            }
            // Of a thousand million.
            let burden = if condition.codes.is_empty() || condition.within.is_some() { 1_000_000 } else { burden };
            let mut chance = self.maker.profile.at_age(&condition.share, age) * burden;
            chance = condition.with.iter().filter(|(other, _)| self.since(other).is_some()).fold(chance, |sum, (_, more)| sum * more / 100);
            chance = match self.about.sex {
                Some(Sex::Male) => chance * 2 * condition.men / (100 + condition.men),
                _ => chance * 200 / (100 + condition.men),
            };
            if self.maker.area.is_some() {
                chance = chance * condition.in_area / 100;
            }
            if self.dice.random_range(0..1_000_000_000) < chance {
                self.falls_ill_with(condition, today);
            }
        }
    }

    fn falls_ill_with(&mut self, condition: &'l Condition, today: Day) {
        let lived = (today.0 - self.about.born.0 - 30).max(1);
        let since = today.plus(-self.dice.random_range(0..(condition.years * 365).min(lived)));
        let new = condition.episode.is_some();
        let code = self.one_of(&condition.codes, &condition.or);
        self.write(code, since, None, 0, if new { Episode::New } else { Episode::Untold });
        let days = (today.0 - since.0).max(1);
        if self.chance(140) {
            let again = since.plus(self.dice.random_range(0..days));
            self.write(code, again, None, 0, if new { Episode::Review } else { Episode::Untold });
        } else if !condition.resolved.is_empty() && self.chance(25) {
            let day = since.plus(self.dice.random_range(0..days) + 1);
            self.put(&condition.resolved, day);
            return;
        }
        self.has.push((condition, since));
    }

    fn takes_drugs(&mut self) {
        let today = self.maker.framework.reporting_day;
        let on_record = today.plus(-self.dice.random_range(5..420));
        let (wants_none, none_will_do) = (self.chance(15), self.chance(5));
        for drug in &self.maker.profile.drugs {
            let Some((usual, since)) = self.likeliest(&drug.r#for) else { continue };
            if drug.without.as_ref().is_some_and(|other| self.takes.contains(&other.as_str())) {
                continue;
            }
            if wants_none || none_will_do {
                self.put(if wants_none { &drug.reasons.declined } else { &drug.reasons.unsuitable }, on_record);
                continue;
            }
            if !self.chance(usual + self.keen / 2) {
                self.reason(&drug.reasons, false, on_record);
                continue;
            }
            self.takes.push(&drug.id);
            let code = self.one_of(&drug.codes, &drug.or);
            let mut day = today.plus(-self.dice.random_range(1..80));
            if !drug.stopped.is_empty() && self.chance(100) {
                day = day.plus(-40);
                self.put(&drug.stopped, day.plus(30));
            }
            for _ in 0..3 {
                if day < since {
                    break;
                }
                self.put(code, day);
                day = day.plus(-self.dice.random_range(50..90));
            }
            // The first of all.
            let first = since.plus(self.dice.random_range(0..60));
            if first < day {
                self.put(code, first);
            }
        }
    }

    /// A reason on record why something was not done, for some.
    fn reason(&mut self, reasons: &Reasons, often: bool, day: Day) {
        let Reasons { declined, unsuitable, allergy, unavailable } = reasons;
        let known: Vec<&String> =
            [declined, declined, unsuitable, allergy, unavailable].into_iter().filter(|code| !code.is_empty()).collect();
        let chance = if often { 300 } else { 70 } * (50 + self.practice.ways.excepts / 2) / 100;
        if self.chance(chance)
            && let Some(reason) = known.choose(&mut self.dice).copied()
        {
            self.put(reason, day);
        }
    }

    /// Year by year: whether somebody comes when asked, and when. Those who do not have letters or a reason on record.
    fn meets_the_practice(&mut self) {
        let framework = self.maker.framework;
        let offset = self.dice.random_range(0..330);
        let fragile = self.maker.profile.fragile.iter().any(|name| self.since(name).is_some());
        for ago in 0..YEARS {
            let years = -i32::try_from(ago).unwrap_or(0);
            let from = moved(framework.period.from, years);
            let to = if ago == 0 { framework.reporting_day } else { moved(framework.period.from, years + 1).plus(-1) };
            let excepts = self.practice.ways.excepts;
            let unsuitable = if fragile { 45 } else { 7 } * excepts / 100;
            let declines = 13 * excepts / 100;
            let meets = match self.dice.random_range(0..1000) - self.keen.min(0) / 8 {
                dice if dice < unsuitable => Meets::Unsuitable,
                dice if dice < unsuitable + declines => Meets::Declines,
                dice if dice < unsuitable + declines + 28 => Meets::Silent,
                _ => Meets::Comes,
            };
            let review = from.plus(offset + self.dice.random_range(0..35)).min(to);
            let one_day = self.chance(self.practice.ways.one_day);
            let year = Year { from, to, meets, review, one_day };
            self.years.push(year);
            if ago < YEARS_OF_REVIEWS {
                self.letters(&year, ago == 0);
            }
        }
    }

    /// What a year leaves behind besides care: letters, and reasons for leaving somebody out.
    fn letters(&mut self, year: &Year, this_year: bool) {
        let day = year.review.plus(self.dice.random_range(-40..40));
        let has = self.has.clone();
        let called = |name: fn(&Condition) -> &String| has.iter().map(move |(condition, _)| name(condition).as_str());
        match year.meets {
            Meets::Unsuitable => called(|condition| &condition.unsuitable).for_each(|code| self.put(code, day)),
            Meets::Declines => called(|condition| &condition.declined).for_each(|code| self.put(code, day)),
            Meets::Silent if this_year => {
                let again = day.plus(self.dice.random_range(14..50));
                for code in called(|condition| &condition.invited) {
                    self.put(code, day);
                    self.put(code, again);
                }
            }
            // Some are asked before they come, and a few are asked to come again and do not.
            Meets::Comes if this_year => {
                let asked = year.review.plus(-self.dice.random_range(12..40));
                let again = year.review.plus(self.dice.random_range(14..50));
                let days = match self.dice.random_range(0..1000) {
                    0..250 => vec![asked],
                    250..280 => vec![again, again.plus(self.dice.random_range(10..40))],
                    _ => Vec::new(),
                };
                for code in called(|condition| &condition.invited).filter(|code| !code.is_empty()).take(2) {
                    days.iter().for_each(|day| self.put(code, *day));
                }
            }
            _ => {}
        }
    }

    /// How somebody met their practice in the year of a day.
    pub fn meets(&self, day: Day) -> Meets {
        self.years.iter().find(|year| year.from <= day).map_or(Meets::Comes, |year| year.meets)
    }

    fn is_cared_for(&mut self) {
        let years = self.years.clone();
        for care in &self.maker.profile.care {
            self.care(care, &years);
        }
        let reviewed: Vec<(&Condition, Day)> = self.has.iter().copied().filter(|(condition, _)| !condition.review.is_empty()).collect();
        for (condition, since) in reviewed {
            for (ago, year) in (0..).zip(&years).take(YEARS_OF_REVIEWS) {
                let chance = self.likely(780 + self.practice.way("reviews"), ago, year, since);
                if let Some(day) = self.day_of(When::Review, year, since)
                    && self.chance(chance)
                {
                    self.put(&condition.review, day);
                }
            }
        }
    }

    /// What came into the profile later: with other dice, which nobody needs after this, so that the rest of the person stays as it was.
    fn is_cared_for_besides(&mut self) {
        let years = self.years.clone();
        let other = Pcg64::from_rng(&mut self.codes);
        let dice = std::mem::replace(&mut self.dice, other);
        for care in &self.maker.profile.besides {
            self.care(care, &years);
        }
        self.dice = dice;
    }

    fn care(&mut self, care: &Care, years: &[Year]) {
        let Some((usual, since)) = self.likeliest(&care.r#for) else { return };
        let not_theirs = (care.of_women && self.about.sex != Some(Sex::Female))
            || care.within.as_ref().is_some_and(|other| self.since(other).is_none())
            || care.takes.as_ref().is_some_and(|drug| !self.takes.contains(&drug.as_str()));
        if not_theirs {
            return;
        }
        let usual = usual + self.likeliest(&care.more).map_or(0, |(more, _)| more);
        let levels: Vec<i64> = care.values.iter().map(|value| self.level(value)).collect();
        for (ago, year) in (0..).zip(years).take(care.years) {
            if !(care.from_age..=care.to_age).contains(&self.age_on(year.to)) {
                continue;
            }
            let chance = if care.of == EXCEPTS {
                usual * self.practice.ways.excepts / 100
            } else {
                self.likely(usual + self.practice.way(&care.of), ago, year, since)
            };
            let done = self.chance(chance);
            let Some(day) = self.day_of(care.day, year, since) else { continue };
            if done {
                self.is_done(care, &levels, day);
                if self.chance(care.again)
                    && let Some(day) = self.day_of(When::Any, year, since)
                {
                    self.is_done(care, &levels, day);
                }
            } else if !care.instead.is_empty() && self.chance(60) {
                self.put(&care.instead, day);
            } else if chance > 0 && care.of != EXCEPTS && year.meets == Meets::Comes {
                self.reason(&care.reasons, care.often, day);
            }
        }
    }

    fn is_done(&mut self, care: &Care, levels: &[i64], day: Day) {
        let codes = if !care.or.is_empty() && self.chance(300) { &care.or } else { &care.codes };
        for code in codes {
            self.put(code, day);
        }
        let group = if care.group && self.chance(950) {
            self.groups += 1;
            self.groups
        } else {
            0
        };
        for (value, level) in care.values.iter().zip(levels) {
            let amount = (level + self.around(value.visits)).max(value.usual / 3);
            self.write(&value.codes, day, Some(Decimal::new(amount, value.decimals)), group, Episode::Untold);
        }
    }

    /// What one person's value is like, whenever it is measured.
    fn level(&mut self, value: &Value) -> i64 {
        let more: i64 = value.with.iter().filter(|(name, _)| self.since(name).is_some()).map(|(_, more)| *more).sum();
        let wide: i64 = value.wide.iter().filter(|(name, _)| self.since(name).is_some()).map(|(_, more)| *more).sum();
        let level = value.usual + more + self.around(value.people + wide);
        level - value.better * self.practice.ways.targets / 100
    }

    /// A chance of this practice, for this person, in a year so long ago: less in earlier years, for those who do not come, and for those who have just come.
    fn likely(&mut self, usual: i64, ago: i64, year: &Year, since: Day) -> i64 {
        let chance = (usual + self.keen - 15 * ago).clamp(0, 985);
        let met = match year.meets {
            Meets::Comes => 100,
            Meets::Unsuitable => 30,
            Meets::Declines => 20,
            Meets::Silent => 6,
        };
        let lately = since.max(self.about.registered) > year.to.plus(-90);
        chance * met / if lately { 200 } else { 100 }
    }

    /// A day of that kind, after the person has what it is about; nothing when there is none in the year.
    fn day_of(&mut self, when: When, year: &Year, since: Day) -> Option<Day> {
        let day = match when {
            When::Review if year.one_day => year.review,
            When::Review => year.review.plus(self.dice.random_range(-70..90)),
            When::Any => year.from.plus(self.dice.random_range(0..364)),
            When::Autumn => year.from.plus(self.dice.random_range(157..280)),
            When::Lately => year.to.plus(-self.dice.random_range(0..150)),
        };
        let day = if day < since { since.plus(self.dice.random_range(0..60)) } else { day };
        // What this year is too short for comes after it; what comes before it was last year's.
        (day.max(year.from) <= year.to).then_some(day.max(year.from))
    }

    /// What is done once, after something was found, in the last few years.
    fn is_seen_after(&mut self) {
        let first = self.years.last().map_or(self.last, |year| year.from);
        for after in &self.maker.profile.after {
            let Some(since) = self.since(&after.of).filter(|since| *since >= first) else { continue };
            let [from, to] = after.days;
            if !self.chance(after.share + self.practice.way("reviews") + self.keen) {
                let day = since.plus(self.dice.random_range(20..260));
                self.reason(&after.reasons, true, day);
                continue;
            }
            let day = since.plus(self.dice.random_range(from..=to));
            let value = after.value.map(|[low, high]| Decimal::new(self.dice.random_range(low..=high), 0));
            self.write(&after.codes, day, value, 0, Episode::Untold);
        }
    }

    /// How many of what a group of conditions is made of the person has, on a day.
    pub fn how_many(&self, group: &str, day: Day) -> usize {
        let condition = self.maker.profile.conditions.iter().find(|condition| condition.id == group);
        condition.map_or(0, |group| group.any_of.iter().filter(|name| self.since(name).is_some_and(|since| since <= day)).count())
    }
}
