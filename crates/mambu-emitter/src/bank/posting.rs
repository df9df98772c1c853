//! What an event changes in the records: balances, states, dates. As little as templates can see.
//!
//! Mambu's own bookkeeping is far richer; the sheets name the fields (documented: webhooks sheet 7.2) but not how each
//! event moves them, so every rule here is assumed, and a fixture can lay its own values over the result (`change:`).

use rust_decimal::Decimal;

use super::Kind;
use crate::event::Event;
use crate::value::Value;

/// The transaction type that goes with an event (documented names: webhooks sheet 7.2; the pairing is assumed, read
/// off the names). `None`: no transaction, or one whose type the fixture has to give.
pub(super) fn transaction_type(event: Event, account: Kind) -> Option<&'static str> {
    Some(match event {
        Event::LoanDisbursement => "DISBURSEMENT",
        Event::LoanDisbursementReversal => "DISBURSEMENT_ADJUSTMENT",
        Event::LoanRepayment => "REPAYMENT",
        Event::LoanRepaymentReversal => "REPAYMENT_ADJUSTMENT",
        Event::LoanAccountWriteOff => "WRITE_OFF",
        Event::FeeApplied => "FEE_APPLIED",
        Event::FeeAdjusted if account == Kind::Loan => "FEE_ADJUSTMENT",
        Event::FeeAdjusted => "FEE_ADJUSTED",
        Event::PenaltyApplied => "PENALTY_APPLIED",
        Event::SavingsDeposit => "DEPOSIT",
        Event::SavingsDepositReversal => "ADJUSTMENT",
        Event::SavingsWithdrawal => "WITHDRAWAL",
        Event::SavingsWithdrawalReversal => "WITHDRAWAL_ADJUSTMENT",
        Event::DepositInterestApplied => "INTEREST_APPLIED",
        _ => return None,
    })
}

/// Whether an event happens with an amount only, whichever account it is about.
pub(crate) fn needs_amount(event: Event) -> bool {
    [Kind::Loan, Kind::Deposit]
        .into_iter()
        .all(|account| transaction_type(event, account).is_some())
}

/// Whether an event takes back a transaction that another one has posted.
pub fn takes_back(event: Event) -> bool {
    reversed_type(event).is_some()
}

/// The type of the transaction that a reversal takes back.
pub(super) fn reversed_type(event: Event) -> Option<&'static str> {
    match event {
        Event::LoanDisbursementReversal => Some("DISBURSEMENT"),
        Event::LoanRepaymentReversal => Some("REPAYMENT"),
        Event::SavingsDepositReversal => Some("DEPOSIT"),
        Event::SavingsWithdrawalReversal => Some("WITHDRAWAL"),
        _ => None,
    }
}

/// How an amount moves the balances of the account it is posted to: (path, sign).
#[expect(clippy::match_same_arms, reason = "a row for each event reads better")]
fn movements(event: Event) -> &'static [(&'static str, i64)] {
    match event {
        Event::LoanDisbursement => &[("balances.principalBalance", 1)],
        Event::LoanDisbursementReversal => &[("balances.principalBalance", -1)],
        Event::LoanRepayment => &[("balances.principalBalance", -1), ("balances.principalPaid", 1)],
        Event::LoanRepaymentReversal => &[("balances.principalBalance", 1), ("balances.principalPaid", -1)],
        Event::LoanAccountWriteOff => &[("balances.principalBalance", -1)],
        Event::FeeApplied => &[("balances.feesBalance", 1), ("balances.feesDue", 1)],
        Event::PenaltyApplied => &[("balances.penaltyBalance", 1), ("balances.penaltyDue", 1)],
        Event::SavingsDeposit | Event::SavingsWithdrawalReversal | Event::DepositInterestApplied => {
            &[("balances.totalBalance", 1), ("balances.availableBalance", 1)]
        }
        Event::SavingsWithdrawal | Event::SavingsDepositReversal => {
            &[("balances.totalBalance", -1), ("balances.availableBalance", -1)]
        }
        _ => &[],
    }
}

