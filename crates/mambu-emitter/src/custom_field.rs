//! Where custom fields are found in an entity's API v2 JSON; placeholders and conditions share it.
//!
//! A custom field set is a top-level object whose name starts with an underscore (documented: webhooks sheet 7.2). A set
//! of grouped fields is a list of such objects. Knows nothing of templates, patterns or operators.

use std::fmt;
use std::ops::Bound;

use crate::scene::{Role, Scene};
use crate::value::Value;

/// The entity that a custom field belongs to (observed: webhooks sheet 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// `CLIENT`
    Client,
    /// `GROUP`
    Group,
    /// `LOAN`
    Loan,
    /// `SAVINGS`
    Savings,
    /// `USER`
    User,
    /// `BRANCH`
    Branch,
    /// `CENTRE`
    Centre,
    /// `TRANSACTION`
    Transaction,
    /// `LINE_OF_CREDIT`
    LineOfCredit,
}

impl Entity {
    /// All entities with the word that `{CF:…}` uses and the role that plays it in a scene.
    ///
    /// Users, branches and centres have no part in a scene; their fields are given by the fixture.
    pub const WORDS: [(Self, &'static str, Option<Role>); 9] = [
        (Self::Client, "CLIENT", Some(Role::Client)),
        (Self::Group, "GROUP", Some(Role::Group)),
        (Self::Loan, "LOAN", Some(Role::Loan)),
        (Self::Savings, "SAVINGS", Some(Role::Deposit)),
        (Self::User, "USER", None),
        (Self::Branch, "BRANCH", None),
        (Self::Centre, "CENTRE", None),
        (Self::Transaction, "TRANSACTION", Some(Role::Transaction)),
        (
            Self::LineOfCredit,
            "LINE_OF_CREDIT",
            Some(Role::CreditArrangement),
        ),
    ];

    /// The word in `{CF:…}`.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The entity of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known, _)| *known == word)
            .map(|(entity, ..)| *entity)
    }

    /// The role that plays it in a scene, if one does.
    pub fn role(self) -> Option<Role> {
        Self::WORDS[self as usize].2
    }
}

/// Where a field without an entity is looked for, in this order.
///
/// assumed: webhooks sheet 4.1 documents `{CF:FIELD_ID}` and not how it chooses.
const SEARCH_ORDER: [Role; 10] = [
    Role::Loan,
    Role::Deposit,
    Role::Client,
    Role::Group,
    Role::Transaction,
    Role::CreditArrangement,
    Role::LinkedTransaction,
    Role::Instalment,
    Role::Activity,
    Role::Subject,
];

/// A custom field as a template names it.
///
/// ```
/// use mambu_emitter::custom_field::{CustomField, Entity};
/// let field = CustomField {
///     entity: Some(Entity::Client),
///     id: "EXTERNAL ID".into(),
///     index: None,
/// };
/// assert_eq!(field.to_string(), "CF:CLIENT:EXTERNAL ID");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomField {
    /// Whose field it is; `None`: the first entity that has it.
    pub entity: Option<Entity>,
    /// The field's id, often in capitals (observed: the picker upper-cases it, webhooks sheet 4.1).
    pub id: String,
    /// Which entry of a grouped set, from 1 (assumed: webhooks sheet 4.1 shows index 1).
    pub index: Option<usize>,
}

impl CustomField {
    /// The field's value in a scene; `None` is Mambu's "no value".
    pub fn read<'a>(&self, scene: &'a Scene) -> Option<&'a Value> {
        let look = |role| in_entity(scene.entity(role)?, &self.id, self.index);
        match self.entity {
            Some(entity) => look(entity.role()?),
            None => SEARCH_ORDER.into_iter().find_map(look),
        }
    }

    /// Whether no entity of any scene can hold it, so that only a fixture can give its value.
    pub fn is_unmapped(&self) -> bool {
        self.entity.is_some_and(|entity| entity.role().is_none())
    }
}

impl fmt::Display for CustomField {
    /// The text between the braces, which is also the name a fixture gives the value under.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CF:")?;
        if let Some(entity) = self.entity {
            write!(out, "{}:", entity.word())?;
        }
        out.write_str(&self.id)?;
        match self.index {
            Some(index) => write!(out, ":{index}"),
            None => Ok(()),
        }
    }
}

