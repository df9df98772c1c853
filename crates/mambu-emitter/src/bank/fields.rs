//! Names of API v2 fields (documented: webhooks sheet 7.2), to find those that are misspelt.
//!
//! Records are open, Mambu adds fields and custom field sets: a name that is on no list is fine, unless it is nearly one.

use super::Kind;
use crate::value::Value;

/// Fields of what a fixture lays over something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fields {
    /// Of a record.
    Of(Kind),
    /// Of a transaction, of either kind.
    Transaction,
}

/// A part of an entity (empty: the entity itself) with the names in it.
type Part = (&'static str, &'static str);

const ADDRESS: Part = (
    "addresses",
    "encodedKey parentKey line1 line2 city region postcode country latitude longitude indexInList",
);

const CLIENT: &[Part] = &[
    (
        "",
        "encodedKey id state firstName middleName lastName birthDate gender emailAddress mobilePhone mobilePhone2 homePhone \
         preferredLanguage notes loanCycle groupLoanCycle groupKeys clientRoleKey assignedBranchKey assignedCentreKey \
         assignedUserKey migrationEventKey profilePictureKey profileSignatureKey creationDate lastModifiedDate approvedDate \
         activationDate closedDate addresses idDocuments portalSettings",
    ),
    ADDRESS,
    (
        "idDocuments",
        "encodedKey clientKey documentType documentId issuingAuthority validUntil identificationDocumentTemplateKey \
         indexInList attachments",
    ),
    ("portalSettings", "encodedKey portalState lastLoggedInDate"),
];

const GROUP: &[Part] = &[
    (
        "",
        "encodedKey id groupName emailAddress mobilePhone homePhone notes loanCycle preferredLanguage groupRoleKey \
         assignedBranchKey assignedCentreKey assignedUserKey creationDate lastModifiedDate addresses groupMembers",
    ),
    ADDRESS,
    ("groupMembers", "clientKey roles"),
];

const LOAN: &[Part] = &[
    (
        "",
        "encodedKey id loanName loanAmount accountHolderKey accountHolderType productTypeKey accountState accountSubState \
         currency creationDate approvedDate closedDate lastModifiedDate lastSetToArrearsDate lastLockedDate terminationDate \
         daysInArrears daysLate accruedInterest accruedPenalty balances disbursementDetails interestSettings scheduleSettings \
         penaltySettings accountArrearsSettings tranches guarantors assets fundingSources paymentMethod assignedBranchKey \
         assignedCentreKey assignedUserKey creditArrangementKey settlementAccountKey originalAccountKey rescheduledAccountKey \
         notes",
    ),
    (
        "balances",
        "principalBalance principalDue principalPaid interestBalance interestDue interestPaid feesBalance feesDue feesPaid \
         penaltyBalance penaltyDue penaltyPaid interestFromArrearsBalance interestFromArrearsDue interestFromArrearsPaid \
         redrawBalance holdBalance",
    ),
    (
        "disbursementDetails",
        "expectedDisbursementDate disbursementDate firstRepaymentDate fees transactionDetails",
    ),
    (
        "interestSettings",
        "interestRate interestType interestRateSource interestChargeFrequency interestCalculationMethod",
    ),
    (
        "scheduleSettings",
        "repaymentInstallments repaymentPeriodCount repaymentPeriodUnit gracePeriod gracePeriodType periodicPayment",
    ),
];

const DEPOSIT: &[Part] = &[
    (
        "",
        "encodedKey id name accountHolderKey accountHolderType accountType accountState productTypeKey currencyCode \
         creationDate approvedDate activationDate maturityDate lockedDate closedDate lastModifiedDate lastSetToArrearsDate \
         balances accruedAmounts internalControls overdraftSettings interestSettings assignedBranchKey assignedCentreKey \
         assignedUserKey creditArrangementKey linkedSettlementAccountKeys notes",
    ),
    (
        "balances",
        "totalBalance availableBalance blockedBalance holdBalance lockedBalance feesDue forwardAvailableBalance \
         overdraftAmount overdraftInterestDue technicalOverdraftAmount technicalOverdraftInterestDue",
    ),
    ("accruedAmounts", "interestAccrued"),
    (
        "internalControls",
        "maxDepositBalance maxWithdrawalAmount recommendedDepositAmount targetAmount",
    ),
    (
        "overdraftSettings",
        "allowOverdraft overdraftLimit overdraftExpiryDate",
    ),
];

const CREDIT_ARRANGEMENT: &[Part] = &[(
    "",
    "encodedKey id holderKey holderType state subState amount availableCreditAmount consumedCreditAmount currency \
     exposureLimitType startDate expireDate approvedDate closedDate creationDate lastModifiedDate notes",
)];

