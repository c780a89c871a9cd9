//! Large extracts: everything that practices record, of as many people as a town has. Near to what was published of Dudley;
//! the same bytes again; and nothing in it that a rule would see.

use super::{Made, Options, Order, Records, counts, frameworks, make_with, options, root, rules, written};
use dqoh::cli::{built_in, read_folder};
use dqoh::framework::calendar::{Day, age};
use dqoh::framework::code_forms::{form_problem, verhoeff};
use dqoh::tally::{FIRST_REGISTER, Key};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

/// No code of SNOMED CT has this namespace, no Read code begins with this letter, no EMIS code with these.
const NAMESPACE: &str = "199999910";
const CHAPTER: &str = "O";
const OWN: &str = "EMISMADE";
const PEOPLE: usize = 20_000;
const PRACTICES: usize = 45;

/// A row of events, cell by cell: person, day, code, scheme, value, unit, group, episode.
type Cells = Vec<String>;

/// An extract of a town, a sixteenth as large.
struct Town {
    made: Made,
    files: [Vec<u8>; 4],
}

/// Made once for all tests of this file.
static TOWN: LazyLock<Town> = LazyLock::new(|| {
    let (made, files) = make(|_| {});
    Town { made, files }
});

fn make(change: impl FnOnce(&mut Options)) -> (Made, [Vec<u8>; 4]) {
    let rules = rules(&built_in());
    let rulebook = rules.sound().unwrap();
    let mut options = Options { records: Records::All, ..options(rulebook, (PEOPLE, PRACTICES, 7)) };
    change(&mut options);
    make_with(rulebook, &options)
}

