use super::super::testing::{clause, conditions, typed};
use super::*;
use crate::template::Linking;

fn said(clauses: Vec<Clause>, event: Event) -> Vec<String> {
    let conditions = Conditions {
        linking: Linking::All,
        clauses,
    };
    let say = |mistake: Mistake| {
        let mark = if mistake.is_warning { "warning " } else { "" };
        let hint = mistake.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        let pointer = mistake
            .pointer
            .strip_prefix("/filterConstraints")
            .unwrap()
            .to_owned();
        format!("{mark}{pointer}: {}{hint}", mistake.problem)
    };
    check(&conditions, event).into_iter().map(say).collect()
}

fn said_of(text: &str) -> Vec<String> {
    said(vec![clause(text)], Event::LoanRepayment)
}

#[test]
fn good_clauses_are_passed_over() {
    let good = [
        "TRANSACTION.AMOUNT MORE_THAN 1000",
        "LOANS.CREATION_DATE BETWEEN 2026-01-01|2026-01-31 23:59:59",
        "LOANS.CREATION_DATE BETWEEN 2026-01-31 10:00:00|2026-01-31",
        "LOANS.ACCOUNT_STATE IN ACTIVE|ACTIVE_IN_ARREARS",
        "TRANSACTION.VALUE_DATE LAST_DAYS 7",
        "TRANSACTION.WAS_REVERSED EQUALS false",
        "CLIENT.GENDER NOT_EMPTY",
        "CF:LOAN:RISK NOT_EMPTY",
        "CF:RISK NOT_EMPTY",
    ];
    for text in good {
        assert_eq!(said_of(text), [""; 0], "{text}");
    }
}

#[test]
fn an_operator_that_does_not_take_the_type_is_a_mistake() {
    assert_eq!(
        said_of("TRANSACTION.WAS_REVERSED EMPTY"),
        [
            "/0/filterElement: EMPTY does not go with BOOLEAN (these do: EQUALS, EQUALS_CASE_SENSITIVE, DIFFERENT_THAN)"
        ]
    );
    assert_eq!(said_of("TRANSACTION.TRANSACTION_ID MORE_THAN 1").len(), 1);
    let object = said(
        vec![typed(Operator::Equals, DataType::Object, &["x"])],
        Event::LoanRepayment,
    );
    assert_eq!(
        object,
        ["/0/filterElement: EQUALS does not go with OBJECT (no operator does)"]
    );
}

#[test]
fn a_wrong_number_of_values_is_a_mistake() {
    let table = [
        (
            typed(Operator::Between, DataType::Money, &["1"]),
            "/0/secondValue: BETWEEN takes two values, not 1 (from where to where: give both ends)",
        ),
        (
            typed(Operator::Today, DataType::Date, &["x"]),
            "/0/value: TODAY takes no value, not 1 (leave out what is too much)",
        ),
        (
            typed(Operator::In, DataType::Enum, &[]),
            "/0/value: IN takes a list of values, not 0 (name at least one)",
        ),
        (
            typed(Operator::Equals, DataType::Money, &["1", "2"]),
            "/0/secondValue: EQUALS takes one value, not 2 (leave out what is too much)",
        ),
        (
            typed(Operator::Equals, DataType::String, &[]),
            "/0/value: EQUALS takes one value, not 0 (to ask whether there is no value, use EMPTY)",
        ),
    ];
    for (clause, problem) in table {
        assert_eq!(said(vec![clause], Event::LoanRepayment), [problem]);
    }
}

#[test]
fn a_value_that_is_not_of_the_type_is_a_mistake() {
    let table = [
        (
            "TRANSACTION.AMOUNT MORE_THAN 1,000",
            "/0/value: `1,000` is not a number (digits with a point, no grouping: 1234.50)",
        ),
        (
            "TRANSACTION.AMOUNT BETWEEN 1|x",
            "/0/secondValue: `x` is not a number (digits with a point, no grouping: 1234.50)",
        ),
        (
            "TRANSACTION.TRANSACTION_ID EQUALS 1.5",
            "/0/value: `1.5` is not a whole number (LONG has no decimals)",
        ),
        (
            "TRANSACTION.VALUE_DATE AFTER 31.01.2026",
            "/0/value: `31.01.2026` is not a date (write it like 2026-01-31 or 2026-01-31 10:00:00)",
        ),
        (
            "TRANSACTION.VALUE_DATE LAST_DAYS week",
            "/0/value: `week` is not a number of days (a whole number: 7)",
        ),
        (
            "TRANSACTION.WAS_REVERSED EQUALS yes",
            "/0/value: `yes` is not true or false (write true or false)",
        ),
    ];
    for (text, problem) in table {
        assert_eq!(said_of(text), [problem]);
    }
}

#[test]
fn reversed_ends_are_warned_of() {
    assert_eq!(
        said_of("TRANSACTION.AMOUNT BETWEEN 20|10"),
        [
            "warning /0/secondValue: `TRANSACTION.AMOUNT BETWEEN 20 and 10` never holds: the first value is the greater one \
          (swap the two values)"
        ]
    );
    assert_eq!(
        said_of("TRANSACTION.VALUE_DATE BETWEEN 2026-02-01|2026-01-31").len(),
        1
    );
    assert_eq!(said_of("TRANSACTION.AMOUNT BETWEEN 10|10.00"), [""; 0]);
}

