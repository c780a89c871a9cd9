//! Code sets brought in, compared and looked for. A case is a folder of `codes/`: the commands of its command.txt are run in a copy
//! of it, and all they print and write stands in its expected.txt. `NAME.xlsx.txt` becomes a workbook first: `== sheet`, then
//! rows with tabs between the cells; a cell `#12` is a number. `UPDATE_CODES=1 cargo test --test codes` writes what is expected
//! anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

#[path = "support/cases.rs"]
mod cases;

use cases::{copy, dqoh, words};
use dqoh::codes::changes::{SetChanges, between_folders, changes_csv};
use dqoh::codes::import::{Import, Options, import};
use dqoh::codes::set_file::{CodeRow, SetFile};
use dqoh::framework::calendar::Day;
use dqoh::framework::code_forms::verhoeff;
use dqoh::source::Sources;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// ---- Cases ----

#[test]
fn every_case_prints_and_writes_what_is_expected() {
    cases::check(&root().join("tests/codes"), "UPDATE_CODES", 11);
}

// ---- Coming and going ----

/// An id of SNOMED CT: any digits, and the check digit that belongs to them.
fn snomed() -> impl Strategy<Value = String> {
    (100_000..99_999_999_999_999_999_u64).prop_map(|body| (0..10).map(|check| format!("{body}{check}")).find(|id| verhoeff(id)).unwrap())
}

fn read2() -> impl Strategy<Value = String> {
    "[0-9A-HJ-NP-U][0-9A-Za-z]{1,4}".prop_map(|code| format!("{code:.<5}"))
}

/// Terms on one line, without white space around or doubled: so they come back as they went.
fn term() -> impl Strategy<Value = String> {
    "[A-Za-z(][ -~é–]{0,30}"
        .prop_map(|term| term.split_whitespace().collect::<Vec<_>>().join(" "))
        .prop_filter("a term", |term| !term.is_empty())
}

fn rows(scheme: &'static str, code: impl Strategy<Value = String>, at_least: usize) -> impl Strategy<Value = Vec<CodeRow>> {
    prop::collection::btree_map(code, term(), at_least..12)
        .prop_map(move |codes| codes.into_iter().map(|(code, term)| CodeRow { scheme: scheme.to_owned(), code, term }).collect())
}

fn a_set() -> impl Strategy<Value = SetFile> {
    (rows("snomed", snomed(), 1), rows("read2", read2(), 0), prop::collection::vec(term(), 0..3)).prop_map(|(first, second, notes)| {
        SetFile {
            name: "A_SET".to_owned(),
            header: ["title: a set", "source: made up", "licence: none", "coverage: complete"]
                .map(str::to_owned)
                .into_iter()
                .chain(notes.into_iter().map(|note| format!("note: {note}")))
                .collect(),
            codes: first.into_iter().chain(second).collect(),
        }
    })
}

fn imported(name: &str, content: Vec<u8>, existing: &[SetFile], options: &Options) -> Import {
    import(&[(name.to_owned(), content)], existing, options)
}

/// The codes of the one set that must come of it, without a problem.
fn codes_of(import: &Import) -> Vec<CodeRow> {
    assert!(import.problems.is_empty(), "{:?}", import.problems);
    let [set] = import.sets.as_slice() else { panic!("{} sets", import.sets.len()) };
    set.file.codes.clone()
}