/// The state (and the date that goes with it) that an event brings about: (path, value), `NOW` for the moment.
#[expect(clippy::match_same_arms, reason = "a row for each event reads better")]
fn settings(event: Event) -> &'static [(&'static str, &'static str)] {
    match event {
        Event::ClientApproved => &[("state", "INACTIVE"), ("approvedDate", NOW)],
        Event::ClientRejected => &[("state", "REJECTED"), ("closedDate", NOW)],
        Event::LoanApproval => &[("accountState", "APPROVED"), ("approvedDate", NOW)],
        Event::LoanAccountRejection => &[("accountState", "CLOSED_REJECTED"), ("closedDate", NOW)],
        Event::LoanAccountClosure => &[("accountState", "CLOSED"), ("closedDate", NOW)],
        Event::LoanAccountWriteOff => &[("accountState", "CLOSED_WRITTEN_OFF"), ("closedDate", NOW)],
        Event::LoanDisbursement => &[
            ("accountState", "ACTIVE"),
            ("disbursementDetails.disbursementDate", NOW),
        ],
        Event::LoanDisbursementReversal => &[("accountState", "APPROVED")],
        Event::AccountInArrears => &[
            ("accountState", "ACTIVE_IN_ARREARS"),
            ("lastSetToArrearsDate", NOW),
        ],
        Event::SavingsApproval => &[("accountState", "APPROVED"), ("approvedDate", NOW)],
        Event::SavingsAccountActivated => &[("accountState", "ACTIVE"), ("activationDate", NOW)],
        Event::SavingsAccountRejection => &[("accountState", "CLOSED_REJECTED"), ("closedDate", NOW)],
        Event::SavingsAccountClosure => &[("accountState", "CLOSED"), ("closedDate", NOW)],
        _ => &[],
    }
}

const NOW: &str = "now";

/// Moves balances, sets states and dates of the record that an event is about. `principal` is the part of the amount that
/// is principal, if that is not all of it; `now` is the moment in API v2's form.
pub(super) fn post(
    event: Event,
    record: &mut Value,
    amount: Option<Decimal>,
    principal: Option<Decimal>,
    now: &str,
) {
    if let Some(amount) = amount {
        for (path, sign) in movements(event) {
            let amount = match principal {
                Some(principal) if path.starts_with("balances.principal") => principal,
                _ => amount,
            };
            let before = record.at(path).and_then(Value::as_decimal).unwrap_or_default();
            let after = before.saturating_add(amount.saturating_mul(Decimal::from(*sign)));
            record.set(path, Value::Number(after));
        }
    }
    for (path, value) in settings(event) {
        record.set(path, Value::text(if *value == NOW { now } else { value }));
    }
    record.set("lastModifiedDate", Value::text(now));
}

/// The part of an amount's meaning that a transaction carries: which parts of the debt it affects (all of it the
/// principal, unless the fixture says otherwise), and the balances after it.
pub(super) fn describe(event: Event, transaction: &mut Value, account: &Value, amount: Option<Decimal>) {
    let part = match event {
        Event::LoanRepayment
        | Event::LoanRepaymentReversal
        | Event::LoanDisbursement
        | Event::LoanDisbursementReversal => Some("affectedAmounts.principalAmount"),
        Event::FeeApplied | Event::FeeAdjusted => Some("affectedAmounts.feesAmount"),
        Event::PenaltyApplied => Some("affectedAmounts.penaltyAmount"),
        Event::SavingsDeposit | Event::SavingsWithdrawal => Some("affectedAmounts.fundsAmount"),
        _ => None,
    };
    if let (Some(path), Some(amount)) = (part, amount) {
        transaction.set(path, Value::Number(amount));
    }
    let sum = [
        "balances.principalBalance",
        "balances.interestBalance",
        "balances.feesBalance",
        "balances.penaltyBalance",
    ]
    .iter()
    .filter_map(|path| account.at(path).and_then(Value::as_decimal))
    .reduce(Decimal::saturating_add);
    let total = account
        .at("balances.totalBalance")
        .and_then(Value::as_decimal)
        .or(sum);
    if let Some(total) = total {
        transaction.set("accountBalances.totalBalance", Value::Number(total));
    }
    if let Some(principal) = account.at("balances.principalBalance") {
        transaction.set("accountBalances.principalBalance", principal.clone());
    }
}
