//! A change in the bank: what a fixture (or a caller) says happened, and the scene that templates see of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::cast::{Cast, account_kind};
use super::{Bank, Kind, derived_key, posting};
use crate::event::{Event, EventGroup as Group};
use crate::mistake::Mistake;
use crate::scene::{Role, Scene, api_time};
use crate::value::Value;

/// Something that happens in the bank.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happens.
    pub event: Event,
    /// Ids or encoded keys of the records it is about; the bank's first of the right kind where none is named.
    pub records: BTreeMap<Kind, String>,
    /// The amount, for events with a transaction.
    pub amount: Option<Decimal>,
    /// Fields laid over the transaction that the event posts.
    pub transaction: Value,
    /// Fields laid over the records before the event; they stay.
    pub laid_over: BTreeMap<Kind, Value>,
    /// Fields of what the event is about where it is no record of the bank: end of day, data access, holds, orders.
    pub subject: Value,
    /// `{ACTIVITY_TYPE}`, for activity events.
    pub activity: Option<String>,
    /// Values by placeholder or condition field, for names that have no mapping, or instead of it.
    pub values: BTreeMap<String, Value>,
}

impl Change {
    /// An event without anything else said about it.
    pub fn new(event: Event) -> Self {
        Self {
            event,
            records: BTreeMap::new(),
            amount: None,
            transaction: Value::Null,
            laid_over: BTreeMap::new(),
            subject: Value::Null,
            activity: None,
            values: BTreeMap::new(),
        }
    }
}

/// Why a change cannot happen, all of it at once; pointers lead into the `event:` of a fixture.
pub type ChangeErrors = Vec<Mistake>;

/// What a change that can happen does.
struct Plan {
    cast: Cast,
    /// The transaction that it takes back.
    original: Option<Arc<Value>>,
    amount: Option<Decimal>,
}

impl Bank {
    /// Why a change cannot happen; nothing if it can.
    pub fn refusals(&self, change: &Change) -> Vec<Mistake> {
        self.plan(change).err().unwrap_or_default()
    }

    /// Lets a change happen and returns what templates see of it.
    ///
    /// # Errors
    /// When a record that it names is not there, or something it needs is not said. Nothing has changed then.
    pub fn change(
        &mut self,
        change: &Change,
        moment: Timestamp,
        zone: &TimeZone,
    ) -> Result<Scene, ChangeErrors> {
        let event = change.event;
        let now = api_time(&moment.to_zoned_datetime(zone.clone()));
        let Plan {
            cast,
            original,
            amount,
        } = self.plan(change)?;
        for (kind, over) in &change.laid_over {
            if let Some(record) = cast.key(*kind).and_then(|key| self.find_mut(*kind, key)) {
                record.merge(over);
            }
        }
        if let Some((kind, key)) = subject(event, &cast.members)
            && let Some(record) = self.find_mut(kind, &key)
        {
            // A reversal of the whole amount takes back the parts as they were posted.
            let whole = original
                .as_deref()
                .filter(|original| original.get("amount").and_then(Value::as_decimal) == amount);
            let principal = [Some(&change.transaction), whole]
                .into_iter()
                .flatten()
                .find_map(|transaction| transaction.at("affectedAmounts.principalAmount")?.as_decimal());
            posting::post(event, record, amount, principal, &now);
        }
        let mut scene = Scene::new(event, moment, zone.clone());
        if let Some((kind, key)) = cast.account()
            && needs_transaction(change, *kind)
        {
            let account = self.find(*kind, key).map(Arc::clone).unwrap_or_default();
            let transaction = self.transaction(change, *kind, &account, amount, original.as_deref(), &now);
            scene = scene.with(Role::Transaction, transaction);
            if let Some(original) = original {
                scene = scene.with(Role::LinkedTransaction, original);
            }
        }
        for (kind, key) in &cast.members {
            if let Some(record) = self.find(*kind, key) {
                scene = scene.with(role(*kind), Arc::clone(record));
            }
        }
        if change.subject != Value::Null {
            scene = scene.with(Role::Subject, change.subject.clone());
        }
        if let Some(activity) = &change.activity {
            scene = scene.with(Role::Activity, activity_record(activity, &now));
        }
        Ok(scene.with_given(change.values.clone()))
    }

