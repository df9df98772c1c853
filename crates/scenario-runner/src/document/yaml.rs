//! YAML 1.2 files as marked trees.
//!
//! Plain scalars follow the core schema, quoted ones are texts. Anchors and aliases work, within bounds; merge keys, tags and several
//! documents in a file do not. Nothing here knows what a file means.

mod core_schema;
mod marks;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use core_schema::plain;
use marks::Marks;

use super::context::Context;
use super::mistake::Mistake;
use super::node::{Entry, Node, NodeValue};
use super::source::{FileId, Span};
use super::{MAX_DEPTH, MAX_NODES, size_is_fine, too_many};

/// Reads a YAML file; `None` when mistakes were reported that leave no tree. A syntax error is reported alone.
pub fn read(file: FileId, cx: &mut Context) -> Option<Node> {
    if !size_is_fine(file, cx) {
        return None;
    }
    let text = cx.sources.text(file);
    let mut builder = Builder::new(file, &text);
    if let Err(fatal) = builder.read() {
        return cx.fail(*fatal);
    }
    let nothing = || Node::new(file.start(), NodeValue::Null);
    let root = builder.root.unwrap_or_else(nothing);
    builder
        .mistakes
        .into_iter()
        .for_each(|mistake| cx.report(mistake));
    Some(root)
}

/// A list or map that is not complete yet.
struct Frame {
    start: usize,
    anchor: usize,
    value: Open,
}

enum Open {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        places: HashMap<Box<str>, Span>,
        key: Key,
    },
}

enum Key {
    /// A key comes next.
    Next,
    /// The value of this key comes next.
    Read(Box<str>, Span),
    /// The value that comes next is dropped: its key was a mistake.
    Wrong,
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    marks: Marks<'t>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    mistakes: Vec<Mistake>,
    root: Option<Node>,
}

