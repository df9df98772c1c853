//! A change in the bank: what a fixture (or a caller) says happened, and the scene that templates see of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Bank, Kind, derived_key, has_id, posting};
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

/// Why a change cannot happen; pointers lead into the `event:` of a fixture.
pub type ChangeError = Mistake;

impl Bank {
    /// Lets a change happen and returns what templates see of it.
    ///
    /// # Errors
    /// When a record that it names is not there, or something it needs is not said.
    pub fn change(
        &mut self,
        change: &Change,
        moment: Timestamp,
        zone: &TimeZone,
    ) -> Result<Scene, ChangeError> {
        let event = change.event;
        let now = api_time(&moment.to_zoned_datetime(zone.clone()));
        let cast = self.cast(change)?;
        for (kind, over) in &change.laid_over {
            let id = cast
                .iter()
                .find(|(cast_kind, _)| cast_kind == kind)
                .map(|(_, key)| key.clone())
                .ok_or_else(|| {
                    Mistake::new(
                        format!("/change/{}", kind.word()),
                        format!("{event} has no {} to change", kind.word()),
                    )
                })?;
            if let Some(record) = self.find_mut(*kind, &id) {
                record.merge(over);
            }
        }
        let account = cast
            .iter()
            .find(|(kind, _)| matches!(kind, Kind::Loan | Kind::Deposit))
            .cloned();
        let original = account.as_ref().and_then(|(_, key)| self.original(event, key));
        let amount = self.amount(change, account.as_ref(), original.as_deref())?;
        if let Some((kind, key)) = subject(event, &cast)
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
        if let Some((kind, key)) = &account
            && needs_transaction(change, *kind)
        {
            let account = self.find(*kind, key).map(Arc::clone).unwrap_or_default();
            let transaction = self.transaction(change, *kind, &account, amount, original.as_deref(), &now);
            scene = scene.with(Role::Transaction, transaction);
            if let Some(original) = original {
                scene = scene.with(Role::LinkedTransaction, original);
            }
        }
        for (kind, key) in &cast {
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

    /// The records that take part, subject first, then the holder of an account.
    fn cast(&self, change: &Change) -> Result<Vec<(Kind, String)>, ChangeError> {
        let mut cast = Vec::new();
        for (kind, id) in &change.records {
            if self.find(*kind, id).is_none() {
                return Err(self.unknown(*kind, id));
            }
        }
        for kind in kinds(change) {
            let record = match change.records.get(&kind) {
                Some(id) => self.find(kind, id).ok_or_else(|| self.unknown(kind, id))?,
                None => match self.default_record(kind, change) {
                    Some(record) => record,
                    None => {
                        return Err(
                            Mistake::new("", format!("{} needs a {}", change.event, kind.word()))
                                .hint(format!("add one to the bank and name it: {}: ID", kind.word())),
                        );
                    }
                },
            };
            cast.push((kind, key_of(record)));
            if matches!(kind, Kind::Loan | Kind::Deposit | Kind::CreditArrangement)
                && let Some((holder_kind, holder)) = self.holder(record)
            {
                if let Some(named) = change.records.get(&holder_kind)
                    && !has_id(holder, named)
                {
                    return Err(Mistake::new(
                        format!("/{}", holder_kind.word()),
                        format!(
                            "the {} is held by {}, not by {named}",
                            kind.word(),
                            holder.get("id").and_then(Value::as_text).unwrap_or_default()
                        ),
                    )
                    .hint(format!(
                        "drop `{}:`, or name an account of it",
                        holder_kind.word()
                    )));
                }
                cast.push((holder_kind, key_of(holder)));
            }
        }
        for kind in change.records.keys() {
            if !cast.iter().any(|(cast_kind, _)| cast_kind == kind) {
                return Err(Mistake::new(
                    format!("/{}", kind.word()),
                    format!("{} is not about a {}", change.event, kind.word()),
                ));
            }
        }
        Ok(cast)
    }

    /// The first record of a kind; of accounts the first that a named client or group holds.
    fn default_record(&self, kind: Kind, change: &Change) -> Option<&Arc<Value>> {
        self.all(kind).iter().find(|record| {
            [Kind::Client, Kind::Group].into_iter().all(|holder_kind| {
                kind == holder_kind
                    || change.records.get(&holder_kind).is_none_or(|named| {
                        self.holder(record)
                            .is_some_and(|(found, holder)| found == holder_kind && has_id(holder, named))
                    })
            })
        })
    }

    /// Who holds an account or credit arrangement.
    pub fn holder(&self, record: &Value) -> Option<(Kind, &Value)> {
        let key = record
            .get("accountHolderKey")
            .or_else(|| record.get("holderKey"))
            .and_then(Value::as_text)?;
        [Kind::Client, Kind::Group]
            .into_iter()
            .find_map(|kind| self.find(kind, key).map(|holder| (kind, holder.as_ref())))
    }

    fn unknown(&self, kind: Kind, id: &str) -> ChangeError {
        let known: Vec<&str> = self
            .all(kind)
            .iter()
            .filter_map(|record| record.get("id").and_then(Value::as_text))
            .collect();
        let mistake = Mistake::new(
            format!("/{}", kind.word()),
            format!("the bank has no {} {id}", kind.word()),
        );
        match crate::mistake::nearest(id, known.iter().copied()) {
            Some(near) => mistake.hint(format!("did you mean {near}?")),
            None => mistake.hint(format!("known: {}", known.join(", "))),
        }
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

    fn amount(
        &self,
        change: &Change,
        account: Option<&(Kind, String)>,
        original: Option<&Value>,
    ) -> Result<Option<Decimal>, ChangeError> {
        let Some((kind, key)) = account else {
            return match change.amount {
                Some(_) => Err(Mistake::new("/amount", format!("{} has no amount", change.event))),
                None => Ok(None),
            };
        };
        let said = change
            .amount
            .or_else(|| change.transaction.get("amount").and_then(Value::as_decimal))
            .or_else(|| original.and_then(|original| original.get("amount")?.as_decimal()));
        if said.is_some() || posting::transaction_type(change.event, *kind).is_none() {
            return Ok(said);
        }
        // A disbursement pays out the loan's amount unless something else is said.
        let default = (change.event == Event::LoanDisbursement)
            .then(|| self.find(*kind, key)?.get("loanAmount")?.as_decimal())
            .flatten();
        default.map(Some).ok_or_else(|| {
            Mistake::new("", format!("{} needs an amount", change.event)).hint("say how much: amount: 250.00")
        })
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

fn needs_transaction(change: &Change, account: Kind) -> bool {
    posting::transaction_type(change.event, account).is_some()
        || change.amount.is_some()
        || change.transaction != Value::Null
        || matches!(
            change.event.group(),
            Group::LoanTransaction | Group::DepositTransaction
        )
}

/// The kinds of records that an event is about.
fn kinds(change: &Change) -> Vec<Kind> {
    let either_account = || {
        if change.records.contains_key(&Kind::Deposit) && !change.records.contains_key(&Kind::Loan) {
            Kind::Deposit
        } else {
            Kind::Loan
        }
    };
    match change.event.group() {
        Group::Client => vec![Kind::Client],
        Group::Group => vec![Kind::Group],
        Group::LoanAccount | Group::LoanTransaction if change.event.name().starts_with("LOAN_") => {
            vec![Kind::Loan]
        }
        // Fees, penalties and arrears exist on both kinds of accounts.
        Group::LoanAccount | Group::LoanTransaction => vec![either_account()],
        Group::DepositAccount | Group::DepositTransaction | Group::AccountHold | Group::Card => {
            vec![Kind::Deposit]
        }
        Group::CreditArrangement => {
            let mut kinds = vec![Kind::CreditArrangement];
            kinds.extend(
                [Kind::Loan, Kind::Deposit]
                    .into_iter()
                    .filter(|kind| change.records.contains_key(kind)),
            );
            kinds
        }
        Group::Special => change.records.keys().copied().take(1).collect(),
        _ => change.records.keys().copied().collect(),
    }
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

fn key_of(record: &Value) -> String {
    record
        .get("encodedKey")
        .and_then(Value::as_text)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happen(bank: &mut Bank, change: &Change) -> Result<Scene, ChangeError> {
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
            nothing_left.problem.contains("needs an amount"),
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
        let mistake = happen(&mut Bank::demo(), &change).unwrap_err();
        assert_eq!(mistake.pointer, "/loan");
        assert_eq!(mistake.hint.as_deref(), Some("did you mean LN-1001?"));
    }

    #[test]
    fn a_repayment_without_an_amount_is_a_mistake() {
        let mistake = happen(&mut Bank::demo(), &Change::new(Event::LoanRepayment)).unwrap_err();
        assert_eq!(mistake.problem, "LOAN_REPAYMENT needs an amount");
    }
}
