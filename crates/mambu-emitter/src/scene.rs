//! What an event looks like to a template: the entities it is about, as they stand after the change.
//!
//! Conditions and placeholders look here and nowhere else. A scene never changes once it is made, so a
//! body rendered from it is the same however often it is sent (documented: webhooks sheet 4.2, "when rendered").

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::event::Event;
use crate::value::{Value, first_part};

/// The part an entity plays in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The client that the event is about, or that holds the account.
    Client,
    /// The group that the event is about, or that holds the account.
    Group,
    /// The loan account.
    Loan,
    /// The deposit account.
    Deposit,
    /// The transaction that was posted.
    Transaction,
    /// The transaction that a reversal points to.
    LinkedTransaction,
    /// The credit arrangement.
    CreditArrangement,
    /// The instalment a reminder is about.
    Instalment,
    /// The activity: who did what.
    Activity,
    /// What belongs to none of the others: end of day, data access, holds, journal entries, orders.
    Subject,
}

impl Role {
    /// All roles with the word that fixtures and the mapping table use.
    pub const WORDS: [(Role, &'static str); 10] = [
        (Role::Client, "client"),
        (Role::Group, "group"),
        (Role::Loan, "loan"),
        (Role::Deposit, "deposit"),
        (Role::Transaction, "transaction"),
        (Role::LinkedTransaction, "linked_transaction"),
        (Role::CreditArrangement, "credit_arrangement"),
        (Role::Instalment, "instalment"),
        (Role::Activity, "activity"),
        (Role::Subject, "subject"),
    ];

    /// The role's word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "client" => Self::Client,
            "group" => Self::Group,
            "loan" => Self::Loan,
            "deposit" => Self::Deposit,
            "transaction" => Self::Transaction,
            "linked_transaction" => Self::LinkedTransaction,
            "credit_arrangement" => Self::CreditArrangement,
            "instalment" => Self::Instalment,
            "activity" => Self::Activity,
            "subject" => Self::Subject,
            _ => return None,
        })
    }
}

/// A moment as API v2 writes it: ISO 8601 with the tenant's offset (documented: webhooks sheet 7.2).
pub fn api_time(moment: &ZonedDateTime) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The entities of one event and the moment it happened.
#[derive(Clone, Debug)]
pub struct Scene {
    /// What happened.
    pub event: Event,
    /// When, in the tenant's time zone.
    pub moment: ZonedDateTime,
    /// By the place of their role in [`Role::WORDS`].
    entities: [Option<Arc<Value>>; Role::WORDS.len()],
    given: BTreeMap<String, Value>,
}

impl Scene {
    /// A scene without entities.
    pub fn new(event: Event, moment: Timestamp, time_zone: TimeZone) -> Self {
        Self {
            event,
            moment: moment.to_zoned_datetime(time_zone),
            entities: Default::default(),
            given: BTreeMap::new(),
        }
    }

    /// Puts an entity into its role.
    #[must_use]
    pub fn with(mut self, role: Role, entity: impl Into<Arc<Value>>) -> Self {
        self.entities[role as usize] = Some(entity.into());
        self
    }

    /// Gives values by name: a placeholder (`BRANCH_NAME`) or a condition field (`LOANS.TAX_RATE`).
    #[must_use]
    pub fn with_given(mut self, given: BTreeMap<String, Value>) -> Self {
        self.given = given;
        self
    }

    /// The entity in a role.
    pub fn entity(&self, role: Role) -> Option<&Value> {
        self.entities[role as usize].as_deref()
    }

    /// The value that the fixture gave under exactly this name.
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.given.get(name)
    }

    /// The same happening seen as another event (an activity beside a disbursement).
    #[must_use]
    pub fn seen_as(&self, event: Event) -> Self {
        Self {
            event,
            ..self.clone()
        }
    }

    /// What a path of the mapping table leads to: a role's word, then a dotted path of API v2 names.
    ///
    /// `account.…` is the loan if there is one, else the deposit; `holder.…` the client, else the group;
    /// `recipient.…` the same as `holder.…` (observed: webhooks sheet 4.2, `{RECIPIENT_…}`).
    pub fn at(&self, path: &str) -> Option<&Value> {
        let (word, rest) = first_part(path);
        self.played_by(Part::from_word(word)?)?.at(rest?)
    }

    fn played_by(&self, part: Part) -> Option<&Value> {
        let Part { role, otherwise } = part;
        self.entity(role).or_else(|| self.entity(otherwise?))
    }
}

/// The role a path begins with, and the one that stands in for it.
#[derive(Clone, Copy, Debug)]
struct Part {
    role: Role,
    otherwise: Option<Role>,
}

impl Part {
    fn from_word(word: &str) -> Option<Self> {
        let (role, otherwise) = match word {
            "account" => (Role::Loan, Some(Role::Deposit)),
            "holder" | "recipient" => (Role::Client, Some(Role::Group)),
            word => (Role::from_word(word)?, None),
        };
        Some(Self { role, otherwise })
    }
}

/// A path of the mapping table, taken apart once to be followed often; see [`Scene::at`].
#[derive(Clone, Debug)]
pub(crate) struct ScenePath {
    part: Part,
    fields: Box<[&'static str]>,
}

impl ScenePath {
    pub(crate) fn new(path: &'static str) -> Option<Self> {
        let (word, rest) = first_part(path);
        Some(Self {
            part: Part::from_word(word)?,
            fields: rest?.split('.').collect(),
        })
    }

    pub(crate) fn follow<'a>(&self, scene: &'a Scene) -> Option<&'a Value> {
        let entity = scene.played_by(self.part)?;
        self.fields
            .iter()
            .try_fold(entity, |value, field| value.part(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_stands_at_its_own_place_in_the_table() {
        for (at, (role, _)) in Role::WORDS.iter().enumerate() {
            assert_eq!(*role as usize, at);
            assert_eq!(Role::from_word(role.word()), Some(*role));
        }
    }

    #[test]
    fn a_path_taken_apart_leads_where_the_path_leads() {
        let mut loan = Value::default();
        loan.set("balances.due", Value::text("1"));
        let scene =
            Scene::new(Event::LoanDisbursement, Timestamp::UNIX_EPOCH, TimeZone::UTC).with(Role::Loan, loan);
        for path in [
            "loan.balances.due",
            "account.balances.due",
            "account.balances",
            "holder.id",
            "loan.id.x",
        ] {
            let taken_apart = ScenePath::new(path).unwrap();
            assert_eq!(taken_apart.follow(&scene), scene.at(path), "{path}");
        }
        assert!(ScenePath::new("loan").is_none() && ScenePath::new("nobody.id").is_none());
    }
}
