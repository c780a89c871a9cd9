//! The schema files beside the frameworks are what the program would write today, and every shipped rule file names the one
//! it follows. `UPDATE_DOCUMENTS=1 cargo test --test schema` writes them. That files follow it is seen by `scripts/schema.sh`.

use dqoh::rules::schema::{DIRECTIVE, of_framework_files, of_rule_files};
use std::fs;
use std::path::{Path, PathBuf};

fn business_rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("business-rules")
}

#[test]
fn the_schemas_are_those_of_the_reader() {
    for (name, schema) in [("rule-file.schema.json", of_rule_files()), ("framework.schema.json", of_framework_files())] {
        let path = business_rules().join(name);
        let text = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "{name} is out of date: UPDATE_DOCUMENTS=1 cargo test --test schema");
    }
}

#[test]
fn every_rule_file_names_its_schema() {
    let mut wrong = Vec::new();
    let mut folders = vec![(business_rules(), 0)];
    let mut files = 0;
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let schema = if path.ends_with("framework.toml") { "framework" } else { "rule-file" };
                let expected = format!("{DIRECTIVE}{}{schema}.schema.json", "../".repeat(depth));
                let text = fs::read_to_string(&path).unwrap();
                files += 1;
                wrong.extend(
                    (text.lines().next() != Some(expected.as_str()))
                        .then(|| format!("{}: its first line is not {expected}", path.display())),
                );
            }
        }
    }
    assert!(files > 10 && wrong.is_empty(), "{files} files\n{}", wrong.join("\n"));
}
