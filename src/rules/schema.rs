//! The forms of rule files as JSON Schema (draft-07), so that editors complete and check them.
//! In: `forms.rs` and the grammar of sentences. Out: JSON. Whether names exist and dates make sense only `dqoh check` can say.

use super::forms::{FACT_KINDS, FRAMEWORK_FILE, Form, Key, Names, RULE_FILE, Takes};
use serde_json::{Map, Value, json};

/// What begins the first line of a rule file, before the path of its schema.
pub const DIRECTIVE: &str = "#:schema ";

/// The schema of a register, an indicator or a pathway.
pub fn of_rule_files() -> Value {
    let mut schema = document("A register, an indicator or a pathway of dqoh", &RULE_FILE);
    if let Value::Object(schema) = &mut schema {
        // A pathway has stages, from which its lines follow; all others have lines. Editors take alternatives better than `if`.
        let alternatives = [["register", "rules"], ["indicator", "rules"], ["pathway", "stages"]];
        schema.insert("oneOf".to_owned(), alternatives.iter().map(|keys| json!({ "required": keys })).collect());
    }
    schema
}

/// The schema of `framework.toml`.
pub fn of_framework_files() -> Value {
    document("framework.toml of dqoh", &FRAMEWORK_FILE)
}

fn document(title: &str, form: &'static Form) -> Value {
    let mut schema = table(form);
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!(title));
    Value::Object(schema)
}

fn table(form: &'static Form) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("description".to_owned(), json!(form.says));
    if let Some((names, takes)) = form.names {
        schema.insert("propertyNames".to_owned(), json!({ "pattern": name_pattern(names) }));
        schema.insert("additionalProperties".to_owned(), value(takes));
        return schema;
    }
    let properties: Map<String, Value> = form.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("required".to_owned(), needed(form));
    if !form.one_of.is_empty() {
        let alternatives: Vec<Value> = form.one_of.iter().map(|key| json!({ "required": [key] })).collect();
        schema.insert("oneOf".to_owned(), Value::Array(alternatives));
    }
    schema
}

fn needed(form: &Form) -> Value {
    form.keys.iter().filter(|key| key.needed).map(|key| json!(key.name)).collect()
}

fn property(key: &Key) -> Value {
    let mut schema = value(key.takes);
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), json!(key.says));
    }
    schema
}

fn value(takes: Takes) -> Value {
    let pattern = |pattern: String| json!({ "type": "string", "pattern": format!("^ *{pattern} *$") });
    match takes {
        Takes::Text | Takes::Records => json!({ "type": "string" }),
        Takes::Id => json!({ "type": "string", "pattern": format!("^{NAME}$") }),
        Takes::Sentence => pattern(sentence()),
        Takes::Words(words) => json!({ "type": "string", "enum": words }),
        Takes::Number => json!({ "type": "number" }),
        Takes::Whole => json!({ "type": "integer", "minimum": 0 }),
        Takes::Date => json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Takes::MonthDay => json!({ "type": "string", "pattern": "^[0-9]{1,2}-[0-9]{1,2}$" }),
        Takes::Truth => json!({ "type": "boolean" }),
        Takes::Texts => json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        Takes::Wholes => json!({ "type": "array", "items": { "type": "integer", "minimum": 0 } }),
        Takes::AmountTests => pattern(format!("{0}({COMMA}{0})*", amount_test())),
        Takes::Window => pattern(format!("last +{}", length())),
        Takes::Bound => pattern(format!("({NAME}|age +[0-9]+|[0-9]+ +days? +(after|before) +{NAME}|{} +before +the +end)", length())),
        Takes::Days => pattern("[0-9]+ +days?".to_owned()),
        Takes::Apart => pattern(format!("(same +day|[0-9]+ +days?|{} +(before|after))", length())),
        Takes::Table(form) => Value::Object(table(form)),
        Takes::Tables(form) => json!({ "type": "array", "items": table(form) }),
        Takes::TablesEither(one, other) => json!({ "type": "array", "items": { "anyOf": [table(one), table(other)] } }),
        Takes::TextsOr(form) => json!({ "anyOf": [value(Takes::Texts), table(form)] }),
        Takes::Fact => fact(),
    }
}

/// A fact: all keys are known, and `find` says which may and must be there.
fn fact() -> Value {
    let mut properties = Map::new();
    let mut kinds = Vec::new();
    for (find, form) in FACT_KINDS {
        for key in form.keys {
            properties.entry(key.name).or_insert_with(|| property(key));
        }
        let names: Vec<&str> = form.keys.iter().map(|key| key.name).collect();
        let of: Map<String, Value> =
            form.keys.iter().filter(|key| key.name == "of").map(|key| (key.name.to_owned(), property(key))).collect();
        kinds.push(json!({
            "if": { "properties": { "find": { "const": find } }, "required": ["find"] },
            "then": { "required": needed(form), "propertyNames": { "enum": names }, "properties": of },
        }));
    }
    // What `of` takes hangs on `find`: it is said there.
    properties.insert("of".to_owned(), json!({ "description": "What is counted, or which facts or registers." }));
    json!({ "type": "object", "properties": properties, "required": ["find"], "additionalProperties": false, "allOf": kinds })
}

fn name_pattern(names: Names) -> String {
    match names {
        Names::Own => "^[a-z][a-z0-9-]*$".to_owned(),
        Names::Sets => "^[A-Z0-9_]+$".to_owned(),
        Names::Registers => format!("^{NAME}$"),
    }
}

// The grammar of `phrase.rs` knows no nesting, so that a regular expression can hold it.

const NAME: &str = "[A-Za-z][A-Za-z0-9-]*";
const NUMBER: &str = "-?[0-9]+(\\.[0-9]+)?";
const COMMA: &str = " *, *";

fn length() -> String {
    "[0-9]+ +(days?|months?|years?)".to_owned()
}

fn amount_test() -> String {
    format!("({NAME} +)?(at +most|at +least|under|over) +({NUMBER}|{NAME})")
}

fn sentence() -> String {
    let order = "(after|before|on +or +after|on +or +before|on +the +same +day +as)";
    let test = format!(
        "(in +the +last +{}|{order} +{NAME}|within +[0-9]+ +days? +(after|before|of) +{NAME}|{}|is +(female|male))",
        length(),
        amount_test()
    );
    let subject = format!("({NAME}((,| ) *{test}({COMMA}{test})*)?)");
    let clause = format!("((not +)?on +the +{NAME} +register|(no +)?{subject})");
    format!("{clause}(( +and +{clause})*|( +or +{clause})*)")
}
