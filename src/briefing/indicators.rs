//! One indicator: its rate, what the statistics say, every practice, and what is drawn of it.

use super::definition::{self, Definition};
use super::{Material, ReportedPractice, of_a_year, words};
use crate::achievement::{Area, Counts, Money, Row};
use crate::comparison::{ComparedPractice, Comparison, NextThreshold, Statistics};
use crate::disclosure::{Audience, Percentage, Shown};
use crate::framework::calendar::Day;
use crate::framework::{Framework, LineNumber, Outcome, Thresholds};
use crate::tally::Key;
use crate::variation::{Difference, Flag, Interval, Level, Scale, Z_95, deciles, places, proportion_limits, wilson};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// How many achieved of how many.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Who achieved.
    pub achieved: Shown,
    /// Who was counted.
    pub of: Shown,
    /// The share.
    pub percentage: Option<Percentage>,
    /// Where it may lie by chance alone: 95 per cent.
    pub interval: Option<Interval>,
}

impl Rate {
    /// Of counts that may be shown as they are.
    pub(super) fn exact(achieved: u64, of: u64) -> Rate {
        let tenths = (of > 0).then(|| (u128::from(achieved) * 2000 + u128::from(of)) / (2 * u128::from(of)));
        Rate {
            achieved: Shown::Exactly(achieved),
            of: Shown::Exactly(of),
            percentage: tenths.and_then(|tenths| u64::try_from(tenths).ok()).map(Percentage::Tenths),
            interval: wilson(achieved, of, Z_95).ok(),
        }
    }

    /// The share as a number; nothing where counts are hidden.
    pub fn share(&self) -> Option<f64> {
        match self.percentage? {
            Percentage::Tenths(_) => Some(self.achieved.number()? as f64 / self.of.number().filter(|of| *of > 0)? as f64),
            Percentage::Whole(per_cent) => Some(per_cent as f64 / 100.0),
        }
    }
}

/// One practice and one indicator.
#[derive(Clone, Debug)]
pub struct OfPractice {
    /// Its rate.
    pub rate: Rate,
    /// Against all together.
    pub flag: Option<Flag>,
    /// The same beside the spread that all share.
    pub even_so: Option<Flag>,
    /// Whether a practice of its size can be told from the others, in a word.
    pub reliability: Option<&'static str>,
    /// The next threshold that it does not meet.
    pub next: Option<NextThreshold>,
    /// Against the reporting day before.
    pub change: Option<Difference>,
    /// Who was left out and why; only for the internal audience.
    pub exceptions: Option<Exceptions>,
    /// Points and pounds; only for the internal audience.
    pub money: Option<Money>,
}

/// Who was left out.
#[derive(Clone, Debug)]
pub struct Exceptions {
    /// People the indicator is of.
    pub population: u64,
    /// Whom it is not about.
    pub excluded: u64,
    /// Left out for a reason.
    pub excepted: u64,
    /// The reasons, and how many people of each.
    pub by_reason: Vec<(String, u64)>,
}

/// A step from everyone to those who achieved.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub label: String,
    /// People in it.
    pub people: u64,
    /// Whether these people leave here; else they are those who are left.
    pub leave: bool,
}

/// What a funnel shows.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// The rate of all practices together.
    pub centre: f64,
    /// The lines, from few people to many.
    pub curves: Vec<Curve>,
    /// Practices whose counts are shown: the place in the report's list, people, rate, flag.
    pub points: Vec<(usize, u64, f64, Flag)>,
    /// Practices that counted somebody and are not drawn.
    pub left_out: usize,
}

/// The limits for so many people.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// People.
    pub of: u64,
    /// Within which nineteen of twenty lie by chance.
    pub at_95: Interval,
    /// Within which nearly all lie.
    pub at_998: Interval,
    /// The same beside the spread that all share.
    pub wider: Option<(Interval, Interval)>,
}

/// A reporting day of a line over time.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The day.
    pub on: Day,
    /// The same in words.
    pub day: String,
    /// All together.
    pub rate: Rate,
    /// The share of each practice, in the report's order.
    pub practices: Vec<Option<f64>>,
    /// Where tenths of the practices are; nothing with fewer than ten.
    pub deciles: Option<[f64; 9]>,
}

/// A part of the people.
#[derive(Clone, Debug)]
pub struct OfStratum {
    /// `sex`, `age` or `deprivation`.
    pub kind: &'static str,
    /// Such as `female`, or `1, most deprived`.
    pub value: String,
    /// Their rate.
    pub rate: Rate,
}

