//! The marked tree: values of YAML or JSON, each with its place.
//!
//! Numbers keep their text, so that an amount or a hash of digits stays as it was written. Nothing here knows which file
//! format a tree came from, or what its values mean.

use std::collections::HashMap;

use super::source::Span;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The place of the value itself.
    pub span: Span,
    /// The place to point at when something is wrong with the value as a whole: its key, if it has one.
    pub at: Span,
    /// The value.
    pub value: NodeValue,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    /// Nothing: `null`, `~`, or an empty place in YAML.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, as it was written.
    Number(Box<str>),
    /// A text.
    Text(Box<str>),
    /// Values in order.
    List(Vec<Node>),
    /// Values by key, in the order of the file; no key twice.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Box<str>,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A value that has no key.
    pub fn new(span: Span, value: NodeValue) -> Self {
        Self {
            span,
            at: span,
            value,
        }
    }

    /// What the value is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "a truth value",
            NodeValue::Number(_) => "a number",
            NodeValue::Text(_) => "a text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// The text of a text or a number.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            NodeValue::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            NodeValue::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether the value is nothing.
    pub fn is_null(&self) -> bool {
        self.value == NodeValue::Null
    }

    /// The entry of a key, when this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| &*entry.key == key)
    }

    /// The value of a key, when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value that a JSON pointer (RFC 6901) names.
    ///
    /// ```
    /// use scenario_runner::document::{Context, yaml};
    /// let mut cx = Context::default();
    /// let file = cx.sources.add("a.yaml", "templates: { a/b: [ x, y ] }");
    /// let tree = yaml::read(file, &mut cx).unwrap();
    /// assert_eq!(tree.find("/templates/a~1b/1").unwrap().text(), Some("y"));
    /// assert_eq!(tree.nearest("/templates/a~1b/7/z").items().unwrap().len(), 2);
    /// ```
    pub fn find(&self, pointer: &str) -> Option<&Self> {
        let (node, complete) = self.walk(pointer);
        complete.then_some(node)
    }

    /// The deepest value on the way of a JSON pointer that is there: where a mistake about the pointer belongs.
    pub fn nearest(&self, pointer: &str) -> &Self {
        self.walk(pointer).0
    }

    fn walk(&self, pointer: &str) -> (&Self, bool) {
        let mut node = self;
        if pointer.is_empty() {
            return (node, true);
        }
        let Some(steps) = pointer.strip_prefix('/') else {
            return (node, false);
        };
        for step in steps.split('/') {
            let next = match &node.value {
                NodeValue::Map(_) => node.get(&step.replace("~1", "/").replace("~0", "~")),
                NodeValue::List(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return (node, false),
            }
        }
        (node, true)
    }

    /// The same value as plain JSON. A number that JSON has no form for (`.inf`) becomes its text; one that is too long for
    /// a float loses digits, which is why amounts are decoded from the tree and not from this.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(yes) => Value::Bool(*yes),
            NodeValue::Text(text) => Value::String(text.to_string()),
            NodeValue::Number(text) => number_to_json(text),
            NodeValue::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeValue::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.to_string(), entry.value.to_json()))
                    .collect(),
            ),
        }
    }

    /// How many values this is, itself included.
    pub(super) fn count(&self) -> usize {
        1 + match &self.value {
            NodeValue::List(items) => items.iter().map(Self::count).sum(),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
            _ => 0,
        }
    }

    /// How many lists and maps lie within one another, itself included.
    pub(super) fn depth(&self) -> usize {
        match &self.value {
            NodeValue::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            NodeValue::Map(entries) => {
                let inner = entries.iter().map(|entry| entry.value.depth()).max();
                1 + inner.unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// Lays one tree over another: maps merge (the base's keys first), everything else is replaced.
#[must_use]
pub fn merge(base: Node, over: Node) -> Node {
    let (below, above) = match (base.value, over.value) {
        (NodeValue::Map(below), NodeValue::Map(above)) => (below, above),
        (_, value) => return Node { value, ..over },
    };
    let order: Vec<Box<str>> = above.iter().map(|entry| entry.key.clone()).collect();
    let mut above: HashMap<Box<str>, Entry> = above
        .into_iter()
        .map(|entry| (entry.key.clone(), entry))
        .collect();
    let mut merged: Vec<Entry> = below
        .into_iter()
        .map(|base| match above.remove(&base.key) {
            Some(over) => Entry {
                value: merge(base.value, over.value),
                ..over
            },
            None => base,
        })
        .collect();
    merged.extend(order.iter().filter_map(|key| above.remove(key)));
    Node {
        value: NodeValue::Map(merged),
        ..over
    }
}

fn number_to_json(text: &str) -> serde_json::Value {
    use serde_json::{Number, Value};
    let number = if let Some(whole) = whole_number(text) {
        u64::try_from(whole)
            .map(Number::from)
            .or_else(|_| i64::try_from(whole).map(Number::from))
            .ok()
    } else {
        None
    };
    number
        .or_else(|| Number::from_f64(text.parse().ok()?))
        .map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// The value of a whole number as YAML 1.2 writes it: decimal (leading zeros allowed), `0x…` or `0o…`.
pub(super) fn whole_number(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return unsigned(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return unsigned(digits, 8);
    }
    match text.strip_prefix('-') {
        Some(digits) => unsigned(digits, 10).map(|whole| -whole),
        None => unsigned(text.strip_prefix('+').unwrap_or(text), 10),
    }
}

fn unsigned(digits: &str, radix: u32) -> Option<i128> {
    let all_digits = digits.chars().all(|digit| digit.is_digit(radix));
    all_digits
        .then(|| i128::from_str_radix(digits, radix).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Context, yaml};

    fn tree(text: &str) -> Node {
        let mut cx = Context::default();
        let file = cx.sources.add("a.yaml", text);
        let node = yaml::read(file, &mut cx).expect("the text of the test is YAML");
        assert!(cx.mistakes.is_empty());
        node
    }

    #[test]
    fn maps_merge_and_everything_else_is_replaced() {
        let base = tree("{ a: 1, b: { x: 1, y: [1, 2] }, c: { z: 1 } }");
        let over = tree("{ d: 4, b: { y: [3], w: 5 }, c: null }");
        let merged = merge(base, over);
        let keys: Vec<&str> = merged.entries().unwrap().iter().map(|e| &*e.key).collect();
        assert_eq!(keys, ["a", "b", "c", "d"]);
        assert_eq!(
            merged.to_json(),
            serde_json::json!({ "a": 1, "b": { "x": 1, "y": [3], "w": 5 }, "c": null, "d": 4 })
        );
    }

    #[test]
    fn numbers_become_json_numbers_where_json_has_them() {
        let json = tree("[0123, 0x1F, 0o17, -5, 1.50, .5, 18446744073709551615, .inf, 1e3]").to_json();
        assert_eq!(
            json,
            serde_json::json!([123, 31, 15, -5, 1.5, 0.5, u64::MAX, ".inf", 1000.0])
        );
    }

    #[test]
    fn a_pointer_that_leads_nowhere_has_a_nearest_value() {
        let tree = tree("a: { b: [ { c: 1 } ] }");
        assert_eq!(tree.find("/a/b/0/c").unwrap().text(), Some("1"));
        assert_eq!(tree.find("/a/b/0/d"), None);
        assert_eq!(tree.nearest("/a/b/0/d").kind(), "a map");
        assert_eq!(tree.nearest("no pointer"), &tree);
        assert_eq!(tree.find(""), Some(&tree));
    }
}
