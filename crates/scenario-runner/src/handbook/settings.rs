//! The page of settings: both profiles, with the mark and source of every default.

use serde_json::Value;
use sim_world::{Mark, Profile, SettingInfo};

use super::{code, head, table};
use crate::document::profile_schema;

/// Every setting of both profiles: name, default, meaning, mark, source.
pub fn settings() -> String {
    let mut page = head(
        "Settings",
        "The vendors leave much undocumented. Each such fact is one setting with a default; nothing undocumented is decided\n\
         anywhere else. A scenario changes them under `mambu: { profile: … }` and `mpo: { profile: … }`, a `set` step in the middle\n\
         of a run.\n",
    );
    page.push_str(&table(
        ["mark", "the default is"],
        [
            (Mark::Documented, "stated in the vendor's own documentation"),
            (
                Mark::Observed,
                "seen in public code, exports or configuration, not in the documentation",
            ),
            (
                Mark::Assumed,
                "this project's own: nobody says. Measure your tenant, and set what you see",
            ),
        ]
        .map(|(mark, meaning)| [mark.word().to_owned(), meaning.to_owned()]),
    ));
    page.push_str(
        "\nSources are sections of the [webhooks sheet](facts/mambu-webhooks.md) and the [receiver sheet](facts/mpo-receiver.md), \
         which name the vendors' pages and public code that each fact comes from.\n",
    );
    page.push_str("\n## Mambu\n\n`mambu: { profile: … }`\n\n");
    page.push_str(&of::<mambu_emitter::Profile>());
    page.push_str("\n## MPO\n\n`mpo: { profile: … }`\n\n");
    page.push_str(&of::<mpo_receiver::Profile>());
    page
}

fn of<P: Profile>() -> String {
    let schema = profile_schema::<P>();
    let row = |info: &SettingInfo| {
        let of_setting = &schema["properties"][info.name];
        let choices = of_setting["enum"].as_array().map(|names| {
            let names: Vec<String> = names.iter().filter_map(Value::as_str).map(code).collect();
            format!(" One of {}.", names.join(", "))
        });
        [
            code(info.name),
            default(&of_setting["default"]),
            info.meaning.trim().to_owned() + &choices.unwrap_or_default(),
            info.mark.word().to_owned(),
            info.source.to_owned(),
        ]
    };
    table(
        ["setting", "default", "meaning", "mark", "source"],
        P::infos().iter().map(row),
    )
}

/// A default as it would be written in a fixture.
fn default(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => code("\"\""),
        Value::String(text) => code(text),
        Value::Array(list) => {
            let parts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            code(&format!("[{}]", parts.join(", ")))
        }
        other => code(&other.to_string()),
    }
}
