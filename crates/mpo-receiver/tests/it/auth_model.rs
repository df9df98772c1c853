//! A second reading of RFC 7617, 7235 and 4648, written without a look at the code it judges.
//!
//! Shares nothing with `mpo_receiver`, nor with the `base64` crate: grammar by splitting, base64 by lists of bits.

/// The outcome by name: `accepted`, or the class of a rejection.
pub(crate) type Outcome = &'static str;

pub(crate) const ACCEPTED: Outcome = "accepted";

/// Every outcome that headers can lead to where a Start node has credentials.
pub(crate) const OUTCOMES: [Outcome; 7] = [
    ACCEPTED,
    "missing",
    "duplicated",
    "not_basic",
    "malformed",
    "unknown_user",
    "wrong_password",
];

/// What the RFCs say of a request with these Authorization headers at a Start node with this user and password.
pub(crate) fn outcome(headers: &[Vec<u8>], user: &[u8], pass: &[u8]) -> Outcome {
    let [header] = headers else {
        return if headers.is_empty() {
            "missing"
        } else {
            "duplicated"
        };
    };
    let text: Vec<char> = header.iter().copied().map(char::from).collect();
    let text: String = text.into_iter().collect();
    let text = text.trim_matches([' ', '\t']);
    let scheme: String = text.chars().take_while(|c| !matches!(c, ' ' | '\t')).collect();
    if scheme.is_empty() || !scheme.chars().all(is_tchar) {
        return "malformed";
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return "not_basic";
    }
    let rest = &text[scheme.len()..];
    let token = rest.trim_start_matches(' ');
    if token.len() == rest.len() || !is_token68(token) {
        return "malformed";
    }
    let Some(decoded) = base64_decoded(token) else {
        return "malformed";
    };
    if decoded.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
        return "malformed";
    }
    let mut halves = decoded.splitn(2, |byte| *byte == b':');
    let (Some(sent_user), Some(sent_pass)) = (halves.next(), halves.next()) else {
        return "malformed";
    };
    if sent_user != user {
        "unknown_user"
    } else if sent_pass == pass {
        ACCEPTED
    } else {
        "wrong_password"
    }
}

/// `tchar` of RFC 7230: visible ASCII but delimiters.
fn is_tchar(c: char) -> bool {
    c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c)
}

/// `token68` of RFC 7235: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_token68(text: &str) -> bool {
    let symbols = text.trim_end_matches('=');
    !symbols.is_empty()
        && symbols
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a strict, padded base64 text (RFC 4648 section 4, canonical as in section 3.5); `None` for any other.
pub(crate) fn base64_decoded(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let symbols = text.trim_end_matches('=');
    let padding = text.len() - symbols.len();
    let mut bits: Vec<bool> = Vec::new();
    for symbol in symbols.chars() {
        let value = ALPHABET.find(symbol)?;
        bits.extend([32, 16, 8, 4, 2, 1].map(|bit| value & bit != 0));
    }
    // One `=` stands for two bits that mean nothing, two for four; those bits are zero.
    if padding > 2 || bits.len() < 2 * padding {
        return None;
    }
    let meaningless = bits.split_off(bits.len() - 2 * padding);
    if meaningless.contains(&true) {
        return None;
    }
    Some(bits.chunks(8).map(number).collect())
}

/// The base64 text of bytes, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut bits: Vec<bool> = Vec::new();
    for byte in bytes {
        bits.extend([128, 64, 32, 16, 8, 4, 2, 1].map(|bit| byte & bit != 0));
    }
    while !bits.len().is_multiple_of(6) {
        bits.push(false);
    }
    let symbol = |six: &[bool]| char::from(ALPHABET.as_bytes()[usize::from(number(six))]);
    let mut text: String = bits.chunks(6).map(symbol).collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Bits, the highest first, as a number.
fn number(bits: &[bool]) -> u8 {
    bits.iter().fold(0, |number, bit| 2 * number + u8::from(*bit))
}

#[test]
fn the_model_agrees_with_the_vectors_of_rfc_4648() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(bytes.as_bytes()), text);
        assert_eq!(base64_decoded(text).as_deref(), Some(bytes.as_bytes()));
    }
    for text in [
        "Zg=", "Zg", "Zh==", "Zm9=", "Zm-_", "Z===", "====", "Zg==Zg==", "Zm9v\n",
    ] {
        assert_eq!(base64_decoded(text), None, "{text}");
    }
}

#[test]
fn the_model_agrees_with_the_example_of_rfc_7617() {
    let header = b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_vec();
    assert_eq!(
        outcome(std::slice::from_ref(&header), b"Aladdin", b"open sesame"),
        ACCEPTED
    );
    assert_eq!(outcome(&[header], b"Aladdin", b"open Sesame"), "wrong_password");
}
