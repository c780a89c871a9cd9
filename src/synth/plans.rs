//! Care planning: prepared, results shared, a plan agreed, reviewed, and so on every year. One cycle a person, not one a condition.
//! Some decline, some stop half way, some steps come in another order, some plans are made twice.

use super::people::{Life, Meets};
use crate::extract::patient::Episode;
use crate::framework::calendar::Day;
use rand::RngExt;
use rust_decimal::Decimal;

/// The first cycles begin so many days before the reported year, or when the person falls ill.
const EARLIER: i32 = 1150;

impl Life<'_> {
    /// All cycles of the person.
    pub fn plans(&mut self) {
        let Some(since) = self.since(&self.maker.profile.plans.of) else { return };
        let first = since.max(self.maker.framework.period.from.plus(-EARLIER));
        let mut day = first.plus(self.dice.random_range(15..370));
        while day <= self.last {
            let begins = self.meets(day) == Meets::Comes && self.chance(self.practice.ways.plans + self.keen);
            let next = if begins { self.cycle(day) } else { self.no_cycle(day) };
            day = next.max(day.plus(60));
        }
    }

    /// A year without a plan. Some of those who decline one agree to it after all.
    fn no_cycle(&mut self, day: Day) -> Day {
        let plans = &self.maker.profile.plans;
        if self.meets(day) != Meets::Silent && self.chance(self.practice.ways.declined) {
            if self.chance(200) {
                self.put(&plans.prepared, day.plus(-9));
            }
            self.put(&plans.declined, day);
            if self.chance(120) {
                let after_all = day.plus(self.wait(40));
                self.put(&plans.agreed, after_all);
                return after_all.plus(self.dice.random_range(310..400));
            }
        }
        day.plus(self.dice.random_range(310..420))
    }

    /// One cycle that begins on a day; gives the day on which the next may begin.
    fn cycle(&mut self, prepared: Day) -> Day {
        let (plans, ways) = (&self.maker.profile.plans, &self.practice.ways);
        let [to_share, to_agree, to_review] = ways.days;
        let mut shared = prepared.plus(self.wait(to_share));
        let mut agreed = shared.plus(self.wait(to_agree));
        // Steps out of order: results go out before all tests are back, or after the plan.
        match self.dice.random_range(0..1000) {
            0..25 => shared = prepared.plus(-3),
            25..50 => (shared, agreed) = (agreed, shared),
            _ => {}
        }
        if self.chance(920) {
            self.put(&plans.prepared, prepared);
        }
        if self.chance(330 + self.keen) {
            let level = Decimal::from(self.dice.random_range(1..=4));
            self.write(&plans.activated, prepared, Some(level), 0, Episode::Untold);
        }
        if self.chance(930) {
            self.put(&plans.shared, shared);
        }
        let next = prepared.plus(self.dice.random_range(335..400) + ways.pause);
        if !self.chance(ways.agreed) {
            return next;
        }
        self.agree(agreed);
        if self.chance(30) {
            let twice = agreed.plus(self.dice.random_range(20..100));
            self.put(&plans.agreed, twice);
        }
        if self.chance(ways.reviewed) {
            let wait = to_review + self.dice.random_range(-to_review / 4..=to_review / 4);
            self.put(&plans.reviewed, agreed.plus(wait));
        }
        next.max(agreed.plus(60))
    }

    /// The plan, and what belongs to it.
    fn agree(&mut self, day: Day) {
        let (plans, ways) = (&self.maker.profile.plans, &self.practice.ways);
        let conditions = self.how_many(&plans.of, day);
        let complex = conditions >= plans.complex || self.since(&plans.frail).is_some_and(|since| since <= day);
        if complex && self.chance(ways.teams) {
            let before = self.dice.random_range(3..60);
            self.put(&plans.team, day.plus(-before));
        }
        self.put(&plans.agreed, day);
        if self.chance(ways.goals) {
            let later = match self.dice.random_range(0..100) {
                0..80 => 0,
                80..94 => self.dice.random_range(1..=30),
                _ => self.dice.random_range(31..90),
            };
            self.put(&plans.goals, day.plus(later));
        }
        if self.chance(ways.decisions) {
            self.put(&plans.decision, day);
            if self.chance(280) {
                self.put(&plans.aid, day);
            }
        }
        if conditions >= plans.several && self.chance(ways.one_day) {
            self.put(&plans.holistic, day);
        }
    }
}
