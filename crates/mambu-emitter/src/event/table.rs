//! The table of event names (webhooks sheet 2) by group, each with its label on the screen.
//!
//! Names are documented where nothing else is said. `Seen` labels were read on a Mambu page (documented); `Formed` ones
//! follow the same pattern (assumed). What fires an event is documented for account, hold, card and end-of-day events
//! and read off the name for the others (assumed).

use sim_world::Mark;

use super::{EventGroup, Label};

macro_rules! events {
    ($($group:ident {
        $($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $look:ident $($label:literal)? $(, $mark:ident)?;)+
    })+) => {
        /// A Mambu event, as the Templates API names it; one flat list that the target narrows.
        ///
        /// Webhooks sheet 2. Every name is documented but those whose [`mark`](Self::mark) says otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Event {
            $($($(#[doc = $doc])+ #[doc = concat!("`", $name, "`")] $variant,)+)+
        }

        impl Event {
            /// All events, in the order of the sheet.
            pub const ALL: &'static [Self] = &[$($(Self::$variant),+),+];

            pub(super) fn row(self) -> &'static Row {
                const ROWS: &[Row] = &[$($(Row {
                    name: $name,
                    about: concat!($($doc),+).trim_ascii(),
                    group: EventGroup::$group,
                    mark: mark!($($mark)?),
                    label: label!($look $($label)?),
                }),+),+];
                &ROWS[self as usize]
            }
        }
    };
}

macro_rules! label {
    (NotShown) => {
        None
    };
    (Seen $text:literal) => {
        Some(Label {
            text: $text,
            mark: Mark::Documented,
        })
    };
    (Formed $text:literal) => {
        Some(Label {
            text: $text,
            mark: Mark::Assumed,
        })
    };
}

macro_rules! mark {
    () => {
        Mark::Documented
    };
    ($mark:ident) => {
        Mark::$mark
    };
}

/// What the sheet says about one event.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) group: EventGroup,
    pub(super) mark: Mark,
    pub(super) label: Option<Label>,
}

