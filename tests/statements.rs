//! What the statements look like. A change of a word in them shows here, for somebody to read;
//! whether they are right is `tests/agreement.rs`'s business.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use dqoh::cli::read_folder;
use dqoh::framework::calendar::Day;
use dqoh::framework::{Framework, Rules, View};
use dqoh::problem::render;
use dqoh::sql::dialect::{Dialect, DuckDb, Spark, Sqlite};
use dqoh::sql::{counts_query, loading, planning_query, statements, statements_of};
use insta::assert_snapshot;
use std::path::{Path, PathBuf};

/// The framework of `tests/statements`, half a year in.
fn small() -> Framework {
    let rules = Rules::read(&read_folder(&here("tests/statements")).unwrap());
    let problems = render(&rules.problems, &rules.sources, false);
    assert!(rules.problems.is_empty(), "{problems}");
    rules.sound().unwrap().at(Day::from_ymd(2016, 9, 30).unwrap(), View::YearEnd).0
}

/// All statements, the hash of the rules left out: it changes with every comment.
fn text(dialect: &dyn Dialect) -> String {
    let framework = small();
    statements(&framework, dialect).join("\n").replace(&framework.hash, "(hash)")
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn sqlite_in_full() {
    assert_snapshot!("sqlite", text(&Sqlite));
    assert_snapshot!("counts-query", counts_query());
    assert_snapshot!("planning-query", planning_query());
}

/// A pathway alone: the same tables of it, and the line of nothing else.
#[test]
fn a_pathway_alone() {
    let framework = small();
    let all = statements(&framework, &Sqlite);
    let alone = statements_of(&framework, "CYCLE", &Sqlite).unwrap();
    let made = |of: &str| alone.iter().filter(|statement| statement.contains(&format!("CREATE TABLE {of}"))).count();
    assert_eq!([made("pathway_people_0 "), made("planning_counts "), made("line_counts ")], [1, 1, 1]);
    let of_plans =
        |statement: &&String| ["planning_marks ", "planning_sums ", "planning_counts "].iter().any(|name| statement.contains(name));
    assert!(alone.iter().filter(of_plans).eq(all.iter().filter(of_plans)), "other tables than among all statements");
    let lines = alone.iter().find(|statement| statement.contains("CREATE TABLE person_lines ")).unwrap();
    assert!(lines.contains("'CYCLE'") && !lines.contains("'PLAN'") && !lines.contains("'HYP'"), "{lines}");
    // An indicator alone needs no pathway.
    let indicator = statements_of(&framework, "PLAN", &Sqlite).unwrap().concat();
    assert!(!indicator.contains("planning_") && !indicator.contains("pathway_people"), "{indicator}");
}

/// Other databases are asked the same; only what a table is made of has other words.
#[test]
fn others_by_what_is_different() {
    for dialect in [&DuckDb as &dyn Dialect, &Spark] {
        assert_snapshot!(format!("{}-differs", dialect.name()), different(&text(dialect)));
    }
}

/// The lines of SQLite's statements that are another line elsewhere, and that line.
fn different(theirs: &str) -> String {
    let ours = text(&Sqlite);
    let [ours, theirs] = [&ours, theirs].map(|text| text.lines().collect::<Vec<_>>());
    assert_eq!(ours.len(), theirs.len(), "a line more or less: show the whole of it");
    let pairs = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs);
    let differ: String = pairs.map(|(ours, theirs)| format!("- {ours}\n+ {theirs}\n")).collect();
    if differ.is_empty() { "not at all".to_owned() } else { differ }
}

#[test]
fn tables_are_loaded_in_each_database_s_own_words() {
    for dialect in [&Sqlite as &dyn Dialect, &DuckDb, &Spark] {
        assert_snapshot!(format!("{}-loading", dialect.name()), loading(dialect));
    }
}

/// The same rules give the same statements, whatever the order of their files.
#[test]
fn statements_are_the_same_each_time() {
    let mut files = read_folder(&here("business-rules/dudley-2016-17")).unwrap();
    let made = |files: &[(String, Vec<u8>)]| {
        let rules = Rules::read(files);
        statements(&rules.sound().unwrap().at(Day::from_ymd(2017, 3, 31).unwrap(), View::YearEnd).0, &Sqlite)
    };
    let first = made(&files);
    files.reverse();
    assert_eq!(first, made(&files));
    assert!(first[0].contains("people_on_list"));
}
