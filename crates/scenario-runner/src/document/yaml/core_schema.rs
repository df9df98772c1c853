//! The core schema of YAML 1.2: what a plain scalar is.

use crate::document::NodeValue;

/// The value of a plain scalar in the core schema of YAML 1.2.
pub(super) fn plain(text: &str) -> NodeValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" => NodeValue::Bool(true),
        "false" | "False" | "FALSE" => NodeValue::Bool(false),
        _ if is_number(text) => NodeValue::Number(text.into()),
        _ => NodeValue::Text(text.into()),
    }
}

fn is_number(text: &str) -> bool {
    let based = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_is_fine = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_is_fine =
        exponent.is_none_or(|exponent| based(exponent.strip_prefix(['-', '+']).unwrap_or(exponent), 10));
    mantissa_is_fine && exponent_is_fine
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(text: &str) -> bool {
        matches!(plain(text), NodeValue::Text(_))
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for number in [
            "0", "0123", "-5", "+5", "5.", ".5", "1e3", "1.5E-3", "0x1F", "0o17", "-.inf", ".nan",
        ] {
            assert_eq!(plain(number), NodeValue::Number(number.into()));
        }
        for text in [
            "yes",
            "no",
            "1_000",
            "0b1",
            ".",
            "-",
            "e3",
            "1e",
            "0x",
            "1.2.3",
            "1:30",
            "2026-01-05",
            "12ab",
            "٣",
        ] {
            assert!(is_text(text), "{text}");
        }
    }
}
