//! Whether a body is what its content type says: well-formed JSON, well-formed XML, or any text.
//!
//! Looks at the finished text only; nothing is parsed into values, and nothing is changed.

use serde::de::IgnoredAny;

use crate::template::ContentType;

/// Checks a rendered body; the error says what is wrong and where.
///
/// Documented: a failure reason `INVALID_JSON_BODY_SYNTAX` exists, so a rendered body is checked (webhooks sheet 4.2).
/// That XML is checked as well is assumed.
///
/// ```
/// use mambu_emitter::{render::check_body, template::ContentType};
/// let problem = check_body(ContentType::ApplicationJson, r#"{"a": }"#);
/// assert_eq!(problem, Err("expected value at line 1 column 7".to_owned()));
/// ```
pub fn check_body(content_type: ContentType, body: &str) -> Result<(), String> {
    match content_type {
        ContentType::PlainText => Ok(()),
        ContentType::ApplicationJson => json(body).map(|_| ()).map_err(|error| error.to_string()),
        ContentType::ApplicationXml => xml(body).map_err(|error| error.to_string()),
    }
}

/// The same, with the place apart: what is wrong, and at which byte of the body.
pub(crate) fn flaw(content_type: ContentType, body: &str) -> Option<(String, usize)> {
    let (text, line, column) = match content_type {
        ContentType::PlainText => return None,
        ContentType::ApplicationJson => {
            let error = json(body).err()?;
            (error.to_string(), error.line(), error.column())
        }
        ContentType::ApplicationXml => {
            let error = xml(body).err()?;
            let place = error.pos();
            (error.to_string(), place.row as usize, place.col as usize)
        }
    };
    // Both libraries end their text with the place.
    let problem = text
        .rsplit_once(" at ")
        .filter(|(_, place)| place.ends_with(|last: char| last.is_ascii_digit()))
        .map_or(text.as_str(), |(problem, _)| problem)
        .to_owned();
    let start: usize = body
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = body[start..].split('\n').next().unwrap_or_default();
    let before = match content_type {
        // serde_json counts bytes, roxmltree characters.
        ContentType::ApplicationXml => line
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum(),
        _ => column.saturating_sub(1).min(line.len()),
    };
    let mut at = start + before;
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    Some((problem, at))
}

fn json(body: &str) -> Result<IgnoredAny, serde_json::Error> {
    serde_json::from_str(body)
}

fn xml(body: &str) -> Result<(), roxmltree::Error> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    roxmltree::Document::parse_with_options(body, options).map(|_| ())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_is_judged_by_syntax_alone() {
        for (body, is_fine) in [
            (r#"{"a": 1}"#, true),
            (r#""text""#, true),
            (r#"{"a": 1, "a": 2}"#, true),
            (r#"{"amount": 123456789012345678901234567890.000000001}"#, true),
            ("", false),
            (r#"{"a": "1""#, false),
            (r#"{"a": 1,}"#, false),
            (r#"{"name": "Ann "the bank" Lee"}"#, false),
            ("{\"name\": \"two\nlines\"}", false),
            ("{“a”: 1}", false),
        ] {
            assert_eq!(
                check_body(ContentType::ApplicationJson, body).is_ok(),
                is_fine,
                "{body}"
            );
        }
    }

    #[test]
    fn xml_needs_one_closed_root() {
        for (body, is_fine) in [
            ("<a><b>1</b></a>", true),
            ("<?xml version=\"1.0\"?>\n<a/>", true),
            ("<a><b></a>", false),
            ("<a>Smith & Sons</a>", false),
            ("", false),
            ("<a/><b/>", false),
        ] {
            assert_eq!(
                check_body(ContentType::ApplicationXml, body).is_ok(),
                is_fine,
                "{body}"
            );
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = "[".repeat(200_000);
        assert!(check_body(ContentType::ApplicationJson, &deep).is_err());
        let deep = "<a>".repeat(20_000);
        assert!(check_body(ContentType::ApplicationXml, &deep).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(body in "([<>&\"'{}\\[\\]:,/!?]|CDATA|DOCTYPE|ENTITY|a|1|\\PC|\n){0,40}") {
            prop_assert_eq!(check_body(ContentType::PlainText, &body), Ok(()));
            let _ = check_body(ContentType::ApplicationJson, &body);
            let _ = check_body(ContentType::ApplicationXml, &body);
            for content_type in ContentType::ALL {
                let flaw = flaw(*content_type, &body);
                prop_assert_eq!(flaw.is_some(), check_body(*content_type, &body).is_err());
                prop_assert!(flaw.is_none_or(|(_, at)| body.is_char_boundary(at)));
            }
        }
    }
}
