//! [`Tally`] → numerators, denominators, exceptions, points and pounds. Money is worked out in exact fractions
//! and rounded where the framework says so, and to the penny once. Knows no person.
//!
//! Invariant: people on the register = excluded + excepted + achieved + not achieved; denominator = achieved + not achieved.

mod payment;

use payment::prevalence_factor_of;
pub use payment::{earned, fraction, half_up, list_factor, people_for_points, points, pounds, prevalence_factor};

use crate::framework::calendar::Day;
use crate::framework::{Framework, Indicator, Outcome, Population, Reference, Register, View};
use crate::practice::Practice;
use crate::tally::{FIRST_REGISTER, Key, LIST, Stratum, Tally, first_indicator, strata};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Whom a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// All practices together.
    Whole,
    /// The practices of a locality.
    Locality(String),
    /// One practice, in the order of their codes.
    Practice(usize),
}

/// One measure of one area, stratum and reporting day.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The measure's id.
    pub measure: String,
    /// Which reporting day.
    pub day: usize,
    /// Whom it is about.
    pub area: Area,
    /// Which stratum; 0 is everybody.
    pub stratum: usize,
    /// The counts.
    pub counts: Counts,
    /// Points and pounds; only indicators in the year-end view, for everybody, have them.
    pub money: Option<Money>,
    /// What must be known to read the row.
    pub status: Status,
}

/// People of one measure, by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Whom the measure is of. For a register: the list.
    pub population: u64,
    /// Excluded.
    pub excluded: u64,
    /// Excepted, by reason.
    pub excepted: BTreeMap<&'static str, u64>,
    /// In the numerator. For a register: people on it.
    pub numerator: u64,
    /// In the denominator. For a register: the list.
    pub denominator: u64,
}

impl Counts {
    /// All exceptions.
    pub fn all_excepted(&self) -> u64 {
        self.excepted.values().sum()
    }

    /// Adds the people of another area.
    pub fn add(&mut self, other: &Counts) {
        self.population += other.population;
        self.excluded += other.excluded;
        self.numerator += other.numerator;
        self.denominator += other.denominator;
        for (reason, people) in &other.excepted {
            *self.excepted.entry(reason).or_default() += people;
        }
    }
}

/// Points and pounds, as they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Money {
    /// Points earned, to two decimals.
    pub points: Decimal,
    /// Points that could be earned.
    pub max_points: Decimal,
    /// Pounds, to the penny.
    pub pounds: Decimal,
}

/// What must be known to read a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A register: prevalence, nothing paid.
    Register,
    /// Counted, but worth no points.
    CountedOnly,
    /// Paid by list size and prevalence.
    Adjusted,
    /// Should be adjusted for prevalence, but there is no reference: the factor is 1.
    NotAdjusted,
    /// Paid by list size only.
    ListSizeOnly,
    /// Nobody in the denominator.
    NoOneToCount,
    /// The practice sent nobody.
    NoData,
    /// The rolling view has no payment.
    NoPaymentInRollingView,
    /// The framework names no price.
    NotPriced,
    /// Several practices together.
    Total,
    /// A part of the people.
    Stratum,
    /// Counted and published by others.
    Published,
}

impl Status {
    /// All of them, so that results can be read again.
    pub const ALL: [Status; 12] = [
        Status::Register,
        Status::CountedOnly,
        Status::Adjusted,
        Status::NotAdjusted,
        Status::ListSizeOnly,
        Status::NoOneToCount,
        Status::NoData,
        Status::NoPaymentInRollingView,
        Status::NotPriced,
        Status::Total,
        Status::Stratum,
        Status::Published,
    ];

    /// As it is written in results.
    pub fn word(self) -> &'static str {
        match self {
            Status::Register => "register",
            Status::CountedOnly => "counted-only",
            Status::Adjusted => "adjusted",
            Status::NotAdjusted => "not-adjusted",
            Status::ListSizeOnly => "list-size-only",
            Status::NoOneToCount => "no-one-to-count",
            Status::NoData => "no-data",
            Status::NoPaymentInRollingView => "no-payment-in-rolling-view",
            Status::NotPriced => "not-priced",
            Status::Total => "total",
            Status::Stratum => "stratum",
            Status::Published => "published",
        }
    }
}

/// A reporting day, as results name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportedDay {
    /// The first day of the period, where it is known.
    pub from: Option<Day>,
    /// The reporting day.
    pub day: Day,
    /// The view, where there is one.
    pub view: Option<View>,
    /// Whether the period is another year than the framework was written for.
    pub moved: bool,
}

