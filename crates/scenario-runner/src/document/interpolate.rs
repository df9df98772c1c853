//! `${NAME}` in the texts of a tree, filled in from an environment.
//!
//! Keys, numbers and everything that is no text stay as they are. `$${` stands for a literal `${`; a `$` before anything else means
//! itself. What is filled in is a secret until somebody shows otherwise: its definition is not printed, and messages quote the file, where
//! `${NAME}` stands.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret as _, SecretString};

use super::context::Context;
use super::decode::unexpected;
use super::mistake::Mistake;
use super::nearest::{listed, nearest};
use super::node::{Node, NodeValue};
use super::source::Span;

/// How long a text may become by filling in.
const MAX_TEXT: usize = 1 << 20;

/// Values by name, for `${NAME}`.
#[derive(Clone, Debug, Default)]
pub struct Env {
    values: BTreeMap<String, SecretString>,
    /// Names whose values are a fixture's own.
    defaults: BTreeSet<String>,
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
        let mut texts: Vec<(&str, &str, Span)> = Vec::new();
        for entry in entries {
            let name = &*entry.key;
            cx.hide(&entry.value);
            if !is_name(name) {
                let mistake = Mistake::error(entry.key_span, format!("`{name}` cannot be used as `${{…}}`"));
                let better = name.replace(['-', '.', ' '], "_");
                cx.report(if is_name(&better) {
                    mistake.hint(format!("a name has letters, digits and `_`: `{better}`"))
                } else {
                    mistake.hint("a name has letters, digits and `_`, and does not begin with a digit")
                });
                continue;
            }
            let Some(text) = entry.value.text() else {
                let mistake = unexpected(&entry.value, "a text");
                cx.report(
                    mistake.maybe_hint(
                        entry
                            .value
                            .is_null()
                            .then(|| "for an empty text write `\"\"`".into()),
                    ),
                );
                continue;
            };
            if !self.values.contains_key(name) {
                texts.push((name, text, entry.value.span));
            }
        }
        // First as they stand, so that all names are known.
        for (name, text, _) in &texts {
            self.define(*name, text);
            self.defaults.insert((*name).to_owned());
        }
        for (_, text, span) in &texts {
            warn_of_shell(text, *span, self, cx);
        }
        self.fill_in(texts, cx);
    }

    /// Fills in defaults, each after those that it needs. What goes round in a circle is reported, and is nothing.
    fn fill_in(&mut self, texts: Vec<(&str, &str, Span)>, cx: &mut Context) {
        let names: Vec<&str> = texts.iter().map(|(name, ..)| *name).collect();
        let mut open: BTreeMap<&str, (&str, Span)> = texts
            .into_iter()
            .map(|(name, text, span)| (name, (text, span)))
            .collect();
        // Those that are being filled in, each needed by the one before it, with what it needs itself.
        let mut begun: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut are_begun = BTreeSet::new();
        let mut space = Some(MAX_TEXT);
        for name in names {
            begun.extend(open.get(name).map(|(text, _)| (name, names_in(text))));
            while let Some((name, needed)) = begun.last_mut() {
                let name = *name;
                are_begun.insert(name);
                match needed.pop() {
                    Some(needed) if are_begun.contains(needed) => {
                        if let Some((_, span)) = open.remove(name) {
                            let message = format!("`${{{needed}}}` needs `{name}` itself");
                            let mistake = Mistake::error(narrowed(span, needed, cx), message);
                            cx.report(
                                mistake.hint("names under `env:` may use one another, but not in a circle"),
                            );
                            self.define(name, "");
                        }
                    }
                    Some(needed) => {
                        begun.extend(open.get(needed).map(|(text, _)| (needed, names_in(text))));
                    }
                    None => {
                        if let Some((text, span)) = open.remove(name) {
                            let filled = fill(text, span, self, cx).unwrap_or_default();
                            if let Some(room) = space {
                                space = room.checked_sub(filled.len());
                                if space.is_none() {
                                    let message =
                                        format!("the values become longer than {MAX_TEXT} bytes together");
                                    cx.report(Mistake::error(span, message));
                                }
                            }
                            self.define(name, if space.is_some() { &filled } else { "" });
                        }
                        are_begun.remove(name);
                        begun.pop();
                    }
                }
            }
        }
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

/// Fills in every `${NAME}` in the texts of a tree. An unknown name is reported and stays as it is.
pub fn interpolate(node: &mut Node, env: &Env, cx: &mut Context) {
    match &mut node.value {
        NodeValue::Text(text) => {
            warn_of_shell(text, node.span, env, cx);
            if text.contains("${") {
                match fill(text, node.span, env, cx) {
                    Some(filled) => {
                        cx.mark_filled(node.span, &filled);
                        *text = filled.into();
                    }
                    None => cx.mark_unfilled(node.span),
                }
            }
        }
        NodeValue::List(items) => items.iter_mut().for_each(|item| interpolate(item, env, cx)),
        NodeValue::Map(entries) => entries
            .iter_mut()
            .for_each(|entry| interpolate(&mut entry.value, env, cx)),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) => {}
    }
}

