//! The workbook, read back: its numbers are those of the CSV files, its sheets are those that it lists, no cell is empty, nothing hidden is in it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use calamine::{Data, DataType, Reader, Xlsx, open_workbook_from_rs};
use dqoh::briefing::{Material, Report};
use dqoh::comparison::{Asked, comparisons};
use dqoh::disclosure::{Audience, Shown};
use dqoh::framework::calendar::Day;
use dqoh::published::File;
use dqoh::published::results_file::read_results;
use dqoh::report::workbook_of_report;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

fn dqoh(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_dqoh")).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

// ---- Reading it ----

struct Book {
    names: Vec<String>,
    sheets: BTreeMap<String, Vec<Vec<Data>>>,
    bytes: Vec<u8>,
}

/// A table: its titles and rows.
struct Table {
    titles: Vec<String>,
    rows: Vec<Vec<Data>>,
}

impl Book {
    fn of(bytes: Vec<u8>) -> Book {
        let mut read: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.clone())).unwrap();
        let names = read.sheet_names();
        let mut sheet = |name: &String| {
            let range = read.worksheet_range(name).unwrap();
            assert_eq!(range.start(), Some((0, 0)), "{name} begins in its first cell");
            (name.clone(), range.rows().map(<[Data]>::to_vec).collect())
        };
        let sheets = names.iter().map(&mut sheet).collect();
        Book { names, sheets, bytes }
    }

    fn read(folder: &Path) -> Book {
        Book::of(std::fs::read(folder.join("workbook.xlsx")).unwrap())
    }

    /// The tables of a sheet: side by side, with an empty column between them. Their titles stand under the way back to the contents.
    fn tables(&self, sheet: &str) -> Vec<Table> {
        let rows = self.sheets.get(sheet).unwrap_or_else(|| panic!("no sheet {sheet}: {:?}", self.names));
        let header = rows.iter().position(|row| row[0] == Data::String("Contents".to_owned())).unwrap() + 1;
        let mut all = Vec::new();
        let mut from = 0;
        while from < rows[header].len() {
            let Some(width) = rows[header][from..].iter().position(|cell| *cell == Data::Empty).or(Some(rows[header].len() - from)) else {
                break;
            };
            if width > 0 {
                let of = |row: &Vec<Data>| row[from..from + width].to_vec();
                // Below a table of practices stands text, after an empty row.
                let own = rows[header + 1..].iter().map(of).take_while(|row| row.iter().any(|cell| *cell != Data::Empty));
                let titles = of(&rows[header]).iter().map(|cell| cell.as_string().unwrap()).collect();
                all.push(Table { titles, rows: own.collect() });
            }
            from += width + 1;
        }
        all
    }

    fn table(&self, sheet: &str) -> Table {
        let mut all = self.tables(sheet);
        assert_eq!(all.len(), 1, "{sheet} has one table");
        all.remove(0)
    }

    /// A file of the workbook.
    fn part(&self, name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn parts(&self, within: &str) -> Vec<String> {
        let zip = zip::ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).filter(|name| name.starts_with(within)).collect();
        names.iter().filter(|name| name.ends_with(".xml")).map(|name| self.part(name)).collect()
    }
}

impl Table {
    fn at(&self, title: &str) -> usize {
        self.titles.iter().position(|one| one == title).unwrap_or_else(|| panic!("no column {title}: {:?}", self.titles))
    }

    /// Rows by the texts of some columns.
    fn by(&self, titles: &[&str]) -> BTreeMap<Vec<String>, &Vec<Data>> {
        let at: Vec<usize> = titles.iter().map(|title| self.at(title)).collect();
        let all: BTreeMap<_, _> = self.rows.iter().map(|row| (at.iter().map(|at| text(&row[*at])).collect(), row)).collect();
        assert_eq!(all.len(), self.rows.len(), "each row is there once");
        all
    }
}

/// The text of a cell that is text; codes are never numbers.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    }
}

