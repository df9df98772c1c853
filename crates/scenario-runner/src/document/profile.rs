//! A fixture's `profile:` into any [`Profile`], and its JSON Schema.
//!
//! Which settings there are, what they mean and where they come from is known to the profile alone.

use std::time::Duration;

use serde_json::{Map, Value, json};
use sim_world::{Profile, SettingInfo, Slot};

use super::context::Context;
use super::decode::{Decode, unexpected, word_of};
use super::mistake::Mistake;
use super::nearest::{listed, nearest};
use super::node::Node;

/// A profile as a value of a fixture: the defaults, with what the fixture says instead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings<P>(pub P);

impl<P: Profile> Decode for Settings<P> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        // A setting that cannot be read is reported, and does not hide what is wrong with the others.
        let mut profile = P::default();
        apply_profile(node, &mut profile, cx);
        Some(Self(profile))
    }

    fn schema() -> Value {
        profile_schema::<P>()
    }

    fn absent() -> Option<Self> {
        Some(Self(P::default()))
    }
}

/// Changes a profile to what a map says; settings that it does not name stay. `false` when mistakes were reported.
pub fn apply_profile<P: Profile>(node: &Node, profile: &mut P, cx: &mut Context) -> bool {
    let Some(entries) = node.entries() else {
        cx.report(unexpected(node, "settings (a map)"));
        return false;
    };
    let mut fine = true;
    let mut slots = profile.slots();
    for entry in entries {
        let slot = slots.iter_mut().find(|(info, _)| info.name == &*entry.key);
        fine &= if let Some((info, slot)) = slot {
            fill(info, slot, &entry.value, cx).is_some()
        } else {
            let names = || P::infos().iter().map(|info| info.name);
            let key = &entry.key;
            cx.report(
                Mistake::error(entry.key_span, format!("unknown setting `{key}` in the profile")).guess(
                    nearest(key, names()),
                    format!("known settings: {}", listed(names())),
                ),
            );
            false
        };
    }
    fine
}

fn fill(info: &SettingInfo, slot: &mut Slot<'_>, node: &Node, cx: &mut Context) -> Option<()> {
    match slot {
        Slot::Flag(place) => **place = bool::decode(node, cx)?,
        Slot::Count(place) => **place = u64::decode(node, cx)?,
        Slot::Share(place) => {
            let share = f64::decode(node, cx)?;
            if !(0.0..=1.0).contains(&share) {
                let mistake = Mistake::error(node.span, "expected a share from 0 to 1");
                return cx.fail(mistake.hint("20 percent are `0.2`"));
            }
            **place = share;
        }
        Slot::Span(place) => **place = Duration::decode(node, cx)?,
        Slot::Spans(place) => **place = Vec::decode(node, cx)?,
        Slot::Text(place) => **place = String::decode(node, cx)?,
        Slot::Texts(place) => **place = Vec::decode(node, cx)?,
        Slot::Choice(place) => {
            let names = place.names();
            let words: Vec<(&str, &str)> = names.iter().map(|name| (*name, *name)).collect();
            let word = word_of(node, cx, info.name, &words)?;
            place.choose(word);
        }
    }
    Some(())
}

/// The JSON Schema of a profile: each setting with its meaning, mark, source and default.
pub fn profile_schema<P: Profile>() -> Value {
    let mut profile = P::default();
    let settings = profile.slots().into_iter().map(|(info, slot)| {
        let (mut schema, default) = slot_schema(&slot);
        let description = format!("{} ({}: {})", info.meaning.trim(), info.mark.word(), info.source);
        if let Some(parts) = schema.as_object_mut() {
            parts.insert("description".into(), json!(description));
            parts.extend(default.map(|default| ("default".to_owned(), default)));
        }
        (info.name.to_owned(), schema)
    });
    let properties: Map<String, Value> = settings.collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn slot_schema(slot: &Slot<'_>) -> (Value, Option<Value>) {
    fn of<T: Decode>(value: &T) -> (Value, Option<Value>) {
        (T::schema(), value.plain())
    }
    match slot {
        Slot::Flag(value) => of(*value),
        Slot::Count(value) => of(*value),
        Slot::Share(value) => (
            json!({ "type": "number", "minimum": 0, "maximum": 1 }),
            value.plain(),
        ),
        Slot::Span(value) => of(*value),
        Slot::Spans(value) => of(*value),
        Slot::Text(value) => of(*value),
        Slot::Texts(value) => of(*value),
        Slot::Choice(value) => (json!({ "enum": value.names() }), Some(json!(value.name()))),
    }
}
