//! The record of a message where a template is expected, alone or in the list that a search of Mambu's API answers with.

use crate::document::{Context, Entry, Mistake, Node, Paint, json, render};

/// What is said about a file, for people, that has what the communication log keeps of messages.
pub(super) fn instead_of_template(label: &str, text: &str, paint: Paint) -> Option<String> {
    let mut cx = Context::default();
    let file = cx.sources.add(label, text);
    let tree = json::read(file, &mut cx)?;
    let records = tree.items().unwrap_or(std::slice::from_ref(&tree));
    let state = records.first().and_then(state_of_message)?;
    // What stands in it is for `why`, which knows what may be shown of it.
    cx.hide(&tree);
    let (found, hint) = match records.len() {
        1 => (
            "the record of a message",
            format!("`mposim why {label}` explains it"),
        ),
        _ => (
            "records of messages",
            "`mposim why` explains one of them in a file of its own".to_owned(),
        ),
    };
    let mistake = Mistake::error(state.key_span, format!("expected a template, found {found}"));
    cx.report(mistake.label("no template has this key").hint(hint));
    Some(render(&cx.sources, &cx.mistakes, paint))
}

/// Where a record says what became of the message: it has a destination beside it, and no subscription.
fn state_of_message(record: &Node) -> Option<&Entry> {
    let is_message = record.get("destination").is_some() && record.get("subscriptionOption").is_none();
    record.entry("state").filter(|_| is_message)
}
