//! Who people are: age, sex, registration.

use super::practices::Practice;
use crate::extract::patient::About;
use crate::framework::Sex;
use crate::framework::calendar::{Day, age};
use rand::RngExt;
use rand_pcg::Pcg64;

/// How many in a thousand are of each five years of age, from 0 to 4 up: the usual shape in England.
const AGES: [u32; 19] = [62, 62, 57, 59, 66, 69, 68, 66, 65, 70, 70, 62, 54, 55, 45, 33, 25, 15, 9];
/// From this band on people are old, and practices differ in how many they have.
const OLD: usize = 11;

/// Somebody: most registered years ago, some lately, a few only after the reporting day; some have left, some have died.
pub fn somebody(practice: &Practice, reporting_day: Day, extracted_on: Day, dice: &mut Pcg64) -> About {
    let born = born(practice, reporting_day, dice);
    let registered = match dice.random_range(0..1000) {
        0..4 => reporting_day.plus(dice.random_range(1..=extracted_on.0 - reporting_day.0)),
        4..50 => reporting_day.plus(-dice.random_range(0..365)),
        _ => reporting_day.plus(-dice.random_range(365..9000)),
    };
    let registered = registered.max(born);
    let since = (reporting_day.0 - registered.0).clamp(1, 1000);
    let left = dice.random_ratio(3, 100).then(|| extracted_on.plus(-dice.random_range(0..since)).max(registered));
    let years = years(born, reporting_day);
    let died = dice.random_ratio((years * years / 25).min(500), 10_000).then(|| reporting_day.plus(-dice.random_range(0..since)));
    let sex = match dice.random_range(0..1000) {
        0..3 => None,
        3..507 => Some(Sex::Female),
        _ => Some(Sex::Male),
    };
    About { born, born_ymd: born.ymd(), sex, registered, left, died, imd_quintile: Some(practice.imd_quintile(dice)) }
}

fn born(practice: &Practice, reporting_day: Day, dice: &mut Pcg64) -> Day {
    let people = |band: usize, people: u32| people * if band >= OLD { practice.ways.older } else { 100 };
    let all: u32 = AGES.iter().enumerate().map(|(band, number)| people(band, *number)).sum();
    let wanted = dice.random_range(0..all);
    let mut younger = 0;
    let band = AGES.iter().enumerate().position(|(band, number)| {
        younger += people(band, *number);
        wanted < younger
    });
    let five_years = i32::try_from(band.unwrap_or(0)).unwrap_or(0);
    reporting_day.plus(-(five_years * 1826 + dice.random_range(1..1826)))
}

fn years(born: Day, on: Day) -> u32 {
    u32::try_from(age(born.ymd(), on.ymd())).unwrap_or(0)
}
