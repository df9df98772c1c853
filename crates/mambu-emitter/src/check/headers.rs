//! Custom headers. Their values may be keys: they are judged and never printed.

use std::collections::BTreeSet;

use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use super::missing;
use crate::mistake::Mistake;
use crate::placeholder::syntax::{SegmentKind, segments};
use crate::profile::Profile;
use crate::template::{Authorization, CustomHeader, Template};

pub(super) fn check(template: &Template, profile: &Profile, mistakes: &mut Vec<Mistake>) {
    let mut seen = BTreeSet::new();
    for (at, header) in template.headers.iter().enumerate() {
        let key = format!("/headers/{at}/headerKey");
        let name = header.name.as_str();
        if name.is_empty() {
            mistakes.push(missing(&key, "the header has no name"));
        } else if let Some(mistake) = header_name(&key, name) {
            mistakes.push(mistake);
        } else if !seen.insert(name.to_ascii_lowercase()) {
            // documented: webhooks sheet 1.1, keys are unique; names of headers have no case.
            let mistake = Mistake::new(&key, format!("the header {name} is there twice"));
            mistakes.push(mistake.hint("names of headers have no case; keep one"));
        } else if is_reserved(name, &profile.reserved_headers) {
            // documented: webhooks sheet 5.5, reserved headers may be dropped; which they are is assumed.
            let problem = format!("Mambu sets {name} itself and drops this one");
            mistakes.push(Mistake::warning(&key, problem).hint("the receiver never gets it; leave it out"));
        } else if name.eq_ignore_ascii_case(AUTHORIZATION.as_str())
            && matches!(template.authorization, Authorization::Basic { .. })
        {
            let problem = format!("the template has Basic and a header {name}, and only Basic is sent here");
            let mistake = Mistake::warning(&key, problem);
            mistakes.push(mistake.hint("nobody says which of the two Mambu sends; keep one"));
        }
        check_value(&format!("/headers/{at}/headerValue"), header, mistakes);
    }
}

/// What is wrong with the name of a header at `pointer`, whoever sends it.
pub fn header_name(pointer: &str, name: &str) -> Option<Mistake> {
    HeaderName::from_bytes(name.as_bytes()).is_err().then(|| {
        let problem = format!("\"{}\" cannot be the name of a header", name.escape_debug());
        Mistake::new(pointer, problem).hint("letters, digits and hyphens")
    })
}

/// What is wrong with a value of the header `name` at `pointer`, which `fits` or not. The value is not printed.
pub fn header_value(pointer: &str, name: &str, fits: bool) -> Option<Mistake> {
    (!fits).then(|| {
        let problem = format!("the value of {name} has a character that no header may have");
        Mistake::new(pointer, problem).hint("printable ASCII, no line breaks")
    })
}

fn check_value(pointer: &str, header: &CustomHeader, mistakes: &mut Vec<Mistake>) {
    let value = header.value.expose_secret();
    mistakes.extend(header_value(
        pointer,
        &header.name,
        HeaderValue::from_str(value).is_ok(),
    ));
    let has_placeholder = segments(value)
        .iter()
        .any(|segment| matches!(segment.kind, SegmentKind::Value { .. }));
    if has_placeholder {
        let problem = format!(
            "the value of {} looks like a placeholder, and headers are static",
            header.name
        );
        mistakes.push(
            Mistake::warning(pointer, problem)
                .hint("it is sent as it is written; put the value into the body"),
        );
    }
}

/// Whether a name is in the list; a trailing `*` there matches any ending.
fn is_reserved(name: &str, reserved: &[String]) -> bool {
    reserved.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name
            .get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(pattern),
    })
}
