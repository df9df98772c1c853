//! Mambu's events: their names, what they go with, and what a person meant who wrote another name.
//!
//! Knows nothing of what an event changes in the bank; that is the bank's business.

mod nearest;
mod table;

use std::fmt;

use sim_world::Mark;

pub use table::Event;

use crate::template::{Target, names};

names! {
    /// What an event is about (webhooks sheet 2, first column).
    EventGroup {
        /// Clients.
        Client = "Client",
        /// Groups.
        Group = "Group",
        /// Loan accounts.
        LoanAccount = "Loan account",
        /// Loan transactions.
        LoanTransaction = "Loan transaction",
        /// Deposit accounts.
        DepositAccount = "Deposit account",
        /// Deposit transactions.
        DepositTransaction = "Deposit transaction",
        /// Authorization holds made on accounts.
        AccountHold = "Account holds",
        /// Cards.
        Card = "Cards",
        /// Credit arrangements.
        CreditArrangement = "Credit arrangement",
        /// Payment and collection orders.
        Payment = "Payments",
        /// Journal entries.
        Accounting = "Accounting",
        /// End of day.
        BackgroundProcess = "Background process",
        /// Read-only and read-write switches.
        DataAccess = "Data access",
        /// Holidays.
        Administrative = "Administrative",
        /// What a newer list has and nobody describes.
        Other = "Other",
        /// Sent by hand, or never.
        Special = "Special",
    }
}

/// The text of an event on the screen ("On Event").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The text.
    pub text: &'static str,
    /// Documented if it was read on a Mambu page, assumed if it is formed by the same pattern.
    pub mark: Mark,
}

impl Event {
    /// The API's spelling.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The event of that exact API spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.name() == name)
    }

    /// The label on the screen; `None` for the two that the screen does not offer.
    pub fn label(self) -> Option<Label> {
        self.row().label
    }

    /// What happened, in a sentence.
    pub fn about(self) -> &'static str {
        self.row().about
    }

    /// What it is about.
    pub fn group(self) -> EventGroup {
        self.row().group
    }

    /// How sure the name is: documented, or observed in a newer list only.
    pub fn mark(self) -> Mark {
        self.row().mark
    }

    /// The event that a person probably meant who wrote `name`, spelling and habit forgiven.
    ///
    /// ```
    /// use mambu_emitter::Event;
    /// assert_eq!(Event::nearest("LOAN_DISBURSED"), Some(Event::LoanDisbursement));
    /// assert_eq!(Event::nearest("client.created"), Some(Event::ClientCreated));
    /// ```
    pub fn nearest(name: &str) -> Option<Self> {
        nearest::nearest(name)
    }

    /// The targets it can be configured under.
    ///
    /// Documented: loan, deposit and transaction events go with the account holder, client or group (webhooks sheet 2).
    /// Assumed: that `LOANS` and `SAVINGS` take them as well, and where holds, cards and portal events go.
    pub fn targets(self) -> &'static [Target] {
        match self.group() {
            EventGroup::Client => &[Target::Client],
            EventGroup::Group => &[Target::Group],
            EventGroup::LoanAccount if self == Self::AccountInArrears => {
                &[Target::Client, Target::Group, Target::Loans, Target::Savings]
            }
            EventGroup::LoanAccount | EventGroup::LoanTransaction => {
                &[Target::Client, Target::Group, Target::Loans]
            }
            EventGroup::DepositAccount
            | EventGroup::DepositTransaction
            | EventGroup::AccountHold
            | EventGroup::Card => &[Target::Client, Target::Group, Target::Savings],
            EventGroup::CreditArrangement => &[Target::Client, Target::Group],
            EventGroup::Payment => &[Target::PaymentOrder],
            EventGroup::Accounting => &[Target::Accounting],
            EventGroup::BackgroundProcess => &[Target::BackgroundProcess],
            EventGroup::DataAccess => &[Target::DataAccess],
            EventGroup::Administrative => &[Target::Administrative],
            EventGroup::Special if self == Self::Manual => &[Target::Client, Target::Group],
            EventGroup::Other | EventGroup::Special => Target::ALL,
        }
    }

    /// The activity event that goes along with it, and the value of its `{ACTIVITY_TYPE}`.
    ///
    /// Assumed: webhooks sheet 2, notes, proposes the pair for a disbursement; the others are those whose names in
    /// appendix B correspond. Events whose activity depends on more than the name (a closure, arrears) have none.
    pub fn activity(self) -> Option<(Self, &'static str)> {
        Some(match self {
            Self::ClientCreated => (Self::ClientActivity, "CLIENT_CREATED"),
            Self::ClientRejected => (Self::ClientActivity, "CLIENT_SET_TO_REJECTED"),
            Self::PortalActivated => (Self::ClientActivity, "PORTAL_ACTIVATED"),
            Self::GroupCreated => (Self::GroupActivity, "GROUP_CREATED"),
            Self::LoanCreated => (Self::LoanAccountActivity, "LOAN_ACCOUNT_CREATED"),
            Self::LoanApproval => (Self::LoanAccountActivity, "LOAN_ACCOUNT_SET_TO_APPROVED"),
            Self::LoanAccountRejection => (Self::LoanAccountActivity, "LOAN_ACCOUNT_SET_TO_CLOSED_REJECTED"),
            Self::LoanAccountWriteOff => (
                Self::LoanAccountActivity,
                "LOAN_ACCOUNT_SET_TO_CLOSED_WRITTEN_OFF",
            ),
            Self::LoanAccountRescheduled => (
                Self::LoanAccountActivity,
                "LOAN_ACCOUNT_SET_TO_CLOSED_RESCHEDULED",
            ),
            Self::LoanAccountRefinanced => {
                (Self::LoanAccountActivity, "LOAN_ACCOUNT_SET_TO_CLOSED_REFINANCED")
            }
            Self::LoanDisbursement => (Self::LoanAccountActivity, "LOAN_ACCOUNT_DISBURSED"),
            // Without the S, as Mambu has it (appendix B).
            Self::SavingsCreated => (Self::SavingsAccountActivity, "SAVING_ACCOUNT_CREATED"),
            Self::SavingsApproval => (Self::SavingsAccountActivity, "SAVINGS_ACCOUNT_APPROVED"),
            Self::SavingsAccountActivated => (Self::SavingsAccountActivity, "SAVINGS_ACCOUNT_ACTIVATED"),
            Self::SavingsAccountRejection => {
                (Self::SavingsAccountActivity, "SAVINGS_ACCOUNT_CLOSED_REJECTED")
            }
            Self::SavingsAccountClosure => (Self::SavingsAccountActivity, "SAVINGS_ACCOUNT_CLOSED"),
            Self::SavingsTransactionEdited => (Self::SavingsAccountActivity, "SAVINGS_TRANSACTION_EDITED"),
            _ => return None,
        })
    }
}

