//! Points and pounds: published figures and worked numbers (`tests/money/vectors.toml`), the published results of
//! Scottish practices, and what must hold of any counts whatever.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on says why and fails; an index is of something that the test has just made"
)]

mod support;

use dqoh::achievement::{
    Achievement, Area, Counts, Money, Row, Status, achieve, fraction, half_up, list_factor, points, pounds, prevalence_factor,
};
use dqoh::cli::read_folder;
use dqoh::framework::{Framework, Payment, Population, Reference, Rounding, Rules, Thresholds, View};
use dqoh::practice::Practice;
use dqoh::tally::{FIRST_REGISTER, Key, LIST, Tally, first_indicator, strata};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use support::{check_examples, folder, rulebook, rules};

// ---- figures ----

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Vectors {
    points: Vec<PointsVector>,
    pounds: Vec<PoundsVector>,
    half_up: Vec<HalfUpVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointsVector {
    id: String,
    source: String,
    max: Number,
    from: Number,
    to: Number,
    numerator: u64,
    denominator: u64,
    points: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PoundsVector {
    id: String,
    source: String,
    /// The points, or with the next four the most points.
    points: Number,
    numerator: Option<u64>,
    denominator: Option<u64>,
    from: Option<Number>,
    to: Option<Number>,
    per_point: Number,
    list: u64,
    average: Number,
    register: Option<u64>,
    of: Option<u64>,
    reference: Option<u64>,
    reference_of: Option<u64>,
    factors: String,
    round_points: Option<String>,
    list_factor: Option<Number>,
    prevalence_factor: Option<Number>,
    pounds: Number,
    /// Pence cut off, not rounded.
    #[serde(default)]
    cut: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HalfUpVector {
    number: Number,
    decimals: u32,
    rounded: Number,
}

/// A number written as a text, so that its decimals are kept.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Number(Decimal);

impl TryFrom<String> for Number {
    type Error = rust_decimal::Error;

    fn try_from(text: String) -> Result<Number, rust_decimal::Error> {
        Decimal::from_str_exact(&text).map(Number)
    }
}

fn vectors() -> Vectors {
    toml::from_str(&fs::read_to_string(folder("money").join("vectors.toml")).unwrap()).unwrap()
}

#[test]
fn published_points_are_met() {
    for vector in vectors().points {
        let pays = Thresholds { from: vector.from.0, to: vector.to.0 };
        let found = points(vector.max.0, pays, vector.numerator, vector.denominator);
        assert_eq!(half_up(&found, vector.points.0.scale()), vector.points.0, "{}: {}", vector.id, vector.source);
    }
}

#[test]
fn published_pounds_are_met() {
    for vector in vectors().pounds {
        let what = format!("{}: {}", vector.id, vector.source);
        let payment = payment(&vector);
        let earned = match (vector.numerator, vector.denominator, vector.from, vector.to) {
            (Some(numerator), Some(denominator), Some(from), Some(to)) => {
                points(vector.points.0, Thresholds { from: from.0, to: to.0 }, numerator, denominator)
            }
            _ => fraction(vector.points.0),
        };
        let by_list = list_factor(vector.list, &payment);
        let by_prevalence = match (vector.register, vector.of, vector.reference, vector.reference_of) {
            (Some(register), Some(of), Some(reference), Some(list)) => {
                prevalence_factor(register, of, Reference { register: reference, list })
            }
            _ => BigRational::one(),
        };
        for (found, expected) in [(&by_list, vector.list_factor), (&by_prevalence, vector.prevalence_factor)] {
            if let Some(expected) = expected {
                assert_eq!(half_up(found, expected.0.scale()), expected.0, "{what}");
            }
        }
        let found = pounds(&earned, &payment, &by_list, &by_prevalence);
        let found = if vector.cut {
            Decimal::from_str_exact(&found.floor().to_string()).unwrap()
        } else {
            half_up(&found, vector.pounds.0.scale())
        };
        assert_eq!(found, vector.pounds.0, "{what}");
    }
}

fn payment(vector: &PoundsVector) -> Payment {
    Payment {
        pounds_per_point: Some(vector.per_point.0),
        average_list: Some(vector.average.0),
        factors: rounding(&vector.factors),
        points: rounding(vector.round_points.as_deref().unwrap_or("exact")),
        nobody_out_of_maximum: true,
    }
}

fn rounding(word: &str) -> Rounding {
    match word {
        "exact" => Rounding::Exact,
        "two-decimals" => Rounding::TwoDecimals,
        _ => panic!("no rounding is called {word}"),
    }
}

#[test]
fn halves_go_up() {
    for vector in vectors().half_up {
        let rounded = half_up(&fraction(vector.number.0), vector.decimals);
        assert_eq!((rounded, rounded.scale()), (vector.rounded.0, vector.decimals), "{}", vector.number.0);
    }
}

/// The points that Scottish practices were awarded in 2015-16: every row of the copy beside the repository, if it is there.
#[test]
#[expect(clippy::print_stderr, reason = "a test that looked at nothing says so")]
fn scottish_practices_got_what_we_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors/points/scotland-2015-16.csv");
    let Ok(text) = fs::read_to_string(path) else {
        return eprintln!("skipped: there is no ../shared/vectors/points/scotland-2015-16.csv here");
    };
    let tolerance = fraction(Decimal::new(1, 6));
    let (mut partly, mut rows) = (0, 0);
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let number = |column: usize| Decimal::from_str_exact(&row[column]).unwrap();
        let people = |column: usize| row[column].parse::<u64>().unwrap();
        let max = number(3);
        let found = points(max, Thresholds { from: number(4), to: number(5) }, people(1), people(2));
        let published = fraction(number(6));
        assert!((&found - &published).abs() <= tolerance, "{}: {found}", row.iter().collect::<Vec<_>>().join(","));
        rows += 1;
        partly += usize::from(found.is_positive() && found < fraction(max));
    }
    assert!(rows > 4_000 && partly > 1_000, "{rows} rows, {partly} between their thresholds");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn points_lie_between_nothing_and_all_and_rise_with_the_numerator(
        max in 0u32..10_000, from in 0u32..999, more in 1u32..1_000, denominator in 0u64..u64::from(u32::MAX), numerators in any::<[prop::sample::Index; 2]>(),
    ) {
        let to = (from + more).min(1_000);
        let max = Decimal::new(i64::from(max), 2);
        let pays = Thresholds { from: Decimal::new(i64::from(from), 1), to: Decimal::new(i64::from(to), 1) };
        let mut numerators = numerators.map(|at| at.index(usize::try_from(denominator).unwrap() + 1) as u64);
        numerators.sort_unstable();
        let [fewer, more] = numerators.map(|numerator| points(max, pays, numerator, denominator));
        prop_assert!(BigRational::zero() <= fewer && fewer <= more && more <= fraction(max));
        for (numerator, points) in numerators.into_iter().zip([fewer, more]) {
            // Per mille of the denominator, in whole numbers.
            let reached = u128::from(numerator) * 1_000;
            if reached <= u128::from(denominator) * u128::from(from) {
                prop_assert!(points.is_zero());
            } else if reached >= u128::from(denominator) * u128::from(to) {
                prop_assert_eq!(points, fraction(max));
            } else {
                prop_assert!(max.is_zero() || (points.is_positive() && points < fraction(max)));
            }
        }
    }

    #[test]
    fn half_up_is_the_nearest_and_the_further_from_zero_of_two(numerator in -1_000_000_000i64..1_000_000_000, denominator in 1i64..100_000, decimals in 0u32..5) {
        let number = BigRational::new(numerator.into(), denominator.into());
        let rounded = half_up(&number, decimals);
        prop_assert_eq!(rounded.scale(), decimals);
        prop_assert_eq!(fraction(rounded), penny(&number, decimals));
    }
}

/// Rounded half up, away from zero, in whole numbers.
fn penny(number: &BigRational, decimals: u32) -> BigRational {
    let unit = BigInt::from(10u8).pow(decimals);
    let twice: BigInt = number.numer().abs() * &unit * BigInt::from(2) + number.denom();
    let whole: BigInt = twice / (number.denom() * BigInt::from(2));
    BigRational::new(if number.is_negative() { -whole } else { whole }, unit)
}

// ---- counts ----

/// People who are alike: where they are, what they are, and which line of each indicator decides.
#[derive(Clone, Debug)]
struct Alike {
    practice: usize,
    sex: usize,
    age: usize,
    on: [bool; 2],
    lines: [u16; 4],
    people: u32,
}

#[derive(Clone, Debug)]
struct Counted {
    practices: Vec<Practice>,
    groups: Vec<Alike>,
}

const ADJUSTED: usize = 0;
const BY_LIST: usize = 1;
const COUNTED: usize = 2;
const WITHOUT_REFERENCE: usize = 3;

fn counted() -> impl Strategy<Value = Counted> {
    let practice = (0usize..3, weighted(0.3, 1u64..100_000));
    let group =
        (0usize..8, 0usize..3, 0usize..3, any::<[bool; 2]>(), prop::array::uniform4(1u16..6), prop_oneof![0u32..200, 0u32..50_000_000]);
    (vec(practice, 1..6), vec(group, 0..24)).prop_map(|(practices, groups)| {
        let number = practices.len();
        let practices = practices.into_iter().enumerate().map(|(at, (locality, list_size))| Practice {
            code: format!("P{at}"),
            name: format!("Practice {at}"),
            locality: ["", "North", "South"][locality].to_owned(),
            list_size,
        });
        let alike = |(practice, sex, age, on, lines, people)| Alike { practice: practice % number, sex, age, on, lines, people };
        Counted { practices: practices.collect(), groups: groups.into_iter().map(alike).collect() }
    })
}

impl Counted {
    fn tally(&self, framework: &Framework) -> Tally {
        let mut people = Vec::new();
        for group in &self.groups {
            // Everybody, 3 sexes, then ages: the order of the strata.
            for stratum in [0, 1 + group.sex, 4 + group.age] {
                let mut add = |measure: u16, line: u16| {
                    let practice = u32::try_from(group.practice).unwrap();
                    people.push((Key { practice, day: 0, measure, stratum: u16::try_from(stratum).unwrap(), line }, group.people));
                };
                add(LIST, 1);
                for (register, on) in (FIRST_REGISTER..).zip(group.on) {
                    add(register, if on { 1 } else { 2 });
                }
                for (measure, indicator) in (first_indicator(framework)..).zip(&framework.indicators) {
                    if group.is_in(indicator.of) {
                        add(measure, group.lines[usize::from(measure - first_indicator(framework))]);
                    }
                }
            }
        }
        people.into_iter().collect()
    }

    /// People of a practice who are so.
    fn people(&self, practice: usize, so: impl Fn(&Alike) -> bool) -> u64 {
        self.groups.iter().filter(|group| group.practice == practice && so(group)).map(|group| u64::from(group.people)).sum()
    }
}

impl Alike {
    fn is_in(&self, of: Population) -> bool {
        match of {
            Population::List => true,
            Population::Register(id) => self.on[usize::from(id.0)],
        }
    }
}

/// The framework of the tests, with some words of its files changed, for the last day of its year.
fn framework(changes: &[(&str, &str)], view: View) -> Framework {
    let mut files = read_folder(&folder("money/rules")).unwrap();
    for (from, to) in changes {
        let (_, bytes) = files.iter_mut().find(|(name, _)| name == "framework.toml").unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "nothing to change: {from}");
        *bytes = text.replace(from, to).into_bytes();
    }
    let rules = Rules::read(&files);
    let rulebook = rules.sound().unwrap();
    rulebook.at(rulebook.period().to, view).0
}

