//! The syntax of placeholders: a template's text as literals and values (webhooks sheet 4.1).
//!
//! Knows which texts *look like* a placeholder, not which placeholders exist. Reading takes time linear in the text and
//! never fails: what is not a placeholder is literal text, the braces of JSON included.

use std::ops::Range;

use crate::custom_field::{CustomField, Entity};

/// A stretch of a template's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands, in bytes. The segments of a text lie side by side and cover it.
    pub span: Range<usize>,
    /// What it is.
    pub kind: SegmentKind,
}

/// What a stretch of text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Text that stays as it is.
    Literal,
    /// A call for a value.
    Value {
        /// Which value.
        name: Name,
        /// How it shall look.
        shape: Shape,
    },
    /// Text that was meant for a placeholder and is none; it stays as it is, and is worth a word.
    Unreadable(&'static str),
}

/// Which value a placeholder calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// `{NAME}` (documented).
    Standard(String),
    /// `{CF:…}` (documented; with an entity: observed).
    Custom(CustomField),
}

impl std::fmt::Display for Name {
    /// The text between the braces.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Standard(name) => out.write_str(name),
            Self::Custom(field) => field.fmt(out),
        }
    }
}

/// How a value shall look (observed: webhooks sheet 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As Mambu writes it by itself.
    Plain,
    /// `FORMAT_DATE{…,datePattern=…}` with its pattern.
    Date(String),
    /// `FORMAT{…,numericPattern=…}` with its pattern.
    Number(String),
    /// `IN_WORDS_…{…}` with the function's name; only the names are known.
    InWords(&'static str),
}

/// Functions that say an amount in words (observed, names only: webhooks sheet 4.1).
pub const IN_WORDS: [&str; 4] = [
    "IN_WORDS_INTEGER",
    "IN_WORDS_FRACTIONAL",
    "IN_WORDS_TENTHS",
    "IN_WORDS_HUNDREDTHS",
];

/// The function that shows a date by a pattern, and what stands before the pattern (observed: webhooks sheet 4.1).
pub const DATE_FUNCTION: (&str, &str) = ("FORMAT_DATE", "datePattern=");
/// The function that shows a number by a pattern, and what stands before the pattern (observed: webhooks sheet 4.1).
pub const NUMBER_FUNCTION: (&str, &str) = ("FORMAT", "numericPattern=");

/// Reads a template's text into segments.
///
/// ```
/// use mambu_emitter::placeholder::syntax::{SegmentKind, segments};
/// let text = r#"{"id": "{ACCOUNT_ID}"}"#;
/// let found: Vec<&str> = segments(text)
///     .into_iter()
///     .filter(|segment| segment.kind != SegmentKind::Literal)
///     .map(|segment| &text[segment.span])
///     .collect();
/// assert_eq!(found, ["{ACCOUNT_ID}"]);
/// ```
pub fn segments(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut literal_from = 0;
    let mut at = 0;
    while let Some(brace) = text[at..].find('{').map(|offset| at + offset) {
        let inside_from = brace + 1;
        // A placeholder ends at the next brace or line end, so no character is read twice.
        let inside_to = text[inside_from..]
            .find(['{', '}', '\n', '\r'])
            .map_or(text.len(), |offset| inside_from + offset);
        at = inside_to;
        if !text[inside_to..].starts_with('}') {
            continue;
        }
        let function = function_before(&text[literal_from..brace]);
        let Some(kind) = read_call(function, &text[inside_from..inside_to]) else {
            continue;
        };
        at = inside_to + 1;
        let from = brace - function.map_or(0, str::len);
        if literal_from < from {
            segments.push(Segment {
                span: literal_from..from,
                kind: SegmentKind::Literal,
            });
        }
        segments.push(Segment { span: from..at, kind });
        literal_from = at;
    }
    if literal_from < text.len() {
        segments.push(Segment {
            span: literal_from..text.len(),
            kind: SegmentKind::Literal,
        });
    }
    segments
}

/// The function whose name ends right before the brace.
fn function_before(text: &str) -> Option<&'static str> {
    let functions = [DATE_FUNCTION.0, NUMBER_FUNCTION.0].into_iter().chain(IN_WORDS);
    functions
        .filter_map(|function| Some((function, text.strip_suffix(function)?)))
        .find(|(_, before)| !before.ends_with(is_name_part))
        .map(|(function, _)| function)
}