/// The value of the custom field `id` in an entity; empty values count as none.
///
/// Ids are compared without regard to case, because the picker of the template editor upper-cases them (observed:
/// webhooks sheet 4.1). `index` counts the entries of a grouped set from 1; without it the first entry is meant, and an
/// ungrouped set is entry 1 (both assumed).
///
/// ```
/// use mambu_emitter::{Value, custom_field};
/// let mut loan = Value::default();
/// loan.set("_Details.nCino_Number", Value::text("N-77"));
/// let value = custom_field::in_entity(&loan, "NCINO_NUMBER", None);
/// assert_eq!(value, Some(&Value::text("N-77")));
/// ```
pub fn in_entity<'a>(entity: &'a Value, id: &str, index: Option<usize>) -> Option<&'a Value> {
    let Value::Map(members) = entity else {
        return None;
    };
    let at = index.unwrap_or(1).checked_sub(1)?;
    members
        .range::<str, _>((Bound::Included("_"), Bound::Unbounded))
        .take_while(|(name, _)| name.starts_with('_'))
        .find_map(|(_, set)| match set {
            Value::Map(_) if at == 0 => in_set(set, id),
            Value::List(entries) => in_set(entries.get(at)?, id),
            _ => None,
        })
}

fn in_set<'a>(set: &'a Value, id: &str) -> Option<&'a Value> {
    let Value::Map(fields) = set else { return None };
    fields
        .get(id)
        .or_else(|| {
            fields
                .iter()
                .find(|(name, _)| same_id(name, id))
                .map(|(_, value)| value)
        })
        .filter(|value| !value.is_empty())
}

fn same_id(a: &str, b: &str) -> bool {
    a.chars()
        .flat_map(char::to_uppercase)
        .eq(b.chars().flat_map(char::to_uppercase))
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::event::Event;

    fn set(id: &str, value: &str) -> Value {
        let mut set = Value::default();
        set.set(id, Value::text(value));
        set
    }

    fn entity(set_name: &str, set: Value) -> Value {
        let mut entity = Value::default();
        entity.set(set_name, set);
        entity.set("id", Value::text("LN-1001"));
        entity
    }

    #[test]
    fn every_entity_stands_at_its_own_place_in_the_table() {
        for (at, (entity, word, _)) in Entity::WORDS.into_iter().enumerate() {
            assert_eq!(entity as usize, at);
            assert_eq!(Entity::from_word(word), Some(entity));
        }
    }

    #[test]
    fn a_field_without_an_entity_is_searched_in_every_role() {
        for (role, _) in Role::WORDS {
            assert!(SEARCH_ORDER.contains(&role), "{role:?}");
        }
    }

    #[test]
    fn ids_are_compared_without_case_accents_included() {
        let loan = entity("_Set", set("Número de Identificación", "42"));
        let found = in_entity(&loan, "NÚMERO DE IDENTIFICACIÓN", None);
        assert_eq!(found, Some(&Value::text("42")));
    }

    #[test]
    fn only_objects_with_an_underscore_hold_custom_fields() {
        let loan = entity("balances", set("X", "1"));
        assert_eq!(in_entity(&loan, "X", None), None);
        assert_eq!(in_entity(&loan, "id", None), None);
    }

    #[test]
    fn a_grouped_set_is_counted_from_one() {
        let loan = entity(
            "_Guarantors",
            Value::List(vec![set("NAME", "Ann"), set("NAME", "Bob")]),
        );
        let name = |index| in_entity(&loan, "NAME", index).and_then(Value::as_text);
        assert_eq!(name(Some(1)), Some("Ann"));
        assert_eq!(name(Some(2)), Some("Bob"));
        assert_eq!(name(Some(3)), None);
        assert_eq!(name(Some(0)), None);
        assert_eq!(name(None), Some("Ann"));
    }

    #[test]
    fn without_an_entity_the_account_wins_over_its_holder() {
        let scene = Scene::new(Event::LoanRepayment, Timestamp::UNIX_EPOCH, TimeZone::UTC)
            .with(Role::Client, entity("_Set", set("X", "client")))
            .with(Role::Loan, entity("_Set", set("X", "loan")));
        let mut field = CustomField {
            entity: None,
            id: "X".into(),
            index: None,
        };
        assert_eq!(field.read(&scene), Some(&Value::text("loan")));
        field.entity = Some(Entity::Client);
        assert_eq!(field.read(&scene), Some(&Value::text("client")));
        field.entity = Some(Entity::Branch);
        assert_eq!(field.read(&scene), None);
        assert!(field.is_unmapped());
    }
}