    /// The transaction that a reversal takes back: the latest of its type on the account that is not taken back yet.
    fn original(&self, event: Event, account_key: &str) -> Option<Arc<Value>> {
        let kind = posting::reversed_type(event)?;
        self.transactions
            .iter()
            .rev()
            .find(|transaction| {
                transaction.get("parentAccountKey").and_then(Value::as_text) == Some(account_key)
                    && transaction.get("type").and_then(Value::as_text) == Some(kind)
                    && transaction.get("adjustmentTransactionKey").is_none()
            })
            .cloned()
    }

    fn plan(&self, change: &Change) -> Result<Plan, ChangeErrors> {
        let (cast, mut wrong) = self.cast(change);
        for kind in change.laid_over.keys().filter(|kind| cast.is_without(**kind)) {
            let problem = format!("{} has no {} to change", change.event, kind.word());
            wrong.push(Mistake::new(format!("/change/{}", kind.word()), problem));
        }
        let account = cast.account();
        let original = account.and_then(|(_, key)| self.original(change.event, key));
        match self.amount(change, account, original.as_deref()) {
            Ok(amount) if wrong.is_empty() => Ok(Plan {
                cast,
                original,
                amount,
            }),
            Ok(_) => Err(wrong),
            Err(mistake) => {
                wrong.push(mistake);
                Err(wrong)
            }
        }
    }

    fn amount(
        &self,
        change: &Change,
        account: Option<&(Kind, String)>,
        original: Option<&Value>,
    ) -> Result<Option<Decimal>, Mistake> {
        let event = change.event;
        let kind = account_kind(change);
        if change.amount.is_some() && !kind.is_some_and(|kind| has_amount(event, kind)) {
            let mistake = Mistake::new("/amount", format!("{event} has no amount"));
            return Err(mistake.hint("drop it"));
        }
        let Some(kind) = kind else {
            return Ok(None);
        };
        let said = change
            .amount
            .or_else(|| change.transaction.get("amount").and_then(Value::as_decimal))
            .or_else(|| original.and_then(|original| original.get("amount")?.as_decimal()));
        if said.is_some() || posting::transaction_type(event, kind).is_none() {
            return Ok(said);
        }
        let pays_out = event == Event::LoanDisbursement;
        let default = account
            .filter(|_| pays_out)
            .and_then(|(kind, key)| self.loan_amount(change, *kind, key));
        // What an unknown account would give, nobody can say.
        let unsure = account.is_none() && (pays_out || posting::reversed_type(event).is_some());
        if default.is_some() || unsure {
            return Ok(default);
        }
        let mistake = Mistake::new("", format!("{event} needs an amount"));
        Err(mistake.hint("say how much: amount: 250.00"))
    }

    /// What a disbursement pays out unless something else is said: the loan's amount.
    fn loan_amount(&self, change: &Change, kind: Kind, key: &str) -> Option<Decimal> {
        let laid_over = change.laid_over.get(&kind);
        [laid_over, self.find(kind, key).map(AsRef::as_ref)]
            .into_iter()
            .flatten()
            .find_map(|record| record.get("loanAmount")?.as_decimal())
    }

