//! Environment variables of a stage: raw or JSON, visible or secret.
//!
//! Knows their rules and how one is found, not where a reference to one may stand (see `reference`). Every value is kept
//! as a secret, also of a visible variable: nobody needs to print one.

use secrecy::{ExposeSecret as _, SecretString};

use crate::json::{Json, JsonMistake};

/// Why MPO would not take a variable. Documented: receiver sheet 1.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableMistake {
    /// A short name has 2 to 127 characters.
    #[error("a variable's short name has 2 to 127 characters, this one has {chars}")]
    NameLength {
        /// How many it has.
        chars: usize,
    },
    /// A short name has lower-case letters, digits and dashes.
    #[error("a variable's short name has lower-case letters, digits and dashes only, not `{found}`")]
    NameCharacter {
        /// The first other character.
        found: char,
    },
    /// A value has at least [`MIN_VALUE_CHARS`].
    #[error("a variable's value has at least 3 characters, this one has {chars}")]
    ValueTooShort {
        /// How many it has.
        chars: usize,
    },
    /// A value has at most [`MAX_VALUE_BYTES`].
    #[error("a variable's value has at most 2 MB, this one has {bytes} bytes")]
    ValueTooLong {
        /// How many it has.
        bytes: usize,
    },
}

/// The fewest characters of a value. Documented: receiver sheet 1.7.
pub const MIN_VALUE_CHARS: usize = 3;

/// The most bytes of a value: 2 MB (documented: receiver sheet 1.7), read as 2 MiB (assumed).
pub const MAX_VALUE_BYTES: usize = 2 << 20;

/// Checks a short name: `^[a-z0-9-]{2,127}$`. Documented: receiver sheet 1.7.
pub fn check_short_name(name: &str) -> Result<(), VariableMistake> {
    let legal = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '-');
    if let Some(found) = name.chars().find(|c| !legal(c)) {
        return Err(VariableMistake::NameCharacter { found });
    }
    match name.len() {
        2..=127 => Ok(()),
        chars => Err(VariableMistake::NameLength { chars }),
    }
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub enum VariableValue {
    /// A plain text (`data_type` raw).
    Raw(SecretString),
    /// JSON, checked (`data_type` json).
    Json(JsonValue),
}

/// A text that is known to be JSON, kept secret.
#[derive(Clone, Debug)]
pub struct JsonValue(SecretString);

impl VariableValue {
    /// A plain text.
    pub fn raw(text: impl Into<SecretString>) -> Self {
        Self::Raw(text.into())
    }

    /// JSON; fails if it is none. Documented: receiver sheet 1.7.
    pub fn json(text: impl Into<SecretString>) -> Result<Self, JsonMistake> {
        let text = text.into();
        Json::read(text.expose_secret().as_bytes())?;
        Ok(Self::Json(JsonValue(text)))
    }

    /// Its text, to be used and not to be shown.
    pub fn expose(&self) -> &str {
        match self {
            Self::Raw(text) | Self::Json(JsonValue(text)) => text.expose_secret(),
        }
    }

    /// The JSON of a JSON variable.
    pub fn as_json(&self) -> Option<Json<'_>> {
        match self {
            Self::Raw(_) => None,
            Self::Json(JsonValue(text)) => Json::read(text.expose_secret().as_bytes()).ok(),
        }
    }

    /// Checks the size: 3 characters to 2 MB. Documented: receiver sheet 1.7.
    pub fn check(&self) -> Result<(), VariableMistake> {
        let text = self.expose();
        match text.chars().take(MIN_VALUE_CHARS).count() {
            chars if chars < MIN_VALUE_CHARS => Err(VariableMistake::ValueTooShort { chars }),
            _ if text.len() > MAX_VALUE_BYTES => Err(VariableMistake::ValueTooLong { bytes: text.len() }),
            _ => Ok(()),
        }
    }
}

/// Who can read a variable again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody with access to the stage.
    #[default]
    Visible,
    /// Nobody; documented to be usable in API Call nodes only (receiver sheet 1.7).
    Secret,
}

/// One environment variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its numeric id, where one is known.
    pub id: Option<u64>,
    /// Its name within the stage.
    pub short_name: String,
    /// What it holds.
    pub value: VariableValue,
    /// Who can read it again.
    pub visibility: Visibility,
}

/// How a reference names a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableKey {
    /// `@short-name`
    Name(String),
    /// A numeric id.
    Id(u64),
    /// Neither; most likely a name without its `@`.
    Unreadable(String),
}

/// The variables of a stage. Of two with one name, or one id, the first counts.
#[derive(Clone, Debug, Default)]
pub struct Variables(Vec<Variable>);

impl Variables {
    /// The variables in the order given.
    pub fn new(variables: Vec<Variable>) -> Self {
        Self(variables)
    }

    /// All, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.0.iter()
    }

    /// The variable that a reference names.
    pub fn find(&self, key: &VariableKey) -> Option<&Variable> {
        match key {
            VariableKey::Name(name) => self.0.iter().find(|variable| variable.short_name == *name),
            VariableKey::Id(id) => self.0.iter().find(|variable| variable.id == Some(*id)),
            VariableKey::Unreadable(_) => None,
        }
    }
}

impl FromIterator<Variable> for Variables {
    fn from_iter<I: IntoIterator<Item = Variable>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_2_to_127_lower_case_letters_digits_and_dashes() {
        for good in ["ab", "webhook-var", "0-", &"a".repeat(127)] {
            assert_eq!(check_short_name(good), Ok(()), "{good}");
        }
        assert_eq!(
            check_short_name("a"),
            Err(VariableMistake::NameLength { chars: 1 })
        );
        assert_eq!(
            check_short_name(&"a".repeat(128)),
            Err(VariableMistake::NameLength { chars: 128 })
        );
        assert_eq!(
            check_short_name("webhook_var"),
            Err(VariableMistake::NameCharacter { found: '_' })
        );
        assert_eq!(
            check_short_name("Webhook"),
            Err(VariableMistake::NameCharacter { found: 'W' })
        );
    }

    #[test]
    fn a_value_has_3_characters_to_2_mb() {
        assert_eq!(VariableValue::raw("äöü").check(), Ok(()));
        assert_eq!(
            VariableValue::raw("äö").check(),
            Err(VariableMistake::ValueTooShort { chars: 2 })
        );
        assert_eq!(VariableValue::raw("a".repeat(MAX_VALUE_BYTES)).check(), Ok(()));
        let long = VariableValue::raw("a".repeat(MAX_VALUE_BYTES + 1));
        assert_eq!(
            long.check(),
            Err(VariableMistake::ValueTooLong {
                bytes: MAX_VALUE_BYTES + 1
            })
        );
    }

    #[test]
    fn json_is_checked_when_it_is_saved() {
        assert!(VariableValue::json(r#"{"user":"mambu"}"#).is_ok());
        assert!(VariableValue::json(r#"{"user":mambu}"#).is_err());
    }

    #[test]
    fn no_value_is_printed() {
        let variable = Variable {
            id: Some(1),
            short_name: "webhook-var".into(),
            value: VariableValue::json(r#"{"pass":"s3cret"}"#).unwrap(),
            visibility: Visibility::Visible,
        };
        let mistake = VariableValue::json(r#"{"pass":s3cret}"#).unwrap_err();
        for shown in [format!("{variable:?}"), format!("{mistake:?} {mistake}")] {
            assert!(!shown.contains("s3cret"), "{shown}");
        }
    }
}
