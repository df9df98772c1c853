//! Condition fields of a credit arrangement (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.

use super::{NativeField, field, words};
use crate::condition::DataType::{Date, DateUtc, Enum, Key, Money, Number, String};
use crate::source::Source::{Path, Unmapped};

pub(super) const FIELDS: &[NativeField] = &[
    field("OWNER_KEY", Key, Path("credit_arrangement.holderKey")),
    field("AMOUNT", Money, Path("credit_arrangement.amount")),
    field("TOTAL_OVERDRAFT_MAX_WITHDRAWAL", Money, Unmapped),
    field("TOTAL_LOANS_BALANCE", Money, Unmapped),
    field(
        "TOTAL_CONSUMED_AMOUNT",
        Money,
        Path("credit_arrangement.consumedCreditAmount"),
    ),
    field(
        "AVAILABLE_CREDIT_AMOUNT",
        Money,
        Path("credit_arrangement.availableCreditAmount"),
    ),
    field("ID", String, Path("credit_arrangement.id")),
    field("START_DATE", Date, Path("credit_arrangement.startDate")),
    field("EXPIRY_DATE", Date, Path("credit_arrangement.expireDate")),
    field("APPROVAL_DATE", Date, Path("credit_arrangement.approvedDate")),
    field("CLOSED_DATE", Date, Path("credit_arrangement.closedDate")),
    field("CREATION_DATE", DateUtc, Path("credit_arrangement.creationDate")),
    field(
        "LAST_MODIFIED_DATE",
        DateUtc,
        Path("credit_arrangement.lastModifiedDate"),
    ),
    field("SUBSTATE", Enum, Path("credit_arrangement.subState")).closed(words::CREDIT_ARRANGEMENT_STATES),
    field("STATE", Enum, Path("credit_arrangement.state")).closed(words::CREDIT_ARRANGEMENT_STATES),
    field(
        "EXPOSURE_LIMIT_TYPE",
        Enum,
        Path("credit_arrangement.exposureLimitType"),
    )
    .closed(words::EXPOSURE_LIMIT_TYPES),
    field("NUMBER_OF_DEPOSIT_ACCOUNTS", Number, Unmapped),
    field("NUMBER_OF_LOAN_ACCOUNTS", Number, Unmapped),
    field("NUMBER_OF_ACCOUNTS", Number, Unmapped),
];
