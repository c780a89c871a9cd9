//! What the columns of files hold, for programs: CSV on the Web (a W3C recommendation of 2015). A folder has one `csv-metadata.json` for all of its
//! CSV files, which is where validators look; a single file whose name is the reader's own has `NAME-metadata.json` beside it.

use super::dictionary::sheet_called;
use crate::dictionary::{Column, Kind, Sheet};
use serde_json::{Map, Value, json};

/// The file that tells of all CSV files of its folder.
pub const METADATA: &str = "csv-metadata.json";

/// The CSV files of a folder that are known.
#[derive(Debug, Default)]
pub struct Tables(Vec<Value>);

impl Tables {
    /// Takes note of a file; of a CSV file that [`super::dictionary()`] has, what its columns hold.
    pub fn add(&mut self, name: &str, content: &[u8]) {
        let Some(sheet) = sheet_called(name) else { return };
        let mut reader = csv::Reader::from_reader(content);
        let header = reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
        self.0.push(table(sheet, name, header));
    }

    /// [`METADATA`], nothing where there is no such file. What was told before, `there`, of other files that are still in the folder stays told.
    pub fn metadata(&self, there: Option<&[u8]>, is_still_there: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        let before: Value = there.and_then(|there| serde_json::from_slice(there).ok()).unwrap_or_default();
        let before = before.get("tables").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_new = |table: &Value| self.0.iter().any(|own| url(own) == url(table));
        let mut tables: Vec<Value> = before.into_iter().filter(|table| !is_new(table) && is_still_there(url(table))).collect();
        tables.extend(self.0.iter().cloned());
        tables.sort_by(|one, other| url(one).cmp(url(other)));
        Some(text(&json!({ "@context": context(), "dc:title": "What the columns of these files hold", "tables": tables })))
    }
}

/// What the columns of one file hold, whatever its name.
pub fn metadata_of_file(sheet: &Sheet, name: &str) -> Vec<u8> {
    let mut document = table(sheet, name, sheet.columns.iter().map(|column| column.name.to_owned()).collect());
    if let Some(keys) = document.as_object_mut() {
        keys.insert("@context".to_owned(), context());
    }
    text(&document)
}

fn context() -> Value {
    json!(["http://www.w3.org/ns/csvw", { "@language": "en-GB" }])
}

fn text(document: &Value) -> Vec<u8> {
    format!("{document:#}\n").into_bytes()
}

fn url(table: &Value) -> &str {
    table.get("url").and_then(Value::as_str).unwrap_or_default()
}

fn table(sheet: &Sheet, name: &str, header: Vec<String>) -> Value {
    let columns = header.into_iter().map(|title| match sheet.columns.iter().find(|column| column.name == title) {
        Some(column) => described(column),
        None => json!({ "titles": title, "datatype": "string", "null": "", "dc:description": "The practice's own number of the person" }),
    });
    let mut schema = Map::new();
    schema.insert("columns".to_owned(), columns.collect());
    if !sheet.key.is_empty() {
        schema.insert("primaryKey".to_owned(), sheet.key.iter().map(|name| plain(name)).collect());
    }
    json!({ "url": name, "dc:title": sheet.title, "tableSchema": schema })
}

fn described(column: &Column) -> Value {
    let mut keys = Map::new();
    let mut put = |key: &str, value: Value| keys.insert(key.to_owned(), value);
    put("name", json!(plain(column.name)));
    put("titles", json!(column.name));
    put("datatype", datatype(column.kind));
    put("dc:description", json!(column.says));
    if column.may_be_empty {
        put("null", json!(""));
    } else {
        put("required", json!(true));
    }
    if !column.unit.is_empty() {
        put("schema:unitText", json!(column.unit));
    }
    Value::Object(keys)
}

/// A name as the recommendation wants it: letters, digits and underscores.
fn plain(name: &str) -> String {
    if name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return name.to_owned();
    }
    let letters = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    letters.collect()
}

fn datatype(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!("string"),
        Kind::Words(words) => {
            let words: Vec<String> = words().into_iter().map(escaped).collect();
            json!({ "base": "string", "format": format!("^({})$", words.join("|")) })
        }
        Kind::Day => json!({ "base": "date", "format": "yyyy-MM-dd" }),
        Kind::YesNo => json!({ "base": "boolean", "format": "yes|no" }),
        Kind::Count => json!("nonNegativeInteger"),
        Kind::Whole => json!("integer"),
        Kind::Share => json!({ "base": "decimal", "minimum": 0, "maximum": 1 }),
        Kind::Number => json!("decimal"),
        Kind::Shown => json!({ "base": "string", "format": "^([0-9]+|fewer than [0-9]+|\\*)$" }),
    }
}

/// A word as part of a regular expression.
fn escaped(word: &str) -> String {
    let mut text = String::new();
    for letter in word.chars() {
        if !letter.is_ascii_alphanumeric() && !" -_,'".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Tables, Value, escaped, plain, url};

    fn told(there: Option<&[u8]>, name: &str, still_there: bool) -> (Vec<String>, Vec<u8>) {
        let mut tables = Tables::default();
        tables.add("read-me.txt", b"nothing");
        tables.add(name, b"a,b\n1,2\n");
        let text = tables.metadata(there, |_| still_there).unwrap();
        let document: Value = serde_json::from_slice(&text).unwrap();
        (document["tables"].as_array().unwrap().iter().map(|table| url(table).to_owned()).collect(), text)
    }

    #[test]
    fn what_another_command_told_of_files_that_are_still_there_stays() {
        let (of_run, text) = told(None, "results.csv", true);
        assert_eq!(of_run, ["results.csv"]);
        assert_eq!(told(Some(&text), "quality.csv", true).0, ["quality.csv", "results.csv"]);
        assert_eq!(told(Some(&text), "quality.csv", false).0, ["quality.csv"], "a file that is gone");
        assert_eq!(told(Some(&text), "results.csv", true).1, text, "the same again");
        assert_eq!(told(Some(b"not JSON"), "results.csv", true).1, text);
        assert_eq!(Tables::default().metadata(Some(&text), |_| true), None);
    }

    #[test]
    fn columns_that_no_definition_has_are_the_practice_s_own() {
        let mut tables = Tables::default();
        tables.add("P90001-due.csv", b"patient_id,\"EMIS number, ours\",indicator\n");
        let document: Value = serde_json::from_slice(&tables.metadata(None, |_| true).unwrap()).unwrap();
        let columns = document["tables"][0]["tableSchema"]["columns"].as_array().unwrap();
        let own: Vec<bool> = columns.iter().map(|column| column.get("name").is_none()).collect();
        assert_eq!(own, [false, true, false]);
        assert_eq!(columns[1]["titles"], "EMIS number, ours");
    }

    #[test]
    fn names_and_words_are_as_the_recommendation_wants_them() {
        assert_eq!(
            [plain("interval_end"), plain("REGISTER"), plain("Lower CI 95.0 limit")],
            ["interval_end", "REGISTER", "lower_ci_95_0_limit"]
        );
        assert_eq!([escaped("lower 99.8"), escaped("in-pathway"), escaped("4+")], ["lower 99\\.8", "in-pathway", "4\\+"]);
    }
}