fn as_csv(delimiter: u8, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_is_read_as_it_was_written(set in a_set()) {
        let (read, problems) = SetFile::read("A_SET", "A_SET.csv", &set.write(), &mut Sources::default());
        prop_assert_eq!(&problems, &[]);
        prop_assert_eq!(read, set);
    }

    /// What is written in any of the forms comes back the same, into a folder with nothing in it and into one that has it.
    #[test]
    fn what_goes_out_comes_back(set in a_set()) {
        let all = Options { all: true, ..Options::default() };
        prop_assert_eq!(codes_of(&imported("A_SET.csv", set.write(), &[], &all)), set.codes.clone());
        prop_assert_eq!(codes_of(&imported("A_SET.csv", set.write(), std::slice::from_ref(&set), &all)), set.codes.clone());
        let snomed: Vec<CodeRow> = set.codes.iter().filter(|row| row.scheme == "snomed").cloned().collect();
        let of_snomed = Options { scheme: Some("snomed".to_owned()), ..all };
        let list = as_csv(b',', &["code", "term"], snomed.iter().map(|row| vec![row.code.clone(), row.term.clone()]));
        prop_assert_eq!(codes_of(&imported("a-set.csv", list, &[], &of_snomed)), snomed.clone());
        let cluster = |row: &CodeRow| vec!["A_SET".to_owned(), row.code.clone(), row.term.clone(), "1".to_owned()];
        let header = ["Cluster_ID", "ConceptId", "ConceptId_Description", "Active_in_Refset"];
        let clusters = as_csv(b',', &header, snomed.iter().map(cluster));
        // Codes of other schemes stay.
        prop_assert_eq!(codes_of(&imported("content.csv", clusters, std::slice::from_ref(&set), &of_snomed)), set.codes.clone());
    }

    #[test]
    fn differences_turn_round(a in a_set(), b in a_set()) {
        prop_assert!(SetChanges::between(Some(&a), Some(&a)).is_empty());
        prop_assert_eq!(between_folders(std::slice::from_ref(&a), std::slice::from_ref(&a)), vec![]);
        let there = SetChanges::between(Some(&a), Some(&b));
        let back = SetChanges::between(Some(&b), Some(&a));
        let mut mirrored = there.mirrored();
        mirrored.codes = back.codes;
        mirrored.header.sort();
        prop_assert_eq!(&mirrored, &back);
        // Taking out what is removed and putting in what is added leads from the one to the other.
        let key = |row: &CodeRow| (row.scheme.clone(), row.code.clone());
        let mut codes: BTreeSet<_> = a.codes.iter().map(key).collect();
        there.removed.iter().for_each(|row| assert!(codes.remove(&key(row))));
        there.added.iter().for_each(|row| assert!(codes.insert(key(row))));
        prop_assert_eq!(codes, b.codes.iter().map(key).collect());
        prop_assert_eq!(changes_csv(&[there]).len() > 40, a != b);
    }

    /// Members on a day, against rows gone through one by one in the order of their days.
    #[test]
    fn a_full_file_knows_every_day(history in prop::collection::btree_map((0..6_usize, 0..40_u32), any::<bool>(), 1..40), codes in prop::collection::btree_set(snomed(), 6), on in 0..40_u32) {
        let codes: Vec<String> = codes.into_iter().collect();
        let day = |number: u32| format!("2020{:02}{:02}", 1 + number / 20, 1 + number % 20);
        let mut rows: Vec<Vec<String>> = history
            .iter()
            .map(|((member, since), active)| {
                let cells = [format!("member-{member}"), day(*since), u8::from(*active).to_string(), "1".into(), "999000001".into(), codes[*member].clone()];
                cells.to_vec()
            })
            .collect();
        rows.reverse();
        let mut members = BTreeSet::new();
        let mut by_day: Vec<_> = history.iter().collect();
        by_day.sort_by_key(|((_, since), _)| *since);
        for ((member, since), active) in by_day {
            if *since <= on {
                if *active { members.insert(codes[*member].clone()) } else { members.remove(&codes[*member]) };
            }
        }
        let header = ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId"];
        let file = as_csv(b'\t', &header, rows.into_iter());
        let text = day(on);
        let on = Day::parse(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).as_bytes());
        let options = Options { all: true, on, ..Options::default() };
        let import = imported("der2_Refset_SimpleFull_20240101.txt", file, &[], &options);
        let found: BTreeSet<String> = import.sets.iter().flat_map(|set| &set.file.codes).map(|row| row.code.clone()).collect();
        prop_assert_eq!(found, members);
        // A set without a code is left as it is, and that is said.
        prop_assert_eq!(import.sets.is_empty(), import.problems.iter().any(|problem| problem.code == "D036"));
    }
}

/// Bytes that are put in anywhere: pieces of every form, and what readers stumble over.
const AWKWARD: [&[u8]; 14] =
    [b"\"", b"\t", b",", b"\n", b"\r\n", b"#", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"\0", b"\xe9", b"1E+99", b"99999999", b"=\""];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a file, it is read to its end. Codes come of it that are sound, or problems that say why not.
    #[test]
    fn files_with_any_bytes_are_read_to_the_end(which in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize, prop::sample::select(AWKWARD.to_vec())), 0..6)) {
        let cases = root().join("tests/codes");
        let samples = [
            "portal-text/20240913_PCD_Refset_Content.txt",
            "trud-csv/pcd-content.csv",
            "lists/several.csv",
            "refset-full/der2_Refset_SimpleUKPCFull_GB1000230_20240410.txt",
            "refset-snapshot/sct2_Description_Snapshot-en_INT_20240410.txt",
            "lists/tablets.csv",
        ];
        let name = which.get(&samples);
        let mut content = fs::read(cases.join(name)).unwrap();
        for (at, take, put) in changes {
            let at = at.index(content.len() + 1);
            let end = (at + take).min(content.len());
            content.splice(at..end, put.iter().copied());
        }
        let options = Options { all: true, on: Day::parse(b"2024-12-31"), ..Options::default() };
        for options in [Options { on: None, ..options.clone() }, options] {
            let import = imported(name, content.clone(), &[], &options);
            if import.problems.iter().any(|problem| problem.is_error()) {
                continue;
            }
            for set in &import.sets {
                let (read, problems) = SetFile::read(&set.file.name, "it", &set.file.write(), &mut Sources::default());
                prop_assert_eq!(&problems, &[]);
                prop_assert_eq!(&read, &set.file);
            }
        }
    }
}

