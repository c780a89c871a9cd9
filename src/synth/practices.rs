//! Invented practices, and how each of them works: what the results should show. The ways are those of the profile;
//! chance only moves them a little, so that the differences that are meant stand out of those that are not.

use super::Options;
use super::profile::{Profile, Ways};
use rand::RngExt;
use rand::SeedableRng;
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
    pub locality: &'static str,
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
    let mut listed = profile.practices.iter().cycle();
    let mut ways: Vec<Ways> = Vec::new();
    while ways.len() < number
        && let Some(next) = listed.next()
    {
        ways.push(next.clone());
    }
    for (at, ways) in ways.iter_mut().enumerate() {
        if at >= profile.practices.len() {
            ways.name = format!("Invented Practice {}", at + 1);
        }
        let chances = [&mut ways.reviews, &mut ways.targets, &mut ways.prevention, &mut ways.plans, &mut ways.goals, &mut ways.decisions];
        for chance in chances {
            *chance += dice.random_range(-ALIKE..=ALIKE);
        }
    }
    let all: usize = ways.iter().map(|ways| ways.size).sum::<usize>().max(1);
    let one = |(at, ways): (usize, Ways)| Practice {
        code: format!("P9{:04}", at + 1),
        name: ways.name.clone(),
        locality: LOCALITIES.get(at % LOCALITIES.len()).copied().unwrap_or(""),
        people: (people * ways.size / all).max(1),
        schemes: schemes(&ways.schemes),
        spelling: at % 3,
        ways,
    };
    let mut made: Vec<Practice> = ways.into_iter().enumerate().map(one).collect();
    let (name, locality) = OF_EXAMPLES;
    let (code, schemes) = (format!("P9{:04}", number + 1), schemes(&[]));
    made.push(Practice { code, name: name.to_owned(), locality, people: 0, schemes, spelling: 0, ways: Ways::default() });
    made
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
