use super::super::testing::conditions;
use super::*;

fn pair_contradicts(a: &str, b: &str) -> bool {
    let one_way = contradictions(&conditions(Linking::All, &[a, b]));
    let other_way = contradictions(&conditions(Linking::All, &[b, a]));
    assert_eq!(one_way.len(), other_way.len());
    assert!(
        one_way
            .iter()
            .all(|mistake| mistake.is_warning && mistake.pointer == "/filterConstraints/1")
    );
    !one_way.is_empty()
}

#[test]
fn clauses_that_never_hold_together_are_found() {
    let table = [
        (
            "TRANSACTION.AMOUNT MORE_THAN 10",
            "TRANSACTION.AMOUNT LESS_THAN 10",
        ),
        (
            "TRANSACTION.AMOUNT MORE_THAN 10",
            "TRANSACTION.AMOUNT LESS_THAN_OR_EQUALS 10",
        ),
        ("TRANSACTION.AMOUNT EQUALS 10", "TRANSACTION.AMOUNT EQUALS 11"),
        (
            "TRANSACTION.AMOUNT BETWEEN 1|5",
            "TRANSACTION.AMOUNT MORE_THAN_OR_EQUALS 5.01",
        ),
        (
            "LOANS.ACCOUNT_STATE EQUALS ACTIVE",
            "LOANS.ACCOUNT_STATE EQUALS CLOSED",
        ),
        (
            "LOANS.ACCOUNT_STATE IN ACTIVE|CLOSED",
            "LOANS.ACCOUNT_STATE EQUALS APPROVED",
        ),
        ("LOANS.LOAN_NAME EMPTY", "LOANS.LOAN_NAME NOT_EMPTY"),
        ("LOANS.LOAN_NAME EMPTY", "LOANS.LOAN_NAME DIFFERENT_THAN x"),
        (
            "LOANS.CLOSED_DATE AFTER 2026-01-10",
            "LOANS.CLOSED_DATE ON 2026-01-10",
        ),
        (
            "LOANS.CLOSED_DATE AFTER 2026-01-10",
            "LOANS.CLOSED_DATE BEFORE_INCLUSIVE 2026-01-10",
        ),
        ("CF:LOAN:X EQUALS a", "CF:LOAN:X EQUALS b"),
        (
            "TRANSACTION.AMOUNT EQUALS 10",
            "TRANSACTION.AMOUNT DIFFERENT_THAN 10.00",
        ),
        ("LOANS.LOAN_NAME EQUALS Car", "LOANS.LOAN_NAME DIFFERENT_THAN Car"),
        (
            "LOANS.ACCOUNT_STATE IN ACTIVE",
            "LOANS.ACCOUNT_STATE DIFFERENT_THAN ACTIVE",
        ),
        ("LOANS.LOAN_NAME EQUALS abc", "LOANS.LOAN_NAME STARTS_WITH xyz"),
        ("LOANS.LOAN_NAME EQUALS ab", "LOANS.LOAN_NAME STARTS_WITH abc"),
        (
            "LOANS.LOAN_NAME STARTS_WITH abc",
            "LOANS.LOAN_NAME STARTS_WITH xyz",
        ),
    ];
    for (a, b) in table {
        assert!(pair_contradicts(a, b), "{a} / {b}");
    }
}

#[test]
fn clauses_that_may_hold_together_are_left_alone() {
    let table = [
        (
            "TRANSACTION.AMOUNT MORE_THAN 10",
            "TRANSACTION.AMOUNT LESS_THAN 11",
        ),
        (
            "TRANSACTION.AMOUNT MORE_THAN_OR_EQUALS 10",
            "TRANSACTION.AMOUNT EQUALS 10.00",
        ),
        (
            "TRANSACTION.AMOUNT MORE_THAN 10",
            "LOANS.LOAN_AMOUNT LESS_THAN 10",
        ),
        ("LOANS.LOAN_NAME EQUALS Car", "LOANS.LOAN_NAME EQUALS car"),
        (
            "LOANS.CREATION_DATE AFTER 2026-01-10 08:00:00",
            "LOANS.CREATION_DATE ON 2026-01-10",
        ),
        (
            "LOANS.CREATION_DATE ON 2026-01-10",
            "LOANS.CREATION_DATE AFTER_INCLUSIVE 2026-01-10T23:30:00-08:00",
        ),
        ("CLIENT.GROUP_KEY EQUALS a", "CLIENT.GROUP_KEY EQUALS b"),
        ("LOANS.LOAN_NAME EMPTY", "LOANS.LOAN_NAME EMPTY"),
        (
            "TRANSACTION.AMOUNT EQUALS 10",
            "TRANSACTION.AMOUNT DIFFERENT_THAN 11",
        ),
        // As long as case counts.
        ("LOANS.LOAN_NAME EQUALS Car", "LOANS.LOAN_NAME DIFFERENT_THAN car"),
        (
            "LOANS.ACCOUNT_STATE IN ACTIVE|CLOSED",
            "LOANS.ACCOUNT_STATE DIFFERENT_THAN ACTIVE",
        ),
        // As long as it does not.
        ("LOANS.LOAN_NAME EQUALS abc", "LOANS.LOAN_NAME STARTS_WITH AB"),
        ("LOANS.LOAN_NAME EQUALS ΑΣΒ", "LOANS.LOAN_NAME STARTS_WITH ΑΣ"),
        (
            "LOANS.LOAN_NAME STARTS_WITH abc",
            "LOANS.LOAN_NAME STARTS_WITH AB",
        ),
    ];
    for (a, b) in table {
        assert!(!pair_contradicts(a, b), "{a} / {b}");
    }
}

#[test]
fn under_match_any_nothing_contradicts() {
    let any = conditions(
        Linking::Any,
        &["LOANS.LOAN_NAME EMPTY", "LOANS.LOAN_NAME NOT_EMPTY"],
    );
    assert!(contradictions(&any).is_empty());
}