/// Rows, and all that is needed to read them: what every report of numbers starts from, whether a run counted or somebody else did.
#[derive(Clone, Debug)]
pub struct Results<'a> {
    /// By code. Of several years of published counts, one that moved to another area stands there once for each.
    pub practices: &'a [Practice],
    /// The reporting days; a row holds the place in this list.
    pub days: Vec<ReportedDay>,
    /// The strata, everybody first; a row holds the place in this list.
    pub strata: Vec<Stratum>,
    /// Measures × areas × strata × days.
    pub rows: &'a [Row],
}

/// How the payment of one practice for one indicator came about.
#[derive(Clone, Debug, PartialEq)]
pub struct PaymentRow {
    /// Which practice.
    pub practice: usize,
    /// Which reporting day.
    pub day: usize,
    /// The indicator's id.
    pub measure: String,
    /// Points and pounds.
    pub money: Money,
    /// The list that was used.
    pub list: u64,
    /// People on the register that adjusts, and its reference; nothing when the payment is not adjusted for prevalence.
    pub prevalence: Option<(u64, Option<Reference>)>,
    /// The factor, to six decimals.
    pub prevalence_factor: Decimal,
    /// What must be known to read the row.
    pub status: Status,
}

/// Everything that counts and pays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Achievement {
    /// People on the list of each practice, by reporting day and then practice.
    pub lists: Vec<Vec<u64>>,
    /// Measures × areas × strata × days.
    pub rows: Vec<Row>,
    /// Practices × indicators × days, in the year-end view.
    pub payments: Vec<PaymentRow>,
}

/// Works out everything. `frameworks` are those of the reporting days, in the tally's order.
pub fn achieve(frameworks: &[Framework], practices: &[Practice], tally: &Tally) -> Achievement {
    let mut achievement = Achievement::default();
    for (day, framework) in frameworks.iter().enumerate() {
        let sums = Sums { framework, practices, tally, day: u16::try_from(day).unwrap_or(u16::MAX) };
        achievement.lists.push((0..practices.len()).map(|practice| sums.list(practice, 0)).collect());
        sums.registers(&mut achievement);
        sums.indicators(&mut achievement);
    }
    achievement
}

struct Sums<'a> {
    framework: &'a Framework,
    practices: &'a [Practice],
    tally: &'a Tally,
    day: u16,
}