/// A day: a number of days with the format of a date, not a text.
fn date(cell: &Data) -> String {
    match cell {
        // Excel counts from 1900, 25,569 days before 1970.
        Data::DateTime(day) => Day(day.as_f64() as i32 - 25_569).to_string(),
        other => panic!("{other:?} is no day"),
    }
}

/// A CSV file: rows by title.
fn csv(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    let titles = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| titles.iter().zip(row.iter()).map(|(title, cell)| (title.to_owned(), cell.to_owned())).collect();
    reader.records().map(|one| row(one.unwrap())).collect()
}

/// A cell says what a cell of a CSV file says: a number to six decimals, `[z]`, `[x]` or `[c]` where that is empty or hidden.
fn same(cell: &Data, csv: &str, what: &str) {
    match (cell.as_f64(), csv.parse::<f64>()) {
        (Some(number), Ok(wanted)) => assert!((number - wanted).abs() < 1e-6, "{what}: {number} is not {wanted}"),
        (None, Err(_)) if csv.is_empty() => assert!(["[x]", "[z]", "[c]"].contains(&text(cell).as_str()), "{what}: {cell:?}"),
        (None, Err(_)) if csv == "*" => assert_eq!(text(cell), "[c]", "{what}"),
        (None, Err(_)) => assert_eq!(text(cell), csv, "{what}"),
        _ => panic!("{what}: {cell:?} is not {csv:?}"),
    }
}

/// Looks at every row of a table and at the row of the CSV file with the same key.
fn compare(table: &Table, keys: &[(&str, &str)], columns: &[(&str, &str)], csv: &[BTreeMap<String, String>], what: &str) {
    let titles: Vec<&str> = keys.iter().map(|(title, _)| *title).collect();
    let rows = table.by(&titles);
    assert_eq!(rows.len(), csv.len(), "{what}: as many rows");
    for row in csv {
        let key: Vec<String> = keys.iter().map(|(_, column)| row[*column].clone()).collect();
        let cells = rows.get(&key).unwrap_or_else(|| panic!("{what}: {key:?} is not there"));
        for (title, column) in columns {
            same(&cells[table.at(title)], &row[*column], &format!("{what}: {key:?} {title}"));
        }
    }
}