/// One indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its title; empty where none is known.
    pub title: String,
    /// The title of its domain; empty where there is none.
    pub domain: String,
    /// How well its definition is known, in a word.
    pub standing: String,
    /// Whether it tells how many are on a register, of everyone on the list.
    pub of_a_register: bool,
    /// All practices together.
    pub all: Rate,
    /// Who achieved of everyone whom it is of, excepted and excluded people among them; only for the internal audience.
    pub of_register: Option<Rate>,
    /// Practices that counted somebody and are not in the statistics.
    pub left_out: usize,
    /// What the statistics say.
    pub statistics: Option<Statistics>,
    /// The same in a few words.
    pub finding: &'static str,
    /// Against the day before.
    pub change: Option<Difference>,
    /// From where to where it pays.
    pub pays: Option<Thresholds>,
    /// Points that it can earn at a practice.
    pub points: Decimal,
    /// Points and pounds of all practices.
    pub money: Option<Money>,
    /// What it asks.
    pub definition: Option<Definition>,
    /// One for each of the report's practices, in their order.
    pub practices: Vec<Option<OfPractice>>,
    /// By name; only for the internal audience.
    pub localities: Vec<(String, Rate)>,
    /// The funnel.
    pub funnel: Option<Funnel>,
    /// From everyone to those who achieved; only for the internal audience.
    pub steps: Vec<Step>,
    /// Over time, the first day first; empty where there is only one.
    pub moments: Vec<Moment>,
    /// By sex, age and deprivation; only for the internal audience.
    pub strata: Vec<OfStratum>,
}

impl Indicator {
    /// Its id and title.
    pub fn name(&self) -> String {
        format!("{} {}", self.id, self.title).trim_end().to_owned()
    }

    /// Whether all are counted with so few that nothing is said of practices.
    pub fn differ(&self) -> Option<bool> {
        self.statistics.as_ref().filter(|all| words::enough(all)).and_then(Statistics::differ)
    }

    /// The lowest and the highest rate of a practice whose counts are shown.
    pub fn ends(&self) -> Option<(f64, f64)> {
        let shares = || self.practices.iter().flatten().filter(|one| one.flag.is_some()).filter_map(|one| one.rate.share());
        Some((shares().reduce(f64::min)?, shares().reduce(f64::max)?))
    }

    /// Exceptions of all practices, by reason.
    pub fn exceptions(&self) -> Vec<(String, u64)> {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (reason, people) in self.practices.iter().flatten().filter_map(|one| one.exceptions.as_ref()).flat_map(|one| &one.by_reason) {
            *sums.entry(reason).or_default() += people;
        }
        sums.into_iter().map(|(reason, people)| (reason.to_owned(), people)).collect()
    }
}

/// What is looked up for every indicator.
struct Making<'m> {
    material: &'m Material<'m>,
    day: usize,
    practices: &'m [ReportedPractice],
    /// The rows of the reporting day that are not of a practice's strata.
    rows: BTreeMap<&'m str, Vec<&'m Row>>,
    /// Rows with money, by measure and area.
    paid: BTreeMap<(&'m str, Area), Money>,
    internal: bool,
}

/// All of the reporting day.
pub(super) fn of(material: &Material<'_>, day: usize, practices: &[ReportedPractice]) -> Vec<Indicator> {
    let results = material.results;
    let mut rows: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in results.rows.iter().filter(|row| row.day == day && (row.stratum == 0 || row.area == Area::Whole)) {
        rows.entry(&row.measure).or_default().push(row);
    }
    let internal = material.audience == Audience::Internal;
    let making = Making { material, day, practices, rows, paid: paid(material, day, internal), internal };
    let compared = material.comparisons.iter().filter(|one| one.day == day);
    let mut all: Vec<(usize, Indicator)> = compared.map(|comparison| making.indicator(comparison)).collect();
    all.sort_by(|(a, one), (b, other)| (a, &one.id).cmp(&(b, &other.id)));
    all.into_iter().map(|(_, indicator)| indicator).collect()
}

