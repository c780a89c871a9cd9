//! Random people of the small framework of `tests/problems/base`, at three practices that share the ids of people: readings in groups
//! and without, the same record twice, values that cannot be used, days before birth, people whose rows differ.

use super::Small;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

const PRACTICES: [&str; 3] = ["Y90001", "Y90002", "Y90003"];
const CODES: [(&str, &str); 8] = [
    ("snomed", "73211009"),
    ("read2", "C10.."),
    ("local", "TEST-DM"),
    ("snomed", "315051004"),
    ("local", "TEST-PLAN"),
    ("local", "TEST-DECLINED"),
    ("local", "TEST-HBA1C"),
    ("dmd", "318901006"),
];

fn day(dice: &mut Pcg64, from: i32, to: i32) -> String {
    format!("{}-{:02}-{:02}", dice.random_range(from..=to), dice.random_range(1..=12), [1, 1, 7, 15, 28].choose(dice).unwrap())
}

/// An extract of some people.
pub fn small(seed: u64) -> Small {
    let mut dice = Pcg64::seed_from_u64(seed);
    let mut patients = "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on\n".to_owned();
    let mut events = "patient_id,practice_code,date,code,scheme,value,unit,group,episode\n".to_owned();
    for practice in PRACTICES {
        for id in 0..dice.random_range(20..60) {
            let sex = ["F", "M", "U", "?"].choose(&mut dice).unwrap();
            let left = if dice.random_ratio(1, 9) { day(&mut dice, 2015, 2017) } else { String::new() };
            let died = if dice.random_ratio(1, 9) { day(&mut dice, 2015, 2017) } else { String::new() };
            let row = format!("{id},{practice},{},{sex},{},{left},{died}\n", day(&mut dice, 1920, 2010), day(&mut dice, 2010, 2016));
            patients.push_str(&row);
            if dice.random_ratio(1, 15) {
                patients.push_str(&if dice.random_ratio(1, 2) { row } else { row.replacen(",F,", ",M,", 1) });
            }
            for _ in 0..dice.random_range(0..9) {
                event(&mut dice, &mut events, id, practice);
            }
        }
    }
    let practices = PRACTICES.map(|code| format!("{code},Practice {code},Alpha\n")).concat();
    Small { practices: format!("practice_code,name,locality\n{practices}"), patients, events, extracted_on: "2017-04-05".to_owned() }
}

fn event(dice: &mut Pcg64, events: &mut String, id: i32, practice: &str) {
    let date = if dice.random_ratio(1, 40) { "03/04/2016".to_owned() } else { day(dice, 2012, 2017) };
    if dice.random_ratio(1, 3) {
        // One or two readings of a day, their values in any order.
        for reading in 0..dice.random_range(1..=2) {
            let group = if dice.random_ratio(3, 4) { format!("g{}-{date}-{reading}", dice.random_range(0..3)) } else { String::new() };
            let mut codes = ["TEST-SYS", "TEST-DIA"];
            if dice.random_ratio(1, 2) {
                codes.reverse();
            }
            for code in codes {
                let value = dice.random_range(50..200);
                let unit = ["mmHg", "", "kPa"].choose(dice).unwrap();
                events.push_str(&format!("{id},{practice},{date},{code},local,{value},{unit},{group},\n"));
            }
        }
        return;
    }
    let (scheme, code) = CODES.choose(dice).unwrap();
    let value = if *code == "TEST-HBA1C" { dice.random_range(20..120).to_string() } else { String::new() };
    let episode = ["", "", "first", "new", "review", "other"].choose(dice).unwrap();
    let row = format!("{id},{practice},{date},{code},{scheme},{value},,,{episode}\n");
    events.push_str(&row);
    if dice.random_ratio(1, 8) {
        events.push_str(&row);
    }
}
