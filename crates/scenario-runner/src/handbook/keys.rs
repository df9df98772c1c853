//! The reference of fixtures: every key of `scenario.yaml`, read off its JSON Schema.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{code, head, table};
use crate::document::{Decode as _, MAX_BYTES, MAX_DEPTH, MAX_NODES};
use crate::fixture;

/// Every key of `scenario.yaml`: what it takes, its default, its meaning.
pub fn fixture_reference() -> String {
    let mut page = head(
        "Fixture reference",
        "A scenario is a folder `scenarios/NAME/` with a `scenario.yaml` and the files it names; a folder whose name begins with `_`\n\
         holds shared parts. Paths are relative to the file that names them. `${NAME}` in a text is filled in from `--env FILE`, then\n\
         from `env:`, and never from the environment of the process; `$${` stands for `${`, and `$NAME` for itself. An unknown key is a\n\
         mistake.\n\n\
         Editors that know the schema complete and check keys while you type. First line of a scenario:\n\n\
         ```yaml\n# yaml-language-server: $schema=../scenario.schema.json\n```\n\n\
         `mposim new` writes that file with the first scenario, `mposim schema > scenarios/scenario.schema.json` at any time.\n\n\
         What a key takes:\n",
    );
    page.push_str(
        "- a *text*; quotes only where YAML needs them. Numbers keep their digits, also where a text is expected.\n\
         - a *length of time*: `250ms`, `30s`, `2m`, `6h`, `1d`, `1h30m`, or `0`.\n\
         - an *amount*: an exact decimal, such as `5000` or `\"0.10\"`.\n\
         - a *map by name*: keys of your choice.\n\n\
         Keys in bold are required. What an event, a condition or a placeholder can be called, and what the demo bank holds, is in the\n\
         [vocabulary](vocabulary.md).\n",
    );
    let _ = writeln!(
        page,
        "\nA file may have {} MiB and {},{:03} values, where those behind an alias (`*name`) count each time, and lists and maps may lie {} deep\n\
         within one another.",
        MAX_BYTES >> 20,
        MAX_NODES / 1000,
        MAX_NODES % 1000,
        MAX_DEPTH
    );
    let schema = fixture::whole_schema();
    let mut book = Book {
        page,
        told: Vec::new(),
    };
    book.section("scenario.yaml", &schema, 2);
    book.page
}

struct Book {
    page: String,
    /// What was described already, with its heading.
    told: Vec<(Map<String, Value>, String)>,
}

impl Book {
    /// A map with fixed keys, and below it those in it.
    fn section(&mut self, path: &str, schema: &Value, level: usize) {
        let Some(properties) = schema["properties"].as_object() else {
            return;
        };
        self.told.push((properties.clone(), path.to_owned()));
        let hashes = "#".repeat(level.min(4));
        let _ = writeln!(self.page, "\n{hashes} {}\n", code(&short(path)));
        if let Some(about) = about(schema) {
            let _ = writeln!(self.page, "{about}\n");
        }
        if let Some(kinds) = one_of_keys(schema) {
            let _ = writeln!(self.page, "Exactly one of {kinds} stands in it.\n");
        }
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut keys: Vec<(&String, &Value)> = properties.iter().collect();
        keys.sort_by_key(|(key, _)| !required.contains(&key.as_str()));
        let mut below = Vec::new();
        let rows: Vec<[String; 4]> = keys
            .into_iter()
            .map(|(key, value)| {
                let at = format!("{}.{key}", path.split(" with ").next().unwrap_or_default());
                let takes = if key == "profile" {
                    "[settings](settings.md)".to_owned()
                } else {
                    self.takes(&at, value, &mut below)
                };
                let shown = if required.contains(&key.as_str()) {
                    format!("**{}**", code(key))
                } else {
                    code(key)
                };
                let default = match &value["default"] {
                    Value::Null => String::new(),
                    Value::Array(list) if list.is_empty() => String::new(),
                    Value::Object(map) if map.is_empty() => String::new(),
                    Value::String(text) => code(text),
                    other => code(&other.to_string()),
                };
                [shown, takes, default, about(value).unwrap_or_default().to_owned()]
            })
            .collect();
        self.page
            .push_str(&table(["key", "takes", "default", "meaning"], rows));
        for (path, schema) in below {
            self.section(&path, &schema, level + 1);
        }
    }

