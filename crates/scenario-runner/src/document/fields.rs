//! Maps with fixed keys: each key is asked for once, and what nobody asked for is a mistake.
//!
//! All keys are decoded even when one fails, so that all mistakes show at once.

use super::context::Context;
use super::decode::{Decode, unexpected};
use super::mask::sounds_secret;
use super::mistake::Mistake;
use super::nearest::{listed, nearest_key};
use super::node::{Entry, Node};
use super::source::Span;

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
        Self::like(node, cx, what, &[])
    }

    /// The same, with examples of such a map for those who wrote something else.
    pub fn like(node: &'n Node, cx: &'c mut Context, what: &'static str, examples: &[&str]) -> Option<Self> {
        let Some(entries) = node.entries() else {
            let mistake = unexpected(node, &format!("{what} (a map)"));
            let hint = examples.first().map(|example| format!("such as `{example}`"));
            return cx.fail(mistake.maybe_hint(hint));
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
                // A misspelt one is reported as an unknown key.
                let mut unknown = self
                    .entries
                    .iter()
                    .filter(|entry| !self.known.contains(&&*entry.key));
                if unknown.any(|entry| nearest_key(&entry.key, keys.iter().copied()).is_some()) {
                    return None;
                }
                let message = format!("{} needs one of {}", self.what, listed(keys.iter().copied()));
                self.cx.fail(Mistake::error(self.node.at, message))
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

    /// Ends with a mistake for each required key that is missing and each key that is not known; a missing key that is there
    /// misspelt counts once. Without this call further keys are fine, as in files that a vendor wrote; see
    /// [`finish_open`](Self::finish_open).
    pub fn finish(mut self) {
        for entry in self.entries {
            let key = &*entry.key;
            if self.known.contains(&key) {
                continue;
            }
            let absent = |known: &&str| !self.stands_beside(entry, known);
            let near = nearest_key(key, self.known.iter().copied().filter(absent));
            self.missing.retain(|missing| near != Some(*missing));
            // Whatever a password is called: what nobody asked for is not printed, unless its meaning is clear.
            match near {
                Some(near) if sounds_secret(near) => self.cx.hide(&entry.value),
                Some(_) => {}
                None => self.cx.hide_unasked(&entry.value),
            }
            let mistake = Mistake::error(entry.key_span, format!("unknown key `{key}` in {}", self.what));
            self.cx.mistakes.push(match near {
                Some(near) => mistake.hint(format!("did you mean `{near}`?")),
                None if self.known.is_empty() => mistake,
                None => mistake.hint(format!("known keys: {}", listed(self.known.iter().copied()))),
            });
        }
        self.finish_open();
    }

    /// Whether a key stands in the same layer as an entry. What another layer has can be what was meant here.
    fn stands_beside(&self, entry: &Entry, key: &str) -> bool {
        let span = self.node.span;
        let layer = |key: Span| {
            let is_upper = key.file == span.file && span.start <= key.start && key.end <= span.end;
            (key.file, is_upper)
        };
        let there = self.entries.iter().find(|entry| &*entry.key == key);
        there.is_some_and(|there| layer(there.key_span) == layer(entry.key_span))
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