/// What each practice, locality and all together were paid. Their practices are those of the results.
fn paid<'m>(material: &'m Material<'m>, day: usize, internal: bool) -> BTreeMap<(&'m str, Area), Money> {
    if !internal {
        return BTreeMap::new();
    }
    let Some(counted) = material.counted else {
        let rows = material.results.rows.iter().filter(|row| row.day == day && row.stratum == 0);
        return rows.filter_map(|row| Some(((row.measure.as_str(), row.area.clone()), row.money?))).collect();
    };
    let Some((last, _)) = counted.last() else { return BTreeMap::new() };
    let mut paid = BTreeMap::new();
    for row in counted.achievement.rows.iter().filter(|row| row.day == last && row.stratum == 0) {
        let area = match &row.area {
            // Results of several files may have more practices.
            Area::Practice(at) => {
                let code = counted.practices.get(*at).map_or("", |practice| practice.code.as_str());
                let own = material.results.practices.iter().position(|practice| practice.code == code);
                own.map(Area::Practice)
            }
            other => Some(other.clone()),
        };
        paid.extend(area.zip(row.money).map(|(area, money)| ((row.measure.as_str(), area), money)));
    }
    paid
}

impl Making<'_> {
    fn framework(&self) -> Option<&Framework> {
        self.material.counted.and_then(|counted| counted.last()).map(|(_, framework)| framework)
    }

    /// The indicator, and its place in the framework.
    fn indicator(&self, comparison: &Comparison) -> (usize, Indicator) {
        let id = comparison.measure.as_str();
        let framework = self.framework();
        let place = framework.and_then(|framework| framework.indicators.iter().position(|indicator| indicator.id == id));
        let ruled = framework.zip(place).and_then(|(framework, at)| framework.indicators.get(at));
        let domain = framework.zip(ruled).and_then(|(framework, ruled)| framework.domains.get(ruled.domain));
        let comparable = self.material.results.days.get(self.day).is_some_and(of_a_year) && self.day_before_is_a_year();
        let statistics = comparison.statistics.clone().map(|mut statistics| {
            statistics.change = statistics.change.filter(|_| comparable);
            statistics
        });
        let rows = self.rows.get(id).map_or(&[][..], Vec::as_slice);
        let whole = rows.iter().find(|row| row.area == Area::Whole && row.stratum == 0).filter(|_| self.internal);
        let people = |line: usize| self.people_of_line(id, line).filter(|_| self.internal);
        let of_practices: BTreeMap<usize, &Row> = rows.iter().filter_map(|row| Some((own_practice(row)?, *row))).collect();
        let points = ruled.map_or(Decimal::ZERO, |ruled| ruled.points);
        let indicator = Indicator {
            id: id.to_owned(),
            title: comparison.about.title.clone(),
            domain: domain.map(|domain| domain.title.clone()).unwrap_or_default(),
            standing: ruled.map(|ruled| ruled.standing.clone()).unwrap_or_default(),
            of_a_register: comparison.of_a_register,
            all: Rate {
                achieved: comparison.achieved,
                of: comparison.of,
                percentage: comparison.percentage,
                interval: comparison.interval,
            },
            of_register: whole.filter(|_| !comparison.of_a_register).map(|row| Rate::exact(row.counts.numerator, row.counts.population)),
            left_out: comparison.left_out,
            finding: words::finding(statistics.as_ref()),
            change: statistics.as_ref().and_then(|all| all.change),
            pays: comparison.about.pays.filter(|_| points > Decimal::ZERO),
            points,
            money: self.paid.get(&(id, Area::Whole)).copied(),
            definition: self.material.book.and_then(|book| definition::of(book, id, people)),
            practices: self.practices.iter().map(|practice| self.practice(comparison, practice, &of_practices, comparable)).collect(),
            localities: self.localities(rows),
            funnel: statistics.as_ref().filter(|all| words::enough(all)).and_then(|all| self.funnel(comparison, all)),
            steps: whole.filter(|_| !comparison.of_a_register).map(|row| steps(&row.counts)).unwrap_or_default(),
            moments: self.moments(comparison),
            strata: self.strata(rows),
            statistics,
        };
        (place.unwrap_or(usize::MAX), indicator)
    }

    /// Whether the day before, if there is one, has figures of whole twelve months.
    fn day_before_is_a_year(&self) -> bool {
        let days = &self.material.results.days;
        let Some(now) = days.get(self.day) else { return false };
        let before = days.iter().filter(|day| day.view == now.view && day.day < now.day).max_by_key(|day| day.day);
        before.is_none_or(of_a_year)
    }

    /// How many people of all practices a line decided.
    fn people_of_line(&self, id: &str, line: usize) -> Option<u64> {
        let counted = self.material.counted?;
        let (day, framework) = counted.last()?;
        let measure = framework.measures().position(|(measure, _)| measure == id)? + 1;
        let (_, lines) = framework.measures().nth(measure - 1)?;
        let line = lines.line(LineNumber(u16::try_from(line).ok()?))?;
        // What a register decides is not told here.
        matches!(line.outcome, Outcome::Achieved | Outcome::NotAchieved | Outcome::Excluded | Outcome::Excepted(_)).then_some(())?;
        let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let key = |practice: u32| Key { practice, day: narrow(day), measure: narrow(measure), stratum: 0, line: line.number.0 };
        Some((0..).zip(counted.practices).map(|(practice, _)| u64::from(counted.tally.get(key(practice)))).sum())
    }

    fn practice(
        &self,
        comparison: &Comparison,
        practice: &ReportedPractice,
        rows: &BTreeMap<usize, &Row>,
        comparable: bool,
    ) -> Option<OfPractice> {
        let compared = compared(comparison, practice)?;
        let counts = rows.get(&practice.at).map(|row| &row.counts);
        let one = compared.statistics.as_ref();
        Some(OfPractice {
            rate: rate_of(compared),
            flag: one.map(|one| one.flag),
            even_so: one.and_then(|one| one.even_so),
            reliability: one.and_then(|one| one.reliability_word()),
            next: one.and_then(|one| one.next),
            change: one.and_then(|one| one.change).filter(|_| comparable),
            exceptions: counts.filter(|_| self.internal && !comparison.of_a_register).map(exceptions),
            money: self.paid.get(&(comparison.measure.as_str(), Area::Practice(practice.at))).copied(),
        })
    }

    fn localities(&self, rows: &[&Row]) -> Vec<(String, Rate)> {
        let mut all: Vec<(String, Rate)> = rows
            .iter()
            .filter(|_| self.internal)
            .filter_map(|row| match &row.area {
                Area::Locality(name) if row.stratum == 0 => Some((name.clone(), Rate::exact(row.counts.numerator, row.counts.denominator))),
                _ => None,
            })
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    fn strata(&self, rows: &[&Row]) -> Vec<OfStratum> {
        let one = |row: &&Row| {
            let stratum = self.material.results.strata.get(row.stratum).filter(|stratum| !stratum.kind.is_empty())?;
            let (kind, value) = match (stratum.kind, stratum.value.as_str()) {
                ("imd_quintile", "1") => ("deprivation", "1, most deprived".to_owned()),
                ("imd_quintile", "5") => ("deprivation", "5, least deprived".to_owned()),
                ("imd_quintile", "unknown") => ("deprivation", "not known".to_owned()),
                ("imd_quintile", value) => ("deprivation", value.to_owned()),
                ("age", value) => ("age", value.to_owned()),
                (_, value) => ("sex", value.to_owned()),
            };
            Some((row.stratum, OfStratum { kind, value, rate: Rate::exact(row.counts.numerator, row.counts.denominator) }))
        };
        let mut all: Vec<(usize, OfStratum)> = rows.iter().filter(|row| self.internal && row.area == Area::Whole).filter_map(one).collect();
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, one)| one).collect()
    }

    fn funnel(&self, comparison: &Comparison, all: &Statistics) -> Option<Funnel> {
        let points: Vec<(usize, u64, f64, Flag)> = self
            .practices
            .iter()
            .enumerate()
            .filter_map(|(at, practice)| {
                let compared = compared(comparison, practice)?;
                let rate = rate_of(compared);
                Some((at, rate.of.number()?, rate.share()?, compared.statistics.as_ref()?.flag))
            })
            .collect();
        let most = points.iter().map(|(_, of, _, _)| *of).max()?;
        let curves = places(1, most.max(2)).ok()?;
        // Lines need fewer places than Fingertips' tables have.
        let curves = curves.iter().enumerate().filter(|(at, _)| at % 3 == 0 || at + 1 == curves.len());
        Some(Funnel {
            centre: all.centre,
            curves: curves.filter_map(|(_, of)| curve(all, *of)).collect(),
            points,
            left_out: comparison.left_out,
        })
    }

    /// All days in the same view whose figures are of whole twelve months, up to this one.
    fn moments(&self, comparison: &Comparison) -> Vec<Moment> {
        let days = &self.material.results.days;
        let Some(now) = days.get(comparison.day) else { return Vec::new() };
        let same = |other: &&Comparison| {
            let day = days.get(other.day).filter(|day| day.view == now.view && day.day <= now.day && of_a_year(day));
            other.measure == comparison.measure && day.is_some()
        };
        let same_days = self.material.comparisons.iter().filter(same);
        let mut all: Vec<(Day, &Comparison)> = same_days.filter_map(|one| Some((days.get(one.day)?.day, one))).collect();
        all.sort_by_key(|(day, _)| *day);
        if all.len() < 2 {
            return Vec::new();
        }
        all.into_iter().map(|(day, one)| self.moment(one, day)).collect()
    }

    fn moment(&self, comparison: &Comparison, on: Day) -> Moment {
        let results = self.material.results;
        // A practice that has moved to another locality is still the same one.
        let code = |at: usize| results.practices.get(at).map(|practice| practice.code.as_str());
        let exact = |one: &ComparedPractice| match (one.achieved, one.of) {
            (Shown::Exactly(achieved), Shown::Exactly(of)) => Some((achieved, of)),
            _ => None,
        };
        let pairs: Vec<(u64, u64)> = comparison.practices.iter().filter_map(exact).collect();
        let shares: BTreeMap<&str, f64> =
            comparison.practices.iter().filter_map(|one| Some((code(one.practice)?, rate_of(one).share()?))).collect();
        Moment {
            on,
            day: on.long(),
            rate: Rate {
                achieved: comparison.achieved,
                of: comparison.of,
                percentage: comparison.percentage,
                interval: comparison.interval,
            },
            practices: self.practices.iter().map(|practice| shares.get(practice.code.as_str()).copied()).collect(),
            deciles: deciles(&pairs).ok().map(|found| found.deciles),
        }
    }
}