#[test]
fn an_unknown_word_is_warned_of() {
    let table = [
        (
            "LOANS.ACCOUNT_STATE EQUALS ACTVE",
            "warning /0/value: `ACTVE` is not among the known values of `LOANS.ACCOUNT_STATE` \
             (a wrong word never matches; did you mean `ACTIVE`?)",
        ),
        (
            "LOANS.ACCOUNT_STATE IN ACTIVE|DEAD",
            "warning /0/value/1: `DEAD` is not among the known values of `LOANS.ACCOUNT_STATE` \
             (a wrong word never matches; known: PARTIAL_APPLICATION, PENDING_APPROVAL, APPROVED, ACTIVE, ACTIVE_IN_ARREARS, CLOSED, CLOSED_WRITTEN_OFF, CLOSED_REJECTED)",
        ),
        (
            "TRANSACTION.EVENT EQUALS LOAN_REPAID",
            "warning /0/value: `LOAN_REPAID` is not among the known values of `TRANSACTION.EVENT` (the list is not complete) \
             (a wrong word never matches; compare it with Mambu's own list)",
        ),
    ];
    for (text, problem) in table {
        assert_eq!(said_of(text), [problem]);
    }
    let activity = clause("ACTIVITY.EVENT EQUALS LOAN_ACCOUNT_DISBURSED");
    assert_eq!(said(vec![activity], Event::LoanAccountActivity), [""; 0]);
}

#[test]
fn a_field_of_an_entity_that_the_event_cannot_have_is_warned_of() {
    let table = [
        ("SAVINGS.BALANCE MORE_THAN 1", Event::LoanRepayment, "deposit"),
        ("LOANS.LOAN_AMOUNT MORE_THAN 1", Event::ClientCreated, "loan"),
        (
            "SAVINGS_TRANSACTION.AMOUNT MORE_THAN 1",
            Event::LoanRepayment,
            "deposit",
        ),
        (
            "ACTIVITY.EVENT EQUALS CLIENT_CREATED",
            Event::ClientCreated,
            "activity",
        ),
        ("CLIENT.ID EQUALS 1", Event::EndOfDayProcessingCompleted, "client"),
        (
            "LINE_OF_CREDIT.ID EQUALS 1",
            Event::GroupCreated,
            "credit arrangement",
        ),
    ];
    for (text, event, word) in table {
        let clause = clause(text);
        let problem = format!(
            "warning /0/dataFieldEntityType: `{}` never has a value here: {event} has no {word} \
             (the clause never holds (EMPTY always does); take a field of what the event is about)",
            clause.field
        );
        assert_eq!(said(vec![clause], event), [problem]);
    }
    let custom = said(vec![clause("CF:SAVINGS:X NOT_EMPTY")], Event::LoanRepayment);
    assert_eq!(custom.len(), 1);
}

#[test]
fn a_type_that_contradicts_the_field_is_a_mistake_and_a_near_one_a_warning() {
    let mut as_text = clause("TRANSACTION.AMOUNT EQUALS 1");
    as_text.data_type = DataType::String;
    let mut as_number = as_text.clone();
    as_number.data_type = DataType::Number;
    assert_eq!(
        said(vec![as_text, as_number], Event::LoanRepayment),
        [
            "/0/dataType: `TRANSACTION.AMOUNT` is of type MONEY, not STRING (write MONEY)",
            "warning /1/dataType: `TRANSACTION.AMOUNT` is of type MONEY, not NUMBER (write MONEY)",
        ]
    );
}

#[test]
fn a_field_that_no_list_has_is_warned_of_and_needed() {
    let mut newer = clause("LOANS.LOAN_NAME EQUALS x");
    newer.field = Field::native(super::super::Entity::Loans, "LOAN_NAMES");
    let conditions = Conditions {
        linking: Linking::All,
        clauses: vec![newer.clone()],
    };
    assert_eq!(
        said(vec![newer], Event::LoanRepayment),
        [
            "warning /0/dataFieldValue: `LOAN_NAMES` is not among the known fields of LOANS (did you mean `LOAN_NAME`?)"
        ]
    );
    let needed = needed(&conditions);
    assert_eq!(
        needed,
        [(
            "LOANS.LOAN_NAMES".to_owned(),
            "/filterConstraints/0/dataFieldValue".to_owned()
        )]
    );
}

#[test]
fn only_names_that_nothing_feeds_are_needed() {
    let clauses = [
        "LOANS.TAX_RATE EQUALS 1",
        "LOANS.LOAN_AMOUNT EQUALS 1",
        "CF:BRANCH:X EMPTY",
        "CF:LOAN:X EMPTY",
    ];
    let names: Vec<String> = needed(&conditions(Linking::Any, &clauses))
        .into_iter()
        .map(|(name, at)| format!("{name} at {at}"))
        .collect();
    assert_eq!(
        names,
        [
            "LOANS.TAX_RATE at /filterConstraints/0/dataFieldValue",
            "CF:BRANCH:X at /filterConstraints/2/customFieldId",
        ]
    );
}