impl fmt::Display for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_as_many_rows_as_the_sheet() {
        assert_eq!(Event::ALL.len(), 78);
        let of = |group| Event::ALL.iter().filter(|event| event.group() == group).count();
        let counts: Vec<usize> = EventGroup::ALL.iter().map(|group| of(*group)).collect();
        assert_eq!(counts, [6, 2, 12, 12, 6, 9, 3, 9, 9, 2, 2, 1, 1, 1, 1, 2]);
    }

    #[test]
    fn every_name_leads_back_to_its_event() {
        for (at, event) in Event::ALL.iter().enumerate() {
            assert_eq!(*event as usize, at);
            assert_eq!(Event::from_name(event.name()), Some(*event));
            assert_eq!(event.to_string(), event.name());
        }
    }

    #[test]
    fn three_names_stand_only_in_a_newer_list() {
        let observed: Vec<&str> = Event::ALL
            .iter()
            .filter(|event| event.mark() != Mark::Documented)
            .map(|event| event.name())
            .collect();
        assert_eq!(
            observed,
            [
                "CREDIT_BALANCE_DEPOSIT",
                "HOLIDAY_SYNC_COMPLETED",
                "REFUND_FORWARD_ONLY"
            ]
        );
    }

    #[test]
    fn a_disbursement_goes_with_its_holder_and_with_loans() {
        let targets = Event::LoanDisbursement.targets();
        assert_eq!(targets, [Target::Client, Target::Group, Target::Loans]);
    }

    #[test]
    fn every_event_has_a_target() {
        for event in Event::ALL {
            assert!(!event.targets().is_empty(), "{event}");
        }
    }

    #[test]
    fn an_activity_event_has_no_activity_of_its_own() {
        for event in Event::ALL {
            if let Some((activity, _)) = event.activity() {
                assert!(activity.name().ends_with("_ACTIVITY"), "{event}");
                assert_eq!(activity.activity(), None);
            }
        }
    }

    #[test]
    fn labels_read_on_a_page_are_told_from_formed_ones() {
        let label = Event::LoanDisbursementReversal.label().expect("a label");
        assert_eq!(label.text, "Loan Disbursement (Adjustment)");
        assert_eq!(label.mark, Mark::Documented);
        assert_eq!(Event::FeeApplied.label().expect("a label").mark, Mark::Assumed);
        assert_eq!(Event::DoNothing.label(), None);
    }
}