fn cells(file: &[u8]) -> Vec<Cells> {
    csv::Reader::from_reader(file).into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn is_invented(row: &Cells) -> bool {
    match row[3].as_str() {
        "snomed" | "dmd" => row[2].len() > 10 && row[2][..row[2].len() - 1].ends_with(NAMESPACE),
        "read2" => row[2].starts_with(CHAPTER),
        "emis" => row[2].starts_with(OWN),
        _ => false,
    }
}

#[test]
fn a_town_is_near_to_what_was_published() {
    let Town { made, files } = &*TOWN;
    let rows_of_one = made.events * 10 / made.people;
    assert!((550..650).contains(&rows_of_one), "{rows_of_one} rows for each ten people");
    let patients = cells(&files[2]);
    let mut lists: BTreeMap<&str, u32> = BTreeMap::new();
    for person in &patients {
        *lists.entry(&person[1]).or_default() += 1;
    }
    let (examples, _) = lists.pop_last().unwrap();
    assert_eq!((lists.len(), examples), (PRACTICES, "P90046"));
    // 45 practices of Dudley, 2017/18: 1,409 the smallest, 6,227 the middle one, 26,205 the largest, of 319,264 people.
    let mut sizes: Vec<u32> = lists.into_values().map(|people| people * 319_264 / u32::try_from(PEOPLE).unwrap()).collect();
    sizes.sort_unstable();
    for (size, published) in [(sizes[0], 1409), (sizes[22], 6227), (sizes[44], 26_205)] {
        assert!((size * 100 / published).abs_diff(100) <= 15, "{size} people where {published} were published");
    }
    let localities: BTreeSet<String> = cells(&files[1]).into_iter().map(|practice| practice[2].clone()).collect();
    assert_eq!(localities.len(), 6, "five, and one of the examples");
    // England 2016/17, whole list 58,029,147: of a thousand people so many are so old or older.
    let day = Day::from_ymd(2017, 3, 31).unwrap();
    let born = |person: &Cells| Day::parse(format!("{}-01", &person[2][..7]).as_bytes()).unwrap();
    let on_the_list: Vec<i32> = patients
        .iter()
        .filter(|person| person[5].is_empty() && person[6].is_empty())
        .map(|person| age(born(person).ymd(), day.ymd()))
        .collect();
    for (from, published) in [(16, 816), (17, 805), (18, 794), (50, 358)] {
        let share = on_the_list.iter().filter(|age| **age >= from).count() * 1000 / on_the_list.len();
        assert!(share.abs_diff(published) < 25, "{share} of a thousand are {from} or older, {published} were published");
    }
}

/// Registers of 43 practices of Dudley in 2017/18, in hundredths of a percent of the people of that age and older.
#[test]
fn illness_of_a_town_is_as_common_as_it_was() {
    const PUBLISHED: [(&str, i32, u64); 15] = [
        ("HYP", 0, 1820),
        ("DM", 17, 790),
        ("AST", 0, 660),
        ("CKD", 18, 650),
        ("CHD", 0, 410),
        ("AF", 0, 250),
        ("COPD", 0, 220),
        ("STIA", 0, 210),
        ("HF", 0, 93),
        ("DEM", 0, 89),
        ("SMI", 0, 87),
        ("PAD", 0, 67),
        ("LD", 0, 48),
        ("DEP", 18, 1190),
        ("PC", 0, 96),
    ];
    let rules = rules(&built_in());
    let (tally, _, framework) = counts(rules.sound().unwrap(), written(&TOWN.files).path());
    let practices = u32::try_from(PRACTICES).unwrap();
    let people = |measure: usize, line: u16| -> u64 {
        let key = |practice| Key { practice, day: 0, measure: FIRST_REGISTER + u16::try_from(measure).unwrap(), stratum: 0, line };
        (0..practices).map(|practice| u64::from(tally.get(key(practice)))).sum()
    };
    let list: u64 = framework.registers[0].lines.lines.iter().map(|line| people(0, line.number.0)).sum();
    let mut compared = 0;
    for (id, from, published) in PUBLISHED {
        let Some(measure) = framework.registers.iter().position(|register| register.id == id) else { continue };
        let lines = framework.registers[measure].lines.lines.iter().filter(|line| line.outcome.word() == "selected");
        let selected: u64 = lines.map(|line| people(measure, line.number.0)).sum();
        let of = list * if from > 0 { 80 } else { 100 } / 100;
        let share = selected * 10_000 / of;
        // A dozen people more or less make a fifth of the smallest registers here.
        assert!((share * 100 / published).abs_diff(100) <= 25, "{id}: {share} of ten thousand, {published} were published");
        compared += 1;
    }
    assert!(compared > 12, "only {compared} registers were compared");
}

#[test]
fn the_same_seed_gives_the_same_town() {
    assert!(make(|_| {}).1 == TOWN.files, "other bytes");
    let few = |seed: u64| make(|options| (options.people, options.seed) = (900, seed)).1;
    assert!(few(1)[3] != few(2)[3], "another seed, the same events");
}

/// The command gives the same bytes, on one thread and on four, and knows from how many people on an extract is whole.
#[test]
fn the_command_makes_a_town_of_itself() {
    let synth = |people: usize, threads: &str, more: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dqoh"));
        command.args(["synth", "--practices", "45", "--seed", "7", "--people", &people.to_string(), "--out"]).arg(folder.path());
        let output = command.args(more).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        ["extract.toml", "practices.csv", "patients.csv", "events.csv"].map(|name| std::fs::read(folder.path().join(name)).unwrap())
    };
    assert!(synth(PEOPLE, "1", &[]) == TOWN.files, "other bytes on one thread");
    assert!(synth(PEOPLE, "4", &["--as", "canonical", "--records", "all"]) == TOWN.files, "other bytes on four threads");
    let invented = |files: [Vec<u8>; 4]| cells(&files[3]).iter().filter(|row| is_invented(row)).count();
    assert_eq!(invented(synth(PEOPLE - 1, "1", &[])), 0);
    assert_eq!(invented(synth(PEOPLE, "1", &["--records", "rules"])), 0);
}

/// Without what is invented the town is the small extract of the same seed: rules see the same people and the same records.
#[test]
fn what_rules_ask_for_is_the_same() {
    let (made, files) = make(|options| options.records = Records::Rules);
    let sorted = |rows: Vec<Cells>| {
        let mut rows: Vec<Cells> = rows.into_iter().filter(|row| !is_invented(row)).collect();
        rows.sort();
        rows
    };
    let town = &TOWN.files;
    assert!(files[..3] == town[..3], "other people");
    let (few, all) = (sorted(cells(&files[3])), sorted(cells(&town[3])));
    assert!(few == all, "{} rows without what is invented, {} with it", few.len(), all.len());
    assert!(few.len() == made.events && few.len() * 2 < TOWN.made.events);
}

