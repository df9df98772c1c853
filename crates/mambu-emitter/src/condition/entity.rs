//! The entities that conditions name, and the roles they play in a scene.
//!
//! Knows nothing of fields.

use crate::custom_field;
use crate::scene::{Role, Scene};
use crate::template::names;

names! {
    /// An entity, `dataFieldEntityType` in the API (documented: webhooks sheet 3).
    Entity {
        /// Clients.
        Client = "CLIENT",
        /// Groups.
        Group = "GROUP",
        /// Loan accounts.
        Loans = "LOANS",
        /// Deposit accounts.
        Savings = "SAVINGS",
        /// Transactions.
        Transaction = "TRANSACTION",
        /// Loan transactions; the fields of `TRANSACTION` (assumed).
        LoanTransaction = "LOAN_TRANSACTION",
        /// Deposit transactions; the fields of `TRANSACTION` (assumed).
        SavingsTransaction = "SAVINGS_TRANSACTION",
        /// Credit arrangements.
        LineOfCredit = "LINE_OF_CREDIT",
        /// Activities.
        Activity = "ACTIVITY",
        /// Branches; the sheet lists no fields.
        Branch = "BRANCH",
        /// Centres; the sheet lists no fields.
        Centre = "CENTRE",
        /// Users; the sheet lists no fields.
        User = "USER",
        /// Journal entries; the sheet lists no fields.
        JournalEntry = "JOURNAL_ENTRY",
        /// Transaction details; the sheet lists no fields.
        TransactionDetails = "TRANSACTION_DETAILS",
    }
}

impl Entity {
    /// The entity whose fields it has.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self {
            Self::LoanTransaction | Self::SavingsTransaction => Self::Transaction,
            other => other,
        }
    }

    /// The role that it plays in a scene, if it plays one.
    pub fn role(self) -> Option<Role> {
        match self.canonical() {
            Self::Client => Some(Role::Client),
            Self::Group => Some(Role::Group),
            Self::Loans => Some(Role::Loan),
            Self::Savings => Some(Role::Deposit),
            Self::Transaction => Some(Role::Transaction),
            Self::LineOfCredit => Some(Role::CreditArrangement),
            Self::Activity => Some(Role::Activity),
            _ => None,
        }
    }

    /// All roles that must be filled for its fields to have values: a `LOAN_TRANSACTION` is a transaction beside a loan.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        let account = match self {
            Self::LoanTransaction => Some(Role::Loan),
            Self::SavingsTransaction => Some(Role::Deposit),
            _ => None,
        };
        [self.role(), account].into_iter().flatten()
    }

    /// The first role of [`roles`](Self::roles) that the scene leaves empty.
    pub fn missing_in(self, scene: &Scene) -> Option<Role> {
        self.roles().find(|role| scene.entity(*role).is_none())
    }

    /// The same entity as custom fields call it (`LOAN`, not `LOANS`), if it can have custom fields.
    ///
    /// observed: webhooks sheet 4.1.
    pub fn for_custom_fields(self) -> Option<custom_field::Entity> {
        match self.canonical() {
            Self::Loans => Some(custom_field::Entity::Loan),
            other => custom_field::Entity::from_word(other.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loan_is_called_loans_in_conditions_and_loan_in_custom_fields() {
        assert_eq!(Entity::Loans.name(), "LOANS");
        assert_eq!(
            Entity::Loans.for_custom_fields().map(custom_field::Entity::word),
            Some("LOAN")
        );
    }

    #[test]
    fn journal_entries_have_no_custom_fields() {
        assert_eq!(Entity::JournalEntry.for_custom_fields(), None);
    }

    #[test]
    fn both_kinds_of_transaction_have_the_fields_of_a_transaction() {
        for entity in [Entity::LoanTransaction, Entity::SavingsTransaction] {
            assert_eq!(entity.canonical(), Entity::Transaction);
            assert_eq!(entity.role(), Some(Role::Transaction));
        }
    }
}
