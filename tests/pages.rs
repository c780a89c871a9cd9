//! Pages of reports: what they say of the sample, that they ask nothing of anybody, and that nobody sees what is hidden from them.
//! `INSTA_UPDATE=always cargo test --test pages` writes what they say anew: read the difference before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use dqoh::briefing::{Material, Report};
use dqoh::comparison::{Asked, comparisons};
use dqoh::disclosure::{Audience, Shown};
use dqoh::published::File;
use dqoh::published::results_file::{ResultsRead, read_results};
use dqoh::report::{Pages, pages_of_report};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn dqoh(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// All pages of a folder, by name.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for below in ["", "practices/"] {
        for entry in std::fs::read_dir(folder.join(below)).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "html") {
                let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
                all.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    all
}

/// What stands between two texts, the first time.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

/// The words of a section: a row of a table a line, cells apart; drawings by their title and description.
fn words_of(page: &str, id: &str) -> String {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no section {id}"));
    let section = &page[from..];
    let section = section.split_once('>').unwrap().1;
    let end = section.find("</section>").unwrap();
    let mut text = String::new();
    let mut in_drawing = false;
    for piece in section[..end].split('<') {
        let Some((tag, words)) = piece.split_once('>') else { continue };
        let name = tag.split([' ', '\n']).next().unwrap();
        match name {
            "svg" => in_drawing = true,
            "/svg" => in_drawing = false,
            "td" | "th" if !text.ends_with('\n') => text.push_str(" | "),
            "tr" | "p" | "li" | "h2" | "h3" | "title" | "desc" | "summary" | "caption" | "dt" => text.push('\n'),
            "dd" => text.push_str(": "),
            _ => {}
        }
        if !in_drawing || matches!(name, "title" | "desc") {
            text.push_str(words.trim_matches('\n'));
        }
    }
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(|line| line.replace("&#38;", "&").replace("&#39;", "'") + "\n").collect()
}

#[test]
fn what_pages_say_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    dqoh(&["run", "sample-extracts", "--as-at", "2016-12-31", "--view", "rolling", "--no-report", "--out", &out("before")]);
    assert!(pages(&folder.path().join("before")).is_empty());
    dqoh(&["run", "sample-extracts", "--view", "rolling", "--previous", &out("before"), "--out", &out("rolling")]);
    dqoh(&["run", "sample-extracts", "--out", &out("year")]);
    let (year, rolling) = (pages(&folder.path().join("year")), pages(&folder.path().join("rolling")));
    assert_eq!(year.len(), 2 + 9, "{:?}", year.keys());
    for section in ["answer", "summary", "planning", "CP004", "payment", "read"] {
        insta::assert_snapshot!(format!("report-{section}"), words_of(&year["report.html"], section));
    }
    for section in ["answer", "gaps", "planning", "exceptions", "payment", "quality"] {
        insta::assert_snapshot!(format!("practice-{section}"), words_of(&year["practices/P90002.html"], section));
    }
    for section in ["spread", "where", "together", "time", "among"] {
        insta::assert_snapshot!(format!("variation-{section}"), words_of(&year["variation.html"], section));
    }
    insta::assert_snapshot!("practice-changes", words_of(&rolling["practices/P90002.html"], "changes"));
    insta::assert_snapshot!("variation-over-time", words_of(&rolling["variation.html"], "time"));
    assert!(rolling["report.html"].contains("Rolling view"));
    // Where people were in care planning the quarter before, as a run of both days says it.
    dqoh(&["run", "sample-extracts", "--view", "rolling", "--as-at", "2016-12-31,2017-03-31", "--out", &out("both")]);
    let both = words_of(&pages(&folder.path().join("both"))["report.html"], "planning");
    let table = |words: &str| {
        words.lines().skip_while(|line| !line.contains("On 31 December 2016")).take(11).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(table(&words_of(&rolling["report.html"], "planning")), table(&both));
    assert_eq!(table(&both).len(), 11);
    insta::assert_snapshot!("variation-one-quarter", words_of(&year["variation.html"], "quarters"));
    let ends: Vec<String> = (2014..2017).flat_map(|year| ["06-30", "09-30", "12-31"].map(|end| format!("{year}-{end}"))).collect();
    let days = format!("{},2015-03-31,2016-03-31,2017-03-31", ends.join(","));
    dqoh(&["run", "sample-extracts", "--view", "rolling", "--as-at", &days, "--out", &out("quarters")]);
    insta::assert_snapshot!("variation-twelve-quarters", words_of(&pages(&folder.path().join("quarters"))["variation.html"], "quarters"));
    // Made again from counts, the pages are the same but for what was read.
    let [tally, planning, cells, pairs] = ["counts", "planning-counts", "cells", "pairs"].map(|name| out("year") + &format!("/{name}.csv"));
    let again = [
        "report",
        "--tally",
        &tally,
        "--planning",
        &planning,
        "--cells",
        &cells,
        "--pairs",
        &pairs,
        "--practices",
        "sample-extracts/practices.csv",
        "--out",
    ];
    dqoh(&[again.as_slice(), &[&out("again")]].concat());
    let again_pages = pages(&folder.path().join("again"));
    assert_eq!(words_of(&again_pages["report.html"], "summary"), words_of(&year["report.html"], "summary"));
    assert!(again_pages["variation.html"] == year["variation.html"], "what is made of counts differs from what the run made");
    dqoh(&[again.as_slice(), &[&out("one"), "--practice", "P90003"]].concat());
    assert!(pages(&folder.path().join("one")).keys().eq(["practices/P90003.html"]));
    dqoh(&[again.as_slice(), &[&out("noonday"), "--locality", "Noonday"]].concat());
    let noonday = pages(&folder.path().join("noonday"));
    assert_eq!(noonday.len(), 2 + 3);
    assert!(!words_of(&noonday["report.html"], "every-practice").contains("Teacup"), "a practice of another locality");
    for audience in ["sharing", "publish"] {
        dqoh(&[again.as_slice(), &[&out(audience), "--audience", audience]].concat());
        let mut names: Vec<String> = std::fs::read_dir(folder.path().join(audience))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        // All other files hold small counts.
        let expected = [
            "csv-metadata.json",
            "practices",
            "practices-variation.csv",
            "report.html",
            "variation.csv",
            "variation.html",
            "workbook.xlsx",
        ];
        assert_eq!(names, expected);
        let pages = pages(&folder.path().join(audience));
        insta::assert_snapshot!(format!("{audience}-answer"), words_of(&pages["report.html"], "answer"));
        insta::assert_snapshot!(format!("{audience}-CP004"), words_of(&pages["report.html"], "CP004"));
        asks_nothing(&pages, audience);
    }
    asks_nothing(&year, "internal");
    asks_nothing(&rolling, "internal");
}

