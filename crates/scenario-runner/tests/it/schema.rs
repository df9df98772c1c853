//! The JSON Schema takes what the reader takes. The few keywords that it uses are judged here; what a text looks like
//! (`pattern`, `format`) is for the reader.

use std::path::Path;

use scenario_runner::document::{Context, yaml};
use scenario_runner::fixture;
use serde_json::{Value, json};

use crate::corpus;
use crate::pinned::folders;

/// Why a value does not fit a schema.
fn misfits(value: &Value, schema: &Value, at: &str) -> Vec<String> {
    let Some(keywords) = schema.as_object() else {
        return if *schema == json!(false) {
            vec![format!("{at}: nothing may stand here")]
        } else {
            Vec::new()
        };
    };
    keywords
        .iter()
        .flat_map(|(keyword, wanted)| keyword_misfits(value, schema, (keyword, wanted), at))
        .collect()
}

fn keyword_misfits(
    value: &Value,
    schema: &Value,
    (keyword, wanted): (&str, &Value),
    at: &str,
) -> Vec<String> {
    let unless = |fits: bool| {
        if fits {
            Vec::new()
        } else {
            vec![format!("{at}: {keyword} {wanted}, found {value}")]
        }
    };
    let number = || value.as_f64().zip(wanted.as_f64());
    let members = value.as_object();
    let size = || members.map(|members| members.len() as u64).zip(wanted.as_u64());
    let fits = |schema: &Value| misfits(value, schema, at).is_empty();
    let forms = || wanted.as_array().into_iter().flatten();
    match keyword {
        // Of the patterns only that of what is filled in has an alternative.
        "pattern" if wanted == "\\$\\{" => unless(value.as_str().is_some_and(|text| text.contains("${"))),
        "$schema" | "title" | "description" | "default" | "pattern" | "format" | "then" | "else" => {
            Vec::new()
        }
        "type" => unless(match wanted {
            Value::Array(kinds) => kinds.iter().any(|kind| is(value, kind)),
            kind => is(value, kind),
        }),
        "const" => unless(value == wanted),
        "$ref" => {
            let place = wanted
                .as_str()
                .and_then(|place| place.strip_prefix('#'))
                .expect("it is here");
            let whole = fixture::schema();
            misfits(value, whole.pointer(place).expect("it leads somewhere"), at)
        }
        "enum" => unless(forms().any(|word| word == value)),
        "minimum" => unless(number().is_none_or(|(value, least)| value >= least)),
        "maximum" => unless(number().is_none_or(|(value, most)| value <= most)),
        "minProperties" => unless(size().is_none_or(|(size, least)| size >= least)),
        "maxProperties" => unless(size().is_none_or(|(size, most)| size <= most)),
        "required" => unless(members.is_none_or(|members| {
            forms()
                .filter_map(Value::as_str)
                .all(|key| members.contains_key(key))
        })),
        "anyOf" => unless(forms().any(fits)),
        "oneOf" => unless(forms().filter(|form| fits(form)).count() == 1),
        "if" => {
            let then = schema.get(if fits(wanted) { "then" } else { "else" });
            then.map_or(Vec::new(), |then| misfits(value, then, at))
        }
        "items" => (value.as_array().into_iter().flatten().enumerate())
            .flat_map(|(place, item)| misfits(item, wanted, &format!("{at}/{place}")))
            .collect(),
        "properties" => (members.into_iter().flatten())
            .filter_map(|(key, member)| Some((key, member, wanted.get(key)?)))
            .flat_map(|(key, member, schema)| misfits(member, schema, &format!("{at}/{key}")))
            .collect(),
        "additionalProperties" => (members.into_iter().flatten())
            .filter(|(key, _)| schema["properties"].get(key).is_none())
            .flat_map(|(key, member)| misfits(member, wanted, &format!("{at}/{key}")))
            .collect(),
        unknown => panic!("the schema uses {unknown}, which nobody judges here"),
    }
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str().expect("a kind is a word") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        unknown => panic!("{unknown} is no kind"),
    }
}

fn said(text: &str) -> Vec<String> {
    let mut cx = Context::default();
    let file = cx.sources.add("scenario.yaml", text);
    let tree = yaml::read(file, &mut cx).expect("it is YAML");
    misfits(&tree.to_json(), &fixture::schema(), "")
}

fn said_of(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let found = said(&text);
    found
        .into_iter()
        .map(|found| format!("{} {found}", file.display()))
        .collect()
}

#[test]
fn the_schema_takes_every_scenario() {
    let scenarios = corpus::all()
        .into_iter()
        .map(|found| found.folder.join(fixture::FILE));
    let mended = folders("findings")
        .into_iter()
        .map(|folder| folder.join("mended.yaml"));
    let found: Vec<String> = scenarios.chain(mended).flat_map(|file| said_of(&file)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_schema_wants_whole_parts_only_where_nothing_is_extended() {
    let without_url =
        "mambu: { templates: { t: { event: LOAN_CREATED, body: x } } }\nsteps: [{ event: {} }]\n";
    assert_ne!(said(without_url), [""; 0]);
    assert_eq!(said(&format!("extends: other.yaml\n{without_url}")), [""; 0]);
    assert_eq!(said("extends: other.yaml\n"), [""; 0]);
    assert_ne!(said("description: nothing happens\n"), [""; 0]);
}

#[test]
fn the_schema_takes_no_unknown_key_and_no_half_step() {
    for text in [
        "extends: other.yaml\nmambu: { templates: { t: { evnt: LOAN_CREATED } } }\n",
        "extends: other.yaml\nsteps: [{ at: 1h }]\n",
        "extends: other.yaml\nmambu: { templates: { t: { conditions: { all: [{ is: EQUALS }] } } } }\n",
    ] {
        assert_ne!(said(text), [""; 0], "{text}");
    }
}

#[test]
fn the_schema_knows_the_words_of_closed_lists_and_what_a_set_may_change() {
    let template = "mambu: { templates: { t: { event: EVENT, url: u, body: b, request_type: POST } } }\nsteps: [ { set: { mambu: { WHAT } } } ]";
    let with = |event: &str, what: &str| said(&template.replace("EVENT", event).replace("WHAT", what));
    for (event, what) in [
        ("LOAN_DISBURSEMENT", "webhooks: DISABLED"),
        ("'${EVENT}'", "templates: { t: { activated: false } }"),
        ("CLIENT_APPROVED", "templates: { t: null }"),
    ] {
        assert_eq!(with(event, what), [""; 0], "{event} {what}");
    }
    for (event, what) in [("LOAN_DISBURSMENT", ""), ("CLIENT_APPROVED", "tenat: x")] {
        assert_ne!(with(event, what), [""; 0], "{event} {what}");
    }
}
