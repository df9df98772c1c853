use std::collections::BTreeMap;

use super::super::testing::{clause, conditions, scene, scene_with, typed};
use super::*;
use crate::condition::{DataType, Operator};
use crate::scene::Role;
use crate::value::Value;

fn outcome(linking: Linking, clauses: &[&str], scene: &Scene) -> Outcome {
    evaluate(&conditions(linking, clauses), scene, &Profile::default())
}

fn single(clause: Clause, scene: &Scene) -> ClauseOutcome {
    let conditions = Conditions {
        linking: Linking::All,
        clauses: vec![clause],
    };
    evaluate(&conditions, scene, &Profile::default())
        .clauses
        .remove(0)
}

/// A repayment of 250.00 on an active loan.
fn repayment() -> Scene {
    let mut loan = Value::default();
    loan.set("accountState", Value::text("ACTIVE"));
    loan.set("loanName", Value::text(""));
    for (balance, amount) in [
        ("principalDue", "200"),
        ("interestDue", "45.50"),
        ("feesDue", "5"),
    ] {
        loan.set(&format!("balances.{balance}"), Value::number(amount).unwrap());
    }
    let mut transaction = Value::default();
    transaction.set("amount", Value::number("250.00").unwrap());
    scene()
        .with(Role::Loan, loan)
        .with(Role::Transaction, transaction)
}

const AMOUNT: &str = "TRANSACTION.AMOUNT MORE_THAN 1000";
const STATE: &str = "LOANS.ACCOUNT_STATE EQUALS ACTIVE";
const DUE: &str = "LOANS.TOTAL_DUE BETWEEN 250.50|250.50";

#[test]
fn no_conditions_always_hold() {
    for linking in [Linking::All, Linking::Any] {
        let outcome = outcome(linking, &[], &scene());
        assert!(outcome.holds);
        assert_eq!(outcome.decided_by, None);
    }
}

#[test]
fn under_match_all_the_first_false_clause_decides_and_the_others_are_still_told() {
    let outcome = outcome(Linking::All, &[STATE, AMOUNT, DUE], &repayment());
    assert!(!outcome.holds);
    assert_eq!(outcome.decided_by, Some(1));
    let told: Vec<(bool, Option<&str>)> = outcome
        .clauses
        .iter()
        .map(|clause| (clause.holds, clause.saw.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (true, Some("ACTIVE")),
            (false, Some("250.00")),
            (true, Some("250.50"))
        ]
    );
}

#[test]
fn under_match_any_the_first_true_clause_decides() {
    let outcome = outcome(Linking::Any, &[AMOUNT, DUE, STATE], &repayment());
    assert!(outcome.holds);
    assert_eq!(outcome.decided_by, Some(1));
    assert_eq!(
        outcome.decider().map(|clause| clause.clause.as_str()),
        Some("LOANS.TOTAL_DUE BETWEEN 250.50 and 250.50")
    );
}

#[test]
fn nobody_decides_when_all_hold_or_none_does() {
    assert_eq!(
        outcome(Linking::All, &[STATE, DUE], &repayment()).decided_by,
        None
    );
    let none = outcome(Linking::Any, &[AMOUNT, AMOUNT], &repayment());
    assert_eq!((none.holds, none.decided_by), (false, None));
}

#[test]
fn without_a_value_only_empty_holds() {
    for operator in Operator::ALL {
        let data_type = operator.accepts()[0];
        let values = match operator.arity() {
            crate::condition::Arity::None => &[] as &[&str],
            crate::condition::Arity::Two => &["1", "2"],
            _ => &["1"],
        };
        for nothing in [Value::Null, Value::text(""), Value::List(vec![])] {
            let outcome = single(typed(*operator, data_type, values), &scene_with(nothing));
            assert_eq!(outcome.holds, *operator == Operator::Empty, "{operator}");
            assert_eq!(outcome.saw, None);
        }
    }
}

#[test]
fn a_value_makes_not_empty_true_whatever_it_is() {
    for data_type in Operator::NotEmpty.accepts() {
        let scene = scene_with(Value::text("?"));
        assert!(single(typed(Operator::NotEmpty, *data_type, &[]), &scene).holds);
        assert!(!single(typed(Operator::Empty, *data_type, &[]), &scene).holds);
    }
}

#[test]
fn an_empty_text_is_no_value() {
    assert!(single(clause("LOANS.LOAN_NAME EMPTY"), &repayment()).holds);
}

#[test]
fn a_missing_entity_is_said_and_gives_no_value_not_even_a_false_one() {
    for text in [
        "SAVINGS.BALANCE MORE_THAN 0",
        "SAVINGS_TRANSACTION.WAS_REVERSED EQUALS false",
    ] {
        let outcome = single(clause(text), &repayment());
        assert!(!outcome.holds);
        assert_eq!(outcome.note.as_deref(), Some("LOAN_REPAYMENT has no deposit"));
    }
    let reversed = single(clause("LOAN_TRANSACTION.WAS_REVERSED EQUALS false"), &repayment());
    assert!(reversed.holds);
    assert_eq!(reversed.saw.as_deref(), Some("false"));
}

#[test]
fn what_the_fixture_gives_wins() {
    let given = |name: &str, value: &str| {
        repayment().with_given(BTreeMap::from([(name.to_owned(), Value::text(value))]))
    };
    let holds = |text: &str, scene: Scene| single(clause(text), &scene).holds;
    assert!(holds(AMOUNT, given("TRANSACTION.AMOUNT", "2000")));
    assert!(holds(
        "LOAN_TRANSACTION.AMOUNT MORE_THAN 1000",
        given("TRANSACTION.AMOUNT", "2000")
    ));
    assert!(holds("LOANS.TAX_RATE EQUALS 7", given("LOANS.TAX_RATE", "7.0")));
    assert!(holds("CF:LOAN:RISK EQUALS high", given("CF:LOAN:RISK", "HIGH")));
    assert!(holds(
        "CF:BRANCH:REGION EQUALS north",
        given("CF:BRANCH:REGION", "north")
    ));
}

#[test]
fn a_custom_field_is_found_in_its_entity() {
    let scene = scene_with(Value::text("high"));
    let outcome = single(clause("CF:LOAN:X EQUALS HIGH"), &scene);
    assert!(outcome.holds);
    assert_eq!(outcome.saw.as_deref(), Some("high"));
    assert!(!single(clause("CF:CLIENT:X EQUALS HIGH"), &scene).holds);
}

#[test]
fn a_clause_that_makes_no_sense_is_false_and_says_why() {
    let scene = scene_with(Value::text("high"));
    let table = [
        (
            typed(Operator::MoreThan, DataType::String, &["1"]),
            "MORE_THAN does not go with STRING",
        ),
        (
            typed(Operator::Between, DataType::Money, &["1"]),
            "BETWEEN takes two values",
        ),
        (
            typed(Operator::MoreThan, DataType::Money, &["1"]),
            "`high` is not a number",
        ),
    ];
    for (clause, note) in table {
        let outcome = single(clause, &scene);
        assert!(!outcome.holds);
        assert_eq!(outcome.saw.as_deref(), Some("high"));
        assert_eq!(outcome.note.as_deref(), Some(note));
    }
}
