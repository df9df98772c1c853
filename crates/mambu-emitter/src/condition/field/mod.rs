//! The fields that conditions can ask for: native ones with their type and where their value comes from, and custom ones.
//!
//! Knows nothing of operators and values. That the webhook editor offers exactly the native fields of appendix C is
//! assumed; a name that is not there is kept, and needs a value from the fixture.

mod activity;
mod client;
mod credit_arrangement;
mod deposit;
mod group;
mod loan;
mod transaction;
mod words;

use std::borrow::Cow;
use std::fmt;

use super::data_type::DataType;
use super::entity::Entity;
use crate::custom_field::{self, CustomField};
use crate::mistake::nearest;
use crate::scene::{Role, Scene};
use crate::source::Source;
use crate::value::Value;

/// The words an ENUM field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Any, as far as the sheets know.
    Any,
    /// These.
    Closed(&'static [&'static str]),
    /// These and others: the sheet's list is a selection.
    Open(&'static [&'static str]),
}

/// A native field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeField {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub data_type: DataType,
    /// Where its value comes from.
    pub source: Source,
    /// The words it can have, if it is an ENUM.
    pub words: Words,
}

const fn field(name: &'static str, data_type: DataType, source: Source) -> NativeField {
    NativeField {
        name,
        data_type,
        source,
        words: Words::Any,
    }
}

impl NativeField {
    const fn closed(self, words: &'static [&'static str]) -> Self {
        Self {
            words: Words::Closed(words),
            ..self
        }
    }

    const fn open(self, words: &'static [&'static str]) -> Self {
        Self {
            words: Words::Open(words),
            ..self
        }
    }
}

impl Entity {
    /// The native fields of this entity; none where the sheet names the entity without a list.
    pub fn fields(self) -> &'static [NativeField] {
        match self.canonical() {
            Self::Client => client::FIELDS,
            Self::Group => group::FIELDS,
            Self::Loans => loan::FIELDS,
            Self::Savings => deposit::FIELDS,
            Self::Transaction => transaction::FIELDS,
            Self::LineOfCredit => credit_arrangement::FIELDS,
            Self::Activity => activity::FIELDS,
            _ => &[],
        }
    }

    /// The native field of that name.
    pub fn field(self, name: &str) -> Option<&'static NativeField> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// The native field nearest to a misspelt one.
    pub fn nearest_field(self, name: &str) -> Option<&'static str> {
        nearest(name, self.fields().iter().map(|field| field.name))
    }
}

/// The field of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A field of the bank's own.
    Native {
        /// The entity as the clause names it.
        entity: Entity,
        /// The field's name.
        name: String,
        /// What the sheet knows of it; nothing for names that it does not list.
        known: Option<&'static NativeField>,
    },
    /// A field that the bank's administrators made.
    Custom(CustomField),
}

impl Field {
    /// A native field.
    pub fn native(entity: Entity, name: impl Into<String>) -> Self {
        let name = name.into();
        let known = entity.field(&name);
        Self::Native { entity, name, known }
    }

    /// What the sheet knows of it.
    pub fn known(&self) -> Option<&'static NativeField> {
        match self {
            Self::Native { known, .. } => *known,
            Self::Custom(_) => None,
        }
    }

    /// The roles that must be filled for it to have a value, as far as they are known.
    pub fn roles(&self) -> Vec<Role> {
        match self {
            Self::Native { entity, .. } => entity.roles().collect(),
            Self::Custom(field) => field
                .entity
                .and_then(custom_field::Entity::role)
                .into_iter()
                .collect(),
        }
    }

    /// The names under which a fixture can give its value (`values:`), the first being the usual one.
    pub fn given_names(&self) -> Vec<String> {
        let mut names = vec![self.to_string()];
        if let Self::Native { entity, name, .. } = self
            && entity.canonical() != *entity
        {
            names.push(format!("{}.{name}", entity.canonical()));
        }
        names
    }

    /// Whether only a fixture can give its value: nothing in the scene feeds it.
    pub fn is_unmapped(&self) -> bool {
        match self {
            Self::Native { known, .. } => known.is_none_or(|field| field.source == Source::Unmapped),
            Self::Custom(field) => field.is_unmapped(),
        }
    }

    /// Its value: the fixture's if it gave one, else what the scene's entities say. `None` is Mambu's "no value".
    pub fn read(&self, scene: &Scene) -> Option<Value> {
        let given = self.given_names().iter().find_map(|name| scene.given(name));
        let value = match (given, self) {
            (Some(value), _) => Some(value.clone()),
            (None, Self::Native { entity, known, .. }) => {
                // Without the entity there is no value, not even the `false` of "whether there is …".
                let field = known.filter(|_| entity.missing_in(scene).is_none())?;
                field.source.read(scene).map(Cow::into_owned)
            }
            (None, Self::Custom(field)) => field.read(scene).cloned(),
        };
        value.filter(|value| !value.is_empty() && !matches!(value, Value::List(list) if list.is_empty()))
    }
}

impl fmt::Display for Field {
    /// `TRANSACTION.AMOUNT`, `CF:LOAN:RISK`, `CF:CLIENT:PHONE:1`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native { entity, name, .. } => write!(out, "{entity}.{name}"),
            Self::Custom(field) => field.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests;