/// What holds of every workbook.
fn is_sound(book: &Book) {
    // Every sheet is listed, and every listed one is there, in their order.
    assert_eq!(book.names[..3], ["Cover", "Contents", "Notes"]);
    let listed: Vec<String> = book.table("Contents").rows.iter().map(|row| text(&row[0])).collect();
    assert_eq!(book.names[2..], listed);
    let lower: BTreeSet<String> = book.names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(lower.len(), book.names.len());
    for name in &book.names {
        assert!(name.chars().count() <= 31, "{name}");
        let rows = &book.sheets[name];
        assert!(!text(&rows[0][0]).is_empty(), "{name} has a title");
        if name == "Cover" {
            continue;
        }
        for table in book.tables(name) {
            let titles: BTreeSet<&String> = table.titles.iter().collect();
            assert_eq!(titles.len(), table.titles.len(), "{name}");
            assert!(!table.rows.is_empty(), "{name} has a row");
            for row in &table.rows {
                assert!(row.iter().all(|cell| *cell != Data::Empty && *cell != Data::String(String::new())), "{name}: {row:?}");
            }
        }
    }
    // Every mark that is used is explained.
    let notes = book.table("Notes");
    let about: BTreeSet<String> = notes.rows.iter().map(|row| text(&row[1])).collect();
    for mark in ["[c]", "[x]", "[z]"] {
        let used = book.names[3..].iter().any(|name| book.sheets[name].iter().flatten().any(|cell| *cell == Data::String(mark.to_owned())));
        assert!(!used || about.contains(&format!("{mark} in a cell")), "{mark}: {about:?}");
    }
    // Nothing is merged, tables are tables, and every picture is told in words.
    let sheets = book.parts("xl/worksheets/");
    assert_eq!(sheets.len(), book.names.len());
    assert!(sheets.iter().all(|sheet| !sheet.contains("<mergeCell")));
    let tables: BTreeSet<String> = book
        .parts("xl/tables/")
        .iter()
        .map(|table| table.split("displayName=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        .collect();
    assert!(tables.contains("results") && tables.contains("indicators"), "{tables:?}");
    for drawing in book.parts("xl/drawings/") {
        let shapes = drawing.matches("<xdr:graphicFrame").count();
        let told = drawing.split("descr=\"").skip(1).filter(|rest| rest.split('"').next().unwrap().len() > 30).count();
        assert_eq!(shapes, told, "a chart is not told in words");
    }
    for chart in book.parts("xl/charts/") {
        assert_eq!(chart.matches("<c:title>").count(), 3, "a chart and its axes have titles");
        assert!(!chart.contains("#REF"), "{chart}");
    }
}

// ---- What it says ----

#[test]
fn its_numbers_are_those_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    dqoh(&["run", "sample-extracts", "--out", &out("year")]);
    let year = folder.path().join("year");
    let book = Book::read(&year);
    is_sound(&book);
    let all = csv(&year, "results.csv");
    let registers: BTreeSet<&String> = all.iter().filter(|row| row["status"] == "register").map(|row| &row["measure"]).collect();
    let results = all.iter().filter(|row| row["stratum"].is_empty() && !registers.contains(&row["measure"]));
    let results: Vec<_> = results.cloned().collect();
    let of = |own: fn(&BTreeMap<String, String>) -> bool| -> Vec<_> { results.iter().filter(|row| own(row)).cloned().collect() };
    let practices = of(|row| !row["practice_code"].is_empty());
    assert!(practices.len() > 500, "{}", practices.len());
    let rates = [("Numerator", "numerator"), ("Denominator", "denominator"), ("Rate", "ratio")];
    let ends = [("95% interval, lower end", "lower_95"), ("95% interval, upper end", "upper_95")];
    let more = [("Register", "register"), ("Excluded", "excluded"), ("Excepted", "excepted")];
    let keys = [("Indicator", "measure"), ("Practice code", "practice_code")];
    let table = book.table("Results");
    compare(&table, &keys, &[&rates[..], &ends, &more].concat(), &practices, "Results");
    // What is worth no points has none, and none is 0 points.
    let paid: Vec<_> = practices.iter().filter(|row| row["status"] != "counted-only").cloned().collect();
    let money = [("Points", "points"), ("Points that could be earned", "max_points"), ("Pounds, indicative", "payment")];
    let at = table.at("Points");
    let rows = table.rows.iter().filter(|row| row[at].as_f64().is_some()).cloned().collect();
    compare(&Table { titles: table.titles.clone(), rows }, &keys, &money, &paid, "Results, paid");
    assert!(paid.len() > 300, "{}", paid.len());
    let day = &table.rows[0][table.at("Reporting day")];
    assert_eq!(date(day), "2017-03-31");
    let whole = of(|row| row["practice_code"].is_empty() && row["locality"].is_empty());
    compare(&book.table("Indicators"), &[("Indicator", "measure")], &[&rates[..], &ends].concat(), &whole, "Indicators");
    let localities = of(|row| row["practice_code"].is_empty() && !row["locality"].is_empty());
    let keys = [("Indicator", "measure"), ("Locality", "locality")];
    compare(&book.table("Localities"), &keys, &[&rates[..], &ends].concat(), &localities, "Localities");
    let payments = csv(&year, "payment.csv");
    let keys = [("Practice code", "practice_code"), ("Indicator", "measure")];
    let columns = [
        ("Points", "points"),
        ("Points that could be earned", "max_points"),
        ("Prevalence factor", "prevalence_factor"),
        ("Pounds", "payment"),
    ];
    compare(&book.table("Payment by indicator"), &keys, &columns, &payments, "Payment by indicator");
    let schedule = book.table("Payment schedule");
    let pounds: f64 = payments.iter().map(|row| row["payment"].parse::<f64>().unwrap()).sum();
    assert!((schedule.rows.last().unwrap()[schedule.at("Pounds")].as_f64().unwrap() - pounds).abs() < 0.005);
    let columns =
        [("φ", "phi"), ("Flagged at 95%", "flagged_95"), ("By chance at 95%", "by_chance_95"), ("Practices left out", "left_out")];
    // Where too little is counted the workbook says less than the file: it says so in every cell.
    let spread = book.table("Variation");
    let rows = spread.rows.iter().filter(|row| row[spread.at("φ")].as_f64().is_some()).cloned().collect();
    let spread = Table { titles: spread.titles, rows };
    let said: BTreeSet<String> = spread.rows.iter().map(|row| text(&row[0])).collect();
    let variation: Vec<_> = csv(&year, "variation.csv").into_iter().filter(|row| said.contains(&row["measure"])).collect();
    assert!(variation.len() > 20, "{}", variation.len());
    compare(&spread, &[("Indicator", "measure")], &columns, &variation, "Variation");
}

#[test]
fn a_sheet_of_an_indicator_holds_what_its_charts_are_drawn_from() {
    let folder = tempfile::tempdir().unwrap();
    dqoh(&["run", "sample-extracts", "--out", folder.path().to_str().unwrap()]);
    let book = Book::read(folder.path());
    let results: Vec<_> = csv(folder.path(), "results.csv")
        .into_iter()
        .filter(|row| row["stratum"].is_empty() && row["measure"] == "CP004" && !row["practice_code"].is_empty())
        .collect();
    let keys = [("Practice code", "practice_code")];
    let [practices, left_out, drawn, limits] = &book.tables("CP004")[..] else { panic!("four tables") };
    let columns =
        [("Numerator: achieved", "numerator"), ("Denominator", "denominator"), ("Rate", "ratio"), ("95% interval, lower end", "lower_95")];
    compare(practices, &keys, &columns, &results, "practices");
    compare(left_out, &keys, &[("Register", "register"), ("Excepted", "excepted")], &results, "left out");
    compare(drawn, &keys, &[("People counted", "denominator"), ("Rate", "ratio")], &results, "drawn");
    for (row, own) in results.iter().map(|row| (row, left_out.by(&["Practice code"])[&vec![row["practice_code"].clone()]])) {
        for reason in row["excepted_by_reason"].split(';').filter(|reason| !reason.is_empty()) {
            let (reason, people) = reason.split_once('=').unwrap();
            same(&own[left_out.at(&format!("Excepted: {}", reason.replace('-', " ")))], people, reason);
        }
    }
    assert!(limits.rows.len() > 10 && limits.at("99.8% limit, upper") > 0);
    let words: Vec<String> = book.sheets["CP004"].iter().filter_map(|row| row[0].as_string()).collect();
    assert!(words.iter().any(|line| line.starts_with("1. If care-plan in the last 12 months: achieved")), "{words:?}");
    // Series are cells of the same sheet: those of the tables above.
    let charts: Vec<String> =
        book.parts("xl/charts/").into_iter().filter(|chart| chart.contains("'CP004'!") || chart.contains("CP004!")).collect();
    assert_eq!(charts.len(), 2);
    assert!(charts.iter().any(|chart| chart.contains("<c:scatterChart>") && chart.contains("People counted")));
    assert!(charts.iter().any(|chart| chart.contains("<c:errBars>") && chart.contains("P90001")));
    // Of too few people nothing is drawn.
    assert_eq!(book.tables("MH010").len(), 2);
}

#[test]
fn the_same_counts_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["first", "second"] {
        dqoh(&["run", "sample-extracts", "--view", "rolling", "--every", "quarter", "--out", &out(name)]);
    }
    let [first, second] = ["first", "second"].map(|name| Book::read(&folder.path().join(name)));
    assert!(first.bytes == second.bytes, "two runs differ");
    is_sound(&first);
    assert!(first.part("docProps/core.xml").contains("<dcterms:created xsi:type=\"dcterms:W3CDTF\">2017-03-31T00:00:00Z"));
    // Nothing is paid in the rolling view; all days that can be set beside each other are there.
    assert!(!first.names.iter().any(|name| name.starts_with("Payment")), "{:?}", first.names);
    let days = first.table("Over time");
    let of: BTreeSet<String> = days.rows.iter().map(|row| date(&row[days.at("Reporting day")])).collect();
    assert_eq!(of.into_iter().collect::<Vec<_>>(), ["2016-06-30", "2016-09-30", "2016-12-31", "2017-03-31"]);
    dqoh(&["run", "sample-extracts", "--no-report", "--out", &out("none")]);
    assert!(!folder.path().join("none/workbook.xlsx").exists());
}