fn is_name_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// What stands between the braces, after a function's name or not; `None`: nothing that looks like a placeholder.
fn read_call(function: Option<&'static str>, inside: &str) -> Option<SegmentKind> {
    let Some(function) = function else {
        return match read_name(inside)? {
            Ok(name) => Some(SegmentKind::Value {
                name,
                shape: Shape::Plain,
            }),
            Err(problem) => Some(SegmentKind::Unreadable(problem)),
        };
    };
    let (name, pattern) = match function {
        "FORMAT_DATE" => split_pattern(inside, DATE_FUNCTION.1),
        "FORMAT" => split_pattern(inside, NUMBER_FUNCTION.1),
        _ => (inside, None),
    };
    let shape = match (function, pattern) {
        ("FORMAT_DATE", Some(pattern)) => Ok(Shape::Date(pattern.to_owned())),
        ("FORMAT_DATE", None) => Err("it is written FORMAT_DATE{NAME,datePattern=…}"),
        ("FORMAT", Some(pattern)) => Ok(Shape::Number(pattern.to_owned())),
        ("FORMAT", None) => Err("it is written FORMAT{NAME,numericPattern=…}"),
        (in_words, _) => Ok(Shape::InWords(in_words)),
    };
    let name = read_name(name.trim()).unwrap_or(Err("a placeholder's name comes first between the braces"));
    Some(match shape.and_then(|shape| Ok((name?, shape))) {
        Ok((name, shape)) => SegmentKind::Value { name, shape },
        Err(problem) => SegmentKind::Unreadable(problem),
    })
}

/// The name before the comma and the pattern after `key`; a pattern may hold commas itself.
fn split_pattern<'a>(inside: &'a str, key: &str) -> (&'a str, Option<&'a str>) {
    match inside.split_once(',') {
        Some((name, rest)) => (name, rest.trim_start().strip_prefix(key)),
        None => (inside, None),
    }
}

/// A name, or why a text that was meant for one is none; `None`: it was not meant for one.
fn read_name(inside: &str) -> Option<Result<Name, &'static str>> {
    if let Some(prefix) = inside.get(..3) {
        if prefix == "CF:" {
            return Some(read_custom_field(&inside[3..]).map(Name::Custom));
        }
        if prefix.eq_ignore_ascii_case("CF:") {
            return Some(Err("custom fields are written {CF:…}, in capitals"));
        }
    }
    if inside.starts_with(|first: char| first.is_ascii_alphabetic()) && inside.chars().all(is_name_part) {
        return Some(Ok(Name::Standard(inside.to_owned())));
    }
    let (name, rest) = inside.split_once(',')?;
    let is_pattern = [DATE_FUNCTION.1, NUMBER_FUNCTION.1]
        .iter()
        .any(|key| rest.trim_start().starts_with(key));
    (is_pattern && !name.is_empty()).then_some(Err(
        "a pattern needs FORMAT or FORMAT_DATE right before the brace",
    ))
}

