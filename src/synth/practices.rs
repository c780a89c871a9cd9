//! Invented practices, and how each of them works: what the results should show. The ways are those of the profile;
//! chance only moves them a little, so that the differences that are meant stand out of those that are not.

use super::Options;
use super::profile::{Area, Between, Profile, Ways};
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

const LOCALITIES: [&str; 3] = ["Sunrise", "Noonday", "Nightfall"];
/// Schemes of codes: those that a practice does not use come after those that it does.
const SCHEMES: [&str; 8] = ["snomed", "dmd", "emis", "read2", "ctv3", "local", "loinc", "icd10"];
/// Where the practice of examples lies.
const OF_EXAMPLES: (&str, &str) = ("Patchwork Corner (examples of the rules)", "Patchwork");
/// How much a chance differs between practices that work alike, of a thousand.
const ALIKE: i64 = 12;

/// One practice.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Its code; no practice that we know of has one that begins with P90.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its locality.
    pub locality: String,
    /// How many ordinary people it has.
    pub people: usize,
    /// Schemes of codes, the usual one first.
    pub schemes: Vec<String>,
    /// Which spelling of a unit it uses.
    pub spelling: usize,
    /// How it works.
    pub ways: Ways,
}

/// The practices of an extract, by code, and last the one that has nobody but the people of examples.
pub fn practices(options: &Options, profile: &Profile, people: usize) -> Vec<Practice> {
    let mut dice = Pcg64::seed_from_u64(options.seed);
    let number = options.practices;
    let mut ways: Vec<Ways> = profile.practices.iter().take(number).cloned().collect();
    let mut localities = LOCALITIES.map(str::to_owned).to_vec();
    if let Some(area) = profile.area(number) {
        fill(area, &mut ways, number, Pcg64::seed_from_u64(!options.seed));
        localities.clone_from(&area.localities);
    }
    for ways in &mut ways {
        let chances = [&mut ways.reviews, &mut ways.targets, &mut ways.prevention, &mut ways.plans, &mut ways.goals, &mut ways.decisions];
        for chance in chances {
            *chance += dice.random_range(-ALIKE..=ALIKE);
        }
    }
    let all: usize = ways.iter().map(|ways| ways.size).sum::<usize>().max(1);
    let one = |((at, ways), locality): ((usize, Ways), &String)| Practice {
        code: format!("P9{:04}", at + 1),
        name: ways.name.clone(),
        locality: locality.clone(),
        people: (people * ways.size / all).max(1),
        schemes: schemes(&ways.schemes),
        spelling: at % 3,
        ways,
    };
    let mut made: Vec<Practice> = ways.into_iter().enumerate().zip(localities.iter().cycle()).map(one).collect();
    let (name, locality) = OF_EXAMPLES;
    let (code, schemes) = (format!("P9{:04}", number + 1), schemes(&[]));
    let (name, locality) = (name.to_owned(), locality.to_owned());
    made.push(Practice { code, name, locality, people: 0, schemes, spelling: 0, ways: Ways::default() });
    made
}

/// Practices that are not listed work each in its own way, and all lists are as large as lists are.
fn fill(area: &Area, ways: &mut Vec<Ways>, number: usize, mut dice: Pcg64) {
    while ways.len() < number {
        let name = format!("Invented Practice {}", ways.len() + 1);
        ways.push(Ways { name, ..own_ways(&area.ways, &mut dice) });
    }
    let mut places: Vec<usize> = (0..number).collect();
    places.shuffle(&mut dice);
    for (ways, place) in ways.iter_mut().zip(places) {
        ways.size = size(&area.lists, place, number);
    }
}

/// The list size at a place among so many, between two tenths in proportion.
fn size(lists: &[usize], place: usize, of: usize) -> usize {
    let steps = lists.len().saturating_sub(1);
    let (whole, part) = ((2 * place + 1) * steps / (2 * of), (2 * place + 1) * steps % (2 * of));
    let at = |place: usize| lists.get(place).copied().unwrap_or(0);
    at(whole) + at(whole + 1).saturating_sub(at(whole)) * part / (2 * of)
}

fn own_ways(between: &Between, dice: &mut Pcg64) -> Ways {
    // Two throws: most practices lie in the middle.
    let mut way = |[from, to]: [i64; 2]| (dice.random_range(from..=to) + dice.random_range(from..=to)) / 2;
    let mut ways = Ways {
        finds: way(between.finds),
        records: way(between.records),
        excepts: way(between.excepts),
        reviews: way(between.reviews),
        targets: way(between.targets),
        prevention: way(between.prevention),
        teams: way(between.teams),
        one_day: way(between.one_day),
        plans: way(between.plans),
        agreed: way(between.agreed),
        goals: way(between.goals),
        decisions: way(between.decisions),
        reviewed: way(between.reviewed),
        declined: way(between.declined),
        ..Ways::default()
    };
    let [from, to] = between.older;
    ways.older = (dice.random_range(from..=to) + dice.random_range(from..=to)) / 2;
    let [from, to] = between.decile;
    ways.decile = dice.random_range(from..=to);
    ways.days = between.days.map(|[from, to]| dice.random_range(from..=to));
    let [from, to] = between.pause;
    ways.pause = dice.random_range(from..=to);
    ways
}

fn schemes(used: &[String]) -> Vec<String> {
    let others = SCHEMES.iter().map(|scheme| (*scheme).to_owned()).filter(|scheme| !used.contains(scheme));
    used.iter().cloned().chain(others).collect()
}

impl Practice {
    /// How much more or less it does of something, of a thousand.
    pub fn way(&self, of: &str) -> i64 {
        match of {
            "reviews" => self.ways.reviews,
            "targets" => self.ways.targets,
            "prevention" => self.ways.prevention,
            "teams" => self.ways.teams - 450,
            // Plans for one condition follow the others, at some distance.
            "plans" => (self.ways.plans - 700) / 3,
            _ => 0,
        }
    }

    /// The fifth of deprivation of one of its people.
    pub fn imd_quintile(&self, dice: &mut Pcg64) -> u8 {
        (self.ways.decile.div_ceil(2) + dice.random_range(0..=2)).saturating_sub(1).clamp(1, 5)
    }
}