// ---- What is hidden ----

#[test]
fn no_audience_sees_more_in_it_than_in_the_files_made_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    dqoh(&["run", "sample-extracts", "--no-report", "--out", &out("run")]);
    let (tally, planning) = (out("run/counts.csv"), out("run/planning-counts.csv"));
    for audience in ["sharing", "publish"] {
        let options = ["--practices", "sample-extracts/practices.csv", "--audience", audience, "--out", &out(audience)];
        dqoh(&[&["report", "--tally", &tally, "--planning", &planning][..], &options].concat());
        let folder = folder.path().join(audience);
        let book = Book::read(&folder);
        is_sound(&book);
        let fixed = ["Cover", "Contents", "Notes", "Indicators", "Results", "Variation", "Practices"];
        assert_eq!(book.names[..fixed.len()], fixed, "{audience}");
        let practices = csv(&folder, "practices-variation.csv");
        let whole = csv(&folder, "variation.csv");
        assert_eq!(book.names.len(), fixed.len() + whole.len(), "{audience}");
        let rates = [("Numerator", "numerator"), ("Denominator", "denominator"), ("Rate", "rate")];
        let keys = [("Indicator", "measure"), ("Practice code", "practice_code")];
        compare(&book.table("Results"), &keys, &rates, &practices, audience);
        compare(&book.table("Indicators"), &keys[..1], &rates, &whole, audience);
        let hidden = practices.iter().filter(|row| row["numerator"] == "*").count();
        assert!(hidden > 0, "{audience} hides something");
        for indicator in &book.names[fixed.len()..] {
            let tables = book.tables(indicator);
            let own: Vec<_> = practices.iter().filter(|row| row["measure"] == *indicator).cloned().collect();
            let columns = [("Numerator: achieved", "numerator"), ("Denominator", "denominator"), ("Rate", "rate")];
            compare(&tables[0], &keys[1..], &columns, &own, indicator);
            // No others than practices whose counts are shown are drawn, and who was left out is not told.
            for table in &tables[1..] {
                assert!(!table.titles.contains(&"Excluded".to_owned()), "{audience}: {indicator} {:?}", table.titles);
                if table.titles[0] == "Practice code" {
                    let shown = |row: &&BTreeMap<String, String>| row["numerator"].parse::<u64>().is_ok() && !row["lower_95"].is_empty();
                    let shown: Vec<_> = own.iter().filter(shown).cloned().collect();
                    compare(table, &keys[1..], &[("People counted", "denominator"), ("Rate", "rate")], &shown, indicator);
                }
            }
        }
        if audience == "publish" {
            assert!(book.parts("xl/charts/").is_empty(), "nothing of single practices is worked out from rounded counts");
        }
    }
}

