//! The document layer as a whole: from texts to values, and to the printed mistakes.

mod decoding;
mod masking;
mod never_panics;
mod reading;
mod rendering;

use super::{Context, Decode, Node, Paint, json, render, yaml};

/// A YAML text as a tree, and the mistakes as they are printed.
fn read_yaml(text: &str) -> (Option<Node>, String) {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", text);
    let node = yaml::read(file, &mut cx);
    (node, printed(&cx))
}

fn read_json(text: &str) -> (Option<Node>, String) {
    let mut cx = Context::default();
    let file = cx.sources.add("a.json", text);
    let node = json::read(file, &mut cx);
    (node, printed(&cx))
}

fn decode<T: Decode>(text: &str) -> (Option<T>, String) {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", text);
    let value = yaml::read(file, &mut cx).and_then(|node| T::decode(&node, &mut cx));
    (value, printed(&cx))
}

fn printed(cx: &Context) -> String {
    render(&cx.sources, &cx.mistakes, Paint::Plain)
}

/// Compares printed mistakes, with both texts in full when they differ.
#[track_caller]
fn assert_prints(printed: &str, expected: &str) {
    assert!(printed == expected, "printed:\n{printed}\nexpected:\n{expected}");
}