fn achieved(counted: &Counted, framework: &Framework) -> Achievement {
    achieve(std::slice::from_ref(framework), &counted.practices, &counted.tally(framework))
}

#[test]
fn the_rules_of_these_tests_are_sound() {
    let folder = folder("money/rules");
    let rules = rules(&folder);
    check_examples(&rules, &folder);
    let framework = rulebook(&rules).at(rulebook(&rules).period().to, View::YearEnd).0;
    let ids: Vec<&str> = framework.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
    assert_eq!(ids, ["ADJUSTED", "BY-LIST", "COUNTED", "WITHOUT-REFERENCE"]);
    assert_eq!(strata(&framework.strata).len(), 7);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_add_up(counted in counted()) {
        let framework = framework(&[], View::YearEnd);
        let achievement = achieved(&counted, &framework);
        for row in &achievement.rows {
            let counts = &row.counts;
            prop_assert!(counts.numerator <= counts.denominator, "{:?}", row);
            if let Some(indicator) = framework.indicators.iter().find(|indicator| indicator.id == row.measure) {
                prop_assert_eq!(counts.population, counts.excluded + counts.all_excepted() + counts.denominator, "{:?}", row);
                let of = match indicator.of {
                    Population::Register(id) => same(&achievement, row, &framework.register(id).id).counts.numerator,
                    Population::List => same(&achievement, row, "FIRST").counts.denominator,
                };
                prop_assert_eq!(counts.population, of, "{:?}", row);
            }
        }
        // Localities and the whole are the sums of their practices, money too.
        for row in achievement.rows.iter().filter(|row| !matches!(row.area, Area::Practice(_))) {
            let practices = achievement.rows.iter().filter(|other| {
                let Area::Practice(at) = &other.area else { return false };
                let inside = match &row.area {
                    Area::Locality(locality) => counted.practices[*at].locality == *locality,
                    _ => true,
                };
                inside && (&other.measure, other.stratum) == (&row.measure, row.stratum)
            });
            prop_assert_eq!(sum(practices), (row.counts.clone(), row.money), "{:?}", row);
        }
        // Strata of one kind are everybody.
        for kind in [1..4, 4..7] {
            for row in achievement.rows.iter().filter(|row| row.stratum == 0) {
                let parts = achievement.rows.iter().filter(|other| {
                    kind.contains(&other.stratum) && (&other.measure, &other.area) == (&row.measure, &row.area)
                });
                prop_assert_eq!(sum(parts), (row.counts.clone(), None), "{:?}", row);
            }
        }
        // Nobody is lost on the way from people to rows, and no row is there twice.
        let areas = 1 + counted.practices.len() + localities(&counted);
        prop_assert_eq!(achievement.rows.len(), areas * 7 * 6);
        for (practice, list) in achievement.lists[0].iter().enumerate() {
            prop_assert_eq!(*list, counted.people(practice, |_| true));
        }
    }

    #[test]
    fn payments_add_up_to_the_penny(counted in counted(), factors in any::<bool>(), round_points in any::<bool>()) {
        let mut changes = Vec::new();
        changes.extend(factors.then_some(("factors          = \"exact\"", "factors = \"two-decimals\"")));
        changes.extend(round_points.then_some(("points           = \"exact\"", "points = \"two-decimals\"")));
        let framework = framework(&changes, View::YearEnd);
        let achievement = achieved(&counted, &framework);
        prop_assert_eq!(achievement.payments.len(), counted.practices.len() * framework.indicators.len());
        for paid in &achievement.payments {
            let at = framework.indicators.iter().position(|indicator| indicator.id == paid.measure).unwrap();
            let indicator = &framework.indicators[at];
            let row = achievement.rows.iter().find(|row| {
                (&row.measure, &row.area, row.stratum) == (&paid.measure, &Area::Practice(paid.practice), 0)
            }).unwrap();
            prop_assert_eq!((row.money, row.status), (Some(paid.money), paid.status));
            prop_assert!(Decimal::ZERO <= paid.money.points && paid.money.points <= indicator.points);
            prop_assert!(paid.money.points.scale() == 2 && paid.money.pounds.scale() == 2 && paid.money.pounds >= Decimal::ZERO);

            // The same from the people themselves, in fractions, rounded where the framework says so.
            let of_them = |lines: &[u16]| counted.people(paid.practice, |group| group.is_in(indicator.of) && lines.contains(&group.lines[at]));
            let (numerator, denominator) = (of_them(&[2]), of_them(&[2, 5]));
            let list = counted.practices[paid.practice].list_size.unwrap_or_else(|| counted.people(paid.practice, |_| true));
            let step = |number: BigRational, rounded: bool| if rounded { penny(&number, 2) } else { number };
            let earned = indicator.pays.filter(|_| denominator > 0).map_or_else(BigRational::zero, |pays| {
                let per_cent = ratio(numerator * 100, denominator);
                let share = (per_cent - fraction(pays.from)) / fraction(pays.to - pays.from);
                fraction(indicator.points) * share.max(BigRational::zero()).min(BigRational::one())
            });
            let prevalence = match at {
                ADJUSTED if list > 0 => ratio(counted.people(paid.practice, |group| group.on[0]), list) / ratio(3_116_399, 58_029_147),
                _ => BigRational::one(),
            };
            prop_assert_eq!(fraction(paid.money.points), penny(&earned, 2));
            let pounds = step(earned, round_points) * ratio(16_518, 100) * step(ratio(list, 7_460), factors) * step(prevalence.clone(), factors);
            prop_assert_eq!(fraction(paid.money.pounds), penny(&pounds, 2), "{:?}", paid);
            prop_assert_eq!(fraction(paid.prevalence_factor), penny(&prevalence, 6));
            prop_assert_eq!(paid.list, list);

            let status = match at {
                _ if counted.people(paid.practice, |_| true) == 0 => Status::NoData,
                _ if denominator == 0 => Status::NoOneToCount,
                ADJUSTED => Status::Adjusted,
                BY_LIST => Status::ListSizeOnly,
                COUNTED => Status::CountedOnly,
                WITHOUT_REFERENCE => Status::NotAdjusted,
                _ => panic!("a fifth indicator"),
            };
            prop_assert_eq!(paid.status, status);
        }
        for indicator in &framework.indicators {
            let paid = achievement.payments.iter().filter(|paid| paid.measure == indicator.id);
            let pounds = paid.fold(BigRational::zero(), |sum, paid| sum + fraction(paid.money.pounds));
            let whole = achievement.rows.iter().find(|row| (&row.measure, &row.area, row.stratum) == (&indicator.id, &Area::Whole, 0)).unwrap();
            prop_assert_eq!(fraction(whole.money.unwrap().pounds), pounds);
        }
    }

    #[test]
    fn the_rolling_view_pays_nothing(counted in counted()) {
        let (year_end, rolling) = (framework(&[], View::YearEnd), framework(&[], View::Rolling));
        let (year_end, rolling) = (achieved(&counted, &year_end), achieved(&counted, &rolling));
        prop_assert!(rolling.payments.is_empty());
        prop_assert!(rolling.rows.iter().all(|row| row.money.is_none()));
        prop_assert!(rolling.rows.iter().all(|row| !matches!(row.status, Status::Adjusted | Status::NotAdjusted | Status::ListSizeOnly)));
        // The same people count in both.
        let counts = |achievement: &Achievement| achievement.rows.iter().map(|row| row.counts.clone()).collect::<Vec<_>>();
        prop_assert_eq!(counts(&rolling), counts(&year_end));
    }

    #[test]
    fn with_nobody_to_count_points_leave_the_maximum_where_the_framework_says_so(counted in counted()) {
        let out = framework(&[], View::YearEnd);
        let inside = framework(&[("\"out-of-maximum\"", "\"in-maximum\"")], View::YearEnd);
        let (payments_out, payments_in) = (achieved(&counted, &out).payments, achieved(&counted, &inside).payments);
        for (one, other) in payments_out.iter().zip(&payments_in) {
            let indicator = out.indicators.iter().find(|indicator| indicator.id == one.measure).unwrap();
            let nobody = matches!(one.status, Status::NoOneToCount | Status::NoData);
            prop_assert_eq!(one.money.max_points, if nobody { Decimal::ZERO } else { indicator.points });
            prop_assert_eq!(other.money.max_points, indicator.points);
            prop_assert_eq!((one.money.points, one.money.pounds, one.status), (other.money.points, other.money.pounds, other.status));
            prop_assert!(!nobody || (one.money.points.is_zero() && one.money.pounds.is_zero()));
        }
    }
}