/// The workbook of made-up results: rows of measure, practice, name, locality, achieved, of.
fn made_up(rows: &[(&str, &str, &str, &str, u64, u64)], audience: Audience) -> (Report, Book) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let titles = "measure,practice_code,practice_name,locality,interval_start,interval_end,view,stratum,stratum_value,register,excluded,excepted,numerator,denominator,status";
    writer.write_record(titles.split(',')).unwrap();
    for (measure, code, name, locality, achieved, of) in rows {
        let (achieved, of) = (achieved.to_string(), of.to_string());
        let days = ["2016-04-01", "2017-03-31", "rolling", "", ""];
        let row = [&[*measure, code, name, locality][..], &days, &[&of, "0", "0", &achieved, &of, "counted-only"]].concat();
        writer.write_record(row).unwrap();
    }
    let file = File { name: "results.csv".to_owned(), content: writer.into_inner().unwrap(), named: true };
    let read = read_results(&[file]).unwrap();
    let results = read.results();
    let compared = comparisons(&results, &Asked { audience, measure: None, about: &BTreeMap::new() });
    let report = Report::of(&Material::of(&results, &compared, audience)).unwrap();
    let book = Book::of(workbook_of_report(&report).unwrap());
    is_sound(&book);
    (report, book)
}

/// Counts that would give a few people away are large and unlike all others: wherever one of them stands, it is seen.
#[test]
fn no_hidden_count_is_in_any_cell() {
    let pairs = [(9_973, 9_975), (7_919, 7_922), (4_021, 5_417), (3_571, 6_733), (2_741, 8_117), (6_089, 9_341), (1, 7_001), (3, 8_009)];
    let codes: Vec<String> = (0..pairs.len()).map(|at| format!("P{at}")).collect();
    let rows: Vec<_> = codes.iter().zip(pairs).map(|(code, (achieved, of))| ("X1", code.as_str(), "", "East", achieved, of)).collect();
    let numbers = |book: &Book| -> BTreeSet<u64> {
        let cells = book.sheets.values().flatten().flatten().filter_map(DataType::as_f64);
        cells.filter(|number| number.fract() == 0.0).map(|number| number as u64).collect()
    };
    assert!(numbers(&made_up(&rows, Audience::Internal).1).contains(&9_973), "the internal workbook has all numbers");
    for audience in [Audience::Sharing, Audience::Publish] {
        let (report, book) = made_up(&rows, audience);
        let there = numbers(&book);
        let strings = book.part("xl/sharedStrings.xml") + &book.parts("xl/charts/").concat();
        let mut hidden = 0;
        for ((practice, one), (achieved, of)) in report.practices.iter().zip(&report.indicators[0].practices).zip(pairs) {
            let rate = &one.as_ref().unwrap().rate;
            for (shown, number) in [(rate.achieved, achieved), (rate.of, of)] {
                if matches!(shown, Shown::Exactly(_)) || number < 100 || number % 5 == 0 {
                    continue;
                }
                hidden += 1;
                assert!(!there.contains(&number), "{audience:?}: {number} of {} is in a cell", practice.code);
                let thousands = format!("{},{:03}", number / 1000, number % 1000);
                assert!(!strings.contains(&number.to_string()) && !strings.contains(&thousands), "{audience:?}: {number} is told");
            }
        }
        assert!(hidden >= 2, "{audience:?} hides {hidden}");
    }
}