#[test]
fn invented_codes_are_well_formed_and_in_no_set() {
    let events = cells(&TOWN.files[3]);
    let mut invented: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for row in events.iter().filter(|row| is_invented(row)) {
        invented.insert((&row[3], &row[2]));
        *rows.entry(&row[3]).or_default() += 1;
    }
    for (scheme, code) in &invented {
        assert!(form_problem(scheme, code).is_none(), "{scheme} {code}");
        assert!(!matches!(*scheme, "snomed" | "dmd") || verhoeff(code), "{scheme} {code}");
    }
    let schemes: Vec<&str> = rows.keys().copied().collect();
    assert_eq!(schemes, ["dmd", "emis", "read2", "snomed"]);
    assert!(invented.len() > 40_000, "only {} codes", invented.len());
    // A long tail: few codes make up most rows, and most codes are rare.
    let mut often: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    events.iter().for_each(|row| *often.entry((&row[3], &row[2])).or_default() += 1);
    let mut often: Vec<usize> = often.into_values().collect();
    often.sort_unstable_by(|a, b| b.cmp(a));
    let most: usize = often.iter().take(often.len() / 20).sum();
    assert!(most * 3 > events.len() * 2, "{most} of {} rows have one of the most frequent codes", events.len());
    assert!(often[often.len() / 2] < 5, "half of the codes stand {} times or more", often[often.len() / 2]);

    let mut sets = 0;
    for folder in frameworks() {
        let rules = rules(&read_folder(&folder).unwrap());
        for set in &rules.sound().unwrap().sets {
            let inside = set.codes.iter().find(|code| invented.contains(&(code.scheme.as_str(), code.code.as_str())));
            assert!(inside.is_none(), "{} holds {inside:?}", set.name);
            sets += 1;
        }
    }
    assert!(sets > 100, "only {sets} sets were found");
}

/// A framework that holds what would be the most frequent of all: another code takes its place.
#[test]
fn a_code_of_the_framework_is_never_background() {
    let small = || make(|options| (options.people, options.practices) = (200, 2)).1;
    let mut often: BTreeMap<String, usize> = BTreeMap::new();
    cells(&small()[3])
        .iter()
        .filter(|row| is_invented(row) && row[3] == "snomed")
        .for_each(|row| *often.entry(row[2].clone()).or_default() += 1);
    let (code, _) = often.iter().max_by_key(|(_, times)| **times).unwrap();
    let mut files = built_in();
    let (_, set) = files.iter_mut().find(|(name, _)| name.ends_with("code-sets/AFIB_COD.csv")).unwrap();
    set.extend_from_slice(format!("snomed,{code},made up\n").as_bytes());
    let rules = rules(&files);
    let rulebook = rules.sound().unwrap();
    let with_it = Options { records: Records::All, ..options(rulebook, (200, 2, 7)) };
    let (_, made) = make_with(rulebook, &with_it);
    // As a code of its set it may be drawn for whoever has that illness; as the most frequent of all it would stand far more often.
    let times = cells(&made[3]).iter().filter(|row| row[2] == *code).count();
    assert!(often[code] > 50 && times * 5 < often[code], "{times} times, {} before", often[code]);
}

#[test]
fn rows_are_sorted_unless_asked_otherwise() {
    let place = |row: &Cells| {
        // A day of the wrong form stands where it belongs.
        let mut day: Vec<&str> = row[1].split(['-', '/']).collect();
        if day[0].len() == 2 {
            day.reverse();
        }
        (row[0].parse::<usize>().unwrap(), day.concat())
    };
    let patients = cells(&TOWN.files[2]);
    let practice_of: BTreeMap<usize, &str> = patients.iter().map(|row| (row[0].parse().unwrap(), row[1].as_str())).collect();
    let whose = |person: usize| practice_of.get(&person).copied().unwrap_or_else(|| practice_of[&(person - 5_000_000)]);
    let events = cells(&TOWN.files[3]);
    for pair in events.windows(2) {
        let [(person, day), (next, next_day)] = [place(&pair[0]), place(&pair[1])];
        assert!((whose(person), person, day) <= (whose(next), next, next_day), "{:?} stands before {:?}", &pair[0][..2], &pair[1][..2]);
    }

    let (made, mixed) = make(|options| options.order = Order::Random);
    assert_eq!(made, TOWN.made);
    assert!(mixed[..3] == TOWN.files[..3] && mixed[3] != TOWN.files[3]);
    assert!(make(|options| options.order = Order::Random).1 == mixed, "another order");
    let mixed = cells(&mixed[3]);
    let falls = mixed.windows(2).filter(|pair| place(&pair[0]) > place(&pair[1])).count();
    assert!(falls * 3 > mixed.len(), "only {falls} of {} rows stand before an earlier one", mixed.len());
    let sorted = |mut rows: Vec<Cells>| {
        rows.sort();
        rows
    };
    assert!(sorted(mixed) == sorted(events), "other rows");
}

/// docs/synthetic.md tells where the invented codes lie, so that nobody takes them for codes.
#[test]
fn the_document_says_what_is_invented() {
    let document = std::fs::read_to_string(root().join("docs/synthetic.md")).unwrap();
    for mark in [&NAMESPACE[..7], "`O`", OWN] {
        assert!(document.contains(mark), "docs/synthetic.md does not say {mark}");
    }
}
