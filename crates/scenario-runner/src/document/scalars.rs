//! Single values: texts, truth values, numbers, amounts, lengths of time, instants, secrets.
//!
//! Messages say what kind of value was found and never repeat it: it may be a secret, and the printed line shows the rest.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::context::Context;
use super::decode::{Decode, unexpected};
use super::mistake::Mistake;
use super::node::{Node, NodeValue, whole_number};

/// A text; a number counts as its text, so that `0123` stays `0123`.
impl Decode for String {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        text(node, cx).map(str::to_owned)
    }

    fn schema() -> Value {
        json!({ "type": ["string", "number"] })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(self))
    }
}

/// A text that is never printed: decoding marks its place as secret.
impl Decode for SecretString {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let text = text(node, cx)?;
        // A reference to the environment is no secret, what it stands for is marked where it is defined.
        if !cx.is_filled_in(node) {
            cx.sources.mark_secret(node.span);
        }
        Some(text.into())
    }

    fn schema() -> Value {
        String::schema()
    }
}

/// Words that were truth values in YAML 1.1.
const YES_AND_NO: [&str; 6] = ["yes", "no", "on", "off", "y", "n"];

impl Decode for bool {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if cx.is_unfilled(node) {
            return None;
        }
        match &node.value {
            NodeValue::Bool(yes) => Some(*yes),
            NodeValue::Text(text) if matches!(&**text, "true" | "false") => {
                if cx.is_filled_in(node) {
                    return Some(&**text == "true");
                }
                cx.fail(unexpected(node, "`true` or `false`").hint("remove the quotes"))
            }
            NodeValue::Text(text) if YES_AND_NO.contains(&&*text.to_ascii_lowercase()) => {
                let mistake = unexpected(node, "`true` or `false`");
                cx.fail(mistake.hint("YAML 1.2 knows no other words for it"))
            }
            _ => cx.fail(unexpected(node, "`true` or `false`")),
        }
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(self))
    }
}

macro_rules! whole {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
                let text = number(node, cx, "a whole number")?;
                let whole = whole_number(text);
                match whole.and_then(|whole| Self::try_from(whole).ok()) {
                    Some(value) => Some(value),
                    None if Self::MIN == 0 && text.starts_with('-') => {
                        let message = "expected a whole number that is not negative";
                        cx.fail(Mistake::error(node.span, message))
                    }
                    None => cx.fail(Mistake::error(
                        node.span,
                        format!("expected a whole number from {} to {}", Self::MIN, Self::MAX),
                    )),
                }
            }

            fn schema() -> Value {
                json!({ "type": "integer", "minimum": Self::MIN, "maximum": Self::MAX })
            }

            fn plain(&self) -> Option<Value> {
                Some(json!(self))
            }
        }
    )*};
}

whole!(u16, u32, u64, i64);

/// A finite number.
impl Decode for f64 {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let text = number(node, cx, "a number")?;
        #[expect(clippy::cast_precision_loss, reason = "a float is what the caller wants")]
        let value = whole_number(text).map_or_else(|| text.parse().ok(), |whole| Some(whole as f64));
        match value {
            Some(value) if f64::is_finite(value) => Some(value),
            _ => cx.fail(Mistake::error(node.span, "expected a finite number")),
        }
    }

    fn schema() -> Value {
        json!({ "type": "number" })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(self))
    }
}

/// An amount, exactly as it was written; quotes make no difference.
impl Decode for Decimal {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if cx.is_unfilled(node) {
            return None;
        }
        let Some(text) = node.text() else {
            return cx.fail(unexpected(node, "an amount").hint("such as `1000` or `99.50`"));
        };
        let exact = match text.split_once(['e', 'E']) {
            Some(_) => Self::from_scientific(text),
            None => Self::from_str_exact(text),
        };
        if let Ok(amount) = exact {
            return Some(amount);
        }
        let long = text.parse::<f64>().is_ok_and(f64::is_finite);
        let message = if long {
            "expected an amount of at most 28 digits"
        } else {
            "expected an amount"
        };
        cx.fail(Mistake::error(node.span, message).hint("such as `1000` or `99.50`"))
    }

    fn schema() -> Value {
        json!({ "type": ["number", "string"] })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(self.to_string()))
    }
}

