//! What reading and decoding carry along: the files and the mistakes found in them.

use super::mistake::{Mistake, Mistakes};
use super::node::Node;
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
}

impl Context {
    /// Takes a mistake down.
    pub fn report(&mut self, mistake: Mistake) {
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

    /// Whether a value may be compared with names in messages: it is neither filled in nor secret.
    pub(super) fn is_open(&self, node: &Node) -> bool {
        !self.is_filled_in(node) && self.sources.masked(node.span) == self.sources.slice(node.span)
    }

    /// Whether a value was filled in from a `${NAME}`, so that its form is not what its file shows.
    pub(super) fn is_filled_in(&self, node: &Node) -> bool {
        self.sources.slice(node.span).contains("${")
    }
}