/// What an extract or a publication calls things is text, whatever it looks like, and no name breaks a sheet.
#[test]
fn names_stay_what_they_are() {
    let names = ["=1+1", "+44 121", "-5", "@SUM(A1)", "39732311000001104", "'quoted'", &"long ".repeat(8_000), "&<>\"", ""];
    let codes: Vec<String> = (0..names.len()).map(|at| format!("00{at}")).collect();
    let measures =
        ["Results", "results", "a/b:[c]", "History", "CP004", "AF1", "cp-004", "an indicator whose name no sheet has room for", "'", "="];
    let rows: Vec<_> = measures
        .iter()
        .flat_map(|measure| codes.iter().zip(names).map(|(code, name)| (*measure, code.as_str(), name, "=East", 30, 90)))
        .collect();
    let (report, book) = made_up(&rows, Audience::Internal);
    assert_eq!(report.indicators.len(), measures.len());
    let practices = book.table("Practices");
    let by_code = practices.by(&["Practice code"]);
    for (code, name) in codes.iter().zip(names) {
        let cell = text(&by_code[&vec![code.clone()]][1]);
        match name {
            "" => assert_eq!(cell, "[x]"),
            // Excel's longest text of a cell.
            long if long.len() > 32_767 => assert_eq!(cell, long[..32_767]),
            name => assert_eq!(cell, name),
        }
    }
    let results = book.table("Results");
    let there: BTreeSet<String> = results.rows.iter().map(|row| text(&row[0])).collect();
    assert_eq!(there, measures.iter().map(|&measure| measure.to_owned()).collect());
    assert!(book.parts("xl/worksheets/").iter().all(|sheet| !sheet.contains("<f>")), "a name became a formula");
}
