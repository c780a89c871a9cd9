//! Care planning: where people are in it, what was done, with whom, and its two rates side by side. Only for the internal audience.

use super::{Counted, Material, Rate, ReportedPractice};
use crate::disclosure::Audience;
use crate::framework::calendar::Day;
use crate::framework::pathways::Pathway;
use crate::framework::{Framework, Population, Status, Stretch};
use crate::planning::{About, Item, Unit, items, strata};
use crate::variation::{ChartRules, ControlChart, Impossible, Span, control_chart};
use std::collections::BTreeMap;
use std::ops::Range;

/// One pathway.
#[derive(Clone, Debug)]
pub struct Planning {
    /// Its title.
    pub title: String,
    /// Whom it is of.
    pub of: String,
    /// All together.
    pub whole: Statuses,
    /// By locality.
    pub localities: Vec<(String, Statuses)>,
    /// One for each of the report's practices, in their order.
    pub practices: Vec<Statuses>,
    /// Status and furthest stage.
    pub places: Vec<Place>,
    /// The ends of the quarters that were counted.
    pub days: Vec<String>,
    /// The day that what was before is of.
    pub before: Option<String>,
    /// What was done, by people and records.
    pub counts: Vec<CountRow>,
    /// Of these days, the whole quarters that follow each other up to the last: only they can be charted.
    pub whole_quarters: Range<usize>,
    /// For whom something holds on the reporting day: title, people, and those of each of the report's practices.
    pub people: Vec<(String, u64, Vec<u64>)>,
    /// The groups by number of conditions, and how many people are in each.
    pub conditions: Vec<(String, u64)>,
    /// Indicators of the same people, of the register and of those who count for payment.
    pub rates: Vec<TwoRates>,
}

/// People by where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    /// Everyone on the register.
    pub register: u64,
    /// Not started, in progress, complete, declined, lapsed.
    pub people: [u64; 5],
    /// The same on the reporting day before; nothing where there was none.
    pub before: Option<[u64; 5]>,
}

/// Status and furthest stage.
#[derive(Clone, Debug)]
pub struct Place {
    /// The status.
    pub status: &'static str,
    /// The furthest stage within its window, or nothing.
    pub furthest: String,
    /// People.
    pub people: u64,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// What is counted.
    pub title: String,
    /// People and records in the quarter that ends on each day.
    pub quarters: Vec<(u64, u64)>,
    /// People in the whole quarters that follow each other: which changes are more than usual ups and downs; or why that cannot be told.
    pub chart: Result<ControlChart, Impossible>,
    /// In the last twelve months.
    pub year: (u64, u64),
    /// People in the last twelve months, by number of conditions.
    pub conditions: Vec<u64>,
    /// People in the last twelve months of each of the report's practices.
    pub practices: Vec<u64>,
}

/// One indicator, of the register and of those who count.
#[derive(Clone, Debug)]
pub struct TwoRates {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of everyone on the register: what a planner asks.
    pub of_register: Rate,
    /// Of those who are neither excluded nor excepted: what is paid.
    pub of_denominator: Rate,
}

