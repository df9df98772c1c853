//! All placeholders of webhooks sheet 4.3 with their kind and where their value comes from.
//!
//! Names are observed (v9.6 model), `CLIENT_BIRTH_DATE` is documented. The sheet says the kind of a few; the other kinds,
//! and every way to an API v2 field (webhooks sheet 7.2), are assumed. `Unmapped` names take their value from the fixture.

use std::borrow::Cow;

use crate::scene::Scene;
use crate::source::Source::{self, FirstOf, Now, Path, Present, Sum, Unmapped, Words};
use crate::template::names;
use crate::value::Value;

names! {
    /// The families of the sheet.
    Family {
        /// What is not about one entity.
        General = "General",
        /// Whom the message belongs to.
        Recipient = "Recipient",
        /// The client or the group.
        Holder = "Client / group",
        /// The first identification document.
        Document = "Identification document",
        /// The account, loan or deposit.
        Account = "Account",
        /// The loan account.
        Loan = "Loan",
        /// The instalment of a reminder.
        Instalment = "Instalment",
        /// The deposit account.
        Deposit = "Deposit",
        /// The transaction.
        Transaction = "Transaction",
        /// The credit arrangement.
        CreditArrangement = "Credit arrangement",
        /// End of day; `STATE` also of data access.
        EndOfDay = "End of day / data access",
    }
}

/// What kind of value a placeholder stands for; it decides the look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A text.
    Text,
    /// An encoded key.
    Key,
    /// An enumeration, in the API's spelling.
    Enum,
    /// A date.
    Date,
    /// A date with its time, shown in the tenant's time zone.
    DateTime,
    /// An amount of money.
    Money,
    /// A number that keeps its digits.
    Number,
    /// A percentage that keeps its digits.
    Percent,
    /// `true` or `false`.
    Flag,
}

impl Kind {
    /// Whether `FORMAT` makes sense.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Money | Self::Number | Self::Percent)
    }

    /// Whether `FORMAT_DATE` makes sense.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }
}

/// A standard placeholder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placeholder {
    /// The name between the braces.
    pub name: &'static str,
    /// The family in the sheet's list.
    pub family: Family,
    /// What kind of value it is.
    pub kind: Kind,
    /// Where the value comes from (assumed).
    pub source: Source,
    /// Where it comes from if not from there (assumed).
    pub otherwise: Option<Source>,
}

impl Placeholder {
    /// The value in a scene; `None` is Mambu's "no value".
    pub fn read<'a>(&self, scene: &'a Scene) -> Option<Cow<'a, Value>> {
        let value = self.source.read(scene);
        value.or_else(|| self.otherwise?.read(scene))
    }

    /// The fields of which it is the first that has a value, if that is all there is to it.
    pub(crate) fn fields(&self) -> Option<Vec<&'static str>> {
        let mut fields = self.source.fields()?;
        if let Some(otherwise) = self.otherwise {
            fields.extend(otherwise.fields()?);
        }
        Some(fields)
    }

    /// Whether no entity of any scene can give it, so that only a fixture can.
    pub fn is_unmapped(&self) -> bool {
        self.source == Unmapped
    }
}

/// The placeholder of that exact name.
///
/// ```
/// use mambu_emitter::placeholder::catalogue::{Kind, find};
/// assert_eq!(find("TRANSACTION_AMOUNT").map(|known| known.kind), Some(Kind::Money));
/// ```
pub fn find(name: &str) -> Option<&'static Placeholder> {
    ALL.iter().find(|placeholder| placeholder.name == name)
}

macro_rules! catalogue {
    ($($family:ident { $($name:ident $kind:ident $source:expr $(=> $otherwise:expr)?;)+ })+) => {
        /// All standard placeholders, family by family.
        pub static ALL: &[Placeholder] = &[$($(Placeholder {
            name: stringify!($name),
            family: Family::$family,
            kind: Kind::$kind,
            source: $source,
            otherwise: otherwise!($($otherwise)?),
        },)+)+];
    };
}

macro_rules! otherwise {
    () => {
        None
    };
    ($source:expr) => {
        Some($source)
    };
}

