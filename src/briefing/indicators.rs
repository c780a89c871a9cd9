//! Results and comparisons → indicators, as they are told.

use super::definition;
use super::indicator::{Curve, Exceptions, Funnel, Indicator, Moment, OfPractice, OfStratum, Rate, Step};
use super::{Material, ReportedPractice, of_a_year, words};
use crate::achievement::{Area, Counts, Money, Row};
use crate::comparison::{ComparedPractice, Comparison, Statistics};
use crate::disclosure::{Audience, Shown};
use crate::framework::calendar::Day;
use crate::framework::{Framework, LineNumber, Outcome};
use crate::tally::Key;
use crate::variation::{Flag, Level, Scale, deciles, places, proportion_limits};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

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
