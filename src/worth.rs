//! [`Tally`] and [`Achievement`] → what more achieved people are worth: to the next point, to the upper threshold, and what if.
//! People are whole numbers and money is an exact fraction until it is shown. Pays nothing itself: `achievement` does. Knows no person.

use crate::achievement::{Achievement, Area, Counts, Money, PaymentRow, earned, half_up, people_for_points};
use crate::framework::{Framework, Indicator, Outcome, Thresholds};
use crate::practice::Practice;
use crate::tally::{Key, Tally, first_indicator};
use crate::variation::{HalfOfGap, half_of_gap};
use num_bigint::BigInt;
use num_rational::BigRational;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// So many more people, and what they bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// More people who must achieve.
    pub people: u64,
    /// More points, to two decimals.
    pub points: Decimal,
    /// More pounds, to the penny.
    pub pounds: Decimal,
}

/// One practice, indicator and reporting day.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// Which practice.
    pub practice: usize,
    /// Which reporting day.
    pub day: usize,
    /// The indicator, as an index of the framework's.
    pub indicator: usize,
    /// Achieved.
    pub numerator: u64,
    /// Achieved and not achieved.
    pub denominator: u64,
    /// Points and pounds as they are.
    pub money: Money,
    /// How the payment came about, in a word.
    pub status: &'static str,
    /// The thresholds of payment.
    pub pays: Thresholds,
    /// To one more point, or to what is left of one; nothing where all are earned or nobody is counted.
    pub next: Option<Step>,
    /// To the upper threshold, where all points are earned; nothing where they are, or nobody is counted.
    pub upper: Option<Step>,
}

impl Worth {
    /// In the denominator, and not achieved.
    pub fn not_achieved(&self) -> u64 {
        self.denominator.saturating_sub(self.numerator)
    }

    /// Pounds for each of the people to the upper threshold, on average, to the penny.
    pub fn pounds_a_person(&self) -> Option<Decimal> {
        let upper = self.upper.filter(|upper| upper.people > 0)?;
        Some((upper.pounds / Decimal::from(upper.people)).round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }
}

/// One indicator at all practices together.
#[derive(Clone, Debug, PartialEq)]
pub struct WorthOfAll {
    /// Which reporting day.
    pub day: usize,
    /// The indicator, as an index of the framework's.
    pub indicator: usize,
    /// Practices that count somebody.
    pub practices: usize,
    /// Practices below the upper threshold.
    pub below: usize,
    /// All that is missing to it, at these.
    pub upper: Step,
    /// How few practices hold half of the people; nothing where nobody is missing.
    pub half: Option<HalfOfGap>,
}

/// What more people are worth, by practice, indicator and day. Only the year-end view has payments, and only indicators with points.
pub fn worth(frameworks: &[Framework], achievement: &Achievement) -> Vec<Worth> {
    let mut counts: BTreeMap<(usize, &str, usize), &Counts> = BTreeMap::new();
    for row in achievement.rows.iter().filter(|row| row.stratum == 0) {
        if let Area::Practice(practice) = row.area {
            counts.insert((row.day, &row.measure, practice), &row.counts);
        }
    }
    let one = |payment: &PaymentRow| {
        let framework = frameworks.get(payment.day)?;
        let at = framework.indicators.iter().position(|indicator| indicator.id == payment.measure)?;
        let indicator = framework.indicators.get(at)?;
        let counts = counts.get(&(payment.day, &payment.measure, payment.practice))?;
        let pays = indicator.pays.filter(|_| indicator.points > Decimal::ZERO)?;
        let practice = OfPractice { framework, indicator, pays, payment, counts };
        Some(Worth {
            practice: payment.practice,
            day: payment.day,
            indicator: at,
            numerator: counts.numerator,
            denominator: counts.denominator,
            money: payment.money,
            status: payment.status.word(),
            pays,
            next: practice.next_point(),
            upper: practice.upper(),
        })
    };
    achievement.payments.iter().filter_map(one).collect()
}

/// The payment of one practice, to be worked out for more people.
struct OfPractice<'a> {
    framework: &'a Framework,
    indicator: &'a Indicator,
    pays: Thresholds,
    payment: &'a PaymentRow,
    counts: &'a Counts,
}

impl OfPractice<'_> {
    fn earned(&self, numerator: u64) -> (BigRational, BigRational) {
        let of = (numerator, self.counts.denominator);
        earned(&self.framework.payment, self.indicator, of, self.payment.list, self.payment.prevalence)
    }

    fn next_point(&self) -> Option<Step> {
        let one = BigRational::from_integer(BigInt::from(1u8));
        self.step((self.earned(self.counts.numerator).0 + one).min(self.all()))
    }

    fn upper(&self) -> Option<Step> {
        self.step(self.all())
    }

    fn all(&self) -> BigRational {
        crate::achievement::fraction(self.indicator.points)
    }

    fn step(&self, wanted: BigRational) -> Option<Step> {
        let needed = people_for_points(self.indicator.points, self.pays, &wanted, self.counts.denominator)?;
        let people = needed.checked_sub(self.counts.numerator).filter(|people| *people > 0)?;
        let (now, then) = (self.earned(self.counts.numerator), self.earned(needed));
        Some(Step { people, points: half_up(&(then.0 - now.0), 2), pounds: half_up(&(then.1 - now.1), 2) })
    }
}