catalogue! {
    General {
        CURRENT_DATE_TIME DateTime Now;
        CURRENT_DATE Date Now;
        // Of what happened: the most particular entity of the scene.
        ENCODED_KEY Key FirstOf(&[
            "subject.encodedKey", "transaction.encodedKey", "account.encodedKey",
            "credit_arrangement.encodedKey", "holder.encodedKey",
        ]);
        USER_NAME Text Unmapped;
        BRANCH_NAME Text Unmapped;
        BRANCH_ADDRESS Text Unmapped;
        CENTRE_ID Text Unmapped;
        CENTRE_MEETING_DAY Text Unmapped;
        ACTIVITY_TYPE Enum Path("activity.type");
        PASSWORD_URL Text Unmapped;
    }
    Recipient {
        // A group has no first name, a client no group name.
        RECIPIENT_NAME Text Words(&[
            "recipient.firstName", "recipient.middleName", "recipient.lastName", "recipient.groupName",
        ]);
        RECIPIENT_ID Text Path("recipient.id");
        RECIPIENT_FIRST_NAMES Text Path("recipient.firstName");
        RECIPIENT_MIDDLE_NAMES Text Path("recipient.middleName");
        RECIPIENT_LAST_NAME Text Path("recipient.lastName");
        RECIPIENT_MOBILE_PHONE Text Path("recipient.mobilePhone");
        RECIPIENT_EMAIL_ADDRESS Text Path("recipient.emailAddress");
    }
    Holder {
        CLIENT_NAME Text Words(&["client.firstName", "client.middleName", "client.lastName"]);
        CLIENT_ID Text Path("client.id");
        CLIENT_FIRST_NAMES Text Path("client.firstName");
        CLIENT_MIDDLE_NAMES Text Path("client.middleName");
        CLIENT_LAST_NAME Text Path("client.lastName");
        CLIENT_BIRTH_DATE Date Path("client.birthDate");
        GROUP_NAME Text Path("group.groupName");
        GROUP_ID Text Path("group.id");
    }
    Document {
        ID_DOCUMENT_TYPE Text Path("recipient.idDocuments.0.documentType");
        ID_DOCUMENT_NUMBER Text Path("recipient.idDocuments.0.documentId");
        ID_DOCUMENT_ISSUING_AUTHORITY Text Path("recipient.idDocuments.0.issuingAuthority");
        ID_DOCUMENT_EXPIRY_DATE Date Path("recipient.idDocuments.0.validUntil");
    }
    Account {
        ACCOUNT_ID Text Path("account.id");
        ACCOUNT_NAME Text FirstOf(&["loan.loanName", "deposit.name"]);
        PRODUCT_NAME Text Unmapped;
        TOTAL_BALANCE Money FirstOf(&["transaction.accountBalances.totalBalance", "deposit.balances.totalBalance"])
            => Sum(&[
                "loan.balances.principalBalance", "loan.balances.interestBalance",
                "loan.balances.feesBalance", "loan.balances.penaltyBalance",
            ]);
        AVAILABLE_BALANCE Money Path("deposit.balances.availableBalance");
        ACCOUNT_OPENING_BALANCE Money Unmapped;
        INTEREST_RATE Percent Path("account.interestSettings.interestRate");
        CURRENCY_SIGN Text Unmapped;
        CURRENCY_CODE Text FirstOf(&[
            "transaction.currency.code", "transaction.currencyCode", "loan.currency.code", "deposit.currencyCode",
        ]);
    }
    Loan {
        LOAN_AMOUNT Money Path("loan.loanAmount");
        NUMBER_OF_INSTALLMENTS Number Path("loan.scheduleSettings.repaymentInstallments");
        // One text (documented: webhooks sheet 4.1); how it looks is not.
        REPAYMENT_SCHEDULE Text Unmapped;
        PRINCIPAL_BALANCE Money FirstOf(&[
            "transaction.accountBalances.principalBalance", "loan.balances.principalBalance",
        ]);
        PRINCIPAL_DUE Money Path("loan.balances.principalDue");
        INTEREST_DUE Money Path("loan.balances.interestDue");
        FEE_DUE Money Path("loan.balances.feesDue");
        PENALTY_DUE Money Path("loan.balances.penaltyDue");
        TOTAL_DUE Money Sum(&[
            "loan.balances.principalDue", "loan.balances.interestDue",
            "loan.balances.feesDue", "loan.balances.penaltyDue",
        ]);
        DISBURSEMENT_DATE Date Path("loan.disbursementDetails.disbursementDate");
        ANTICIPATED_DISBURSEMENT_DATE Date Path("loan.disbursementDetails.expectedDisbursementDate");
        // The loan amount, but a tranche's if there are tranches, whose fields the sheet does not name.
        ANTICIPATED_DISBURSEMENT_AMOUNT Money Unmapped;
        FIRST_REPAYMENT_DATE Date Path("loan.disbursementDetails.firstRepaymentDate");
        EXPECTED_MATURITY_DATE Date Unmapped;
        REDRAW_BALANCE Money FirstOf(&["transaction.accountBalances.redrawBalance", "loan.balances.redrawBalance"]);
        EXPECTED_PRINCIPAL_REDRAW Money Path("transaction.accountBalances.expectedPrincipalRedraw");
        ADVANCE_POSITION Money Path("transaction.accountBalances.advancePosition");
        ARREARS_POSITION Money Path("transaction.accountBalances.arrearsPosition");
        ORGANIZATION_COMMISSION_EXPECTED Money Unmapped;
        FUNDERS_INTEREST_EXPECTED Money Unmapped;
    }
    Instalment {
        REPAYMENT_TOTAL_BALANCE Money Sum(&[
            "instalment.principal.amount.due", "instalment.interest.amount.due",
            "instalment.fee.amount.due", "instalment.penalty.amount.due",
        ]);
        REPAYMENT_PRINCIPAL_BALANCE Money Path("instalment.principal.amount.due");
        REPAYMENT_INTEREST_BALANCE Money Path("instalment.interest.amount.due");
        PAYMENT_DUE_DATE Date Path("instalment.dueDate");
    }
    Deposit {
        INTEREST_ACCRUED Money Path("deposit.accruedAmounts.interestAccrued");
        OVERDRAFT_INTEREST_RATE Percent Unmapped;
        OVERDRAFT_INDEX_RATE Percent Unmapped;
        OVERDRAFT_AMOUNT_DUE Money Path("deposit.balances.overdraftAmount");
        TECHNICAL_OVERDRAFT_AMOUNT_DUE Money Path("deposit.balances.technicalOverdraftAmount");
    }
    Transaction {
        TRANSACTION_ID Text Path("transaction.id");
        TRANSACTION_TYPE Enum Path("transaction.type");
        TRANSACTION_AMOUNT Money Path("transaction.amount");
        // Also offered by events without a transaction (appendix A): the moment of the event.
        TRANSACTION_DATE DateTime Path("transaction.creationDate") => Now;
        TRANSACTION_METHOD Text Path("transaction.transactionDetails.transactionChannelId");
        TRANSACTION_COMMENT Text Path("transaction.notes");
        CREDIT_AMOUNT Money Unmapped;
        DEBIT_AMOUNT Money Unmapped;
        ENTRY_DATE Date Path("transaction.bookingDate");
        VALUE_DATE Date Path("transaction.valueDate");
        INTERNAL_TRANSFER Flag Present("transaction.transferDetails");
        ORIGINAL_AMOUNT Money Path("transaction.originalAmount");
        LINKED_TRANSACTION_ID Text Path("linked_transaction.id");
        LINKED_TRANSACTION_DATE DateTime Path("linked_transaction.creationDate");
        PRINCIPAL_AMOUNT Money Path("transaction.affectedAmounts.principalAmount");
        INTEREST_AMOUNT Money Path("transaction.affectedAmounts.interestAmount");
        FEE_AMOUNT Money Path("transaction.affectedAmounts.feesAmount");
        PENALTY_AMOUNT Money Path("transaction.affectedAmounts.penaltyAmount");
        TAX_AMOUNT Money Unmapped;
        TAX_PERCENT Percent Unmapped;
    }
    CreditArrangement {
        LINE_OF_CREDIT_ID Text Path("credit_arrangement.id");
        LINE_OF_CREDIT_STATE Enum Path("credit_arrangement.state");
        LINE_OF_CREDIT_STARTS_FROM Date Path("credit_arrangement.startDate");
        LINE_OF_CREDIT_VALID_UNTIL Date Path("credit_arrangement.expireDate");
        LINE_OF_CREDIT_APPROVAL_DATE Date Path("credit_arrangement.approvedDate");
        LINE_OF_CREDIT_NOTES Text Path("credit_arrangement.notes");
        APPROVED_CREDIT_AMOUNT Money Path("credit_arrangement.amount");
        AVAILABLE_CREDIT_AMOUNT Money Path("credit_arrangement.availableCreditAmount");
        CONSUMED_CREDIT_AMOUNT Money Path("credit_arrangement.consumedCreditAmount");
    }
    EndOfDay {
        START_DATE DateTime Path("subject.startDate");
        END_DATE DateTime Path("subject.endDate");
        STATE Enum Path("subject.state");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scene::Role;

    #[test]
    fn the_table_has_as_many_rows_as_the_sheet() {
        let of = |family| ALL.iter().filter(|known| known.family == family).count();
        let counts: Vec<usize> = Family::ALL.iter().map(|family| of(*family)).collect();
        assert_eq!(counts, [10, 7, 8, 4, 9, 20, 4, 5, 20, 9, 3]);
        assert_eq!(ALL.len(), 99);
    }

    #[test]
    fn no_name_stands_twice() {
        let names: BTreeSet<&str> = ALL.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), ALL.len());
    }

    fn paths(source: Source) -> Vec<&'static str> {
        match source {
            Path(path) | Source::Length(path) | Present(path) => vec![path],
            FirstOf(paths) | Sum(paths) | Words(paths) => paths.to_vec(),
            Now | Unmapped => Vec::new(),
        }
    }

    #[test]
    fn every_path_starts_with_the_word_of_a_role() {
        for known in ALL {
            let fallback = known.otherwise.map(paths).unwrap_or_default();
            for path in paths(known.source).into_iter().chain(fallback) {
                let (word, _) = path.split_once('.').expect("a dotted path");
                let is_role = Role::from_word(word).is_some();
                assert!(
                    is_role || ["account", "holder", "recipient"].contains(&word),
                    "{path}"
                );
            }
        }
    }
}
