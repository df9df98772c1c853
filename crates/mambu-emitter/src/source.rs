//! Where a value comes from: the way from a placeholder or a condition field to API v2 fields of the scene's entities.
//!
//! Where the sheets don't say which entity field feeds a name, the tables that use this type (`placeholder::catalogue`,
//! `condition::field`) map it to an API v2 path, marked assumed. A name without a path here needs a value from the
//! fixture; none is invented.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::scene::Scene;
use crate::value::Value;

/// Where a value comes from. Paths start with a role's word (see [`Scene::at`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// One field.
    Path(&'static str),
    /// The first of several fields that has a value.
    FirstOf(&'static [&'static str]),
    /// The sum of several amounts, those without a value left out.
    Sum(&'static [&'static str]),
    /// Several texts with blanks between them.
    Words(&'static [&'static str]),
    /// How many entries a list has.
    Length(&'static str),
    /// Whether there is a value.
    Present(&'static str),
    /// The moment of the event.
    Now,
    /// Nothing that the sheets know: the fixture gives the value, or it is a mistake.
    Unmapped,
}

impl Source {
    /// The fields of which it is the first that has a value, if that is all there is to it.
    pub(crate) fn fields(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Path(path) => Some(vec![path]),
            Self::FirstOf(paths) => Some(paths.to_vec()),
            _ => None,
        }
    }

    /// Reads the value; `None` is Mambu's "no value".
    pub fn read(self, scene: &Scene) -> Option<Cow<'_, Value>> {
        let there = |path: &str| scene.at(path).filter(|value| !value.is_empty());
        let value = match self {
            // The common cases, without a copy.
            Self::Path(path) => return there(path).map(Cow::Borrowed),
            Self::FirstOf(paths) => return paths.iter().find_map(|path| there(path)).map(Cow::Borrowed),
            Self::Sum(paths) => paths
                .iter()
                .filter_map(|path| scene.at(path).and_then(Value::as_decimal))
                .reduce(|sum, amount| sum.checked_add(amount).unwrap_or(Decimal::MAX))
                .map(Value::Number),
            Self::Words(paths) => {
                let words: Vec<&str> = paths
                    .iter()
                    .filter_map(|path| scene.at(path).and_then(Value::as_text))
                    .filter(|word| !word.is_empty())
                    .collect();
                (!words.is_empty()).then(|| Value::Text(words.join(" ")))
            }
            Self::Length(path) => match scene.at(path) {
                Some(Value::List(list)) => Some(Value::Number(list.len().into())),
                _ => None,
            },
            Self::Present(path) => Some(Value::Bool(scene.at(path).is_some_and(|value| !value.is_empty()))),
            Self::Now => Some(Value::Text(scene.moment.timestamp().to_string())),
            Self::Unmapped => None,
        };
        value.filter(|value| !value.is_empty()).map(Cow::Owned)
    }
}
