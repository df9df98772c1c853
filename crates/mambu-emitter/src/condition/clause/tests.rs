use super::*;

fn api(entity: &str, field: &str, operator: &str, value: &str) -> ApiClause {
    ApiClause {
        data_field_type: Some("NATIVE".into()),
        data_field_entity_type: Some(entity.into()),
        data_field_value: Some(field.into()),
        filter_element: Some(operator.into()),
        value: Some(value.into()),
        ..ApiClause::default()
    }
}

fn screen(field: &str, operator: &str, value: &str) -> ScreenClause {
    ScreenClause {
        field: Some(field.into()),
        is: Some(operator.into()),
        value: Some(value.into()),
        ..ScreenClause::default()
    }
}

fn custom(id: &str) -> ApiClause {
    ApiClause {
        data_field_type: Some("CUSTOM".into()),
        data_field_entity_type: Some("LOANS".into()),
        custom_field_id: Some(id.into()),
        filter_element: Some("NOT_EMPTY".into()),
        ..ApiClause::default()
    }
}

/// Pointer, problem and hint of each mistake.
fn wrong(clause: Result<Clause, Vec<Mistake>>) -> Vec<String> {
    let say = |mistake: Mistake| {
        let hint = mistake.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}: {}{hint}", mistake.pointer, mistake.problem)
    };
    clause.unwrap_err().into_iter().map(say).collect()
}

#[test]
fn both_forms_give_the_same_clause() {
    let from_api = Clause::from_api(&api("TRANSACTION", "AMOUNT", "MORE_THAN", "1000")).unwrap();
    let from_screen = Clause::from_screen(&screen("TRANSACTION.AMOUNT", "MORE_THAN", "1000")).unwrap();
    assert_eq!(from_api, from_screen);
    assert_eq!(from_api.data_type, DataType::Money);
    assert_eq!(from_api.to_string(), "TRANSACTION.AMOUNT MORE_THAN 1000");
}

#[test]
fn the_type_in_a_clause_is_kept_for_the_check_to_judge() {
    let clause = ApiClause {
        data_type: Some("STRING".into()),
        ..api("LOANS", "LOAN_AMOUNT", "EQUALS", "1")
    };
    assert_eq!(Clause::from_api(&clause).unwrap().data_type, DataType::String);
}

#[test]
fn a_clause_is_shown_as_on_the_screen() {
    let between = ApiClause {
        second_value: Some("20".into()),
        ..api("LOANS", "DAYS_LATE", "BETWEEN", "10")
    };
    let list = ScreenClause {
        value: None,
        values: vec!["CLOSED".to_owned(), "CLOSED_REJECTED".to_owned()],
        ..screen("LOANS.ACCOUNT_STATE", "IN", "")
    };
    let shown = [
        Clause::from_api(&between),
        Clause::from_screen(&list),
        Clause::from_api(&custom("RISK")),
    ];
    assert_eq!(
        shown.map(|clause| clause.unwrap().to_string()),
        [
            "LOANS.DAYS_LATE BETWEEN 10 and 20",
            "LOANS.ACCOUNT_STATE IN CLOSED, CLOSED_REJECTED",
            "CF:LOAN:RISK NOT_EMPTY",
        ]
    );
}

#[test]
fn a_list_may_stand_in_one_value_with_commas() {
    let clause = Clause::from_api(&api("LOANS", "ACCOUNT_STATE", "IN", "CLOSED, ACTIVE,")).unwrap();
    assert_eq!(clause.values, ["CLOSED", "ACTIVE"]);
    let name = Clause::from_api(&api("CLIENT", "FULL_NAME", "EQUALS", "Lovelace, Ada")).unwrap();
    assert_eq!(name.values, ["Lovelace, Ada"]);
}

#[test]
fn empty_members_of_mambus_own_answers_count_as_absent() {
    let clause = ApiClause {
        second_value: Some(String::new()),
        data_type: Some(String::new()),
        custom_field_id: Some(String::new()),
        ..api("LOANS", "ACCOUNT_STATE", "NOT_EMPTY", "")
    };
    assert!(Clause::from_api(&clause).unwrap().values.is_empty());
}

#[test]
fn a_custom_field_is_named_in_four_ways() {
    let table = [
        ("CF:RISK", "CF:RISK"),
        ("CF:LOAN:RISK", "CF:LOAN:RISK"),
        ("CF:LOANS:RISK", "CF:LOAN:RISK"),
        ("CF:CLIENT:EXTERNAL ID:2", "CF:CLIENT:EXTERNAL ID:2"),
    ];
    for (field, shown) in table {
        let clause = Clause::from_screen(&screen(field, "EQUALS", "x")).unwrap();
        assert_eq!(clause.field.to_string(), shown);
    }
    let grouped = ApiClause {
        group_number: Some("2".into()),
        ..custom("RISK")
    };
    assert_eq!(
        Clause::from_api(&grouped).unwrap().field.to_string(),
        "CF:LOAN:RISK:2"
    );
}

