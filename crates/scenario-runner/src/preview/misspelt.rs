//! Names in an event that nothing reads, as `check` warns of them in a scenario: values that nothing asks for, and fields
//! that are nearly known ones.
//!
//! Only warnings: Mambu's records are open.

use std::collections::BTreeSet;

use mambu_emitter::bank::{Bank, Change, Fields};
use mambu_emitter::check::given_names;
use mambu_emitter::mambu::kind_of;

use crate::document::{Context, Node, Paint, render, yaml};
use crate::fixture::misspelt::{warn_of_fields, warn_of_value};
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
        fields(&tree, change, &scenario.bank, &mut cx);
        values(&tree, scenario, &mut cx);
    }
    render(&cx.sources, &cx.mistakes, paint)
}

fn fields(tree: &Node, change: &Change, bank: &Bank, cx: &mut Context) {
    if let Some(node) = tree.get("transaction") {
        let transaction = (&change.transaction, node);
        warn_of_fields(Fields::Transaction, "a transaction", transaction, None, cx);
    }
    for entry in tree.get("change").and_then(Node::entries).unwrap_or_default() {
        let known = kind_of(&entry.key).and_then(|kind| Some((kind, change.laid_over.get(&kind)?)));
        if let Some((kind, record)) = known {
            let what = format!("a {}", kind.word());
            warn_of_fields(Fields::Of(kind), &what, (record, &entry.value), Some(bank), cx);
        }
    }
}

fn values(tree: &Node, scenario: &Scenario, cx: &mut Context) {
    let used: BTreeSet<String> = scenario.mambu.templates.iter().flat_map(given_names).collect();
    for entry in tree.get("values").and_then(Node::entries).unwrap_or_default() {
        warn_of_value(&entry.key, entry.key_span, &used, cx);
    }
}
