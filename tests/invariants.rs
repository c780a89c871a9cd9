//! What may never change a byte: the order of rows, the number of threads, one file or one a practice,
//! a record after the reporting day.
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use dqoh::achievement::achieve;
use dqoh::cells::FinerRead;
use dqoh::cli::built_in;
use dqoh::evaluate::run::{run, run_parts};
use dqoh::extract::quality::Reason;
use dqoh::extract::{Confidential, Extract};
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, Rules, View};
use dqoh::report::{Outcomes, files_of_counts, files_of_finer, files_of_planning};
use dqoh::threads::Threads;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::read(&built_in()));

/// Two reporting days in each view.
static FRAMEWORKS: LazyLock<[Vec<Framework>; 2]> = LazyLock::new(|| {
    let days = [Day::from_ymd(2016, 6, 30).unwrap(), Day::from_ymd(2017, 3, 31).unwrap()];
    let rulebook = RULES.sound().unwrap();
    [View::YearEnd, View::Rolling].map(|view| days.iter().map(|day| rulebook.at(*day, view).0).collect())
});

const PRACTICES: [&str; 3] = ["P90001", "P90002", "P90003"];
const PATIENTS_HEADER: &str = "patient_id,practice_code,birth_date,sex,registered_on,deregistered_on,died_on,imd_quintile";
const EVENTS_HEADER: &str = "patient_id,practice_code,date,scheme,code,value,unit,group,episode";

/// Rows of an extract, each with the practice it names.
#[derive(Clone, Debug, Default)]
struct Rows {
    patients: Vec<(usize, String)>,
    events: Vec<(usize, String)>,
}

/// Everything that must not change.
#[derive(Debug, PartialEq)]
struct Bytes {
    files: Vec<String>,
    not_used: BTreeMap<Reason, u64>,
}

fn write(folder: &Path, rows: &Rows, apart: bool) {
    let file = |header: &str, rows: Vec<&String>| {
        let mut text = header.to_owned();
        for row in rows {
            text.push('\n');
            text.push_str(row);
        }
        text + "\n"
    };
    fs::write(folder.join("extract.toml"), "extracted-on = 2017-04-05\nsystem = \"test\"\nscheme = \"snomed\"\n").unwrap();
    let practices: Vec<String> = PRACTICES.iter().map(|code| format!("{code},Practice {code},North")).collect();
    fs::write(folder.join("practices.csv"), file("practice_code,name,locality", practices.iter().collect())).unwrap();
    for (kind, header, all) in [("patients", PATIENTS_HEADER, &rows.patients), ("events", EVENTS_HEADER, &rows.events)] {
        if apart {
            for (at, code) in PRACTICES.iter().enumerate() {
                let own = all.iter().filter(|(practice, _)| *practice == at).map(|(_, row)| row).collect();
                fs::write(folder.join(format!("{kind}-{code}.csv")), file(header, own)).unwrap();
            }
        } else {
            fs::write(folder.join(format!("{kind}.csv")), file(header, all.iter().map(|(_, row)| row).collect())).unwrap();
        }
    }
}

/// All records in memory, or packed with so many bytes of them held there.
#[derive(Clone, Copy)]
enum Way {
    InMemory,
    Packed(usize),
}

fn bytes(rows: &Rows, apart: bool, threads: usize) -> Bytes {
    bytes_in(Way::Packed(1 << 20), rows, apart, threads)
}