/// No page leads or reaches anywhere, its policy allows its own style and script and nothing else, and it says for whom it is.
fn asks_nothing(pages: &BTreeMap<String, String>, audience: &str) {
    let says = match audience {
        "internal" => "Internal: contains small numbers",
        "sharing" => "For organisations that work together",
        _ => "For everybody",
    };
    for (name, page) in pages {
        for no in ["http:", "https:", "//www", "@import", "url(", " style=", " onclick", "src=", "<link"] {
            assert!(!page.contains(no), "{name} holds {no}");
        }
        assert_eq!(page.matches("<script").count() + page.matches("<style").count(), 2, "{name}");
        let policy = between(page, "http-equiv", ">").to_owned();
        for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
            let text = between(page, &format!("<{tag}>"), &format!("</{tag}>"));
            let hash = base_64(&Sha256::digest(text.as_bytes()));
            assert!(policy.replace("&#39;", "'").contains(&format!("{directive} 'sha256-{hash}'")), "{name}: {directive}");
        }
        assert!(policy.contains("default-src"), "{name}");
        assert!(between(page, "<header>", "</header>").contains(says), "{name} does not say for whom it is");
        let script = between(page, "<script>", "</script>");
        assert!(script.len() < 6 * 1024, "the script has {} bytes", script.len());
        for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let (file, mark) = link.split_once('#').unwrap_or((link, ""));
            let file = file.trim_start_matches("../");
            let there = if file.is_empty() { Some(page) } else { pages.get(file) };
            let there = there.unwrap_or_else(|| panic!("{name} leads to {link}, which is not there"));
            assert!(mark.is_empty() || there.contains(&format!("id=\"{mark}\"")), "{name} leads to {link}, which is not there");
        }
    }
}

/// Bits by six: the alphabet of RFC 4648.
fn base_64(bytes: &[u8]) -> String {
    let letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let sixes = bits.chunks(6).map(|six| six.iter().fold(0, |sum, bit| 2 * sum + usize::from(*bit)) << (6 - six.len()));
    let text: String = sixes.map(|six| letters[six]).collect();
    text.clone() + &"=".repeat((4 - text.len() % 4) % 4)
}

// ---- What is hidden ----

