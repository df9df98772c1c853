//! Condition fields of an activity (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.

use super::{NativeField, field, words};
use crate::condition::DataType::{Date, DateUtc, Enum, Key, String};
use crate::source::Source::{Now, Path, Unmapped, Words};

pub(super) const FIELDS: &[NativeField] = &[
    field("USER_KEY", Key, Unmapped),
    field("TARGET_USER_KEY", Key, Unmapped),
    field("ENCODED_KEY", Key, Unmapped),
    field("TRANSACTION_DATE", DateUtc, Now),
    field("EVENT", Enum, Path("activity.type")).open(words::ACTIVITY_TYPES),
    field(
        "TARGET_CLIENT_NAME",
        String,
        Words(&["client.firstName", "client.middleName", "client.lastName"]),
    ),
    field("TARGET_GROUP_NAME", String, Path("group.groupName")),
    field("TARGET_LOAN_ACCOUNT_NAME", String, Path("loan.loanName")),
    field("TARGET_LOAN_PRODUCT_NAME", String, Unmapped),
    field("TARGET_SAVINGS_ACCOUNT_NAME", String, Path("deposit.name")),
    field("TARGET_SAVINGS_PRODUCT_NAME", String, Unmapped),
    field("TARGET_BRANCH_NAME", String, Unmapped),
    field("TARGET_CENTRE_NAME", String, Unmapped),
    field("TARGET_TASK_NAME", String, Unmapped),
    field("TARGET_GL_ACCOUNT_NAME", String, Unmapped),
    field("TARGET_GL_ACCOUNT_CLOSURE_DATE", Date, Unmapped),
];
