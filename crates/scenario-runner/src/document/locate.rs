//! Where a part of a text stands in its file, when the file writes the text with quotes, escapes and indentation.
//!
//! Text and file are walked side by side. Where they cannot be matched (a `${NAME}` was filled in), there is no answer.

use std::ops::Range;

use super::context::Context;
use super::node::{Node, NodeValue};
use super::source::Span;

impl Context {
    /// The place of some bytes of a text; of the whole text when they cannot be found.
    ///
    /// ```
    /// use scenario_runner::document::{Context, Place, yaml};
    /// let mut cx = Context::default();
    /// let file = cx.sources.add("a.yaml", r#"body: "{\"id\": \"{ACOUNT_ID}\"}""#);
    /// let tree = yaml::read(file, &mut cx).unwrap();
    /// let body = tree.get("body").unwrap();
    /// assert_eq!(&body.text().unwrap()[8..19], "{ACOUNT_ID}");
    /// let place = cx.part(body, 8..19);
    /// assert_eq!(cx.sources.slice(place), "{ACOUNT_ID}");
    /// ```
    pub fn part(&self, node: &Node, bytes: Range<usize>) -> Span {
        let NodeValue::Text(text) = &node.value else {
            return node.span;
        };
        let written = self.sources.slice(node.span);
        match located(written, text, bytes) {
            Some(range) => node
                .span
                .file
                .span(node.span.start + range.start, node.span.start + range.end),
            None => node.span,
        }
    }
}

/// The bytes of `written` that stand for some bytes of `text`.
fn located(written: &str, text: &str, bytes: Range<usize>) -> Option<Range<usize>> {
    let mut walk = Walk::new(written);
    let mut start = None;
    for (at, letter) in text.char_indices() {
        if at >= bytes.end && start.is_some() {
            break;
        }
        let from = walk.take(letter)?;
        if at >= bytes.start && start.is_none() {
            start = Some(from);
        }
    }
    let start = start.unwrap_or(walk.at);
    let end = if bytes.is_empty() { start } else { walk.at };
    Some(start..end.max(start))
}

struct Walk<'w> {
    written: &'w str,
    at: usize,
    quote: Option<char>,
}

impl<'w> Walk<'w> {
    fn new(written: &'w str) -> Self {
        let first = written.chars().next();
        let quote = first.filter(|first| matches!(first, '"' | '\''));
        let at = match first {
            Some('"' | '\'') => 1,
            // A block scalar begins below its indicator.
            Some('|' | '>') => written.find('\n').map_or(written.len(), |end| end + 1),
            _ => 0,
        };
        Self { written, at, quote }
    }

    /// Passes what stands for one character, and returns where that begins.
    fn take(&mut self, letter: char) -> Option<usize> {
        let rest = &self.written[self.at..];
        let next = rest.chars().next()?;
        let length = match (self.quote, next) {
            (Some('"'), '\\') => escape_length(rest, letter),
            (Some('\''), '\'') if rest.starts_with("''") => 2,
            _ if next == letter => next.len_utf8(),
            // Folded lines and indentation.
            _ if next.is_whitespace() => {
                let blank = rest.len() - rest.trim_start().len();
                if !letter.is_whitespace() {
                    self.at += blank;
                    return if self.written[self.at..].starts_with(char::is_whitespace) {
                        None
                    } else {
                        self.take(letter)
                    };
                }
                blank
            }
            _ => return None,
        };
        let from = self.at;
        self.at = from
            .checked_add(length)
            .filter(|at| self.written.is_char_boundary(*at))?;
        Some(from)
    }
}

/// The length of an escape that stands for `letter`.
fn escape_length(rest: &str, letter: char) -> usize {
    match rest.as_bytes().get(1) {
        // Two escapes of UTF-16 stand for one character.
        Some(b'u') if letter > '\u{FFFF}' => 12,
        Some(b'u') => 6,
        Some(b'x') => 4,
        Some(b'U') => 10,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{json, yaml};

    fn found(yaml_text: &str, part: &str) -> String {
        let mut cx = Context::default();
        let file = cx.sources.add("a.yaml", yaml_text);
        let tree = yaml::read(file, &mut cx).expect("the text of the test is YAML");
        let node = tree.get("a").expect("the text of the test has the key");
        let at = node
            .text()
            .and_then(|text| text.find(part))
            .expect("the part is there");
        let span = cx.part(node, at..at + part.len());
        cx.sources.slice(span).to_owned()
    }

    #[test]
    fn a_part_is_found_in_every_style() {
        for text in [
            "a: one {X} two",
            "a: 'it''s {X} here'",
            "a: \"tab\\t, \\\"quote\\\", \\u00e9, {X}\"",
            "a: |\n  first\n    {X}\n",
            "a: >\n  folded\n  {X}\n",
            "a: folded\n  plain {X}",
        ] {
            assert_eq!(found(text, "{X}"), "{X}", "{text}");
        }
        assert_eq!(found("a: \"say \\\"yes\\\"\"", "\"yes\""), "\\\"yes\\\"");
    }

    proptest! {
        #[test]
        fn every_character_of_a_json_text_is_found(text in "(\\PC|\n|\t|\"|\\\\|é|🦀){0,20}") {
            let mut cx = Context::default();
            let file = cx.sources.add("a.json", &serde_json::Value::String(text.clone()).to_string());
            let node = json::read(file, &mut cx).unwrap();
            for (at, letter) in text.char_indices() {
                let span = cx.part(&node, at..at + letter.len_utf8());
                let written = format!("\"{}\"", cx.sources.slice(span));
                prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), letter.to_string());
            }
        }

        #[test]
        fn no_text_is_too_odd(written in "\\PC{0,20}", text in "\\PC{0,20}", from in 0usize..30, to in 0usize..30) {
            if let Some(range) = located(&written, &text, from..to) {
                prop_assert!(written.get(range).is_some());
            }
        }
    }
}