/// Results of one indicator: practices in two localities, each with how many achieved of how many.
fn results(practices: &[(u64, u64)]) -> ResultsRead {
    let mut text = "measure,practice_code,practice_name,locality,interval_start,interval_end,view,stratum,stratum_value,register,excluded,excepted,numerator,denominator,status\n".to_owned();
    let mut add = |code: &str, locality: &str, (achieved, of): (u64, u64), status: &str| {
        text += &format!("X1,{code},,{locality},2016-04-01,2017-03-31,rolling,,,{of},0,0,{achieved},{of},{status}\n");
    };
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (at, pair) in practices.iter().enumerate() {
        let locality = if at % 2 == 0 { "East" } else { "West" };
        add(&format!("P{at}"), locality, *pair, "counted-only");
        for area in [locality, ""] {
            let sum = sums.entry(area).or_default();
            *sum = (sum.0 + pair.0, sum.1 + pair.1);
        }
    }
    for (area, sum) in sums {
        add("", area, sum, "total");
    }
    read_results(&[File { name: "results.csv".to_owned(), content: text.into_bytes(), named: true }]).unwrap()
}

fn report(read: &ResultsRead, audience: Audience) -> (Report, BTreeMap<String, String>) {
    let results = read.results();
    let compared = comparisons(&results, &Asked { audience, measure: None, about: &BTreeMap::new() });
    let report = Report::of(&Material::of(&results, &compared, audience)).unwrap();
    let pages = pages_of_report(&report, &Pages::default()).into_iter().map(|page| page.made().unwrap());
    let pages = pages.map(|(name, text)| (name, String::from_utf8(text).unwrap())).collect();
    (report, pages)
}

/// Counts that would give a few people away are large and unlike all others: wherever one of them stands, it is seen.
#[test]
fn no_hidden_count_is_on_any_page() {
    let practices =
        [(9_973, 9_975), (7_919, 7_922), (4_021, 5_417), (3_571, 6_733), (2_741, 8_117), (6_089, 9_341), (1, 7_001), (3, 8_009)];
    let read = results(&practices);
    let (_, internal) = report(&read, Audience::Internal);
    assert!(internal["report.html"].contains("9,973"), "the internal page has all numbers");
    for audience in [Audience::Sharing, Audience::Publish] {
        let (report, pages) = report(&read, audience);
        let indicator = &report.indicators[0];
        let mut hidden = Vec::new();
        for (practice, one) in report.practices.iter().zip(&indicator.practices) {
            let at: usize = practice.code[1..].parse().unwrap();
            let (rate, (achieved, of)) = (&one.as_ref().unwrap().rate, practices[at]);
            for (shown, number) in [(rate.achieved, achieved), (rate.of, of)] {
                if !matches!(shown, Shown::Exactly(_)) {
                    hidden.push(number);
                }
            }
        }
        assert!(hidden.contains(&9_973) && hidden.contains(&7_919), "{audience:?} hides {hidden:?}");
        for (name, page) in &pages {
            let text = between(page, "<main", "</main>");
            for number in hidden.iter().filter(|number| **number > 100 && *number % 5 != 0) {
                let thousands = format!("{},{:03}", number / 1000, number % 1000);
                for written in [number.to_string(), thousands] {
                    assert!(!text.contains(&written), "{audience:?}: {name} shows {written}");
                }
            }
        }
        // What no table of disclosure covers is not even made.
        assert!(indicator.steps.is_empty() && indicator.strata.is_empty() && indicator.localities.is_empty());
        assert!(indicator.of_register.is_none() && indicator.money.is_none());
        assert!(indicator.practices.iter().flatten().all(|one| one.exceptions.is_none() && one.money.is_none()));
        assert!(report.planning.is_none() && report.payment.is_none() && report.read.is_none());
        assert!(!report.left_out.is_empty(), "the page says what is left out");
    }
}

/// Names of an extract are words, never markup.
#[test]
fn a_name_cannot_write_a_page() {
    let text = "measure,practice_code,practice_name,locality,interval_start,interval_end,view,stratum,stratum_value,register,excluded,excepted,numerator,denominator,status\n\
                X1,../P1,<script>alert(1)</script>,\"a\"\"b\",2016-04-01,2017-03-31,rolling,,,40,0,0,20,40,counted-only\n";
    let read = read_results(&[File { name: "results.csv".to_owned(), content: text.as_bytes().to_vec(), named: true }]).unwrap();
    let (_, pages) = report(&read, Audience::Internal);
    assert!(pages.keys().eq(["practices/.2e..2e..2f.P1.html", "report.html", "variation.html"]), "{:?}", pages.keys());
    for page in pages.values() {
        assert!(!page.contains("<script>alert"), "a name became markup");
        assert!(page.contains("&lt;script&gt;") || page.contains("&#60;script&#62;") || !page.contains("alert"));
    }
}