// ---- Looking ----

/// The order of rows and the splitting of files never change a byte of the coverage.
#[test]
fn coverage_does_not_depend_on_order() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("sample-extracts"), &folder.path().join("one"));
    copy(&root().join("sample-extracts"), &folder.path().join("two"));
    let events = fs::read_to_string(folder.path().join("one/events.csv")).unwrap();
    let (header, rows) = events.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let (first, second) = rows.split_at(rows.len() / 3);
    fs::remove_file(folder.path().join("two/events.csv")).unwrap();
    for (name, rows) in [("events-1.csv", first), ("events-2.csv", second)] {
        fs::write(folder.path().join("two").join(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    }
    let run = |extract: &str| {
        let (exit, out, _) = dqoh(folder.path(), &words(&format!("codes coverage {extract} --out {extract}.csv")));
        assert_eq!(exit, "0");
        let (table, _) = out.rsplit_once("Written: ").unwrap();
        (table.to_owned(), fs::read_to_string(folder.path().join(format!("{extract}.csv"))).unwrap())
    };
    let (one, two) = (run("one"), run("two"));
    assert!(one == two, "the order of rows or their files changed the coverage");
    // Every row that could be used is in the table, once for each of its sets or as a code in none.
    assert!(one.1.lines().count() > 100 && one.1.contains("in no set"));
}

// ---- Files that nobody of this project wrote ----

#[test]
fn published_lists_are_read_whole() {
    let folder = root().join("../shared/codelists");
    if !folder.is_dir() {
        println!("skipped: there is no ../shared/codelists");
        return;
    }
    let clusters = folder.join("pcd_2024-09_register_clusters");
    let published = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let published = published.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("nhsd-"));
    let mut read = 0;
    for path in published.chain(fs::read_dir(clusters).unwrap().map(|entry| entry.unwrap().path())) {
        let text = fs::read_to_string(&path).unwrap();
        let numbers =
            text.lines().skip(1).filter_map(|line| line.split(',').next()).filter(|code| code.starts_with(|c: char| c.is_ascii_digit()));
        let numbers: BTreeSet<&str> = numbers.collect();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let options = Options { all: true, scheme: Some("snomed".to_owned()), ..Options::default() };
        let import = imported(&name, text.clone().into_bytes(), &[], &options);
        if numbers.is_empty() {
            // Three files only say that their codes are published elsewhere: they are no codes.
            assert!(import.problems.iter().all(|problem| problem.code == "D032") && !import.problems.is_empty(), "{name}");
            continue;
        }
        let found = codes_of(&import);
        assert_eq!(found.iter().map(|row| row.code.as_str()).collect::<BTreeSet<_>>(), numbers, "{name}");
        read += 1;
    }
    assert!(read > 150, "{read} files were read");
}

/// Published clusters put together into one file of the portal's form come apart as they were.
#[test]
fn published_clusters_are_read_from_one_file() {
    let folder = root().join("../shared/codelists/pcd_2024-09_register_clusters");
    if !folder.is_dir() {
        println!("skipped: there is no ../shared/codelists");
        return;
    }
    let mut rows = Vec::new();
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut elsewhere = 0;
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let cluster = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut reader = csv::Reader::from_path(&path).unwrap();
        for row in reader.records().map(Result::unwrap) {
            rows.push([&cluster, "Some codes", &row[0], &row[1], "^999000771000230107"].join("\t"));
            if row[0].starts_with(|first: char| first.is_ascii_digit()) {
                wanted.entry(cluster.clone()).or_default().insert(row[0].to_owned());
            } else {
                elsewhere += 1;
            }
        }
    }
    // Whatever the order of the rows.
    rows.sort_by_key(|row| row.chars().rev().collect::<String>());
    let header = "Cluster_ID\tCluster_Description\tSNOMED_code\tSNOMED_code_description\tPCD_Refset_ID\n";
    let text = format!("{header}{}\n", rows.join("\n"));
    let import = imported("20240913_PCD_Refset_Content.txt", text.into_bytes(), &[], &Options { all: true, ..Options::default() });
    let codes = |file: &SetFile| file.codes.iter().map(|row| row.code.clone()).collect();
    let found: BTreeMap<String, BTreeSet<String>> = import.sets.iter().map(|set| (set.file.name.clone(), codes(&set.file))).collect();
    assert!(wanted.len() > 50 && elsewhere > 0, "{} clusters, {elsewhere} elsewhere", wanted.len());
    assert!(found == wanted, "the codes are not those of the files");
    assert_eq!(import.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), vec!["D035"; elsewhere]);
}
