//! JSON-like values with exact decimals: what the bank's entities are made of.
//!
//! Knows nothing of placeholders, conditions or files. Money is never a float here.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;

/// One value of an entity in Mambu's API v2 JSON.
///
/// ```
/// use mambu_emitter::Value;
/// let amount = Value::number("5000.00").expect("a decimal");
/// assert_eq!(amount.to_string(), "5000.00");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A decimal that keeps its scale: `5000.00` stays `5000.00`.
    Number(Decimal),
    /// A text; dates and keys are texts too.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// A number from its text, `None` if it is not a decimal that fits (28 digits).
    pub fn number(text: &str) -> Option<Self> {
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .ok()
            .map(Self::Number)
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, also of a text that is one.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
            _ => None,
        }
    }

    /// Whether Mambu would say that there is nothing: null, or an empty text.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// What a dotted path leads to; a part that is a number is an index into a list.
    pub fn at(&self, path: &str) -> Option<&Self> {
        let (mut value, mut rest) = (self, Some(path));
        while let Some(path) = rest {
            let (part, more) = first_part(path);
            value = value.part(part)?;
            rest = more;
        }
        Some(value)
    }

    /// What one part of a path leads to.
    pub(crate) fn part(&self, part: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(part),
            Self::List(list) => list.get(part.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Sets what a dotted path of object keys leads to, making the objects on the way.
    pub fn set(&mut self, path: &str, value: Self) {
        let mut here = self;
        for part in path.split('.') {
            if !matches!(here, Self::Map(_)) {
                *here = Self::Map(BTreeMap::new());
            }
            let Self::Map(map) = here else { return };
            here = map.entry(part.to_owned()).or_default();
        }
        *here = value;
    }

    /// Lays `over` on top: objects merge, everything else replaces.
    pub fn merge(&mut self, over: &Self) {
        match (self, over) {
            (Self::Map(base), Self::Map(over)) => {
                for (key, value) in over {
                    base.entry(key.clone()).or_default().merge(value);
                }
            }
            (base, over) => *base = over.clone(),
        }
    }
}

/// What stands before the first dot of a path, and what follows it.
pub(crate) fn first_part(path: &str) -> (&str, Option<&str>) {
    // Parts are a few letters long: a search made for long texts takes longer to begin than this to end.
    match path.bytes().position(|byte| byte == b'.') {
        Some(dot) => (&path[..dot], Some(&path[dot + 1..])),
        None => (path, None),
    }
}

impl fmt::Display for Value {
    /// Texts as they are, everything else as JSON.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(flag) => write!(out, "{flag}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
            Self::List(list) => {
                out.write_str("[")?;
                for (at, value) in list.iter().enumerate() {
                    write!(out, "{}{}", if at == 0 { "" } else { ", " }, value)?;
                }
                out.write_str("]")
            }
            Self::Map(map) => {
                out.write_str("{")?;
                for (at, (key, value)) in map.iter().enumerate() {
                    write!(out, "{}{key}: {value}", if at == 0 { "" } else { ", " })?;
                }
                out.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_scale() {
        assert_eq!(Value::number("250.00").unwrap().to_string(), "250.00");
    }

    #[test]
    fn a_path_walks_objects_and_lists() {
        let mut client = Value::default();
        client.set("addresses", Value::List(vec![Value::Null, Value::text("here")]));
        assert_eq!(client.at("addresses.1"), Some(&Value::text("here")));
        assert_eq!(client.at("addresses.2"), None);
    }

    #[test]
    fn merging_keeps_what_the_upper_layer_does_not_name() {
        let mut base = Value::default();
        base.set("balances.principalDue", Value::number("1").unwrap());
        let mut over = Value::default();
        over.set("balances.feesDue", Value::number("2").unwrap());
        base.merge(&over);
        assert_eq!(base.at("balances.principalDue").unwrap().to_string(), "1");
        assert_eq!(base.at("balances.feesDue").unwrap().to_string(), "2");
    }
}