events! {
    Client {
        /// A client was created.
        ClientCreated = "CLIENT_CREATED", Formed "Client Created";
        /// Client approved (state leaves `PENDING_APPROVAL`).
        ClientApproved = "CLIENT_APPROVED", Formed "Client Approved";
        /// Client rejected.
        ClientRejected = "CLIENT_REJECTED", Formed "Client Rejected";
        /// Any client activity; `{ACTIVITY_TYPE}` says which.
        ClientActivity = "CLIENT_ACTIVITY", Formed "Client Activity";
        /// Client portal enabled.
        PortalActivated = "PORTAL_ACTIVATED", Formed "Portal Activated";
        /// Portal password reset.
        PortalPasswordReset = "PORTAL_PASSWORD_RESET", Formed "Portal Password Reset";
    }
    Group {
        /// A group was created.
        GroupCreated = "GROUP_CREATED", Formed "Group Created";
        /// Any group activity.
        GroupActivity = "GROUP_ACTIVITY", Formed "Group Activity";
    }
    LoanAccount {
        /// A loan account was created.
        LoanCreated = "LOAN_CREATED", Formed "Loan Created";
        /// Loan approved.
        LoanApproval = "LOAN_APPROVAL", Formed "Loan Approval";
        /// Loan rejected.
        LoanAccountRejection = "LOAN_ACCOUNT_REJECTION", Formed "Loan Account Rejection";
        /// Loan closed.
        LoanAccountClosure = "LOAN_ACCOUNT_CLOSURE", Formed "Loan Account Closure";
        /// Loan written off.
        LoanAccountWriteOff = "LOAN_ACCOUNT_WRITE_OFF", Formed "Loan Account Write Off";
        /// Loan rescheduled.
        LoanAccountRescheduled = "LOAN_ACCOUNT_RESCHEDULED", Formed "Loan Account Rescheduled";
        /// Loan refinanced.
        LoanAccountRefinanced = "LOAN_ACCOUNT_REFINANCED", Formed "Loan Account Refinanced";
        /// Any loan account activity.
        LoanAccountActivity = "LOAN_ACCOUNT_ACTIVITY", Formed "Loan Account Activity";
        /// Expected disbursement date approaching.
        LoanAnticipatedDisbursement = "LOAN_ANTICIPATED_DISBURSEMENT", Formed "Loan Anticipated Disbursement";
        /// An instalment is due in so many days as the template says.
        RepaymentReminder = "REPAYMENT_REMINDER", Formed "Repayment Reminder";
        /// An account, loan or deposit, went into arrears; the tolerance counts.
        AccountInArrears = "ACCOUNT_IN_ARREARS", Seen "Account in Arrears";
        /// Interest rate changed.
        InterestRateChanged = "INTEREST_RATE_CHANGED", Formed "Interest Rate Changed";
    }
    LoanTransaction {
        /// Disbursement posted.
        LoanDisbursement = "LOAN_DISBURSEMENT", Seen "Loan Disbursement";
        /// Disbursement reversed.
        LoanDisbursementReversal = "LOAN_DISBURSEMENT_REVERSAL", Seen "Loan Disbursement (Adjustment)";
        /// Repayment posted.
        LoanRepayment = "LOAN_REPAYMENT", Seen "Loan Repayment";
        /// Repayment reversed.
        LoanRepaymentReversal = "LOAN_REPAYMENT_REVERSAL", Formed "Loan Repayment (Adjustment)";
        /// A fee was applied.
        FeeApplied = "FEE_APPLIED", Formed "Fee Applied";
        /// A fee was adjusted.
        FeeAdjusted = "FEE_ADJUSTED", Formed "Fee Adjusted";
        /// A fee was charged.
        FeeCharged = "FEE_CHARGED", Formed "Fee Charged";
        /// Fees due were reduced.
        FeesDueReduced = "FEES_DUE_REDUCED", Formed "Fees Due Reduced";
        /// A fee reduction was adjusted.
        FeeReductionAdjustment = "FEE_REDUCTION_ADJUSTMENT", Formed "Fee Reduction Adjustment";
        /// A penalty was applied.
        PenaltyApplied = "PENALTY_APPLIED", Formed "Penalty Applied";
        /// A penalty was adjusted.
        PenaltyAdjustment = "PENALTY_ADJUSTMENT", Formed "Penalty Adjustment";
        /// Not described; the name stands only in a newer list.
        CreditBalanceDeposit = "CREDIT_BALANCE_DEPOSIT", Formed "Credit Balance Deposit", Observed;
    }
    DepositAccount {
        /// A deposit account was created.
        SavingsCreated = "SAVINGS_CREATED", Formed "Savings Created";
        /// A deposit account was approved.
        SavingsApproval = "SAVINGS_APPROVAL", Formed "Savings Approval";
        /// A deposit account was activated for the first time.
        SavingsAccountActivated = "SAVINGS_ACCOUNT_ACTIVATED", Formed "Savings Account Activated";
        /// A deposit account was rejected.
        SavingsAccountRejection = "SAVINGS_ACCOUNT_REJECTION", Formed "Savings Account Rejection";
        /// A deposit account was closed.
        SavingsAccountClosure = "SAVINGS_ACCOUNT_CLOSURE", Formed "Savings Account Closure";
        /// Any deposit account activity.
        SavingsAccountActivity = "SAVINGS_ACCOUNT_ACTIVITY", Formed "Savings Account Activity";
    }
    DepositTransaction {
        /// A deposit was posted.
        SavingsDeposit = "SAVINGS_DEPOSIT", Formed "Savings Deposit";
        /// A deposit was reversed.
        SavingsDepositReversal = "SAVINGS_DEPOSIT_REVERSAL", Formed "Savings Deposit (Adjustment)";
        /// A deposit was applied again after a bulk reversal.
        ReappliedSavingsDeposit = "REAPPLIED_SAVINGS_DEPOSIT", Formed "Reapplied Savings Deposit";
        /// A withdrawal was posted.
        SavingsWithdrawal = "SAVINGS_WITHDRAWAL", Formed "Savings Withdrawal";
        /// A withdrawal was reversed.
        SavingsWithdrawalReversal = "SAVINGS_WITHDRAWAL_REVERSAL", Formed "Savings Withdrawal (Adjustment)";
        /// A withdrawal was applied again after a bulk reversal.
        ReappliedSavingsWithdrawal = "REAPPLIED_SAVINGS_WITHDRAWAL", Formed "Reapplied Savings Withdrawal";
        /// Details of a deposit transaction were edited.
        SavingsTransactionEdited = "SAVINGS_TRANSACTION_EDITED", Formed "Savings Transaction Edited";
        /// Interest was posted.
        DepositInterestApplied = "DEPOSIT_INTEREST_APPLIED", Formed "Deposit Interest Applied";
        /// Posted interest was adjusted.
        DepositInterestAppliedAdjustment = "DEPOSIT_INTEREST_APPLIED_ADJUSTMENT", Formed "Deposit Interest Applied Adjustment";
    }
    AccountHold {
        /// Hold created directly on an account (feature-gated).
        AccountAuthorisationHoldCreated = "ACCOUNT_AUTHORISATION_HOLD_CREATED", Seen "Account Authorisation Hold Created";
        /// Hold reversed or cancelled.
        AccountAuthorisationHoldReversed = "ACCOUNT_AUTHORISATION_HOLD_REVERSED", Seen "Account Authorisation Hold Reversed";
        /// Hold settled.
        AccountAuthorisationHoldSettled = "ACCOUNT_AUTHORISATION_HOLD_SETTLED", Seen "Account Authorisation Hold Settled";
    }
    Card {
        /// Hold created through the Cards API.
        CardsAuthorisationHoldCreated = "CARDS_AUTHORISATION_HOLD_CREATED", Seen "Cards Authorisation Hold Created";
        /// Holds created in bulk (newer).
        CardsAuthorisationHoldInBulkCreated = "CARDS_AUTHORISATION_HOLD_IN_BULK_CREATED", Seen "Cards Authorisation Hold Created in Bulk";
        /// Hold settled.
        CardsAuthorisationHoldSettled = "CARDS_AUTHORISATION_HOLD_SETTLED", Formed "Cards Authorisation Hold Settled";
        /// Amount decreased.
        CardsAuthorisationHoldAmountDecreased = "CARDS_AUTHORISATION_HOLD_AMOUNT_DECREASED", Seen "Authorization Hold Amount Decreased";
        /// Amount increased.
        CardsAuthorisationHoldAmountIncreased = "CARDS_AUTHORISATION_HOLD_AMOUNT_INCREASED", Seen "Authorization Hold Amount Increased";
        /// Hold expired; not for holds made directly on accounts.
        CardsAuthorisationHoldExpired = "CARDS_AUTHORISATION_HOLD_EXPIRED", Seen "Authorization Hold Expired";
        /// Hold reversed.
        CardsAuthorisationHoldReversed = "CARDS_AUTHORISATION_HOLD_REVERSED", Seen "Authorization Hold Reversed";
        /// A card withdrawal was reversed.
        CardWithdrawalReversal = "CARD_WITHDRAWAL_REVERSAL", Formed "Card Withdrawal (Adjustment)";
        /// A card deposit was reversed.
        CardDepositReversal = "CARD_DEPOSIT_REVERSAL", Formed "Card Deposit (Adjustment)";
    }
    CreditArrangement {
        /// A credit arrangement was created.
        CreditArrangementCreated = "CREDIT_ARRANGEMENT_CREATED", Formed "Credit Arrangement Created";
        /// A credit arrangement was approved.
        CreditArrangementApproved = "CREDIT_ARRANGEMENT_APPROVED", Formed "Credit Arrangement Approved";
        /// A credit arrangement was rejected.
        CreditArrangementRejected = "CREDIT_ARRANGEMENT_REJECTED", Formed "Credit Arrangement Rejected";
        /// A credit arrangement was withdrawn.
        CreditArrangementWithdrawn = "CREDIT_ARRANGEMENT_WITHDRAWN", Formed "Credit Arrangement Withdrawn";
        /// A credit arrangement was closed.
        CreditArrangementClosed = "CREDIT_ARRANGEMENT_CLOSED", Formed "Credit Arrangement Closed";
        /// A credit arrangement was deleted.
        CreditArrangementDeleted = "CREDIT_ARRANGEMENT_DELETED", Formed "Credit Arrangement Deleted";
        /// A credit arrangement was edited.
        CreditArrangementEdited = "CREDIT_ARRANGEMENT_EDITED", Formed "Credit Arrangement Edited";
        /// An account was added to a credit arrangement.
        CreditArrangementAccountAdded = "CREDIT_ARRANGEMENT_ACCOUNT_ADDED", Formed "Credit Arrangement Account Added";
        /// An account was removed from a credit arrangement.
        CreditArrangementAccountRemoved = "CREDIT_ARRANGEMENT_ACCOUNT_REMOVED", Formed "Credit Arrangement Account Removed";
    }
    Payment {
        /// Something happened to a payment order.
        PaymentOrderActivity = "PAYMENT_ORDER_ACTIVITY", Formed "Payment Order Activity";
        /// Something happened to a collection order.
        CollectionOrderActivity = "COLLECTION_ORDER_ACTIVITY", Formed "Collection Order Activity";
    }
    Accounting {
        /// A journal entry was posted.
        JournalEntryAdded = "JOURNAL_ENTRY_ADDED", Formed "Journal Entry Added";
        /// A journal entry was adjusted.
        JournalEntryAdjusted = "JOURNAL_ENTRY_ADJUSTED", Formed "Journal Entry Adjusted";
    }
    BackgroundProcess {
        /// Daily job finished updating accounts.
        EndOfDayProcessingCompleted = "END_OF_DAY_PROCESSING_COMPLETED", Seen "End of Day processing completed";
    }
    DataAccess {
        /// Tenant switches between read-only and read-write.
        DataAccessStateChanged = "DATA_ACCESS_STATE_CHANGED", Formed "Data Access State Changed";
    }
    Administrative {
        /// Not described; the name stands only in a newer list.
        HolidaySyncCompleted = "HOLIDAY_SYNC_COMPLETED", Formed "Holiday Sync Completed", Observed;
    }
    Other {
        /// Not described; the name stands only in a newer list.
        RefundForwardOnly = "REFUND_FORWARD_ONLY", Formed "Refund Forward Only", Observed;
    }
    Special {
        /// A message sent by hand.
        Manual = "MANUAL", NotShown;
        /// A placeholder of the enumeration; never fires.
        DoNothing = "DO_NOTHING", NotShown;
    }
}
