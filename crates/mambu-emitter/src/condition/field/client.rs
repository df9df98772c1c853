//! Condition fields of a client (observed: webhooks sheet, appendix C).
//!
//! assumed: the paths; the sheet doesn't say which API v2 field feeds which condition field. `Unmapped` where the
//! entity of sheet 7.2 has no such field.

use super::{NativeField, field, words};
use crate::condition::DataType::{Date, DateUtc, Enum, Key, Money, Number, String};
use crate::source::Source::{Path, Unmapped, Words};

pub(super) const FIELDS: &[NativeField] = &[
    field("CREDIT_OFFICER_KEY", Key, Path("client.assignedUserKey")),
    field("CLIENT_ROLE_KEY", Key, Path("client.clientRoleKey")),
    field("BRANCH_KEY", Key, Path("client.assignedBranchKey")),
    field("CENTRE_KEY", Key, Path("client.assignedCentreKey")),
    field("GROUP_KEY", Key, Path("client.groupKeys")),
    field("ENCODED_KEY", Key, Path("client.encodedKey")),
    field(
        "FULL_NAME",
        String,
        Words(&["client.firstName", "client.middleName", "client.lastName"]),
    ),
    field("FIRST_NAME", String, Path("client.firstName")),
    field("MIDDLE_NAME", String, Path("client.middleName")),
    field("LAST_NAME", String, Path("client.lastName")),
    field("ID", String, Path("client.id")),
    field("HOME_PHONE_NUMBER", String, Path("client.homePhone")),
    field("MOBILE_PHONE_NUMBER", String, Path("client.mobilePhone")),
    field("EMAIL_ADDRESS", String, Path("client.emailAddress")),
    field(
        "CLIENT_ADDRESS",
        String,
        Words(&[
            "client.addresses.0.line1",
            "client.addresses.0.line2",
            "client.addresses.0.city",
            "client.addresses.0.region",
            "client.addresses.0.postcode",
            "client.addresses.0.country",
        ]),
    ),
    field("GROUP_ID", String, Unmapped),
    field("CREATION_DATE", DateUtc, Path("client.creationDate")),
    field("LAST_MODIFIED_DATE", DateUtc, Path("client.lastModifiedDate")),
    field("DEPOSITS_BALANCE", Money, Unmapped),
    field("LOANS_BALANCE", Money, Unmapped),
    field("PENDING_LOAN_AMOUNT", Money, Unmapped),
    field("APPROVED_LOAN_AMOUNT", Money, Unmapped),
    field("TOTAL_BALANCE", Money, Unmapped),
    field("TOTAL_DUE", Money, Unmapped),
    field("BIRTHDATE", Date, Path("client.birthDate")),
    field("GENDER", Enum, Path("client.gender")).closed(words::GENDERS),
    field("CLIENT_STATE", Enum, Path("client.state")).closed(words::CLIENT_STATES),
    field("PORTAL_STATE", Enum, Path("client.portalSettings.portalState")).closed(words::PORTAL_STATES),
    field("PREFERRED_LANGUAGE", Enum, Path("client.preferredLanguage")),
    field("LOAN_CYCLE", Number, Path("client.loanCycle")),
    field("GROUP_LOAN_CYCLE", Number, Path("client.groupLoanCycle")),
];
