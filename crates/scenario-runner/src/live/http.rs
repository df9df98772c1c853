//! Answers of the `/sim/` endpoints: JSON with a version, and mistakes that say what would be right.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

/// A JSON answer; `"version": 1` is added.
pub(super) fn answer(status: u16, mut body: Value) -> Response<Full<Bytes>> {
    if let Some(members) = body.as_object_mut() {
        members.insert("version".into(), json!(1));
    }
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(
        hyper::header::CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("application/json"),
    );
    response
}

/// An answer that says what was wrong and what would be right.
pub(super) fn refuse(
    status: u16,
    error: impl Into<String>,
    hint: impl Into<String>,
) -> Response<Full<Bytes>> {
    answer(status, json!({ "error": error.into(), "hint": hint.into() }))
}

/// The parameters of a query. Percent-encoding is undone; a parameter without `=` has an empty value.
pub(super) fn query(query: Option<&str>) -> Vec<(String, String)> {
    let plain = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

/// Undoes what is not on the list of endpoints: 404 for a path, 405 for a method.
pub(super) fn unknown(method: &str, path: &str, known: &[(&str, &str)]) -> Response<Full<Bytes>> {
    let listed: Vec<String> = known
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let hint = format!("endpoints here: {}", listed.join(", "));
    if known.iter().any(|(_, known)| *known == path) {
        refuse(405, format!("{path} does not take {method}"), hint)
    } else {
        refuse(404, format!("there is no {path}"), hint)
    }
}
