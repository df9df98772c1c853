//! Which event was meant by a name that Mambu does not have.
//!
//! Knows the names that people expect and public code uses (observed: webhooks sheet 2 and 9), and nothing else.

use super::Event;
use crate::mistake;

/// Names that sound right and are not Mambu's.
const HABITS: &[(&str, Event)] = &[
    ("LOAN_DISBURSED", Event::LoanDisbursement),
    ("LOAN_APPROVED", Event::LoanApproval),
    ("LOAN_REJECTED", Event::LoanAccountRejection),
    ("LOAN_CLOSED", Event::LoanAccountClosure),
    ("LOAN_WRITTEN_OFF", Event::LoanAccountWriteOff),
    ("LOAN_RESCHEDULED", Event::LoanAccountRescheduled),
    ("LOAN_REFINANCED", Event::LoanAccountRefinanced),
    ("LOAN_IN_ARREARS", Event::AccountInArrears),
    ("LOAN_REPAID", Event::LoanRepayment),
    ("LOAN_PAYMENT", Event::LoanRepayment),
    ("LOAN_TRANSACTION_CREATED", Event::LoanRepayment),
    ("REPAYMENT_MADE", Event::LoanRepayment),
    ("REPAYMENT_CREATED", Event::LoanRepayment),
    ("REPAYMENT", Event::LoanRepayment),
    ("REPAYMENT_DUE", Event::RepaymentReminder),
    ("DISBURSEMENT", Event::LoanDisbursement),
    // CLIENT_ACTIVITY says CLIENT_SET_TO_ACTIVE; no event of its own does.
    ("CLIENT_ACTIVATED", Event::ClientActivity),
    ("CLIENT_UPDATED", Event::ClientActivity),
    ("CLIENT_EDITED", Event::ClientActivity),
    ("GROUP_UPDATED", Event::GroupActivity),
    ("GROUP_EDITED", Event::GroupActivity),
    ("CUSTOMER_CREATED", Event::ClientCreated),
    ("SAVINGS_APPROVED", Event::SavingsApproval),
    ("SAVINGS_ACTIVATED", Event::SavingsAccountActivated),
    ("SAVINGS_REJECTED", Event::SavingsAccountRejection),
    ("SAVINGS_CLOSED", Event::SavingsAccountClosure),
    ("SAVINGS_TRANSACTION_CREATED", Event::SavingsDeposit),
    ("SAVINGS_MADE", Event::SavingsDeposit),
    ("SAVINGS_WITHDRAWAL_MADE", Event::SavingsWithdrawal),
    ("DEPOSIT", Event::SavingsDeposit),
    ("WITHDRAWAL", Event::SavingsWithdrawal),
    ("WITHDRAWAL_MADE", Event::SavingsWithdrawal),
    ("TRANSACTION_CREATED", Event::SavingsDeposit),
    ("TRANSACTION_REVERSED", Event::SavingsDepositReversal),
    ("END_OF_DAY", Event::EndOfDayProcessingCompleted),
    ("EOD_COMPLETED", Event::EndOfDayProcessingCompleted),
    ("JOURNAL_ENTRY_CREATED", Event::JournalEntryAdded),
];

pub(super) fn nearest(name: &str) -> Option<Event> {
    let label = |event: &&Event| {
        event
            .label()
            .is_some_and(|label| label.text.eq_ignore_ascii_case(name.trim()))
    };
    if let Some(event) = Event::ALL.iter().find(label) {
        return Some(*event);
    }
    let name = normalised(name);
    let as_savings = match name
        .strip_prefix("DEPOSIT_ACCOUNT_")
        .or_else(|| name.strip_prefix("DEPOSIT_"))
    {
        Some(rest) => format!("SAVINGS_{rest}"),
        None => name.clone(),
    };
    let as_account = as_savings
        .replace("LOAN_ACCOUNT_", "LOAN_")
        .replace("SAVINGS_ACCOUNT_", "SAVINGS_");
    let as_reversal = |name: &str| {
        name.strip_suffix("_ADJUSTMENT")
            .or_else(|| name.strip_suffix("_REVERSED"))
            .and_then(|stem| Event::from_name(&format!("{stem}_REVERSAL")))
    };
    let habit = |name: &str| {
        HABITS
            .iter()
            .find(|(habit, _)| *habit == name)
            .map(|(_, event)| *event)
    };
    let spellings = [&name, &as_savings, &as_account];
    spellings
        .iter()
        .find_map(|spelling| Event::from_name(spelling).or_else(|| habit(spelling)))
        .or_else(|| spellings.iter().find_map(|spelling| as_reversal(spelling)))
        .or_else(|| {
            let known = Event::ALL.iter().map(|event| event.name());
            Event::from_name(mistake::nearest(&as_savings, known)?)
        })
}

/// `client.created`, `clientCreated` and `Client Created` become `CLIENT_CREATED`; the older Z becomes the S of the API.
fn normalised(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut before_was_lower = false;
    for character in name.trim().chars() {
        let is_break = !character.is_alphanumeric();
        if (is_break || (before_was_lower && character.is_uppercase())) && !words.ends_with('_') {
            words.push('_');
        }
        if !is_break {
            words.extend(character.to_uppercase());
        }
        before_was_lower = character.is_lowercase();
    }
    words.trim_matches('_').replace("AUTHORIZATION", "AUTHORISATION")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_expect_lead_to_mambu_s() {
        for (written, meant) in [
            ("LOAN_DISBURSED", Event::LoanDisbursement),
            ("LOAN_APPROVED", Event::LoanApproval),
            ("LOAN_ACCOUNT_APPROVED", Event::LoanApproval),
            ("CLIENT_ACTIVATED", Event::ClientActivity),
            ("DEPOSIT_CREATED", Event::SavingsCreated),
            ("DEPOSIT_ACCOUNT_APPROVED", Event::SavingsApproval),
            ("TRANSACTION_CREATED", Event::SavingsDeposit),
            ("deposit-transaction.created", Event::SavingsDeposit),
            ("loan-account.created", Event::LoanCreated),
            ("client.created", Event::ClientCreated),
            ("clientCreated", Event::ClientCreated),
            ("Loan Disbursement (Adjustment)", Event::LoanDisbursementReversal),
            ("LOAN_DISBURSEMENT_ADJUSTMENT", Event::LoanDisbursementReversal),
            ("LOAN_REPAYMENT_REVERSED", Event::LoanRepaymentReversal),
            (
                "ACCOUNT_AUTHORIZATION_HOLD_CREATED",
                Event::AccountAuthorisationHoldCreated,
            ),
            ("LOAN_DISBURSMENT", Event::LoanDisbursement),
            ("SAVING_DEPOSIT", Event::SavingsDeposit),
            ("loan_repayment", Event::LoanRepayment),
        ] {
            assert_eq!(nearest(written), Some(meant), "{written}");
        }
    }

    #[test]
    fn no_habit_is_an_event_of_its_own() {
        for (habit, _) in HABITS {
            assert_eq!(Event::from_name(habit), None, "{habit}");
        }
    }

    #[test]
    fn every_event_is_nearest_to_itself() {
        for event in Event::ALL {
            assert_eq!(nearest(event.name()), Some(*event));
        }
    }

    #[test]
    fn nonsense_means_nothing() {
        assert_eq!(nearest("xyzzy"), None);
        assert_eq!(nearest(""), None);
    }
}
