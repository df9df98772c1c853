//! Texts read as numbers, truth values and dates, strictly: what is not exactly one is none.
//!
//! Knows nothing of operators; both the check of a clause and its evaluation read with these.

use rust_decimal::Decimal;

use crate::value::Value;

/// A plain decimal: digits with at most one point and a sign in front; at most 28 digits.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    if !text.bytes().all(plain) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// `true` or `false`, in any case: API v2 writes check boxes as `TRUE` and `FALSE`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A number of days: a whole number that is not negative.
pub(super) fn days(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// The decimal that a value is.
pub(super) fn decimal_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => decimal(text),
        _ => None,
    }
}

/// The truth value that a value is.
pub(super) fn boolean_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Text(text) => boolean(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_plain_or_none() {
        assert_eq!(decimal(" -1.50 "), Some(Decimal::new(-150, 2)));
        for text in [
            "",
            "1_000",
            "1,000",
            "1e3",
            "abc",
            "-",
            "1.2.3",
            "9999999999999999999999999999999",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn truth_is_written_in_any_case() {
        assert_eq!(boolean("TRUE"), Some(true));
        assert_eq!(boolean("yes"), None);
    }

    #[test]
    fn days_are_not_negative() {
        assert_eq!(days("7"), Some(7));
        assert_eq!(days("-1"), None);
        assert_eq!(days("1.5"), None);
    }
}