/// Of the first pathway; nothing without one, or where what pathways count was not read.
pub(super) fn of(material: &Material<'_>, practices: &[ReportedPractice]) -> Option<Planning> {
    let counted = material.counted.filter(|_| material.audience == Audience::Internal)?;
    let (day, framework) = counted.last()?;
    let pathway = framework.pathways.first()?;
    let sums = Sums::of(&counted, framework);
    if sums.whole.is_empty() {
        return None;
    }
    let items = items(framework);
    let own = |about: &About, unit: Unit| {
        items.iter().position(|item| item.pathway == 0 && item.about == *about && item.unit == unit).map(narrow)
    };
    let register = own(&About::Register, Unit::People)?;
    let place = own(&About::Place, Unit::People)?;
    let places: Vec<usize> = practices.iter().map(|practice| place_of(&counted, &practice.code)).collect();
    let statuses = |who: Who, code: &str| {
        let on = |day: usize| by_status(pathway, |line| sums.get(who, day, place, 0, line));
        let told = || material.statuses_before?.1.get(&(pathway.id.clone(), code.to_owned())).copied();
        let before = day.checked_sub(1).map(on).or_else(told);
        Statuses { register: sums.get(who, day, register, 0, 0), people: on(day), before }
    };
    let mut localities: BTreeMap<&str, Statuses> = BTreeMap::new();
    let of_practices: Vec<Statuses> =
        places.iter().zip(practices).map(|(at, practice)| statuses(Who::Practice(*at), &practice.code)).collect();
    for (practice, own) in practices.iter().zip(&of_practices).filter(|(practice, _)| !practice.locality.is_empty()) {
        add(localities.entry(&practice.locality).or_default(), own);
    }
    let kinds: Vec<(u16, String)> = (0_u16..)
        .zip(strata(framework, pathway))
        .filter(|(_, stratum)| matches!(stratum.kind, "conditions" | crate::planning::MULTIMORBIDITY))
        .map(|(at, stratum)| (at, stratum.value))
        .collect();
    let whole = whole_quarters(counted.frameworks);
    let counts = pathway.counts.iter().enumerate().filter_map(|(at, count)| {
        let item = |stretch, unit| own(&About::Count(at, stretch), unit);
        let both = |day: usize, stretch| {
            let people = item(stretch, Unit::People).map_or(0, |item| sums.get(Who::Whole, day, item, 0, 0));
            (people, item(stretch, Unit::Events).map_or(0, |item| sums.get(Who::Whole, day, item, 0, 0)))
        };
        let people = item(Stretch::Last12Months, Unit::People)?;
        let quarters: Vec<(u64, u64)> = (0..counted.frameworks.len()).map(|day| both(day, Stretch::Quarter)).collect();
        let charted: Vec<f64> = whole.clone().filter_map(|day| quarters.get(day)).map(|(people, _)| *people as f64).collect();
        Some(CountRow {
            title: count.title.clone(),
            quarters,
            chart: control_chart(&charted, Span::Separate, ChartRules::MAKING_DATA_COUNT),
            year: both(day, Stretch::Last12Months),
            conditions: kinds.iter().map(|(stratum, _)| sums.get(Who::Whole, day, people, *stratum, 0)).collect(),
            practices: places.iter().map(|at| sums.get(Who::Practice(*at), day, people, 0, 0)).collect(),
        })
    });
    let people = pathway.people.iter().enumerate().filter_map(|(at, one)| {
        let item = own(&About::Holds(at), Unit::People)?;
        let of_practices = places.iter().map(|at| sums.get(Who::Practice(*at), day, item, 0, 0)).collect();
        Some((one.title.clone(), sums.get(Who::Whole, day, item, 0, 0), of_practices))
    });
    let stage = |at: Option<usize>| at.and_then(|at| pathway.stages.get(at)).map(|stage| stage.title.clone()).unwrap_or_default();
    let of_places = (1..).zip(&pathway.places).map(|(line, at)| Place {
        status: at.status.word(),
        furthest: stage(at.furthest.checked_sub(1)),
        people: sums.get(Who::Whole, day, place, 0, line),
    });
    Some(Planning {
        title: pathway.title.clone(),
        of: framework.register(pathway.of).title.clone(),
        whole: statuses(Who::Whole, ""),
        localities: localities.into_iter().map(|(name, statuses)| (name.to_owned(), statuses)).collect(),
        practices: of_practices,
        places: of_places.filter(|place| place.people > 0).collect(),
        days: counted.frameworks.iter().map(|framework| framework.reporting_day.long()).collect(),
        before: match day.checked_sub(1) {
            Some(before) => counted.frameworks.get(before).map(|framework| framework.reporting_day.long()),
            None => material.statuses_before.map(|(day, _)| day.long()),
        },
        counts: counts.collect(),
        whole_quarters: whole.clone(),
        people: people.collect(),
        conditions: kinds.iter().map(|(at, value)| (value.clone(), sums.get(Who::Whole, day, register, *at, 0))).collect(),
        rates: rates(&counted, day, framework, pathway),
    })
}