type Fatal = Box<Mistake>;

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            marks: Marks::new(text),
            stack: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            mistakes: Vec::new(),
            root: None,
        }
    }

    fn read(&mut self) -> Result<(), Fatal> {
        let mut parser = Parser::new_from_str(self.text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| Box::new(self.syntax(&error)))?;
            let start = self.marks.byte(span.start.index());
            let end = self.marks.byte(span.end.index()).max(start);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a second document in one file; a fixture is a single document";
                        self.mistakes.push(
                            Mistake::error(self.file.span(start, end), message)
                                .hint("remove the `---`, or put the second document into a file of its own"),
                        );
                        return Ok(());
                    }
                }
                Event::Scalar(value, style, anchor, tag) => {
                    self.refuse_tag(tag.is_some(), start);
                    if anchor > 0 && value.is_empty() && style == ScalarStyle::Plain {
                        self.refuse_bare_anchor(end);
                    }
                    let node = self.scalar(&value, style, start, end);
                    self.place(node, anchor)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.refuse_tag(tag.is_some(), start);
                    self.open(start, anchor, Open::List(Vec::new()))?;
                }
                Event::MappingStart(anchor, tag) => {
                    self.refuse_tag(tag.is_some(), start);
                    let value = Open::Map {
                        entries: Vec::new(),
                        places: HashMap::new(),
                        key: Key::Next,
                    };
                    self.open(start, anchor, value)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
                Event::Alias(id) => self.alias(id, start, end)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn syntax(&self, error: &ScanError) -> Mistake {
        let mut at = self.marks.byte(error.marker().index());
        if error.info().contains("tab") && self.text[..at].ends_with('\t') {
            at -= 1;
        }
        let next = self.text[at..].chars().next().filter(|letter| *letter != '\n');
        let span = self.file.span(at, at + next.map_or(0, char::len_utf8));
        let info = error.info();
        if info.contains("recursion limit") {
            return too_deep(span);
        }
        // The parser quotes like this: `@'.
        let shown = match info.strip_suffix('\'') {
            Some(start) if info.contains('`') => format!("{start}`"),
            _ => info.to_owned(),
        };
        Mistake::error(span, format!("not valid YAML: {shown}")).maybe_hint(advice(info).map(str::to_owned))
    }

    fn refuse_tag(&mut self, tagged: bool, start: usize) {
        if tagged {
            let rest = &self.text[start..];
            let from = rest.find('!').map_or(start, |at| start + at);
            let length = self.text[from..].find([' ', '\n', ',', '\r']).unwrap_or(1);
            self.mistakes.push(
                Mistake::error(self.file.span(from, from + length), "a tag; fixtures have none")
                    .hint("remove it; to make a value a text, quote it"),
            );
        }
    }

    /// An anchor without a value is somebody's text that begins with `&`.
    fn refuse_bare_anchor(&mut self, end: usize) {
        let before = self.text.get(..end).unwrap_or_default();
        let from = before.rfind('&').unwrap_or(end);
        let length = before[from..].trim_end().len();
        self.mistakes.push(
            Mistake::error(
                self.file.span(from, from + length),
                "an anchor with nothing behind it",
            )
            .hint("a text that begins with `&` needs quotes"),
        );
    }

    fn scalar(&self, value: &str, style: ScalarStyle, start: usize, end: usize) -> Node {
        let (start, end) = self.without_anchor(start, end);
        let value = if style == ScalarStyle::Plain {
            plain(value)
        } else {
            NodeValue::Text(value.into())
        };
        Node::new(self.file.span(start, end), value)
    }

    /// The bytes of a scalar without an anchor or tag before it and without white space after it.
    fn without_anchor(&self, start: usize, end: usize) -> (usize, usize) {
        let end = start + self.text[start..end].trim_end().len();
        let mut from = start;
        while self.text[from..end].starts_with(['&', '!']) {
            let rest = &self.text[from..end];
            let Some(gap) = rest.find(char::is_whitespace) else {
                return (start, end);
            };
            from = end - rest[gap..].trim_start().len();
        }
        (from, end)
    }

    fn open(&mut self, start: usize, anchor: usize, value: Open) -> Result<(), Fatal> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(self.file.span(start, start)).into());
        }
        self.stack.push(Frame { start, anchor, value });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Fatal> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let flow = self.text[..end].ends_with([']', '}']);
        let (value, last) = match frame.value {
            Open::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (NodeValue::List(items), last)
            }
            Open::Map { entries, .. } => {
                let last = entries
                    .last()
                    .map(|entry| entry.value.span.end.max(entry.key_span.end));
                (NodeValue::Map(entries), last)
            }
        };
        // Inside an alias the last value may stand before the start, or in a flow collection the end is the bracket.
        let end = match last {
            Some(last) if !flow => last.max(frame.start),
            _ => end.max(frame.start),
        };
        self.place(Node::new(self.file.span(frame.start, end), value), frame.anchor)
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), Fatal> {
        let span = self.file.span(start, end);
        let Some(node) = self.anchors.get(&id) else {
            return Err(Box::new(
                Mistake::error(span, "an alias inside the value it stands for")
                    .hint("write the value out instead"),
            ));
        };
        let (depth, values) = (node.depth(), node.count());
        if self.stack.len() + depth > MAX_DEPTH {
            return Err(too_deep(span).into());
        }
        // Counted before it is copied.
        self.count(values, span)?;
        match self.anchors.get(&id).cloned() {
            Some(node) => self.place(node, 0),
            None => Ok(()),
        }
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), Fatal> {
        self.nodes += more;
        if self.nodes > MAX_NODES {
            return Err(Box::new(too_many(span, !self.anchors.is_empty())));
        }
        Ok(())
    }

    /// Puts a complete value where it belongs.
    fn place(&mut self, mut node: Node, anchor: usize) -> Result<(), Fatal> {
        self.count(1, node.span)?;
        if anchor > 0 {
            // A copy for each level of anchors within anchors, hence counted.
            self.count(node.count(), node.span)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut().map(|frame| &mut frame.value) {
            None => self.root = Some(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map { entries, places, key }) => match std::mem::replace(key, Key::Next) {
                Key::Next => *key = as_key(&node, places, self.text, &mut self.mistakes),
                Key::Wrong => {}
                Key::Read(key, key_span) => {
                    if node.is_null() && node.span.start >= key_span.end && is_unwritten(self.text, node.span)
                    {
                        node.span = key_span;
                    }
                    node.at = key_span;
                    entries.push(Entry {
                        key,
                        key_span,
                        value: node,
                    });
                }
            },
        }
        Ok(())
    }
}