fn ratio(numerator: u64, denominator: u64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn localities(counted: &Counted) -> usize {
    let mut names: Vec<&str> =
        counted.practices.iter().map(|practice| practice.locality.as_str()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// The row of another measure for the same people.
fn same<'a>(achievement: &'a Achievement, row: &Row, measure: &str) -> &'a Row {
    let mut rows = achievement.rows.iter();
    rows.find(|other| (other.measure.as_str(), &other.area, other.stratum) == (measure, &row.area, row.stratum)).unwrap()
}

fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> (Counts, Option<Money>) {
    let mut counts = Counts::default();
    let mut excepted: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut money: Option<Money> = None;
    for row in rows {
        counts.population += row.counts.population;
        counts.excluded += row.counts.excluded;
        counts.numerator += row.counts.numerator;
        counts.denominator += row.counts.denominator;
        for (reason, people) in &row.counts.excepted {
            *excepted.entry(reason).or_default() += people;
        }
        if let Some(more) = row.money {
            let so_far = money.unwrap_or_default();
            money = Some(Money {
                points: so_far.points + more.points,
                max_points: so_far.max_points + more.max_points,
                pounds: so_far.pounds + more.pounds,
            });
        }
    }
    (Counts { excepted, ..counts }, money)
}

/// As many people as a count can hold, on lists as large as can be stated.
#[test]
fn huge_lists_do_not_overflow() {
    let practice = |at: usize, list_size| Practice { code: format!("P{at}"), name: String::new(), locality: "North".to_owned(), list_size };
    let alike = |practice| Alike { practice, sex: 0, age: 0, on: [true, true], lines: [2; 4], people: u32::MAX };
    let counted = Counted {
        practices: vec![practice(0, Some(u64::MAX)), practice(1, None), practice(2, Some(1))],
        groups: vec![alike(0), alike(1), alike(2)],
    };
    let framework = framework(&[], View::YearEnd);
    let achievement = achieved(&counted, &framework);
    let most = u64::from(u32::MAX);
    for row in achievement.rows.iter().filter(|row| row.area == Area::Whole && row.stratum == 0) {
        assert_eq!(row.counts.numerator, 3 * most, "{row:?}");
    }
    let of = |measure: &str, practice: usize| {
        achievement.payments.iter().find(|paid| (paid.measure.as_str(), paid.practice) == (measure, practice)).unwrap().money.pounds
    };
    for (practice, list) in [(0, u64::MAX), (1, most), (2, 1)] {
        let per_point = fraction(Decimal::new(16_518, 2)) * ratio(list, 7_460);
        assert_eq!(fraction(of("BY-LIST", practice)), penny(&(&per_point * fraction(Decimal::new(125, 1))), 2));
        let prevalence = ratio(most, list) / ratio(3_116_399, 58_029_147);
        assert_eq!(fraction(of("ADJUSTED", practice)), penny(&(per_point * prevalence * ratio(20, 1)), 2));
    }
}

/// A framework without a price counts, and pays nothing.
#[test]
fn without_a_price_nothing_is_paid() {
    let framework = framework(&[("pounds-per-point = 165.18\n", "")], View::YearEnd);
    let alike = Alike { practice: 0, sex: 0, age: 0, on: [true, true], lines: [2; 4], people: 10 };
    let practices = vec![Practice { code: "P0".to_owned(), ..Practice::default() }];
    let achievement = achieved(&Counted { practices, groups: vec![alike] }, &framework);
    for paid in &achievement.payments {
        let expected = if paid.measure == "COUNTED" { Status::CountedOnly } else { Status::NotPriced };
        assert_eq!((paid.status, paid.money.pounds), (expected, Decimal::new(0, 2)), "{}", paid.measure);
        assert_eq!(paid.money.points, paid.money.max_points, "{}", paid.measure);
    }
    assert_eq!(achievement.payments.len(), 4);
}
