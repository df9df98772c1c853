//! Condition fields of a deposit account (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.
//!
//! `RECOMENDED_DEPOSIT_AMOUNT` is the vendor's spelling.

use super::{NativeField, field, words};
use crate::condition::DataType::{BigDecimal, Date, DateUtc, Enum, Key, Money, Number, String};
use crate::source::Source::{Path, Unmapped};

pub(super) const FIELDS: &[NativeField] = &[
    field("ACCOUNT_HOLDER_KEY", Key, Path("deposit.accountHolderKey")),
    field("PRODUCT_KEY", Key, Path("deposit.productTypeKey")),
    field("CURRENCY_CODE", Key, Path("deposit.currencyCode")),
    field("OVERDRAFT_RISK_LEVEL_KEY", Key, Unmapped),
    field("ENCODED_KEY", Key, Path("deposit.encodedKey")),
    field("ACCOUNT_ID", String, Path("deposit.id")),
    field("ACCOUNT_HOLDER_ID", String, Path("holder.id")),
    field("RECIPIENT", String, Unmapped),
    field("ACCOUNT_NAME", String, Path("deposit.name")),
    field("CREATION_DATE", DateUtc, Path("deposit.creationDate")),
    field("LAST_MODIFIED_DATE", DateUtc, Path("deposit.lastModifiedDate")),
    field("APPROVAL_DATE", Date, Path("deposit.approvedDate")),
    field("ACTIVATION_DATE", Date, Path("deposit.activationDate")),
    field("MATURITY_DATE", Date, Path("deposit.maturityDate")),
    field("CLOSED_DATE", Date, Path("deposit.closedDate")),
    field(
        "OVERDRAFT_EXPIRY_DATE",
        Date,
        Path("deposit.overdraftSettings.overdraftExpiryDate"),
    ),
    field(
        "LAST_SET_TO_ARREARS_DATE",
        Date,
        Path("deposit.lastSetToArrearsDate"),
    ),
    field("ACCOUNT_STATE", Enum, Path("deposit.accountState")).closed(words::DEPOSIT_STATES),
    field("ACCOUNT_TYPE", Enum, Path("deposit.accountType")).closed(words::DEPOSIT_TYPES),
    field(
        "RECOMENDED_DEPOSIT_AMOUNT",
        Money,
        Path("deposit.internalControls.recommendedDepositAmount"),
    ),
    field("DEPOSIT_AMOUNT", Money, Unmapped),
    field(
        "MAX_WITHDRAWAL_AMOUNT",
        Money,
        Path("deposit.internalControls.maxWithdrawalAmount"),
    ),
    field(
        "TARGET_AMOUNT",
        Money,
        Path("deposit.internalControls.targetAmount"),
    ),
    field("BALANCE", Money, Path("deposit.balances.totalBalance")),
    field(
        "AVAILABLE_BALANCE",
        Money,
        Path("deposit.balances.availableBalance"),
    ),
    field(
        "MAX_BALANCE",
        Money,
        Path("deposit.internalControls.maxDepositBalance"),
    ),
    field(
        "ACCRUED_INTEREST",
        Money,
        Path("deposit.accruedAmounts.interestAccrued"),
    ),
    field("OVERDRAFT_INTEREST_ACCRUED", Money, Unmapped),
    field(
        "OVERDRAFT_AMOUNT",
        Money,
        Path("deposit.balances.overdraftAmount"),
    ),
    field(
        "OVERDRAFT_LIMIT",
        Money,
        Path("deposit.overdraftSettings.overdraftLimit"),
    ),
    field("OVERDRAFT_AVAILABLE_LIMIT", Money, Unmapped),
    field("OVERDRAFT_IN_ARREARS", Money, Unmapped),
    field(
        "INTEREST_DUE",
        Money,
        Path("deposit.balances.overdraftInterestDue"),
    ),
    field("FEES_DUE", Money, Path("deposit.balances.feesDue")),
    field("CURRENT_INTEREST_TIER_STARTING_BALANCE", Money, Unmapped),
    field("CURRENT_INTEREST_TIER_ENDING_BALANCE", Money, Unmapped),
    field(
        "CURRENT_OVERDRAFT_INTEREST_TIER_STARTING_BALANCE",
        Money,
        Unmapped,
    ),
    field("CURRENT_OVERDRAFT_INTEREST_TIER_ENDING_BALANCE", Money, Unmapped),
    field("TAX_APPLIED", Money, Unmapped),
    field(
        "TECHNICAL_OVERDRAFT_AMOUNT",
        Money,
        Path("deposit.balances.technicalOverdraftAmount"),
    ),
    field("TECHNICAL_OVERDRAFT_INTEREST_ACCRUED", Money, Unmapped),
    field(
        "INTEREST_RATE",
        BigDecimal,
        Path("deposit.interestSettings.interestRate"),
    ),
    field("OVERDRAFT_INTEREST_RATE", BigDecimal, Unmapped),
    field("OVERDRAFT_INTEREST_SPREAD", BigDecimal, Unmapped),
    field("CURRENT_INTEREST_TIER_RATE", BigDecimal, Unmapped),
    field("CURRENT_OVERDRAFT_INTEREST_TIER_RATE", BigDecimal, Unmapped),
    field("TAX_RATE", BigDecimal, Unmapped),
    field("OVERDRAFT_DAYS_IN_ARREARS", Number, Unmapped),
    field("LENGTH_IN_DAYS", Number, Unmapped),
    field("CURRENT_INTEREST_TIER_INDEX", Number, Unmapped),
    field("CURRENT_OVERDRAFT_INTEREST_TIER_INDEX", Number, Unmapped),
];
