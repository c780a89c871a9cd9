//! Synthetic extracts: the same rules and seed give the same bytes, every line of every rule decides somebody, illness is as common as it is,
//! the sample extracts are what the command makes of the rules as they are, and what is hidden in them can be found.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

#[path = "synth/hidden.rs"]
mod hidden;
#[path = "synth/large.rs"]
mod large;
#[path = "synth/sample.rs"]
mod sample;

use dqoh::canonical::FileForm;
use dqoh::cli::{built_in, read_folder};
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::extract::quality::Reason;
use dqoh::framework::{Framework, Rulebook, Rules, View};
use dqoh::problem::render;
use dqoh::synth::{Canonical, Files, Made, Options, Order, Records, write};
use dqoh::tally::{FIRST_REGISTER, Key, Tally};
use std::fs;
use std::path::{Path, PathBuf};

/// The options that the command has when it is given none, as sample-extracts/README.md has it.
const SAMPLE: (usize, usize, u64) = (1500, 8, 1);
const NAMES: [&str; 4] = ["extract.toml", "practices.csv", "patients.csv", "events.csv"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules(files: &[(String, Vec<u8>)]) -> Rules {
    let rules = Rules::read(files);
    assert!(rules.sound().is_some(), "{}", render(&rules.problems, &rules.sources, false));
    rules
}

/// An extract in memory, by the names of its files.
fn make(rulebook: &Rulebook, (people, practices, seed): (usize, usize, u64)) -> (Made, [Vec<u8>; 4]) {
    make_with(rulebook, &options(rulebook, (people, practices, seed)))
}

fn options(rulebook: &Rulebook, (people, practices, seed): (usize, usize, u64)) -> Options {
    Options { people, practices, seed, as_at: rulebook.period().to, records: Records::Rules, order: Order::Sorted }
}

fn make_with(rulebook: &Rulebook, options: &Options) -> (Made, [Vec<u8>; 4]) {
    let [mut extract, mut listed, mut patients, mut events] = [const { Vec::new() }; 4];
    let files = Files { extract: &mut extract, practices: &mut listed, patients: &mut patients, events: &mut events };
    let made = write(rulebook, options, Canonical::new(files, FileForm::Csv).unwrap()).unwrap();
    (made, [extract, listed, patients, events])
}

/// What the engine counts.
fn counts(rulebook: &Rulebook, folder: &Path) -> (Tally, Extract, Framework) {
    let (framework, _) = rulebook.at(rulebook.period().to, View::YearEnd);
    let mut extract = Extract::open(folder).unwrap_or_else(|problems| panic!("{problems:?}"));
    let records = extract.records(&framework.codes, &|_| {}).unwrap();
    let load =
        |records: dqoh::extract::canonical::PracticeRecords| (u32::try_from(records.practice).unwrap(), records.patients(&framework.codes));
    let tally = run(std::slice::from_ref(&framework), records, Some(1), load).unwrap().tally;
    (tally, extract, framework)
}

/// Lines that decide nobody when the engine counts the extract, and the extract.
fn counted(rulebook: &Rulebook, folder: &Path) -> (Vec<String>, Extract, Framework) {
    let (tally, extract, framework) = counts(rulebook, folder);
    let mut nobody = Vec::new();
    for (measure, (id, lines)) in (FIRST_REGISTER..).zip(framework.measures()) {
        for line in &lines.lines {
            let key =
                |practice: usize| Key { practice: u32::try_from(practice).unwrap(), day: 0, measure, stratum: 0, line: line.number.0 };
            if (0..extract.practices.len()).all(|practice| tally.get(key(practice)) == 0) {
                nobody.push(format!("{id} line {}: {}", line.number.0, line.words));
            }
        }
    }
    (nobody, extract, framework)
}

fn written(files: &[Vec<u8>; 4]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in NAMES.iter().zip(files) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn frameworks() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("business-rules")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.join("framework.toml").is_file()).collect();
    folders.sort();
    folders
}

#[test]
fn every_line_of_every_framework_decides_somebody() {
    let folders = frameworks();
    assert!(folders.len() > 1, "the frameworks were not found");
    for folder in folders {
        let rules = rules(&read_folder(&folder).unwrap());
        let rulebook = rules.sound().unwrap();
        // Of few people hardly any line decides one, but for the people of examples.
        for options in [(40, 3, 5), (1500, 8, 1), (6000, 10, 3)] {
            let (made, files) = make(rulebook, options);
            assert_eq!(made.unreached, [], "{} with {options:?}", folder.display());
            let (nobody, extract, _) = counted(rulebook, written(&files).path());
            assert_eq!(nobody, [""; 0], "{} with {options:?}", folder.display());
            assert_eq!(extract.number_of_people(), made.people);
            let rejects = extract.quality.rejects();
            assert!(rejects * 200 < extract.quality.rows_read, "{}: {rejects} rejects", folder.display());
        }
    }
}

