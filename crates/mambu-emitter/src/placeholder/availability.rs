//! Which placeholders each event offers.
//!
//! Observed: webhooks sheet, appendix A (v9.6 model). Events that came later are not covered, and nothing is said of them
//! here. Whether a name exists at all is the [`catalogue`](super::catalogue)'s business.

use crate::event::Event;

macro_rules! list {
    ($($name:ident)+) => { &[$(stringify!($name)),+] };
}

/// Group code **R**: the recipient.
pub const RECIPIENT: &[&str] = list![
    RECIPIENT_NAME RECIPIENT_ID RECIPIENT_FIRST_NAMES RECIPIENT_MIDDLE_NAMES RECIPIENT_LAST_NAME
    RECIPIENT_MOBILE_PHONE RECIPIENT_EMAIL_ADDRESS
];
/// Group code **ID**: the identification document.
pub const DOCUMENT: &[&str] = list![
    ID_DOCUMENT_TYPE ID_DOCUMENT_NUMBER ID_DOCUMENT_ISSUING_AUTHORITY ID_DOCUMENT_EXPIRY_DATE
];
/// Group code **BR**: the branch.
pub const BRANCH: &[&str] = list![BRANCH_NAME BRANCH_ADDRESS];
/// Group code **TX**: the transaction.
pub const TRANSACTION: &[&str] = list![
    TRANSACTION_AMOUNT TRANSACTION_DATE TRANSACTION_TYPE TRANSACTION_ID TRANSACTION_METHOD TRANSACTION_COMMENT
    CREDIT_AMOUNT DEBIT_AMOUNT INTERNAL_TRANSFER
];
/// Group code **AC**: the account.
pub const ACCOUNT: &[&str] = list![ACCOUNT_ID ACCOUNT_NAME];
/// Group code **LN**: the loan.
pub const LOAN: &[&str] = list![PRODUCT_NAME LOAN_AMOUNT NUMBER_OF_INSTALLMENTS INTEREST_RATE];
/// Group code **DUE**: what is due.
pub const DUE: &[&str] = list![PRINCIPAL_DUE INTEREST_DUE FEE_DUE PENALTY_DUE TOTAL_DUE DISBURSEMENT_DATE];

/// What an event offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    groups: &'static [&'static [&'static str]],
    also: &'static [&'static str],
}

impl Offer {
    /// All names on offer.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.groups.iter().copied().flatten().chain(self.also).copied()
    }

    /// Whether a name is on offer.
    pub fn contains(self, name: &str) -> bool {
        self.names().any(|offered| offered == name)
    }
}

/// Whether a placeholder's name is of the `CLIENT_…` and `GROUP_…` forms: no event of appendix A offers them, yet a newer
/// page has them for notifications (documented), so they are doubtful and not wrong.
pub fn is_newer(name: &str) -> bool {
    name.starts_with("CLIENT_") || name.starts_with("GROUP_")
}

macro_rules! offers {
    ($($($event:ident)+ [$($group:ident),*] $($name:ident)+;)+) => {
        /// What an event offers; `None` for events that appendix A does not cover.
        pub fn offers(event: Event) -> Option<Offer> {
            Some(match event {
                $($(Event::$event)|+ => Offer { groups: &[$($group),*], also: list![$($name)+] },)+
                _ => return None,
            })
        }
    };
}

