//! From marked trees to values: the [`Decode`] trait, and the shapes that every document has (lists, maps by name, what may be missing).
//!
//! A decoder never stops at the first mistake of a value that has parts. What single scalars look like is the business of `scalars`,
//! maps with fixed keys that of `fields`.

use serde_json::{Value, json};

use super::context::Context;
use super::mistake::Mistake;
use super::nearest::{listed, nearest};
use super::node::{Node, NodeValue};
use super::source::Span;

/// A value that can be read from a marked tree.
pub trait Decode: Sized {
    /// The value. `None` means that mistakes were reported; a value may still come with mistakes (an unknown key).
    fn decode(node: &Node, cx: &mut Context) -> Option<Self>;

    /// A JSON Schema 2020-12 fragment for what [`decode`](Self::decode) accepts.
    fn schema() -> Value;

    /// The value of a key that is not there; `None` when the key is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The value in plain JSON, for the `default` of a schema; `None` when it has no simple form.
    fn plain(&self) -> Option<Value> {
        None
    }
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let value = T::decode(node, cx)?;
        Some(Self {
            value,
            span: node.span,
        })
    }

    fn schema() -> Value {
        T::schema()
    }

    fn plain(&self) -> Option<Value> {
        self.value.plain()
    }
}

/// Values by name, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Named<T> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(known, _)| known.value == name)
            .map(|(_, value)| value)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.value.as_str())
    }

    /// Names with values, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (Spanned<String>, T)> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> IntoIterator for Named<T> {
    type Item = (Spanned<String>, T);
    type IntoIter = std::vec::IntoIter<Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Named<T> {
    type Item = &'a (Spanned<String>, T);
    type IntoIter = std::slice::Iter<'a, (Spanned<String>, T)>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Some(entries) = node.entries() else {
            let mistake = unexpected(node, "a map of names");
            return cx.fail(mistake.hint("give each a name: `name: …`"));
        };
        let decoded: Vec<_> = entries
            .iter()
            .map(|entry| {
                let name = Spanned {
                    value: entry.key.to_string(),
                    span: entry.key_span,
                };
                T::decode(&entry.value, cx).map(|value| (name, value))
            })
            .collect();
        decoded.into_iter().collect::<Option<_>>().map(Self)
    }

    fn schema() -> Value {
        json!({ "type": "object", "additionalProperties": T::schema() })
    }

    fn plain(&self) -> Option<Value> {
        self.is_empty().then(|| json!({}))
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Some(items) = node.items() else {
            let mistake = unexpected(node, "a list");
            let hint = match node.value {
                NodeValue::Null => None,
                NodeValue::Map(_) if !cx.sources.slice(node.span).starts_with('{') => {
                    Some("begin each item with `- `".to_owned())
                }
                _ => Some("put it into `[ ]`".to_owned()),
            };
            return cx.fail(mistake.maybe_hint(hint));
        };
        let decoded: Vec<_> = items.iter().map(|item| T::decode(item, cx)).collect();
        decoded.into_iter().collect()
    }

    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }

    fn plain(&self) -> Option<Value> {
        self.iter()
            .map(T::plain)
            .collect::<Option<Vec<_>>>()
            .map(Value::Array)
    }
}

/// A key that may be missing, or have nothing as its value.
impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if node.is_null() {
            Some(None)
        } else {
            T::decode(node, cx).map(Some)
        }
    }

    fn schema() -> Value {
        let mut schema = T::schema();
        if let Some(Value::String(one)) = schema.get("type") {
            schema["type"] = json!([one, "null"]);
        } else if let Some(Value::Array(several)) = schema.get_mut("type") {
            several.push(json!("null"));
        } else if schema.as_object().is_some_and(|parts| !parts.is_empty()) {
            return json!({ "anyOf": [schema, { "type": "null" }] });
        }
        schema
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn plain(&self) -> Option<Value> {
        self.as_ref()?.plain()
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(Self::new)
    }

    fn schema() -> Value {
        T::schema()
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }

    fn plain(&self) -> Option<Value> {
        T::plain(self)
    }
}

/// Any value, as it stands.
impl Decode for Node {
    fn decode(node: &Node, _: &mut Context) -> Option<Self> {
        Some(node.clone())
    }

    fn schema() -> Value {
        json!({})
    }
}

/// Any value, as plain JSON.
impl Decode for Value {
    fn decode(node: &Node, _: &mut Context) -> Option<Self> {
        Some(node.to_json())
    }

    fn schema() -> Value {
        json!({})
    }

    fn plain(&self) -> Option<Value> {
        Some(self.clone())
    }
}

/// The mistake for a value of another kind than expected.
pub(crate) fn unexpected(node: &Node, expected: &str) -> Mistake {
    let place = match node.value {
        NodeValue::Map(_) | NodeValue::List(_) => node.at,
        _ => node.span,
    };
    Mistake::error(place, format!("expected {expected}, found {}", node.kind()))
}

/// Reads one of a closed list of words; the words are known as `what`.
pub fn word_of<T: Copy>(node: &Node, cx: &mut Context, what: &str, words: &[(&str, T)]) -> Option<T> {
    if cx.is_unfilled(node) {
        return None;
    }
    let names = || words.iter().map(|(word, _)| *word);
    let Some(text) = node.text() else {
        let mistake = unexpected(node, &format!("the {what}")).hint(format!("one of {}", listed(names())));
        return cx.fail(mistake);
    };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*value);
    }
    // A near name would tell what a secret is.
    let guess = cx.is_open(node).then(|| nearest(text, names())).flatten();
    let message = format!("unknown {what} {}", cx.quote(node));
    cx.fail(Mistake::error(node.span, message).guess(guess, format!("one of {}", listed(names()))))
}