/// Which practice a row of everybody is of.
fn own_practice(row: &Row) -> Option<usize> {
    match row.area {
        Area::Practice(at) if row.stratum == 0 => Some(at),
        _ => None,
    }
}

/// What is said of a practice. They stand in the order of their places.
fn compared<'c>(comparison: &'c Comparison, practice: &ReportedPractice) -> Option<&'c ComparedPractice> {
    let at = comparison.practices.binary_search_by_key(&practice.at, |one| one.practice).ok()?;
    comparison.practices.get(at)
}

fn rate_of(compared: &ComparedPractice) -> Rate {
    let interval = compared.statistics.as_ref().and_then(|one| one.intervals.first().copied());
    Rate { achieved: compared.achieved, of: compared.of, percentage: compared.percentage, interval }
}

fn curve(all: &Statistics, of: u64) -> Option<Curve> {
    let people = of as f64;
    let limits = |level| proportion_limits(all.centre, people, level).ok();
    let wider = all.overdispersion.as_ref().ok().filter(|found| found.phi > 1.0).and_then(|found| {
        // The error of a rate on the scale depends on the number of people alone.
        let error = Scale::Arcsine.point(0, people).ok()?.error;
        let wide = |level| found.limits(error, level).ok()?.widened;
        Some((wide(Level::Percent95)?, wide(Level::Percent998)?))
    });
    Some(Curve { of, at_95: limits(Level::Percent95)?, at_998: limits(Level::Percent998)?, wider })
}

fn exceptions(counts: &Counts) -> Exceptions {
    Exceptions {
        population: counts.population,
        excluded: counts.excluded,
        excepted: counts.all_excepted(),
        by_reason: counts.excepted.iter().map(|(reason, people)| (reason.replace('-', " "), *people)).collect(),
    }
}

fn steps(counts: &Counts) -> Vec<Step> {
    let step = |label: &str, people, leave| Step { label: label.to_owned(), people, leave };
    let mut steps = vec![step("Whom it is of", counts.population, false)];
    if counts.excluded > 0 {
        steps.push(step("Excluded: not what it is about", counts.excluded, true));
    }
    let by_reason = counts.excepted.iter().filter(|(_, people)| **people > 0);
    steps.extend(by_reason.map(|(reason, people)| step(&format!("Excepted: {}", reason.replace('-', " ")), *people, true)));
    steps.push(step("Denominator", counts.denominator, false));
    steps.push(step("Not achieved", counts.denominator.saturating_sub(counts.numerator), true));
    steps.push(step("Achieved", counts.numerator, false));
    steps
}
