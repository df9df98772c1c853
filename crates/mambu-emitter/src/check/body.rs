//! The body: its placeholders, and whether JSON or XML is well-formed already as a template.

use super::{missing, placeholders};
use crate::mistake::Mistake;
use crate::placeholder::syntax::{SegmentKind, segments};
use crate::render::flaw;
use crate::template::{ContentType, Template};

const POINTER: &str = "/body";

/// Quotation marks that word processors and web pages make of `"` and `'`.
const TYPOGRAPHIC_QUOTES: [char; 8] = ['“', '”', '„', '‟', '‘', '’', '‚', '‛'];

pub(super) fn check(template: &Template, mistakes: &mut Vec<Mistake>) {
    let body = template.body.as_str();
    if body.trim().is_empty() {
        mistakes.push(missing(POINTER, "the body is empty"));
        return;
    }
    placeholders::check(POINTER, body, template.event, mistakes);
    check_form(template.content_type, body, mistakes);
}

/// Observed: JSON and XML must be well-formed before a template can be saved (webhooks sheet 1.3).
fn check_form(content_type: ContentType, body: &str, mistakes: &mut Vec<Mistake>) {
    let Some((problem, at)) = flaw(content_type, &stand_in(body)) else {
        return;
    };
    let form = match content_type {
        ContentType::ApplicationXml => "XML",
        _ => "JSON",
    };
    let width = |at: usize| body[at..].chars().next().map_or(0, char::len_utf8);
    let mistake = Mistake::new(POINTER, format!("the body is not well-formed {form}: {problem}"));
    let mistake = mistake.within(at..at + width(at));
    let quote = body
        .char_indices()
        .find(|(_, character)| TYPOGRAPHIC_QUOTES.contains(character));
    mistakes.push(match quote {
        // observed: webhooks sheet 7.1, a published template has them.
        Some((at, quote)) => mistake.within(at..at + width(at)).hint(format!(
            "it has typographic quotes ({quote}), perhaps from a web page; write plain ones (\")"
        )),
        None => mistake.hint("Mambu does not save a template with such a body"),
    });
}

/// The body with a harmless value for each placeholder, as long as the placeholder, so that columns stay right.
pub(super) fn stand_in(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    for segment in segments(body) {
        if segment.kind == SegmentKind::Literal {
            text.push_str(&body[segment.span]);
        } else {
            // Digits fit into a text, and also stand without quotes.
            text.extend(segment.span.map(|_| '1'));
        }
    }
    text
}