impl Sums<'_> {
    fn people(&self, practice: usize, measure: u16, stratum: usize, line: u16) -> u64 {
        let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let practice = u32::try_from(practice).unwrap_or(u32::MAX);
        u64::from(self.tally.get(Key { practice, day: self.day, measure, stratum: narrow(stratum), line }))
    }

    fn list(&self, practice: usize, stratum: usize) -> u64 {
        self.people(practice, LIST, stratum, 1)
    }

    /// The list that payment uses: stated in practices.csv, or counted.
    fn payment_list(&self, practice: usize) -> u64 {
        self.practices.get(practice).and_then(|practice| practice.list_size).unwrap_or_else(|| self.list(practice, 0))
    }

    fn register_counts(&self, practice: usize, at: usize, register: &Register, stratum: usize) -> Counts {
        let measure = FIRST_REGISTER + u16::try_from(at).unwrap_or(u16::MAX);
        let selected = register.lines.lines.iter().filter(|line| line.outcome == Outcome::Selected);
        let on = selected.map(|line| self.people(practice, measure, stratum, line.number.0)).sum();
        let list = self.list(practice, stratum);
        Counts { population: on, numerator: on, denominator: list, ..Counts::default() }
    }

    fn indicator_counts(&self, practice: usize, measure: u16, indicator: &Indicator, stratum: usize) -> Counts {
        let mut counts = Counts::default();
        for line in &indicator.lines.lines {
            let people = self.people(practice, measure, stratum, line.number.0);
            counts.population += people;
            match line.outcome {
                Outcome::Excluded => counts.excluded += people,
                Outcome::Excepted(_) if people == 0 => {}
                Outcome::Excepted(reason) => *counts.excepted.entry(reason.word()).or_default() += people,
                Outcome::Achieved => {
                    counts.numerator += people;
                    counts.denominator += people;
                }
                Outcome::NotAchieved => counts.denominator += people,
                Outcome::Selected | Outcome::Rejected | Outcome::Pathway(_) => {}
            }
        }
        counts
    }

    fn registers(&self, achievement: &mut Achievement) {
        for (at, register) in self.framework.registers.iter().enumerate() {
            self.areas(achievement, &register.id, |practice, stratum| {
                (self.register_counts(practice, at, register, stratum), None, Status::Register)
            });
        }
    }

    fn indicators(&self, achievement: &mut Achievement) {
        for (measure, indicator) in (first_indicator(self.framework)..).zip(&self.framework.indicators) {
            let mut payments = Vec::new();
            for practice in 0..self.practices.len() {
                let counts = self.indicator_counts(practice, measure, indicator, 0);
                payments.push(self.payment(practice, indicator, &counts));
            }
            self.areas(achievement, &indicator.id, |practice, stratum| {
                let counts = self.indicator_counts(practice, measure, indicator, stratum);
                let payment = payments.get(practice);
                let paid = self.framework.view == View::YearEnd;
                let money = payment.map(|payment| payment.money).filter(|_| paid && stratum == 0);
                (counts, money, payment.map_or(Status::NoData, |payment| payment.status))
            });
            if self.framework.view == View::YearEnd {
                achievement.payments.extend(payments);
            }
        }
    }

    /// One row for every practice, locality and the whole, in every stratum.
    fn areas(&self, achievement: &mut Achievement, measure: &str, row: impl Fn(usize, usize) -> (Counts, Option<Money>, Status)) {
        for stratum in 0..strata(&self.framework.strata).len() {
            let mut sums: BTreeMap<Area, (Counts, Option<Money>)> = BTreeMap::new();
            for (at, practice) in self.practices.iter().enumerate() {
                let (counts, money, status) = row(at, stratum);
                // Practices without a locality are in the whole only: a row of no locality would look like the whole.
                let locality = Some(practice.locality.clone()).filter(|locality| !locality.is_empty()).map(Area::Locality);
                for area in [Some(Area::Whole), locality].into_iter().flatten() {
                    let sum = sums.entry(area).or_default();
                    sum.0.add(&counts);
                    sum.1 = plus(sum.1, money);
                }
                let status = if stratum == 0 { status } else { Status::Stratum };
                achievement.rows.push(self.row(measure, Area::Practice(at), stratum, counts, money, status));
            }
            for (area, (counts, money)) in sums {
                achievement.rows.push(self.row(measure, area, stratum, counts, money, Status::Total));
            }
        }
    }

    fn row(&self, measure: &str, area: Area, stratum: usize, counts: Counts, money: Option<Money>, status: Status) -> Row {
        Row { measure: measure.to_owned(), day: usize::from(self.day), area, stratum, counts, money, status }
    }

    fn payment(&self, practice: usize, indicator: &Indicator, counts: &Counts) -> PaymentRow {
        let register = indicator.adjusted_by.map(|id| (id, self.framework.register(id)));
        let on_register = register.map(|(id, register)| self.register_counts(practice, usize::from(id.0), register, 0).numerator);
        let reference = register.and_then(|(_, register)| register.reference);
        let list = self.payment_list(practice);
        let prevalence = on_register.map(|on| (on, reference));
        let factor = prevalence_factor_of(prevalence, list);
        let status = self.status(practice, indicator, counts, register.is_some(), reference.is_some());
        let payment = &self.framework.payment;
        let (points, pounds) = earned(payment, indicator, (counts.numerator, counts.denominator), list, prevalence);
        let out = counts.denominator == 0 && payment.nobody_out_of_maximum;
        let max_points = if out { Decimal::ZERO } else { indicator.points };
        PaymentRow {
            practice,
            day: usize::from(self.day),
            measure: indicator.id.clone(),
            money: Money { points: half_up(&points, 2), max_points, pounds: half_up(&pounds, 2) },
            list,
            prevalence,
            prevalence_factor: half_up(&factor, 6),
            status,
        }
    }

    fn status(&self, practice: usize, indicator: &Indicator, counts: &Counts, adjusts: bool, reference: bool) -> Status {
        if self.list(practice, 0) == 0 {
            Status::NoData
        } else if counts.denominator == 0 {
            Status::NoOneToCount
        } else if indicator.points.is_zero() {
            Status::CountedOnly
        } else if self.framework.view == View::Rolling {
            Status::NoPaymentInRollingView
        } else if self.framework.payment.pounds_per_point.is_none() || self.framework.payment.average_list.is_none() {
            Status::NotPriced
        } else if !adjusts {
            Status::ListSizeOnly
        } else if reference {
            Status::Adjusted
        } else {
            Status::NotAdjusted
        }
    }
}

fn plus(sum: Option<Money>, money: Option<Money>) -> Option<Money> {
    let money = money?;
    let sum = sum.unwrap_or_default();
    Some(Money { points: sum.points + money.points, max_points: sum.max_points + money.max_points, pounds: sum.pounds + money.pounds })
}

/// Whom an indicator is of, as a word: the register's id, or `list`.
pub fn population_of<'f>(framework: &'f Framework, indicator: &Indicator) -> &'f str {
    match indicator.of {
        Population::List => "list",
        Population::Register(id) => &framework.register(id).id,
    }
}