fn bytes_in(way: Way, rows: &Rows, apart: bool, threads: usize) -> Bytes {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), rows, apart);
    let mut files = Vec::new();
    let mut not_used = BTreeMap::new();
    for frameworks in FRAMEWORKS.iter() {
        let codes = frameworks.first().unwrap().codes.clone();
        let several = Threads::new(Some(threads)).unwrap();
        let opened_by = matches!(way, Way::Packed(_)).then_some(&several);
        let mut extract = Extract::open_with(folder.path(), Confidential::Used, opened_by).unwrap();
        let counted = match way {
            Way::InMemory => {
                let records = extract.records(&codes, &|_| {}).unwrap();
                run(frameworks, records, Some(threads), |records| (records.practice as u32, records.patients(&codes))).unwrap()
            }
            Way::Packed(most) => {
                let mut records = extract.packed_holding(most, &codes, &several, &|_| {}).unwrap();
                let load = |part| extract.patients_of(part, &codes);
                run_parts(frameworks, &several, move || records.next_part(), load).unwrap()
            }
        };
        extract.count(Reason::DuplicateRecord, counted.duplicate_records);
        extract.count(Reason::UngroupedReading, counted.ungrouped_readings);
        let achievement = achieve(frameworks, &extract.practices, &counted.tally);
        let outcomes = Outcomes {
            frameworks,
            practices: &extract.practices,
            tally: &counted.tally,
            planning: &counted.planning,
            achievement: &achievement,
        };
        let of_counts = files_of_counts().chain(files_of_planning(frameworks));
        files.extend(of_counts.map(|(_, make)| String::from_utf8(make(&outcomes)).unwrap()));
        let finer = files_of_finer(&outcomes, &FinerRead::of(frameworks, counted.finer.clone()));
        files.extend(finer.into_iter().map(|(_, file)| String::from_utf8(file).unwrap()));
        not_used = extract.quality.counts.clone();
    }
    Bytes { files, not_used }
}

/// Codes of the framework, as `scheme,code`, with one that no fact asks for.
fn codes() -> Vec<String> {
    let sets = &RULES.rulebook.as_ref().unwrap().sets;
    let first_codes = sets.iter().flat_map(|set| set.codes.iter().take(3));
    first_codes.map(|code| format!("{},{}", code.scheme, code.code)).chain(["snomed,271649006".to_owned()]).collect()
}

