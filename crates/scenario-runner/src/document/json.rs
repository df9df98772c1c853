//! JSON files as marked trees: strict JSON (RFC 8259), so that what is accepted here is accepted by the vendors too.
//!
//! Nothing here knows what a file means.

use std::collections::HashMap;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::context::Context;
use super::mistake::Mistake;
use super::node::{Entry, Node, NodeValue};
use super::source::FileId;
use super::{MAX_DEPTH, MAX_NODES, size_is_fine, too_many};

/// No comments, no trailing commas, nothing of JSON5.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a JSON file; `None` when mistakes were reported that leave no tree. A syntax error is reported alone.
pub fn read(file: FileId, cx: &mut Context) -> Option<Node> {
    if !size_is_fine(file, cx) {
        return None;
    }
    let text = cx.sources.text(file);
    let parsed = match parse_to_ast(&text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed,
        Err(error) => return cx.fail(syntax(file, &error)),
    };
    let Some(value) = parsed.value else {
        return cx.fail(Mistake::error(
            file.start(),
            "the file is empty; expected a JSON value",
        ));
    };
    let mut builder = Builder {
        file,
        nodes: 0,
        mistakes: Vec::new(),
    };
    let node = match builder.node(value, 0) {
        Ok(node) => node,
        Err(mistake) => return cx.fail(*mistake),
    };
    if let Err(error) = serde_json::from_str::<IgnoredAny>(&text) {
        // The parser with places is lenient about a few things, such as control characters in strings.
        let line = cx.sources.line_range(file, error.line()).unwrap_or_default();
        let at = line.start + error.column().saturating_sub(1);
        let mut message = error.to_string();
        message.truncate(message.rfind(" at line ").unwrap_or(message.len()));
        return cx.fail(Mistake::error(
            file.span(at, at + 1),
            format!("not valid JSON: {message}"),
        ));
    }
    builder
        .mistakes
        .into_iter()
        .for_each(|mistake| cx.report(mistake));
    Some(node)
}

struct Builder {
    file: FileId,
    nodes: usize,
    mistakes: Vec<Mistake>,
}

impl Builder {
    fn node(&mut self, value: Value<'_>, depth: usize) -> Result<Node, Box<Mistake>> {
        let range = value.range();
        let span = self.file.span(range.start, range.end);
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Box::new(too_many(span, false)));
        }
        if depth >= MAX_DEPTH && matches!(value, Value::Array(_) | Value::Object(_)) {
            return Err(Box::new(too_deep(self.file, range.start)));
        }
        let value = match value {
            Value::NullKeyword(_) => NodeValue::Null,
            Value::BooleanLit(lit) => NodeValue::Bool(lit.value),
            Value::NumberLit(lit) => NodeValue::Number(lit.value.into()),
            Value::StringLit(lit) => NodeValue::Text(lit.value.into()),
            Value::Array(array) => {
                let items = array.elements.into_iter().map(|item| self.node(item, depth + 1));
                NodeValue::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                let mut places = HashMap::new();
                for property in object.properties {
                    let range = property.name.range();
                    let key_span = self.file.span(range.start, range.end);
                    let key: Box<str> = property.name.into_string().into();
                    let mut value = self.node(property.value, depth + 1)?;
                    value.at = key_span;
                    if let Some(first) = places.get(&key) {
                        self.mistakes.push(
                            Mistake::error(key_span, format!("key `{key}` stands here a second time"))
                                .also(*first, "first here")
                                .hint("remove one of the two"),
                        );
                    } else {
                        places.insert(key.clone(), key_span);
                        entries.push(Entry { key, key_span, value });
                    }
                }
                NodeValue::Map(entries)
            }
        };
        Ok(Node::new(span, value))
    }
}

fn too_deep(file: FileId, at: usize) -> Mistake {
    let message = format!("lists and maps within one another more than {MAX_DEPTH} deep");
    Mistake::error(file.span(at, at), message)
}

fn syntax(file: FileId, error: &ParseError) -> Mistake {
    use ParseErrorKind as Kind;
    let range = error.range();
    let advice = match error.kind() {
        Kind::NestingDepthExceeded => return too_deep(file, range.start),
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => "JSON has no comments; remove it",
        Kind::ExpectedComma => "put a comma between two members, or two values",
        Kind::TrailingCommasNotAllowed => "remove the comma after the last value",
        Kind::SingleQuotedStringsNotAllowed => "use double quotes",
        Kind::ExpectedStringObjectProperty => "put the key into double quotes",
        Kind::UnexpectedWord => "put a text into double quotes",
        Kind::UnterminatedObject => "a `{` is not closed",
        Kind::UnterminatedArray => "a `[` is not closed",
        Kind::MultipleRootJsonValues => "a file holds a single value",
        _ => "",
    };
    // The rest of an unclosed bracket is no place to point at.
    let end = match error.kind() {
        Kind::UnterminatedObject | Kind::UnterminatedArray => range.start + 1,
        _ => range.end,
    };
    let mut message = error.kind().to_string();
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    let mistake = Mistake::error(file.span(range.start, end), format!("not valid JSON: {message}"));
    mistake.maybe_hint((!advice.is_empty()).then(|| advice.to_owned()))
}
