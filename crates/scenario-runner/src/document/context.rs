//! What reading and decoding carry along: the files and the mistakes found in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use secrecy::{ExposeSecret as _, SecretString};

use super::interpolate::looks_named;
use super::mask::{is_filled_in_whole, sounds_secret};
use super::mistake::{Mistake, Mistakes};
use super::node::{Node, NodeValue};
use super::source::{Sources, Span};

/// How many characters of a value a message quotes.
const MAX_QUOTED: usize = 60;

/// The files read so far, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Context {
    /// The files.
    pub sources: Sources,
    /// The mistakes.
    pub mistakes: Mistakes,
    /// Places of texts with a `${NAME}` that nothing was filled in for. That is reported; what comes of it is not.
    unfilled: HashSet<Span>,
    /// What was filled in, by the place of the text.
    filled: HashMap<Span, SecretString>,
    /// Names of the environment that texts ask for, each with whether a fixture's own default is what it stands for.
    names: BTreeMap<String, bool>,
    /// Names that stand for something.
    defined: BTreeSet<String>,
}

impl Context {
    /// Takes a mistake down. Where it repeats a text that was filled in, it shows the `${NAME}` of the file instead.
    pub fn report(&mut self, mut mistake: Mistake) {
        if let Some(filled) = self.filled.get(&mistake.span) {
            let filled = filled.expose_secret();
            let written = self.quote_span(mistake.span);
            let written = written.trim_matches('`');
            let as_written = |text: &mut String| {
                *text = replaced(text, filled, written);
            };
            as_written(&mut mistake.message);
            mistake.hints.iter_mut().for_each(as_written);
        }
        self.mistakes.push(mistake);
    }

    /// Takes a mistake down that stops the work; returns `None` for the value that could not be made.
    pub fn fail<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.report(mistake);
        None
    }

    /// A value as a message may quote it: the way it stands in its file (`${NAME}` not filled in), secrets covered, cut when long.
    pub fn quote(&self, node: &Node) -> String {
        self.quote_span(node.span)
    }

    /// The text of a span as a message may quote it.
    pub fn quote_span(&self, span: Span) -> String {
        if self.mistakes.is_full() {
            return String::new();
        }
        let shown = self.sources.masked(span);
        let first = shown.lines().next().unwrap_or_default().trim();
        let inner = ['"', '\'']
            .iter()
            .find_map(|quote| first.strip_prefix(*quote)?.strip_suffix(*quote));
        let inner = inner.unwrap_or(first);
        match inner.char_indices().nth(MAX_QUOTED) {
            Some((cut, _)) => format!("`{}…`", &inner[..cut]),
            None => format!("`{inner}`"),
        }
    }

    /// Marks every scalar of a value as secret. Brackets, keys and what is a reference to the environment and nothing else stay.
    pub fn hide(&mut self, node: &Node) {
        match &node.value {
            NodeValue::List(items) => items.iter().for_each(|item| self.hide(item)),
            NodeValue::Map(entries) => entries.iter().for_each(|entry| self.hide(&entry.value)),
            NodeValue::Null => {}
            _ if is_filled_in_whole(self.sources.slice(node.span)) => {}
            _ => self.sources.mark_secret(node.span),
        }
    }

    /// Marks every scalar as secret of a value that nobody asked for, and that may be a password under a wrong name. What is
    /// too little for one stays, so that the mistake can be seen.
    pub(super) fn hide_unasked(&mut self, node: &Node) {
        const TOO_SHORT: usize = 4;
        match &node.value {
            NodeValue::List(items) => items.iter().for_each(|item| self.hide_unasked(item)),
            NodeValue::Map(entries) => entries.iter().for_each(|entry| self.hide_unasked(&entry.value)),
            NodeValue::Bool(_) => {}
            NodeValue::Number(digits) if digits.len() < TOO_SHORT => {}
            _ => self.hide(node),
        }
    }

    /// Marks a value as secret when its key sounds so.
    pub fn hide_if_secret(&mut self, key: &str, value: &Node) {
        if sounds_secret(key) {
            self.hide(value);
        }
    }

    /// Takes down that a text asks for a name of the environment.
    pub(super) fn note_name(&mut self, name: &str, is_default: bool) {
        self.names.insert(name.to_owned(), is_default);
    }

    /// The names of the environment that texts ask for, each with whether a fixture's own default is what it stands for.
    pub fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.names
            .iter()
            .map(|(name, is_default)| (name.as_str(), *is_default))
    }

    /// Takes down that a name stands for something.
    pub(crate) fn know_name(&mut self, name: &str) {
        self.defined.insert(name.to_owned());
    }

    /// Whether a text is `$NAME`, of which somebody may think that it is filled in: a known name, or one that looks like it.
    pub(crate) fn is_shell_name(&self, text: &str) -> bool {
        let name = text.strip_prefix('$');
        name.is_some_and(|name| looks_named(name) || self.defined.contains(name))
    }

    /// Takes down what a text became by filling in.
    pub(super) fn mark_filled(&mut self, span: Span, text: &str) {
        self.filled.insert(span, text.into());
    }

    /// Takes down that a text could not be filled in.
    pub(super) fn mark_unfilled(&mut self, span: Span) {
        self.unfilled.insert(span);
    }

    /// Whether a value could not be filled in, so that no more is said about it.
    pub(super) fn is_unfilled(&self, node: &Node) -> bool {
        self.unfilled.contains(&node.span)
    }

    /// Whether a value may be compared with names in messages: it is neither filled in nor secret.
    pub(super) fn is_open(&self, node: &Node) -> bool {
        !self.is_filled_in(node) && self.sources.masked(node.span) == self.sources.slice(node.span)
    }

    /// Whether a value was filled in from a `${NAME}`, so that its form is not what its file shows.
    pub(super) fn is_filled_in(&self, node: &Node) -> bool {
        self.sources.slice(node.span).contains("${")
    }
}

/// The text with a word replaced, wherever it is not a part of a longer one.
fn replaced(text: &str, word: &str, by: &str) -> String {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut done = String::new();
    let mut from = 0;
    for (at, found) in text.match_indices(word) {
        let after = &text[at + found.len()..];
        if found.is_empty() || text[..at].ends_with(in_word) || after.starts_with(in_word) {
            continue;
        }
        done.push_str(&text[from..at]);
        done.push_str(by);
        from = at + found.len();
    }
    done + &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_replaced_and_a_part_of_one_is_not() {
        assert_eq!(
            replaced("no `OUT` in OPT_OUT, OUT", "OUT", "${X}"),
            "no `${X}` in OPT_OUT, ${X}"
        );
        assert_eq!(replaced("as it was", "", "${X}"), "as it was");
    }
}