fn date() -> impl Strategy<Value = String> {
    let awkward = ["2016-02-29", "2016-03-31", "2016-04-01", "2016-06-30", "2016-07-01", "2017-02-28", "2017-03-31", "2017-04-01"];
    prop_oneof![
        3 => prop::sample::select(awkward.to_vec()).prop_map(str::to_owned),
        5 => (2014..=2017, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
        1 => Just("31/03/2016".to_owned()),
        1 => Just("1901-01-01".to_owned()),
    ]
}

fn person() -> impl Strategy<Value = (usize, String)> {
    (
        0..PRACTICES.len(),
        0..40_u32,
        prop::sample::select(vec!["1950-02-28", "1952-02-29", "1969", "1969-05", "1980-04-01", "1999-03-31"]),
        prop::sample::select(vec!["F", "M", "", "?"]),
        prop::sample::select(vec!["2000-01-01", "2000-01-01", "2000-01-01", "2016-08-01", "2017-01-01", "2018-01-01"]),
        prop::sample::select(vec!["", "", "", "", "2016-12-31", "1999-01-01"]),
        prop::sample::select(vec!["", "1", "5", "7"]),
    )
        .prop_map(|(practice, id, born, sex, registered, left, fifth)| {
            let code = PRACTICES.get(practice).unwrap();
            (practice, format!("p{id},{code},{born},{sex},{registered},{left},,{fifth}"))
        })
}

fn event() -> impl Strategy<Value = (usize, String)> {
    (
        0..PRACTICES.len(),
        0..42_u32,
        date(),
        prop::sample::select(codes()),
        prop::sample::select(vec!["", "", "58", "59", "60", "80", "90", "140", "150", "151", "-1", "high"]),
        prop::sample::select(vec!["", "", "mmol/mol", "mmHg", "%"]),
        prop::sample::select(vec!["", "", "a", "b"]),
        prop::sample::select(vec!["", "", "new", "review", "odd"]),
    )
        .prop_map(|(practice, id, date, code, value, unit, group, episode)| {
            let practice_code = PRACTICES.get(practice).unwrap();
            (practice, format!("p{id},{practice_code},{date},{code},{value},{unit},{group},{episode}"))
        })
}

fn rows() -> impl Strategy<Value = Rows> {
    (prop::collection::vec(person(), 3..40), prop::collection::vec(event(), 0..300)).prop_map(|(mut patients, mut events)| {
        // Some rows stand twice, letter for letter.
        patients.extend(patients.iter().step_by(5).cloned().collect::<Vec<_>>());
        events.extend(events.iter().step_by(7).cloned().collect::<Vec<_>>());
        Rows { patients, events }
    })
}

fn shuffled(rows: Rows) -> impl Strategy<Value = (Rows, Rows)> {
    let patients = Just(rows.patients.clone()).prop_shuffle();
    let events = Just(rows.events.clone()).prop_shuffle();
    (Just(rows), patients, events).prop_map(|(rows, patients, events)| (rows, Rows { patients, events }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_threads_and_splitting_change_no_byte((rows, other) in rows().prop_flat_map(shuffled)) {
        let expected = bytes(&rows, false, 1);
        prop_assert_eq!(&expected, &bytes(&other, false, 2));
        prop_assert_eq!(&expected, &bytes(&other, true, 8));
        prop_assert_eq!(&expected, &bytes(&rows, true, 1));
    }

    #[test]
    fn packed_records_count_as_those_in_memory_do((rows, other) in rows().prop_flat_map(shuffled)) {
        let expected = bytes_in(Way::InMemory, &rows, false, 1);
        for most in [0, 1, 100, 10_000] {
            prop_assert_eq!(&expected, &bytes_in(Way::Packed(most), &other, false, 2));
        }
    }

    #[test]
    fn a_record_after_the_reporting_day_changes_nothing(rows in rows(), (practice, row) in event()) {
        let mut later = rows.clone();
        let cells: Vec<&str> = row.splitn(4, ',').collect();
        if let [id, code, _, rest] = cells.as_slice() {
            later.events.push((practice, format!("{id},{code},2017-04-01,{rest}")));
        }
        prop_assert_eq!(bytes(&rows, false, 1).files, bytes(&later, false, 1).files);
    }
}

/// Short files are one block; this one is several, and has people twice in different ones, and rows that cannot be used.
#[test]
fn people_of_a_long_file_are_the_same_whatever_the_threads() {
    let mut rows = Rows::default();
    for number in 0..30_000 {
        let practice = number % PRACTICES.len();
        let born = if number % 97 == 0 { "31/31/1999" } else { "1950-01-01" };
        rows.patients.push((practice, format!("{number},{},{born},female,2001-02-03,,,{}", PRACTICES[practice], number % 7)));
    }
    for number in (0..30_000).step_by(1_001) {
        let (practice, mut row) = rows.patients[number].clone();
        if number % 2 == 0 {
            row = row.replace("1950", "1951");
        }
        rows.patients.push((practice, row));
    }
    rows.patients.insert(20_000, (0, "one,cell,short".to_owned()));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &rows, false);
    let read = |threads: Option<usize>| {
        let threads = threads.map(|number| Threads::new(Some(number)).unwrap());
        let extract = Extract::open_with(folder.path(), Confidential::Used, threads.as_ref()).unwrap();
        let people: Vec<_> =
            extract.everyone().map(|(number, practice, about)| (extract.id_of(number).to_owned(), practice, about)).collect();
        let files: Vec<_> = extract.files.iter().map(|file| (file.name.clone(), file.sha256.clone(), file.rows)).collect();
        (people, files, extract.quality.clone())
    };
    let expected = read(None);
    let counts = &expected.2.counts;
    for reason in
        [Reason::DuplicatePerson, Reason::PersonDiffers, Reason::DateNotUnderstood, Reason::WrongNumberOfFields, Reason::ValueNotUsed]
    {
        assert!(counts.get(&reason).is_some_and(|rows| *rows > 0), "no {} among {counts:?}", reason.word());
    }
    for threads in [1, 2, 5] {
        assert!(expected == read(Some(threads)), "{threads} threads");
    }
}

/// The generator must reach what the properties are about.
#[test]
fn the_generator_is_worth_something() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reasons = std::collections::BTreeSet::new();
    let mut text = String::new();
    for _ in 0..20 {
        let rows = rows().new_tree(&mut runner).unwrap().current();
        let bytes = bytes(&rows, false, 2);
        reasons.extend(bytes.not_used.keys().map(|reason| reason.word()));
        text.push_str(&bytes.files.concat());
    }
    for word in [
        "person-differs",
        "duplicate-person",
        "duplicate-record",
        "value-not-used",
        "date-not-understood",
        "before-birth",
        "unknown-person",
        "person-set-aside",
    ] {
        assert!(reasons.contains(word), "no {word} among {reasons:?}");
    }
    for word in ["achieved", "excepted", "not achieved", "declined=", "newly-registered="] {
        assert!(text.contains(word), "never {word}");
    }
}
