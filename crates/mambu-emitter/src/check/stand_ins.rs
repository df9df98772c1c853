//! Bodies as a template may render them: with stand-ins for its placeholders.
//!
//! Not all that can happen, but every kind of text that matters to whoever reads the body: what none of these lets pass,
//! no value does.

use super::hostile::is_text;
use crate::placeholder::syntax::{SegmentKind, segments};
use crate::template::Template;

/// What a text may be to a reader of JSON: a value, nothing, a word, a part of a list or of an object, or a whole one.
const TEXTS: [&str; 9] = ["1", "", "x", "\"x\"", "\"x\":1", "\"x\":", ",\"x\":1", ",1", "{}"];

/// The body with stand-ins; the first as it is on any day. A body without placeholders is there once.
pub fn bodies_with_stand_ins(template: &Template) -> Vec<String> {
    let mut bodies: Vec<String> = TEXTS.iter().map(|text| with(template, text)).collect();
    bodies.dedup();
    bodies
}

/// Numbers, dates and codes are a `1`: where one may stand, so may the other.
fn with(template: &Template, text: &str) -> String {
    let body = &template.body;
    let stand_in = |part: &SegmentKind| match part {
        SegmentKind::Value { name, shape } if is_text(name, shape) => Some(text),
        SegmentKind::Value { .. } => Some(if text.is_empty() { "" } else { "1" }),
        _ => None,
    };
    segments(body)
        .into_iter()
        .map(|part| stand_in(&part.kind).unwrap_or(&body[part.span]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::template;

    fn bodies(body: &str) -> Vec<String> {
        let mut template = template();
        template.body = body.into();
        bodies_with_stand_ins(&template)
    }

    #[test]
    fn a_body_without_placeholders_is_what_it_is() {
        assert_eq!(bodies("[1]"), ["[1]"]);
    }

    #[test]
    fn a_text_may_be_anything_and_an_amount_is_a_number_or_nothing() {
        let bodies = bodies("{LOAN_AMOUNT} {CF:LOAN:NOTE}");
        assert!(bodies.contains(&"1 {}".to_owned()), "{bodies:?}");
        assert!(bodies.contains(&" ".to_owned()), "{bodies:?}");
        assert!(!bodies.contains(&"x x".to_owned()), "{bodies:?}");
    }
}