/// The same by indicator, in report order, day after day.
pub fn worth_of_all(frameworks: &[Framework], worth: &[Worth]) -> Vec<WorthOfAll> {
    let mut all = Vec::new();
    for (day, framework) in frameworks.iter().enumerate() {
        for indicator in 0..framework.indicators.len() {
            let mine = worth.iter().filter(|one| one.day == day && one.indicator == indicator && one.denominator > 0);
            let steps: Vec<Step> = mine.map(|one| one.upper.unwrap_or_default()).collect();
            let people: Vec<u64> = steps.iter().map(|step| step.people).collect();
            let sum = steps.iter().fold(Step::default(), |sum, step| Step {
                people: sum.people + step.people,
                points: sum.points + step.points,
                pounds: sum.pounds + step.pounds,
            });
            let below = people.iter().filter(|people| **people > 0).count();
            if !steps.is_empty() {
                all.push(WorthOfAll { day, indicator, practices: steps.len(), below, upper: sum, half: half_of_gap(&people).ok() });
            }
        }
    }
    all
}

/// A what-if: so many more people achieve an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    /// The indicator's id.
    pub measure: String,
    /// At this practice; nothing for all practices together.
    pub practice: Option<usize>,
    /// How many more.
    pub people: u64,
}

/// Why a what-if cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSoMany {
    /// So many are not achieved.
    pub not_achieved: u64,
}

/// The tally with more people achieved on a reporting day, from those who are not. Of all practices together each has its share by how
/// many it has who are not achieved, since nobody knows where they will be.
///
/// # Errors
/// When there are not so many.
pub fn with_more_achieved(
    tally: &Tally,
    framework: &Framework,
    day: u16,
    practices: &[Practice],
    what_if: &WhatIf,
) -> Result<Tally, NotSoMany> {
    let Some((measure, indicator)) = (first_indicator(framework)..).zip(&framework.indicators).find(|(_, one)| one.id == what_if.measure)
    else {
        return Err(NotSoMany { not_achieved: 0 });
    };
    let of_outcome = |outcome: Outcome| indicator.lines.lines.iter().filter(move |line| line.outcome == outcome).map(|line| line.number.0);
    let key = |practice: u32, line: u16| Key { practice, day, measure, stratum: 0, line };
    let chosen = (0..).zip(practices).map(|(at, _)| at).filter(|at| what_if.practice.is_none_or(|one| one == *at as usize));
    let missed = |practice: u32| of_outcome(Outcome::NotAchieved).map(|line| u64::from(tally.get(key(practice, line)))).sum::<u64>();
    let gaps: Vec<(u32, u64)> = chosen.map(|practice| (practice, missed(practice))).collect();
    let not_achieved: u64 = gaps.iter().map(|(_, missed)| missed).sum();
    let Some(achieved) = of_outcome(Outcome::Achieved).next().filter(|_| what_if.people <= not_achieved) else {
        return Err(NotSoMany { not_achieved });
    };
    let shares = shared(what_if.people, &gaps.iter().map(|(_, missed)| *missed).collect::<Vec<_>>());
    let mut moved: BTreeMap<Key, i64> = BTreeMap::new();
    for ((practice, _), share) in gaps.iter().zip(shares) {
        let mut left = share;
        for line in of_outcome(Outcome::NotAchieved) {
            let people = left.min(u64::from(tally.get(key(*practice, line))));
            left -= people;
            *moved.entry(key(*practice, line)).or_default() -= i64::try_from(people).unwrap_or(0);
        }
        *moved.entry(key(*practice, achieved)).or_default() += i64::try_from(share).unwrap_or(0);
    }
    Ok(tally.moved(&moved))
}

/// A number in whole parts as near to proportion as they can be: what is left goes to the largest remainders, of equal ones to the first.
fn shared(number: u64, by: &[u64]) -> Vec<u64> {
    let all: u128 = by.iter().map(|part| u128::from(*part)).sum::<u128>().max(1);
    let exact = |part: &u64| u128::from(number) * u128::from(*part);
    let mut shares: Vec<u64> = by.iter().map(|part| u64::try_from(exact(part) / all).unwrap_or(0)).collect();
    let left = number.saturating_sub(shares.iter().sum());
    let mut order: Vec<usize> = (0..by.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(by.get(*at).map_or(0, |part| exact(part) % all)));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::shared;
    use proptest::prelude::*;

    #[test]
    fn parts_are_as_near_to_proportion_as_they_can_be() {
        assert_eq!(shared(10, &[30, 50, 20]), [3, 5, 2]);
        assert_eq!(shared(1, &[1, 1, 1]), [1, 0, 0]);
        assert_eq!(shared(5, &[1, 0, 6]), [1, 0, 4]);
        assert_eq!(shared(0, &[0, 0]), [0, 0]);
    }

    proptest! {
        #[test]
        fn parts_are_no_more_than_there_are_and_make_up_the_number(by in prop::collection::vec(0..40_u64, 1..9), of in 0..1_000_u64) {
            let all: u64 = by.iter().sum();
            let number = if all == 0 { 0 } else { of % (all + 1) };
            let shares = shared(number, &by);
            prop_assert_eq!(shares.iter().sum::<u64>(), number);
            prop_assert!(shares.iter().zip(&by).all(|(share, part)| share <= part));
        }
    }
}
