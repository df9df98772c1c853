//! Values by name, for `${NAME}`: from outside, and the defaults of a fixture, which may use one another.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::SecretString;

use super::context::Context;
use super::decode::unexpected;
use super::interpolate::{MAX_TEXT, fill, is_name, names_in, narrowed, warn_of_shell};
use super::mistake::Mistake;
use super::node::{Entry, Node};
use super::source::Span;

/// Values by name, for `${NAME}`.
#[derive(Clone, Debug, Default)]
pub struct Env {
    pub(super) values: BTreeMap<String, SecretString>,
    /// Names whose values are a fixture's own.
    pub(super) defaults: BTreeSet<String>,
}

impl Env {
    /// Gives a name a value; a value from before is replaced.
    pub fn define(&mut self, name: impl Into<String>, value: &str) {
        self.values.insert(name.into(), value.into());
    }

    /// Takes the names of a map; texts and numbers only. Their places are marked as secret. What is defined already stays, so that
    /// an environment from outside goes before the defaults of a fixture. A text may have `${NAME}` of the others.
    pub fn add_defaults(&mut self, node: &Node, cx: &mut Context) {
        let Some(entries) = node.entries() else {
            cx.report(unexpected(node, "a map of names and texts"));
            return;
        };
        let mut texts: Vec<Given<'_>> = Vec::new();
        for entry in entries {
            let name = &*entry.key;
            cx.hide(&entry.value);
            if !is_name(name) {
                cx.report(no_name(entry));
                continue;
            }
            let Some(text) = entry.value.text() else {
                let empty = entry
                    .value
                    .is_null()
                    .then(|| "for an empty text write `\"\"`".into());
                cx.report(unexpected(&entry.value, "a text").maybe_hint(empty));
                continue;
            };
            if !self.values.contains_key(name) {
                texts.push(Given {
                    name,
                    text,
                    span: entry.value.span,
                });
            }
        }
        // First as they stand, so that all names are known.
        for Given { name, text, .. } in &texts {
            self.define(*name, text);
            self.defaults.insert((*name).to_owned());
        }
        for Given { text, span, .. } in &texts {
            warn_of_shell(text, *span, self, cx);
        }
        Filling::new(&texts).fill(self, cx);
    }

    /// Names and values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

/// A default as it stands in the fixture.
#[derive(Clone, Copy)]
struct Given<'a> {
    name: &'a str,
    text: &'a str,
    span: Span,
}

/// Defaults on the way to their values, each after those that it needs.
struct Filling<'a> {
    names: Vec<&'a str>,
    /// Those that have no value yet.
    open: BTreeMap<&'a str, Given<'a>>,
    /// Those that are being filled in, each needed by the one before it, with what it still needs itself.
    begun: Vec<(&'a str, Vec<&'a str>)>,
    are_begun: BTreeSet<&'a str>,
    /// How many bytes all values may still take; nothing when they took more.
    space: Option<usize>,
}

impl<'a> Filling<'a> {
    fn new(texts: &[Given<'a>]) -> Self {
        Self {
            names: texts.iter().map(|default| default.name).collect(),
            open: texts.iter().map(|default| (default.name, *default)).collect(),
            begun: Vec::new(),
            are_begun: BTreeSet::new(),
            space: Some(MAX_TEXT),
        }
    }

    /// Gives every default its value. One that goes round in a circle is reported, and is nothing.
    fn fill(mut self, env: &mut Env, cx: &mut Context) {
        for name in std::mem::take(&mut self.names) {
            self.begin(name);
            while let Some((name, needed)) = self.begun.last_mut() {
                let name = *name;
                match needed.pop() {
                    Some(needed) if self.are_begun.contains(needed) => {
                        self.break_circle(name, needed, env, cx);
                    }
                    Some(needed) => self.begin(needed),
                    None => self.finish(name, env, cx),
                }
            }
        }
    }

    /// Begins with a name, unless it has its value.
    fn begin(&mut self, name: &'a str) {
        if let Some(default) = self.open.get(name) {
            self.begun.push((name, names_in(default.text)));
            self.are_begun.insert(name);
        }
    }

    fn break_circle(&mut self, name: &'a str, needed: &str, env: &mut Env, cx: &mut Context) {
        if let Some(default) = self.open.remove(name) {
            let message = format!("`${{{needed}}}` needs `{name}` itself");
            let mistake = Mistake::error(narrowed(default.span, needed, cx), message);
            cx.report(mistake.hint("names under `env:` may use one another, but not in a circle"));
            env.define(name, "");
        }
    }

    fn finish(&mut self, name: &'a str, env: &mut Env, cx: &mut Context) {
        self.are_begun.remove(name);
        self.begun.pop();
        let Some(Given { text, span, .. }) = self.open.remove(name) else {
            return;
        };
        let filled = fill(text, span, env, cx).unwrap_or_default();
        let left = self.space.and_then(|space| space.checked_sub(filled.len()));
        if self.space.is_some() && left.is_none() {
            let message = format!("the values become longer than {MAX_TEXT} bytes together");
            cx.report(Mistake::error(span, message));
        }
        self.space = left;
        env.define(name, if left.is_some() { &filled } else { "" });
    }
}

fn no_name(entry: &Entry) -> Mistake {
    let name = &*entry.key;
    let mistake = Mistake::error(entry.key_span, format!("`{name}` cannot be used as `${{…}}`"));
    let better = name.replace(['-', '.', ' '], "_");
    if is_name(&better) {
        mistake.hint(format!("a name has letters, digits and `_`: `{better}`"))
    } else {
        mistake.hint("a name has letters, digits and `_`, and does not begin with a digit")
    }
}