/// A length of time with its units: `30s`, `2m`, `6h`, `1d`, `250ms`, `1h30m`, or `0`.
impl Decode for Duration {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        const HINT: &str = "such as `250ms`, `30s`, `2m`, `6h`, `1d` or `1h30m`";
        if cx.is_unfilled(node) {
            return None;
        }
        let Some(text) = node.text() else {
            return cx.fail(unexpected(node, "a length of time").hint(HINT));
        };
        if let Some(length) = length_of_time(text) {
            return Some(length);
        }
        let message = match &node.value {
            NodeValue::Number(text) if text.starts_with('-') => {
                "expected a length of time, found a negative number"
            }
            NodeValue::Number(_) => "expected a length of time, found a number without a unit",
            _ if text.starts_with('-') => "expected a length of time; it is never negative",
            _ => "expected a length of time",
        };
        cx.fail(Mistake::error(node.span, message).hint(HINT))
    }

    fn schema() -> Value {
        json!({
            "type": ["string", "integer"],
            "pattern": r"^(0|(?=\d)(\d+d)?(\d+h)?(\d+m(?!s))?(\d+s)?(\d+ms)?)$|\$\{",
            "maximum": 0,
        })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(shown_length(*self)))
    }
}

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Numbers with units, the larger ones first, each at most once.
pub(crate) fn length_of_time(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind
            .find(|letter: char| letter.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let (_, size) = units.find(|(name, _)| *name == unit)?;
        millis = millis.checked_add(number.parse::<u64>().ok()?.checked_mul(*size)?)?;
        rest = behind;
    }
    (!text.is_empty()).then(|| Duration::from_millis(millis))
}

/// A length of time the way it is written in fixtures; what is smaller than a millisecond is left out.
fn shown_length(length: Duration) -> String {
    let mut left = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let mut shown = String::new();
    for (unit, size) in UNITS {
        if left >= size {
            shown.push_str(&(left / size).to_string());
            shown.push_str(unit);
            left %= size;
        }
    }
    if shown.is_empty() { "0".to_owned() } else { shown }
}

/// An instant in RFC 3339, with its offset.
impl Decode for Timestamp {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        const HINT: &str = "such as `2026-01-05T09:00:00+01:00` or `2026-01-05T08:00:00Z`";
        if cx.is_unfilled(node) {
            return None;
        }
        let NodeValue::Text(text) = &node.value else {
            return cx.fail(unexpected(node, "an instant").hint(HINT));
        };
        match text.parse() {
            Ok(instant) => Some(instant),
            Err(_) if looks_like_an_instant(text) => {
                cx.fail(Mistake::error(node.span, "there is no such date or time").hint(HINT))
            }
            Err(_) => {
                cx.fail(Mistake::error(node.span, "expected an instant: date, time and offset").hint(HINT))
            }
        }
    }

    fn schema() -> Value {
        json!({ "type": "string", "format": "date-time" })
    }

    fn plain(&self) -> Option<Value> {
        Some(json!(self.to_string()))
    }
}

/// Whether a text has the form of an instant, so that a number in it must be wrong.
fn looks_like_an_instant(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00") else {
        return false;
    };
    let zone = rest.strip_prefix(":00").unwrap_or(rest);
    matches!(zone, "Z" | "+00:00" | "-00:00")
}

fn text<'n>(node: &'n Node, cx: &mut Context) -> Option<&'n str> {
    if cx.is_unfilled(node) {
        return None;
    }
    if let Some(text) = node.text() {
        return Some(text);
    }
    let mut mistake = unexpected(node, "a text");
    let written = cx.sources.slice(node.span);
    if let NodeValue::Bool(_) = node.value {
        mistake = mistake.hint(format!("quote it: `\"{written}\"`"));
    } else if node.is_null() && !written.is_empty() && node.span != node.at {
        mistake = mistake.hint("for the word itself quote it: `\"null\"`; for an empty text write `\"\"`");
    } else if node.is_null() {
        mistake = mistake.hint("for an empty text write `\"\"`");
    }
    cx.fail(mistake)
}

/// The text of a number; a number that was filled in from the environment is a text.
fn number<'n>(node: &'n Node, cx: &mut Context, expected: &str) -> Option<&'n str> {
    if cx.is_unfilled(node) {
        return None;
    }
    match &node.value {
        NodeValue::Number(text) => Some(text),
        NodeValue::Text(text) if cx.is_filled_in(node) => Some(text),
        NodeValue::Text(text) if text.parse::<f64>().is_ok() => {
            cx.fail(unexpected(node, expected).hint("remove the quotes"))
        }
        _ => cx.fail(unexpected(node, expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_units_in_order() {
        let millis = |text| length_of_time(text).map(|length| length.as_millis());
        let good = [
            ("0", 0),
            ("250ms", 250),
            ("30s", 30_000),
            ("1h30m", 5_400_000),
            ("1d1ms", 86_400_001),
            ("0s", 0),
        ];
        for (text, expected) in good {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "5",
            "s",
            "-1s",
            "1.5s",
            "30m1h",
            "1s1s",
            "1 s",
            "1s ",
            "1w",
            "99999999999999999999s",
            "999999999999999999d",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn a_length_of_time_is_shown_as_it_is_read() {
        for text in ["0", "250ms", "30s", "1h30m", "1d1ms"] {
            assert_eq!(shown_length(length_of_time(text).unwrap()), text);
        }
    }
}
