//! What the URL of a template can become, without a scene: a placeholder can become anything.

use crate::placeholder::syntax::{SegmentKind, segments};

/// Whether the URL of a template can become this destination.
///
/// ```
/// use mambu_emitter::render::can_become;
/// assert!(can_become("https://a.example/{ACCOUNT_ID}/x", "https://a.example/LN-1/x"));
/// assert!(!can_become("https://a.example/{ACCOUNT_ID}/x", "https://a.example/LN-1/y"));
/// ```
pub fn can_become(url: &str, destination: &str) -> bool {
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
            assert_eq!(can_become(url, destination), expected, "{url} {destination}");
        }
    }
}