/// Whether a null is written as nothing: the parser then gives the place of some mark nearby.
fn is_unwritten(text: &str, span: Span) -> bool {
    let written = text.get(span.start..span.end).unwrap_or_default();
    !matches!(written, "null" | "Null" | "NULL" | "~")
}

fn too_deep(span: Span) -> Mistake {
    let message = format!("lists and maps within one another more than {MAX_DEPTH} deep");
    Mistake::error(span, message)
}

/// Takes a complete value as the key of what comes next.
fn as_key(node: &Node, places: &mut HashMap<Box<str>, Span>, text: &str, mistakes: &mut Vec<Mistake>) -> Key {
    let span = node.span;
    let key: Box<str> = match &node.value {
        NodeValue::Text(text) | NodeValue::Number(text) => text.clone(),
        // `true: x` has the key `true`, as it is written; so have `null` and `~`.
        NodeValue::Bool(_) | NodeValue::Null => text.get(span.start..span.end).unwrap_or_default().into(),
        NodeValue::List(_) | NodeValue::Map(_) => {
            mistakes.push(
                Mistake::error(span, format!("{} as a key; a key is a text", node.kind()))
                    .hint("a text that begins with `{` or `[` needs quotes"),
            );
            return Key::Wrong;
        }
    };
    if &*key == "<<" {
        mistakes.push(
            Mistake::error(span, "a merge key; fixtures have none")
                .hint("share parts between scenarios with `extends: FILE`"),
        );
        return Key::Wrong;
    }
    if let Some(first) = places.get(&key) {
        mistakes.push(
            Mistake::error(span, format!("key `{key}` stands here a second time"))
                .also(*first, "first here")
                .hint("remove one of the two"),
        );
        return Key::Wrong;
    }
    places.insert(key.clone(), span);
    Key::Read(key, span)
}

/// What to do about a syntax error.
fn advice(info: &str) -> Option<&'static str> {
    let advices = [
        (
            "unprintable",
            "remove the character; most editors can show what is invisible",
        ),
        ("tab", "indent with spaces"),
        (
            "unknown anchor",
            "an alias `*name` needs `&name` before it; quote a text that begins with `*`",
        ),
        (
            "indentation in quoted scalar",
            "the quote is not closed; or indent the lines that belong to it",
        ),
        (
            "indentation in flow construct",
            "a `{` or `[` before it is not closed; or indent the lines between the brackets",
        ),
        (
            "did not find expected ','",
            "a comma is missing, or a `{` or `[` is not closed, or a text with `,`, `{`, `[` or `: ` in it needs quotes",
        ),
        (
            "flow",
            "inside `{ }` and `[ ]`, quote a text that has `,`, `{`, `}`, `[`, `]` or `: ` in it",
        ),
        (
            "mapping values are not allowed",
            "quote a text that has `: ` in it, or check the indentation",
        ),
        ("unexpected end of stream", "a quote is not closed"),
        (
            "unknown escape",
            "in double quotes write `\\\\` for a backslash, or use single quotes",
        ),
        (
            "trailing content",
            "after the closing quote the value ends; inside single quotes write `''` for `'`",
        ),
        (
            "indentation",
            "check the indentation: keys of one map begin in the same column",
        ),
        (
            "expected key",
            "check the indentation: keys of one map begin in the same column",
        ),
        ("simple key", "a key is followed by `: ` on the same line"),
        (
            "unexpected character",
            "quote a text that begins with `@`, `` ` `` or `%`",
        ),
    ];
    advices
        .iter()
        .find(|(part, _)| info.contains(part))
        .map(|(_, advice)| *advice)
}
