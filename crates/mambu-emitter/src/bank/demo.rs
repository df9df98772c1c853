//! The built-in bank: one client, one group, one loan and one deposit account, so that a first scenario needs no files.
//!
//! Field names are those of API v2 (documented: webhooks sheet 7.2); the values are made up.

use super::{Bank, Kind, derived_key};
use crate::value::Value;

const CLIENT: &str = "CL-1001";

pub(super) fn bank() -> Bank {
    let holder = derived_key(Kind::Client.word(), CLIENT);
    let mut bank = Bank::empty();
    bank.put(
        Kind::Client,
        record(
            &[
                ("id", CLIENT),
                ("state", "ACTIVE"),
                ("firstName", "Demo"),
                ("lastName", "Client"),
                ("birthDate", "1988-12-09"),
                ("gender", "FEMALE"),
                ("emailAddress", "client@bank.example"),
                ("mobilePhone", "+49 30 5550100"),
                ("preferredLanguage", "ENGLISH"),
                ("creationDate", "2025-01-15T09:30:00+01:00"),
                ("activationDate", "2025-01-16T10:00:00+01:00"),
            ],
            &[("loanCycle", "1"), ("groupLoanCycle", "0")],
        ),
    );
    bank.put(
        Kind::Group,
        record(
            &[
                ("id", "GRP-3001"),
                ("groupName", "Demo Group"),
                ("emailAddress", "group@bank.example"),
                ("mobilePhone", "+49 30 5550300"),
                ("creationDate", "2025-02-01T09:00:00+01:00"),
            ],
            &[("loanCycle", "0")],
        ),
    );
    bank.put(
        Kind::Loan,
        record(
            &[
                ("id", "LN-1001"),
                ("loanName", "Demo Loan"),
                ("accountHolderKey", &holder),
                ("accountHolderType", "CLIENT"),
                ("accountState", "APPROVED"),
                ("currency.code", "EUR"),
                ("creationDate", "2025-12-01T09:00:00+01:00"),
                ("approvedDate", "2025-12-15T11:00:00+01:00"),
                (
                    "disbursementDetails.expectedDisbursementDate",
                    "2026-01-05T09:00:00+01:00",
                ),
                (
                    "disbursementDetails.firstRepaymentDate",
                    "2026-02-05T00:00:00+01:00",
                ),
            ],
            &[
                ("loanAmount", "5000.00"),
                ("interestSettings.interestRate", "4.5"),
                ("scheduleSettings.repaymentInstallments", "12"),
                ("balances.principalBalance", "0.00"),
                ("balances.principalDue", "0.00"),
                ("balances.principalPaid", "0.00"),
                ("balances.interestBalance", "0.00"),
                ("balances.interestDue", "0.00"),
                ("balances.feesBalance", "0.00"),
                ("balances.feesDue", "0.00"),
                ("balances.penaltyBalance", "0.00"),
                ("balances.penaltyDue", "0.00"),
                ("balances.redrawBalance", "0.00"),
                ("daysInArrears", "0"),
                ("daysLate", "0"),
            ],
        ),
    );
    bank.put(
        Kind::Deposit,
        record(
            &[
                ("id", "DP-1001"),
                ("name", "Demo Deposit"),
                ("accountHolderKey", &holder),
                ("accountHolderType", "CLIENT"),
                ("accountType", "CURRENT_ACCOUNT"),
                ("accountState", "ACTIVE"),
                ("currencyCode", "EUR"),
                ("creationDate", "2025-01-20T09:00:00+01:00"),
                ("activationDate", "2025-01-20T09:05:00+01:00"),
            ],
            &[
                ("balances.totalBalance", "1000.00"),
                ("balances.availableBalance", "1000.00"),
                ("accruedAmounts.interestAccrued", "1.25"),
                ("interestSettings.interestRate", "0.5"),
            ],
        ),
    );
    bank
}

fn record(texts: &[(&str, &str)], numbers: &[(&str, &str)]) -> Value {
    let mut record = Value::default();
    for (path, text) in texts {
        record.set(path, Value::text(*text));
    }
    for (path, number) in numbers {
        record.set(path, Value::number(number).unwrap_or_default());
    }
    record
}