offers! {
    Manual
        [BRANCH]
        CURRENT_DATE_TIME RECIPIENT_ID RECIPIENT_NAME RECIPIENT_FIRST_NAMES RECIPIENT_MIDDLE_NAMES
        RECIPIENT_LAST_NAME;
    ClientCreated
        [RECIPIENT, DOCUMENT, BRANCH]
        CURRENT_DATE_TIME CENTRE_ID USER_NAME TRANSACTION_COMMENT ENCODED_KEY;
    ClientApproved ClientRejected
        [RECIPIENT, DOCUMENT, BRANCH]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_COMMENT ENCODED_KEY;
    GroupActivity
        [RECIPIENT, DOCUMENT, BRANCH]
        CURRENT_DATE_TIME CENTRE_ID USER_NAME ACTIVITY_TYPE ENCODED_KEY;
    GroupCreated
        [RECIPIENT, DOCUMENT, BRANCH]
        CURRENT_DATE_TIME CENTRE_ID USER_NAME ENCODED_KEY;
    LoanCreated
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, LOAN]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE REPAYMENT_SCHEDULE ENCODED_KEY;
    ClientActivity
        [RECIPIENT, DOCUMENT, BRANCH]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_COMMENT ACTIVITY_TYPE ENCODED_KEY;
    LoanRepayment
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN, DUE]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_AMOUNT
        INTEREST_AMOUNT FEE_AMOUNT PENALTY_AMOUNT PRINCIPAL_BALANCE ARREARS_POSITION
        ADVANCE_POSITION REDRAW_BALANCE EXPECTED_PRINCIPAL_REDRAW VALUE_DATE REPAYMENT_SCHEDULE
        ENCODED_KEY;
    LoanRepaymentReversal
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN, DUE]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_AMOUNT
        INTEREST_AMOUNT FEE_AMOUNT PENALTY_AMOUNT PRINCIPAL_BALANCE ARREARS_POSITION
        ADVANCE_POSITION REDRAW_BALANCE EXPECTED_PRINCIPAL_REDRAW VALUE_DATE REPAYMENT_SCHEDULE
        LINKED_TRANSACTION_ID LINKED_TRANSACTION_DATE ENCODED_KEY;
    LoanApproval LoanAccountClosure LoanAccountRejection
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, LOAN]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE TRANSACTION_COMMENT REPAYMENT_SCHEDULE
        ENCODED_KEY;
    LoanAccountWriteOff
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_AMOUNT
        INTEREST_AMOUNT FEE_AMOUNT PENALTY_AMOUNT PRINCIPAL_BALANCE ARREARS_POSITION
        ADVANCE_POSITION REDRAW_BALANCE EXPECTED_PRINCIPAL_REDRAW VALUE_DATE REPAYMENT_SCHEDULE
        ENCODED_KEY;
    LoanAccountRescheduled LoanAccountRefinanced
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_BALANCE
        ARREARS_POSITION ADVANCE_POSITION VALUE_DATE REPAYMENT_SCHEDULE ENCODED_KEY;
    RepaymentReminder
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, DUE]
        CURRENT_DATE_TIME TOTAL_BALANCE USER_NAME PRINCIPAL_BALANCE NUMBER_OF_INSTALLMENTS
        ARREARS_POSITION ADVANCE_POSITION REDRAW_BALANCE EXPECTED_PRINCIPAL_REDRAW
        REPAYMENT_TOTAL_BALANCE REPAYMENT_PRINCIPAL_BALANCE REPAYMENT_INTEREST_BALANCE
        PAYMENT_DUE_DATE REPAYMENT_SCHEDULE ORGANIZATION_COMMISSION_EXPECTED
        FUNDERS_INTEREST_EXPECTED ENCODED_KEY;
    AccountInArrears
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, DUE]
        CURRENT_DATE_TIME TOTAL_BALANCE AVAILABLE_BALANCE USER_NAME TRANSACTION_DATE
        NUMBER_OF_INSTALLMENTS REPAYMENT_SCHEDULE ENCODED_KEY;
    LoanDisbursement
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_BALANCE
        ARREARS_POSITION ADVANCE_POSITION VALUE_DATE CENTRE_MEETING_DAY REPAYMENT_SCHEDULE
        FIRST_REPAYMENT_DATE EXPECTED_MATURITY_DATE ENCODED_KEY;
    LoanDisbursementReversal
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT, LOAN]
        CURRENT_DATE_TIME TOTAL_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME PRINCIPAL_BALANCE
        ARREARS_POSITION ADVANCE_POSITION LINKED_TRANSACTION_ID LINKED_TRANSACTION_DATE
        CENTRE_MEETING_DAY REPAYMENT_SCHEDULE FIRST_REPAYMENT_DATE EXPECTED_MATURITY_DATE VALUE_DATE
        ENCODED_KEY;
    LoanAccountActivity
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, LOAN]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE ACTIVITY_TYPE ENCODED_KEY;
    LoanAnticipatedDisbursement
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT, DUE]
        CURRENT_DATE_TIME TOTAL_BALANCE USER_NAME TRANSACTION_DATE NUMBER_OF_INSTALLMENTS
        REPAYMENT_SCHEDULE ANTICIPATED_DISBURSEMENT_DATE ANTICIPATED_DISBURSEMENT_AMOUNT ENCODED_KEY;
    SavingsCreated
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE ENCODED_KEY;
    SavingsDeposit SavingsWithdrawal
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT]
        CURRENT_DATE_TIME TOTAL_BALANCE AVAILABLE_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME
        VALUE_DATE INTEREST_ACCRUED OVERDRAFT_AMOUNT_DUE TECHNICAL_OVERDRAFT_AMOUNT_DUE ENCODED_KEY;
    SavingsDepositReversal SavingsWithdrawalReversal
        [RECIPIENT, DOCUMENT, BRANCH, TRANSACTION, ACCOUNT]
        CURRENT_DATE_TIME TOTAL_BALANCE AVAILABLE_BALANCE ACCOUNT_OPENING_BALANCE USER_NAME
        VALUE_DATE INTEREST_ACCRUED LINKED_TRANSACTION_ID LINKED_TRANSACTION_DATE
        OVERDRAFT_AMOUNT_DUE TECHNICAL_OVERDRAFT_AMOUNT_DUE ENCODED_KEY;
    SavingsApproval SavingsAccountActivated SavingsAccountRejection
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE TRANSACTION_COMMENT ENCODED_KEY;
    SavingsAccountClosure
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE TRANSACTION_COMMENT INTEREST_ACCRUED
        ENCODED_KEY;
    SavingsAccountActivity
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT]
        CURRENT_DATE_TIME USER_NAME TRANSACTION_DATE ACTIVITY_TYPE ENCODED_KEY;
    PortalActivated PortalPasswordReset
        [RECIPIENT, DOCUMENT]
        PASSWORD_URL ENCODED_KEY;
    EndOfDayProcessingCompleted
        []
        START_DATE END_DATE STATE CURRENT_DATE_TIME ENCODED_KEY;
    DataAccessStateChanged
        []
        STATE CURRENT_DATE_TIME;
    CreditArrangementCreated CreditArrangementClosed CreditArrangementApproved
    CreditArrangementRejected CreditArrangementWithdrawn CreditArrangementDeleted
        [RECIPIENT, DOCUMENT, BRANCH]
        APPROVED_CREDIT_AMOUNT LINE_OF_CREDIT_ID LINE_OF_CREDIT_STARTS_FROM
        LINE_OF_CREDIT_VALID_UNTIL LINE_OF_CREDIT_APPROVAL_DATE LINE_OF_CREDIT_STATE
        LINE_OF_CREDIT_NOTES USER_NAME;
    CreditArrangementAccountAdded CreditArrangementAccountRemoved
        [RECIPIENT, DOCUMENT, BRANCH, ACCOUNT]
        APPROVED_CREDIT_AMOUNT LINE_OF_CREDIT_ID LINE_OF_CREDIT_STARTS_FROM
        LINE_OF_CREDIT_VALID_UNTIL LINE_OF_CREDIT_NOTES AVAILABLE_CREDIT_AMOUNT
        LINE_OF_CREDIT_APPROVAL_DATE LINE_OF_CREDIT_STATE CONSUMED_CREDIT_AMOUNT USER_NAME
        TOTAL_BALANCE AVAILABLE_BALANCE LOAN_AMOUNT;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placeholder::catalogue;

    #[test]
    fn appendix_a_covers_44_events() {
        let covered = Event::ALL.iter().filter(|event| offers(**event).is_some());
        assert_eq!(covered.count(), 44);
    }

    #[test]
    fn every_offered_name_is_in_the_catalogue() {
        for event in Event::ALL {
            for name in offers(*event).into_iter().flat_map(Offer::names) {
                assert!(catalogue::find(name).is_some(), "{event} offers {name}");
            }
        }
    }

    #[test]
    fn no_event_offers_a_name_twice() {
        for offer in Event::ALL.iter().filter_map(|event| offers(*event)) {
            let mut names: Vec<&str> = offer.names().collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }

    #[test]
    fn a_repayment_offers_what_is_due_and_a_disbursement_does_not() {
        let has = |event, name| offers(event).is_some_and(|offer| offer.contains(name));
        assert!(has(Event::LoanRepayment, "TOTAL_DUE"));
        assert!(!has(Event::LoanDisbursement, "TOTAL_DUE"));
        assert!(has(Event::LoanDisbursement, "FIRST_REPAYMENT_DATE"));
    }

    #[test]
    fn no_event_offers_the_newer_forms() {
        for event in Event::ALL {
            for name in offers(*event).into_iter().flat_map(Offer::names) {
                assert!(!is_newer(name), "{event} offers {name}");
            }
        }
    }
}