const TRANSACTION: &[Part] = &[
    (
        "",
        "encodedKey id externalId paymentOrderId parentAccountKey type amount currency currencyCode originalAmount \
         originalCurrencyCode creationDate valueDate bookingDate notes userKey branchKey centreKey tillKey \
         installmentEncodedKey adjustmentTransactionKey originalTransactionKey parentLoanTransactionKey affectedAmounts \
         accountBalances taxes fees terms transactionDetails transferDetails paymentDetails cardTransaction \
         customPaymentAmounts holdExternalReferenceId blockId",
    ),
    (
        "affectedAmounts",
        "principalAmount interestAmount feesAmount penaltyAmount interestFromArrearsAmount deferredInterestAmount \
         fundersInterestAmount organizationCommissionAmount paymentHolidaysInterestAmount fundsAmount overdraftAmount",
    ),
    (
        "accountBalances",
        "totalBalance principalBalance arrearsPosition advancePosition redrawBalance expectedPrincipalRedraw",
    ),
    ("transactionDetails", "transactionChannelId transactionChannelKey"),
    (
        "transferDetails",
        "linkedLoanTransactionKey linkedDepositTransactionKey",
    ),
];

impl Fields {
    fn parts(self) -> &'static [Part] {
        match self {
            Self::Of(Kind::Client) => CLIENT,
            Self::Of(Kind::Group) => GROUP,
            Self::Of(Kind::Loan) => LOAN,
            Self::Of(Kind::Deposit) => DEPOSIT,
            Self::Of(Kind::CreditArrangement) => CREDIT_ARRANGEMENT,
            Self::Transaction => TRANSACTION,
        }
    }

    /// Fields that are nearly, and not quite, known ones: a JSON pointer to each, its name, and the one that was meant.
    ///
    /// ```
    /// use mambu_emitter::Value;
    /// use mambu_emitter::bank::Fields;
    /// let mut over = Value::default();
    /// over.set("amuont", Value::text("7"));
    /// over.set("_My_Set.amuont", Value::text("7"));
    /// assert_eq!(
    ///     Fields::Transaction.misspelt(&over),
    ///     [("/amuont".to_owned(), "amuont".to_owned(), "amount")]
    /// );
    /// ```
    pub fn misspelt(self, record: &Value) -> Vec<(String, String, &'static str)> {
        let mut found = Vec::new();
        self.look("", record, "", &mut found);
        found
    }

    fn look(self, part: &str, value: &Value, pointer: &str, found: &mut Vec<(String, String, &'static str)>) {
        let names = self.parts().iter().find(|(known, _)| *known == part);
        let Some((_, names)) = names else { return };
        let members = match value {
            Value::Map(members) => members,
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if let Value::Map(_) = item {
                        self.look(part, item, &format!("{pointer}/{at}"), found);
                    }
                }
                return;
            }
            _ => return,
        };
        for (name, member) in members {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            if name.starts_with('_') {
                // A set of custom fields.
                continue;
            }
            if names.split(' ').any(|known| known == name) {
                if part.is_empty() {
                    self.look(name, member, &pointer, found);
                }
            } else if let Some(meant) = names.split(' ').find(|known| is_nearly(name, known))
                && !members.keys().any(|other| other == meant)
            {
                found.push((pointer, name.clone(), meant));
            }
        }
    }
}

/// Whether a name is another one but for a slip of the finger, or written in another style.
fn is_nearly(name: &str, known: &str) -> bool {
    const LONG: usize = 8;
    if name.len() > 2 * known.len() {
        return false;
    }
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    // One of a series: `mobilePhone2`.
    let stem = |text: &'_ str| text.trim_end_matches(|end: char| end.is_ascii_digit()).len();
    if name[..stem(name)] == known[..stem(known)] {
        return false;
    }
    let distance = strsim::damerau_levenshtein(&plain(name), &plain(known));
    match known.len() {
        0..4 => distance == 0,
        4..LONG => distance <= 1,
        _ => distance <= 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(fields: Fields, paths: &[&str]) -> Vec<(String, &'static str)> {
        let mut record = Value::default();
        for path in paths {
            record.set(path, Value::text("x"));
        }
        let found = fields.misspelt(&record).into_iter();
        found.map(|(pointer, _, meant)| (pointer, meant)).collect()
    }

    #[test]
    fn nearly_known_fields_are_found_and_new_ones_are_fine() {
        let wrong = found(
            Fields::Of(Kind::Client),
            &["fistName", "last_name", "homePhone2", "nickname", "_Set.fistName"],
        );
        assert_eq!(
            wrong,
            [
                ("/fistName".to_owned(), "firstName"),
                ("/last_name".to_owned(), "lastName"),
            ]
        );
        let wrong = found(Fields::Of(Kind::Loan), &["balances.principalDeu", "balances.any"]);
        assert_eq!(wrong, [("/balances/principalDeu".to_owned(), "principalDue")]);
    }

    #[test]
    fn no_known_field_is_taken_for_another_one() {
        use Fields::{Of, Transaction};
        let all = [
            Of(Kind::Client),
            Of(Kind::Group),
            Of(Kind::Loan),
            Of(Kind::Deposit),
            Of(Kind::CreditArrangement),
            Transaction,
        ];
        for fields in all {
            for (part, names) in fields.parts() {
                for name in names.split(' ') {
                    assert!(!name.is_empty(), "{part}");
                    let path = [*part, name].join(".");
                    assert_eq!(found(fields, &[path.trim_start_matches('.')]), [], "{path}");
                }
            }
        }
    }
}