/// The last days that each end a quarter and leave none out between them.
fn whole_quarters(frameworks: &[Framework]) -> Range<usize> {
    let begins =
        |framework: &Framework| framework.stretches().into_iter().find(|(stretch, _)| *stretch == Stretch::Quarter).map(|one| one.1);
    let mut from = frameworks.len();
    let mut next: Option<Day> = None;
    for framework in frameworks.iter().rev() {
        let day = framework.reporting_day;
        if !framework.year.quarter_ends().contains(&day) || next.is_some_and(|next| day.plus(1) != next) {
            break;
        }
        next = begins(framework);
        from -= 1;
    }
    from..frameworks.len()
}

/// Of the indicators of the pathway's own domain and register, both rates.
fn rates(counted: &Counted<'_>, day: usize, framework: &Framework, pathway: &Pathway) -> Vec<TwoRates> {
    let folder = pathway.lines.file.rsplit('/').nth(1).unwrap_or_default();
    let own = framework.indicators.iter().filter(|indicator| {
        let domain = framework.domains.get(indicator.domain).map_or("", |domain| domain.id.as_str());
        domain == folder && indicator.of == Population::Register(pathway.of)
    });
    let one = |indicator: &crate::framework::Indicator| {
        let whole = |row: &&crate::achievement::Row| {
            row.day == day && row.stratum == 0 && row.area == crate::achievement::Area::Whole && row.measure == indicator.id
        };
        let counts = &counted.achievement.rows.iter().find(whole)?.counts;
        Some(TwoRates {
            id: indicator.id.clone(),
            title: indicator.title.clone(),
            of_register: Rate::exact(counts.numerator, counts.population),
            of_denominator: Rate::exact(counts.numerator, counts.denominator),
        })
    };
    own.filter_map(one).collect()
}

fn by_status(pathway: &Pathway, people: impl Fn(i32) -> u64) -> [u64; 5] {
    let mut all = [0; 5];
    for (line, place) in (1..).zip(&pathway.places) {
        let at = Status::ALL.iter().position(|status| *status == place.status);
        if let Some(slot) = at.and_then(|at| all.get_mut(at)) {
            *slot += people(line);
        }
    }
    all
}

fn add(sum: &mut Statuses, one: &Statuses) {
    sum.register += one.register;
    sum.people.iter_mut().zip(one.people).for_each(|(sum, people)| *sum += people);
    if let Some(before) = one.before {
        let all = sum.before.get_or_insert([0; 5]);
        all.iter_mut().zip(before).for_each(|(sum, people)| *sum += people);
    }
}

fn place_of(counted: &Counted<'_>, code: &str) -> usize {
    counted.practices.binary_search_by(|practice| practice.code.as_str().cmp(code)).unwrap_or(usize::MAX)
}

/// Whose counts.
#[derive(Clone, Copy)]
enum Who {
    Whole,
    Practice(usize),
}

/// Counts of all together in every stratum, and of each practice for everybody.
struct Sums {
    /// By day, item, stratum and number.
    whole: BTreeMap<(u16, u16, u16, i32), u64>,
    /// By practice, day, item and number.
    practices: BTreeMap<(u32, u16, u16, i32), u64>,
}

impl Sums {
    fn of(counted: &Counted<'_>, framework: &Framework) -> Sums {
        let mut sums = Sums { whole: BTreeMap::new(), practices: BTreeMap::new() };
        let items: Vec<Item> = items(framework);
        // Nothing here is of days between steps or of single codes, which are many.
        let wanted: Vec<bool> =
            items.iter().map(|item| !matches!(item.about, About::Between(..) | About::Codes | About::Spread(..))).collect();
        for (key, count) in counted.planning.iter() {
            if wanted.get(usize::from(key.item)) != Some(&true) {
                continue;
            }
            *sums.whole.entry((key.day, key.item, key.stratum, key.number)).or_default() += count;
            if key.stratum == 0 {
                *sums.practices.entry((key.practice, key.day, key.item, key.number)).or_default() += count;
            }
        }
        sums
    }

    fn get(&self, who: Who, day: usize, item: u16, stratum: u16, number: i32) -> u64 {
        let found = match who {
            Who::Whole => self.whole.get(&(narrow(day), item, stratum, number)),
            Who::Practice(at) => u32::try_from(at).ok().and_then(|at| self.practices.get(&(at, narrow(day), item, number))),
        };
        found.copied().unwrap_or(0)
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
