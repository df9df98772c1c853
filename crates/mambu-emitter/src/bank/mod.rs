//! The bank's records: clients, groups, accounts, credit arrangements and their transactions, in API v2 JSON.
//!
//! Knows nothing of templates. How an event changes the records stands in `posting`; what an event needs and what
//! it shows to templates in [`change`].

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::Value;

mod cast;
pub mod change;
mod demo;
mod fields;
mod posting;

pub use change::{Change, ChangeErrors};
pub use fields::Fields;
pub(crate) use posting::needs_amount;
pub use posting::takes_back;

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Clients.
    Client,
    /// Groups.
    Group,
    /// Loan accounts.
    Loan,
    /// Deposit accounts.
    Deposit,
    /// Credit arrangements.
    CreditArrangement,
}

impl Kind {
    /// All kinds with the word of fixtures (`event: { loan: … }`) and of bank files (`"loans": […]`).
    pub const WORDS: [(Kind, &'static str, &'static str); 5] = [
        (Kind::Client, "client", "clients"),
        (Kind::Group, "group", "groups"),
        (Kind::Loan, "loan", "loans"),
        (Kind::Deposit, "deposit", "deposits"),
        (
            Kind::CreditArrangement,
            "credit_arrangement",
            "credit_arrangements",
        ),
    ];

    /// The word for one of them.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

/// The records of one tenant.
///
/// ```
/// use mambu_emitter::bank::{Bank, Kind};
/// let bank = Bank::demo();
/// assert!(bank.find(Kind::Loan, "LN-1001").is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Bank {
    /// Shared with the scenes of earlier events: a change copies what it changes and nothing else.
    records: BTreeMap<Kind, Vec<Arc<Value>>>,
    /// Transactions in order of posting; `parentAccountKey` says of which account.
    transactions: Vec<Arc<Value>>,
}

impl Bank {
    /// A bank without records.
    pub fn empty() -> Self {
        Self {
            records: BTreeMap::new(),
            transactions: Vec::new(),
        }
    }

    /// The built-in bank: client CL-1001, group GRP-3001, loan LN-1001 and deposit DP-1001 of that client.
    pub fn demo() -> Self {
        demo::bank()
    }

    /// Adds a record, or replaces the one with the same `id`. Fields that the bank itself needs and that are missing
    /// are filled: `encodedKey` is derived from kind and id.
    pub fn put(&mut self, kind: Kind, mut record: Value) {
        let id = record
            .get("id")
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned();
        if record.get("encodedKey").is_none() {
            record.set("encodedKey", Value::Text(derived_key(kind.word(), &id)));
        }
        let records = self.records.entry(kind).or_default();
        match records.iter_mut().find(|old| has_id(old, &id)) {
            Some(old) => *old = Arc::new(record),
            None => records.push(Arc::new(record)),
        }
    }

    /// Lays a record over the one that goes by its `id`, as id or as encoded key: fields that it has replace those there, the
    /// others and the id stay. Without such a one it is added, as [`put`](Self::put) does.
    pub fn lay_over(&mut self, kind: Kind, record: Value) {
        let id = record.get("id").and_then(Value::as_text).unwrap_or_default();
        let Some(known) = self.find_mut(kind, id) else {
            return self.put(kind, record);
        };
        let own_id = known.get("id").cloned();
        known.merge(&record);
        if let Some(own_id) = own_id {
            known.set("id", own_id);
        }
    }

    /// The record with an id or encoded key.
    pub fn find(&self, kind: Kind, id: &str) -> Option<&Arc<Value>> {
        self.all(kind).iter().find(|record| has_id(record, id))
    }

    /// All records of a kind, in order of addition.
    pub fn all(&self, kind: Kind) -> &[Arc<Value>] {
        self.records.get(&kind).map_or(&[], Vec::as_slice)
    }

    fn find_mut(&mut self, kind: Kind, id: &str) -> Option<&mut Value> {
        let records = self.records.get_mut(&kind)?;
        records
            .iter_mut()
            .find(|record| has_id(record, id))
            .map(Arc::make_mut)
    }
}

/// Whether a record goes by this id or encoded key.
pub fn has_id(record: &Value, id: &str) -> bool {
    ["id", "encodedKey"]
        .iter()
        .any(|field| record.get(field).and_then(Value::as_text) == Some(id))
}

/// A key of the form that Mambu's have, 32 hex digits (documented: webhooks sheet 4.2), made from a name so that it
/// is the same in every run.
pub fn derived_key(kind: &str, name: &str) -> String {
    // FNV-1a over kind and name, twice with different starts: names things, guards nothing.
    let hash = |start: u64| {
        [kind.as_bytes(), b"/", name.as_bytes()]
            .into_iter()
            .flatten()
            .fold(start, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            })
    };
    format!(
        "8a8187{:010x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325) >> 24,
        hash(0x9ae1_6a3b_2f90_404f)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_thirty_two_hex_digits_and_depends_on_the_name() {
        let key = derived_key("loan", "LN-1001");
        assert_eq!(key.len(), 32);
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(key, derived_key("loan", "LN-1002"));
        assert_ne!(key, derived_key("deposit", "LN-1001"));
    }

    #[test]
    fn a_record_that_is_laid_over_by_its_key_keeps_its_id() {
        let record = |id: &str, name: &str| {
            let mut record = Value::default();
            record.set("id", Value::text(id));
            record.set("firstName", Value::text(name));
            record
        };
        let mut bank = Bank::empty();
        bank.put(Kind::Client, record("CL-7", "Eve"));
        let key = derived_key("client", "CL-7");
        bank.lay_over(Kind::Client, record(&key, "Zed"));
        let known = bank.find(Kind::Client, "CL-7").unwrap();
        assert_eq!(known.at("firstName"), Some(&Value::text("Zed")));
        assert_eq!(known.at("encodedKey"), Some(&Value::text(&key)));
        assert_eq!(bank.all(Kind::Client).len(), 1);
    }

    #[test]
    fn a_record_with_the_same_id_replaces_the_first() {
        let mut bank = Bank::demo();
        let mut client = Value::default();
        client.set("id", Value::text("CL-1001"));
        client.set("firstName", Value::text("Other"));
        bank.put(Kind::Client, client);
        assert_eq!(bank.all(Kind::Client).len(), 1);
        assert_eq!(
            bank.find(Kind::Client, "CL-1001").unwrap().at("firstName"),
            Some(&Value::text("Other"))
        );
    }
}
