//! Charts: each file in tests/charts/ is one, made of invented numbers, and its snapshot beside it is the text that is drawn.
//! `INSTA_UPDATE=always cargo test --test charts` writes them anew; charts.html, whose place the test prints, shows them all. Look at it before you keep them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]
#![expect(clippy::print_stdout, reason = "says where the page with all charts is")]

#[path = "charts/made_up.rs"]
mod made_up;

use dqoh::report::chart::*;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What draws the charts of a folder.
fn draw(folder: &str, text: &str) -> Option<String> {
    fn read<T: DeserializeOwned>(text: &str) -> T {
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }
    match folder {
        "caterpillar" => caterpillar(&read(text)),
        "control-plot" => control_plot(&read(text)),
        "decile-lines" => decile_lines(&read(text)),
        "funnel" => funnel(&read(text)),
        "heatmap" => heatmap(&read(text)),
        "locality-dots" => locality_dots(&read(text)),
        "pathway-bars" => pathway_bars(&read(text)),
        "scatter" => scatter(&read(text)),
        "slope" => slope(&read(text)),
        "spine" => spine(&read(text)),
        "waterfall" => waterfall(&read(text)),
        other => panic!("no chart is called {other}"),
    }
}

fn cases() -> Vec<(String, PathBuf)> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let folders = inside(&root).into_iter().filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| inside(&folder)).filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.map(|file| (file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned(), file)).collect()
}

#[test]
fn charts_are_as_they_were() {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Charts</title>\n<style>body {{ font: 1rem/1.4 Arial, sans-serif; margin: 1rem; }}\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Charts</h1>\n"
    );
    let cases = cases();
    assert!(cases.len() > 4, "no cases were found");
    for (folder, file) in &cases {
        let text = fs::read_to_string(file).unwrap();
        let chart = draw(folder, &text).unwrap_or_default();
        assert_eq!(draw(folder, &text).unwrap_or_default(), chart, "{}: the same numbers give other bytes", file.display());
        if !chart.is_empty() {
            sound(&chart);
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        let class = if folder == "heatmap" { "heat-box" } else { "chart" };
        page += &format!("<div class=\"{class}\" role=\"group\" aria-label=\"{folder}: {name}\" tabindex=\"0\">\n{chart}</div>\n");
        insta::with_settings!({ snapshot_path => file.parent().unwrap(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, chart);
        });
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts.html");
    fs::write(&place, page + "</main>\n</body>\n</html>\n").unwrap();
    println!("all charts: {}", place.display());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_chart_of_any_numbers_is_sound(chart in made_up::any_chart()) {
        if let Some(chart) = chart {
            sound(&chart);
        }
    }
}

/// What holds of every chart: it is XML, no id stands twice, nothing is outside of its frame, numbers are finite and rounded to a tenth.
fn sound(chart: &str) {
    let document = Document::parse(chart).unwrap_or_else(|error| panic!("{error}:\n{chart}"));
    let mut ids = BTreeSet::new();
    for id in document.descendants().filter_map(|node| node.attribute("id")) {
        assert!(ids.insert(id), "the id {id} stands twice");
    }
    let root = document.root_element();
    if root.tag_name().name() == "table" {
        let columns = |row: Node<'_, '_>| -> usize {
            row.children().filter(Node::is_element).map(|cell| cell.attribute("colspan").map_or(1, |span| span.parse().unwrap())).sum()
        };
        let rows: BTreeSet<usize> = root.descendants().filter(|node| node.has_tag_name("tr")).map(columns).collect();
        assert_eq!(rows.len(), 1, "rows of different lengths: {rows:?}");
        return;
    }
    let described = root.attribute("aria-labelledby").unwrap().split(' ');
    assert!(root.attribute("role") == Some("img") && described.clone().count() == 2 && described.clone().all(|id| ids.contains(id)));
    let frame: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    let &[_, _, width, height] = frame.as_slice() else { panic!("a frame has four numbers: {frame:?}") };
    for node in root.descendants().filter(Node::is_element) {
        for (x, y) in places(node) {
            let inside = (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
            assert!(inside, "({x}, {y}) is outside of {width} × {height}: {:?}", &chart[node.range()]);
        }
    }
}

/// The places of an element, which are the corners of what it covers.
fn places(node: Node<'_, '_>) -> Vec<(f64, f64)> {
    let number = |name: &str| node.attribute(name).map_or(0.0, coordinate);
    match node.tag_name().name() {
        "line" => vec![(number("x1"), number("y1")), (number("x2"), number("y2"))],
        "rect" => vec![(number("x"), number("y")), (number("x") + number("width"), number("y") + number("height"))],
        "text" => vec![(number("x"), number("y"))],
        "circle" => {
            let (x, y, r) = (number("cx"), number("cy"), number("r"));
            vec![(x - r, y - r), (x + r, y + r)]
        }
        "polyline" | "polygon" => node
            .attribute("points")
            .unwrap()
            .split(' ')
            .map(|spot| spot.split_once(',').unwrap())
            .map(|(x, y)| (coordinate(x), coordinate(y)))
            .collect(),
        // Dots: `M12 34.5h0`, as wide as the line.
        "path" => {
            let half = number("stroke-width") / 2.0;
            let spots = node.attribute("d").unwrap().split('M').skip(1).map(|dot| dot.strip_suffix("h0").unwrap().split_once(' ').unwrap());
            spots.flat_map(|(x, y)| [(coordinate(x) - half, coordinate(y) - half), (coordinate(x) + half, coordinate(y) + half)]).collect()
        }
        "svg" | "g" | "title" | "desc" => Vec::new(),
        other => panic!("what is a {other}?"),
    }
}

fn coordinate(text: &str) -> f64 {
    let number: f64 = text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
    assert!(number.is_finite() && text.split_once('.').is_none_or(|(_, decimals)| decimals.len() == 1), "{text} is not rounded to a tenth");
    number
}