#[test]
fn the_operator_tells_the_type_of_a_custom_field() {
    let table = [
        ("EQUALS", "5", DataType::String),
        ("MORE_THAN", "5", DataType::Number),
        ("ON", "2026-01-31", DataType::DateTime),
        ("LAST_DAYS", "5", DataType::DateTime),
        ("IN", "a,b", DataType::Enum),
        ("STARTS_WITH", "a", DataType::String),
        ("NOT_EMPTY", "", DataType::String),
    ];
    for (operator, value, data_type) in table {
        let clause = Clause::from_screen(&screen("CF:LOAN:X", operator, value)).unwrap();
        assert_eq!(clause.data_type, data_type, "{operator}");
    }
    let between = |from: &str, to: &str| ScreenClause {
        second_value: Some(to.into()),
        ..screen("CF:LOAN:X", "BETWEEN", from)
    };
    let type_of = |clause: ScreenClause| Clause::from_screen(&clause).unwrap().data_type;
    assert_eq!(type_of(between("1", "2.5")), DataType::Number);
    assert_eq!(type_of(between("2026-01-01", "2026-01-31")), DataType::DateTime);
}

#[test]
fn a_field_that_no_list_has_is_taken_with_a_type_only() {
    let table = [
        (
            "BRANCH.NAME",
            "/dataType: the type of `BRANCH.NAME` is not known (no fields of this entity are documented: \
             give the data type here and the value under `values:`)",
        ),
        (
            "LOANS.LOANAMOUNT",
            "/dataFieldValue: there is no field `LOANAMOUNT` of LOANS (did you mean `LOAN_AMOUNT`?)",
        ),
    ];
    for (field, problem) in table {
        let clause = screen(field, "EQUALS", "x");
        assert_eq!(wrong(Clause::from_screen(&clause)), [problem]);
        let typed = ScreenClause {
            data_type: Some("STRING".into()),
            ..clause
        };
        assert!(Clause::from_screen(&typed).unwrap().field.is_unmapped());
    }
}

#[test]
fn every_misspelt_name_is_reported_at_its_place() {
    let clause = ApiClause {
        data_type: Some("STRNG".into()),
        ..api("LOAN", "ACCOUNT_STATE", "EQUAL", "x")
    };
    assert_eq!(
        wrong(Clause::from_api(&clause)),
        [
            "/dataFieldEntityType: there is no entity `LOAN` (did you mean `LOANS`?)",
            "/filterElement: there is no operator `EQUAL` (did you mean `EQUALS`?)",
            "/dataType: there is no data type `STRNG` (did you mean `STRING`?)",
        ]
    );
}

#[test]
fn what_is_missing_is_reported_at_its_place() {
    let nothing = ["/dataFieldValue", "/dataFieldEntityType", "/filterElement"];
    let pointers = |clause: Result<Clause, Vec<Mistake>>| -> Vec<String> {
        clause
            .unwrap_err()
            .into_iter()
            .map(|mistake| mistake.pointer)
            .collect()
    };
    assert_eq!(pointers(Clause::from_api(&ApiClause::default())), nothing);
    assert_eq!(
        pointers(Clause::from_screen(&ScreenClause::default())),
        ["/dataFieldValue", "/filterElement"]
    );
    assert_eq!(pointers(Clause::from_api(&custom(""))), ["/customFieldId"]);
}

#[test]
fn what_cannot_be_a_custom_field_is_reported() {
    let journal = ApiClause {
        data_field_entity_type: Some("JOURNAL_ENTRY".into()),
        ..custom("X")
    };
    let group = ApiClause {
        group_number: Some("first".into()),
        ..custom("X")
    };
    let kind = ApiClause {
        data_field_type: Some("CUSTOM_FIELD".into()),
        ..custom("X")
    };
    let table = [
        (
            Clause::from_api(&journal),
            "/dataFieldEntityType: JOURNAL_ENTRY has no custom fields",
        ),
        (
            Clause::from_api(&group),
            "/groupNumber: `first` is not the number of a group's entry",
        ),
        (
            Clause::from_api(&kind),
            "/dataFieldType: there is no kind of field `CUSTOM_FIELD` (did you mean `CUSTOM`?)",
        ),
        (
            Clause::from_screen(&screen("CF:LON:X", "EQUALS", "1")),
            "/dataFieldEntityType: there is no entity with custom fields `LON` (did you mean `LOAN`?)",
        ),
        (
            Clause::from_screen(&screen("CF:", "EQUALS", "1")),
            "/customFieldId: `CF:` is not a custom field \
             (write it like `CF:LOAN:RISK`, in a grouped set like `CF:CLIENT:PHONE:1`)",
        ),
        (
            Clause::from_screen(&screen("AMOUNT", "EQUALS", "1")),
            "/dataFieldValue: `AMOUNT` does not say whose field it is \
             (write it like `TRANSACTION.AMOUNT`, a custom field like `CF:LOAN:RISK`)",
        ),
    ];
    for (clause, problem) in table {
        assert_eq!(wrong(clause), [problem]);
    }
}

#[test]
fn every_member_that_readers_point_to_has_one_of_the_screen_form() {
    let table = [
        ("dataFieldEntityType", "field"),
        ("customFieldId", "field"),
        ("filterElement", "is"),
        ("dataType", "type"),
        ("secondValue", "second_value"),
        ("values", "values"),
    ];
    for (api, screen) in table {
        assert_eq!(screen_member(api), screen);
    }
}