/// A piece of a text in which something is filled in.
enum Piece<'a> {
    Text(&'a str),
    /// `${NAME}`
    Name(&'a str),
    /// `${NAME` and no `}`
    Open(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, inner) = (&rest[..at], &rest[at + 2..]);
        let name = &inner[..name_length(inner)];
        rest = inner;
        if let Some(before) = before.strip_suffix('$') {
            pieces.extend([Piece::Text(before), Piece::Text("${")]);
        } else if name.is_empty() {
            pieces.extend([Piece::Text(before), Piece::Text("${")]);
        } else if let Some(behind) = inner[name.len()..].strip_prefix('}') {
            pieces.extend([Piece::Text(before), Piece::Name(name)]);
            rest = behind;
        } else {
            pieces.extend([Piece::Text(before), Piece::Open(name)]);
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What is filled into a text.
fn names_in(text: &str) -> Vec<&str> {
    let name = |piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Text(_) | Piece::Open(_) => None,
    };
    pieces(text).into_iter().filter_map(name).collect()
}

fn fill(text: &str, span: Span, env: &Env, cx: &mut Context) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut is_whole = true;
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Open(name) => {
                let message = format!("`${{{name}` is not closed; expected `}}` right after the name");
                let mistake = Mistake::error(narrowed(span, name, cx), message);
                cx.report(mistake.hint("for a literal `${` write `$${`"));
                return None;
            }
            Piece::Name(name) => {
                cx.note_name(name, env.defaults.contains(name));
                if let Some(value) = env.values.get(name) {
                    filled.push_str(value.expose_secret());
                } else {
                    cx.report(unknown(name, span, env, cx));
                    is_whole = false;
                }
            }
        }
        if filled.len() > MAX_TEXT {
            let message = format!("the text becomes longer than {MAX_TEXT} bytes");
            cx.report(Mistake::error(span, message));
            return None;
        }
    }
    is_whole.then_some(filled)
}

fn unknown(name: &str, span: Span, env: &Env, cx: &Context) -> Mistake {
    let mistake = Mistake::error(
        narrowed(span, name, cx),
        format!("nothing is known as `${{{name}}}`"),
    );
    let otherwise = if env.values.is_empty() {
        "define it under `env:`, or in a file for `--env`".to_owned()
    } else {
        format!("define it under `env:`; known are {}", listed(env.names()))
    };
    mistake.guess(nearest(name, env.names()), otherwise)
}

/// `$NAME` fills nothing in, as it would in a shell. What is no name of the environment may well be meant as it is written.
fn warn_of_shell(text: &str, span: Span, env: &Env, cx: &mut Context) {
    let named = text.match_indices('$').find_map(|(at, _)| {
        let behind = &text[at + 1..];
        let name = &behind[..name_length(behind)];
        env.values.contains_key(name).then_some(name)
    });
    // Nothing is repeated of a text that may be a secret.
    let mistake = match named {
        Some(name) => Mistake::warning(span, format!("`${name}` is literal"))
            .hint(format!("write `${{{name}}}` for what it stands for")),
        None if text.strip_prefix('$').is_some_and(looks_named) => {
            Mistake::warning(span, "`$NAME` is literal, and reads no environment")
                .hint("write `${NAME}`, and define it under `env:` or in a file for `--env`")
        }
        None => return,
    };
    cx.report(mistake);
}

/// Whether a text has the form that names of environments have: capitals.
pub(super) fn looks_named(text: &str) -> bool {
    text.len() > 2 && is_name(text) && text.bytes().all(|byte| !byte.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// The length of the name that a text begins with.
fn name_length(text: &str) -> usize {
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return 0;
    }
    text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
        .unwrap_or(text.len())
}

/// The place of `${NAME` within a text, as far as the file shows it.
fn narrowed(span: Span, name: &str, cx: &Context) -> Span {
    let written = cx.sources.slice(span);
    let found = written.match_indices("${").find_map(|(at, _)| {
        let inner = &written[at + 2..];
        (&inner[..name_length(inner)] == name).then_some(at)
    });
    found.map_or(span, |at| {
        let start = span.start + at;
        let closed = written[at + 2 + name.len()..].starts_with('}');
        span.file
            .span(start, start + 2 + name.len() + usize::from(closed))
    })
}