fn read_custom_field(text: &str) -> Result<CustomField, &'static str> {
    let parts: Vec<&str> = text.split(':').collect();
    let (entity, id, index) = match parts[..] {
        [id] => (None, id, None),
        [entity, id] => (Some(entity), id, None),
        [entity, id, index] => (Some(entity), id, Some(index)),
        _ => return Err("a custom field has at most an entity, an id and an index"),
    };
    if id.trim().is_empty() {
        return Err("the custom field's id is missing");
    }
    let entity = match entity.map(Entity::from_word) {
        Some(None) => {
            return Err(
                "the entity of a custom field is CLIENT, GROUP, LOAN, SAVINGS, USER, BRANCH, CENTRE, \
                        TRANSACTION or LINE_OF_CREDIT",
            );
        }
        known => known.flatten(),
    };
    let index = match index.map(str::parse::<usize>) {
        Some(Ok(0) | Err(_)) => return Err("the index of a grouped custom field is a number from 1"),
        Some(Ok(index)) => Some(index),
        None => None,
    };
    Ok(CustomField {
        entity,
        id: id.to_owned(),
        index,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each segment as a short text: literals quoted, values as name and shape.
    fn outline(text: &str) -> Vec<String> {
        segments(text)
            .into_iter()
            .map(|segment| match segment.kind {
                SegmentKind::Literal => format!("'{}'", &text[segment.span]),
                SegmentKind::Value { name, shape } => match shape {
                    Shape::Plain => name.to_string(),
                    Shape::Date(pattern) => format!("{name} as date {pattern}"),
                    Shape::Number(pattern) => format!("{name} as number {pattern}"),
                    Shape::InWords(function) => format!("{name} {function}"),
                },
                SegmentKind::Unreadable(_) => format!("?{}", &text[segment.span]),
            })
            .collect()
    }

    #[test]
    fn every_form_of_the_sheet_is_read() {
        for (text, expected) in [
            ("{ACCOUNT_ID}", "ACCOUNT_ID"),
            ("{CF:EXTERNAL_ID}", "CF:EXTERNAL_ID"),
            ("{CF:CLIENT:EXTERNAL ID}", "CF:CLIENT:EXTERNAL ID"),
            (
                "{CF:LOAN:NÚMERO DE IDENTIFICACIÓN}",
                "CF:LOAN:NÚMERO DE IDENTIFICACIÓN",
            ),
            ("{CF:LOAN:GUARANTOR:2}", "CF:LOAN:GUARANTOR:2"),
            (
                "FORMAT_DATE{TRANSACTION_DATE,datePattern=yyyy-MM-dd}",
                "TRANSACTION_DATE as date yyyy-MM-dd",
            ),
            (
                "FORMAT{TRANSACTION_AMOUNT,numericPattern=#.###,##}",
                "TRANSACTION_AMOUNT as number #.###,##",
            ),
            (
                "FORMAT{CF:LOAN:X, numericPattern=0.00}",
                "CF:LOAN:X as number 0.00",
            ),
            (
                "IN_WORDS_INTEGER{TRANSACTION_AMOUNT}",
                "TRANSACTION_AMOUNT IN_WORDS_INTEGER",
            ),
        ] {
            assert_eq!(outline(text), [expected], "{text}");
        }
    }

    #[test]
    fn braces_of_json_stay_literal() {
        for text in [
            r#"{"a": {"b": 1}}"#,
            "{}",
            "{ }",
            "{{}}",
            "{",
            "}{",
            "{key:value}",
            "{1}",
        ] {
            assert_eq!(outline(text), [format!("'{text}'")], "{text}");
        }
        assert_eq!(outline(r#"{"a":{AMOUNT}}"#), [r#"'{"a":'"#, "AMOUNT", "'}'"]);
        assert_eq!(outline("{{NAME}}"), ["'{'", "NAME", "'}'"]);
    }

    #[test]
    fn a_function_s_name_counts_only_as_a_whole_word() {
        assert_eq!(outline("REFORMAT{AMOUNT}"), ["'REFORMAT'", "AMOUNT"]);
        assert_eq!(outline("{A}FORMAT{B,numericPattern=0}"), ["A", "B as number 0"]);
    }

    #[test]
    fn what_was_meant_for_a_placeholder_is_pointed_out() {
        for text in [
            "FORMAT{AMOUNT}",
            "FORMAT{AMOUNT,datePattern=yyyy}",
            "FORMAT_DATE{VALUE_DATE}",
            "FORMAT_DATE{,datePattern=yyyy}",
            "{VALUE_DATE,datePattern=yyyy}",
            "{CF:}",
            "{cf:LOAN:X}",
            "{CF:DEPOSIT:X}",
            "{CF:LOAN:X:0}",
            "{CF:LOAN:X:first}",
            "{CF:A:B:C:D}",
        ] {
            assert_eq!(outline(text), [format!("?{text}")], "{text}");
        }
    }

    #[test]
    fn an_unclosed_brace_hides_no_placeholder_after_it() {
        assert_eq!(outline("{CF:LOAN {A}"), ["'{CF:LOAN '", "A"]);
        assert_eq!(outline("{CF:LOAN\n{A}"), ["'{CF:LOAN\n'", "A"]);
    }

    proptest! {
        #[test]
        fn segments_lie_side_by_side_and_cover_the_text(
            text in "([{}:,=]|CF:|FORMAT|FORMAT_DATE|IN_WORDS_TENTHS|LOAN|datePattern=|numericPattern=|AB_C|é|[ -~]|\\PC|\n){0,40}"
        ) {
            let mut end = 0;
            let mut after_literal = false;
            for segment in segments(&text) {
                prop_assert_eq!(segment.span.start, end);
                prop_assert!(segment.span.end > segment.span.start);
                let is_literal = segment.kind == SegmentKind::Literal;
                prop_assert!(!(is_literal && after_literal), "two literals side by side");
                after_literal = is_literal;
                end = segment.span.end;
                // A span never cuts a character.
                prop_assert!(text.get(segment.span).is_some());
            }
            prop_assert_eq!(end, text.len());
        }

        #[test]
        fn a_placeholder_between_any_texts_is_found(before in "[a-z \"]{0,9}", after in "[a-z \"]{0,9}") {
            let text = format!("{before}{{ACCOUNT_ID}}{after}");
            let values = segments(&text)
                .into_iter()
                .filter(|segment| segment.kind != SegmentKind::Literal)
                .count();
            prop_assert_eq!(values, 1);
        }
    }
}