    /// What a key takes, in words; maps with fixed keys are put `below`.
    fn takes(&self, path: &str, schema: &Value, below: &mut Vec<(String, Value)>) -> String {
        if schema["type"] == "object" {
            return self.map(path, schema, below);
        }
        if let Some(place) = schema["$ref"].as_str() {
            let there = place
                .replace("#/properties/", "scenario.yaml.")
                .replace("/properties/", ".");
            return format!("what [{}]({}) takes", code(&short(&there)), anchor(&there));
        }
        if let Some(words) = schema["enum"].as_array() {
            return one_of(words);
        }
        for several in ["anyOf", "oneOf"] {
            if let Some(parts) = schema[several].as_array() {
                let mut words: Vec<String> = Vec::new();
                for part in parts.iter().filter(|part| says_more(part)) {
                    let word = match told_apart_by(part, parts) {
                        Some(key) => self.takes(&format!("{path} with {key}"), part, below),
                        None => self.takes(path, part, below),
                    };
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
                return words.join(" or ");
            }
        }
        if let Some(word) = schema.get("const") {
            return code(
                word.as_str()
                    .map_or_else(|| word.to_string(), str::to_owned)
                    .as_str(),
            );
        }
        if schema["pattern"] == Duration::schema()["pattern"] {
            return "length of time".to_owned();
        }
        if schema["format"] == "date-time" {
            return "moment with its offset".to_owned();
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(several) => several
                .iter()
                .filter_map(Value::as_str)
                .filter(|name| *name != "null")
                .collect(),
            _ => Vec::new(),
        };
        match types.as_slice() {
            ["string"] | ["string", "number"] => "text".to_owned(),
            ["number", "string"] => "amount".to_owned(),
            ["boolean"] => "`true` or `false`".to_owned(),
            ["integer"] => "whole number".to_owned(),
            ["number"] => "number".to_owned(),
            ["array"] => {
                let of = self.takes(&format!("{path}[]"), &schema["items"], below);
                format!("list of {of}")
            }
            ["object", ..] => self.map(path, schema, below),
            _ => "anything".to_owned(),
        }
    }

    fn map(&self, path: &str, schema: &Value, below: &mut Vec<(String, Value)>) -> String {
        if let Some(properties) = schema["properties"].as_object() {
            if let [(key, value)] = properties.iter().collect::<Vec<_>>().as_slice() {
                let inner = self.takes(&format!("{path}.{key}"), value, below);
                return format!("`{{ {key}: … }}` with {inner}");
            }
            let place = |path: &str| format!("[{}]({})", code(&short(path)), anchor(path));
            if let Some((_, told)) = self.told.iter().find(|(told, _)| told == properties) {
                return place(told);
            }
            let waiting = below
                .iter()
                .find(|(_, waiting)| waiting["properties"] == schema["properties"]);
            if let Some((waiting, _)) = waiting {
                return place(waiting);
            }
            below.push((path.to_owned(), schema.clone()));
            return place(path);
        }
        match schema.get("additionalProperties") {
            Some(of) if of.as_object().is_some_and(|of| !of.is_empty()) => {
                let of = self.takes(&format!("{path}.NAME"), of, below);
                format!("map by name: {of}")
            }
            _ => "map".to_owned(),
        }
    }
}

/// Whether a form of a value says something that is not said for all of them.
fn says_more(form: &Value) -> bool {
    form["type"] != "null" && form["pattern"] != fixture::FILLED_IN
}

/// Words of a closed list: a few stand here, many in the vocabulary, and what lies between in the key's meaning.
fn one_of(words: &[Value]) -> String {
    match words.len() {
        0..=3 => {
            let words = words.iter().filter_map(Value::as_str).map(code);
            words.collect::<Vec<_>>().join(" or ")
        }
        4..=20 => "text".to_owned(),
        _ => "word of the [vocabulary](vocabulary.md)".to_owned(),
    }
}

/// What a schema says about itself, or about the first of its forms.
fn about(schema: &Value) -> Option<&str> {
    schema["description"]
        .as_str()
        .or_else(|| schema["anyOf"][0]["description"].as_str())
}

/// The required key that tells one form of a map from the other forms at its place.
fn told_apart_by<'a>(part: &'a Value, parts: &[Value]) -> Option<&'a str> {
    let is_map = |part: &&Value| part["properties"].as_object().is_some_and(|keys| keys.len() > 1);
    (is_map(&part) && parts.iter().filter(is_map).count() > 1)
        .then(|| part["required"][0].as_str())
        .flatten()
}

/// The keys of which exactly one is wanted.
fn one_of_keys(schema: &Value) -> Option<String> {
    let kinds: Vec<String> = schema["oneOf"]
        .as_array()?
        .iter()
        .filter_map(|kind| kind["required"][0].as_str())
        .map(code)
        .collect();
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

/// A path without the name of the file.
fn short(path: &str) -> String {
    path.strip_prefix("scenario.yaml.").unwrap_or(path).to_owned()
}

/// The anchor that a heading gets.
fn anchor(path: &str) -> String {
    let kept = short(path)
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect::<String>();
    format!("#{kept}")
}