    fn transaction(
        &mut self,
        change: &Change,
        kind: Kind,
        account: &Value,
        amount: Option<Decimal>,
        original: Option<&Value>,
        now: &str,
    ) -> Arc<Value> {
        let id = (self.transactions.len() + 1).to_string();
        let key = derived_key("transaction", &id);
        let mut transaction = Value::default();
        transaction.set("encodedKey", Value::text(key.clone()));
        transaction.set("id", Value::text(id));
        transaction.set("parentAccountKey", Value::text(key_of(account)));
        if let Some(name) = posting::transaction_type(change.event, kind) {
            transaction.set("type", Value::text(name));
        }
        if let Some(amount) = amount {
            transaction.set("amount", Value::Number(amount));
        }
        if let Some(currency) = account
            .at("currency.code")
            .or_else(|| account.get("currencyCode"))
        {
            let path = if kind == Kind::Loan {
                "currency.code"
            } else {
                "currencyCode"
            };
            transaction.set(path, currency.clone());
        }
        for field in ["creationDate", "valueDate", "bookingDate"] {
            transaction.set(field, Value::text(now));
        }
        posting::describe(change.event, &mut transaction, account, amount);
        if let Some(original) = original
            && original.get("amount").and_then(Value::as_decimal) == amount
            && let Some(parts) = original.get("affectedAmounts")
        {
            transaction.set("affectedAmounts", parts.clone());
        }
        if let Some(original_key) = original.and_then(|original| original.get("encodedKey")) {
            transaction.set("originalTransactionKey", original_key.clone());
            let mark = self
                .transactions
                .iter_mut()
                .find(|old| old.get("encodedKey") == Some(original_key));
            if let Some(old) = mark {
                Arc::make_mut(old).set("adjustmentTransactionKey", Value::text(key));
            }
        }
        if change.transaction != Value::Null {
            transaction.merge(&change.transaction);
        }
        let transaction = Arc::new(transaction);
        self.transactions.push(Arc::clone(&transaction));
        transaction
    }
}

/// The activity as an entity.
pub(crate) fn activity_record(activity: &str, now: &str) -> Value {
    let mut record = Value::default();
    record.set("type", Value::text(activity));
    record.set("timestamp", Value::text(now));
    record
}

/// Whether an event on such an account has a transaction, and with it an amount.
fn has_amount(event: Event, account: Kind) -> bool {
    posting::transaction_type(event, account).is_some()
        || matches!(event.group(), Group::LoanTransaction | Group::DepositTransaction)
}

fn needs_transaction(change: &Change, account: Kind) -> bool {
    has_amount(change.event, account) || change.transaction != Value::Null
}

/// The record whose state an event changes.
fn subject(event: Event, cast: &[(Kind, String)]) -> Option<(Kind, String)> {
    (!matches!(event.group(), Group::CreditArrangement | Group::Special))
        .then(|| cast.first().cloned())
        .flatten()
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Client => Role::Client,
        Kind::Group => Role::Group,
        Kind::Loan => Role::Loan,
        Kind::Deposit => Role::Deposit,
        Kind::CreditArrangement => Role::CreditArrangement,
    }
}

