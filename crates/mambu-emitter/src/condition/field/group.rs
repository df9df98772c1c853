//! Condition fields of a group (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.

use super::{NativeField, field};
use crate::condition::DataType::{DateUtc, Enum, Key, Money, Number, String};
use crate::source::Source::{Length, Path, Unmapped};

pub(super) const FIELDS: &[NativeField] = &[
    field("CLIENT_ROLE_KEY", Key, Path("group.groupRoleKey")),
    field("BRANCH_KEY", Key, Path("group.assignedBranchKey")),
    field("CENTRE_KEY", Key, Path("group.assignedCentreKey")),
    field("CREDIT_OFFICER_KEY", Key, Path("group.assignedUserKey")),
    field("ENCODED_KEY", Key, Path("group.encodedKey")),
    field("GROUP_NAME", String, Path("group.groupName")),
    field("ID", String, Path("group.id")),
    field("CREATION_DATE", DateUtc, Path("group.creationDate")),
    field("LAST_MODIFIED_DATE", DateUtc, Path("group.lastModifiedDate")),
    field("PREFERRED_LANGUAGE", Enum, Path("group.preferredLanguage")),
    field("DEPOSITS_BALANCE", Money, Unmapped),
    field("LOANS_BALANCE", Money, Unmapped),
    field("TOTAL_BALANCE", Money, Unmapped),
    field("NUMBER_OF_MEMBERS", Number, Length("group.groupMembers")),
    field("LOAN_CYCLE", Number, Path("group.loanCycle")),
];