/// What the profile names without a framework having it is passed over in silence, so a slip of the pen would be too.
#[test]
fn the_profile_names_sets_that_there_are() {
    let mut folders = frameworks();
    folders.push(root().join("benches/ten"));
    let is_there = |name: &str| folders.iter().any(|folder| folder.join("code-sets").join(format!("{name}.csv")).is_file());
    let text = fs::read_to_string(root().join("src/synth/profile.toml")).unwrap();
    let code: String = text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let quoted = code.split('"').skip(1).step_by(2).flat_map(|text| text.split('+'));
    let is_a_set = |name: &&str| name.contains('_') || (name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase()));
    let mut named: Vec<&str> = quoted.filter(is_a_set).collect();
    named.sort_unstable();
    named.dedup();
    assert!(named.len() > 150, "only {} sets are named", named.len());
    // Recorded with a shared decision as soon as a framework asks for it.
    named.retain(|name| *name != "DECISION_AID" && !is_there(name));
    assert_eq!(named, [""; 0], "no framework has these sets");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let rules = rules(&built_in());
    let rulebook = rules.sound().unwrap();
    let first = make(rulebook, (300, 4, 9));
    assert_eq!(first, make(rulebook, (300, 4, 9)));
    let [_, _, patients, events] = first.1;
    let [_, _, other_patients, other_events] = make(rulebook, (300, 4, 10)).1;
    assert!(patients != other_patients && events != other_events);
}

#[test]
fn the_sample_is_what_the_rules_make() {
    let rules = rules(&built_in());
    let (_, files) = make(rules.sound().unwrap(), SAMPLE);
    for (name, made) in NAMES.iter().zip(&files) {
        let there = fs::read(root().join("sample-extracts").join(name)).unwrap_or_default();
        let there: Vec<u8> = there.into_iter().filter(|byte| *byte != b'\r').collect();
        assert!(
            there == *made,
            "sample-extracts/{name} is not what the rules make; make it anew with `cargo run --release -- synth --out sample-extracts`"
        );
    }
}

#[test]
fn the_sample_shows_something() {
    let rules = rules(&built_in());
    let (_, extract, framework) = counted(rules.sound().unwrap(), &root().join("sample-extracts"));
    // The last is the practice of examples, in a locality of its own.
    assert_eq!((extract.system.as_str(), extract.practices.len()), ("synthetic", 9));
    assert!(extract.extracted_on > framework.reporting_day);
    let localities: std::collections::BTreeSet<&str> = extract.practices.iter().map(|practice| practice.locality.as_str()).collect();
    assert_eq!(localities.len(), 4);
    assert!(extract.practices.iter().all(|practice| practice.code.starts_with("P90")), "a code that a real practice may have");
    let quality = &extract.quality;
    assert!(quality.in_no_set_by_scheme.contains_key("snomed") && quality.in_no_set_by_scheme.contains_key("read2"));
    for reason in [Reason::BeforeBirth, Reason::DateNotUnderstood, Reason::UnknownPerson, Reason::ValueNotUsed, Reason::MonthOnlyBirth] {
        assert!(quality.counts.get(&reason).is_some_and(|count| *count > 1), "nothing to show for {reason:?}");
    }
}

/// Where the framework has national counts: no fewer than a tenth less, and no more than half as many again, as in an old industrial borough.
/// Having several conditions at once is common, having many is not.
#[test]
fn illness_is_as_common_as_it_is() {
    let rules = rules(&built_in());
    let rulebook = rules.sound().unwrap();
    let (_, files) = make(rulebook, (15_000, 8, 2));
    let (tally, extract, framework) = counts(rulebook, written(&files).path());
    let practices = u32::try_from(extract.practices.len() - 1).unwrap();
    let people = |measure: usize, line: u16| -> u64 {
        let key = |practice| Key { practice, day: 0, measure: FIRST_REGISTER + u16::try_from(measure).unwrap(), stratum: 0, line };
        (0..practices).map(|practice| u64::from(tally.get(key(practice)))).sum()
    };
    let selected = |measure: usize| -> u64 {
        let lines = framework.registers[measure].lines.lines.iter().filter(|line| line.outcome.word() == "selected");
        lines.map(|line| people(measure, line.number.0)).sum()
    };
    let list: u64 = framework.registers[0].lines.lines.iter().map(|line| people(0, line.number.0)).sum();
    let mut compared = 0;
    for (measure, register) in framework.registers.iter().enumerate() {
        let Some(reference) = register.reference else { continue };
        let percent = selected(measure) * reference.list * 100 / (list * reference.register);
        assert!((90..150).contains(&percent), "{}: {percent} percent of the national prevalence", register.id);
        compared += 1;
    }
    assert!(compared > 3, "no register has a national count");
    let of = |id: &str| framework.registers.iter().position(|register| register.id == id).map(selected);
    if let (Some(one), Some(several), Some(many)) = (of("LTC"), of("MULTI"), of("COMPLEX")) {
        assert!((30..50).contains(&(100 * several / one)) && (3..12).contains(&(100 * many / one)), "{one}, {several}, {many}");
    }
}