pub(super) fn key_of(record: &Value) -> String {
    record
        .get("encodedKey")
        .and_then(Value::as_text)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happen(bank: &mut Bank, change: &Change) -> Result<Scene, ChangeErrors> {
        bank.change(change, "2026-01-05T08:00:00Z".parse().unwrap(), &TimeZone::UTC)
    }

    #[test]
    fn a_disbursement_activates_the_loan_and_raises_its_principal() {
        let mut bank = Bank::demo();
        let mut change = Change::new(Event::LoanDisbursement);
        change.amount = Some(Decimal::new(250_000, 2));
        let scene = happen(&mut bank, &change).unwrap();
        assert_eq!(scene.at("loan.accountState"), Some(&Value::text("ACTIVE")));
        assert_eq!(
            scene.at("loan.balances.principalBalance").unwrap().to_string(),
            "2500.00"
        );
        assert_eq!(scene.at("transaction.type"), Some(&Value::text("DISBURSEMENT")));
        assert_eq!(scene.at("holder.id"), Some(&Value::text("CL-1001")));
    }

    #[test]
    fn a_reversal_points_to_what_it_takes_back() {
        let mut bank = Bank::demo();
        let mut deposit = Change::new(Event::SavingsDeposit);
        deposit.amount = Some(Decimal::new(100, 0));
        happen(&mut bank, &deposit).unwrap();
        let scene = happen(&mut bank, &Change::new(Event::SavingsDepositReversal)).unwrap();
        assert_eq!(scene.at("transaction.amount").unwrap().to_string(), "100");
        assert_eq!(
            scene.at("transaction.originalTransactionKey"),
            scene.at("linked_transaction.encodedKey")
        );
        assert_eq!(
            scene.at("deposit.balances.totalBalance").unwrap().to_string(),
            "1000.00"
        );
    }

    #[test]
    fn the_second_reversal_takes_back_the_transaction_before() {
        let mut bank = Bank::demo();
        for amount in [100, 70] {
            let mut deposit = Change::new(Event::SavingsDeposit);
            deposit.amount = Some(amount.into());
            happen(&mut bank, &deposit).unwrap();
        }
        for (id, amount) in [("2", 70), ("1", 100)] {
            let scene = happen(&mut bank, &Change::new(Event::SavingsDepositReversal)).unwrap();
            assert_eq!(scene.at("linked_transaction.id"), Some(&Value::text(id)));
            assert_eq!(
                scene.at("transaction.amount"),
                Some(&Value::Number(amount.into()))
            );
        }
        let nothing_left = happen(&mut bank, &Change::new(Event::SavingsDepositReversal)).unwrap_err();
        assert!(
            nothing_left[0].problem.contains("needs an amount"),
            "{nothing_left:?}"
        );
    }

    #[test]
    fn only_the_principal_part_of_a_repayment_lowers_the_principal_and_its_reversal_puts_it_back() {
        let mut bank = Bank::demo();
        let principal = |scene: &Scene| scene.at("loan.balances.principalBalance").cloned();
        happen(&mut bank, &Change::new(Event::LoanDisbursement)).unwrap();
        let mut repayment = Change::new(Event::LoanRepayment);
        repayment.amount = Some(Decimal::from(250));
        repayment.transaction.set(
            "affectedAmounts.principalAmount",
            Value::number("226.25").unwrap(),
        );
        repayment
            .transaction
            .set("affectedAmounts.interestAmount", Value::number("23.75").unwrap());
        let scene = happen(&mut bank, &repayment).unwrap();
        assert_eq!(principal(&scene), Value::number("4773.75"));
        assert_eq!(
            scene.at("transaction.accountBalances.principalBalance").cloned(),
            Value::number("4773.75")
        );
        let scene = happen(&mut bank, &Change::new(Event::LoanRepaymentReversal)).unwrap();
        assert_eq!(principal(&scene), Value::number("5000.00"));
        assert_eq!(
            scene.at("transaction.affectedAmounts.interestAmount").cloned(),
            Value::number("23.75")
        );
    }

    #[test]
    fn an_unknown_record_is_named_with_the_nearest_one() {
        let mut change = Change::new(Event::LoanDisbursement);
        change.records.insert(Kind::Loan, "LN-1002".into());
        let mistakes = happen(&mut Bank::demo(), &change).unwrap_err();
        assert_eq!(mistakes[0].pointer, "/loan");
        assert_eq!(mistakes[0].hint.as_deref(), Some("did you mean LN-1001?"));
    }

    #[test]
    fn a_repayment_without_an_amount_is_a_mistake() {
        let mistakes = happen(&mut Bank::demo(), &Change::new(Event::LoanRepayment)).unwrap_err();
        assert_eq!(mistakes[0].problem, "LOAN_REPAYMENT needs an amount");
    }

    #[test]
    fn an_event_without_a_transaction_has_no_amount() {
        for event in [
            Event::ClientCreated,
            Event::LoanApproval,
            Event::SavingsApproval,
            Event::LoanAnticipatedDisbursement,
        ] {
            let mut change = Change::new(event);
            change.amount = Some(Decimal::from(1000));
            let mistakes = Bank::demo().refusals(&change);
            assert_eq!(mistakes.len(), 1, "{event}");
            assert_eq!(mistakes[0].pointer, "/amount");
            assert_eq!(mistakes[0].problem, format!("{event} has no amount"));
        }
    }

    #[test]
    fn a_change_that_cannot_happen_changes_nothing() {
        let mut bank = Bank::demo();
        let mut change = Change::new(Event::LoanRepayment);
        let mut loan = Value::default();
        loan.set("loanName", Value::text("Other"));
        change.laid_over.insert(Kind::Loan, loan);
        happen(&mut bank, &change).unwrap_err();
        assert_ne!(
            bank.find(Kind::Loan, "LN-1001").unwrap().get("loanName"),
            Some(&Value::text("Other"))
        );
    }
}
