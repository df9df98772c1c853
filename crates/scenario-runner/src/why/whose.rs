//! Whose message it is: the template of a scenario that a record's message was made by.

use mambu_emitter::placeholder::syntax::{SegmentKind, segments};
use mambu_emitter::template::Template;

use super::Record;

/// What a record says about its template.
#[derive(Debug)]
pub(super) enum Whose<'a> {
    /// It can be one only.
    Of(&'a Template),
    /// It can be any of these.
    Which(Vec<&'a str>),
}

/// The template of a record: by its key, by its event, by its destination.
pub(super) fn whose<'a>(record: &Record, templates: &'a [Template]) -> Whose<'a> {
    let key = record.template.as_deref();
    if let Some(template) = templates.iter().find(|template| Some(&*template.id) == key) {
        return Whose::Of(template);
    }
    let listens = |template: &&Template| {
        let event = record.event.as_deref();
        event.is_none_or(|event| event == template.event.name())
    };
    let listening: Vec<&Template> = templates.iter().filter(listens).collect();
    let destination = record.destination.as_deref().unwrap_or_default();
    let sending: Vec<&Template> = listening
        .iter()
        .copied()
        .filter(|template| fits(&template.url, destination))
        .collect();
    let ids = |templates: &[&'a Template]| templates.iter().map(|template| &*template.id).collect();
    match (listening.as_slice(), sending.as_slice()) {
        ([only], _) | (_, [only]) => Whose::Of(only),
        ([], _) => Whose::Which(templates.iter().map(|template| &*template.id).collect()),
        (listening, []) => Whose::Which(ids(listening)),
        (_, sending) => Whose::Which(ids(sending)),
    }
}

/// Whether a template's URL can become this one; a placeholder can become anything.
fn fits(url: &str, destination: &str) -> bool {
    let mut parts = vec![String::new()];
    for segment in segments(url) {
        match (segment.kind, parts.last_mut()) {
            (SegmentKind::Value { .. }, _) | (_, None) => parts.push(String::new()),
            (_, Some(part)) => part.push_str(&url[segment.span]),
        }
    }
    let [first, middle @ .., last] = parts.as_slice() else {
        return url == destination;
    };
    let inner = destination
        .strip_prefix(&**first)
        .and_then(|rest| rest.strip_suffix(&**last));
    inner.is_some_and(|mut rest| {
        middle.iter().all(|part| match rest.split_once(&**part) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_in_a_url_can_become_anything() {
        for (url, destination, expected) in [
            ("https://a/b", "https://a/b", true),
            ("https://a/b", "https://a/b/c", false),
            ("https://a/{ACCOUNT_ID}", "https://a/LN-1", true),
            ("https://a/{ACCOUNT_ID}/x", "https://a/LN-1/y", false),
            (
                "https://a/{ACCOUNT_ID}/b/{TRANSACTION_ID}",
                "https://a/LN-1/b/7",
                true,
            ),
            (
                "https://a/{ACCOUNT_ID}/b/{TRANSACTION_ID}",
                "https://a/LN-1/c/7",
                false,
            ),
        ] {
            assert_eq!(fits(url, destination), expected, "{url} {destination}");
        }
    }
}