/// Two records that read the same must stay two, and a code of two sets must not come where one is asked for.
#[test]
fn codes_say_what_the_example_says() {
    let set = |codes: &str| format!("# source: an example\n# licence: none\n# coverage: complete\nscheme,code,term\n{codes}").into_bytes();
    let framework = r#"
        id = "small"
        name = "A small framework"
        period = { from = 2016-04-01, to = 2017-03-31 }
        domain = [{ id = "care", title = "Care" }]
    "#;
    let indicator = r#"
        [indicator]
        id = "TWICE"
        title = "Seen twice, or reviewed"
        of = "list"
        points = 0
        standing = "reconstructed"
        source = "an example"
        [facts]
        seen = { find = "count", of = "records", codes = "SEEN" }
        reviewed = { find = "latest", codes = "REVIEWED" }
        [rules]
        in-order = [
            { excluded-if = "reviewed and seen at least 1" },
            { achieved-if = "seen at least 2" },
            { achieved-if = "reviewed" },
            { otherwise = "not achieved" },
        ]
        [[example]]
        story = "One code that is in both sets"
        records = "2016-05-01 SEEN+REVIEWED"
        then = "excluded"
        line = 1
        [[example]]
        story = "Seen twice on one day"
        records = '''
        2016-05-01 SEEN
        2016-05-01 SEEN
        '''
        then = "achieved"
        line = 2
        [[example]]
        story = "Reviewed"
        records = "2016-05-01 REVIEWED"
        then = "achieved"
        line = 3
        [[example]]
        story = "Nothing"
        then = "not achieved"
        line = 4
    "#;
    let files = [
        ("framework.toml".to_owned(), framework.as_bytes().to_vec()),
        ("care/twice.toml".to_owned(), indicator.as_bytes().to_vec()),
        ("code-sets/SEEN.csv".to_owned(), set("local,BOTH,Seen and reviewed\nlocal,SEEN1,Seen\n")),
        ("code-sets/REVIEWED.csv".to_owned(), set("local,BOTH,Seen and reviewed\nlocal,REVIEWED1,Reviewed\n")),
    ];
    let rules = rules(&files);
    // Of few people only what is missing becomes a person, of many each of the four examples.
    for (people, of_examples) in [(1, 3..=4), (200, 4..=4)] {
        let (made, files) = make(rules.sound().unwrap(), (people, 1, 1));
        assert_eq!(made.unreached, []);
        assert!(of_examples.contains(&made.of_examples), "{} people of examples", made.of_examples);
        assert_eq!(counted(rules.sound().unwrap(), written(&files).path()).0, [""; 0]);
    }
}

/// Other ids, the same people: each has one id of that form, and every row but that is the same.
#[test]
fn ids_have_the_form_that_is_asked_for() {
    let made = |ids: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dqoh"));
        let output = command.args(["synth", "--people", "300", "--ids", ids, "--out"]).arg(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        ["patients.csv", "events.csv"].map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
    };
    let numbers = made("numbers");
    let is_digits = |id: &str| id.len() == 10 && id.starts_with("999") && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_guid = |id: &str| {
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        parts == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
    };
    for ids in ["ten-digits", "guids"] {
        let is_one = |id: &str| if ids == "guids" { is_guid(id) } else { is_digits(id) };
        let mut of_number = std::collections::BTreeMap::new();
        for (number_file, file) in numbers.iter().zip(&made(ids)) {
            assert_eq!(number_file.lines().count(), file.lines().count());
            for (number, line) in number_file.lines().zip(file.lines()).skip(1) {
                let ((number, rest), (id, other_rest)) = (number.split_once(',').unwrap(), line.split_once(',').unwrap());
                assert!(is_one(id), "{ids}: {id}");
                assert_eq!(rest, other_rest);
                assert_eq!(*of_number.entry(number.to_owned()).or_insert_with(|| id.to_owned()), id);
            }
        }
        let different: std::collections::BTreeSet<&String> = of_number.values().collect();
        assert_eq!(different.len(), of_number.len(), "{ids}: two people share one");
    }
}
