//! `${NAME}` in the texts of a tree, filled in from an environment.
//!
//! Keys, numbers and everything that is no text stay as they are. `$${` stands for a literal `${`; a `$` before anything else means
//! itself. What is filled in is a secret until somebody shows otherwise: its definition is not printed, and messages quote the file, where
//! `${NAME}` stands.

use secrecy::ExposeSecret as _;

use super::context::Context;
use super::environment::Env;
use super::mistake::Mistake;
use super::nearest::{listed, nearest};
use super::node::{Node, NodeValue};
use super::source::Span;

/// How long a text may become by filling in.
pub(super) const MAX_TEXT: usize = 1 << 20;

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
pub(super) fn names_in(text: &str) -> Vec<&str> {
    let name = |piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Text(_) | Piece::Open(_) => None,
    };
    pieces(text).into_iter().filter_map(name).collect()
}

pub(super) fn fill(text: &str, span: Span, env: &Env, cx: &mut Context) -> Option<String> {
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
pub(super) fn warn_of_shell(text: &str, span: Span, env: &Env, cx: &mut Context) {
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

pub(super) fn is_name(text: &str) -> bool {
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
pub(super) fn narrowed(span: Span, name: &str, cx: &Context) -> Span {
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
