//! The URL as a template: what Mambu refuses on save, and plain http, which it refuses later.

use hyper::Uri;

use super::{missing, placeholders};
use crate::delivery::destination::Destination;
use crate::message::FailureReason;
use crate::mistake::{MambuError, Mistake, nearest};
use crate::placeholder::catalogue;
use crate::placeholder::syntax::{Name, SegmentKind, Shape, segments};
use crate::profile::Profile;
use crate::template::Template;

const POINTER: &str = "/url";

pub(super) fn check(template: &Template, profile: &Profile, mistakes: &mut Vec<Mistake>) {
    let url = template.url.trim();
    let indent = template.url.len() - template.url.trim_start().len();
    if url.is_empty() {
        mistakes.push(missing(POINTER, "the URL is empty"));
        return;
    }
    if let Some((at, quote)) = url.char_indices().find(|(_, character)| is_quote(*character)) {
        let at = indent + at;
        let problem = format!("the URL has a quotation mark ({quote})");
        mistakes.push(
            Mistake::new(POINTER, problem)
                .within(at..at + quote.len_utf8())
                .refused(MambuError::URL_CONTAINS_QUOTES),
        );
        return;
    }
    check_scheme(url, profile, mistakes);
    check_placeholders(template, profile, mistakes);
}

/// Which marks count is assumed: webhooks sheet 5.6 says "quotes".
fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛'
    )
}

fn check_scheme(url: &str, profile: &Profile, mistakes: &mut Vec<Mistake>) {
    let scheme = url
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("https") => {}
        Some("http") if profile.allow_http => {}
        Some("http") => mistakes.push(
            Mistake::warning(
                POINTER,
                "plain http can be saved, and is refused before it is sent",
            )
            .hint("INVALID_HTTP_PROTOCOL is what the communication log will say; take https"),
        ),
        _ => {
            mistakes.push(Mistake::new(
                POINTER,
                "a URL starts with https:// (or http://, which can only be saved)",
            ));
            return;
        }
    }
    let filled = filled(url);
    let has_host = filled
        .parse::<Uri>()
        .is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    if !has_host {
        // In 2021-22 this was not noticed on save (documented: webhooks sheet 1.3); no message gets through.
        let hint = if url.contains(' ') {
            "it has a blank in it"
        } else {
            "scheme, host and path: https://host/path"
        };
        mistakes.push(Mistake::new(POINTER, "this cannot be a URL").hint(hint));
    }
    if let Err(failure) = Destination::of(&filled, profile)
        && failure.reason == FailureReason::BlacklistedUrl
    {
        mistakes.push(
            Mistake::warning(
                POINTER,
                "a private or local host can be saved, and is refused before anything is sent",
            )
            .hint("BLACKLISTED_URL is what the communication log will say; take the public host"),
        );
    }
}

/// The URL with a harmless value for each placeholder.
fn filled(url: &str) -> String {
    segments(url)
        .into_iter()
        .map(|segment| match segment.kind {
            SegmentKind::Literal => &url[segment.span],
            _ => "1",
        })
        .collect()
}

fn check_placeholders(template: &Template, profile: &Profile, mistakes: &mut Vec<Mistake>) {
    let mut all_allowed = true;
    for segment in segments(&template.url) {
        let problem = match &segment.kind {
            SegmentKind::Literal => continue,
            SegmentKind::Value {
                name: Name::Standard(name),
                shape: Shape::Plain,
            } if profile.url_placeholders.contains(name) => continue,
            SegmentKind::Unreadable(_) | SegmentKind::Value { .. } => {
                format!("{} cannot stand in a URL", &template.url[segment.span.clone()])
            }
        };
        all_allowed = false;
        let mut mistake =
            Mistake::new(POINTER, problem).refused(MambuError::URL_CONTAINS_INVALID_PLACEHOLDERS);
        mistake = mistake.within(segment.span);
        let allowed = profile.url_placeholders.iter().map(String::as_str);
        mistake = match segment.kind {
            SegmentKind::Value {
                name: Name::Standard(name),
                ..
            } if catalogue::find(&name).is_none() => match nearest(&name, allowed) {
                Some(near) => mistake.hint(format!("did you mean {{{near}}}?")),
                None => mistake,
            },
            _ => {
                let allowed: Vec<&str> = allowed.collect();
                mistake.hint(format!(
                    "identifiers can (assumed: profile url_placeholders): {}",
                    allowed.join(", ")
                ))
            }
        };
        mistakes.push(mistake);
    }
    if all_allowed {
        placeholders::check(POINTER, &template.url, template.event, mistakes);
    }
}
