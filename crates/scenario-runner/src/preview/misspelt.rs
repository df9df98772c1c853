//! Names in an event that nothing reads, as `check` warns of them in a scenario: values that nothing asks for, and fields
//! that are nearly known ones.
//!
//! Only warnings: Mambu's records are open.

use std::collections::BTreeSet;

use mambu_emitter::Value;
use mambu_emitter::bank::{Change, Fields};
use mambu_emitter::check::{given_names, unknown_value};
use mambu_emitter::mambu::kind_of;

use crate::document::{Context, Mistake, Node, Paint, render, yaml};
use crate::scenario::Scenario;

/// The warnings about an event that was read as a change, for people.
pub(super) fn warnings(
    (label, paint): (&str, Paint),
    event: &str,
    change: &Change,
    scenario: &Scenario,
) -> String {
    let mut cx = Context::default();
    let file = cx.sources.add(label, event);
    if let Some(tree) = yaml::read(file, &mut cx) {
        fields(&tree, change, scenario, &mut cx);
        values(&tree, scenario, &mut cx);
    }
    render(&cx.sources, &cx.mistakes, paint)
}

fn fields(tree: &Node, change: &Change, scenario: &Scenario, cx: &mut Context) {
    if let Some(node) = tree.get("transaction") {
        warn(
            Fields::Transaction,
            "a transaction",
            (&change.transaction, node),
            cx,
            |_| false,
        );
    }
    for entry in tree.get("change").and_then(Node::entries).unwrap_or_default() {
        let Some((kind, record)) =
            kind_of(&entry.key).and_then(|kind| Some((kind, change.laid_over.get(&kind)?)))
        else {
            continue;
        };
        let is_there = |path: &str| {
            scenario
                .bank
                .all(kind)
                .iter()
                .any(|record| record.at(path).is_some())
        };
        warn(
            Fields::Of(kind),
            &format!("a {}", kind.word()),
            (record, &entry.value),
            cx,
            is_there,
        );
    }
}

fn warn(
    fields: Fields,
    what: &str,
    (record, node): (&Value, &Node),
    cx: &mut Context,
    is_there: impl Fn(&str) -> bool,
) {
    for (pointer, name, meant) in fields.misspelt(record) {
        if !is_there(&pointer.trim_start_matches('/').replace('/', ".")) {
            let message = format!("{what} has no field `{name}` in the fact sheets");
            let mistake = Mistake::warning(node.nearest(&pointer).at, message);
            cx.report(mistake.hint(format!("did you mean `{meant}`?")));
        }
    }
}

fn values(tree: &Node, scenario: &Scenario, cx: &mut Context) {
    let used: BTreeSet<String> = scenario.mambu.templates.iter().flat_map(given_names).collect();
    for entry in tree.get("values").and_then(Node::entries).unwrap_or_default() {
        if let Some(near) = unknown_value(&entry.key, &used) {
            let message = format!(
                "no placeholder, condition or template here knows a value `{}`",
                entry.key
            );
            let mistake = Mistake::warning(entry.key_span, message);
            cx.report(mistake.guess(near.as_deref(), "as it is, nothing reads it"));
        }
    }
}
