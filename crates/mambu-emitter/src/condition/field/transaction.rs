//! Condition fields of a transaction (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.
//!
//! assumed: a transaction was reversed when another adjusts it, is a reversal when it points to an original one, and
//! is an internal transfer when it has transfer details.

use super::{NativeField, field, words};
use crate::condition::DataType::{BigDecimal, Boolean, Date, DateUtc, Enum, Key, Long, Money, String};
use crate::source::Source::{FirstOf, Path, Present, Unmapped, Words};

pub(super) const FIELDS: &[NativeField] = &[
    field("PARENT_ACCOUNT_KEY", Key, Path("transaction.parentAccountKey")),
    field("PRODUCT_TYPE_KEY", Key, Path("account.productTypeKey")),
    field("USER_KEY", Key, Path("transaction.userKey")),
    field("BRANCH_KEY", Key, Path("transaction.branchKey")),
    field("CENTRE_KEY", Key, Path("transaction.centreKey")),
    field("PARENT_ACCOUNT_HOLDER_KEY", Key, Path("account.accountHolderKey")),
    field(
        "CURRENCY_CODE",
        Key,
        FirstOf(&["transaction.currency.code", "transaction.currencyCode"]),
    ),
    field(
        "TRANSACTION_CHANNEL_KEY",
        Key,
        Path("transaction.transactionDetails.transactionChannelKey"),
    ),
    field("ENCODED_KEY", Key, Path("transaction.encodedKey")),
    field("EXTERNAL_ID", Key, Path("transaction.externalId")),
    field("FEE_KEY", Key, Unmapped),
    field("PRODUCT_ID", String, Unmapped),
    field("TILL_ID", String, Unmapped),
    field(
        "ORIGINAL_AMOUNT_CURRENCY_CODE",
        String,
        Path("transaction.originalCurrencyCode"),
    ),
    field("BRANCH", String, Unmapped),
    field("BRANCH_ID", String, Unmapped),
    field("CENTRE", String, Unmapped),
    field("CENTRE_ID", String, Unmapped),
    field(
        "PARENT_ACCOUNT",
        String,
        FirstOf(&["loan.loanName", "deposit.name"]),
    ),
    field("PARENT_ACCOUNT_ID", String, Path("account.id")),
    field(
        "PARENT_ACCOUNT_HOLDER",
        String,
        Words(&[
            "holder.firstName",
            "holder.middleName",
            "holder.lastName",
            "holder.groupName",
        ]),
    ),
    field("PARENT_ACCOUNT_HOLDER_ID", String, Path("holder.id")),
    field(
        "WAS_REVERSED",
        Boolean,
        Present("transaction.adjustmentTransactionKey"),
    ),
    field(
        "TYPE_IS_REVERSAL",
        Boolean,
        Present("transaction.originalTransactionKey"),
    ),
    field(
        "INTERNAL_TRANSFER",
        Boolean,
        Present("transaction.transferDetails"),
    ),
    field("TRANSACTION_ID", Long, Path("transaction.id")),
    field("ENTRY_DATE", Date, Path("transaction.bookingDate")),
    field("VALUE_DATE", Date, Path("transaction.valueDate")),
    field("TRANSACTION_DATE", DateUtc, Path("transaction.creationDate")),
    field("EVENT", Enum, Path("transaction.type")).open(words::TRANSACTION_TYPES),
    field("FEE_TYPE", Enum, Unmapped),
    field("AMOUNT", Money, Path("transaction.amount")),
    field(
        "ADVANCE_POSITION",
        Money,
        Path("transaction.accountBalances.advancePosition"),
    ),
    field(
        "ARREARS_POSITION",
        Money,
        Path("transaction.accountBalances.arrearsPosition"),
    ),
    field(
        "EXPECTED_PRINCIPAL_REDRAW",
        Money,
        Path("transaction.accountBalances.expectedPrincipalRedraw"),
    ),
    field("ORIGINAL_AMOUNT", Money, Path("transaction.originalAmount")),
    field(
        "TOTAL_BALANCE",
        Money,
        Path("transaction.accountBalances.totalBalance"),
    ),
    field(
        "PRINCIPAL_BALANCE",
        Money,
        Path("transaction.accountBalances.principalBalance"),
    ),
    field(
        "REDRAW_BALANCE",
        Money,
        Path("transaction.accountBalances.redrawBalance"),
    ),
    field(
        "PRINCIPAL_PAID",
        Money,
        Path("transaction.affectedAmounts.principalAmount"),
    ),
    field(
        "INTEREST_PAID",
        Money,
        Path("transaction.affectedAmounts.interestAmount"),
    ),
    field(
        "INTEREST_FROM_ARREARS_AMOUNT",
        Money,
        Path("transaction.affectedAmounts.interestFromArrearsAmount"),
    ),
    field(
        "DEFERRED_INTEREST",
        Money,
        Path("transaction.affectedAmounts.deferredInterestAmount"),
    ),
    field("FEES_PAID", Money, Path("transaction.affectedAmounts.feesAmount")),
    field(
        "PENALTY_PAID",
        Money,
        Path("transaction.affectedAmounts.penaltyAmount"),
    ),
    field("TAX_AMOUNT", Money, Unmapped),
    field("PRINCIPAL_PAYMENT_FLAT_AMOUNT", Money, Unmapped),
    field("OVERDRAFT_LIMIT", Money, Unmapped),
    field(
        "ORGANIZATION_COMMISSION_AMOUNT",
        Money,
        Path("transaction.affectedAmounts.organizationCommissionAmount"),
    ),
    field(
        "FUNDING_INTEREST_AMOUNT",
        Money,
        Path("transaction.affectedAmounts.fundersInterestAmount"),
    ),
    field("TAX_RATE", BigDecimal, Unmapped),
    field("INTEREST_RATE", BigDecimal, Unmapped),
    field("PRINCIPAL_PAYMENT_PERCENTAGE", BigDecimal, Unmapped),
    field("TOTAL_BALANCE_PERCENTAGE", BigDecimal, Unmapped),
    field("OVERDRAFT_INTEREST_RATE", BigDecimal, Unmapped),
];
