//! Maps with fixed keys: each key is asked for once, and what nobody asked for is a mistake.
//!
//! All keys are decoded even when one fails, so that all mistakes show at once.

use super::context::Context;
use super::decode::{Decode, unexpected};
use super::mistake::Mistake;
use super::nearest::{did_you_mean, listed};
use super::node::{Entry, Node};

/// A map that is being decoded key by key.
///
/// ```
/// use scenario_runner::document::{Context, Fields, render, Paint, yaml};
/// let mut cx = Context::default();
/// let file = cx.sources.add("a.yaml", "ulr: x\n");
/// let node = yaml::read(file, &mut cx).unwrap();
/// let mut fields = Fields::of(&node, &mut cx, "a template").unwrap();
/// let url: Option<String> = fields.required("url");
/// fields.finish();
/// assert_eq!(url, None);
/// assert!(render(&cx.sources, &cx.mistakes, Paint::Plain).contains("did you mean `url`?"));
/// ```
#[derive(Debug)]
pub struct Fields<'n, 'c> {
    node: &'n Node,
    entries: &'n [Entry],
    cx: &'c mut Context,
    what: &'static str,
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'n, 'c> Fields<'n, 'c> {
    /// Begins with a map that is known as `what` ("a template"); anything else is reported.
    pub fn of(node: &'n Node, cx: &'c mut Context, what: &'static str) -> Option<Self> {
        let Some(entries) = node.entries() else {
            return cx.fail(unexpected(node, &format!("{what} (a map)")));
        };
        Some(Self {
            node,
            entries,
            cx,
            what,
            known: Vec::new(),
            missing: Vec::new(),
        })
    }

    /// The value of a key. A missing key is reported, unless the type says what it means (as `Option` does).
    pub fn required<T: Decode>(&mut self, key: &'static str) -> Option<T> {
        match self.raw(key) {
            Some(entry) => T::decode(&entry.value, self.cx),
            None => T::absent().or_else(|| {
                self.missing.push(key);
                None
            }),
        }
    }

    /// The value of a key that may be missing; the outer `None` means that mistakes were reported.
    pub fn optional<T: Decode>(&mut self, key: &'static str) -> Option<Option<T>> {
        self.required(key)
    }

    /// The value of a key, or what it is when the key is missing.
    pub fn or<T: Decode>(&mut self, key: &'static str, default: T) -> Option<T> {
        match self.raw(key) {
            Some(entry) => T::decode(&entry.value, self.cx),
            None => Some(default),
        }
    }

    /// The entry of a key as it stands, if it is there.
    pub fn raw(&mut self, key: &'static str) -> Option<&'n Entry> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.iter().find(|entry| &*entry.key == key)
    }

    /// The entry of that one of these keys which is there. None of them or several are reported.
    pub fn one_of(&mut self, keys: &[&'static str]) -> Option<(&'static str, &'n Entry)> {
        let present: Vec<_> = keys
            .iter()
            .filter_map(|key| Some((*key, self.raw(key)?)))
            .collect();
        match present[..] {
            [one] => Some(one),
            [] => {
                let message = format!("{} needs one of {}", self.what, listed(keys.iter().copied()));
                let mut present = self.entries.iter();
                let hint = present.find_map(|entry| did_you_mean(&entry.key, keys.iter().copied()));
                self.cx
                    .fail(Mistake::error(self.node.at, message).maybe_hint(hint))
            }
            [(first, entry), (second, other), ..] => {
                let message = format!(
                    "{} has `{first}` and `{second}`; only one of them can stand here",
                    self.what
                );
                let (upper, lower) = if entry.key_span.start < other.key_span.start {
                    (entry, other)
                } else {
                    (other, entry)
                };
                self.cx
                    .fail(Mistake::error(lower.key_span, message).also(upper.key_span, "the other one"))
            }
        }
    }

    /// The map itself.
    pub fn node(&self) -> &'n Node {
        self.node
    }

    /// Where mistakes go.
    pub fn cx(&mut self) -> &mut Context {
        self.cx
    }

    /// Ends with a mistake for each required key that is missing and each key that is not known. Without this call further keys
    /// are fine, as in files that a vendor wrote; see [`finish_open`](Self::finish_open).
    pub fn finish(self) {
        for entry in self
            .entries
            .iter()
            .filter(|entry| !self.known.contains(&&*entry.key))
        {
            let key = &entry.key;
            let mistake = Mistake::error(entry.key_span, format!("unknown key `{key}` in {}", self.what))
                .maybe_hint(did_you_mean(key, self.known.iter().copied()));
            let mistake = if self.known.is_empty() {
                mistake
            } else {
                mistake.hint(format!("known keys: {}", listed(self.known.iter().copied())))
            };
            self.cx.mistakes.push(mistake);
        }
        self.finish_open();
    }

    /// Ends with a mistake for each required key that is missing; further keys are fine.
    pub fn finish_open(self) {
        for key in &self.missing {
            let message = format!("{} needs the key `{key}`", self.what);
            self.cx
                .mistakes
                .push(Mistake::error(self.node.at, message).label(format!("`{key}` is missing")));
        }
    }
}
