//! What may be printed of a text that others wrote, such as a `failureCause`: its URLs as destinations are shown, no
//! credentials, and nothing that the net for fixtures covers. In doubt it covers too much.

use mambu_emitter::delivery::destination::masked;

use crate::document::mask_text;

/// Schemes of authorization that credentials follow.
const SCHEMES: [&str; 2] = ["basic", "bearer"];

/// Words that follow a scheme in a sentence, and are no credentials.
const WORDS: [&str; 14] = [
    "auth",
    "authentication",
    "authorization",
    "credentials",
    "realm",
    "header",
    "token",
    "scheme",
    "is",
    "was",
    "required",
    "failed",
    "or",
    "and",
];

/// The text without its secrets, as far as the text alone shows them.
pub(super) fn masked_text(text: &str) -> String {
    // JSON may write slashes with a backslash.
    let plain = text.replace("\\/", "/");
    let shown: String = plain.split_inclusive(ends_a_word).map(word).collect();
    mask_text(&without_credentials(&shown))
}

fn ends_a_word(letter: char) -> bool {
    letter.is_whitespace() || "\"<>`".contains(letter)
}

/// A word and what ended it, with the URLs in it masked: one may follow the other, or stand in its query.
fn word(word: &str) -> String {
    let end = word.trim_end_matches(ends_a_word).len();
    let (word, ending) = word.split_at(end);
    let mut starts = vec![0];
    let mut behind = 0;
    for (at, mark) in word.match_indices("://") {
        let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        let scheme = word[behind..at].trim_end_matches(is_scheme).len();
        starts.push(behind + scheme);
        behind = at + mark.len();
    }
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    let parts = starts.iter().zip(ends).map(|(start, end)| &word[*start..end]);
    let shown: String = parts
        .map(|part| match part.split_once("://") {
            Some((scheme, rest)) => url(scheme, rest),
            None => bare(part),
        })
        .collect();
    shown + ending
}

fn url(scheme: &str, rest: &str) -> String {
    let rest = without_user(rest);
    match rest.split_once('#') {
        Some((rest, _)) => masked(&format!("{scheme}://{rest}")) + "#<fragment>",
        None => masked(&format!("{scheme}://{rest}")),
    }
}

/// What follows the user and the password, in which somebody may have left characters that no URL has there.
fn without_user(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_cut = authority.rsplit_once(':').is_some_and(|(_, port)| !is_port(port));
    let user = if authority.contains('@') || !is_cut {
        authority.rfind('@')
    } else {
        rest.rfind('@')
    };
    user.map_or(rest, |at| &rest[at + 1..])
}

/// A word that is no URL: perhaps a path with a query, or a host with a user before it.
fn bare(part: &str) -> String {
    let part = match part.rsplit_once('@') {
        Some((user, rest)) if user.contains(':') => rest,
        _ => part,
    };
    if part.contains('/') && !part.ends_with('?') {
        masked(part)
    } else {
        part.to_owned()
    }
}

/// The text with what follows `Basic` or `Bearer` covered (RFC 7235 section 2.1: token68).
fn without_credentials(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let bytes = text.as_bytes();
    let run = |from: usize, is_in: fn(&u8) -> bool| {
        from + bytes[from..].iter().take_while(|byte| is_in(byte)).count()
    };
    let mut shown = String::new();
    let mut done = 0;
    let mut at = 0;
    while at < text.len() {
        let is_start = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let scheme = SCHEMES
            .iter()
            .find(|scheme| is_start && lower[at..].starts_with(**scheme));
        let Some(scheme) = scheme else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let behind = at + scheme.len();
        let from = run(behind, |byte| {
            byte.is_ascii_whitespace() || b":=\"'\\".contains(byte)
        });
        let to = run(from, |byte| {
            byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte)
        });
        let word = lower[from..to].trim_end_matches(['=', '.']);
        if from > behind && !word.is_empty() && !WORDS.contains(&word) {
            shown += &text[done..from];
            shown += "<credentials>";
            done = to;
        }
        at = from;
    }
    shown + &text[done..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

    #[test]
    fn what_others_wrote_is_shown_without_its_secrets() {
        for (text, expected) in [
            ("403", "403"),
            ("unknown host m.example", "unknown host m.example"),
            (
                r#"403 {"request_proc":"ok","description":"Access denied"}"#,
                r#"403 {"request_proc":"ok","description":"Access denied"}"#,
            ),
            (
                "https://u:TOPSECRET@h/api/1/json/public/31754/H?token=TOPSECRET refused",
                "https://h/api/1/json/public/31754/<hash>?<query> refused",
            ),
            (
                r#"{"to":"https:\/\/u:TOPSECRET@h\/x?a=TOPSECRET","no":1}"#,
                r#"{"to":"https://h/x?<query>","no":1}"#,
            ),
            ("https://a/x,https://u:TOPSECRET@b/y", "https://a/x,https://b/y"),
            (
                "https://a/x?next=https://u:TOPSECRET@b/y#TOPSECRET.",
                "https://a/x?<query>https://b/y#<fragment>",
            ),
            ("https://u:TOP/SECRET@h/x", "https://h/x"),
            ("https://u:TOP#SECRET@h:443/x", "https://h:443/x"),
            ("refused by u:TOPSECRET@h:443", "refused by h:443"),
            (
                "POST /api/1/json/public/31754/TOPSECRET?token=TOPSECRET: 403",
                "POST /api/1/json/public/31754/<hash>?<query> 403",
            ),
            ("read/write error and/or?", "read/write error and/or?"),
            ("401 Basic VE9QU0VDUkVU", "401 Basic <credentials>"),
            ("401 basic  VE9QU0VDUkVU=, no", "401 basic  <credentials>, no"),
            ("Bearer TOPSECRET.a-b_c é", "Bearer <credentials> é"),
            (
                "401 Basic authentication failed: Basic realm=\"x\"",
                "401 Basic authentication failed: Basic realm=\"x\"",
            ),
        ] {
            assert_eq!(masked_text(text), expected, "{text}");
        }
        for text in [
            "401 Basic VE9QU0VDUkVU… password=TOPSECRET",
            "{\"Authorization\":\"Basic VE9QU0VDUkVU\"}",
            &format!("the hash {HASH} is wrong"),
        ] {
            let shown = masked_text(text);
            for secret in ["TOPSECRET", "VE9QU0VDUkVU", HASH] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "([a-z:/@?#=. é\"]|Basic |://){0,40}") {
            let _ = masked_text(&text);
        }
    }
}
